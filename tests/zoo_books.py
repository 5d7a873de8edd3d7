"""Workbooks, HTML and Parquet files as offices have them, and what must become of each.

Made by script, apart from those that LibreOffice made (tests/files/buat.py).
"""

from __future__ import annotations

import datetime as dt
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter
from openpyxl.styles import Font, PatternFill

FILES = Path(__file__).parent / "files"
SIPD = [
    "No", "ID Usulan", "Tanggal Usul", "Pengusul", "Profil", "Usulan", "Masalah",
    "Alamat (Lokasi)", "Kabupaten/Kota", "Kecamatan", "Kelurahan/Desa", "Usulan Ke",
    "OPD Tujuan Awal", "OPD Tujuan Akhir", "Status", "Catatan", "Rekomendasi Mitra",
    "Rekomendasi Kelurahan", "Rekomendasi Kecamatan", "Rekomendasi SKPD", "Rekomendasi TAPD",
    "Volume", "Satuan", "Anggaran", "Jenis Belanja", "Sub Kegiatan",
]  # fmt: skip
WORKS = ("Paving gang", "Drainase mampet", "Alat posyandu")
HEADER = ["NO", "USULAN", "MASALAH", "KELURAHAN", "PAGU"]
ROWS: list[list[Any]] = [
    [1, "Paving gang", "jalan becek\nparah", "Lopang", 45_000_000],
    [2, "Drainase mampet", "air <meluap> & bau", "Cipare", 2.5],
    [3, "Alat posyandu", "", "Lopang", ""],
]
GROUP, SUM, BLANK = "baris kelompok", "baris jumlah", "baris kosong"


@dataclass(frozen=True)
class Book:
    """A file and what must become of it.

    Attributes
    ----------
    name, make
        Its name, and what writes it there.
    error
        What the sentence says that refuses it; empty where it is read.
    usulan, notes
        Cells of the column of proposals, and the notes of all rows if there are any.
    column
        Name of that column.
    sheet
        The option --sheet.
    ending
        Of the file it becomes.
    """

    name: str
    make: Callable[[Path], object]
    error: str = ""
    usulan: tuple[str, ...] = WORKS
    notes: tuple[str | None, ...] = ()
    column: str = "USULAN"
    sheet: str | None = None
    ending: str = ".xlsx"


def sheet_of(rows: Sequence[Sequence[Any]], title: str = "Usulan") -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    fill(book.active, rows, title)
    return book


def fill(sheet: Any, rows: Sequence[Sequence[Any]], title: str) -> Any:
    sheet.title = title
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value != "":
                cell = sheet.cell(number, column, value)
                if isinstance(value, str):
                    cell.data_type = "s"
    return sheet


def plain(*rows: Sequence[Any]) -> Callable[[Path], object]:
    return lambda path: sheet_of(rows or [HEADER, *ROWS]).save(path)


def several(*sheets: tuple[str, Sequence[Sequence[Any]], bool]) -> Callable[[Path], object]:
    """Sheets with their rows and whether they are visible."""

    def make(path: Path) -> None:
        book = openpyxl.Workbook()
        for title, rows, visible in sheets:
            sheet = fill(book.create_sheet(), rows, title)
            sheet.sheet_state = "visible" if visible else "hidden"
        book.remove(book.worksheets[0])
        book.save(path)

    return make


def edited(change: Callable[[str, bytes], bytes], *rows: Sequence[Any]) -> Callable[[Path], object]:
    """A workbook whose parts are changed afterwards."""

    def make(path: Path) -> None:
        sheet_of(rows or [HEADER, *ROWS]).save(path)
        with zipfile.ZipFile(path) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in parts.items():
                archive.writestr(name, change(name, content))

    return make


def in_sheet(*pairs: tuple[str, str]) -> Callable[[str, bytes], bytes]:
    def change(name: str, content: bytes) -> bytes:
        if "worksheets/sheet" in name:
            for old, new in pairs:
                assert old.encode() in content, old
                content = content.replace(old.encode(), new.encode())
        return content

    return change


def prefixed(name: str, content: bytes) -> bytes:
    """Every element of the sheet with a namespace prefix, as some .NET programs write it."""
    if "worksheets/sheet" not in name:
        return content
    text = content.decode().replace("</", "\1").replace("<", "<x:").replace("\1", "</x:")
    return text.replace("<x:?", "<?").replace("xmlns=", "xmlns:x=").encode()


def with_gaps(name: str, content: bytes) -> bytes:
    """Row 4 becomes row 10; above it a blank row is there, the others are not."""
    if "worksheets/sheet" not in name:
        return content
    content = re.sub(rb'r="([A-E])4"', rb'r="\g<1>10"', content)
    blank = b'<row r="6" ht="30" customHeight="1"/><row r="7" />\n<row r="10" hidden="1">'
    return content.replace(b'<row r="4">', blank).replace(b'r="2">', b'r="2" spans="1:5">', 1)


def without_places(name: str, content: bytes) -> bytes:
    """Rows and cells that do not say where they are."""
    if "worksheets/sheet" not in name:
        return content
    head, body = content.split(b"<sheetData>")
    return head + b"<sheetData>" + re.sub(rb'(<(?:row|c)) r="\w+"', rb"\1", body)


def with_macros(name: str, content: bytes) -> bytes:
    if name != "[Content_Types].xml":
        return content
    usual = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    return content.replace(usual, b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")


def styled(path: Path) -> None:
    """Freeze, filter, widths, fills, and formatted blank cells far to the right and below."""
    book = sheet_of([HEADER, *ROWS])
    sheet = book.active
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DDEBF7")
    sheet.freeze_panes, sheet.auto_filter.ref = "A2", "A1:E4"
    sheet.column_dimensions["B"].width = 44
    sheet["H3"].fill = sheet["G1"].fill = PatternFill("solid", fgColor="FF0000")
    sheet["A40"].font = Font(bold=True)
    book.create_sheet("Lain")["A1"] = "tetap"
    book.save(path)


def picture() -> bytes:
    """The smallest PNG."""

    def part(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(b"\0\0"))
        + part(b"IEND", b"")
    )


def rich(path: Path) -> None:
    """What openpyxl would lose: rich text, a chart, a picture, a validation, a comment."""
    book = xlsxwriter.Workbook(path, {"strings_to_numbers": False})
    sheet, bold = book.add_worksheet("Usulan"), book.add_format({"bold": True})
    sheet.write_row(0, 0, HEADER, bold)
    for number, row in enumerate(ROWS, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write_number(number, column, value)
    sheet.write_rich_string(1, 1, bold, "Paving", " gang")
    sheet.write_formula(4, 4, "=SUM(E2:E4)", None, 45_000_002.5)
    sheet.write(4, 0, "JUMLAH")
    sheet.write_comment(1, 1, "cek lapangan")
    sheet.data_validation(1, 3, 9, 3, {"validate": "list", "source": ["Lopang", "Cipare"]})
    sheet.conditional_format(1, 4, 9, 4, {"type": "data_bar", "data_bar_2010": True})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=Usulan!$E$2:$E$4"})
    sheet.insert_chart("G2", chart)
    (path.parent / "titik.png").write_bytes(picture())
    sheet.insert_image("G20", path.parent / "titik.png")
    sheet.autofilter(0, 0, 4, 4)
    book.close()
    (path.parent / "titik.png").unlink()


VALUES: list[Any] = [
    7, 8.0, 2.1, "2.10", "007", "367301202600000017", True, dt.date(2026, 1, 7),
    dt.datetime(2026, 1, 7, 8, 30), dt.time(3, 4), "  tepi  ", "=bukan rumus", "#N/A",
]  # fmt: skip
VALUES_AS_TEXT = (
    "7", "8", "2.1", "2.10", "007", "367301202600000017", "TRUE", "2026-01-07",
    "2026-01-07 08:30:00", "03:04:00", "  tepi  ", "=bukan rumus", "#N/A",
)  # fmt: skip


def xlsb(path: Path) -> None:
    """A binary workbook: LibreOffice cannot write these, so the records are put together here."""

    def record(kind: int, data: bytes = b"") -> bytes:
        head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        size, length = b"", len(data)
        while True:
            size += bytes([length & 127 | (128 if length > 127 else 0)])
            length >>= 7
            if not length:
                return head + size + data

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cell(column: int, value: Any) -> bytes:
        place = struct.pack("<II", column, 0)
        if isinstance(value, str):
            return record(6, place + wide(value))
        return record(5, place + struct.pack("<d", value))

    rows = [HEADER, *ROWS]
    body = b"".join(
        record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        + b"".join(cell(column, value) for column, value in enumerate(row) if value != "")
        for number, row in enumerate(rows)
    )
    extent = record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(HEADER) - 1))
    sheet = record(129) + extent + record(145) + body + record(146) + record(130)
    bundle = record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Usulan"))
    book = record(131) + record(143) + bundle + record(144) + record(132)
    spaces = "http://schemas.openxmlformats.org"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{spaces}/package/2006/content-types">'
            '<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.'
            'macroEnabled.main"/></Types>',
        )
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{spaces}/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{spaces}/officeDocument/2006/relationships/worksheet" '
            'Target="worksheets/sheet1.bin"/></Relationships>',
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)


REKAP_HTML = """<html><head><meta charset="utf-8"><style>td {mso-number-format:"\\@"}</style></head>
<body><table><tr><td colspan=9><h3>Rekapitulasi Usulan Kelurahan di Kecamatan Contoh</h3></td></tr>
<tr><td colspan="9">Per 01/02/2026</td></tr></table>
<table border="1"><thead>
<tr><th>NO</th><th>KAMUS USULAN</th><th>URAIAN PERMASALAHAN DAN USULAN</th><th>LOKASI / ALAMAT</th>
<th>TANGGAL USUL</th><th>REKOMENDASI VOLUME</th><th>SATUAN</th><th>PAGU</th><th>KETERANGAN</th></tr>
</thead><tbody>
<tr><td colspan="9"><b>Kelurahan&nbsp;Lopang</b></td></tr>
<tr><td>1</td><td>Paving gang</td><td>becek<br>parah &amp; licin &lt;2 m&sup2;&gt;</td>
<td rowspan=2>RW 01</td><td>2026-01-08</td><td>02.10</td><td>m</td><td>1.000.000,00</td>
<td>&nbsp;</td></tr>
<tr><td>2</td><td>Drainase
   mampet</td><td>meluap</td><td>2026-01-09</td><td>3</td><td>unit</td><td>2.000.000,00</td>
<td></td></tr>
<tr><td colspan="7">JUMLAH</td><td>3.000.000,00</td><td></td></tr>
</tbody></table></body></html>"""
LOOSE_HTML = """<TABLE><TR><TD>NO<TD>USULAN<TD>MASALAH
<TR><TD>1<TD>Paving gang<TD>becek “parah” – ½ m
<TR><TD>2<TD>Drainase mampet<TD>
<TR><TD>3<TD>Alat posyandu<TD>kurang</TABLE>"""
SUMMARY = [
    ["REKAPITULASI USULAN", "", "", "", "", "", ""],
    ["NO", "KECAMATAN", "USULAN KELURAHAN", "", "", "", "JUMLAH"],
    ["", "", "DITERIMA", "", "DITOLAK", "", ""],
    ["", "", "USULAN", "PAGU", "USULAN", "PAGU", ""],
    [1, 2, 3, 4, 5, 6, 7],
    [1, "Serang", 12, 1_000_000, 3, 500_000, 15],
    [2, "Cipocok Jaya", 10, 900_000, 1, 100_000, 11],
]
TWO_LEVELS = [
    ["NO", "USULAN", "LOKASI", "", "PAGU"],
    ["", "", "KELURAHAN", "RT/RW", ""],
    [1, "Paving gang", "Lopang", "01/02", 1],
    [2, "Drainase mampet", "Cipare", "03/04", 2],
    [3, "Alat posyandu", "Lopang", "05/06", 3],
]
PRINTED = [
    ["REKAPITULASI USULAN MUSRENBANG", "", "", "", ""],
    ["Kecamatan", ": Serang", "", "", ""],
    ["", "", "", "", ""],
    HEADER,
    ["(1)", "(2)", "(3)", "(4)", "(5) = 3 x 4"],
    ["I", "Kelurahan Lopang", "", "", ""],
    ROWS[0],
    ["SUB TOTAL", "", "", "", 45_000_000],
    ["Desa Suka Maju", "", "", "", ""],
    ROWS[1],
    ["", "", "", "", ""],
    HEADER,
    ROWS[2],
    ["", "JUMLAH TOTAL", "", "", "45.000.002,50"],
]
PRINTED_NOTES = (GROUP, None, SUM, GROUP, None, BLANK, "baris judul kolom", None, SUM)
PRINTED_WORKS = (
    "Kelurahan Lopang", "Paving gang", "", "", "Drainase mampet", "", "USULAN", "Alat posyandu",
    "JUMLAH TOTAL",
)  # fmt: skip
COVER = [["Petunjuk"], ["Isi lembar kedua"]]
REFERENCE = [["Kode", "Nama Kegiatan"], ["1.03", "Jalan"], ["1.04", "Rumah"]]


def written(content: bytes | str, encoding: str = "utf-8") -> Callable[[Path], object]:
    data = content if isinstance(content, bytes) else content.encode(encoding)
    return lambda path: path.write_bytes(data)


def zipped(**parts: str) -> Callable[[Path], object]:
    def make(path: Path) -> None:
        with zipfile.ZipFile(path, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name.replace("__", "/").replace("_", "."), content)

    return make


def copied(name: str) -> Callable[[Path], object]:
    return lambda path: shutil.copy(FILES / name, path)


def cut(name: str, share: float) -> Callable[[Path], object]:
    content = (FILES / name).read_bytes()
    return written(content[: int(share * len(content))])


def parquet(**columns: Any) -> Callable[[Path], object]:
    return lambda path: pq.write_table(pa.table(columns), path, row_group_size=2)


LIBREOFFICE: dict[str, Any] = {
    "column": "KAMUS USULAN",
    "usulan": ("", "Pembangunan drainase", "Pengadaan meja posyandu", "",
               "Paving block jalan lingkungan", "Pelatihan menjahit", ""),
    "notes": (GROUP, None, None, GROUP, None, None, SUM),
}  # fmt: skip
ZOO = [
    Book("biasa.xlsx", plain()),
    Book("sipd.xlsx", plain(SIPD, [*"12345", *WORKS[:1], *"789012345678901234567"[:20]]),
         usulan=WORKS[:1], column="Usulan"),
    Book("bergaya.xlsx", styled),
    Book("kaya.xlsx", rich, usulan=(*WORKS, ""), notes=(None, None, None, SUM)),
    Book("libreoffice.xlsx", copied("libreoffice.xlsx"), **LIBREOFFICE),
    Book("libreoffice.xls", copied("libreoffice.xls"), ending=".csv", **LIBREOFFICE),
    Book("libreoffice.ods", copied("libreoffice.ods"), ending=".csv", **LIBREOFFICE),
    Book("biner.xlsb", xlsb, ending=".csv"),
    Book("nama salah.csv", plain()),
    Book("ods bernama.xlsx", copied("libreoffice.ods"), ending=".csv", **LIBREOFFICE),
    Book("tercetak.xlsx", plain(*PRINTED), usulan=PRINTED_WORKS, notes=PRINTED_NOTES),
    Book("dua tingkat.xlsx", plain(*TWO_LEVELS)),
    Book("mulai di C5.xlsx", plain(*[[]] * 4, *(["", "", *row] for row in [HEADER, *ROWS]))),
    Book("judul saja.xlsx", plain(HEADER), usulan=()),
    Book("makro.xlsm", edited(with_macros), ending=".xlsm"),
    Book("makro.xlsx", edited(with_macros), ending=".xlsm"),
    Book("awalan.xlsx", edited(prefixed)),
    Book("tanpa alamat sel.xlsx", edited(without_places)),
    Book("baris kosong.xlsx", edited(with_gaps), usulan=(*WORKS[:2], *[""] * 6, WORKS[2]),
         notes=(None, None, *[BLANK] * 6, None)),
    Book("tag lama.xlsx",
         plain(["tag_b", *HEADER, "tag_lain"],
               *(["lama", *row, "tetap"] for row in ROWS))),
    Book("nilai.xlsx", plain(["NO", "USULAN", "PAGU"],
                             *([n, value, n] for n, value in enumerate(VALUES, start=1))),
         usulan=VALUES_AS_TEXT),
    Book("banyak lembar.xlsx",
         several(("Petunjuk", COVER, True), ("Rujukan", REFERENCE, True),
                 ("Arsip", [SIPD, SIPD], False), ("Usulan 2026", [HEADER, *ROWS], True),
                 ("Rekap", SUMMARY, True))),
    Book("hanya tersembunyi.xlsx", several(("Petunjuk", COVER, True),
                                           ("Data", [HEADER, *ROWS], False))),
    Book("lembar pilihan.xlsx",
         several(("A", [HEADER, *ROWS[1:]], True), ("B", [HEADER, *ROWS], True)), sheet=" b "),
    Book("dua lembar.xlsx",
         several(("Serang", [HEADER, *ROWS], True), ("Curug", [HEADER, *ROWS], True)),
         error="2 sheets hold proposals: 'Serang', 'Curug'. Choose one with --sheet"),
    Book("lembar tak ada.xlsx", plain(), sheet="Data",
         error="has no sheet 'Data'. Its sheets: 'Usulan'"),
    Book("bukan buku.csv", written("Usulan\nPaving\n"), sheet="Data", error="has no sheets"),
    Book("ringkasan.xlsx", plain(*SUMMARY), error=r"sheet 'Usulan' is a summary \(rekap\): row 2"),
    Book("kosong.xlsx", plain([]), error="blank"),
    Book("komentar xml.xlsx", edited(in_sheet(("<sheetData>", "<sheetData><!-- catatan -->"))),
         error="comments between its rows"),
    Book("sel ganda.xlsx", edited(in_sheet(('<c r="B1"', '<c r="A1"/><c r="B1"'))),
         error="row 1 has two cells in one column"),
    Book("sandi.xlsx", copied("sandi.xlsx"), error="has a password"),
    Book("sandi.xls", copied("sandi.xls"), error="has a password"),
    Book("sandi.ods", copied("sandi.ods"), error="has a password"),
    Book("terpotong.xlsx", cut("libreoffice.xlsx", 0.7), error="damaged"),
    Book("terpotong.xls", cut("libreoffice.xls", 0.5), error="damaged"),
    Book("terpotong.ods", cut("libreoffice.ods", 0.5), error="damaged"),
    Book("arsip.zip", zipped(usulan_csv="Usulan\nPaving\n"), error="ZIP archive. Unpack it"),
    Book("surat.docx", zipped(word__document_xml="<a/>"), error="is a Word document"),
    Book("cetak.xls", written(b"%PDF-1.7\n"), error="is a PDF"),
    Book("web.xls", written("MIME-Version: 1.0\nX"), error="is a web archive"),
    Book("lama.xml", written('<?xml version="1.0"?>\n<Workbook xmlns="urn:schemas-microsoft-com:'
                             'office:spreadsheet"></Workbook>'), error="XML spreadsheet"),
    Book("rekap.xls", written(REKAP_HTML), ending=".csv", column="KAMUS USULAN",
         usulan=("", "Paving gang", "Drainase mampet", ""), notes=(GROUP, None, None, SUM)),
    Book("longgar.xls", written(LOOSE_HTML, "cp1252"), ending=".csv"),
    Book("utf16.xls", written("\ufeff" + LOOSE_HTML, "utf-16-le"), ending=".csv"),
    Book("tanpa tabel.xls", written("<html><body><p>Sesi habis</p><title></title></body></html>"),
         error="HTML without a table"),
    Book("aneh.xls", written("<table><tr><td>USULAN<![foo[x"), error="HTML that cannot be read"),
    Book("csv.xls", written("NO;USULAN\n1;Paving gang\n2;Drainase mampet\n3;Alat posyandu\n"),
         ending=".csv"),
    Book("jenis.parquet",
         parquet(id=pa.array([1, 2, 3], pa.int64()), USULAN=pa.array(WORKS, pa.large_string()),
                 masalah=pa.array(["a", None, "a"]).dictionary_encode(),
                 pagu=pa.array([1.5, None, 3.0]), tag_b=pa.array([9, 9, 9]),
                 titik=pa.array([[1, 2], None, []]), tgl=pa.array([dt.date(2026, 1, 7)] * 3)),
         ending=".parquet"),
    Book("bernama.csv", parquet(USULAN=pa.array(WORKS).dictionary_encode()), ending=".parquet"),
    Book("hampa.parquet", parquet(USULAN=pa.array([], pa.string())), usulan=(),
         ending=".parquet"),
    Book("parekraf.csv", written("PAREKRAF;USULAN\n1;Paving gang\n2;Drainase mampet\n"
                                 "3;Alat posyandu\n"), ending=".csv"),
    Book("rusak.parquet", written(b"PAR1 rusak"), error="cannot be read as Parquet"),
    Book("sandi.parquet", written(b"PARE1234PARE"), error="encrypted Parquet"),
]  # fmt: skip
