"""The label file: complete, reachable, and refused with file, key and reason when broken."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.errors import TaxonomyError
from classifier.resources import shipped
from classifier.store import load_model
from classifier.taxonomy import Taxonomy

AREAS = ["pendidikan", "kesehatan", "pu", "perumahan", "trantibum", "sosial"]
ARTICLE = [
    ("standar pelayanan minimal", "spm", AREAS),
    ("infrastruktur", "prioritas", ["jalan"]),
    ("pengangguran", "prioritas", ["pengangguran"]),
    ("pendidikan", "prioritas", ["pendidikan"]),
    ("kesehatan", "prioritas", ["kesehatan"]),
    ("mitigasi dan penanganan bencana", "prioritas", ["kebencanaan"]),
    ("pelayanan publik", "prioritas", ["pelayanan_publik"]),
    ("kawasan Banten Lama", "prioritas", ["banten_lama"]),
    ("reformasi birokrasi", "tematik", ["reformasi_birokrasi"]),
    ("stunting", "tematik", ["stunting"]),
    ("kemiskinan ekstrem", "tematik", ["kemiskinan_ekstrem"]),
    ("inflasi", "tematik", ["inflasi"]),
    ("investasi", "tematik", ["investasi"]),
    ("P3DN", "tematik", ["p3dn"]),
    ("pasar dan UKM", "prioritas", ["pasar_ukm"]),
    ("konektivitas perhubungan", "prioritas", ["perhubungan"]),
    ("PJU", "prioritas", ["pju"]),
    ("persampahan", "prioritas", ["persampahan"]),
    ("pengendalian banjir", "prioritas", ["banjir"]),
    ("pariwisata dan ekraf", "prioritas", ["pariwisata_ekraf"]),
    ("ketahanan pangan", "prioritas", ["ketahanan_pangan"]),
    ("fisik", "jenis", ["fisik"]),
    ("non-fisik", "jenis", ["barang", "nonfisik"]),
]  # fmt: skip


@pytest.mark.parametrize(("priority", "facet", "labels"), ARTICLE)
def test_each_priority_of_the_article_is_a_tag(
    taxonomy: Taxonomy, priority: str, facet: str, labels: list[str]
) -> None:
    starter = load_model()
    for label in labels:
        assert label in taxonomy.facets[facet].labels, priority
        assert label in starter.labels(facet), f"the starter model never gives {label}"


def test_labels_from_the_article_carry_its_phrase(taxonomy: Taxonomy) -> None:
    for _, facet, labels in ARTICLE:
        phrases = [taxonomy.facets[facet].labels[label].artikel for label in labels]
        assert any(phrases) or taxonomy.facets[facet].artikel


def test_sizes_of_the_facets(taxonomy: Taxonomy) -> None:
    sizes = {name: len(facet.labels) for name, facet in taxonomy.facets.items()}
    assert sizes == {"prioritas": 21, "jenis": 4, "spm": 7, "tematik": 6}


def test_codes_are_text(taxonomy: Taxonomy) -> None:
    assert taxonomy.facets["prioritas"].labels["lainnya"].kode == ("2.10", "2.24")


def test_goods_and_services_roll_up_to_nonfisik(taxonomy: Taxonomy) -> None:
    labels = taxonomy.facets["jenis"].labels
    groups = {slug: label.kelompok for slug, label in labels.items()}
    assert groups["fisik"] == "fisik"
    assert groups["barang"] == groups["nonfisik"] == "nonfisik"


BROKEN = [
    ('kode = ["1.03", "1.04"]', "kode = [1.03]", "prioritas.label.jalan.kode", "list of texts"),
    ('kode = ["1.03", "1.04"]', 'kode = ["103"]', "facet.prioritas.label.jalan.kode", "no code"),
    ('kelompok = "lain"', 'kelompok = "entah"', "lainnya.kelompok", "allowed: infrastruktur"),
    ('pilihan = "banyak"', 'pilihan = "dua"', "facet.tematik.pilihan", '"satu" or "banyak"'),
    ("[facet.spm]", "[facet.SPM]", "facet.SPM", "lower-case"),
    ("\n[kelompok]", "\n[gruppe]", "gruppe", "unknown key"),
    ('nama = "Fisik"', "nama = 5", "facet.jenis.label.fisik.nama", "text"),
    ("[facet.tematik", "[facet.status", "facet.status", "column of the output"),
    ("porsi = 0.2\n", "porsi = 20\n", "jalan.porsi", "at most 1"),
    ("definisi =", "defenisi =", "defenisi", "unknown key"),
    ("\n[kelompok]", "\n[kelompok", "not valid TOML", "Correct"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "key", "reason"), BROKEN)
def test_a_broken_file_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    path = tmp_path / "rusak.toml"
    text = shipped("data", "taxonomy.toml").read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1 if "[facet" not in old else -1), encoding="utf-8")
    with pytest.raises(TaxonomyError) as caught:
        Taxonomy.load(path)
    message = str(caught.value)
    assert str(path) in message
    assert key in message
    assert reason in message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TaxonomyError, match="no such taxonomy file"):
        Taxonomy.load(tmp_path / "tidak-ada.toml")
