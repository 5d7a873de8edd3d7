"""Numbers and lists in Bahasa Indonesia."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

__all__ = ["FEW", "count", "listed", "percent", "quoted", "rupiah", "share"]

FEW = 10
"""Rows below which no percentage is shown: one row more or less would change it too much."""


def count(number: float) -> str:
    """A whole number.

    Examples
    --------
    >>> count(12345)
    '12.345'
    """
    return f"{number:,.0f}".replace(",", ".")


def rupiah(amount: float) -> str:
    """An amount, rounded to three figures as one would say it.

    Examples
    --------
    >>> [rupiah(amount) for amount in (1.2345e10, 85e6, 2.5e6, 7500, 0)]
    ['Rp12,3 miliar', 'Rp85 juta', 'Rp2,5 juta', 'Rp7.500', 'Rp0']
    """
    for size, name in ((1e12, "triliun"), (1e9, "miliar"), (1e6, "juta")):
        if abs(amount) >= size:
            number = float(f"{amount / size:.3g}")
            return f"Rp{f'{number:.4g}'.replace('.', ',')} {name}"
    return f"Rp{count(amount)}"


def share(part: float, whole: float) -> float | None:
    """A share, or None of too few rows to speak of one.

    Examples
    --------
    >>> share(30, 40), share(3, 4)
    (0.75, None)
    """
    return part / whole if whole >= FEW else None


def percent(part: float | None) -> str:
    """A share in per cent; a dash where there is none.

    Examples
    --------
    >>> percent(0.254), percent(0.004), percent(0.0), percent(None)
    ('25%', '<1%', '0%', '–')
    """
    if part is None or pd.isna(part):
        return "–"
    return "<1%" if 0 < part < 0.005 else f"{part:.0%}"


def listed(names: Sequence[str], most: int | None = None) -> str:
    """Names joined as in a sentence; how many there are beyond ``most``.

    Examples
    --------
    >>> listed(["jalan", "banjir", "pju"]), listed(["jalan", "banjir", "pju"], 1)
    ('jalan, banjir, dan pju', 'jalan dan 2 lainnya')
    """
    shown = list(names if most is None else names[:most])
    if len(names) > len(shown):
        shown.append(f"{count(len(names) - len(shown))} lainnya")
    if len(shown) < 3:
        return " dan ".join(shown)
    return f"{', '.join(shown[:-1])}, dan {shown[-1]}"


def quoted(names: Sequence[str]) -> str:
    """Names that may hold commas and *dan* themselves, as in a sentence.

    Examples
    --------
    >>> quoted(["Pasar, koperasi, dan UKM", "Kesehatan"])
    '“Pasar, koperasi, dan UKM” dan “Kesehatan”'
    """
    return listed([f"“{name}”" for name in names])
