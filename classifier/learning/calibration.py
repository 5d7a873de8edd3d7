"""From held-out scores to probabilities, thresholds and the evidence for cutoffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifier.cutoffs import OutOfFold
from classifier.decide import Decision, decide
from classifier.drift import Tally
from classifier.heads import Head, Unclear, calibrated
from classifier.labelled import Labelled, indicator
from classifier.learning.thresholds import thresholded
from classifier.model import Model, Traits
from classifier.taxonomy import UNCLEAR

__all__ = ["HeldOut", "calibrate", "cross_fitted", "fit_link", "fit_sigmoid", "fit_unclear"]

Scores = NDArray[np.float32]


@dataclass(frozen=True)
class HeldOut:
    """Scores, traits and fold of all rows, each by a model that had not seen the row."""

    scores: Mapping[str, Scores]
    traits: Traits
    folds: NDArray[np.int16]


def calibrate(
    model: Model, held_out: HeldOut, data: Labelled, log_odds: Mapping[str, tuple[float, ...]]
) -> Model:
    """The model with probabilities, thresholds and evidence from held-out rows of ``data``.

    Parameters
    ----------
    log_odds
        Facet -> how much oftener than in ``data`` each label is asked for, see
        :class:`~classifier.heads.Head`. Rows count accordingly.
    """
    first = model.heads[0].facet
    clear = data.main(first) != UNCLEAR
    heads = [replace(head, log_odds=log_odds.get(head.facet, ())) for head in model.heads]
    heads = [_linked(head, held_out.scores[head.facet], data, clear) for head in heads]
    unclear = fit_unclear(held_out.scores[first], held_out.traits, ~clear)
    model = replace(model, heads=tuple(heads), unclear=unclear)
    main = decide(model, model.calibrate(held_out.scores, held_out.traits)).main[first][1]
    heads = [thresholded(head, held_out.scores[head.facet], data, main) for head in heads]
    return _with_evidence(replace(model, heads=tuple(heads)), held_out, data)


def _with_evidence(model: Model, held_out: HeldOut, data: Labelled) -> Model:
    """The model with what it said of held-out rows, and with their profile."""
    head = model.heads[0]
    decision = decide(model, model.calibrate(held_out.scores, held_out.traits))
    number = {label: k for k, label in enumerate(model.labels(head.facet))}
    rows = OutOfFold(
        held_out.folds,
        np.array([number[label] for label in data.main(head.facet)], np.int16),
        decision.main[head.facet][1].astype(np.int16),
        decision.confidence.astype(np.float32),
        _weights(head, data.main(head.facet)).astype(np.float32),
    )
    seen = Tally()
    traits = held_out.traits
    seen.add(traits.words, traits.known, rows.confidence, rows.given, rows.weight)
    return replace(model, out_of_fold=rows, profile=seen.profile(len(number)))


def _weights(head: Head, truth: NDArray[np.str_]) -> NDArray[np.float64]:
    """How much each row counts, 1 on average; rows of a label that is asked for often more."""
    odds = dict(zip(head.labels, head.log_odds, strict=False))
    weights = np.exp([odds.get(str(label), 0.0) for label in truth])
    return np.asarray(weights / weights.mean())


def _linked(head: Head, scores: Scores, data: Labelled, clear: NDArray[np.bool_]) -> Head:
    """With scale and shift fitted on the rows that ask for something that is learnt."""
    if not head.banyak:
        clear = clear & np.isin(data.main(head.facet), head.labels)
    scores, rows = scores[clear], [row for row, use in _rows(data, head, clear) if use]
    if head.banyak:
        scale, shift = fit_sigmoid(scores, indicator(head.labels, rows))
        return replace(head, scale=scale, shift=shift)
    truth = np.array([head.labels.index(row[0]) for row in rows])
    return fit_link(head, scores, truth, _weights(head, np.array(head.labels)[truth]))


def _rows(
    data: Labelled, head: Head, clear: NDArray[np.bool_]
) -> zip[tuple[tuple[str, ...], np.bool_]]:
    return zip(data.labels[head.facet], clear, strict=True)


def fit_link(
    head: Head, scores: Scores, truth: NDArray[np.integer], weights: NDArray[np.floating]
) -> Head:
    """The head with scale, shift and power that make the true labels likeliest.

    Parameters
    ----------
    head
        Labels and log odds; :class:`~classifier.heads.Head` has the formula.
    scores
        Held-out scores, shape (n_rows, n_labels).
    truth, weights
        Column of the true label of each row, and how much the row counts, shape (n_rows,).
    """
    from scipy.optimize import minimize

    rows = np.arange(len(truth))

    def linked(link: NDArray[np.float64]) -> Head:
        log_scale, shift, log_power = (float(value) for value in link)
        scale, power = float(np.exp(log_scale)), float(np.exp(log_power))
        return replace(head, scale=scale, shift=shift, power=power)

    def loss(link: NDArray[np.float64]) -> float:
        chances = calibrated(linked(link), scores)[rows, truth]
        return float(-np.average(np.log(chances), weights=weights))

    bounds = [(-3, 4), (-8, 8), (-2, 3)]
    found = minimize(loss, [1.0, 0.0, 1.0], method="Nelder-Mead", bounds=bounds)
    return linked(found.x)


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


def _logistic(
    features: NDArray[np.floating], truth: NDArray[np.bool_]
) -> tuple[NDArray[np.floating], float]:
    from sklearn.linear_model import LogisticRegression

    fitted = LogisticRegression(C=1e4).fit(features, truth)
    return fitted.coef_[0], float(fitted.intercept_[0])


def cross_fitted(model: Model, held_out: HeldOut, data: Labelled) -> Decision:
    """The decision on held-out rows, each with the thresholds of the other folds."""
    prediction = model.calibrate(held_out.scores, held_out.traits)
    whole = decide(model, prediction)
    main = whole.main[model.heads[0].facet][1]
    given = {facet: (labels, table.copy()) for facet, (labels, table) in whole.given.items()}
    for fold in np.unique(held_out.folds):
        others = np.flatnonzero(held_out.folds != fold)
        rest = data.take(others)
        heads = tuple(
            thresholded(head, held_out.scores[head.facet][others], rest, main[others])
            for head in model.heads
        )
        decision = decide(replace(model, heads=heads), prediction)
        for facet, (_, table) in given.items():
            table[held_out.folds == fold] = decision.given[facet][1][held_out.folds == fold]
    return replace(whole, given=given)
