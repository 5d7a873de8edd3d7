"""What says nothing of a proposal: stop words, loose numbers, RT/RW, names of places.

All rows at once; what depends on neighbours is array arithmetic over the column.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import index_in, strings, values
from classifier.lexicon import NUMBER, Lexicon
from classifier.tokens import MAYBE_NAME, POINTER, WORD, Tokens, previous, shift

__all__ = ["ALWAYS_WORD", "NAME_LENGTH", "drop_noise"]

NAME_LENGTH = 3
"""Most words of a place name after ``desa``, ``jalan``, ``depan`` ..."""

ALWAYS_WORD = ("jalan", "gang")
"""Words that lead to a name but are a work, too: ``jalan`` counts whatever follows."""

_LISTS = (
    "henti", "satuan", "rtrw", "penunjuk", "patokan", "nama", "kampung", "nama_kampung",
    "sambungan", "selalu",
)  # fmt: skip


def drop_noise(tokens: Tokens, lexicon: Lexicon) -> Tokens:
    """Drop stop words, loose numbers, RT/RW and landmarks; mark likely place names."""
    is_ = _kinds(tokens, lexicon)
    number = is_["angka"]
    before, after = previous(tokens, 1), previous(tokens, -1)
    next_number = after & shift(number, -1)
    next_rtrw = after & shift(is_["rtrw"], -1)
    next_unit = after & shift(is_["satuan"], -1)
    leads = is_["penunjuk"] | is_["patokan"]
    drop = is_["henti"] | (number & ~next_unit)
    drop |= is_["rtrw"] & (next_number | next_rtrw)
    drop |= is_["nama"] & before & shift(leads, 1)
    drop |= is_["nama_kampung"] & before & shift(is_["kampung"], 1)
    drop |= is_["selalu"]
    drop |= _two_word_names(tokens, lexicon.dua_kata)
    ordinary = ~(leads | number | is_["henti"] | is_["rtrw"])
    name, run = np.zeros(len(number), bool), leads
    for _ in range(NAME_LENGTH):
        run = ordinary & before & shift(run, 1)
        name |= run
    drop |= name & is_["sambungan"]
    roles = np.where(name, MAYBE_NAME, np.where(leads & ~is_["pekerjaan"], POINTER, WORD))
    return replace(tokens, roles=roles.astype(np.uint8)).where(~drop)


def _kinds(tokens: Tokens, lexicon: Lexicon) -> dict[str, NDArray[np.bool_]]:
    """Whether each token is on each of the lists: a bit per list, looked up once per token."""
    lists = {name: getattr(lexicon, name) for name in _LISTS}
    lists |= {"angka": {NUMBER}, "pekerjaan": set(ALWAYS_WORD)}
    table = np.zeros(len(tokens.words), np.uint16)
    for bit, words in enumerate(lists.values()):
        table |= values(pc.is_in(tokens.words, strings(sorted(words)))).astype(np.uint16) << bit
    kinds = table[tokens.codes]
    return {name: kinds & (1 << bit) != 0 for bit, name in enumerate(lists)}


def _two_word_names(tokens: Tokens, names: Collection[tuple[str, str]]) -> NDArray[np.bool_]:
    """Both words of names such as Sawah Luhur."""
    inside, n_words = np.zeros(len(tokens.codes), bool), len(tokens.words)
    ones, twos = (index_in(strings([name[k] for name in names]), tokens.words) for k in (0, 1))
    begins = np.zeros(n_words, bool)
    begins[ones[ones >= 0]] = True
    first = np.flatnonzero(begins[tokens.codes] & previous(tokens, -1))
    pairs = tokens.codes[first].astype(np.int64) * n_words + tokens.codes[first + 1]
    first = first[np.isin(pairs, np.where(twos >= 0, ones * n_words + twos, -1))]
    inside[first] = inside[first + 1] = True
    return inside
