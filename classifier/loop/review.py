"""A tagged export -> a review sheet."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.arrays import numbers
from classifier.atomic import refuse_existing, refuse_input, write_bytes
from classifier.errors import InputError, OutputError
from classifier.labelled import cell_labels
from classifier.loop.form import Form
from classifier.loop.novelty import NewWords
from classifier.loop.queue import review_order, same_request
from classifier.loop.sheet import Item, workbook
from classifier.loop.tagged import DUPLICATES, TaggedRows, read_tagged
from classifier.model import Model
from classifier.seen import seen_places
from classifier.tags import tag_columns
from classifier.training import today

__all__ = ["MOST", "Reviewed", "review"]

MOST = 200
"""Rows of a sheet unless more are asked for: about an hour's work."""


@dataclass(frozen=True)
class Reviewed:
    """How many rows there are, how many are worth a look, and how many a sheet holds."""

    rows: int
    worthy: int
    shown: int
    doubtful: int


def review(
    path: str | Path,
    model: Model,
    output: str | Path,
    text: Sequence[str] = (),
    *,
    id_column: str | None = None,
    sheet: str | None = None,
    most: int = MOST,
    overwrite: bool = False,
) -> Reviewed:
    """Write the sheet of the rows that are worth a human's minute.

    Parameters
    ----------
    path
        A table that ``usulan tag`` wrote.
    model
        The model that it was tagged with.
    output
        Workbook to write, ``.xlsx``.
    text, id_column, sheet
        As :func:`~classifier.tagging.tag_file` has them.
    most
        Rows at most.
    overwrite
        Whether an existing file may be replaced.

    Raises
    ------
    InputError
        The table cannot be read, was not tagged with these labels, or no row is worth a look.
    OutputError
        The output exists, is the input, or is no ``.xlsx``.
    """
    target = Path(output)
    if target.suffix.lower() != ".xlsx":
        raise OutputError("{path}: is a workbook. Give a name that ends in .xlsx.", path=target)
    refuse_input(target, [path])
    refuse_existing(target, overwrite=overwrite)
    form = Form.of(model)
    tagged = read_tagged(path, tag_columns(model), text, id_column=id_column, sheet=sheet)
    _refuse_foreign(path, tagged, form)
    found = tagged.tags[DUPLICATES] if DUPLICATES in tagged.tags.column_names else None
    groups = same_request(tagged.texts, model.lexicon, found)
    rows = _unseen(model, tagged)
    examples = model.record["rows_per_label"][form.main]
    words = NewWords.of(model, tagged.texts).take(rows)
    tags = tagged.tags.take(numbers(rows))
    order = rows[review_order(tags, groups[rows], examples, words, most)]
    if not len(order):
        raise InputError(
            "{path}: holds no row with words that the model was not trained on. Give another "
            "table.",
            path=path,
        )
    items = _items(tagged, form, order[:most].tolist(), np.bincount(groups)[groups].tolist())
    doubtful = tagged.tags["tag_status"].to_pylist().count("tinjau")
    done = Reviewed(len(tagged.ids), len(order), len(items), doubtful)
    book = workbook(items, form, _origin(path, model, form, done))
    content = io.BytesIO()
    book.save(content)
    write_bytes(target, content.getvalue(), overwrite=overwrite)
    return done


def _unseen(model: Model, tagged: TaggedRows) -> NDArray[np.int64]:
    """Rows that the model was not trained on; a person has labelled the others already."""
    places = seen_places(model, tagged.texts)
    return np.flatnonzero(places < 0) if places is not None else np.arange(len(tagged.ids))


def _refuse_foreign(path: str | Path, tagged: TaggedRows, form: Form) -> None:
    """Raise InputError if a row has a label that the model does not know."""
    columns = {f"tag_{name}": facet.labels for name, facet in form.facets.items()}
    columns[f"tag_{form.main}_lain"] = form.facets[form.main].labels
    for name, allowed in columns.items():
        for cell, number in zip(tagged.tags[name].to_pylist(), tagged.numbers, strict=True):
            unknown = [label for label in cell_labels(cell) if label not in allowed]
            if unknown:
                raise InputError(
                    "{path}: row {row}, {column}: {label!r} is no label of the model. Give the "
                    "--model that the table was tagged with.",
                    path=path,
                    row=number,
                    column=name,
                    label=unknown[0],
                )


def _items(
    tagged: TaggedRows, form: Form, rows: Sequence[int], similar: Sequence[int]
) -> list[Item]:
    texts = [column.take(rows).to_pylist() for column in tagged.texts]
    tags = tagged.tags.take(rows).to_pylist()
    return [
        Item(
            texts=_two([column[k] for column in texts]),
            labels=_labels(tags[k], form),
            choices=tags[k]["tag_pilihan"],
            reason=tags[k]["tag_alasan"],
            similar=similar[row],
            id=tagged.ids[row],
            place=tagged.places[row],
        )
        for k, row in enumerate(rows)
    ]


def _two(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts of at most two columns; what stands in further ones is joined to the second."""
    rest = "\n".join(text for text in texts[1:] if text.strip())
    return (texts[0], rest) if len(texts) > 1 else (texts[0],)


def _labels(tags: dict[str, str], form: Form) -> dict[str, str]:
    """Facet -> what the tool says, the main label first."""
    labels = {facet: tags[f"tag_{facet}"] for facet in form.facets}
    further = tags[f"tag_{form.main}_lain"]
    return labels | {form.main: ";".join(filter(None, [labels[form.main], further]))}


def _origin(path: str | Path, model: Model, form: Form, done: Reviewed) -> dict[str, str]:
    return {
        "Berkas asal": f"{Path(path).name}: {done.rows} baris, {done.doubtful} berstatus tinjau; "
        f"{done.shown} di lembar ini",
        "Dibuat": today().isoformat(),
        "Model": f"{form.model}, dilatih {model.record['date']} pada {model.record['rows']} baris",
        "Daftar label": form.labels,
    }
