"""Tagged CSV records: the bytes that were read, with our cells behind them."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.arrays import slices, strings
from classifier.errors import InputError
from classifier.formats.badrows import BadRow, list_header, listing
from classifier.formats.csvjoin import joined, rebuilt, replaced, tagged
from classifier.formats.encodings import Encoding
from classifier.formats.formulas import escaped, formula_starts
from classifier.formats.job import Job
from classifier.formats.records import Records, cells_of, cut

__all__ = ["CsvChunk", "CsvWriter", "Dialect"]


@dataclass(frozen=True)
class Dialect:
    """How a CSV file is written, and what stands above its rows.

    Attributes
    ----------
    encoding, delimiter
        Those of the file.
    head
        All records above the first row: titles, the header, numbers of columns.
    header
        Which of them is the header, from 0.
    names
        The cells of the header.
    """

    encoding: Encoding
    delimiter: str
    head: tuple[bytes, ...]
    header: int
    names: list[str]


@dataclass(frozen=True)
class CsvChunk:
    """Whole records of a file.

    Attributes
    ----------
    cells
        Columns asked for, as text, n_rows long.
    records
        The records; those that are no blank lines are the n_rows rows.
    notes
        Why a row is no proposal, n_rows long, null for proposals; None where all are.
    bad
        Rows that could not be parsed, by their numbers among the records.
    before
        Records of the file before these.
    """

    cells: pa.Table
    records: Records
    notes: pa.Array | None
    bad: Mapping[int, BadRow]
    before: int = 0

    @property
    def numbers(self) -> list[int]:
        """Number of each row in the file, from 1, as a spreadsheet shows it."""
        numbers: list[int] = (np.flatnonzero(self.records.filled) + self.before + 1).tolist()
        return numbers


class CsvWriter:
    """Writes chunks with further columns, in the dialect they were read in.

    Parameters
    ----------
    job
        The files to write.
    dialect
        That of the file read.
    added
        Names of the further columns.
    safe
        Whether cells that could be formulas get an apostrophe.

    Attributes
    ----------
    needs
        Columns whose cells chunks must hold, because some of their neighbours are dropped.
    counts
        So far: cells that a spreadsheet would take for ``formulas``, and ``bad`` rows.
    """

    def __init__(
        self, job: Job, dialect: Dialect, added: Sequence[str], *, safe: bool = False
    ) -> None:
        self.job, self._dialect, self._safe = job, dialect, safe
        kept = [number for number, name in enumerate(dialect.names) if name not in added]
        self.needs = kept if len(kept) < len(dialect.names) else []
        self.counts: Counter[str] = Counter()
        self._packed = job.output.path.suffix.lower() == ".gz"
        if not job.saved:
            head = [self._head_record(number, added) for number in range(len(dialect.head))]
            self._put(*chain.from_iterable(head), bom=dialect.encoding.bom)
            if job.errors:
                job.errors.write(list_header())

    def write(self, chunk: CsvChunk, tags: pa.Table) -> None:
        """The chunk's records, each followed by its row of ``tags``; blank lines as they are.

        Raises
        ------
        InputError
            The chunk has another number of rows than ``tags``.
        """
        records = chunk.records
        filled, rows = records.filled, int(records.filled.sum())
        if rows != tags.num_rows:
            raise InputError(
                "{rows} rows were read and {tagged} tagged: a fault of usulan.",
                rows=rows,
                tagged=tags.num_rows,
            )
        if self.needs:
            kept = joined(
                [chunk.cells[str(number)] for number in self.needs], self._dialect.delimiter
            )
            if chunk.bad:
                row_of = np.cumsum(filled) - 1
                kept = replaced(
                    kept, {int(row_of[k]): self._kept(records.record(k)) for k in chunk.bad}
                )
            records = rebuilt(records, kept, self._dialect.delimiter)
        self._put(*self._tagged(records, filled, tags.columns))
        self.counts["bad"] += len(chunk.bad)
        if self.job.errors:
            self.job.errors.write(listing(chunk.bad.values()))

    def _head_record(self, number: int, added: Sequence[str]) -> Sequence[bytes | memoryview]:
        """A title as it is; the header and what is as wide as it with cells for our columns.

        So a table in which all rows are of one width stays one.
        """
        record, is_header = self._dialect.head[number], number == self._dialect.header
        if len(cells_of(record, self._dialect.delimiter)) != len(self._dialect.names):
            return [record]
        records = cut(record, self._dialect.delimiter, last=True)
        filled = records.filled
        if self.needs:
            body = self._kept(record)
            records = rebuilt(
                records, slices(body, np.array([0, len(body)])), self._dialect.delimiter
            )
        ours = [strings([name if is_header else ""]) for name in added]
        return self._tagged(records, filled, ours)

    def _tagged(
        self, records: Records, filled: NDArray[np.bool_], columns: Sequence[pa.Array]
    ) -> tuple[memoryview, bytes]:
        """Records with our cells; cells that could be formulas counted and, if wished, escaped."""
        starts = formula_starts(records, self._dialect.delimiter)
        self.counts["formulas"] += len(starts)
        if self._safe and len(starts):
            records = escaped(records, starts)
        return tagged(records, filled, columns, self._dialect.delimiter)

    def _kept(self, record: bytes) -> bytes:
        """A record's cells without those that are dropped, whatever their number."""
        cells = cells_of(record, self._dialect.delimiter, "latin-1")
        width = len(self._dialect.names)
        kept = [cells[k] for k in self.needs if k < len(cells)] + cells[width:]
        row = joined([strings([cell]) for cell in kept], self._dialect.delimiter)
        kept_bytes: bytes = row[0].as_py().decode().encode("latin-1")
        return kept_bytes

    def _put(self, *pieces: bytes | memoryview, bom: bytes = b"") -> None:
        """Write text that is UTF-8 here as it is to be in the file."""
        if self._dialect.encoding.codec != "utf-8":
            pieces = (self._dialect.encoding.encode(b"".join(pieces)),)
        if self._packed:
            # Each chunk is packed for itself: so it is whole, and a run can go on behind it.
            pieces, bom = (gzip.compress(b"".join([bom, *pieces]), 6, mtime=0),), b""
        for piece in (bom, *pieces):
            self.job.output.write(piece)
