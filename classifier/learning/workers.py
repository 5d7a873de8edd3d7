"""Calls side by side: some in processes of their own, the others in this one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

__all__ = ["Progress", "side_by_side"]

T = TypeVar("T")

Progress = Callable[[int, int], None]
"""Called with the number of calls done and to do."""


def side_by_side(
    calls: Sequence[Callable[[], T]], jobs: int, progress: Progress | None = None
) -> list[T]:
    """Results of all calls, in their order.

    This process makes its share of the calls: a worker takes a second to import what it
    needs. Workers stay for the next calls, and leave when none come.

    Parameters
    ----------
    calls
        What to call; workers get them pickled.
    jobs
        Calls at once, one of them in this process.
    progress
        Told while calls are done.

    Examples
    --------
    >>> side_by_side([lambda: 1, lambda: 2], jobs=1)
    [1, 2]
    """
    from joblib.externals.loky import get_reusable_executor

    here = range(0, len(calls), jobs)
    there = [k for k in range(len(calls)) if k not in here]
    futures, results = {}, {}
    if there:
        workers = get_reusable_executor(min(jobs - 1, len(there)))
        futures = {k: workers.submit(calls[k]) for k in there}

    def add(k: int, result: T) -> None:
        results[k] = result
        if progress:
            more = sum(future.done() for k, future in futures.items() if k not in results)
            progress(len(results) + more, len(calls))

    for k in here:
        add(k, calls[k]())
    for k, future in futures.items():
        add(k, future.result())
    return [results[k] for k in range(len(calls))]
