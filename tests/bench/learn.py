"""Training: all of ours against one plain fit of scikit-learn on the same rows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from classifier.labelled import Labelled
from classifier.taxonomy import Taxonomy
from classifier.training import train
from tests.bench.inputs import SEED
from tests.bench.peers import joined
from tests.bench.timing import Contest, Run, contest, of_call

__all__ = ["training"]


def training(rows: int, data: Labelled, repeat: int, jobs: int) -> list[Contest]:
    """Train on some rows, with calibration and cross-validation, ``jobs`` folds at once."""
    picked = np.random.default_rng(SEED).permutation(len(data))[:rows]
    some, taxonomy = data.take(picked), Taxonomy.load()
    first = next(iter(some.labels))
    one = replace(some, labels={first: some.labels[first]})
    contestants = {
        "scikit-learn, one plain fit": partial(_timed, _plain, one),
        f"usulan, {first}, cross-validated": partial(_timed, train, one, taxonomy, jobs=jobs),
        "usulan, all facets, cross-validated": partial(_timed, train, some, taxonomy, jobs=jobs),
    }
    return [contest("Training", "scikit-learn, one plain fit", len(some), contestants, repeat)]


def _timed(call: Any, *given: Any, **options: Any) -> Run:
    """Wall time alone, for the folds have processes of their own."""
    return Run(of_call(partial(call, *given, **options)).seconds)


def _plain(data: Labelled) -> Any:
    """TF-IDF and logistic regression as they come, on the main facet.

    On one thread: lbfgs takes twice as long on two, which spend their time waiting.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from threadpoolctl import threadpool_limits

    pipeline = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    with threadpool_limits(1):
        return pipeline.fit(joined(data), data.main(next(iter(data.labels))))
