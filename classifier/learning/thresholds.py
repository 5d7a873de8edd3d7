"""From which score a label is given where a row may have several: the best F1, per label."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from classifier.heads import Head
from classifier.labelled import Labelled, indicator

__all__ = ["label_thresholds", "thresholded"]

Scores = NDArray[np.float32]

_STRENGTH = 100
"""Rows of all labels together that count beside a label's own when its threshold is set."""

_GRID = 2000
"""Thresholds tried at most."""


def thresholded(head: Head, scores: Scores, data: Labelled, main: NDArray[np.int64]) -> Head:
    """With thresholds, in the main facet and in those with several labels."""
    rows = data.labels[head.facet]
    several = head.banyak or any(len(row) > 1 for row in rows)
    if not several:
        return head
    given = np.zeros(scores.shape, bool)
    if not head.banyak:
        given = main[:, None] == np.arange(len(head.labels))
    values = label_thresholds(scores, indicator(head.labels, rows), given)
    return replace(head, thresholds=tuple(values.tolist()))


def label_thresholds(
    scores: Scores, truth: NDArray[np.bool_], given: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Score from which giving each label has the best F1, shape (n_labels,).

    A label's own rows are joined by 100 rows' worth of all labels, so that a label with few
    follows the rest. Fan and Lin, A Study on Threshold Selection for Multi-label
    Classification (2007), tell why a threshold for each label pays, and why few rows mislead.

    Parameters
    ----------
    scores, truth
        Held-out scores, and whether a row has the label, shape (n_rows, n_labels).
    given
        Labels that a row is given whatever the score; the same shape.

    Examples
    --------
    >>> scores = np.array([[0.9], [0.4], [0.1]], np.float32)
    >>> truth = np.array([[True], [True], [False]])
    >>> round(float(label_thresholds(scores, truth, np.zeros((3, 1), bool))[0]), 1)
    0.4
    """
    never = np.full(scores.shape[1], np.inf)
    wanted = scores[truth & ~given]
    if not len(wanted):
        return never
    grid = np.append(np.unique(np.quantile(wanted, np.linspace(0, 1, _GRID))), np.inf)
    counts = np.array(
        [_counts(scores[:, k], truth[:, k], given[:, k], grid) for k in range(len(never))]
    )
    overall = counts.sum(axis=0)
    hits, guesses, true = np.moveaxis(counts + _STRENGTH / truth.sum() * overall, 1, 0)
    best: NDArray[np.float64] = grid[(2 * hits / (guesses + true)).argmax(axis=1)]
    return best


def _counts(
    scores: Scores, truth: NDArray[np.bool_], given: NDArray[np.bool_], grid: NDArray[np.floating]
) -> NDArray[np.float64]:
    """Hits, guesses and true rows of one label at each threshold, shape (3, n_thresholds)."""

    def above(rows: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.asarray(rows.sum() - np.searchsorted(np.sort(scores[rows]), grid))

    hits = (truth & given).sum() + above(truth & ~given)
    guesses = given.sum() + above(~given)
    return np.array([hits, guesses, np.full(len(grid), truth.sum())], np.float64)
