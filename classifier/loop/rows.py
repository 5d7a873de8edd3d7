"""Rows to compare models on: labelled ones, or an export as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from classifier.formats.columns import text_columns
from classifier.formats.naming import find_name
from classifier.labelled import TEXT_COLUMNS, Labelled, read_labelled
from classifier.language import _
from classifier.model import Model
from classifier.tables import open_table, read_columns
from classifier.taxonomy import Taxonomy

__all__ = ["labels_of_both", "read_rows"]


def labels_of_both(old: Model, new: Model) -> Taxonomy:
    """Facets and labels of two models, to read the rows by that they are compared on.

    Raises
    ------
    ModelError
        One of the models does not describe its labels.
    """
    facets = dict(old.taxonomy.facets)
    for name, facet in new.taxonomy.facets.items():
        known = facets[name].labels if name in facets else {}
        facets[name] = replace(facet, labels={**known, **facet.labels})
    return Taxonomy(facets, {**old.taxonomy.kelompok, **new.taxonomy.kelompok})


def read_rows(
    path: str | Path,
    taxonomy: Taxonomy,
    text: Sequence[str] = (),
    label_columns: Mapping[str, str] | None = None,
    *,
    sheet: str | None = None,
    labelled: bool = True,
) -> Labelled:
    """Read a table with labels, or without where it has no column called as a facet.

    Parameters are those of :func:`~classifier.labelled.read_labelled`; in a table without
    labels the text columns are found as ``usulan tag`` finds them.

    Parameters
    ----------
    labelled
        If false, the table counts as one without labels, whatever its columns are called.

    Raises
    ------
    InputError
        The table cannot be read, or a named column is not there, or no text column is found.
    LabelError
        A label is unknown or missing; the message names file and row.
    """
    source = open_table(path, sheet)
    facets = [facet for facet in taxonomy.facets if find_name(source.header, facet) is not None]
    if labelled and (label_columns or facets):
        columns = text or TEXT_COLUMNS
        return read_labelled([path], taxonomy, columns, label_columns, sheet=sheet)
    names = [source.header[number] for number in text_columns(source, text)]
    table, rows = read_columns(path, names, sheet=sheet)
    place = _("{path}: row {row}")
    places = tuple(place.format(path=path, row=row) for row in rows)
    return Labelled(tuple(table[name] for name in names), {}, places, "")
