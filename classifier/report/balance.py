"""The report's second part: what is asked for too much, and what nobody asks for."""

from __future__ import annotations

import pandas as pd

from classifier.report.charts import Panel, bars, heat_map, stacked
from classifier.report.figures import (
    asked,
    kinds_of_work,
    label_names,
    per_label,
    short_names,
    unasked,
)
from classifier.report.overview import COLUMNS, KINDS
from classifier.report.proposals import Proposals
from classifier.report.story import SHARE, Chart, Section, Table
from classifier.report.wording import FEW, count, listed, percent, quoted, share
from classifier.taxonomy import UNCLEAR, Facet

__all__ = ["PHYSICAL", "kinds_section", "label_section", "unasked_section"]

PHYSICAL = "fisik"
_NAMED = 3
"""Priorities that a message names at most."""

_PLACES = ("kecamatan", "kelurahan")
_FEW_NOTE = (
    f"Persentase tidak ditampilkan di bawah {FEW} usulan: satu usulan lebih sudah mengubahnya."
)


def _levels(proposals: Proposals) -> list[list[str]]:
    """Groups of places that the file can be counted by."""
    levels = []
    if (proposals.rows["kecamatan"] != "").any():
        levels.append(["kecamatan"])
    if proposals.has("kelurahan") and (proposals.rows["kelurahan"] != "").any():
        levels.append(list(_PLACES))
    return levels


def kinds_section(proposals: Proposals, facet: Facet) -> Section:
    """Works, goods and services, overall and per place."""
    names = label_names(facet)
    whole = proposals.rows[facet.name].value_counts()
    kinds = [slug for slug in names if slug != UNCLEAR or whole.get(slug, 0)]
    overall = pd.DataFrame([[int(whole.get(slug, 0)) for slug in kinds]], ["Semua usulan"], kinds)
    tables, pictures = [], [overall]
    for by in _levels(proposals):
        table = kinds_of_work(proposals, facet, by)
        if by == ["kecamatan"]:
            pictures.append(table.set_index("kecamatan")[kinds])
        headings = {name: name.capitalize() for name in by} | names
        headings |= {"usulan": "Usulan", "bagian": "Bagian fisik"}
        shown = table[[*by, "usulan", *kinds, "bagian"]].rename(columns=headings)
        title = f"Jenis usulan per {by[-1]}, dari yang paling berat ke fisik"
        tables.append(Table(f"jenis-{by[-1]}", title, shown, {"Bagian fisik": SHARE}))
    chart = stacked(pd.concat(pictures).rename(columns=names))
    return Section(
        "jenis",
        "Fisik, barang, dan kegiatan",
        _kinds_message(overall, names),
        (
            "Urutan: bagian fisik tertinggi di atas. Tempat dengan sedikit usulan menyusul, "
            f"diurutkan menurut selisih jumlahnya. {_FEW_NOTE}",
        ),
        (Chart(chart, "Batang bertumpuk: jenis usulan, semua dan tiap kecamatan."),),
        (_overall(overall, names), *tables),
    )


def _overall(overall: pd.DataFrame, names: dict[str, str]) -> Table:
    numbers = overall.iloc[0]
    total = int(numbers.sum())
    frame = pd.DataFrame(
        {
            "Jenis": [names[slug] for slug in overall.columns],
            "Usulan": numbers.to_list(),
            "Bagian": [share(number, total) for number in numbers],
        }
    )
    return Table("jenis", "Jenis usulan, semua", frame, {"Bagian": SHARE})


def _kinds_message(overall: pd.DataFrame, names: dict[str, str]) -> str:
    numbers = overall.iloc[0]
    total = int(numbers.sum())
    parts = [
        f"{percent(known) if (known := share(number, total)) is not None else count(number)} "
        f"{names[str(slug)].lower()}"
        for slug, number in numbers.items()
        if slug != UNCLEAR
    ]
    return f"Dari {count(total)} usulan: {listed(parts)}"


def unasked_section(proposals: Proposals, facet: Facet) -> Section:
    """Priorities that nobody asked for, overall and per place."""
    levels = _levels(proposals)
    overall = asked(proposals, facet, [])
    tables, charts = [_per_priority(proposals, facet, overall, levels)], []
    for by in levels:
        matrix = asked(proposals, facet, by)
        sizes = proposals.rows.groupby(by if len(by) > 1 else by[0]).size()
        missing = unasked(matrix, facet, sizes).rename(
            columns={
                "kecamatan": "Kecamatan", "kelurahan": "Kelurahan", "usulan": "Usulan",
                "tidak_diminta": "Prioritas tidak diminta", "nama": "Yang tidak diminta",
            }
        )  # fmt: skip
        title = f"Prioritas yang tidak diminta, per {by[-1]}"
        tables.append(Table(f"tidak-diminta-{by[-1]}", title, missing, screen=len(by) > 1))
        if by == levels[-1]:
            charts.append(_map(matrix, facet))
            tables.append(_matrix(matrix, facet))
    return Section(
        "tidak-diminta",
        "Prioritas yang tidak diminta siapa pun",
        _unasked_message(proposals, facet, overall.iloc[0], levels),
        (
            *_silent(proposals),
            "Di sini usulan dihitung pada prioritas utama dan pada prioritas tambahannya. Kotak "
            "kosong berarti tidak ada usulan yang diberi tanda prioritas itu; usulan yang masih "
            "perlu ditinjau dapat mengubahnya.",
        ),
        tuple(charts),
        tuple(tables),
    )


def _silent(proposals: Proposals) -> list[str]:
    """The kelurahan of the official list without any proposal."""
    if not proposals.official or not proposals.has("kelurahan"):
        return []
    rows = proposals.rows
    heard = set(zip(rows["kecamatan"], rows["kelurahan"], strict=True))
    names = [name for kecamatan, name in proposals.wilayah.rows if (kecamatan, name) not in heard]
    return [f"Kelurahan tanpa usulan: {listed(names, 10)}."] if names else []


def _per_priority(
    proposals: Proposals, facet: Facet, overall: pd.DataFrame, levels: list[list[str]]
) -> Table:
    names = label_names(facet)
    frame = pd.DataFrame({"Prioritas": [names[slug] for slug in overall.columns]})
    frame["Usulan"] = overall.iloc[0].to_numpy()
    for by in levels:
        matrix = asked(proposals, facet, by)
        place = by[-1].capitalize()
        frame[f"{place} yang meminta"] = (matrix > 0).sum().to_numpy()
        frame[f"{place} yang tidak meminta"] = (matrix == 0).sum().to_numpy()
    frame = frame.sort_values(["Usulan", "Prioritas"])
    return Table("tidak-diminta", "Seberapa merata tiap prioritas diminta", frame)


def _map(matrix: pd.DataFrame, facet: Facet) -> Chart:
    """The heat map; with names of kelurahan in groups of kecamatan, if there are any."""
    index = matrix.index.to_frame(index=False)
    groups = list(index["kecamatan"]) if len(index.columns) > 1 else [""] * len(index)
    picture = matrix.set_axis(list(index.iloc[:, -1]), axis=0)
    picture = picture.set_axis([short_names(facet)[str(slug)] for slug in matrix.columns], axis=1)
    place = str(index.columns[-1])
    return Chart(
        heat_map(picture, groups),
        f"Peta warna: baris {place}, kolom prioritas; makin gelap makin banyak usulan, kotak "
        "kosong berarti tidak ada. Angka yang sama ada di tabel.",
    )


def _matrix(matrix: pd.DataFrame, facet: Facet) -> Table:
    names = [short_names(facet)[str(slug)] for slug in matrix.columns]
    frame = matrix.set_axis(names, axis=1).reset_index().rename(columns=str.capitalize)
    return Table("peta", "Angka peta warna", frame, screen=True)


def _unasked_message(
    proposals: Proposals, facet: Facet, overall: pd.Series, levels: list[list[str]]
) -> str:
    names = label_names(facet)
    nobody = [names[str(slug)] for slug, number in overall.items() if not number]
    if len(nobody) > _NAMED:
        return f"{len(nobody)} dari {len(overall)} prioritas tidak diminta siapa pun"
    if nobody:
        return f"Tidak ada yang mengusulkan {quoted(nobody)}"
    sentence = f"Setiap dari {len(overall)} prioritas diminta setidaknya sekali"
    if not levels or not len(proposals.wilayah.rows):
        return sentence
    matrix = asked(proposals, facet, levels[-1])
    reach = (matrix > 0).sum().sort_values(kind="stable")
    rarest = names[str(reach.index[0])]
    return (
        f"{sentence}; paling jarang “{rarest}”, di {reach.iloc[0]} dari {len(matrix)} "
        f"{levels[-1][-1]}"
    )


def label_section(
    proposals: Proposals, facet: Facet, topic: str, message: str, besides: str = ""
) -> Section:
    """Proposals and budget of each label of a further facet.

    Parameters
    ----------
    topic, message
        Heading, and a sentence in which ``{n}`` is the number of proposals with such a label
        and ``{bagian}`` their share.
    besides
        The label that says that none applies.
    """
    table = per_label(proposals, facet)
    table = table[table["label"] != besides]
    cells = proposals.rows[facet.name]
    part = int(((cells != "") & (cells != besides)).sum())
    table = table.sort_values("usulan", ascending=False, kind="stable")
    words = {"nama": "Nama"}
    shown = table.drop(columns="label").rename(columns=COLUMNS | words)
    panel = Panel("Usulan", [table["usulan"].tolist()], [[count(n) for n in table["usulan"]]])
    absent = list(table["nama"][table["usulan"] == 0])
    notes = [f"Tidak ada usulan untuk {quoted(absent)}."] if part and absent else []
    if facet.banyak:
        notes.append("Satu usulan dapat menyangkut beberapa tema.")
    known = share(part, len(proposals))
    share_words = f" ({percent(known)})" if known is not None else ""
    return Section(
        facet.name,
        topic,
        message.format(n=count(part), semua=count(len(proposals)), bagian=share_words),
        tuple(notes),
        (Chart(bars(list(table["nama"]), [panel]), f"Batang mendatar: {topic}, jumlah usulan."),),
        (Table(facet.name, topic, shown, KINDS),),
    )
