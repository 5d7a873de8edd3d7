"""What a function makes of single words, remembered from one part of a table to the next."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from classifier.arrays import index_in, numbers, values

__all__ = ["Remembered"]

LONGEST = 50
"""Bytes of a word that is remembered. No word is longer: what is, an image in a cell say,
must not fill the memory."""


class Remembered:
    """A function of distinct words that is asked but once for each.

    Threads may call it at the same time.

    Parameters
    ----------
    function
        Gives an array with an element for each word, which depends on that word alone.
    most
        Words remembered; with more of them it begins anew, so that memory stays bounded.

    Examples
    --------
    >>> lengths = Remembered(pc.utf8_length, most=1000)
    >>> lengths(pa.array(["got", "jalan"])).to_pylist()
    [3, 5]
    """

    def __init__(self, function: Callable[[pa.Array], pa.Array], most: int) -> None:
        self._function, self._most = function, most
        self._known: tuple[pa.Array, pa.Array] | None = None

    def __call__(self, words: pa.Array) -> pa.Array:
        """What the function makes of distinct words, all of one type in all calls."""
        known, results = self._known or (words[:0], self._function(words[:0]))
        at = index_in(words, known)
        new = np.flatnonzero(at < 0)
        if not len(new):
            return results.take(numbers(at))
        at[new] = len(known) + np.arange(len(new))
        fresh = words.take(numbers(new))
        known = pa.concat_arrays([known, fresh])
        results = pa.concat_arrays([results, self._function(fresh)])
        self._remember(known, results, len(known) - len(new))
        return results.take(numbers(at))

    def __getstate__(self) -> dict[str, object]:
        """What travels to another process: not what is remembered."""
        return {**self.__dict__, "_known": None}

    def _remember(self, known: pa.Array, results: pa.Array, old: int) -> None:
        """Keep all, or, where that is too much, what is new; one assignment, for threads."""
        short = np.flatnonzero(values(pc.binary_length(known)) <= LONGEST)
        if len(short) > self._most:
            short = short[short >= old][: self._most]
        if len(short) < len(known):
            known, results = known.take(numbers(short)), results.take(numbers(short))
        self._known = known, results
