"""The way of one text through pre-processing, step by step and easy to read.

:func:`classifier.text.tokenize` does the same for whole columns; a property test holds
it to what this module says.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from classifier.language import _
from classifier.lexicon import NUMBER, Lexicon
from classifier.noise import ALWAYS_WORD, NAME_LENGTH
from classifier.tokens import MAYBE_NAME, POINTER, WORD

__all__ = ["Step", "reference_tokens", "steps"]


@dataclass(frozen=True)
class Step:
    """The words of a text after one step."""

    name: str
    words: tuple[str, ...]


def reference_tokens(text: str, lexicon: Lexicon) -> list[tuple[str, int]]:
    """Tokens of one text, each with its role.

    Examples
    --------
    >>> reference_tokens("Paving 150 m Gg. Kenari", Lexicon.load())
    [('paving', 0), ('0', 0), ('meter', 0), ('gang', 0), ('kenari', 1)]
    """
    words = _single(_standard(_split(text), lexicon))
    roles = _roles(words, lexicon)
    dropped = _noise(words, roles, lexicon)
    return [
        (word, role) for word, role, drop in zip(words, roles, dropped, strict=True) if not drop
    ]


def steps(text: str, lexicon: Lexicon) -> list[Step]:
    """The text after each step of pre-processing."""
    split = _split(text)
    standard = _standard(split, lexicon)
    single = _single(standard)
    kept = reference_tokens(text, lexicon)
    return [
        Step(_("words"), tuple(split)),
        Step(_("standard forms"), tuple(standard)),
        Step(_("repeats removed"), tuple(single)),
        Step(_("without stop words, places and loose numbers"), tuple(word for word, _ in kept)),
        Step(_("possible place names"), tuple(w for w, role in kept if role == MAYBE_NAME)),
    ]


def _split(text: str) -> list[str]:
    """NFKC, lower case, and whatever is letters and digits, by nltk's tokenizer."""
    from nltk.tokenize import RegexpTokenizer

    folded = unicodedata.normalize("NFKC", text).lower()
    words: list[str] = RegexpTokenizer(r"[^\W_]+").tokenize(folded)
    return words


def _standard(words: Sequence[str], lexicon: Lexicon) -> list[str]:
    """Abbreviations spelt out, variants made one, numbers as one sign."""
    return [token for word in words for token in lexicon.standard(word)]


def _single(words: Sequence[str]) -> list[str]:
    """Of a word that repeats itself, once: ``anak-anak``."""
    return [word for n, word in enumerate(words) if n == 0 or word != words[n - 1]]


def _noise(words: Sequence[str], roles: Sequence[int], lexicon: Lexicon) -> list[bool]:
    """Whether each word is a stop word, a loose number, RT/RW, or certainly a place."""
    dropped = []
    for n, word in enumerate(words):
        before = words[n - 1] if n else ""
        after = words[n + 1] if n + 1 < len(words) else ""
        dropped.append(
            word in lexicon.henti
            or (word == NUMBER and after not in lexicon.satuan)
            or (word in lexicon.rtrw and (after == NUMBER or after in lexicon.rtrw))
            or (word in lexicon.nama and _leads(before, lexicon))
            or (word in lexicon.nama_kampung and before in lexicon.kampung)
            or (word in lexicon.sambungan and roles[n] == MAYBE_NAME)
            or word in lexicon.selalu
            or (word, after) in lexicon.dua_kata
            or (before, word) in lexicon.dua_kata
        )
    return dropped


def _roles(words: Sequence[str], lexicon: Lexicon) -> list[int]:
    """Words within reach of ``desa``, ``depan`` ... may be names; those lead to names."""
    roles, reach = [], 0
    for word in words:
        if _leads(word, lexicon):
            roles.append(WORD if word in ALWAYS_WORD else POINTER)
            reach = NAME_LENGTH
        elif word == NUMBER or word in lexicon.henti or word in lexicon.rtrw or not reach:
            roles.append(WORD)
            reach = 0
        else:
            roles.append(MAYBE_NAME)
            reach -= 1
    return roles


def _leads(word: str, lexicon: Lexicon) -> bool:
    return word in lexicon.penunjuk or word in lexicon.patokan
