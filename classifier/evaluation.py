"""Honest numbers: scores of a model on labelled rows, with intervals and a baseline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import text, values
from classifier.decide import Decision, decide
from classifier.errors import LabelError
from classifier.labelled import Labelled, indicator
from classifier.model import Model
from classifier.resampling import counts, macro_f1, resampled
from classifier.status import AUTOMATIC
from classifier.tags import Tagged

__all__ = [
    "FacetScores",
    "LabelScores",
    "automatic",
    "by_source",
    "errors",
    "evaluate",
    "score",
    "score_sets",
    "score_single",
]

Interval = tuple[float, float]
_COVERAGE = 0.95


@dataclass(frozen=True)
class LabelScores:
    """Precision, recall and F1 of one label, and its rows in the data."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class FacetScores:
    """Scores of one facet.

    Attributes
    ----------
    accuracy
        Share of rows whose label, or whole set of labels, is right.
    macro_f1
        Mean F1 over the labels that occur in the truth or in the predictions, as
        scikit-learn takes it.
    accuracy_interval, macro_f1_interval
        95 % percentile bootstrap intervals over rows.
    baseline_accuracy, baseline_macro_f1
        The same for always giving the most frequent label (set).
    labels
        Scores per label.
    rows
        Rows scored.
    """

    accuracy: float
    macro_f1: float
    accuracy_interval: Interval
    macro_f1_interval: Interval
    baseline_accuracy: float
    baseline_macro_f1: float
    labels: Mapping[str, LabelScores]
    rows: int


def evaluate(model: Model, data: Labelled, seed: int = 0) -> dict[str, FacetScores]:
    """Score a model on labelled rows that it was not trained on; see :func:`score`."""
    return score(decide(model, model.predict(data.columns)), data, seed)


def score(decision: Decision, data: Labelled, seed: int = 0) -> dict[str, FacetScores]:
    """Scores of each facet that both the decision and the data have.

    Raises
    ------
    LabelError
        They have none in common.
    """
    scores = {
        facet: score_single(truth[truth != ""], decision.names(facet)[truth != ""], seed)
        for facet in decision.main
        if facet in data.labels and ((truth := data.main(facet)) != "").any()
    }
    scores |= {
        facet: score_sets(data.labels[facet], decision.sets(facet), seed)
        for facet in decision.given
        if facet in data.labels and facet not in scores
    }
    if not scores:
        facets = ", ".join({**decision.main, **decision.given})
        raise LabelError(
            "{place}: no column for any facet of the model ({facets}).",
            place=data.places[0],
            facets=facets,
        )
    return scores


def score_single(truth: NDArray[np.str_], given: NDArray[np.str_], seed: int = 0) -> FacetScores:
    """Scores where each row has one label; both of shape (n_rows,).

    Examples
    --------
    >>> score_single(np.array(["a", "b", "b"]), np.array(["a", "b", "a"])).accuracy
    0.6666666666666666
    """
    labels = np.unique(np.concatenate([truth, given]))
    common = Counter(truth.tolist()).most_common(1)[0][0]
    return _scores(
        [str(label) for label in labels],
        truth[:, None] == labels,
        given[:, None] == labels,
        np.full_like(truth, common)[:, None] == labels,
        seed,
    )


def score_sets(
    truth: Sequence[tuple[str, ...]], given: Sequence[tuple[str, ...]], seed: int = 0
) -> FacetScores:
    """Scores where a row may have any number of labels."""
    labels = sorted({label for row in (*truth, *given) for label in row})
    common = Counter(truth).most_common(1)[0][0]

    truth_table, given_table = indicator(labels, truth), indicator(labels, given)
    baseline = indicator(labels, [common] * len(truth))
    return _scores(labels, truth_table, given_table, baseline, seed)


def _scores(
    labels: list[str],
    truth: NDArray[np.bool_],
    given: NDArray[np.bool_],
    baseline: NDArray[np.bool_],
    seed: int,
) -> FacetScores:
    right = (truth == given).all(axis=1)
    accuracies, macros = resampled(truth, given, seed)
    hits, predicted, support = counts(truth, given)
    details = {
        label: LabelScores(
            _ratio(hits[k], predicted[k]),
            _ratio(hits[k], support[k]),
            _ratio(2 * hits[k], predicted[k] + support[k]),
            int(support[k]),
        )
        for k, label in enumerate(labels)
    }
    return FacetScores(
        float(right.mean()),
        macro_f1(truth, given),
        _interval(accuracies),
        _interval(macros),
        float((truth == baseline).all(axis=1).mean()),
        macro_f1(truth, baseline),
        details,
        len(truth),
    )


def _ratio(part: np.int64, whole: np.int64) -> float:
    return float(part / whole) if whole else 0.0


def _interval(values: list[float]) -> Interval:
    tail = (1 - _COVERAGE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)


def automatic(tagged: Tagged, data: Labelled) -> tuple[float, float]:
    """Share of the rows tagged without a human, and the share of these that are right."""
    facet = next(iter(tagged.decision.main))
    chosen = values(pc.equal(tagged.table["tag_status"].combine_chunks(), text(AUTOMATIC)))
    right = tagged.decision.names(facet) == data.main(facet)
    return float(chosen.mean()), float(right[chosen].mean()) if chosen.any() else float("nan")


def by_source(decision: Decision, data: Labelled) -> dict[str, tuple[int, float]]:
    """Rows and accuracy of the main label per source of the data; empty if none is named."""
    facet = next(iter(decision.main))
    if not data.sources or facet not in data.labels:
        return {}
    right, sources = decision.names(facet) == data.main(facet), np.array(data.sources)
    return {
        str(source): (int((sources == source).sum()), float(right[sources == source].mean()))
        for source in np.unique(sources)
    }


def errors(tagged: Tagged, data: Labelled) -> list[dict[str, str]]:
    """Rows whose main label is wrong, surest first.

    Each has ``tempat`` (file and row), ``sumber``, ``teks``, ``benar`` (true label),
    ``diberi`` (given label) and ``pilihan`` (likeliest labels of the main facet).

    Raises
    ------
    LabelError
        The data have no labels of the main facet.
    """
    facet = next(iter(tagged.decision.main))
    if facet not in data.labels:
        raise LabelError(
            "{place}: no column {facet!r}, so no errors can be listed.",
            place=data.places[0],
            facet=facet,
        )
    likeliest = tagged.table["tag_pilihan"].to_pylist()
    truth, given = data.main(facet), tagged.decision.names(facet)
    wrong = np.flatnonzero(truth != given)
    wrong = wrong[np.argsort(-tagged.decision.confidence[wrong], kind="stable")]
    texts = [column.to_pylist() for column in data.columns]
    return [
        {
            "tempat": data.places[row],
            "sumber": data.sources[row] if data.sources else "",
            "teks": " | ".join(text[row] for text in texts if text[row]),
            "benar": str(truth[row]),
            "diberi": str(given[row]),
            "pilihan": likeliest[row],
        }
        for row in wrong.tolist()
    ]
