"""Contestants run in turn: wall time, processor time and peak memory of each run."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

__all__ = ["Contest", "Run", "contest", "of_call", "of_process", "spread"]


@dataclass(frozen=True)
class Run:
    """What one run took; not all is known of calls that start processes of their own."""

    seconds: float
    cpu: float | None = None
    peak_mb: float | None = None


@dataclass(frozen=True)
class Contest:
    """Runs of each contestant, the k-th of all of them close together in time.

    ``yardstick`` is the contestant that the others are told in multiples of.
    """

    title: str
    yardstick: str
    rows: int
    runs: Mapping[str, Sequence[Run]]

    def ratios(self, name: str) -> list[float]:
        """Seconds of a contestant by those of the yardstick, run by run."""
        pairs = zip(self.runs[name], self.runs[self.yardstick], strict=True)
        return [run.seconds / base.seconds for run, base in pairs]


def contest(
    title: str,
    yardstick: str,
    rows: int,
    contestants: Mapping[str, Callable[[], Run]],
    repeat: int,
) -> Contest:
    """Run all contestants ``repeat`` times in turn, each time another one first."""
    names = list(contestants)
    runs: dict[str, list[Run]] = {name: [] for name in names}
    for turn in range(repeat):
        first = turn % len(names)
        for name in names[first:] + names[:first]:
            print(f"{title}: {turn + 1}/{repeat} {name}", file=sys.stderr, flush=True)
            runs[name].append(contestants[name]())
    return Contest(title, yardstick, rows, runs)


def of_call(call: Callable[[], Any]) -> Run:
    """What a call in this process took."""
    start, cpu = time.perf_counter(), time.process_time()
    call()
    return Run(time.perf_counter() - start, time.process_time() - cpu)


def of_process(command: Sequence[str]) -> Run:
    """What a whole process took, from its start to its end.

    Raises
    ------
    RuntimeError
        It failed; the message is what it printed.
    """
    launcher = [sys.executable, "-S", "-E", str(Path(__file__).with_name("launch.py"))]
    done = subprocess.run([*launcher, *command], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return Run(**json.loads(done.stdout))


def spread(values: Sequence[float]) -> dict[str, float]:
    """Least, median and greatest."""
    return {"min": min(values), "median": median(values), "max": max(values)}
