"""Calls side by side: the same results, in order, from this process and from workers."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path

import pytest

import classifier.training
from classifier.labelled import Labelled
from classifier.learning.workers import side_by_side
from classifier.store import digest, save_model
from classifier.taxonomy import Taxonomy
from classifier.training import Settings, train


@pytest.mark.parametrize("jobs", [1, 2, 3, 9])
def test_results_come_in_the_order_of_the_calls(jobs: int) -> None:
    calls = [partial(divmod, k, 2) for k in range(5)]
    assert side_by_side(calls, jobs) == [divmod(k, 2) for k in range(5)]


def test_this_process_makes_its_share() -> None:
    makers = side_by_side([os.getpid] * 5, jobs=2)
    assert makers[::2] == [os.getpid()] * 3
    assert os.getpid() not in makers[1::2]


def test_progress_never_falls_and_ends_with_all() -> None:
    told: list[tuple[int, int]] = []
    calls = [partial(time.sleep, 0.01)] * 6
    side_by_side(calls, 3, lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (6, 6)
    assert {of for _, of in told} == {6}


def test_what_fails_in_a_worker_is_told_here() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side([partial(divmod, 1, 1), partial(divmod, 1, 0)], jobs=2)


def test_a_model_has_the_same_bytes_however_many_workers_fit_it(
    labelled: Labelled, taxonomy: Taxonomy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(classifier.training, "_WORTH_WORKERS", 0)
    digests = set()
    for jobs in (1, 2, 3):
        path = tmp_path / f"{jobs}.usulan"
        save_model(train(labelled, taxonomy, settings=Settings(folds=3), jobs=jobs), path)
        digests.add(digest(path))
    assert len(digests) == 1


def test_few_rows_are_fitted_here_alone(
    labelled: Labelled, taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "joblib.externals.loky.get_reusable_executor",
        lambda *_: pytest.fail("a worker was started"),
    )
    train(labelled, taxonomy, settings=Settings(folds=2), jobs=2)
