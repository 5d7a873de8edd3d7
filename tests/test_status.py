"""Status and reason: each row says in fixed words whether a human should look, and why."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from classifier import load_model
from classifier.model import Model
from classifier.tags import Tagger

FORMS = re.compile(
    r"tidak ada teks|hanya nama tempat atau angka|tidak jelas apa yang diminta|"
    r"kata tidak dikenal: \w+(, \w+){0,2}|kamus dan masalah berbeda: \w+ / \w+|"
    r"beberapa pekerjaan: \w+(;\w+)*(; \w+(;\w+)*)?|di luar daftar prioritas|"
    r"dua kemungkinan: \w+ / \w+|keyakinan rendah|keyakinan cukup"
)


@pytest.fixture(scope="module")
def starter() -> Model:
    return load_model()


def judged(model: Model, usulan: str, masalah: str = "") -> tuple[str, str]:
    columns = [pa.array([usulan]), pa.array([masalah])]
    (row,) = Tagger(model).tag(columns).table.to_pylist()
    assert FORMS.fullmatch(row["tag_alasan"])
    return row["tag_status"], row["tag_alasan"]


@pytest.mark.parametrize(
    ("usulan", "masalah", "status", "reason"),
    [
        ("", "", "kosong", "tidak ada teks"),
        (" - ", "...", "kosong", "tidak ada teks"),
        ("RT 02 RW 05", "", "tinjau", "hanya nama tempat atau angka"),
        ("lanjutan", "", "tinjau", "tidak jelas apa yang diminta"),
        ("paving blok gang rusak", "becek dan licin", "otomatis", "keyakinan cukup"),
        (
            "Pengaspalan jalan lingkungan",
            "timbangan bayi posyandu rusak",
            "tinjau",
            "kamus dan masalah berbeda: jalan / kesehatan",
        ),
        ("rabat beton serta lampu jalan", "", "tinjau", "beberapa pekerjaan: jalan; pju"),
        (
            "xqzt wvkj paving",
            "",
            "tinjau",
            "kata tidak dikenal: xqzt, wvkj",
        ),
    ],
)
def test_each_reason_has_its_rows(
    starter: Model, usulan: str, masalah: str, status: str, reason: str
) -> None:
    assert judged(starter, usulan, masalah) == (status, reason)


@pytest.mark.parametrize(
    "reason", ["di luar daftar prioritas", "dua kemungkinan", "keyakinan rendah"]
)
def test_rows_below_the_cutoff_say_what_is_doubtful(starter: Model, reason: str) -> None:
    texts = ["rehab", "pembangunan gedung", "bantuan alat untuk warga", "perbaikan fasilitas",
             "lampu", "penataan lingkungan", "pelatihan", "bantuan modal kelompok", "saluran",
             "pengadaan kursi", "pagar", "sumur", "peningkatan sarana prasarana", "meja",
             "pembinaan kader", "cat tembok", "perahu", "kamera", "air", "tenda",
             "papan nama"]  # fmt: skip
    table = Tagger(starter, 0.99).tag([pa.array(texts)]).table
    reasons = [text.split(":")[0] for text in table["tag_alasan"].to_pylist()]
    assert reason in reasons


def test_unknown_words_are_three_at_most_and_of_their_own_row(starter: Model) -> None:
    texts = ["qqa qqb qqc qqd qqe", "paving gang", "zza"]
    reasons = Tagger(starter).tag([pa.array(texts)]).table["tag_alasan"].to_pylist()
    assert reasons[0] == "kata tidak dikenal: qqa, qqb, qqc"
    assert reasons[1] == "keyakinan cukup"
    assert reasons[2] == "kata tidak dikenal: zza"


def test_an_unknown_word_is_named_once_and_cut(starter: Model) -> None:
    columns = [pa.array(["xqzt xqzt"]), pa.array(["xqzt " + "wv" * 5000])]
    (reason,) = Tagger(starter).tag(columns).table["tag_alasan"].to_pylist()
    assert reason == "kata tidak dikenal: xqzt, " + "wv" * 15


def test_columns_that_agree_or_hesitate_are_not_apart(starter: Model) -> None:
    for masalah in ("aspal mengelupas", "warga mengeluh", ""):
        assert "berbeda" not in judged(starter, "Pengaspalan jalan lingkungan", masalah)[1]


def test_a_third_column_has_a_say_too(starter: Model) -> None:
    columns = [pa.array([text]) for text in ("Pengaspalan jalan", "", "bibit lele kolam")]
    (row,) = Tagger(starter).tag(columns).table.to_pylist()
    assert row["tag_alasan"] == "kamus dan masalah berbeda: jalan / ketahanan_pangan"
