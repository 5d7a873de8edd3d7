"""A column of proposals -> tokens, for the whole column at once.

All that is known about a word is applied once per distinct word; what depends on
neighbours (numbers with units, RT/RW, place names, landmarks) is array arithmetic over
the column. :mod:`classifier.reference` holds the same steps for one text, to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import numbers, strings, text, values
from classifier.lexicon import Lexicon
from classifier.noise import drop_noise
from classifier.tokens import Tokens, previous, shift

__all__ = ["clean", "standardize", "tokenize", "whole"]

_NOT_WORD = r"[^\x00-\x7f\p{L}\p{N}]+"

_PLAIN = bytes(b if b >= 128 or chr(b).isalnum() else 32 for b in bytes(range(256)).lower())
"""What each byte of UTF-8 becomes: ASCII in lower case, and a blank for what is no word."""


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
    return drop_noise(standardize(columns, lexicon, trace=trace), lexicon)


def standardize(
    columns: Sequence[pa.Array | pa.ChunkedArray], lexicon: Lexicon, *, trace: bool = False
) -> Tokens:
    """All words of a table in their standard form, stop words and places too.

    Parameters are those of :func:`tokenize`, which then drops the noise; all roles are
    :data:`~classifier.tokens.WORD` still.

    Examples
    --------
    >>> tokens = standardize([pa.array(["Got di Jln RT 02/05"])], Lexicon.load())
    >>> tokens.words.take(pa.array(tokens.codes)).to_pylist()
    ['drainase', 'di', 'jalan', 'rt', '0']
    """
    return _once(_standard_forms(clean(columns), len(columns[0]), lexicon, trace))


def clean(columns: Sequence[pa.Array | pa.ChunkedArray]) -> pa.Array:
    """Lower case, NFKC, only blanks between words; the columns one below the other."""
    parts = pa.concat_arrays([whole(column) for column in columns])
    texts = pc.coalesce(parts, text("").cast(pa.large_string()))
    plain = pc.string_is_ascii(texts)
    if not pc.all(plain, min_count=0).as_py():
        other = pc.invert(plain)
        folded = pc.utf8_lower(pc.utf8_normalize(texts.filter(other), form="NFKC"))
        words = pc.replace_substring_regex(folded, _NOT_WORD, " ")
        texts = pc.replace_with_mask(texts, other, words)
    return _plain_words(texts)


def _plain_words(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """ASCII in lower case, and blanks for what is no word; letters of other scripts stay."""
    _, offsets, data = texts.buffers()
    plain = pa.py_buffer((data.to_pybytes() if data else b"").translate(_PLAIN))
    buffers = [None, offsets, plain]
    return pa.Array.from_buffers(texts.type, len(texts), buffers, offset=texts.offset)


def whole(column: pa.Array | pa.ChunkedArray) -> pa.LargeStringArray:
    """A text column in one piece, which may hold more than 2 GB."""
    chunks = column.chunks if isinstance(column, pa.ChunkedArray) else [column]
    large = [chunk.cast(pa.large_string()) for chunk in chunks or [strings([])]]
    return large[0] if len(large) == 1 else pa.concat_arrays(large)


def _standard_forms(texts: pa.Array, n_rows: int, lexicon: Lexicon, trace: bool) -> Tokens:
    """Split at blanks and put each distinct word into its standard form."""
    split = pc.ascii_split_whitespace(texts)
    encoded = split.values.dictionary_encode()
    forms = lexicon.forms(encoded.dictionary)
    parts = forms.values.dictionary_encode()
    # Sorted, so that a row's sums are taken in the same order whatever rows stand around it.
    order = values(pc.sort_indices(parts.dictionary))
    ranks = np.empty(len(order), np.int32)
    ranks[order] = np.arange(len(order))
    by_word = pa.ListArray.from_arrays(forms.offsets, numbers(ranks[values(parts.indices)]))
    tokens = by_word.take(encoded.indices)
    codes, before, offsets = map(values, (tokens.values, tokens.offsets, split.offsets))
    return Tokens(
        parts.dictionary.take(numbers(order)),
        codes,
        np.repeat(np.arange(len(texts)), np.diff(before[offsets])),
        np.zeros(len(codes), np.uint8),
        _blank(texts, n_rows),
        _origins(split, np.diff(before)) if trace else None,
    )


def _origins(split: pa.LargeListArray, counts: NDArray[np.int32]) -> NDArray[np.int64]:
    """The place of its word in the text, from each token on to itself; blanks do not count."""
    offsets = values(split.offsets)
    before = np.append(0, np.cumsum(values(pc.binary_length(split.values)) > 0))
    place = before[:-1] - np.repeat(before[offsets[:-1]], np.diff(offsets))
    return np.repeat(place, counts)[:, None].repeat(2, axis=1)


def _blank(texts: pa.Array, n_rows: int) -> NDArray[np.bool_]:
    empty = values(pc.binary_length(pc.utf8_trim(texts, " "))) == 0
    return empty.reshape(-1, n_rows).all(axis=0) if n_rows else np.zeros(0, bool)


def _once(tokens: Tokens) -> Tokens:
    """A token that repeats itself, ``anak-anak``, once: it stands for all of them."""
    repeated = (tokens.codes == shift(tokens.codes, 1)) & previous(tokens, 1)
    once = tokens.where(~repeated)
    if tokens.origins is None or once.origins is None:
        return once
    last = np.append(np.flatnonzero(~repeated)[1:], len(repeated)) - 1
    origins = np.column_stack([once.origins[:, 0], tokens.origins[last[: len(once.codes)], 1]])
    return replace(once, origins=origins)
