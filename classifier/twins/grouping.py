"""Duplicates over all exports of one command: their text and places are read before tagging."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import numbers, strings, text
from classifier.errors import UsulanError
from classifier.formats.columns import source_columns, text_columns
from classifier.formats.roles import matches, plain
from classifier.formats.sources import Chunk, Rows
from classifier.model import Model
from classifier.tables import open_table
from classifier.twins.duplicates import duplicate_groups

__all__ = ["MOST", "digest", "group_cells", "group_exports", "group_rows"]

MOST = 50_000
"""Rows in all exports up to which duplicates are searched unless the user says otherwise: more
than a province proposes in a year. The search takes longer than the tagging."""

_COLUMNS = ("usulan", "masalah", "alamat", "kelurahan", "kecamatan")
_BLANK = pa.table({name: strings([]) for name in _COLUMNS})
_BETWEEN = " ; "
_LEADS = {"rtrw": "rt rw ", "rw": "rw ", "rt": "rt "}
"""What is put before the cells of a column that holds no more than a number."""


@dataclass(frozen=True)
class _Read:
    """Numbers of the columns of an export that hold its text and its places."""

    texts: list[int]
    address: list[int]
    parts: dict[int, str]
    area: int | None
    district: int | None

    @property
    def all(self) -> list[int]:
        """Every column, each once."""
        ends = [number for number in (self.area, self.district) if number is not None]
        return sorted({*self.texts, *self.address, *self.parts, *ends})


def group_exports(
    paths: Sequence[str | Path],
    model: Model,
    text: Sequence[str] = (),
    *,
    id_column: str | None = None,
    sheet: str | None = None,
    keep_bad: bool = False,
    most: int | None = MOST,
) -> list[NDArray[np.int64]] | None:
    """Groups of rows that ask for the same thing, within and across exports.

    Parameters
    ----------
    paths
        The exports. One that cannot be read has no rows here; tagging it tells why.
    model
        What knows the words.
    text, id_column, sheet, keep_bad
        As for :func:`~classifier.tagging.tag_file`.
    most
        Rows in all up to which there is a search; None for no limit.

    Returns
    -------
    list of ndarray of int64
        Number of its group for each row of each export, 0 without a twin; see
        :func:`~classifier.twins.duplicates.duplicate_groups`. None where there are more rows.
    """
    parts: list[pa.Table] = [_BLANK]
    rows = [0] * len(paths)
    for number, path in enumerate(paths):
        try:
            source = open_table(path, sheet, keep_bad=keep_bad)
            for table in _tables(source, text, id_column):
                parts.append(table)
                rows[number] += table.num_rows
                if most is not None and sum(rows) > most:
                    return None
        except UsulanError:
            parts.append(_BLANK)
    return np.split(_groups(parts, model), np.cumsum(rows)[:-1])


def group_rows(source: Rows, model: Model, text: Sequence[str] = ()) -> NDArray[np.int64]:
    """Groups of the rows of one table, as :func:`group_exports` finds them; shape (n_rows,).

    Raises
    ------
    InputError
        No column of proposals is found.
    """
    return _groups([_BLANK, *_tables(source, text, None)], model)


def _groups(parts: Sequence[pa.Table], model: Model) -> NDArray[np.int64]:
    table = pa.concat_tables(parts)
    texts, places = [table["usulan"], table["masalah"]], [table["alamat"]]
    return duplicate_groups(texts, places, table["kelurahan"], table["kecamatan"], model)


def group_cells(groups: NDArray[np.int64] | None, first: int, rows: int) -> pa.Array:
    """Cells of ``tag_duplikat`` for some rows of an export: empty without a twin.

    Examples
    --------
    >>> group_cells(np.array([2, 0, 1]), 1, 2).to_pylist()
    ['', '1']
    """
    if groups is None:
        return strings([""] * rows)
    here = groups[first : first + rows]
    ids = numbers(here).cast(pa.string())
    return pc.if_else(pc.equal(ids, text("0")), text(""), ids)


def digest(groups: NDArray[np.int64] | None) -> str:
    """What tells the groups of an export from others; empty where there was no search."""
    return "" if groups is None else sha256(groups.tobytes()).hexdigest()


def _tables(source: Rows, text: Sequence[str], id_column: str | None) -> Iterator[pa.Table]:
    """Text and places of a table, some rows at a time."""
    read = _columns(source, text, id_column)
    for chunk in source.chunks(read.all):
        yield _table(chunk, read)


def _columns(source: Rows, named: Sequence[str], id_column: str | None) -> _Read:
    """Where text and places of an export stand."""
    texts = text_columns(source, named, id_column)
    roles = source_columns(source, text=named, id_column=id_column)
    parts = {
        number: _LEADS.get(plain(name), "kampung ")
        for number, name in enumerate(source.header)
        if number not in texts and any(match.role == "rt_rw" for match in matches(name))
    }
    address = [roles[role] for role in ("alamat",) if role in roles]
    return _Read(texts, address, parts, roles.get("kelurahan"), roles.get("kecamatan"))


def _table(chunk: Chunk, read: _Read) -> pa.Table:
    """The columns under one name in all exports; rows that are no proposals are blank."""
    cells, blank = chunk.cells, strings([""] * chunk.cells.num_rows)

    def column(number: int | None) -> pa.Array:
        return blank if number is None else pc.fill_null(_one(cells[str(number)]), text(""))

    work, *others = [column(number) for number in read.texts]
    led = [
        pc.binary_join_element_wise(text(lead), column(number), text(""))
        for number, lead in read.parts.items()
    ]
    address = _joined([*(column(number) for number in read.address), *led], blank)
    columns = [work, _joined(others, blank), address, column(read.area), column(read.district)]
    if chunk.notes is not None:
        proposal = pc.is_null(chunk.notes)
        columns = [pc.if_else(proposal, cell, text("")) for cell in columns]
    return pa.table(columns, names=_COLUMNS)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _joined(columns: Sequence[pa.Array], blank: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*columns, text(_BETWEEN)) if columns else blank
