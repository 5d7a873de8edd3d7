"""A tagged export as the report needs it: tags, places and amounts, a row per proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from classifier.errors import InputError
from classifier.formats.columns import source_columns
from classifier.formats.naming import find_name
from classifier.formats.pandasframe import FrameRows
from classifier.formats.roles import matches
from classifier.formats.sources import Rows
from classifier.report.money import amounts, is_blank
from classifier.report.wilayah import Wilayah
from classifier.status import AUTOMATIC, BLANK, REVIEW
from classifier.tables import open_table, read_cells
from classifier.taxonomy import Taxonomy

__all__ = ["Proposals", "read_proposals"]

ROLES = ("id", "usulan", "masalah", "kota", "kecamatan", "kelurahan", "opd", "bidang", "anggaran",
         "status")  # fmt: skip
"""Columns of the export that the report looks at, beside the tags."""

_STATUS = (AUTOMATIC, REVIEW, BLANK)
_KNOWN_PLACES = 0.5
"""Share of rows whose kelurahan must be in the official list, or it is another city's."""


@dataclass(frozen=True)
class Proposals:
    """The proposals of one tagged file.

    Attributes
    ----------
    name
        The file's name without its ending.
    rows
        One row per proposal with text. Columns: ``baris`` (number in the file), the roles that
        the file has, ``anggaran`` in rupiah (NaN: none), ``kecamatan`` and ``kelurahan``
        official (empty: unknown), ``sebab`` (why unknown), ``keyakinan`` (0–1 or NaN), and a
        column for each tag, named without ``tag_``.
    columns
        Role or tag -> the file's name of its column.
    blank
        Rows without text, which are in no table.
    facet
        The main facet.
    wilayah
        The official list, or the file's own names.
    official
        Whether ``wilayah`` is an official list.
    """

    name: str
    rows: pd.DataFrame
    columns: dict[str, str]
    blank: int
    facet: str
    wilayah: Wilayah
    official: bool
    cells: pd.DataFrame = field(repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def texts(self) -> pd.Series:
        """What each proposal says, in one piece."""
        parts = [self.rows[name].str.strip() for name in ("usulan", "masalah") if self.has(name)]
        if len(parts) < 2:
            return parts[0] if parts else pd.Series("", index=self.rows.index)
        text: pd.Series = parts[0] + " – " + parts[1]
        return text.str.strip(" –")

    def has(self, *names: str) -> bool:
        """Whether the file has all these roles or tags."""
        return all(name in self.columns for name in names)


def read_proposals(
    export: str | Path | pd.DataFrame,
    taxonomy: Taxonomy | None = None,
    wilayah: Wilayah | None = None,
    *,
    text: Sequence[str] = (),
    sheet: str | None = None,
) -> Proposals:
    """Read a table that ``usulan tag`` has written, or a frame that ``model.tag`` has given.

    Parameters
    ----------
    export
        The tagged file, of any format, or the frame.
    taxonomy
        Facets and labels; the shipped ones by default.
    wilayah
        Official kelurahan; those of Kota Serang by default. If fewer than half of the rows
        name one of these, the file's own names are taken instead.
    text
        Text columns; found by name and content if left out.
    sheet
        Sheet of a workbook; the one with the proposals if left out.

    Raises
    ------
    InputError
        The file cannot be read, or has no tags.
    """
    taxonomy = taxonomy or Taxonomy.load()
    if isinstance(export, pd.DataFrame):
        source: Rows = FrameRows(export)
    else:
        source = open_table(export, sheet)
    facet = next(iter(taxonomy.facets))
    numbers = _tags(source, facet, taxonomy)
    numbers |= _roles(source, text)
    more = _second_opd(source, numbers)
    table, lines = read_cells(source, sorted({*numbers.values(), *more}))
    cells = pd.DataFrame(
        {name: table[str(number)].to_pylist() for name, number in numbers.items()}, dtype=object
    )
    for number in more:
        cells["opd"] = cells["opd"].where(cells["opd"].str.strip() != "", table[str(number)])
    cells.insert(0, "baris", lines)
    _refuse_untagged(source, cells)
    blank = cells["status_tag"].str.strip() == BLANK
    cells = cells[~blank].reset_index(drop=True)
    chosen, official = _wilayah(cells, wilayah or Wilayah.load())
    called = {name: _name(source, number) for name, number in numbers.items()}
    if more:
        called["opd"] += f", bila kosong {_name(source, more[0])}"
    return Proposals(
        source.path.name.removesuffix(".gz").rsplit(".", 1)[0].removesuffix(".tagged"),
        _understood(cells, chosen),
        called,
        int(blank.sum()),
        facet,
        chosen,
        official,
        cells,
    )


def _tags(source: Rows, facet: str, taxonomy: Taxonomy) -> dict[str, int]:
    """Numbers of the tag columns that are there; the export's own ``status`` keeps its name."""
    names = [*taxonomy.facets, f"{facet}_lain", "keyakinan", "alasan", "duplikat"]
    found = {name: find_name(source.header, f"tag_{name}") for name in names}
    found["status_tag"] = find_name(source.header, "tag_status")
    if found[facet] is None or found["status_tag"] is None:
        raise InputError(
            "{path}: has no columns tag_{facet} and tag_status. Run usulan tag on it first and "
            "give the file that it writes.",
            path=source.path,
            facet=facet,
        )
    return {name: number for name, number in found.items() if number is not None}


def _roles(source: Rows, text: Sequence[str]) -> dict[str, int]:
    """Numbers of the columns that are there; by name alone where the content is too messy."""
    found = dict(source_columns(source, text=text))
    for number, name in enumerate(source.header):
        roles = [match.role for match in matches(name)]
        if len(roles) == 1 and number not in found.values():
            found.setdefault(roles[0], number)
    return {role: found[role] for role in ROLES if role in found}


def _name(source: Rows, number: int) -> str:
    return " ".join(source.header[number].split())


def _second_opd(source: Rows, numbers: dict[str, int]) -> list[int]:
    """The column of the first OPD, which stands in where that of the last is blank."""
    first = "opd tujuan akhir"
    if "opd" not in numbers or matches(source.header[numbers["opd"]]) != matches(first):
        return []
    second = matches("opd tujuan awal")
    return [n for n, name in enumerate(source.header) if matches(name) == second][:1]


def _refuse_untagged(source: Rows, cells: pd.DataFrame) -> None:
    wrong = ~cells["status_tag"].str.strip().isin(_STATUS)
    if wrong.any():
        row = cells[wrong].iloc[0]
        raise InputError(
            "{path}: row {row}: tag_status is {status!r}; {allowed} are allowed. Run usulan tag "
            "on the file again.",
            path=source.path,
            row=row["baris"],
            status=row["status_tag"],
            allowed=", ".join(_STATUS),
        )


def _wilayah(cells: pd.DataFrame, wilayah: Wilayah) -> tuple[Wilayah, bool]:
    """The official list, unless the file is of another city."""
    role = "kelurahan" if "kelurahan" in cells else "kecamatan"
    named = [cell for cell in _column(cells, role) if cell.strip()]
    known = sum(wilayah.knows(**{role: cell}) for cell in named)
    if known >= _KNOWN_PLACES * len(named):
        return wilayah, True
    return Wilayah.of_cells(_column(cells, "kelurahan"), _column(cells, "kecamatan")), False


def _column(cells: pd.DataFrame, name: str) -> list[str]:
    return list(cells[name]) if name in cells else [""] * len(cells)


def _understood(cells: pd.DataFrame, wilayah: Wilayah) -> pd.DataFrame:
    """The same rows with places, amounts and confidences read."""
    rows = cells.copy()
    for name in cells.columns.difference(["baris", "usulan", "masalah"]):
        rows[name] = cells[name].str.strip()
    if "anggaran" in cells:
        rows["anggaran"] = amounts(list(cells["anggaran"]))
        rows["anggaran_kosong"] = [is_blank(cell) for cell in cells["anggaran"]]
    if "keyakinan" in cells:
        rows["keyakinan"] = pd.to_numeric(cells["keyakinan"], errors="coerce").astype(np.float64)
    pairs = list(zip(_column(cells, "kelurahan"), _column(cells, "kecamatan"), strict=True))
    places = {pair: wilayah.find(*pair) for pair in set(pairs)}
    rows["kecamatan"] = [places[pair].kecamatan for pair in pairs]
    rows["kelurahan"] = [places[pair].kelurahan for pair in pairs]
    rows["sebab"] = [places[pair].reason for pair in pairs]
    return rows
