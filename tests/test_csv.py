"""CSV in every dialect: the same cells, rows and bytes come back, whatever they hold."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable
from pathlib import Path

import fuzz_csv
import pyarrow as pa
import pytest
from conftest import read_rows, write_rows
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from seeds_csv import SEEDS

from classifier.arrays import strings
from classifier.errors import InputError
from classifier.formats import csvfile
from classifier.formats.csvfile import CsvSource
from classifier.formats.encodings import Encoding, detect
from classifier.formats.formulas import escaped, formula_starts, plain
from classifier.formats.job import Options
from classifier.formats.layout import Layout, row_notes
from classifier.formats.records import cut
from classifier.formats.rownotes import find_notes
from classifier.model import Model
from classifier.summary import Summary
from classifier.tables import open_table
from classifier.tagging import tag_file
from classifier.tags import Tagger

HEADER = ["No", "Usulan", "Masalah"]
DELIMITERS = st.sampled_from([",", ";", "\t", "|"])
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])
CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "mac_roman", "cp850"]


def coded_rows(codec: str) -> st.SearchStrategy[tuple[str, list[list[str]]]]:
    """An encoding, and rows of any text that it holds.

    But for bytes that Windows-1252 lacks: among usual letters such a byte is told as broken.
    """
    held = "utf-8" if codec.startswith("utf") else codec
    broken = "" if held == "utf-8" else b"\0\x81\x8d\x8f\x90\x9d".decode(held, "ignore")
    cell = st.text(st.characters(codec=held, exclude_characters="\0" + broken), max_size=8)
    rows = st.lists(st.lists(cell, min_size=3, max_size=3), max_size=6)
    return st.tuples(st.just(codec), rows)


def written(rows: list[list[str]], delimiter: str, line_end: str = "\n") -> str:
    stream = io.StringIO(newline="")
    # Python before 3.13 leaves a line end bare that is not its own, which ends the line for all.
    several_lines = any({"\r", "\n"} & set(cell) for row in rows for cell in row)
    quoting = csv.QUOTE_ALL if several_lines else csv.QUOTE_MINIMAL
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end, quoting=quoting).writerows(
        rows
    )
    return stream.getvalue()


Tag = Callable[[Path, Path], Summary]


@pytest.fixture(scope="module")
def tag(model: Model) -> Tag:
    """The model at work, behind a short name that hypothesis can print."""
    return lambda path, out: tag_file(path, Tagger(model), out, ["Usulan", "Masalah"])


def parsed(text: str, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@given(st.sampled_from(CODECS).flatmap(coded_rows), DELIMITERS, LINE_ENDS, st.booleans())
def test_every_cell_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    tag: Tag,
    coded: tuple[str, list[list[str]]],
    delimiter: str,
    line_end: str,
    packed: bool,
) -> None:
    folder = tmp_path_factory.mktemp("csv")
    codec, rows = coded[0], [HEADER, *coded[1]]
    content = written(rows, delimiter, line_end).encode(codec)
    # Letters that happen to be whole ones of UTF-8 beside such that are not are told as broken.
    assume(codec.startswith("utf") or content.decode(errors="ignore").isascii())
    path, out = folder / "in.csv", folder / f"out.csv{'.gz' * packed}"
    path.write_bytes(gzip.compress(content) if packed else content)
    tag(path, out)
    after = gzip.decompress(out.read_bytes()) if packed else out.read_bytes()
    assert [row[:3] for row in parsed(after.decode(codec), delimiter) if row] == rows
    assert after[:2] == content[:2]


@settings(max_examples=400)
@given(fuzz_csv.CONTENTS, fuzz_csv.BLOCKS, st.booleans())
def test_any_bytes_are_refused_or_come_back(content: bytes, block: int, keep_bad: bool) -> None:
    fuzz_csv.check(content, block, keep_bad=keep_bad)


@pytest.mark.parametrize("keep_bad", [False, True])
@pytest.mark.parametrize("content", SEEDS)
def test_what_once_went_wrong_does_not_again(content: bytes, keep_bad: bool) -> None:
    fuzz_csv.check(content, keep_bad=keep_bad)


@pytest.mark.parametrize(
    ("content", "codec"),
    [
        ("a,b\n", "utf-8"),
        ("é,b\n", "utf-8"),
        ("“Mawar” 4 m²\n", "cp1252"),
        ("½ – café\n", "cp1252"),
        ("gang “Mawar” – 4\n", "mac_roman"),
        ("120 m² ½ é\n", "cp850"),
        ("Usulan;Masalah\n", "utf-16-le"),
        ("Usulan;Masalah – m²\n", "utf-16-be"),
    ],
)
def test_encodings_are_told_without_a_mark(tmp_path: Path, content: str, codec: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content.encode(codec))
    found = detect(path)
    assert "".join(part.decode() for part in found.decode(iter([path.read_bytes()]))) == content
    assert found.bom == b""


def test_a_broken_utf8_file_is_no_file_of_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes("m²\ncafé\n½\n".encode() + b"terpotong \xc3\n")
    assert detect(path) == Encoding("utf-8")


@given(st.binary(max_size=40), st.sampled_from(["utf-8", "cp1252", "mac_roman", "cp437"]))
def test_bytes_that_do_not_decode_come_back(content: bytes, codec: str) -> None:
    encoding = Encoding(codec)
    assert encoding.encode(b"".join(encoding.decode(iter([content])))) == content


@given(st.binary(max_size=20).map(lambda half: b"".join(bytes([c, c // 2]) for c in half)))
def test_lone_surrogates_come_back(content: bytes) -> None:
    encoding = Encoding("utf-16-le")
    assert encoding.encode(b"".join(encoding.decode(iter([content])))) == content


def test_a_word_of_ours_that_the_encoding_lacks_gets_a_question_mark() -> None:
    assert Encoding("cp1252").encode("jalan – 道".encode()) == b"jalan \x96 ?"


def copy(path: Path, out: Path, **options: bool) -> None:
    source = open_table(path)
    with source.writer(out, ["tag_a"], overwrite=True, options=Options(**options)) as writer:
        for chunk in source.chunks(sorted({0, *writer.needs})):
            column = pa.array(["x"] * len(chunk.cells), pa.string())
            writer.write(chunk, pa.table([column], names=["tag_a"]))


def test_what_stands_above_the_rows_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvfile, "find_layout", lambda rows: Layout(3, 5))
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    path.write_bytes(b'"Rekap; 2026"\r\n\r\nKota;Serang\r\nNo;Usulan;\r\n1;2;3\r\n1;Paving;"a"\r\n')
    copy(path, out)
    assert out.read_bytes() == (
        b'"Rekap; 2026"\r\n\r\nKota;Serang\r\nNo;Usulan;;tag_a\r\n1;2;3;\r\n1;Paving;"a";x\r\n'
    )
    copy(out, tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_bytes() == out.read_bytes().replace(b'"a"', b"a")


def test_a_file_without_a_last_line_end_keeps_none(tmp_path: Path) -> None:
    path, out = tmp_path / "in.csv", tmp_path / "out.csv"
    for content in (b"No,Usulan", b"No,Usulan\n1,Paving"):
        path.write_bytes(content)
        copy(path, out)
        assert out.read_bytes().count(b"\n") == content.count(b"\n")
        assert not out.read_bytes().endswith(b"\n")


PARTS = [
    *("", " ", "1", "a.", "IV", "Kelurahan Lopang", "DESA X", "Kec. Curug, Serang", "JUMLAH"),
    *("Sub Total", "TOTAL USULAN", "1.000,00", "Paving gang", "Jumlah lampu kurang"),
]
PLAIN_ROWS = st.lists(
    st.sampled_from(PARTS),
    min_size=3, max_size=3,
)  # fmt: skip


@given(st.lists(st.one_of(PLAIN_ROWS, st.just(HEADER)), max_size=8), DELIMITERS)
def test_rows_that_are_no_proposals_are_found(rows: list[list[str]], delimiter: str) -> None:
    records = cut(written(rows, delimiter).encode(), delimiter, last=True)
    expected = {number: row_notes(row) for number, row in enumerate(rows)}
    found = find_notes(records, HEADER, delimiter)
    assert found == {number: note for number, note in expected.items() if note}


def test_rows_with_a_note_get_no_tags(model: Model, tmp_path: Path) -> None:
    rows = [["Usulan", "Nilai"], ["paving gang", "1"], ["JUMLAH", "1"], ["Kelurahan X", ""]]
    summary = tag_file(write_rows(tmp_path / "a.csv", rows), Tagger(model))
    tagged = read_rows(summary.output)
    assert tagged[1][2] == "jalan"
    assert tagged[2][2:] == [""] * 7 + ["kosong", "baris jumlah", ""]
    assert tagged[3][2:] == [""] * 7 + ["kosong", "baris kelompok", ""]
    assert summary.status == {"kosong": 2, tagged[1][-3]: 1}
    assert summary.first is not None
    assert summary.first["tag_alasan"].to_pylist()[1:] == ["baris jumlah", "baris kelompok"]


RISKY = st.text(st.sampled_from('=+-@\t\r\n"a1 ,;.'), max_size=5)
RISKY_ROWS = st.lists(st.lists(RISKY, min_size=2, max_size=2), min_size=1, max_size=6)


@given(RISKY_ROWS, DELIMITERS, st.sampled_from(["\n", "\r\n"]))
@example([["-5", "+62 812-3456"], ["-", "- rusak"]], ",", "\n")
@example([['-5"', "-1,2"], ["=1", "\t"]], ",", "\r\n")
def test_cells_that_could_be_formulas_are_found_and_escaped(
    rows: list[list[str]], delimiter: str, line_end: str
) -> None:
    records = cut(written(rows, delimiter, line_end).encode(), delimiter, last=True)
    starts = formula_starts(records, delimiter)
    safe = escaped(records, starts)
    expected = [[plain(cell) for cell in row] for row in rows]
    assert parsed(safe.content.decode(), delimiter) == expected
    changed = [
        new != old
        for a, b in zip(expected, rows, strict=True)
        for new, old in zip(a, b, strict=True)
    ]
    assert len(starts) == sum(changed)
    again = cut(safe.content, delimiter, last=True)
    for name in ("ends", "opens", "closes", "lines"):
        assert getattr(safe, name).tolist() == getattr(again, name).tolist()


@pytest.mark.parametrize(
    "cell", ["-", "-5", "+62 812-3456", "-6.12,106.15", "--", "a=b", "", "'=1"]
)
def test_figures_and_other_text_are_no_formulas(cell: str) -> None:
    assert plain(cell) == cell


@pytest.mark.parametrize("cell", ["=1", "@x", "-a", "+A1", "-1+cmd|' /C calc'!A0", "\tx", "\r"])
def test_formulas_are_formulas(cell: str) -> None:
    assert plain(cell) == f"'{cell}"


@given(st.text(max_size=20))
def test_no_tag_could_be_a_formula(model: Model, text: str) -> None:
    text = text.encode(errors="replace").decode()
    tags = Tagger(model).tag([strings([text])]).table
    assert all(plain(cell) == cell for cell in tags.to_pylist()[0].values())


def test_foreign_formulas_are_kept_and_counted_or_escaped(model: Model, tmp_path: Path) -> None:
    rows = [["=Usulan", "n"], ["paving", "=1+1"], ["- rusak", "-5"]]
    path = write_rows(tmp_path / "a.csv", rows)
    kept = tag_file(path, Tagger(model), text=["=Usulan"])
    assert [row[:2] for row in read_rows(kept.output)] == rows
    assert kept.counts["formulas"] == 3
    safe = tag_file(path, Tagger(model), tmp_path / "b.csv", ["=Usulan"], safe_excel=True)
    escaped_rows = [["'=Usulan", "n"], ["paving", "'=1+1"], ["'- rusak", "-5"]]
    assert [row[:2] for row in read_rows(safe.output)] == escaped_rows
    assert safe.counts["formulas"] == 3
    again = tag_file(kept.output, Tagger(model), tmp_path / "c.csv", ["=Usulan"])
    assert again.counts["formulas"] == 3


def test_bad_rows_are_kept_untagged_and_listed(model: Model, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    bad = [b"2", b"3,x,y,z", b"4,p\0q,", b"5,\xff,", b'6,"=' + b"x" * 1_000_001 + b'",']
    lines = [b"No,Usulan,tag_status", b"1,paving,lama", *bad, b"7,kader posyandu,"]
    path.write_bytes(b"\n".join([*lines, "8,m²,".encode()]) + b"\n")
    summary = tag_file(path, Tagger(model), keep_bad=True)
    out = summary.output.read_bytes().split(b"\n")
    assert [line[:2] for line in out[1:-1]] == [b"%d," % number for number in range(1, 9)]
    assert out[1].split(b",")[2] == b"jalan"
    kept = [b"2,", b"3,x,z", b"4,p\0q", b"5,\xff", b"6,=" + b"x" * 1_000_001]
    assert out[2:7] == [row + b"," * 8 + b"kosong,baris rusak," for row in kept]
    assert summary.rows == 8
    assert summary.counts["bad"] == 5
    assert summary.errors is not None
    listed = read_rows(summary.errors)
    assert [row[1:3] for row in listed[1:]] == [
        ["3", "1 sel, seharusnya 3"], ["4", "4 sel, seharusnya 3"], ["5", "ada byte NUL"],
        ["6", "ada byte bukan teks"], ["7", "lebih dari 1 MB"],
    ]  # fmt: skip
    assert all(plain(row[3]) == row[3] for row in listed)


def test_where_no_row_is_bad_the_list_is_empty(model: Model, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["paving"]])
    summary = tag_file(path, Tagger(model), keep_bad=True)
    assert summary.errors == tmp_path / "a.tagged.csv.errors.csv"
    assert read_rows(summary.errors) == [["berkas", "baris", "alasan", "teks"]]


def test_a_quote_that_is_never_closed_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csvfile, "_UNCLOSED", 5000)
    monkeypatch.setattr(csvfile, "BLOCK", 1000)
    path = tmp_path / "a.csv"
    lines = [b'%d,"jalan' % n if n == 300 else b"%d,jalan" % n for n in range(100_000)]
    path.write_bytes(b"No,Usulan\n" + b"\n".join(lines))
    read = []
    monkeypatch.setattr(
        csvfile,
        "cut",
        lambda block, *args, **kwargs: (read.append(len(block)), cut(block, *args, **kwargs))[1],
    )
    with pytest.raises(InputError, match="line 302: a row goes on for 0 MB, as where"):
        list(CsvSource(path).chunks([1]))
    assert sum(read[1:]) < 100_000


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["paving"]])
    chunks = open_table(path).chunks([0])
    next(chunks)
    with path.open("a", encoding="utf-8") as stream:
        stream.write("drainase\n")
    with pytest.raises(InputError, match="was changed while it was read"):
        next(chunks)
