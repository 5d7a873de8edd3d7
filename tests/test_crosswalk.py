"""From one label list to another: proposals, maps, and labelled files in new labels."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from conftest import read_rows, write_rows
from hypothesis import given
from hypothesis import strategies as st

from classifier.cli import main
from classifier.crosswalk import COLUMNS, Entry, propose, read_map, to_csv
from classifier.decisions import undecided_csv
from classifier.errors import InputError, LabelError
from classifier.relabel import Relabelled, relabel
from classifier.taxonomy import Facet, Label, Taxonomy

OTHER = Path(__file__).parents[1] / "data/samples/kabupaten-lain.toml"
HEADER = ["id", "usulan", "masalah", "prioritas"]


def listed(*labels: str, facet: str = "prioritas") -> Taxonomy:
    made = {name: Label(name, name, f"apa itu {name}", (), (), (), (), "") for name in labels}
    return Taxonomy({facet: Facet(facet, facet, False, made)}, {})


OLD, NEW = listed("jalan", "pju", "air", "hapus"), listed("terhubung", "terang", "hulu", "hilir")
MAP = [
    Entry("prioritas", "jalan", ("terhubung",)),
    Entry("prioritas", "pju", ("terang",)),
    Entry("prioritas", "air", ("hulu", "hilir")),
    Entry("prioritas", "hapus", ("-",)),
]


def converted(path: Path, entries: list[Entry] = MAP, **options: object) -> Relabelled:
    return relabel(path, entries, OLD, NEW, **options)  # type: ignore[arg-type]


def run(runner: CliRunner, *args: object) -> Result:
    return runner.invoke(main, [str(arg) for arg in args])


def test_a_list_and_itself_are_the_same() -> None:
    entries = propose(Taxonomy.load(), Taxonomy.load())
    assert all(entry.new == (entry.old,) and entry.verdict == "tetap" for entry in entries)


def test_renames_merges_splits_and_doubts_are_proposed() -> None:
    entries = {entry.old: entry for entry in propose(Taxonomy.load(), Taxonomy.load(OTHER))}
    assert entries["pju"].new == ("terang_energi",)
    assert entries["pju"].verdict == "ganti nama"
    assert entries["jalan"].new == entries["perhubungan"].new == ("konektivitas",)
    assert entries["jalan"].verdict == "gabung"
    assert set(entries["permukiman"].new) == {"hunian_layak", "tata_air"}
    assert entries["permukiman"].verdict == "pecah"
    assert "sumur bor, SPAM, pipa air bersih → tata_air" in entries["permukiman"].reason
    assert entries["tidak_jelas"].new == ()
    assert entries["tidak_jelas"].verdict == "putuskan"


def test_a_map_comes_back_as_it_was_written(tmp_path: Path) -> None:
    old, new = Taxonomy.load(), Taxonomy.load(OTHER)
    entries = propose(old, new)
    path = tmp_path / "peta.csv"
    path.write_bytes(to_csv(entries))
    assert [(e.facet, e.old, e.new) for e in read_map(path, old, new)] == [
        (e.facet, e.old, e.new) for e in entries
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["jenis", "jalan", "terang"], "row 2: facet: unknown 'jenis'; allowed: prioritas"),
        (["prioritas", "jaln", "terang"], "row 2: lama: unknown 'jaln'"),
        (["prioritas", "jalan", "trang"], "row 2: baru: unknown 'trang'"),
        (["prioritas", "jalan", "terang;-"], "row 2: baru: unknown '-'"),
        (["prioritas", "pju", "terang"], "row 3: prioritas: 'pju' stands above too"),
    ],
)
def test_a_wrong_map_is_refused(tmp_path: Path, row: list[str], reason: str) -> None:
    rest = [["prioritas", label, ""] for label in ("pju", "air", "hapus")]
    path = write_rows(tmp_path / "peta.csv", [list(COLUMNS[:3]), row, *rest])
    with pytest.raises(LabelError) as caught:
        read_map(path, OLD, NEW)
    assert reason in str(caught.value)


def test_a_map_that_forgets_a_label_is_refused(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "peta.csv", [list(COLUMNS[:3]), ["prioritas", "jalan", "hulu"]])
    with pytest.raises(LabelError, match="'pju' has no row"):
        read_map(path, OLD, NEW)


def test_a_file_is_converted_and_what_is_open_is_listed(tmp_path: Path) -> None:
    rows = [["1", "gang", "", "jalan"], ["2", "lampu", "", "pju; jalan"],
            ["3", "apa itu hilir", "kali", "air;jalan"], ["4", "x", "", "hapus;pju"],
            ["5", "kosong", "", ""], ["6", "sudah", "", "hulu"]]  # fmt: skip
    path = write_rows(tmp_path / "data.csv", [HEADER, *rows])
    result = converted(path)
    after = list(csv.reader(io.StringIO(result.content.decode())))
    assert [row[3] for row in after[1:]] == [
        "terhubung",
        "terang; terhubung",
        "",
        "terang",
        "",
        "hulu",
    ]
    assert result.changed == 4
    (cell,) = result.undecided
    assert (cell.row, cell.old, cell.suggestion) == (4, "air;jalan", "hilir;terhubung")
    assert cell.text == "apa itu hilir | kali"


def test_decisions_fill_in_what_was_open(tmp_path: Path) -> None:
    rows = [["1", "a", "", "air"], ["2", "b", "", "air"], ["3", "c", "", "jalan"]]
    path = write_rows(tmp_path / "data.csv", [HEADER, *rows])
    listing = tmp_path / "putusan.csv"
    listing.write_bytes(undecided_csv(converted(path).undecided))
    filled = read_rows(listing)
    filled[1][4] = "hulu; terang"
    result = converted(path, decisions=write_rows(listing, filled))
    after = list(csv.reader(io.StringIO(result.content.decode())))
    assert [row[3] for row in after[1:]] == ["hulu;terang", "", "terhubung"]
    assert [cell.row for cell in result.undecided] == [3]

    shifted = write_rows(tmp_path / "fewer.csv", [HEADER, *rows[1:], rows[1]])
    with pytest.raises(LabelError, match="row 2: teks is not what baris 2 says"):
        converted(shifted, decisions=listing)
    write_rows(listing, [*filled, [*filled[1][:4], "hilir", filled[1][5]]])
    with pytest.raises(LabelError, match="row 4: decided otherwise above"):
        converted(path, decisions=listing)

    del filled[0][5], filled[1][5], filled[2][5]
    filled[1][0] = "9"
    with pytest.raises(LabelError, match=r"baris 9: prioritas: .*no 'air' to decide there"):
        converted(path, decisions=write_rows(listing, filled))
    filled[1][4] = "hilr"
    with pytest.raises(LabelError, match="row 2: putusan: unknown label 'hilr'"):
        converted(path, decisions=write_rows(listing, filled))


labels = st.lists(st.sampled_from(["jalan", "pju", "air"]), min_size=1, max_size=2, unique=True)
texts = st.text(st.sampled_from('ab ,;"\n\té–'), max_size=8)


@given(
    st.lists(st.tuples(texts, texts, labels), min_size=1, max_size=8),
    st.sampled_from([",", ";"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_renaming_there_and_back_gives_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str, list[str]]],
    delimiter: str,
    quoting: int,
    ending: str,
    encoding: str,
) -> None:
    folder = tmp_path_factory.mktemp("x")
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=ending)  # type: ignore[arg-type]
    writer.writerow(HEADER)
    for number, (usulan, masalah, given_labels) in enumerate(rows):
        writer.writerow([f"n{number}", usulan, masalah, ";".join(given_labels)])
    before = text.getvalue().encode(encoding)
    names = {"jalan": "terhubung", "pju": "terang", "air": "hulu", "hapus": "hilir"}
    (folder / "a.csv").write_bytes(before)
    there = [Entry("prioritas", a, (b,)) for a, b in names.items()]
    back = [Entry("prioritas", b, (a,)) for a, b in names.items()]
    result = relabel(folder / "a.csv", there, OLD, NEW)
    assert result.changed == len(rows)
    assert not result.undecided
    (folder / "b.csv").write_bytes(result.content)
    assert relabel(folder / "b.csv", there, OLD, NEW).changed == 0
    assert relabel(folder / "b.csv", back, NEW, OLD).content == before


@given(st.lists(st.tuples(texts, labels), min_size=1, max_size=8))
def test_splitting_changes_no_other_cell_and_no_number_of_rows(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, list[str]]]
) -> None:
    cells = [[f"n{k}", text, "", ";".join(own)] for k, (text, own) in enumerate(rows)]
    path = write_rows(tmp_path_factory.mktemp("x") / "a.csv", [HEADER, *cells])
    result = converted(path)
    after = list(csv.reader(io.StringIO(result.content.decode(), newline="")))[1:]
    assert [row[:3] for row in after] == [row[:3] for row in cells]
    assert len(result.undecided) == sum("air" in own for _, own in rows)
    assert [row[3] == "" for row in after] == ["air" in own for _, own in rows]


def test_a_packed_file_stays_packed(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "data.csv", [HEADER, ["1", "a", "", "jalan"]])
    packed = tmp_path / "data.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert gzip.decompress(converted(packed).content) == converted(path).content


def test_an_unknown_label_is_refused_with_its_row(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "data.csv", [HEADER, ["1", "a", "", "jaln"]])
    with pytest.raises(LabelError, match="row 2: prioritas: unknown label 'jaln'"):
        converted(path)


def test_only_csv_can_be_converted(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    for row in (HEADER, ["1", "jalan rusak", "", "jalan"]):
        book.active.append(row)
    book.save(tmp_path / "data.xlsx")
    with pytest.raises(InputError, match="is no CSV file"):
        converted(tmp_path / "data.xlsx")


def test_the_command_proposes_and_converts(runner: CliRunner, tmp_path: Path) -> None:
    ours = Path(__file__).parents[1] / "data/taxonomy.toml"
    rows = [["1", "gang", "", "jalan"], ["2", "sumur bor", "", "permukiman"]]
    path = write_rows(tmp_path / "data.csv", [HEADER, *rows])
    lists, peta, out = (ours, OTHER), tmp_path / "peta.csv", tmp_path / "baru.csv"
    result = run(runner, "taxonomy", "crosswalk", *lists, "-o", peta)
    assert result.exit_code == 0, result.output
    assert "jenis: is no facet of" in result.output
    assert read_rows(peta)[0] == list(COLUMNS)
    convert = ["taxonomy", "crosswalk", *lists, path, "--map", peta, "-o", out]
    result = run(runner, *convert)
    assert "2 cells changed" in result.output
    assert [row[3] for row in read_rows(out)] == ["prioritas", "konektivitas", ""]
    assert read_rows(tmp_path / "baru.putusan.csv")[1][:4] == [
        "3", "prioritas", "permukiman", "tata_air",
    ]  # fmt: skip
    assert "exists" in run(runner, *convert).output
    assert "is an input" in run(runner, *convert[:-1], path, "--force").output
    assert run(runner, "taxonomy", "crosswalk", *lists, path).exit_code == 2


def test_the_list_is_shown_with_and_without_its_name(runner: CliRunner) -> None:
    plain = run(runner, "taxonomy").output
    assert "Penerangan jalan umum" in plain
    assert run(runner, "taxonomy", "list").output == plain
    assert "konektivitas" in run(runner, "taxonomy", OTHER).output
