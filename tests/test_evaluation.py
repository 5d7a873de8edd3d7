"""Scores: equal to scikit-learn's, with intervals that cover and a baseline that is plain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score

from classifier.decide import decide
from classifier.errors import LabelError
from classifier.evaluation import (
    automatic,
    by_source,
    errors,
    evaluate,
    score_sets,
    score_single,
)
from classifier.labelled import Labelled
from classifier.learning.calibration import cross_fitted
from classifier.learning.fitting import Fitter
from classifier.learning.settings import Settings
from classifier.lexicon import Lexicon
from classifier.model import Model
from classifier.resampling import macro_f1, resampled
from classifier.tags import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training import fit

LABELS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("abcd")), min_size=1, max_size=30
)


@given(LABELS)
def test_single_label_scores_equal_scikit_learns(rows: list[tuple[str, str]]) -> None:
    truth, given_ = (np.array(column) for column in zip(*rows, strict=True))
    scores = score_single(truth, given_)
    assert scores.accuracy == pytest.approx(accuracy_score(truth, given_))
    assert scores.macro_f1 == pytest.approx(f1_score(truth, given_, average="macro"))
    low, high = scores.macro_f1_interval
    assert 0 <= low <= high <= 1


@given(st.lists(st.tuples(*[st.sets(st.sampled_from("abc"))] * 2), min_size=1, max_size=20))
def test_label_set_scores_equal_scikit_learns(rows: list[tuple[set[str], set[str]]]) -> None:
    truth, given_ = ([tuple(sorted(side[k])) for side in rows] for k in (0, 1))
    scores = score_sets(truth, given_)
    labels = sorted({label for row in (*truth, *given_) for label in row})
    if len(labels) < 2:  # scikit-learn would take one column for a binary label
        return
    tables = [
        np.array([[label in row for label in labels] for row in side]) for side in (truth, given_)
    ]
    assert scores.macro_f1 == pytest.approx(f1_score(*tables, average="macro", zero_division=0))
    assert scores.accuracy == pytest.approx(
        np.mean([a == b for a, b in zip(truth, given_, strict=True)])
    )


def test_the_interval_covers_the_true_accuracy_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(1)
    covered = 0
    for _ in range(60):
        right = rng.random(150) < 0.8
        truth = np.full(150, "a")
        low, high = score_single(truth, np.where(right, "a", "b")).accuracy_interval
        covered += low <= 0.8 <= high
    assert covered >= 50


def test_the_baseline_gives_the_most_frequent_label() -> None:
    truth = np.array(["a", "a", "a", "b"])
    scores = score_single(truth, truth)
    assert (scores.accuracy, scores.baseline_accuracy) == (1, 0.75)
    assert scores.baseline_macro_f1 == pytest.approx(f1_score(truth, ["a"] * 4, average="macro"))


def test_a_model_is_scored_on_each_facet(model: Model, labelled: Labelled) -> None:
    scores = evaluate(model, labelled)
    assert set(scores) == {"prioritas", "jenis", "spm", "tematik"}
    assert scores["prioritas"].rows == len(labelled)
    assert sum(label.support for label in scores["prioritas"].labels.values()) == len(labelled)


def test_wrong_rows_are_listed_with_their_place(model: Model, labelled: Labelled) -> None:
    swapped = Labelled(
        labelled.columns, {"prioritas": (("banjir",),) * len(labelled)}, labelled.places, ""
    )
    wrong = errors(Tagger(model).tag(labelled.columns), swapped)
    scores = evaluate(model, swapped)["prioritas"]
    assert len(wrong) == round((1 - scores.accuracy) * len(labelled))
    assert {row["benar"] for row in wrong} == {"banjir"}
    assert all(row["diberi"] != "banjir" for row in wrong)
    assert wrong[0]["tempat"] in labelled.places


@given(LABELS, st.integers(0, 9))
def test_draws_of_kinds_of_rows_are_draws_of_rows(rows: list[tuple[str, str]], seed: int) -> None:
    truth, given_ = (
        np.array(column)[:, None] == list("abcd") for column in zip(*rows, strict=True)
    )
    accuracies, macros = resampled(truth, given_, seed)
    rng = np.random.default_rng(seed)
    for accuracy, macro in list(zip(accuracies, macros, strict=True))[:5]:
        drawn = rng.integers(len(rows), size=len(rows))
        assert accuracy == (truth[drawn] == given_[drawn]).all(axis=1).mean()
        assert macro == macro_f1(truth[drawn], given_[drawn])


def test_accuracy_is_told_per_source(model: Model, labelled: Labelled) -> None:
    halves = ("a", "b") * (len(labelled) // 2)
    decision = decide(model, model.predict(labelled.columns))
    sources = by_source(decision, replace(labelled, sources=halves))
    assert {source: rows for source, (rows, _) in sources.items()} == {"a": 99, "b": 99}
    mean = sum(rows * accuracy for rows, accuracy in sources.values()) / len(labelled)
    assert mean == pytest.approx(evaluate(model, labelled)["prioritas"].accuracy)
    assert by_source(decision, replace(labelled, sources=())) == {}


def test_data_of_other_facets_are_refused(model: Model, labelled: Labelled) -> None:
    foreign = Labelled(labelled.columns, {"warna": labelled.labels["jenis"]}, labelled.places, "")
    with pytest.raises(LabelError, match=r"prioritas, jenis, spm, tematik"):
        evaluate(model, foreign)


def test_data_without_the_main_facet_are_scored_on_the_others(
    model: Model, labelled: Labelled
) -> None:
    partial = replace(labelled, labels={"jenis": labelled.labels["jenis"]})
    assert set(evaluate(model, partial)) == {"jenis"}
    assert by_source(decide(model, model.predict(labelled.columns)), partial) == {}
    with pytest.raises(LabelError, match="no column 'prioritas'"):
        errors(Tagger(model).tag(labelled.columns), partial)


def test_thresholds_are_not_scored_on_the_rows_they_were_set_on(
    labelled: Labelled, taxonomy: Taxonomy, lexicon: Lexicon
) -> None:
    fitter = Fitter(labelled, None, taxonomy, lexicon, Settings())
    model, held_out = fit(fitter)
    first = held_out.folds == held_out.folds[0]
    rows = labelled.labels["tematik"]
    every = ("stunting", "kemiskinan_ekstrem")
    truth = tuple(every if own else row for row, own in zip(rows, first, strict=True))
    changed = replace(labelled, labels={**labelled.labels, "tematik": truth})
    given, other = (
        cross_fitted(model, held_out, data).given["tematik"][1] for data in (labelled, changed)
    )
    assert (given[first] == other[first]).all()
    assert (given[~first] != other[~first]).any()


def test_the_automatic_share_is_that_of_the_status(model: Model, labelled: Labelled) -> None:
    tagged = Tagger(model).tag(labelled.columns)
    share, right = automatic(tagged, labelled)
    status = tagged.table["tag_status"].to_pylist()
    assert share == pytest.approx(status.count("otomatis") / len(status))
    assert 0 <= right <= 1
