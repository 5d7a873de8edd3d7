"""Cells that a person must decide when labels change: listed, and read when decided."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.errors import LabelError
from classifier.formats.formulas import plain
from classifier.labelled import SEPARATOR, cell_labels
from classifier.tables import read_columns, row_places
from classifier.taxonomy import Taxonomy

__all__ = ["DECISIONS", "Undecided", "read_decisions", "undecided_csv"]

DECISIONS = ("baris", "facet", "lama", "usul", "putusan", "teks")
"""Columns of the list of rows to decide; a person fills in ``putusan``."""


@dataclass(frozen=True)
class Undecided:
    """A cell that a person must decide: what stood there, and what seems likeliest."""

    row: int
    facet: str
    old: str
    suggestion: str
    text: str


def undecided_csv(cells: Sequence[Undecided]) -> bytes:
    """The list of cells to decide as CSV in UTF-8, ``putusan`` blank."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(DECISIONS)
    for cell in cells:
        writer.writerow([cell.row, cell.facet, cell.old, cell.suggestion, "", plain(cell.text)])
    return text.getvalue().encode()


def read_decisions(
    path: str | Path, new: Taxonomy, texts: Mapping[int, str]
) -> dict[tuple[int, str, str], str]:
    """(row, facet, old cell) -> what a person decided, of rows where somebody did.

    Raises
    ------
    LabelError
        A label is none of ``new``, or a row is not the one that was listed, or is decided twice.
    """
    table, numbers = read_columns(path, DECISIONS[:5], DECISIONS[5:])
    decided: dict[tuple[int, str, str], str] = {}
    for place, row in zip(row_places(path, numbers), table.to_pylist(), strict=True):
        labels = cell_labels(row["putusan"])
        if not row["baris"].strip().isdecimal() or row["facet"] not in new.facets:
            raise LabelError(
                "{place}: baris or facet was changed. Fill in putusan only.", place=place
            )
        allowed = new.facets[row["facet"]].labels
        for label in labels:
            if label not in allowed:
                raise LabelError(
                    "{place}: putusan: unknown label {label!r}; allowed: {allowed}.",
                    place=place,
                    label=label,
                    allowed=", ".join(allowed),
                )
        cell = int(row["baris"]), row["facet"], row["lama"]
        if not labels:
            continue
        if "teks" in row and _letters(row["teks"]) != _letters(texts.get(cell[0], "")):
            raise LabelError(
                "{place}: teks is not what baris {row} says. Give the file that this list was "
                "made from.",
                place=place,
                row=cell[0],
            )
        chosen = SEPARATOR.join(dict.fromkeys(labels))
        if decided.setdefault(cell, chosen) != chosen:
            raise LabelError("{place}: decided otherwise above. Keep one of the rows.", place=place)
    return decided


def _letters(text: str) -> str:
    """What is left of a text even where a spreadsheet took it to be in another encoding."""
    return re.sub("[^0-9a-z]+", "", text.casefold())
