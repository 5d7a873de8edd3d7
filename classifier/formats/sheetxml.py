"""The XML of one worksheet with further columns, everything else byte for byte as it was.

Rows are told apart by their tags alone: in XML, ``<`` never stands inside a text. So a
sheet of any length passes through in blocks, and what other programs put into it stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import IO

from classifier.formats.celltext import Value
from classifier.formats.sheetframe import (
    Added,
    column_letters,
    column_number,
    framed_head,
    framed_tail,
    unusual,
)
from classifier.language import _

__all__ = ["with_columns"]

BLOCK = 1_000_000
_DATA = re.compile(rb"<(?:\w+:)?sheetData\s*>")
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_CELL_COLUMN = re.compile(rb"""\sr=["']([A-Z]+)""")
_ROW_NUMBER = re.compile(rb"""\sr=["'](\d+)""")
_STYLE = re.compile(rb"""\ss=["'](\d+)""")
_SPANS = re.compile(rb"""\sspans=["'][^"']*["']""")


def with_columns(stream: IO[bytes], added: Added) -> Iterator[bytes]:
    """The sheet's XML with columns added.

    Raises
    ------
    InputError
        The XML is not as spreadsheets write it. The message has no file name.
    """
    head, text = _opened(stream)
    prefix = _prefix(head)
    yield framed_head(head, prefix, added)
    rows, close, end = _Rows(prefix, added), b"</%brow>" % prefix, b"</%bsheetData>" % prefix
    while end not in text:
        *whole, text = text.split(close)
        for piece in whole:
            yield from rows.extended(piece)
        text += _more(stream)
    inside, _end, tail = text.partition(end)
    for piece in inside.split(close):
        yield from rows.extended(piece)
    yield from rows.missing(added.last + 1)
    yield end + framed_tail(tail + stream.read(), added)


def _opened(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """The XML up to and with the tag that opens the rows, and what was read behind it."""
    text = b""
    while (found := _DATA.search(text)) is None:
        text += _more(stream)
    return text[: found.end()], text[found.end() :]


def _more(stream: IO[bytes]) -> bytes:
    block = stream.read(BLOCK)
    if not block:
        raise unusual(_("it ends early"))
    return block


def _prefix(head: bytes) -> bytes:
    """The namespace prefix with its colon, usually none."""
    root = re.search(rb"<(\w+:)?worksheet\b", head)
    encoding = re.search(rb"""encoding=["']([\w-]+)""", head[:200])
    if root is None or (encoding and encoding[1].lower() not in (b"utf-8", b"us-ascii")):
        raise unusual(_("it is not in UTF-8"))
    return root[1] or b""


class _Rows:
    """Puts cells into one row after the other."""

    def __init__(self, prefix: bytes, added: Added) -> None:
        self._prefix, self._added, self._last = prefix, added, 0
        self._row = re.compile(rb"<%brow(?=[\s/>])([^>]*)>" % prefix)
        self._cell = re.compile(
            rb"<%bc(?=[\s/>])([^>]*?)(/>|>.*?</%bc>)" % (prefix, prefix), re.DOTALL
        )
        self._letters = [column_letters(column) for column in added.columns]
        self._bodies = [self._rendered(values) for values in added.values]
        self._names = self._rendered(added.names)

    def extended(self, text: bytes) -> Iterator[bytes]:
        """Rows in a text that ends where ``</row>`` stood; all rows but the last are blank."""
        position = 0
        if b"<!" in text:
            raise unusual(_("it has comments between its rows"))
        for tag in self._row.finditer(text):
            yield text[position : tag.start()]
            blank = tag[1].endswith(b"/")
            position = tag.end() if blank else len(text)
            number = _ROW_NUMBER.search(tag[1])
            row = int(number[1]) if number else self._last + 1
            if row <= self._last:
                raise unusual(_("row {row} stands behind row {last}", row=row, last=self._last))
            yield from self.missing(row)
            self._last = row
            cells = self._with_ours(row, text[tag.end() : position])
            attributes = _SPANS.sub(b"", tag[1].removesuffix(b"/"))
            yield b"<%brow%b>%b</%brow>" % (self._prefix, attributes, cells, self._prefix)
        yield text[position:]

    def missing(self, before: int) -> Iterator[bytes]:
        """Rows that are not in the XML, as they are blank, but get cells of ours."""
        for row in range(max(self._last + 1, self._added.first), min(before, self._added.last + 1)):
            if cells := self._with_ours(row, b""):
                yield b'<%brow r="%d">%b</%brow>' % (self._prefix, row, cells, self._prefix)

    def _with_ours(self, row: int, cells: bytes) -> bytes:
        added = self._added
        if row == added.header:
            style = self._last_style(cells)
            return self._merged(row, cells, self._names, style)
        if not added.first <= row <= added.last:
            return cells
        ours = [column[row - added.first] for column in self._bodies]
        if self._ends_before(cells, min(added.columns)):
            return cells + b"".join(
                self._placed(row, letters, b"", body)
                for letters, body in zip(self._letters, ours, strict=True)
                if body
            )
        return self._merged(row, cells, ours, b"")

    def _merged(self, row: int, cells: bytes, ours: Sequence[bytes], style: bytes) -> bytes:
        """Cells of a row with ours in their places, in the style of those that stood there."""
        found: dict[int, bytes] = {}
        styles: dict[int, bytes] = {}
        column, end = 0, 0
        for cell in self._cell.finditer(cells):
            letters = _CELL_COLUMN.search(cell[1])
            column = column_number(letters[1]) if letters else column + 1
            if column in found:
                raise unusual(_("row {row} has two cells in one column", row=row))
            found[column], end = cell[0], cell.end()
            if own := _STYLE.search(cell[1]):
                styles[column] = b' s="%b"' % own[1]
        for place, name, body in zip(self._added.columns, self._letters, ours, strict=True):
            if body or place in found:
                found[place] = self._placed(row, name, styles.get(place, style), body)
        return b"".join(found[column] for column in sorted(found)) + cells[end:]

    def _ends_before(self, cells: bytes, column: int) -> bool:
        """Whether all cells stand before a column, and nothing else behind them."""
        if not cells:
            return True
        start = cells.rfind(b"<%bc " % self._prefix)
        letters = _CELL_COLUMN.match(cells[start + len(self._prefix) + 2 :])
        usual = start >= 0 and cells.endswith((b"/>", b"</%bc>" % self._prefix))
        return usual and letters is not None and column_number(letters[1]) < column

    def _last_style(self, cells: bytes) -> bytes:
        """Style of the header's last cell that is not ours."""
        found = b""
        for cell in self._cell.finditer(cells):
            letters = _CELL_COLUMN.search(cell[1])
            style = _STYLE.search(cell[1])
            if style and letters and column_number(letters[1]) <= self._added.width:
                found = b' s="%b"' % style[1]
        return found

    def _placed(self, row: int, letters: bytes, style: bytes, body: bytes) -> bytes:
        return b'<%bc r="%b%d"%b%b' % (self._prefix, letters, row, style, body or b"/>")

    def _rendered(self, values: Sequence[Value]) -> list[bytes]:
        """What stands behind each cell's place and style; nothing where it is blank."""
        known = {value: self._body(value) for value in set(values)}
        return [known[value] for value in values]

    def _body(self, value: Value) -> bytes:
        p = self._prefix
        if value is None:
            return b""
        if isinstance(value, float):
            return b"><%bv>%b</%bv></%bc>" % (p, repr(value).encode(), p, p)
        text = escape(_NO_XML.sub("", value), quote=False).encode(errors="replace")
        return (
            b' t="inlineStr"><%bis><%bt xml:space="preserve">%b</%bt></%bis></%bc>'
            % (p, p, text, p, p, p)
        )  # fmt: skip
