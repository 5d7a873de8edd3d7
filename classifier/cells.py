"""Cells of text from numbers: names of labels, lists of them, probabilities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import numbers, strings, text

__all__ = ["digits", "joined", "listed", "named"]


def named(names: Sequence[str], codes: NDArray[np.int64]) -> pa.Array:
    """The name of each code, shape (n_rows,).

    Examples
    --------
    >>> named(["jalan", "pju"], np.array([1, 0])).to_pylist()
    ['pju', 'jalan']
    """
    return strings(names).take(numbers(codes))


def joined(columns: Sequence[pa.Array | pa.Scalar], separator: str) -> pa.Array:
    """Columns of text, joined row by row.

    Examples
    --------
    >>> joined([named(["a", "b"], np.array([0, 1])), text("c")], "-").to_pylist()
    ['a-c', 'b-c']
    """
    return pc.binary_join_element_wise(*columns, text(separator))


def listed(labels: Sequence[str], given: NDArray[np.bool_]) -> pa.Array:
    """Labels given, joined by a semicolon; ``given`` has shape (n_rows, n_labels).

    Examples
    --------
    >>> listed(["jalan", "pju"], np.array([[True, True], [False, False]])).to_pylist()
    ['jalan;pju', '']
    """
    offsets = np.append(0, np.cumsum(given.sum(axis=1))).astype(np.int32)
    names = named(labels, np.nonzero(given)[1])
    return pc.binary_join(pa.ListArray.from_arrays(numbers(offsets), names), text(";"))


def digits(chances: NDArray[np.floating]) -> pa.Array:
    """Probabilities as text with two digits.

    Examples
    --------
    >>> digits(np.array([0.5, 0.987])).to_pylist()
    ['0.50', '0.99']
    """
    texts = [f"{hundredths / 100:.2f}" for hundredths in range(101)]
    return named(texts, np.rint(chances * 100).astype(np.int64))
