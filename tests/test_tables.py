"""Tables in and out: dialects, encodings, workbooks; every cell as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import openpyxl.styles
import pyarrow as pa
import pytest

from classifier.errors import InputError, OutputError
from classifier.tables import open_table, read_columns

HEADER = ["No", "Usulan", "Masalah"]
TAGS = ["tag_a", "tag_b"]


def copy_with_tags(path: Path, out: Path, overwrite: bool = True) -> None:
    """Write each row again with two tags: its number, and its own second cell."""
    source = open_table(path)
    with source.writer(out, TAGS, overwrite=overwrite) as writer:
        for chunk in source.chunks(sorted({1, *writer.needs})):
            rows = len(chunk.cells)
            numbers = pa.array([str(row) for row in range(rows)], pa.string())
            writer.write(chunk, pa.table([numbers, chunk.cells["1"]], names=TAGS))


def parsed(content: bytes, encoding: str, delimiter: str) -> list[list[str]]:
    stream = io.StringIO(content.decode(encoding), newline="")
    return [row for row in csv.reader(stream, delimiter=delimiter) if row]


def test_bytes_of_old_cells_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(b'No;Usulan;"Masalah"\r\n01;"Paving";\xa0\r\n\r\n2;5" pipa;"a ""b""\r\nc"')
    copy_with_tags(path, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes() == (
        b'No;Usulan;"Masalah";tag_a;tag_b\r\n01;"Paving";\xa0;0;Paving\r\n\r\n'
        b'2;5" pipa;"a ""b""\r\nc";1;"5"" pipa"'
    )


def test_a_file_of_many_blocks_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifier.formats.csvfile.BLOCK", 64)
    path = tmp_path / "in.csv"
    rows = [[str(n), f'baris "{n}"\nkedua' * (n % 3), "é" * n] for n in range(40)]
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    copy_with_tags(path, tmp_path / "out.csv")
    after = parsed((tmp_path / "out.csv").read_bytes(), "utf-8", ",")
    assert [row[:3] for row in after] == [HEADER, *rows]


def test_old_tag_columns_are_replaced(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text('No,tag_b,Usulan,tag_a\n1,x,Paving; gang,y\n\n2,x,"a,b",y\n', encoding="utf-8")
    source = open_table(path)
    with source.writer(tmp_path / "out.csv", TAGS, overwrite=False) as writer:
        for chunk in source.chunks(writer.needs):
            writer.write(chunk, pa.table([pa.array(["p", "q"]), pa.array(["r", "s"])], names=TAGS))
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text == 'No,Usulan,tag_a,tag_b\n1,Paving; gang,p,r\n\n2,"a,b",q,s\n'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"biner\n\0\0\xff", "is no table"),
        (b"a,b\n1,2\n1,2,3\n", "line 3: 3 cells where the header has 2"),
        (b'a,b\n\n"x\ny",2\n\n1\n', "line 6: 1 cells where the header has 2"),
        (b"a,b\n1,m\xc2\xb2\n2,\xc3\n", "line 3: a byte that is no text in utf-8"),
        ("a,b\n1,2".encode("utf-16") + b"\0", "ends in the middle of a character"),
        (b'a,b\n1,"2\n3,4\n5,6\n', "line 2: a quote is opened and never closed"),
        (b'a,"b\n1,2\n', "line 1: a quote is opened and never closed"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match=reason) as caught:
        list(open_table(path).chunks([0]))
    assert str(path) in str(caught.value)


def test_no_row_is_lost_where_lines_end_in_cr(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifier.formats.csvfile.BLOCK", 50)
    path = tmp_path / "in.csv"
    path.write_bytes(b"No,Usulan\r" + b"".join(b"%d,jalan\r" % n for n in range(40)))
    copy_with_tags(path, tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_bytes().split(b"\r")
    assert [line.split(b",")[0] for line in lines[1:-1]] == [b"%d" % n for n in range(40)]


def test_blank_lines_above_the_header_stay(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("\n\nNo,Usulan\n1,Paving\n", encoding="utf-8")
    copy_with_tags(path, tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert text == "\n\nNo,Usulan,tag_a,tag_b\n1,Paving,0,Paving\n"


def test_only_ordinary_files_are_replaced(tmp_path: Path) -> None:
    path, folder, link = tmp_path / "in.csv", tmp_path / "folder", tmp_path / "link.csv"
    path.write_text("No,Usulan\n1,Paving\n", encoding="utf-8")
    folder.mkdir()
    with pytest.raises(OutputError, match="no ordinary file"):
        copy_with_tags(path, folder)
    with pytest.raises(OutputError, match="folder does not exist"):
        copy_with_tags(path, tmp_path / "tidak" / "ada.csv")
    (tmp_path / "target.csv").write_text("lama", encoding="utf-8")
    link.symlink_to(tmp_path / "target.csv")
    copy_with_tags(path, link)
    assert link.is_symlink()
    assert (tmp_path / "target.csv").read_text(encoding="utf-8").startswith("No,Usulan,tag_a")


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        open_table(tmp_path / "tidak-ada.csv")
    with pytest.raises(InputError, match="is a folder"):
        open_table(tmp_path)


def test_nothing_is_overwritten_unasked(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_text("No,Usulan\n1,Paving\n", encoding="utf-8")
    out.write_text("milik orang", encoding="utf-8")
    with pytest.raises(OutputError, match="--force"):
        copy_with_tags(path, out, overwrite=False)
    assert out.read_text(encoding="utf-8") == "milik orang"


def test_an_error_leaves_no_partial_file(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("No,Usulan\n1,Paving\n1\n", encoding="utf-8")
    with pytest.raises(InputError):
        copy_with_tags(path, tmp_path / "out.csv")
    assert [file.name for file in tmp_path.iterdir()] == ["in.csv"]


def workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in [
        ["No", "Usulan", "Masalah", "Anggaran"],
        ["007", "Paving", "a\nb", 1.5],
        [8, None, "=1+1", 3],
    ]:
        sheet.append(row)
    sheet["C3"].data_type = "s"
    sheet.freeze_panes = "A2"
    sheet.column_dimensions["B"].width = 44
    sheet.auto_filter.ref = "A1:D3"
    book.create_sheet("Lain")["A1"] = "tetap"
    book.save(path)


def test_a_workbook_comes_back_with_tags(tmp_path: Path) -> None:
    workbook(tmp_path / "in.xlsx")
    copy_with_tags(tmp_path / "in.xlsx", tmp_path / "out.xlsx")
    book = openpyxl.load_workbook(tmp_path / "out.xlsx")
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert rows[0] == ["No", "Usulan", "Masalah", "Anggaran", "tag_a", "tag_b"]
    assert rows[1] == ["007", "Paving", "a\nb", 1.5, "0", "Paving"]
    assert rows[2][:5] == [8, None, "=1+1", 3, "1"]
    sheet = book.worksheets[0]
    assert (sheet.freeze_panes, sheet.column_dimensions["B"].width) == ("A2", 44)
    assert sheet.auto_filter.ref == "A1:F3"
    assert book["Lain"]["A1"].value == "tetap"
    copy_with_tags(tmp_path / "out.xlsx", tmp_path / "again.xlsx")
    again = openpyxl.load_workbook(tmp_path / "again.xlsx").worksheets[0]
    assert [list(row) for row in again.iter_rows(values_only=True)] == rows


def test_old_tags_of_a_workbook_are_replaced_where_they_stand(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["id", "tag_b", "Usulan", "total"], [1, "lama", "Paving", "=A2*2"]]:
        book.active.append(row)
    book.active["A9"].font = openpyxl.styles.Font(bold=True)
    book.save(tmp_path / "in.xlsx")
    source = open_table(tmp_path / "in.xlsx")
    with source.writer(tmp_path / "out.xlsx", TAGS, overwrite=False) as writer:
        for chunk in source.chunks([2]):
            assert chunk.cells["2"].to_pylist() == ["Paving"]
            writer.write(chunk, pa.table([pa.array(["p"]), pa.array(["q"])], names=TAGS))
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(max_row=2)]
    assert rows == [["id", "tag_b", "Usulan", "total", "tag_a"], [1, "q", "Paving", "=A2*2", "p"]]


def test_columns_are_read_by_name(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_text("Nama , USULAN\nx,y\n", encoding="utf-8")
    assert read_columns(path, ["usulan"], optional=["jenis"])[0].to_pydict() == {"usulan": ["y"]}
    with pytest.raises(InputError, match=r"has no column 'judul'. Its columns: 'Nama ', ' USULAN'"):
        read_columns(path, ["judul"])
