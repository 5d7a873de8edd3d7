"""Where a proposal wants its work: RT and RW however written, names, kelurahan."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.arrays import strings
from classifier.lexicon import Lexicon
from classifier.twins.location import Places, area_name, find_places

COMMON = strings(["rusak", "paving", "drainase", "becek"])


def places(lexicon: Lexicon, text: str = "", address: str = "", area: str = "") -> Places:
    texts, addresses, areas, districts = ([strings([cell])] for cell in (text, address, area, ""))
    return find_places(texts, addresses, areas[0], districts[0], lexicon, COMMON)


def bits(numbers: np.ndarray) -> set[int]:
    return {bit for bit in range(64) if int(numbers[0]) >> bit & 1}


@pytest.mark.parametrize(
    ("address", "rt", "rw"),
    [
        ("RT 02 RW 05", {2}, {5}),
        ("RT 02/05", {2}, {5}),
        ("RT.003/002", {3}, {2}),
        ("rt05 rw01", {5}, {1}),
        ("R.T 02 R.W 02", {2}, {2}),
        ("RT/RW 03/04", {3}, {4}),
        ("RT 02/RW 05", {2}, {5}),
        ("RW 05/RT 02", {2}, {5}),
        ("RT 3/3", {3}, {3}),
        ("RT 02, 03 RW 14", {2, 3}, {14}),
        ("RT 06 dan 07 RW 03", {6, 7}, {3}),
        ("RT 01-05 RW 08", {1, 2, 3, 4, 5}, {8}),
        ("RT 01 s/d 04 RW 02", {1, 2, 3, 4}, {2}),
        ("RW. 05,, Kota Malang", set(), {5}),
        ("RW IV", set(), {4}),
        ("RT.02 RW.V", {2}, {5}),
        ("(RW 05 P4)", set(), {5}),
        ("RT 02 RW 05 3 titik", {2}, {5}),
        ("150 meter", set(), set()),
        ("Jl. Raya KM 2", set(), set()),
        ("RW 64, RW 999999999999999999999", set(), set()),
    ],
)
def test_rt_and_rw_are_read_however_written(
    lexicon: Lexicon, address: str, rt: set[int], rw: set[int]
) -> None:
    for found in (places(lexicon, address=address), places(lexicon, text=f"paving {address}")):
        assert (bits(found.rt), bits(found.rw)) == (rt, rw)


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("Gg. Haji Umar RT 01", {"hajiumar"}),
        ("Kp. Pasir Eurih", {"pasireurih"}),
        ("KP PASIREURIH", {"pasireurih"}),
        ("Jl. Cipare Dalam Kel. Cipare", {"cipare" + "dalam"}),
        ("Gang Mawar 2", {"mawar2"}),
        ("SMPN 4", {"sekolah4"}),
        ("Perum Gelam Asri Blok A", {"gelamasri", "bloka"}),
        ("Jl. Melati depan masjid", {"melati"}),
        ("Majelis Taklim An Nur", {"annur"}),
        ("Jl. Kenari, Serang", {"kenari"}),
        ("RW 02", set()),
    ],
)
def test_names_of_an_address(lexicon: Lexicon, address: str, names: set[str]) -> None:
    found = places(lexicon, address=address)
    assert {found.names.keys[name] for name in found.names.entries.indices} == names


def test_in_a_text_only_a_rare_word_is_a_name(lexicon: Lexicon) -> None:
    assert places(lexicon, "jalan rusak becek").names.entries.nnz == 0
    assert places(lexicon, "jalan kenari rusak").names.keys == ("kenari",)


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("RT 01 RW 02 Kel. Lopang Kec. Serang", "lopang"),
        ("Kelurahan Kota Baru", "kotabaru"),
        ("Desa Sumur Pecung, Serang", "sumurpecung"),
        ("Kecamatan Walantaka", ""),
        ("Jl. Raya Serang", ""),
    ],
)
def test_an_address_names_the_kelurahan(lexicon: Lexicon, address: str, area: str) -> None:
    found = places(lexicon, address=address)
    assert found.names.areas == (area,)
    assert (found.area[0] >= 0) == bool(area)


def test_a_kelurahan_is_the_same_however_written(lexicon: Lexicon) -> None:
    for names in (
        ["Kel. Sumur Pecung", "SUMURPECUNG", " Kelurahan  Sumur pecung"],
        ["Kota Baru", "KOTABARU"],
        ["Mesjid Priyayi", "Masjid Priyayi"],
        ["Desa Sukamaju", "Ds. Sukamaju"],
    ):
        assert len({area_name(name, lexicon) for name in names}) == 1


@given(st.integers(1, 63), st.integers(1, 63), st.sampled_from(["{:d}", "{:02d}", "{:03d}"]))
def test_every_number_is_found(lexicon: Lexicon, rt: int, rw: int, form: str) -> None:
    found = places(lexicon, address=f"RT {form.format(rt)} RW {form.format(rw)}")
    assert (bits(found.rt), bits(found.rw)) == ({rt}, {rw})


@given(st.integers(1, 63), st.integers(1, 63))
def test_a_range_holds_what_lies_between(lexicon: Lexicon, one: int, other: int) -> None:
    low, high = sorted((one, other))
    found = places(lexicon, address=f"RT {low}-{high} RW 01")
    assert bits(found.rt) == set(range(low, high + 1))


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_text_breaks_it(lexicon: Lexicon, text: str, address: str) -> None:
    found = places(lexicon, text, address, text)
    assert len(found.area) == len(found.rt) == len(found.rw) == 1


def test_no_rows_have_no_places(lexicon: Lexicon) -> None:
    nothing = strings([])
    found = find_places([nothing], [nothing], nothing, nothing, lexicon, COMMON)
    assert found.known.tolist() == []
