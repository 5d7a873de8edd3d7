"""Which rows a model was trained on: a number for the words of each row, kept in the model.

No score counts on a row that the model has seen. The numbers stand in the order of the
model's out-of-fold tags, so that of a row it has seen a model can still tell what it said
before it had. A number of 32 bits shows nothing of a text, but confirms a guessed one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.model import Model
from classifier.text import tokenize
from classifier.tokens import Tokens

__all__ = ["among", "row_keys", "seen_places"]


def seen_places(
    model: Model, columns: Sequence[pa.Array | pa.ChunkedArray]
) -> NDArray[np.int64] | None:
    """Place of each row among those the model was trained on, -1 if it was not, (n_rows,).

    None if the model is of an older version, which did not keep them.
    """
    if model.seen is None:
        return None
    return among(row_keys(tokenize(columns, model.lexicon)), model.seen)


def row_keys(tokens: Tokens) -> NDArray[np.uint32]:
    """A number for each row, uint32, shape (n_rows,): equal sets of words, equal number.

    What the tokenizer leaves out does not count, nor does the order of words. Of two rows
    with different words, one pair in four thousand million shares a number.

    Examples
    --------
    >>> import pyarrow as pa
    >>> from classifier.lexicon import Lexicon
    >>> from classifier.text import tokenize
    >>> texts = pa.array(["Paving jalan RT 01", "jln paving RT 07", "Paving gang"])
    >>> keys = row_keys(tokenize([texts], Lexicon.load()))
    >>> bool(keys[0] == keys[1]), bool(keys[0] == keys[2])
    (True, False)
    """
    words = tokens.words.to_pylist()
    n_words = max(len(words), 1)
    rows, codes = np.divmod(np.unique(tokens.rows * n_words + tokens.codes), n_words)
    sums = np.zeros(tokens.n_rows, np.uint64)
    np.add.at(sums, rows, np.array([_hash(word) for word in words], np.uint64)[codes])
    return (sums >> np.uint64(32)).astype(np.uint32)


def among(wanted: NDArray[np.uint32], keys: NDArray[np.uint32]) -> NDArray[np.int64]:
    """First index of each wanted key among ``keys``, -1 if it is not there.

    Examples
    --------
    >>> among(np.array([5, 6], np.uint32), np.array([9, 5, 5], np.uint32)).tolist()
    [1, -1]
    """
    if not len(keys):
        return np.full(len(wanted), -1)
    distinct, first = np.unique(keys, return_index=True)
    place = np.searchsorted(distinct, wanted).clip(max=len(distinct) - 1)
    return np.where(distinct[place] == wanted, first[place], -1)


def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "little")
