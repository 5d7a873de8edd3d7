"""Parts of words: the character n-grams of distinct words, without a loop over letters."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import distinct

__all__ = ["word_grams"]

GRAM_LENGTHS = (3, 4, 5)
_KEY_BITS = np.uint64(40)
LONGEST_WORD = 30
"""Letters of a word that its parts are taken from; bytes of UTF-8, to be exact."""


def word_grams(words: pa.StringArray) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Distinct parts of each word, from its start mark to its end mark.

    A part of three to five bytes is its own key: the bytes side by side in one integer.

    Returns
    -------
    keys
        uint64, shape (n_parts,).
    owners
        Index of the word, int64, shape (n_parts,).

    Examples
    --------
    >>> keys, owners = word_grams(pa.array(["got"]))
    >>> sorted(int(key).to_bytes(5, "big").strip(bytes(1)).decode() for key in keys)
    ['<go', '<got', '<got>', 'got', 'got>', 'ot>']
    """
    letters, lengths = _padded_bytes(words)
    width = letters.shape[1]
    keys, owners = [], []
    for size in GRAM_LENGTHS:
        key = np.zeros((len(words), max(width - size + 1, 0)), np.uint64)
        for place in range(size):
            key = (key << np.uint64(8)) | letters[:, place : place + key.shape[1]]
        inside = np.arange(key.shape[1]) <= (lengths - size)[:, None]
        keys.append(key[inside])
        owners.append(np.nonzero(inside)[0])
    owned = np.concatenate(owners).astype(np.uint64) << _KEY_BITS | np.concatenate(keys)
    owned = distinct(owned)
    return owned & ((np.uint64(1) << _KEY_BITS) - np.uint64(1)), (owned >> _KEY_BITS).astype(
        np.int64
    )


def _padded_bytes(words: pa.StringArray) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """``<word>`` as one row of bytes each, cut at LONGEST_WORD, and the lengths."""
    raw = [b"<" + word.encode()[:LONGEST_WORD] + b">" for word in words.to_pylist()]
    width = max(map(len, raw), default=0)
    table = np.frombuffer(b"".join(word.ljust(width, b"\0") for word in raw), np.uint8)
    lengths = np.fromiter(map(len, raw), np.int64, len(raw))
    return table.reshape(len(raw), width).astype(np.uint64), lengths
