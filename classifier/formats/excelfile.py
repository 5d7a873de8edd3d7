"""Workbooks in any format that calamine reads: .xlsx, .xlsm, .xls, .xlsb, .ods."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from classifier.errors import InputError
from classifier.formats.celltext import TagCollector
from classifier.formats.excelwriter import extended, workbook_ending
from classifier.formats.job import PLAIN, Options
from classifier.formats.sheets import Sheet, SheetSource

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

__all__ = ["ExcelSource"]

_TRY = """
import sys
from python_calamine import CalamineError, load_workbook
for file in (sys.argv[1], open(sys.argv[1], "rb")):
    try:
        book = load_workbook(file)
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(nrows=1)
    except CalamineError:
        pass
"""


class ExcelSource(SheetSource):
    """The sheet of a workbook that holds the proposals.

    Formulas are read as the values that were computed last, errors such as #N/A as blank.
    A workbook in Office Open XML (.xlsx, .xlsm) comes back as it was with further columns,
    any other as CSV or .xlsx.

    Parameters
    ----------
    path
        The file.
    kind
        ``xlsx``, ``xlsb``, ``ods`` or ``xls``.
    sheet
        Name of the sheet to read; found by its content if left out.

    Raises
    ------
    InputError
        The file is no workbook, has a password, or no sheet of it can be used.
    """

    def __init__(self, path: Path, kind: str, sheet: str | None = None) -> None:
        if kind == "xls":
            _refuse_deadly(path)
        super().__init__(path, _sheets(path), sheet)
        self._in_place = kind == "xlsx"
        if self._in_place:
            with _readable(path):
                self.ending = workbook_ending(path)
            self.writes = (self.ending, ".csv")

    def writer(
        self, path: Path, added: Sequence[str], *, overwrite: bool, options: Options = PLAIN
    ) -> AbstractContextManager[TagCollector]:
        """The workbook with columns ``added``, in place of any so named."""
        if self._in_place and path.suffix.lower() != ".csv":
            layout, rows = self.layout, len(self.rows)
            return extended(
                self.path, path, self.sheet, self.header, layout, rows, added, overwrite=overwrite
            )
        return super().writer(path, added, overwrite=overwrite, options=options)


def _sheets(path: Path) -> list[Sheet]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    with _readable(path):
        book = _book(path)
        found = [entry for entry in book.sheets_metadata if entry.typ == SheetTypeEnum.WorkSheet]
    if not found:
        raise InputError(
            "{path}: has no sheet with cells. Give a workbook with a table.", path=path
        )
    visible = SheetVisibleEnum.Visible
    return [Sheet(s.name, _reader(path, book, s.name), s.visible == visible) for s in found]


def _book(path: Path) -> CalamineWorkbook:
    """The workbook; of a path, the library believes the name, of bytes it tries all formats."""
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        return load_workbook(path)
    except PasswordError:
        raise
    except CalamineError:
        return load_workbook(io.BytesIO(path.read_bytes()))


def _reader(path: Path, book: CalamineWorkbook, name: str) -> Callable[[int | None], Any]:
    @cache
    def sheet() -> CalamineSheet:
        return book.get_sheet_by_name(name)

    def read(rows: int | None) -> list[list[Any]]:
        with _readable(path):
            return sheet().to_python(skip_empty_area=False, nrows=rows)

    return read


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Turn what the library raises, or panics with, into one sentence."""
    from python_calamine import PasswordError

    try:
        yield
    except PasswordError:
        raise InputError(
            "{path}: has a password. Open it in a spreadsheet and save it without one.", path=path
        ) from None
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:
        raise _damaged(path) from None


def _refuse_deadly(path: Path) -> None:
    """Raise InputError if an .xls is so damaged that reading it ends the process.

    On one of some thousand damaged files the library runs out of memory and aborts; so it
    tries each first in a process of its own. These files are small.
    """
    done = subprocess.run([sys.executable, "-c", _TRY, path], capture_output=True, check=False)
    if done.returncode:
        raise _damaged(path)


def _damaged(path: Path) -> InputError:
    return InputError(
        "{path}: cannot be read as a workbook: it is damaged, or has a password. Open it in a "
        "spreadsheet and save it as .xlsx without a password, or fetch it again.",
        path=path,
    )
