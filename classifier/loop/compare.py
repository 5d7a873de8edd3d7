"""Two models on the same rows: which tags change, and whether for the better."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.cutoffs import PRECISION
from classifier.errors import ModelError
from classifier.labelled import SEPARATOR, Labelled, indicator
from classifier.loop.paired import Pair, paired
from classifier.loop.verdict import UNKNOWN, Verdict, verdict
from classifier.model import Model
from classifier.seen import seen_places
from classifier.tags import Tagged, Tagger

__all__ = ["Comparison", "Move", "changed_rows", "compare"]

STATUS = "status"

Names = NDArray[np.str_]


@dataclass(frozen=True)
class Move:
    """Rows whose tag changes from one value to another; ``rows`` are their indices."""

    old: str
    new: str
    rows: NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """What one model says of all rows.

    ``seen`` is -1 for a row that the model was not trained on, and else the row's place among
    the rows it was; None if the model does not know its rows.
    """

    model: Model
    tagged: Tagged
    seen: NDArray[np.int64] | None


@dataclass(frozen=True)
class Comparison:
    """What changes if one model takes the place of another.

    Attributes
    ----------
    old, new
        The tags of both, as columns ``tag_…``.
    moves
        Facet, or ``status`` -> what changes to what, most frequent first.
    fresh, known
        The scores of both in the main facet, on rows that the old model was not trained on, and
        on those that it was; None without such rows.
    others
        Facet -> the scores of both on rows that neither was trained on.
    only_old, only_new
        Labels of the main facet that only one of the models can give.
    verdict
        What to do.
    """

    old: Tagged
    new: Tagged
    moves: Mapping[str, Sequence[Move]]
    fresh: Pair | None
    known: Pair | None
    others: Mapping[str, Pair]
    only_old: Sequence[str]
    only_new: Sequence[str]
    verdict: Verdict

    @property
    def changed(self) -> NDArray[np.int64]:
        """Rows of which any tag or the status changes, ascending."""
        rows = [move.rows for moves in self.moves.values() for move in moves]
        return np.unique(np.concatenate([np.zeros(0, np.int64), *rows]))


def compare(
    old: Model, new: Model, data: Labelled, precision: float = PRECISION, seed: int = 0
) -> Comparison:
    """Compare two models on rows with or without labels.

    Every score is of a model that had not seen the row: where a row was in the training of a
    model, its main label is the one that was given to it out of fold, by a model trained
    without the rows like it. Of the other facets no such tags are kept; they are scored on
    the rows that neither model has seen.

    Parameters
    ----------
    old, new
        The models.
    data
        The rows; without labels if ``data.labels`` is empty.
    precision
        Share to be right among the rows tagged without a human, which decides the status.
    seed
        Of the bootstrap.

    Raises
    ------
    ModelError
        The models do not have the same main facet.
    """
    facet = old.heads[0].facet
    if new.heads[0].facet != facet:
        raise ModelError(
            "the main facets of the models differ ({old}, {new}). Compare models that answer "
            "the same question.",
            old=facet,
            new=new.heads[0].facet,
        )
    sides = _side(old, data, precision), _side(new, data, precision)
    both = {(head.facet, head.banyak) for head in new.heads}
    names = [head.facet for head in old.heads if (head.facet, head.banyak) in both]
    labels = set(old.labels(facet)), set(new.labels(facet))
    parts = _parts(*sides)
    fresh, known = (_pair(*sides, data, facet, rows, seed) for rows in parts[:2])
    others = {name: _pair(*sides, data, name, parts[2], seed) for name in names[1:]}
    judged = {name: pair for name, pair in others.items() if pair is not None}
    return Comparison(
        sides[0].tagged,
        sides[1].tagged,
        {name: _moves(*_columns(*sides, name)) for name in (*names, STATUS)},
        fresh,
        known,
        judged,
        sorted(labels[0] - labels[1]),
        sorted(labels[1] - labels[0]),
        _verdict(*sides, fresh, known, judged),
    )


def _side(model: Model, data: Labelled, precision: float) -> Side:
    tagged = Tagger(model, precision).tag(data.columns)
    return Side(model, tagged, seen_places(model, data.columns))


def _columns(old: Side, new: Side, name: str) -> tuple[Names, Names]:
    """Cells of one tag column by both."""
    before, after = (side.tagged.table[f"tag_{name}"].to_pylist() for side in (old, new))
    return np.array(before, str), np.array(after, str)


def _moves(before: Names, after: Names) -> list[Move]:
    rows = np.flatnonzero(before != after)
    moved: dict[tuple[str, str], list[int]] = {}
    for row in rows.tolist():
        moved.setdefault((str(before[row]), str(after[row])), []).append(row)
    ordered = sorted(moved.items(), key=lambda item: (-len(item[1]), item[0]))
    return [Move(*labels, np.array(rows, np.int64)) for labels, rows in ordered]


def _parts(old: Side, new: Side) -> tuple[NDArray[np.int64], ...]:
    """Rows that the old model was not trained on, those it was, and those that neither was.

    No row is in any part if one of the models does not know its rows.
    """
    if old.seen is None or new.seen is None:
        return (np.zeros(0, np.int64),) * 3
    fresh = old.seen < 0
    return tuple(np.flatnonzero(part) for part in (fresh, ~fresh, fresh & (new.seen < 0)))


def _pair(
    old: Side, new: Side, data: Labelled, facet: str, rows: NDArray[np.int64], seed: int
) -> Pair | None:
    """Scores on those of some rows that have a label, or may have none; None without any."""
    if facet not in data.labels:
        return None
    several = old.model.head(facet).banyak
    if not several:
        rows = rows[data.main(facet)[rows] != ""]
    if not len(rows):
        return None
    truth = data.labels[facet] if several else [(label,) for label in data.main(facet).tolist()]
    answers = [truth, _answers(old, facet, several), _answers(new, facet, several)]
    picked = [[answer[row] for row in rows.tolist()] for answer in answers]
    labels = sorted({label for answer in picked for row in answer for label in row})
    tables = [indicator(labels, answer) for answer in picked]
    return paired(labels, tables[0], tables[1], tables[2], seed)


def _answers(side: Side, facet: str, several: bool) -> Sequence[tuple[str, ...]]:
    """Labels that a model gives each row, not having seen it in the main facet."""
    decision, model = side.tagged.decision, side.model
    if several:
        return decision.sets(facet)
    names = decision.names(facet)
    if facet == model.heads[0].facet and side.seen is not None and model.out_of_fold is not None:
        unseen = np.array(model.labels(facet))[model.out_of_fold.given[side.seen]]
        names = np.where(side.seen >= 0, unseen, names)
    return [(label,) for label in names.tolist()]


def _verdict(
    old: Side, new: Side, fresh: Pair | None, known: Pair | None, others: Mapping[str, Pair]
) -> Verdict:
    for side, which in ((old, "lama"), (new, "baru")):
        if side.seen is None:
            return Verdict(
                UNKNOWN,
                f"model {which} dilatih dengan usulan versi terdahulu dan tidak mengenali baris "
                "latihnya; latih ulang.",
            )
    kept = {(head.facet, head.banyak) for head in new.model.heads}
    dropped = [head.facet for head in old.model.heads if (head.facet, head.banyak) not in kept]
    return verdict(fresh, known, others, dropped)


def changed_rows(result: Comparison, data: Labelled) -> tuple[list[str], list[dict[str, str]]]:
    """Names of columns, and each changed row: its place, text, and the tags of both models.

    Columns are ``tempat``, ``teks``, for each facet ``…_lama``, ``…_baru`` and, where the
    data have it, ``…_benar``; then confidence and status of both.
    """
    rows = result.changed.tolist()
    texts = [column.to_pylist() for column in data.columns]
    table: dict[str, list[str]] = {
        "tempat": [data.places[row] for row in rows],
        "teks": [" | ".join(cells[row] for cells in texts if cells[row]) for row in rows],
    }
    for name in (*(name for name in result.moves if name != STATUS), "keyakinan", STATUS):
        for tagged, which in ((result.old, "lama"), (result.new, "baru")):
            cells = tagged.table[f"tag_{name}"].to_pylist()
            table[f"{name}_{which}"] = [cells[row] for row in rows]
        if name in data.labels:
            table[f"{name}_benar"] = [SEPARATOR.join(data.labels[name][row]) for row in rows]
    found = [dict(zip(table, cells, strict=True)) for cells in zip(*table.values(), strict=True)]
    return list(table), found
