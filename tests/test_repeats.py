"""Repeated rows: scored once, and nobody can tell."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
from conftest import write_rows
from hypothesis import given
from hypothesis import strategies as st

from classifier import load_model
from classifier.repeats import repeats
from classifier.tags import Tagger

CELLS = st.sampled_from(["", None, "drainase mampet", "Got MAMPET dekat RT 03", "zxq", "a", "b"])
ROWS = st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=30)
MODEL = load_model()


def columns_of(rows: list[tuple[str | None, str | None]]) -> list[pa.Array]:
    return [pa.array([row[k] for row in rows], pa.string()) for k in (0, 1)]


@given(ROWS)
def test_repeats_lead_back_to_every_row(rows: list[tuple[str | None, str | None]]) -> None:
    found = repeats(columns_of(rows))
    if found is None:
        assert len(set(rows)) > 0.9 * len(rows)
    else:
        firsts, places = found
        assert firsts.tolist() == sorted(rows.index(row) for row in set(rows))
        assert [rows[first] for first in firsts[places]] == rows


def test_two_cells_are_not_read_as_one() -> None:
    rows = [("a b", "c"), ("a", "b c"), ("a", "b\0c"), ("a\0b", "c")] * 2
    assert repeats(columns_of(rows))[0].tolist() == [0, 1, 2, 3]


def test_rows_that_repeat_seldom_are_not_looked_at() -> None:
    assert repeats([pa.array([str(row) for row in range(50)])]) is None
    assert repeats([pa.array([], pa.string())]) is None


@given(ROWS)
def test_a_row_is_tagged_as_if_it_stood_alone(rows: list[tuple[str | None, str | None]]) -> None:
    tagger = Tagger(MODEL)
    together = tagger.tag(columns_of(rows))
    for row, texts in enumerate(rows):
        alone = tagger.tag(columns_of([texts]))
        assert together.table.slice(row, 1).to_pylist() == alone.table.to_pylist()
        assert together.decision.confidence[row] == alone.decision.confidence[0]
        for facet, table in together.prediction.scores.items():
            assert np.array_equal(table[row], alone.prediction.scores[facet][0])


def test_a_rule_counts_each_row_it_fired_on(tmp_path: Path) -> None:
    head = ["frasa", "facet", "label", "mode"]
    write_rows(tmp_path / "r.csv", [head, ["got mampet", "prioritas", "banjir", "wajib"]])
    tagger = Tagger(MODEL, rules=tmp_path / "r.csv")
    texts = ["Got mampet", "lampu jalan", "Got mampet", "got mampet"]
    assert tagger.tag([pa.array(texts)]).fired.tolist() == [3]


def test_threads_may_tag_at_the_same_time() -> None:
    tagger = Tagger(load_model())
    parts = [[pa.array([f"drainase mampet {n}", f"lampu jalan {n * k}"]) for n in (1, 2)]
             for k in range(40)]  # fmt: skip
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(tagger.tag, parts))
    assert [tagged.table for tagged in together] == [tagger.tag(part).table for part in parts]
