"""Scores of rows drawn with replacement: where accuracy and macro-F1 may lie by chance."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["counts", "macro_f1", "resampled"]

RESAMPLES = 1000

Table = NDArray[np.bool_]
Counts = NDArray[np.int64]


def counts(truth: Table, given: Table, times: Counts | None = None) -> tuple[Counts, ...]:
    """Hits, labels given and true labels, each of shape (n_labels,).

    Parameters
    ----------
    truth, given
        Whether a row has a label, shape (n_rows, n_labels).
    times
        How often each row counts, shape (n_rows,); once if left out.
    """
    weight = np.ones(len(truth), np.int64) if times is None else times
    return weight @ (truth & given), weight @ given, weight @ truth


def macro_f1(truth: Table, given: Table, times: Counts | None = None) -> float:
    """Mean F1 over the labels that occur; parameters are those of :func:`counts`.

    Examples
    --------
    >>> eye = np.eye(2, dtype=bool)
    >>> macro_f1(eye, eye)
    1.0
    """
    hits, predicted, support = counts(truth, given, times)
    occurs = (predicted + support) > 0
    if not occurs.any():
        return 1.0
    return float((2 * hits[occurs] / (predicted + support)[occurs]).mean())


def resampled(truth: Table, given: Table, seed: int) -> tuple[list[float], list[float]]:
    """Accuracy and macro-F1 of RESAMPLES draws of as many rows as there are.

    Rows with the same labels are one kind of row, so that a draw is a count of kinds.
    """
    kinds, kind = np.unique(np.hstack([truth, given]), axis=0, return_inverse=True)
    truth_of, given_of = np.hsplit(kinds, 2)
    right = (truth_of == given_of).all(axis=1)
    rng, n = np.random.default_rng(seed), len(truth)
    accuracies, macros = [], []
    for _ in range(RESAMPLES):
        drawn = np.bincount(kind[rng.integers(n, size=n)], minlength=len(kinds))
        accuracies.append(float(drawn @ right / n))
        macros.append(macro_f1(truth_of, given_of, drawn))
    return accuracies, macros
