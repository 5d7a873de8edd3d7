"""Parquet: read and written some rows at a time, all columns with their types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import flags, numbers, strings, text, values
from classifier.atomic import new_file
from classifier.errors import InputError
from classifier.formats.celltext import NUMBERS
from classifier.formats.job import PLAIN, Options
from classifier.formats.layout import own_columns, row_notes

if TYPE_CHECKING:
    import pyarrow.parquet as pq

__all__ = ["ParquetSource", "as_text", "notes_of", "typed"]

ROWS = 50_000
"""Rows read at a time."""

_BUFFER = 1_000_000
_FEW = 3


@dataclass(frozen=True)
class ParquetChunk:
    """Some rows: the columns asked for as text, and all columns as they are."""

    cells: pa.Table
    rows: pa.RecordBatch
    numbers: range
    notes: pa.Array | None


class ParquetSource:
    """A Parquet file; it comes back as Parquet.

    Attributes
    ----------
    header
        Column names.

    Raises
    ------
    InputError
        The file is damaged or encrypted.
    """

    ending = ".parquet"
    writes = (".parquet",)

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        self.path = path
        try:
            self._file = pq.ParquetFile(path, buffer_size=_BUFFER)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from None
        self.header: list[str] = self._file.schema_arrow.names

    def chunks(self, columns: Sequence[int]) -> Iterator[ParquetChunk]:
        """The rows, ROWS at a time.

        Raises
        ------
        InputError
            The file is damaged.
        """
        try:
            done = 1
            for batch in self._file.iter_batches(ROWS):
                cells = {str(number): as_text(batch.column(number)) for number in columns}
                rows = range(done, done + len(batch))
                yield ParquetChunk(pa.table(cells), batch, rows, notes_of(batch))
                done += len(batch)
        except (pa.ArrowException, OSError) as error:
            raise self._damaged(error) from None

    @contextmanager
    def writer(
        self, path: Path, added: Sequence[str], *, overwrite: bool, options: Options = PLAIN
    ) -> Iterator[ParquetWriter]:
        """The same rows with columns ``added``, in place of any so named."""
        import pyarrow.parquet as pq

        schema = self._file.schema_arrow
        kept = [number for number, name in enumerate(self.header) if name not in added]
        new = [pa.field(name, pa.float64() if name in NUMBERS else pa.string()) for name in added]
        schema = pa.schema([schema.field(number) for number in kept] + new, schema.metadata)
        with (
            new_file(path, overwrite=overwrite) as stream,
            pq.ParquetWriter(stream, schema, compression=self._compression()) as file,
        ):
            yield ParquetWriter(file, schema, kept)

    def _compression(self) -> str:
        """How the first column is compressed; that goes for all."""
        metadata = self._file.metadata
        if not metadata.num_row_groups or not metadata.num_columns:
            return "snappy"
        name: str = metadata.row_group(0).column(0).compression
        return "none" if name == "UNCOMPRESSED" else name.lower()

    def _damaged(self, error: Exception) -> InputError:
        reason = str(error).partition("\n")[0]
        return InputError(
            "{path}: cannot be read as Parquet ({reason}). Write it again.",
            path=self.path,
            reason=reason,
        )


class ParquetWriter:
    """Writes rows with their tags; confidence as a number, no label as null."""

    needs: Sequence[int] = ()
    job = None

    def __init__(self, file: pq.ParquetWriter, schema: pa.Schema, kept: Sequence[int]) -> None:
        self._file, self._schema, self._kept = file, schema, kept
        self.counts = Counter[str]()

    def write(self, chunk: ParquetChunk, tags: pa.Table) -> None:
        """Write the rows of a chunk, each with its row of ``tags``."""
        columns = [chunk.rows.column(number) for number in self._kept]
        columns += [typed(tags[field.name], field) for field in self._added()]
        self._file.write_table(pa.Table.from_arrays(columns, schema=self._schema))

    def _added(self) -> list[pa.Field]:
        return [self._schema.field(n) for n in range(len(self._kept), len(self._schema))]


def notes_of(rows: pa.RecordBatch) -> pa.Array | None:
    """Why nearly blank rows are no proposals, null where they may be; None if all may be."""
    rows = rows.select(own_columns(rows.schema.names))
    filled = sum(map(_filled, rows.columns), np.zeros(len(rows), int))
    odd = np.flatnonzero(filled <= min(_FEW, rows.num_columns - 1))
    cells = [as_text(column.take(numbers(odd))).to_pylist() for column in rows.columns]
    notes = [""] * len(rows)
    for row, texts in zip(odd.tolist(), zip(*cells, strict=True), strict=True):
        notes[row] = row_notes(texts) or ""
    noted = np.array(notes) != ""
    if not noted.any():
        return None
    return pc.if_else(flags(noted), strings(notes), pa.nulls(len(notes), pa.string()))


def _filled(column: pa.Array) -> NDArray[np.bool_]:
    """Whether a cell is neither null nor an empty text."""
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return values(pc.not_equal(as_text(column), text("")))
    return values(column.is_valid())


def as_text(column: pa.Array) -> pa.Array:
    """Any column as text without nulls; nested values as Python writes them."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    try:
        cells = column.cast(pa.string())
    except pa.ArrowInvalid:  # bytes that are no UTF-8, as those of a map
        cells = strings([(value or b"").decode(errors="replace") for value in column.to_pylist()])
    except pa.ArrowNotImplementedError:
        cells = strings(["" if value is None else str(value) for value in column.to_pylist()])
    return pc.fill_null(cells, text(""))


def typed(tags: pa.ChunkedArray, field: pa.Field) -> pa.ChunkedArray:
    """Tags as the type of their column; blank ones become null."""
    blank = pc.equal(tags, text(""))
    return pc.if_else(blank, pa.nulls(len(tags), pa.string()), tags).cast(field.type)
