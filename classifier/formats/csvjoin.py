"""Cells joined to CSV records, all rows at once; arrays of records are large binary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import flags, numbers, slices, strings, text
from classifier.formats.records import Records, cut

__all__ = ["joined", "rebuilt", "replaced", "tagged"]

Column: TypeAlias = pa.Array | pa.ChunkedArray


def joined(columns: Sequence[Column], delimiter: str) -> pa.Array:
    """The cells of each row joined by the delimiter, quoted where they must be.

    Examples
    --------
    >>> joined([strings(["a", "b"]), strings(["1,2", "x"])], ",").to_pylist()
    [b'a,"1,2"', b'b,x']
    """
    return _join([_quoted(_whole(column), delimiter) for column in columns], delimiter.encode())


def tagged(
    records: Records, filled: NDArray[np.bool_], columns: Sequence[Column], delimiter: str
) -> tuple[memoryview, bytes]:
    """Records, each that is ``filled`` with its row of ``columns`` before its line end.

    In two pieces, to spare a copy: the last line end is the second one.
    """
    begin = strings([""]).take(numbers(np.zeros(int(filled.sum()), np.int64)))
    cells = _spread(joined([begin, *columns], delimiter), filled)
    # A piece goes from the end of one record's body to that of the next.
    edges = np.concatenate([[0], records.bodies])
    joint = _join([slices(records.content, edges), cells], b"")
    return _content(joint), records.content[edges[-1] :]


def rebuilt(records: Records, rows: pa.Array, delimiter: str) -> Records:
    """Records with other bodies for its filled ones, and the same line ends."""
    edges = np.zeros(2 * len(records.ends) + 1, np.int64)
    edges[1::2], edges[2::2] = records.bodies, records.ends
    line_ends = slices(records.content, edges).take(numbers(np.arange(1, len(edges), 2)))
    whole = _join([_spread(rows, records.filled), line_ends], b"")
    content = bytes(_content(whole))
    ends = np.cumsum(np.diff(_offsets(whole)))
    return replace(cut(content, delimiter, last=True), ends=ends)


def replaced(rows: pa.Array, others: Mapping[int, bytes]) -> pa.Array:
    """Rows with others in their place, by number."""
    where = np.zeros(len(rows), bool)
    where[list(others)] = True
    contents = [others[row] for row in sorted(others)]
    edges = np.concatenate([[0], np.cumsum([len(content) for content in contents])])
    return pc.replace_with_mask(rows, flags(where), slices(b"".join(contents), edges))


def _join(columns: Sequence[pa.Array], separator: bytes) -> pa.Array:
    """Large binary columns joined row by row."""
    return pc.binary_join_element_wise(*columns, _binary(separator))


def _binary(content: bytes) -> pa.LargeBinaryScalar:
    return strings([content.decode()]).cast(pa.large_binary())[0]


def _spread(rows: pa.Array, filled: NDArray[np.bool_]) -> pa.Array:
    """Rows at their places among all records, nothing at the others."""
    if filled.all():
        return rows
    places = numbers(np.maximum(np.cumsum(filled) - 1, 0), filled)
    return pc.coalesce(rows.take(places), _binary(b""))


def _whole(column: Column) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _quoted(cells: pa.Array, delimiter: str) -> pa.Array:
    """Cells as large binary, between quotes where they hold a delimiter, quote or line end."""
    content = bytes(_content(cells.cast(pa.large_binary())))
    if any(character in content for character in (b'"', b"\r", b"\n", delimiter.encode())):
        special = pc.match_substring_regex(cells, f'["\\r\\n\\x{ord(delimiter):02x}]')
        quote, doubled = text('"'), pc.replace_substring(cells, '"', '""')
        cells = pc.if_else(
            special, pc.binary_join_element_wise(quote, doubled, quote, text("")), cells
        )
    return cells.cast(pa.large_binary())


def _offsets(rows: pa.Array) -> NDArray[np.int64]:
    return np.frombuffer(rows.buffers()[1], np.int64)[rows.offset : rows.offset + len(rows) + 1]


def _content(rows: pa.Array) -> memoryview:
    """The bytes of all rows, one after the other."""
    data = rows.buffers()[2]
    if data is None or not len(rows):
        return memoryview(b"")
    offsets = _offsets(rows)
    return memoryview(data)[offsets[0] : offsets[-1]]
