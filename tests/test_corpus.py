"""The shipped corpus, thesaurus and sample: what the data card promises holds."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from pathlib import Path

import pyarrow as pa
import pytest

from classifier.labelled import Labelled, read_labelled
from classifier.lexicon import Lexicon
from classifier.taxonomy import Taxonomy
from classifier.terms import Terms, read_terms
from classifier.text import tokenize
from classifier.tokens import WORD

DATA = Path(__file__).parents[1] / "data"
FILES = sorted((DATA / "labelled").glob("*.csv"))
STYLES = {"kamus", "warga", "sipd", "desa", "kantor", "keluhan", "serang"}
TOO_ALIKE = 0.8


def all_rows() -> list[dict[str, str]]:
    rows = []
    for path in FILES:
        with path.open(encoding="utf-8", newline="") as stream:
            rows += list(csv.DictReader(stream))
    return rows


@pytest.fixture(scope="module")
def corpus() -> Labelled:
    return read_labelled(FILES, Taxonomy.load())


@pytest.fixture(scope="module")
def terms() -> Terms:
    return read_terms(DATA / "istilah.csv", Taxonomy.load())


def test_starter_has_rows_of_every_label() -> None:
    starter = read_labelled([DATA / "labelled/starter.csv"], Taxonomy.load())
    assert len(starter) >= 1500
    assert min(Counter(starter.main("prioritas").tolist()).values()) >= 40
    themes = Counter(theme for row in starter.labels["tematik"] for theme in row)
    assert len(themes) == 6
    assert min(themes.values()) >= 15


def test_corpus_is_broad(corpus: Labelled) -> None:
    assert len(corpus) >= 10_000
    counts = Counter(corpus.main("prioritas").tolist())
    assert len(counts) == 21
    assert min(counts.values()) >= 350
    for facet, values in (("spm", 7), ("tematik", 6)):
        per_value = Counter(label for row in corpus.labels[facet] for label in row)
        assert len(per_value) == values
        assert min(per_value.values()) >= 80


def test_rows_have_one_id_and_a_style() -> None:
    rows = all_rows()
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["sumber"] for row in rows} == STYLES
    assert sum(row["sumber"] == "serang" for row in rows) >= 600


def test_rows_are_as_short_as_real_ones() -> None:
    lengths = sorted(len(f"{row['usulan']} {row['masalah']}".split()) for row in all_rows())
    assert 4 <= lengths[len(lengths) // 2] <= 7
    assert lengths[-1] <= 60


def test_facets_agree_with_each_other(corpus: Labelled) -> None:
    for place, main, kind, area in zip(
        corpus.places,
        corpus.main("prioritas"),
        corpus.main("jenis"),
        corpus.main("spm"),
        strict=True,
    ):
        assert (main == "tidak_jelas") == (kind == "tidak_jelas"), place
        assert main != "tidak_jelas" or area == "bukan", place


def regency_rows() -> list[dict[str, str]]:
    """The invented regency's rows, under the corpus' names."""
    with (DATA / "samples/kabupaten-lain.csv").open(encoding="utf-8", newline="") as stream:
        return [
            {"id": f"k{row['No']}", "usulan": row["Nama Kegiatan"], "masalah": row["Uraian"]}
            for row in csv.DictReader(stream, delimiter=";")
        ]


def test_no_two_rows_are_near_duplicates() -> None:
    rows = all_rows() + regency_rows()
    columns = [pa.array([row[name] for row in rows]) for name in ("usulan", "masalah")]
    tokens = tokenize(columns, Lexicon.load())
    plain = tokens.where(tokens.roles == WORD)
    words: list[set[int]] = [set() for _ in rows]
    for row, code in zip(plain.rows.tolist(), plain.codes.tolist(), strict=True):
        words[row].add(code)
    holding: dict[int, list[int]] = defaultdict(list)
    alike = []
    for row, mine in enumerate(words):
        shared = Counter(other for code in mine for other in holding[code])
        alike += [
            (rows[other]["id"], rows[row]["id"])
            for other, count in shared.items()
            if count / len(mine | words[other]) > TOO_ALIKE
        ]
        for code in mine:
            holding[code].append(row)
    assert not alike


def test_thesaurus_is_broad(terms: Terms) -> None:
    assert len(terms) >= 12_000
    counts = Counter(label for labels in terms.labels["prioritas"] for label in labels or ())
    assert len(counts) == 20
    assert min(counts.values()) >= 500
    assert 250 <= len(set(terms.concepts)) <= 450
    assert max(len(text.split()) for text in terms.texts) <= 4


def test_the_sample_is_an_export_with_the_usual_mess() -> None:
    with (DATA / "samples/usulan-sipd.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 300
    assert list(rows[0])[5:7] == ["Usulan", "Masalah"]
    assert len(rows[0]) == 26
    assert any("\n" in row["Masalah"] for row in rows)
    assert any(row["Masalah"] == "" for row in rows)
    assert any(row["Usulan"].lower() == "tes" for row in rows)
    assert any("1.000,00" in row["Anggaran"] or ".000.000,00" in row["Anggaran"] for row in rows)
    assert all(row["ID Usulan"].startswith("00") for row in rows)
