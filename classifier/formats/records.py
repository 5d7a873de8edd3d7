"""Where the records of a CSV file end: a line end inside quotes ends nothing."""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from classifier.arrays import places

__all__ = ["Records", "cells_of", "cut"]

_QUOTE, _LF, _CR = b'"\n\r'


@dataclass(frozen=True)
class Records:
    """Whole records of a CSV file, one after the other; offsets are int64, ascending.

    Attributes
    ----------
    content
        Their text as UTF-8, blank lines included.
    ends
        Offsets behind each record's line end, shape (n_records,).
    opens, closes
        Offsets of the quotes that open and that close a cell; one that is not closed leaves
        ``closes`` one shorter.
    lines
        Offsets behind all line ends, also of those inside quotes.
    """

    content: bytes
    ends: NDArray[np.int64]
    opens: NDArray[np.int64]
    closes: NDArray[np.int64]
    lines: NDArray[np.int64]

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Offset of each record's first byte, shape (n_records,)."""
        starts = np.zeros_like(self.ends)
        starts[1:] = self.ends[:-1]
        return starts

    @cached_property
    def bodies(self) -> NDArray[np.int64]:
        """Offset behind each record's last byte before its line end, shape (n_records,)."""
        if not self.content:
            return self.ends
        data = np.frombuffer(self.content, np.uint8)
        last = data[self.ends - 1]
        pair = (last == _LF) & (self.ends >= 2) & (data[self.ends - 2] == _CR)
        bodies: NDArray[np.int64] = self.ends - ((last == _LF) | (last == _CR)) - pair
        return np.maximum(bodies, self.starts)  # nothing at all, behind the last line end

    @cached_property
    def filled(self) -> NDArray[np.bool_]:
        """Which records are rows, that is, not blank lines, shape (n_records,)."""
        filled: NDArray[np.bool_] = self.bodies > self.starts
        return filled

    @property
    def unclosed(self) -> bool:
        """Whether the last record ends inside quotes."""
        return len(self.opens) > len(self.closes)

    def record(self, number: int) -> bytes:
        """Bytes of one record, with its line end."""
        return self.content[self.starts[number] : self.ends[number]]

    def line(self, number: int) -> int:
        """Lines before a record."""
        return int(np.searchsorted(self.lines, self.starts[number], side="right"))

    def inside(self, offsets: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which offsets are inside quotes."""
        opened, closed = (np.searchsorted(edges, offsets) for edges in (self.opens, self.closes))
        inside: NDArray[np.bool_] = opened > closed
        return inside


def cut(block: bytes, delimiter: str, *, last: bool) -> Records:
    r"""The whole records at the begin of a block.

    Parameters
    ----------
    block
        Text that begins at the begin of a record.
    delimiter
        One ASCII character.
    last
        Whether the file ends with this block: then what follows the last line end is a
        record too, otherwise it is left for the next block.

    Examples
    --------
    >>> cut(b'a,"b\nc"\nd,e', ",", last=False).ends.tolist()
    [8]
    >>> cut(b'a,"b\nc"\nd,e', ",", last=True).ends.tolist()
    [8, 11]
    """
    data = np.frombuffer(block, np.uint8)
    marks = places(block, b'"\n\r')
    quotes, others = marks[data[marks] == _QUOTE], marks[data[marks] != _QUOTE]
    opens, closes = _enclosing(block, data, quotes, ord(delimiter))
    behind = data[np.minimum(others + 1, len(data) - 1)]
    ends = lines = others[(data[others] == _LF) | (behind != _LF)] + 1  # no CR before an LF
    if len(opens):
        ends = lines[np.searchsorted(opens, lines) == np.searchsorted(closes, lines)]
    if last:
        if len(data) and (not len(ends) or ends[-1] < len(data)):
            ends = np.append(ends, len(data))
        return Records(block, ends, opens, closes, lines)
    if len(ends) and ends[-1] == len(data) and data[-1] == _CR:
        ends = ends[:-1]  # the LF of this CR LF may be in the next block
    size = int(ends[-1]) if len(ends) else 0
    opens, closes = (edges[: np.searchsorted(edges, size)] for edges in (opens, closes))
    return Records(block[:size], ends, opens, closes, lines[lines <= size])


def cells_of(record: bytes, delimiter: str, encoding: str = "utf-8") -> list[str]:
    r"""The cells of one record; what does not decode is replaced.

    Examples
    --------
    >>> cells_of(b'a,"b ""c"" d"\n', ",")
    ['a', 'b "c" d']
    """
    csv.field_size_limit(sys.maxsize >> 32)
    text = io.StringIO(record.decode(encoding, errors="replace"), newline="")
    return next(csv.reader(text, delimiter=delimiter), [])


def _enclosing(
    block: bytes, data: NDArray[np.uint8], quotes: NDArray[np.int64], delimiter: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Those quotes that open a cell, and those that close one."""
    opening, closing = quotes[::2], quotes[1::2]
    if not len(quotes):
        return opening, closing
    edge = np.zeros(256, bool)
    edge[[delimiter, _LF, _CR]] = True
    doubled = closing[: len(opening) - 1] + 1 == opening[1:]
    opens = (opening == 0) | edge[data[opening - 1]]
    opens[1:] |= doubled
    behind = closing + 1
    closes = (behind == len(data)) | edge[data[np.minimum(behind, len(data) - 1)]]
    closes[: len(doubled)] |= doubled
    if not (opens.all() and closes.all()):  # a stray quote, such as 5" in a bare cell
        found = list(_enclosing_one_by_one(block, quotes, bytes([delimiter, _LF, _CR])))
        return np.array(found[::2], np.int64), np.array(found[1::2], np.int64)
    first, final = np.ones(len(opening), bool), np.ones(len(closing), bool)
    first[1:] = final[: len(doubled)] = ~doubled
    return opening[first], closing[final]


def _enclosing_one_by_one(block: bytes, quotes: NDArray[np.int64], edges: bytes) -> Iterator[int]:
    """Offsets of opening and closing quotes in turn, as Python's csv module takes them."""
    inside, doubled = False, -1
    for quote in quotes.tolist():
        if not inside:
            if quote == 0 or block[quote - 1] in edges:
                inside = True
                yield quote
        elif quote != doubled:
            if block[quote + 1 : quote + 2] == b'"':
                doubled = quote + 1
            else:
                inside = False
                yield quote
