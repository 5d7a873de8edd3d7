"""What says nothing of a proposal: stop words, loose numbers, RT/RW, names of places.

All rows at once; what depends on neighbours is array arithmetic over the column.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import strings, values
from classifier.lexicon import NUMBER, Lexicon
from classifier.tokens import MAYBE_NAME, POINTER, WORD, Tokens, previous, shift

__all__ = ["ALWAYS_WORD", "NAME_LENGTH", "drop_noise"]

NAME_LENGTH = 3
"""Most words of a place name after ``desa``, ``jalan``, ``depan`` ..."""

ALWAYS_WORD = ("jalan", "gang")
"""Words that lead to a name but are a work, too: ``jalan`` counts whatever follows."""

_FLAGS = (
    "henti", "satuan", "rtrw", "penunjuk", "patokan", "nama", "kampung", "nama_kampung",
    "sambungan", "selalu",
)  # fmt: skip


def drop_noise(tokens: Tokens, lexicon: Lexicon) -> Tokens:
    """Drop stop words, loose numbers, RT/RW and landmarks; mark likely place names."""
    is_ = {name: _flag(tokens, getattr(lexicon, name)) for name in _FLAGS}
    number = _flag(tokens, {NUMBER})
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
    drop |= _two_word_names(tokens, lexicon)
    ordinary = ~(leads | number | is_["henti"] | is_["rtrw"])
    name, run = np.zeros(len(number), bool), leads
    for _ in range(NAME_LENGTH):
        run = ordinary & before & shift(run, 1)
        name |= run
    drop |= name & is_["sambungan"]
    always = _flag(tokens, set(ALWAYS_WORD))
    roles = np.where(name, MAYBE_NAME, np.where(leads & ~always, POINTER, WORD))
    return replace(tokens, roles=roles.astype(np.uint8)).where(~drop)


def _two_word_names(tokens: Tokens, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Both words of names such as Sawah Luhur."""
    first = np.zeros(len(tokens.codes), bool)
    code_of = {word: code for code, word in enumerate(tokens.words.to_pylist())}
    following, same = shift(tokens.codes, -1), previous(tokens, -1)
    for one, two in lexicon.dua_kata:
        if one in code_of and two in code_of:
            first |= same & (tokens.codes == code_of[one]) & (following == code_of[two])
    return first | (shift(first, 1) & previous(tokens, 1))


def _flag(tokens: Tokens, words: set[str] | frozenset[str]) -> NDArray[np.bool_]:
    table = pc.is_in(tokens.words, strings(sorted(words)))
    flags: NDArray[np.bool_] = values(table)[tokens.codes]
    return flags
