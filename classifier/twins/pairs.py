"""Pairs of rows that may ask for the same work: those that share a place and a word of the work.

Each row goes into blocks, one for each place (its kelurahan alone; with an RW; with a name) and
each thing it asks for (a concept, or a weighty word). Within a block rows stand in the order of
their texts, and each is paired with the next :data:`NEAR` only: so the pairs grow as the rows
do, however many of them are alike.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.twins.location import LARGEST, Places
from classifier.twins.works import Features

__all__ = ["NEAR", "candidates", "may_be_one_place"]

NEAR = 40
"""Rows behind it in a block that a row is paired with."""

WEIGHTY = 2
"""Words of a row that make blocks, the weightiest ones."""

Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def candidates(features: Features, places: Places) -> Pairs:
    """Pairs that are worth a closer look: the lower row of each, and the higher.

    Parameters
    ----------
    features, places
        Rows in an order that says which are likely to be near each other.
    """
    rows, keys = _blocks(features, places)
    order = np.lexsort((rows, keys))
    rows, keys = rows[order], keys[order]
    found, at = [np.zeros(0, np.int64)], np.arange(len(rows))
    for distance in range(1, NEAR + 1):
        at = at[at + distance < len(rows)]
        at = at[keys[at] == keys[at + distance]]
        first, second = rows[at], rows[at + distance]
        here = may_be_one_place(places, first, second)
        found.append(first[here] * len(places.area) + second[here])
    pairs = np.sort(np.concatenate(found))
    pairs = pairs[np.append(True, pairs[1:] != pairs[:-1])[: len(pairs)]]
    first, second = np.divmod(pairs, max(len(places.area), 1))
    different = first != second
    return first[different], second[different]


def may_be_one_place(
    places: Places, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether neither kecamatan nor kelurahan, RW and RT of two rows differ."""
    one: NDArray[np.bool_] = places.area[first] == places.area[second]
    district = places.district[first], places.district[second]
    one &= (district[0] == district[1]) | (np.minimum(*district) < 0)
    for bits in (places.rw, places.rt):
        one &= ((bits[first] & bits[second]) > 0) | (bits[first] == 0) | (bits[second] == 0)
    return one


def _blocks(features: Features, places: Places) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows and the keys of their blocks; a row is in several."""
    work = sp.hstack([features.concepts, _weightiest(features.words)], format="csr")
    n_work = work.shape[1]
    # Where not even the kelurahan is known, only an RW or a name can make two rows twins.
    anywhere = np.flatnonzero((places.area >= 0) | (np.diff(places.names.address.indptr) > 0))
    where = [(anywhere, np.zeros(len(anywhere), np.int64))]
    for number in range(1, LARGEST + 1):
        rows = np.flatnonzero(places.rw & np.uint64(1 << number))
        where.append((rows, np.full(len(rows), number)))
    names = places.names.entries.tocoo()
    where.append((names.row.astype(np.int64), names.col.astype(np.int64) + LARGEST + 1))
    rows, here = (np.concatenate(part) for part in zip(*where, strict=True))
    n_places = LARGEST + 1 + places.names.entries.shape[1]
    counts = np.diff(work.indptr)[rows]
    starts = np.repeat(work.indptr[rows].astype(np.int64) - np.cumsum(counts) + counts, counts)
    asked = work.indices[starts + np.arange(counts.sum())]
    keys = ((places.area[rows] + 1) * n_places + here) * n_work
    return np.repeat(rows, counts), np.repeat(keys, counts) + asked


def _weightiest(words: sp.csr_matrix) -> sp.csr_matrix:
    """The weightiest words of each row; of equal ones the first."""
    rows = np.repeat(np.arange(words.shape[0]), np.diff(words.indptr))
    order = np.lexsort((words.indices, -words.data, rows))
    rank = np.arange(len(order)) - np.repeat(words.indptr[:-1], np.diff(words.indptr))
    kept = order[rank < WEIGHTY]
    data = (words.data[kept], (rows[kept], words.indices[kept]))
    return sp.csr_matrix(data, shape=words.shape)
