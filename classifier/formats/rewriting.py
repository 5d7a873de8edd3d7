"""Sheets written anew, for formats that cannot be changed in place: as CSV or .xlsx.

The CSV is what Excel with Indonesian settings opens by a double click: cells between
semicolons, since the comma is its decimal sign, and UTF-8 with a byte order mark.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from classifier.atomic import new_file
from classifier.errors import OutputError
from classifier.formats.celltext import TagCollector, cell_text
from classifier.formats.formulas import plain
from classifier.formats.layout import Layout

__all__ = ["rewritten"]

DELIMITER = ";"
_LONGEST = 32_767
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")


@contextmanager
def rewritten(
    path: Path,
    rows: Sequence[Sequence[Any]],
    layout: Layout,
    added: Sequence[str],
    *,
    title: str,
    overwrite: bool,
    safe: bool = False,
) -> Iterator[TagCollector]:
    """All rows of a sheet with columns ``added``, in place of any so named.

    Raises
    ------
    OutputError
        The file exists and ``overwrite`` is false, or it cannot be written.
    """
    if path.suffix.lower() == ".xlsx":
        _refuse_long(path, rows)
    with new_file(path, overwrite=overwrite) as stream:
        collector = TagCollector(added)
        yield collector
        with_tags = _with_tags(rows, layout, added, collector)
        if path.suffix.lower() == ".xlsx":
            _write_xlsx(stream, with_tags, title)
        else:
            _write_csv(stream, with_tags, collector.counts, safe=safe)


def _refuse_long(path: Path, rows: Sequence[Sequence[Any]]) -> None:
    """Raise OutputError if a cell is longer than Excel's can be: openpyxl would cut it off."""
    for number, row in enumerate(rows, 1):
        if any(isinstance(value, str) and len(value) > _LONGEST for value in row):
            raise OutputError(
                "{path}: row {row} has a cell of more than {most} characters, which Excel cannot "
                "hold. Give a name that ends in .csv.",
                path=path,
                row=number,
                most=_LONGEST,
            )


def _with_tags(
    rows: Sequence[Sequence[Any]], layout: Layout, added: Sequence[str], collector: TagCollector
) -> Iterator[list[Any]]:
    header = [cell_text(value) for value in rows[layout.header]]
    kept = [number for number, name in enumerate(header) if name not in added]
    tags = zip(*collector.columns(len(rows) - layout.first), strict=True)
    for number, row in enumerate(rows):
        own = [row[column] for column in kept]
        if number == layout.header:
            yield [*own, *added]
        elif number >= layout.first:
            yield [*own, *next(tags)]
        else:
            yield [*own, *[None] * len(added)]


def _write_csv(
    stream: IO[bytes], rows: Iterable[Sequence[Any]], counts: Counter[str], *, safe: bool
) -> None:
    """Cells that could be formulas are counted and, if ``safe``, put behind an apostrophe."""

    def cell(value: Any) -> str:
        shown = cell_text(value)
        harmless = plain(shown)
        counts["formulas"] += harmless != shown
        return harmless if safe else shown

    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, delimiter=DELIMITER, lineterminator="\r\n")
    writer.writerows([cell(value) for value in row] for row in rows)
    text.detach()


def _write_xlsx(stream: IO[bytes], rows: Iterable[Sequence[Any]], title: str) -> None:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet(_NO_TITLE.sub("_", title)[:31] or "Sheet1")

    def cell(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        text = WriteOnlyCell(sheet, _NO_XML.sub("", value))
        text.data_type = "s"  # or "=1+1" became a formula
        return text

    for row in rows:
        sheet.append([cell(value) for value in row])
    book.save(stream)
