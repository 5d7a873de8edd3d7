"""Rupiah amounts as Indonesian offices write them; what can be read in two ways is not read."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["MOST", "amounts", "is_blank", "rupiah"]

MOST = 1e13
"""An amount from here on is another number in the wrong column, such as an NIK."""

_UNITS = {
    "": 1.0, "rb": 1e3, "ribu": 1e3, "jt": 1e6, "juta": 1e6,
    "m": 1e9, "mlr": 1e9, "miliar": 1e9, "milyar": 1e9, "t": 1e12, "triliun": 1e12,
}  # fmt: skip
_BLANK = {"", "-", "–", "—", "null", "undefined", "nan", "none", "n/a"}
_CELL = re.compile(
    r"(?:(?:rp|idr)\b\.?)?\s*(?P<number>\d[\d.,\s]*?)\s*(?:[.,]?\s*[-–—]{1,2})?"
    r"\s*(?P<unit>[a-z]*)\.?\s*(?:[.,]?\s*[-–—]{1,2})?",
    re.ASCII,
)
_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?P<mark>[.,\s])\d{3}(?:(?P=mark)\d{3})*)(?P<rest>.*)", re.ASCII
)
_DECIMAL = re.compile(r"[.,]\d+", re.ASCII)


def rupiah(cell: str) -> float | None:
    """An amount in rupiah, or None if it cannot be read, or in more than one way.

    Dots (or blanks) between groups of three digits are thousands, a comma or dot before other
    digits is a decimal mark. ``1,500`` is 1.5 here and 1500 elsewhere, ``1.500 juta`` may be
    either: neither is read.

    Examples
    --------
    >>> [rupiah(cell) for cell in ("Rp 1.000.000,-", "1.000.000,00", "Rp1,5 jt", "2 M", "569.5")]
    [1000000.0, 1000000.0, 1500000.0, 2000000000.0, 569.5]
    >>> [rupiah(cell) for cell in ("1,500", "1.500 juta", "5-10 juta", "lima juta", "")]
    [None, None, None, None, None]
    """
    text = " ".join(cell.split()).casefold()
    text = re.sub(r"^(rp|idr)(?=\d)", r"\1 ", text.removesuffix("rupiah").strip())
    found = _CELL.fullmatch(text)
    if found is None or found["unit"] not in _UNITS:
        return None
    number = _number(found["number"], exact=found["unit"] == "")
    amount = None if number is None else number * _UNITS[found["unit"]]
    return amount if amount is None or amount < MOST else None


def _number(text: str, *, exact: bool) -> float | None:
    """The number that digits and marks mean; ``exact`` if no unit such as juta follows."""
    grouped = _GROUPED.fullmatch(text)
    if text[0] == "0" and (grouped or text[1:2].isdigit()):  # a telephone number, a code
        return None
    if grouped is None:
        whole = re.match(r"\d+", text)
        return _joined(whole[0], text[whole.end() :]) if whole else None
    mark, groups, rest = grouped["mark"], grouped["whole"], grouped["rest"]
    once = len(groups) <= len("123.456") and not rest
    if rest.startswith(mark) or (once and (mark == "," or not exact)):
        return None
    return _joined(re.sub(r"\D", "", groups), rest)


def _joined(whole: str, rest: str) -> float | None:
    if rest and not _DECIMAL.fullmatch(rest):
        return None
    return float(f"{whole}.{rest[1:]}") if rest else float(whole)


def is_blank(cell: str) -> bool:
    """Whether a cell says that there is no amount.

    Examples
    --------
    >>> is_blank(" - "), is_blank("0")
    (True, False)
    """
    return cell.strip().casefold() in _BLANK


def amounts(cells: Sequence[str]) -> NDArray[np.float64]:
    """Amounts of cells, shape (n_cells,); NaN where a cell is blank or cannot be read.

    Examples
    --------
    >>> amounts(["Rp 5.000", "-"]).tolist()
    [5000.0, nan]
    """
    known = {cell: rupiah(cell) for cell in set(cells)}
    return np.array([known[cell] for cell in cells], np.float64)
