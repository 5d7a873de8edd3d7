"""Explanations: exact to the model, in the words of the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.explain import explain
from classifier.model import Model

WORDS = ["paving", "gang", "posyandu", "drainase", "mampet", "kader", "qwertz", "RT 02", "Desa Anu"]


@given(st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join))
def test_shares_and_intercept_sum_to_the_score(model: Model, text: str) -> None:
    reason = explain(model, [text])
    total = reason.intercept + sum(share.share for share in reason.shares)
    assert total == pytest.approx(reason.score, abs=1e-4)


def test_the_deciding_words_come_first(model: Model) -> None:
    reason = explain(model, ["perbaikan gang", "paving rusak RT 02"])
    assert reason.label == "jalan"
    assert reason.shares[0].share > 0 >= min(share.share for share in reason.shares)
    assert {"paving", "gang"} <= {share.text for share in reason.shares}
    assert reason.tags["tag_prioritas"] == "jalan"


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join))
def test_the_label_explained_is_the_label_given(model: Model, text: str) -> None:
    reason = explain(model, [text])
    assert reason.tags["tag_prioritas"] in (reason.label, "tidak_jelas", "")
