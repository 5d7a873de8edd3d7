"""Labelled rows looked over before they are learnt from: what is wrong, and what may be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from classifier.errors import LabelError
from classifier.labelled import TEXT_COLUMNS, Cells
from classifier.learning.settings import Settings
from classifier.lexicon import Lexicon
from classifier.loop.agreement import Agreement, agreement
from classifier.loop.flaws import Conflict, Flaw, Rare, conflicts, flaws, rare, split, usable
from classifier.loop.suspects import Suspect, row_texts, suspects
from classifier.taxonomy import Taxonomy
from classifier.terms import Terms

__all__ = ["Check", "agreements", "check", "suspect_rows"]


@dataclass(frozen=True)
class Check:
    """What was found in labelled rows.

    Attributes
    ----------
    rows, labels
        Rows read; facet -> its column.
    flaws
        Cells that cannot be right. Their rows are left out of all that follows.
    conflicts
        Rows that say the same and are labelled differently.
    rare
        Labels of too few rows to cross-validate.
    suspects
        Labels that models which had not seen the row contradict.
    unlearnt
        Why nothing could be learnt, so that no label could be suspected; empty if it could.
    agreements
        Facet -> agreement with the column of another person.
    """

    rows: int
    labels: Mapping[str, str]
    flaws: Sequence[Flaw]
    conflicts: Sequence[Conflict]
    rare: Sequence[Rare]
    suspects: Sequence[Suspect]
    unlearnt: str
    agreements: Mapping[str, Agreement]


def check(
    cells: Cells,
    taxonomy: Taxonomy,
    lexicon: Lexicon | None = None,
    settings: Settings | None = None,
    *,
    text: Sequence[str] = TEXT_COLUMNS,
    against: Mapping[str, str] | None = None,
    terms: Terms | None = None,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Check:
    """Look labelled rows over; nothing in them stops it.

    Parameters
    ----------
    cells
        The rows, see :func:`~classifier.labelled.read_cells`.
    taxonomy, lexicon, settings, terms, jobs, progress
        Those of :func:`~classifier.training.train`.
    text
        Text columns.
    against
        Facet -> the column of another person's labels, which ``cells`` holds too.
    """
    lexicon, settings = lexicon or Lexicon.load(), settings or Settings()
    bad = flaws(cells, taxonomy, text)
    data = usable(cells, taxonomy, text, bad)
    found: list[Suspect] = []
    unlearnt = ""
    try:
        found = suspects(
            data, taxonomy, lexicon, settings, terms=terms, jobs=jobs, progress=progress
        )
    except LabelError as error:
        unlearnt = str(error)
    return Check(
        len(cells.places),
        dict(cells.facets),
        bad,
        conflicts(data, row_texts(data), lexicon),
        rare(data, settings.folds),
        found,
        unlearnt,
        agreements(cells, taxonomy, against or {}),
    )


def agreements(
    cells: Cells, taxonomy: Taxonomy, against: Mapping[str, str]
) -> dict[str, Agreement]:
    """Agreement of two columns per facet, on the rows in which both say something.

    Raises
    ------
    LabelError
        A facet has no column of its own, or no row is labelled in both.
    """
    found = {}
    for facet, column in against.items():
        if facet not in cells.facets:
            raise LabelError(
                "--against {facet}={column}: no column of that facet; there are: {facets}.",
                facet=facet,
                column=column,
                facets=", ".join(cells.facets),
            )
        banyak = taxonomy.facets[facet].banyak
        names = cells.facets[facet], column
        sides = [[split(cell) for cell in cells.table[name].to_pylist()] for name in names]
        both = [pair for pair in zip(*sides, strict=True) if banyak or all(pair)]
        if not both:
            raise LabelError(
                "{place}: no row has a label in both {first!r} and {second!r}.",
                place=cells.places[0],
                first=names[0],
                second=column,
            )
        found[facet] = agreement(
            [one for one, _ in both], [other for _, other in both], main=not banyak
        )
    return found


def suspect_rows(found: Sequence[Suspect]) -> tuple[list[str], list[dict[str, str]]]:
    """Names of columns, and the suspects as rows for a spreadsheet."""
    columns = ["tempat", "facet", "teks", "label", "usul", "peluang_label", "peluang_usul", "mirip"]
    rows = [
        dict(
            zip(
                columns,
                (
                    one.place,
                    one.facet,
                    one.text,
                    one.given,
                    one.suggested,
                    f"{one.given_chance:.3f}",
                    f"{one.suggested_chance:.3f}",
                    "; ".join(f"{text} ({place})" for place, text in one.nearest),
                ),
                strict=True,
            )
        )
        for one in found
    ]
    return columns, rows
