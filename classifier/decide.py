"""Probabilities -> tags: which labels, how sure, and whether a human should look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import flags, numbers, strings, text
from classifier.model import Model, Prediction
from classifier.taxonomy import UNCLEAR

__all__ = ["CHOICES", "Decision", "decide", "is_unclear", "tag_columns", "tag_table"]

CHOICES = 3
"""How many labels ``tag_pilihan`` names."""

WHEN_UNCLEAR = {"jenis": UNCLEAR, "spm": "bukan"}
"""What the other facets say of a row that asks for nothing that can be named."""

AUTOMATIC, REVIEW, BLANK = "otomatis", "tinjau", "kosong"
_NO_TEXT = "tidak ada teks"
_ONLY_PLACE = "hanya nama tempat atau angka"
_UNCLEAR = "tidak jelas apa yang diminta"
_UNSURE = "keyakinan rendah"
_SURE = "keyakinan cukup"


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

    def names(self, facet: str) -> NDArray[np.str_]:
        """Label chosen in a facet with one label, str, shape (n_rows,)."""
        labels, codes = self.main[facet]
        return np.array(labels)[codes]

    def sets(self, facet: str) -> list[tuple[str, ...]]:
        """Labels given in a facet with several labels, row by row."""
        labels, given = self.given[facet]
        return [tuple(labels[k] for k in np.flatnonzero(row)) for row in given]


def decide(model: Model, prediction: Prediction) -> Decision:
    """Choose labels from probabilities."""
    first = model.heads[0].facet
    main: dict[str, tuple[tuple[str, ...], NDArray[np.int64]]] = {}
    given: dict[str, tuple[tuple[str, ...], NDArray[np.bool_]]] = {}
    for head in model.heads:
        chances = prediction.probabilities[head.facet]
        if head.banyak:
            given[head.facet] = (head.labels, chances >= head.threshold)
        else:
            main[head.facet] = (model.labels(head.facet), chances.argmax(axis=1))
    for facet, label in WHEN_UNCLEAR.items():
        if facet in main:
            main[facet] = _instead(*main[facet], label, is_unclear(*main[first]))
    given[first] = (model.heads[0].labels, _further(model, prediction, main[first][1]))
    chances = prediction.probabilities[first]
    best = np.argsort(-chances, axis=1, kind="stable")[:, :CHOICES]
    return Decision(main, given, chances.max(axis=1), best)


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
    further: NDArray[np.bool_] = prediction.scores[head.facet] >= head.other
    further &= main[:, None] != np.arange(len(head.labels))
    further &= (main < len(head.labels))[:, None]
    return further


def tag_columns(model: Model) -> list[str]:
    """Names of the columns that :func:`tag_table` makes, in order."""
    first, *rest = (head.facet for head in model.heads)
    main = [f"tag_{first}", f"tag_{first}_lain", "tag_keyakinan", "tag_pilihan"]
    return [*main, *(f"tag_{facet}" for facet in rest), "tag_status", "tag_alasan"]


def tag_table(model: Model, prediction: Prediction) -> pa.Table:
    """The tag columns as text, one row per proposal; rows without text stay untagged."""
    decision = decide(model, prediction)
    first = model.heads[0].facet
    columns = [
        _named(*decision.main[first]),
        _joined(*decision.given[first]),
        _digits(decision.confidence),
        _choices(model, prediction, decision),
    ]
    for head in model.heads[1:]:
        chosen, given = decision.main.get(head.facet), decision.given.get(head.facet)
        columns += [_named(*chosen)] if chosen else [_joined(*given)] if given else []
    blank = flags(prediction.traits.blank)
    columns = [pc.if_else(blank, text(""), column) for column in columns]
    return pa.table([*columns, *_status(model, prediction, decision)], names=tag_columns(model))


def _status(model: Model, prediction: Prediction, decision: Decision) -> tuple[pa.Array, pa.Array]:
    """``tag_status`` and ``tag_alasan``."""
    first = model.heads[0]
    cases = [
        (prediction.traits.blank, BLANK, _NO_TEXT),
        (prediction.traits.empty, REVIEW, _ONLY_PLACE),
        (is_unclear(*decision.main[first.facet]), REVIEW, _UNCLEAR),
        (decision.confidence < first.threshold, REVIEW, _UNSURE),
    ]
    when, states, reasons = zip(*cases, strict=True)
    case = np.select(when, range(len(cases)), len(cases))
    return _named((*states, AUTOMATIC), case), _named((*reasons, _SURE), case)


def _named(names: Sequence[str], codes: NDArray[np.int64]) -> pa.Array:
    """The name of each code."""
    return strings(names).take(numbers(codes))


def _choices(model: Model, prediction: Prediction, decision: Decision) -> pa.Array:
    """The likeliest labels with their probabilities: ``jalan 0.81; banjir 0.12; pju 0.02``."""
    first = model.heads[0].facet
    labels = model.labels(first)
    chances = np.take_along_axis(prediction.probabilities[first], decision.best, axis=1)
    named = [
        pc.binary_join_element_wise(_named(labels, best), _digits(chance), text(" "))
        for best, chance in zip(decision.best.T, chances.T, strict=True)
    ]
    return pc.binary_join_element_wise(*named, text("; "))


def _digits(chances: NDArray[np.floating]) -> pa.Array:
    """Probabilities as text with two digits."""
    texts = [f"{hundredths / 100:.2f}" for hundredths in range(101)]
    return _named(texts, np.rint(chances * 100).astype(np.int64))


def _joined(labels: tuple[str, ...], given: NDArray[np.bool_]) -> pa.Array:
    """Labels given, joined by a semicolon."""
    columns = [
        _named(["", f";{label}"], given[:, k].astype(np.int64)) for k, label in enumerate(labels)
    ]
    return pc.utf8_ltrim(pc.binary_join_element_wise(*columns, text("")), ";")
