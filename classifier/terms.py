"""The thesaurus: terms of one to four words with the concept and priority they point to.

Where an office has other labels than the thesaurus, its concepts are of use all the same: as
features of a proposal, by themselves and summed over the label that they belong to there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import LabelError
from classifier.tables import read_columns, row_places
from classifier.taxonomy import UNCLEAR, Facet, Taxonomy

__all__ = ["COLUMNS", "Terms", "read_terms"]

COLUMNS = ("istilah", "konsep")
"""Columns of a thesaurus beside those of the facets."""

BROADER = "prioritas"
"""The column whose labels, where they are not those of the taxonomy, group the concepts."""


@dataclass(frozen=True)
class Terms:
    """Terms as short texts with labels.

    Attributes
    ----------
    texts
        The terms.
    labels
        Facet -> the one label of each term, None where the term leaves it open.
    concepts
        The concept of each term.
    sha256
        Digest of the file.
    broader
        What the concept of each term belongs to, where the thesaurus has other labels than
        the taxonomy; else empty.
    """

    texts: tuple[str, ...]
    labels: Mapping[str, tuple[tuple[str, ...] | None, ...]]
    concepts: tuple[str, ...] = ()
    sha256: str = ""
    broader: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.texts)


def read_terms(path: str | Path, taxonomy: Taxonomy | None) -> Terms:
    """Read a thesaurus: columns istilah, konsep, the main facet, and other facets if there.

    Without a taxonomy, or where the main facet's column is missing or holds labels of which
    most are unknown, the thesaurus was written for other labels, and gives concepts only.

    Raises
    ------
    InputError
        The file cannot be read or lacks a column.
    LabelError
        A cell is empty or names an unknown label, or a term stands twice; the message
        names file and row.
    """
    single = [f for f in taxonomy.facets.values() if not f.banyak] if taxonomy else []
    wanted = [BROADER, *(facet.name for facet in single)]
    table, numbers = read_columns(path, COLUMNS, optional=wanted)
    rows = [{name: cell.strip() for name, cell in row.items()} for row in table.to_pylist()]
    facets = [facet for facet in single if facet.name in table.column_names]
    if not facets or facets[0] is not single[0] or not _written_for(facets[0], rows):
        facets = []
    full = [*COLUMNS, *(facet.name for facet in facets[:1])]
    seen: dict[str, int] = {}
    for place, number, row in zip(row_places(path, numbers), numbers, rows, strict=True):
        term = row["istilah"].lower()
        if not all(row[name] for name in full):
            raise LabelError(
                "{place}: {columns} and {last} must be filled in.",
                place=place,
                columns=", ".join(full[:-1]),
                last=full[-1],
            )
        if term in seen:
            raise LabelError(
                "{place}: {term!r} stands in row {other_row} too. Keep one.",
                place=place,
                term=term,
                other_row=seen[term],
            )
        seen[term] = number
        for facet in facets:
            _check_label(facet, row[facet.name], place)
    foreign = not facets and BROADER in table.column_names
    return Terms(
        tuple(row["istilah"] for row in rows),
        {f.name: tuple((row[f.name],) if row[f.name] else None for row in rows) for f in facets},
        tuple(row["konsep"] for row in rows),
        hashlib.sha256(Path(path).read_bytes()).hexdigest(),
        tuple(row[BROADER] for row in rows) if foreign else (),
    )


def _allowed(facet: Facet) -> list[str]:
    return [slug for slug in facet.labels if slug != UNCLEAR]


def _written_for(facet: Facet, rows: Sequence[Mapping[str, str]]) -> bool:
    """Whether the thesaurus has this facet's labels; a few wrong ones are mistakes."""
    labels = {row[facet.name] for row in rows if row[facet.name]}
    return 2 * len(labels.intersection(_allowed(facet))) >= len(labels)


def _check_label(facet: Facet, label: str, place: str) -> None:
    if label and label not in _allowed(facet):
        raise LabelError(
            "{place}: {facet}: unknown label {label!r}; allowed: {allowed}.",
            place=place,
            facet=facet.name,
            label=label,
            allowed=", ".join(_allowed(facet)),
        )
