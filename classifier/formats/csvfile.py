"""CSV in any of the usual dialects: read in chunks, written back with every byte kept.

Cells are parsed by Arrow. A tagged record is the record's own bytes with our cells
behind them: what was in the file stays as it was, quoting included.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import islice
from pathlib import Path

from classifier.errors import InputError
from classifier.formats.badrows import BROKEN, LONGEST, bad_rows, find_flaws, shown
from classifier.formats.csvcells import padded, parse
from classifier.formats.csvwriter import CsvChunk, CsvWriter, Dialect
from classifier.formats.encodings import detect
from classifier.formats.job import PLAIN, Options, open_job
from classifier.formats.layout import HEAD, find_layout
from classifier.formats.records import Records, cells_of, cut
from classifier.formats.rownotes import find_notes, noted
from classifier.formats.streams import BLOCK, is_gzip, read_blocks

__all__ = ["CsvSource"]

_DELIMITERS = (",", ";", "\t", "|")
_START = LONGEST
"""Bytes in which the header must be."""

_UNCLOSED = 16 * LONGEST
"""Bytes without an end of a row after which nobody waits for one."""


class CsvSource:
    """A CSV file: its dialect, its header, and its rows in chunks.

    Parameters
    ----------
    path
        The file, plain or packed by gzip.
    keep_bad
        Whether rows that cannot be tagged are passed through, instead of refusing the file.

    Attributes
    ----------
    header
        Column names as they stand in the file.
    dialect
        How the file is written.

    Raises
    ------
    InputError
        The file is empty, or no table.
    """

    def __init__(self, path: Path, *, keep_bad: bool = False) -> None:
        self.path, self.keep_bad = path, keep_bad
        self.ending = ".csv.gz" if is_gzip(path) else ".csv"
        self.stamp = _stamp(path)
        self._encoding = detect(path)
        self.dialect = self._find_dialect()
        self.header = self.dialect.names

    def chunks(self, columns: Sequence[int]) -> Iterator[CsvChunk]:
        """The rows below the header, with the cells of some columns.

        Raises
        ------
        InputError
            A row cannot be read, or has more or fewer cells than the header; the message
            names the line. With ``keep_bad`` such rows are passed through.
        """
        before = len(self.dialect.head)
        for records, line in self._records():
            yield replace(self._chunk(records, line, columns), before=before)
            before += len(records.ends)
        if _stamp(self.path) != self.stamp:
            raise InputError(
                "{path}: was changed while it was read. Run again; nothing was written.",
                path=self.path,
            )

    @contextmanager
    def writer(
        self, path: Path, added: Sequence[str], *, overwrite: bool, options: Options = PLAIN
    ) -> Iterator[CsvWriter]:
        """A copy of this file with columns ``added`` behind its own, in place of any so named."""
        with open_job(path, overwrite=overwrite, options=options) as job:
            yield CsvWriter(job, self.dialect, added, safe=options.safe)

    def _find_dialect(self) -> Dialect:
        """Delimiter and header, by the begin of the file."""
        blocks = self._blocks(_START)
        start = next(blocks, b"")
        if not start.strip():
            raise InputError(
                "{path}: is empty. Give a table with a header and rows.", path=self.path
            )
        if _is_binary(start):
            raise InputError("{path}: is no table. Give CSV or .xlsx.", path=self.path)
        delimiter = _delimiter(start.lstrip(b"\r\n")[:100_000].decode(errors="replace"))
        records = cut(start, delimiter, last=not next(blocks, b""))
        if not len(records.ends):
            raise self._unclosed(1, _START)
        if records.unclosed:
            raise self._unclosed(1 + records.line(-1))
        head = [records.record(number) for number in range(min(HEAD, len(records.ends)))]
        rows = [cells_of(record, delimiter) for record in head]
        try:
            layout = find_layout(rows)
        except InputError as error:
            raise InputError("{path}: {problem}", path=self.path, problem=error) from None
        above = tuple(head[: layout.first])
        return Dialect(self._encoding, delimiter, above, layout.header, rows[layout.header])

    def _blocks(self, size: int) -> Iterator[bytes]:
        """The file's text as UTF-8, without its byte order mark."""
        try:
            yield from filter(None, self._encoding.decode(read_blocks(self.path, size)))
        except UnicodeDecodeError:
            raise InputError(
                "{path}: ends in the middle of a character ({encoding}): it was cut off. Copy it "
                "again from its source.",
                path=self.path,
                encoding=self._encoding.codec,
            ) from None

    def _records(self) -> Iterator[tuple[Records, int]]:
        """Whole records below the head, some at a time, and the number of their first line."""
        head = cut(b"".join(self.dialect.head), self.dialect.delimiter, last=True)
        line = 1 + len(head.lines)
        rest, blocks = b"", _without(self._blocks(BLOCK), len(head.content))
        block = next(blocks, b"")
        while block:
            following = next(blocks, b"")
            data = rest + block
            records = cut(data, self.dialect.delimiter, last=not following)
            rest, block = data[len(records.content) :], following
            if records.unclosed:
                raise self._unclosed(line + records.line(-1))
            if len(records.ends):
                yield records, line
            line += len(records.lines)
            if len(rest) > _UNCLOSED:
                raise self._unclosed(line, _UNCLOSED)

    def _chunk(self, records: Records, line: int, columns: Sequence[int]) -> CsvChunk:
        flaws = find_flaws(records, self._encoding.codec, checked=self._encoding.checked)
        width = len(self.header)
        try:
            cells, flaws = parse(records, width, columns, self.dialect.delimiter, flaws)
        except InputError as error:
            raise InputError(
                "{path}: from line {line}: {problem}", path=self.path, line=line, problem=error
            ) from None
        if flaws and not self.keep_bad:
            row = min(flaws)
            flaw = flaws[row]
            raise InputError(
                "{path}: line {line}: {what}: {text!r}. {fix} and run again, or give "
                "--on-bad-row keep to pass such rows through untagged; nothing was written.",
                path=self.path,
                line=line + records.line(row),
                what=flaw.what,
                text=shown(records.record(row), 80),
                fix=flaw.fix,
            )
        notes = find_notes(records, self.header, self.dialect.delimiter) | dict.fromkeys(
            flaws, BROKEN
        )
        bad = bad_rows(self.path.name, line, records, flaws)
        if flaws:
            records = padded(records, flaws, width, self.dialect.delimiter)
        return CsvChunk(cells, records, noted(records, notes), bad)

    def _unclosed(self, line: int, size: int = 0) -> InputError:
        if size:
            return InputError(
                "{path}: line {line}: a row goes on for {size} MB, as where a quote is opened and "
                "never closed. Close it, or take it out, and run again; nothing was written.",
                path=self.path,
                line=line,
                size=size // 1_000_000,
            )
        return InputError(
            "{path}: line {line}: a quote is opened and never closed. Close it, or take it out, "
            "and run again; nothing was written.",
            path=self.path,
            line=line,
        )


def _stamp(path: Path) -> tuple[int, int]:
    """Size and time of change, which differ when the content does."""
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(
            "{path}: cannot be read ({reason}).", path=path, reason=error.strerror
        ) from None
    return state.st_size, state.st_mtime_ns


def _without(blocks: Iterator[bytes], skip: int) -> Iterator[bytes]:
    """Blocks without their first bytes; none is empty."""
    for block in blocks:
        if skip < len(block):
            yield block[skip:]
        skip = max(0, skip - len(block))


def _is_binary(start: bytes) -> bool:
    """Whether it is no text: control characters abound, and some are NUL."""
    control = sum(start.count(byte) for byte in range(32) if byte not in b"\t\n\r\f\x1a")
    return b"\0" in start and control > 1 + len(start) / 50


def _delimiter(sample: str) -> str:
    """The candidate that splits the header and most rows into as many cells as the header.

    Where none does there is one column: then the one that splits the fewest rows.
    """

    def fit(delimiter: str) -> tuple[float, float, int]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
        rows = [row for row in islice(reader, 200) if row]
        widths = [len(row) for row in rows]
        try:
            header = find_layout(rows[:HEAD]).header
        except InputError:  # to be told with the right delimiter
            header = widths.index(max(widths))
        cells = widths[header]
        same = widths[header:].count(cells) if cells > 1 else 0
        return same / len(rows), widths.count(1) / len(rows), cells

    return max(_DELIMITERS, key=fit)
