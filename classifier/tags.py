"""The tag columns: labels, confidence, choices, status and reason, a row per proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier import __version__
from classifier.arrays import flags, numbers, text
from classifier.cells import digits, joined, listed, named
from classifier.cutoffs import PRECISION
from classifier.decide import Decision, choose, with_implied
from classifier.deciding import deciding_words
from classifier.features import Batch
from classifier.model import Model, Prediction
from classifier.nearest import nearest_column
from classifier.noise import drop_noise
from classifier.repeats import repeats
from classifier.rules import Fired, Rules
from classifier.rulesfile import WAJIB
from classifier.ruling import apply, in_force, reasons
from classifier.status import AUTOMATIC, Judgement, judge
from classifier.store import fingerprint
from classifier.text import standardize, whole

__all__ = ["DUPLICATE", "Tagged", "Tagger", "choices", "tag_columns"]

DUPLICATE = "tag_duplikat"
"""The last column: the rows of an export say together what it holds, no row for itself."""


@dataclass(frozen=True)
class Tagged:
    """Tags of n_rows proposals: the columns as text, and what they were made from.

    ``fired`` counts the rows that each of the analyst's rules fired on, ``used`` those of
    them where it was in force.
    """

    table: pa.Table
    prediction: Prediction
    decision: Decision
    fired: NDArray[np.int64]
    used: NDArray[np.int64]

    def take(self, rows: NDArray[np.integer]) -> Tagged:
        """Tags of some rows, in the order of ``rows``; ``fired`` stays."""
        return replace(
            self,
            table=self.table.take(numbers(rows)),
            prediction=self.prediction.take(rows),
            decision=self.decision.take(rows),
        )


class Tagger:
    """A model with what the user asks of it.

    Parameters
    ----------
    model
        The model.
    precision
        Share to be right among the rows tagged without a human.
    rules
        File of the analyst's own rules, see :class:`~classifier.rules.Rules`.
    explain
        Whether ``tag_alasan`` shall also name the deciding words and the nearest precedent.

    Raises
    ------
    InputError, RulesError
        The rules cannot be read, or one of them cannot be used.

    Examples
    --------
    >>> from classifier import load_model
    >>> tagger = Tagger(load_model())
    >>> tagger.tag([pa.array(["Pengaspalan jalan poros"])]).table["tag_prioritas"].to_pylist()
    ['jalan']
    """

    def __init__(
        self,
        model: Model,
        precision: float = PRECISION,
        rules: str | Path | None = None,
        *,
        explain: bool = False,
    ) -> None:
        self.model, self.explain = model, explain
        self.cutoffs = model.cutoffs(precision)
        self.rules = _rules(model, rules)

    @cached_property
    def identity(self) -> dict[str, Any]:
        """All of it that decides what a text is tagged with, as JSON has it."""
        return {
            "usulan": __version__,
            "model": fingerprint(self.model),
            "cutoffs": self.cutoffs.values.tolist(),
            "rules": [str(astuple(rule)) for rule in self.rules.rules],
            "explain": self.explain,
        }

    def tag(self, columns: Sequence[pa.Array | pa.ChunkedArray]) -> Tagged:
        """Tag text columns of equal length; rows without text stay untagged.

        Rows of equal text are scored once. Threads may call this at the same time.
        """
        columns = [whole(column) for column in columns]
        found = repeats(columns)
        if found is None:
            return self._tag(columns, np.ones(len(columns[0]), np.int64))
        firsts, places = found
        distinct = [column.take(numbers(firsts)) for column in columns]
        return self._tag(distinct, np.bincount(places)).take(places)

    def _tag(self, columns: Sequence[pa.Array], times: NDArray[np.int64]) -> Tagged:
        """Tag rows that stand for so many rows of the table each."""
        model = self.model
        words = standardize(columns, model.lexicon, trace=self.explain)
        batch = model.vocabulary.transform(drop_noise(words, model.lexicon))
        prediction = model.predict_batch(batch)
        decision = choose(model, prediction)
        judgement = judge(model, batch, prediction, decision, self.cutoffs.values)
        fired = self.rules.find(words)
        used = in_force(self.rules, fired, judgement.unsure)
        decision, judgement = _ruled(self.rules, fired, prediction, decision, judgement)
        if self.explain:
            judgement = _explained(model, columns, batch, decision, judgement)
        table = _table(model, prediction, decision, judgement)
        counted = _counts(fired, times), _counts(used, times)
        return Tagged(table, prediction, decision, *counted)


def _counts(fired: Fired, times: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows of the table that each rule fired on, shape (n_rules,)."""
    return np.bincount(fired.rules, times[fired.rows], fired.n_rules).astype(np.int64)


def _rules(model: Model, path: str | Path | None) -> Rules:
    """The rules of a file, for the labels that the model was trained with; none without one."""
    facets = model.record["taxonomy"]["facet"] if model.record else {}
    allowed = {head.facet: tuple(facets[head.facet]["label"]) for head in model.heads}
    several = [head.facet for head in model.heads if head.banyak]
    if path is None:
        return Rules.of([], tuple(allowed), several, model.lexicon)
    return Rules.read(path, allowed, several, model.lexicon)


def _ruled(
    rules: Rules, fired: Fired, prediction: Prediction, decision: Decision, judgement: Judgement
) -> tuple[Decision, Judgement]:
    """What the rules make of the model's decision and of its doubts."""
    if not len(fired.rows):
        return with_implied(decision), judgement
    first = rules.facets[0]
    decision = with_implied(apply(rules, fired, decision, judgement.unsure))
    decision = apply(rules, fired, decision, judgement.unsure)  # a rule goes before what is implied
    labels, codes = decision.main[first]
    chances = prediction.probabilities[first]
    chances = np.pad(chances, [(0, 0), (0, len(labels) - chances.shape[1])])
    decision = replace(decision, confidence=chances[np.arange(len(codes)), codes])
    said = reasons(rules, fired, judgement.unsure)
    decided = pc.starts_with(said, f"aturan {WAJIB}")
    status = pc.if_else(
        pc.coalesce(decided, flags(np.zeros(1, bool))[0]), text(AUTOMATIC), judgement.status
    )
    return decision, replace(judgement, status=status, reasons=pc.coalesce(said, judgement.reasons))


def tag_columns(model: Model) -> list[str]:
    """Names of the tag columns, in order."""
    return [*_row_columns(model), DUPLICATE]


def _row_columns(model: Model) -> list[str]:
    """Names of the columns that a row's own text decides."""
    first, *rest = (head.facet for head in model.heads)
    main = [f"tag_{first}", f"tag_{first}_lain", "tag_keyakinan", "tag_pilihan"]
    return [*main, *(f"tag_{facet}" for facet in rest), "tag_status", "tag_alasan"]


def _explained(
    model: Model,
    columns: Sequence[pa.Array | pa.ChunkedArray],
    batch: Batch,
    decision: Decision,
    judgement: Judgement,
) -> Judgement:
    """With the deciding words and the nearest precedent behind each reason."""
    _, codes = decision.main[model.heads[0].facet]
    further = (deciding_words(model, columns, batch, codes), nearest_column(model, batch))
    told = judgement.reasons
    for cells in further:
        behind = pc.if_else(pc.equal(cells, text("")), text(""), joined([text(""), cells], " | "))
        told = joined([told, behind], "")
    return replace(judgement, reasons=told)


def _table(
    model: Model, prediction: Prediction, decision: Decision, judgement: Judgement
) -> pa.Table:
    """The tag columns; labels are empty where there is no text."""
    first = model.heads[0].facet
    columns = [
        named(*decision.main[first]),
        listed(*decision.given[first]),
        digits(decision.confidence),
        choices(model, prediction, decision),
    ]
    for head in model.heads[1:]:
        one, several = decision.main.get(head.facet), decision.given.get(head.facet)
        columns += [named(*one)] if one else [listed(*several)] if several else []
    blank = flags(prediction.traits.blank)
    columns = [pc.if_else(blank, text(""), column) for column in columns]
    return pa.table([*columns, judgement.status, judgement.reasons], names=_row_columns(model))


def choices(model: Model, prediction: Prediction, decision: Decision) -> pa.Array:
    """The likeliest labels with their probabilities: ``jalan 0.81; banjir 0.12; pju 0.02``."""
    first = model.heads[0].facet
    labels = model.labels(first)
    chances = np.take_along_axis(prediction.probabilities[first], decision.best, axis=1)
    pieces = [
        piece
        for best, chance in zip(decision.best.T, chances.T, strict=True)
        for piece in (text("; "), named(labels, best), text(" "), digits(chance))
    ]
    return joined(pieces[1:], "")
