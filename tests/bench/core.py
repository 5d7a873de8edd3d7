"""The core: a column of texts -> probabilities of all facets, in one process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
from threadpoolctl import threadpool_limits

from classifier import load_model
from classifier.labelled import Labelled
from tests.bench.inputs import proposals
from tests.bench.peers import PARTS, WORDS, Pipeline, fasttext_peers
from tests.bench.timing import Contest, Run, contest, of_call

__all__ = ["core"]

Score = Callable[[Any], Any]
_WARM = 1000
"""Rows that each contestant scores before the clock runs."""


def core(
    rows: int, data: Labelled, folder: Path, repeat: int, *, fasttext: bool = True
) -> list[Contest]:
    """Contests on one thread and on two, every text another one."""
    columns = [pa.array(cells) for cells in zip(*proposals(rows), strict=True)]
    texts = [" ".join(cells) for cells in zip(*(c.to_pylist() for c in columns), strict=True)]
    peers: dict[str, Score] = fasttext_peers(data, folder) if fasttext else {}
    peers[WORDS], peers[PARTS] = Pipeline(data, parts=False), Pipeline(data, parts=True)
    ours = partial(_score, load_model().predict, columns)
    jobs = {"usulan": ours} | {name: partial(_score, peer, texts) for name, peer in peers.items()}
    for job in jobs.values():
        job(0, _WARM)
    pa.set_cpu_count(1)
    with threadpool_limits(1):
        return [_contest(jobs, rows, repeat, threads) for threads in (1, 2)]


def _contest(
    jobs: Mapping[str, Callable[[int, int], Any]], rows: int, repeat: int, threads: int
) -> Contest:
    contestants = {name: partial(_threaded, job, rows, threads) for name, job in jobs.items()}
    title = f"Core, {threads} thread{'s' if threads > 1 else ''}"
    return contest(title, "usulan", rows, contestants, repeat)


def _score(score: Score, texts: Any, start: int, end: int) -> Any:
    """Score some rows of one column of texts or of several."""
    if isinstance(texts[0], pa.Array):
        return score([column.slice(start, end - start) for column in texts])
    return score(texts[start:end])


def _threaded(job: Callable[[int, int], Any], rows: int, threads: int) -> Run:
    """Score all rows, an equal share on each thread."""
    bounds = [rows * k // threads for k in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        return of_call(lambda: list(pool.map(job, bounds[:-1], bounds[1:])))
