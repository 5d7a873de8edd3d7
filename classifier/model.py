"""A trained tagger: linear heads over words, pairs and parts, with calibrated probabilities.

All heads share one matrix of weights, a column per label, so that one sparse product
scores every facet. The weights of parts are folded into one row of weights per word:

    score(row) = words(row) @ W + pairs(row) @ V + concepts(row) @ U + intercept
    W[word]    = own weights of a known word + its parts @ weights of parts

which also makes an explanation exact: a word's share of a score is one product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import numbers, strings, values
from classifier.cutoffs import PRECISION, Cutoffs, OutOfFold, cutoffs
from classifier.drift import Profile
from classifier.errors import ModelError, TaxonomyError
from classifier.features import Batch, Vocabulary
from classifier.heads import Head, Unclear, calibrated, unclear_probability
from classifier.lexicon import Lexicon
from classifier.precedents import Precedents
from classifier.remembered import Remembered
from classifier.taxonomy import UNCLEAR, Taxonomy
from classifier.text import tokenize

__all__ = ["Model", "Prediction", "Traits", "Weights"]

REMEMBERED = 2_000_000
"""Weights remembered of words that the vocabulary lacks."""


@dataclass(frozen=True)
class Weights:
    """Weights of all labels side by side, float32, one column per label.

    ``words`` holds a known word's weights with its parts folded in, ``grams`` those of
    parts, for words never seen.
    """

    words: NDArray[np.float32]
    grams: NDArray[np.float32]
    pairs: NDArray[np.float32]
    concepts: NDArray[np.float32]
    intercept: NDArray[np.float32]


@dataclass(frozen=True)
class Traits:
    """What is known of rows beside their scores; each of shape (n_rows,).

    Attributes
    ----------
    blank
        No letter or digit in any text column, bool.
    empty
        Nothing is left after masking places and numbers, bool.
    words, known
        Words that count, and those of them that the vocabulary holds, int64.
    """

    blank: NDArray[np.bool_]
    empty: NDArray[np.bool_]
    words: NDArray[np.int64]
    known: NDArray[np.int64]

    def take(self, rows: NDArray[np.integer]) -> Traits:
        """Traits of some rows, in the order of ``rows``."""
        return Traits(self.blank[rows], self.empty[rows], self.words[rows], self.known[rows])

    @classmethod
    def of(cls, batch: Batch) -> Traits:
        """Traits of a batch's rows."""
        rows, n_rows = batch.tokens.rows, batch.tokens.n_rows
        known = batch.ids[batch.tokens.codes] >= 0
        words = np.bincount(rows, minlength=n_rows)
        return cls(
            batch.tokens.blank, words == 0, words, np.bincount(rows[known], minlength=n_rows)
        )


@dataclass(frozen=True)
class Prediction:
    """Scores and probabilities per facet, float32, shape (n_rows, n_labels), and traits."""

    scores: Mapping[str, NDArray[np.float32]]
    probabilities: Mapping[str, NDArray[np.float32]]
    traits: Traits

    def take(self, rows: NDArray[np.integer]) -> Prediction:
        """Prediction of some rows, in the order of ``rows``."""
        scores = {facet: table[rows] for facet, table in self.scores.items()}
        chances = {facet: table[rows] for facet, table in self.probabilities.items()}
        return Prediction(scores, chances, self.traits.take(rows))


@dataclass(frozen=True)
class Model:
    """Everything needed to tag a column of proposals.

    ``seen`` holds a key of each training row, uint32, in the order of ``out_of_fold``; see
    :mod:`classifier.seen`. Models of older versions lack it.

    Examples
    --------
    >>> from classifier import load_model
    >>> model = load_model()
    >>> prediction = model.predict([pa.array(["Pengaspalan jalan poros rusak"])])
    >>> best = prediction.probabilities["prioritas"][0].argmax()
    >>> model.labels("prioritas")[best]
    'jalan'
    """

    lexicon: Lexicon
    vocabulary: Vocabulary
    weights: Weights
    heads: tuple[Head, ...]
    unclear: Unclear | None = None
    out_of_fold: OutOfFold | None = None
    profile: Profile | None = None
    record: Mapping[str, Any] = field(default_factory=dict)
    precedents: Precedents | None = None
    seen: NDArray[np.uint32] | None = None

    def head(self, facet: str) -> Head:
        """The head of a facet."""
        return next(head for head in self.heads if head.facet == facet)

    @cached_property
    def taxonomy(self) -> Taxonomy:
        """What it was trained by, facets and labels in the order of the heads.

        Raises
        ------
        ModelError
            The model does not describe its labels.
        """
        try:
            kept = Taxonomy.from_dict(self.record["taxonomy"])
            facets = {head.facet: kept.facets[head.facet] for head in self.heads}
            facets |= kept.facets
            for head in self.heads:  # a model file has sorted both by name
                known = facets[head.facet].labels
                ordered = {name: known[name] for name in dict.fromkeys([*head.labels, *known])}
                facets[head.facet] = replace(facets[head.facet], labels=ordered)
        except (KeyError, TaxonomyError):
            raise ModelError("the model does not describe its labels. Train it again.") from None
        return Taxonomy(facets, kept.kelompok)

    def labels(self, facet: str) -> tuple[str, ...]:
        """Labels of a facet in the order of the probability columns."""
        head = self.head(facet)
        decided = self.unclear is not None and head is self.heads[0]
        return (*head.labels, UNCLEAR) if decided else head.labels

    def columns(self, facet: str) -> slice:
        """Columns of :class:`Weights` that belong to a facet."""
        start = 0
        for head in self.heads:
            if head.facet == facet:
                return slice(start, start + len(head.labels))
            start += len(head.labels)
        raise KeyError(facet)

    def batch(self, columns: Sequence[pa.Array | pa.ChunkedArray], *, trace: bool = False) -> Batch:
        """Tokens and features of text columns of equal length; traced ones can be explained."""
        return self.vocabulary.transform(tokenize(columns, self.lexicon, trace=trace))

    @cached_property
    def precedent_batch(self) -> Batch:
        """Features of the precedents, computed when they are first asked for."""
        return self.batch(self.precedents.columns if self.precedents else [strings([])])

    def word_weights(self, batch: Batch) -> NDArray[np.float32]:
        """Weights of the batch's own words, float32, shape (n_words, n_labels)."""
        counted = np.zeros(len(batch.ids), bool)  # not those that only noise holds
        counted[batch.tokens.codes] = True
        unseen = np.flatnonzero(counted & (batch.ids < 0))
        known = np.flatnonzero(batch.ids >= 0)
        table = np.zeros((len(batch.ids), self.weights.words.shape[1]), np.float32)
        table[known] = self.weights.words[batch.ids[known]]
        rows = self._unseen_weights(batch.tokens.words.take(numbers(unseen)))
        table[unseen] = values(rows.flatten()).reshape(len(unseen), table.shape[1])
        return table

    @cached_property
    def _unseen_weights(self) -> Remembered:
        return Remembered(self._part_weights, REMEMBERED // len(self.weights.intercept))

    def _part_weights(self, words: pa.StringArray) -> pa.FixedSizeListArray:
        """Weights of words that are known by their parts alone, a list for each word."""
        table = (self.vocabulary.parts(words) @ self.weights.grams).astype(np.float32)
        return pa.FixedSizeListArray.from_arrays(numbers(table.ravel()), table.shape[1])

    def cutoffs(self, precision: float = PRECISION) -> Cutoffs:
        """From which probability each label of the main facet is given without a human.

        Parameters
        ----------
        precision
            Share to be right among such rows.

        Raises
        ------
        ModelError
            The model was not calibrated, so that nothing is known of its precision.
        """
        if self.out_of_fold is None:
            raise ModelError("the model was not calibrated. Train it with 'usulan train'.")
        return cutoffs(self.out_of_fold, len(self.heads[0].labels), precision)

    def predict(self, columns: Sequence[pa.Array | pa.ChunkedArray]) -> Prediction:
        """Probabilities of all facets for text columns of equal length n_rows."""
        return self.predict_batch(self.batch(columns))

    def predict_batch(self, batch: Batch, *, main_only: bool = False) -> Prediction:
        """Probabilities of all facets, or of the main one, for features that are at hand."""
        heads = self.heads[:1] if main_only else self.heads
        used, weights = slice(sum(len(head.labels) for head in heads)), self.weights
        scored = batch.words @ self.word_weights(batch)[:, used]
        scored += batch.pairs @ weights.pairs[:, used]
        scored += batch.concepts @ weights.concepts[:, used] + weights.intercept[used]
        scores = {head.facet: scored[:, self.columns(head.facet)] for head in heads}
        return self.calibrate(scores, Traits.of(batch))

    def calibrate(self, scores: Mapping[str, NDArray[np.float32]], traits: Traits) -> Prediction:
        """Probabilities from the scores of some facets, the main one among them."""
        heads = [head for head in self.heads if head.facet in scores]
        chances = {head.facet: calibrated(head, scores[head.facet]) for head in heads}
        if self.unclear is not None:
            main = self.heads[0].facet
            p = unclear_probability(self.unclear, scores[main], traits.known, traits.empty)
            clear = chances[main] * (1 - p)[:, None]
            chances[main] = np.column_stack([clear.astype(np.float32), p.astype(np.float32)])
        return Prediction(scores, chances, traits)
