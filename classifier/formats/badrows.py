"""Rows that cannot be tagged as they are: found, told, and listed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.formats.encodings import is_utf8
from classifier.formats.formulas import plain
from classifier.formats.records import Records
from classifier.language import _

__all__ = [
    "BROKEN",
    "LONGEST",
    "BadRow",
    "Flaw",
    "bad_rows",
    "find_flaws",
    "list_header",
    "listing",
    "ragged",
    "shown",
]

BROKEN = "baris rusak"
"""What ``tag_alasan`` says of such a row."""

LONGEST = 1_000_000
"""Bytes of a row, at most: a spreadsheet's cell holds 32,767 characters."""

_LISTED = ("berkas", "baris", "alasan", "teks")


@dataclass(frozen=True)
class Flaw:
    """What is wrong with a row and what to do, for a message; and the same for the list."""

    what: str
    fix: str
    alasan: str


@dataclass(frozen=True)
class BadRow:
    """A row that is passed through without tags: file, first line, why, and its text, cut."""

    file: str
    line: int
    alasan: str
    text: str


def find_flaws(records: Records, encoding: str, *, checked: bool) -> dict[int, Flaw]:
    """Record number -> flaw, of rows that no parser should see.

    Parameters
    ----------
    records
        Some rows.
    encoding
        Name of the encoding that they were in.
    checked
        Whether all of it is known to decode.
    """
    found: dict[int, Flaw] = {}
    if not checked and not is_utf8(iter([records.content])):
        flaw = Flaw(
            _("a byte that is no text in {encoding}", encoding=encoding),
            _("Save it as CSV UTF-8"),
            "ada byte bukan teks",
        )
        rows = (row for row in range(len(records.ends)) if not is_utf8(iter([records.record(row)])))
        found |= dict.fromkeys(rows, flaw)
    if b"\0" in records.content:
        places = np.flatnonzero(np.frombuffer(records.content, np.uint8) == 0)
        rows_with = np.unique(np.searchsorted(records.ends, places, side="right"))
        found |= dict.fromkeys(rows_with.tolist(), _nul())
    long = np.flatnonzero(records.ends - records.starts > LONGEST)
    return found | dict.fromkeys(long.tolist(), _too_long())


def ragged(cells: int, expected: int, delimiter: str) -> Flaw:
    """A row of more or fewer cells than the header."""
    return Flaw(
        _("{cells} cells where the header has {expected}", cells=cells, expected=expected),
        _("Correct the row (a stray {delimiter!r} or quote?)", delimiter=delimiter),
        f"{cells} sel, seharusnya {expected}",
    )


def _nul() -> Flaw:
    return Flaw(_("a NUL byte"), _("Take it out, or export the table again,"), "ada byte NUL")


def _too_long() -> Flaw:
    return Flaw(
        _("a row of more than 1 MB"),
        _("Close a quote that is open in it, or shorten it,"),
        "lebih dari 1 MB",
    )


def bad_rows(
    file: str, line: int, records: Records, flaws: Mapping[int, Flaw]
) -> dict[int, BadRow]:
    """Record number -> what to list of it; ``line`` is that of the first record."""
    return {
        row: BadRow(file, line + records.line(row), flaw.alasan, shown(records.record(row)))
        for row, flaw in sorted(flaws.items())
    }


def list_header() -> bytes:
    """The first line of the list of bad rows."""
    return _lines([_LISTED])


def listing(rows: Iterable[BadRow]) -> bytes:
    """Lines of the list of bad rows."""
    return _lines((row.file, row.line, row.alasan, plain(row.text)) for row in rows)


def shown(record: bytes, characters: int = 200) -> str:
    """The text of a row, cut."""
    text = (
        record[: 4 * characters].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")
    )
    return text.strip()[:characters]


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
