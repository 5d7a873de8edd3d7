"""Names in proposals: which street, village, school or group is meant, all rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp
from numpy.typing import NDArray

from classifier.arrays import strings, values
from classifier.lexicon import Lexicon
from classifier.tokens import Tokens, previous, shift

__all__ = ["COMMA", "KINDS", "Names", "find_names"]

COMMA = "koma"
"""Token that stands for a comma, which ends a name."""

LEADERS = {
    "kelurahan": "kelurahan desa kalurahan gampong nagari",
    "kecamatan": "kecamatan kapanewon distrik kabupaten kota provinsi",
    "jalan": "jalan",
    "gang": "gang lorong lr lrg",
    "kampung": "kampung dusun dukuh padukuhan lingkungan jorong",
    "perumahan": "perumahan kompleks",
    "blok": "blok",
    "titik": "sta",
    "sekolah": "sd sdn smp smpn sma sman smk smkn mi min mts mtsn paud tk ra",
    "posyandu": "posyandu",
    "ibadah": "masjid musala pesantren tpq",
    "kelompok": "tani nelayan kub kwt taklim sanggar tbm",
    "makam": "tpu makam kuburan",
    "pasar": "pasar",
}
"""Kinds of places, and the words that a name of the kind follows."""

KINDS = tuple(LEADERS)

NUMBERED = ("gang", "blok", "titik", "sekolah", "posyandu")
"""Kinds whose name may be a number alone."""

LENGTH = 3
"""Most words of a name."""

ABOUT = "dalam berlubang setapak poros utama protokol umum sehat rusak amblas tembus"
"""Words of a text that say what a street is like, not which one it is."""

NAME_TOO = frozenset(["an", "as", "dalam"])
"""Stop words that are part of names: An Nur, Jl. Kenari Dalam."""


@dataclass(frozen=True)
class Names:
    """Names in the texts of n_rows rows.

    Attributes
    ----------
    entries
        A one where a row has a name, CSR int32, (n_rows, n_names).
    kinds
        A one where a row has a name of a kind, CSR int32, (n_rows, n_kinds).
    keys
        The distinct names, without blanks and kind, shape (n_names,).
    address, words
        A one where an address, or any text, holds a word that may be (part of) a name,
        CSR int32, (n_rows, n_words).
    areas
        Names of kelurahan, empty where a row has none, object, (n_rows,).
    """

    entries: sp.csr_matrix
    kinds: sp.csr_matrix
    keys: tuple[str, ...]
    address: sp.csr_matrix
    words: sp.csr_matrix
    areas: tuple[str, ...]


def find_names(tokens: Tokens, addresses: int, lexicon: Lexicon, common: pa.Array) -> Names:
    """Names in standardized texts.

    Parameters
    ----------
    tokens
        Texts whose first ``addresses`` columns hold nothing but places; numbers are kept.
    addresses
        How many.
    lexicon
        What is known about words.
    common
        Words that are no name in a text, whatever stands before.
    """
    table = _Words.of(tokens.words, lexicon, common)
    kind, number = table.kind[tokens.codes], table.number[tokens.codes]
    ordinary, known = table.ordinary[tokens.codes], table.common[tokens.codes]
    in_address = tokens.texts < addresses * tokens.n_rows
    before = previous(tokens, 1)
    unit_next = previous(tokens, -1) & shift(table.unit[tokens.codes], -1)
    may = (ordinary & (in_address | ~known)) | (number & ~unit_next)
    number_alone = np.isin(kind, [KINDS.index(name) for name in NUMBERED])
    block = shift(kind, 1) == KINDS.index("blok")
    city = table.city[tokens.codes] & (shift(kind, 1) == KINDS.index("kelurahan"))
    letter = (table.letter[tokens.codes] & block) | city  # Blok D; Kelurahan Kota Baru
    inside = [(may & (~number | shift(number_alone, 1)) | letter) & before & shift(kind >= 0, 1)]
    for _ in range(LENGTH - 1):
        inside.append(may & before & shift(inside[-1] & ~number, 1))
    return _collected(tokens, kind, np.array(inside), in_address & ordinary & ~known, ordinary)


def _collected(
    tokens: Tokens,
    kind: NDArray[np.int64],
    inside: NDArray[np.bool_],
    address: NDArray[np.bool_],
    ordinary: NDArray[np.bool_],
) -> Names:
    """Names from the places of their first, second and third word."""
    first = np.flatnonzero(inside[0])
    of_kind, rows = kind[first - 1], tokens.rows[first]
    codes = np.full((len(first), LENGTH + 1), -1)
    codes[:, LENGTH] = of_kind
    for place in range(LENGTH):
        there = np.minimum(first + place, len(tokens.codes) - 1)
        goes_on = inside[place][there] & (first + place < len(tokens.codes))
        codes[goes_on, place] = tokens.codes[there[goes_on]]
    distinct, which = np.unique(codes, axis=0, return_inverse=True)
    words = tokens.words.to_pylist()
    spelt = [
        _spelt([words[code] for code in name if code >= 0], kind)
        for *name, kind in distinct.tolist()
    ]
    keys = tuple(sorted(set(spelt)))
    number = {key: place for place, key in enumerate(keys)}
    names = np.array([number[key] for key in spelt], np.int64)[which.reshape(-1)]
    area = of_kind == KINDS.index("kelurahan")
    areas = [""] * tokens.n_rows
    for row, name in zip(rows[area].tolist(), names[area].tolist(), strict=True):
        areas[row] = areas[row] or keys[name]
    fine = of_kind > KINDS.index("kecamatan")
    wider = np.zeros(len(tokens.codes), bool)
    for place in range(LENGTH):
        at = first[~fine] + place
        at = at[at < len(wider)]
        wider[at[inside[place][at]]] = True
    shape = (tokens.n_rows, len(tokens.words))
    return Names(
        _ones(rows[fine], names[fine], (tokens.n_rows, len(keys))),
        _ones(rows[fine], of_kind[fine], (tokens.n_rows, len(KINDS))),
        keys,
        _ones(tokens.rows[address & ~wider], tokens.codes[address & ~wider], shape),
        _ones(tokens.rows[ordinary & ~wider], tokens.codes[ordinary & ~wider], shape),
        tuple(areas),
    )


def _spelt(words: Sequence[str], kind: int) -> str:
    """A name in one word: SMPN 4 is not Gang 4, but Jl. Delima may be Gg. Delima."""
    name = "".join(words)
    return name if len(name) > 2 else KINDS[kind] + name


@dataclass(frozen=True)
class _Words:
    """What each distinct word may be; all of shape (n_words,)."""

    kind: NDArray[np.int64]
    number: NDArray[np.bool_]
    unit: NDArray[np.bool_]
    letter: NDArray[np.bool_]
    city: NDArray[np.bool_]
    ordinary: NDArray[np.bool_]
    common: NDArray[np.bool_]

    @classmethod
    def of(cls, words: pa.StringArray, lexicon: Lexicon, common: pa.Array) -> _Words:
        kinds = {word: n for n, leads in enumerate(LEADERS.values()) for word in leads.split()}
        spelt = words.to_pylist()
        kind = np.array([kinds.get(word, -1) for word in spelt], np.int64)
        number = values(pc.utf8_is_decimal(words))
        ends = lexicon.henti - NAME_TOO | lexicon.rtrw | lexicon.patokan | {COMMA}
        ordinary = ~_among(words, ends) & ~number & (kind < 0)
        known = (values(pc.is_in(words, common)) & ~_among(words, lexicon.sambungan)) | _among(
            words, ABOUT.split()
        )
        letter = values(pc.equal(pc.utf8_length(words), pc.utf8_length(strings(["a"])[0])))
        unit, city = _among(words, lexicon.satuan), _among(words, ["kota"])
        return cls(kind, number, unit, letter & ~number, city, ordinary, known)


def _among(words: pa.StringArray, some: Iterable[str]) -> NDArray[np.bool_]:
    return values(pc.is_in(words, strings(sorted(some))))


def _ones(
    rows: NDArray[np.int64], columns: NDArray[np.integer], shape: tuple[int, int]
) -> sp.csr_matrix:
    """A one at each place given, once or more often."""
    matrix = sp.csr_matrix((np.ones(len(rows), np.int32), (rows, columns)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
