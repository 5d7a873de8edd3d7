"""CSV in any of the usual dialects: read in chunks, written back with every byte kept.

Cells are parsed by Arrow. A tagged record is the record's own bytes with our cells
behind them: what was in the file stays as it was, quoting included.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from classifier.atomic import new_file
from classifier.csvwriter import CsvChunk, CsvWriter
from classifier.errors import InputError
from classifier.records import count_lines, filled_records, is_unclosed, record_ends

__all__ = ["CsvSource"]

BLOCK = 8_000_000
"""Bytes read at a time."""

_DELIMITERS = (",", ";", "\t", "|")
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


class CsvSource:
    """A CSV file: its dialect, its header, and its rows in chunks.

    Attributes
    ----------
    header
        Column names as they stand in the first record.

    Raises
    ------
    InputError
        The file is empty, or no text.
    """

    ending = ".csv"

    def __init__(self, path: Path) -> None:
        self.path = path
        self.bom, self.encoding = _encoding(path)
        start = next(self._blocks(), b"")
        if not start.strip():
            raise InputError(f"{path}: is empty. Give a table with a header and rows.")
        if b"\0" in start:
            raise InputError(f"{path}: is no table. Give CSV or .xlsx.")
        self.delimiter = _delimiter(start[:100_000].decode(errors="replace"))
        ends = record_ends(start, self.delimiter.encode(), last=True)
        self.head = start[: ends[filled_records(start, ends).argmax()]]
        self._refuse_unclosed(self.head, 1)
        text = self.head.decode(errors="replace").strip("\r\n")
        self.header = next(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))

    def chunks(self, columns: Sequence[int]) -> Iterator[CsvChunk]:
        """The rows below the header, with the cells of some columns.

        Raises
        ------
        InputError
            A row has more or fewer cells than the header; the message names the line.
        """
        rest, line, skip = b"", 1, len(self.head)
        blocks = self._blocks()
        block = next(blocks)
        while block:
            following = next(blocks, b"")
            data = rest + block
            ends = record_ends(data, self.delimiter.encode(), last=not following)
            cut = int(ends[-1]) if len(ends) else 0
            if not following:
                start = int(ends[-2]) if len(ends) > 1 else 0
                self._refuse_unclosed(data[start:cut], line + count_lines(data[:start]))
            if cut >= skip:
                records, ends = data[skip:cut], ends[ends > skip] - skip
                line += count_lines(data[:skip])
                if records:
                    yield CsvChunk(self._cells(records, columns, line), records, ends)
                line, skip = line + count_lines(records), 0
                rest = data[cut:]
            else:
                rest = data
            block = following

    def _refuse_unclosed(self, record: bytes, line: int) -> None:
        if is_unclosed(record, self.delimiter.encode()):
            raise InputError(
                f"{self.path}: line {line}: a quote is opened and never closed. Close it, or take "
                "it out, and run again; nothing was written."
            )

    @contextmanager
    def writer(self, path: Path, added: Sequence[str], *, overwrite: bool) -> Iterator[CsvWriter]:
        """A copy of this file with columns ``added`` behind its own, in place of any so named."""
        with new_file(path, overwrite=overwrite) as stream:
            stream.write(self.bom)
            yield CsvWriter(stream, self.encoding, self.delimiter, self.head, self.header, added)

    def _blocks(self) -> Iterator[bytes]:
        """The file's text as UTF-8, without its byte order mark."""
        decoder = codecs.getincrementaldecoder(self.encoding)()
        with self.path.open("rb") as stream:
            stream.seek(len(self.bom))
            while block := stream.read(BLOCK):
                yield block if self.encoding == "utf-8" else self._utf8(decoder, block)
            if self.encoding != "utf-8":
                self._utf8(decoder, b"", final=True)

    def _utf8(
        self, decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False
    ) -> bytes:
        try:
            return decoder.decode(block, final).encode()
        except UnicodeDecodeError as error:
            raise InputError(
                f"{self.path}: byte {error.object[error.start]:#04x} belongs to no encoding that "
                "is known here. Allowed: UTF-8, UTF-16, Windows-1252. Save it as CSV UTF-8."
            ) from None

    def _cells(self, records: bytes, columns: Sequence[int], line: int) -> pa.Table:
        """Cells of some columns, under the numbers of the columns."""
        names = [str(number) for number in range(len(self.header))]
        ragged: list[pa_csv.InvalidRow] = []

        def refuse(row: pa_csv.InvalidRow) -> str:
            ragged.append(row)
            return "error"

        try:
            return pa_csv.read_csv(
                pa.BufferReader(records),
                pa_csv.ReadOptions(
                    column_names=names, block_size=len(records) + 1, use_threads=False
                ),
                pa_csv.ParseOptions(
                    delimiter=self.delimiter, newlines_in_values=True, invalid_row_handler=refuse
                ),
                pa_csv.ConvertOptions(
                    column_types=dict.fromkeys(names, pa.string()),
                    include_columns=[names[number] for number in columns],
                    strings_can_be_null=False,
                    check_utf8=False,
                ),
            )
        except pa.ArrowInvalid as error:
            raise self._bad_row(records, line, ragged, error) from None

    def _bad_row(
        self, records: bytes, line: int, ragged: list[pa_csv.InvalidRow], error: pa.ArrowInvalid
    ) -> InputError:
        if not ragged:
            return InputError(f"{self.path}: from line {line}: cannot be parsed ({error}).")
        row = ragged[0]
        ends = record_ends(records, self.delimiter.encode(), last=True)
        number = np.flatnonzero(filled_records(records, ends))[row.number - 1]
        start = ends[number - 1] if number else 0
        line += count_lines(records[:start])
        return InputError(
            f"{self.path}: line {line}: {row.actual_columns} cells where the header has "
            f"{row.expected_columns}: {row.text[:80]!r}. Correct the row (a stray "
            f"{self.delimiter!r} or quote?) and run again; nothing was written."
        )


def _encoding(path: Path) -> tuple[bytes, str]:
    """Byte order mark and encoding: by the mark, else UTF-8 if all is valid, else cp1252."""
    with path.open("rb") as stream:
        start = stream.read(4)
        for bom, encoding in _BOMS.items():
            if start.startswith(bom):
                return bom, encoding
        stream.seek(0)
        return b"", "utf-8" if _is_utf8(stream) else "cp1252"


def _is_utf8(stream: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := stream.read(BLOCK):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(sample: str) -> str:
    """The candidate that splits the header, and most rows into as many cells as the header."""

    def fit(delimiter: str) -> tuple[float, int]:
        rows = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        widths = [len(row) for row in islice(rows, 200) if row]
        cells = widths[0] if widths else 1
        return (widths.count(cells) / len(widths) if cells > 1 else 0.0), cells

    return max(_DELIMITERS, key=fit)
