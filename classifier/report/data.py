"""The report's last part: what could not be read, what is missing, and all proposals."""

from __future__ import annotations

import pandas as pd

from classifier.report.figures import label_names
from classifier.report.proposals import Proposals
from classifier.report.story import AMOUNT, Section, Table
from classifier.report.wording import count, listed
from classifier.taxonomy import Facet

__all__ = ["data_section", "listing_section"]

_WANTED = {
    "kelurahan": "rincian per kelurahan", "kecamatan": "pembagian menurut kolom kecamatan",
    "anggaran": "jumlah anggaran", "opd": "kecocokan OPD", "bidang": "kecocokan bidang urusan",
}  # fmt: skip


def data_section(proposals: Proposals) -> Section:
    """Cells that could not be read, names that are not in the list, columns that are missing."""
    notes = [_columns(proposals)]
    absent = [what for role, what in _WANTED.items() if not proposals.has(role)]
    if absent:
        notes.append(f"Kolomnya tidak ada di berkas, jadi tidak dibuat: {listed(absent)}.")
    if proposals.blank:
        notes.append(f"{count(proposals.blank)} baris tanpa teks (kosong) tidak ikut dihitung.")
    tables = []
    problems = 0
    for table, sentence in (_unread(proposals), *_places(proposals)):
        notes += [sentence] if sentence else []
        if table is not None:
            tables.append(table)
            problems += len(table.frame)
    message = _message(proposals, problems)
    return Section("data", "Catatan tentang data", message, tuple(notes), (), tuple(tables))


def _message(proposals: Proposals, problems: int) -> str:
    if not len(proposals):
        return "Tidak ada usulan berteks dalam berkas ini"
    if problems:
        return f"{count(problems)} hal perlu dilihat dalam berkas ini"
    if absent := [role for role in ("kelurahan", "anggaran") if not proposals.has(role)]:
        return f"Berkas ini tidak memuat {listed(absent)}"
    if not proposals.official:
        return "Nama kelurahan tidak diperiksa dengan daftar resmi"
    return "Semua nama kelurahan dan angka anggaran terbaca"


def _columns(proposals: Proposals) -> str:
    used = [
        f"{role} ← {name}"
        for role, name in proposals.columns.items()
        if not name.casefold().startswith("tag_")
    ]
    return f"Kolom yang dipakai: {'; '.join(used)}." if used else "Hanya kolom tanda yang dipakai."


def _unread(proposals: Proposals) -> tuple[Table | None, str]:
    """Budget cells that are not blank and cannot be read."""
    if not proposals.has("anggaran"):
        return None, ""
    rows = proposals.rows
    wrong = rows["anggaran"].isna() & ~rows["anggaran_kosong"]
    if not wrong.any():
        return None, ""
    frame = pd.DataFrame(
        {"Baris": rows["baris"][wrong], "Tertulis": proposals.cells["anggaran"][wrong]}
    )
    sentence = (
        f"{count(wrong.sum())} angka anggaran tidak terbaca dengan pasti, misalnya karena 1,500 "
        "dapat berarti 1,5 atau 1.500; tidak ada yang ditebak."
    )
    return Table("anggaran", "Anggaran yang tidak terbaca", frame), sentence


def _places(proposals: Proposals) -> list[tuple[Table | None, str]]:
    """Names of kelurahan that are not in the list, and those that were brought to it."""
    if not proposals.has("kelurahan"):
        return []
    if not proposals.official:
        sentence = (
            "Nama kelurahan tidak ada dalam daftar resmi, jadi ejaan berkas yang dipakai; "
            "kelurahan yang tidak mengusulkan tidak dapat ditampilkan. Beri --kelurahan "
            "DAFTAR.csv."
        )
        return [(None, sentence)]
    written, rows = proposals.cells["kelurahan"], proposals.rows
    lost = rows["sebab"] != ""
    found = pd.DataFrame(
        {"Tertulis": written, "Menurut daftar": rows["kelurahan"], "Kecamatan": rows["kecamatan"]}
    )
    changed = found[~lost & (written.str.strip() != rows["kelurahan"])]
    unknown = pd.DataFrame(
        {
            "Tertulis": written[lost], "Kecamatan": _raw(proposals, "kecamatan")[lost],
            "Sebab": rows["sebab"][lost],
        }
    )  # fmt: skip
    n_lost = int(lost.sum())
    sentence = (
        f"{count(n_lost)} usulan tidak dapat ditempatkan di sebuah kelurahan; dihitung di semua "
        "tabel kecuali yang per kelurahan." if n_lost else ""
    )  # fmt: skip
    return [
        (_counted("tempat", "Kelurahan yang tidak dikenali", unknown), sentence),
        (_counted("ejaan", "Ejaan kelurahan yang disamakan dengan daftar", changed), ""),
    ]


def _raw(proposals: Proposals, name: str) -> pd.Series:
    cells = proposals.cells
    return cells[name] if name in cells else pd.Series("", index=cells.index)


def _counted(key: str, title: str, frame: pd.DataFrame) -> Table | None:
    """Equal rows once, with how many there are."""
    if not len(frame):
        return None
    return Table(key, title, frame.value_counts(sort=True).rename("Usulan").reset_index())


def listing_section(proposals: Proposals, facet: Facet) -> Section:
    """All proposals, to search in."""
    rows = proposals.rows.assign(teks=proposals.texts())
    names = {
        "baris": "Baris", "teks": "Usulan", "kelurahan": "Kelurahan", facet.name: "Prioritas",
        "jenis": "Jenis", "anggaran": "Anggaran (Rp)", "status_tag": "Status",
    }  # fmt: skip
    if not proposals.has("kelurahan"):
        del names["kelurahan"]
    kept = [name for name in names if name in rows]
    frame = rows[kept].assign(**{facet.name: rows[facet.name].replace(label_names(facet))})
    table = Table(
        "usulan",
        "Semua usulan",
        frame.rename(columns=names),
        {"Anggaran (Rp)": AMOUNT},
        screen=True,
    )
    return Section(
        "daftar", "Daftar usulan", f"{count(len(rows))} usulan untuk dicari", (), (), (table,)
    )
