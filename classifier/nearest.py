"""The training proposals most like a proposal, with their labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.arrays import numbers, strings
from classifier.features import Batch
from classifier.lines import cut
from classifier.model import Model

__all__ = ["LEAST", "Precedent", "nearest", "nearest_column", "nearest_rows"]

LEAST = 0.5
"""Similarity below which nothing is alike: there the nearest row's label is a guess."""

ROWS = 256
"""Rows compared with all precedents at a time, so that memory stays bounded."""

CONCEPT_WEIGHT = 2
"""How much concepts count beside words and pairs: the nearest row of another fold has the
same label oftener (0.80) than without (0.78)."""

SHOWN = 60
"""Letters shown in the column of nearest precedents."""


@dataclass(frozen=True)
class Precedent:
    """A training proposal, its main label, and how much it is like the one at hand, 0–1."""

    text: str
    label: str
    similarity: float


def nearest(
    model: Model, batch: Batch, k: int = 3
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The precedents most like each proposal, nearest first; of equals, the earlier one.

    Likeness is the cosine of the features, each weighed by how much it matters to the main
    facet's scores: ``pembangunan`` says little, ``posyandu`` much.

    Returns
    -------
    rows, similarities
        int64 and float32, shape (n_rows, min(k, number of precedents)).
    """
    known, wanted = _vectors(model, model.precedent_batch), _vectors(model, batch)
    k = min(k, known.shape[0])
    rows = np.zeros((wanted.shape[0], k), np.int64)
    similarities = np.zeros(rows.shape, np.float32)
    for start in range(0, len(rows), ROWS):
        product = wanted[start : start + ROWS] @ known.T
        product.data = product.data.round(4)  # or the last digit would rank equals
        likeness = product.toarray()
        at = np.arange(len(likeness))
        for place in range(k):
            best = likeness.argmax(axis=1)
            rows[start + at, place] = best
            similarities[start + at, place] = likeness[at, best]
            likeness[at, best] = -1
    return rows, similarities


def nearest_rows(model: Model, batch: Batch, k: int = 3) -> list[tuple[Precedent, ...]]:
    """The precedents of each row, nearest first; none that is not alike."""
    if model.precedents is None:
        return [()] * batch.tokens.n_rows
    kept, labels = model.precedents, model.labels(model.heads[0].facet)
    return [
        tuple(
            Precedent(kept.text(row), labels[kept.labels[row]], float(similarity))
            for row, similarity in zip(rows, similarities, strict=True)
            if similarity >= LEAST
        )
        for rows, similarities in zip(*nearest(model, batch, k), strict=True)
    ]


def nearest_column(model: Model, batch: Batch) -> pa.StringArray:
    """The nearest precedent of each row: ``mirip: "Paving gang" (jalan)``, or nothing.

    Examples
    --------
    >>> from classifier import load_model
    >>> model = load_model()
    >>> nearest_column(model, model.batch([strings(["qwerty"])])).to_pylist()
    ['']
    """
    if model.precedents is None or not len(model.precedents):
        return strings([""] * batch.tokens.n_rows)
    kept, labels = model.precedents, model.labels(model.heads[0].facet)
    rows, similarities = nearest(model, batch, k=1)
    alike = np.where(similarities[:, 0] >= LEAST, rows[:, 0], -1)
    distinct, codes = np.unique(alike, return_inverse=True)
    shown = [
        f'mirip: "{cut(kept.text(row), SHOWN)}" ({labels[kept.labels[row]]})' if row >= 0 else ""
        for row in distinct.tolist()
    ]
    return strings(shown).take(numbers(codes))


def _vectors(model: Model, batch: Batch) -> sp.csr_matrix:
    """Rows of unit length, CSR float32, (n_rows, n_features); unseen words only lengthen."""
    main = model.columns(model.heads[0].facet)
    matter = [
        model.word_weights(batch),
        model.weights.pairs,
        CONCEPT_WEIGHT * model.weights.concepts,
    ]
    blocks = [
        block @ sp.diags(np.linalg.norm(weights[:, main], axis=1))
        for block, weights in zip((batch.words, batch.pairs, batch.concepts), matter, strict=True)
    ]
    squares = sum(block.multiply(block).sum(axis=1).A1 for block in blocks)
    lengths = np.sqrt(np.where(squares > 0, squares, 1))
    blocks[0] = blocks[0] @ batch.to_vocabulary(len(model.vocabulary.words))
    joined = sp.diags(1 / lengths) @ sp.hstack(blocks, format="csr")
    unit: sp.csr_matrix = joined.astype(np.float32)
    unit.sort_indices()
    return unit
