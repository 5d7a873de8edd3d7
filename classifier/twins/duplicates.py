"""Proposals that ask for the same thing: groups of rows.

Two rows are twins where nothing speaks against one place and the texts are alike: how alike
they must be depends on how much speaks for one place. A group holds only rows each of which
is a twin of every other (complete linkage): twins of twins may be quite different works, and
a row without an RW would otherwise join those of two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.arrays import numbers, text, values
from classifier.model import Model
from classifier.text import whole
from classifier.twins.location import Places, find_places
from classifier.twins.pairs import candidates
from classifier.twins.works import COMMON_IDF, Features

__all__ = ["duplicate_groups"]

ALIKE, SAME_OBJECT = 0.45, 0.35
"""How alike the texts, and what they ask for, must be at one place."""

EQUAL = 0.85
"""How alike the words must be where the place is not sure."""

TELLING, TELLING_ALONE = 4, 8
"""Words that a text must have to be recognised by them where only the kelurahan is known, and
where nothing is: the same kamus entry without a place may be meant for any two streets."""

AT_ONCE = 500_000
"""Pairs compared at a time, so that memory stays bounded."""


def duplicate_groups(
    texts: Sequence[pa.Array],
    addresses: Sequence[pa.Array],
    area: pa.Array,
    district: pa.Array,
    model: Model,
) -> NDArray[np.int64]:
    """Groups of the rows of a table that ask for the same work in the same place.

    Parameters
    ----------
    texts
        Text columns of equal length n_rows, that of the work first; null counts as empty.
    addresses
        Columns that hold nothing but a place: address, RT, RW.
    area, district
        Kelurahan or desa, and kecamatan.
    model
        What knows the words: its lexicon, vocabulary and thesaurus.

    Returns
    -------
    ndarray of int64, shape (n_rows,)
        Numbers of the groups from 1 in the order in which they first appear, 0 where a row
        has no twin. Which rows are together does not depend on the order of the rows.

    Examples
    --------
    >>> from classifier import load_model
    >>> from classifier.arrays import strings
    >>> work = strings(["Paving RW 02", "Pemasangan paving blok", "Paving RW 05"])
    >>> address, area = strings(["", "RW 02", ""]), strings(["Lopang", "Kel. Lopang", "Lopang"])
    >>> duplicate_groups([work], [address], area, strings([""] * 3), load_model()).tolist()
    [1, 1, 0]
    """
    columns = [_plain(column) for column in (*texts, *addresses, area, district)]
    firsts, kinds = _distinct(columns)
    columns = [column.take(numbers(firsts)) for column in columns]
    texts, addresses = columns[: len(texts)], columns[len(texts) : -2]
    known = np.flatnonzero(model.vocabulary.word_idf < COMMON_IDF)
    common = model.vocabulary.words.take(numbers(known))
    places = find_places(texts, addresses, columns[-2], columns[-1], model.lexicon, common)
    asked = _Asked.of(texts, model)
    first, second, alike = _twins(asked, places)
    groups = _complete(len(firsts), first, second, alike)
    enough = asked.counts >= np.where(places.known, 1, TELLING_ALONE)
    return _numbered(np.where(enough, groups, -1)[kinds])


def _plain(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Lower case, one blank between words, none outside: differences that mean nothing."""
    filled = pc.coalesce(whole(column), text("").cast(pa.large_string()))
    return pc.utf8_trim(pc.replace_substring_regex(pc.utf8_lower(filled), r"\s+", " "), " ")


def _distinct(columns: Sequence[pa.Array]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A row of each kind, in alphabetical order, and the kind of each row.

    All that follows sees the rows in this order, and so is the same in whatever order they came.
    """
    joined = pc.binary_join_element_wise(*columns, text("\x1f").cast(pa.large_string()))
    encoded = joined.dictionary_encode()
    codes = values(encoded.indices).astype(np.int64)
    firsts = np.full(len(encoded.dictionary), len(codes))
    np.minimum.at(firsts, codes, np.arange(len(codes)))
    order = values(pc.sort_indices(encoded.dictionary)).astype(np.int64)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return firsts[order], rank[codes]


@dataclass(frozen=True)
class _Asked:
    """What rows ask for: features of the whole text, and of the work alone.

    ``counts`` are the words of the text that count, int64, (n_rows,).
    """

    text: Features
    work: Features
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, texts: Sequence[pa.Array], model: Model) -> _Asked:
        work = texts[0]
        for other in texts[1:]:
            work = pc.if_else(pc.equal(work, text("").cast(pa.large_string())), other, work)
        whole_text, work_alone = Features.of(texts, model), Features.of([work], model)
        return cls(whole_text, work_alone, np.diff(whole_text.words.indptr).astype(np.int64))


def _twins(
    asked: _Asked, places: Places
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Pairs of rows that ask for the same work in the same place, and how alike they are."""
    first, second = candidates(asked.text, places)
    alike = np.zeros(len(first))
    for start in range(0, len(first), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        alike[part] = _alike(asked, places, first[part], second[part])
    found = np.flatnonzero(alike)
    return first[found], second[found], alike[found]


def _alike(
    asked: _Asked, places: Places, first: NDArray[np.int64], second: NDArray[np.int64]
) -> NDArray[np.float64]:
    """How alike pairs of rows are, 0–1; 0 where they are no twins."""
    words, all_alike = _similar(asked.text, first, second)
    _, work_alike = _similar(asked.work, first, second)
    kinds = asked.work.kinds
    other_kind = (kinds[first] > 0) & (kinds[second] > 0) & (kinds[first] & kinds[second] == 0)
    score = (all_alike + work_alike) / 2
    sure, apart = _evidence(places, first, second)
    telling = np.minimum(asked.counts[first], asked.counts[second]) >= TELLING
    near = (score >= ALIKE) & (work_alike >= SAME_OBJECT) & ~other_kind
    equal = words >= EQUAL
    area = places.area[first] >= 0
    twins = near & np.where(sure, area | equal, area & equal & telling) & ~apart
    return np.where(twins, score, 0.0)


def _similar(
    features: Features, first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cosine of the words; and its mean with that of the concepts, if that is more."""
    words = _products(features.words, first, second)
    concepts = _products(features.concepts, first, second)
    return words, np.maximum(words, (words + concepts) / 2)


def _evidence(
    places: Places, first: NDArray[np.int64], second: NDArray[np.int64]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether something speaks for one place (RW, a name), and whether names speak against it."""
    names = places.names
    same_rw = (places.rw[first] & places.rw[second]) > 0
    named = _products(names.entries, first, second) > 0
    said = _products(names.address, first, second, names.words) > 0
    said |= _products(names.address, second, first, names.words) > 0
    of_kind = names.kinds[first].multiply(names.kinds[second]).sum(axis=1).A1
    apart = of_kind > _products(names.entries, first, second)
    has = np.diff(names.address.indptr) > 0
    apart |= has[first] & has[second] & ~said & ~same_rw & ~named
    return same_rw | named | said, apart


def _products(
    rows: sp.csr_matrix,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    others: sp.csr_matrix | None = None,
) -> NDArray[np.float64]:
    """Dot product of the rows of each pair, shape (n_pairs,)."""
    others = rows if others is None else others
    products: NDArray[np.float64] = rows[first].multiply(others[second]).sum(axis=1).A1
    return products


def _complete(
    n_rows: int,
    first: NDArray[np.int64],
    second: NDArray[np.int64],
    alike: NDArray[np.float64],
) -> NDArray[np.int64]:
    """Groups by complete linkage, the most alike rows first; a group's number is its first row."""
    order = np.lexsort((second, first, -np.round(alike, 4)))
    pairs = list(zip(first[order].tolist(), second[order].tolist(), strict=True))
    twins = set(pairs)
    group = np.arange(n_rows).tolist()
    members = {row: [row] for pair in pairs for row in pair}
    for one, other in pairs:
        low, high = sorted((group[one], group[other]))
        if low == high or any(
            (min(a, b), max(a, b)) not in twins for a in members[low] for b in members[high]
        ):
            continue
        for row in members.pop(high):
            group[row] = low
            members[low].append(row)
    return np.array(group, np.int64)


def _numbered(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Groups of two rows and more, numbered from 1 as they first appear; 0 for all others."""
    distinct, firsts, codes, counts = np.unique(
        groups, return_index=True, return_inverse=True, return_counts=True
    )
    several = np.flatnonzero((counts > 1) & (distinct >= 0))
    ids = np.zeros(len(distinct), np.int64)
    ids[several[np.argsort(firsts[several])]] = np.arange(1, len(several) + 1)
    found: NDArray[np.int64] = ids[codes.reshape(-1)]
    return found
