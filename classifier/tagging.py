"""The main job: an export of proposals in, the same table tagged out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.atomic import refuse_existing, refuse_input
from classifier.columns import describe, source_columns, text_columns
from classifier.drift import Tally
from classifier.tables import open_table, refuse_format
from classifier.tags import Tagged, Tagger, tag_columns

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
    labels, status, reasons
        Rows per main label, per ``tag_status``, and per ``tag_alasan`` up to its colon.
    seen
        What the rows look like to the model.
    fired, used
        Rows that each of the analyst's rules fired on, and those of them where it was in
        force, shape (n_rules,).
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
    reasons: Counter[str] = field(default_factory=Counter)
    seen: Tally = field(default_factory=Tally)
    fired: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
    used: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1, np.int64))
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
    tagger: Tagger,
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
    tagger
        A model with what is asked of it.
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
    columns, added = text_columns(source, text), tag_columns(tagger.model)
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
            tags = _tag(tagger, texts, summary)
            writer.write(chunk, tags)
            if summary.first is None:
                summary.first = _first(summary.text, texts, tags)
            if progress:
                progress(summary.rows)
    return summary


def _tag(tagger: Tagger, texts: Sequence[pa.ChunkedArray], summary: Summary) -> pa.Table:
    """Tags of all rows, scored some at a time so that memory stays bounded."""
    n_rows, tables = len(texts[0]), []
    for start in range(0, n_rows, ROWS) if n_rows else [0]:
        tagged = tagger.tag([text.slice(start, ROWS) for text in texts])
        _count(summary, tagged)
        tables.append(tagged.table)
    return pa.concat_tables(tables)


def _first(names: Sequence[str], texts: Sequence[pa.ChunkedArray], tags: pa.Table) -> pa.Table:
    shown = pa.table(list(texts), names=list(names)).slice(0, SHOWN)
    for name, column in zip(tags.column_names, tags.columns, strict=True):
        shown = shown.append_column(name, column.slice(0, SHOWN))
    return shown


def _count(summary: Summary, tagged: Tagged) -> None:
    table, traits = tagged.table, tagged.prediction.traits
    summary.rows += table.num_rows
    reasons = pc.replace_substring_regex(table["tag_alasan"], "(?s)(:| \\|) .*", "")
    for counter, column in (
        (summary.labels, table.column(0)),
        (summary.status, table["tag_status"]),
        (summary.reasons, reasons),
    ):
        for entry in column.value_counts().to_pylist():
            counter[entry["values"]] += entry["counts"]
    summary.fired, summary.used = summary.fired + tagged.fired, summary.used + tagged.used
    chances = tagged.prediction.probabilities[next(iter(tagged.decision.main))][~traits.blank]
    words, known = traits.words[~traits.blank], traits.known[~traits.blank]
    summary.seen.add(words, known, chances.max(axis=1), chances.argmax(axis=1))
