"""A tagged export as review reads it: texts, ids, places and tags, and nothing of persons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from classifier.arrays import flags, strings, values
from classifier.errors import InputError
from classifier.formats.columns import source_columns, text_columns
from classifier.formats.naming import find_name
from classifier.tables import open_table

__all__ = ["DUPLICATES", "TaggedRows", "read_tagged"]

DUPLICATES = "tag_duplikat"
"""The column of groups of near-duplicates, if there is one."""

_PLACES = ("kelurahan", "kecamatan")


@dataclass(frozen=True)
class TaggedRows:
    """Proposals of a tagged table, without its sums and names of groups; n_rows long.

    Attributes
    ----------
    texts
        The text columns.
    tags
        The tag columns asked for, and ``tag_duplikat`` if it is there.
    ids, places
        Id of each row, and where it is: ``kelurahan, kecamatan``.
    numbers
        Number of each row in the file.
    """

    texts: tuple[pa.ChunkedArray, ...]
    tags: pa.Table
    ids: list[str]
    places: list[str]
    numbers: list[int]


def read_tagged(
    path: str | Path,
    names: Sequence[str],
    text: Sequence[str] = (),
    *,
    id_column: str | None = None,
    sheet: str | None = None,
) -> TaggedRows:
    """Read a table that ``usulan tag`` wrote.

    Parameters
    ----------
    path
        A table in any format.
    names
        Tag columns that it must have.
    text, id_column, sheet
        As :func:`~classifier.tagging.tag_file` has them.

    Raises
    ------
    InputError
        The table cannot be read, was not tagged, or has no text column.
    """
    source = open_table(path, sheet, keep_bad=True)
    tags = {name: find_name(source.header, name) for name in (*names, DUPLICATES)}
    missing = [name for name in names if tags[name] is None and name != DUPLICATES]
    if missing:
        raise InputError(
            "{path}: has no column {column}; only tagged tables can be reviewed. Run 'usulan tag "
            "{path}' first, or give the --model that it was tagged with.",
            path=path,
            column=missing[0],
        )
    texts = text_columns(source, text, id_column)
    roles = source_columns(source, text=text, id_column=id_column)
    places = [roles[role] for role in _PLACES if role in roles]
    found = {name: number for name, number in tags.items() if number is not None}
    ids = [roles["id"]] if "id" in roles else []
    wanted = list(dict.fromkeys([*texts, *ids, *places, *found.values()]))
    tables: list[pa.Table] = [pa.table({str(number): strings([]) for number in wanted})]
    numbers: list[int] = []
    for chunk in source.chunks(sorted(wanted)):
        kept = values(chunk.notes.is_null()) if chunk.notes else np.ones(len(chunk.cells), bool)
        tables.append(chunk.cells.filter(flags(kept)).select([str(n) for n in wanted]))
        numbers += np.asarray(chunk.numbers)[kept].tolist()
    table = pa.concat_tables(tables)
    return TaggedRows(
        tuple(table[str(number)] for number in texts),
        pa.table({name: table[str(number)] for name, number in found.items()}),
        _joined([table[str(number)].to_pylist() for number in ids], len(table)),
        _joined([table[str(number)].to_pylist() for number in places], len(table)),
        numbers,
    )


def _joined(columns: Sequence[Sequence[str]], n_rows: int) -> list[str]:
    """The filled cells of each row side by side."""
    if not columns:
        return [""] * n_rows
    return [", ".join(filter(None, map(str.strip, row))) for row in zip(*columns, strict=True)]
