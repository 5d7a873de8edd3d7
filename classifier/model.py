"""A trained tagger: linear heads over words, pairs and parts, with calibrated probabilities.

All heads share one matrix of weights, a column per label, so that one sparse product
scores every facet. The weights of parts are folded into one row of weights per word:

    score(row) = words(row) @ W + pairs(row) @ V + concepts(row) @ U + intercept
    W[word]    = own weights of a known word + its parts @ weights of parts

which also makes an explanation exact: a word's share of a score is one product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import numbers
from classifier.cutoffs import PRECISION, Cutoffs, OutOfFold, cutoffs
from classifier.drift import Profile
from classifier.errors import ModelError
from classifier.features import Batch, Vocabulary
from classifier.lexicon import Lexicon
from classifier.taxonomy import UNCLEAR
from classifier.text import tokenize

__all__ = ["Head", "Model", "Prediction", "Traits", "Unclear", "Weights"]


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


@dataclass(frozen=True)
class Model:
    """Everything needed to tag a column of proposals.

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

    def head(self, facet: str) -> Head:
        """The head of a facet."""
        return next(head for head in self.heads if head.facet == facet)

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

    def batch(self, columns: Sequence[pa.Array | pa.ChunkedArray]) -> Batch:
        """Tokens and features of text columns of equal length."""
        return self.vocabulary.transform(tokenize(columns, self.lexicon))

    def word_weights(self, batch: Batch) -> NDArray[np.float32]:
        """Weights of the batch's own words, float32, shape (n_words, n_labels)."""
        unseen = np.flatnonzero(batch.ids < 0)
        table = np.zeros((len(batch.ids), self.weights.words.shape[1]), np.float32)
        table[batch.ids >= 0] = self.weights.words[batch.ids[batch.ids >= 0]]
        parts = self.vocabulary.parts(batch.tokens.words.take(numbers(unseen)))
        table[unseen] = parts @ self.weights.grams
        return table

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

    def predict_batch(self, batch: Batch) -> Prediction:
        """Probabilities of all facets for features that are at hand."""
        weights = self.weights
        values = batch.words @ self.word_weights(batch) + batch.pairs @ weights.pairs
        values += batch.concepts @ weights.concepts + weights.intercept
        scores = {head.facet: values[:, self.columns(head.facet)] for head in self.heads}
        return self.calibrate(scores, Traits.of(batch))

    def calibrate(self, scores: Mapping[str, NDArray[np.float32]], traits: Traits) -> Prediction:
        """Probabilities from the scores of each facet."""
        chances = {head.facet: calibrated(head, scores[head.facet]) for head in self.heads}
        if self.unclear is not None:
            main = self.heads[0].facet
            p = unclear_probability(self.unclear, scores[main], traits)
            clear = chances[main] * (1 - p)[:, None]
            chances[main] = np.column_stack([clear, p]).astype(np.float32)
        return Prediction(scores, chances, traits)


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
    unclear: Unclear, scores: NDArray[np.float32], traits: Traits
) -> NDArray[np.float64]:
    """Probability that a row asks for nothing that can be named, shape (n_rows,)."""
    known = np.log1p(traits.known)
    p = sigmoid(unclear.intercept + unclear.best * scores.max(axis=1) + unclear.known * known)
    return np.where(traits.empty, unclear.nothing, p)


def sigmoid(values: NDArray[Any]) -> NDArray[Any]:
    """1 / (1 + exp(-x)), without overflow."""
    chances: NDArray[Any] = 1 / (1 + np.exp(np.minimum(-values, 80)))
    return chances
