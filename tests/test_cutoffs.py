"""Cutoffs: the precision asked for is the precision got, on rows not seen, or it is told."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from classifier.cli import main
from classifier.commands.options import precision_option
from classifier.cutoffs import NEVER, PRECISION, OutOfFold, cutoffs, expected
from classifier.model import Model
from classifier.store import load_model, save_model


def rows_of(
    truth: np.ndarray, given: np.ndarray, confidence: np.ndarray, weight: np.ndarray | None = None
) -> OutOfFold:
    return OutOfFold(
        (np.arange(len(truth)) % 5).astype(np.int16),
        truth.astype(np.int16),
        given.astype(np.int16),
        confidence.astype(np.float32),
        np.ones(len(truth), np.float32) if weight is None else weight.astype(np.float32),
    )


def two_labels(n: int = 8000) -> OutOfFold:
    """Label 0 is right as often as it says, label 1 far less often."""
    rng = np.random.default_rng(1)
    given, confidence = rng.integers(2, size=n), rng.uniform(0.3, 1, n)
    right = rng.random(n) < np.where(given == 0, confidence, 0.6 + 0.35 * confidence**4)
    return rows_of(np.where(right, given, 1 - given), given, confidence)


@pytest.mark.parametrize("precision", [0.8, 0.9, 0.95])
def test_rows_not_looked_at_have_the_precision_asked_for(precision: float) -> None:
    total, *labels = expected(two_labels(), ("tepat", "yakin"), precision)
    assert total.right == pytest.approx(precision, abs=0.015) or total.right > precision
    for label in labels:
        assert label.automatic < 0.05 or label.right > precision - 0.03
    assert labels[0].cutoff != labels[1].cutoff


def test_a_higher_precision_leaves_fewer_rows_automatic() -> None:
    shares = [expected(two_labels(), ("a", "b"), p)[0].automatic for p in (0.7, 0.8, 0.9, 0.99)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > shares[-1]


def test_a_label_with_few_rows_is_treated_like_the_rest() -> None:
    many = two_labels()
    few = rows_of(np.full(3, 2), np.full(3, 2), np.array([0.35, 0.4, 0.45]))
    both = OutOfFold(
        *(
            np.concatenate(pair)
            for pair in zip(many.__dict__.values(), few.__dict__.values(), strict=True)
        )
    )  # three rows that happen to be right do not make 0.35 a good cutoff
    assert cutoffs(both, 3, 0.9).values[2] == NEVER


def test_rows_that_weigh_more_count_more() -> None:
    truth, confidence = np.array([0] * 90 + [1] * 10), np.full(100, 0.9)
    given = np.zeros(100, int)
    even = cutoffs(rows_of(truth, given, confidence), 2, 0.85)
    heavy = cutoffs(rows_of(truth, given, confidence, np.where(truth, 5.0, 1.0)), 2, 0.85)
    assert even.values[0] < 1 < heavy.values[0]
    overall = (90 / 101, 90 / 141)
    assert even.best[0] == pytest.approx((90 + 20 * overall[0]) / 120)
    assert heavy.best[0] == pytest.approx((90 / 1.4 + 20 * overall[1]) / 120)


@pytest.mark.parametrize("rows", [1, 4, 10])
def test_few_rows_promise_nothing(rows: int) -> None:
    nothing = np.zeros(rows, int)
    found = rows_of(nothing, nothing, np.linspace(0.5, 1, rows))
    assert (cutoffs(found, 2, 0.95).values == NEVER).all()


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.floats(0, 1)), max_size=30))
def test_cutoffs_are_probabilities_or_never(rows: list[tuple[int, int, float]]) -> None:
    truth, guesses, confidence = (np.array([row[k] for row in rows]) for k in range(3))
    found = cutoffs(rows_of(truth, guesses, confidence), 2, 0.9)
    assert found.values.shape == (3,)
    assert found.values[2] == NEVER
    for value in found.values:
        assert value == NEVER or value in confidence.astype(np.float32)


def test_the_option_s_default_is_the_library_s() -> None:
    command = main.commands["tag"]
    assert next(p for p in command.params if p.name == "precision").default == PRECISION
    assert callable(precision_option)


def test_inspect_prints_the_table_at_any_precision(runner: CliRunner, model_file: Path) -> None:
    for precision in ("0.8", "0.95"):
        shown = runner.invoke(main, ["inspect", str(model_file), "--target-precision", precision])
        assert f"At a target precision of {precision}, " in shown.output
        for label in ("jalan", "banjir", "kesehatan", "sosial"):
            assert f"  {label} " in shown.output


def test_a_precision_out_of_reach_is_told_label_by_label(
    runner: CliRunner, model: Model, tmp_path: Path
) -> None:
    rows = model.out_of_fold
    assert rows is not None
    banjir = model.labels("prioritas").index("banjir")
    wrong = replace(rows, truth=np.where(rows.given == banjir, 0, rows.truth).astype(np.int16))
    save_model(replace(model, out_of_fold=wrong), tmp_path / "m.usulan")
    (tmp_path / "a.csv").write_text("Usulan\npaving gang rusak\ndrainase mampet\n")
    command = ["tag", str(tmp_path / "a.csv"), "--model", str(tmp_path / "m.usulan")]
    result = runner.invoke(main, command)
    assert result.exit_code == 0
    named = dict(re.findall(r"(\w+) \((0\.\d{3})\)", result.stderr))
    best = load_model(tmp_path / "m.usulan").cutoffs().best
    assert named == {
        label: f"{value:.3f}"
        for label, value in zip(model.heads[0].labels, best, strict=False)
        if value < PRECISION
    }
    assert float(named["banjir"]) < 0.5
    assert "drainase mampet,banjir" in (tmp_path / "a.tagged.csv").read_text()
    assert "otomatis" not in (tmp_path / "a.tagged.csv").read_text()


@pytest.mark.parametrize("precision", ["0", "1.5", "-1", "banyak", "nan"])
def test_a_precision_that_is_none_is_refused(
    runner: CliRunner, model_file: Path, precision: str
) -> None:
    result = runner.invoke(main, ["inspect", str(model_file), "--target-precision", precision])
    assert result.exit_code == 2
    assert "--target-precision" in result.stderr
