"""CSV files as they come, well and ill: built by name, each with what must happen to it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass

TAGS = "tags"
HEAD = ["No", "Usulan", "Masalah", "Anggaran"]
ROWS = [
    ["001", "Paving gang Mawar", "becek saat hujan", "1.000.000,00"],
    ["2", "Alat posyandu", "timbangan bayi rusak", "2.10"],
    ["3", "Sembako lansia", "", "123456789012345678"],
]


@dataclass(frozen=True)
class Animal:
    """A file, and what ``usulan tag`` must make of it.

    Attributes
    ----------
    name, content
        The file.
    must
        ``tags``, or a part of the message.
    options
        For the command line.
    """

    name: str
    content: bytes
    must: str = TAGS
    options: tuple[str, ...] = ()


def table(delimiter: str = ",", end: str = "\n", rows: list[list[str]] | None = None) -> str:
    """A table as text; cells with a delimiter in them are quoted."""
    quoted = [
        [f'"{cell}"' if delimiter in cell or "\n" in cell else cell for cell in row]
        for row in [HEAD, *(ROWS if rows is None else rows)]
    ]
    return "".join(delimiter.join(row) + end for row in quoted)


def fancy(delimiter: str = ";", end: str = "\r\n") -> str:
    """The same with characters beyond ASCII that old encodings have."""
    row = ["4", "Drainase “Melati” – 4 × 30 m", "luas 120 m² • warga’s", "½"]
    return table(delimiter, end, [*ROWS, row])


KEEP = ("--on-bad-row", "keep")
LONG = f"4,{'x' * 1_100_000},y,z\n"

ANIMALS = [
    Animal("biasa.csv", table().encode()),
    Animal("excel-indonesia.csv", table(";", "\r\n").encode("utf-8-sig")),
    Animal("tab.tsv", table("\t").encode()),
    Animal("pipa.txt", table("|").encode()),
    Animal("teks-unicode.txt", table("\t", "\r\n").encode("utf-16")),
    Animal("utf16-tanpa-bom.csv", table(";").encode("utf-16-le")),
    Animal("utf16-be-tanpa-bom.csv", table().encode("utf-16-be")),
    Animal("utf32.csv", table().encode("utf-32")),
    Animal("windows.csv", fancy().encode("cp1252")),
    Animal("mac.csv", fancy(";", "\r").translate({ord(c): "2" for c in "×²½"}).encode("mac_roman")),
    Animal("dos.csv",
           table(";", "\r\n", [*ROWS, ["4", "Jalan 120 m² ½", "±", "é"]]).encode("cp850")),
    Animal("utf8-lain.csv", fancy().encode()),
    Animal("dikemas.csv.gz", gzip.compress(fancy().encode())),
    Animal("dikemas-nama-salah.csv", gzip.compress(table().encode())),
    Animal("dikemas-dua-bagian.csv.gz",
           gzip.compress(table().encode()[:40]) + gzip.compress(table().encode()[40:])),
    Animal("csv-bernama.xlsx", table().encode()),
    Animal("csv-bernama.xls", table(";").encode()),
    Animal("judul.csv", ("Rekap Usulan 2026\n\nKecamatan Kasemen\n" + table()).encode()),
    Animal("judul-rata.csv", ("Rekap Usulan;;;\n;;;\n" + table(";")).encode()),
    Animal("baris-nomor.csv", table().replace("\n", "\n1,2,3,4\n", 1).encode()),
    Animal("kelompok.csv", (table() + "Kelurahan Lopang,,,\n5,Paving,,\nJUMLAH,,,9\n").encode()),
    Animal("baris-baru-di-sel.csv",
           table(rows=[["1", "Paving\r\ngang", 'a\n"b"'.replace('"', '""'), ""]]).encode()),
    Animal("kutip-liar.csv", (table() + '4,Pipa 5" rusak,ukuran 6" x 4,1\n').encode()),
    Animal("kutip-lalu-teks.csv", (table() + '4,"Pipa" besar,"a"b,1\n').encode()),
    Animal("ekor-kosong.csv", (table(";") + ";;;\n" * 5).encode()),
    Animal("tanpa-baris-baru-akhir.csv", table().rstrip().encode()),
    Animal("baris-kosong.csv", table().replace("\n", "\n\n").encode()),
    Animal("kepala-saja.csv", b"No,Usulan\n"),
    Animal("satu-kolom.csv", b"Usulan\nPaving, gang dan drainase\nAlat posyandu\n"),
    Animal("nama-kembar.csv", b"Usulan,Usulan,Usulan,\nPaving,x,y,z\n"),
    Animal("seratus-kolom.csv",
           (",".join(["Usulan", *map(str, range(99))]) + "\nPaving" + "," * 99 + "\n").encode()),
    Animal("rumus.csv", (table() + '4,=1+1,@x,"-2+3"\n5,- rusak,+62 812,-\n').encode()),
    Animal("sel-300-kb.csv", (table() + f"4,{'paving ' * 40_000},,\n").encode()),
    Animal("campur-akhir-baris.csv", table().replace("\n", "\r\n", 2).encode()),
    Animal("kosong.csv", b"", "is empty"),
    Animal("baris-kosong-saja.csv", b"\r\n\r\n  \n", "is empty"),
    Animal("laporan.pdf", b"%PDF-1.7\n\0\1\2\3\4\xff\xfe stream", "is a PDF"),
    Animal("foto.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0\0\0\1\0", "is no table"),
    Animal("nul.csv", (table() + "4,Pav\0ing,,\n").encode(), "line 5: a NUL byte"),
    Animal("timpang.csv", (table() + "4,Paving\n").encode(), "line 5: 2 cells where the header"),
    Animal("timpang-panjang.csv", (table() + "4,a,b,c,d\n").encode(), "line 5: 5 cells"),
    Animal("timpang-cp1252.csv", (fancy() + "4;m²\r\n").encode("cp1252"), "line 6: 2 cells"),
    Animal("bita-rusak.csv", fancy().encode() + b"5;m\xc2\xb2 \xc3;;\r\n",
           "line 6: a byte that is no text in utf-8"),
    Animal("sel-1-mb.csv", (table() + LONG).encode(), "line 5: a row of more than 1 MB"),
    Animal("kutip-terbuka.csv", (table() + '4,"Paving,,\n5,x,,\n').encode(),
           "line 5: a quote is opened and never closed"),
    Animal("gz-terpotong.csv.gz", gzip.compress(table().encode() * 99)[:-60], "cut off"),
    Animal("gz-isi-xlsx.gz", gzip.compress(b"PK\3\4 buku kerja"), "a workbook packed by gzip"),
    Animal("utf16-terpotong.csv", table().encode("utf-16")[:-1], "middle of a character"),
    Animal("tanpa-usulan.csv", b"a,b\n1,2\n", "--text COLUMN"),
    Animal("simpan-timpang.csv", (table() + "4,Paving\n5,a,b,c,d\n").encode(), options=KEEP),
    Animal("simpan-nul.csv", (table() + "4,Pav\0ing,,\n6,Jalan,,\n").encode(), options=KEEP),
    Animal("simpan-bita.csv", fancy().encode() + b"5;m\xc2\xb2 \xc3;;\r\n", options=KEEP),
    Animal("simpan-utf16.csv", table().encode("utf-16") + b"\0\xd8,\0x\0,\0,\0\n\0", options=KEEP),
    Animal("simpan-1-mb.csv", (table() + LONG).encode(), options=KEEP),
    Animal("simpan-kutip-terbuka.csv", (table() + '4,"Paving,,\n').encode(), "line 5", KEEP),
]  # fmt: skip
