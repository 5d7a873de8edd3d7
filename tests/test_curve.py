"""The learning curve: fair parts, the law, and what is said when nothing can be told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from classifier.cli import main
from classifier.commands.curve import print_curve
from classifier.labelled import Labelled
from classifier.learning.curve import Curve, measure, split
from classifier.learning.fitting import Fitter
from classifier.learning.powerlaw import foretold, gain, label_gains, rows_for
from classifier.learning.settings import Settings
from classifier.lexicon import Lexicon
from classifier.taxonomy import Taxonomy


def lawful(a: float = 2.0, b: float = 0.3, terms: int = 0, noise: float = 0.0) -> Curve:
    """A curve of two labels, the second of which errs twice as often, by the law."""
    sizes = np.array([500, 1000, 2000, 4000])
    error = a * (sizes + 2.0 * terms) ** -b
    wobble = noise * np.random.default_rng(0).standard_normal((4, 4, 2))
    f1 = 1 - error[None, :, None] * np.array([2 / 3, 4 / 3]) + wobble
    rows, prior = np.array([2500, 2500]), np.array([terms, terms])
    return Curve(("a", "b"), rows, prior, sizes, f1.mean(axis=2), f1.mean(axis=2), f1)


@given(st.floats(0.1, 0.5), st.integers(0, 5000))
def test_a_curve_that_obeys_the_law_is_foretold(b: float, terms: int) -> None:
    curve = lawful(b=b, a=2, terms=terms)
    said, found = foretold(curve)
    assert said == pytest.approx(found, abs=1e-9)
    now = 5000 + 2 * terms
    assert gain(curve, 500).mean == pytest.approx(2 * (now**-b - (now + 500) ** -b), rel=1e-6)
    assert gain(curve, 500).certain
    point = rows_for(curve, 0.01)
    assert 2 * (now**-b - (now + point) ** -b) == pytest.approx(0.01, rel=1e-6)


def test_more_rows_are_worth_more_and_the_weak_label_gains_most() -> None:
    curve = lawful()
    assert gain(curve, 100).mean < gain(curve, 500).mean
    assert [label for label, _ in label_gains(curve, 100)] == ["b", "a"]


def test_what_cannot_be_told_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    flat = lawful(a=0.3, b=0.0, noise=0.02)
    assert not gain(flat, 500).certain
    print_curve(flat, 120)
    printed = capsys.readouterr().out
    assert "What another hour of labelling is worth cannot be told" in printed
    assert "100 more random rows: cannot be told" in printed


def test_a_law_that_failed_widens_the_interval() -> None:
    curve = lawful()
    f1 = curve.label_f1.copy()
    f1[:, -1] += 0.03
    surprised = Curve(
        curve.labels, curve.label_rows, curve.label_terms, curve.sizes, f1.mean(axis=2),
        f1.mean(axis=2), f1,
    )  # fmt: skip
    narrow, wide = gain(curve, 500), gain(surprised, 500)
    assert wide.high - wide.low > narrow.high - narrow.low


def test_parts_hold_out_whole_groups(labelled: Labelled, taxonomy: Taxonomy) -> None:
    fitter = Fitter(labelled, None, taxonomy, Lexicon.load(), Settings())
    seen = []
    for repeat in range(5):
        rows, held_out = split(fitter, repeat)
        assert not {*fitter.groups[rows]} & {*fitter.groups[held_out]}
        assert sorted([*rows, *held_out]) == list(range(len(labelled)))
        seen += held_out.tolist()
    assert sorted(seen) == list(range(len(labelled)))
    assert [part.tolist() for part in split(fitter, 3)] == [p.tolist() for p in split(fitter, 3)]


def test_scores_grow_with_rows(labelled: Labelled, taxonomy: Taxonomy) -> None:
    told: list[tuple[int, int]] = []
    curve = measure(
        labelled, taxonomy, sizes=[8, 60, 10_000], repeats=3, progress=lambda *d: told.append(d)
    )
    assert curve.sizes.tolist()[:2] == [8, 60]
    assert curve.sizes[2] < len(labelled)
    assert "tidak_jelas" not in curve.labels
    assert curve.label_rows.sum() == 192
    assert curve.label_f1.shape == (3, 3, 4)
    assert curve.macro_f1[:, 0].mean() < curve.macro_f1[:, -1].mean()
    assert ((curve.label_f1 >= 0) & (curve.label_f1 <= 1)).all()
    assert told[-1] == (9, 9)


def test_a_label_too_rare_to_be_held_out_is_no_trouble(
    labelled: Labelled, taxonomy: Taxonomy, capsys: pytest.CaptureFixture[str]
) -> None:
    main = labelled.main("prioritas")
    few = np.concatenate([np.flatnonzero(main != "sosial"), np.flatnonzero(main == "sosial")[::12]])
    curve = measure(labelled.take(np.sort(few)), taxonomy, repeats=3)
    assert np.isfinite(curve.macro_f1).all()
    print_curve(curve, 100)
    printed = capsys.readouterr().out
    assert "nan" not in printed
    assert "Labels that are too rare" in printed
    assert "100 more random rows" in printed
    assert "500 more random rows" in printed
    assert "a guess, beyond twice the rows." in printed


def test_the_command_prints_the_curve_and_needs_no_model(
    runner: CliRunner, labelled_csv: Path
) -> None:
    result = runner.invoke(main, ["train", str(labelled_csv), "--curve", "--rows-per-hour", "50"])
    assert result.exit_code == 0, result.output
    assert "macro-F1" in result.output
    assert "100 more random rows" in result.output
    assert "more rows of it" in result.output
