"""A column of proposals -> tokens, for the whole column at once.

All that is known about a word is applied once per distinct word; what depends on
neighbours (numbers with units, RT/RW, place names, landmarks) is array arithmetic over
the column. :mod:`classifier.reference` holds the same steps for one text, to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import strings, text, values
from classifier.lexicon import NUMBER, Lexicon

__all__ = [
    "ALWAYS_WORD",
    "MAYBE_NAME",
    "NAME_LENGTH",
    "POINTER",
    "WORD",
    "Tokens",
    "clean",
    "tokenize",
]

WORD, MAYBE_NAME, POINTER = 0, 1, 2
"""Roles of a token: an ordinary word; a word where a place name would stand (it counts
only if it is known from elsewhere); a word like ``desa`` that goes with such a name."""

NAME_LENGTH = 3
"""Most words of a place name after ``desa``, ``jalan``, ``depan`` ..."""

T = TypeVar("T", bound=np.generic)
_NOT_WORD = r"[^\p{L}\p{N}]+"
ALWAYS_WORD = ("jalan", "gang")
"""Words that lead to a name but are a work, too: ``jalan`` counts whatever follows."""

_FLAGS = (
    "henti", "satuan", "rtrw", "penunjuk", "patokan", "nama", "kampung", "nama_kampung",
    "sambungan", "selalu",
)  # fmt: skip


@dataclass(frozen=True)
class Tokens:
    """Tokens of a table with one or more text columns.

    Attributes
    ----------
    words
        The distinct tokens, shape (n_words,).
    codes
        Index into ``words``, int32, shape (n_tokens,).
    texts
        Which text a token stands in, int64, shape (n_tokens,), ascending. Text ``t`` is
        row ``t % n_rows`` of column ``t // n_rows``.
    roles
        :data:`WORD`, :data:`MAYBE_NAME` or :data:`POINTER`, uint8, shape (n_tokens,).
    blank
        Rows without a single letter or digit, bool, shape (n_rows,).
    origins
        The first and the last word of the text, as :func:`clean` splits it, that a token
        stands for, int64, shape (n_tokens, 2); None unless tokens are traced.
    """

    words: pa.StringArray
    codes: NDArray[np.int32]
    texts: NDArray[np.int64]
    roles: NDArray[np.uint8]
    blank: NDArray[np.bool_]
    origins: NDArray[np.int64] | None = None

    @property
    def n_rows(self) -> int:
        """Rows of the table."""
        return len(self.blank)

    @property
    def rows(self) -> NDArray[np.int64]:
        """Table row of each token, int64, shape (n_tokens,)."""
        return self.texts % max(self.n_rows, 1)

    def ids(self, vocabulary: pa.StringArray) -> NDArray[np.int64]:
        """Index of each distinct word in a vocabulary, -1 if it is not there, (n_words,)."""
        found = pc.index_in(self.words, vocabulary)
        return np.where(values(found.is_valid()), values(found), -1).astype(np.int64)

    def where(self, keep: NDArray[np.bool_]) -> Tokens:
        """The tokens for which ``keep`` holds."""
        return self._picked(keep)

    def take(self, rows: NDArray[np.integer]) -> Tokens:
        """The tokens of some rows, in the order of ``rows`` (no row twice)."""
        place = np.full(self.n_rows, -1)
        place[rows] = np.arange(len(rows))
        field = self.texts // max(self.n_rows, 1)
        texts = np.where(place[self.rows] < 0, -1, field * len(rows) + place[self.rows])
        order = np.argsort(texts, kind="stable")
        order = order[np.searchsorted(texts[order], 0) :]
        return replace(self._picked(order), texts=texts[order], blank=self.blank[rows])

    def _picked(self, which: NDArray[np.bool_] | NDArray[np.integer]) -> Tokens:
        origins = None if self.origins is None else self.origins[which]
        codes, texts, roles = self.codes[which], self.texts[which], self.roles[which]
        return replace(self, codes=codes, texts=texts, roles=roles, origins=origins)


def tokenize(
    columns: Sequence[pa.Array | pa.ChunkedArray], lexicon: Lexicon, *, trace: bool = False
) -> Tokens:
    """Tokenize all texts of a table.

    Parameters
    ----------
    columns
        String columns of equal length n_rows; null counts as empty.
    lexicon
        What is known about words.
    trace
        Whether the tokens shall know where in the text they come from.

    Examples
    --------
    >>> tokens = tokenize([pa.array(["Paving jln RT 02/05 Desa Mekar"])], Lexicon.load())
    >>> tokens.words.take(pa.array(tokens.codes)).to_pylist()
    ['paving', 'jalan', 'desa', 'mekar']
    >>> tokens.roles.tolist()
    [0, 0, 2, 1]
    """
    tokens = _standardize(clean(columns), len(columns[0]), lexicon, trace)
    return _drop_noise(_once(tokens), lexicon)


def clean(columns: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Array:
    """Lower case, NFKC, single blanks between words; the columns one below the other."""
    parts = [chunk for c in columns for chunk in _chunks(c)]
    texts = pc.coalesce(pa.concat_arrays(parts), text("").cast(pa.large_string()))
    if not pc.all(pc.string_is_ascii(texts), min_count=0).as_py():
        texts = pc.utf8_normalize(texts, form="NFKC")
    lower = pc.utf8_lower(texts)
    return pc.utf8_trim(pc.replace_substring_regex(lower, _NOT_WORD, " "), " ")


def _chunks(column: pa.Array | pa.ChunkedArray) -> list[pa.Array]:
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    return [chunk.cast(pa.large_string()) for chunk in chunks] or [
        strings([]).cast(pa.large_string())
    ]


def _standardize(texts: pa.Array, n_rows: int, lexicon: Lexicon, trace: bool) -> Tokens:
    """Split at blanks and put each distinct word into its standard form."""
    split = pc.split_pattern(texts, " ")
    encoded = split.values.dictionary_encode()
    forms = [lexicon.standard(word) for word in encoded.dictionary.to_pylist()]
    codes_of: dict[str, int] = {}
    flat = [codes_of.setdefault(token, len(codes_of)) for form in forms for token in form]
    lengths = np.fromiter(map(len, forms), np.int64, len(forms))
    words = values(encoded.indices)
    codes = _ragged_take(np.array(flat, np.int32), lengths, words)
    offsets = values(split.offsets)
    text_of_word = np.repeat(np.arange(len(texts)), np.diff(offsets))
    place = np.arange(len(words)) - offsets[text_of_word] if trace else None
    return Tokens(
        strings(list(codes_of)),
        codes,
        np.repeat(text_of_word, lengths[words]),
        np.zeros(len(codes), np.uint8),
        _blank(texts, n_rows),
        None if place is None else np.repeat(place, lengths[words])[:, None].repeat(2, axis=1),
    )


def _blank(texts: pa.Array, n_rows: int) -> NDArray[np.bool_]:
    empty = values(pc.binary_length(texts)) == 0
    return empty.reshape(-1, n_rows).all(axis=0) if n_rows else np.zeros(0, bool)


def _ragged_take(
    flat: NDArray[np.int32], lengths: NDArray[np.int64], index: NDArray[np.int32]
) -> NDArray[np.int32]:
    """Concatenate the stretches ``index`` of ``flat``, whose lengths are given."""
    if len(flat) == 0:
        return flat
    starts = np.cumsum(lengths) - lengths
    counts = lengths[index]
    ends = np.cumsum(counts)
    offset = np.repeat(starts[index] - (ends - counts), counts)
    return flat[offset + np.arange(len(offset))]


def _once(tokens: Tokens) -> Tokens:
    """A token that repeats itself, ``anak-anak``, once: it stands for all of them."""
    repeated = (tokens.codes == _shift(tokens.codes, 1)) & _previous(tokens, 1)
    once = tokens.where(~repeated)
    if tokens.origins is None or once.origins is None:
        return once
    last = np.append(np.flatnonzero(~repeated)[1:], len(repeated)) - 1
    origins = np.column_stack([once.origins[:, 0], tokens.origins[last[: len(once.codes)], 1]])
    return replace(once, origins=origins)


def _drop_noise(tokens: Tokens, lexicon: Lexicon) -> Tokens:
    """Drop stop words, loose numbers, RT/RW and landmarks; mark likely place names."""
    is_ = {name: _flag(tokens, getattr(lexicon, name)) for name in _FLAGS}
    number = _flag(tokens, {NUMBER})
    before, after = _previous(tokens, 1), _previous(tokens, -1)
    next_number = after & _shift(number, -1)
    next_rtrw = after & _shift(is_["rtrw"], -1)
    next_unit = after & _shift(is_["satuan"], -1)
    leads = is_["penunjuk"] | is_["patokan"]
    drop = is_["henti"] | (number & ~next_unit)
    drop |= is_["rtrw"] & (next_number | next_rtrw)
    drop |= is_["nama"] & before & _shift(leads, 1)
    drop |= is_["nama_kampung"] & before & _shift(is_["kampung"], 1)
    drop |= is_["selalu"]
    drop |= _two_word_names(tokens, lexicon)
    ordinary = ~(leads | number | is_["henti"] | is_["rtrw"])
    name, run = np.zeros(len(number), bool), leads
    for _ in range(NAME_LENGTH):
        run = ordinary & before & _shift(run, 1)
        name |= run
    drop |= name & is_["sambungan"]
    always = _flag(tokens, set(ALWAYS_WORD))
    roles = np.where(name, MAYBE_NAME, np.where(leads & ~always, POINTER, WORD))
    return replace(tokens, roles=roles.astype(np.uint8)).where(~drop)


def _two_word_names(tokens: Tokens, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Both words of names such as Sawah Luhur."""
    first = np.zeros(len(tokens.codes), bool)
    code_of = {word: code for code, word in enumerate(tokens.words.to_pylist())}
    following, same = _shift(tokens.codes, -1), _previous(tokens, -1)
    for one, two in lexicon.dua_kata:
        if one in code_of and two in code_of:
            first |= same & (tokens.codes == code_of[one]) & (following == code_of[two])
    return first | (_shift(first, 1) & _previous(tokens, 1))


def _flag(tokens: Tokens, words: set[str] | frozenset[str]) -> NDArray[np.bool_]:
    table = pc.is_in(tokens.words, strings(sorted(words)))
    flags: NDArray[np.bool_] = values(table)[tokens.codes]
    return flags


def _shift(values: NDArray[T], by: int) -> NDArray[T]:
    """Value of the token ``by`` places earlier; what wraps around is masked elsewhere."""
    return np.roll(values, by)


def _previous(tokens: Tokens, by: int) -> NDArray[np.bool_]:
    """Whether the token ``by`` places earlier stands in the same text."""
    same: NDArray[np.bool_] = tokens.texts == np.roll(tokens.texts, by)
    if by > 0:
        same[:by] = False
    else:
        same[by:] = False
    return same
