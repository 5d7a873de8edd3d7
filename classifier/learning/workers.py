"""Calls side by side: some in processes of their own, the others in this one."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

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
        # Pickled here and now: the executor's thread would do it while this one goes on with
        # the same objects, which remember things as they are used.
        futures = {k: workers.submit(_called, pickle.dumps(calls[k])) for k in there}

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


def _called(call: bytes) -> Any:
    """What a worker does."""
    return pickle.loads(call)()
