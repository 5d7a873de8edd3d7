"""The main job: an export of proposals in, the same table tagged out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.atomic import refuse_existing, refuse_input
from classifier.chunks import Part, first_rows, tag_rows, texts_of
from classifier.formats.columns import describe, source_columns, text_columns
from classifier.formats.job import Options, list_of_errors
from classifier.formats.sources import Chunk, Source, Writer
from classifier.formats.streams import BLOCK
from classifier.pipeline import ordered, threads
from classifier.summary import Summary
from classifier.tables import open_table, refuse_format
from classifier.tags import DUPLICATE, Tagger, tag_columns
from classifier.twins.grouping import digest, group_cells

__all__ = ["default_output", "tag_file"]


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
    groups: NDArray[np.int64] | None = None,
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
    groups
        Numbers of the rows' groups of duplicates, 0 for none, shape (n_rows,), see
        :func:`~classifier.twins.grouping.group_exports`; ``tag_duplikat`` stays empty without.
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
    same = _same(source, tagger, [columns, added, keep_bad, safe_excel, digest(groups)])
    options = Options(resume=resume, same=same, listed=keep_bad, safe=safe_excel)
    with source.writer(target, added, overwrite=overwrite, options=options) as writer:
        done, row = _continue(summary, writer), 0

        def score(numbered: tuple[int, Chunk]) -> list[Part]:
            number, chunk = numbered
            texts = texts_of(chunk, columns)
            return tag_rows(tagger, texts, chunk.notes) if number >= done else []

        chunks = enumerate(source.chunks(sorted({*columns, *writer.needs})))
        with closing(ordered(score, chunks, jobs)) as scored:
            for (number, chunk), parts in scored:
                first, row = row, row + len(chunk.cells)
                if summary.first is None:
                    texts = texts_of(chunk, columns)
                    summary.first = first_rows(tagger, summary.text, texts, chunk.notes)
                if number < done:
                    continue
                if writer.job and number > done:
                    writer.job.save({"chunks": number, **summary.state()})
                for part in parts:
                    summary.count(*part)
                tags = pa.concat_tables([tags for tags, _, _ in parts])
                cells = group_cells(groups, first, row - first)
                writer.write(chunk, tags.append_column(DUPLICATE, cells))
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
        **tagger.identity,
        "input": [state.st_size, state.st_mtime_ns],
        "block": BLOCK,
        "options": options,
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
