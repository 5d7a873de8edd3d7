"""The report as one HTML page that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from importlib.resources import files

import pandas as pd
from jinja2 import Environment
from markupsafe import Markup, escape

from classifier import __version__
from classifier.report.story import AMOUNT, CHANGE, SHARE, Report, Table
from classifier.report.wording import count, percent

__all__ = ["render_page"]

_LONG, _LOOK_AT = 60, 200
_PARTS = files("classifier.report")


def render_page(report: Report) -> str:
    """The page as text.

    Whatever stands in a cell of the export is shown and does nothing: it is escaped, isolated
    from the direction of the text around it, and the page's policy lets no other script run
    than its own, and nothing be fetched.
    """
    style, script = (_part(name) for name in ("laporan.css", "laporan.js"))
    environment = Environment(autoescape=True, trim_blocks=True)
    return environment.from_string(_part("laporan.html")).render(
        report=report,
        policy=_policy(script),
        style=Markup(style),
        script=Markup(script),
        body=_body,
        count=count,
        is_long=_is_long,
        version=__version__,
    )


def _part(name: str) -> str:
    return _PARTS.joinpath(name).read_text(encoding="utf-8")


def _policy(script: str) -> str:
    """What the page may do: run its own script, use its own styles."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src "
        f"'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def _is_long(table: Table, column: str) -> bool:
    """Whether a column of text needs room, by its first cells."""
    return bool((table.frame[column].head(_LOOK_AT).astype(str).str.len() > _LONG).any())


def _body(table: Table) -> Markup:
    """The rows of a table; column by column, since some have 20,000."""
    columns = [_cells(table, name) for name in table.frame.columns]
    return Markup("\n".join(f"<tr>{''.join(row)}</tr>" for row in zip(*columns, strict=True)))


def _cells(table: Table, column: str) -> list[str]:
    values, kind = table.frame[column], table.kind(column)
    if kind == "teks":
        return [f"<td>{escape(value)}</td>" for value in values]
    shown = _SHOWN[kind]
    return [
        '<td class="n">–</td>'
        if pd.isna(value)
        else f'<td class="n" data-v="{value:.6g}">{shown(value)}</td>'
        if kind == SHARE
        else f'<td class="n" data-v="{value:.0f}">{shown(value)}</td>'
        for value in values
    ]


def _signed(shown: Callable[[float], str]) -> Callable[[float], str]:
    return lambda value: f"{'+' if value > 0 else '−' if value < 0 else ''}{shown(abs(value))}"


def _points(value: float) -> str:
    return f"{100 * value:.1f} poin".replace(".", ",")


_SHOWN: dict[str, Callable[[float], str]] = {
    "jumlah": count,
    AMOUNT: count,
    SHARE: percent,
    f"{CHANGE} jumlah": _signed(count),
    f"{CHANGE} {AMOUNT}": _signed(count),
    f"{CHANGE} {SHARE}": _signed(_points),
}
"""How the numbers of a kind are written."""
