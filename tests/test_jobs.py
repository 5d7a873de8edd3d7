"""Several threads: the same output as one, nothing left running, and few chunks at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import write_rows
from hypothesis import given
from hypothesis import strategies as st

from classifier import pipeline
from classifier.cli import main
from classifier.errors import InputError, UsageError
from classifier.formats import csvfile
from classifier.model import Model
from classifier.pipeline import cores, ordered, threads
from classifier.tagging import tag_file
from classifier.tags import Tagger

JOBS = st.integers(1, 4)


@pytest.fixture
def four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "cores", lambda: 4)


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvfile, "BLOCK", 2000)


@given(st.lists(st.integers(0, 5), max_size=12), JOBS)
def test_results_come_in_order_however_long_each_takes(waits: list[int], jobs: int) -> None:
    def slow(item: tuple[int, int]) -> int:
        time.sleep(item[1] / 2000)
        return item[0]

    items = list(enumerate(waits))
    assert list(ordered(slow, items, jobs)) == [(item, item[0]) for item in items]


@given(st.integers(0, 9), JOBS)
def test_an_error_comes_in_its_place(wrong: int, jobs: int) -> None:
    done = []
    with pytest.raises(ZeroDivisionError):
        done.extend(item for item, _ in ordered(lambda n: 1 / (n - wrong), range(10), jobs))
    assert done == list(range(wrong))


@given(JOBS)
def test_few_items_are_under_way(jobs: int) -> None:
    taken = []

    def items() -> Iterator[int]:
        for item in range(20):
            taken.append(item)
            yield item

    for done, _ in ordered(abs, items(), jobs):
        assert len(taken) - done <= jobs + 1


def test_who_stops_early_leaves_nothing_running() -> None:
    before = threading.active_count()
    with closing(ordered(lambda item: time.sleep(0.01), range(1000), 3)) as results:
        next(results)
        assert threading.active_count() == before + 3
    assert threading.active_count() == before


@pytest.mark.usefixtures("four_cores")
def test_threads_are_one_to_the_number_of_cores() -> None:
    assert [threads(jobs) for jobs in (1, 4)] == [1, 4]
    assert threads(None) == 2
    for jobs in (0, -1, 5):
        with pytest.raises(UsageError, match=r"give 1 to 4, the number of cores"):
            threads(jobs)


def test_one_core_has_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "cores", lambda: 1)
    assert threads(None) == 1
    with pytest.raises(UsageError, match="give 1, the number of cores"):
        threads(2)


@pytest.mark.usefixtures("four_cores", "small_chunks")
def test_the_output_does_not_depend_on_the_threads(model: Model, tmp_path: Path) -> None:
    texts = ("paving gang", "drainase mampet", "kursi roda", "JUMLAH", "xqz wkw", "", "obat pustu")
    rows = [[texts[n % 7], f"{texts[n % 5]} katabaru{n}", str(n)] for n in range(3000)]
    path = write_rows(tmp_path / "a.csv", [["Usulan", "Masalah", "No"], *rows])
    outputs, counts = set(), []
    for jobs in (1, 2, 4):
        summary = tag_file(path, Tagger(model), tmp_path / f"{jobs}.csv", jobs=jobs)
        outputs.add(summary.output.read_bytes())
        counts.append([summary.rows, *summary.state().values(), summary.first])
    assert len(outputs) == 1
    assert counts[0] == counts[1] == counts[2]


@pytest.mark.usefixtures("four_cores", "small_chunks")
def test_a_bad_row_far_behind_is_refused_as_by_one_thread(model: Model, tmp_path: Path) -> None:
    rows = [["Usulan", "b"], *[["paving", str(n)] for n in range(2000)], ["paving"]]
    path = write_rows(tmp_path / "a.csv", rows)
    for jobs in (1, 3):
        with pytest.raises(InputError, match="line 2002"):
            tag_file(path, Tagger(model), jobs=jobs)
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


@pytest.mark.parametrize("jobs", ["0", "-3", "100000"])
def test_a_wrong_number_is_told_in_a_sentence(tmp_path: Path, jobs: str) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["paving"]])
    result = CliRunner().invoke(main, ["tag", str(path), "--jobs", jobs])
    assert result.exit_code == 2
    assert f"{jobs} threads are not allowed here: give 1" in result.output
    assert f"{cores()}, the number of cores" in result.output
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]
