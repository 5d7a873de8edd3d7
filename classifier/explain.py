"""Why a proposal got its tags: each step of its text, and its words for and against a label."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from classifier.contributions import contributions
from classifier.display import explanation_html
from classifier.errors import LabelError
from classifier.features import Batch
from classifier.lines import cut
from classifier.model import Model
from classifier.nearest import Precedent, nearest_rows
from classifier.reference import Step, steps
from classifier.surface import Surface
from classifier.tags import Tagger

__all__ = ["Explanation", "Share", "explain"]


SHOWN = 3
"""Words named in a line."""


@dataclass(frozen=True)
class Share:
    """What a word or phrase of the text adds to a label's score."""

    text: str
    share: float


@dataclass(frozen=True, repr=False)
class Explanation:
    """One proposal, explained.

    Attributes
    ----------
    tags
        The tag columns.
    steps
        What became of the text, step by step.
    label, score, intercept, shares
        The label explained; its score, which is, up to rounding, the intercept plus the sum
        of all shares; the shares of words and phrases as they stand in the text, largest
        first.
    precedents
        The nearest training proposals, nearest first; none if the model holds none.
    probabilities
        Probability of each label of the main facet.
    """

    tags: dict[str, str]
    steps: tuple[Step, ...]
    label: str
    score: float
    intercept: float
    shares: tuple[Share, ...]
    precedents: tuple[Precedent, ...]
    probabilities: dict[str, float]

    def __repr__(self) -> str:
        """The tag, and the words most for the label explained."""
        given, chance = next(iter(self.tags.values())), self.tags["tag_keyakinan"]
        told = f"{given} {chance}, {self.tags['tag_status']}".strip(" ,")
        most = [cut(share.text, 40) for share in self.shares[:SHOWN] if share.share > 0]
        return f"{told}; karena: {', '.join(most)}" if most else told

    def _repr_html_(self) -> str:
        return explanation_html(self)


def explain(
    model: Model,
    texts: Sequence[str],
    label: str | None = None,
    rules: str | Path | None = None,
) -> Explanation:
    """Explain one proposal, given as one text per field (usulan, masalah).

    Parameters
    ----------
    label
        A label of the main facet: why it, or why not? The likeliest one if left out.
    rules
        File of the analyst's own rules.

    Raises
    ------
    LabelError
        The model has learnt no such label.
    RulesError
        One of the rules cannot be used.

    Examples
    --------
    >>> from classifier import load_model
    >>> why = explain(load_model(), ["Pengadaan tong2 sampah"])
    >>> why.label, why.shares[0].text
    ('persampahan', 'sampah')
    """
    columns = [pa.array([text]) for text in texts]
    tagged = Tagger(model, rules=rules).tag(columns)
    batch, head = model.batch(columns, trace=True), model.heads[0]
    chances = tagged.prediction.probabilities[head.facet][0]
    likeliest = int(chances[: len(head.labels)].argmax())
    column = likeliest if label is None else _column(head.labels, label)
    return Explanation(
        {name: cells[0] for name, cells in tagged.table.to_pydict().items()},
        tuple(step for text in texts for step in steps(text, model.lexicon)),
        head.labels[column],
        float(tagged.prediction.scores[head.facet][0, column]),
        float(model.weights.intercept[column]),
        _shares(model, batch, texts, column),
        nearest_rows(model, batch)[0],
        dict(zip(model.labels(head.facet), map(float, chances), strict=True)),
    )


def _column(labels: Sequence[str], label: str) -> int:
    if label not in labels:
        raise LabelError(
            "label {label!r} is not one the model learnt: {labels}.",
            label=label,
            labels=", ".join(labels),
        )
    return labels.index(label)


def _shares(model: Model, batch: Batch, texts: Sequence[str], column: int) -> tuple[Share, ...]:
    """Shares by what is read in the text, the same words in capitals or not being one."""
    found = contributions(model, batch, np.array([column]))
    surface = Surface(batch.tokens, texts)
    sums: dict[str, Share] = {}
    for first, last, share in zip(found.firsts, found.lasts, found.shares, strict=True):
        shown = surface.phrase(first, last)
        known = sums.get(shown.casefold(), Share(shown, 0.0))
        sums[shown.casefold()] = Share(known.text, known.share + float(share))
    return tuple(sorted(sums.values(), key=lambda share: -share.share))
