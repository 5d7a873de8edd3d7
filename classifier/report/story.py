"""What a report is made of: sections with a message, charts, and the tables behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd

__all__ = ["AMOUNT", "CHANGE", "SHARE", "Chart", "Report", "Section", "Table"]

AMOUNT, SHARE, CHANGE = "rupiah", "persen", "beda"
"""Kinds of columns beside text and whole numbers."""

PRINTED = 100
"""Rows from which a table would fill too many sheets of paper."""


@dataclass(frozen=True)
class Table:
    """A table for the page and the workbook.

    Attributes
    ----------
    key
        Name of its sheet, and of its place on the page.
    title
        What it shows.
    frame
        Its cells; the column names are those that readers see.
    kinds
        Kind of a column, where it is :data:`AMOUNT`, :data:`SHARE` or :data:`CHANGE`.
    screen
        Whether the page shows it on a screen only, as it does all long ones.
    """

    key: str
    title: str
    frame: pd.DataFrame
    kinds: Mapping[str, str] = field(default_factory=dict)
    screen: bool = False

    @property
    def on_paper(self) -> bool:
        """Whether it is printed: short enough, and of use there."""
        return not self.screen and len(self.frame) <= PRINTED

    def kind(self, column: str) -> str:
        """``teks``, ``jumlah``, or the kind that was given.

        Examples
        --------
        >>> Table("a", "A", pd.DataFrame({"Nama": ["x"], "Usulan": [1]})).kind("Usulan")
        'jumlah'
        """
        if column in self.kinds:
            return self.kinds[column]
        return "jumlah" if pd.api.types.is_numeric_dtype(self.frame[column]) else "teks"


@dataclass(frozen=True)
class Chart:
    """A picture as SVG, and what it shows in words for who cannot see it."""

    svg: str
    alt: str

    def _repr_html_(self) -> str:
        return f'<figure role="img" aria-label="{escape(self.alt)}">{self.svg}</figure>'


@dataclass(frozen=True)
class Section:
    """A part of the report: ``message`` says in a sentence what is to be seen."""

    key: str
    topic: str
    message: str
    notes: tuple[str, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()

    def _repr_html_(self) -> str:
        """The message and the pictures, for a notebook; the tables are frames by themselves."""
        notes = "".join(f"<li>{escape(note)}</li>" for note in self.notes)
        pictures = "".join(chart._repr_html_() for chart in self.charts)
        return f"<p><b>{escape(self.message)}</b></p>{pictures}<ul>{notes}</ul>"


@dataclass(frozen=True)
class Report:
    """Title, the figures that stand first (number, what it counts), notes, and the sections."""

    title: str
    source: str
    headline: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
