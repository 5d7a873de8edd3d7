"""What further labelled rows are worth: a learning curve carried on beyond its data.

The error is taken to fall as a power law, error = a · rows ** -b (Hestness et al., Deep
Learning Scaling is Predictable, Empirically, 2017; Figueroa et al., Predicting sample size
required for classification performance, BMC Medical Informatics and Decision Making 12:8,
2012), where terms that are learnt from count as rows. It is fitted to the upper part of the
curve, and tried: fitted without the last point, it must foretell that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.learning.curve import Curve

__all__ = ["Gain", "Law", "foretold", "gain", "label_gains", "rows_for"]

_LEAST = 1e-4
"""Error below which a logarithm would say more than the rows do."""

FITTED = 3
"""Largest sizes that the power law is fitted to: it holds for large numbers of rows."""


@dataclass(frozen=True)
class Gain:
    """What further rows are expected to add to a score, and an interval of it."""

    rows: int
    mean: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the interval says that it is a gain at all."""
        return self.low > 0


@dataclass(frozen=True)
class Law:
    """The law of each repeat: error = exp(level) * rows ** slope; shapes (n_repeats,)."""

    level: NDArray[np.float64]
    slope: NDArray[np.float64]

    @classmethod
    def fit(cls, rows: NDArray[np.floating], scores: NDArray[np.float64]) -> Law:
        """Fit the last points of curves; shapes (n_sizes,) and (n_repeats, n_sizes).

        Examples
        --------
        >>> law = Law.fit(np.array([100, 200, 400]), 1 - np.array([[0.4, 0.2, 0.1]]))
        >>> law.errors(800).round(3).tolist()
        [0.05]
        """
        errors = np.log(np.maximum(1 - scores[:, -FITTED:], _LEAST))
        slope, level = np.polyfit(np.log(rows[-FITTED:]), errors.T, 1)
        return cls(level, slope)

    def errors(self, rows: float) -> NDArray[np.float64]:
        """The error at a number of rows, by each repeat."""
        errors: NDArray[np.float64] = np.exp(self.level + self.slope * np.log(rows))
        return errors


def gain(curve: Curve, more: int) -> Gain:
    """How much macro-F1 is expected to rise when ``more`` random rows join all there are.

    The interval is that of the repeats (Student's t, 95 %), or, if that is wider, as wide as
    the law was wrong about the last point.
    """
    now, prior = int(curve.label_rows.sum()), int(curve.label_terms.sum())
    sizes = (curve.sizes + prior).astype(float)
    expected = _gain(sizes, curve.macro_f1, now + prior, more)
    half = Law.fit(sizes[:-1], curve.macro_f1[:, :-1])
    hoped = float((half.errors(sizes[-2]) - half.errors(sizes[-1])).mean())
    wrong = float((half.errors(sizes[-1]) - (1 - curve.macro_f1[:, -1])).mean())
    width = abs(expected.mean * wrong / hoped) if hoped else float("inf")
    width = max(width, expected.high - expected.mean)
    return Gain(more, expected.mean, expected.mean - width, expected.mean + width)


def label_gains(curve: Curve, more: int) -> list[tuple[str, Gain]]:
    """What so many rows more of a label are expected to add to its F1, the greatest first.

    A label too rare to be in all held-out parts is left out.
    """
    shares = curve.label_rows / curve.label_rows.sum()
    found = []
    for k, label in enumerate(curve.labels):
        prior = int(curve.label_terms[k])
        sizes = curve.sizes * shares[k] + prior
        if not shares[k] or np.isnan(curve.label_f1[:, :, k]).any():
            continue
        now = int(curve.label_rows[k]) + prior
        found.append((label, _gain(sizes, curve.label_f1[:, :, k], now, more)))
    return sorted(found, key=lambda pair: -pair[1].mean)


def foretold(curve: Curve) -> tuple[float, float]:
    """Macro-F1 at the last point by a law fitted without it, and as it was found."""
    sizes = (curve.sizes + curve.label_terms.sum()).astype(float)
    law = Law.fit(sizes[:-1], curve.macro_f1[:, :-1])
    return float(1 - law.errors(sizes[-1]).mean()), float(curve.macro_f1[:, -1].mean())


def rows_for(curve: Curve, points: float) -> float:
    """Rows beyond all there are until macro-F1 is so much higher; infinite if it never is."""
    now, prior = int(curve.label_rows.sum()), int(curve.label_terms.sum())
    law = Law.fit((curve.sizes + prior).astype(float), curve.macro_f1)
    error, slope = float(law.errors(now + prior).mean()), float(law.slope.mean())
    if points >= error or slope >= 0:
        return float("inf")
    return float((now + prior) * (((error - points) / error) ** (1 / slope) - 1))


def _gain(sizes: NDArray[np.float64], scores: NDArray[np.float64], now: int, more: int) -> Gain:
    from scipy.stats import t

    law = Law.fit(sizes, scores)
    gains = law.errors(now) - law.errors(now + more)
    mean, n = float(gains.mean()), len(gains)
    spread = float(gains.std(ddof=1) / np.sqrt(n) * t.ppf(0.975, n - 1)) if n > 1 else np.inf
    return Gain(more, mean, mean - spread, mean + spread)
