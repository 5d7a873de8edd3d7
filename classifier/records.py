"""Where the records of a CSV file end: a line end inside quotes ends nothing."""

from __future__ import annotations

import csv
import sys

import numpy as np
from numpy.typing import NDArray

__all__ = ["count_lines", "filled_records", "is_unclosed", "line_end_lengths", "record_ends"]

_QUOTE, _LF, _CR = b'"\n\r'


def record_ends(block: bytes, delimiter: bytes, *, last: bool) -> NDArray[np.int64]:
    r"""Offsets just behind each record's line end, ascending, int64, shape (n_records,).

    Parameters
    ----------
    block
        Text that begins at the begin of a record.
    delimiter
        One byte.
    last
        Whether the file ends with this block: then what follows the last line end is a
        record too, otherwise it is left for the next block.

    Examples
    --------
    >>> record_ends(b'a,"b\nc"\nd,e', b",", last=False).tolist()
    [8]
    >>> record_ends(b'a,"b\nc"\nd,e', b",", last=True).tolist()
    [8, 11]
    """
    data = np.frombuffer(block, np.uint8)
    quotes = np.flatnonzero(data == _QUOTE)
    if _usual(data, quotes, delimiter[0]):
        ends = _line_ends(data)
        ends = ends[np.searchsorted(quotes, ends) % 2 == 0]
        if not last and len(ends) and ends[-1] == len(data) and data[-1] == _CR:
            ends = ends[:-1]  # the LF of this CR LF may be in the next block
    else:
        ends = _ends_by_csv(block, delimiter, last=last)
    if last and len(data) and (not len(ends) or ends[-1] < len(data)):
        ends = np.append(ends, len(data))
    return ends


def line_end_lengths(block: bytes, ends: NDArray[np.int64]) -> NDArray[np.int64]:
    """Bytes of each record's line end: 0, 1 or 2."""
    data = np.frombuffer(block, np.uint8)
    if not len(ends):
        return ends
    last = data[ends - 1]
    pair = (last == _LF) & (ends >= 2) & (data[ends - 2] == _CR)
    lengths: NDArray[np.int64] = np.isin(last, (_LF, _CR)).astype(np.int64) + pair
    return lengths


def filled_records(block: bytes, ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which records are rows, that is, not blank lines."""
    starts = np.concatenate([[0], ends[:-1]])
    filled: NDArray[np.bool_] = ends - starts > line_end_lengths(block, ends)
    return filled


def count_lines(block: bytes) -> int:
    """Line ends in a block: LF, CR LF and lone CR."""
    return block.count(b"\n") + block.count(b"\r") - block.count(b"\r\n")


def is_unclosed(record: bytes, delimiter: bytes) -> bool:
    """Whether a record ends inside quotes, so that any line behind it would be swallowed."""
    csv.field_size_limit(sys.maxsize >> 32)
    lines = [line.decode("latin-1") for line in record.splitlines(keepends=True)]
    lines[-1:] = [lines[-1].rstrip("\r\n") + "\n", "x\n"]
    return len(list(csv.reader(lines, delimiter=delimiter.decode("latin-1")))) < 2


def _line_ends(data: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Offsets behind LF, CR LF and lone CR."""
    ends = np.flatnonzero(data == _LF) + 1
    returns = np.flatnonzero(data == _CR) + 1
    if not len(returns):
        return ends
    lone = returns[data[np.minimum(returns, len(data) - 1)] != _LF]
    return np.union1d(ends, lone)


def _usual(data: NDArray[np.uint8], quotes: NDArray[np.int64], delimiter: int) -> bool:
    """Whether every quote opens or closes a cell, or is doubled within one.

    Where that holds, text is inside quotes exactly after an odd number of quotes.
    """
    if not len(quotes):
        return True
    edge = np.zeros(256, bool)
    edge[[delimiter, _LF, _CR]] = True
    opening, closing = quotes[::2], quotes[1::2]
    opens = (opening == 0) | edge[data[opening - 1]]
    opens[1:] |= closing[: len(opening) - 1] == opening[1:] - 1
    behind = closing + 1
    closes = (behind == len(data)) | edge[data[np.minimum(behind, len(data) - 1)]]
    closes[: len(opening) - 1] |= behind[: len(opening) - 1] == opening[1:]
    return bool(opens.all() and closes.all())


def _ends_by_csv(block: bytes, delimiter: bytes, *, last: bool) -> NDArray[np.int64]:
    """The same by Python's csv module, for stray quotes such as 5" in a bare cell."""
    csv.field_size_limit(sys.maxsize >> 32)
    lines = [line.decode("latin-1") for line in block.splitlines(keepends=True)]
    reader = csv.reader(iter(lines), delimiter=delimiter.decode("latin-1"))
    counts = [reader.line_num for _ in reader]
    offsets = np.concatenate([[0], np.cumsum([len(line) for line in lines], dtype=np.int64)])
    ends = offsets[np.array(counts, np.int64)]
    return ends if last else ends[:-1]
