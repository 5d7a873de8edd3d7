"""Labelled proposals -> a model, calibrated on rows that its folds had not seen."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import UTC, date, datetime
from functools import partial
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier import __version__
from classifier.decide import WHEN_UNCLEAR
from classifier.errors import LabelError
from classifier.evaluation import FacetScores, score
from classifier.labelled import Labelled
from classifier.learning.calibration import HeldOut, calibrate, cross_fitted
from classifier.learning.fitting import Fitter
from classifier.learning.settings import Settings
from classifier.learning.workers import Progress, side_by_side
from classifier.lexicon import Lexicon
from classifier.model import Model, Traits
from classifier.precedents import Precedents
from classifier.reliability import reliabilities
from classifier.seen import row_keys
from classifier.taxonomy import UNCLEAR, Taxonomy
from classifier.terms import Terms

__all__ = ["Settings", "fit", "today", "train"]

_WORTH_WORKERS = 150_000
"""Rows times labels from which fits take longer than workers to start."""


def train(
    data: Labelled,
    taxonomy: Taxonomy,
    lexicon: Lexicon | None = None,
    settings: Settings | None = None,
    *,
    terms: Terms | None = None,
    precedents: bool = False,
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
        The shipped lexicon and the settings that suit the terms if left out.
    terms
        A thesaurus, learnt from as short texts.
    precedents
        Whether the model shall hold the rows' texts, to show the nearest to a proposal.
    jobs
        Fits side by side, of the folds and of all rows; some thousand rows are one job.
    progress
        Told after each fit.

    Raises
    ------
    LabelError
        A facet has fewer than two labels, or a label one example only.
    """
    lexicon, settings = lexicon or Lexicon.load(), settings or Settings.suited(terms)
    _check_implied(data, taxonomy)
    fitter = Fitter(data, terms, taxonomy, lexicon, settings)
    model, held_out = fit(fitter, jobs=jobs, progress=progress)
    prediction = model.calibrate(held_out.scores, held_out.traits)
    scores = score(cross_fitted(model, held_out, data), data)
    record = _record(data, terms, taxonomy, settings, scores) | {
        "reliability": {
            facet: asdict(table) for facet, table in reliabilities(model, prediction, data).items()
        },
        "left_out": fitter.left_out,
    }
    kept = Precedents.of(data, model.labels(model.heads[0].facet)) if precedents else None
    seen = row_keys(fitter.tokens)[: len(data)]  # behind the rows stand the terms
    return replace(model, record=record, precedents=kept, seen=seen)


def _check_implied(data: Labelled, taxonomy: Taxonomy) -> None:
    """Raise LabelError if an unclear row would be given a label that a facet does not have."""
    first = next(iter(data.labels))
    for facet, label in WHEN_UNCLEAR.items():
        lacks = facet in data.labels and label not in taxonomy.facets[facet].labels
        if lacks and UNCLEAR in data.main(first):
            raise LabelError(
                "{place}: {facet}: rows labelled {unclear} are given {label!r} in this facet, "
                "which does not have it. Add that label, or give the facet another name.",
                place=data.places[0],
                facet=facet,
                unclear=UNCLEAR,
                label=label,
            )


def fit(
    fitter: Fitter, *, jobs: int = 1, progress: Progress | None = None
) -> tuple[Model, HeldOut]:
    """A model of all rows without a record, and the held-out scores that calibrated it.

    Each row is scored by a model of the other folds; their number may be smaller than asked.
    """
    held_out = fitter.folds()
    calls: list[Callable[[], Any]] = [partial(fitter.fit, np.zeros(0, np.int64))]
    calls += [partial(_score, fitter, rows) for rows in held_out]
    jobs = jobs if fitter.size >= _WORTH_WORKERS else 1
    model, *scored = side_by_side(calls, jobs, progress)
    gathered = _gather(held_out, scored)
    return calibrate(model, gathered, fitter.data, fitter.log_odds()), gathered


def _score(fitter: Fitter, rows: NDArray[np.int64]) -> HeldOut:
    model = fitter.fit(rows)
    batch = fitter.batch(model.vocabulary, rows)
    scores = model.predict_batch(batch).scores
    return HeldOut(scores, Traits.of(batch), np.zeros(len(rows), np.int16))


def _gather(folds: Sequence[NDArray[np.int64]], scored: Sequence[HeldOut]) -> HeldOut:
    """Scores, traits and folds of all rows, in the order of the data."""
    order = np.argsort(np.concatenate(folds))

    def joined(parts: Iterable[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate(list(parts))[order]

    scores = {facet: joined(part.scores[facet] for part in scored) for facet in scored[0].scores}
    names = [item.name for item in fields(Traits)]
    traits = {name: joined(getattr(part.traits, name) for part in scored) for name in names}
    numbers = np.repeat(np.arange(len(folds), dtype=np.int16), [len(fold) for fold in folds])
    return HeldOut(scores, Traits(**traits), numbers[order])


def _record(
    data: Labelled,
    terms: Terms | None,
    taxonomy: Taxonomy,
    settings: Settings,
    scores: Mapping[str, FacetScores],
) -> dict[str, Any]:
    """The training record: what the model was made of, and how well it did."""
    return {
        "usulan": __version__,
        "versions": {name: version(name) for name in ("numpy", "pyarrow", "scikit-learn", "scipy")},
        "date": today().isoformat(),
        "data_sha256": data.sha256,
        "rows": len(data),
        "terms": len(terms or ()),
        "terms_sha256": terms.sha256 if terms else "",
        "rows_per_label": {
            facet: dict(sorted(Counter(label for row in rows for label in row).items()))
            for facet, rows in data.labels.items()
        },
        "settings": asdict(settings),
        "held_out": {facet: asdict(result) for facet, result in scores.items()},
        "taxonomy": taxonomy.to_dict(),
    }


def today() -> date:
    """Today, or the day of SOURCE_DATE_EPOCH, which makes a rebuilt file the same."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdecimal() else datetime.now(UTC)
    return moment.date()
