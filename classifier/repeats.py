"""Rows that repeat: a text that stands in many rows is read and scored once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import numbers, values

__all__ = ["repeats"]

LOOK = 5_000
"""Rows looked at first, for looking at all costs a fiftieth of scoring them."""

SELDOM, WORTHWHILE = 0.01, 0.1
"""Share of repeated rows among the first from which all are looked at, and among all from
which it pays to score them once."""


def repeats(columns: Sequence[pa.Array]) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """The distinct rows of text columns of equal length, if many rows repeat.

    Returns
    -------
    firsts
        The first row of each kind, ascending, int64, shape (n_distinct,).
    places
        Index into ``firsts`` for each row, int64, shape (n_rows,).

    None where rows repeat too seldom to gain by it.

    Examples
    --------
    >>> firsts, places = repeats([pa.array(["got", "pju", "got"])])
    >>> firsts.tolist(), places.tolist()
    ([0, 1], [0, 1, 0])
    """
    look = _firsts(_numbered([column.slice(0, LOOK) for column in columns]))
    if len(look) >= (1 - SELDOM) * min(LOOK, len(columns[0])):
        return None
    places = _numbered(columns)
    firsts = _firsts(places)
    return (firsts, places) if len(firsts) <= (1 - WORTHWHILE) * len(places) else None


def _numbered(columns: Sequence[pa.Array]) -> NDArray[np.int64]:
    """A number for each row, the same for equal rows, in the order that they first appear."""
    numbered = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        encoded = column.dictionary_encode(null_encoding="encode")
        keys = numbered * len(encoded.dictionary) + values(encoded.indices)
        numbered = values(numbers(keys).dictionary_encode().indices).astype(np.int64)
    return numbered


def _firsts(numbered: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.flatnonzero(np.diff(np.maximum.accumulate(numbered), prepend=-1))
