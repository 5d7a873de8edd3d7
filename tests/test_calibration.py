"""Calibration: probabilities that mean what they say, and thresholds that pay."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.heads import Head, calibrated
from classifier.labelled import Labelled
from classifier.learning.calibration import fit_link, fit_sigmoid
from classifier.learning.thresholds import label_thresholds
from classifier.model import Model
from classifier.reliability import reliability
from classifier.taxonomy import Taxonomy
from classifier.training import train

LABELS = ("a", "b", "c", "d")


def drawn(head: Head, rows: int = 6000) -> tuple[np.ndarray, np.ndarray]:
    """Scores, and labels drawn with the probabilities that the head gives them."""
    rng = np.random.default_rng(3)
    scores = rng.normal(size=(rows, len(LABELS))).astype(np.float32)
    chances = calibrated(head, scores)
    return scores, (rng.random((rows, 1)) > chances.cumsum(axis=1)).sum(axis=1)


def test_the_link_recovers_the_probabilities_that_labels_were_drawn_with() -> None:
    head = Head("f", LABELS, banyak=False, log_odds=(0.5, 0.0, 0.0, -0.5))
    true = Head(**head.__dict__ | {"scale": 3.0, "shift": -1.0, "power": 1.5})
    scores, truth = drawn(true)
    fitted = fit_link(head, scores, truth, np.ones(len(truth)))
    assert np.abs(calibrated(fitted, scores) - calibrated(true, scores)).mean() < 0.01
    best = calibrated(fitted, scores)
    assert reliability(best.max(axis=1), best.argmax(axis=1) == truth).ece < 0.02


def test_overconfidence_shows() -> None:
    true = Head("f", LABELS, banyak=False, scale=2.0)
    scores, truth = drawn(true)
    said = calibrated(Head("f", LABELS, banyak=False, scale=12.0), scores)
    assert reliability(said.max(axis=1), said.argmax(axis=1) == truth).ece > 0.1


def test_sigmoid_recovers_scale_and_shift() -> None:
    rng = np.random.default_rng(4)
    scores = rng.normal(size=(9000, 2)).astype(np.float32)
    truth = rng.random((9000, 2)) < 1 / (1 + np.exp(-(3 * scores - 1)))
    assert fit_sigmoid(scores, truth) == pytest.approx((3, -1), rel=0.15)


@given(st.lists(st.floats(-5, 5, width=32), min_size=4, max_size=4))
def test_probabilities_sum_to_one_and_follow_the_scores(scores: list[float]) -> None:
    row = np.array([scores], np.float32)
    chances = calibrated(Head("f", LABELS, banyak=False, scale=3.0, power=2.0), row)[0]
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert (np.diff(chances[np.argsort(scores)]) >= -1e-6).all()


def test_a_threshold_has_the_best_f1_where_rows_are_many() -> None:
    rng = np.random.default_rng(5)
    truth = rng.random((4000, 2)) < (0.5, 0.1)
    scores = (truth + rng.normal(size=truth.shape)).astype(np.float32)
    found = label_thresholds(scores, truth, np.zeros_like(truth))

    def f1(label: int, threshold: float) -> float:
        given = scores[:, label] >= threshold
        return float(2 * (given & truth[:, label]).sum() / (given.sum() + truth[:, label].sum()))

    for label in range(2):
        best = max(f1(label, threshold) for threshold in np.linspace(-2, 3, 101))
        assert f1(label, found[label]) > best - 0.02
    assert found[1] > found[0] + 0.3


def test_a_label_that_is_never_right_is_never_given() -> None:
    scores = np.array([[0.9, 0.2], [0.1, 0.3]], np.float32)
    nothing = np.zeros((2, 2), bool)
    assert np.isinf(label_thresholds(scores, nothing, nothing)).all()


def test_what_is_given_anyway_needs_no_threshold() -> None:
    truth = np.eye(2, dtype=bool)
    thresholds = label_thresholds(np.eye(2, dtype=np.float32), truth, truth)
    assert np.isinf(thresholds).all()


def test_the_record_holds_a_reliability_table_for_each_facet(model: Model) -> None:
    for facet, table in model.record["reliability"].items():
        assert model.head(facet)
        assert sum(row["rows"] for row in table["bins"]) <= model.record["rows"]
        assert len(table["bins"]) == 10
        assert 0 <= table["ece"] <= 1


def test_the_table_is_of_rows_held_out(model: Model) -> None:
    rows = model.out_of_fold
    assert rows is not None
    again = reliability(rows.confidence, rows.right)
    assert model.record["reliability"]["prioritas"]["ece"] == pytest.approx(again.ece)


def test_a_label_of_two_rows_neither_crashes_nor_vanishes(
    labelled: Labelled, taxonomy: Taxonomy
) -> None:
    rare = np.array([0, 6, *range(48, 60)])
    labels = {
        facet: tuple(("pju",) if facet == "prioritas" and row in (0, 6) else every[row]
                     for row in range(len(labelled)))
        for facet, every in labelled.labels.items()
    }  # fmt: skip
    small = Labelled(labelled.columns, labels, labelled.places, labelled.sha256).take(rare)
    model = train(small, taxonomy)
    assert "pju" in model.labels("prioritas")
    assert model.record["held_out"]["prioritas"]["labels"]["pju"]["support"] == 2
