"""What stands around the rows in a worksheet's XML: extent, widths, filter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from classifier.errors import InputError
from classifier.formats.celltext import Value

__all__ = [
    "Added",
    "column_letters",
    "column_number",
    "framed_head",
    "framed_tail",
    "unusual",
    "with_filter_name",
]

_WIDTH = 18
_EXTENT = re.compile(rb"""(<(?:\w+:)?dimension\b[^>]*\sref=["'])[^"']*""")
_FILTER = re.compile(rb"""<(?:\w+:)?autoFilter\b[^>]*\sref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)""")
_NAME = re.compile(
    rb"(<(?:\w+:)?definedName\b[^>]*_xlnm\._FilterDatabase[^>]*>[^<]*!)([^<!]*)(?=</)"
)


@dataclass
class Added:
    """Columns to put into a sheet; columns and rows are numbered from 1.

    Attributes
    ----------
    columns, names
        Where they stand and what they are called; several may lie inside the table.
    values
        Values of each column, from row ``first`` on.
    header, first
        Row of the names, and first row of the values.
    width
        Columns that the sheet had.
    filters
        Range of the sheet's filter as it was and as it is, once it was widened.
    """

    columns: Sequence[int]
    names: Sequence[str]
    values: Sequence[Sequence[Value]]
    header: int
    first: int
    width: int
    filters: tuple[bytes, ...] = field(default=(), init=False)

    @property
    def last(self) -> int:
        """The last row with values."""
        return self.first + len(self.values[0]) - 1


def framed_head(head: bytes, prefix: bytes, added: Added) -> bytes:
    """What stands before the rows, with the new extent and widths for the new columns."""
    last = column_letters(max(added.width, *added.columns))
    extent = b"A1:%b%d" % (last, max(added.header, added.last))
    head = _EXTENT.sub(lambda found: found[1] + extent, head, count=1)
    new = [column for column in added.columns if column > added.width]
    set_already = [int(column) for column in re.findall(rb"""\smax=["'](\d+)""", head)]
    if not new or any(column >= new[0] for column in set_already):
        return head
    width = b'<%bcol min="%d" max="%d" width="%d" customWidth="1"/></%bcols>' % (
        prefix, new[0], new[-1], _WIDTH, prefix,
    )  # fmt: skip
    closing = b"</%bcols>" % prefix
    if closing in head:
        return head.replace(closing, width)
    opening = head.rindex(b"<")
    return head[:opening] + b"<%bcols>" % prefix + width + head[opening:]


def framed_tail(tail: bytes, added: Added) -> bytes:
    """What stands behind the rows; a filter of the whole header takes in the new columns."""
    found, last = _FILTER.search(tail), max(added.columns)
    whole = found and (column_number(found[3]), int(found[2])) == (added.width, added.header)
    if not found or not whole or last <= added.width:
        return tail
    left, top, right, bottom = found.groups()
    ends = (right, column_letters(last))
    added.filters = tuple(b"$%b$%b:$%b$%b" % (left, top, end, bottom) for end in ends)
    return tail[: found.start(3)] + column_letters(last) + tail[found.end(3) :]


def with_filter_name(workbook: bytes, added: Added, sheet: int) -> bytes:
    """The workbook's XML with the hidden name of a sheet's filter as wide as the filter.

    Spreadsheets want both to agree; ``sheet`` is the sheet's number from 0.
    """
    if not added.filters:
        return workbook
    before, after = added.filters
    local = re.compile(rb"""\slocalSheetId=["']%d["']""" % sheet)

    def widened(found: re.Match[bytes]) -> bytes:
        ours = found[2] == before and local.search(found[1])
        return found[1] + after if ours else found[0]

    return _NAME.sub(widened, workbook)


def column_letters(number: int) -> bytes:
    """Letters of a column numbered from 1.

    Examples
    --------
    >>> [column_letters(number) for number in (1, 26, 27, 16384)]
    [b'A', b'Z', b'AA', b'XFD']
    """
    letters = b""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = b"%c" % (65 + rest) + letters
    return letters


def column_number(letters: bytes) -> int:
    """Number from 1 of a column by its letters.

    Examples
    --------
    >>> column_number(b"XFD")
    16384
    """
    number = 0
    for letter in letters:
        number = 26 * number + letter - 64
    return number


def unusual(why: str) -> InputError:
    """What to say of XML that cannot be passed through; without the file's name."""
    return InputError(
        "the sheet's XML is not as spreadsheets write it ({why}). Open it in a spreadsheet and "
        "save it again as .xlsx.",
        why=why,
    )
