"""What each word, pair of words and term adds to a label's score, exactly as the model does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.features import Batch
from classifier.model import Model

__all__ = ["Contributions", "contributions"]


@dataclass(frozen=True)
class Contributions:
    """Shares of scores, all of shape (n_contributions,), ordered by row.

    A word that stands at several places of a row adds an even share from each.

    Attributes
    ----------
    rows
        The row whose score a share belongs to, int64.
    firsts, lasts
        First and last token of the word, pair or term that adds it, int64.
    shares
        What it adds, float64. A row's shares and the intercept sum to its score.
    features
        A number for each word, pair and concept, int64.
    """

    rows: NDArray[np.int64]
    firsts: NDArray[np.int64]
    lasts: NDArray[np.int64]
    shares: NDArray[np.float64]
    features: NDArray[np.int64]

    def by_feature(self) -> Contributions:
        """All that a word, pair or concept adds to a row's score, at its first place."""
        keys = self.rows * (self.features.max(initial=0) + 1) + self.features
        _, at, inverse = np.unique(keys, return_index=True, return_inverse=True)
        sums = np.bincount(inverse, self.shares, minlength=len(at)).astype(float)
        order = np.argsort(at)
        at = at[order]
        return Contributions(
            self.rows[at], self.firsts[at], self.lasts[at], sums[order], self.features[at]
        )


def contributions(model: Model, batch: Batch, columns: NDArray[np.integer]) -> Contributions:
    """The shares of one label's score per row.

    Parameters
    ----------
    columns
        Column of :class:`~classifier.model.Weights` to explain in each row, shape (n_rows,).
    """
    tokens, weights = batch.tokens, model.weights
    terms = batch.terms
    blocks = (
        (batch.words, model.word_weights(batch), np.arange(len(tokens.codes)), tokens.codes, 1),
        (batch.pairs, weights.pairs, batch.pair_starts, batch.pair_ids, 2),
        (batch.concepts, weights.concepts, terms.starts, terms.concepts, terms.lengths),
    )
    parts, n_features = [], 0
    for block, table, starts, features, lengths in blocks:
        rows = tokens.rows[starts]
        shares = _each_time(block, rows, features) * table[features, columns[rows]]
        parts.append((rows, starts, starts + lengths - 1, shares, features + n_features))
        n_features += len(table)
    joined = [np.concatenate(arrays) for arrays in zip(*parts, strict=True)]
    order = np.argsort(joined[0], kind="stable")
    return Contributions(*(values[order] for values in joined))


def _each_time(
    block: sp.csr_matrix, rows: NDArray[np.int64], columns: NDArray[np.integer]
) -> NDArray[np.float64]:
    """A feature's value, shared evenly by all places of the row that it is found at."""
    n_columns = block.shape[1]
    in_rows = np.repeat(np.arange(block.shape[0]), np.diff(block.indptr))
    at = np.searchsorted(in_rows * n_columns + block.indices, rows * n_columns + columns)
    values: NDArray[np.float64] = block.data[at] / np.bincount(at, minlength=block.nnz)[at]
    return values
