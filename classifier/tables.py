"""Exports in, the same exports out: one way to open a table, whatever its format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa

from classifier.csvfile import CsvSource
from classifier.errors import InputError
from classifier.excelfile import ExcelSource
from classifier.job import PLAIN, Job, Options
from classifier.streams import read_blocks

__all__ = ["Chunk", "Source", "Writer", "column_number", "open_table", "read_columns"]

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Chunk(Protocol):
    """Some rows of a table; ``cells`` holds the columns asked for, named by number."""

    @property
    def cells(self) -> pa.Table:
        """One column of text each, named by its number in the header."""

    @property
    def notes(self) -> pa.Array | None:
        """Why a row is no proposal, null for proposals; None where all rows are."""


class Writer(Protocol):
    """Receives each chunk of a source with its tags; ``needs`` are columns it must hold."""

    @property
    def needs(self) -> Sequence[int]:
        """Numbers of the columns that chunks must hold."""

    @property
    def counts(self) -> Counter[str]:
        """Foreign cells so far that could be ``formulas``, and ``bad`` rows passed through."""

    @property
    def job(self) -> Job | None:
        """The files written, if the run can be continued from them."""

    def write(self, chunk: Any, tags: pa.Table) -> None:
        """Write a chunk of the source with a row of tags for each of its rows."""


class Source(Protocol):
    """A table that can be read in chunks and written back with further columns.

    ``ending`` is that of its format, whatever its file is called.
    """

    path: Path
    header: list[str]
    ending: str

    def chunks(self, columns: Sequence[int]) -> Iterator[Chunk]:
        """All rows below the header, some at a time."""

    def writer(
        self, path: Path, added: Sequence[str], *, overwrite: bool, options: Options = PLAIN
    ) -> AbstractContextManager[Writer]:
        """Write a copy with columns ``added``, in place of any so named."""


def open_table(path: str | Path, *, keep_bad: bool = False) -> Source:
    """Open a CSV file or a workbook; its content decides, not its name.

    Parameters
    ----------
    path
        The file.
    keep_bad
        Whether rows of a CSV file that cannot be parsed are passed through untagged.

    Raises
    ------
    InputError
        There is no such file, or it is no table.
    """
    source = Path(path)
    try:
        regular = not source.exists() or source.is_file() or source.is_dir()
        with source.open("rb") as stream:
            start = stream.read(4) if regular else b""
    except FileNotFoundError:
        raise InputError(f"{source}: no such file. Check the name and the folder.") from None
    except IsADirectoryError:
        raise InputError(f"{source}: is a folder. Give a file: CSV or .xlsx.") from None
    except OSError as error:
        raise InputError(f"{source}: cannot be read ({error.strerror}).") from None
    if not regular:
        raise InputError(f"{source}: is a pipe or device. Save the table as a file first.")
    if start == _OLD_EXCEL:
        raise InputError(
            f"{source}: is an old Excel file (.xls) or has a password. Save it as .xlsx or CSV "
            "without a password."
        )
    if start == _ZIP:
        return ExcelSource(source)
    if next(read_blocks(source, 4), b"") == _ZIP:
        raise InputError(f"{source}: is a workbook packed by gzip. Unpack it first.")
    return CsvSource(source, keep_bad=keep_bad)


def column_number(source: Source, name: str) -> int:
    """Number of a column by its name, or the name without regard to case and blanks.

    Raises
    ------
    InputError
        There is no such column; the message lists those that there are.
    """
    for same in (str, str.casefold):
        wanted = same(name.strip())
        for number, column in enumerate(source.header):
            if same(column.strip()) == wanted:
                return number
    there = ", ".join(repr(column) for column in source.header)
    raise InputError(f"{source.path}: has no column {name!r}. Its columns: {there}.")


def read_columns(path: str | Path, names: Sequence[str], optional: Iterable[str] = ()) -> pa.Table:
    """Some columns of a table as text; optional ones only where they are there.

    Raises
    ------
    InputError
        The table cannot be read, or lacks a column of ``names``.
    """
    source = open_table(path)
    wanted = {name: column_number(source, name) for name in names}
    wanted |= {name: source.header.index(name) for name in optional if name in source.header}
    numbers = list(dict.fromkeys(wanted.values()))
    tables = [chunk.cells for chunk in source.chunks(numbers)]
    if not tables:
        return pa.table({name: pa.array([], pa.string()) for name in wanted})
    table = pa.concat_tables(tables)
    return pa.table({name: table[str(number)] for name, number in wanted.items()})
