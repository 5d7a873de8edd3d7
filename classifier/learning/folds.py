"""Folds for cross-validation that keep rows which ask for the same thing together."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from classifier.lexicon import NUMBER
from classifier.tokens import WORD, Tokens

__all__ = ["folds", "group_rows"]


def group_rows(tokens: Tokens) -> NDArray[np.int64]:
    """Group number of each row, int64, shape (n_rows,): equal sets of words, equal group.

    Places and numbers do not count, nor does the order of words.
    """
    number = np.array([word == NUMBER for word in tokens.words.to_pylist()], bool)
    plain = tokens.where((tokens.roles == WORD) & ~number[tokens.codes])
    sets: list[set[int]] = [set() for _ in range(tokens.n_rows)]
    for row, code in zip(plain.rows.tolist(), plain.codes.tolist(), strict=True):
        sets[row].add(code)
    numbers: dict[frozenset[int], int] = {}
    return np.array([numbers.setdefault(frozenset(words), len(numbers)) for words in sets])


def folds(
    groups: NDArray[np.int64], labels: NDArray[np.str_], n_folds: int, seed: int
) -> list[NDArray[np.int64]]:
    """Held-out rows of each fold: groups whole, labels spread as evenly as they can be.

    A label rarer than ``n_folds`` is held out in some folds only; that is no error.

    Parameters
    ----------
    groups, labels
        Group and label of each row, shape (n_rows,).
    n_folds
        Fewer are made where there are fewer groups.
    seed
        Of the shuffling.
    """
    from sklearn.model_selection import StratifiedGroupKFold

    n_folds = min(n_folds, len(np.unique(groups)))
    _, codes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if counts.max() < n_folds:
        n_folds = max(2, int(counts.max()))
    splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        return [held_out for _, held_out in splitter.split(codes, codes, groups)]
