"""The words that decided each row's label, as a column: ``karena: got mampet; lawan: jalan``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import strings
from classifier.contributions import contributions
from classifier.features import Batch
from classifier.lines import cut
from classifier.model import Model
from classifier.surface import Surface

__all__ = ["deciding_words"]

LEAST = 0.05
"""Share of a score below which a word decides nothing."""

MOST = 64
"""Contributions looked at in one row, the largest: a cell may hold a whole book."""

SHOWN = 40
"""Letters shown of a phrase."""


def deciding_words(
    model: Model,
    texts: Sequence[pa.Array | pa.ChunkedArray],
    batch: Batch,
    codes: NDArray[np.integer],
    top: int = 3,
) -> pa.StringArray:
    """The words and phrases most for each row's main label, and the one most against it.

    A phrase counts with all shares within it: ``got mampet`` with those of ``got``,
    ``mampet`` and the pair. A word that stands twice counts where it stands first. No two
    phrases of a row overlap.

    Parameters
    ----------
    texts, batch
        Text columns, and their traced features: ``model.batch(texts, trace=True)``.
    codes
        Index of each row's label among those the main head learnt; anything else, such as
        -1 or the index of ``tidak_jelas``, for none. Shape (n_rows,).
    top
        Most phrases named for the label.

    Examples
    --------
    >>> from classifier import load_model
    >>> model, texts = load_model(), [strings(["Got mampet dekat RT 03"])]
    >>> labels = model.heads[0].labels
    >>> codes = np.array([labels.index("banjir")])
    >>> deciding_words(model, texts, model.batch(texts, trace=True), codes).to_pylist()
    ['karena: Got mampet']
    """
    given = (codes >= 0) & (codes < len(model.heads[0].labels))
    found = contributions(model, batch, np.where(given, codes, 0)).by_feature()
    surface = Surface(batch.tokens, [text or "" for column in texts for text in column.to_pylist()])
    begins, ends = surface.places(found.firsts, found.lasts)
    bounds = np.searchsorted(found.rows, np.arange(len(codes) + 1))

    def read(k: int) -> str:
        return cut(surface.phrase(found.firsts[k], found.lasts[k]), SHOWN)

    cells = [""] * len(codes)
    for row in np.flatnonzero(given).tolist():
        mine = np.arange(bounds[row], bounds[row + 1])
        if len(mine) > MOST:
            mine = mine[np.argsort(-np.abs(found.shares[mine]), kind="stable")[:MOST]]
        phrases = _Phrases(mine, begins[mine], ends[mine], found.shares[mine])
        cells[row] = _cell(phrases, read, top)
    return strings(cells)


class _Phrases:
    """Phrases of one row, to take one by one; those that touch one taken are gone with it.

    All arguments have shape (n_phrases,): numbers of the phrases' contributions, and what
    they reach from and to and add to the score.
    """

    def __init__(
        self,
        numbers: NDArray[np.int64],
        begins: NDArray[np.int64],
        ends: NDArray[np.int64],
        shares: NDArray[np.float64],
    ) -> None:
        self._numbers, self._shares = numbers, shares
        self._inside = (begins >= begins[:, None]) & (ends <= ends[:, None])
        self._apart = (begins > ends[:, None]) | (ends < begins[:, None])
        self._left = np.ones(len(shares), bool)

    def take(self, sign: int) -> int | None:
        """The phrase with most shares of this sign within it; None if none decides."""
        left = np.where(self._left, sign * self._shares, 0)
        totals = np.where(self._left, self._inside @ left, 0)
        best = int(totals.argmax()) if len(totals) else -1
        if best < 0 or totals[best] < LEAST:
            return None
        self._left &= self._apart[best]
        return int(self._numbers[best])


def _cell(phrases: _Phrases, read: Callable[[int], str], top: int) -> str:
    favour: dict[str, str] = {}
    while len(favour) < top and (best := phrases.take(1)) is not None:
        favour.setdefault(read(best).casefold(), read(best))
    against = phrases.take(-1)
    parts = [f"karena: {', '.join(favour.values())}"] if favour else []
    parts += [f"lawan: {read(against)}"] if against is not None else []
    return "; ".join(parts)
