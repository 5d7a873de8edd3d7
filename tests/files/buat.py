"""How the files in this folder were made, by LibreOffice itself; run once, by hand.

    soffice --headless --accept="socket,host=localhost,port=2002;urp;" --norestore &
    /usr/bin/python3 tests/files/buat.py        # needs python3-uno
    msoffcrypto-tool -e -p rahasia tests/files/libreoffice.xlsx tests/files/sandi.xlsx

``libreoffice.*`` hold a printed recapitulation with titles, joined cells, groups, sums, a
chart, a filter, a frozen header, a formula and a hidden sheet; ``sandi.*`` have a password.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
FILTERS = {"xlsx": "Calc MS Excel 2007 XML", "xls": "MS Excel 97", "ods": "calc8"}

TITLES = ["REKAPITULASI USULAN MUSRENBANG", "Kecamatan Contoh, Tahun 2026"]
HEADER = ["NO", "ID USULAN", "KAMUS USULAN", "URAIAN PERMASALAHAN", "LOKASI / ALAMAT",
          "TANGGAL USUL", "VOLUME", "SATUAN", "PAGU", "KETERANGAN"]  # fmt: skip
GROUPS = {
    "Kelurahan Mekar": [
        ("001", "367301202600000017", "Pembangunan drainase", "got mampet,\nair masuk rumah",
         "RT 02 RW 05", "2026-01-08", 150.5, "meter", 45_000_000),
        ("002", "367301202600000018", "Pengadaan meja posyandu", "=kader duduk di lantai",
         "RW 07", "2026-01-09", 4, "unit", 6_000_000),
    ],
    "Kelurahan Sejahtera": [
        ("001", "367301202600000021", "Paving block jalan lingkungan",
         "Jalan bolong <3 lubang> & becek", "Gg. Melati RT 01",
         "2026-01-10", 2.1, "km", 87_500_000),
        ("002", "367301202600000022", "Pelatihan menjahit", "ibu-ibu ‘banyak’ menganggur – 20 m²",
         "Aula RW 03", "2026-01-11", 20, "orang", 12_000_000),
    ],
}  # fmt: skip


def properties(**values: Any) -> tuple[Any, ...]:
    from com.sun.star.beans import PropertyValue

    found = []
    for name, value in values.items():
        entry = PropertyValue()
        entry.Name, entry.Value = name, value
        found.append(entry)
    return tuple(found)


def fill(document: Any) -> None:
    from com.sun.star.awt import Rectangle
    from com.sun.star.table import BorderLine

    sheet = document.Sheets.getByIndex(0)
    sheet.Name = "Rekap Usulan"
    last = len(HEADER) - 1
    for row, title in enumerate(TITLES):
        sheet.getCellByPosition(0, row).String = title
        sheet.getCellRangeByPosition(0, row, last, row).merge(True)
    line = BorderLine()
    line.OuterLineWidth = 30
    for column, name in enumerate(HEADER):
        cell = sheet.getCellByPosition(column, 3)
        cell.String, cell.CellBackColor, cell.CharWeight = name, 0xDDEBF7, 150.0
        cell.BottomBorder = line
        sheet.getCellByPosition(column, 4).Value = column + 1
    dates = document.NumberFormats.queryKey("YYYY-MM-DD", document.CharLocale, False)
    if dates < 0:
        dates = document.NumberFormats.addNew("YYYY-MM-DD", document.CharLocale)
    row = 5
    for group, proposals in GROUPS.items():
        sheet.getCellByPosition(0, row).String = group
        sheet.getCellRangeByPosition(0, row, last, row).merge(True)
        row += 1
        for proposal in proposals:
            for column, value in enumerate(proposal):
                cell = sheet.getCellByPosition(column, row)
                if column == 5:
                    cell.Formula, cell.NumberFormat = value, dates
                elif isinstance(value, str):
                    cell.String = value
                else:
                    cell.Value = value
            row += 1
    sheet.getCellByPosition(0, row).String = "JUMLAH"
    sheet.getCellByPosition(8, row).Formula = f"=SUM(I7:I{row})"
    sheet.getCellByPosition(9, row).Formula = "=NA()"
    sheet.Columns.getByIndex(2).Width = 7_000
    area = sheet.getCellRangeByPosition(0, 3, last, row - 1)
    document.DatabaseRanges.addNewByName("saringan", area.RangeAddress)
    document.DatabaseRanges.getByName("saringan").AutoFilter = True
    place = Rectangle()
    place.X, place.Y, place.Width, place.Height = 1_000, 12_000, 8_000, 5_000
    figures = sheet.getCellRangeByPosition(8, 6, 8, 7).RangeAddress
    sheet.Charts.addNewByName("pagu", place, (figures,), False, False)
    sheet.Annotations.insertNew(sheet.getCellByPosition(2, 3).CellAddress, "kamus tahun 2026")
    document.Sheets.insertNewByName("Rujukan", 1)
    hidden = document.Sheets.getByName("Rujukan")
    for column, name in enumerate(("Usulan", "Masalah", "Alamat", "Kecamatan", "Status")):
        hidden.getCellByPosition(column, 0).String = name
        hidden.getCellByPosition(column, 1).String = f"contoh {name.lower()}"
    hidden.IsVisible = False
    controller = document.CurrentController
    controller.setActiveSheet(sheet)
    controller.freezeAtPosition(0, 4)


def main() -> None:
    import uno  # brings com.sun.star along

    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    remote = resolver.resolve("uno:socket,host=localhost,port=2002;urp;StarOffice.ComponentContext")
    desktop = remote.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", remote)
    document = desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
    fill(document)
    for ending, filter_name in FILTERS.items():
        target = (FOLDER / f"libreoffice.{ending}").as_uri()
        document.storeToURL(target, properties(FilterName=filter_name))
    for ending in ("xls", "ods"):
        target = (FOLDER / f"sandi.{ending}").as_uri()
        document.storeToURL(target, properties(FilterName=FILTERS[ending], Password="rahasia"))
    document.close(True)


if __name__ == "__main__":
    main()
