"""Heads: from a label's score to its probability."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Head", "Unclear", "calibrated", "own_probability", "unclear_probability"]


@dataclass(frozen=True)
class Head:
    """One facet's labels, and how its scores become probabilities and choices.

    Attributes
    ----------
    facet, labels, banyak
        Name; labels in the order of the score columns; whether a row may have several.
    scale, shift, power
        Fitted on held-out folds: p = sigmoid(scale * score + shift) ** power for each label
        by itself (power 1 is Platt scaling). Where a row has one label, these are weighted
        by exp(log_odds) and brought to a sum of 1 (Zadrozny and Elkan, KDD 2002, section 5).
    log_odds
        How much oftener than in the corpus each label is asked for, as a logarithm;
        empty for no difference.
    thresholds
        Score from which each label is given where a row may have several, or, in the main
        facet, beside the main label; empty for never.
    """

    facet: str
    labels: tuple[str, ...]
    banyak: bool
    scale: float = 1.0
    shift: float = 0.0
    power: float = 1.0
    log_odds: tuple[float, ...] = ()
    thresholds: tuple[float, ...] = ()


@dataclass(frozen=True)
class Unclear:
    """When a row asks for nothing that can be named: a decision, not a learnt label.

    p = sigmoid(intercept + best * highest score + known * ln(1 + known words)); a row of
    which nothing is left after masking is unclear with probability ``nothing``.
    """

    intercept: float
    best: float
    known: float
    nothing: float


def own_probability(head: Head, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each label's probability by itself, not shared with the others, same shape."""
    own: NDArray[np.float32] = sigmoid(head.scale * scores + head.shift)
    return own if head.power == 1 else own**head.power


def calibrated(head: Head, scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Probabilities from scores, same shape."""
    own = own_probability(head, scores)
    if head.banyak:
        return own
    own = own + np.float32(1e-9)  # a row that no label fits still has a likeliest one
    if head.log_odds:
        own *= np.exp(np.array(head.log_odds, np.float32))
    shared: NDArray[np.float32] = own / own.sum(axis=1, keepdims=True)
    return shared


def unclear_probability(
    unclear: Unclear,
    scores: NDArray[np.float32],
    known: NDArray[np.int64],
    empty: NDArray[np.bool_],
) -> NDArray[np.float64]:
    """Probability that a row asks for nothing that can be named, shape (n_rows,)."""
    best, words = scores.max(axis=1), np.log1p(known)
    p = sigmoid(unclear.intercept + unclear.best * best + unclear.known * words)
    return np.where(empty, unclear.nothing, p)


def sigmoid(values: NDArray[Any]) -> NDArray[Any]:
    """1 / (1 + exp(-x)), without overflow."""
    odds = np.exp(np.minimum(-values, 80))
    chances: NDArray[Any] = np.reciprocal(odds + 1, out=odds)
    return chances
