"""A taxonomy taken from the data: for an office that has labels, but no file of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import combinations
from pathlib import Path

from classifier.errors import LabelError
from classifier.formats.naming import find_name
from classifier.labelled import cell_labels
from classifier.tables import open_table, read_columns, row_places
from classifier.taxonomy import Facet, Label, Taxonomy, check_facet_name

__all__ = ["lookalikes", "own_taxonomy"]

MOST_LETTERS = 80
"""Letters of a label; a column with longer ones holds something else."""

_ALIKE, _RARE = 0.85, 0.2
"""Likeness of two labels' letters, and rows of one beside those of the other, from which,
and below which, the one is probably a slip of the pen."""


def own_taxonomy(
    paths: Sequence[str | Path],
    label_columns: Mapping[str, str] | None = None,
    *,
    sheet: str | None = None,
) -> Taxonomy:
    """Facets and labels of labelled tables, as they are written there.

    The first facet is the main one, of one label a row; another takes several labels where a
    row has none or several in it.

    Parameters
    ----------
    paths
        Labelled tables.
    label_columns
        Facet -> column, the main facet first. Those called as the shipped facets if left out.
    sheet
        Sheet of the workbooks.

    Raises
    ------
    InputError
        A file cannot be read, or lacks a column.
    LabelError
        There is no label column, it holds fewer than two labels or one that is too long, or
        two are the same but for case and punctuation; the message names file and row.
    TaxonomyError
        A facet's name cannot be that of a tag column.
    """
    columns = dict(label_columns or _shipped_columns(paths, sheet))
    for name in columns:
        check_facet_name(name, f"--label {name}={columns[name]}")
    cells: dict[str, list[str]] = {facet: [] for facet in columns}
    places: list[str] = []
    for path in paths:
        table, numbers = read_columns(path, list(columns.values()), sheet=sheet)
        places += row_places(path, numbers)
        for facet, column in columns.items():
            cells[facet] += table[column].to_pylist()
    first = next(iter(columns))
    facets = {
        facet: _facet(facet, columns[facet], cells[facet], places, main=facet == first)
        for facet in columns
    }
    return Taxonomy(facets, {})


def lookalikes(counts: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Pairs of a rare label and a frequent one that it may be a misspelling of.

    Examples
    --------
    >>> list(lookalikes({"kesehatan": 40, "kesehatn": 1, "jalan": 30}))
    [('kesehatn', 'kesehatan')]
    """
    for pair in combinations(counts, 2):
        rare, frequent = sorted(pair, key=lambda label: counts[label])
        likeness = SequenceMatcher(None, rare.casefold(), frequent.casefold())
        if counts[rare] <= _RARE * counts[frequent] and likeness.ratio() >= _ALIKE:
            yield rare, frequent


def _shipped_columns(paths: Sequence[str | Path], sheet: str | None) -> dict[str, str]:
    """The columns that are called as facets of the shipped taxonomy."""
    names = list(Taxonomy.load().facets)
    headers = [open_table(path, sheet).header for path in paths]
    found = {
        name: name
        for name in names
        if all(find_name(header, name) is not None for header in headers)
    }
    if not found:
        raise LabelError(
            "{path}: none of the label columns {columns} is there. Name yours with --label "
            "FACET=COLUMN, the main facet first.",
            path=paths[0],
            columns=", ".join(names),
        )
    return found


def _facet(
    name: str, column: str, cells: Sequence[str], places: Sequence[str], *, main: bool
) -> Facet:
    firsts: dict[str, str] = {}
    rows = [cell_labels(cell) for cell in cells]
    for labels, place in zip(rows, places, strict=True):
        for label in labels:
            if label not in firsts:
                _check(name, label, place)
                firsts[label] = place
    _refuse_variants(name, firsts)
    if len(firsts) < 2:
        raise LabelError(
            "{place}: {facet}: column {column!r} holds {count} label(s); at least two are "
            "needed. Name the right column with --label.",
            place=places[0] if places else column,
            facet=name,
            column=column,
            count=len(firsts),
        )
    several = not main and any(len(labels) != 1 for labels in rows)
    counts = Counter(label for labels in rows for label in labels)
    return Facet(name, column, several, {label: _label(label) for label in sorted(counts)})


def _label(name: str) -> Label:
    return Label(name, name, "", (), (), (), (), "")


def _check(facet: str, label: str, place: str) -> None:
    if len(label) > MOST_LETTERS or not label.isprintable():
        raise LabelError(
            "{place}: {facet}: {label!r} is no label: it has more than {most} letters or a line "
            "end. Name the right column with --label.",
            place=place,
            facet=facet,
            label=label[:MOST_LETTERS],
            most=MOST_LETTERS,
        )


def _refuse_variants(facet: str, firsts: Mapping[str, str]) -> None:
    """Raise LabelError if two labels differ in case, blanks or punctuation alone."""
    plain: dict[str, str] = {}
    for label, place in firsts.items():
        other = plain.setdefault(re.sub(r"[\W_]+", " ", label.casefold()).strip(), label)
        if other != label:
            raise LabelError(
                "{place}: {facet}: {label!r} and {other!r} ({other_place}) are one label written "
                "in two ways. Write it in one.",
                place=place,
                facet=facet,
                label=label,
                other=other,
                other_place=firsts[other],
            )
