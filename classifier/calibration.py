"""From held-out scores to probabilities and thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from classifier.decide import decide
from classifier.labelled import Labelled, indicator
from classifier.model import Head, Model, Traits, Unclear, calibrated
from classifier.taxonomy import UNCLEAR

__all__ = [
    "best_threshold",
    "calibrate",
    "fit_scale",
    "fit_sigmoid",
    "fit_unclear",
    "precision_threshold",
]

Scores = NDArray[np.float32]


def calibrate(
    model: Model,
    scores: Mapping[str, Scores],
    traits: Traits,
    data: Labelled,
    target_precision: float,
    log_odds: Mapping[str, tuple[float, ...]],
) -> Model:
    """The model with probabilities and thresholds fitted on held-out scores.

    Parameters
    ----------
    scores, traits
        Of each row of ``data``, by models that had not seen the row.
    target_precision
        Share to be right among the rows tagged without a human.
    log_odds
        Facet -> how much oftener than in ``data`` each label is asked for, see
        :class:`~classifier.model.Head`. Rows count accordingly for the threshold.
    """
    clear = data.main(model.heads[0].facet) != UNCLEAR
    heads = [
        replace(
            _calibrated_head(head, scores[head.facet], data, clear),
            log_odds=log_odds.get(head.facet, ()),
        )
        for head in model.heads
    ]
    unclear = fit_unclear(scores[heads[0].facet], traits, ~clear)
    model = replace(model, heads=tuple(heads), unclear=unclear)
    decision = decide(model, model.calibrate(scores, traits))
    facet = heads[0].facet
    right = decision.names(facet) == data.main(facet)
    odds = dict(zip(heads[0].labels, log_odds.get(facet, ()), strict=False))
    weights = np.exp([odds.get(label, 0.0) for label in data.main(facet)])
    threshold = precision_threshold(decision.confidence, right, target_precision, weights)
    return replace(model, heads=(replace(heads[0], threshold=threshold), *heads[1:]))


def _calibrated_head(head: Head, scores: Scores, data: Labelled, clear: NDArray[np.bool_]) -> Head:
    """Fitted on the rows that ask for something."""
    scores = scores[clear]
    rows = [labels for labels, use in zip(data.labels[head.facet], clear, strict=True) if use]
    wanted = indicator(head.labels, rows)
    if head.banyak:
        scale, shift = fit_sigmoid(scores, wanted)
        head = replace(head, scale=scale, shift=shift)
        threshold = best_threshold(calibrated(head, scores).ravel(), wanted.ravel())
        return replace(head, threshold=threshold)
    truth = indicator(head.labels, [labels[:1] for labels in rows])
    further = ~truth & (scores < scores.max(axis=1, keepdims=True))
    return replace(
        head,
        scale=fit_scale(scores, truth.argmax(axis=1)),
        other=best_threshold(scores[further], wanted[further]),
    )


def fit_scale(scores: Scores, truth: NDArray[np.integer]) -> float:
    """Scale of the softmax that makes the true labels likeliest (temperature scaling).

    Guo et al., On Calibration of Modern Neural Networks, ICML 2017, section 4.2.

    Parameters
    ----------
    scores
        Held-out scores, shape (n_rows, n_labels).
    truth
        Column of the true label of each row, shape (n_rows,).
    """
    from scipy.optimize import minimize_scalar

    rows = np.arange(len(truth))

    def loss(log_scale: float) -> float:
        head = Head("", (), banyak=False, scale=float(np.exp(log_scale)))
        return float(-np.log(calibrated(head, scores)[rows, truth] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 4), method="bounded").x))


def fit_sigmoid(scores: Scores, truth: NDArray[np.bool_]) -> tuple[float, float]:
    """Scale and shift of a sigmoid over all labels of a facet (Platt scaling).

    Both arguments have shape (n_rows, n_labels).
    """
    if truth.all() or not truth.any():
        return 1.0, 20.0 if truth.all() else -20.0
    coefficients, intercept = _logistic(scores.reshape(-1, 1), truth.ravel())
    return float(coefficients[0]), intercept


def fit_unclear(scores: Scores, traits: Traits, unclear: NDArray[np.bool_]) -> Unclear | None:
    """When a row asks for nothing that can be named; None if no row of the data does.

    Parameters
    ----------
    scores
        Held-out scores of the main facet, shape (n_rows, n_labels).
    unclear
        Rows labelled unclear, shape (n_rows,).
    """
    if not unclear.any():
        return None
    rest = ~traits.empty
    nothing = float((unclear[~rest].sum() + 1) / ((~rest).sum() + 2))
    if unclear[rest].all() or not unclear[rest].any():
        return Unclear(-20.0, 0.0, 0.0, nothing)
    signs = np.column_stack([scores.max(axis=1), np.log1p(traits.known)])[rest]
    (best, known), intercept = _logistic(signs, unclear[rest])
    return Unclear(intercept, float(best), float(known), nothing)


def precision_threshold(
    confidence: NDArray[np.floating],
    right: NDArray[np.bool_],
    target: float,
    weights: NDArray[np.floating] | None = None,
) -> float:
    """Lowest confidence from which at least ``target`` of the rows are right.

    ``weights`` say how much each row counts, 1 if left out. Returns a value above 1 where no
    threshold reaches the target.
    """
    values, hits, kept = _at_each_threshold(confidence, right, weights)
    reached = np.flatnonzero(hits / kept >= target)
    return float(values[reached[-1]]) if len(reached) else 1.01


def best_threshold(scores: NDArray[np.floating], truth: NDArray[np.bool_]) -> float:
    """Score from which giving a label has the best F1; infinite if no label is ever right.

    Both arguments have shape (n_candidates,).
    """
    if not truth.any():
        return float("inf")
    values, hits, kept = _at_each_threshold(scores, truth, None)
    return float(values[(2 * hits / (kept + truth.sum())).argmax()])


def _at_each_threshold(
    scores: NDArray[np.floating], truth: NDArray[np.bool_], weights: NDArray[np.floating] | None
) -> tuple[NDArray[np.floating], NDArray[np.floating], NDArray[np.floating]]:
    """Distinct scores, highest first; weight of the true rows, and of all, from each on."""
    order = np.argsort(-scores, kind="stable")
    values = scores[order]
    last = np.append(values[1:] != values[:-1], True)
    counted = np.ones(len(order)) if weights is None else weights[order]
    return values[last], np.cumsum(truth[order] * counted)[last], np.cumsum(counted)[last]


def _logistic(
    features: NDArray[np.floating], truth: NDArray[np.bool_]
) -> tuple[NDArray[np.floating], float]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e4).fit(features, truth)
    return fitted.coef_[0], float(fitted.intercept_[0])
