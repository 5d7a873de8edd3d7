"""The main job: an export of proposals in, the same table tagged out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import astuple
from pathlib import Path
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

from classifier import __version__
from classifier.arrays import text as scalar
from classifier.atomic import refuse_existing, refuse_input
from classifier.formats.columns import describe, source_columns, text_columns
from classifier.formats.job import Options, list_of_errors
from classifier.formats.sources import Chunk, Source, Writer
from classifier.formats.streams import BLOCK
from classifier.pipeline import ordered, threads
from classifier.status import BLANK
from classifier.store import fingerprint
from classifier.summary import Summary
from classifier.tables import open_table, refuse_format
from classifier.tags import Tagged, Tagger, tag_columns

__all__ = ["default_output", "tag_file"]

ROWS = 50_000
"""Rows scored at a time."""

SHOWN = 20
"""Rows that a summary shows at most."""

_Part: TypeAlias = tuple[pa.Table, Tagged, pa.Array | None]
"""Tags of some rows as they are written, what they were made from, and the rows' notes."""


def default_output(path: Path, ending: str = ".csv") -> Path:
    """``usulan.csv`` -> ``usulan.tagged.csv``; ``ending`` is that of the input's format.

    Examples
    --------
    >>> default_output(Path("usulan.txt")).name
    'usulan.tagged.csv'
    >>> default_output(Path("usulan.csv.gz"), ".csv.gz").name
    'usulan.tagged.csv.gz'
    """
    name = path.name
    for suffix in (".gz", path.with_name(name.removesuffix(".gz")).suffix):
        name = name.removesuffix(suffix) or name
    return path.with_name(f"{name}.tagged{ending}")


def tag_file(
    path: str | Path,
    tagger: Tagger,
    output: str | Path | None = None,
    text: Sequence[str] = (),
    *,
    id_column: str | None = None,
    sheet: str | None = None,
    overwrite: bool = False,
    keep_bad: bool = False,
    safe_excel: bool = False,
    resume: bool = False,
    jobs: int | None = None,
    spared: Sequence[str | Path] = (),
    progress: Callable[[int], None] | None = None,
) -> Summary:
    """Tag an export and write it beside the input, all its cells unchanged.

    Parameters
    ----------
    path
        CSV file, also packed by gzip, workbook, HTML table or Parquet file.
    tagger
        A model with what is asked of it.
    output
        File to write, or a folder for it; see :func:`default_output`.
    text
        Text columns; found by name and content if left out.
    id_column
        Column of ids, never read as text; found by name and content if left out.
    sheet
        Sheet of a workbook; the one with the proposals if left out.
    overwrite
        Whether an existing output may be replaced.
    keep_bad
        Whether rows of a CSV file that cannot be parsed are passed through untagged, and listed
        in a file beside the output, instead of refusing the file.
    safe_excel
        Whether foreign cells of a CSV file that could be formulas get an apostrophe.
    resume
        Whether to continue an interrupted run that was the same, and to leave what is done if
        this run is interrupted.
    jobs
        Threads that score while this one reads and writes; with 1 it does all by itself. What
        is written does not depend on it. If left out, as many as pay, at most one per core.
    spared
        Further files never to be replaced: all inputs of a command, and what it wrote.
    progress
        Told the rows done so far, after each chunk.

    Raises
    ------
    InputError
        The input is no table, or has no text column. Nothing is written then.
    OutputError
        The output exists or cannot be written.
    UsageError
        ``jobs`` are less than one, or more than there are cores.
    """
    jobs = threads(jobs)
    source = open_table(path, sheet, keep_bad=keep_bad)
    target = _target(source, output)
    for file in (target, list_of_errors(target)):
        refuse_input(file, [path, *spared])
    refuse_existing(target, overwrite=overwrite)
    columns, added = text_columns(source, text, id_column), tag_columns(tagger.model)
    summary = Summary(
        target,
        [source.header[number] for number in columns],
        [name for name in source.header if name in added],
        describe(source_columns(source, text=text, id_column=id_column), source.header),
        sheet=getattr(source, "sheet", ""),
        others=getattr(source, "others", ()),
        safe=safe_excel,
        errors=list_of_errors(target) if keep_bad else None,
    )
    same = _same(source, tagger, [columns, added, keep_bad, safe_excel])
    options = Options(resume=resume, same=same, listed=keep_bad, safe=safe_excel)
    with source.writer(target, added, overwrite=overwrite, options=options) as writer:
        done = _continue(summary, writer)

        def score(numbered: tuple[int, Chunk]) -> list[_Part]:
            number, chunk = numbered
            return _tag(tagger, _texts(chunk, columns), chunk.notes) if number >= done else []

        chunks = enumerate(source.chunks(sorted({*columns, *writer.needs})))
        with closing(ordered(score, chunks, jobs)) as scored:
            for (number, chunk), parts in scored:
                if summary.first is None:
                    texts = _texts(chunk, columns)
                    summary.first = _first(tagger, summary.text, texts, chunk.notes)
                if number < done:
                    continue
                if writer.job and number > done:
                    writer.job.save({"chunks": number, **summary.state()})
                for part in parts:
                    summary.count(*part)
                writer.write(chunk, pa.concat_tables([tags for tags, _, _ in parts]))
                if progress:
                    progress(summary.rows)
    return summary


def _target(source: Source, output: str | Path | None) -> Path:
    """The file to write.

    Raises
    ------
    OutputError
        It is the input, or its name is that of another format.
    """
    usual = default_output(source.path, source.ending)
    target = Path(output) if output else usual
    if target.is_dir():
        target = target / usual.name
    refuse_input(target, [source.path])
    refuse_format(source, target)
    return target


def _same(source: Source, tagger: Tagger, options: Sequence[object]) -> dict[str, Any]:
    """All that decides what is written, so that no run goes on where another one stopped."""
    state = source.path.stat()
    return {
        "usulan": __version__,
        "input": [state.st_size, state.st_mtime_ns],
        "block": BLOCK,
        "model": fingerprint(tagger.model),
        "cutoffs": tagger.cutoffs.values.tolist(),
        "rules": [str(astuple(rule)) for rule in tagger.rules.rules],
        "options": [*options, tagger.explain],
    }


def _continue(summary: Summary, writer: Writer) -> int:
    """Chunks that an interrupted run has written; what it counted is taken over."""
    summary.counts, job = writer.counts, writer.job
    if job is None:
        return 0
    summary.begun = job.begun
    if job.saved:
        summary.restore(job.saved)
    return int(job.saved.get("chunks", 0))


def _texts(chunk: Chunk, columns: Sequence[int]) -> list[pa.ChunkedArray]:
    return [chunk.cells[str(column)] for column in columns]


def _tag(tagger: Tagger, texts: Sequence[pa.ChunkedArray], notes: pa.Array | None) -> list[_Part]:
    """Tags of all rows, scored some at a time so that memory stays bounded."""
    n_rows, parts = len(texts[0]), list[_Part]()
    for start in range(0, n_rows, ROWS) if n_rows else [0]:
        tagged = tagger.tag([column.slice(start, ROWS) for column in texts])
        note = None if notes is None else notes.slice(start, ROWS)
        parts.append((_noted(tagged.table, note), tagged, note))
    return parts


def _noted(tags: pa.Table, notes: pa.Array | None) -> pa.Table:
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


def _first(
    tagger: Tagger, names: Sequence[str], texts: Sequence[pa.ChunkedArray], notes: pa.Array | None
) -> pa.Table:
    texts = [column.slice(0, SHOWN) for column in texts]
    tags = _noted(tagger.tag(texts).table, None if notes is None else notes.slice(0, SHOWN))
    shown = pa.table(texts, names=list(names))
    for name, column in zip(tags.column_names, tags.columns, strict=True):
        shown = shown.append_column(name, column)
    return shown
