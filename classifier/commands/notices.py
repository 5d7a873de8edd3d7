"""What a user should know of a tagged export beside its tags; all of it goes to stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from classifier.formats.job import CONTINUED, DIFFERENT, REPLACED
from classifier.language import _

if TYPE_CHECKING:
    from classifier.summary import Summary

__all__ = ["print_notices"]


def print_notices(path: str, summary: Summary) -> None:
    """Columns replaced, interrupted runs, bad rows, and cells that could be formulas."""
    begun = {
        CONTINUED: _("went on after {rows} rows of an interrupted run", rows=summary.resumed),
        REPLACED: _("took the place of an interrupted run; --resume would have tried to go on"),
        DIFFERENT: _(
            "tagged from the start: the interrupted run had another input, model or options, or "
            "nothing that was safe on disk"
        ),
    }
    replaced, others = ", ".join(summary.replaced), ", ".join(map(repr, summary.others))
    bad = summary.counts["bad"]
    notices = {
        _("replaced the old columns {columns}", columns=replaced): summary.replaced,
        _(
            "only sheet {sheet!r} is tagged; proposals are in {others}, too: give --sheet NAME",
            sheet=summary.sheet,
            others=others,
        ): summary.others,
        begun.get(summary.begun, ""): summary.begun in begun,
        _(
            "{rows} bad rows are passed through untagged, see {path}",
            rows=bad,
            path=summary.errors,
        ): bad,
        _formulas(summary): summary.counts["formulas"],
    }
    for notice, holds in notices.items():
        if holds:
            click.echo(f"{path}: {notice}.", err=True)


def _formulas(summary: Summary) -> str:
    """What became of cells that a spreadsheet could run."""
    cells = summary.counts["formulas"]
    if summary.safe:
        return _(
            "{cells} cells begin like a formula (= + - @): made text by an apostrophe", cells=cells
        )
    return _(
        "{cells} cells begin like a formula (= + - @): kept as they are, and a spreadsheet may "
        "run them; --safe-excel makes them text",
        cells=cells,
    )
