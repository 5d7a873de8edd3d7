"""How scores grow with labelled rows, measured on parts of the data.

A part's score is measured on rows that say something else than any row learnt from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifier.labelled import Labelled
from classifier.learning.fitting import Fitter
from classifier.learning.folds import folds
from classifier.learning.settings import Settings
from classifier.lexicon import Lexicon
from classifier.resampling import counts
from classifier.taxonomy import UNCLEAR, Taxonomy
from classifier.terms import Terms

__all__ = ["Curve", "measure", "split"]

SHARES = (1 / 8, 1 / 4, 1 / 2, 1)
"""Shares of the rows that are not held out, for the points of a curve."""

FEWEST, MOST, FITS = 3, 10, 20_000
"""Held-out parts: so many that about so many rows are learnt from, within limits. Where rows
are few, scores waver more and fits take less time."""


@dataclass(frozen=True)
class Curve:
    """Scores of the main facet by number of rows learnt from.

    Attributes
    ----------
    labels
        Labels scored, without ``tidak_jelas``.
    label_rows, label_terms
        Rows of each label as main one, and terms learnt from, int64, shape (n_labels,).
    sizes
        Rows learnt from, int64, shape (n_sizes,), ascending.
    accuracy, macro_f1
        Shape (n_repeats, n_sizes).
    label_f1
        F1 per label, NaN where it neither is nor is given, (n_repeats, n_sizes, n_labels).
    """

    labels: tuple[str, ...]
    label_rows: NDArray[np.int64]
    label_terms: NDArray[np.int64]
    sizes: NDArray[np.int64]
    accuracy: NDArray[np.float64]
    macro_f1: NDArray[np.float64]
    label_f1: NDArray[np.float64]


def measure(
    data: Labelled,
    taxonomy: Taxonomy,
    lexicon: Lexicon | None = None,
    settings: Settings | None = None,
    *,
    terms: Terms | None = None,
    sizes: Sequence[int] | None = None,
    repeats: int | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Curve:
    """Scores of the main facet, learnt from more and more rows.

    Parameters
    ----------
    data, taxonomy, lexicon, settings, terms
        As for :func:`~classifier.training.train`.
    sizes
        Rows to learn from; shares of those that are not held out if left out.
    repeats
        Held-out parts, a fifth of the rows each; more where rows are few if left out.
    jobs
        Fits side by side.
    progress
        Told after each fit.

    Raises
    ------
    LabelError
        The data cannot be trained on.
    """
    from joblib import Parallel, delayed

    first = next(iter(data.labels))
    data = replace(data, labels={first: data.labels[first]})
    data = data.take(np.flatnonzero(data.main(first) != UNCLEAR))
    settings = settings or Settings.suited(terms)
    fitter = Fitter(data, terms, taxonomy, lexicon or Lexicon.load(), settings)
    repeats = repeats or min(MOST, max(FEWEST, FITS // len(data)))
    parts = [split(fitter, repeat) for repeat in range(repeats)]
    least = min(len(learnt) for learnt, _ in parts)
    wanted = sorted({min(size, least) for size in sizes or [round(s * least) for s in SHARES]})
    tasks = [
        delayed(_scores)(fitter, learnt[:size], held) for learnt, held in parts for size in wanted
    ]
    found = []
    for result in Parallel(jobs, prefer="processes", return_as="generator")(tasks):
        found.append(result)
        if progress:
            progress(len(found), len(tasks))
    table = np.array(found).reshape(repeats, len(wanted), -1)
    labels, f1 = fitter.heads[0].labels, table[:, :, 1:]
    terms_of = [own[0] for own in fitter.terms.labels.get(first, ()) if own]
    return Curve(
        labels,
        _counted(fitter.main.tolist(), labels),
        _counted(terms_of, labels),
        np.array(wanted),
        table[:, :, 0],
        np.nanmean(f1, axis=2),
        f1,
    )


def _counted(names: Sequence[str], labels: Sequence[str]) -> NDArray[np.int64]:
    count = Counter(names)
    return np.array([count[label] for label in labels], np.int64)


def split(fitter: Fitter, repeat: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows to learn from, in the order to take them, and rows held out; each group is in one.

    Each prefix of the first is a fair sample, but for rows that say the same: these follow
    one another.
    """
    n_rows, seed = len(fitter.data), fitter.settings.seed
    groups = fitter.groups[:n_rows]
    held = folds(groups, fitter.main, 5, seed + repeat // 5)
    held_out = held[repeat % len(held)]
    rest = np.setdiff1d(np.arange(n_rows), held_out)
    rank = np.random.default_rng([seed, repeat]).permutation(groups.max() + 1)
    return rest[np.argsort(rank[groups[rest]], kind="stable")], held_out


def _scores(fitter: Fitter, rows: NDArray[np.int64], held_out: NDArray[np.int64]) -> list[float]:
    """Accuracy, then F1 of each label, on held-out rows after learning from ``rows``."""
    n_rows = len(fitter.data)
    terms = np.flatnonzero(fitter.apart_from(held_out)[n_rows:]) + n_rows
    model = fitter.fit_on(np.concatenate([np.sort(rows), terms]))
    head = model.heads[0]
    scores = model.predict_batch(fitter.batch(model.vocabulary, held_out)).scores[head.facet]
    labels = np.array(head.labels)
    learnt = {
        *fitter.main[rows],
        *(own[0] for own in fitter.terms.labels.get(head.facet, ()) if own),
    }
    scores = np.where(np.isin(labels, list(learnt)), scores, -np.inf)
    given, truth = labels[scores.argmax(axis=1)], fitter.main[held_out]
    hits, guesses, true = counts(truth[:, None] == labels, given[:, None] == labels)
    there = guesses + true
    f1 = np.where(there > 0, 2 * hits / np.maximum(there, 1), np.nan)
    return [float((given == truth).mean()), *f1]
