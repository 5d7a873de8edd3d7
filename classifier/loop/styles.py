"""How the sheets of a review look, and the one way in which a cell is written."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "BORDER",
    "CENTRED",
    "DONE",
    "FAINT",
    "HEAD",
    "INPUT",
    "INPUT_HEAD",
    "PLAIN",
    "STRONG",
    "TITLE",
    "TOP",
    "WHITE",
    "lines_of",
    "print_on_a4",
    "put",
    "row_height",
]

_LINE = Side("thin", color="BFC7CC")
BORDER = Border(_LINE, _LINE, _LINE, _LINE)
DONE = PatternFill(bgColor="DDF0DD")
TOP = Alignment(vertical="top")
CENTRED = Alignment("center", "top")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


@dataclass(frozen=True)
class Style:
    """Font and background of a cell."""

    font: Font
    fill: PatternFill | None = None


def _style(size: float, color: str, fill: str = "", *, bold: bool = False) -> Style:
    font = Font("Calibri", size, bold=bold, color=color)
    return Style(font, PatternFill("solid", fill) if fill else None)


WHITE = _style(11, "1F2933")
FAINT = _style(9, "9AA5AD")
INPUT = _style(11, "1F2933", "FFF8E1")
HEAD = _style(11, "FFFFFF", "2F5D73", bold=True)
INPUT_HEAD = _style(11, "3D2C00", "F5C451", bold=True)
PLAIN = _style(11, "1F2933")
STRONG = _style(11, "1F2933", bold=True)
TITLE = _style(15, "2F5D73", bold=True)


def put(sheet: Worksheet, row: int, column: int, value: str | int, style: Style) -> Cell:
    """Write a cell; text stays text, whatever it begins with.

    What looks like an escaped character in the format's own way (``_x0041_``) is escaped.
    """
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, str):
        cell.value = _ESCAPE.sub("_x005F_", value) or None
        cell.data_type = "s" if value else "n"
    else:
        cell.value = value
    cell.font, cell.alignment = style.font, _WRAPPED
    if style.fill is not None:
        cell.fill = style.fill
    if isinstance(value, str) and value:
        cell.number_format = "@"
    return cell


def lines_of(text: str, width: int) -> int:
    """Lines that a text takes in a column so wide, about: words are not broken.

    Examples
    --------
    >>> lines_of("jalan gang rusak berat", 14), lines_of("a\\nb", 14)
    (2, 2)
    """
    usable = max(width - 2, 1)
    return sum(max(1, len(textwrap.wrap(line, usable))) for line in text.split("\n"))


def row_height(lines: int) -> float:
    """Points that so many lines take; programs do not find it themselves, nor beyond 409."""
    return min(15.0 * max(lines, 1) + 3, 409.0)


def print_on_a4(sheet: Worksheet) -> None:
    """Pages across A4, as wide as the sheet, numbered."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.3
    sheet.page_margins.top = sheet.page_margins.bottom = 0.5
    if sheet.oddFooter is not None:
        sheet.oddFooter.center.text = "&P / &N"
