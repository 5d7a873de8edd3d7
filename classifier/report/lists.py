"""Small lists that an office may edit: tables with a header, read whole."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from classifier.errors import InputError
from classifier.resources import shipped
from classifier.tables import read_columns

__all__ = ["read_list"]


def read_list(path: str | Path | None, name: str, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """Rows of a list, each as the cells of ``columns``, outer blanks aside.

    Parameters
    ----------
    path
        The user's file; by default the shipped ``data/<name>``.
    name
        Name of the shipped list.
    columns
        Columns that the list must have.

    Raises
    ------
    InputError
        The list cannot be read, lacks a column, or holds no rows.

    Examples
    --------
    >>> read_list(None, "wilayah.csv", ["kecamatan", "kelurahan"])[1]
    ('Serang', 'Cipare')
    """
    source = Path(path) if path else shipped("data", name)
    table, _ = read_columns(source, columns)
    cells = [table[column].to_pylist() for column in columns]
    rows = [tuple(cell.strip() for cell in row) for row in zip(*cells, strict=True)]
    if not any(any(row) for row in rows):
        raise InputError(
            "{path}: holds no rows. Fill in {columns}.", path=source, columns=", ".join(columns)
        )
    return rows
