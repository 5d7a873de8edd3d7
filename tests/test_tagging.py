"""The main job: tags beside untouched cells, statuses with reasons, nothing half-done."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from conftest import read_rows, write_rows
from hypothesis import given
from hypothesis import strategies as st

from classifier import chunks, load_model
from classifier.cli import main
from classifier.errors import InputError, OutputError
from classifier.model import Model
from classifier.tagging import default_output, tag_file
from classifier.tags import Tagger, tag_columns

COLUMNS = [
    "tag_prioritas", "tag_prioritas_lain", "tag_keyakinan", "tag_pilihan", "tag_jenis",
    "tag_spm", "tag_tematik", "tag_status", "tag_alasan", "tag_duplikat",
]  # fmt: skip
TEXTS = st.sampled_from(
    ["paving gang", "kader posyandu", "tes", "", " - ", "RT 01", "sembako lansia", "xqz"]
)


def tag_texts(model: Model, *texts: str) -> list[dict[str, str]]:
    return Tagger(model).tag([pa.array(list(texts), pa.string())]).table.to_pylist()


def test_columns_and_their_order(model: Model) -> None:
    assert tag_columns(model) == COLUMNS


@pytest.mark.parametrize("text", ["", "  ", "-", "...", "\n"])
def test_empty_text_gives_kosong_and_no_label(model: Model, text: str) -> None:
    (row,) = tag_texts(model, text)
    assert row["tag_status"] == "kosong"
    assert row["tag_alasan"] == "tidak ada teks"
    assert all(row[name] == "" for name in COLUMNS[:-3])


def test_places_alone_are_unclear_and_for_review(model: Model) -> None:
    (row,) = tag_texts(model, "RT 01 RW 02")
    assert row["tag_prioritas"] == row["tag_jenis"] == "tidak_jelas"
    assert row["tag_spm"] == "bukan"
    assert (row["tag_status"], row["tag_alasan"]) == ("tinjau", "hanya nama tempat atau angka")


def test_choices_begin_with_the_main_label_and_its_probability(model: Model) -> None:
    (row,) = tag_texts(model, "paving gang rusak")
    first, *rest = row["tag_pilihan"].split("; ")
    assert first == f"{row['tag_prioritas']} {row['tag_keyakinan']}"
    assert len(rest) == 2


def test_thematic_labels_are_given_where_the_text_says_so(model: Model) -> None:
    first, second = tag_texts(model, "PMT balita stunting", "paving gang")
    assert first["tag_tematik"] == "stunting"
    assert second["tag_tematik"] == ""


@given(st.lists(TEXTS, min_size=1, max_size=12), st.integers(1, 5))
def test_a_row_s_tags_do_not_depend_on_its_neighbours(
    model: Model, texts: list[str], cut: int
) -> None:
    whole = tag_texts(model, *texts)
    assert whole == tag_texts(model, *texts[:cut]) + (
        tag_texts(model, *texts[cut:]) if texts[cut:] else []
    )
    assert whole[::-1] == tag_texts(model, *texts[::-1])


@given(TEXTS)
def test_case_blanks_and_a_trailing_line_end_do_not_change_tags(model: Model, text: str) -> None:
    plain, noisy = tag_texts(model, text, f"  {text.upper()} \n")
    assert plain == noisy


def test_another_place_does_not_change_tags(model: Model) -> None:
    first, second = tag_texts(
        model, "paving gang Desa Mekarsari RT 01", "paving gang Desa Cibodas RT 17"
    )
    assert first == second


@pytest.mark.parametrize("rows", [1, 7, 299])
def test_the_size_of_chunks_does_not_change_a_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    sample = Path(__file__).parents[1] / "data/samples/usulan-sipd.csv"
    tagger = Tagger(load_model(), explain=True)
    whole = tag_file(sample, tagger, tmp_path / "a.csv")
    monkeypatch.setattr(chunks, "ROWS", rows)
    parts = tag_file(sample, tagger, tmp_path / "b.csv")
    assert parts.output.read_bytes() == whole.output.read_bytes()
    assert (parts.status, parts.reasons) == (whole.status, whole.reasons)
    assert parts.seen.unknown == whole.seen.unknown


def test_an_export_comes_back_tagged(model: Model, tmp_path: Path) -> None:
    rows = [
        ["No", "Usulan", "Masalah", "Nilai"],
        ["001", "paving gang", "rusak\nberat", "1.000,00"],
        ["2", "", "", "=1"],
    ]
    path = write_rows(tmp_path / "usulan.csv", rows, delimiter=";")
    summary = tag_file(path, Tagger(model))
    assert summary.output == tmp_path / "usulan.tagged.csv"
    assert summary.text == ["Usulan", "Masalah"]
    assert summary.rows == 2
    assert summary.labels == {"jalan": 1, "": 1}
    assert summary.status["kosong"] == 1
    tagged = read_rows(summary.output, delimiter=";")
    assert tagged[0] == [*rows[0], *COLUMNS]
    assert [row[:4] for row in tagged[1:]] == rows[1:]


def test_tagging_again_replaces_the_old_tags(model: Model, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["paving gang"]])
    first = tag_file(path, Tagger(model))
    second = tag_file(first.output, Tagger(model), tmp_path / "b.csv")
    assert second.replaced == COLUMNS
    assert second.output.read_bytes() == first.output.read_bytes()


def test_a_workbook_comes_back_tagged(model: Model, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [["Usulan", "Masalah"], ["paving gang", None], [None, None]]:
        book.active.append(row)
    book.active["C3"] = "ada"
    book.save(tmp_path / "usulan.xlsx")
    summary = tag_file(tmp_path / "usulan.xlsx", Tagger(model))
    sheet = openpyxl.load_workbook(summary.output).active
    tagged = [list(row) for row in sheet.iter_rows(values_only=True)]
    names = tagged[0][-len(COLUMNS) :]
    assert names == COLUMNS
    row = dict(zip(names, tagged[1][-len(COLUMNS) :], strict=True))
    assert row["tag_prioritas"] == "jalan"
    assert isinstance(row["tag_keyakinan"], float | int)
    assert dict(zip(names, tagged[2][-len(COLUMNS) :], strict=True))["tag_status"] == "kosong"


def test_a_header_alone_gives_a_header_alone(model: Model, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan", "Masalah"]])
    assert tag_file(path, Tagger(model)).rows == 0
    assert read_rows(default_output(path)) == [["Usulan", "Masalah", *COLUMNS]]


def test_input_is_never_overwritten(model: Model, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["paving"]])
    with pytest.raises(OutputError, match="is an input"):
        tag_file(path, Tagger(model), path, overwrite=True)
    with pytest.raises(OutputError, match=r"ends in \.csv"):
        tag_file(path, Tagger(model), tmp_path / "b.xlsx")
    tag_file(path, Tagger(model))
    with pytest.raises(OutputError, match="--force"):
        tag_file(path, Tagger(model))


def test_a_bad_row_leaves_nothing_behind(model: Model, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan", "b"], ["paving", "x"], ["paving"]])
    with pytest.raises(InputError, match="line 3"):
        tag_file(path, Tagger(model))
    assert [file.name for file in tmp_path.iterdir()] == ["a.csv"]


MESS = [
    ["Rekapitulasi Usulan", "", "", ""],
    ["NO", "USULAN", "LOKASI", "PAGU"],
    ["1", "2", "3", "4"],
    ["KELURAHAN MAWAR", "", "", ""],
    ["1", "paving gang", "RT 01", "1.000"],
    ["2", "kader posyandu", "RT 02", "2.000"],
    ["", "JUMLAH", "", "3.000"],
]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_tagging_twice_is_tagging_once(model: Model, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a{ending}"
    if ending == ".csv":
        write_rows(path, MESS, delimiter=";")
    else:
        book = openpyxl.Workbook()
        for row in MESS:
            book.active.append([cell or None for cell in row])
        book.save(path)
    first = tag_file(path, Tagger(model))
    again = tag_file(first.output, Tagger(model), tmp_path / f"b{ending}")
    assert first.reasons == again.reasons
    assert first.reasons["baris kelompok"] == first.reasons["baris jumlah"] == 1
    assert first.rows == again.rows == 4


def test_groups_and_sums_in_parquet_get_no_tags(model: Model, tmp_path: Path) -> None:
    columns = dict(zip(MESS[1], zip(*MESS[3:], strict=True), strict=True))
    table = pa.table({name: list(cells) for name, cells in columns.items()})
    maps = [None, b"\xff", b"\xfe", None]
    pq.write_table(table.append_column("peta", [maps]), tmp_path / "a.parquet")
    summary = tag_file(tmp_path / "a.parquet", Tagger(model))
    assert summary.status["kosong"] == 2
    tagged = pq.read_table(summary.output)
    assert tagged["peta"].to_pylist() == maps


def test_no_input_and_no_output_of_the_same_command_is_replaced(
    runner: CliRunner, model_file: Path, tmp_path: Path
) -> None:
    first = write_rows(tmp_path / "c.csv", [["Usulan"], ["paving"]])
    second = write_rows(tmp_path / "c.txt", [["Usulan"], ["kader posyandu"]])
    third = write_rows(tmp_path / "d.tagged.csv", [["Usulan"], ["sembako lansia"]])
    fourth = write_rows(tmp_path / "d.csv", [["Usulan"], ["paving"]])
    files = [str(path) for path in (first, second, third, fourth)]
    result = runner.invoke(main, ["tag", *files, "--model", str(model_file), "--force"])
    assert result.exit_code == 1
    assert f"2 of 4 exports not tagged: {second}, {fourth}." in result.output
    assert read_rows(tmp_path / "c.tagged.csv")[1][0] == "paving"
    assert read_rows(third) == [["Usulan"], ["sembako lansia"]]


def test_a_name_that_lies_about_the_format_is_refused(model: Model, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["Usulan"])
    book.active.append(["paving"])
    book.save(tmp_path / "a.xlsx")
    for name in ("h.csv.gz", "h.txt"):
        with pytest.raises(OutputError, match=r"cannot be written in that format.*\.xlsx"):
            tag_file(tmp_path / "a.xlsx", Tagger(model), tmp_path / name)


def test_a_cell_too_long_for_a_workbook_is_told_and_not_cut(model: Model, tmp_path: Path) -> None:
    page = f"<table><tr><th>Usulan</th></tr><tr><td>{'paving ' * 6000}</td></tr></table>"
    (tmp_path / "a.xls").write_text(page)
    with pytest.raises(OutputError, match="row 2"):
        tag_file(tmp_path / "a.xls", Tagger(model), tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()
    assert tag_file(tmp_path / "a.xls", Tagger(model)).rows == 1
