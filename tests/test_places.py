"""Places in proposals: 220 hard cases, written by hand, against the starter model.

``tempat.csv`` names the words of the work that must count and the words of the place that
must not. Cases that are not solved carry a reason in the column ``batas``; they must fail,
so that the list says what the tool can and cannot do.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pytest

from classifier.store import load_model

with (Path(__file__).parent / "tempat.csv").open(encoding="utf-8", newline="") as stream:
    CASES = list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def counted() -> dict[str, set[str]]:
    """The words of each case that count for its tags."""
    batch = load_model().batch([pa.array([case["teks"] for case in CASES])])
    words = batch.tokens.words.to_pylist()
    found: list[set[str]] = [set() for _ in CASES]
    for row, code in zip(batch.tokens.rows.tolist(), batch.tokens.codes.tolist(), strict=True):
        found[row].add(words[code])
    return dict(zip((case["teks"] for case in CASES), found, strict=True))


def test_there_are_enough_cases_and_most_are_solved() -> None:
    assert len(CASES) >= 200
    assert sum(not case["batas"] for case in CASES) >= 0.75 * len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case["teks"] for case in CASES])
def test_the_work_counts_and_the_place_does_not(
    counted: dict[str, set[str]], case: dict[str, str]
) -> None:
    words = counted[case["teks"]]
    eaten = set(case["tetap"].split()) - words
    left = set(case["hilang"].split()) & words
    if case["batas"]:
        assert eaten or left, "solved now: take the reason out of the column batas"
    else:
        assert not eaten, "the mask ate the work"
        assert not left, "the place counts"
