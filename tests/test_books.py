"""Workbooks, HTML and Parquet: all cells come back, and what cannot be read is refused."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import python_calamine
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st
from zoo_books import FILES, HEADER, ROWS, ZOO, Book, plain, several, sheet_of, styled

from classifier.errors import InputError, OutputError
from classifier.formats.celltext import cell_text
from classifier.formats.columns import text_columns
from classifier.formats.sheetframe import Added
from classifier.formats.sheetxml import with_columns
from classifier.formats.sources import Source
from classifier.tables import open_table, refuse_format

TAGS = ["tag_a", "tag_b", "tag_keyakinan"]
TAGGED = {"tag_a": "ya & <tidak>", "tag_b": "", "tag_keyakinan": "0.97"}
GOOD = [book for book in ZOO if not book.error]
BAD = [book for book in ZOO if book.error]


def named(book: Book) -> str:
    return book.name


def tagged(source: Source, out: Path) -> None:
    """Write a copy with the same tags in each row, and none in rows that are no proposals."""
    with source.writer(out, TAGS, overwrite=False) as writer:
        for chunk in source.chunks(sorted({0, *writer.needs})):
            rows = len(chunk.cells)
            notes = [None] * rows if chunk.notes is None else chunk.notes.to_pylist()
            columns = [[TAGGED[name] if note is None else "" for note in notes] for name in TAGS]
            writer.write(chunk, pa.table([pa.array(c, pa.string()) for c in columns], names=TAGS))


@pytest.mark.parametrize("book", GOOD, ids=named)
def test_it_is_read(book: Book, tmp_path: Path) -> None:
    path = tmp_path / book.name
    book.make(path)
    source = open_table(path, book.sheet)
    assert source.ending == book.ending
    column = source.header.index(book.column)
    chunks = list(source.chunks([column]))
    assert [cell for chunk in chunks for cell in chunk.cells[str(column)].to_pylist()] == list(
        book.usulan
    )
    notes = [chunk.notes.to_pylist() for chunk in chunks if chunk.notes is not None]
    assert [note for chunk in notes for note in chunk] == list(book.notes)


@pytest.mark.parametrize("book", BAD, ids=named)
def test_it_is_refused_in_a_sentence(book: Book, tmp_path: Path) -> None:
    path = tmp_path / book.name
    book.make(path)
    with pytest.raises(InputError, match=book.error) as caught:
        tagged(open_table(path, book.sheet), tmp_path / "out.xlsx")
    assert str(caught.value).startswith(f"{path}: ")
    assert str(caught.value).endswith((".", "'"))
    assert [file.name for file in tmp_path.iterdir()] == [book.name]


def sheet_parts(content: bytes) -> tuple[dict[tuple[int, int], str], dict[int, Any], list[str]]:
    """Cells at their places, attributes of rows, and everything around the rows; all as XML."""
    cells, rows, around = {}, {}, []
    row_number = 0
    for element in ElementTree.fromstring(content):
        name = element.tag.split("}")[1]
        if name != "sheetData":
            kept = "" if name in ("dimension", "cols", "autoFilter") else xml(element)
            around += [kept] if kept else []
            continue
        for row in element:
            number = int(row.attrib.pop("r", row_number + 1))
            assert number > row_number
            row_number, column = number, 0
            for cell in row:
                letters = re.match("[A-Z]+", cell.attrib.pop("r", ""))
                place = python_column(letters[0]) if letters else column + 1
                assert place > column
                column = place
                cells[number, column] = xml(cell)
            row.attrib.pop("spans", None)
            rows[number] = row.attrib
    return cells, rows, around


def xml(element: ElementTree.Element) -> str:
    return ElementTree.tostring(element, encoding="unicode").strip()


def python_column(letters: str) -> int:
    return openpyxl.utils.column_index_from_string(letters)


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def values_of(path: Path, sheet: str) -> list[list[Any]]:
    book = python_calamine.load_workbook(io.BytesIO(path.read_bytes()))
    rows: list[list[Any]] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return rows


def expected_tags(source: Source, number: bool = True) -> list[list[Any]]:
    """Tags that each row must have, by the notes."""
    full = [0.97 if name == "tag_keyakinan" and number else TAGGED[name] for name in TAGS]
    notes: list[str | None] = []
    for chunk in source.chunks([0]):
        rows = [None] * len(chunk.cells)
        notes += rows if chunk.notes is None else chunk.notes.to_pylist()
    return [full if note is None else ["", "", ""] for note in notes]


@pytest.mark.parametrize("book", [b for b in GOOD if b.ending in (".xlsx", ".xlsm")], ids=named)
def test_a_workbook_comes_back_as_it_was_with_tags(book: Book, tmp_path: Path) -> None:
    path, out = tmp_path / book.name, tmp_path / f"out{book.ending}"
    book.make(path)
    source = open_table(path, book.sheet)
    tagged(source, out)
    old, new = parts_of(path), parts_of(out)
    assert set(old) == set(new)
    (part,) = [name for name in old if "worksheets/sheet" in name and old[name] != new[name]]
    assert {n for n in old if old[n] != new[n]} <= {part, "xl/workbook.xml"}
    columns = [source.header.index(n) if n in source.header else None for n in TAGS]
    free = iter(range(len(source.header), len(source.header) + 3))
    places = [next(free) if column is None else column for column in columns]
    cells, rows, around = sheet_parts(old[part])
    new_cells, new_rows, new_around = sheet_parts(new[part])
    ours = {(row, place + 1) for row in range(1, 100) for place in places}
    assert {p: c for p, c in new_cells.items() if p not in ours} == {
        p: c for p, c in cells.items() if p not in ours
    }
    assert around == new_around
    assert {row: new_rows[row] for row in rows} == rows
    written = values_of(out, source.sheet)
    header, first = source.layout.header, source.layout.first
    assert [written[header][place] for place in places] == TAGS
    below = [[row[place] for place in places] for row in written[first:]]
    expected = expected_tags(source)
    assert below + [["", "", ""]] * (len(expected) - len(below)) == expected
    assert all(not any(map(str, row[len(source.header) :])) for row in written[:header])


@pytest.mark.parametrize("book", [b for b in GOOD if b.ending == ".csv"], ids=named)
def test_other_sheets_come_back_as_csv(book: Book, tmp_path: Path) -> None:
    path, out = tmp_path / book.name, tmp_path / "out.csv"
    book.make(path)
    source = open_table(path, book.sheet)
    tagged(source, out)
    if hasattr(source, "sheet"):
        content = out.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
        old = [[cell_text(value) for value in row] for row in source.rows]
        assert [row[: len(source.header)] for row in rows] == old
        first = source.layout.first
        assert [row[-3:] for row in rows[first:]] == expected_tags(source, number=False)
        assert rows[source.layout.header][-3:] == TAGS


@pytest.mark.parametrize("name", ["libreoffice.xls", "libreoffice.ods", "rekap.xls", "biner.xlsb"])
def test_other_sheets_come_back_as_workbook_if_asked(name: str, tmp_path: Path) -> None:
    (book,) = [book for book in ZOO if book.name == name]
    path, out = tmp_path / name, tmp_path / "out.xlsx"
    book.make(path)
    source = open_table(path)
    tagged(source, out)
    old = [[cell_text(value) for value in row] for row in source.rows]
    new = values_of(out, source.sheet)
    assert [[cell_text(value) for value in row[: len(source.header)]] for row in new] == old
    assert [row[-3:] for row in new[source.layout.first :]] == expected_tags(source)
    assert new[source.layout.header][-3:] == TAGS


@pytest.mark.parametrize("book", [b for b in GOOD if b.ending == ".parquet"], ids=named)
def test_parquet_keeps_its_types(book: Book, tmp_path: Path) -> None:
    path, out = tmp_path / book.name, tmp_path / "out.parquet"
    book.make(path)
    source = open_table(path)
    tagged(source, out)
    old, new = pq.read_table(path), pq.read_table(out)
    kept = [name for name in old.column_names if name not in TAGS]
    assert new.select(kept).equals(old.select(kept))
    assert new.schema.names == [*kept, *TAGS]
    assert [new.schema.field(name).type for name in TAGS] == [pa.string()] * 2 + [pa.float64()]
    assert new["tag_keyakinan"].to_pylist() == [0.97] * len(old)
    assert new["tag_b"].null_count == len(old)


def test_any_parquet_column_can_be_the_text(tmp_path: Path) -> None:
    path = tmp_path / "in.parquet"
    table = pa.table({
        "Usulan": pa.array([b"paving", None]), "n": pa.array([2.5, 7]),
        "l": pa.array([["a"], None]), "b": pa.array([True, False]),
    })  # fmt: skip
    pq.write_table(table, path)
    source = open_table(path)
    (chunk,) = source.chunks(range(4))
    assert chunk.cells.to_pydict() == {
        "0": ["paving", ""], "1": ["2.5", "7"], "2": ["['a']", ""], "3": ["true", "false"],
    }  # fmt: skip
    assert text_columns(source) == [0]


def test_parquet_is_read_and_written_some_rows_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifier.formats.parquetfile.ROWS", 7)
    path, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    pq.write_table(pa.table({"n": range(40), "Usulan": [f"jalan {n}" for n in range(40)]}), path)
    source = open_table(path)
    assert {len(chunk.cells) for chunk in source.chunks([1])} == {7, 5}
    tagged(source, out)
    assert pq.read_table(out, columns=["n", "Usulan"]).equals(pq.read_table(path))


def test_a_name_must_not_promise_another_format(tmp_path: Path) -> None:
    plain()(tmp_path / "a.xlsx")
    pq.write_table(pa.table({"Usulan": ["a"]}), tmp_path / "a.parquet")
    (tmp_path / "a.csv").write_text("Usulan\na\n", encoding="utf-8")
    refused = [("a.xlsx", "b.txt.xls"), ("a.xlsx", "b.parquet"), ("a.parquet", "b.csv"),
               ("a.csv", "b.xlsx"), ("a.csv", "b.parquet")]  # fmt: skip
    for name, target in refused:
        with pytest.raises(OutputError, match="Give a name that ends in"):
            refuse_format(open_table(tmp_path / name), tmp_path / target)
    for name, target in [("a.xlsx", "b.csv"), ("a.csv", "b.txt"), ("a.csv", "b"),
                         ("a.parquet", "b.parquet")]:  # fmt: skip
        refuse_format(open_table(tmp_path / name), tmp_path / target)


def test_filter_widths_and_styles_reach_to_the_tags(tmp_path: Path) -> None:
    styled(tmp_path / "in.xlsx")
    tagged(open_table(tmp_path / "in.xlsx"), tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    sheet = book["Usulan"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:H4")
    assert b"'Usulan'!$A$1:$H$4" in parts_of(tmp_path / "out.xlsx")["xl/workbook.xml"]
    assert sheet.column_dimensions["B"].width == 44
    assert sheet["F1"].font.b and sheet["F1"].fill.fgColor.rgb == "00DDEBF7"  # noqa: PT018
    assert sheet["G1"].fill.fgColor.rgb == sheet["H3"].fill.fgColor.rgb == "00FF0000"
    assert (sheet["F2"].value, sheet["H2"].value) == ("ya & <tidak>", 0.97)
    assert sheet.calculate_dimension() == "A1:H40"


def test_tagging_a_tagged_workbook_changes_nothing(tmp_path: Path) -> None:
    styled(tmp_path / "in.xlsx")
    tagged(open_table(tmp_path / "in.xlsx"), tmp_path / "out.xlsx")
    tagged(open_table(tmp_path / "out.xlsx"), tmp_path / "again.xlsx")
    once, twice = parts_of(tmp_path / "out.xlsx"), parts_of(tmp_path / "again.xlsx")
    name = "xl/worksheets/sheet1.xml"
    assert sheet_parts(once.pop(name)) == sheet_parts(twice.pop(name))
    assert once == twice


def test_a_sheet_without_room_is_refused(tmp_path: Path) -> None:
    book = sheet_of([HEADER, *ROWS])
    book.active.cell(1, 16_383, "akhir")
    book.save(tmp_path / "in.xlsx")
    with pytest.raises(OutputError, match="16384 are the most"):
        tagged(open_table(tmp_path / "in.xlsx"), tmp_path / "out.xlsx")
    assert not (tmp_path / "out.xlsx").exists()


@pytest.mark.parametrize("target", ["out.xlsx", "out.csv"])
def test_rows_without_tags_are_not_written(tmp_path: Path, target: str) -> None:
    plain()(tmp_path / "in.xlsx")
    source = open_table(tmp_path / "in.xlsx")
    with (
        pytest.raises(OutputError, match="tags for 0 of 3 rows"),
        source.writer(tmp_path / target, TAGS, overwrite=False),
    ):
        pass
    assert [file.name for file in tmp_path.iterdir()] == ["in.xlsx"]


def test_other_sheets_with_proposals_are_named(tmp_path: Path) -> None:
    sheets = ("Serang", [HEADER, *ROWS], True), ("Curug", [HEADER[:3], *ROWS], True)
    several(*sheets)(tmp_path / "in.xlsx")
    source = open_table(tmp_path / "in.xlsx")
    assert (source.sheet, source.others) == ("Serang", ["Curug"])


def test_cells_of_html_stand_where_a_browser_shows_them(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text(
        "<table><tr><th rowspan=2>NO<th colspan=2>USULAN<th rowspan='2'>PAGU"
        "<tr><td>judul<td>rinci"
        "<tr><td>1<td>a<table><tr><td>dalam</table>b<td><p>c</p><p>d</p><td rowspan=9 colspan=x>9"
        "<tr><td>2<td>&eacute;&#8211;&nbsp;<td>\n x \t y <script>z</script></table>",
        encoding="utf-8",
    )
    assert open_table(path, "tabel 1").rows == [
        ["NO", "USULAN", "", "PAGU"],
        ["", "judul", "rinci", ""],
        ["1", "ab", "c\nd", "9"],
        ["2", "é–", "x y", ""],
    ]
    assert open_table(path, "Tabel 2").rows == [["dalam"]]


@given(st.text(st.sampled_from("<>/=\"' ![]-?&;atdrhblecospn0129\n"), max_size=80))
def test_any_html_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: str
) -> None:
    path = tmp_path_factory.mktemp("html") / "a.xls"
    path.write_text(f"<table><tr><td>Usulan{content}", encoding="utf-8")
    with contextlib.suppress(InputError):
        source = open_table(path)
        list(source.chunks(range(len(source.header))))


@pytest.mark.parametrize("name", ["libreoffice.xlsx", "libreoffice.xls", "libreoffice.ods"])
@given(data=st.data())
def test_damaged_workbooks_are_read_or_refused(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray((FILES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("rusak") / name
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        source = open_table(path)
        tagged(source, path.parent / f"out{source.ending}")


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=9)
VALUE = st.one_of(
    TEXT,
    st.text("\n\t =+-@<&>\"'_x000D_", max_size=9),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.dates(dt.date(1950, 1, 1), dt.date(2100, 1, 1)),
    st.just(""),
)


@given(
    st.lists(st.lists(VALUE, min_size=4, max_size=4), max_size=5),
    st.sampled_from(["openpyxl", "xlsxwriter"]),
)
def test_every_cell_of_any_workbook_comes_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[Any]], maker: str
) -> None:
    path = tmp_path_factory.mktemp("xlsx") / "in.xlsx"
    all_rows = [["No", "Usulan", "Masalah", "Alamat"], *rows]
    if maker == "openpyxl":
        sheet_of(all_rows).save(path)
    else:
        write_with_xlsxwriter(path, all_rows)
    source, out = open_table(path), path.with_name("out.xlsx")
    tagged(source, out)
    before, after = (parts_of(p)["xl/worksheets/sheet1.xml"] for p in (path, out))
    (cells, _, around), (new, _, new_around) = sheet_parts(before), sheet_parts(after)
    assert {place: cell for place, cell in new.items() if place[1] <= 4} == cells
    assert new_around == around
    read = values_of(out, "Usulan")
    assert read[0][4:] == TAGS
    assert [row[4:] for row in read[source.layout.first :]] == expected_tags(source)


def write_with_xlsxwriter(path: Path, rows: list[list[Any]]) -> None:
    book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    sheet = book.add_worksheet("Usulan")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value)
            else:
                sheet.write(number, column, value)
    book.close()


CELLS = st.lists(st.tuples(st.integers(1, 4), st.booleans(), st.sampled_from(
    ["/>", "></c>", "><v>1</v></c>", ' t="inlineStr"><is><t>a &lt;</t></is></c>']
)), max_size=5)  # fmt: skip
XML_ROWS = st.lists(st.tuples(st.integers(1, 3), st.booleans(), CELLS), max_size=6)


@given(XML_ROWS, st.integers(1, 60), st.sampled_from(["", "x:"]), st.booleans())
def test_cells_are_added_to_any_sheet_s_xml(
    rows: list[Any], block: int, prefix: str, spaced: bool
) -> None:
    old = sheet_xml(rows, " \n" if spaced else "").replace("<", f"<{prefix}")
    old = old.replace(f"<{prefix}/", f"</{prefix}").replace("xmlns", f"xmlns{':x' * bool(prefix)}")
    added = Added([3, 6, 7], TAGS, [["a", None], [None, None], [0.5, 1.0]], 2, 4, 5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("classifier.formats.sheetxml.BLOCK", block)
        new = b"".join(with_columns(io.BytesIO(old.encode()), added))
    cells, _, _ = sheet_parts(old.encode())
    new_cells, _, _ = sheet_parts(new)
    ours = {(row, column) for row in (2, 4, 5) for column in (3, 6, 7)}
    others = {place: cell for place, cell in new_cells.items() if place not in ours}
    assert others == {place: cell for place, cell in cells.items() if place not in ours}
    has_header = any(row == 2 for row, _ in new_cells)
    texts = {p: "".join(ElementTree.fromstring(c).itertext()) for p, c in new_cells.items()}
    if has_header:
        assert [texts[2, column] for column in (3, 6, 7)] == TAGS
    assert (texts[4, 3], texts[4, 7], texts[5, 7]) == ("a", "0.5", "1.0")
    assert [texts.get(place, "") for place in ((4, 6), (5, 3), (5, 6))] == ["", "", ""]


def sheet_xml(rows: list[Any], space: str) -> str:
    text, row = "", 0
    for gap, placed, cells in rows:
        row += gap if placed else 1
        column, inside = 0, ""
        for cell_gap, cell_placed, body in cells:
            column += cell_gap if cell_placed else 1
            place = f' r="{openpyxl.utils.get_column_letter(column)}{row}"' if cell_placed else ""
            inside += f"<c{place} s='1'{body}{space}"
        place = f' r="{row}"' if placed else ""
        text += f"<row{place}>{inside}</row>{space}" if inside else f"<row{place} />{space}"
    space_name = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space_name}"><sheetData>{text}</sheetData></worksheet>'
