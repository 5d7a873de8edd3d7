"""Whether probabilities mean what they say: reliability tables and expected calibration error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.decide import Decision, decide
from classifier.heads import Head
from classifier.labelled import Labelled
from classifier.model import Model, Prediction

__all__ = ["Bin", "Reliability", "reliabilities", "reliability"]

BINS = 10


@dataclass(frozen=True)
class Bin:
    """Rows of similar probability: how many, its mean, and the share that is right."""

    rows: int
    confidence: float
    right: float


@dataclass(frozen=True)
class Reliability:
    """Expected calibration error, and the bins of equal size that it is the mean over."""

    ece: float
    bins: tuple[Bin, ...]


def reliability(confidence: NDArray[np.floating], right: NDArray[np.bool_]) -> Reliability:
    """Mean distance of the probability from the share that is right, in ten bins of equal size.

    Guo et al., On Calibration of Modern Neural Networks (ICML 2017), section 2, with bins of
    equal size as Nixon et al., Measuring Calibration in Deep Learning (2019), advise.

    Parameters
    ----------
    confidence, right
        Probability of the label given to each row, and whether it is right, (n_rows,).

    Examples
    --------
    >>> result = reliability(np.array([0.5, 0.5, 0.9, 0.9]), np.array([True, False, True, True]))
    >>> len(result.bins), round(result.ece, 2)
    (4, 0.3)
    """
    order = np.argsort(confidence, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    bins = tuple(
        Bin(len(part), float(confidence[part].mean()), float(right[part].mean())) for part in parts
    )
    ece = sum(b.rows * abs(b.confidence - b.right) for b in bins) / max(len(order), 1)
    return Reliability(ece, bins)


def reliabilities(model: Model, prediction: Prediction, data: Labelled) -> dict[str, Reliability]:
    """Reliability of the likeliest label of each facet that both the model and the data have."""
    decision = decide(model, prediction)
    return {
        head.facet: _of_facet(head, prediction, decision, data)
        for head in model.heads
        if head.facet in data.labels
    }


def _of_facet(
    head: Head, prediction: Prediction, decision: Decision, data: Labelled
) -> Reliability:
    """Of rows that have text and, beside the main facet, a label that was learnt."""
    chances, rows = prediction.probabilities[head.facet], data.labels[head.facet]
    best = [head.labels[k] for k in chances[:, : len(head.labels)].argmax(axis=1)]
    confidence, counts = chances.max(axis=1), ~prediction.traits.blank
    if head.facet == next(iter(decision.main)):
        right = decision.names(head.facet) == data.main(head.facet)
    elif head.banyak:
        right = np.array([label in row for label, row in zip(best, rows, strict=True)], bool)
    else:
        right = np.array(best) == data.main(head.facet)
        counts &= np.isin(data.main(head.facet), head.labels)
    return reliability(confidence[counts], right[counts])
