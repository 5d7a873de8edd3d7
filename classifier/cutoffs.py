"""How sure is sure enough: per-label cutoffs from what models said of rows they had not seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["PRECISION", "Cutoffs", "Expected", "OutOfFold", "cutoffs", "expected"]

PRECISION = 0.95
"""Share to be right among the rows tagged without a human, if nothing else is asked for."""

NEVER = 2.0
"""Cutoff of a label that is never tagged without a human: no probability comes near."""

_STRENGTH = 20
"""Rows of all labels together that count beside a label's own, so that few decide little."""


@dataclass(frozen=True)
class OutOfFold:
    """Tags of the main facet by models that had not seen the row; each of shape (n_rows,).

    Attributes
    ----------
    fold
        The fold that held the row out, int16.
    truth, given
        Number of the true and of the given label, int16.
    confidence
        Probability of the given label, float32.
    weight
        How much the row counts: its label may be rarer here than in reality; float32.
    """

    fold: NDArray[np.int16]
    truth: NDArray[np.int16]
    given: NDArray[np.int16]
    confidence: NDArray[np.float32]
    weight: NDArray[np.float32]

    def where(self, rows: NDArray[np.bool_]) -> OutOfFold:
        """Some of the rows."""
        return OutOfFold(
            self.fold[rows],
            self.truth[rows],
            self.given[rows],
            self.confidence[rows],
            self.weight[rows],
        )

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether each row's given label is the true one."""
        right: NDArray[np.bool_] = self.truth == self.given
        return right


@dataclass(frozen=True)
class Cutoffs:
    """From which probability a label is given without a human; each of shape (n_labels + 1,).

    The last entry is for rows that ask for nothing that can be named: never.

    Attributes
    ----------
    values
        The cutoffs, float32; :data:`NEVER` where no probability reaches the precision.
    best
        The highest precision that any cutoff of the label has.
    """

    values: NDArray[np.float32]
    best: NDArray[np.float64]


@dataclass(frozen=True)
class Expected:
    """What a precision asked for comes to, of all rows or of those with one label.

    Attributes
    ----------
    label, cutoff
        Name of the label, and from which probability it is given; empty and 0 for all.
    share
        Estimated share of the rows that are given the label.
    automatic
        Share of these that are tagged without a human.
    right
        Share of those that are right; NaN where there are none.
    """

    label: str
    cutoff: float
    share: float
    automatic: float
    right: float


def cutoffs(rows: OutOfFold, n_labels: int, precision: float) -> Cutoffs:
    """The lowest cutoff of each label from which ``precision`` of its rows are right.

    A label's own rows are joined by 20 rows' worth of all labels at the same probability: a
    label with few rows is treated much like the rest, one with many on its own merits.

    Examples
    --------
    >>> zeros, ones = np.zeros(100, np.int16), np.ones(100, np.float32)
    >>> sure = np.linspace(0.01, 1, 100, dtype=np.float32)
    >>> rows = OutOfFold(zeros, (sure < 0.4).astype(np.int16), zeros, sure, ones)
    >>> round(float(cutoffs(rows, 1, 0.95).values[0]), 2)
    0.38
    """
    values, best = np.full(n_labels + 1, NEVER, np.float32), np.zeros(n_labels + 1)
    rows = rows.where(rows.given < n_labels)
    if not len(rows.given):
        return Cutoffs(values, best)
    confidence, hits, counts = _from_each_on(rows)
    overall = hits / (counts + 1)  # one wrong row more: few rows promise nothing
    for label in np.unique(rows.given):
        own = rows.where(rows.given == label)
        sure, hits, counts = _from_each_on(own)
        scale = len(own.weight) / own.weight.sum()
        at = np.searchsorted(-confidence, -sure, side="right") - 1
        curve = (hits * scale + _STRENGTH * overall[at]) / (counts * scale + _STRENGTH)
        best[label] = curve.max()
        reached = np.flatnonzero(curve >= precision)
        if len(reached):
            values[label] = sure[reached[-1]]
    return Cutoffs(values, best)


def _from_each_on(rows: OutOfFold) -> tuple[NDArray[np.float32], ...]:
    """Confidences, highest first; weight of the right rows, and of all, from each on."""
    order = np.argsort(-rows.confidence, kind="stable")
    weight = rows.weight[order].astype(np.float64)
    confidence = rows.confidence[order]
    last = np.append(confidence[1:] != confidence[:-1], True)
    hits, counts = np.cumsum(rows.right[order] * weight), np.cumsum(weight)
    return confidence[last], hits[last], counts[last]


def expected(rows: OutOfFold, labels: Sequence[str], precision: float) -> list[Expected]:
    """How many rows will be tagged without a human, and how many of them rightly.

    The cutoffs that a row is measured with are those of the other folds. The first entry is
    of all labels, the others of one label each.
    """
    chosen = cutoffs(rows, len(labels), precision).values
    automatic = np.zeros(len(rows.fold), bool)
    for fold in np.unique(rows.fold):
        here = rows.fold == fold
        others = cutoffs(rows.where(~here), len(labels), precision).values
        automatic[here] = rows.confidence[here] >= others[rows.given[here]]
    parts = [("", 0.0, np.ones(len(automatic), bool)), *_parts(rows, labels, chosen)]
    total = max(float(rows.weight.sum()), 1e-9)
    return [
        Expected(
            label,
            cutoff,
            float(rows.weight[part].sum()) / total,
            _share(automatic[part], rows.weight[part]),
            _share(rows.right[part & automatic], rows.weight[part & automatic]),
        )
        for label, cutoff, part in parts
    ]


def _parts(
    rows: OutOfFold, labels: Sequence[str], chosen: NDArray[np.float32]
) -> Iterator[tuple[str, float, NDArray[np.bool_]]]:
    for number, label in enumerate(labels):
        yield label, float(chosen[number]), rows.given == number


def _share(flags: NDArray[np.bool_], weight: NDArray[np.float32]) -> float:
    return float(np.average(flags, weights=weight)) if len(flags) else float("nan")
