"""Whether two people label alike: Cohen's kappa, Krippendorff's alpha, and what they confuse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Agreement", "Confusion", "agreement", "alpha", "kappa", "masi"]

DRAWS = 1000
_TAILS = (0.025, 0.975)

Counts = NDArray[np.int64]
Interval = tuple[float, float]
Value = TypeVar("Value", bound=Hashable)


@dataclass(frozen=True)
class Confusion:
    """Two labels, and the rows that one person gave the first and the other the second."""

    first: str
    second: str
    rows: int


@dataclass(frozen=True)
class Agreement:
    """How far two columns of labels agree.

    Attributes
    ----------
    rows
        Rows that both have labelled.
    equal
        Share of them with the same labels.
    kappa, kappa_interval
        Cohen's kappa of the main labels and its 95 % bootstrap interval; None where a facet
        has no main label.
    alpha, alpha_interval
        Krippendorff's alpha of the sets of labels, by the MASI distance.
    confused
        Main labels (or, without one, sets) that differ, whichever way, most frequent first.
    """

    rows: int
    equal: float
    kappa: float | None
    kappa_interval: Interval | None
    alpha: float
    alpha_interval: Interval
    confused: tuple[Confusion, ...]


def agreement(
    first: Sequence[tuple[str, ...]],
    second: Sequence[tuple[str, ...]],
    *,
    main: bool,
    seed: int = 0,
) -> Agreement:
    """Compare the labels that two people gave to the same rows.

    Parameters
    ----------
    first, second
        Labels of each row, at least one row.
    main
        Whether the first label of a row is its main one.
    seed
        Of the bootstrap, which draws rows.

    Examples
    --------
    >>> found = agreement([("jalan",), ("pju",)], [("jalan",), ("jalan",)], main=True)
    >>> found.kappa, found.confused[0].rows
    (0.0, 1)
    """
    sets = [[frozenset(row) for row in side] for side in (first, second)]
    values, by_set = _crossed(*sets)
    distances = np.array([[masi(one, other) for other in values] for one in values])

    def alpha_of(table: Counts) -> float:
        return alpha(table, distances)

    heads = [[row[:1] for row in side] for side in (first, second)] if main else [first, second]
    named = [[";".join(row) for row in side] for side in heads]
    _, by_name = _crossed(*named)
    return Agreement(
        len(first),
        float(np.mean([one == other for one, other in zip(*sets, strict=True)])),
        kappa(by_name) if main else None,
        _interval(by_name, kappa, seed) if main else None,
        alpha_of(by_set),
        _interval(by_set, alpha_of, seed),
        _confused(*named),
    )


def _crossed(first: Sequence[Value], second: Sequence[Value]) -> tuple[list[Value], Counts]:
    """Distinct values, and how often each pair of them meets, shape (n_values, n_values)."""
    values = list(dict.fromkeys([*first, *second]))
    number = {value: k for k, value in enumerate(values)}
    table = np.zeros((len(values), len(values)), np.int64)
    for one, other in zip(first, second, strict=True):
        table[number[one], number[other]] += 1
    return values, table


def kappa(table: Counts) -> float:
    """Cohen's kappa: agreement beyond what the two people's shares of labels bring by chance.

    Cohen, A Coefficient of Agreement for Nominal Scales (1960).

    Parameters
    ----------
    table
        Rows by the first and the second person's label, shape (n_labels, n_labels).

    Examples
    --------
    >>> round(kappa(np.array([[20, 5], [10, 15]])), 2)
    0.4
    """
    shares = table / table.sum()
    by_chance = float(shares.sum(axis=0) @ shares.sum(axis=1))
    return 1.0 if by_chance == 1 else (float(np.trace(shares)) - by_chance) / (1 - by_chance)


def alpha(table: Counts, distances: NDArray[np.float64]) -> float:
    """Krippendorff's alpha of two people who labelled every row.

    Krippendorff, Content Analysis (2004), chapter 11: one minus the distance between the
    labels of a row, in the distance between any two labels given.

    Parameters
    ----------
    table
        Rows by the first and the second person's value, shape (n_values, n_values).
    distances
        Between values, the same shape.

    Examples
    --------
    >>> round(alpha(np.array([[5, 1], [1, 5]]), 1 - np.eye(2)), 3)
    0.681
    """
    given = table.sum(axis=0) + table.sum(axis=1)
    by_chance = float(given @ distances @ given / (given.sum() * (given.sum() - 1)))
    found = float((table * distances).sum() / table.sum())
    return 1.0 if by_chance == 0 else 1 - found / by_chance


def masi(first: frozenset[str], second: frozenset[str]) -> float:
    """MASI distance of two sets of labels, 0–1; of two empty ones 0.

    Passonneau, Measuring Agreement on Set-Valued Items (LREC 2006).

    Examples
    --------
    >>> round(masi(frozenset({"jalan"}), frozenset({"jalan", "banjir"})), 2)
    0.67
    """
    from nltk.metrics import masi_distance

    return float(masi_distance(first, second)) if first or second else 0.0


def _interval(table: Counts, measure: Callable[[Counts], float], seed: int) -> Interval:
    """95 % percentile interval over draws of as many rows as there are."""
    rng, total = np.random.default_rng(seed), int(table.sum())
    draws = rng.multinomial(total, table.ravel() / total, DRAWS)
    low, high = np.quantile([measure(draw.reshape(table.shape)) for draw in draws], _TAILS)
    return float(low), float(high)


def _confused(first: Sequence[str], second: Sequence[str]) -> tuple[Confusion, ...]:
    pairs = Counter(
        (min(one, other), max(one, other))
        for one, other in zip(first, second, strict=True)
        if one != other
    )
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Confusion(*labels, rows) for labels, rows in ordered)
