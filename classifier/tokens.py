"""Tokens of a table: what a column of proposals becomes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import index_in

__all__ = ["MAYBE_NAME", "POINTER", "WORD", "Tokens", "previous", "shift"]

WORD, MAYBE_NAME, POINTER = 0, 1, 2
"""Roles of a token: an ordinary word; a word where a place name would stand (it counts
only if it is known from elsewhere); a word like ``desa`` that goes with such a name."""

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True)
class Tokens:
    """Tokens of a table with one or more text columns.

    Attributes
    ----------
    words
        The distinct tokens, shape (n_words,).
    codes
        Index into ``words``, int32, shape (n_tokens,).
    texts
        Which text a token stands in, int64, shape (n_tokens,), ascending. Text ``t`` is
        row ``t % n_rows`` of column ``t // n_rows``.
    roles
        :data:`WORD`, :data:`MAYBE_NAME` or :data:`POINTER`, uint8, shape (n_tokens,).
    blank
        Rows without a single letter or digit, bool, shape (n_rows,).
    origins
        The first and the last word of the text, as :func:`clean` splits it, that a token
        stands for, int64, shape (n_tokens, 2); None unless tokens are traced.
    """

    words: pa.StringArray
    codes: NDArray[np.int32]
    texts: NDArray[np.int64]
    roles: NDArray[np.uint8]
    blank: NDArray[np.bool_]
    origins: NDArray[np.int64] | None = None

    @property
    def n_rows(self) -> int:
        """Rows of the table."""
        return len(self.blank)

    @cached_property
    def rows(self) -> NDArray[np.int64]:
        """Table row of each token, int64, shape (n_tokens,)."""
        return self.texts % max(self.n_rows, 1)

    def ids(self, vocabulary: pa.StringArray) -> NDArray[np.int64]:
        """Index of each distinct word in a vocabulary, -1 if it is not there, (n_words,)."""
        return index_in(self.words, vocabulary)

    def where(self, keep: NDArray[np.bool_]) -> Tokens:
        """The tokens for which ``keep`` holds."""
        return self._picked(np.flatnonzero(keep))  # faster than a mask, here and elsewhere

    def take(self, rows: NDArray[np.integer]) -> Tokens:
        """The tokens of some rows, in the order of ``rows`` (no row twice)."""
        place = np.full(self.n_rows, -1)
        place[rows] = np.arange(len(rows))
        kept = np.flatnonzero(place[self.rows] >= 0)
        columns = self.texts[kept] // max(self.n_rows, 1)
        texts = columns * len(rows) + place[self.rows[kept]]
        order = np.argsort(texts, kind="stable")
        return replace(self._picked(kept[order]), texts=texts[order], blank=self.blank[rows])

    def _picked(self, which: NDArray[np.integer]) -> Tokens:
        origins = None if self.origins is None else self.origins[which]
        codes, texts, roles = self.codes[which], self.texts[which], self.roles[which]
        return replace(self, codes=codes, texts=texts, roles=roles, origins=origins)


def shift(values: NDArray[T], by: int) -> NDArray[T]:
    """Value of the token ``by`` places earlier; what wraps around is masked elsewhere."""
    return np.roll(values, by)


def previous(tokens: Tokens, by: int) -> NDArray[np.bool_]:
    """Whether the token ``by`` places earlier stands in the same text."""
    same, far = np.zeros(len(tokens.texts), bool), abs(by)
    same[far:] = tokens.texts[far:] == tokens.texts[:-far]
    return same if by > 0 else np.roll(same, by)
