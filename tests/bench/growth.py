"""How cost grows with rows, words, vocabulary and labels: slopes in logarithms."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import numpy as np
import pyarrow as pa

from classifier import load_model
from classifier.model import Model
from tests.bench.inputs import made_up_texts, proposals, write_export
from tests.bench.labels import many_labels
from tests.bench.report import table
from tests.bench.timing import of_call
from tests.bench.whole import tag_process

__all__ = ["growth"]

REPEAT = 3
"""Runs of each size; the quickest counts, for what else a machine does only adds."""


BYTES = 900
"""Of a row before and after tagging, with some to spare."""


@dataclass
class Series:
    """One cost at growing sizes; ``unit`` is the cost's."""

    title: str
    size: str
    unit: str
    sizes: list[int] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def add(self, size: int, cost: float) -> None:
        """A point more."""
        print(f"{self.title}: {size:,} {self.size}: {cost:.3g} {self.unit}", flush=True)
        self.sizes.append(size)
        self.costs.append(cost)

    def slope(self, points: int = 0) -> float:
        """Least squares in logarithms, through the last points or through all."""
        sizes, costs = np.log(self.sizes[-points:]), np.log(self.costs[-points:])
        return float(np.polyfit(sizes, costs, 1)[0])

    def to_dict(self) -> dict[str, Any]:
        """Points and slopes."""
        points = [
            {self.size: size, self.unit: cost}
            for size, cost in zip(self.sizes, self.costs, strict=True)
        ]
        slopes = {"slope": self.slope(), "slope_of_last_step": self.slope(2)}
        return {"title": self.title, **slopes, "points": points}

    def row(self) -> list[str]:
        """A line of the table."""
        first, last = self.costs[0], self.costs[-1]
        return [
            self.title,
            f"{self.sizes[0]:,} → {self.sizes[-1]:,} {self.size}",
            f"{first:,.3g} → {last:,.3g} {self.unit}",
            f"{self.slope():.2f}",
            f"{self.slope(2):.2f}",
        ]


def growth(folder: Path, most: int, *, tiny: bool) -> tuple[list[dict[str, Any]], str]:
    """All series, as they go to JSON, and their table in Markdown."""
    rows, labels = (200, (3, 6)) if tiny else (20_000, (20, 60, 200, 600, 2000))
    series = [
        *_rows(folder, most),
        _words(rows, (4, 8) if tiny else (4, 8, 16, 32, 64, 128)),
        _vocabulary(rows, (100, 1000) if tiny else (1000, 4000, 16_000, 64_000, 256_000)),
        *_labels(folder, rows, 200 if tiny else 4000, labels),
    ]
    header = ["cost", "size", "from → to", "slope", "slope of the last step"]
    return [one.to_dict() for one in series], table(header, [one.row() for one in series])


def _rows(folder: Path, most: int) -> list[Series]:
    """``usulan tag`` as a whole process."""
    _refuse_little_room(folder, most)
    seconds = Series("tag, wall time", "rows", "s")
    peak = Series("tag, peak memory", "rows", "MB")
    for rows in _decades(most):
        export = write_export(folder / "growth.csv", rows)
        runs = [tag_process(export) for _ in range(REPEAT if rows < 10_000_000 else 1)]
        seconds.add(rows, min(run.seconds for run in runs))
        peak.add(rows, max(run.peak_mb or 0.0 for run in runs))
    return [seconds, peak]


def _refuse_little_room(folder: Path, rows: int) -> None:
    """Better now than after an hour: input and output of ten million rows are 8 GB."""
    needed, free = rows * BYTES, shutil.disk_usage(folder).free
    if free < needed:
        raise click.ClickException(
            f"{folder}: {needed / 1e9:.0f} GB are needed for {rows:,} rows and {free / 1e9:.0f} GB "
            "are free. Set TMPDIR to a larger disk, or give a lower --most."
        )


def _decades(most: int) -> list[int]:
    """1,000, 10,000, ... below ``most``, and ``most``."""
    return [size for size in (10**k for k in range(2 if most <= 1000 else 3, 9)) if size < most] + [
        most
    ]


def _words(rows: int, sizes: Sequence[int]) -> Series:
    """Scoring texts of more and more words of the corpus."""
    series = Series(f"score {rows:,} rows", "words a row", "s")
    model = load_model()
    words = " ".join(" ".join(cells) for cells in proposals(rows)).split()
    for size in sizes:
        texts = [" ".join(np.roll(words[:10_000], -k)[:size]) for k in range(0, 10_000, 10)]
        series.add(size, _predict_seconds(model, (texts * (rows // len(texts) + 1))[:rows]))
    return series


def _vocabulary(rows: int, sizes: Sequence[int]) -> Series:
    """Scoring texts of twelve words out of more and more, none of them known."""
    series = Series(f"score {rows:,} rows of 12 words", "distinct words", "s")
    model = load_model()
    for size in sizes:
        series.add(size, _predict_seconds(model, made_up_texts(rows, 12, size)))
    return series


def _labels(folder: Path, rows: int, learnt: int, sizes: Sequence[int]) -> list[Series]:
    """Training, scoring and the model file with more and more labels."""
    train = Series(f"train {learnt:,} rows, two folds", "labels", "s")
    score = Series(f"score {rows:,} rows", "labels", "s")
    file = Series("model file", "labels", "MB")
    texts = [" ".join(cells) for cells in proposals(rows)]
    for size in sizes:
        seconds, model, path = many_labels(folder, learnt, size)
        train.add(size, seconds)
        score.add(size, _predict_seconds(model, texts))
        file.add(size, path.stat().st_size / 1e6)
    return [train, score, file]


def _predict_seconds(model: Model, texts: Sequence[str]) -> float:
    column = pa.array(texts)
    return min(of_call(lambda: model.predict([column])).seconds for _ in range(REPEAT))
