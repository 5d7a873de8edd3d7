"""How an export differs from what a model was trained on, and whether that calls for retraining."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Drift", "Profile", "Tally", "drift"]

ENOUGH = 50
"""Rows below which no verdict is given: chance alone can make few rows look strange."""

UNKNOWN_TIMES, UNKNOWN_SHARE = 2.0, 0.10
"""Retraining is due when so many times as many words are unknown, and at least this share."""

CONFIDENCE_DROP = 0.10
"""... or when the mean confidence is so much lower."""


@dataclass(frozen=True)
class Profile:
    """What rows look like to a model.

    Attributes
    ----------
    unknown
        Share of words that the model does not know.
    confidence
        Mean probability of the main label.
    shares
        Share of each label given, in the order of the model's labels.
    """

    unknown: float
    confidence: float
    shares: tuple[float, ...]


@dataclass
class Tally:
    """Sums over rows, chunk by chunk, from which a profile follows."""

    rows: float = 0.0
    words: float = 0.0
    unknown: float = 0.0
    confidence: float = 0.0
    labels: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    def add(
        self,
        words: NDArray[np.int64],
        known: NDArray[np.int64],
        confidence: NDArray[np.floating],
        given: NDArray[np.integer],
        weight: NDArray[np.floating] | None = None,
    ) -> None:
        """Count rows in; each argument has shape (n_rows,).

        Parameters
        ----------
        words, known
            Number of words that count, and of those that the model knows.
        confidence, given
            Probability and number of the label given.
        weight
            How much each row counts, 1 if left out.
        """
        weight = np.ones(len(given)) if weight is None else weight
        # Sums of products, not `@`: for that BLAS wakes threads that then wait busily.
        self.rows += float(weight.sum())
        self.words += float((weight * words).sum())
        self.unknown += float((weight * (words - known)).sum())
        self.confidence += float((weight * confidence).sum())
        self._count(np.bincount(given, weights=weight).astype(np.float64))

    def merge(self, other: Tally) -> None:
        """Count in the rows of another tally."""
        self.rows += other.rows
        self.words += other.words
        self.unknown += other.unknown
        self.confidence += other.confidence
        self._count(other.labels)

    def _count(self, counts: NDArray[np.float64]) -> None:
        """Add rows per label, however many labels have been seen."""
        if len(counts) > len(self.labels):
            self.labels = np.pad(self.labels, (0, len(counts) - len(self.labels)))
        self.labels[: len(counts)] += counts

    def profile(self, n_labels: int) -> Profile:
        """Shares and means of the rows counted."""
        rows = max(self.rows, 1e-9)
        shares = np.zeros(n_labels)
        shares[: len(self.labels)] = self.labels / rows
        return Profile(
            self.unknown / max(self.words, 1e-9), self.confidence / rows, tuple(shares.tolist())
        )


@dataclass(frozen=True)
class Drift:
    """An export beside the training data.

    Attributes
    ----------
    expected, found
        Profiles of held-out training rows and of the export.
    mix
        Share of rows that would need another label for the shares of labels to be equal.
    due
        Whether retraining is due; a different mix alone is no reason.
    enough
        Whether the export has rows enough to tell.
    """

    expected: Profile
    found: Profile
    mix: float
    due: bool
    enough: bool


def drift(expected: Profile, seen: Tally) -> Drift:
    """Compare the rows of an export with those that a model was trained on.

    Examples
    --------
    >>> seen = Tally()
    >>> every = np.ones(60, int)
    >>> seen.add(4 * every, 3 * every, 0.7 * every, 0 * every)
    >>> result = drift(Profile(0.05, 0.85, (0.5, 0.5)), seen)
    >>> result.found.unknown, result.mix, result.due
    (0.25, 0.5, True)
    """
    found = seen.profile(len(expected.shares))
    mix = 0.5 * float(np.abs(np.subtract(found.shares, expected.shares)).sum())
    enough = seen.rows >= ENOUGH
    strange = found.unknown >= max(UNKNOWN_SHARE, UNKNOWN_TIMES * expected.unknown)
    unsure = found.confidence <= expected.confidence - CONFIDENCE_DROP
    return Drift(expected, found, mix, enough and (strange or unsure), enough)
