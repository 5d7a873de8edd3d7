"""Cells that a spreadsheet would take for a formula: found, counted, escaped.

A cell is one if it begins with ``= + - @``, TAB or CR. A sign alone, or before nothing but
digits and their punctuation (``-``, ``-6.12``, ``+62 812-3456``), is harmless: without a letter
there is no function, no cell and no program to call; such cells are left out.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import places, slices, values
from classifier.formats.records import Records

__all__ = ["escaped", "formula_starts", "plain"]

_STARTS = b"=+-@\t\r"
_CR = ord("\r")
_RISKY = np.isin(np.arange(256), list(_STARTS))
_FIGURE = r"[-+][0-9 .,/()%+-]*"


def formula_starts(records: Records, delimiter: str) -> NDArray[np.int64]:
    """Offsets of the first characters of such cells, int64, ascending.

    Examples
    --------
    >>> from classifier.formats.records import cut
    >>> formula_starts(cut(b'=1,"-a",-1,b=', ",", last=True), ",").tolist()
    [0, 4]
    """
    if not len(records.ends):
        return records.ends
    data = np.frombuffer(records.content, np.uint8)
    bare = _merged(_first(records, data, delimiter), _behind(records, data, delimiter))
    quoted = records.opens[records.opens < len(data) - 1] + 1
    quoted = quoted[_RISKY[data[quoted]]]
    other = _FIGURE.replace(delimiter, "")
    end = f"(?:[{delimiter}\r\n]|$)"
    bare = bare[~_matches(records, bare, f"^{other}{end}")]
    quoted = quoted[~_matches(records, quoted, f'^{_FIGURE}"{end}')]
    return _merged(bare, quoted)


def escaped(records: Records, starts: NDArray[np.int64]) -> Records:
    """The same records with an apostrophe before each of the cells."""
    content = np.insert(np.frombuffer(records.content, np.uint8), starts, ord("'"))
    moved = (
        edges + np.searchsorted(starts, edges, side="left")
        for edges in (records.ends, records.opens, records.closes, records.lines)
    )
    return Records(content.tobytes(), *moved)


def plain(cell: str) -> str:
    """A cell of ours, behind an apostrophe if it could be a formula.

    Examples
    --------
    >>> plain("=1+1"), plain("-5")
    ("'=1+1", '-5')
    """
    risky = cell[:1] in tuple(_STARTS.decode()) and not re.fullmatch(_FIGURE, cell)
    return f"'{cell}" if risky else cell


def _first(records: Records, data: NDArray[np.uint8], delimiter: str) -> NDArray[np.int64]:
    """Begins of rows, where the first cell is not empty."""
    starts = records.starts[records.filled]
    first: NDArray[np.int64] = starts[_RISKY[data[starts]] & (data[starts] != ord(delimiter))]
    return first


def _behind(records: Records, data: NDArray[np.uint8], delimiter: str) -> NDArray[np.int64]:
    """Behind delimiters outside quotes; a CR there ends a line."""
    there = bytes(c for c in _STARTS if c in records.content and c not in (_CR, ord(delimiter)))
    if not there:
        return np.zeros(0, np.int64)
    before = places(records.content, there) - 1
    before = before[data[before] == ord(delimiter)]
    outside: NDArray[np.int64] = before[(before >= 0) & ~records.inside(before)]
    return outside + 1


def _merged(first: NDArray[np.int64], second: NDArray[np.int64]) -> NDArray[np.int64]:
    """Offsets of both, ascending; none is in both."""
    return np.sort(np.concatenate([first, second]), kind="stable")


def _matches(records: Records, starts: NDArray[np.int64], pattern: str) -> NDArray[np.bool_]:
    """Where the text from each offset on matches a pattern that looks no further than a cell."""
    texts = slices(records.content, np.append(starts, len(records.content)))
    matches: NDArray[np.bool_] = values(pc.match_substring_regex(texts, pattern))
    return matches
