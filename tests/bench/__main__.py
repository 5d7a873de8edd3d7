"""Run the benchmarks: ``python -m tests.bench [--growth]``, see README.md beside this file."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

import click
import numpy as np

from classifier.labelled import Labelled, read_labelled
from classifier.taxonomy import Taxonomy
from tests.bench.core import core
from tests.bench.growth import growth
from tests.bench.inputs import CORPUS, SEED
from tests.bench.learn import training
from tests.bench.report import machine, markdown, to_dict, write_json
from tests.bench.timing import Contest
from tests.bench.whole import cold_start, end_to_end

__all__ = ["main"]

HERE = Path(__file__).parent
TINY = 600
"""Rows that suffice to try everything."""

PARTS = ("core", "whole", "start", "training")


@click.command()
@click.option("--rows", default=100_000, show_default=True, help="Rows of the export.")
@click.option("--core-rows", default=50_000, show_default=True, help="Texts for the core.")
@click.option("--repeat", default=5, show_default=True, help="Times that each contestant runs.")
@click.option("--part", "parts", multiple=True, type=click.Choice(PARTS), help="[default: all]")
@click.option("--growth", "grows", is_flag=True, help="Measure how cost grows, instead.")
@click.option("--most", default=1_000_000, show_default=True, help="Rows that growth goes up to.")
@click.option("--tiny", is_flag=True, help="Some hundred rows, once, without fastText.")
@click.option("--json", "path", type=click.Path(path_type=Path), help="[default: beside this file]")
def main(
    rows: int,
    core_rows: int,
    repeat: int,
    parts: tuple[str, ...],
    grows: bool,
    most: int,
    tiny: bool,
    path: Path | None,
) -> None:
    """Measure usulan and its peers side by side, write JSON, print Markdown."""
    where = machine()
    with tempfile.TemporaryDirectory() as name:
        if grows:
            series, text = growth(Path(name), TINY if tiny else most, tiny=tiny)
            write_json(path or HERE / "growth.json", {**where, "series": series})
            click.echo(text)
            return
        if tiny:
            rows, core_rows, repeat = TINY, TINY, 1
        contests = _contests(Path(name), rows, core_rows, repeat, parts or PARTS, tiny=tiny)
    content = {**where, "contests": [to_dict(contest) for contest in contests]}
    write_json(path or HERE / "benchmarks.json", content)
    click.echo(markdown(contests, where))


def _contests(
    folder: Path, rows: int, core_rows: int, repeat: int, parts: tuple[str, ...], *, tiny: bool
) -> list[Contest]:
    data = _corpus(TINY if tiny else sys.maxsize)
    contests = []
    if "core" in parts:
        contests += core(core_rows, data, folder, repeat, fasttext=not tiny)
    if "whole" in parts:
        contests += end_to_end(rows, data, folder, repeat)
    if "start" in parts:
        contests += cold_start(folder, repeat)
    if "training" in parts:
        contests += training(10_000, data, repeat, jobs=1 if tiny else os.cpu_count() or 1)
    return contests


def _corpus(rows: int) -> Labelled:
    data = read_labelled(CORPUS, Taxonomy.load())
    return data.take(np.sort(np.random.default_rng(SEED).permutation(len(data))[:rows]))


if __name__ == "__main__":
    main()
