"""The comparison of choices: every choice differs from the default in one thing, and runs."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from classifier.labelled import Labelled
from classifier.learning import selection
from classifier.learning.selection import Choice, choices, compare, curve
from classifier.learning.settings import Settings
from classifier.taxonomy import Taxonomy
from classifier.terms import Terms

TERMS = Terms(("bansos",), {"prioritas": (("sosial",),), "jenis": (None,)}, ("bansos",))


def test_each_choice_differs_from_the_default_in_one_thing() -> None:
    default = asdict(Settings())
    for choice in choices()[1:]:
        changed = {
            name for name, value in asdict(choice.settings).items() if value != default[name]
        }
        # Another head has another scale of regularization.
        assert len(changed - {"regularization"} or changed) + (not choice.terms) == 1, choice.name


def test_choices_and_peers_are_scored(
    labelled: Labelled, taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads = [Choice(head, Settings(head=head, folds=2)) for head in ("svm", "logistic", "ridge")]
    monkeypatch.setattr(selection, "choices", lambda: heads)
    rows = list(compare(labelled, TERMS, taxonomy, labelled))
    assert [name for name, _, _ in rows[:3]] == ["svm", "logistic", "ridge"]
    assert all(inside.accuracy > 0.6 for _, inside, _ in rows[:3])
    assert len(rows) == 5


def test_the_learning_curve_grows_in_rows(
    labelled: Labelled, taxonomy: Taxonomy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selection, "SHARES", (0.5, 1))
    sizes = [size for size, _ in curve(labelled, TERMS, taxonomy, labelled)]
    assert sizes == [99, 198]
