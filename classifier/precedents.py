"""Precedents: training proposals with their labels, kept in a model to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import numbers, strings

if TYPE_CHECKING:
    from classifier.labelled import Labelled

__all__ = ["Precedents"]

MOST_ROWS = 50_000
"""Rows kept; of a larger corpus, every so manieth."""

MOST_LETTERS = 300
"""Letters kept of a text."""


@dataclass(frozen=True)
class Precedents:
    """Training proposals, no two of the same text.

    Attributes
    ----------
    columns
        Text columns of equal length n_rows.
    labels
        Main label of each, as an index into the model's labels of the main facet, uint16,
        shape (n_rows,).
    """

    columns: tuple[pa.StringArray, ...]
    labels: NDArray[np.uint16]

    def __len__(self) -> int:
        return len(self.labels)

    @classmethod
    def of(cls, data: Labelled, labels: Sequence[str]) -> Precedents:
        """The rows of ``data``; ``labels`` are those of the model's main facet."""
        texts = [pc.utf8_slice_codeunits(column, 0, MOST_LETTERS) for column in data.columns]
        lower = [pc.utf8_lower(pc.utf8_trim_whitespace(column)).to_pylist() for column in texts]
        distinct: dict[tuple[str, ...], int] = {}
        for row, cells in enumerate(zip(*lower, strict=True)):
            distinct.setdefault(cells, row)
        rows = np.fromiter(distinct.values(), np.int64, len(distinct))
        if len(rows) > MOST_ROWS:
            rows = rows[np.linspace(0, len(rows) - 1, MOST_ROWS).astype(np.int64)]
        kept = tuple(strings(column.take(numbers(rows)).to_pylist()) for column in texts)
        main = data.main(next(iter(data.labels)))[rows]
        return cls(kept, np.array([labels.index(label) for label in main], np.uint16))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """Arrays for a file. Texts hold line ends, so the lengths of their bytes stand beside."""
        texts = [text.encode() for column in self.columns for text in column.to_pylist()]
        lengths = np.array([len(text) for text in texts], np.uint16)
        return {
            "precedent_texts": np.frombuffer(b"".join(texts), np.uint8),
            "precedent_lengths": lengths.reshape(len(self.columns), -1),
            "precedent_labels": self.labels,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Precedents:
        """Columns over the bytes as they are: nothing is decoded before it is asked for."""
        content, lengths = arrays["precedent_texts"], arrays["precedent_lengths"]
        n_columns, n_rows = lengths.shape
        if content.dtype != np.uint8 or lengths.dtype != np.uint16:
            raise ValueError("texts or lengths are of another type")
        if lengths.sum() != content.size:
            raise ValueError("texts and lengths do not fit")
        offsets = np.append(0, np.cumsum(lengths)).astype(np.int32)
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(content)]
        texts = pa.Array.from_buffers(pa.string(), lengths.size, buffers)
        texts.validate(full=True)  # that it is UTF-8
        columns = (texts.slice(k * n_rows, n_rows) for k in range(n_columns))
        return cls(tuple(columns), arrays["precedent_labels"])

    def text(self, row: int) -> str:
        """The texts of a row side by side."""
        cells = (column[row].as_py().strip() for column in self.columns)
        return " | ".join(cell for cell in cells if cell)
