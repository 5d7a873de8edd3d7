"""Corrections from review sheets -> rows of a labelled CSV, appended and never changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from classifier.arrays import strings
from classifier.atomic import refuse_input
from classifier.labelled import SEPARATOR, SOURCE, TEXT_COLUMNS
from classifier.language import _
from classifier.lexicon import Lexicon
from classifier.loop.form import KUNCI, Form
from classifier.loop.labelledfile import LabelledFile, LabelledRow
from classifier.loop.provenance import provenance
from classifier.loop.returned import Returned, read_returned, refuse_open
from classifier.loop.verdicts import Refusal, agree, verdict
from classifier.model import Model
from classifier.text import standardize

__all__ = ["Merged", "merge"]


@dataclass
class Merged:
    """What became of the rows of some sheets.

    Attributes
    ----------
    added, known, blank
        Rows appended, rows that were there already or stood twice, and rows in which
        nothing was filled in.
    problems
        Place and reason of each filled row that was not taken.
    """

    added: int = 0
    known: int = 0
    blank: int = 0
    problems: list[str] = field(default_factory=list)


def merge(
    sheets: Sequence[str | Path],
    into: str | Path,
    model: Model,
    *,
    who: str = "",
    sheet: str | None = None,
) -> Merged:
    """Append what people filled in or confirmed to a labelled CSV, which is made if need be.

    Rows are the same if their words are, in standard form; numbers do not count. A row that
    is there already with these labels is not appended again. Rows that contradict one another
    or the CSV are not taken, nor are rows that were altered.

    Parameters
    ----------
    sheets
        Review sheets that came back.
    into
        The labelled CSV; its bytes stay as they are, with rows below them.
    model
        One with the labels that the sheets were made with.
    who
        Who filled them in; as their instructions say if left out.
    sheet
        Name of the sheet in the workbooks; found by its key if left out.

    Raises
    ------
    InputError
        A sheet cannot be read, or is no review sheet, or a file is open in a spreadsheet.
    OutputError
        The CSV cannot be written, is none by its name, or lacks columns.
    """
    target, form, merged = Path(into), Form.of(model), Merged()
    refuse_input(target, sheets)
    refuse_open(target)
    labelled = LabelledFile.open(target, form)
    rows: list[LabelledRow] = []
    for path in sheets:
        returned = read_returned(path, form, sheet)
        rows += _filled(returned, form, who or returned.reviewer, merged)
    rows = _once(_with_texts(rows, model.lexicon), merged)
    there = _by_text(_with_texts(list(labelled.rows(form)), model.lexicon))
    new = [row for row in rows if _is_new(row, there.get(row.text, []), target.name, merged)]
    if new:
        labelled.append(new)
    merged.added = len(new)
    return merged


def _filled(returned: Returned, form: Form, who: str, merged: Merged) -> Iterator[LabelledRow]:
    """The rows of a sheet in which something was filled in and can be taken."""
    for line in returned.lines:
        if line.broken:
            merged.problems.append(
                _("{place}: cannot be read as a row of CSV.", place=returned.place(line.number))
            )
            continue
        try:
            labels = verdict(line.cells, form)
        except Refusal as refusal:
            place = returned.place(line.number, refusal.column)
            merged.problems.append(f"{place}: {refusal}.")
            continue
        if labels is None:
            merged.blank += any(line.cells.values())
            continue
        source = {SOURCE: provenance(who, line.cells[KUNCI])}
        yield LabelledRow(returned.place(line.number, "usulan"), {**line.cells, **source}, labels)


def _with_texts(rows: Sequence[LabelledRow], lexicon: Lexicon) -> list[LabelledRow]:
    """The rows with their words in standard form, or their text where it has no words."""
    columns = [[row.cells.get(name, "") for row in rows] for name in TEXT_COLUMNS]
    tokens = standardize([strings(column) for column in columns], lexicon)
    words: list[list[str]] = [[] for _ in rows]
    names = tokens.words.to_pylist()
    for row, code in zip(tokens.rows.tolist(), tokens.codes.tolist(), strict=True):
        words[row].append(names[code])
    raw = ["\n".join(cells) for cells in zip(*columns, strict=True)]
    return [
        replace(row, text=" ".join(said) or plain)
        for row, said, plain in zip(rows, words, raw, strict=True)
    ]


def _by_text(rows: Sequence[LabelledRow]) -> dict[str, list[LabelledRow]]:
    groups: dict[str, list[LabelledRow]] = {}
    for row in rows:
        groups.setdefault(row.text, []).append(row)
    return groups


def _once(rows: Sequence[LabelledRow], merged: Merged) -> list[LabelledRow]:
    """Rows of the same text as one that says what all say; none where they contradict."""
    taken = []
    for group in _by_text(rows).values():
        against = {
            one.place: next((o.place for o in group if not agree(one.labels, o.labels)), None)
            for one in group
        }
        if any(against.values()):
            merged.problems += [
                _(
                    "{place}: labelled otherwise in {other}; none was taken. Make them agree, or "
                    "clear one.",
                    place=place,
                    other=other or _("rows beside it"),
                )
                for place, other in against.items()
            ]
            continue
        labels = {facet: said for row in group for facet, said in row.labels.items()}
        first = min(group, key=lambda row: [row.cells.get(name, "") for name in TEXT_COLUMNS])
        merged.known += len(group) - 1
        taken.append(replace(first, labels=labels))
    return taken


def _is_new(row: LabelledRow, there: Sequence[LabelledRow], name: str, merged: Merged) -> bool:
    """Whether a row says something that no row of the CSV says; contradictions are told."""
    agreeing = [old for old in there if agree(row.labels, old.labels)]
    if any(row.labels.keys() <= old.labels.keys() for old in agreeing):
        merged.known += 1
        return False
    if len(agreeing) < len(there):
        old = next(old for old in there if old not in agreeing)
        facet = next(f for f in row.labels if not agree({f: row.labels[f]}, old.labels))
        said, was = (SEPARATOR.join(labels[facet]) or "–" for labels in (row.labels, old.labels))
        merged.problems.append(
            _(
                "{place}: {facet} {label} here, but {other} in {there}; that one was kept. "
                "Correct whichever is wrong.",
                place=row.place,
                facet=facet,
                label=said,
                other=was,
                there=old.place,
            )
        )
        return False
    return True
