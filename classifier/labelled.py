"""Labelled proposals: the CSV that training and evaluation read."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import numbers
from classifier.errors import LabelError
from classifier.tables import read_columns, row_places
from classifier.taxonomy import Facet, Taxonomy

__all__ = [
    "SEPARATOR",
    "TEXT_COLUMNS",
    "Cells",
    "Labelled",
    "cell_labels",
    "indicator",
    "read_cells",
    "read_labelled",
]

TEXT_COLUMNS = ("usulan", "masalah")
SOURCE = "sumber"
"""The column that says where a row comes from."""

SEPARATOR = ";"
"""Between several labels in one cell."""


@dataclass(frozen=True)
class Labelled:
    """Proposals with their labels.

    Attributes
    ----------
    columns
        Text columns of equal length n_rows.
    labels
        Facet -> the labels of each row, main label first; n_rows long. Where a facet takes
        one label, a row without any says nothing of it; in the main facet each row has one.
    places
        ``file: row n`` of each row, for messages.
    sources
        Where each row comes from, by the column ``sumber``; empty without that column.
    sha256
        Digest of the files, in the order given.
    """

    columns: tuple[pa.ChunkedArray, ...]
    labels: Mapping[str, tuple[tuple[str, ...], ...]]
    places: tuple[str, ...]
    sha256: str
    sources: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.places)

    def take(self, rows: NDArray[np.integer]) -> Labelled:
        """Some of the rows, in the order of ``rows``."""
        picked = rows.tolist()
        return Labelled(
            tuple(column.take(numbers(rows.astype(np.int64))) for column in self.columns),
            {facet: tuple(every[row] for row in picked) for facet, every in self.labels.items()},
            tuple(self.places[row] for row in picked),
            self.sha256,
            tuple(self.sources[row] for row in picked) if self.sources else (),
        )

    def main(self, facet: str) -> NDArray[np.str_]:
        """Main label of each row, shape (n_rows,); empty where a row has none."""
        return np.array([labels[0] if labels else "" for labels in self.labels[facet]])


@dataclass(frozen=True)
class Cells:
    """Labelled tables one below the other, as they stand in the files.

    Attributes
    ----------
    table
        Text columns, label columns and further ones, by their names.
    facets
        Facet -> its column, for the facets that have one.
    places
        ``file: row n`` of each row.
    """

    table: pa.Table
    facets: Mapping[str, str]
    places: tuple[str, ...]


def read_labelled(
    paths: Sequence[str | Path],
    taxonomy: Taxonomy,
    text: Sequence[str] = TEXT_COLUMNS,
    label_columns: Mapping[str, str] | None = None,
    *,
    sheet: str | None = None,
) -> Labelled:
    """Read labelled tables, one below the other.

    Parameters
    ----------
    paths
        CSV files, workbooks, HTML tables or Parquet files.
    taxonomy
        Facets to look for and the labels allowed in each.
    text
        Text columns.
    label_columns
        Facet -> column, where a column is not called as its facet. A facet without a
        column is left out.
    sheet
        Sheet of the workbooks; the one with the proposals if left out.

    Raises
    ------
    InputError
        A file cannot be read or lacks a text column, or a label column that was named.
    LabelError
        A label is unknown or missing; the message names file and row.
    """
    cells = read_cells(paths, taxonomy, text, label_columns, sheet=sheet)
    table, columns, places = cells.table, cells.facets, cells.places
    labels = {
        f: _labels(taxonomy.facets[f], table[columns[f]].to_pylist(), places, needed=not k)
        for k, f in enumerate(columns)
    }
    sources = tuple(table[SOURCE].to_pylist()) if SOURCE in table.column_names else ()
    return Labelled(tuple(table[name] for name in text), labels, places, _sha256(paths), sources)


def read_cells(
    paths: Sequence[str | Path],
    taxonomy: Taxonomy,
    text: Sequence[str] = TEXT_COLUMNS,
    label_columns: Mapping[str, str] | None = None,
    *,
    sheet: str | None = None,
    further: Sequence[str] = (),
) -> Cells:
    """The cells that :func:`read_labelled` makes labels of, and ``further`` columns.

    Raises
    ------
    InputError, LabelError
        As there, but for labels, which are not looked at.
    """
    named = label_columns or {}
    for facet in named:
        if facet not in taxonomy.facets:
            raise LabelError(
                "--label {facet}={column}: no such facet; allowed: {allowed}.",
                facet=facet,
                column=named[facet],
                allowed=", ".join(taxonomy.facets),
            )
    columns = {facet: named.get(facet, facet) for facet in taxonomy.facets}
    wanted = [*text, *named.values(), *further]
    optional = [*columns.values(), SOURCE]
    read = [read_columns(path, wanted, optional, sheet=sheet) for path in paths]
    tables = [table for table, _ in read]
    there = [f for f, column in columns.items() if all(column in t.column_names for t in tables)]
    if not there:
        raise LabelError(
            "{path}: none of the label columns {columns} is there. Name yours with --label "
            "FACET=COLUMN.",
            path=paths[0],
            columns=", ".join(columns.values()),
        )
    wanted = [*text, *(columns[facet] for facet in there), *further]
    if all(SOURCE in t.column_names for t in tables):
        wanted.append(SOURCE)
    wanted = list(dict.fromkeys(wanted))
    table = pa.concat_tables([t.select(wanted) for t in tables])
    places = tuple(
        place
        for path, (_, rows) in zip(paths, read, strict=True)
        for place in row_places(path, rows)
    )
    if not places:
        raise LabelError(
            "{path}: holds no rows. Give a table with at least one labelled row.", path=paths[0]
        )
    return Cells(table, {facet: columns[facet] for facet in there}, places)


def indicator(labels: Sequence[str], rows: Sequence[tuple[str, ...]]) -> NDArray[np.bool_]:
    """Whether a row has a label, bool, shape (len(rows), len(labels)).

    Examples
    --------
    >>> indicator(["jalan", "pju"], [("pju",), ("pju", "jalan"), ()]).tolist()
    [[False, True], [True, True], [False, False]]
    """
    number = {label: k for k, label in enumerate(labels)}
    table = np.zeros((len(rows), len(labels)), bool)
    cells = [
        (row, number[label]) for row, names in enumerate(rows) for label in names if label in number
    ]
    table[tuple(np.array(cells, np.int64).reshape(-1, 2).T)] = True
    return table


def cell_labels(cell: str) -> tuple[str, ...]:
    """The labels in a cell, main label first.

    Examples
    --------
    >>> cell_labels("jalan; pju;")
    ('jalan', 'pju')
    """
    return tuple(part.strip() for part in cell.split(SEPARATOR) if part.strip())


def _labels(
    facet: Facet, cells: Sequence[str], places: Sequence[str], *, needed: bool
) -> tuple[tuple[str, ...], ...]:
    known: dict[str, tuple[str, ...]] = {}
    for cell, place in zip(cells, places, strict=True):
        if cell not in known:
            known[cell] = _checked_labels(facet, cell, place, needed=needed)
    return tuple(known[cell] for cell in cells)


def _checked_labels(facet: Facet, cell: str, place: str, *, needed: bool) -> tuple[str, ...]:
    labels = cell_labels(cell)
    for label in labels:
        if label not in facet.labels:
            raise LabelError(
                "{place}: {facet}: unknown label {label!r}; allowed: {allowed}. For labels of "
                "your own see --taxonomy and --no-taxonomy of usulan train.",
                place=place,
                facet=facet.name,
                label=label,
                allowed=", ".join(facet.labels),
            )
    if not labels and needed and not facet.banyak:
        raise LabelError(
            "{place}: {facet}: no label. Fill it in or remove the row.",
            place=place,
            facet=facet.name,
        )
    return labels


def _sha256(paths: Sequence[str | Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(Path(path).read_bytes())
    return total.hexdigest()
