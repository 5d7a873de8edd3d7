"""The main job: an export of proposals in, the same table tagged out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from classifier import __version__
from classifier.arrays import text as scalar
from classifier.atomic import refuse_existing, refuse_input
from classifier.columns import text_columns
from classifier.decide import BLANK, tag_columns, tag_table
from classifier.errors import OutputError
from classifier.job import FRESH, Options, list_of_errors
from classifier.model import Model
from classifier.store import fingerprint
from classifier.streams import BLOCK
from classifier.tables import Source, Writer, open_table

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
    rows
        Rows written.
    labels, status
        Rows per main label and per ``tag_status``.
    first
        Text and tags of the first SHOWN rows, to look at.
    counts
        Foreign cells that could be ``formulas``, and ``bad`` rows passed through.
    safe
        Whether those cells got an apostrophe.
    errors
        The list of bad rows, if there is one.
    begun, resumed
        Whether there was something of an interrupted run, see :class:`classifier.job.Job`, and
        rows taken from it.
    """

    output: Path
    text: list[str]
    replaced: list[str]
    rows: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    status: Counter[str] = field(default_factory=Counter)
    first: pa.Table | None = None
    counts: Counter[str] = field(default_factory=Counter)
    safe: bool = False
    errors: Path | None = None
    begun: str = FRESH
    resumed: int = 0

    def state(self) -> dict[str, Any]:
        """What an interrupted run saves of it."""
        counted = {name: dict(getattr(self, name)) for name in _COUNTED}
        return {"rows": self.rows, **counted}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what an interrupted run saved."""
        self.rows = self.resumed = state["rows"]
        for name in _COUNTED:
            getattr(self, name).update(state[name])


_COUNTED = ("labels", "status", "counts")


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
    model: Model,
    output: str | Path | None = None,
    text: Sequence[str] = (),
    *,
    overwrite: bool = False,
    keep_bad: bool = False,
    safe_excel: bool = False,
    resume: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Summary:
    """Tag an export and write it beside the input, all its cells unchanged.

    Parameters
    ----------
    path
        CSV or .xlsx file with a header row; CSV may be packed by gzip.
    model
        The tagger.
    output
        File to write, or a folder for it; see :func:`default_output`.
    text
        Text columns; found by name and content if left out.
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
    progress
        Told the rows done so far, after each chunk.

    Raises
    ------
    InputError
        The input is no table, or has no text column. Nothing is written then.
    OutputError
        The output exists or cannot be written.
    """
    source = open_table(path, keep_bad=keep_bad)
    target = _target(source, output)
    refuse_input(list_of_errors(target), [path])
    refuse_existing(target, overwrite=overwrite)
    columns, added = text_columns(source, text), tag_columns(model)
    summary = Summary(
        target,
        [source.header[number] for number in columns],
        [name for name in source.header if name in added],
        safe=safe_excel,
        errors=list_of_errors(target) if keep_bad else None,
    )
    same = _same(source, model, [columns, added, keep_bad, safe_excel])
    options = Options(resume=resume, same=same, listed=keep_bad, safe=safe_excel)
    with source.writer(target, added, overwrite=overwrite, options=options) as writer:
        done = _continue(summary, writer)
        for number, chunk in enumerate(source.chunks(sorted({*columns, *writer.needs}))):
            texts = [chunk.cells[str(column)] for column in columns]
            if summary.first is None:
                summary.first = _first(model, summary.text, texts, chunk.notes)
            if number < done:
                continue
            if writer.job and number > done:
                writer.job.save({"chunks": number, **summary.state()})
            tags = _noted(_tag(model, texts), chunk.notes)
            writer.write(chunk, tags)
            _count(summary, tags)
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
    if (target.suffix.lower() == ".xlsx") != (source.ending == ".xlsx"):
        raise OutputError(
            f"{target}: a workbook comes back as .xlsx and a CSV as CSV. Give a name that ends in "
            f"{source.ending}."
        )
    return target


def _same(source: Source, model: Model, options: Sequence[object]) -> dict[str, Any]:
    """All that decides what is written, so that no run goes on where another one stopped."""
    state = source.path.stat()
    return {
        "usulan": __version__,
        "input": [state.st_size, state.st_mtime_ns],
        "block": BLOCK,
        "model": fingerprint(model),
        "options": list(options),
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


def _tag(model: Model, texts: Sequence[pa.ChunkedArray]) -> pa.Table:
    """Tags of all rows, scored some at a time so that memory stays bounded."""
    n_rows = len(texts[0])
    starts = range(0, n_rows, ROWS) if n_rows else [0]
    return pa.concat_tables(
        tag_table(model, model.predict([text.slice(start, ROWS) for text in texts]))
        for start in starts
    )


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
    model: Model, names: Sequence[str], texts: Sequence[pa.ChunkedArray], notes: pa.Array | None
) -> pa.Table:
    texts = [column.slice(0, SHOWN) for column in texts]
    tags = _noted(_tag(model, texts), None if notes is None else notes.slice(0, SHOWN))
    shown = pa.table(texts, names=list(names))
    for name, column in zip(tags.column_names, tags.columns, strict=True):
        shown = shown.append_column(name, column)
    return shown


def _count(summary: Summary, tags: pa.Table) -> None:
    summary.rows += tags.num_rows
    for counter, column in (
        (summary.labels, tags.column(0)),
        (summary.status, tags["tag_status"]),
    ):
        for entry in column.value_counts().to_pylist():
            counter[entry["values"]] += entry["counts"]
