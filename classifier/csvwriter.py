"""Tagged CSV records: the bytes that were read, with our cells behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import flags, numbers, strings, text
from classifier.errors import InputError
from classifier.records import filled_records, line_end_lengths

__all__ = ["CsvChunk", "CsvWriter"]


@dataclass(frozen=True)
class CsvChunk:
    """Whole records of a file.

    Attributes
    ----------
    cells
        Columns asked for, as text, n_rows long.
    records
        The records' bytes as UTF-8, blank lines included.
    ends
        Offsets behind each record, int64.
    notes
        Why rows are no proposals, or None.
    """

    cells: pa.Table
    records: bytes
    ends: NDArray[np.int64]
    notes: pa.Array | None = None


class CsvWriter:
    """Writes chunks with further columns, in the dialect they were read in."""

    def __init__(
        self,
        stream: IO[bytes],
        encoding: str,
        delimiter: str,
        head: bytes,
        header: Sequence[str],
        added: Sequence[str],
    ) -> None:
        self._stream, self._encoding, self._delimiter = stream, encoding, delimiter
        kept = [number for number, name in enumerate(header) if name not in added]
        self.needs = kept if len(kept) < len(header) else []
        """Columns whose cells chunks must hold, because some of their neighbours are dropped."""
        self._write_header(head, [header[number] for number in self.needs], added)

    def _write_header(self, head: bytes, kept: Sequence[str], added: Sequence[str]) -> None:
        body = head.rstrip(b"\r\n")
        ending = head[len(body) :] or b"\n"
        if kept:
            body = self._joined([strings([name]) for name in kept])[0].as_py()
        names = self._joined([strings([name]) for name in added])[0].as_py()
        self._put(body + self._delimiter.encode() + names + ending)

    def write(self, chunk: CsvChunk, tags: pa.Table) -> None:
        """The chunk's records, each followed by its row of ``tags``; blank lines as they are.

        Raises
        ------
        InputError
            The parser saw other records than we did.
        """
        bodies, endings = _split(chunk.records, chunk.ends)
        filled = filled_records(chunk.records, chunk.ends)
        if filled.sum() != tags.num_rows:
            raise InputError(
                f"the input's quotes are ambiguous: {filled.sum()} records, {tags.num_rows} rows. "
                "Save it again as CSV from a spreadsheet; nothing was written."
            )
        rows = bodies.filter(flags(filled))
        if self.needs:
            rows = self._joined([chunk.cells[str(number)] for number in self.needs])
        tagged = _join([rows, self._joined(tags.columns)], self._delimiter.encode())
        if not filled.all():
            tagged = _spread(tagged, filled)
        self._put(_content(_join([tagged, endings], b"")))

    def _joined(self, columns: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Array:
        """Cells of each row joined by the delimiter, quoted where they must be."""
        cells = [_quoted(_whole(column), self._delimiter) for column in columns]
        return _join(cells, self._delimiter.encode())

    def _put(self, content: bytes | memoryview) -> None:
        if self._encoding != "utf-8":
            # Every cell came from this encoding; only a word of ours can be foreign to it.
            content = bytes(content).decode().encode(self._encoding, errors="replace")
        self._stream.write(content)


def _join(columns: Sequence[pa.Array], separator: bytes) -> pa.Array:
    """Large binary columns joined row by row."""
    return pc.binary_join_element_wise(*columns, _binary(separator))


def _binary(content: bytes) -> pa.LargeBinaryScalar:
    return strings([content.decode()]).cast(pa.large_binary())[0]


def _split(records: bytes, ends: NDArray[np.int64]) -> tuple[pa.Array, pa.Array]:
    """Each record's bytes without its line end, and the line ends; large binary."""
    offsets = np.zeros(2 * len(ends) + 1, np.int64)
    offsets[2::2] = ends
    offsets[1::2] = ends - line_end_lengths(records, ends)
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(records)]
    pieces = pa.Array.from_buffers(pa.large_binary(), 2 * len(ends), buffers)
    even = np.arange(0, 2 * len(ends), 2)
    return pieces.take(numbers(even)), pieces.take(numbers(even + 1))


def _spread(rows: pa.Array, filled: NDArray[np.bool_]) -> pa.Array:
    """Rows at their places among all records, nothing at the others."""
    place = np.where(filled, np.cumsum(filled) - 1, 0)
    return pc.coalesce(rows.take(numbers(place, filled)), _binary(b""))


def _whole(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _quoted(cells: pa.Array, delimiter: str) -> pa.Array:
    """Cells as large binary, between quotes where they hold a delimiter, quote or line end."""
    special = pc.match_substring_regex(cells, f'["\\r\\n\\x{ord(delimiter):02x}]')
    if pc.any(special, min_count=0).as_py():
        quote, doubled = text('"'), pc.replace_substring(cells, '"', '""')
        cells = pc.if_else(
            special, pc.binary_join_element_wise(quote, doubled, quote, text("")), cells
        )
    return cells.cast(pa.large_binary())


def _content(rows: pa.Array) -> memoryview:
    """The bytes of all rows, one after the other."""
    _, offsets, data = rows.buffers()
    if data is None or not len(rows):
        return memoryview(b"")
    bounds = np.frombuffer(offsets, np.int64)[rows.offset : rows.offset + len(rows) + 1]
    return memoryview(data)[bounds[0] : bounds[-1]]
