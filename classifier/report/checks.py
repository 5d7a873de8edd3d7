"""The report's third part: what does not fit together, and what a human should look at."""

from __future__ import annotations

import pandas as pd

from classifier.report.charts import Panel, bars, stacked
from classifier.report.consistency import (
    Mismatches,
    find_mismatches,
    out_of_proportion,
    pairs,
)
from classifier.report.figures import label_names, per_label
from classifier.report.offices import Offices, Urusan
from classifier.report.proposals import Proposals
from classifier.report.story import AMOUNT, SHARE, Chart, Section, Table
from classifier.report.wording import FEW, count, listed, percent, share
from classifier.status import AUTOMATIC, REVIEW
from classifier.taxonomy import UNCLEAR, Facet

__all__ = ["consistency_section", "duplicates_section", "review_section"]

_SHOWN = {"baris": "Baris", "id": "ID", "kelurahan": "Kelurahan", "teks": "Usulan"}


def consistency_section(
    proposals: Proposals, facet: Facet, offices: Offices, urusan: Urusan
) -> Section:
    """OPD and bidang urusan against the tag, and budgets against the number of proposals."""
    messages, notes, tables = [], [], []
    for column, names, called in (
        ("opd", offices, "OPD tujuan"),
        ("bidang", urusan, "bidang urusan"),
    ):
        if not proposals.has(column):
            notes.append(f"Berkas tidak memuat kolom {called}; kecocokannya tidak diperiksa.")
            continue
        found = find_mismatches(proposals, facet, column, names)
        messages.append(
            f"pada {count(len(found.rows))} dari {count(found.judged)} usulan {called} tidak cocok"
        )
        notes.append(_judged(proposals, found, column, called))
        tables += _mismatch_tables(proposals, found, facet, column, called)
    if proposals.has("anggaran"):
        sentence, table = _proportion(proposals, facet)
        notes.append(sentence)
        tables.append(table)
    return Section(
        "konsistensi",
        "Konsistensi rencana, OPD, dan anggaran",
        _sentence(messages) if messages else "OPD dan bidang urusan tidak dapat diperiksa",
        tuple(notes),
        (),
        tuple(tables),
    )


def _sentence(parts: list[str]) -> str:
    joined = listed(parts)
    return f"{joined[0].upper()}{joined[1:]} dengan prioritasnya"


def _judged(proposals: Proposals, found: Mismatches, column: str, called: str) -> str:
    """What was compared, and what could not be."""
    blank = int((proposals.rows[column] == "").sum())
    unsure = int((found.rows["status_tag"] != AUTOMATIC).sum())
    sentence = (
        f"{called[0].upper()}{called[1:]}: tidak cocok berarti tidak termasuk yang disebut "
        f"taksonomi untuk prioritas usulan itu. Dari yang tidak cocok, {count(unsure)} bertanda "
        "tinjau, jadi bisa saja tandanya yang keliru."
    )
    if blank:
        sentence += f" {count(blank)} tidak diisi dan tidak dinilai."
    if column == "opd":
        sentence += " Kecamatan dan kelurahan (dana kelurahan) dianggap cocok untuk semua."
    if len(found.unknown):
        names = [f"“{name}” ({number})" for name, number in found.unknown.items()]
        sentence += f" Tidak dikenal dan tidak dinilai: {listed(names, 5)}."
    return sentence


def _mismatch_tables(
    proposals: Proposals, found: Mismatches, facet: Facet, column: str, called: str
) -> list[Table]:
    if not len(found.rows):
        return []
    title = called[0].upper() + called[1:]
    summary = pairs(found, facet).rename(
        columns={
            "prioritas": "Prioritas menurut tanda", "dikenal": f"{title} di berkas",
            "saran": "Saran", "usulan": "Usulan", "tinjau": "Di antaranya tinjau",
        }
    )  # fmt: skip
    rows = found.rows.assign(
        prioritas=found.rows[facet.name].replace(label_names(facet)),
        teks=proposals.texts()[found.rows.index],
    )
    names = {name: words for name, words in _SHOWN.items() if name in rows}
    names |= {"prioritas": "Prioritas menurut tanda", "tertulis": f"{title} di berkas",
              "saran": "Saran", "status_tag": "Status tanda"}  # fmt: skip
    listing = rows[list(names)].rename(columns=names)
    return [
        Table(f"cocok-{column}", f"{title} yang tidak cocok, diringkas", summary),
        Table(f"cocok-{column}-usulan", f"{title} yang tidak cocok, tiap usulan", listing),
    ]


def _proportion(proposals: Proposals, facet: Facet) -> tuple[str, Table]:
    """Priorities with many proposals and little budget, and the reverse."""
    table = per_label(proposals, facet)
    table = table[(table["usulan"] > 0) & (table["label"] != UNCLEAR)]
    little, much = out_of_proportion(table)
    parts = [
        f"{words}: {listed([_against(row) for _, row in rows.iterrows()], 3)}"
        for words, rows in (
            ("banyak usulan tetapi sedikit anggaran", little),
            ("sedikit usulan tetapi banyak anggaran", much),
        )
        if len(rows)
    ]
    sentence = "; ".join(parts) or "tidak ada prioritas yang bagian usulan dan anggarannya timpang"
    amounts = proposals.rows.dropna(subset="anggaran").groupby(facet.name)["anggaran"].median()
    frame = pd.DataFrame(
        {
            "Prioritas": table["nama"], "Usulan": table["usulan"], "Bagian usulan": table["bagian"],
            "Bagian anggaran": table["bagian_anggaran"],
            "Anggaran tengah per usulan (Rp)": table["label"].map(amounts),
        }
    )  # fmt: skip
    ratio = frame["Bagian anggaran"] / frame["Bagian usulan"]
    frame = frame.loc[ratio.sort_values(kind="stable").index]
    kinds = {"Bagian usulan": SHARE, "Bagian anggaran": SHARE,
             "Anggaran tengah per usulan (Rp)": AMOUNT}  # fmt: skip
    return (
        f"Usulan dan anggaran: {sentence}. Timpang berarti bagian yang satu dua kali bagian yang "
        f"lain atau lebih, pada prioritas dengan sekurangnya {FEW} usulan.",
        Table("timpang", "Bagian usulan dan bagian anggaran", frame, kinds),
    )


def _against(row: pd.Series) -> str:
    return (
        f"“{row['nama']}” ({percent(row['bagian'])} usulan, {percent(row['bagian_anggaran'])} "
        "anggaran)"
    )


def duplicates_section(proposals: Proposals) -> Section:
    """Groups of proposals that say the same; only if the file names them."""
    rows = proposals.rows
    if not proposals.has("duplikat"):
        message, tables = "Tidak diperiksa: berkas ini tidak memuat kolom tag_duplikat", ()
        return Section("kembar", "Usulan kembar", message, (), (), tables)
    marked = rows[rows["duplikat"] != ""]
    groups = marked.groupby("duplikat", sort=False)
    sizes = groups.size()
    if not len(sizes):
        return Section("kembar", "Usulan kembar", "Tidak ada usulan yang ditandai kembar")
    frame = pd.DataFrame({"Kelompok": sizes.index, "Usulan": sizes.to_numpy()})
    if proposals.has("usulan"):
        frame["Contoh"] = groups["usulan"].first().to_numpy()
    if proposals.has("kelurahan"):
        frame["Kelurahan"] = groups["kelurahan"].agg(_together).to_numpy()
    if proposals.has("anggaran"):
        frame["Anggaran (Rp)"] = groups["anggaran"].sum().to_numpy()
    frame = frame.sort_values(["Usulan", "Kelompok"], ascending=[False, True])
    return Section(
        "kembar",
        "Usulan kembar",
        f"{count(len(marked))} usulan sama atau mirip dengan usulan lain, dalam "
        f"{count(len(sizes))} kelompok",
        ("Usulan kembar tetap dihitung satu per satu di semua tabel laporan ini.",),
        (),
        (Table("kembar", "Kelompok usulan kembar", frame, {"Anggaran (Rp)": AMOUNT}),),
    )


def _together(names: pd.Series) -> str:
    return "; ".join(sorted({str(name) for name in names} - {""}))


def review_section(proposals: Proposals) -> Section:
    """How many proposals a human should read, and why."""
    rows = proposals.rows
    status = rows["status_tag"].value_counts()
    review = int(status.get(REVIEW, 0))
    parts = pd.DataFrame(
        {
            "otomatis (dapat dipakai langsung)": [int(status.get(AUTOMATIC, 0))],
            "tinjau (perlu dibaca)": [review],
        },
        ["Usulan"],
    )
    charts = [Chart(stacked(parts), "Batang bertumpuk: usulan otomatis dan tinjau.")]
    tables = []
    if proposals.has("alasan") and review:
        reasons = rows["alasan"][rows["status_tag"] == REVIEW].str.split("|").str[0]
        counts = reasons.str.split(":").str[0].str.strip().value_counts()
        panel = Panel("Usulan", [counts.tolist()], [[count(n) for n in counts]])
        names = [str(name) for name in counts.index]
        charts.append(Chart(bars(names, [panel]), "Batang mendatar: alasan peninjauan."))
        frame = pd.DataFrame({"Alasan": names, "Usulan": counts.to_numpy()})
        frame["Bagian"] = [share(n, review) for n in counts]
        tables.append(Table("tinjau", "Alasan peninjauan", frame, {"Bagian": SHARE}))
    known = share(review, len(rows))
    part = f" ({percent(known)})" if known is not None else ""
    return Section(
        "tinjau",
        "Beban peninjauan",
        f"{count(review)} dari {count(len(rows))} usulan{part} perlu dibaca manusia",
        (),
        tuple(charts),
        tuple(tables),
    )
