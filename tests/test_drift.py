"""Drift: what an export looks like to the model, beside what it was trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from classifier.cli import main
from classifier.drift import Profile, Tally, drift
from classifier.model import Model


def tally(rows: int, known: int, confidence: float, label: int = 0) -> Tally:
    seen, ones = Tally(), np.ones(rows, np.int64)
    seen.add(10 * ones, known * ones, confidence * ones, label * ones)
    return seen


EXPECTED = Profile(0.06, 0.85, (0.8, 0.2))


@pytest.mark.parametrize(
    ("seen", "due"),
    [
        (tally(100, 10, 0.85), False),
        (tally(100, 8, 0.85), True),
        (tally(100, 9, 0.85), False),  # 10 % unknown words, but not twice those of training
        (tally(100, 10, 0.74), True),
        (tally(100, 10, 0.85, label=1), False),  # another mix alone is another city
        (tally(20, 0, 0.2), False),
    ],
)
def test_retraining_is_due_where_words_or_confidence_say_so(seen: Tally, due: bool) -> None:
    assert drift(EXPECTED, seen).due is due


def test_few_rows_are_no_evidence() -> None:
    assert not drift(EXPECTED, tally(20, 0, 0.2)).enough


def test_the_mix_is_the_share_of_rows_to_relabel() -> None:
    assert drift(EXPECTED, tally(100, 10, 0.85, label=1)).mix == pytest.approx(0.8)


def test_nothing_seen_is_no_error() -> None:
    assert drift(EXPECTED, Tally()).found.unknown == 0


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 2)), min_size=1, max_size=20),
    st.integers(0, 20),
)
def test_counting_in_chunks_is_counting_at_once(rows: list[tuple[int, int]], cut: int) -> None:
    words, labels = np.array([w for w, _ in rows]), np.array([k for _, k in rows])
    whole, parts = Tally(), Tally()
    whole.add(words, words - 1, words / 10, labels)
    for chunk in (slice(cut), slice(cut, None)):
        parts.add(words[chunk], words[chunk] - 1, words[chunk] / 10, labels[chunk])
    assert parts.profile(3).shares == pytest.approx(whole.profile(3).shares)
    assert parts.profile(3).unknown == pytest.approx(whole.profile(3).unknown)


def test_the_training_rows_themselves_are_no_drift(model: Model) -> None:
    assert model.profile is not None
    assert sum(model.profile.shares) == pytest.approx(1)
    assert 0 < model.profile.unknown < 0.2


def test_tag_ends_with_the_line(runner: CliRunner, model_file: Path, tmp_path: Path) -> None:
    known = [f"paving gang rusak {k}" for k in range(60)]
    strange = [f"lorem{k} ipsum{k} dolor{k}" for k in range(60)]
    for texts, verdict in ((known, "No retraining is due."), (strange, "train again.")):
        path = tmp_path / "a.csv"
        path.write_text("Usulan\n" + "\n".join(texts) + "\n")
        result = runner.invoke(main, ["tag", str(path), "--model", str(model_file), "--force"])
        last = result.stdout.strip().splitlines()[-1]
        assert last.startswith("Beside the training data: ")
        assert last.endswith(verdict)
