"""Findings as CSV that Excel opens by a double click, in an office with Indonesian settings."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from classifier.formats.formulas import plain

__all__ = ["excel_csv"]


def excel_csv(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> bytes:
    """UTF-8 with byte order mark, ``;`` between cells, an apostrophe before formulas.

    Examples
    --------
    >>> excel_csv(["teks"], [{"teks": "=1+1"}]).decode("utf-8-sig").split()
    ['teks', "'=1+1"]
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(columns)
    writer.writerows([plain(row[name]) for name in columns] for row in rows)
    return text.getvalue().encode("utf-8-sig")
