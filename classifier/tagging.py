"""The main job: an export of proposals in, the same table tagged out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from classifier.atomic import refuse_existing, refuse_input
from classifier.columns import describe, source_columns, text_columns
from classifier.decide import tag_columns, tag_table
from classifier.model import Model
from classifier.tables import open_table, refuse_format

__all__ = ["Summary", "default_output", "tag_file"]

ROWS = 50_000
"""Rows scored at a time."""

SHOWN = 20
"""Rows that a summary shows at most."""


@dataclass
class Summary:
    """What became of one export.

    Attributes
    ----------
    output
        The file written.
    text, replaced
        Names of the columns that were read as text, and of old tag columns replaced.
    mapping
        What each column was taken for, in a line.
    rows
        Rows written.
    labels, status
        Rows per main label and per ``tag_status``.
    sheet, others
        The workbook's sheet that was tagged, and others that hold proposals, too.
    first
        Text and tags of the first SHOWN rows, to look at.
    """

    output: Path
    text: list[str]
    replaced: list[str]
    mapping: str = ""
    rows: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    status: Counter[str] = field(default_factory=Counter)
    sheet: str = ""
    others: Sequence[str] = ()
    first: pa.Table | None = None


def default_output(path: Path, ending: str = ".csv") -> Path:
    """``usulan.csv`` -> ``usulan.tagged.csv``; ``ending`` is that of the input's format.

    Examples
    --------
    >>> default_output(Path("usulan.txt")).name
    'usulan.tagged.csv'
    """
    return path.with_name(f"{path.stem}.tagged{ending}")


def tag_file(
    path: str | Path,
    model: Model,
    output: str | Path | None = None,
    text: Sequence[str] = (),
    *,
    sheet: str | None = None,
    overwrite: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Summary:
    """Tag an export and write it beside the input, all its cells unchanged.

    Parameters
    ----------
    path
        CSV file, workbook, HTML table or Parquet file.
    model
        The tagger.
    output
        File to write; see :func:`default_output`.
    text
        Text columns; found by name and content if left out.
    sheet
        Sheet of a workbook; the one with the proposals if left out.
    overwrite
        Whether an existing output may be replaced.
    progress
        Told the rows done so far, after each chunk.

    Raises
    ------
    InputError
        The input is no table, or has no text column. Nothing is written then.
    OutputError
        The output exists or cannot be written.
    """
    source = open_table(path, sheet)
    target = Path(output) if output else default_output(source.path, source.ending)
    refuse_input(target, [path])
    refuse_format(source, target)
    refuse_existing(target, overwrite=overwrite)
    columns, added = text_columns(source, text), tag_columns(model)
    summary = Summary(
        target,
        [source.header[number] for number in columns],
        [name for name in source.header if name in added],
        describe(source_columns(source, text=text), source.header),
    )
    summary.sheet, summary.others = getattr(source, "sheet", ""), getattr(source, "others", ())
    with source.writer(target, added, overwrite=overwrite) as writer:
        for chunk in source.chunks(sorted({*columns, *writer.needs})):
            texts = [chunk.cells[str(number)] for number in columns]
            tags = _tag(model, texts)
            writer.write(chunk, tags)
            _count(summary, tags)
            if summary.first is None:
                summary.first = _first(summary.text, texts, tags)
            if progress:
                progress(summary.rows)
    return summary


def _tag(model: Model, texts: Sequence[pa.ChunkedArray]) -> pa.Table:
    """Tags of all rows, scored some at a time so that memory stays bounded."""
    n_rows = len(texts[0])
    starts = range(0, n_rows, ROWS) if n_rows else [0]
    return pa.concat_tables(
        tag_table(model, model.predict([text.slice(start, ROWS) for text in texts]))
        for start in starts
    )


def _first(names: Sequence[str], texts: Sequence[pa.ChunkedArray], tags: pa.Table) -> pa.Table:
    shown = pa.table(list(texts), names=list(names)).slice(0, SHOWN)
    for name, column in zip(tags.column_names, tags.columns, strict=True):
        shown = shown.append_column(name, column.slice(0, SHOWN))
    return shown


def _count(summary: Summary, tags: pa.Table) -> None:
    summary.rows += tags.num_rows
    for counter, column in (
        (summary.labels, tags.column(0)),
        (summary.status, tags["tag_status"]),
    ):
        for entry in column.value_counts().to_pylist():
            counter[entry["values"]] += entry["counts"]
