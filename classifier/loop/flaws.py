"""What is wrong with labelled rows before anything is learnt from them."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.decide import WHEN_UNCLEAR
from classifier.labelled import SEPARATOR, Cells, Labelled
from classifier.language import _
from classifier.lexicon import Lexicon
from classifier.seen import row_keys
from classifier.taxonomy import UNCLEAR, Facet, Taxonomy
from classifier.text import tokenize
from classifier.tokens import WORD

__all__ = ["Conflict", "Flaw", "Rare", "conflicts", "flaws", "rare", "split", "usable"]


@dataclass(frozen=True)
class Flaw:
    """A cell that cannot be right: where it stands, what it holds, and what is wrong."""

    place: str
    column: str
    cell: str
    problem: str


@dataclass(frozen=True)
class Conflict:
    """Rows that say the same and are labelled differently: label(s) -> places."""

    facet: str
    text: str
    labels: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Rare:
    """A label with fewer rows than there are folds: in some nothing can be said of it."""

    facet: str
    label: str
    rows: int


def split(cell: str) -> tuple[str, ...]:
    """Labels of a cell, known or not.

    Examples
    --------
    >>> split("jalan; pju")
    ('jalan', 'pju')
    """
    return tuple(part.strip() for part in cell.split(SEPARATOR) if part.strip())


def flaws(cells: Cells, taxonomy: Taxonomy, text: Sequence[str]) -> list[Flaw]:
    """Unknown and missing labels, labels without text, and labels that exclude each other."""
    found: list[Flaw] = []
    columns = {facet: cells.table[name].to_pylist() for facet, name in cells.facets.items()}
    for number, (facet, name) in enumerate(cells.facets.items()):
        problem = _remembered(taxonomy.facets[facet], needed=not number)
        found += [
            Flaw(place, name, cell, what)
            for place, cell in zip(cells.places, columns[facet], strict=True)
            if (what := problem(cell))
        ]
    found += _without_text(cells, text, columns[next(iter(cells.facets))])
    found += _unclear(cells, columns)
    order = {place: row for row, place in enumerate(cells.places)}
    return sorted(found, key=lambda flaw: order[flaw.place])


def _remembered(facet: Facet, *, needed: bool) -> Callable[[str], str]:
    """What is wrong with a cell, worked out once for all cells alike."""
    known: dict[str, str] = {}

    def problem(cell: str) -> str:
        if cell not in known:
            known[cell] = _problem(facet, split(cell), needed=needed)
        return known[cell]

    return problem


def _problem(facet: Facet, labels: Sequence[str], *, needed: bool) -> str:
    unknown = [label for label in labels if label not in facet.labels]
    if unknown:
        near = difflib.get_close_matches(unknown[0].lower(), facet.labels, n=1)
        if near:
            return _("unknown label {label!r}; perhaps {near!r}", label=unknown[0], near=near[0])
        return _("unknown label {label!r}", label=unknown[0])
    if len(set(labels)) < len(labels):
        return _("the same label twice")
    return _("no label") if needed and not labels and not facet.banyak else ""


def _without_text(cells: Cells, text: Sequence[str], main: Sequence[str]) -> Iterator[Flaw]:
    """Rows without a letter or digit, unless they are labelled as such."""
    columns = [cells.table[name].to_pylist() for name in text]
    for place, label, *row in zip(cells.places, main, *columns, strict=True):
        if split(label) != (UNCLEAR,) and not any(map(str.isalnum, "".join(row))):
            yield Flaw(place, " + ".join(text), " | ".join(row).strip(" |"), _("no text"))


def _unclear(cells: Cells, columns: Mapping[str, Sequence[str]]) -> Iterator[Flaw]:
    """Rows that ask for nothing that can be named, and yet name it in another facet."""
    first = next(iter(cells.facets))
    for facet, wanted in WHEN_UNCLEAR.items():
        if facet not in columns:
            continue
        rows = zip(cells.places, columns[first], columns[facet], strict=True)
        for place, main, other in rows:
            unclear = split(main)[:1] == (UNCLEAR,)
            if unclear and split(other) not in ((wanted,), ()):
                problem = _(
                    "{facet} is {label}, so this must be {wanted}",
                    facet=first, label=UNCLEAR, wanted=wanted,
                )  # fmt: skip
                yield Flaw(place, cells.facets[facet], other, problem)
            elif not unclear and split(main) and split(other) == (UNCLEAR,):
                problem = _(
                    "{facet} is {label}, so this must say what is asked for",
                    facet=first, label=main,
                )  # fmt: skip
                yield Flaw(place, cells.facets[facet], other, problem)


def usable(cells: Cells, taxonomy: Taxonomy, text: Sequence[str], bad: Sequence[Flaw]) -> Labelled:
    """The rows without a flaw."""
    flawed = {flaw.place for flaw in bad}
    labels = {
        facet: tuple(split(cell) for cell in cells.table[name].to_pylist())
        for facet, name in cells.facets.items()
        if facet in taxonomy.facets
    }
    every = Labelled(tuple(cells.table[name] for name in text), labels, cells.places, "")
    return every.take(np.flatnonzero([place not in flawed for place in cells.places]))


def conflicts(data: Labelled, texts: Sequence[str], lexicon: Lexicon) -> list[Conflict]:
    """Rows of the same words, in standard form, whose labels of a facet differ.

    Rows of names of places alone are not compared; nor is a row that says nothing of a facet.
    """
    tokens = tokenize(data.columns, lexicon)
    keys = row_keys(tokens)
    plain = tokens.rows[tokens.roles == WORD]
    filled = np.bincount(plain, minlength=len(data)) > 0
    groups: dict[int, list[int]] = {}
    for row in np.flatnonzero(filled).tolist():
        groups.setdefault(int(keys[row]), []).append(row)
    repeated = [rows for rows in groups.values() if len(rows) > 1]
    found = []
    for facet, labels in data.labels.items():
        for rows in repeated:
            places: dict[str, list[str]] = {}
            for row in rows:
                if labels[row]:
                    places.setdefault(SEPARATOR.join(labels[row]), []).append(data.places[row])
            if len(places) > 1:
                told = {label: tuple(where) for label, where in places.items()}
                found.append(Conflict(facet, texts[rows[0]], told))
    return found


def rare(data: Labelled, folds: int) -> list[Rare]:
    """Labels with fewer rows than folds, rarest first."""
    found = [
        Rare(facet, label, count)
        for facet, rows in data.labels.items()
        for label, count in Counter(label for row in rows for label in row).items()
        if count < folds
    ]
    return sorted(found, key=lambda one: (one.rows, one.facet, one.label))
