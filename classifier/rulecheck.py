"""Rules held against labelled proposals: which never fire, and which the labels contradict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.labelled import SEPARATOR, Labelled
from classifier.language import _
from classifier.rules import Rules
from classifier.rulesfile import Rule
from classifier.text import standardize

__all__ = ["RuleCheck", "check", "findings", "never_fired"]


@dataclass(frozen=True)
class RuleCheck:
    """One rule on labelled rows.

    Attributes
    ----------
    rule
        The rule.
    matched, fired
        Rows that hold its phrase; those of them where no other rule goes before it.
    agree
        Rows that it fired on and that have its label.
    others
        The labels of the other rows that it fired on, most frequent first.
    """

    rule: Rule
    matched: int
    fired: int
    agree: int
    others: Mapping[str, int]

    @property
    def contradict(self) -> int:
        """Rows that it fired on and that are labelled otherwise."""
        return sum(self.others.values())


def check(rules: Rules, labelled: Labelled) -> list[RuleCheck]:
    """Hold each rule against labelled rows, whatever its mode.

    In a facet with one label the main label of a row counts. Where the rows have no labels
    of a rule's facet, they neither agree nor contradict.
    """
    matches = rules.matches(standardize(labelled.columns, rules.lexicon))
    fired, matched = rules.settle(matches), matches.counts.tolist()
    by_rule = np.argsort(fired.rules, kind="stable")
    rows = np.split(fired.rows[by_rule], np.cumsum(fired.counts)[:-1])
    return [
        _checked(rule, matched[number], rows[number], rules, labelled)
        for number, rule in enumerate(rules.rules)
    ]


def findings(rules: Rules, checks: Sequence[RuleCheck]) -> list[str]:
    """What is worth telling: rules that never fire, and rules that the labels contradict."""
    texts = filter(None, map(_finding, checks))
    return [_("{path}: {problem}", path=rules.path, problem=text) for text in texts]


def never_fired(rules: Rules, counts: NDArray[np.int64]) -> list[str]:
    """A sentence for each rule that fired on no row.

    Parameters
    ----------
    rules
        The rules.
    counts
        Rows that each fired on, summed over all chunks, int64, shape (n_rules,).
    """
    return [
        _("{path}: {rule}: never fired.", path=rules.path, rule=rule)
        for rule, count in zip(rules.rules, counts.tolist(), strict=True)
        if count == 0
    ]


def _checked(
    rule: Rule, matched: int, rows: NDArray[np.int64], rules: Rules, labelled: Labelled
) -> RuleCheck:
    every = labelled.labels.get(rule.facet)
    truth = [every[row] for row in rows.tolist()] if every is not None else []
    if rule.facet not in rules.banyak:
        truth = [labels[:1] for labels in truth]
    none = _("no label")
    others = Counter(SEPARATOR.join(labels) or none for labels in truth if rule.label not in labels)
    ordered = sorted(others.items(), key=lambda other: (-other[1], other[0]))
    return RuleCheck(rule, matched, len(rows), len(truth) - others.total(), dict(ordered))


def _finding(one: RuleCheck) -> str:
    if not one.matched:
        return _("{rule}: never fired; no labelled row holds the phrase.", rule=one.rule)
    if not one.fired:
        return _(
            "{rule}: never fired; on each of the {rows} that hold the phrase another rule goes "
            "before it.",
            rule=one.rule,
            rows=_rows(one.matched),
        )
    if not one.contradict:
        return ""
    return _(
        "{rule}: fired on {rows}, {count} of them labelled otherwise ({others}).",
        rule=one.rule,
        rows=_rows(one.fired),
        count=one.contradict,
        others=", ".join(f"{label} {count}" for label, count in one.others.items()),
    )


def _rows(count: int) -> str:
    return _("{count} row", count=count) if count == 1 else _("{count} rows", count=count)
