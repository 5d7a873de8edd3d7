"""What a user should know of a tagged export beside its tags; all of it goes to stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from classifier.formats.job import CONTINUED, DIFFERENT, REPLACED

if TYPE_CHECKING:
    from classifier.summary import Summary

__all__ = ["print_notices"]


def print_notices(path: str, summary: Summary) -> None:
    """Columns replaced, interrupted runs, bad rows, and cells that could be formulas."""
    begun = {
        CONTINUED: f"went on after {summary.resumed} rows of an interrupted run",
        REPLACED: "took the place of an interrupted run; --resume would have tried to go on",
        DIFFERENT: "tagged from the start: the interrupted run had another input, model or "
        "options, or nothing that was safe on disk",
    }
    formulas, bad = summary.counts["formulas"], summary.counts["bad"]
    escaped = {
        False: "kept as they are, and a spreadsheet may run them; --safe-excel makes them text",
        True: "made text by an apostrophe",
    }
    notices = {
        f"replaced the old columns {', '.join(summary.replaced)}": summary.replaced,
        f"only sheet {summary.sheet!r} is tagged; proposals are in "
        f"{', '.join(map(repr, summary.others))}, too: give --sheet NAME": summary.others,
        begun.get(summary.begun, ""): summary.begun in begun,
        f"{bad} bad rows are passed through untagged, see {summary.errors}": bad,
        f"{formulas} cells begin like a formula (= + - @): {escaped[summary.safe]}": formulas,
    }
    for notice, holds in notices.items():
        if holds:
            click.echo(f"{path}: {notice}.", err=True)
