"""The report's figures, computed from the columns of a tagged export: plain data frames."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from classifier.report.proposals import Proposals
from classifier.report.wording import FEW
from classifier.taxonomy import UNCLEAR, Facet

__all__ = [
    "asked",
    "compared",
    "kinds_of_work",
    "label_names",
    "per_label",
    "priorities",
    "several",
    "short_names",
    "unasked",
]

OUTSIDE = "lain"
"""Group of the labels that are no priority."""


def label_names(facet: Facet) -> dict[str, str]:
    """Names of a facet's labels by slug."""
    return {slug: label.nama for slug, label in facet.labels.items()}


def priorities(facet: Facet) -> list[str]:
    """Slugs of the labels that are priorities, in the order of the taxonomy.

    Examples
    --------
    >>> from classifier.taxonomy import Taxonomy
    >>> len(priorities(Taxonomy.load().facets["prioritas"]))
    19
    """
    return [
        slug
        for slug, label in facet.labels.items()
        if slug != UNCLEAR and label.kelompok != OUTSIDE
    ]


def several(cells: pd.Series) -> pd.Series:
    """Labels joined by ``;`` as one row each, with the index of their proposal.

    Examples
    --------
    >>> several(pd.Series(["jalan;pju", ""])).to_dict()
    {0: 'pju'}
    """
    labels = cells.str.split(";").explode().str.strip()
    return labels[labels != ""]


def per_label(proposals: Proposals, facet: Facet) -> pd.DataFrame:
    """Proposals and requested budget of each label of a facet, unused labels too.

    Columns ``label``, ``nama``, ``usulan``, ``bagian`` (of all proposals) and, if the file has
    budgets, ``anggaran``, ``bagian_anggaran`` and ``tanpa_anggaran`` (proposals without an
    amount that can be read). A proposal with several labels counts for each.
    """
    rows = proposals.rows
    labels = several(rows[facet.name])
    names = label_names(facet)
    order = [*names, *sorted(set(labels) - set(names))]
    counts = labels.value_counts()
    table = pd.DataFrame({"label": order, "nama": [names.get(slug, slug) for slug in order]})
    table["usulan"] = [int(counts.get(slug, 0)) for slug in order]
    table["bagian"] = _shares(table["usulan"], len(rows))
    if proposals.has("anggaran"):
        money = rows["anggaran"].loc[labels.index]
        sums = money.groupby(labels.to_numpy()).sum()
        table["anggaran"] = [float(sums.get(slug, 0.0)) for slug in order]
        total, known = float(rows["anggaran"].sum()), int(rows["anggaran"].notna().sum())
        enough = total > 0 and known >= FEW
        table["bagian_anggaran"] = table["anggaran"] / total if enough else np.nan
        missing = labels[money.isna().to_numpy()].value_counts()
        table["tanpa_anggaran"] = [int(missing.get(slug, 0)) for slug in order]
    return table


def _shares(parts: pd.Series, whole: int | pd.Series) -> pd.Series:
    """Shares; NaN where the whole is too small to speak of one."""
    wholes = pd.Series(whole, index=parts.index)
    result: pd.Series = (parts / wholes.where(wholes >= FEW)).astype(float)
    return result


def kinds_of_work(
    proposals: Proposals, facet: Facet, by: Sequence[str], physical: str = "fisik"
) -> pd.DataFrame:
    """Proposals of each kind of work per place, the most one-sided first.

    Columns ``by``, ``usulan``, one per kind, and ``bagian``, the share of ``physical``. Places
    with enough proposals for a share stand first, by that share; then the others, by how many
    more physical works than others they ask for. Rows of unknown places are left out.
    """
    rows = proposals.rows
    known = rows[rows[by[-1]] != ""]
    kinds = list(dict.fromkeys([*facet.labels, *known[facet.name]]))
    counts = pd.crosstab([known[name] for name in by], known[facet.name])
    counts = counts.reindex(columns=kinds, fill_value=0)
    table = counts.reset_index()
    table.columns.name = None
    table.insert(len(by), "usulan", counts.sum(axis=1).to_numpy())
    table["bagian"] = _shares(table[physical], table["usulan"])
    table["lebih"] = 2 * table[physical] - table["usulan"]
    order = table.sort_values(
        ["bagian", "lebih", *by], ascending=[False, False, *[True] * len(by)], na_position="last"
    )
    return order.drop(columns="lebih").reset_index(drop=True)


def asked(proposals: Proposals, facet: Facet, by: Sequence[str]) -> pd.DataFrame:
    """How often each priority is asked for per place: places × priorities.

    A proposal counts for its main priority and for each further one. Every place of the
    official list has a row, also one without proposals; the index holds the places. Without
    places there is one row, of all proposals.
    """
    rows = proposals.rows
    main = rows[facet.name]
    further = f"{facet.name}_lain"
    labels = several(main + ";" + rows[further] if further in rows else main)
    if not by:
        counts = labels.value_counts().to_frame().T
        return counts.reindex(columns=priorities(facet), fill_value=0)
    places = rows.loc[labels.index, list(by)]
    counts = pd.crosstab([places[name].to_numpy() for name in by], labels.to_numpy())
    every = _places(proposals, by)
    return counts.reindex(index=every, columns=priorities(facet), fill_value=0)


def _places(proposals: Proposals, by: Sequence[str]) -> pd.Index:
    if list(by) == ["kecamatan"]:
        return pd.Index(proposals.wilayah.kecamatan, name="kecamatan")
    return pd.MultiIndex.from_tuples(proposals.wilayah.rows, names=list(by))


def short_names(facet: Facet) -> dict[str, str]:
    """Names up to their first comma or *dan*, for narrow columns.

    Examples
    --------
    >>> from classifier.taxonomy import Taxonomy
    >>> short_names(Taxonomy.load().facets["prioritas"])["pasar_ukm"]
    'Pasar'
    """
    return {slug: name.split(",")[0].split(" dan ")[0] for slug, name in label_names(facet).items()}


def unasked(matrix: pd.DataFrame, facet: Facet, totals: pd.Series) -> pd.DataFrame:
    """Priorities that nobody asked for per place, most of them first.

    Parameters
    ----------
    matrix
        What :func:`asked` gives.
    totals
        Proposals per place.
    """
    names = short_names(facet)
    missing = [[names[slug] for slug in matrix.columns[row == 0]] for row in matrix.to_numpy()]
    table = matrix.index.to_frame(index=False)
    table["usulan"] = [int(totals.get(place, 0)) for place in matrix.index]
    table["tidak_diminta"] = [len(row) for row in missing]
    table["nama"] = ["; ".join(row) for row in missing]
    places = [str(name) for name in matrix.index.names]
    return table.sort_values(
        ["tidak_diminta", "usulan", *places], ascending=[False, False, *[True] * len(places)]
    ).reset_index(drop=True)


def compared(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Two tables of :func:`per_label` side by side; shares differ in points."""
    both = before.columns.intersection(after.columns)
    columns = [name for name in ("usulan", "bagian", "anggaran") if name in both]
    table = after[["label", "nama"]].copy()
    old = before.set_index("label").reindex(after["label"])
    for name in columns:
        earlier = old[name].to_numpy()
        if name != "bagian":
            earlier = np.nan_to_num(earlier.astype(float))
        table[f"{name}_dulu"] = earlier
        table[f"{name}_kini"] = after[name].to_numpy()
        table[f"{name}_beda"] = table[f"{name}_kini"] - table[f"{name}_dulu"]
    whole = {"usulan_dulu": np.int64, "usulan_beda": np.int64}
    return table.astype(whole)
