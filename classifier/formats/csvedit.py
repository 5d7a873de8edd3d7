"""Some cells of a CSV file replaced; every other byte as it was."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from pathlib import Path

from classifier.errors import InputError
from classifier.formats.csvfile import CsvSource
from classifier.formats.records import cells_of
from classifier.tables import open_table

__all__ = ["open_csv", "replace_cells"]


def open_csv(path: str | Path) -> CsvSource:
    """A CSV file whose cells can be replaced.

    Raises
    ------
    InputError
        It is no CSV file.
    """
    source = open_table(path)
    if not isinstance(source, CsvSource):
        raise InputError(
            "{path}: is no CSV file. Save the labelled table as CSV, and give that.", path=path
        )
    return source


def replace_cells(source: CsvSource, cells: Mapping[int, Mapping[int, str]]) -> bytes:
    """The file's content with other cells.

    Parameters
    ----------
    source
        The file.
    cells
        Number of a row in the file, from 1 -> number of a column, from 0 -> the cell.

    Raises
    ------
    InputError
        The file cannot be read, or such a row cannot be told into cells.
    """
    dialect = source.dialect
    pieces = list(dialect.head)
    for chunk in source.chunks([]):
        count, before = len(chunk.records.ends), chunk.before
        touched = [number - before - 1 for number in cells if before < number <= before + count]
        done, content = 0, chunk.records.content
        for place in sorted(touched):
            start, end = int(chunk.records.starts[place]), int(chunk.records.bodies[place])
            row = _with_cells(content[start:end], dialect.delimiter, cells[place + before + 1])
            if row is None:
                raise InputError(
                    "{path}: row {row}: its quotes are ambiguous. Save it again as CSV from a "
                    "spreadsheet; nothing was written.",
                    path=source.path,
                    row=place + before + 1,
                )
            pieces += [content[done:start], row]
            done = end
        pieces.append(content[done:])
    text = b"".join(pieces)
    codec = dialect.encoding.codec
    whole = dialect.encoding.bom + (text if codec == "utf-8" else dialect.encoding.encode(text))
    return gzip.compress(whole, 6, mtime=0) if source.ending.endswith(".gz") else whole


def _with_cells(record: bytes, delimiter: str, cells: Mapping[int, str]) -> bytes | None:
    """A record with other cells; None if it would not read back as meant."""
    edge = re.escape(delimiter.encode())
    fields = re.findall(rb'(?:^|%b)("(?:[^"]|"")*"|[^%b]*)' % (edge, edge), record)
    wanted = cells_of(record, delimiter, "latin-1")
    if len(fields) != len(wanted):
        return None
    for number, cell in cells.items():
        fields[number] = _field(cell, delimiter, quoted=fields[number].startswith(b'"'))
        wanted[number] = cell.encode().decode("latin-1")
    changed = delimiter.encode().join(fields)
    return changed if cells_of(changed, delimiter, "latin-1") == wanted else None


def _field(cell: str, delimiter: str, *, quoted: bool) -> bytes:
    """A cell as it stands in a record; quoted where it was, or must be."""
    if quoted or any(character in cell for character in (delimiter, '"', "\r", "\n")):
        cell = '"' + cell.replace('"', '""') + '"'
    return cell.encode()
