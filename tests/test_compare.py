"""compare: what changes, scores on unseen rows alone, and a verdict that is safe to act on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from conftest import COLUMNS, KINDS, labelled_rows, read_rows, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.cli import main
from classifier.errors import ModelError
from classifier.labelled import Labelled, read_labelled
from classifier.lexicon import Lexicon
from classifier.loop.compare import Comparison, compare
from classifier.loop.paired import Pair, mcnemar, paired
from classifier.loop.verdict import KEEP, REPLACE, UNKNOWN, verdict
from classifier.model import Model
from classifier.seen import among, row_keys
from classifier.store import from_bytes, load_model, save_model, to_bytes
from classifier.taxonomy import Taxonomy
from classifier.text import tokenize
from classifier.training import train

TRIPLES = st.lists(st.tuples(*[st.sampled_from("abc")] * 3), min_size=1, max_size=40)
TEXTS = st.lists(st.sampled_from(["paving gang", "gang paving", "got", "RT 1", ""]), max_size=8)

NEW_WORKS = {
    "jalan": ["lapen dusun", "telford tanjakan", "sirtu blok", "makadam kampung"],
    "banjir": ["polder lama", "talang air kolam", "sodetan sawah", "parit buntu"],
    "kesehatan": ["imunisasi", "posbindu", "jamban sehat kader", "ambulans"],
    "sosial": ["panti wreda", "rumah singgah", "kaki palsu", "anak jalanan"],
}


def held_out_rows(per_work: int = 3) -> list[list[str]]:
    """Rows of works that the small model never saw."""
    return [
        [f"n{work}{extra}", work, extra, label, KINDS[label], "bukan", "", "uji"]
        for label, works in NEW_WORKS.items()
        for work in works
        for extra in ("sudah lama", "kata warga", "tolong segera")[:per_work]
    ]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fresh") / "baru.csv"
    return write_rows(path, [COLUMNS, *held_out_rows()])


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("merged") / "gabungan.csv"
    return write_rows(path, [COLUMNS, *labelled_rows(), *held_out_rows()])


@pytest.fixture(scope="module")
def better(merged: Path, taxonomy: Taxonomy) -> Model:
    return train(read_labelled([merged], taxonomy), taxonomy)


@pytest.fixture(scope="module")
def better_file(better: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("better") / "baru.usulan"
    save_model(better, path)
    return path


def tables(rows: list[tuple[str, str, str]]) -> list[np.ndarray]:
    return [np.array(side)[:, None] == list("abc") for side in zip(*rows, strict=True)]


def pair_of(gained: int, lost: int, same: int = 50, label: str = "a") -> Pair:
    old = [True] * lost + [False] * gained + [True] * same
    new = [False] * lost + [True] * gained + [True] * same
    truth = np.ones((len(old), 1), bool)
    return paired([label], truth, np.array(old)[:, None], np.array(new)[:, None])


# Fagerland, Lydersen, Laake: The McNemar test for binary matched-pairs data (2013), table 2
# and section "exact conditional": 1 and 7 discordant pairs, p = 0.0703.
@pytest.mark.parametrize(
    ("gained", "lost", "p"),
    [(1, 7, 0.0703125), (7, 1, 0.0703125), (5, 0, 0.0625), (6, 0, 0.03125), (4, 4, 1.0)],
)
def test_mcnemar_is_the_exact_binomial(gained: int, lost: int, p: float) -> None:
    assert mcnemar(gained, lost) == pytest.approx(p)


@settings(max_examples=20)  # each draws the rows 2,000 times
@given(TRIPLES)
def test_gains_and_losses_are_counted_by_hand(rows: list[tuple[str, str, str]]) -> None:
    pair = paired("abc", *tables(rows))
    assert pair.gained == sum(new == truth != old for truth, old, new in rows)
    assert pair.lost == sum(old == truth != new for truth, old, new in rows)
    assert pair.gained == sum(label.gained for label in pair.labels.values())
    assert pair.lost == sum(label.lost for label in pair.labels.values())
    difference = pair.new_accuracy - pair.old_accuracy
    assert difference == pytest.approx((pair.gained - pair.lost) / len(rows))


@settings(max_examples=20)
@given(TRIPLES)
def test_swapping_the_models_negates_the_differences(rows: list[tuple[str, str, str]]) -> None:
    truth, old, new = tables(rows)
    one, other = paired("abc", truth, old, new), paired("abc", truth, new, old)
    assert (one.gained, one.lost, one.p) == (other.lost, other.gained, other.p)
    for name in ("accuracy_interval", "macro_f1_interval"):
        low, high = getattr(other, name)
        assert getattr(one, name) == pytest.approx((-high, -low))


@settings(max_examples=20)
@given(TRIPLES)
def test_a_model_beside_itself_never_wins(rows: list[tuple[str, str, str]]) -> None:
    truth, old, _ = tables(rows)
    pair = paired("abc", truth, old, old)
    assert (pair.gained, pair.lost, pair.p) == (0, 0, 1)
    assert pair.accuracy_interval == pair.macro_f1_interval == (0, 0)
    assert verdict(pair, pair, {"jenis": pair}, []).word == KEEP


@settings(max_examples=20)
@given(st.integers(0, 30), st.integers(0, 30))
def test_no_two_models_are_each_better_than_the_other(gained: int, lost: int) -> None:
    words = [verdict(pair_of(*n), None, {}, []).word for n in ((gained, lost), (lost, gained))]
    assert words.count(REPLACE) <= 1


CASES = [
    (pair_of(10, 2), None, {}, [], REPLACE, "membaik 10, memburuk 2, p = 0,039"),
    (pair_of(5, 3), None, {}, [], KEEP, "kebetulan"),
    (pair_of(2, 10), None, {}, [], KEEP, "lebih sering keliru"),
    (pair_of(10, 2), pair_of(2, 12), {}, [], KEEP, "baris latih model lama"),
    (pair_of(10, 2), pair_of(5, 8), {}, [], REPLACE, ""),
    (None, pair_of(10, 2), {}, [], REPLACE, ""),
    (pair_of(10, 2), None, {"jenis": pair_of(1, 9)}, [], KEEP, "jenis memburuk"),
    (pair_of(10, 2), None, {}, ["spm"], KEEP, "tidak mengisi spm"),
    (None, None, {}, [], UNKNOWN, "tidak ada baris berlabel"),
]


@pytest.mark.parametrize(("new", "known", "others", "dropped", "word", "reason"), CASES)
def test_a_new_model_must_be_better_and_nowhere_worse(
    new: Pair | None,
    known: Pair | None,
    others: dict[str, Pair],
    dropped: list[str],
    word: str,
    reason: str,
) -> None:
    said = verdict(new, known, others, dropped)
    assert said.word == word
    assert reason in said.reason


def test_a_rare_label_is_not_given_up_for_a_frequent_one() -> None:
    truth = np.array(["a"] * 100 + ["b"] * 6)
    old = np.array(["a"] * 85 + ["b"] * 15 + ["b"] * 6)
    new = np.array(["a"] * 106)
    pair = paired("ab", *(side[:, None] == list("ab") for side in (truth, old, new)))
    assert (pair.gained, pair.lost) == (15, 6)
    said = verdict(pair, None, {}, [])
    assert said.word == KEEP
    assert "macro-F1 turun), terutama b" in said.reason


@given(TEXTS, TEXTS)
def test_rows_are_seen_if_their_words_are(trained: list[str], asked: list[str]) -> None:
    lexicon = Lexicon.load()

    def keys(texts: list[str]) -> np.ndarray:
        return row_keys(tokenize([pa.array(texts, pa.string())], lexicon))

    words = [frozenset(text.split()) - {"RT", "1"} for text in trained]
    found = among(keys(asked), keys(trained))
    for text, place in zip(asked, found.tolist(), strict=True):
        own = frozenset(text.split()) - {"RT", "1"}
        assert place == (words.index(own) if own in words else -1)


def test_a_model_knows_its_rows_in_the_order_of_its_tags(model: Model, labelled: Labelled) -> None:
    assert model.seen is not None
    places = among(row_keys(tokenize(labelled.columns, model.lexicon)), model.seen)
    truth = np.array(model.labels("prioritas"))[model.out_of_fold.truth[places]]
    assert (truth == labelled.main("prioritas")).all()
    again = from_bytes(to_bytes(model))
    assert (again.seen == model.seen).all()


def test_rows_of_another_count_than_the_tags_are_refused(model: Model) -> None:
    with pytest.raises(ModelError, match="do not fit together"):
        from_bytes(to_bytes(replace(model, seen=model.seen[1:])))


def test_a_model_that_was_trained_on_the_rows_gains_nothing_by_it(
    model: Model, taxonomy: Taxonomy, tmp_path: Path
) -> None:
    """Works that stand in one row only: learnt by heart they are right, held out they are not."""
    rows = held_out_rows(per_work=1)
    alone = read_labelled([write_rows(tmp_path / "a.csv", [COLUMNS, *rows])], taxonomy)
    every = write_rows(tmp_path / "b.csv", [COLUMNS, *labelled_rows(), *rows])
    cramming = train(read_labelled([every], taxonomy), taxonomy)
    result = compare(model, cramming, alone)
    by_heart = (result.new.decision.names("prioritas") == alone.main("prioritas")).mean()
    places = among(row_keys(tokenize(alone.columns, cramming.lexicon)), cramming.seen)
    assert result.fresh is not None
    assert result.fresh.new_accuracy == pytest.approx(cramming.out_of_fold.right[places].mean())
    assert result.fresh.new_accuracy < by_heart
    assert result.others == {}  # every row was in the training of one of them


def test_each_row_is_either_fresh_or_known(model: Model, better: Model, merged: Path) -> None:
    data = read_labelled([merged], Taxonomy.load())
    result = compare(model, better, data)
    assert (result.fresh.rows, result.known.rows) == (48, 198)


def changes(result: Comparison) -> dict[str, set[int]]:
    return {
        facet: {int(row) for move in moves for row in move.rows}
        for facet, moves in result.moves.items()
    }


def test_moves_are_the_differences_of_the_tags(
    model: Model, better: Model, merged: Path, taxonomy: Taxonomy
) -> None:
    data = read_labelled([merged], taxonomy)
    result, back = compare(model, better, data), compare(better, model, data)
    assert changes(result) == changes(back)
    assert any(changes(result).values())
    for facet, rows in changes(result).items():
        before, after = (
            side.table[f"tag_{facet}"].to_pylist() for side in (result.old, result.new)
        )
        assert rows == {n for n in range(len(data)) if before[n] != after[n]}
    counts = [len(move.rows) for move in result.moves["prioritas"]]
    assert counts == sorted(counts, reverse=True)


def test_models_of_other_questions_are_not_compared(model: Model, labelled: Labelled) -> None:
    other = replace(model, heads=(replace(model.heads[0], facet="bidang"), *model.heads[1:]))
    with pytest.raises(ModelError, match=r"prioritas, bidang"):
        compare(model, other, labelled)


def test_a_facet_that_is_gone_is_an_objection(
    model: Model, labelled: Labelled, taxonomy: Taxonomy, fresh: Path
) -> None:
    less = replace(labelled, labels={f: r for f, r in labelled.labels.items() if f != "spm"})
    result = compare(model, train(less, taxonomy), read_labelled([fresh], taxonomy))
    assert result.verdict.word == KEEP
    assert "spm" in result.verdict.reason
    assert "spm" not in result.moves


def run(runner: CliRunner, *arguments: object) -> Result:
    return runner.invoke(main, ["compare", *map(str, arguments)])


def test_the_exit_code_tells_a_verdict_from_a_mistake(
    runner: CliRunner, model_file: Path, better_file: Path, merged: Path, tmp_path: Path
) -> None:
    export = write_rows(tmp_path / "ekspor.csv", [["NO", "USULAN"], ["1", "lapen dusun"]])
    old, new = model_file, better_file
    said = run(runner, old, new, merged)
    assert (said.exit_code, "\nganti: model baru benar" in said.output) == (0, True), said.output
    for first, second in ((new, old), (old, old)):
        said = run(runner, first, second, merged)
        assert (said.exit_code, "\njangan ganti: " in said.output) == (3, True), said.output
    said = run(runner, old, new, export)
    assert (said.exit_code, "\ntidak dapat dinilai: " in said.output) == (4, True), said.output
    assert run(runner, old, tmp_path / "tidak-ada", merged).exit_code == 1
    assert run(runner, old, new).exit_code == 2


def test_a_model_without_its_rows_is_not_judged(
    runner: CliRunner, model: Model, better_file: Path, merged: Path, tmp_path: Path
) -> None:
    old = tmp_path / "versi-lama.usulan"
    save_model(replace(model, seen=None), old)
    assert load_model(old).seen is None
    said = run(runner, old, better_file, merged)
    assert said.exit_code == 4
    assert "model lama dilatih dengan usulan versi terdahulu" in said.output
    assert "accuracy" not in said.output


def test_changed_rows_are_written_for_excel(
    runner: CliRunner, model_file: Path, better_file: Path, merged: Path, tmp_path: Path
) -> None:
    out = tmp_path / "berubah.csv"
    said = run(runner, model_file, better_file, merged, "--changes", out)
    header, *rows = read_rows(out, ";")
    assert f"\n{len(rows)} of 246 rows change." in f"\n{said.output}"
    assert header[:5] == ["tempat", "teks", "prioritas_lama", "prioritas_baru", "prioritas_benar"]
    assert header[-2:] == ["status_lama", "status_baru"]
    differ = [n for n, name in enumerate(header) if name.endswith("_lama")]
    assert all(any(row[n] != row[n + 1] for n in differ) for row in rows)
    assert run(runner, model_file, better_file, merged, "--changes", out).exit_code == 1
    assert run(runner, model_file, better_file, merged, "--changes", better_file).exit_code == 1


def test_a_column_called_as_a_facet_can_be_passed_over(
    runner: CliRunner, model_file: Path, better_file: Path, tmp_path: Path
) -> None:
    rows = [["Usulan", "Masalah", "Prioritas"], ["lapen dusun", "", "Tinggi"]]
    export = write_rows(tmp_path / "ekspor.csv", rows)
    said = run(runner, model_file, better_file, export)
    assert (said.exit_code, "unknown label 'Tinggi'" in said.output) == (1, True)
    assert run(runner, model_file, better_file, export, "--unlabelled").exit_code == 4


def test_evaluate_says_which_rows_flatter_the_model(
    runner: CliRunner, better_file: Path, model_file: Path, fresh: Path
) -> None:
    for path, count in ((better_file, 48), (model_file, 0)):
        said = runner.invoke(main, ["evaluate", str(fresh), "--model", str(path)])
        assert said.exit_code == 0, said.output
        assert (f"{count} of 48 rows say the same" in said.output) == bool(count)


@pytest.mark.parametrize("command", ["compare", "check"])
def test_help_shows_how_it_is_called(runner: CliRunner, command: str) -> None:
    said = runner.invoke(main, [command, "-h"])
    assert f"\n  usulan {command}" in said.output.split("Options:")[0]
