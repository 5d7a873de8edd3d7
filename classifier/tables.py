"""Exports in, the same exports out: one way to open a table, whatever its format."""

from __future__ import annotations

import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from classifier.arrays import flags, strings, values
from classifier.errors import InputError, OutputError
from classifier.formats.csvfile import CsvSource
from classifier.formats.excelfile import ExcelSource
from classifier.formats.htmlfile import HtmlSource
from classifier.formats.naming import column_number, find_name
from classifier.formats.parquetfile import ParquetSource
from classifier.formats.sniff import sniff
from classifier.formats.sources import Rows, Source
from classifier.formats.streams import read_blocks
from classifier.language import _

__all__ = ["open_table", "read_cells", "read_columns", "refuse_format", "row_places"]

_ZIP = b"PK\x03\x04"
_FORMATS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".parquet")
"""Endings that promise something else than text."""


def open_table(path: str | Path, sheet: str | None = None, *, keep_bad: bool = False) -> Source:
    """Open a CSV file, a workbook, an HTML table or a Parquet file; its content decides.

    Parameters
    ----------
    path
        The file, whatever its name.
    sheet
        Sheet of a workbook, or table of an HTML file (``Tabel 2``); by default the one that
        holds the proposals.
    keep_bad
        Whether rows of a CSV file that cannot be parsed are passed through untagged.

    Raises
    ------
    InputError
        There is no such file, it is no table, or has no such sheet.
    """
    source = Path(path)
    _refuse_irregular(source)
    try:
        kind = sniff(source)
    except OSError as error:
        raise InputError(
            "{path}: cannot be read ({reason}).", path=source, reason=error.strerror
        ) from None
    if kind == "html":
        return HtmlSource(source, sheet)
    if kind not in ("parquet", "text"):
        return ExcelSource(source, kind, sheet)
    if sheet is not None:
        raise InputError(
            "{path}: is no workbook and has no sheets. Leave --sheet out.", path=source
        )
    if kind == "parquet":
        return ParquetSource(source)
    if next(read_blocks(source, 4), b"") == _ZIP:
        raise InputError("{path}: is a workbook packed by gzip. Unpack it first.", path=source)
    return CsvSource(source, keep_bad=keep_bad)


def _refuse_irregular(source: Path) -> None:
    """Raise InputError if there is no such file, or it is a folder, a pipe or a device."""
    try:
        mode = source.stat().st_mode
    except FileNotFoundError:
        raise InputError(
            "{path}: no such file. Check the name and the folder.", path=source
        ) from None
    except (OSError, ValueError) as error:
        raise InputError("{path}: cannot be read ({reason}).", path=source, reason=error) from None
    if stat.S_ISDIR(mode):
        raise InputError("{path}: is a folder. Give a file: CSV, Excel or Parquet.", path=source)
    if not stat.S_ISREG(mode):
        raise InputError(
            "{path}: is a pipe or device. Save the table as a file first.", path=source
        )


def refuse_format(source: Source, target: Path) -> None:
    """Raise OutputError if a name promises a format in which the source does not come back."""
    allowed: tuple[str, ...] = getattr(source, "writes", ())
    ending = target.suffix.lower()
    if ending not in allowed if allowed else ending in _FORMATS:
        raise OutputError(
            "{path}: {source} cannot be written in that format. Give a name that ends in "
            "{endings}.",
            path=target,
            source=source.path,
            endings=f" {_('or')} ".join(allowed or (".csv",)),
        )


def read_columns(
    path: str | Path,
    names: Sequence[str],
    optional: Iterable[str] = (),
    *,
    sheet: str | None = None,
) -> tuple[pa.Table, list[int]]:
    """Some columns of a table as text, and the number of each row in the file.

    Optional columns are there only where the table has them. Rows that are no proposals –
    blank ones, names of groups, sums – are left out.

    Raises
    ------
    InputError
        The table cannot be read, or lacks a column of ``names``.
    """
    source = open_table(path, sheet)
    wanted = {name: column_number(source, name) for name in names}
    found = {name: find_name(source.header, name) for name in optional}
    wanted |= {name: number for name, number in found.items() if number is not None}
    table, rows = read_cells(source, list(dict.fromkeys(wanted.values())))
    return pa.table({name: table[str(number)] for name, number in wanted.items()}), rows


def read_cells(source: Rows, columns: Sequence[int]) -> tuple[pa.Table, list[int]]:
    """Columns named by number, and the number of each row in the file; proposals only."""
    tables: list[pa.Table] = [pa.table({str(number): strings([]) for number in columns})]
    rows: list[int] = []
    for chunk in source.chunks(columns):
        kept = values(chunk.notes.is_null()) if chunk.notes else np.ones(len(chunk.cells), bool)
        tables.append(chunk.cells.filter(flags(kept)))
        rows += np.asarray(chunk.numbers)[kept].tolist()
    return pa.concat_tables(tables), rows


def row_places(path: str | Path, rows: Iterable[int]) -> list[str]:
    """Where rows stand, for messages.

    Examples
    --------
    >>> row_places("usulan.csv", [2, 3])
    ['usulan.csv: row 2', 'usulan.csv: row 3']
    """
    place = _("{path}: row {row}")  # looked up once
    return [place.format(path=path, row=row) for row in rows]
