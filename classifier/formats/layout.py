"""Where a sheet's table begins, and which of its rows are no proposals.

Judged by the cells' texts alone: titles stand above the header, numbers of columns
below it, names of kelurahan and sums between the proposals.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.errors import InputError
from classifier.formats.roles import matches, plain

__all__ = ["HEAD", "Layout", "find_layout", "own_columns", "row_notes"]

HEAD = 50
"""Rows that are looked at to find the header."""

_LONGEST = 60
_NUMBERED = re.compile(r"\(?(\d{1,3})\)?(\s*=.*)?")
_FIGURE = re.compile(r"[-–\s]*(rp)?[\d\s.,%()+-]*(,-)?", re.IGNORECASE)
_PLACE = (
    r"(?:kelurahan|desa|kecamatan|kabupaten|kota|gampong|nagari|kalurahan|kapanewon|distrik"
    r"|kel\.?|kec\.?|ds\.?)"
)
_ORDINAL = re.compile(r"(?:[ivxlc]+|[a-z]|\d+)[.)]?", re.IGNORECASE)
_GROUP = re.compile(
    rf"(?:{_ORDINAL.pattern}\s+)?(?:{_PLACE}/?)+[\s:]+(?:[^\W\d]\S*\s*){{1,4}}", re.IGNORECASE
)
_TOTAL = re.compile(
    r"(?:(?:sub|grand)[\s-]*)?(?:jumlah|total)"
    rf"(?:\s+(?:jumlah|total|usulan|anggaran|pagu|biaya|nilai|rp|semua|seluruh|keseluruhan|{_PLACE}).{{0,60}})?"
    r"(?:\s+[ivx\d]+)?[\s:.=]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Layout:
    """Row numbers from 0: of the header, and of the first row below it that is not its own."""

    header: int
    first: int


def find_layout(rows: Sequence[Sequence[str]]) -> Layout:
    """Where the table is among the first rows of a sheet.

    Parameters
    ----------
    rows
        The first rows as text, up to HEAD of them are looked at; they may differ in length.

    Raises
    ------
    InputError
        All rows are blank, or the sheet is a summary with a header of several levels. The
        message has no file name; put it in front.

    Examples
    --------
    >>> find_layout([["Rekap", ""], ["NO", "USULAN"], ["1", "Paving"]])
    Layout(header=1, first=2)
    """
    width = max((len(row) for row in rows[:HEAD]), default=0)
    head = [[*(cell.strip() for cell in row), *[""] * (width - len(row))] for row in rows[:HEAD]]
    if not any(map(any, head)):
        raise InputError("holds no table: its first rows are blank. Put the header at the top.")
    header = _header(head)
    first = header + 1
    while first < len(head) and _is_lower_level(
        head[header], head[first], head[first + 1 : first + 11]
    ):
        first += 1
    below = first + (first < len(head) and _is_numbering(head[first]))
    if first > header + 1 and _is_summary(head[below:]):
        raise InputError(
            "is a summary (rekap): row {row} begins a header of {levels} levels with figures "
            "below it. Give the list with one proposal in each row.",
            row=header + 1,
            levels=first - header,
        )
    return Layout(header, below)


def own_columns(header: Sequence[str]) -> list[int]:
    """Numbers of the columns that are no tags of ours: by these a row is judged.

    Examples
    --------
    >>> own_columns(["Usulan", "tag_status"])
    [0]
    """
    return [number for number, name in enumerate(header) if not name.startswith("tag_")]


def row_notes(cells: Sequence[str]) -> str | None:
    """Why a row below the header is no proposal, or None where it may be one.

    Examples
    --------
    >>> row_notes(["Kelurahan Lopang", "", ""])
    'baris kelompok'
    >>> row_notes(["", "JUMLAH", "1.000.000,00"])
    'baris jumlah'
    >>> row_notes(["1", "Paving Kelurahan Lopang", ""])
    """
    filled = [cell.strip() for cell in cells if cell and not cell.isspace()]
    if not filled:
        return "baris kosong"
    if len(cells) > len(filled) and _GROUP.fullmatch(filled[-1]):
        alone = len(filled) == 1
        numbered = len(filled) == 2 and len(cells) > 3 and _ORDINAL.fullmatch(filled[0])
        if alone or numbered:
            return "baris kelompok"
    if len(cells) > 1 and _TOTAL.fullmatch(filled[0]) and all(map(_is_figure, filled[1:])):
        return "baris jumlah"
    if len(filled) > 2 and all(matches(cell) for cell in filled):
        return "baris judul kolom"
    return None


def _header(rows: Sequence[Sequence[str]]) -> int:
    """The row with the most known names; else the first that is as wide as those below it."""
    filled = [sum(map(bool, row)) for row in rows]
    known = [_known(row) for row in rows]
    best = known.index(max(known))
    if known[best] >= max(min(2, filled[best]), filled[best] / 2, 1):
        return best
    widths = sorted(cells for cells in filled if cells > 1) or [1]
    usual = widths[len(widths) // 2]
    return next(row for row, cells in enumerate(filled) if cells >= 0.6 * usual and cells > 0)


def _known(row: Sequence[str]) -> int:
    """How many different cells are names of columns."""
    names = {plain(cell): cell for cell in row if cell and len(cell) <= _LONGEST}
    return sum(bool(matches(name)) for name in names.values())


def _is_lower_level(
    header: Sequence[str], row: Sequence[str], below: Sequence[Sequence[str]]
) -> bool:
    """Whether a row divides columns that the header joins; the rows below fill the others."""
    behind = [*header[1:], "x"]
    joined = [not name or not following for name, following in zip(header, behind, strict=True)]
    under = [cell for cell, part in zip(row, joined, strict=True) if part and cell]
    others = [number for number, part in enumerate(joined) if not part]
    filled = [any(line[number] for number in others) for line in [row, *below]]
    usual = sum(filled[1:]) >= max(1, len(below) / 2)
    return not filled[0] and usual and len(under) > 1 and all(map(_is_name, under))


def _is_name(cell: str) -> bool:
    return len(cell.split()) <= 4 and re.search(r"[^\W\d]", cell) is not None


def _is_numbering(row: Sequence[str]) -> bool:
    """Whether a row numbers the columns, some of them or all: 1 2 3 or (1) (2) (3)."""
    found = [_NUMBERED.fullmatch(cell) for cell in row if cell]
    numbers = [int(match[1]) for match in found if match]
    return len(found) >= 3 and numbers == list(range(1, len(found) + 1))


def _is_summary(rows: Sequence[Sequence[str]]) -> bool:
    """Whether rows hold figures and short names, but no column of texts."""
    cells = [cell for row in rows for cell in row if cell]
    figures = sum(map(_is_figure, cells))
    return (
        bool(cells)
        and figures >= len(cells) / 2
        and not any(map(_is_wordy, zip(*rows, strict=True)))
    )


def _is_wordy(column: Sequence[str]) -> bool:
    words = [len(cell.split()) for cell in column if cell and not _is_figure(cell)]
    return len(words) > len(column) / 2 and sum(words) >= 3 * len(words)


def _is_figure(cell: str) -> bool:
    return bool(_FIGURE.fullmatch(cell))
