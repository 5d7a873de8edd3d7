"""Where a proposal wants its work: kelurahan, RT, RW, and names of streets and institutions.

What :mod:`classifier.noise` drops because it says nothing of the work says here whether two
proposals can mean the same one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import strings, text, values
from classifier.lexicon import Lexicon
from classifier.text import standardize, whole
from classifier.tokens import Tokens, previous, shift
from classifier.twins.names import COMMA, LEADERS, Names, find_names

__all__ = ["Places", "area_name", "find_places"]

LARGEST = 63
"""Highest number of an RT or RW that is told apart: a set of them is the bits of a word."""

_UNTIL = "sampai"
_BETWEEN = ("dan", "nomor", "no", _UNTIL, COMMA)
_NUMERALS = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi"
_ROMAN = {numeral: number for number, numeral in enumerate(_NUMERALS.split(), 1)}
_RT_RW = r"(?i)r\W?[tw]"
_SPELLINGS = (
    (r"(?i)\br\W?([tw])\b\W*", r"r\1 "),
    (r"(?i)\brt\W*rw\W*(\d+)\s*/\s*(\d+)", r"rt \1 rw \2"),
    (r"(?i)\brt\W*(\d+)\s*/\s*(\d+)", r"rt \1 rw \2"),
    (r"(?i)\brw\W*(\d+)\s*/\s*(\d+)", r"rw \1 rt \2"),
    (r"(?i)(\d+)\s*(?:-|–|s\s*/?\s*d\b)\s*(\d+)", rf"\1 {_UNTIL} \2"),
)
"""Ways to write RT and RW that are lost once punctuation is gone, and what is read instead."""


class Numbered(Lexicon):
    """A lexicon that leaves numbers what they are."""

    def _plain(self, word: str) -> tuple[str, ...]:
        return (str(int(word)),) if word.isdecimal() else super()._plain(word)

    def standard(self, word: str) -> tuple[str, ...]:
        """Standard form of a word; a Roman numeral stays one."""
        return (word,) if word in _ROMAN else super().standard(word)


@dataclass(frozen=True)
class Places:
    """Where the proposals of n_rows rows are.

    Attributes
    ----------
    area, district
        Code of the kelurahan or desa, and of the kecamatan, -1 if unknown, int64, (n_rows,).
    rt, rw
        Numbers of RT and RW as bits, uint64, (n_rows,).
    names
        Streets, villages, schools ... that the rows name.
    """

    area: NDArray[np.int64]
    district: NDArray[np.int64]
    rt: NDArray[np.uint64]
    rw: NDArray[np.uint64]
    names: Names

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether anything at all is known of where a row is."""
        named = (self.names.entries.getnnz(axis=1) > 0) | (self.names.address.getnnz(axis=1) > 0)
        known: NDArray[np.bool_] = (self.area >= 0) | (self.rw > 0) | (self.rt > 0) | named
        return known


def find_places(
    texts: Sequence[pa.Array],
    addresses: Sequence[pa.Array],
    area: pa.Array,
    district: pa.Array,
    lexicon: Lexicon,
    common: pa.StringArray,
) -> Places:
    """Read the places of a table.

    Parameters
    ----------
    texts, addresses
        The proposals' text columns, and columns that hold nothing but a place.
    area, district
        Kelurahan and kecamatan, empty where unknown; an address may name the kelurahan.
    lexicon
        What is known about words.
    common
        Words that are no name where they follow ``jalan`` and the like in a text.

    Examples
    --------
    >>> columns = [strings([cell]) for cell in ("Paving", "Gg. Kenari RT 02/05", "Lopang", "")]
    >>> places = find_places(columns[:1], columns[1:2], *columns[2:], Lexicon.load(), strings([]))
    >>> places.rt.tolist() == [2**2], places.rw.tolist() == [2**5], places.names.keys
    (True, True, ('kenari',))
    """
    numbered = Numbered(**{field.name: getattr(lexicon, field.name) for field in fields(Lexicon)})
    spelt = [_commas(_spelt(column)) for column in addresses]
    tokens = standardize([*spelt, *map(_spelt, texts)], numbered)
    names = find_names(tokens, len(addresses), lexicon, common)
    rt, rw = _numbers(tokens, lexicon)
    given = _names_of(area, numbered)
    areas = [one or named for one, named in zip(given, names.areas, strict=True)]
    return Places(_coded(areas), _coded(_names_of(district, numbered)), rt, rw, names)


def area_name(name: str, lexicon: Lexicon) -> str:
    """A kelurahan, desa or kecamatan however it is written.

    Examples
    --------
    >>> [area_name(name, Lexicon.load()) for name in ("Kel. Sumur Pecung", "SUMURPECUNG")]
    ['sumurpecung', 'sumurpecung']
    """
    words = standardize([strings([name])], lexicon)
    spelt = words.words.to_pylist()
    leads = {*LEADERS["kelurahan"].split(), *LEADERS["kecamatan"].split()} - {"kota"}
    return "".join(spelt[code] for code in words.codes if spelt[code] not in leads)


def _names_of(column: pa.Array, lexicon: Lexicon) -> list[str]:
    """Plain names of areas, each distinct cell read once."""
    cells = pc.fill_null(whole(column), text("").cast(pa.large_string())).dictionary_encode()
    plain = [area_name(cell, lexicon) for cell in cells.dictionary.to_pylist()]
    return [plain[code] for code in values(cells.indices).tolist()]


def _coded(names: Sequence[str]) -> NDArray[np.int64]:
    """A number for each name, in alphabetical order; -1 for none."""
    numbers = {name: code for code, name in enumerate(sorted(set(names) - {""}))}
    return np.array([numbers.get(name, -1) for name in names], np.int64)


def _spelt(column: pa.Array) -> pa.LargeStringArray:
    """A column in which RT and RW are written in one way."""
    column = whole(column)
    here = pc.coalesce(pc.match_substring_regex(column, _RT_RW), _FALSE)
    spelt = column.filter(here)
    for pattern, plain in _SPELLINGS:
        spelt = pc.replace_substring_regex(spelt, pattern, plain)
    return pc.replace_with_mask(column, here, spelt)


_FALSE = pc.equal(text("a"), text("b"))


def _commas(column: pa.LargeStringArray) -> pa.LargeStringArray:
    return pc.replace_substring_regex(column, "[,;()]", f" {COMMA} ")


def _numbers(tokens: Tokens, lexicon: Lexicon) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Bits of the numbers that follow ``rt`` and ``rw``, lists and ranges of them, too."""
    spelt = tokens.words.to_pylist()
    number = np.array([_value(word) for word in spelt], np.int64)[tokens.codes]
    between, unit, until, *leads = (
        np.array([word in some for word in spelt], bool)[tokens.codes]
        for some in (_BETWEEN, lexicon.satuan, (_UNTIL,), ("rt",), ("rw",))
    )
    places = np.arange(len(number))
    head = np.maximum.accumulate(np.where((number > 0) | between, 0, places))
    same = tokens.texts[head] == tokens.texts
    measure = previous(tokens, -1) & shift(unit, -1) & (places > head + 1)
    counts = (number > 0) & (number <= LARGEST) & same & ~measure
    ranged = counts & previous(tokens, 2) & shift(until, 1) & shift(counts, 2)
    lowest = np.where(ranged, np.minimum(shift(number, 2), number), number)
    bits = _bits(lowest, number)
    found = []
    for lead in leads:
        mask = np.zeros(tokens.n_rows, np.uint64)
        which = np.flatnonzero(counts & lead[head])
        np.bitwise_or.at(mask, tokens.rows[which], bits[which])
        found.append(mask)
    return found[0], found[1]


def _value(word: str) -> int:
    return int(word) if word.isdecimal() and len(word) < 9 else _ROMAN.get(word, 0)


def _bits(lowest: NDArray[np.int64], highest: NDArray[np.int64]) -> NDArray[np.uint64]:
    """All bits from one to another, both among them."""
    one, low = np.uint64(1), np.clip(lowest, 0, LARGEST).astype(np.uint64)
    high = np.clip(highest, 0, LARGEST).astype(np.uint64)
    upper = (one << high) | ((one << high) - one)
    bits: NDArray[np.uint64] = upper & ~((one << low) - one)
    return bits
