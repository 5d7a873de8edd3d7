"""The rules file: phrases with the label they decide or suggest, checked row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import RulesError
from classifier.language import _
from classifier.tables import read_columns, row_places

__all__ = ["COLUMNS", "SARAN", "WAJIB", "Rule", "read_rules"]

COLUMNS = ("frasa", "facet", "label", "mode")
"""Columns of a rules file; others are ignored."""

WAJIB, SARAN = "wajib", "saran"
"""The label is given whatever the model says; only where the model is unsure."""


@dataclass(frozen=True)
class Rule:
    """A row of a rules file: where the phrase stands, the facet gets the label.

    Examples
    --------
    >>> print(Rule("got mampet", "prioritas", "banjir", "wajib", 7))
    row 7, frasa 'got mampet' → banjir
    """

    frasa: str
    facet: str
    label: str
    mode: str
    row: int

    def __str__(self) -> str:
        values = {"row": self.row, "frasa": self.frasa, "label": self.label}
        return _("row {row}, frasa {frasa!r} → {label}", **values)


def read_rules(path: str | Path, allowed: Mapping[str, Sequence[str]]) -> list[Rule]:
    """Read a rules file, a CSV or a workbook.

    Case and surrounding blanks do not matter; rows without any cell are passed over.

    Parameters
    ----------
    path
        Table with the columns :data:`COLUMNS`. An empty mode means :data:`SARAN`.
    allowed
        Facet -> its labels.

    Raises
    ------
    InputError
        The file cannot be read or lacks a column.
    RulesError
        A phrase is empty, or a facet, label or mode unknown; the message names file and row.
    """
    table, numbers = read_columns(path, COLUMNS)
    return [
        _rule(place, number, row, allowed)
        for place, number, row in zip(
            row_places(path, numbers), numbers, table.to_pylist(), strict=True
        )
        if any(cell.strip() for cell in row.values())
    ]


def _rule(
    place: str, number: int, row: Mapping[str, str], allowed: Mapping[str, Sequence[str]]
) -> Rule:
    frasa = " ".join(row["frasa"].split())
    facet, label, mode = (row[name].strip().lower() for name in COLUMNS[1:])
    if not frasa:
        raise RulesError("{place}: frasa is empty. Fill it in or remove the row.", place=place)
    if facet not in allowed:
        raise RulesError(
            "{place}: unknown facet {facet!r}; allowed: {allowed}.",
            place=place,
            facet=facet,
            allowed=", ".join(allowed),
        )
    if label not in allowed[facet]:
        raise RulesError(
            "{place}: {facet}: unknown label {label!r}; allowed: {allowed}.",
            place=place,
            facet=facet,
            label=label,
            allowed=", ".join(allowed[facet]),
        )
    if mode not in (WAJIB, SARAN, ""):
        raise RulesError(
            "{place}: unknown mode {mode!r}; allowed: {wajib}, {saran}, or empty for {saran}.",
            place=place,
            mode=mode,
            wajib=WAJIB,
            saran=SARAN,
        )
    return Rule(frasa, facet, label, mode or SARAN, number)
