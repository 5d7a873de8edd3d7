"""The report's tables as a workbook, for those who go on working with them."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from classifier.atomic import write_bytes
from classifier.report.story import AMOUNT, CHANGE, SHARE, Report, Section, Table

__all__ = ["write_workbook"]

_FORMATS = {
    "jumlah": "#,##0", AMOUNT: "#,##0", SHARE: "0%", f"{CHANGE} jumlah": "+#,##0;-#,##0;0",
    f"{CHANGE} {AMOUNT}": "+#,##0;-#,##0;0", f"{CHANGE} {SHARE}": "+0.0%;-0.0%;0",
}  # fmt: skip
_BOLD, _WRAP = Font("Calibri", 11, bold=True), Alignment(wrap_text=True, vertical="top")
_MOST_LETTERS = 32_767
_WIDE, _LOOK_AT = 60, 500


def write_workbook(report: Report, target: Path, *, overwrite: bool = False) -> None:
    """Write a sheet of messages and one sheet for each table.

    Texts of the export are texts in the workbook, also where they begin like a formula.

    Raises
    ------
    OutputError
        The file exists and ``overwrite`` is false, or it cannot be written.
    """
    book = Workbook(write_only=True)
    _front(book, report)
    for section in report.sections:
        for table in section.tables:
            _sheet(book, section, table)
    content = BytesIO()
    book.save(content)
    write_bytes(target, content.getvalue(), overwrite=overwrite)


def _front(book: Workbook, report: Report) -> None:
    """What the page says beside its tables."""
    sheet = book.create_sheet("ringkasan")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 36, 110
    sheet.append([_text(sheet, report.title, _BOLD), _text(sheet, report.source)])
    for number, words in report.headline:
        sheet.append([_text(sheet, words), _text(sheet, number)])
    for note in report.notes:
        sheet.append([_text(sheet, ""), _text(sheet, note)])
    for section in report.sections:
        sheet.append([])
        sheet.append([_text(sheet, section.topic, _BOLD), _text(sheet, section.message, _BOLD)])
        for note in section.notes:
            sheet.append([_text(sheet, ""), _text(sheet, note)])


def _sheet(book: Workbook, section: Section, table: Table) -> None:
    sheet = book.create_sheet(table.key[:31])
    frame, names = table.frame, [str(name) for name in table.frame.columns]
    sheet.freeze_panes = "A2"
    for number, name in enumerate(names, 1):
        sheet.column_dimensions[get_column_letter(number)].width = _width(frame, name)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(frame) + 1}"
    sheet.append([_text(sheet, name, _BOLD) for name in names])
    kinds = [table.kind(name) for name in names]
    for row in frame.itertuples(index=False):
        sheet.append(
            [
                _text(sheet, str(value)) if kind == "teks" else _number(sheet, value, kind)
                for value, kind in zip(row, kinds, strict=True)
            ]
        )


def _text(sheet: Any, value: str, font: Font | None = None) -> Cell:
    """A cell that holds text, whatever it looks like."""
    text = ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", value)[:_MOST_LETTERS]
    cell = WriteOnlyCell(sheet, text)
    cell.data_type, cell.alignment = "s", _WRAP
    cell.quotePrefix = bool(re.match(r"[=+\-@]", text))
    if font:
        cell.font = font
    return cell


def _number(sheet: Any, value: float, kind: str) -> Cell:
    cell = WriteOnlyCell(sheet, None if pd.isna(value) else float(value))
    cell.number_format = _FORMATS[kind]
    return cell


def _width(frame: pd.DataFrame, name: str) -> float:
    """Letters that fit in a column, by its first cells."""
    longest = frame[name].head(_LOOK_AT).astype(str).str.len().max() if len(frame) else 0
    return float(min(max(longest, len(name) / 2, 8) + 2, _WIDE))
