"""The thesaurus: terms of one to four words with the concept and priority they point to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import LabelError
from classifier.tables import read_columns
from classifier.taxonomy import UNCLEAR, Taxonomy

__all__ = ["COLUMNS", "Terms", "read_terms"]

COLUMNS = ("istilah", "konsep")
"""Columns of a thesaurus beside those of the facets."""


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
    """

    texts: tuple[str, ...]
    labels: Mapping[str, tuple[tuple[str, ...] | None, ...]]
    concepts: tuple[str, ...] = ()
    sha256: str = ""

    def __len__(self) -> int:
        return len(self.texts)


def read_terms(path: str | Path, taxonomy: Taxonomy) -> Terms:
    """Read a thesaurus: columns istilah, konsep, the main facet, and other facets if there.

    Raises
    ------
    InputError
        The file cannot be read or lacks a column.
    LabelError
        A cell is empty or names an unknown label, or a term stands twice; the message
        names file and row.
    """
    main, *others = (name for name, facet in taxonomy.facets.items() if not facet.banyak)
    table, numbers = read_columns(path, [*COLUMNS, main], optional=others)
    rows = [{name: cell.strip() for name, cell in row.items()} for row in table.to_pylist()]
    facets = [name for name in table.column_names if name not in COLUMNS]
    seen: dict[str, int] = {}
    for number, row in zip(numbers, rows, strict=True):
        place, term = f"{path}: row {number}", row["istilah"].lower()
        if not all(row[name] for name in (*COLUMNS, main)):
            raise LabelError(f"{place}: istilah, konsep and {main} must be filled in.")
        if term in seen:
            raise LabelError(f"{place}: {term!r} stands in row {seen[term]} too. Keep one.")
        seen[term] = number
        for facet in facets:
            _check_label(taxonomy, facet, row[facet], place)
    return Terms(
        tuple(row["istilah"] for row in rows),
        {f: tuple((row[f],) if row[f] else None for row in rows) for f in facets},
        tuple(row["konsep"] for row in rows),
        hashlib.sha256(Path(path).read_bytes()).hexdigest(),
    )


def _check_label(taxonomy: Taxonomy, facet: str, label: str, place: str) -> None:
    allowed = [slug for slug in taxonomy.facets[facet].labels if slug != UNCLEAR]
    if label and label not in allowed:
        raise LabelError(
            f"{place}: {facet}: unknown label {label!r}; allowed: {', '.join(allowed)}."
        )
