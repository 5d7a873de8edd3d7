"""check: flaws, conflicts, suspects and agreement, each against what was put there."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from conftest import COLUMNS, labelled_rows, read_rows, write_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask

from classifier.cli import main
from classifier.labelled import read_cells
from classifier.loop.agreement import agreement, masi
from classifier.loop.check import Check, check
from classifier.loop.suspects import contradicted
from classifier.taxonomy import Taxonomy

PAIRS = st.lists(st.tuples(*[st.sampled_from("abc")] * 2), min_size=2, max_size=30)
SETS = st.lists(
    st.tuples(*[st.sets(st.sampled_from("abc"), min_size=1).map(frozenset)] * 2),
    min_size=2,
    max_size=20,
)


def changed(**cells: dict[int, str]) -> list[list[str]]:
    """The labelled rows with some cells replaced: column -> row -> cell."""
    rows = labelled_rows()
    for column, values in cells.items():
        for row, value in values.items():
            rows[row][COLUMNS.index(column)] = value
    return rows


def look_over(folder: Path, rows: Sequence[list[str]], **options: object) -> Check:
    path = write_rows(folder / "berlabel.csv", [COLUMNS, *rows])
    taxonomy = Taxonomy.load()
    return check(read_cells([path], taxonomy), taxonomy, **options)


def test_clean_rows_have_no_flaws(tmp_path: Path) -> None:
    found = look_over(tmp_path, labelled_rows())
    assert (found.rows, found.flaws, found.conflicts, found.rare) == (198, [], [], [])
    assert found.unlearnt == ""


FLAWS = [
    ("prioritas", "jalna", "unknown label 'jalna'; perhaps 'jalan'"),
    ("prioritas", "jalan;xyz", "unknown label 'xyz'"),
    ("prioritas", "", "no label"),
    ("prioritas", "jalan;jalan", "the same label twice"),
    ("tematik", "stunting;gizi", "unknown label 'gizi'"),
    ("jenis", "tidak_jelas", "prioritas is jalan, so this must say what is asked for"),
]


@pytest.mark.parametrize(("column", "cell", "problem"), FLAWS)
def test_a_cell_that_cannot_be_right_is_told_by_its_place(
    tmp_path: Path, column: str, cell: str, problem: str
) -> None:
    found = look_over(tmp_path, changed(**{column: {5: cell}}))
    assert [(f.place.rpartition(": ")[2], f.column, f.cell, f.problem) for f in found.flaws] == [
        ("row 7", column, cell, problem)
    ]


def test_unclear_rows_ask_for_nothing_in_other_facets_either(tmp_path: Path) -> None:
    found = look_over(tmp_path, changed(jenis={197: "fisik"}, spm={197: "sosial", 196: ""}))
    assert [(f.place.rpartition(": ")[2], f.problem) for f in found.flaws] == [
        ("row 199", "prioritas is tidak_jelas, so this must be tidak_jelas"),
        ("row 199", "prioritas is tidak_jelas, so this must be bukan"),
    ]


def test_labels_without_text_are_flaws(tmp_path: Path) -> None:
    found = look_over(tmp_path, changed(usulan={0: " - ", 195: "?"}))
    assert [(flaw.place[-6:], flaw.cell, flaw.problem) for flaw in found.flaws] == [
        (": row 2"[-6:], "-", "no text")
    ]


def test_a_blank_cell_beside_the_main_facet_is_none(tmp_path: Path) -> None:
    assert look_over(tmp_path, changed(jenis={0: ""}, spm={1: ""})).flaws == []


def test_rows_that_say_the_same_are_held_together(tmp_path: Path) -> None:
    rows = labelled_rows()
    again = [["x1", "GANG paving RT 07", "", "banjir", "fisik", "bukan", "", "uji"]]
    found = look_over(tmp_path, [*rows, *again])
    assert [(one.facet, one.text, dict(one.labels)) for one in found.conflicts] == [
        (
            "prioritas",
            "paving gang",
            {
                "jalan": tuple(f"{tmp_path / 'berlabel.csv'}: row {n}" for n in (2, 3)),
                "banjir": (f"{tmp_path / 'berlabel.csv'}: row 200",),
            },
        )
    ]


def test_rare_labels_are_counted_and_do_not_stop_it(tmp_path: Path) -> None:
    found = look_over(tmp_path, changed(prioritas={0: "pju"}, tematik={1: "inflasi", 2: "inflasi"}))
    assert [(one.facet, one.label, one.rows) for one in found.rare] == [
        ("prioritas", "pju", 1),
        ("tematik", "inflasi", 2),
    ]
    assert found.unlearnt == ""


def test_rows_that_teach_nothing_are_still_looked_over(tmp_path: Path) -> None:
    rows = [["1", "paving", "", "jalan", "fisik", "bukan", "", ""]] * 3
    found = look_over(tmp_path, [*rows, ["2", "got", "", "got", "fisik", "bukan", "", ""]])
    assert "all rows say the same" in found.unlearnt or "at least two" in found.unlearnt
    assert len(found.flaws) == 1


def test_rows_that_all_have_flaws_or_labels_of_their_own_are_looked_over(tmp_path: Path) -> None:
    rows = [["1", "paving", "", "jaln", "fisik", "bukan", "", ""]]
    found = look_over(tmp_path, rows)
    assert len(found.flaws) == 1
    assert "no row is left" in found.unlearnt
    assert (
        "no row is left" in look_over(tmp_path, [[*rows[0][:3], "jalan", "", "", "", ""]]).unlearnt
    )


def test_labels_may_be_taken_from_the_data(runner: CliRunner, tmp_path: Path) -> None:
    rows = [[*row[:3], f"misi {row[3]}"] for row in labelled_rows()]
    path = write_rows(tmp_path / "data.csv", [["id", "usulan", "masalah", "Misi"], *rows])
    result = run(runner, path, "--no-taxonomy", "--label", "misi=Misi")
    assert result.exit_code == 0, result.output
    assert "Cells that cannot be right" not in result.output
    both = run(runner, path, "--no-taxonomy", "--taxonomy", "x.toml")
    assert both.exit_code == 2


def test_planted_wrong_labels_come_first(tmp_path: Path) -> None:
    """The labels of six rows are swapped: all are found, before any right one."""
    labels = [row[3] for row in labelled_rows()]
    planted = {
        3: "sosial",
        20: "banjir",
        60: "jalan",
        100: "jalan",
        130: "banjir",
        150: "kesehatan",
    }
    found = look_over(tmp_path, changed(prioritas=planted))
    suspects = [one for one in found.suspects if one.facet == "prioritas"][: len(planted)]
    rows = [int(one.place.rpartition(" ")[2]) - 2 for one in suspects]
    assert set(rows) == set(planted)
    assert [one.given for one in suspects] == [planted[row] for row in rows]
    assert [one.suggested for one in suspects] == [labels[row] for row in rows]
    for one in suspects:
        assert one.given_chance < 0.05 < one.suggested_chance
        near = [int(place.rpartition(" ")[2]) - 2 for place, _ in one.nearest]
        assert near
        assert all(labels[row] == one.suggested for row in near)


def test_labels_to_add_and_to_take_away_are_told_apart(tmp_path: Path) -> None:
    health = [n for n, row in enumerate(labelled_rows()) if row[3] == "kesehatan"]
    themes = dict.fromkeys(health, "stunting")
    found = look_over(tmp_path, changed(tematik=themes | {health[8]: "", 0: "stunting"}))
    pairs = {
        (one.place.rpartition(" ")[2], one.given, one.suggested)
        for one in found.suspects
        if one.facet == "tematik"
    }
    assert pairs == {(str(health[8] + 2), "", "stunting"), ("2", "stunting", "")}


@given(st.integers(0, 1000), st.integers(1, 60), st.integers(2, 5))
def test_only_rows_with_a_likelier_label_are_contradicted(seed: int, n: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    chances = rng.dirichlet(np.ones(k), n).astype(np.float32)
    labels = rng.integers(k, size=n)
    rows = contradicted(chances, labels)
    own = chances[np.arange(n), labels]
    assert (chances[rows].max(axis=1) > own[rows]).all()
    assert (np.diff(own[rows]) >= 0).all()
    assert len(set(rows.tolist())) == len(rows)
    assert len(contradicted(chances, chances.argmax(axis=1))) == 0


def task(pairs: Sequence[tuple[object, object]], **options: object) -> AnnotationTask:
    data = [(who, n, pair[k]) for n, pair in enumerate(pairs) for k, who in enumerate("AB")]
    return AnnotationTask(data, **options)


@settings(max_examples=30)
@given(PAIRS)
def test_kappa_is_nltk_s(pairs: list[tuple[str, str]]) -> None:
    found = agreement([(a,) for a, _ in pairs], [(b,) for _, b in pairs], main=True)
    assert found.equal == pytest.approx(np.mean([a == b for a, b in pairs]))
    if len({label for pair in pairs for label in pair}) > 1:  # nltk divides by zero
        assert found.kappa == pytest.approx(task(pairs).kappa())
    assert sum(one.rows for one in found.confused) == sum(a != b for a, b in pairs)


@settings(max_examples=30)
@given(SETS)
def test_alpha_is_nltk_s(pairs: list[tuple[frozenset[str], frozenset[str]]]) -> None:
    sides = [[tuple(sorted(pair[k])) for pair in pairs] for k in (0, 1)]
    found = agreement(*sides, main=False)
    assert found.alpha == pytest.approx(task(pairs, distance=masi).alpha())
    assert found.kappa is None


def test_agreement_by_hand() -> None:
    """Cohen's textbook table: 20 and 15 alike, 5 and 10 not; chance 0.5, kappa 0.4."""
    first = [("ya",)] * 25 + [("tidak",)] * 25
    second = [("ya",)] * 20 + [("tidak",)] * 5 + [("ya",)] * 10 + [("tidak",)] * 15
    found = agreement(first, second, main=True)
    assert (found.equal, found.kappa) == (0.7, pytest.approx(0.4))
    low, high = found.kappa_interval
    assert 0.1 < low < 0.4 < high < 0.7
    assert [(one.first, one.second, one.rows) for one in found.confused] == [("tidak", "ya", 15)]


def test_masi_by_hand() -> None:
    """Half of the labels shared, one set within the other: 1 - 1/2 * 2/3."""
    one, both, other = frozenset("a"), frozenset("ab"), frozenset("c")
    assert [masi(one, one), masi(one, both), masi(one, other), masi(frozenset(), one)] == [
        0, pytest.approx(2 / 3), 1, 1,
    ]  # fmt: skip
    assert masi(frozenset(), frozenset()) == 0


def test_two_empty_sets_agree() -> None:
    found = agreement([(), (), ("a",)], [(), (), ("a",)], main=False)
    assert (found.alpha, found.equal) == (1, 1)


def run(runner: CliRunner, *arguments: object) -> Result:
    return runner.invoke(main, ["check", *map(str, arguments)])


def test_the_command_tells_all_and_writes_files(runner: CliRunner, tmp_path: Path) -> None:
    rows = changed(prioritas={3: "sosial", 9: "jln"})
    header = [*COLUMNS, "prioritas_2"]
    second = [[*row, labelled_rows()[n][3]] for n, row in enumerate(rows)]
    source = write_rows(tmp_path / "a.csv", [header, *second])
    table, report = tmp_path / "periksa.csv", tmp_path / "periksa.json"
    options = ["--against", "prioritas=prioritas_2", "-o", table, "--json", report]
    said = run(runner, source, *options)
    assert said.exit_code == 0, said.output
    assert f"{source}: row 11: prioritas: unknown label 'jln'; perhaps 'jalan'." in said.output
    assert re.search(r"row 5: sosial 0\.0\d → jalan \d\.\d\d: paving gang", said.output)
    assert "two people, 198 rows, 99.0% labelled alike" in said.output
    assert "  jalan / sosial: 1 rows" in said.output
    names, first, *_ = read_rows(table, ";")
    assert names[:5] == ["tempat", "facet", "teks", "label", "usul"]
    assert first[:5] == [
        f"{source}: row 5",
        "prioritas",
        "paving gang | kondisi lama",
        "sosial",
        "jalan",
    ]
    found = json.loads(report.read_text(encoding="utf-8"))
    assert found["rows"] == 198
    assert found["agreements"]["prioritas"]["confused"][-1]["rows"] == 1
    assert run(runner, source, "-o", table).exit_code == 1  # it exists
    assert run(runner, source, "-o", source, "--force").exit_code == 1


BAD = [
    (["--against", "prioritas"], 2, "'prioritas' is not FACET=COLUMN"),
    (["--against", "warna=b"], 1, "no such column|has no column 'b'"),
    (["--against", "prioritas=kosong"], 1, "no row has a label in both 'prioritas' and 'kosong'"),
    (["--against", "warna=kosong"], 1, "--against warna=kosong: no column of that facet"),
]


@pytest.mark.parametrize(("options", "code", "message"), BAD)
def test_mistakes_end_in_a_sentence(
    runner: CliRunner, tmp_path: Path, options: list[str], code: int, message: str
) -> None:
    rows = [[*row, ""] for row in labelled_rows()]
    source = write_rows(tmp_path / "a.csv", [[*COLUMNS, "kosong"], *rows])
    said = run(runner, source, *options)
    assert said.exit_code == code
    assert re.search(message, said.output), said.output
