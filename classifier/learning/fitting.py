"""Linear heads fitted to features: the part of training that is repeated for each fold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.arrays import strings
from classifier.concepts import Concepts
from classifier.errors import LabelError
from classifier.features import Batch, Vocabulary
from classifier.heads import Head
from classifier.labelled import Labelled, indicator
from classifier.learning.broader import broader
from classifier.learning.folds import folds, group_rows
from classifier.learning.settings import Settings
from classifier.learning.solver import fit_labels
from classifier.lexicon import Lexicon
from classifier.model import Model, Weights
from classifier.taxonomy import UNCLEAR, Facet, Taxonomy
from classifier.terms import Terms
from classifier.text import tokenize

__all__ = ["Fitter"]


class Fitter:
    """Labelled rows and thesaurus terms, tokenized once, to fit models on any of the rows.

    ``left_out`` names the facets in which the rows do not differ.

    Terms are short texts that are learnt from and never scored: they stand behind the
    rows, and have no label in facets that a term does not decide.

    Raises
    ------
    LabelError
        The main facet has fewer than two labels, or one with one example only.
    """

    def __init__(
        self,
        data: Labelled,
        terms: Terms | None,
        taxonomy: Taxonomy,
        lexicon: Lexicon,
        settings: Settings,
    ) -> None:
        self.data, self.taxonomy = data, taxonomy
        self.lexicon, self.settings = lexicon, settings
        terms = terms or Terms((), {})
        self.concepts = Concepts.fit(terms.texts, terms.concepts, lexicon)
        self.broader = broader(self.concepts, terms)
        self.terms = terms if settings.learn_terms else Terms((), {})
        first, *_ = data.labels
        if taxonomy.facets[first].banyak:
            raise LabelError(
                "{place}: {facet}: the first facet takes one label a row. Let it have pilihan = "
                '"satu": its cells may hold further labels behind the main one.',
                place=data.places[0],
                facet=first,
            )
        self.main = data.main(first)
        self.clear = np.append(self.main != UNCLEAR, np.ones(len(self.terms), bool))
        self.tokens = tokenize(_with_terms(data, self.terms), lexicon)
        self.groups = group_rows(self.tokens)
        heads = [self._head(taxonomy.facets[facet]) for facet in data.labels]
        self.heads = tuple(head for head in heads if head is not None)
        self.left_out = [f for f, head in zip(data.labels, heads, strict=True) if head is None]

    @property
    def size(self) -> int:
        """Texts times labels: what fitting takes."""
        return len(self.groups) * sum(len(head.labels) for head in self.heads)

    def folds(self) -> list[NDArray[np.int64]]:
        """Held-out rows of each fold.

        Raises
        ------
        LabelError
            All rows say the same, so nothing can be held out.
        """
        groups = self.groups[: len(self.data)]
        if len(np.unique(groups)) < 2:
            raise LabelError(
                "{place}: all rows say the same, places and numbers aside; there is nothing to "
                "learn from. Add rows that differ.",
                place=self.data.places[0],
            )
        return folds(groups, self.main, self.settings.folds, self.settings.seed)

    def fit(self, held_out: NDArray[np.int64]) -> Model:
        """An uncalibrated model of all rows and terms that say something else than ``held_out``."""
        return self.fit_on(np.flatnonzero(self.apart_from(held_out)))

    def apart_from(self, held_out: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which rows and terms say something else than ``held_out``, (n_rows + n_terms,)."""
        outside: NDArray[np.bool_] = ~np.isin(self.groups, self.groups[held_out])
        return outside

    def fit_on(self, rows: NDArray[np.int64]) -> Model:
        """An uncalibrated model of some rows and terms; these are numbered behind the rows."""
        rows = rows[self.clear[rows]]
        tokens, settings = self.tokens.take(rows), self.settings
        vocabulary = Vocabulary.fit(
            tokens, self.concepts, min_pair=settings.min_pair, min_gram=settings.min_gram
        )
        features = self._features(vocabulary, vocabulary.transform(tokens))
        fitted = [self._fit_head(head, features, rows) for head in self.heads]
        coefficients = np.hstack([coefficient for coefficient, _ in fitted])
        known = (vocabulary.words, vocabulary.grams, vocabulary.pairs, vocabulary.concepts.names)
        words, grams, pairs, concepts, broader = np.split(
            coefficients, np.cumsum([len(block) for block in known])
        )
        grams = grams * settings.part_weight
        weights = Weights(
            words + vocabulary.parts(vocabulary.words) @ grams,
            grams,
            pairs * settings.pair_weight,
            (concepts + self.broader @ broader) * settings.concept_weight,
            np.concatenate([intercept for _, intercept in fitted]),
        )
        return Model(self.lexicon, vocabulary, weights, self.heads)

    def log_odds(self) -> dict[str, tuple[float, ...]]:
        """How much oftener than in the rows each label is asked for, per facet with shares."""
        return {
            head.facet: tuple(float(value) for value in self._head_odds(head))
            for head in self.heads
            if not head.banyak and all(self._porsi(head))
        }

    def _head_odds(self, head: Head) -> NDArray[np.float64]:
        main = self.data.main(head.facet)
        seen = np.array([(main == label).sum() + 1 for label in head.labels])
        wanted = np.array(self._porsi(head), float)
        odds: NDArray[np.float64] = np.log(wanted / wanted.sum()) - np.log(seen / seen.sum())
        return self.settings.prior_weight * odds

    def _porsi(self, head: Head) -> list[float | None]:
        labels = self.taxonomy.facets[head.facet].labels
        return [labels[label].porsi for label in head.labels]

    def batch(self, vocabulary: Vocabulary, rows: NDArray[np.int64]) -> Batch:
        """Features of some rows by a vocabulary."""
        return vocabulary.transform(self.tokens.take(rows))

    def _features(self, vocabulary: Vocabulary, batch: Batch) -> sp.csr_matrix:
        """All blocks side by side, a column per word, part, pair, concept and broader concept."""
        concepts = batch.concepts * self.settings.concept_weight
        parts = batch.words @ vocabulary.parts(batch.tokens.words)
        blocks = [
            batch.words @ batch.to_vocabulary(len(vocabulary.words)),
            parts * self.settings.part_weight,
            batch.pairs * self.settings.pair_weight,
            concepts,
            concepts @ self.broader,
        ]
        joined: sp.csr_matrix = sp.hstack(blocks, format="csr", dtype=np.float64)  # as heads ask
        joined.sort_indices()
        return joined

    def _fit_head(
        self, head: Head, features: sp.csr_matrix, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Coefficients (n_features, n_labels) and intercepts (n_labels,)."""
        labels = self._labels(head.facet, head.banyak)
        labelled = np.array([labels[row] is not None for row in rows])
        features, rows = features[labelled], rows[labelled]
        wanted = indicator(head.labels, [labels[row] or () for row in rows])
        c, seed = self.settings.regularization, self.settings.seed
        return fit_labels(features, wanted, self.settings.head, c, seed)

    def _labels(self, facet: str, banyak: bool) -> list[tuple[str, ...] | None]:
        """What a head shall give: all labels of a row, or its main one; None if unlabelled."""
        rows = self.data.labels[facet]
        of_terms = self.terms.labels.get(facet, (None,) * len(self.terms))
        return [*(labels if banyak else labels[:1] or None for labels in rows), *of_terms]

    def _head(self, facet: Facet) -> Head | None:
        """An uncalibrated head with the labels that occur, in the taxonomy's order.

        In a facet beside the main one a label with one example is not learnt: the first
        correction with a rare theme shall not keep an office from training.

        None where there is nothing to tell apart: a facet beside the main one that is empty,
        or says the same of every row.
        """
        rows = [
            (labels, row)
            for row, labels in enumerate(self._labels(facet.name, facet.banyak))
            if self.clear[row] and labels is not None
        ]
        counts = Counter(chain.from_iterable(labels for labels, _ in rows))
        if facet.name == next(iter(self.data.labels)):
            self._refuse_single(facet.name, counts, rows)
        labels = tuple(label for label in facet.labels if counts[label] > 1)
        varies = any(0 < counts[label] < len(rows) for label in labels)
        if varies and (facet.banyak or len(labels) > 1):
            return Head(facet.name, labels, facet.banyak)
        if facet.name != next(iter(self.data.labels)):
            return None
        raise LabelError(
            "{place}: {facet}: the data hold {count} label(s) to learn; at least two are needed. "
            "Add rows with other labels.",
            place=self.data.places[0],
            facet=facet.name,
            count=len(labels),
        )

    def _refuse_single(
        self, facet: str, counts: Counter[str], rows: Sequence[tuple[tuple[str, ...], int]]
    ) -> None:
        """Raise LabelError if a label has one example only."""
        for label, count in counts.items():
            if count == 1:
                row = next(row for labels, row in rows if label in labels)
                raise LabelError(
                    "{place}: {facet}: {label!r} has only this example; a label needs at least "
                    "two. Add rows with it, or take it out.",
                    place=self._place(row),
                    facet=facet,
                    label=label,
                )

    def _place(self, row: int) -> str:
        in_data = row < len(self.data)
        return self.data.places[row] if in_data else self.terms.texts[row - len(self.data)]


def _with_terms(data: Labelled, terms: Terms) -> list[pa.ChunkedArray]:
    """The text columns, with the terms below the rows in the first of them."""
    first, *others = data.columns
    blank = strings([""] * len(terms))
    below = [strings(terms.texts), *(blank for _ in others)]
    return [
        pa.chunked_array([*column.chunks, more], pa.string())
        for column, more in zip((first, *others), below, strict=True)
    ]
