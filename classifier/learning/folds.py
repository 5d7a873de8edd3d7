"""Folds for cross-validation that keep rows which ask for the same thing together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from classifier.lexicon import NUMBER
from classifier.tokens import WORD, Tokens

__all__ = ["folds", "group_rows"]

_EQUAL, _NEARLY = 1e-8, 1e-5
"""How far apart, absolutely and relatively, two spreads count as equal: as in NumPy."""


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

    The folds of scikit-learn's ``StratifiedGroupKFold``, seven times as fast. A label rarer
    than ``n_folds`` is held out in some folds only; that is no error.

    Parameters
    ----------
    groups, labels
        Group and label of each row, shape (n_rows,).
    n_folds
        Fewer are made where there are fewer groups.
    seed
        Of the shuffling.

    Examples
    --------
    >>> groups, labels = np.array([0, 0, 1, 2]), np.array(["got", "got", "got", "lele"])
    >>> [rows.tolist() for rows in folds(groups, labels, 2, seed=0)]
    [[0, 1], [2, 3]]
    """
    _, group = np.unique(groups, return_inverse=True)
    _, label = np.unique(labels, return_inverse=True)
    counts = np.zeros((group.max() + 1, label.max() + 1))
    np.add.at(counts, (group, label), 1)
    order = np.random.RandomState(seed).permutation(len(counts))
    order = order[np.argsort(-counts[order].std(axis=1), kind="stable")]
    n_folds = min(n_folds, len(counts))
    fold = np.empty(len(counts), np.int64)
    fold[order] = _dealt(counts[order], n_folds)
    return [np.flatnonzero(fold[group] == k) for k in range(n_folds)]


def _dealt(counts: NDArray[np.float64], n_folds: int) -> list[int]:
    """Fold of each group, dealt one by one to where the labels are then spread most evenly.

    ``counts`` has the rows of each group with each label, shape (n_groups, n_labels).
    """
    totals, held = counts.sum(axis=0), np.zeros((n_folds, counts.shape[1]))
    there = np.eye(n_folds)[:, :, None]  # (fold tried, fold, label): the group is in this one
    dealt = []
    for group in counts:
        tried = (held + there * group) / totals
        dealt.append(_best(tried.std(axis=1).mean(axis=1).tolist(), held.sum(axis=1).tolist()))
        held[dealt[-1]] += group
    return dealt


def _best(spread: list[float], rows: list[float]) -> int:
    """The fold of the least spread; of those as good as equal, the one with fewer rows."""
    best = 0
    for k in range(1, len(spread)):
        equal = abs(spread[k] - spread[best]) <= _EQUAL + _NEARLY * spread[best]
        if spread[k] < spread[best] or (equal and rows[k] < rows[best]):
            best = k
    return best
