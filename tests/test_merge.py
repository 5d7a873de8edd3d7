"""Review sheets that come back: what people said is taken, and never for a wrong row."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from conftest import COLUMNS, labelled_rows, read_rows, write_rows
from hypothesis import given
from hypothesis import strategies as st

from classifier.cli import main
from classifier.errors import InputError, OutputError
from classifier.labelled import read_labelled
from classifier.loop.form import ALAT, KUNCI, NONE, Form
from classifier.loop.merge import Merged, merge
from classifier.loop.sheet import SHEET, Item, workbook
from classifier.model import Model
from classifier.taxonomy import Taxonomy

TOLD = {"prioritas": "jalan;banjir", "jenis": "fisik", "spm": "bukan", "tematik": ""}
UNCLEAR = {"prioritas": "tidak_jelas", "jenis": "tidak_jelas", "spm": "bukan", "tematik": ""}
TEXTS = [
    ("Paving gang Mawar", "becek; licin"), ("Got mampet", 'kata "warga"'), ("=1+1", "-"),
    ("Bansos lansia", "baris\nkedua"), ("Posyandu", ""), ("Lampu padam", "gelap"),
]  # fmt: skip


@pytest.fixture(autouse=True)
def _fixed_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1735689600")


def items() -> list[Item]:
    return [
        Item(texts, UNCLEAR if n == 4 else TOLD, "jalan 0.50", "keyakinan rendah", 1, f"U{n}")
        for n, texts in enumerate(TEXTS)
    ]


def sheet(model: Model, path: Path, filled: dict[int, dict[str, str]]) -> Path:
    """A review sheet of TEXTS with cells filled in, by row from 0 and name of column."""
    book = workbook(items(), Form.of(model), {})
    page = book[SHEET]
    columns = {cell.value: cell.column for cell in page[1]}
    for row, cells in filled.items():
        for name, value in cells.items():
            page.cell(row + 2, columns[name]).value = value
    book.save(path)
    return path


def as_rows(path: Path) -> list[list[str]]:
    page = openpyxl.load_workbook(path)[SHEET]
    return [["" if value is None else str(value) for value in row] for row in page.values]


def merged_rows(path: Path) -> list[dict[str, str]]:
    header, *rows = read_rows(path)
    return [dict(zip(header, row, strict=True)) for row in rows]


def change(path: Path, edit: Callable[[Any], None]) -> Path:
    """Edit a workbook's sheet as a person would."""
    book = openpyxl.load_workbook(path)
    edit(book[SHEET])
    book.save(path)
    return path


FILLED: dict[int, dict[str, str]] = {
    0: {"setuju": "ya"},
    1: {"koreksi": "banjir"},
    3: {"koreksi": "sosial", "koreksi_2": "kesehatan", "koreksi_jenis": "nonfisik"},
    5: {"setuju": "ya", "koreksi": "pju", "koreksi_tematik": "stunting"},
}


def labels_of(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(row[facet] for facet in TOLD)


# What is taken


SAID = [
    ({"setuju": "ya"}, ("jalan;banjir", "fisik", "bukan", "")),
    ({"setuju": " Ya "}, ("jalan;banjir", "fisik", "bukan", "")),
    ({"koreksi": "pju"}, ("pju", "", "", "")),
    ({"koreksi": "Penerangan Jalan Umum"}, ("pju", "", "", "")),
    ({"koreksi": "pju", "setuju": "ya"}, ("pju", "fisik", "bukan", "")),
    ({"koreksi": "pju", "setuju": "tidak"}, ("pju", "", "", "")),
    ({"koreksi": "pju", "koreksi_3": "jalan"}, ("pju;jalan", "", "", "")),
    ({"setuju": "ya", "koreksi_2": "pju"}, ("jalan;pju", "fisik", "bukan", "")),
    ({"setuju": "ya", "koreksi_jenis": "barang"}, ("jalan;banjir", "barang", "bukan", "")),
    ({"koreksi": "pju", "koreksi_spm": "pu"}, ("pju", "", "pu", "")),
    ({"setuju": "ya", "koreksi_tematik": NONE}, ("jalan;banjir", "fisik", "bukan", "")),
    ({"koreksi": "tidak_jelas"}, ("tidak_jelas", "tidak_jelas", "bukan", "")),
    ({"koreksi": "tidak_jelas", "setuju": "ya"}, ("tidak_jelas", "tidak_jelas", "bukan", "")),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "labels"), SAID)
def test_what_was_said_is_taken_and_nothing_else(
    model: Model, tmp_path: Path, cells: dict[str, str], labels: tuple[str, ...]
) -> None:
    path = sheet(model, tmp_path / "l.xlsx", {1: cells})
    done = merge([path], tmp_path / "out.csv", model)
    assert done == Merged(added=1, blank=5)
    (row,) = merged_rows(tmp_path / "out.csv")
    assert (row["id"], row["usulan"], row["masalah"]) == ("U1", *TEXTS[1])
    assert labels_of(row) == labels


def test_labels_of_a_row_that_seemed_to_ask_for_nothing_do_not_stay(
    model: Model, tmp_path: Path
) -> None:
    path = sheet(model, tmp_path / "l.xlsx", {4: {"koreksi": "kesehatan", "setuju": "ya"}})
    merge([path], tmp_path / "out.csv", model)
    assert labels_of(merged_rows(tmp_path / "out.csv")[0]) == ("kesehatan", "", "", "")


def test_it_is_noted_who_when_and_after_which_model(model: Model, tmp_path: Path) -> None:
    path = sheet(model, tmp_path / "l.xlsx", FILLED)
    book = openpyxl.load_workbook(path)
    book["Petunjuk"]["B3"] = "Ani: B;"
    book.save(path)
    merge([path], tmp_path / "a.csv", model)
    merge([path], tmp_path / "b.csv", model, who="Budi")
    digest = Form.of(model).model
    assert merged_rows(tmp_path / "a.csv")[0]["sumber"] == f"tinjauan:Ani B:2025-01-01:{digest}"
    assert merged_rows(tmp_path / "b.csv")[0]["sumber"] == f"tinjauan:Budi:2025-01-01:{digest}"


def test_merged_rows_can_be_learnt_from(
    model: Model, taxonomy: Taxonomy, tmp_path: Path, labelled_csv: Path
) -> None:
    into = tmp_path / "labelled.csv"
    shutil.copy(labelled_csv, into)
    done = merge([sheet(model, tmp_path / "l.xlsx", FILLED)], into, model)
    assert done.added == 4
    data = read_labelled([into], taxonomy)
    assert len(data) == len(labelled_rows()) + 4
    assert data.labels["jenis"][-3:] == ((), ("nonfisik",), ("fisik",))


# The file it goes into


OLD_HEADER = "catatan;Sumber;usulan;masalah;tematik;spm;jenis;prioritas;id"
OLD = f"{OLD_HEADER}\r\nx;uji;“Got” lama;;;;fisik;pju;1"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("end", ["", "\r\n"])
def test_its_bytes_stay_and_rows_follow_in_its_own_way(
    model: Model, tmp_path: Path, codec: str, end: str
) -> None:
    into = tmp_path / "labelled.csv"
    into.write_bytes((OLD + end).encode(codec))
    path = sheet(model, tmp_path / "l.xlsx", {0: {"setuju": "ya", "catatan": "cek"}})
    assert merge([path], into, model).added == 1
    content = into.read_bytes()
    assert content.startswith((OLD + end).encode(codec))
    header, _, new = csv.reader(io.StringIO(content.decode(codec), newline=""), delimiter=";")
    row = dict(zip(header, new, strict=True))
    assert (row["catatan"], row["usulan"], row["masalah"]) == ("cek", *TEXTS[0])
    assert labels_of(row) == ("jalan;banjir", "fisik", "bukan", "")
    assert content.decode(codec).endswith("\r\n")


def test_no_letter_is_lost_in_an_old_encoding(model: Model, tmp_path: Path) -> None:
    book = workbook([Item(("Paving → gang", "m"), TOLD)], Form.of(model), {})
    columns = {cell.value: cell.column for cell in book[SHEET][1]}
    book[SHEET].cell(2, columns["setuju"]).value = "ya"
    book.save(tmp_path / "l.xlsx")
    row = "1,pohon “beringin” – tumbang,,kebencanaan,fisik,bukan,,uji"
    before = f"{','.join(COLUMNS)}\n{row}\n".encode("cp1252")
    (tmp_path / "out.csv").write_bytes(before)
    with pytest.raises(OutputError, match="in cp1252, which lacks '→'"):
        merge([tmp_path / "l.xlsx"], tmp_path / "out.csv", model)
    assert (tmp_path / "out.csv").read_bytes() == before


def test_merging_again_adds_nothing(model: Model, tmp_path: Path) -> None:
    path, into = sheet(model, tmp_path / "l.xlsx", FILLED), tmp_path / "labelled.csv"
    assert merge([path], into, model) == Merged(added=4, blank=2)
    before = into.read_bytes()
    assert merge([path], into, model) == Merged(known=4, blank=2)
    assert merge([path, path], into, model, who="Budi").known == 8
    assert into.read_bytes() == before


def test_a_row_that_says_more_is_added_and_one_that_says_less_is_not(
    model: Model, tmp_path: Path
) -> None:
    into = tmp_path / "labelled.csv"
    for cells, added in (
        ({"koreksi": "pju"}, 1),
        ({"koreksi": "pju", "koreksi_jenis": "fisik"}, 1),
        ({"koreksi": "pju"}, 0),
        ({"koreksi": "pju", "koreksi_jenis": "fisik"}, 0),
    ):
        path = sheet(model, tmp_path / "l.xlsx", {1: cells})
        assert merge([path], into, model).added == added


def test_labels_that_are_there_are_kept_and_the_contradiction_is_told(
    model: Model, tmp_path: Path
) -> None:
    old = ["1", "GOT  mampet", "kata warga", "pju", "", "", "", "lama"]
    into = write_rows(tmp_path / "labelled.csv", [COLUMNS, old])
    before = into.read_bytes()
    done = merge([sheet(model, tmp_path / "l.xlsx", FILLED)], into, model)
    assert done.added == 3
    (problem,) = done.problems
    assert f"{tmp_path / 'l.xlsx'}: Lembar!B3: prioritas banjir here, but pju in " in problem
    assert f"{into}: row 2; that one was kept." in problem
    assert into.read_bytes().startswith(before)


BAD_TARGETS = {
    "a.csv": ("id,usulan,prioritas\n1,got,jalan\n", r"has no column masalah, jenis, spm, tematik"),
    "b.csv": ("", "is empty"),
}


@pytest.mark.parametrize("name", BAD_TARGETS)
def test_files_that_are_no_labelled_csv_are_refused(
    model: Model, tmp_path: Path, name: str
) -> None:
    content, reason = BAD_TARGETS[name]
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises((OutputError, InputError), match=reason):
        merge([sheet(model, tmp_path / "l.xlsx", FILLED)], tmp_path / name, model)
    assert (tmp_path / name).read_text(encoding="utf-8") == content


def test_neither_a_workbook_nor_the_sheet_itself_is_appended_to(
    model: Model, tmp_path: Path
) -> None:
    path = sheet(model, tmp_path / "l.xlsx", FILLED)
    with pytest.raises(OutputError, match="is an input"):
        merge([path], path, model)
    other = sheet(model, tmp_path / "m.xlsx", FILLED)
    with pytest.raises(OutputError, match="is no CSV file"):
        merge([path], other, model)


# Sheets in every state


def test_all_the_same_if_saved_as_csv(model: Model, tmp_path: Path) -> None:
    rows = as_rows(sheet(model, tmp_path / "l.xlsx", FILLED))
    merge([tmp_path / "l.xlsx"], tmp_path / "a.csv", model)
    write_rows(tmp_path / "l.csv", rows, ";")
    assert merge([tmp_path / "l.csv"], tmp_path / "b.csv", model) == Merged(added=4, blank=2)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["ods", "xls", "csv"])
def test_all_the_same_if_saved_by_libreoffice(model: Model, tmp_path: Path, ending: str) -> None:
    path = sheet(model, tmp_path / "l.xlsx", FILLED)
    merge([path], tmp_path / "a.csv", model)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    kind = "csv:Text - txt - csv (StarCalc):59,34,76" if ending == "csv" else ending
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir"]
    subprocess.run([*command, tmp_path / "o", path], check=True, capture_output=True, timeout=300)
    assert merge([tmp_path / f"o/l.{ending}"], tmp_path / "b.csv", model).added == 4
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def title(page: Any) -> None:
    page.insert_rows(1, 2)
    page["A1"] = "Hasil tinjauan tim"


def moved(page: Any) -> None:
    page.insert_cols(3)
    page["C1"] = "status rapat"
    page["C2"] = "sudah"


def renamed(page: Any) -> None:
    page.title = "Punya Ani"
    for cell in page[1]:
        cell.value = str(cell.value).upper().replace("_", " ")


def grouped(page: Any) -> None:
    page.insert_rows(4)
    page["B4"] = "Kelurahan Lopang"
    page.insert_rows(2)


@pytest.mark.parametrize("edit", [title, moved, renamed, grouped])
def test_titles_columns_and_names_do_not_matter(
    model: Model, tmp_path: Path, edit: Callable[[Any], None]
) -> None:
    path = sheet(model, tmp_path / "l.xlsx", FILLED)
    merge([path], tmp_path / "a.csv", model)
    done = merge([change(path, edit)], tmp_path / "b.csv", model)
    assert done.added == 4
    assert not done.problems
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


@pytest.fixture(scope="module")
def untouched(
    model: Model, tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[list[str]], list[dict[str, str]]]:
    """A filled sheet's rows, header first, and what it merges to as it is."""
    folder = tmp_path_factory.mktemp("untouched")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1735689600")
        path = sheet(model, folder / "l.xlsx", FILLED)
        merge([path], folder / "all.csv", model)
    return as_rows(path), merged_rows(folder / "all.csv")


@given(kept=st.lists(st.integers(0, 5), max_size=9))
def test_rows_may_be_sorted_deleted_and_copied(
    model: Model,
    untouched: tuple[list[list[str]], list[dict[str, str]]],
    tmp_path_factory: pytest.TempPathFactory,
    kept: list[int],
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    (header, *rows), merged = untouched
    write_rows(folder / "l.csv", [header, *(rows[number] for number in kept)], ";")
    done = merge([folder / "l.csv"], folder / "out.csv", model)
    assert not done.problems
    everything = {row["id"]: row for row in merged}
    expected = [everything[f"U{number}"] for number in sorted({*kept} & {*FILLED})]
    found = merged_rows(folder / "out.csv") if expected else []
    assert sorted(found, key=lambda row: row["id"]) == expected
    assert merge([folder / "l.csv"], folder / "out.csv", model).added == 0


@given(data=st.data())
def test_no_cell_that_strayed_labels_a_wrong_row(
    model: Model,
    untouched: tuple[list[list[str]], list[dict[str, str]]],
    tmp_path_factory: pytest.TempPathFactory,
    data: st.DataObject,
) -> None:
    """Texts, labels and keys are swapped between rows, as when one column alone is sorted."""
    folder = tmp_path_factory.mktemp("rows")
    header, *rows = [list(row) for row in untouched[0]]
    column = header.index(data.draw(st.sampled_from(["usulan", "masalah", ALAT, KUNCI])))
    order = data.draw(st.permutations(range(len(rows))))
    cells = [row[column] for row in rows]
    for row, place in zip(rows, order, strict=True):
        row[column] = cells[place]
    write_rows(folder / "l.csv", [header, *rows], ";")
    merge([folder / "l.csv"], folder / "out.csv", model)
    found = merged_rows(folder / "out.csv") if (folder / "out.csv").exists() else []
    right = [{**row, "id": ""} for row in untouched[1]]
    assert all({**row, "id": ""} in right for row in found)


# What is not taken, and said to be


REFUSED = [
    (1, {"koreksi": "bajir"}, r"Lembar!I3: prioritas: unknown label 'bajir'; near it: banjir"),
    (1, {"koreksi": "qqqq"}, r"Lembar!I3: prioritas: unknown label 'qqqq'; see the sheet Panduan"),
    (1, {"koreksi": "pju", "koreksi_2": "fisik"}, r"Lembar!J3: prioritas: unknown label 'fisik'"),
    (1, {"koreksi": "pju", "koreksi_jenis": "fisik;barang"}, r"Lembar!L3: jenis takes one label"),
    (1, {"koreksi_jenis": "barang"}, r"Lembar!I3: neither picked nor confirmed"),
    (1, {"koreksi_2": "pju"}, r"Lembar!I3: is blank, but a further label is picked"),
    (1, {"setuju": "tidak"}, r"Lembar!I3: neither picked nor confirmed"),
    (1, {"setuju": "x"}, r"Lembar!H3: 'x' is neither ya nor blank"),
    (1, {"koreksi": "tidak_jelas", "koreksi_2": "pju"}, r"tidak_jelas cannot stand with other"),
    (1, {"koreksi": "pju", "koreksi_tematik": f"{NONE};stunting"}, r"N3: \(tidak ada\) cannot"),
    (1, {"koreksi": "pju", "masalah": "kata warga!"}, r"Lembar!B3: text, label_alat or key were"),
    (1, {"setuju": "ya", ALAT: "prioritas: pju"}, r"Lembar!B3: text, label_alat or key were"),
    (1, {"koreksi": "pju", KUNCI: ""}, r"Lembar!Q3: no key is left"),
    (1, {"koreksi": "pju", KUNCI: "k0000-00000000-0000000000"}, r"Lembar!Q3: made with another li"),
]  # fmt: skip


@pytest.mark.parametrize(("row", "cells", "reason"), REFUSED)
def test_a_row_that_cannot_be_taken_is_named_and_the_others_are_taken(
    model: Model, tmp_path: Path, row: int, cells: dict[str, str], reason: str
) -> None:
    path = sheet(model, tmp_path / "l.xlsx", {**FILLED, row: cells})
    done = merge([path], tmp_path / "out.csv", model)
    (problem,) = done.problems
    assert problem.startswith(f"{path}: Lembar!")
    assert done.added == 3
    assert re.search(reason, problem), problem
    assert "U1" not in [row["id"] for row in merged_rows(tmp_path / "out.csv")]


def test_copies_labelled_otherwise_are_both_left(model: Model, tmp_path: Path) -> None:
    rows = as_rows(sheet(model, tmp_path / "l.xlsx", FILLED))
    copy = list(rows[2])
    copy[rows[0].index("koreksi")] = "pju"
    write_rows(tmp_path / "l.csv", [*rows, copy], ";")
    done = merge([tmp_path / "l.csv"], tmp_path / "out.csv", model)
    assert done.added == 3
    places = [problem.split(": labelled otherwise in ")[0] for problem in done.problems]
    assert places == [f"{tmp_path / 'l.csv'}: B3", f"{tmp_path / 'l.csv'}: B8"]
    assert "U1" not in [row["id"] for row in merged_rows(tmp_path / "out.csv")]


def test_two_people_who_agree_and_two_who_do_not(model: Model, tmp_path: Path) -> None:
    one = sheet(model, tmp_path / "ani.xlsx", {0: {"koreksi": "pju"}, 1: {"koreksi": "pju"}})
    two = {0: {"koreksi": "pju", "koreksi_jenis": "fisik"}, 1: {"koreksi": "jalan"}}
    other = sheet(model, tmp_path / "budi.xlsx", two)
    done = merge([one, other], tmp_path / "out.csv", model)
    assert (done.added, done.known, len(done.problems)) == (1, 1, 2)
    assert labels_of(merged_rows(tmp_path / "out.csv")[0]) == ("pju", "fisik", "", "")


def test_a_broken_row_of_csv_is_named(model: Model, tmp_path: Path) -> None:
    rows = as_rows(sheet(model, tmp_path / "l.xlsx", FILLED))
    rows[2].append("lebih")
    write_rows(tmp_path / "l.csv", rows, ";")
    done = merge([tmp_path / "l.csv"], tmp_path / "out.csv", model)
    assert done.added == 3
    assert "row 3: cannot be read as a row of CSV" in done.problems[0]


def drop_key(page: Any) -> None:
    page.delete_cols([cell.value for cell in page[1]].index(KUNCI) + 1)


def rename_further(page: Any) -> None:
    next(cell for cell in page[1] if cell.value == "koreksi_2").value = "label kedua"


def double(page: Any) -> None:
    page["T1"] = "Koreksi"


BROKEN = [
    (drop_key, "has no column kunci, so it is not known what was filled in"),
    (rename_further, "has no column koreksi_2"),
    (double, r"column koreksi is there twice \(I and T\)"),
]


@pytest.mark.parametrize(("edit", "reason"), BROKEN)
def test_sheets_without_their_columns_are_refused(
    model: Model, tmp_path: Path, edit: Callable[[Any], None], reason: str
) -> None:
    path = change(sheet(model, tmp_path / "l.xlsx", FILLED), edit)
    with pytest.raises(InputError, match=reason):
        merge([path], tmp_path / "out.csv", model)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("lock", [".~lock.l.xlsx#", "~$l.xlsx"])
def test_a_sheet_that_is_still_open_is_refused(model: Model, tmp_path: Path, lock: str) -> None:
    path = sheet(model, tmp_path / "l.xlsx", FILLED)
    (tmp_path / lock).touch()
    with pytest.raises(InputError, match="is open in a spreadsheet"):
        merge([path], tmp_path / "out.csv", model)


def test_a_labelled_file_that_is_open_or_protected_is_left_alone(
    model: Model, tmp_path: Path
) -> None:
    path, into = sheet(model, tmp_path / "l.xlsx", FILLED), tmp_path / "out.csv"
    lock = tmp_path / ".~lock.out.csv#"
    lock.touch()
    with pytest.raises(InputError, match=r"out\.csv: is open in a spreadsheet"):
        merge([path], into, model)
    lock.unlink()
    merge([sheet(model, tmp_path / "one.xlsx", {0: FILLED[0]})], into, model)
    into.chmod(0o444)
    with pytest.raises(OutputError, match="is write-protected"):
        merge([path], into, model)
    into.chmod(0o660)
    assert merge([path], into, model).added == 3
    assert into.stat().st_mode & 0o777 == 0o660


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.csv.gz"])
def test_a_new_labelled_file_is_called_as_a_csv_file(
    model: Model, tmp_path: Path, name: str
) -> None:
    path = sheet(model, tmp_path / "l.xlsx", FILLED)
    with pytest.raises(OutputError, match=r"ends in \.csv"):
        merge([path], tmp_path / name, model)
    assert merge([path], tmp_path / "BARU.CSV", model).added == 4
    assert merge([path], tmp_path / "BARU.CSV", model).added == 0


def test_a_copy_of_the_sheet_is_not_chosen_by_chance(model: Model, tmp_path: Path) -> None:
    path = sheet(model, tmp_path / "l.xlsx", FILLED)
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book[SHEET]).title = "Salinan"
    book.save(path)
    with pytest.raises(InputError, match="Choose one with --sheet NAME"):
        merge([path], tmp_path / "out.csv", model)
    assert merge([path], tmp_path / "out.csv", model, sheet="Salinan").added == 4


def test_the_sheet_is_found_beside_another_with_proposals(model: Model, tmp_path: Path) -> None:
    path = sheet(model, tmp_path / "l.xlsx", FILLED)
    book = openpyxl.load_workbook(path)
    other = book.create_sheet("Ekspor", 0)
    names = ["ID Usulan", "Usulan", "Masalah", "Kelurahan", "Kecamatan", "Volume", "Satuan",
             "Anggaran", "Status", "Catatan", "Tahun", "OPD Tujuan Akhir"]  # fmt: skip
    other.append(names)
    other.append(
        ["1", "Paving gang", "becek", "Lopang", "Serang", "1", "m", "2", "x", "y", "2025", "z"]
    )
    book.save(path)
    assert merge([path], tmp_path / "out.csv", model).added == 4


# The command


def test_the_command_says_what_it_did_and_what_it_did_not(
    runner: CliRunner, model_file: Path, model: Model, tmp_path: Path
) -> None:
    good = str(sheet(model, tmp_path / "l.xlsx", FILLED))
    bad = str(sheet(model, tmp_path / "m.xlsx", {2: {"koreksi": "x"}}))
    into = str(tmp_path / "out.csv")
    call = ["merge", good, "--into", into, "--model", str(model_file)]
    result = runner.invoke(main, call)
    assert result.exit_code == 0, result.output
    assert result.output == (
        f"{into}: 4 rows added, 0 were there already, 0 not taken; 2 were left blank.\n"
    )
    result = runner.invoke(main, [*call, bad])
    assert result.exit_code == 1
    assert f"{bad}: Lembar!I4: prioritas: unknown label 'x'" in result.output
    assert "0 rows added, 4 were there already, 1 not taken; 7 were left blank." in result.output
