"""Probabilities -> labels: which ones each row is given, and how sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifier.heads import Head
from classifier.model import Model, Prediction
from classifier.taxonomy import UNCLEAR

__all__ = ["CHOICES", "WHEN_UNCLEAR", "Decision", "choose", "decide", "is_unclear", "with_implied"]

CHOICES = 3
"""How many labels ``tag_pilihan`` names."""

WHEN_UNCLEAR = {"jenis": UNCLEAR, "spm": "bukan"}
"""What the other facets say of a row that asks for nothing that can be named."""


@dataclass(frozen=True)
class Decision:
    """Tags of n_rows proposals.

    Attributes
    ----------
    main
        Facet with one label -> its labels, and the index of the one chosen, int64, shape
        (n_rows,).
    given
        Facet with several labels -> its labels, and whether each is given, bool, shape
        (n_rows, n_labels). For the main facet: the labels given beside the main one.
    confidence
        Probability of the main label of the main facet, shape (n_rows,).
    best
        The main facet's labels, likeliest first, as indices, shape (n_rows, CHOICES).
    """

    main: Mapping[str, tuple[tuple[str, ...], NDArray[np.int64]]]
    given: Mapping[str, tuple[tuple[str, ...], NDArray[np.bool_]]]
    confidence: NDArray[np.floating]
    best: NDArray[np.int64]

    def take(self, rows: NDArray[np.integer]) -> Decision:
        """Tags of some rows, in the order of ``rows``."""
        main = {facet: (labels, codes[rows]) for facet, (labels, codes) in self.main.items()}
        given = {facet: (labels, table[rows]) for facet, (labels, table) in self.given.items()}
        return Decision(main, given, self.confidence[rows], self.best[rows])

    def names(self, facet: str) -> NDArray[np.str_]:
        """Label chosen in a facet with one label, str, shape (n_rows,)."""
        labels, codes = self.main[facet]
        return np.array(labels)[codes]

    def sets(self, facet: str) -> list[tuple[str, ...]]:
        """Labels given in a facet with several labels, row by row."""
        labels, given = self.given[facet]
        return [tuple(labels[k] for k in np.flatnonzero(row)) for row in given]


def decide(model: Model, prediction: Prediction) -> Decision:
    """Choose labels from probabilities, and what they imply."""
    return with_implied(choose(model, prediction))


def choose(model: Model, prediction: Prediction) -> Decision:
    """Choose labels from probabilities, each facet by itself."""
    first = model.heads[0].facet
    main: dict[str, tuple[tuple[str, ...], NDArray[np.int64]]] = {}
    given: dict[str, tuple[tuple[str, ...], NDArray[np.bool_]]] = {}
    for head in model.heads:
        chances = prediction.probabilities[head.facet]
        if head.banyak:
            given[head.facet] = (head.labels, _above(head, prediction))
        else:
            main[head.facet] = (model.labels(head.facet), chances.argmax(axis=1))
    given[first] = (model.heads[0].labels, _further(model, prediction, main[first][1]))
    chances = prediction.probabilities[first]
    return Decision(main, given, chances.max(axis=1), _best(chances))


def with_implied(decision: Decision) -> Decision:
    """The same choices, but what :data:`WHEN_UNCLEAR` says where the main label is unclear."""
    main = dict(decision.main)
    unclear = is_unclear(*next(iter(main.values())))
    for facet, label in WHEN_UNCLEAR.items():
        if facet in main:
            main[facet] = _instead(*main[facet], label, unclear)
    return replace(decision, main=main)


def _best(chances: NDArray[np.float32]) -> NDArray[np.int64]:
    """The likeliest labels, likeliest first; of equals, the earlier one."""
    left, rows = chances.copy(), np.arange(len(chances))
    best = np.empty((len(chances), min(CHOICES, chances.shape[1])), np.int64)
    for place in range(best.shape[1]):
        best[:, place] = left.argmax(axis=1)
        left[rows, best[:, place]] = -1
    return best


def is_unclear(labels: tuple[str, ...], codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Rows that ask for nothing that can be named, shape (n_rows,)."""
    unclear: NDArray[np.bool_] = codes == (labels.index(UNCLEAR) if UNCLEAR in labels else -1)
    return unclear


def _instead(
    labels: tuple[str, ...], codes: NDArray[np.int64], label: str, where: NDArray[np.bool_]
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The same choices, but ``label`` where the condition holds."""
    if label not in labels:
        labels = (*labels, label)
    return labels, np.where(where, labels.index(label), codes)


def _further(model: Model, prediction: Prediction, main: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Labels of the main facet that score well beside the main one; none beside unclear."""
    head = model.heads[0]
    further = _above(head, prediction)
    further &= main[:, None] != np.arange(len(head.labels))
    further &= (main < len(head.labels))[:, None]
    return further


def _above(head: Head, prediction: Prediction) -> NDArray[np.bool_]:
    """Labels whose scores reach their thresholds, shape (n_rows, n_labels)."""
    thresholds = head.thresholds or (float("inf"),) * len(head.labels)
    above: NDArray[np.bool_] = prediction.scores[head.facet] >= np.array(thresholds, np.float32)
    return above
