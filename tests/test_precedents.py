"""Precedents: the nearest training proposals, kept only where training was told to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner
from conftest import COLUMNS, write_rows
from hypothesis import given
from hypothesis import strategies as st

from classifier.cli import main
from classifier.explain import explain
from classifier.labelled import Labelled, read_labelled
from classifier.lines import cut
from classifier.model import Model
from classifier.nearest import LEAST, nearest, nearest_column
from classifier.precedents import MOST_LETTERS, Precedents
from classifier.store import from_bytes, load_model, to_bytes
from classifier.taxonomy import Taxonomy

TEXTS = st.lists(
    st.sampled_from(["paving gang", "bansos lansia", "kader posyandu", "qwertz", "", "RT 02"]),
    max_size=5,
)


@pytest.fixture(scope="module")
def keeping(model: Model, labelled: Labelled) -> Model:
    return replace(model, precedents=Precedents.of(labelled, model.labels("prioritas")))


def label_of(model: Model, row: int) -> str:
    return model.labels("prioritas")[model.precedents.labels[row]]


def test_a_model_holds_no_text_unless_told_to(
    runner: CliRunner, model: Model, labelled_csv: Path, tmp_path: Path
) -> None:
    assert model.precedents is None
    assert b"precedent" not in to_bytes(model)
    path = tmp_path / "m.usulan"
    done = runner.invoke(main, ["train", str(labelled_csv), "-o", str(path), "--precedents"])
    assert done.exit_code == 0, done.output
    assert len(load_model(path).precedents) == 198
    shown = runner.invoke(main, ["inspect", str(path)]).output
    assert "precedents  198 rows of training text" in shown
    said = runner.invoke(main, ["explain", "Turap sungai", "--model", str(path)]).output
    assert "1.00  banjir             turap sungai" in said


def test_inspect_says_that_a_model_holds_no_text(runner: CliRunner, model_file: Path) -> None:
    shown = runner.invoke(main, ["inspect", str(model_file)]).output
    assert "precedents  none" in shown


def test_precedents_come_back_from_the_file(keeping: Model) -> None:
    content = to_bytes(keeping)
    again = from_bytes(content)
    assert [c.to_pylist() for c in again.precedents.columns] == [
        c.to_pylist() for c in keeping.precedents.columns
    ]
    assert again.precedents.labels.tolist() == keeping.precedents.labels.tolist()
    assert to_bytes(again) == content


@given(st.lists(st.text(max_size=12), min_size=2, max_size=9, unique_by=str.casefold))
def test_texts_of_any_kind_come_back(model: Model, texts: list[str]) -> None:
    clean = [text.encode(errors="replace").decode() for text in texts]
    columns = (pa.array(clean), pa.array(clean[::-1]))
    kept = Precedents(columns, np.arange(len(clean), dtype=np.uint16) % 4)
    again = from_bytes(to_bytes(replace(model, precedents=kept))).precedents
    assert [column.to_pylist() for column in again.columns] == [clean, clean[::-1]]


def test_the_nearest_is_the_row_itself(keeping: Model) -> None:
    rows = np.arange(0, len(keeping.precedents), 7)
    batch = keeping.batch([column.take(pa.array(rows)) for column in keeping.precedents.columns])
    found, similarities = nearest(keeping, batch, k=2)
    asks = keeping.predict_batch(batch).traits.known > 0
    assert asks.sum() > 20
    assert np.allclose(similarities[asks, 0], 1, atol=1e-3)
    assert (similarities[:, 0] >= similarities[:, 1]).all()
    assert [label_of(keeping, row) for row in found[asks, 0]] == [
        label_of(keeping, row) for row in rows[asks]
    ]


def test_likeness_is_the_cosine_of_weighted_features(keeping: Model) -> None:
    """The same by loops over words and pairs, for each row."""
    texts = [pa.array(["paving gang rusak", "obat bayi vaksin qwertz", ""])]
    matter = np.linalg.norm(keeping.weights.words[:, :4], axis=1)
    known = keeping.vocabulary.words.to_pylist()

    def vectors(columns: list[pa.Array]) -> list[dict[object, float]]:
        batch = keeping.batch(columns)
        words = batch.tokens.words.to_pylist()
        table = np.linalg.norm(keeping.word_weights(batch)[:, :4], axis=1)
        pair_matter = np.linalg.norm(keeping.weights.pairs[:, :4], axis=1)
        rows = []
        for n in range(batch.tokens.n_rows):
            row, pairs = batch.words[[n]], batch.pairs[[n]]
            cells: dict[object, float] = {
                words[k]: v * (matter[known.index(words[k])] if words[k] in known else table[k])
                for k, v in zip(row.indices, row.data, strict=True)
            }
            cells |= {k: v * pair_matter[k] for k, v in zip(pairs.indices, pairs.data, strict=True)}
            rows.append(cells)
        return rows

    def cosine(a: dict[object, float], b: dict[object, float]) -> float:
        lengths = np.sqrt(sum(v * v for v in a.values()) * sum(v * v for v in b.values()))
        return sum(v * b.get(k, 0) for k, v in a.items()) / lengths if lengths else 0.0

    kept = vectors(list(keeping.precedents.columns))
    expected = [[cosine(row, other) for other in kept] for row in vectors(texts)]
    rows, similarities = nearest(keeping, keeping.batch(texts), k=3)
    assert np.allclose(similarities, -np.sort(-np.array(expected), axis=1)[:, :3], atol=2e-4)
    assert np.allclose(np.take_along_axis(np.array(expected), rows, 1), similarities, atol=2e-4)


@given(TEXTS)
def test_a_row_s_precedent_does_not_depend_on_other_rows(keeping: Model, texts: list[str]) -> None:
    column = nearest_column(keeping, keeping.batch([pa.array(texts, pa.string())])).to_pylist()
    alone = [nearest_column(keeping, keeping.batch([pa.array([t])]))[0].as_py() for t in texts]
    assert column == alone


def test_the_column_names_the_nearest_or_nothing(keeping: Model, model: Model) -> None:
    texts = [pa.array(["Bansos warga MISKIN", "qwertz", "", "u-ditch depan Gg"])]
    assert nearest_column(keeping, keeping.batch(texts)).to_pylist() == [
        'mirip: "bansos warga miskin" (sosial)', "", "", 'mirip: "u-ditch depan gang" (banjir)'
    ]  # fmt: skip
    assert nearest_column(model, model.batch(texts)).to_pylist() == [""] * 4


def test_an_explanation_shows_three_that_are_alike(keeping: Model, model: Model) -> None:
    shown = explain(keeping, ["sumur resapan", "mohon dibantu"]).precedents
    assert [known.label for known in shown] == ["banjir"] * 3
    assert shown[0].text == "sumur resapan | mohon dibantu"
    assert len({known.text for known in shown}) == 3
    assert all(known.similarity >= LEAST for known in shown)
    assert explain(keeping, ["qwertz"]).precedents == ()
    assert explain(model, ["sumur resapan"]).precedents == ()


def test_what_is_kept_is_bounded(
    model: Model, taxonomy: Taxonomy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [[str(n), f"paving {n // 2}", "A" * 5000, "jalan", *[""] * 4] for n in range(60)]
    path = write_rows(
        tmp_path / "a.csv", [COLUMNS, *[[*r[:4], "fisik", "bukan", "", "x"] for r in rows]]
    )
    data, labels = read_labelled([path], taxonomy), model.labels("prioritas")
    kept = Precedents.of(data, labels)
    assert len(kept) == 30
    assert max(len(text) for text in kept.columns[1].to_pylist()) == MOST_LETTERS
    monkeypatch.setattr("classifier.precedents.MOST_ROWS", 7)
    few = Precedents.of(data, labels).columns[0].to_pylist()
    assert len(few) == 7
    assert (few[0], few[-1]) == ("paving 0", "paving 29")


@given(st.text(max_size=80), st.integers(1, 40))
def test_what_is_shown_fits_in_one_line_and_steers_no_console(text: str, letters: int) -> None:
    shown = cut(text, letters)
    assert len(shown) <= letters
    assert shown.isprintable()
    assert cut(shown, letters) == shown
