"""The report's first part: what was asked for, and what it costs."""

from __future__ import annotations

import pandas as pd

from classifier.report.charts import Panel, bars
from classifier.report.figures import compared, per_label, priorities
from classifier.report.proposals import Proposals
from classifier.report.story import AMOUNT, CHANGE, SHARE, Chart, Section, Table
from classifier.report.wording import FEW, count, percent, quoted, rupiah, share
from classifier.status import REVIEW
from classifier.taxonomy import Facet

__all__ = ["comparison", "headline", "priority_section", "rejected"]

COLUMNS = {
    "nama": "Prioritas", "usulan": "Usulan", "bagian": "Bagian", "anggaran": "Anggaran (Rp)",
    "bagian_anggaran": "Bagian anggaran", "tanpa_anggaran": "Tanpa angka anggaran",
}  # fmt: skip
KINDS = {"Bagian": SHARE, "Anggaran (Rp)": AMOUNT, "Bagian anggaran": SHARE}
_REJECTED = r"tolak|dibatalkan|tidak diakomod|tidak disetujui|tidak terkait"


def headline(proposals: Proposals) -> tuple[tuple[str, str], ...]:
    """The figures that stand first: a number, and what it counts."""
    rows = proposals.rows
    figures = [(count(len(rows)), "usulan")]
    if proposals.has("anggaran"):
        figures.append((rupiah(float(rows["anggaran"].sum())), "anggaran yang diminta"))
    if proposals.has("kelurahan") and proposals.official:
        places = len(rows[rows["kelurahan"] != ""].groupby(["kecamatan", "kelurahan"]))
        figures.append((f"{places} dari {len(proposals.wilayah.rows)}", "kelurahan mengusulkan"))
    if proposals.has("jenis"):
        physical = int((rows["jenis"] == "fisik").sum())
        figures.append(_part(physical, len(rows), "bersifat fisik"))
    review = int((rows["status_tag"] == REVIEW).sum())
    figures.append((count(review), "perlu ditinjau"))
    return tuple(figures)


def _part(part: int, whole: int, words: str) -> tuple[str, str]:
    known = share(part, whole)
    return (count(part) if known is None else percent(known), words)


def rejected(proposals: Proposals) -> int:
    """Proposals that their status says were turned down; they count everywhere."""
    if not proposals.has("status"):
        return 0
    return int(proposals.rows["status"].str.contains(_REJECTED, case=False, regex=True).sum())


def priority_section(proposals: Proposals, facet: Facet) -> Section:
    """Proposals and requested budget of each priority."""
    table = per_label(proposals, facet).sort_values("usulan", ascending=False, kind="stable")
    table = table[(table["usulan"] > 0) | table["label"].isin(priorities(facet))]
    panels = [Panel("Usulan", [table["usulan"].tolist()], [[count(n) for n in table["usulan"]]])]
    notes = ["Tiap usulan dihitung sekali, pada prioritas utamanya."]
    alt = "Batang mendatar: jumlah usulan"
    if "anggaran" in table:
        words = [rupiah(n) for n in table["anggaran"]]
        panels.append(Panel("Anggaran yang diminta", [table["anggaran"].tolist()], [words]))
        alt += " dan anggaran yang diminta"
        notes.append(_about_budgets(proposals))
    shown = table.rename(columns=COLUMNS).drop(columns="label")
    return Section(
        "prioritas",
        "Prioritas dan anggaran",
        _most(proposals, table),
        tuple(notes),
        (Chart(bars(list(table["nama"]), panels), f"{alt} tiap prioritas; angkanya di tabel."),),
        (Table("prioritas", "Usulan dan anggaran tiap prioritas", shown, KINDS),),
    )


def _most(proposals: Proposals, table: pd.DataFrame) -> str:
    """The two priorities with most proposals, in a sentence."""
    top = table[table["usulan"] > 0].head(2)
    part = int(top["usulan"].sum())
    known = share(part, len(proposals))
    whole = f"{percent(known)} dari semua usulan" if known else f"{count(part)} usulan"
    sentence = f"{quoted(list(top['nama']))}: {whole}"
    if "anggaran" in table and pd.notna(top["bagian_anggaran"]).all() and len(table):
        sentence += f", {percent(top['bagian_anggaran'].sum())} dari anggaran yang diminta"
    return sentence


def _about_budgets(proposals: Proposals) -> str:
    money = proposals.rows["anggaran"]
    blank = int(proposals.rows["anggaran_kosong"].sum())
    unread, zero = int(money.isna().sum()) - blank, int((money == 0).sum())
    return (
        f"Anggaran dijumlahkan dari {count(money.notna().sum())} usulan yang angkanya terbaca; "
        f"{count(blank)} tidak diisi, {count(zero)} diisi nol, {count(unread)} tidak terbaca "
        "dengan pasti dan tidak ikut dijumlahkan."
    )


def comparison(before: Proposals, after: Proposals, facet: Facet) -> Section:
    """Two years, or two stages, side by side."""
    table = compared(per_label(before, facet), per_label(after, facet))
    table = table[(table["usulan_dulu"] + table["usulan_kini"]) > 0]
    order = table["usulan_beda"].abs().sort_values(ascending=False, kind="stable").index
    table = table.loc[order]
    one, other = before.name, after.name
    if one == other:
        one, other = f"{one} (1)", f"{other} (2)"
    names = {"nama": "Prioritas"}
    for key, word in {"usulan": "Usulan", "bagian": "Bagian", "anggaran": "Anggaran"}.items():
        names |= {f"{key}_dulu": f"{word} {one}", f"{key}_kini": f"{word} {other}",
                  f"{key}_beda": f"{word}: beda"}  # fmt: skip
    shown = table.drop(columns="label").rename(columns=names)
    kinds = {names[column]: _kind(column) for column in table.columns if "_" in column}
    lengths = [table["usulan_dulu"].tolist(), table["usulan_kini"].tolist()]
    panel = Panel("Usulan", lengths, [[count(n) for n in part] for part in lengths])
    notes = [
        f"Bandingan berkas {one} ({count(len(before))} usulan) dengan {other} "
        f"({count(len(after))} usulan). Bagian lain laporan ini tentang {other}."
    ]
    if min(len(before), len(after)) < FEW:
        notes.append(f"Persentase tidak ditampilkan di bawah {FEW} usulan.")
    return Section(
        "banding",
        "Perbandingan dua berkas",
        _change(table, len(after) - len(before)),
        tuple(notes),
        (
            Chart(
                bars(list(table["nama"]), [panel], [one, other]),
                "Batang mendatar: jumlah usulan tiap prioritas di kedua berkas.",
            ),
        ),
        (Table("banding", "Perubahan tiap prioritas", shown, kinds),),
    )


def _kind(column: str) -> str:
    """Kind of a column of the comparison: ``usulan_dulu``, ``bagian_beda`` and so on."""
    key, which = column.rsplit("_", 1)
    kind = {"bagian": SHARE, "anggaran": AMOUNT}.get(key, "jumlah")
    return f"{CHANGE} {kind}" if which == "beda" else kind


def _change(table: pd.DataFrame, total: int) -> str:
    more = table[table["usulan_beda"] > 0].sort_values("usulan_beda", ascending=False)
    less = table[table["usulan_beda"] < 0].sort_values("usulan_beda")
    word = "banyak" if total > 0 else "sedikit"
    parts = [f"{count(abs(total))} usulan lebih {word}"] if total else []
    if len(more):
        parts.append(
            f"paling bertambah “{more['nama'].iloc[0]}” (+{count(more['usulan_beda'].iloc[0])})"
        )
    if len(less):
        parts.append(
            f"paling berkurang “{less['nama'].iloc[0]}” (−{count(-less['usulan_beda'].iloc[0])})"
        )
    sentence = "; ".join(parts) or "Jumlah usulan tiap prioritas tidak berubah"
    return sentence[0].upper() + sentence[1:]
