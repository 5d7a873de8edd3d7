"""Whether a row's text columns, each read alone, ask for different things."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features import Batch
from classifier.model import Model
from classifier.tokens import Tokens

__all__ = ["Apart", "apart"]

SURE = 0.9
"""Probability from which a text column has a say of its own."""


@dataclass(frozen=True)
class Apart:
    """Rows whose columns disagree; each of shape (n_rows,).

    Attributes
    ----------
    differ
        Whether two columns, each sure of itself, point to different labels.
    first, other
        Numbers of these labels, in the order of the columns; 0 where nothing differs.
    """

    differ: NDArray[np.bool_]
    first: NDArray[np.int64]
    other: NDArray[np.int64]


def apart(model: Model, batch: Batch, candidates: NDArray[np.bool_]) -> Apart:
    """Read the text columns of the candidate rows one by one.

    Parameters
    ----------
    candidates
        Rows for which two labels are possible at all, shape (n_rows,): reading a row's
        columns again costs as much as reading it the first time.
    """
    n_rows = batch.tokens.n_rows
    result = Apart(np.zeros(n_rows, bool), np.zeros(n_rows, int), np.zeros(n_rows, int))
    rows = np.flatnonzero(candidates & (_filled_columns(batch.tokens) > 1))
    if not len(rows):
        return result
    head = model.heads[0]
    alone = model.vocabulary.columns_apart(batch, rows)
    chances = model.predict_batch(alone, main_only=True).probabilities[head.facet]
    chances = chances[:, : len(head.labels)].reshape(-1, len(rows), len(head.labels))
    labels, sure = chances.argmax(axis=2), chances.max(axis=2) >= SURE
    first = np.take_along_axis(labels, sure.argmax(axis=0)[None], axis=0)[0]
    others = sure & (labels != first)
    result.differ[rows] = others.any(axis=0) & sure.any(axis=0)
    result.first[rows] = first
    result.other[rows] = np.take_along_axis(labels, others.argmax(axis=0)[None], axis=0)[0]
    return result


def _filled_columns(tokens: Tokens) -> NDArray[np.int64]:
    """Text columns with at least one token, for each row."""
    filled = tokens.texts[np.diff(tokens.texts, prepend=-1) > 0]
    return np.bincount(filled % max(tokens.n_rows, 1), minlength=tokens.n_rows)
