"""Excel workbooks (.xlsx): the first sheet's rows in, the same workbook with tags out."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from classifier.atomic import new_file
from classifier.errors import InputError
from classifier.job import PLAIN, Options

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["ExcelSource"]

_ESCAPED = "_x000D_"


@dataclass(frozen=True)
class ExcelChunk:
    """All rows of a sheet; ``cells`` holds the columns asked for, as text."""

    cells: pa.Table
    notes: pa.Array | None = None


class ExcelSource:
    """The first sheet of a workbook, its first row the header.

    Attributes
    ----------
    header
        Column names; a column without one has an empty name.

    Raises
    ------
    InputError
        The file is no workbook, or its first sheet is empty.
    """

    ending = ".xlsx"

    def __init__(self, path: Path) -> None:
        from openpyxl import load_workbook

        self.path = path
        try:
            with path.open("rb") as stream:  # the library would refuse a file by its name
                self._book = load_workbook(stream)
            self._sheet: Worksheet = self._book.worksheets[0]
            first = next(self._sheet.iter_rows(max_row=1, values_only=True), ())
        except Exception:
            # The library raises whatever the ZIP and XML parsers beneath it do.
            raise InputError(
                f"{path}: is no Excel workbook that can be read. Save it as .xlsx or CSV."
            ) from None
        self._rows = _last_row(self._sheet)
        self.header = [_text(value) for value in first]
        if not any(self.header):
            raise InputError(
                f"{path}: sheet {self._sheet.title!r}: row 1 is empty. "
                "Put the header into row 1 of the first sheet."
            )

    def chunks(self, columns: Sequence[int]) -> Iterator[ExcelChunk]:
        """All rows below the header at once."""
        cells = {
            str(number): pa.array(
                [_text(self._sheet.cell(row, number + 1).value) for row in self._numbers()],
                pa.string(),
            )
            for number in columns
        }
        if self._rows > 1:
            yield ExcelChunk(pa.table(cells))

    @contextmanager
    def writer(
        self, path: Path, added: Sequence[str], *, overwrite: bool, options: Options = PLAIN
    ) -> Iterator[ExcelWriter]:
        """The same workbook with columns ``added``, in place of any so named."""
        with new_file(path, overwrite=overwrite) as stream:
            yield ExcelWriter(self._sheet, self.header, added)
            content = io.BytesIO()
            self._book.save(content)
            stream.write(content.getvalue())

    def _numbers(self) -> range:
        return range(2, self._rows + 1)


class ExcelWriter:
    """Puts tags beside the rows of a sheet, or where older tags stand; confidence as a number."""

    needs: Sequence[int] = ()
    job = None

    def __init__(self, sheet: Worksheet, header: Sequence[str], added: Sequence[str]) -> None:
        self._sheet, self.counts = sheet, Counter[str]()
        free = count(sheet.max_column + 1)
        self._columns = [header.index(name) + 1 if name in header else next(free) for name in added]
        self._put(1, added)

    def write(self, chunk: ExcelChunk, tags: pa.Table) -> None:
        """One row of ``tags`` beside each row of the sheet."""
        names = tags.column_names
        columns = [
            [_number(value) if name == "tag_keyakinan" else value for value in column.to_pylist()]
            for name, column in zip(names, tags.columns, strict=True)
        ]
        for row, values in enumerate(zip(*columns, strict=True), start=2):
            self._put(row, values)

    def _put(self, row: int, values: Sequence[Any]) -> None:
        for column, value in zip(self._columns, values, strict=True):
            self._sheet.cell(row, column).value = None if value == "" else value


def _last_row(sheet: Worksheet) -> int:
    """The last row with a value; formatted empty rows below it do not count."""
    filled = (n for n in range(sheet.max_row, 0, -1) if any(_values(sheet, n)))
    return next(filled, 1)


def _values(sheet: Worksheet, row: int) -> Iterator[bool]:
    return (cell.value is not None for cell in sheet[row])


def _text(value: Any) -> str:
    """A cell's value as text; whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace(_ESCAPED, "\r")


def _number(text: str) -> float | str:
    return float(text) if text else ""
