"""The benchmarks run end to end on tiny inputs; what they measure is no matter of tests."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.labelled import read_labelled
from classifier.taxonomy import Taxonomy
from tests.bench.growth import Series
from tests.bench.inputs import TEXT, write_export
from tests.bench.peers import fasttext_peers
from tests.bench.timing import Contest, Run, of_process

ROOT = Path(__file__).parents[1]


def bench(*arguments: str) -> str:
    command = [sys.executable, "-m", "tests.bench", "--tiny", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_contests_run_and_are_reported(tmp_path: Path) -> None:
    printed = bench("--json", str(tmp_path / "benchmarks.json"))
    content = json.loads((tmp_path / "benchmarks.json").read_text(encoding="utf-8"))
    assert [contest["title"].split(",")[0] for contest in content["contests"]] == [
        "Core", "Core", "End to end", "End to end", "Cold start", "Cold start", "Training",
    ]  # fmt: skip
    for contest in content["contests"]:
        assert contest["contestants"][contest["yardstick"]]["ratio"]["median"] == 1
        for name, figures in contest["contestants"].items():
            assert f"| {name} |" in printed
            assert all(0 < s["min"] <= s["median"] <= s["max"] for s in figures.values())
    assert content["date"] in printed
    assert str(ROOT) not in json.dumps(content)


def test_growth_is_measured_and_reported(tmp_path: Path) -> None:
    printed = bench("--growth", "--json", str(tmp_path / "growth.json"))
    content = json.loads((tmp_path / "growth.json").read_text(encoding="utf-8"))
    assert len(content["series"]) == 7
    for series in content["series"]:
        assert len(series["points"]) >= 2
        assert f"| {series['title']} |" in printed


def test_slopes_are_those_of_powers() -> None:
    square = Series("square", "rows", "s", [1, 10, 100], [3.0, 300.0, 30_000.0])
    assert square.slope() == pytest.approx(2)
    assert square.slope(2) == pytest.approx(2)


def test_ratios_pair_runs_of_the_same_turn() -> None:
    ours, peer = [Run(1, 1), Run(2, 2)], [Run(3, 3), Run(8, 8)]
    assert Contest("x", "ours", 1, {"ours": ours, "peer": peer}).ratios("peer") == [3, 4]


def test_exports_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    one = write_export(tmp_path / "one.csv", 250, seed=1)
    assert one.read_bytes() == write_export(tmp_path / "same.csv", 250, seed=1).read_bytes()
    assert one.read_bytes() != write_export(tmp_path / "other.csv", 250, seed=2).read_bytes()
    with one.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 250
    assert len(rows[0]) == 26
    assert len({tuple(row[name] for name in TEXT) for row in rows}) > 240


def test_repeated_works_come_from_a_short_list(tmp_path: Path) -> None:
    export = write_export(tmp_path / "export.csv", 3000, repeated=1.0)
    with export.open(encoding="utf-8", newline="") as stream:
        assert len({row["Usulan"] for row in csv.DictReader(stream)}) <= 300


def test_a_missing_peer_is_left_out(
    tmp_path: Path,
    labelled_csv: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setitem(sys.modules, "fasttext", None)
    data = read_labelled([labelled_csv], Taxonomy.load())
    assert fasttext_peers(data, tmp_path) == {}
    assert "fastText is missing" in capsys.readouterr().err


def test_a_process_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="exit 3"):
        of_process([sys.executable, "-c", "raise SystemExit(3)"])
