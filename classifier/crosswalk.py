"""From one label list to another: what is kept, renamed, merged, split, or for a person to say.

A crosswalk is proposed by what the two lists say of their labels – codes of the label, names,
definitions, phrases of what belongs to it – and written as a table that a person corrects.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.errors import LabelError
from classifier.labelled import SEPARATOR, cell_labels
from classifier.tables import read_columns, row_places
from classifier.taxonomy import UNCLEAR, Facet, Label, Taxonomy

__all__ = ["COLUMNS", "DROPPED", "Entry", "Likeness", "propose", "read_map", "to_csv"]

COLUMNS = ("facet", "lama", "baru", "keputusan", "alasan")
"""Columns of a crosswalk's table; the first three are read back."""

KEPT, RENAMED, MERGED, SPLIT, OPEN = "tetap", "ganti nama", "gabung", "pecah", "putuskan"

DROPPED = "-"
"""In ``baru``: the label has no successor, and goes."""

_ALIKE = 0.2
"""Likeness from which a phrase speaks for a label."""

_SHARE = 0.25
"""Share of an old label's voices from which a new one is a candidate."""

_ENOUGH = 0.5
"""Voice below which nothing is proposed."""

_CODE = 0.5
"""Voice of a common code of bidang urusan."""


@dataclass(frozen=True)
class Entry:
    """What becomes of an old label: one new label, several to choose from, or none yet.

    ``verdict`` and ``reason`` are for people; only ``new`` counts.
    """

    facet: str
    old: str
    new: tuple[str, ...]
    verdict: str = ""
    reason: str = ""

    @property
    def decided(self) -> bool:
        """Whether nobody has to look at the rows."""
        return len(self.new) == 1


class Likeness:
    """How alike texts are to the labels of a facet, by parts of words.

    Parameters
    ----------
    facet
        The facet.
    further
        Label -> phrases that speak for it beside those of the list.
    """

    def __init__(self, facet: Facet, further: Mapping[str, Sequence[str]] | None = None) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.labels = tuple(facet.labels)
        more = further or {}
        phrases = [[*phrases_of(facet.labels[k]), *more.get(k, ())] for k in self.labels]
        self._ends = np.cumsum([0, *map(len, phrases)])
        self._vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5))
        self._phrases = self._vectorizer.fit_transform([text for part in phrases for text in part])

    def of(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """Likeness to the most alike phrase of each label, 0–1, shape (n_texts, n_labels)."""
        if not texts:
            return np.zeros((0, len(self.labels)))
        alike = (self._vectorizer.transform(texts) @ self._phrases.T).toarray()
        return np.maximum.reduceat(alike, self._ends[:-1], axis=1)


def phrases_of(label: Label) -> list[str]:
    """What a label list says of a label: its own name, title, definition, what belongs to it.

    Examples
    --------
    >>> phrases_of(Taxonomy.load().facets["prioritas"].labels["pju"])[:2]
    ['pju', 'Penerangan jalan umum']
    """
    texts = [label.slug.replace("_", " "), label.nama, label.definisi, *label.termasuk]
    return [text for text in dict.fromkeys(texts) if text]


def propose(old: Taxonomy, new: Taxonomy) -> list[Entry]:
    """An entry for each old label of the facets that both lists have.

    Examples
    --------
    >>> taxonomy = Taxonomy.load()
    >>> {entry.verdict for entry in propose(taxonomy, taxonomy)}
    {'tetap'}
    """
    entries = [
        entry
        for name, facet in old.facets.items()
        if name in new.facets
        for entry in _of_facet(facet, new.facets[name])
    ]
    targets = Counter((entry.facet, entry.new) for entry in entries if entry.decided)
    return [
        Entry(e.facet, e.old, e.new, MERGED, e.reason)
        if e.verdict == RENAMED and targets[e.facet, e.new] > 1
        else e
        for e in entries
    ]


def _of_facet(old: Facet, new: Facet) -> list[Entry]:
    likeness = Likeness(new)
    return [_entry(old.name, label, new, likeness) for label in old.labels.values()]


def _entry(facet: str, label: Label, new: Facet, likeness: Likeness) -> Entry:
    if label.slug in new.labels:
        return Entry(facet, label.slug, (label.slug,), KEPT)
    if label.slug == UNCLEAR:  # what it says of itself is like nothing, or like anything
        return Entry(facet, label.slug, (), OPEN)
    voices, reason = _voices(label, new, likeness)
    least = max(_ENOUGH, _SHARE * sum(voices.values()))
    ranked = sorted(voices, key=lambda name: -voices[name])
    strong = tuple(name for name in ranked if voices[name] >= least)
    verdict = {0: OPEN, 1: RENAMED}.get(len(strong), SPLIT)
    return Entry(facet, label.slug, strong, verdict, reason)


def _voices(label: Label, new: Facet, likeness: Likeness) -> tuple[dict[str, float], str]:
    """How much speaks for each new label: each phrase for the most alike, each common code."""
    voices: dict[str, float] = dict.fromkeys(new.labels, 0.0)
    said = []
    phrases = phrases_of(label)
    for phrase, row in zip(phrases, likeness.of(phrases), strict=True):
        best = int(row.argmax())
        if row[best] >= _ALIKE:
            voices[likeness.labels[best]] += float(row[best])
            said.append(f"{phrase} → {likeness.labels[best]}")
    for name, voice in voices.items():
        if voice and set(label.kode) & set(new.labels[name].kode):
            voices[name] += _CODE
    return voices, "; ".join(said)


def to_csv(entries: Sequence[Entry]) -> bytes:
    """The crosswalk as CSV in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        new = SEPARATOR.join(entry.new)
        writer.writerow([entry.facet, entry.old, new, entry.verdict, entry.reason])
    return text.getvalue().encode()


def read_map(path: str | Path, old: Taxonomy, new: Taxonomy) -> list[Entry]:
    """Read a crosswalk that a person has corrected.

    Raises
    ------
    InputError
        The file cannot be read or lacks a column.
    LabelError
        A facet or label is unknown, stands twice, or is missing; the message names the row.
    """
    table, numbers = read_columns(path, COLUMNS[:3])
    found: dict[tuple[str, str], Entry] = {}
    for place, row in zip(row_places(path, numbers), table.to_pylist(), strict=True):
        facet, label = row["facet"].strip(), row["lama"].strip()
        _check("facet", facet, old.facets.keys() & new.facets.keys(), place)
        _check("lama", label, old.facets[facet].labels, place)
        successors = cell_labels(row["baru"])
        for successor in successors:
            if successors != (DROPPED,):
                _check("baru", successor, new.facets[facet].labels, place)
        if (facet, label) in found:
            raise LabelError(
                "{place}: {facet}: {label!r} stands above too. Keep one row.",
                place=place,
                facet=facet,
                label=label,
            )
        found[facet, label] = Entry(facet, label, successors)
    for name, facet_ in old.facets.items():
        for label in facet_.labels if name in new.facets else ():
            if (name, label) not in found:
                raise LabelError(
                    "{path}: {name}: {label!r} has no row. Add one; baru may be blank.",
                    path=path,
                    name=name,
                    label=label,
                )
    return list(found.values())


def _check(column: str, name: str, allowed: Mapping[str, object] | set[str], place: str) -> None:
    if name not in allowed:
        raise LabelError(
            "{place}: {column}: unknown {name!r}; allowed: {allowed}.",
            place=place,
            column=column,
            name=name,
            allowed=", ".join(sorted(allowed)),
        )
