"""Where words stand in a text as it was written: the way back from tokens."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import strings
from classifier.text import clean
from classifier.tokens import Tokens

__all__ = ["Surface", "phrase", "word_spans"]

Span = tuple[int, int]
_CHUNK = re.compile(r"\S+")
_PIECE = re.compile(r"[^\W_]+")
_JOINS = re.compile(r"[^\s,;:.]+")
"""What may stand between two words that are written as one: u-ditch, drainase/got."""

_AROUND = string.punctuation + "…–—‘’“”•"


class Surface:
    """The texts that traced tokens come from, to look up what stands there.

    Parameters
    ----------
    tokens
        Traced tokens.
    texts
        All texts of the table, one column below the other.

    Examples
    --------
    >>> from classifier.lexicon import Lexicon
    >>> from classifier.text import tokenize
    >>> texts = ["Jln rusak2"]
    >>> tokens = tokenize([strings(texts)], Lexicon.load(), trace=True)
    >>> Surface(tokens, texts).phrase(0, 1)
    'Jln rusak2'
    """

    def __init__(self, tokens: Tokens, texts: Sequence[str]) -> None:
        if tokens.origins is None:
            raise ValueError("the tokens are not traced; make them with trace=True")
        self._text_of, self._origins = tokens.texts, tokens.origins
        self._texts, self._spans = texts, word_spans(texts)

    def places(
        self, firsts: NDArray[np.int64], lasts: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Begin and end of phrases, counted in words from the first text's first word on."""
        lengths = np.fromiter(map(len, self._spans), np.int64, len(self._spans))
        starts = (np.cumsum(lengths) - lengths)[self._text_of[firsts]]
        return starts + self._origins[firsts, 0], starts + self._origins[lasts, 1]

    def phrase(self, first: int, last: int) -> str:
        """What the tokens from ``first`` to ``last`` look like in their text."""
        text = int(self._text_of[first])
        places = self._origins[first : last + 1].tolist()
        return phrase(self._texts[text], self._spans[text], places)


def word_spans(texts: Sequence[str]) -> list[list[Span]]:
    """Begin and end of each word of each text, as :func:`~classifier.text.clean` splits it.

    Nothing that :func:`~classifier.text.clean` does reaches across white space, so each
    stretch between white space holds the same words alone as in its text. Words that its
    letters do not tell apart, the two of ½ say, all stand for the whole stretch.

    Examples
    --------
    >>> text = "Got/drainase ½ m²"
    >>> [text[begin:end] for begin, end in word_spans([text])[0]]
    ['Got', 'drainase', '½', '½', 'm²']
    """
    chunks = list(dict.fromkeys(chunk for text in texts for chunk in _CHUNK.findall(text)))
    inside = dict(zip(chunks, _chunk_spans(chunks), strict=True))
    return [
        [
            (chunk.start() + begin, chunk.start() + end)
            for chunk in _CHUNK.finditer(text)
            for begin, end in inside[chunk[0]]
        ]
        for text in texts
    ]


def phrase(text: str, spans: Sequence[Span], places: Sequence[tuple[int, int]]) -> str:
    """Words of a text as they stand there; ``…`` for words left out between them.

    Parameters
    ----------
    text, spans
        A text and its :func:`word_spans`.
    places
        First and last word of each part of the phrase, in their order.

    Examples
    --------
    >>> text = "Jln  u-ditch, RT 02 rusak"
    >>> phrase(text, word_spans([text])[0], [(0, 0), (1, 2), (5, 5)])
    'Jln u-ditch … rusak'
    """
    shown, behind, end = "", places[0][0], 0
    for first, last in places:
        for word in range(max(first, behind), last + 1):
            begin, stop = spans[word]
            if begin >= end:  # else it stands for the same stretch as the word before
                between = text[end:begin]
                gap = between if _JOINS.fullmatch(between) else " "
                shown += (" … " if word > behind else gap if shown else "") + text[begin:stop]
            behind, end = word + 1, stop
    return shown


def _chunk_spans(chunks: Sequence[str]) -> Iterator[list[Span]]:
    pieces = [list(_PIECE.finditer(chunk)) for chunk in chunks]
    alone = iter(_words([piece[0] for found in pieces for piece in found]))
    for chunk, words, found in zip(chunks, _words(chunks), pieces, strict=True):
        each = [next(alone) for _ in found]
        if each == [[word] for word in words]:
            yield [piece.span() for piece in found]
        else:
            begin, end = _core(chunk)
            yield [(begin, end)] * len(words)


def _words(texts: Sequence[str]) -> list[list[str]]:
    """The words of each text."""
    split = pc.split_pattern(clean([strings(texts)]), " ")
    return [[word for word in words if word] for words in split.to_pylist()]


def _core(chunk: str) -> Span:
    """What is left of a stretch without the punctuation around it."""
    return len(chunk) - len(chunk.lstrip(_AROUND)), len(chunk.rstrip(_AROUND))
