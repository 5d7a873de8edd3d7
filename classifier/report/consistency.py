"""Whether OPD and bidang urusan of a proposal fit its tag, and budgets the number of proposals."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import pandas as pd

from classifier.report.offices import KECAMATAN, Offices, Urusan
from classifier.report.proposals import Proposals
from classifier.report.wording import FEW
from classifier.taxonomy import Facet, Label

__all__ = ["Mismatches", "find_mismatches", "out_of_proportion", "pairs"]

TWICE = 2.0
"""How many times one share is the other before they are called out of proportion."""


@dataclass(frozen=True)
class Mismatches:
    """Proposals whose OPD or bidang urusan does not fit their tag.

    Attributes
    ----------
    rows
        The proposals, with what is written (``tertulis``) and what would fit (``saran``).
    judged
        How many proposals could be judged.
    unknown
        Cells that name nothing known, with how often they do.
    """

    rows: pd.DataFrame
    judged: int
    unknown: pd.Series


def find_mismatches(
    proposals: Proposals, facet: Facet, column: str, names: Offices | Urusan
) -> Mismatches:
    """Compare a column with the taxonomy.

    What is blank or unknown is not judged, nor are labels for which the taxonomy names
    nothing. A cell fits if it fits the main label or a further one. A kecamatan spends dana
    kelurahan on works of any priority and fits always.

    Parameters
    ----------
    proposals
        The proposals.
    facet
        The facet of priorities.
    column
        ``opd`` or ``bidang``.
    names
        Who knows the names of that column.
    """
    key = {"opd": "opd", "bidang": "kode"}[column]
    rows = proposals.rows
    found = rows[column].map({cell: names.find(cell) for cell in set(rows[column])})
    fitting = _fitting(proposals, facet, lambda label: getattr(label, key))
    judged = (found != "") & fitting.map(bool) & (found != KECAMATAN)
    fits = pd.Series(
        [_fits(name, good) for name, good in zip(found, fitting, strict=True)], rows.index
    )
    wrong = rows[judged & ~fits].copy()
    wrong["tertulis"] = wrong[column]
    wrong["dikenal"] = found[wrong.index]
    wrong["saran"] = [_suggestion(good, names) for good in fitting[wrong.index]]
    unknown = rows[column][(found == "") & (rows[column] != "")].value_counts()
    return Mismatches(wrong, int(judged.sum()), unknown)


def _fitting(
    proposals: Proposals, facet: Facet, of: Callable[[Label], tuple[str, ...]]
) -> pd.Series:
    """What fits each proposal, by its labels; nothing where its main label names nothing."""
    rows, further = proposals.rows, f"{facet.name}_lain"
    known = {slug: of(label) for slug, label in facet.labels.items()}
    others = rows[further] if further in rows else pd.Series("", index=rows.index)
    pairs = list(zip(rows[facet.name], others, strict=True))
    good = {
        (main, more): tuple(
            dict.fromkeys(
                name
                for slug in (main, *more.split(";"))
                for name in known.get(slug.strip(), ())
                if known.get(main)
            )
        )
        for main, more in set(pairs)
    }
    return pd.Series([good[pair] for pair in pairs], index=rows.index, dtype=object)


def _fits(name: str, good: Collection[str]) -> bool:
    """Whether a name is among others, or is the whole of a part such as a Bagian of Setda."""
    return name in good or any(
        other.startswith(f"{name} (") or name.startswith(f"{other} (") for other in good
    )


def _suggestion(good: tuple[str, ...], names: Offices | Urusan) -> str:
    if isinstance(names, Urusan):
        return "; ".join(f"{code} {names.names.get(code, '')}".strip() for code in good)
    return "; ".join(good)


def pairs(mismatches: Mismatches, facet: Facet) -> pd.DataFrame:
    """How often each written name stands beside each tag that it does not fit, most often first."""
    names = {slug: label.nama for slug, label in facet.labels.items()}
    rows = mismatches.rows.assign(prioritas=mismatches.rows[facet.name].replace(names))
    unsure = (rows["status_tag"] != "otomatis").rename("tinjau")
    groups = rows.assign(tinjau=unsure).groupby(["prioritas", "dikenal", "saran"])
    table = groups["tinjau"].agg(usulan="size", tinjau="sum").reset_index()
    return table.sort_values(
        ["usulan", "prioritas", "dikenal"], ascending=[False, True, True]
    ).reset_index(drop=True)


def out_of_proportion(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Labels with many proposals and little budget, and with few proposals and much budget.

    Shares that are twice apart or more count, of labels with enough proposals.

    Parameters
    ----------
    table
        What :func:`~classifier.report.figures.per_label` gives.
    """
    enough = table[(table["usulan"] >= FEW) & table["bagian_anggaran"].notna()]
    little = enough[enough["bagian"] >= TWICE * enough["bagian_anggaran"]]
    much = enough[enough["bagian_anggaran"] >= TWICE * enough["bagian"]]
    return little, much
