"""Tags of a chunk of rows, as they are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from classifier.arrays import text as scalar
from classifier.formats.sources import Chunk
from classifier.status import BLANK
from classifier.tags import Tagged, Tagger

__all__ = ["Part", "first_rows", "noted", "tag_rows", "texts_of"]

ROWS = 50_000
"""Rows scored at a time."""

SHOWN = 20
"""Rows that a summary shows at most."""

Part: TypeAlias = tuple[pa.Table, Tagged, pa.Array | None]
"""Tags of some rows as they are written, what they were made from, and the rows' notes."""


def texts_of(chunk: Chunk, columns: Sequence[int]) -> list[pa.ChunkedArray]:
    """The text columns of a chunk."""
    return [chunk.cells[str(column)] for column in columns]


def tag_rows(
    tagger: Tagger, texts: Sequence[pa.ChunkedArray], notes: pa.Array | None
) -> list[Part]:
    """Tags of all rows, scored some at a time so that memory stays bounded."""
    n_rows, parts = len(texts[0]), list[Part]()
    for start in range(0, n_rows, ROWS) if n_rows else [0]:
        tagged = tagger.tag([column.slice(start, ROWS) for column in texts])
        note = None if notes is None else notes.slice(start, ROWS)
        parts.append((noted(tagged.table, note), tagged, note))
    return parts


def noted(tags: pa.Table, notes: pa.Array | None) -> pa.Table:
    """The same tags, but where there is a note why a row is no proposal only that."""
    if notes is None:
        return tags
    proposal = pc.is_null(notes)
    instead = {"tag_status": scalar(BLANK), "tag_alasan": notes}
    columns = [
        pc.if_else(proposal, tags[name], instead.get(name, scalar("")))
        for name in tags.column_names
    ]
    return pa.table(columns, names=tags.column_names)


def first_rows(
    tagger: Tagger, names: Sequence[str], texts: Sequence[pa.ChunkedArray], notes: pa.Array | None
) -> pa.Table:
    """The first rows' texts and tags, to show."""
    texts = [column.slice(0, SHOWN) for column in texts]
    tags = noted(tagger.tag(texts).table, None if notes is None else notes.slice(0, SHOWN))
    shown = pa.table(texts, names=list(names))
    for name, column in zip(tags.column_names, tags.columns, strict=True):
        shown = shown.append_column(name, column)
    return shown
