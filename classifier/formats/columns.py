"""Which column of an export is what: by its name, and by what is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from classifier.errors import InputError
from classifier.formats.naming import column_number, listed
from classifier.formats.roles import Match, fit, matches
from classifier.language import _

if TYPE_CHECKING:
    from classifier.formats.sources import Chunk, Rows

__all__ = [
    "SAMPLE",
    "TEXT_ROLES",
    "Columns",
    "describe",
    "find_columns",
    "source_columns",
    "text_columns",
]

Columns = Mapping[str, int]
"""Role -> number of its column, in the order of the columns."""

TEXT_ROLES = ("usulan", "masalah")
"""Roles that are read as the proposal's text; no other ever is, unless the user names it."""

SAMPLE = 200
"""Rows whose content is looked at."""

_SHOWN = 3


@dataclass(frozen=True)
class Candidate:
    """A column that may have a role; ``score`` 0–1 by its name and its content."""

    score: float
    number: int
    match: Match


def find_columns(header: Sequence[str], sample: Sequence[Sequence[str]]) -> Columns:
    """Roles of the columns of a table.

    Parameters
    ----------
    header
        Column names.
    sample
        Cells of each column, some rows of them; none for a table without rows.

    Raises
    ------
    InputError
        Two columns that differ are equally good for the text. The message has no file
        name; put it in front.

    Examples
    --------
    >>> find_columns(["No", "USULAN", "Pagu (Rp)"], [["1"], ["Paving"], ["1.000,00"]])
    {'id': 0, 'usulan': 1, 'anggaran': 2}
    """
    found: dict[str, Candidate] = {}
    ranked = sorted(_candidates(header, sample), key=lambda c: (-c.score, c.number))
    for candidate in ranked:
        taken = {other.number for other in found.values()}
        if candidate.match.role not in found and candidate.number not in taken:
            found[candidate.match.role] = candidate
    for role in TEXT_ROLES:
        if role in found:
            _refuse_ambiguous(found[role], ranked, header, sample)
    by_number = sorted(found.items(), key=lambda entry: entry[1].number)
    return {role: candidate.number for role, candidate in by_number}


def describe(columns: Columns, header: Sequence[str]) -> str:
    """The mapping in a line.

    Examples
    --------
    >>> describe({"usulan": 1, "anggaran": 0}, ["Pagu", "Kamus Usulan"])
    'usulan ← Kamus Usulan, anggaran ← Pagu'
    """
    text_first = sorted(columns.items(), key=lambda entry: entry[0] not in TEXT_ROLES)
    return ", ".join(f"{role} ← {' '.join(header[number].split())}" for role, number in text_first)


def source_columns(
    source: Rows, *, text: Sequence[str] = (), id_column: str | None = None
) -> Columns:
    """Roles of a table's columns; what the user named is not searched for.

    Parameters
    ----------
    source
        The table.
    text
        Columns named as text: the first becomes ``usulan``, the second ``masalah``.
    id_column
        Column named as id.

    Raises
    ------
    InputError
        A named column is not there, or two are equally good for the text.
    """
    named = dict(zip(TEXT_ROLES, (column_number(source, name) for name in text), strict=False))
    if id_column is not None:
        named["id"] = column_number(source, id_column)
    free = ["" if number in named.values() else name for number, name in enumerate(source.header)]
    if text:
        free = ["" if _may_be_text(name) else name for name in free]
    sample = _sample(source)
    try:
        found = find_columns(free, sample)
    except InputError as error:
        raise InputError("{path}: {problem}", path=source.path, problem=error) from None
    merged = {role: number for role, number in found.items() if role not in named} | named
    return dict(sorted(merged.items(), key=lambda entry: entry[1]))


def text_columns(
    source: Rows, named: Sequence[str] = (), id_column: str | None = None
) -> list[int]:
    """Numbers of the columns that hold the proposal.

    Parameters
    ----------
    source
        The table.
    named
        Columns that the user named; then no others are taken.

    Raises
    ------
    InputError
        A named column is not there, or none can be found, or two are equally good.
    """
    if named:
        return [column_number(source, name) for name in named]
    columns = source_columns(source, id_column=id_column)
    chosen = [columns[role] for role in TEXT_ROLES if role in columns]
    if not chosen:
        raise InputError(
            "{path}: no column of proposals was found. Name it with --text COLUMN. {columns}",
            path=source.path,
            columns=listed(source.header),
        )
    return chosen


def _may_be_text(name: str) -> bool:
    return any(match.role in TEXT_ROLES for match in matches(name))


def _sample(source: Rows) -> list[list[str]]:
    """The first cells of every column, without sums and names of groups."""
    numbers = range(len(source.header))
    first: Chunk | None = next(iter(source.chunks(numbers)), None)
    if first is None:
        return [[] for _ in numbers]
    cells = first.cells.slice(0, 2 * SAMPLE)
    notes = first.notes.slice(0, 2 * SAMPLE).to_pylist() if first.notes is not None else []
    ordinary = [row for row in range(len(cells)) if not notes or notes[row] is None][:SAMPLE]
    columns = [cells[str(number)].to_pylist() for number in numbers]
    return [[column[row] for row in ordinary] for column in columns]


def _candidates(header: Sequence[str], sample: Sequence[Sequence[str]]) -> list[Candidate]:
    """Every column with every role that its name allows and its content does not forbid."""
    found = []
    for number, name in enumerate(header):
        fits: dict[str, float] = {}
        for match in matches(name):
            if match.kind not in fits:
                fits[match.kind] = fit(match.kind, sample[number])
            score = 0.95**match.group * fits[match.kind]
            if score > 0:
                found.append(Candidate(score, number, match))
    return found


def _refuse_ambiguous(
    best: Candidate,
    ranked: Sequence[Candidate],
    header: Sequence[str],
    sample: Sequence[Sequence[str]],
) -> None:
    """Raise InputError where another column, equally good, holds another text."""
    cells = list(sample[best.number])
    equal = [
        other.number
        for other in ranked
        if other.match.role == best.match.role
        and other.score == best.score
        and (other is best or list(sample[other.number]) != cells)
    ]
    if len(equal) > 1:
        shown = "; ".join(f"{_called(header, n)}: {_examples(sample[n])}" for n in equal)
        raise InputError(
            "{count} columns may hold the {role}: {candidates}. Name the right one with --text "
            "COLUMN (its name, or its number).",
            count=len(equal),
            role=best.match.role,
            candidates=shown,
        )


def _called(header: Sequence[str], number: int) -> str:
    """A column's name, and its number where others are called the same."""
    again = Counter(header)[header[number]] > 1
    name = header[number]
    return _("{name!r} (column {number})", name=name, number=number + 1) if again else repr(name)


def _examples(cells: Sequence[str]) -> str:
    different = list(dict.fromkeys(" ".join(cell.split()) for cell in cells if cell.strip()))
    cut = [cell if len(cell) <= 40 else f"{cell[:39]}…" for cell in different[:_SHOWN]]
    return ", ".join(map(repr, cut))
