"""Training: folds, calibration, thresholds, the record; and what it refuses."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from conftest import COLUMNS, KINDS, labelled_rows, write_rows
from hypothesis import assume, given
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from classifier.cli import main
from classifier.errors import InputError, LabelError
from classifier.evaluation import evaluate
from classifier.labelled import Labelled, read_labelled
from classifier.learning.folds import folds, group_rows
from classifier.lexicon import Lexicon
from classifier.model import Model
from classifier.store import digest, load_model
from classifier.taxonomy import Taxonomy
from classifier.terms import Terms, read_terms
from classifier.text import tokenize
from classifier.training import Settings, train


def test_it_learns_what_the_rows_say(model: Model) -> None:
    prediction = model.predict(
        [pa.array(["betonisasi gang rusak", "kader posyandu", "bansos lansia"])]
    )
    best = prediction.probabilities["prioritas"].argmax(axis=1)
    assert [model.labels("prioritas")[k] for k in best] == ["jalan", "kesehatan", "sosial"]


@given(
    st.lists(
        st.sampled_from(["paving gang", "bansos lansia", "tes", "", "RT 1", "xyz qwerty"]),
        max_size=6,
    )
)
def test_probabilities_are_probabilities(model: Model, texts: list[str]) -> None:
    prediction = model.predict([pa.array(texts, pa.string())])
    for head in model.heads:
        p = prediction.probabilities[head.facet]
        assert p.shape == (len(texts), len(model.labels(head.facet)))
        assert ((p >= 0) & (p <= 1)).all()
        if not head.banyak:
            assert np.allclose(p.sum(axis=1), 1, atol=1e-5)


def test_unclear_is_decided_not_learnt(model: Model) -> None:
    assert "tidak_jelas" not in model.head("prioritas").labels
    prediction = model.predict(
        [pa.array(["RT 03 RW 04 Desa Sukamaju", "bansos lansia warga miskin"])]
    )
    unclear = prediction.probabilities["prioritas"][:, -1]
    assert unclear[0] > 0.5 > unclear[1]


def test_the_record_tells_what_the_model_is_made_of(model: Model, labelled: Labelled) -> None:
    record = model.record
    assert record["rows"] == len(labelled) == 198
    assert record["rows_per_label"]["prioritas"]["banjir"] == 48
    assert record["data_sha256"] == labelled.sha256
    assert set(record["held_out"]) == {"prioritas", "jenis", "spm", "tematik"}
    scores = record["held_out"]["prioritas"]
    low, high = scores["accuracy_interval"]
    assert low <= scores["accuracy"] <= high
    assert scores["accuracy"] > scores["baseline_accuracy"]


def test_progress_is_told(labelled: Labelled, taxonomy: Taxonomy) -> None:
    told: list[tuple[int, int]] = []
    train(labelled, taxonomy, settings=Settings(folds=3), progress=lambda *done: told.append(done))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_equal_data_give_equal_bytes_in_any_process(labelled_csv: Path, tmp_path: Path) -> None:
    digests = []
    for number, jobs in (("1", "1"), ("7", "2")):
        out = tmp_path / f"{number}.usulan"
        command = [
            sys.executable,
            "-m",
            "classifier.cli",
            "train",
            str(labelled_csv),
            "-o",
            str(out),
            "--precedents",
        ]
        environment = os.environ | {"PYTHONHASHSEED": number, "SOURCE_DATE_EPOCH": "1700000000"}
        subprocess.run([*command, "--jobs", jobs], check=True, env=environment, capture_output=True)
        digests.append(digest(out))
    assert digests[0] == digests[1]


def test_rows_that_say_the_same_stay_in_one_fold() -> None:
    texts = [
        "Paving Gg. Mawar RT 1",
        "paving gang melati RT 07",
        "bibit lele",
        "lele bibit",
        "sumur",
    ]
    groups = group_rows(tokenize([pa.array(texts)], Lexicon.load()))
    assert groups[0] == groups[1]
    assert groups[2] == groups[3]
    assert len(set(groups.tolist())) == 3


@given(st.integers(2, 6), st.integers(0, 50))
def test_folds_hold_out_each_row_once_and_keep_groups_whole(n_folds: int, seed: int) -> None:
    groups = np.repeat(np.arange(12), 3)
    labels = np.where(np.arange(36) < 30, "a", "b")
    made = folds(groups, labels, n_folds, seed)
    assert sorted(np.concatenate(made).tolist()) == list(range(36))
    for group in range(12):
        assert sum(bool((groups[rows] == group).any()) for rows in made) == 1


@given(
    st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abcd")), min_size=8, max_size=80),
    st.integers(2, 6),
    st.integers(0, 50),
)
def test_folds_are_those_of_scikit_learn(
    rows: list[tuple[int, str]], n_folds: int, seed: int
) -> None:
    groups = np.array([group for group, _ in rows])
    labels = np.array([label for _, label in rows])
    assume(len(set(groups.tolist())) >= n_folds)
    assume(max(Counter(labels.tolist()).values()) >= n_folds)  # scikit-learn asks for it
    splitter = StratifiedGroupKFold(n_folds, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="The least populated class")
        expected = [held_out.tolist() for _, held_out in splitter.split(labels, labels, groups)]
    assert [held_out.tolist() for held_out in folds(groups, labels, n_folds, seed)] == expected


def test_labels_of_one_row_each_have_folds_all_the_same() -> None:
    made = folds(np.arange(4), np.array(list("abcd")), 3, seed=1)
    assert sorted(np.concatenate(made).tolist()) == [0, 1, 2, 3]
    assert sorted(map(len, made)) == [1, 1, 2]


def one_row_less(label: str) -> list[list[str]]:
    rows = [row for row in labelled_rows() if row[3] != label]
    return [*rows, *[row for row in labelled_rows() if row[3] == label][:1]]


def change(row: int, column: str, value: str) -> list[list[str]]:
    rows = labelled_rows()
    rows[row][COLUMNS.index(column)] = value
    return rows


BAD = [
    (one_row_less("sosial"), "row 152: prioritas: 'sosial' has only this example"),
    (change(3, "prioritas", "jaln"), "prioritas: unknown label 'jaln'; allowed: jalan, banjir"),
    (change(3, "prioritas", ""), "row 5: prioritas: no label"),
    (change(3, "tematik", "stunting;gizi"), "row 5: tematik: unknown label 'gizi'"),
    ([row for row in labelled_rows() if row[3] == "jalan"], "the data hold 1 label"),
    ([], "holds no rows"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "reason"), BAD)
def test_labels_that_cannot_be_learnt_are_refused_with_their_place(
    tmp_path: Path, taxonomy: Taxonomy, rows: list[list[str]], reason: str
) -> None:
    path = write_rows(tmp_path / "data.csv", [COLUMNS, *rows])
    with pytest.raises(LabelError) as caught:
        train(read_labelled([path], taxonomy), taxonomy)
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)


def test_a_row_may_say_nothing_of_a_facet_beside_the_main_one(
    tmp_path: Path, taxonomy: Taxonomy, labelled: Labelled
) -> None:
    rows = [[*row[:4], "" if n % 3 else row[4], *row[5:]] for n, row in enumerate(labelled_rows())]
    path = write_rows(tmp_path / "data.csv", [COLUMNS, *rows])
    data = read_labelled([path], taxonomy)
    model = train(data, taxonomy)
    assert model.labels("jenis") == ("fisik", "barang", "nonfisik")
    assert model.record["held_out"]["jenis"]["rows"] == sum(bool(row[4]) for row in rows)
    assert set(model.record["held_out"]["jenis"]["labels"]) == {*KINDS.values(), "tidak_jelas"}
    assert evaluate(model, data)["prioritas"].rows == len(labelled)


def test_a_facet_that_no_row_speaks_of_is_left_out(tmp_path: Path, taxonomy: Taxonomy) -> None:
    rows = [[*row[:5], "", *row[6:]] for row in labelled_rows()]
    path = write_rows(tmp_path / "data.csv", [COLUMNS, *rows])
    model = train(read_labelled([path], taxonomy), taxonomy)
    assert model.record["left_out"] == ["spm"]


def test_a_table_without_labels_or_text_is_refused(tmp_path: Path, taxonomy: Taxonomy) -> None:
    path = write_rows(tmp_path / "data.csv", [["usulan", "masalah", "kelas"], ["a", "b", "c"]])
    with pytest.raises(LabelError, match="--label FACET=COLUMN"):
        read_labelled([path], taxonomy)
    with pytest.raises(InputError, match="has no column 'judul'"):
        read_labelled([path], taxonomy, text=["judul"])


def test_other_column_names_work_by_option(tmp_path: Path, taxonomy: Taxonomy) -> None:
    rows = [[row[1], row[3]] for row in labelled_rows()]
    path = write_rows(tmp_path / "data.csv", [["Judul", "Kategori"], *rows], delimiter=";")
    data = read_labelled([path], taxonomy, text=["Judul"], label_columns={"prioritas": "Kategori"})
    model = train(data, taxonomy)
    assert [head.facet for head in model.heads] == ["prioritas"]


def test_a_label_that_only_terms_have_does_not_spoil_the_others(
    labelled: Labelled, taxonomy: Taxonomy
) -> None:
    terms = Terms(("tiang pju", "lampu jalan"), {"prioritas": (("pju",),) * 2}, ("pju",) * 2)
    model = train(labelled, taxonomy, terms=terms)
    p = model.predict([pa.array(["lampu jalan", "paving gang"])]).probabilities["prioritas"]
    best = [model.labels("prioritas")[k] for k in p.argmax(axis=1)]
    assert np.isfinite(p).all()
    assert best == ["pju", "jalan"]


def test_a_rare_label_beside_the_main_facet_keeps_nobody_from_training(
    tmp_path: Path, taxonomy: Taxonomy, runner: CliRunner
) -> None:
    rows = change(3, "tematik", "stunting;inflasi")
    rows[7][COLUMNS.index("spm")] = "pu"
    path = write_rows(tmp_path / "data.csv", [COLUMNS, *rows])
    done = runner.invoke(main, ["train", str(path), "-o", str(tmp_path / "m.usulan")])
    assert done.exit_code == 0, done.output
    assert "spm: pu has only one example, and is not learnt.\n" in done.stderr
    assert "tematik: inflasi has only one example, and is not learnt.\n" in done.stderr
    model = load_model(tmp_path / "m.usulan")
    assert "inflasi" not in model.labels("tematik")
    assert "stunting" in model.labels("tematik")


def test_of_a_facet_with_one_label_and_one_exception_nothing_is_learnt(
    tmp_path: Path, taxonomy: Taxonomy
) -> None:
    rows = [[*row[:4], "fisik", *row[5:]] for row in labelled_rows()]
    rows[3][COLUMNS.index("jenis")] = "barang"
    path = write_rows(tmp_path / "data.csv", [COLUMNS, *rows])
    model = train(read_labelled([path], taxonomy), taxonomy)
    assert model.record["left_out"] == ["jenis"]


def test_a_facet_that_says_the_same_of_all_rows_is_left_out(
    tmp_path: Path, taxonomy: Taxonomy
) -> None:
    rows = [[*row[:4], "fisik", "bukan", "", "uji"] for row in labelled_rows()]
    path = write_rows(tmp_path / "data.csv", [COLUMNS, *rows])
    model = train(read_labelled([path], taxonomy), taxonomy)
    assert [head.facet for head in model.heads] == ["prioritas"]
    assert model.record["left_out"] == ["jenis", "spm", "tematik"]


def test_rows_that_all_say_the_same_are_refused(tmp_path: Path, taxonomy: Taxonomy) -> None:
    rows = [["RT 01", label] for label in ("jalan", "banjir", "jalan", "banjir")]
    path = write_rows(tmp_path / "data.csv", [["usulan", "prioritas"], *rows])
    data = read_labelled([path], taxonomy, text=["usulan"])
    with pytest.raises(LabelError, match="all rows say the same"):
        train(data, taxonomy)


def test_a_thesaurus_for_another_city_s_labels(tmp_path: Path) -> None:
    label = (
        'nama="x"\ndefinisi="x"\ntermasuk=[]\ntidak_termasuk=[]\nkode=[]\nopd=[]\nkelompok="k"\n'
    )
    text = '[kelompok]\nk="k"\n[facet.bidang]\nnama="Bidang"\npilihan="satu"\n'
    text += "".join(f"[facet.bidang.label.{slug}]\n{label}" for slug in ("darat", "laut"))
    (tmp_path / "label.toml").write_text(text, encoding="utf-8")
    other = Taxonomy.load(tmp_path / "label.toml")
    header = ["istilah", "konsep", "bidang"]
    words = [["aspal", "jalan", "darat"], ["dermaga", "pelabuhan", "laut"]]
    terms = read_terms(write_rows(tmp_path / "istilah.csv", [header, *words]), other)
    rows = [[f"{text} {extra}", label] for text, _, label in words for extra in ("rusak", "baru")]
    path = write_rows(tmp_path / "data.csv", [["usulan", "bidang"], *rows])
    model = train(read_labelled([path], other, text=["usulan"]), other, terms=terms)
    p = model.predict([pa.array(["dermaga"])]).probabilities["bidang"]
    assert model.labels("bidang")[p[0].argmax()] == "laut"
    assert model.unclear is None
