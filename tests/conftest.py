"""Shared fixtures: a small labelled table, written here by hand, and a model trained on it."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, settings

from classifier.labelled import Labelled, read_labelled
from classifier.lexicon import Lexicon
from classifier.model import Model
from classifier.store import save_model
from classifier.taxonomy import Taxonomy
from classifier.training import train

# On a build machine the same examples each time; elsewhere new ones, which is how bugs are found.
settings.register_profile(
    "usulan",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("usulan")

os.environ["USULAN_LANG"] = "en"  # whatever the machine speaks

collect_ignore = ["bench"]

COLUMNS = ["id", "usulan", "masalah", "prioritas", "jenis", "spm", "tematik", "sumber"]
WORKS = {
    "jalan": ["paving gang", "rabat beton", "aspal jalan poros", "jembatan kayu lapuk",
              "jalan rusak berat", "cor blok dusun", "trotoar pecah", "hotmix jalan utama"],
    "banjir": ["drainase mampet", "gorong-gorong ambles", "normalisasi kali", "turap sungai",
               "u-ditch depan gang", "sumur resapan", "air meluap ke rumah", "saluran tersumbat"],
    "kesehatan": ["alat posyandu", "rehab puskesmas", "kader kesehatan", "fogging nyamuk",
                  "timbangan bayi", "obat pustu", "PMT balita stunting", "vaksin bayi"],
    "sosial": ["kursi roda disabilitas", "sembako lansia", "santunan yatim", "bansos warga miskin",
               "alat bantu dengar", "pendampingan KDRT", "verifikasi DTKS", "jompo telantar"],
}  # fmt: skip
KINDS = {"jalan": "fisik", "banjir": "fisik", "kesehatan": "barang", "sosial": "nonfisik"}
AREAS = {"jalan": "bukan", "banjir": "bukan", "kesehatan": "kesehatan", "sosial": "sosial"}
THEMES = {"PMT balita stunting": "stunting", "bansos warga miskin": "kemiskinan_ekstrem"}
EXTRA = [
    "masih sangat perlu",
    "mohon dibantu",
    "kondisi lama",
    "usulan tahun lalu",
    "milik bersama",
]


def labelled_rows() -> list[list[str]]:
    """Rows in the labelled format: every work alone, and with each of the further words."""
    rows = []
    for label, works in WORKS.items():
        for work in works:
            for extra in ("", *EXTRA):
                cells = [
                    work,
                    extra,
                    label,
                    KINDS[label],
                    AREAS[label],
                    THEMES.get(work, ""),
                    "uji",
                ]
                rows.append([f"r{len(rows):03d}", *cells])
    for text in ("RT 01 RW 02", "tes", "lanjutan", "Desa Anu", "coba coba", "entahlah"):
        row = [text, "", "tidak_jelas", "tidak_jelas", "bukan", "", "uji"]
        rows.append([f"r{len(rows):03d}", *row])
    return rows


def write_rows(path: Path, rows: list[list[str]], delimiter: str = ",") -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=delimiter).writerows(rows)
    return path


def read_rows(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream, delimiter=delimiter))


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return Taxonomy.load()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.fixture(scope="session")
def labelled_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("labelled") / "labelled.csv"
    return write_rows(path, [COLUMNS, *labelled_rows()])


@pytest.fixture(scope="session")
def labelled(labelled_csv: Path, taxonomy: Taxonomy) -> Labelled:
    return read_labelled([labelled_csv], taxonomy)


@pytest.fixture(scope="session")
def model(labelled: Labelled, taxonomy: Taxonomy) -> Model:
    return train(labelled, taxonomy)


@pytest.fixture(scope="session")
def model_file(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("model") / "kecil.usulan"
    save_model(model, path)
    return path


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()
