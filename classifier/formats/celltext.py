"""Cells of sheets: any value as text, and tags as the values that they stand for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pyarrow as pa

from classifier.errors import OutputError

__all__ = ["NUMBERS", "TagCollector", "Value", "cell_text"]

NUMBERS = ("tag_keyakinan", "tag_duplikat")
"""Tag columns that become numbers where a format has them."""

Value = str | float | None
"""A tag in a cell; None is blank."""


def cell_text(value: Any) -> str:
    """A cell's value as text: no decimal point behind whole numbers, dates as in ISO 8601.

    Examples
    --------
    >>> from datetime import date
    >>> [cell_text(value) for value in (7.0, 569.5, "2.10", True, date(2025, 1, 7), None)]
    ['7', '569.5', '2.10', 'TRUE', '2025-01-07', '']
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(value)


class TagCollector:
    """Takes the tags of each chunk and keeps them until the sheet is written."""

    needs: Sequence[int] = ()
    job = None

    def __init__(self, added: Sequence[str]) -> None:
        self._added = added
        self.counts = Counter[str]()
        self._tables: list[pa.Table] = []

    def write(self, chunk: Any, tags: pa.Table) -> None:
        """Keep one row of ``tags`` for each row of the sheet."""
        self._tables.append(tags)

    def columns(self, rows: int) -> list[list[Value]]:
        """Values of each added column.

        Raises
        ------
        OutputError
            There are not tags for each of the sheet's ``rows``.
        """
        found = sum(tags.num_rows for tags in self._tables)
        if found != rows:
            raise OutputError(
                "tags for {tagged} of {rows} rows: nothing was written.", tagged=found, rows=rows
            )
        if not self._tables:
            return [[] for _ in self._added]
        tags = pa.concat_tables(self._tables)
        return [_values(name, tags[name].to_pylist()) for name in self._added]


def _values(name: str, texts: Sequence[str | None]) -> list[Value]:
    if name in NUMBERS:
        return [float(text) if text else None for text in texts]
    return [text or None for text in texts]
