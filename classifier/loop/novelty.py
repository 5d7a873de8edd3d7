"""Words that the model hardly knows and that many proposals hold: what a row can teach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.model import Model

__all__ = ["NewWords"]

_LEAST = 0.1
"""What a row of nothing but well-known words, or words of no other row, counts for."""


@dataclass(frozen=True)
class NewWords:
    """The words of n_rows proposals, and how well they are known.

    Attributes
    ----------
    words
        A one where a row holds a word, CSR, shape (n_rows, n_words).
    known
        Rows that the model learnt each word from, (n_words,).
    """

    words: sp.csr_matrix
    known: NDArray[np.float64]

    @classmethod
    def of(cls, model: Model, columns: Sequence[pa.ChunkedArray]) -> NewWords:
        """The words of a table's text columns; unknown names of places are none."""
        batch, vocabulary = model.batch(columns), model.vocabulary
        idf = np.append(vocabulary.word_idf, vocabulary.unseen_idf)[batch.ids]
        words = batch.words.astype(np.float64)
        words.data[:] = 1
        return cls(words, np.exp(vocabulary.unseen_idf - idf) - 1)

    def take(self, rows: NDArray[np.integer]) -> NewWords:
        """Those of some rows; how often a word occurs is then counted among these."""
        return NewWords(self.words[rows], self.known)

    def greedy(
        self, worth: NDArray[np.float64], labels: NDArray[np.integer], most: int, spread: float
    ) -> NDArray[np.int64]:
        """The best rows one by one, at most ``most``, int64.

        A word counts the more, the more rows hold it and the fewer the model, or a row taken
        before, has taught it from. Each further row of a label counts less, by ``spread``.
        """
        counts = np.asarray(self.words.sum(axis=0)).ravel()
        lengths = np.sqrt(np.maximum(np.diff(self.words.indptr), 1))
        weight, known = np.sqrt(np.maximum(counts - 1, 0)), self.known.copy()
        left, turns = worth.copy(), np.zeros(labels.max(initial=0) + 1)
        taken: list[int] = []
        for _ in range(min(most, len(worth))):
            news = _LEAST + self.words @ (weight / (1 + known)) / lengths
            row = int((left * np.sqrt(news) / (1 + turns[labels]) ** spread).argmax())
            taken.append(row)
            left[row] = -1
            turns[labels[row]] += 1
            known[self.words.indices[self.words.indptr[row] : self.words.indptr[row + 1]]] += 1
        return np.array(taken, np.int64)
