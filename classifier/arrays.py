"""Between NumPy and Arrow, without ``pa.array``, ``pa.scalar`` and ``to_numpy``.

Those import pandas where it is installed, which costs a command a quarter of a
second and 40 MB before its first row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

__all__ = [
    "distinct",
    "flags",
    "index_in",
    "numbers",
    "places",
    "reuse_memory",
    "slices",
    "strings",
    "text",
    "values",
]

_PIECE = 2**18

T = TypeVar("T", bound=np.generic)


def numbers(values: NDArray[Any], valid: NDArray[np.bool_] | None = None) -> pa.Array:
    """Integers or floats; null where ``valid`` is false.

    Examples
    --------
    >>> numbers(np.array([1, 2]), np.array([True, False])).to_pylist()
    [1, None]
    """
    kind = pa.from_numpy_dtype(values.dtype)
    mask = None if valid is None else _bits(valid)
    data = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, len(values), [mask, data])


def reuse_memory() -> None:
    """Let Arrow take memory where NumPy does; for a process that does one long job.

    Its own allocators give memory back to the system and fetch it anew for every chunk of a
    table, which costs a sixth of the time that scoring takes.
    """
    pa.set_memory_pool(pa.system_memory_pool())


def flags(values: NDArray[np.bool_]) -> pa.Array:
    """Booleans.

    Examples
    --------
    >>> flags(np.array([True, False])).to_pylist()
    [True, False]
    """
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, _bits(values)])


def distinct(values: NDArray[T]) -> NDArray[T]:
    """Distinct numbers, ascending; sorted, for ``np.unique`` hashes and takes 20 times as long.

    Examples
    --------
    >>> distinct(np.array([3, 1, 3])).tolist()
    [1, 3]
    """
    ordered = np.sort(values)
    first = np.ones(len(ordered), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    return ordered[first]


def places(content: bytes, characters: bytes) -> NDArray[np.int64]:
    """Offsets of any of some bytes, ascending; searched in pieces that fit a core's cache.

    Examples
    --------
    >>> places(b"a-b+", b"+-").tolist()
    [1, 3]
    """
    data, found = np.frombuffer(content, np.uint8), []
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        there = piece == characters[0]
        for character in characters[1:]:
            there |= piece == character
        found.append(np.flatnonzero(there) + start)
    return np.concatenate(found) if found else np.zeros(0, np.int64)


def slices(content: bytes, edges: NDArray[np.int64]) -> pa.Array:
    """Bytes between each offset and the next, as large binary; nothing is copied.

    Examples
    --------
    >>> slices(b"abc", np.array([0, 1, 3])).to_pylist()
    [b'a', b'bc']
    """
    buffers = [None, pa.py_buffer(edges), pa.py_buffer(content)]
    return pa.Array.from_buffers(pa.large_binary(), len(edges) - 1, buffers)


def index_in(wanted: pa.Array, among: pa.Array) -> NDArray[np.int64]:
    """Index of each wanted value among others, -1 if it is not there, shape (len(wanted),).

    Examples
    --------
    >>> index_in(strings(["got", "parit"]), strings(["jalan", "got"])).tolist()
    [1, -1]
    """
    found = pc.index_in(wanted, among)
    return np.where(values(found.is_valid()), values(found), -1).astype(np.int64)


def strings(texts: Sequence[str]) -> pa.StringArray:
    """Texts, none of them null.

    Examples
    --------
    >>> strings(["got", ""]).to_pylist()
    ['got', '']
    """
    raw = [text.encode() for text in texts]
    offsets = np.zeros(len(raw) + 1, np.int32)
    np.cumsum([len(text) for text in raw], out=offsets[1:])
    buffers = [None, pa.py_buffer(offsets), pa.py_buffer(b"".join(raw))]
    return pa.Array.from_buffers(pa.string(), len(raw), buffers)


def text(value: str) -> pa.StringScalar:
    """One text, for Arrow's functions of arrays and scalars.

    Examples
    --------
    >>> text("got").as_py()
    'got'
    """
    return strings([value])[0]


def values(array: pa.Array) -> NDArray[Any]:
    """Numbers or booleans of an Arrow array without nulls; numbers are not copied.

    Examples
    --------
    >>> values(flags(np.array([True, False]))[1:]).tolist()
    [False]
    """
    start, end = array.offset, array.offset + len(array)
    data = array.buffers()[1]
    if pa.types.is_boolean(array.type):
        bits = np.frombuffer(data or b"", np.uint8)
        return np.unpackbits(bits, bitorder="little")[start:end].astype(bool)
    return np.frombuffer(data or b"", array.type.to_pandas_dtype())[start:end]


def _bits(values: NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(values, bitorder="little"))
