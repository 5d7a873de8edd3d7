"""What a person said of a row: the labels, or why they cannot be taken."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from classifier.decide import WHEN_UNCLEAR
from classifier.formats.roles import plain
from classifier.labelled import SEPARATOR
from classifier.language import _
from classifier.loop.form import (
    ALAT,
    KOREKSI,
    KUNCI,
    NONE,
    SETUJU,
    YES,
    Form,
    Key,
    labels_of_cell,
)
from classifier.taxonomy import UNCLEAR, Facet

__all__ = ["Labels", "Refusal", "agree", "verdict"]

Labels = Mapping[str, tuple[str, ...]]
"""Facet -> labels, the main one first; a facet that nothing was said of is not there."""

_YES = (YES, "y", "v", "✓", "✔", "ok", "benar", "setuju", "true")
_NO = ("tidak", "t", "bukan", "salah", "no", "false")


class Refusal(Exception):
    """A row's labels cannot be taken: the column at fault, and why."""

    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


def verdict(cells: Mapping[str, str], form: Form) -> Labels | None:
    """The labels that a person gave a row; None where nothing was filled in.

    What is picked counts. What the tool said counts only where ``setuju`` is yes, and only
    for the facets in which nothing was picked.

    Parameters
    ----------
    cells
        The row's cells by name of column.
    form
        The facets and labels asked for.

    Raises
    ------
    Refusal
        The row is not the one that was reviewed, or its labels are unknown or incomplete.
    """
    if not any(cells[column] for column in form.asked):
        return None
    _refuse_altered(cells, form)
    picked = {
        facet: [label for column in columns for label in _picked(cells, column, form.facets[facet])]
        for facet, columns in form.corrections.items()
    }
    told = _told(cells[ALAT], form) if _agreed(cells[SETUJU]) else {}
    main = _main(cells, picked[form.main], told.get(form.main, ()))
    labels = {form.main: main}
    for facet in list(form.facets)[1:]:
        given = _other(form, facet, picked, told, main)
        if given is not None:
            labels[facet] = given
    return labels


def agree(one: Labels, other: Labels) -> bool:
    """Whether two say the same where both say something; the order of further labels is free.

    Examples
    --------
    >>> agree({"prioritas": ("jalan",)}, {"prioritas": ("jalan",), "jenis": ("fisik",)})
    True
    >>> agree({"prioritas": ("jalan", "pju")}, {"prioritas": ("pju", "jalan")})
    False
    """
    return all(
        one[facet][:1] == other[facet][:1] and set(one[facet]) == set(other[facet])
        for facet in one.keys() & other.keys()
    )


def _refuse_altered(cells: Mapping[str, str], form: Form) -> None:
    key = Key.read(cells[KUNCI])
    if key is None:
        raise Refusal(KUNCI, _("no key is left, so it is not known which row this was"))
    if key.labels != form.labels:
        raise Refusal(
            KUNCI,
            _("made with another list of labels; give the --model the sheet was made with"),
        )
    if key.row != form.key([cells.get(name, "") for name in form.guarded()]).row:
        raise Refusal("usulan", _("text, label_alat or key were changed after the sheet was made"))


def _agreed(cell: str) -> bool:
    if cell and cell.casefold() not in (*_YES, *_NO):
        raise Refusal(SETUJU, _("{cell!r} is neither {yes} nor blank", cell=cell, yes=YES))
    return cell.casefold() in _YES


def _picked(cells: Mapping[str, str], column: str, facet: Facet) -> list[str]:
    """The labels in a cell, by slug or by name; ``(tidak ada)`` stays."""
    known = {plain(label.nama): label.slug for label in facet.labels.values()}
    known |= {plain(slug): slug for slug in facet.labels} | ({NONE: NONE} if facet.banyak else {})
    words = [word.strip() for word in cells[column].split(SEPARATOR) if word.strip()]
    labels = [known.get(word) or known.get(plain(word)) for word in words]
    for word, label in zip(words, labels, strict=True):
        if label is None:
            near = difflib.get_close_matches(word.casefold(), facet.labels, 3)
            allowed = (
                _("near it: {labels}", labels=", ".join(near))
                if near
                else _("see the sheet Panduan")
            )
            problem = _("unknown label {label!r}", label=word)
            raise Refusal(column, f"{facet.name}: {problem}; {allowed}")
    return [label for label in labels if label]


def _told(cell: str, form: Form) -> dict[str, tuple[str, ...]]:
    """What the tool said; no label is one, too, where a facet takes several."""
    told = labels_of_cell(cell, {name: facet.labels for name, facet in form.facets.items()})
    if told is None:
        shown = " ".join(cell.split())
        raise Refusal(ALAT, _("{cell!r} is not among the labels", cell=shown))
    none: dict[str, tuple[str, ...]] = {n: () for n, facet in form.facets.items() if facet.banyak}
    return none | told


def _main(cells: Mapping[str, str], picked: list[str], told: tuple[str, ...]) -> tuple[str, ...]:
    if not picked and not told:
        raise Refusal(
            KOREKSI[0],
            _(
                "neither picked nor confirmed; pick a label, or {yes} in {column}",
                yes=YES, column=SETUJU,
            ),
        )  # fmt: skip
    if picked and not cells[KOREKSI[0]]:
        if not told:
            raise Refusal(
                KOREKSI[0], _("is blank, but a further label is picked; pick the main one")
            )
        picked = [told[0], *picked]
    labels = tuple(dict.fromkeys(picked)) or told
    if UNCLEAR in labels and len(labels) > 1:
        raise Refusal(
            KOREKSI[0], _("{label} cannot stand with other labels; take one out", label=UNCLEAR)
        )
    return labels


def _other(
    form: Form,
    facet: str,
    picked: Mapping[str, list[str]],
    told: Labels,
    main: tuple[str, ...],
) -> tuple[str, ...] | None:
    """Labels of a facet beside the main one; None where nothing is known of it."""
    column = form.corrections[facet][0]
    if picked[facet]:
        labels = tuple(label for label in dict.fromkeys(picked[facet]) if label != NONE)
        if NONE in picked[facet] and labels:
            raise Refusal(column, _("{none} cannot stand with labels; take one out", none=NONE))
        if len(labels) > 1 and not form.facets[facet].banyak:
            raise Refusal(column, _("{facet} takes one label; take one out", facet=facet))
        return labels
    if facet in WHEN_UNCLEAR and UNCLEAR in main:
        return (WHEN_UNCLEAR[facet],)
    if facet in WHEN_UNCLEAR and UNCLEAR in told.get(form.main, ()):
        return None  # what was said of a row that seemed to ask for nothing
    return told.get(facet)
