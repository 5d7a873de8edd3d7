"""What became of an export, or of many as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from classifier.commands.printing import print_counts, print_drift, print_rows, print_rules

if TYPE_CHECKING:
    from classifier.summary import Summary
    from classifier.tags import Tagger

__all__ = ["print_outcome"]


def print_outcome(name: object, summary: Summary, tagger: Tagger, show: int) -> None:
    """Rows and roles of columns, first rows, counts, the analyst's rules, and the drift."""
    from classifier.drift import drift

    click.echo(f"{name}: {summary.rows} rows, text from {', '.join(summary.text)}.")
    click.echo(f"columns: {summary.mapping}")
    print_rows(summary, show)
    print_counts(summary)
    print_rules(tagger.rules, summary.fired, summary.used)
    if tagger.model.profile and summary.seen.rows:
        print_drift(drift(tagger.model.profile, summary.seen))
