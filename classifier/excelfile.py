"""Excel workbooks (.xlsx): the first sheet's rows in, the same workbook with tags out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from classifier.atomic import new_file
from classifier.errors import InputError

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["ExcelSource"]

_ESCAPED = "_x000D_"


@dataclass(frozen=True)
class ExcelChunk:
    """All rows of a sheet; ``cells`` holds the columns asked for, as text."""

    cells: pa.Table


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

    def __init__(self, path: Path) -> None:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        self.path = path
        try:
            self._book = load_workbook(path)
        except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError):
            raise InputError(
                f"{path}: is no Excel workbook that can be read. Save it as .xlsx or CSV."
            ) from None
        self._sheet: Worksheet = self._book.worksheets[0]
        self._width, self._rows = self._sheet.max_column, self._sheet.max_row
        first = next(self._sheet.iter_rows(max_row=1, values_only=True), ())
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
    def writer(self, path: Path, added: Sequence[str], *, overwrite: bool) -> Iterator[ExcelWriter]:
        """The same workbook with columns ``added``, in place of any so named."""
        with new_file(path, overwrite=overwrite) as stream:
            yield ExcelWriter(self._sheet, self.header, added)
            content = io.BytesIO()
            self._book.save(content)
            stream.write(content.getvalue())

    def _numbers(self) -> range:
        return range(2, self._rows + 1)


class ExcelWriter:
    """Puts tags beside the rows of a sheet; confidence as a number."""

    needs: Sequence[int] = ()

    def __init__(self, sheet: Worksheet, header: Sequence[str], added: Sequence[str]) -> None:
        for number in reversed([n for n, name in enumerate(header, 1) if name in added]):
            sheet.delete_cols(number)
        self._sheet = sheet
        self._start = sheet.max_column + 1
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
        for offset, value in enumerate(values):
            if value != "":
                self._sheet.cell(row, self._start + offset, value)


def _text(value: Any) -> str:
    """A cell's value as text; whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace(_ESCAPED, "\r")


def _number(text: str) -> float | str:
    return float(text) if text else ""
