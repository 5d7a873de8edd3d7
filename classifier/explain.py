"""Why a proposal got its tags: each step of its text, and the words for and against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from classifier.features import Batch
from classifier.model import Model
from classifier.reference import Step, steps
from classifier.tags import Tagger

__all__ = ["Explanation", "Share", "explain"]


@dataclass(frozen=True)
class Share:
    """What a word, two neighbouring words, or a [concept] add to a label's score."""

    text: str
    share: float


@dataclass(frozen=True)
class Explanation:
    """One proposal, explained.

    Attributes
    ----------
    tags
        The tag columns.
    steps
        What became of the text, step by step.
    label, score, intercept, shares
        The likeliest label of the main facet that was learnt; its score, which is, up to
        rounding, the intercept plus the sum of all shares; the shares, largest first.
    """

    tags: dict[str, str]
    steps: tuple[Step, ...]
    label: str
    score: float
    intercept: float
    shares: tuple[Share, ...]


def explain(model: Model, texts: Sequence[str]) -> Explanation:
    """Explain one proposal, given as one text per field (usulan, masalah).

    Examples
    --------
    >>> from classifier import load_model
    >>> explain(load_model(), ["Pengadaan tong sampah"]).label
    'persampahan'
    """
    tagged = Tagger(model).tag([pa.array([text]) for text in texts])
    batch, prediction, head = tagged.batch, tagged.prediction, model.heads[0]
    best = int(prediction.probabilities[head.facet][0, : len(head.labels)].argmax())
    column = model.columns(head.facet).start + best
    tags = {name: cells[0] for name, cells in tagged.table.to_pydict().items()}
    shares = [
        *_word_shares(model, batch, column),
        *_pair_shares(model, batch, column),
        *_concept_shares(model, batch, column),
    ]
    return Explanation(
        tags,
        tuple(step for text in texts for step in steps(text, model.lexicon)),
        head.labels[best],
        float(prediction.scores[head.facet][0, best]),
        float(model.weights.intercept[column]),
        tuple(sorted(shares, key=lambda share: -share.share)),
    )


def _word_shares(model: Model, batch: Batch, column: int) -> list[Share]:
    weights = model.word_weights(batch)[:, column]
    words = batch.tokens.words.to_pylist()
    row = batch.words[[0]]
    return [
        Share(words[code], float(value * weights[code]))
        for code, value in zip(row.indices, row.data, strict=True)
    ]


def _pair_shares(model: Model, batch: Batch, column: int) -> list[Share]:
    words = model.vocabulary.words.to_pylist()
    row = batch.pairs[[0]]
    keys = model.vocabulary.pairs[row.indices]
    firsts, seconds = np.divmod(keys, len(words))
    return [
        Share(f"{words[first]} {words[second]}", float(value * weight))
        for first, second, value, weight in zip(
            firsts, seconds, row.data, model.weights.pairs[row.indices, column], strict=True
        )
    ]


def _concept_shares(model: Model, batch: Batch, column: int) -> list[Share]:
    names = model.vocabulary.concepts.names
    row = batch.concepts[[0]]
    return [
        Share(f"[{names[concept]}]", float(value * model.weights.concepts[concept, column]))
        for concept, value in zip(row.indices, row.data, strict=True)
    ]
