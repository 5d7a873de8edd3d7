"""Labelled proposals -> a model, calibrated on rows that its folds had not seen."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier import __version__
from classifier.calibration import calibrate
from classifier.errors import LabelError
from classifier.evaluation import FacetScores, score
from classifier.features import Batch, Vocabulary
from classifier.folds import folds, group_rows
from classifier.labelled import Labelled, indicator
from classifier.lexicon import Lexicon
from classifier.model import Head, Model, Traits, Weights
from classifier.taxonomy import UNCLEAR, Facet, Taxonomy
from classifier.text import tokenize

__all__ = ["Settings", "train"]

Progress = Callable[[int, int], None]
"""Called with the number of fits done and to do."""


@dataclass(frozen=True)
class Settings:
    """What can be chosen in training; the defaults won the comparison in the data card.

    Attributes
    ----------
    regularization
        C of the linear SVM: smaller is simpler.
    pair_weight, part_weight
        How much the pairs and the parts of words count beside the words.
    min_pair, min_gram
        Rows that a pair, and distinct words that a part, must occur in.
    folds, seed
        Number of grouped folds; seed of their shuffling and of the solver.
    target_precision
        Share to be right among the rows tagged without a human.
    """

    regularization: float = 0.15
    pair_weight: float = 0.5
    part_weight: float = 1.0
    min_pair: int = 2
    min_gram: int = 2
    folds: int = 5
    seed: int = 2025
    target_precision: float = 0.95


def train(
    data: Labelled,
    taxonomy: Taxonomy,
    lexicon: Lexicon | None = None,
    settings: Settings | None = None,
    *,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Model:
    """Train a model on labelled proposals.

    Each facet gets one linear head. The scores of held-out rows of grouped, stratified
    folds calibrate the probabilities, set the thresholds and fill the training record.

    Parameters
    ----------
    data, taxonomy
        Labelled rows, and the facets and labels they may have. The first facet is the
        main one: each row has one main label in it.
    lexicon, settings
        The shipped lexicon and the default settings if left out.
    jobs
        Folds fitted side by side.
    progress
        Told after each fit.

    Raises
    ------
    LabelError
        A facet has fewer than two labels, or a label one example only.
    """
    from joblib import Parallel, delayed

    lexicon, settings = lexicon or Lexicon.load(), settings or Settings()
    trainer = _Trainer(data, taxonomy, lexicon, settings)
    held_out = folds(group_rows(trainer.tokens), trainer.main, settings.folds, settings.seed)
    tasks = [delayed(trainer.score)(rows) for rows in held_out]
    scored = []
    for result in Parallel(jobs, prefer="threads", return_as="generator")(tasks):
        scored.append(result)
        if progress:
            progress(len(scored), len(tasks) + 1)
    scores, traits = _gather(held_out, scored)
    model = trainer.fit(np.arange(len(data)))
    model = calibrate(model, scores, traits, data, settings.target_precision)
    if progress:
        progress(len(tasks) + 1, len(tasks) + 1)
    held_out_scores = score(model, model.calibrate(scores, traits), data)
    return replace(model, record=_record(data, taxonomy, settings, held_out_scores))


Scored = tuple[Mapping[str, NDArray[np.float32]], Traits]


def _gather(folds: Sequence[NDArray[np.int64]], scored: Sequence[Scored]) -> Scored:
    """Scores and traits of all folds' rows, in the order of the data."""
    order = np.argsort(np.concatenate(folds))

    def joined(parts: Iterable[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate(list(parts))[order]

    facets = scored[0][0]
    scores = {facet: joined(part[facet] for part, _ in scored) for facet in facets}
    traits = {
        item.name: joined(getattr(part, item.name) for _, part in scored) for item in fields(Traits)
    }
    return scores, Traits(**traits)


def _record(
    data: Labelled, taxonomy: Taxonomy, settings: Settings, scores: Mapping[str, FacetScores]
) -> dict[str, Any]:
    """The training record: what the model was made of, and how well it did."""
    return {
        "usulan": __version__,
        "versions": {name: version(name) for name in ("numpy", "pyarrow", "scikit-learn", "scipy")},
        "date": _today().isoformat(),
        "data_sha256": data.sha256,
        "rows": len(data),
        "rows_per_label": {
            facet: dict(sorted(Counter(label for row in rows for label in row).items()))
            for facet, rows in data.labels.items()
        },
        "settings": asdict(settings),
        "held_out": {facet: asdict(result) for facet, result in scores.items()},
        "taxonomy": taxonomy.to_dict(),
    }


def _today() -> date:
    """The date of training, or SOURCE_DATE_EPOCH's, which makes a rebuilt file the same."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch else datetime.now(UTC).date()


class _Trainer:
    """One training: its data, tokenized once, and how they are fitted."""

    def __init__(
        self, data: Labelled, taxonomy: Taxonomy, lexicon: Lexicon, settings: Settings
    ) -> None:
        self.data, self.lexicon, self.settings = data, lexicon, settings
        first = next(iter(data.labels))
        if taxonomy.facets[first].banyak:
            raise LabelError(
                f"{data.places[0]}: {first}: the first facet must take one label a row."
            )
        self.main = data.main(first)
        self.clear = self.main != UNCLEAR
        self.tokens = tokenize(data.columns, lexicon)
        self.heads = tuple(self._head(taxonomy.facets[facet]) for facet in data.labels)

    def _head(self, facet: Facet) -> Head:
        """An uncalibrated head with the labels that occur, in the taxonomy's order."""
        rows = self._wanted(facet.name, facet.banyak, np.flatnonzero(self.clear))
        counts = Counter(label for labels in rows for label in labels)
        for label, count in counts.items():
            if count == 1:
                row = np.flatnonzero(self.clear)[[label in labels for labels in rows].index(True)]
                raise LabelError(
                    f"{self.data.places[row]}: {facet.name}: {label!r} has only this example; "
                    "a label needs at least two. Add rows with it, or take it out."
                )
        labels = tuple(label for label in facet.labels if counts[label])
        if len(labels) < 2 - facet.banyak:
            raise LabelError(
                f"{self.data.places[0]}: {facet.name}: the data hold {len(labels)} label(s) to "
                "learn; at least two are needed. Add rows with other labels."
            )
        return Head(facet.name, labels, facet.banyak)

    def _wanted(self, facet: str, banyak: bool, rows: NDArray[np.int64]) -> list[tuple[str, ...]]:
        """What a head shall give: all labels of a row, or the main one."""
        labels = self.data.labels[facet]
        return [labels[row] if banyak else labels[row][:1] for row in rows]

    def score(self, rows: NDArray[np.int64]) -> Scored:
        """Scores and traits of ``rows`` by a model of all the others."""
        model = self.fit(np.setdiff1d(np.arange(len(self.data)), rows))
        batch = model.vocabulary.transform(self.tokens.take(rows))
        return model.predict_batch(batch).scores, Traits.of(batch)

    def fit(self, rows: NDArray[np.int64]) -> Model:
        """An uncalibrated model of ``rows``."""
        rows = rows[self.clear[rows]]
        tokens, settings = self.tokens.take(rows), self.settings
        vocabulary = Vocabulary.fit(tokens, min_pair=settings.min_pair, min_gram=settings.min_gram)
        features = self._features(vocabulary, vocabulary.transform(tokens))
        fitted = [self._fit_head(head, features, rows) for head in self.heads]
        coefficients = np.hstack([coefficient for coefficient, _ in fitted])
        cuts = np.cumsum([len(vocabulary.words), len(vocabulary.grams)])
        words, grams, pairs = np.split(coefficients, cuts)
        grams, pairs = grams * settings.part_weight, pairs * settings.pair_weight
        weights = Weights(
            words + vocabulary.parts(vocabulary.words) @ grams,
            grams,
            pairs,
            np.concatenate([intercept for _, intercept in fitted]),
        )
        return Model(self.lexicon, vocabulary, weights, self.heads)

    def _features(self, vocabulary: Vocabulary, batch: Batch) -> sp.csr_matrix:
        """All three blocks side by side, a column per word, part and pair."""
        known = np.flatnonzero(batch.ids >= 0)
        to_vocabulary = sp.csr_matrix(
            (np.ones(len(known), np.float32), (known, batch.ids[known])),
            shape=(len(batch.ids), len(vocabulary.words)),
        )
        parts = batch.words @ vocabulary.parts(batch.tokens.words)
        blocks = [
            batch.words @ to_vocabulary,
            parts * self.settings.part_weight,
            batch.pairs * self.settings.pair_weight,
        ]
        joined: sp.csr_matrix = sp.hstack(blocks, format="csr")
        return joined

    def _fit_head(
        self, head: Head, features: sp.csr_matrix, rows: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Coefficients (n_features, n_labels) and intercepts (n_labels,), one label at a time.

        A label that a fold's training rows lack, or all have, keeps a constant score.
        """
        from sklearn.svm import LinearSVC

        wanted = indicator(head.labels, self._wanted(head.facet, head.banyak, rows))
        coefficients = np.zeros((features.shape[1], len(head.labels)), np.float32)
        intercept = np.where(wanted.all(axis=0), 1, -1).astype(np.float32)
        for k in np.flatnonzero(wanted.any(axis=0) & ~wanted.all(axis=0)):
            svm = LinearSVC(
                C=self.settings.regularization,
                dual=False,  # the solver without random numbers: same bytes on any threads
                tol=0.01,  # as liblinear has it for this solver
                class_weight="balanced",
            ).fit(features, wanted[:, k])
            coefficients[:, k], intercept[k] = svm.coef_[0], svm.intercept_[0]
        return coefficients, intercept
