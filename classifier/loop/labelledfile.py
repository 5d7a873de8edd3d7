"""A labelled CSV that rows are appended to: what it holds stays as it is, byte for byte."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.atomic import write_bytes
from classifier.errors import OutputError
from classifier.formats.csvfile import CsvSource
from classifier.formats.naming import find_name
from classifier.labelled import SEPARATOR, SOURCE, TEXT_COLUMNS
from classifier.language import _
from classifier.loop.form import CATATAN, ID, Form
from classifier.loop.verdicts import Labels
from classifier.tables import open_table

__all__ = ["LabelledFile", "LabelledRow"]


@dataclass(frozen=True)
class LabelledRow:
    """A labelled row: cells beside the labels, where it is, and its text in standard form."""

    place: str
    cells: Mapping[str, str]
    labels: Labels
    text: str = ""


class LabelledFile:
    """The labelled CSV: read, and written again with rows below its own."""

    def __init__(self, path: Path, source: CsvSource | None, header: Sequence[str]) -> None:
        self.path, self.source, self.header = path, source, header

    @classmethod
    def open(cls, path: Path, form: Form) -> LabelledFile:
        """Open it; a file that is not there is begun with the columns of the labelled format.

        Raises
        ------
        OutputError
            It is no CSV file, is write-protected, or lacks a column.
        """
        contract = [ID, *TEXT_COLUMNS, *form.facets, SOURCE]
        if not path.exists():
            if path.suffix.lower() != ".csv":
                raise OutputError(
                    "{path}: is to be a CSV file. Give a name that ends in .csv.", path=path
                )
            return cls(path, None, contract)
        source = open_table(path)
        if not isinstance(source, CsvSource) or source.ending != ".csv":
            raise OutputError(
                "{path}: is no CSV file, and rows are appended to one only.", path=path
            )
        if not path.stat().st_mode & 0o222:
            raise OutputError(
                "{path}: is write-protected. Allow writing, or give another file.", path=path
            )
        missing = [name for name in contract if find_name(source.header, name) is None]
        if missing:
            raise OutputError(
                "{path}: has no column {missing}. Labelled files have {columns}; add what is "
                "missing.",
                path=path,
                missing=", ".join(missing),
                columns=", ".join(contract),
            )
        return cls(path, source, source.header)

    def rows(self, form: Form) -> Iterator[LabelledRow]:
        """Its rows."""
        if self.source is None:
            return
        names = [*TEXT_COLUMNS, *form.facets]
        columns = {name: find_name(self.header, name) or 0 for name in names}
        place = _("{path}: row {row}")
        for chunk in self.source.chunks(sorted(set(columns.values()))):
            cells = [chunk.cells[str(number)].to_pylist() for number in columns.values()]
            for number, *row in zip(chunk.numbers, *cells, strict=True):
                found = dict(zip(names, row, strict=True))
                labels = {name: _split(found[name]) for name in form.facets}
                said = {n: ls for n, ls in labels.items() if ls or form.facets[n].banyak}
                yield LabelledRow(place.format(path=self.path, row=number), found, said)

    def append(self, rows: Sequence[LabelledRow]) -> None:
        """Write the file again, its own bytes unchanged, with rows below.

        Raises
        ------
        OutputError
            It cannot be written, or its encoding lacks a letter.
        """
        lines = [[_cell(row, name) for name in self.header] for row in rows]
        if self.source is None:
            write_bytes(self.path, _csv([self.header, *lines], ",", "\n"))
            return
        dialect = self.source.dialect
        old = self.path.read_bytes()
        end = "\r\n" if dialect.head[dialect.header].endswith(b"\r\n") else "\n"
        closed = old.endswith(dialect.encoding.encode(b"\n"))
        new = _csv(lines, dialect.delimiter, end)
        _refuse_lacking(self.path, new.decode(), dialect.encoding.codec)
        new = dialect.encoding.encode(new if closed else end.encode() + new)
        write_bytes(self.path, old + new, overwrite=True)


def _refuse_lacking(path: Path, rows: str, codec: str) -> None:
    """Raise OutputError if the file's encoding lacks a letter of the rows."""
    try:
        rows.encode(codec)
    except UnicodeEncodeError as error:
        raise OutputError(
            "{path}: is in {codec}, which lacks {letter!r}. Save it as CSV in UTF-8, then merge "
            "again; nothing was written.",
            path=path,
            codec=codec,
            letter=rows[error.start],
        ) from None


def _cell(row: LabelledRow, column: str) -> str:
    """What a labelled row has in a column, by its name."""
    name = column.strip().casefold()
    if name in row.labels:
        return SEPARATOR.join(row.labels[name])
    return row.cells.get(name, "") if name in (ID, *TEXT_COLUMNS, SOURCE, CATATAN) else ""


def _split(cell: str) -> tuple[str, ...]:
    return tuple(label.strip() for label in cell.split(SEPARATOR) if label.strip())


def _csv(lines: Sequence[Sequence[str]], delimiter: str, end: str) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator=end).writerows(lines)
    return buffer.getvalue().encode()
