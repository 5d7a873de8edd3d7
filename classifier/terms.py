"""The thesaurus: terms of one to four words with the concept and priority they point to."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import LabelError
from classifier.tables import read_columns
from classifier.taxonomy import Taxonomy

__all__ = ["COLUMNS", "Terms", "read_terms"]

COLUMNS = ("istilah", "konsep", "prioritas", "jenis")
_REQUIRED = ("konsep", "prioritas")


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
    """Read a thesaurus: a table with the columns istilah, konsep, prioritas and jenis.

    Raises
    ------
    InputError
        The file cannot be read or lacks a column.
    LabelError
        A cell is empty or names an unknown label, or a term stands twice; the message
        names file and row.
    """
    rows = read_columns(path, COLUMNS).to_pylist()
    seen: dict[str, int] = {}
    for number, row in enumerate(rows, start=2):
        place, term = f"{path}: row {number}", row["istilah"].strip().lower()
        if not term or any(not row[name].strip() for name in _REQUIRED):
            raise LabelError(f"{place}: istilah, konsep and prioritas must be filled in.")
        if term in seen:
            raise LabelError(f"{place}: {term!r} stands in row {seen[term]} too. Keep one.")
        seen[term] = number
        for facet in ("prioritas", "jenis"):
            _check_label(taxonomy, facet, row[facet].strip(), place)
    labels = {
        facet: tuple((row[facet].strip(),) if row[facet].strip() else None for row in rows)
        for facet in ("prioritas", "jenis")
    }
    return Terms(
        tuple(row["istilah"].strip() for row in rows),
        labels,
        tuple(row["konsep"].strip() for row in rows),
        hashlib.sha256(Path(path).read_bytes()).hexdigest(),
    )


def _check_label(taxonomy: Taxonomy, facet: str, label: str, place: str) -> None:
    allowed = taxonomy.facets[facet].labels
    if label and label not in allowed:
        raise LabelError(
            f"{place}: {facet}: unknown label {label!r}; allowed: {', '.join(allowed)}."
        )
