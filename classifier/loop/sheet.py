"""The review sheet as a workbook: the rows to look at, with drop-downs for corrections."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from classifier.labelled import TEXT_COLUMNS
from classifier.loop.form import (
    ALASAN,
    ALAT,
    CATATAN,
    ID,
    KOREKSI,
    KUNCI,
    LOKASI,
    NOMOR,
    PILIHAN,
    SERUPA,
    SETUJU,
    YES,
    Form,
    labels_cell,
    sheet_text,
)
from classifier.loop.guide import GUIDE, MANUAL, write_guide, write_manual
from classifier.loop.styles import (
    BORDER,
    CENTRED,
    DONE,
    FAINT,
    HEAD,
    INPUT,
    INPUT_HEAD,
    TOP,
    WHITE,
    lines_of,
    print_on_a4,
    put,
    row_height,
)

__all__ = ["SHEET", "Item", "sheet_columns", "workbook"]

SHEET = "Lembar"

_WIDTHS = {
    NOMOR: 7, "usulan": 30, "masalah": 36, LOKASI: 15, SERUPA: 9, PILIHAN: 19, ALASAN: 21,
    ALAT: 25, SETUJU: 9, KOREKSI[0]: 17, CATATAN: 19, ID: 11, KUNCI: 5,
}  # fmt: skip
_OTHER_WIDTH = 14


@dataclass(frozen=True)
class Item:
    """A row to look at.

    Attributes
    ----------
    texts
        Its text columns, at most two: ``usulan`` and ``masalah``.
    labels
        Facet -> what the tool says, labels joined by ``;``.
    choices, reason
        ``tag_pilihan`` and ``tag_alasan``.
    similar
        How many rows of the export ask alike, this one among them.
    id, place
        Id of the proposal and where it is.
    """

    texts: tuple[str, ...]
    labels: Mapping[str, str]
    choices: str = ""
    reason: str = ""
    similar: int = 1
    id: str = ""
    place: str = ""


@dataclass(frozen=True)
class _Column:
    name: str
    cells: Sequence[str | int]
    input: bool = False


def workbook(items: Sequence[Item], form: Form, origin: Mapping[str, str]) -> Workbook:
    """The sheet, the guide to the labels and the instructions.

    Parameters
    ----------
    items
        The rows, in order.
    form
        What is asked of them.
    origin
        What the instructions say of where the rows come from: name -> value.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet, guide, manual = map(book.create_sheet, (SHEET, GUIDE, MANUAL))
    book.properties.title = "Lembar tinjauan usulan"
    book.properties.creator = "usulan"
    book.properties.description = "; ".join(f"{name}: {value}" for name, value in origin.items())
    lists = write_guide(guide, form)
    write_manual(manual, form, origin)
    _write_rows(sheet, _columns(items, form))
    _offer_labels(sheet, len(items), form, lists)
    _arrange(sheet, len(items))
    return book


def sheet_columns(form: Form, texts: int = 2) -> list[str]:
    """Names of the sheet's columns, in order."""
    told = [*TEXT_COLUMNS[:texts], LOKASI, SERUPA, PILIHAN, ALASAN, ALAT]
    return [NOMOR, *told, *form.asked, CATATAN, ID, KUNCI]


def _columns(items: Sequence[Item], form: Form) -> list[_Column]:
    texts = max((len(item.texts) for item in items), default=1)
    cells: dict[str, Sequence[str | int]] = {
        name: [sheet_text(item.texts[k]) for item in items]
        for k, name in enumerate(TEXT_COLUMNS[:texts])
    }
    cells[NOMOR] = range(1, len(items) + 1)
    cells[LOKASI] = [sheet_text(item.place) for item in items]
    cells[SERUPA] = [item.similar for item in items]
    cells[PILIHAN] = [_in_percent(item.choices) for item in items]
    cells[ALASAN] = [sheet_text(item.reason) for item in items]
    cells[ALAT] = [labels_cell(item.labels) for item in items]
    cells[ID] = [sheet_text(item.id) for item in items]
    blank = [""] * len(items)
    guarded = [cells.get(name, blank) for name in form.guarded()]
    cells[KUNCI] = [str(form.key([*map(str, row)])) for row in zip(*guarded, strict=True)]
    names = sheet_columns(form, texts)
    if not any(cells[LOKASI]):
        names.remove(LOKASI)
    return [_Column(name, cells.get(name, blank), input=name not in cells) for name in names]


def _in_percent(choices: str) -> str:
    """The likeliest labels, one a line.

    Examples
    --------
    >>> _in_percent("jalan 0.81; banjir 0.12")
    'jalan 81%\\nbanjir 12%'
    """
    found = re.findall(r"(?:^|; )([^;]+) ([0-9.]+)(?=;|$)", choices)
    return "\n".join(f"{label} {round(100 * float(chance))}%" for label, chance in found)


def _write_rows(sheet: Worksheet, columns: Sequence[_Column]) -> None:
    for number, column in enumerate(columns, 1):
        head = put(sheet, 1, number, column.name, INPUT_HEAD if column.input else HEAD)
        head.border = BORDER
        style = INPUT if column.input else FAINT if column.name in (KUNCI, ID) else WHITE
        for row, value in enumerate(column.cells, 2):
            cell = put(sheet, row, number, value, style)
            cell.border = BORDER
            if column.name in (NOMOR, SERUPA):
                cell.alignment = CENTRED
            elif column.name == KUNCI:
                cell.alignment = TOP
        sheet.column_dimensions[get_column_letter(number)].width = _width(column.name)
    for row in range(len(columns[0].cells)):
        told = [column for column in columns if column.name not in (KUNCI, ID)]
        lines = max(lines_of(str(c.cells[row]), _width(c.name)) for c in told)
        sheet.row_dimensions[row + 2].height = row_height(lines)


def _width(name: str) -> int:
    return _WIDTHS.get(name, max(_OTHER_WIDTH, len(name) + 2))


def _offer_labels(sheet: Worksheet, rows: int, form: Form, lists: Mapping[str, str]) -> None:
    """Drop-downs. A list of its own would break beyond 255 letters, so they name a range."""
    offers = {SETUJU: f'"{YES}"'}
    for facet, columns in form.corrections.items():
        offers |= dict.fromkeys(columns, lists[facet])
    several = [f"koreksi_{name}" for name, facet in form.facets.items() if facet.banyak]
    names = [cell.value for cell in sheet[1]]
    for name, source in offers.items():
        letter = get_column_letter(names.index(name) + 1)
        rule = DataValidation("list", formula1=source, allow_blank=True)
        rule.errorStyle = "warning" if name in several else "stop"
        rule.errorTitle = "Label tidak dikenal"
        rule.error = "Pilih dari daftar. Arti tiap label ada di lembar Panduan."
        rule.showErrorMessage = True
        rule.add(f"{letter}2:{letter}{max(rows, 1) + 1}")
        sheet.add_data_validation(rule)


def _arrange(sheet: Worksheet, rows: int) -> None:
    """Frozen header, filter, a mark on rows that are done, and a page that can be printed."""
    names = [cell.value for cell in sheet[1]]
    letters = {name: get_column_letter(n) for n, name in enumerate(names, 1)}
    last = max(rows, 1) + 1
    sheet.freeze_panes = f"{letters['usulan']}2"
    sheet.auto_filter.ref = f"A1:{letters[KUNCI]}{last}"
    done = f'OR(${letters[SETUJU]}2<>"",${letters[KOREKSI[0]]}2<>"")'
    marked = f"A2:{letters[ALAT]}{last}"
    sheet.conditional_formatting.add(marked, FormulaRule(formula=[done], fill=DONE))  # type: ignore[no-untyped-call]
    sheet.row_dimensions[1].height = row_height(2)
    sheet.sheet_view.zoomScale = 90
    sheet.print_area = f"A1:{letters[CATATAN]}{last}"
    sheet.print_title_rows = "1:1"
    print_on_a4(sheet)
