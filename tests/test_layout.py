"""Where a table begins, and which rows are no proposals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zoo_books import PRINTED, PRINTED_NOTES, SIPD, SUMMARY, TWO_LEVELS

from classifier.errors import InputError
from classifier.formats.layout import Layout, find_layout, row_notes

TITLE = st.sampled_from(["REKAPITULASI USULAN", "Kecamatan Serang", "Per 01/02/2026", "Tahun 2026"])
DATA = [
    ["1", "Paving gang", "becek", "Jl. A", "Lopang", "150", "meter", "45.000.000,00"],
    ["2", "Alat posyandu", "", "", "Cipare", "1", "unit", ""],
    ["", "Kelurahan", "Kecamatan", "", "", "", "", ""],
    ["3", "Usulan lain", "2", "3", "4", "5", "6", "7"],
]


def texts(rows: list[list[object]]) -> list[list[str]]:
    return [[str(cell) for cell in row] for row in rows]


@given(
    st.lists(TITLE, max_size=4),
    st.lists(st.sampled_from(SIPD), min_size=8, max_size=8, unique=True),
    st.sampled_from([None, "{}", "({})", "{}."]),
    st.lists(st.sampled_from(DATA), max_size=60),
    st.booleans(),
)
def test_the_header_is_found_below_titles_and_above_numbers(
    titles: list[str], header: list[str], numbers: str | None, data: list[list[str]], blank: bool
) -> None:
    above = [[title, *[""] * 7] for title in titles] + [[""] * 8] * blank
    below = [[numbers.format(n) for n in range(1, 9)]] if numbers in ("{}", "({})") else []
    layout = find_layout([*above, header, *below, *data])
    assert layout == Layout(len(above), len(above) + 1 + len(below))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["Usulan"], ["Paving"]], (0, 1)),
        ([["Daftar usulan 2026"], ["Usulan"], ["Paving"], ["Sasaran"]], (1, 2)),
        ([["a", "b"], ["Paving", "becek"]], (0, 1)),
        ([["Laporan", "", ""], ["judul", "uraian warga", "x"], ["Paving", "b", "c"]], (1, 2)),
        ([["", ""], ["No", "Usulan"]], (1, 2)),
        ([["No", "Usulan", ""], ["", "Paving gang", "becek"]], (0, 1)),
        ([["Usulan", "", ""], ["Paving", "becek", ""]], (0, 1)),
        ([["No", "Lokasi", ""], ["", "RT", "RW"], ["1", "Blok A", "RW 5"]], (0, 2)),
        ([["No", "Usulan", "Pagu"], ["1", "2", "3"], ["1", "a", "3"]], (0, 2)),
        ([["No", "Usulan"], ["1", "2"]], (0, 1)),
        ([["Tahun", ": 2026"], ["No", "Usulan", "Lokasi"], ["1", "a", "b"]], (1, 2)),
        (texts(TWO_LEVELS), (0, 2)),
        (texts(PRINTED), (3, 5)),
    ],
)
def test_layouts(rows: list[list[str]], expected: tuple[int, int]) -> None:
    assert find_layout(rows) == Layout(*expected)


def test_a_summary_is_refused_with_its_row() -> None:
    with pytest.raises(InputError, match=r"is a summary \(rekap\): row 2 begins a header of 3"):
        find_layout(texts(SUMMARY))


def test_a_list_under_a_header_of_three_levels_is_none() -> None:
    words = ["1", "Serang", "Paving gang rusak berat", "5", "Drainase mampet total", "6", "7"]
    assert find_layout([*texts(SUMMARY[:5]), words]) == Layout(1, 5)


def test_nothing_is_no_table() -> None:
    for rows in ([], [[]], [["", " "], [""]]):
        with pytest.raises(InputError, match="blank"):
            find_layout(rows)


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        (["Kelurahan Lopang", "", ""], "baris kelompok"),
        (["", "KECAMATAN : CIPOCOK JAYA", ""], "baris kelompok"),
        (["Kel. Lopang", ""], "baris kelompok"),
        (["A. Desa Suka Maju", "", ""], "baris kelompok"),
        (["Desa/Kelurahan Lopang", "", ""], "baris kelompok"),
        (["II", "Kelurahan Lopang", "", ""], "baris kelompok"),
        (["Kelurahan Lopang butuh drainase baru di RW 3", "", ""], None),
        (["1", "Desa wisata", "Lopang", ""], None),
        (["Kelurahan Lopang"], None),
        (["Paving gang", "", ""], None),
        (["JUMLAH", "", "1.000,00"], "baris jumlah"),
        (["", "Total :", "", "Rp 1.000.000,-", "12"], "baris jumlah"),
        (["Sub Total Kelurahan Lopang", "", "5"], "baris jumlah"),
        (["JUMLAH I", "7"], "baris jumlah"),
        (["Jumlah", "tiang kurang", ""], None),
        (["Jumlah lampu kurang", "", ""], None),
        (["Total", "-", "–"], "baris jumlah"),
        (["Jumlah"], None),
        (["", " ", "\n"], "baris kosong"),
        ([], "baris kosong"),
        (["NO", "Usulan", "", "Masalah"], "baris judul kolom"),
        (["1", "Usulan", "Masalah"], None),
    ],
)
def test_row_notes(cells: list[str], note: str | None) -> None:
    assert row_notes(cells) == note


def test_notes_of_a_printed_list() -> None:
    assert [row_notes(row) for row in texts(PRINTED[5:])] == list(PRINTED_NOTES)


CELL = st.one_of(
    st.text(max_size=8), st.sampled_from(["Usulan", "NO", "JUMLAH", "1", "Kelurahan A", ""])
)


@given(st.lists(st.lists(CELL, max_size=6), max_size=60))
def test_any_rows_have_a_layout_within_them_or_are_refused(rows: list[list[str]]) -> None:
    try:
        layout = find_layout(rows)
    except InputError:
        return
    assert 0 <= layout.header < layout.first <= len(rows)
    assert any(cell.strip() for cell in rows[layout.header])


@given(st.lists(CELL, max_size=6), st.text(min_size=1, max_size=8))
def test_a_row_with_a_number_and_a_text_is_never_left_out(cells: list[str], text: str) -> None:
    note = row_notes(["7", f"Paving {text}", *cells])
    assert note is None
