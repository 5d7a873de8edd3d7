"""Which column is what: by name and by content."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from zoo_books import SIPD

from classifier.errors import InputError
from classifier.formats.columns import (
    describe,
    find_columns,
    source_columns,
    text_columns,
)
from classifier.formats.naming import column_number
from classifier.formats.roles import load_roles
from classifier.tables import open_table

SAMPLES = Path(__file__).parents[1] / "data/samples/usulan-sipd.csv"
AFTER = [
    "OPD Tujuan Akhir", "Status", "Catatan", "Rekomendasi Mitra", "Rekomendasi Kelurahan",
    "Rekomendasi Kecamatan", "Rekomendasi SKPD", "Rekomendasi TAPD", "Sub Kegiatan",
]  # fmt: skip
SENTENCE = [
    "Pembangunan drainase di RT 01",
    "Jalan rusak berat",
    "Alat posyandu kurang",
    "PJU mati",
]
WORDS = ["Fisik", "Non Fisik"] * 6
RUPIAH = ["15000000", "2.500.000,00", "Rp 1.000.000,-", " 4.500.000 "]
COUNT = ["1", "2", "3", "4"]


def table(folder: Path, header: list[str], *columns: list[str]) -> Path:
    path = folder / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([header, *zip(*columns, strict=True)])
    return path


def test_all_columns_of_the_sipd_export_are_known() -> None:
    source = open_table(SAMPLES)
    found = source_columns(source)
    assert describe(found, source.header) == (
        "usulan ← Usulan, masalah ← Masalah, id ← ID Usulan, tanggal ← Tanggal Usul, "
        "pengusul ← Pengusul, alamat ← Alamat (Lokasi), kota ← Kabupaten/Kota, "
        "kecamatan ← Kecamatan, kelurahan ← Kelurahan/Desa, usulan_ke ← Usulan Ke, "
        "opd ← OPD Tujuan Akhir, status ← Status, catatan ← Catatan, volume ← Volume, "
        "satuan ← Satuan, anggaran ← Anggaran, jenis ← Jenis Belanja, sub_kegiatan ← Sub Kegiatan"
    )
    assert text_columns(source) == [5, 6]


@pytest.mark.parametrize(
    ("header", "columns", "usulan", "masalah"),
    [
        (["NO", "KAMUS USULAN", "URAIAN PERMASALAHAN DAN USULAN", "LOKASI / ALAMAT", "PAGU"],
         [COUNT, SENTENCE, SENTENCE[::-1], SENTENCE, RUPIAH], 1, 2),
        (["id_usulan", "giat_teks", "detail_gagasan", "masalah", "detail_masalah", "status_usul"],
         [COUNT, SENTENCE, SENTENCE, SENTENCE, SENTENCE, SENTENCE], 1, 3),
        (["id", "kdKec", "prioritas", "masalah", "uraianPekerjaan", "pengusul", "paguAnggaran"],
         [COUNT, COUNT, COUNT, SENTENCE, SENTENCE[::-1], SENTENCE, RUPIAH], 4, 3),
        (["jenis", "usulan", "pod", "kelurahan", "alasan_usulan", "informasi_tambahan"],
         [WORDS[:4], SENTENCE, SENTENCE, SENTENCE, SENTENCE, SENTENCE], 1, 4),
        (["id_gampong", "nama_usulan", "kondisi_saat_ini", "dampak_kegiatan", "alasan_usulan"],
         [COUNT, SENTENCE, SENTENCE, SENTENCE, SENTENCE], 1, 4),
        (["jenis_kegiatan", "sasaran", "keterangan"],
         [WORDS, SENTENCE * 3, SENTENCE * 3], 1, None),
        (["program", "kegiatan", "sasaran", "volume", "usulan", "alasan"],
         [SENTENCE, SENTENCE, SENTENCE, COUNT, RUPIAH, SENTENCE], 1, None),
        (["dusun", "judul_usulan", "permasalahan", "urgensi", "biaya"],
         [SENTENCE, SENTENCE, SENTENCE, SENTENCE, RUPIAH], 1, 2),
        (["No Urut", "Jenis Kegiatan", "Lokasi", "RT/RW", "Volume", "Bidang Usulan"],
         [COUNT, SENTENCE, SENTENCE, COUNT, COUNT, WORDS[:4]], 1, None),
        (["Usulan (wajib diisi)", "Masalah 2026*"], [SENTENCE, SENTENCE], 0, 1),
        (["usulan", "masalah"], [["", "", "", ""], SENTENCE], 0, 1),
        (["Usulan", "Nama Kegiatan"], [["", "", "", ""], SENTENCE], 1, None),
        (["Deskripsi"], [SENTENCE], None, 0),
        (["Usulan"], [RUPIAH], None, None),
        (["Aspirasi", "Catatan"], [SENTENCE, SENTENCE], None, None),
    ],
)  # fmt: skip
def test_text_columns_of_the_exports_seen(
    header: list[str], columns: list[list[str]], usulan: int | None, masalah: int | None
) -> None:
    found = find_columns(header, columns)
    assert (found.get("usulan"), found.get("masalah")) == (usulan, masalah)


@pytest.mark.parametrize(
    ("header", "columns", "expected"),
    [
        (["prioritas"], [COUNT], {"usulan_ke": 0}),
        (["prioritas"], [["Banjir dan drainase"]], {"label": 0}),
        (["usulan"], [RUPIAH], {"anggaran": 0}),
        (["waktu"], [["2026", "2025"]], {"tahun": 0}),
        (["waktu"], [["1700000000"]], {"tanggal": 0}),
        (["No", "ID Usulan"], [COUNT, COUNT], {"id": 1}),
        (["No", "Usulan"], [COUNT, SENTENCE], {"id": 0, "usulan": 1}),
        (["Kel.", "KEC"], [["Lopang"], ["Serang"]], {"kelurahan": 0, "kecamatan": 1}),
        (["Volume", "Jumlah"], [COUNT, COUNT], {"volume": 0}),
    ],
)
def test_roles_follow_name_and_content(
    header: list[str], columns: list[list[str]], expected: dict[str, int]
) -> None:
    assert find_columns(header, columns) == expected


@given(st.permutations(SIPD), st.data())
def test_order_case_and_punctuation_do_not_matter(header: list[str], data: st.DataObject) -> None:
    noisy = [
        data.draw(st.sampled_from(["{}", " {} ", "{}:", "{}\n"])).format(
            data.draw(st.sampled_from([str.upper, str.lower, str.title]))(name).replace(
                " ", data.draw(st.sampled_from([" ", "  ", "_", "-", "\n"]))
            )
        )
        for name in header
    ]
    sample = [SENTENCE] * len(header)
    found = find_columns(noisy, sample)
    assert found["usulan"] == header.index("Usulan")
    assert found["masalah"] == header.index("Masalah")
    assert found["kelurahan"] == header.index("Kelurahan/Desa")


@given(st.permutations(AFTER), st.sampled_from([SENTENCE, RUPIAH, ["", ""]]))
def test_what_is_filled_in_after_verification_is_never_text(
    header: list[str], cells: list[str]
) -> None:
    assert not {"usulan", "masalah"} & set(find_columns(header, [cells] * len(header)))


@given(
    st.lists(st.tuples(st.text(max_size=9), st.lists(st.text(max_size=9), max_size=5)), max_size=6)
)
def test_any_columns_have_roles_or_are_refused(columns: list[tuple[str, list[str]]]) -> None:
    header = [name for name, _ in columns]
    found = find_columns(header, [cells for _, cells in columns])
    assert len(set(found.values())) == len(found)


def test_two_columns_equally_good_are_shown_with_examples(tmp_path: Path) -> None:
    path = table(tmp_path, ["USULAN", "usulan", "x"], SENTENCE, SENTENCE[::-1], COUNT)
    with pytest.raises(InputError) as caught:
        text_columns(open_table(path))
    assert str(caught.value) == (
        f"{path}: 2 columns may hold the usulan: 'USULAN': 'Pembangunan drainase di RT 01', "
        "'Jalan rusak berat', 'Alat posyandu kurang'; 'usulan': 'PJU mati', 'Alat posyandu "
        "kurang', 'Jalan rusak berat'. Name the right one with --text COLUMN (its name, or its "
        "number)."
    )
    assert text_columns(open_table(path), ["2"]) == [1]
    assert text_columns(open_table(path), ["usulan"]) == [1]


def test_two_columns_called_and_filled_alike_are_one(tmp_path: Path) -> None:
    path = table(tmp_path, ["Usulan", "Usulan"], SENTENCE, SENTENCE)
    assert text_columns(open_table(path)) == [0]


def test_named_columns_win(tmp_path: Path) -> None:
    path = table(tmp_path, ["Usulan", "Catatan", "No"], SENTENCE, SENTENCE, COUNT)
    source = open_table(path)
    assert text_columns(source, ["catatan"]) == [1]
    assert source_columns(source, text=["Catatan"], id_column="No") == {"usulan": 1, "id": 2}
    with pytest.raises(InputError, match=r"no column 'judul'. Its columns: 'Usulan', 'Catatan'"):
        column_number(source, "judul")


def test_a_name_of_two_columns_is_refused_with_their_numbers(tmp_path: Path) -> None:
    path = table(
        tmp_path, ["Uraian", "No", "uraian", "Uraian "], SENTENCE, COUNT, SENTENCE, SENTENCE
    )
    source = open_table(path)
    with pytest.raises(InputError, match=r"2 columns are called 'Uraian'.* you mean: 1, 4\."):
        column_number(source, "Uraian")
    assert column_number(source, "uraian") == 2
    assert column_number(source, "4") == 3


def test_no_text_column_is_refused_with_the_columns(tmp_path: Path) -> None:
    path = table(tmp_path, ["a", "b"], SENTENCE, COUNT)
    with pytest.raises(InputError, match=r"--text COLUMN. Its columns: 'a', 'b'"):
        text_columns(open_table(path))


def test_the_names_are_a_file_that_an_office_may_edit(tmp_path: Path) -> None:
    path = tmp_path / "kolom.toml"
    path.write_text('[usulan]\nisi = "teks"\nnama = [["Aspirasi"]]\n', encoding="utf-8")
    assert [match.role for match in load_roles(path)["aspirasi"]] == ["usulan"]
    broken = ["[usulan\n", '[usulan]\nisi = "x"\nnama = [["a"]]\n', "usulan = 3\n",
              '[usulan]\nisi = "teks"\nnama = ["a"]\n']  # fmt: skip
    for number, content in enumerate(broken):
        bad = tmp_path / f"{number}.toml"
        bad.write_text(content, encoding="utf-8")
        with pytest.raises(InputError, match=str(bad)):
            load_roles(bad)
