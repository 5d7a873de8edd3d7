"""The tag columns: labels, confidence, choices, status and reason, a row per proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from classifier.arrays import flags, text
from classifier.cells import digits, joined, listed, named
from classifier.cutoffs import PRECISION
from classifier.decide import Decision, decide
from classifier.features import Batch
from classifier.model import Model, Prediction
from classifier.status import judge

__all__ = ["Tagged", "Tagger", "choices", "tag_columns"]


@dataclass(frozen=True)
class Tagged:
    """Tags of n_rows proposals: the columns as text, and what they were made from."""

    table: pa.Table
    prediction: Prediction
    decision: Decision


class Tagger:
    """A model with what the user asks of it.

    Parameters
    ----------
    model
        The model.
    precision
        Share to be right among the rows tagged without a human.

    Examples
    --------
    >>> from classifier import load_model
    >>> tagger = Tagger(load_model())
    >>> tagger.tag([pa.array(["Pengaspalan jalan poros"])]).table["tag_prioritas"].to_pylist()
    ['jalan']
    """

    def __init__(self, model: Model, precision: float = PRECISION) -> None:
        self.model = model
        self.cutoffs = model.cutoffs(precision)

    def tag(self, columns: Sequence[pa.Array | pa.ChunkedArray]) -> Tagged:
        """Tag text columns of equal length; rows without text stay untagged."""
        return self.tag_batch(self.model.batch(columns))

    def tag_batch(self, batch: Batch) -> Tagged:
        """Tag features that are at hand."""
        model = self.model
        prediction = model.predict_batch(batch)
        decision = decide(model, prediction)
        judgement = judge(model, batch, prediction, decision, self.cutoffs.values)
        columns = [*_labels(model, prediction, decision), judgement.status, judgement.reasons]
        return Tagged(pa.table(columns, names=tag_columns(model)), prediction, decision)


def tag_columns(model: Model) -> list[str]:
    """Names of the tag columns, in order."""
    first, *rest = (head.facet for head in model.heads)
    main = [f"tag_{first}", f"tag_{first}_lain", "tag_keyakinan", "tag_pilihan"]
    return [*main, *(f"tag_{facet}" for facet in rest), "tag_status", "tag_alasan"]


def _labels(model: Model, prediction: Prediction, decision: Decision) -> list[pa.Array]:
    """All columns but status and reason, empty where there is no text."""
    first = model.heads[0].facet
    columns = [
        named(*decision.main[first]),
        listed(*decision.given[first]),
        digits(decision.confidence),
        choices(model, prediction, decision),
    ]
    for head in model.heads[1:]:
        one, several = decision.main.get(head.facet), decision.given.get(head.facet)
        columns += [named(*one)] if one else [listed(*several)] if several else []
    blank = flags(prediction.traits.blank)
    return [pc.if_else(blank, text(""), column) for column in columns]


def choices(model: Model, prediction: Prediction, decision: Decision) -> pa.Array:
    """The likeliest labels with their probabilities: ``jalan 0.81; banjir 0.12; pju 0.02``."""
    first = model.heads[0].facet
    labels = model.labels(first)
    chances = np.take_along_axis(prediction.probabilities[first], decision.best, axis=1)
    named_choices = [
        joined([named(labels, best), digits(chance)], " ")
        for best, chance in zip(decision.best.T, chances.T, strict=True)
    ]
    return joined(named_choices, "; ")
