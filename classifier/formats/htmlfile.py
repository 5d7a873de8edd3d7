"""HTML tables, as web applications save them under the name .xls.

Python's own parser reads them: it forgives what browsers forgive, needs no further
library, and such exports are a few thousand rows at most (some 100,000 cells a second).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from classifier.errors import InputError
from classifier.formats.sheets import Sheet, SheetSource

__all__ = ["HtmlSource"]

_BREAKS = {"br", "p", "div", "li"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]+)""", re.IGNORECASE)
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


class HtmlSource(SheetSource):
    """The table of an HTML file that holds the proposals; it comes back as CSV or .xlsx.

    Several tables are as several sheets: Tabel 1, Tabel 2 and so on.

    Raises
    ------
    InputError
        The file holds no table, or none that can be used.
    """

    def __init__(self, path: Path, sheet: str | None = None) -> None:
        parser = _Tables()
        try:
            parser.feed(_text(path))
            parser.close()
        except AssertionError:  # what the parser raises on some malformed declarations
            raise InputError(
                "{path}: is HTML that cannot be read. Open it in a spreadsheet and save it as "
                ".xlsx.",
                path=path,
            ) from None
        tables = [table for table in map(_Grid.rows, parser.grids) if table]
        if not tables:
            raise InputError(
                "{path}: is HTML without a table. Save the table as CSV or .xlsx.", path=path
            )
        sheets = [Sheet(f"Tabel {n}", _reader(table)) for n, table in enumerate(tables, start=1)]
        super().__init__(path, sheets, sheet)


class _Grid:
    """Cells of a table at their places: joined cells stand top left, with blanks around."""

    def __init__(self) -> None:
        self._rows: list[dict[int, str]] = []
        self._reaching: dict[int, int] = {}

    def begin_row(self) -> None:
        """A new row; cells that reach down from above have blanks in it."""
        self._rows.append(dict.fromkeys(self._reaching, ""))
        self._reaching = {column: rows - 1 for column, rows in self._reaching.items() if rows > 1}

    def add(self, text: str, columns: int, rows: int) -> None:
        """A cell that takes up so many columns and rows."""
        if not self._rows:
            self.begin_row()
        row = self._rows[-1]
        place = next(column for column in range(len(row) + 1) if column not in row)
        for column in range(place, place + columns):
            row.setdefault(column, "")
            if rows > 1:
                self._reaching[column] = rows - 1
        row[place] = text

    def rows(self) -> list[list[str]]:
        """All rows, equally long."""
        width = max((max(row) + 1 for row in self._rows if row), default=0)
        return [[row.get(column, "") for column in range(width)] for row in self._rows if width]


@dataclass
class _Open:
    """A table that is being read, and the cell in it, if one is open."""

    grid: _Grid
    cell: list[str] | None = None
    spans: tuple[int, int] = (1, 1)

    def end_cell(self) -> None:
        if self.cell is not None:
            self.grid.add(_clean("".join(self.cell)), *self.spans)
        self.cell = None


class _Tables(HTMLParser):
    """Collects the tables of a page, also tables within tables, in the order they begin."""

    def __init__(self) -> None:
        super().__init__()
        self.grids: list[_Grid] = []
        self._open: list[_Open] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell; none of them need be closed."""
        if tag == "table":
            self.grids.append(_Grid())
            self._open.append(_Open(self.grids[-1]))
        if not self._open:
            return
        table = self._open[-1]
        if tag == "tr":
            table.end_cell()
            table.grid.begin_row()
        elif tag in ("td", "th"):
            table.end_cell()
            given = dict(attrs)
            spans = _span(given.get("colspan"), 1_000), _span(given.get("rowspan"), 65_534)
            table.cell, table.spans = [], spans
        elif tag in _BREAKS and table.cell is not None:
            table.cell.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close a cell or a table."""
        if tag in ("td", "th", "tr", "table") and self._open:
            self._open[-1].end_cell()
            if tag == "table":
                self._open.pop()

    def handle_data(self, data: str) -> None:
        """Text of a cell; its blanks count as one, as in a browser."""
        if self.cdata_elem is not None:  # a script
            return
        if self._open and (cell := self._open[-1].cell) is not None:
            cell.append(_BLANKS.sub(" ", data))

    def close(self) -> None:
        """End what was left open."""
        super().close()
        while self._open:
            self._open.pop().end_cell()


def _clean(text: str) -> str:
    return re.sub(r" *\n *", "\n", text).strip(" \n\xa0")


def _span(value: str | None, most: int) -> int:
    number = re.match(r"\s*(\d{1,9})", value or "")
    return max(1, min(int(number[1]), most)) if number else 1


def _reader(rows: list[list[str]]) -> Callable[[int | None], list[list[str]]]:
    return lambda count: rows[:count]


def _text(path: Path) -> str:
    """The page, in the encoding that it names, or UTF-8, or Windows-1252."""
    content = path.read_bytes()
    for bom, encoding in _BOMS.items():
        if content.startswith(bom):
            return content.removeprefix(bom).decode(encoding, errors="replace")
    named = _CHARSET.search(content[:4_096])
    for encoding in (named[1].decode() if named else "utf-8", "utf-8"):
        with suppress(UnicodeDecodeError, LookupError):
            return content.decode(encoding)
    return content.decode("cp1252", errors="replace")
