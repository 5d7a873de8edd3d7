"""The loop as an office plays it, by commands and files; and whether its order is worth it."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import openpyxl
import pytest
from click.testing import CliRunner
from conftest import COLUMNS, read_rows, write_rows
from scenario import DATA, MEASURES, SEEDS, another_regency, play

from classifier.cli import main
from classifier.loop.form import NONE, sheet_text
from classifier.loop.sheet import SHEET

FACETS = ("prioritas", "jenis", "spm", "tematik")
CORRECTIONS = 60
"""Rows that the analyst fills in each round; the sheet holds some more."""

Row = dict[str, str]
Oracle = dict[tuple[str, str], Row]
Cells = list[list[str]]


def corpus() -> list[Row]:
    """The labelled rows whose text is there once."""
    rows: Oracle = {}
    for path in sorted((DATA / "labelled").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                rows.setdefault(text_of(row), row)
    return list(rows.values())


def text_of(row: Row) -> tuple[str, str]:
    return (
        " ".join(sheet_text(row["usulan"]).split()),
        " ".join(sheet_text(row["masalah"] or "").split()),
    )


@pytest.fixture(scope="module")
def oracle() -> Oracle:
    """Text -> what its labels are."""
    return {text_of(row): row for row in corpus()}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder: rows of Kota Serang, an export of elsewhere, and rows of elsewhere by lot."""
    rows = corpus()
    random.Random(20).shuffle(rows)
    own = [row for row in rows if row["sumber"] == "serang"]
    others = [row for row in rows if row["sumber"] != "serang"]
    labelled(tmp_path / "labelled.csv", own[:800])
    lot = [[row["usulan"], row["masalah"], row["prioritas"]] for row in others[2000:3000]]
    write_rows(tmp_path / "undian.csv", [["usulan", "masalah", "prioritas"], *lot])
    cells = [[row["id"], row["usulan"], row["masalah"], "Mekarsari"] for row in others[:2000]]
    header = ["ID Usulan", "Usulan", "Masalah", "Kelurahan/Desa"]
    write_rows(tmp_path / "usulan.csv", [header, *cells], ";")
    return tmp_path


def labelled(path: Path, rows: Iterable[Row]) -> Path:
    return write_rows(path, [COLUMNS, *([row[name] for name in COLUMNS] for row in rows)])


def run(runner: CliRunner, *arguments: str, code: int = 0) -> str:
    done = runner.invoke(main, arguments)
    assert done.exit_code == code, done.output
    return done.output


# The analyst


def filled(cells: Cells, oracle: Oracle) -> Cells:
    """The sheet's cells with the first rows confirmed where the tool is right, else corrected."""
    header, *rows = cells
    done = [answer(header, row, oracle) for row in rows[:CORRECTIONS]]
    return [header, *done, *rows[CORRECTIONS:]]


def answer(header: list[str], row: list[str], oracle: Oracle) -> list[str]:
    said = dict(zip(header, row, strict=True))
    truth = oracle[text_of(said)]
    told = dict(line.split(": ") for line in said["label_alat"].splitlines())
    if all(told.get(facet, "").replace("; ", ";") == truth[facet] for facet in FACETS):
        return list((said | {"setuju": "ya"}).values())
    main = dict(
        zip(("koreksi", "koreksi_2", "koreksi_3"), truth["prioritas"].split(";"), strict=False)
    )
    others = {f"koreksi_{facet}": truth[facet] for facet in FACETS[1:]}
    others["koreksi_tematik"] = truth["tematik"] or NONE
    return list((said | main | others).values())


def sorted_and_cut(cells: Cells, sheet: Path) -> Path:
    """Sorted by text, and every ninth row deleted; in the workbook."""
    header, *rows = cells
    kept = [row for number, row in enumerate(rows) if number % 9]
    return rewritten([header, *sorted(kept, key=lambda row: row[1])], sheet)


def saved_as_csv(cells: Cells, sheet: Path) -> Path:
    """Reversed, and saved by Excel as Indonesian Windows does: semicolons."""
    header, *rows = cells
    return write_rows(sheet.with_suffix(".csv"), [header, *reversed(rows)], ";")


def copied_and_widened(cells: Cells, sheet: Path) -> Path:
    """Five rows copied to the end, and a column put in front."""
    rows = [*cells, *cells[1:6]]
    return rewritten([[f"catatan {n}" if n else "Ani", *row] for n, row in enumerate(rows)], sheet)


def rewritten(cells: Cells, sheet: Path) -> Path:
    book = openpyxl.load_workbook(sheet)
    page = book[SHEET]
    page.delete_rows(1, page.max_row)
    for row in cells:
        page.append(row)
    book.save(sheet)
    return sheet


HABITS: list[Callable[[Cells, Path], Path]] = [sorted_and_cut, saved_as_csv, copied_and_widened]


def test_an_office_plays_three_rounds(
    runner: CliRunner, office: Path, oracle: Oracle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office)
    run(runner, "train", "labelled.csv", "-o", "awal.usulan")
    before = len(rows_of("labelled.csv"))
    model, added = "awal.usulan", list[Row]()
    for number, habit in enumerate(HABITS):
        cells, sheet = reviewed(runner, model, f"lembar{number}.xlsx")
        shown = {text_of(row) for row in as_dicts(cells)}
        assert len(shown) == 70
        assert not shown & {text_of(row) for row in added}
        merged(runner, model, habit(filled(cells, oracle), sheet))
        asked = len(rows_of("labelled.csv")) - before - len(added)
        added = rows_of("labelled.csv")[before:]
        assert len({text_of(row) for row in added}) == len(added)
        for row in added:
            assert [row[f] for f in FACETS] == [oracle[text_of(row)][f] for f in FACETS]
        old, model = model, f"kantor{number}.usulan"
        run(runner, "train", "labelled.csv", "-o", model)
        compared = runner.invoke(main, ["compare", old, model, "labelled.csv"])
        assert f"{asked} of {before + len(added)} rows were labelled because OLD" in compared.stderr
    assert len(added) > 2.8 * CORRECTIONS  # one sheet lost a ninth of its rows
    assert "unsure" not in run(runner, "compare", "awal.usulan", model, "undian.csv")
    run(runner, "compare", model, "awal.usulan", "undian.csv", code=3)


def reviewed(runner: CliRunner, model: str, sheet: str) -> tuple[Cells, Path]:
    """Tag the export, write the sheet of 70 rows, and open it."""
    run(runner, "tag", "usulan.csv", "--model", model, "-o", "tagged.csv", "--force")
    run(runner, "review", "tagged.csv", "--model", model, "-o", sheet, "--max", "70")
    page = openpyxl.load_workbook(sheet)[SHEET]
    return [["" if v is None else str(v) for v in row] for row in page.values], Path(sheet)


def merged(runner: CliRunner, model: str, sheet: Path) -> None:
    """Merge a sheet, twice: the second time adds nothing."""
    command = ["merge", str(sheet), "--into", "labelled.csv", "--model", model]
    assert " 0 not taken" in run(runner, *command)
    content = Path("labelled.csv").read_bytes()
    assert " 0 rows added" in run(runner, *command)
    assert Path("labelled.csv").read_bytes() == content


def rows_of(path: str) -> list[Row]:
    return as_dicts(read_rows(Path(path)))


def as_dicts(cells: Cells) -> list[Row]:
    header, *rows = cells
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_rows_by_order_of_review_teach_more_than_rows_by_lot() -> None:
    """The first round of the first three seeds of ``make loop``, whose table is in data/README.md.

    There review is ahead by 1.8 points of macro-F1 after one round and by 2.1 after three, then
    with each of ten seeds.
    """
    scene, column = another_regency("500 rows of Kota Serang", 500), MEASURES.index("macro-F1")
    review, lot = (
        np.array([play(scene, order, seed, rounds=1)[1, column] for seed in SEEDS[:3]])
        for order in ("usulan review", "by lot")
    )
    assert review.mean() > lot.mean()
