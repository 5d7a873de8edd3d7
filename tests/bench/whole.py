"""Whole processes: an export end to end, and cold starts."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from classifier.labelled import Labelled
from tests.bench.inputs import write_export
from tests.bench.peers import sklearn_pipeline
from tests.bench.timing import Contest, Run, contest, of_process

__all__ = ["cold_start", "end_to_end", "tag_process"]

USULAN = [sys.executable, "-c", "from classifier.cli import main; main()"]
"""What the installed command ``usulan`` runs."""

FEW = 100
"""Rows of the small export."""


def tag_process(export: Path, *options: str) -> Run:
    """``usulan tag`` of an export, the output thrown away."""
    output = export.with_suffix(".out.csv")
    command = [*USULAN, "tag", str(export), "-o", str(output), "--force", "--show", "0"]
    run = of_process([*command, *options])
    output.unlink()
    return run


def end_to_end(rows: int, data: Labelled, folder: Path, repeat: int) -> list[Contest]:
    """Tag an export against copying it with Arrow and against pandas with scikit-learn.

    The second contest is the same with half of the rows asking for one of a few works.
    """
    pipeline = sklearn_pipeline(data, folder / "pipeline.joblib")
    contests = []
    for title, repeated in (("End to end", 0.0), ("End to end, half repeated", 0.5)):
        export = write_export(folder / "export.csv", rows, repeated=repeated)
        copy = _script("arrow_copy", export, folder / "arrow.csv")
        plain = _script("pandas_sklearn", export, folder / "pandas.csv", pipeline)
        contestants = {
            "Arrow reads and writes": partial(of_process, copy),
            "usulan tag": partial(tag_process, export),
            "usulan tag --jobs 1": partial(tag_process, export, "--jobs", "1"),
            "pandas + scikit-learn words + pairs": partial(of_process, plain),
        }
        contests.append(contest(title, "Arrow reads and writes", rows, contestants, repeat))
    return contests


def cold_start(folder: Path, repeat: int) -> list[Contest]:
    """How long it takes until something happens."""
    few = write_export(folder / "few.csv", FEW)
    told = {
        "import click": partial(of_process, [sys.executable, "-c", "import click"]),
        "usulan --help": partial(of_process, [*USULAN, "--help"]),
    }
    tagged = {
        "import sklearn, pandas": partial(
            of_process, [sys.executable, "-c", "import sklearn, pandas"]
        ),
        f"usulan tag, {FEW} rows": partial(tag_process, few),
    }
    return [
        contest("Cold start, help", "import click", 0, told, repeat),
        contest("Cold start, tag", "import sklearn, pandas", FEW, tagged, repeat),
    ]


def _script(name: str, *paths: Path) -> list[str]:
    return [sys.executable, "-m", f"tests.bench.{name}", *map(str, paths)]
