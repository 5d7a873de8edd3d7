"""The review sheet: which rows it holds, in what order, and that people can work with it."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from conftest import write_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.cli import main
from classifier.errors import InputError, ModelError, OutputError
from classifier.labelled import Labelled
from classifier.lexicon import Lexicon
from classifier.loop.form import ALAT, KOREKSI, KUNCI, NONE, SETUJU, Form, Key, sheet_text
from classifier.loop.novelty import NewWords
from classifier.loop.queue import FEWEST_SURE, review_order, same_request
from classifier.loop.review import review
from classifier.loop.sheet import SHEET, Item, workbook
from classifier.model import Model
from classifier.tagging import tag_file
from classifier.tags import Tagger, tag_columns

HEADER = ["ID Usulan", "Pengusul", "Usulan", "Masalah", "Kelurahan", "Kecamatan", "HP"]
TEXTS = [
    ("paving gang", "rusak berat"), ("got mampet di jalan", ""), ("bansos lansia", "jompo"),
    ("jalan dan drainase", "air meluap"), ("Paving gang RT 03", "rusak berat"), ("", ""),
    ("zxqv wvkj", "bplq"), ("kader posyandu yatim", ""), ("RT 01 RW 02", ""), ("rehab", "saluran"),
]  # fmt: skip


def export(path: Path) -> Path:
    rows = [
        [f"U{n}", "Bapak Fulan", usulan, masalah, "Sukamaju", "Mekar", "0812000111"]
        for n, (usulan, masalah) in enumerate(TEXTS)
    ]
    return write_rows(path, [HEADER, *rows])


@pytest.fixture
def tagged(model: Model, tmp_path: Path) -> Path:
    return tag_file(export(tmp_path / "a.csv"), Tagger(model)).output


def sheet_rows(path: Path, name: str = SHEET) -> list[dict[str, Any]]:
    header, *rows = openpyxl.load_workbook(path)[name].iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


# The queue


REASONS = ["keyakinan rendah", "dua kemungkinan: a / b", "kata tidak dikenal: x", "keyakinan cukup",
           "hanya nama tempat atau angka", "tidak ada teks", "aturan saran: got"]  # fmt: skip


def tags_of(rows: list[tuple[str, float, float, str]]) -> pa.Table:
    """Tags of rows given as label, first and second probability, and reason."""
    blank, sure = "tidak ada teks", "keyakinan cukup"
    status = [{blank: "kosong", sure: "otomatis"}.get(reason, "tinjau") for *_, reason in rows]
    columns = {
        "tag_prioritas": [label for label, *_ in rows],
        "tag_pilihan": [f"{label} {p:.2f}; x {q:.2f}; y 0.00" for label, p, q, _ in rows],
        "tag_status": status,
        "tag_alasan": [reason for *_, reason in rows],
    }
    return pa.table({name: pa.array(cells, pa.string()) for name, cells in columns.items()})


CHANCES = st.floats(0, 0.5)
ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), CHANCES, CHANCES, st.sampled_from(REASONS)), max_size=40
)


@given(ROWS, st.integers(1, 9))
def test_each_request_is_shown_once_and_wordless_ones_never(
    rows: list[tuple[str, float, float, str]], n_groups: int
) -> None:
    groups = np.arange(len(rows)) % n_groups
    order = review_order(tags_of(rows), groups).tolist()
    assert len({groups[row] for row in order}) == len(order) == len(set(order))
    worthy = {row for row, (*_, reason) in enumerate(rows) if reason not in REASONS[4:6]}
    assert set(order) <= worthy
    doubtful = {row for row in worthy if rows[row][3] != "keyakinan cukup"}
    assert {groups[row] for row in doubtful} <= {groups[row] for row in order}
    assert order == review_order(tags_of(rows), groups).tolist()


def test_small_margins_and_rare_labels_come_first() -> None:
    low = "keyakinan rendah"
    tags = tags_of([("a", 0.6, 0.1, low), ("a", 0.5, 0.4, low), ("b", 0.5, 0.4, low)])
    assert review_order(tags, np.arange(3), {"a": 900, "b": 10}).tolist() == [2, 1, 0]
    assert review_order(tags, np.arange(3), {"a": 10, "b": 900}).tolist() == [1, 0, 2]


NEW_TEXTS = st.lists(st.sampled_from(["paving gang", "lapen", "lapen dusun", "biogas", ""]))


@given(NEW_TEXTS, st.integers(1, 9))
def test_words_change_the_order_of_the_rows_and_not_which_they_are(
    model: Model, texts: list[str], most: int
) -> None:
    tags = tags_of([("a", 0.5, 0.4, "keyakinan rendah")] * len(texts))
    groups, words = np.arange(len(texts)), NewWords.of(model, [pa.chunked_array([texts], "string")])
    order = review_order(tags, groups, None, words, most)
    assert sorted(order) == sorted(review_order(tags, groups))


def test_new_words_of_many_rows_come_first_and_take_turns(model: Model) -> None:
    texts = ["paving gang", "telford", "lapen dusun", "lapen", "biogas sapi", "biogas", "lapen"]
    tags = tags_of([("a", 0.5, 0.4, "keyakinan rendah")] * len(texts))
    words = NewWords.of(model, [pa.chunked_array([texts])])
    first = [texts[row] for row in review_order(tags, np.arange(len(texts)), None, words)[:2]]
    assert first == ["lapen", "biogas"]


def test_labels_take_turns() -> None:
    rows = [("a", 0.5, 0.4, "keyakinan rendah")] * 9 + [("b", 0.5, 0.2, "keyakinan rendah")]
    assert review_order(tags_of(rows), np.arange(10)).tolist().index(9) == 1


def test_every_tenth_row_is_a_sure_one() -> None:
    rows = [("a", 0.9, 0.01, "keyakinan cukup")] * 50 + [("a", 0.4, 0.3, "keyakinan rendah")] * 200
    order = review_order(tags_of(rows), np.arange(250))
    assert np.flatnonzero(order < 50).tolist() == [*range(9, 220, 10), 222]
    assert len(review_order(tags_of(rows[:50]), np.arange(50))) == FEWEST_SURE


def test_requests_that_only_differ_in_places_are_one_and_wordless_ones_are_not() -> None:
    texts = ["Paving RT 01", "paving rt 9", "RT 01", "RT 02", "", "Got"]
    column = pa.chunked_array([texts])
    assert same_request([column], Lexicon.load()).tolist()[:2] == [0, 0]
    assert len(set(same_request([column], Lexicon.load()).tolist())) == 5
    found = pa.chunked_array([["", "7", "", "8", "8", "7"]])
    assert len(set(same_request([column], Lexicon.load(), found).tolist())) == 3
    assert same_request([column.slice(0, 0)], Lexicon.load()).tolist() == []


# The sheet


def test_it_holds_each_worthy_row_once_with_what_the_tool_says(
    model: Model, tagged: Path, tmp_path: Path
) -> None:
    done = review(tagged, model, tmp_path / "l.xlsx")
    rows = sheet_rows(tmp_path / "l.xlsx")
    assert done.shown == len(rows) == done.worthy
    assert done.rows == len(TEXTS)
    texts = [(row["usulan"] or "", row["masalah"] or "") for row in rows]
    assert set(texts) < set(TEXTS)
    assert len(set(texts)) == len(texts)
    assert not {("", ""), ("RT 01 RW 02", "")} & set(texts)
    paving = next(row for row in rows if (row["usulan"] or "").lower().startswith("paving"))
    assert paving["serupa"] == 2
    assert paving["lokasi"] == "Sukamaju, Mekar"
    assert paving["id"] in ("U0", "U4")
    assert paving[ALAT].startswith("prioritas: jalan\njenis: fisik\nspm: bukan")
    assert re.match(r"jalan \d+%\n\w+ \d+%\n\w+ \d+%$", paving["pilihan"])
    assert [row["nomor"] for row in rows] == list(range(1, len(rows) + 1))
    assert all(row[name] is None for row in rows for name in Form.of(model).asked)


def test_at_most_so_many_rows(model: Model, tagged: Path, tmp_path: Path) -> None:
    assert review(tagged, model, tmp_path / "l.xlsx", most=2).shown == 2
    assert len(sheet_rows(tmp_path / "l.xlsx")) == 2


def test_no_person_s_name_or_number_is_copied(model: Model, tagged: Path, tmp_path: Path) -> None:
    review(tagged, model, tmp_path / "l.xlsx")
    with zipfile.ZipFile(tmp_path / "l.xlsx") as archive:
        content = b"".join(map(archive.read, archive.namelist()))
    assert b"Sukamaju" in content
    assert b"Fulan" not in content
    assert b"0812000111" not in content


def test_tables_of_all_formats_give_the_same_sheet(model: Model, tmp_path: Path) -> None:
    rows = [line.split(",") for line in export(tmp_path / "a.csv").read_text().splitlines()]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    columns = dict(zip(rows[0], map(list, zip(*rows[1:], strict=True)), strict=True))
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    sheets = []
    for ending in (".csv", ".xlsx", ".parquet"):
        out = tag_file(tmp_path / f"a{ending}", Tagger(model)).output
        review(out, model, tmp_path / f"l{ending}.xlsx")
        sheets.append(sheet_rows(tmp_path / f"l{ending}.xlsx"))
    assert sheets[0] == sheets[1] == sheets[2]


def test_groups_found_by_tag_are_shown_once(model: Model, tagged: Path, tmp_path: Path) -> None:
    lines = tagged.read_text(encoding="utf-8").splitlines()
    ids = ["tag_duplikat", "", "7", "", "7", *[""] * 6]
    bare = [line.rpartition(",")[0] for line in lines]
    content = "\n".join(f"{line},{cell}" for line, cell in zip(bare, ids, strict=True))
    (tmp_path / "d.csv").write_text(content, encoding="utf-8")
    review(tmp_path / "d.csv", model, tmp_path / "l.xlsx")
    counts = {row["usulan"]: row["serupa"] for row in sheet_rows(tmp_path / "l.xlsx")}
    assert len({"got mampet di jalan", "jalan dan drainase"} & set(counts)) == 1
    assert sorted(counts.values())[-2:] == [2, 2]


def test_three_text_columns_become_two(model: Model, tmp_path: Path) -> None:
    head = ["A", "B", "C"]
    path = write_rows(tmp_path / "a.csv", [head, ["paving gang", "rusak", "mohon dibantu"]])
    out = tag_file(path, Tagger(model), text=head).output
    review(out, model, tmp_path / "l.xlsx", text=head)
    (row,) = sheet_rows(tmp_path / "l.xlsx")
    assert (row["usulan"], row["masalah"]) == ("paving gang", "rusak\nmohon dibantu")
    assert "lokasi" not in row


TEXT = st.text(
    st.characters(codec="utf-8") | st.sampled_from("=+-@\t\n\r\0\x07_x0041'\"<&"), max_size=30
)


@settings(max_examples=50)
@given(usulan=TEXT, masalah=TEXT, place=TEXT)
def test_any_text_is_inert_and_comes_back(
    model: Model, tmp_path_factory: pytest.TempPathFactory, usulan: str, masalah: str, place: str
) -> None:
    from python_calamine import load_workbook

    form = Form.of(model)
    item = Item((usulan, masalah), {"prioritas": "jalan"}, "jalan 0.50", usulan, 1, masalah, place)
    path = tmp_path_factory.mktemp("sheet") / "l.xlsx"
    workbook([item], form, {"Berkas asal": usulan}).save(path)
    with zipfile.ZipFile(path) as archive:
        assert all(b"<f>" not in archive.read(name) for name in archive.namelist())
    header, cells = load_workbook(path).get_sheet_by_name(SHEET).to_python()
    row = dict(zip(header, cells, strict=True))
    assert row["usulan"] == sheet_text(usulan)
    assert row.get("lokasi", "") == sheet_text(place)
    key = Key.read(row[KUNCI])
    assert key is not None
    assert key == form.key([row["usulan"], row["masalah"], row[ALAT]])


def test_people_find_drop_downs_guide_and_instructions(
    model: Model, tagged: Path, tmp_path: Path
) -> None:
    review(tagged, model, tmp_path / "l.xlsx")
    book = openpyxl.load_workbook(tmp_path / "l.xlsx")
    assert book.sheetnames == [SHEET, "Panduan", "Petunjuk"]
    assert_drop_downs(book, model)
    sheet = book[SHEET]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert all(cell.alignment.wrap_text for cell in sheet[1])
    guide = {
        (row["bagian"], row["label"]): row for row in sheet_rows(tmp_path / "l.xlsx", "Panduan")
    }
    assert guide["prioritas", "jalan"]["nama"] == "Infrastruktur jalan dan jembatan"
    assert "drainase (banjir)" in guide["prioritas", "jalan"]["bukan di sini"]
    told = " ".join(str(cell) for row in book["Petunjuk"].values for cell in row)
    assert "Pemeriksa" in told
    assert "a.tagged.csv: 10 baris" in told


def assert_drop_downs(book: openpyxl.Workbook, model: Model) -> None:
    """That each cell to fill in offers the labels of its facet, by a range of the guide."""
    sheet, form = book[SHEET], Form.of(model)
    letters = {cell.value: cell.column_letter for cell in sheet[1]}
    offers = {}
    for rule in sheet.data_validations.dataValidation:
        assert rule.type == "list"
        offers |= {str(part).rstrip("0123456789").split(":")[0].rstrip("0123456789"): rule.formula1
                   for part in str(rule.sqref).split()}  # fmt: skip
    for facet, columns in form.corrections.items():
        labels = list(form.facets[facet].labels) + [NONE] * form.facets[facet].banyak
        for column in columns:
            name, area = offers[letters[column]].replace("'", "").replace("!", ".", 1).split(".", 1)
            cells = book[name.strip("$")][area.replace("$", "").replace("Panduan.", "")]
            assert [row[0].value for row in cells] == labels
    assert offers[letters[SETUJU]].strip('"') == "ya"
    assert set(offers) == {letters[name] for name in form.asked}


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_libreoffice_keeps_all_of_it(model: Model, tagged: Path, tmp_path: Path) -> None:
    review(tagged, model, tmp_path / "l.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir"]
    subprocess.run(
        [*command, tmp_path / "o", tmp_path / "l.xlsx"],
        check=True,
        capture_output=True,
        timeout=300,
    )
    assert sheet_rows(tmp_path / "o/l.xlsx") == sheet_rows(tmp_path / "l.xlsx")
    book = openpyxl.load_workbook(tmp_path / "o/l.xlsx")
    assert_drop_downs(book, model)
    assert book[SHEET].auto_filter.ref  # its headless mode has no windows, so no frozen panes


# The edges


def test_tables_that_were_not_tagged_are_refused(model: Model, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"has no column tag_prioritas; .* Run 'usulan tag"):
        review(export(tmp_path / "a.csv"), model, tmp_path / "l.xlsx")


@pytest.mark.parametrize(("label", "column"), [("jalan", "prioritas"), ("fisik", "jenis")])
def test_labels_of_another_model_are_refused(
    model: Model, tagged: Path, tmp_path: Path, label: str, column: str
) -> None:
    content = tagged.read_text(encoding="utf-8").replace(f",{label},", ",jalur,")
    tagged.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=rf"row 2, tag_{column}: 'jalur' is no label of the model"):
        review(tagged, model, tmp_path / "l.xlsx")


def test_rows_that_the_model_was_trained_on_are_not_asked_again(
    labelled: Labelled, model: Model, tmp_path: Path
) -> None:
    known, new = labelled.columns[0].to_pylist()[::6], ["got dan gang rusak", "sembako kader"]
    path = write_rows(tmp_path / "a.csv", [["Usulan"], *([text] for text in [*known, *new])])
    out = tag_file(path, Tagger(model), text=["Usulan"]).output
    done = review(out, model, tmp_path / "l.xlsx", text=["Usulan"])
    assert {row["usulan"] for row in sheet_rows(tmp_path / "l.xlsx")} == set(new)
    assert (done.rows, done.worthy, done.shown) == (len(known) + 2, 2, 2)


def test_a_table_without_words_is_refused(model: Model, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["RT 01"], ["-"]])
    out = tag_file(path, Tagger(model), text=["Usulan"]).output
    with pytest.raises(InputError, match="no row with words"):
        review(out, model, tmp_path / "l.xlsx", text=["Usulan"])


def test_outputs_are_guarded(model: Model, tagged: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"ends in \.xlsx"):
        review(tagged, model, tmp_path / "l.csv")
    review(tagged, model, tmp_path / "l.xlsx")
    with pytest.raises(OutputError, match="--force"):
        review(tagged, model, tmp_path / "l.xlsx")
    review(tagged, model, tmp_path / "l.xlsx", overwrite=True)


def test_a_model_that_does_not_describe_its_labels_is_refused(model: Model) -> None:
    from dataclasses import replace

    bare = {"facet": {head.facet: {"label": {}} for head in model.heads}}
    with pytest.raises(ModelError, match="does not describe its labels"):
        Form.of(replace(model, record={**model.record, "taxonomy": bare}))


def test_the_command_says_what_it_did(
    runner: CliRunner, model_file: Path, tagged: Path, tmp_path: Path
) -> None:
    out = str(tmp_path / "l.xlsx")
    call = ["review", str(tagged), "-o", out, "--model", str(model_file), "--max", "3"]
    result = runner.invoke(main, call)
    assert result.exit_code == 0, result.output
    assert result.output.startswith(f"{out}: 3 rows, of ")
    assert " of 10 rows are for review (tinjau)." in result.output
    again = runner.invoke(main, call)
    assert again.exit_code == 1
    assert "exists" in again.output


def test_columns_stand_in_one_order(model: Model, tagged: Path, tmp_path: Path) -> None:
    review(tagged, model, tmp_path / "l.xlsx")
    names = list(sheet_rows(tmp_path / "l.xlsx")[0])
    assert names[:3] == ["nomor", "usulan", "masalah"]
    assert names[-1] == KUNCI
    assert names.index(SETUJU) + 1 == names.index(KOREKSI[0])
    assert tag_columns(model)[0] == "tag_prioritas"
