"""Where a table's header and its first row are. STAND-IN, to be replaced by the real judge."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.errors import InputError

__all__ = ["HEAD", "Layout", "find_layout", "row_notes"]

HEAD = 50


@dataclass(frozen=True)
class Layout:
    """Numbers, from 0, of the record with the column names and of the first row of data."""

    header: int
    first: int


def find_layout(rows: Sequence[Sequence[str]]) -> Layout:
    """Judge by the first records; a blank line is a record without cells.

    Raises
    ------
    InputError
        There is no table.
    """
    filled = [sum(map(bool, row)) for row in rows]
    if not any(filled):
        raise InputError("is empty. Give a table with a header and rows.")
    usual = sorted(filled)[len(filled) // 2]
    header = next(row for row, cells in enumerate(filled) if cells and cells >= 0.6 * usual)
    below = rows[header + 1] if len(rows) > header + 1 else []
    numbered = list(below) == [str(number + 1) for number in range(len(below))] and len(below) > 2
    return Layout(header, header + 1 + numbered)


def row_notes(cells: Sequence[str]) -> str | None:
    """Why a row is no proposal, or nothing."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    if not filled:
        return "baris kosong"
    if len(cells) > 1 and re.match(r"(sub[\s-]?)?(jumlah|total)\b", filled[0], re.I):
        return "baris jumlah"
    if len(filled) == 1 and len(cells) > 1 and re.match(r"(kelurahan|desa)\b", filled[0], re.I):
        return "baris kelompok"
    return None
