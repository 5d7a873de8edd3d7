"""Charts as SVG to stand inside a page: text as text, colours that all can tell apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import LinearSegmentedColormap, to_rgba
from matplotlib.figure import Figure
from numpy.typing import NDArray

from classifier.report.wording import count

__all__ = ["Panel", "bars", "heat_map", "stacked"]

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#E69F00", "#009E73", "#B8BEC4"
"""From Okabe and Ito's palette, and a grey for what stands aside."""

_INK, _PAPER, _EMPTY = "#1d252c", "#ffffff", "#f1f3f4"
_SHADES = LinearSegmentedColormap.from_list("biru", ["#cfe3f1", BLUE, "#00344f"])
_CORNERS = np.array([[-0.45, -0.43], [0.45, -0.43], [0.45, 0.43], [-0.45, 0.43]])
_DARK = 0.35
"""Shade from which the number in a field is white."""

_WIDTH, _LINE = 7.4, 0.25  # inches: the page's column, a line of text
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none", "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9, "text.color": _INK, "axes.labelcolor": _INK, "xtick.color": _INK,
    "ytick.color": _INK, "axes.spines.top": False, "axes.spines.right": False,
    "axes.spines.bottom": False, "axes.edgecolor": GREY, "ytick.major.size": 0,
    "xtick.major.size": 0, "figure.constrained_layout.use": True,
}  # fmt: skip
_UNUSED_ID = re.compile(r' id="[a-z0-9.]+_\d+"')


@dataclass(frozen=True)
class Panel:
    """Bars side by side with others: lengths, and the words beside them, a row per series."""

    title: str
    lengths: Sequence[Sequence[float]]
    labels: Sequence[Sequence[str]]


@rc_context(_STYLE)
def bars(names: Sequence[str], panels: Sequence[Panel], series: Sequence[str] = ("",)) -> str:
    """Horizontal bars, the first name on top, each with its value in words.

    Parameters
    ----------
    names
        What each line of bars is.
    panels
        Bars over the same names, side by side.
    series
        Names of the series, the earlier first; only the last is in colour.
    """
    figure = Figure(figsize=(_WIDTH, _LINE * (len(names) * (0.5 + len(series) / 2) + 2)))
    axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    thick = 0.8 / len(series)
    for ax, panel in zip(axes, panels, strict=True):
        for number, name in enumerate(series):
            places = np.arange(len(names)) + (number - (len(series) - 1) / 2) * thick
            colour = BLUE if number == len(series) - 1 else GREY
            drawn = ax.barh(places, panel.lengths[number], thick * 0.9, color=colour, label=name)
            ax.bar_label(drawn, panel.labels[number], padding=3, fontsize=8)
        ax.set_title(panel.title, loc="left", fontsize=9, pad=8)
        ax.margins(x=0.3 if len(panels) > 1 else 0.15, y=0.01)
        ax.set_xticks([])
    axes[0].set_yticks(range(len(names)), names)
    axes[0].invert_yaxis()
    if len(series) > 1:
        axes[-1].legend(frameon=False, fontsize=8, loc="lower right")
    return _svg(figure)


@rc_context(_STYLE)
def stacked(table: pd.DataFrame, colours: Sequence[str] = (BLUE, ORANGE, GREEN, GREY)) -> str:
    """Bars of equal length, divided by each column's share of its row; numbers stand inside.

    Parameters
    ----------
    table
        Numbers, rows named by the index, the first on top.
    """
    figure = Figure(figsize=(_WIDTH, _LINE * (len(table) * 1.2 + 1.6)))
    ax = figure.subplots()
    shares = table.div(table.sum(axis=1).clip(lower=1), axis=0)
    left: NDArray[np.float64] = np.zeros(len(table))
    for name, colour in zip(table.columns, colours, strict=False):
        lengths = shares[name].to_numpy(float)
        drawn = ax.barh(range(len(table)), lengths, 0.76, left=left, color=colour, label=name)
        numbers = [
            count(n) if part > 0.03 else "" for n, part in zip(table[name], lengths, strict=True)
        ]
        ink = _PAPER if colour in (BLUE, GREEN) else _INK
        ax.bar_label(drawn, numbers, label_type="center", color=ink, fontsize=8)
        left = left + lengths
    ax.set_yticks(range(len(table)), [str(name) for name in table.index])
    ax.invert_yaxis()
    ax.set_xticks([])
    ax.set_xlim(0, 1)
    ax.spines["left"].set_visible(False)
    ax.legend(
        frameon=False, fontsize=8, ncols=len(table.columns), loc="lower left",
        bbox_to_anchor=(0, 1), borderaxespad=0.2, handlelength=1, handleheight=1,
    )  # fmt: skip
    return _svg(figure)


@rc_context(_STYLE)
def heat_map(matrix: pd.DataFrame, groups: Sequence[str]) -> str:
    """A field for each number, darker for larger ones; the field of a zero is empty.

    Parameters
    ----------
    matrix
        Numbers; rows and columns are named by index and columns.
    groups
        The group of each row; rows of a group stand together, a gap between groups.
    """
    numbers = matrix.to_numpy(int)
    new = [group != before for group, before in zip(groups, [None, *groups], strict=False)]
    places = np.arange(len(numbers)) + np.cumsum(new) * 1.1
    bottom = float(places[-1]) if len(places) else 0.0
    figure = Figure(figsize=(_WIDTH, _LINE * (bottom * 0.5 + 7)))
    ax = figure.subplots()
    shade = np.sqrt((numbers - 1).clip(0) / max(int(numbers.max(initial=0)) - 1, 1))
    _fields(ax, places, numbers, shade)
    for place, group in zip(places[new], np.array(groups)[new], strict=True):
        ax.text(-0.45, place - 0.95, str(group), fontsize=8, va="center", weight="bold")
    ax.set_yticks(places, [str(name) for name in matrix.index], fontsize=7.5)
    ax.set_xticks(range(numbers.shape[1]), list(matrix.columns), rotation=60, ha="left")
    ax.tick_params(axis="x", labeltop=True, labelbottom=False, labelsize=7.5, pad=0)
    ax.set_xlim(-0.5, numbers.shape[1])
    ax.set_ylim(bottom + 0.6, -0.4)
    ax.spines["left"].set_visible(False)
    return _svg(figure)


def _fields(
    ax: Axes, places: NDArray[np.float64], numbers: NDArray[np.int64], shade: NDArray[np.float64]
) -> None:
    """The fields of a heat map as one collection, and the numbers in them."""
    columns = np.arange(numbers.shape[1])
    middles = np.stack(np.meshgrid(columns, places), axis=-1).reshape(-1, 1, 2)
    colours = np.where(numbers.reshape(-1, 1) > 0, _SHADES(shade.ravel()), to_rgba(_EMPTY))
    ax.add_collection(PolyCollection(middles + _CORNERS, facecolors=colours, clip_on=False))
    for row, column in zip(*np.nonzero(numbers), strict=True):
        ink = _PAPER if shade[row, column] > _DARK else _INK
        ax.text(
            float(column), float(places[row]), str(numbers[row, column]),
            color=ink, fontsize=7, ha="center", va="center_baseline", in_layout=False,
        )  # fmt: skip


def _svg(figure: Figure) -> str:
    """The figure as an element for a page: no prologue, no date, equal bytes for equal data."""
    stream = StringIO()
    with rc_context({"svg.hashsalt": "usulan"}):
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": None})
    svg = stream.getvalue()
    svg = re.sub(r"<metadata>.*?</metadata>", "", svg[svg.index("<svg") :], flags=re.DOTALL)
    svg = re.sub(r"\d+\.\d{4,}", lambda number: f"{float(number[0]):.2f}", svg)
    return _UNUSED_ID.sub("", svg).strip()
