"""The guide to the labels and the instructions of a review sheet, in Bahasa Indonesia."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from classifier.loop.form import KOREKSI, NONE, Form, sheet_text
from classifier.loop.styles import (
    BORDER,
    HEAD,
    INPUT,
    PLAIN,
    STRONG,
    TITLE,
    lines_of,
    print_on_a4,
    put,
    row_height,
)

__all__ = ["GUIDE", "MANUAL", "REVIEWER", "write_guide", "write_manual"]

GUIDE, MANUAL = "Panduan", "Petunjuk"
"""Names of the two sheets."""

REVIEWER = "Pemeriksa"
"""The words beside the cell in which a person may put a name."""

_HEADER = {
    "bagian": 16, "label": 20, "nama": 30, "definisi": 44, "termasuk": 50, "bukan di sini": 44
}  # fmt: skip
_WIDE = 100


def write_guide(sheet: Worksheet, form: Form) -> dict[str, str]:
    """All labels with what they mean; returns facet -> range of its labels, for drop-downs."""
    for number, (name, width) in enumerate(_HEADER.items(), 1):
        cell = put(sheet, 1, number, name, HEAD)
        sheet.column_dimensions[cell.column_letter].width = width
    row, ranges = 2, {}
    for facet, labels in _guide(form).items():
        ranges[facet] = f"{sheet.title}!$B${row}:$B${row + len(labels) - 1}"
        for line in labels:
            cells = [sheet_text(text) for text in (facet, *line)]
            for number, text in enumerate(cells, 1):
                put(sheet, row, number, text, STRONG if number == 2 else PLAIN).border = BORDER
            sheet.row_dimensions[row].height = row_height(
                max(map(lines_of, cells, _HEADER.values()))
            )
            row += 1
    sheet.freeze_panes = "C2"
    sheet.print_title_rows = "1:1"
    print_on_a4(sheet)
    return ranges


def _guide(form: Form) -> dict[str, list[tuple[str, ...]]]:
    """Facet -> label, name, definition, what belongs to it and what does not, of each label."""
    lines: dict[str, list[tuple[str, ...]]] = {}
    for name, facet in form.facets.items():
        lines[name] = [
            (
                label.slug,
                label.nama,
                label.definisi,
                "; ".join(label.termasuk),
                "; ".join(label.tidak_termasuk),
            )
            for label in facet.labels.values()
        ]
        if facet.banyak:
            lines[name].append((NONE, "Tidak ada", "Teks tidak menyebut satu pun di atas.", "", ""))
    return lines


def write_manual(sheet: Worksheet, form: Form, origin: Mapping[str, str]) -> None:
    """What to do with the sheet, who did it, and where its rows come from."""
    sheet.column_dimensions["A"].width = 22
    sheet.column_dimensions["B"].width = _WIDE
    put(sheet, 1, 1, "Petunjuk lembar tinjauan", TITLE).alignment = Alignment()
    put(sheet, 3, 1, REVIEWER, STRONG)
    put(sheet, 3, 2, "", INPUT).border = BORDER
    put(
        sheet,
        4,
        2,
        "Nama atau inisial, bila mau; ditulis di kolom sumber.",
        PLAIN,
    )
    row = 6
    for lines, step in ((_steps(form), 2), (origin.items(), 1)):
        for head, text in lines:
            put(sheet, row, 1, sheet_text(head), STRONG)
            put(sheet, row, 2, sheet_text(text), PLAIN)
            sheet.row_dimensions[row].height = row_height(lines_of(text, _WIDE))
            row += step
    print_on_a4(sheet)
    sheet.page_setup.fitToHeight = 1


def _steps(form: Form) -> Iterator[tuple[str, str]]:
    others = [name for name in form.facets if name != form.main]
    yield (
        "Yang dikerjakan",
        "Tiap baris lembar pertama adalah satu usulan yang patut dilihat manusia, yang paling "
        "berguna di atas. Isilah sebanyak yang sempat; baris yang dibiarkan kosong diabaikan. "
        "Yang diisi hanya kolom kuning.",
    )
    yield (
        "Bila alat benar",
        "Pilih ya di kolom setuju. Artinya semua yang tertulis di label_alat pada baris itu benar.",
    )
    yield (
        "Bila alat keliru",
        f"Pilih {form.main} yang benar di kolom {KOREKSI[0]}. Bila usulan meminta pekerjaan kedua "
        f"atau ketiga, pilih juga {KOREKSI[1]} dan {KOREKSI[2]}; yang utama tetap di {KOREKSI[0]}.",
    )
    if others:
        yield (
            "Bagian lain",
            f"{_listed(others)} dibetulkan di kolomnya sendiri (koreksi_{others[0]}, …). Bila "
            "hanya itu yang keliru, pilih ya di setuju lalu betulkan bagian itu. Bila Anda mengisi "
            f"{KOREKSI[0]} tanpa setuju, bagian lain yang tidak diisi dianggap belum diketahui; "
            "dengan ya di setuju, selebihnya diambil dari label_alat.",
        )
    yield (
        "Memilih label",
        "Ketik atau pilih dari daftar. Arti tiap label, apa yang termasuk dan apa yang bukan, ada "
        "di lembar Panduan. Nilai apa yang diminta untuk dikerjakan, bukan kata apa yang disebut.",
    )
    yield (
        "Bila ragu",
        "Biarkan kosong, atau tulis di catatan. Catatan saja tidak mengubah apa pun.",
    )
    yield (
        "Kolom lain",
        "pilihan: tiga label paling mungkin menurut alat. alasan: mengapa baris ini patut dilihat. "
        "serupa: berapa usulan di berkas asal yang meminta hal yang sama.",
    )
    yield (
        "Boleh dan jangan",
        "Baris boleh diurutkan, disaring, dihapus; kolom boleh disembunyikan atau dipindah. Jangan "
        "mengubah teks usulan, masalah, label_alat atau kunci: baris yang berubah tidak dipakai.",
    )
    yield (
        "Setelah selesai",
        "Simpan, tutup, lalu jalankan: usulan merge lembar.xlsx --into labelled.csv "
        "(dengan nama berkas Anda). Lembar yang disimpan sebagai CSV atau .ods juga terbaca.",
    )


def _listed(names: list[str]) -> str:
    return " dan ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
