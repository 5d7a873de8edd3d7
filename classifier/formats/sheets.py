"""Sheets held in memory: the one with the proposals, its header, its rows as text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from classifier.arrays import flags, strings
from classifier.errors import InputError
from classifier.formats.celltext import TagCollector, cell_text
from classifier.formats.columns import SAMPLE, TEXT_ROLES, find_columns
from classifier.formats.job import PLAIN, Options
from classifier.formats.layout import HEAD, Layout, find_layout, own_columns, row_notes
from classifier.formats.rewriting import rewritten
from classifier.formats.roles import matches

__all__ = ["Sheet", "SheetChunk", "SheetSource", "choose_sheet"]

ROWS = 50_000
"""Rows given at a time."""

_FEW = 3
_SUM = re.compile(r"\s*(jumlah|total|sub|grand)", re.IGNORECASE)


@dataclass(frozen=True)
class Sheet:
    """A sheet that can be read.

    Attributes
    ----------
    name
        Its name.
    read
        Gives its first rows, or all rows for None, from the top left; rows are equally
        long, blank cells are "".
    visible
        Whether a user sees it.
    """

    name: str
    read: Callable[[int | None], list[list[Any]]]
    visible: bool = True


@dataclass(frozen=True)
class SheetChunk:
    """Rows of a sheet: the columns asked for as text, and why rows are no proposals."""

    cells: pa.Table
    notes: pa.Array | None
    numbers: range


class SheetSource:
    """A sheet as a table; it comes back as CSV or .xlsx.

    Attributes
    ----------
    header
        Column names; a column without one has an empty name.
    sheet
        The sheet's name.
    others
        Names of further sheets that hold proposals, too.
    """

    ending = ".csv"
    writes: tuple[str, ...] = (".csv", ".xlsx")

    def __init__(self, path: Path, sheets: Sequence[Sheet], wanted: str | None) -> None:
        self.path = path
        chosen, self.others = choose_sheet(path, sheets, wanted)
        self.sheet, self.rows = chosen.name, chosen.read(None)
        self.layout = _layout(path, chosen.name, self.rows)
        self.header = [cell_text(value) for value in self.rows[self.layout.header]]

    def chunks(self, columns: Sequence[int]) -> Iterator[SheetChunk]:
        """All rows below the header, ROWS at a time; the first few alone, to be looked at."""
        start, size = self.layout.first, 2 * SAMPLE
        while start < len(self.rows):
            rows = self.rows[start : start + size]
            cells = {str(n): strings([cell_text(row[n]) for row in rows]) for n in columns}
            numbers = range(start + 1, start + 1 + len(rows))
            yield SheetChunk(pa.table(cells), _notes(rows, self.header), numbers)
            start, size = start + size, ROWS

    def writer(
        self, path: Path, added: Sequence[str], *, overwrite: bool, options: Options = PLAIN
    ) -> AbstractContextManager[TagCollector]:
        """The whole sheet with columns ``added``, in place of any so named."""
        rows, layout, title = self.rows, self.layout, self.sheet
        return rewritten(
            path, rows, layout, added, title=title, overwrite=overwrite, safe=options.safe
        )


def choose_sheet(
    path: Path, sheets: Sequence[Sheet], wanted: str | None
) -> tuple[Sheet, list[str]]:
    """The sheet that the user named, or the one that holds the proposals; and others that do.

    Hidden sheets come last.

    Raises
    ------
    InputError
        No sheet is so named, or several hold proposals alike.
    """
    if wanted is not None:
        return _named(path, sheets, wanted), []
    if len(sheets) == 1:
        return sheets[0], []
    worth = {sheet.name: _worth(sheet) for sheet in sheets}
    best = max(sheets, key=lambda sheet: worth[sheet.name])
    holding = [s for s in sheets if worth[s.name][0] and s.visible == best.visible]
    alike = [sheet for sheet in holding if worth[sheet.name] == worth[best.name]]
    if len(alike) > 1:
        raise InputError(
            "{path}: {count} sheets hold proposals: {sheets}. Choose one with --sheet NAME.",
            path=path,
            count=len(alike),
            sheets=_names(alike),
        )
    return best, [sheet.name for sheet in holding if sheet is not best]


def _named(path: Path, sheets: Sequence[Sheet], wanted: str) -> Sheet:
    for same in (str, str.casefold):
        for sheet in sheets:
            if same(sheet.name.strip()) == same(wanted.strip()):
                return sheet
    raise InputError(
        "{path}: has no sheet {wanted!r}. Its sheets: {sheets}.",
        path=path,
        wanted=wanted,
        sheets=_names(sheets),
    )


def _names(sheets: Sequence[Sheet]) -> str:
    return ", ".join(repr(sheet.name) for sheet in sheets)


def _worth(sheet: Sheet) -> tuple[bool, bool, int]:
    """Whether it holds proposals, whether it is visible, how many of its columns are known."""
    rows = [[cell_text(value) for value in row] for row in sheet.read(HEAD + SAMPLE)]
    try:
        layout = find_layout(rows)
    except InputError:
        return False, sheet.visible, -1 if any(map(any, rows)) else -2
    header, below = rows[layout.header], rows[layout.first :]
    known = sum(bool(matches(name)) for name in header)
    sample = list(zip(*below, strict=True)) or [()] * len(header)
    try:
        found = any(role in TEXT_ROLES for role in find_columns(header, sample))
    except InputError:  # two columns of proposals are more than one
        found = True
    return found, sheet.visible, known


def _layout(path: Path, name: str, rows: Sequence[Sequence[Any]]) -> Layout:
    try:
        return find_layout([[cell_text(value) for value in row] for row in rows[:HEAD]])
    except InputError as error:
        raise InputError(
            "{path}: sheet {name!r} {problem}", path=path, name=name, problem=error
        ) from None


def _notes(rows: Sequence[Sequence[Any]], header: Sequence[str]) -> pa.Array | None:
    """Why rows are no proposals, null where they may be; None if all may be."""
    notes, own = [""] * len(rows), own_columns(header)
    if len(own) < len(header):
        rows, header = [[row[n] for n in own] for row in rows], [header[n] for n in own]
    for number in _odd(rows, header):
        notes[number] = row_notes([cell_text(value) for value in rows[number]]) or ""
    noted = np.array(notes) != ""
    if not noted.any():
        return None
    return pc.if_else(flags(noted), strings(notes), pa.nulls(len(notes), pa.string()))


def _odd(rows: Sequence[Sequence[Any]], header: Sequence[str]) -> list[int]:
    """Rows worth a closer look: nearly blank, or beginning as sums and headers do."""
    blank = max(len(header) - _FEW, 1)
    name = next(filter(None, header), "")
    odd = []
    for number, row in enumerate(rows):
        first = row[0] or next(filter(None, row), "")
        if row.count("") >= blank or (
            isinstance(first, str) and (first == name or _SUM.match(first))
        ):
            odd.append(number)
    return odd
