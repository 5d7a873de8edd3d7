"""Names of kelurahan: variants find the official one, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import write_rows
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import InputError
from classifier.report.offices import Offices, Urusan
from classifier.report.wilayah import Place, Wilayah, one_letter_apart
from classifier.taxonomy import Taxonomy

SERANG = Wilayah.load()
UNIQUE = [row for row in SERANG.rows if row[1] != "Sukawana"]


def test_kota_serang_has_67_kelurahan_in_6_kecamatan() -> None:
    assert len(SERANG.rows) == 67
    assert len(SERANG.kecamatan) == 6
    sizes = [sum(row[0] == name for row in SERANG.rows) for name in SERANG.kecamatan]
    assert dict(zip(SERANG.kecamatan, sizes, strict=True)) == {
        "Serang": 12, "Kasemen": 10, "Walantaka": 14, "Curug": 10, "Cipocok Jaya": 8,
        "Taktakan": 13,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "kecamatan", "kelurahan"),
    [
        ("LOPANG", "", "Lopang"),
        ("Kel. Lopang", "Serang", "Lopang"),
        ("Kelurahan Lopang RW 3", "Kec. Serang", "Lopang"),
        ("kel/desa lopang, Kec. Serang", "", "Lopang"),
        ("Lopang (Kota Serang)", "SERANG", "Lopang"),
        ("Kotabaru", "", "Kota Baru"),
        ("Kel. Kota Baru", "", "Kota Baru"),
        ("Masjid Priyayi", "Kasemen", "Mesjid Priyayi"),
        ("Trondol", "Serang", "Terondol"),
        ("Lopnag", "Serang", "Lopang"),
        ("Serang", "Serang", "Serang"),
        ("Banten", "Kesemen", "Banten"),
        ("Sukawana", "Curug", "Sukawana"),
        ("Gelam", "Cipocok", "Gelam"),
    ],
)
def test_it_is_found(cell: str, kecamatan: str, kelurahan: str) -> None:
    place = SERANG.find(cell, kecamatan)
    assert (place.kelurahan, place.reason) == (kelurahan, "")


@pytest.mark.parametrize(
    ("cell", "kecamatan", "reason"),
    [
        ("Sukawana", "", "ada di Serang dan Curug, kolom kecamatan tidak memutuskan"),
        ("Sukawana", "Anu", "ada di Serang dan Curug, kolom kecamatan tidak memutuskan"),
        ("Sukawana", "Kasemen", "menurut daftar ada di Serang dan Curug, bukan Kasemen"),
        ("Lopang", "Curug", "menurut daftar ada di Serang, bukan Curug"),
        ("Lopang Gede", "Serang", "tidak ada dalam daftar"),
        ("Loping X", "Serang", "tidak ada dalam daftar"),
        ("Serpang", "", "tidak ada dalam daftar"),  # Serang or Sepang
        ("", "Serang", "kelurahan tidak diisi"),
        ("RW 03", "Serang", "tidak ada dalam daftar"),
    ],
)
def test_it_is_not_guessed(cell: str, kecamatan: str, reason: str) -> None:
    place = SERANG.find(cell, kecamatan)
    assert (place.kelurahan, place.reason) == ("", reason)


@given(st.sampled_from(SERANG.rows), st.sampled_from(["{}", "KEL. {}", " kelurahan {} Rw. 02"]),
       st.sampled_from([str.upper, str.lower, str.title]))  # fmt: skip
def test_every_official_name_is_found_in_any_dress(row, form, case) -> None:
    kecamatan, kelurahan = row
    found = SERANG.find(form.format(case(kelurahan)), f"Kec. {case(kecamatan)}")
    assert found == Place(kecamatan, kelurahan)


@given(st.sampled_from(UNIQUE), st.data())
def test_one_wrong_letter_finds_the_name_or_nothing(row, data) -> None:
    kelurahan = row[1]
    at = data.draw(st.integers(0, len(kelurahan) - 1))
    letter = data.draw(st.sampled_from("aeioukmnrst"))
    typo = kelurahan[:at] + letter + kelurahan[at + 1 :]
    found = SERANG.find(typo, "")
    others = [name for _, name in SERANG.rows if name.casefold() == typo.casefold()]
    assert found.kelurahan in ("", kelurahan, *others)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_one_letter_apart_is_symmetric_and_what_it_says(one: str, other: str) -> None:
    changed = {one[:i] + one[i + 1 :] for i in range(len(one))}
    changed |= {one[:i] + c + one[i:] for i in range(len(one) + 1) for c in "abc"}
    changed |= {one[:i] + c + one[i + 1 :] for i in range(len(one)) for c in "abc"}
    changed |= {one[:i] + one[i + 1] + one[i] + one[i + 2 :] for i in range(len(one) - 1)}
    assert one_letter_apart(one, other) == (other in changed and one != other)
    assert one_letter_apart(one, other) == one_letter_apart(other, one)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_cell_is_a_place_of_the_list_or_has_a_reason(cell: str, kecamatan: str) -> None:
    place = SERANG.find(cell, kecamatan)
    assert bool(place.kelurahan) != bool(place.reason)
    assert not place.kelurahan or (place.kecamatan, place.kelurahan) in SERANG.rows


def test_any_list_will_do(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "k.csv", [["Kelurahan", "kecamatan"], ["Kauman", "Klojen"]], ";")
    assert Wilayah.load(path).find("KEL. KAUMAN", "") == Place("Klojen", "Kauman")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([["kecamatan", "desa"], ["a", "b"]], "has no column 'kelurahan'"),
        ([["kecamatan", "kelurahan"]], "holds no rows"),
    ],
)
def test_a_list_that_cannot_be_used_is_refused(tmp_path: Path, rows, message: str) -> None:
    with pytest.raises(InputError, match=message):
        Wilayah.load(write_rows(tmp_path / "k.csv", rows))


def test_every_opd_of_the_taxonomy_and_many_spellings_are_known() -> None:
    facets = Taxonomy.load().facets.values()
    names = {opd for facet in facets for label in facet.labels.values() for opd in label.opd}
    offices = Offices.load()
    assert {name: offices.find(name) for name in names} == {name: name for name in names}
    for cell, opd in {
        "Dinas PUPR": "DPUPR", "DINAS PEKERJAAN UMUM DAN PENATAAN RUANG KOTA SERANG": "DPUPR",
        "Dishub": "Dinas Perhubungan", "Kecamatan Taktakan": "Kecamatan",
        "Kelurahan Unyur": "Kecamatan", "Bagian Kesra Setda": "Sekretariat Daerah (Bagian Kesra)",
        "Dinas Ketahanan Pangan, Pertanian dan Perikanan":
            "Dinas Ketahanan Pangan, Pertanian, dan Perikanan",
        "Dinas Anu": "", "": "", "-": "",
    }.items():  # fmt: skip
        assert offices.find(cell) == opd


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.03", "1.03"),
        ("1.03 - PEKERJAAN UMUM", "1.03"),
        ("2.10", "2.10"),
        ("2.1", ""),  # 2.10 or 2.01: a spreadsheet took the nought
        ("URUSAN PEMERINTAHAN BIDANG  PERHUBUNGAN", "2.15"),
        ("Urusan Pemerintahan Wajib Yang Berkaitan Dengan Pelayanan Dasar Bidang Sosial", "1.06"),
        ("Bidang Anu", ""),
        ("1.03; 1.04", ""),
        ("1.03.02.2.01", "1.03"),
    ],
)
def test_bidang_urusan_by_code_or_name(cell: str, code: str) -> None:
    assert Urusan.load().find(cell) == code
