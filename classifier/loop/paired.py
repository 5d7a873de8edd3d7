"""Two models on the same labelled rows: what is gained and lost, and whether it is chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.resampling import counts, macro_f1, resampled

__all__ = ["Interval", "LabelPair", "Pair", "mcnemar", "paired"]

Table = NDArray[np.bool_]

Interval = tuple[float, float]
_TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class LabelPair:
    """One label: its rows, F1 of both models, and its rows that only one of them finds."""

    rows: int
    old_f1: float
    new_f1: float
    gained: int
    lost: int


@dataclass(frozen=True)
class Pair:
    """Two models on the same rows of one facet.

    Attributes
    ----------
    rows
        Rows scored.
    old_accuracy, new_accuracy, old_macro_f1, new_macro_f1
        As :class:`~classifier.evaluation.FacetScores` takes them.
    accuracy_interval, macro_f1_interval
        95 % bootstrap interval of new minus old, over rows drawn for both at once.
    gained, lost
        Rows that only the new model, and only the old one, has right.
    p
        Of McNemar's test: how often chance alone brings a difference like this.
    labels
        The labels one by one.
    """

    rows: int
    old_accuracy: float
    new_accuracy: float
    old_macro_f1: float
    new_macro_f1: float
    accuracy_interval: Interval
    macro_f1_interval: Interval
    gained: int
    lost: int
    p: float
    labels: Mapping[str, LabelPair]


def mcnemar(gained: int, lost: int) -> float:
    """Two-sided p-value of McNemar's test, by the exact binomial whatever the counts.

    Only rows that the models differ on tell which is better; if neither is, each such row
    is a toss of a coin (McNemar, Psychometrika 12, 1947; Dietterich, Neural Computation 10,
    1998, recommends it for two classifiers on one set of rows).

    Examples
    --------
    >>> round(mcnemar(10, 2), 4)
    0.0386
    >>> mcnemar(0, 0)
    1.0
    """
    from scipy.stats import binomtest

    return float(binomtest(gained, gained + lost).pvalue) if gained + lost else 1.0


def paired(labels: Sequence[str], truth: Table, old: Table, new: Table, seed: int = 0) -> Pair:
    """Score two models on the same rows.

    Parameters
    ----------
    labels
        Names of the labels, n_labels of them.
    truth, old, new
        Whether a row has the label, and whether each model gives it, bool, shape
        (n_rows, n_labels); at least one row.
    seed
        Of the bootstrap.

    Examples
    --------
    >>> truth, old = np.array([[True], [True]]), np.array([[True], [False]])
    >>> pair = paired(["pju"], truth, old, truth)
    >>> pair.gained, pair.lost, pair.old_accuracy, pair.new_accuracy
    (1, 0, 0.5, 1.0)
    """
    old_right, new_right = ((truth == given).all(axis=1) for given in (old, new))
    gained, lost = int((new_right & ~old_right).sum()), int((old_right & ~new_right).sum())
    # Both draw the same rows: the draws depend on the seed and the number of rows alone.
    draws = [np.array(resampled(truth, given, seed)) for given in (old, new)]
    accuracies, macros = draws[1] - draws[0]
    return Pair(
        len(truth),
        float(old_right.mean()),
        float(new_right.mean()),
        macro_f1(truth, old),
        macro_f1(truth, new),
        _interval(accuracies),
        _interval(macros),
        gained,
        lost,
        mcnemar(gained, lost),
        _labels(labels, truth, old, new),
    )


def _labels(labels: Sequence[str], truth: Table, old: Table, new: Table) -> dict[str, LabelPair]:
    old_f1, new_f1 = (_f1(truth, given) for given in (old, new))
    gained, lost = (truth & new & ~old).sum(axis=0), (truth & old & ~new).sum(axis=0)
    return {
        label: LabelPair(
            int(truth[:, k].sum()),
            float(old_f1[k]),
            float(new_f1[k]),
            int(gained[k]),
            int(lost[k]),
        )
        for k, label in enumerate(labels)
    }


def _f1(truth: Table, given: Table) -> NDArray[np.float64]:
    hits, predicted, support = counts(truth, given)
    f1: NDArray[np.float64] = 2 * hits / np.maximum(predicted + support, 1)
    return f1


def _interval(differences: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(differences, _TAILS)
    return float(low), float(high)
