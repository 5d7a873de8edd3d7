"""What the analyst's rules make of the model's decision, and how that is said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import numbers, strings
from classifier.lines import cut
from classifier.rules import Fired, Rules
from classifier.rulesfile import WAJIB
from classifier.taxonomy import UNCLEAR

if TYPE_CHECKING:
    from classifier.decide import Decision

__all__ = ["apply", "in_force", "reasons"]


SHOWN = 60
"""Letters shown of a phrase."""


def in_force(rules: Rules, fired: Fired, unsure: NDArray[np.bool_]) -> Fired:
    """The rules that count: ``wajib`` everywhere, ``saran`` where the model is unsure.

    Parameters
    ----------
    rules, fired
        The rules, and what :meth:`~classifier.rules.Rules.find` gave.
    unsure
        Rows that the model hands to a human, bool, shape (n_rows,).
    """
    mandatory = np.array([rule.mode == WAJIB for rule in rules.rules], bool)
    return fired.where(mandatory[fired.rules] | unsure[fired.rows])


def apply(rules: Rules, fired: Fired, decision: Decision, unsure: NDArray[np.bool_]) -> Decision:
    """The decision with the labels of the rules that are in force.

    Where a facet takes one label, the rule's replaces the model's; where it takes several,
    it is added. A main label that a rule gives is no further label, and beside an unclear
    one there are none. The best choices stay the model's.
    """
    fired = in_force(rules, fired, unsure)
    main, given = dict(decision.main), dict(decision.given)
    first = rules.facets[0]
    for facet, (labels, codes) in decision.main.items():
        labels, rows, new = _labels(rules, fired, facet, labels)
        codes = codes.copy()
        codes[rows] = new
        main[facet] = labels, codes
    for facet, (labels, table) in decision.given.items():
        labels, rows, new = _labels(rules, fired, facet, labels)
        table = np.pad(table, [(0, 0), (0, len(labels) - table.shape[1])])
        table[rows, new] = facet != first
        given[facet] = labels, table
        if facet == first and UNCLEAR in labels:
            table[rows[new == labels.index(UNCLEAR)]] = False
    return replace(decision, main=main, given=given)


def reasons(rules: Rules, fired: Fired, unsure: NDArray[np.bool_]) -> pa.Array:
    """The rule in force for the main facet of each row, ``aturan wajib: Banten Lama``, or null.

    Parameters are those of :func:`in_force`; text, shape (n_rows,).
    """
    fired = _of(rules, in_force(rules, fired, unsure), rules.facets[0])
    codes, named = np.zeros(len(unsure), np.int64), np.zeros(len(unsure), bool)
    codes[fired.rows], named[fired.rows] = fired.rules, True
    texts = strings([f"aturan {rule.mode}: {cut(rule.frasa, SHOWN)}" for rule in rules.rules])
    return texts.take(numbers(codes, named))


def _of(rules: Rules, fired: Fired, facet: str) -> Fired:
    """The rules of one facet."""
    wanted = np.array([rule.facet == facet for rule in rules.rules], bool)
    return fired.where(wanted[fired.rules])


def _labels(
    rules: Rules, fired: Fired, facet: str, labels: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.int64], NDArray[np.int64]]:
    """A facet's labels, those added that only rules know; rows and codes of the labels given."""
    fired = _of(rules, fired, facet)
    names = [rules.rules[rule].label for rule in np.flatnonzero(fired.counts)]
    labels = tuple(dict.fromkeys((*labels, *names)))
    code_of = {label: code for code, label in enumerate(labels)}
    codes = np.array([code_of.get(rule.label, -1) for rule in rules.rules], np.int64)
    return labels, fired.rows, codes[fired.rules]
