"""A labelled file in new labels by a crosswalk, and the rows that a person must decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.crosswalk import DROPPED, Entry, Likeness, phrases_of
from classifier.decisions import Undecided, read_decisions
from classifier.errors import LabelError
from classifier.formats.csvedit import open_csv, replace_cells
from classifier.formats.csvfile import CsvSource
from classifier.formats.naming import find_name
from classifier.labelled import SEPARATOR, TEXT_COLUMNS, cell_labels
from classifier.language import _
from classifier.taxonomy import Facet, Taxonomy

__all__ = ["Relabelled", "relabel"]


@dataclass(frozen=True)
class Relabelled:
    """The new content of a file, cells changed, and cells left blank to be decided."""

    content: bytes
    changed: int
    undecided: tuple[Undecided, ...]


def relabel(
    path: str | Path,
    entries: Sequence[Entry],
    old: Taxonomy,
    new: Taxonomy,
    *,
    label_columns: Mapping[str, str] | None = None,
    text: Sequence[str] = TEXT_COLUMNS,
    decisions: str | Path | None = None,
) -> Relabelled:
    """Replace the labels of a CSV file; all else in it stays the same, byte for byte.

    A cell with a label that has several successors, or none yet, becomes blank. Labels of the
    new list alone stay as they are: so a file that is converted already does not change.

    Parameters
    ----------
    path
        The labelled file.
    entries
        What becomes of each old label.
    old, new
        The label lists.
    label_columns
        Facet -> column, where a column is not called as its facet.
    text
        Text columns, to suggest labels by; those that are missing are passed over.
    decisions
        Rows decided by a person: the list of an earlier run, its ``putusan`` filled in.

    Raises
    ------
    InputError
        A file cannot be read.
    LabelError
        There is no label column, a label is unknown, or a decision does not fit its row.
    """
    source = open_csv(path)
    columns = _columns(source, entries, label_columns or {})
    shown = [number for name in text if (number := find_name(source.header, name)) is not None]
    texts, cells = _cells(source, list(columns.values()), shown)
    decided = read_decisions(decisions, new, texts) if decisions else {}
    changes: dict[int, dict[int, str]] = {}
    undecided: list[Undecided] = []
    place = _("{path}: row {row}: {facet}")
    for facet, column in columns.items():
        step = _Step.of(entries, old.facets[facet], new.facets[facet])
        left: dict[int, str] = {}
        for row, cell in cells[column].items():
            became = step.followed(cell, place.format(path=path, row=row, facet=facet))
            if became is None:
                became = decided.pop((row, facet, cell), "")
                left |= {} if became else {row: cell}
            if became != cell:
                changes.setdefault(row, {})[column] = became
        undecided += step.undecided(left, texts)
    for row, facet, cell in decided:
        raise LabelError(
            "{list}: baris {row}: {facet}: {path} has no {cell!r} to decide there. Give the file "
            "that this list was made from.",
            list=decisions,
            row=row,
            facet=facet,
            path=path,
            cell=cell,
        )
    content = replace_cells(source, changes)
    undecided.sort(key=lambda cell: cell.row)
    return Relabelled(content, sum(map(len, changes.values())), tuple(undecided))


@dataclass(frozen=True)
class _Step:
    """What becomes of the labels of one facet; ``known`` are those of the new list alone."""

    old: Facet
    new: Facet
    following: Mapping[str, tuple[str, ...]]
    known: frozenset[str]

    @classmethod
    def of(cls, entries: Sequence[Entry], old: Facet, new: Facet) -> _Step:
        following = {entry.old: entry.new for entry in entries if entry.facet == old.name}
        return cls(old, new, following, frozenset({*new.labels} - {*old.labels}))

    def followed(self, cell: str, place: str) -> str | None:
        """The cell in new labels; None if a person must decide."""
        after = []
        for part in cell.split(SEPARATOR):
            label = part.strip()
            if label and label not in self.following and label not in self.known:
                raise LabelError(
                    "{place}: unknown label {label!r}; allowed: {allowed}. Give the label list "
                    "that this file was labelled by.",
                    place=place,
                    label=label,
                    allowed=", ".join(self.following),
                )
            became = self.following.get(label, (label,))
            if len(became) != 1:
                return None
            after.append(part.replace(label, became[0]) if label else part)
        labels = [part.strip() for part in after if part.strip()]
        if DROPPED in labels or len({*labels}) < len(labels):
            return _joined(labels)
        return SEPARATOR.join(after)  # blanks between labels stay, too

    def undecided(self, cells: Mapping[int, str], texts: Mapping[int, str]) -> list[Undecided]:
        """Cells with what is likeliest, by row: of several labels the one the text is most like."""
        likeness = self._likeness()
        alike = likeness.of([texts[row] for row in cells])
        found = []
        for (row, cell), scores in zip(cells.items(), alike.tolist(), strict=True):
            score = dict(zip(likeness.labels, scores, strict=True))
            labels = []
            for label in cell_labels(cell):
                candidates = self.following.get(label, (label,)) or likeness.labels
                labels.append(max(candidates, key=lambda name: score.get(name, 0.0)))
            found.append(Undecided(row, self.old.name, cell, _joined(labels), texts[row]))
        return found

    def _likeness(self) -> Likeness:
        """Likeness to new labels by what both lists say: an old phrase speaks for a successor."""
        own, further = Likeness(self.new), defaultdict(list)
        for label, successors in self.following.items():
            columns = [own.labels.index(name) for name in successors if name != DROPPED]
            phrases = phrases_of(self.old.labels[label]) if columns else []
            for phrase, row in zip(phrases, own.of(phrases), strict=True):
                further[own.labels[columns[int(row[columns].argmax())]]].append(phrase)
        return Likeness(self.new, further)


def _joined(labels: Sequence[str]) -> str:
    return SEPARATOR.join(label for label in dict.fromkeys(labels) if label != DROPPED)


def _columns(
    source: CsvSource, entries: Sequence[Entry], named: Mapping[str, str]
) -> dict[str, int]:
    """Facet -> number of its column, of those that are there."""
    facets = list(dict.fromkeys(entry.facet for entry in entries))
    names = {facet: named.get(facet, facet) for facet in facets}
    found = {facet: find_name(source.header, name) for facet, name in names.items()}
    for facet, column in named.items():
        if found.get(facet) is None:
            raise LabelError(
                "{path}: --label {facet}={column}: no such facet or column; facets: {facets}; "
                "columns: {columns}.",
                path=source.path,
                facet=facet,
                column=column,
                facets=", ".join(facets),
                columns=", ".join(source.header),
            )
    if not any(number is not None for number in found.values()):
        raise LabelError(
            "{path}: none of the label columns {columns} is there. Name yours with --label "
            "FACET=COLUMN.",
            path=source.path,
            columns=", ".join(names.values()),
        )
    return {facet: number for facet, number in found.items() if number is not None}


def _cells(
    source: CsvSource, columns: Sequence[int], text: Sequence[int]
) -> tuple[dict[int, str], dict[int, dict[int, str]]]:
    """Text of each row, and the cells of columns, by the row's number in the file."""
    texts: dict[int, str] = {}
    cells: dict[int, dict[int, str]] = {column: {} for column in columns}
    wanted = list(dict.fromkeys([*columns, *text]))
    for chunk in source.chunks(wanted):
        rows = {number: chunk.cells[str(number)].to_pylist() for number in wanted}
        for place, row in enumerate(chunk.numbers):
            if chunk.notes is None or chunk.notes[place].as_py() is None:
                shown = (rows[number][place].strip() for number in text)
                texts[row] = " | ".join(part for part in shown if part)
                for column in columns:
                    cells[column][row] = rows[column][place]
    return texts, cells
