"""The cells of CSV records, parsed by Arrow; rows that it cannot parse are told apart."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Collection, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from classifier.arrays import numbers, strings, text
from classifier.errors import InputError
from classifier.formats.badrows import Flaw, ragged
from classifier.formats.records import Records, cells_of, cut

__all__ = ["padded", "parse"]


def parse(
    records: Records, width: int, columns: Sequence[int], delimiter: str, flaws: Mapping[int, Flaw]
) -> tuple[pa.Table, dict[int, Flaw]]:
    """Cells of some columns as text, under the numbers of the columns; and all flaws.

    Parameters
    ----------
    records
        Some rows.
    width
        Columns that the header has.
    columns
        Numbers of the columns wanted.
    delimiter
        What is between cells.
    flaws
        Record number -> flaw, of rows not to parse. Ragged rows are added to them; the cells
        of all these are empty.

    Raises
    ------
    InputError
        Arrow sees other rows than we do. The message does not name the file.
    """
    rows = np.flatnonzero(records.filled)
    good = rows[~np.isin(rows, list(flaws))] if flaws else rows
    content = b"".join(map(records.record, good.tolist())) if flaws else records.content
    table, uneven = _read(content if len(good) else b"", width, columns, delimiter)
    if table.num_rows + len(uneven) != len(good):
        raise InputError(
            "its quotes are ambiguous: {records} records, {rows} rows. Save it again as CSV from "
            "a spreadsheet; nothing was written.",
            records=len(good),
            rows=table.num_rows,
        )
    flaw_of = {cells: ragged(cells, width, delimiter) for cells in set(uneven.values())}
    found = {int(good[row]): flaw_of[cells] for row, cells in uneven.items()}
    found |= flaws
    return (_spread(table, ~np.isin(rows, list(found))) if found else table), found


def padded(records: Records, rows: Collection[int], width: int, delimiter: str) -> Records:
    """The same records; those of ``rows`` that are too short end in empty cells."""
    pieces, done = [], 0
    for row in sorted(rows):
        missing = width - len(cells_of(records.record(row), delimiter, "latin-1"))
        if missing > 0:
            pieces += [records.content[done : records.bodies[row]], delimiter.encode() * missing]
            done = int(records.bodies[row])
    if not done:
        return records
    return cut(b"".join([*pieces, records.content[done:]]), delimiter, last=True)


def _read(
    content: bytes, width: int, columns: Sequence[int], delimiter: str
) -> tuple[pa.Table, dict[int, int]]:
    """Cells of the rows that are as wide as the header, and the others' number and width."""
    names = [str(number) for number in range(width)]
    wanted = [names[number] for number in columns]
    uneven: dict[int, int] = {}

    def skip(row: pa_csv.InvalidRow) -> str:
        uneven[row.number - 1] = row.actual_columns
        return "skip"

    if not content:
        return pa.table([strings([]) for _ in wanted], names=wanted), uneven
    if content.startswith(BOM_UTF8):  # Arrow takes one for a mark of the encoding, and drops it
        content = BOM_UTF8 + content
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            pa_csv.ReadOptions(column_names=names, block_size=len(content) + 1, use_threads=False),
            pa_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, invalid_row_handler=skip
            ),
            pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                include_columns=wanted,
                strings_can_be_null=False,
                check_utf8=False,
            ),
        )
    except pa.ArrowInvalid as error:
        raise InputError("cannot be parsed ({reason}).", reason=error) from None
    return table, uneven


def _spread(table: pa.Table, parsed: np.ndarray) -> pa.Table:
    """Parsed rows at their places among all rows, empty cells at the others."""
    places = numbers(np.maximum(np.cumsum(parsed) - 1, 0), parsed)
    columns = [pc.fill_null(column.take(places), text("")) for column in table.columns]
    return pa.table(columns, names=table.column_names)
