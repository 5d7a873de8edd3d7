"""Frames of pandas, read as files are: by columns of text, without rows that are no proposals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from classifier.arrays import strings
from classifier.formats.celltext import cell_text
from classifier.formats.parquetfile import notes_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FrameChunk", "FrameRows"]


@dataclass(frozen=True)
class FrameChunk:
    """All rows of a frame; see :class:`classifier.formats.sources.Chunk`."""

    cells: pa.Table
    notes: pa.Array | None
    numbers: Sequence[int]


class FrameRows:
    """A frame as a table to read.

    Attributes
    ----------
    path
        The file that the frame was read from, as messages name it, if it is known.
    header
        Column names as text.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"Usulan": ["Paving", None], "Pagu": [1.5, 7]})
    >>> (chunk,) = FrameRows(frame).chunks([1])
    >>> chunk.cells["1"].to_pylist()
    ['1.5', '7']
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        self.path = Path(frame.attrs.get("file", "DataFrame"))
        self.header = [str(name) for name in frame.columns]
        self._frame = frame

    def chunks(self, columns: Sequence[int]) -> Iterator[FrameChunk]:
        """All rows at once, if there are any; numbered by the index where it holds numbers."""
        index = self._frame.index
        if len(index) and self.header:
            cells = pa.table({str(number): self._cells.column(number) for number in columns})
            numbered = index.inferred_type == "integer"
            numbers = index.tolist() if numbered else range(1, len(index) + 1)
            yield FrameChunk(cells, notes_of(self._cells), numbers)

    @cached_property
    def _cells(self) -> pa.RecordBatch:
        columns = [_as_text(self._frame.iloc[:, number]) for number in range(len(self.header))]
        return pa.RecordBatch.from_arrays(columns, self.header)


def _as_text(column: pd.Series) -> pa.StringArray:
    cells = zip(column.tolist(), column.isna().tolist(), strict=True)
    return strings(["" if missing else cell_text(value) for value, missing in cells])
