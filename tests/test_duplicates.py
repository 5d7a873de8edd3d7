"""Duplicates: what counts as the same work in the same place, measured on 300 pairs by hand.

``pasangan.csv`` holds the pairs; the half ``kembang`` was looked at while the search was
developed, the half ``ukur`` only counted. Run as a script to print what is found wrong in the
first half: ``python tests/test_duplicates.py``.
"""

from __future__ import annotations

import csv
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from conftest import read_rows, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.arrays import strings
from classifier.cli import main
from classifier.formats import csvfile
from classifier.model import Model
from classifier.store import load_model
from classifier.tagging import tag_file
from classifier.tags import Tagger
from classifier.twins.duplicates import duplicate_groups
from classifier.twins.grouping import group_exports

PAIRS = Path(__file__).parent / "pasangan.csv"
SIDES = ("usulan", "masalah", "alamat", "kelurahan", "kecamatan")
Row = Sequence[str]


@cache
def starter() -> Model:
    return load_model()


def groups(rows: Sequence[Row]) -> list[int]:
    """Groups of rows of usulan, masalah, alamat, kelurahan, kecamatan."""
    columns = [strings([row[n] for row in rows]) for n in range(len(SIDES))]
    return duplicate_groups(columns[:2], columns[2:3], columns[3], columns[4], starter()).tolist()


def are_twins(one: Row, other: Row) -> bool:
    return any(groups([one, other]))


def pairs(half: str) -> list[dict[str, str]]:
    with PAIRS.open(encoding="utf-8", newline="") as stream:
        return [pair for pair in csv.DictReader(stream) if pair["bagian"] == half]


def sides(pair: dict[str, str]) -> tuple[Row, Row]:
    one, other = ([pair[f"{name}_{side}"] for name in SIDES] for side in "ab")
    return one, other


def measure(half: str) -> tuple[float, float]:
    """Precision and recall."""
    counts = Counter((are_twins(*sides(pair)), pair["sama"]) for pair in pairs(half))
    right = counts[True, "ya"]
    return right / (right + counts[True, "tidak"]), right / (right + counts[False, "ya"])


def test_there_are_300_pairs_and_both_halves_hold_every_case() -> None:
    halves = [Counter(pair["kasus"] for pair in pairs(half)) for half in ("kembang", "ukur")]
    assert [sum(half.values()) for half in halves] == [150, 150]
    assert halves[0].keys() == halves[1].keys()


@pytest.mark.parametrize(
    ("half", "precision", "recall"), [("kembang", 0.96, 0.86), ("ukur", 0.95, 0.86)]
)
def test_what_is_found_is_right(half: str, precision: float, recall: float) -> None:
    measured = measure(half)
    assert measured[0] >= precision
    assert measured[1] >= recall


WORKS = ["Pembangunan paving block", "minta dipaving", "drainase mampet", "PJU gelap", "",
         "Pelatihan menjahit untuk ibu-ibu", "Rehab RTLH", "jalan"]  # fmt: skip
ADDRESSES = ["RT 01 RW 02", "RT 01/02", "RW 05", "Gg. Kenari", "Jl. Melati RW 02", "", "RT 03"]
AREAS = ["Lopang", "Kel. Lopang", "UNYUR", ""]
ROWS = st.lists(
    st.tuples(*map(st.sampled_from, (WORKS, ["", "rusak", "becek"], ADDRESSES, AREAS, ["", "A"]))),
    max_size=14,
)


@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(rows: list[Row], chance: random.Random) -> None:
    order = list(range(len(rows)))
    chance.shuffle(order)
    first, second = groups(rows), groups([rows[n] for n in order])
    moved = [second[order.index(n)] for n in range(len(rows))]
    assert partition(first) == partition(moved)


def partition(found: Sequence[int]) -> set[frozenset[int]]:
    members: dict[int, set[int]] = {}
    for row, group in enumerate(found):
        if group:
            members.setdefault(group, set()).add(row)
    return {frozenset(rows) for rows in members.values()}


@given(ROWS)
def test_groups_have_two_rows_and_more_and_are_numbered_as_they_appear(rows: list[Row]) -> None:
    found = groups(rows)
    assert all(count > 1 for group, count in Counter(found).items() if group)
    assert list(dict.fromkeys(g for g in found if g)) == list(range(1, max(found, default=0) + 1))


@given(ROWS)
def test_no_group_holds_two_rw_or_two_kelurahan(rows: list[Row]) -> None:
    found = groups(rows)
    for members in partition(found):
        assert len({rw(rows[row][2]) for row in members} - {""}) <= 1
        assert len({rows[row][3].lower().removeprefix("kel. ") for row in members}) == 1


def rw(address: str) -> str:
    return "2" if address.endswith("02") else "5" if address.endswith("05") else ""


@given(ROWS)
def test_case_blanks_and_line_ends_do_not_matter(rows: list[Row]) -> None:
    noisy = [tuple(f" {cell.upper()}\r\n".replace(" ", "  ") for cell in row) for row in rows]
    assert groups(noisy) == groups(rows)


@given(ROWS.filter(bool), st.data())
def test_a_row_is_a_twin_of_its_copy(rows: list[Row], data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(rows))
    found = groups([*rows, row])
    placed = any((row[2], row[3])) and row[0] != ""
    if placed:
        assert found[-1]
        assert found[-1] == found[rows.index(row)]


@settings(max_examples=20)
@given(st.lists(st.tuples(*[st.text(max_size=15)] * 5), max_size=5))
def test_no_text_breaks_it(rows: list[Row]) -> None:
    assert len(groups(rows)) == len(rows)


def test_no_rows_have_no_groups() -> None:
    assert groups([]) == []


def test_twins_of_twins_that_are_none_do_not_share_a_group() -> None:
    text = "Pengadaan seragam drumband karang taruna", "seragam sudah sobek semua"
    rows = [(*text, address, "Lopang", "") for address in ("RW 02", "", "RW 05")]
    assert are_twins(rows[0], rows[1])
    assert are_twins(rows[1], rows[2])
    assert sorted(groups(rows)) == [0, 1, 1]


def test_lanes_of_other_provinces_and_marks_on_a_river_are_places() -> None:
    work, lanes = ("Rabat beton jalan", "becek"), ("Lr. Melati", "Lr. Mawar", "Lorong Melati")
    one, other, same = ((*work, lane, "Ulee Kareng", "") for lane in lanes)
    assert not are_twins(one, other)
    assert are_twins(one, same)
    river = "Bronjong Sungai Krueng Aceh STA"
    rows = [(f"{river} {mark}", "longsor", "", "Lambaro", "") for mark in ("1+200", "3+600")]
    assert not are_twins(*rows)
    assert are_twins(rows[0], rows[0])


def test_the_same_work_without_a_place_is_no_duplicate() -> None:
    assert groups([("Perbaikan jalan", "", "", "", "")] * 5) == [0] * 5


def test_many_rows_that_are_alike_do_not_explode() -> None:
    rows = [("Perbaikan jalan", f"rusak {n} meter", "RW 02", "Lopang", "") for n in range(3000)]
    found = groups(rows)
    assert np.count_nonzero(found) > 2900


HEADER = ["Usulan", "Masalah", "Alamat", "Kelurahan", "RW"]
MUSRENBANG = [
    HEADER,
    ["Pembangunan Paving Block", "jalan becek", "Gg. Kenari", "Lopang", "02"],
    ["Pelatihan menjahit", "ibu-ibu", "", "Lopang", "02"],
    ["Pembangunan Paving Block", "jalan becek", "", "Lopang", "05"],
]
POKIR = [
    ["Usulan", "Alamat Lokasi"],
    ["Bantuan perahu nelayan", "Kel. Banten"],
    ["Paving block jalan becek", "RW 02 Gg. Kenari Kel. Lopang"],
]
GROUPED = [["tag_duplikat"], ["1"], [""], [""]], [["tag_duplikat"], [""], ["1"]]


@pytest.fixture
def exports(tmp_path: Path) -> list[Path]:
    return [
        write_rows(tmp_path / f"{name}.csv", rows)
        for name, rows in (("musrenbang", MUSRENBANG), ("pokir", POKIR))
    ]


def last_column(path: Path) -> list[list[str]]:
    return [row[-1:] for row in read_rows(path)]


def test_groups_span_the_exports_of_a_command(runner: CliRunner, exports: list[Path]) -> None:
    result = runner.invoke(main, ["tag", *map(str, exports)])
    assert result.exit_code == 0, result.output
    assert "duplikat: 2 rows in 1 groups" in result.output
    assert tuple(last_column(path.with_suffix(".tagged.csv")) for path in exports) == GROUPED


def test_standard_input_is_searched_too(runner: CliRunner, exports: list[Path]) -> None:
    call = ["tag", "-", str(exports[1])]
    result = runner.invoke(main, call, input=exports[0].read_bytes())
    assert result.exit_code == 0, result.output
    rows = list(csv.reader(result.stdout.splitlines()))
    assert [row[-1] for row in rows[:4]] == ["tag_duplikat", "1", "", ""]
    assert "duplikat: 2 rows in 1 groups" in result.stderr


def test_the_column_is_there_and_empty_without_a_search(
    runner: CliRunner, exports: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifier.twins.grouping.MOST", 4)
    for options, told in (([], True), (["--no-duplicates"], False), (["--duplicates"], False)):
        result = runner.invoke(main, ["tag", *map(str, exports), "--force", *options])
        assert result.exit_code == 0, result.output
        assert ("Give --duplicates to search them" in result.stderr) == told
        filled = any(any(cell) for cell in last_column(exports[0].with_suffix(".tagged.csv"))[1:])
        assert filled == (options == ["--duplicates"])


def test_an_export_that_cannot_be_read_does_not_stop_the_others(
    runner: CliRunner, exports: list[Path], tmp_path: Path
) -> None:
    missing = tmp_path / "tidak-ada.csv"
    result = runner.invoke(main, ["tag", str(exports[0]), str(missing), str(exports[1])])
    assert result.exit_code == 1
    assert "1 of 3 exports not tagged" in result.output
    assert last_column(exports[1].with_suffix(".tagged.csv")) == GROUPED[1]


def test_names_of_kelurahan_and_sums_between_the_rows_have_no_twins(tmp_path: Path) -> None:
    rows = [HEADER[:2], ["KELURAHAN LOPANG", ""], ["Paving RW 02", "becek"], ["JUMLAH", ""]]
    path = write_rows(tmp_path / "a.csv", [*rows, *rows[1:]])
    found = group_exports([path], starter())
    assert found is not None
    assert found[0].tolist()[0] == found[0].tolist()[2] == 0
    assert len(found[0]) == 6


def test_a_workbook_gets_the_groups_as_numbers(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [*MUSRENBANG, MUSRENBANG[1]]:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    found = group_exports([tmp_path / "a.xlsx"], starter())
    assert found is not None
    summary = tag_file(tmp_path / "a.xlsx", Tagger(starter()), groups=found[0])
    sheet = openpyxl.load_workbook(summary.output).active
    assert [row[-1] for row in sheet.values] == ["tag_duplikat", 1, None, None, 1]


def test_a_run_does_not_go_on_with_other_groups(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", MUSRENBANG)

    def stop(rows: int) -> None:
        raise KeyboardInterrupt

    for before in (None, np.array([1, 1, 0])):
        with pytest.raises(KeyboardInterrupt):
            tag_file(
                path,
                Tagger(starter()),
                groups=before,
                resume=True,
                overwrite=True,
                progress=stop,
            )
        groups_now = np.array([1, 0, 1])
        summary = tag_file(path, Tagger(starter()), groups=groups_now, resume=True, overwrite=True)
        assert summary.begun == "different"
        assert last_column(summary.output)[1:] == [["1"], [""], ["1"]]


def test_every_row_gets_its_own_group_whatever_the_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csvfile, "BLOCK", 100)
    rows = [["Usulan", "n"], *(["paving", str(n)] for n in range(60)), ["x"], ["drainase", "60"]]
    path = write_rows(tmp_path / "a.csv", rows)
    ids = np.arange(62)

    def stop(rows: int) -> None:
        if rows > 30:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tag_file(path, Tagger(starter()), groups=ids, keep_bad=True, resume=True, progress=stop)
    summary = tag_file(path, Tagger(starter()), groups=ids, keep_bad=True, resume=True)
    assert summary.begun == "continued"
    assert last_column(summary.output)[1:] == [[""], *([str(n)] for n in range(1, 62))]
    found = group_exports([path], starter(), keep_bad=True)
    assert found is not None
    assert len(found[0]) == 62


def test_bytes_do_not_depend_on_the_hash_seed(exports: list[Path]) -> None:
    outputs = set()
    for seed in ("1", "2"):
        call = [sys.executable, "-m", "classifier.cli", "tag", *map(str, exports), "--force"]
        subprocess.run(call, check=True, env={"PYTHONHASHSEED": seed}, capture_output=True)
        outputs.add(exports[1].with_suffix(".tagged.csv").read_bytes())
    assert len(outputs) == 1


if __name__ == "__main__":
    for half in ("kembang", "ukur"):
        print(half, "precision {:.3f}, recall {:.3f}".format(*measure(half)))
    for pair in pairs("kembang"):
        if are_twins(*sides(pair)) != (pair["sama"] == "ya"):
            print(pair["sama"], pair["kasus"], *sides(pair), sep=" | ")
