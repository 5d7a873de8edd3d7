"""Chunks on several threads: results in order, and never more than a few at a time."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from classifier.errors import UsageError
from classifier.language import _

__all__ = ["cores", "ordered", "threads"]

WORTHWHILE = 2
"""Threads unless told otherwise, at most: two score a CSV file faster than it can be read and
written, and each takes 90 MB."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads(jobs: int | None) -> int:
    """How many threads to use: as many as asked for, or what pays.

    Raises
    ------
    UsageError
        Fewer than one, or more than there are cores.

    Examples
    --------
    >>> threads(1)
    1
    """
    most = cores()
    if jobs is None:
        return min(most, WORTHWHILE)
    if not 1 <= jobs <= most:
        allowed = _("1 to {most}", most=most) if most > 1 else "1"
        raise UsageError(
            "{count} threads are not allowed here: give {allowed}, the number of cores, or leave "
            "it out.",
            count=jobs,
            allowed=allowed,
        )
    return jobs


def ordered(
    function: Callable[[Item], Result], items: Iterable[Item], jobs: int
) -> Generator[tuple[Item, Result], None, None]:
    """Each item with what a function makes of it, in the order of the items.

    Meanwhile this thread takes the next items and whoever asks uses the results, while as many
    others as there are ``jobs`` call the function; one job does all of it in this thread. There
    are never more than ``jobs + 1`` items under way. What the function raises comes out where
    its result would. Close it (:func:`contextlib.closing`) and nothing is left running.

    Examples
    --------
    >>> list(ordered(abs, [3, -1, -2], jobs=2))
    [(3, 3), (-1, 1), (-2, 2)]
    """
    if jobs == 1:
        for item in items:
            yield item, function(item)
        return
    waiting: deque[tuple[Item, Future[Result]]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        try:
            for item in items:
                waiting.append((item, pool.submit(function, item)))
                if len(waiting) > jobs:
                    first, future = waiting.popleft()
                    yield first, future.result()
            while waiting:
                first, future = waiting.popleft()
                yield first, future.result()
        finally:
            for _item, future in waiting:
                future.cancel()
