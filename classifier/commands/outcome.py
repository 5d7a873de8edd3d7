"""What became of an export, or of many as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from classifier.commands.printing import print_counts, print_drift, print_rows, print_rules
from classifier.language import _

if TYPE_CHECKING:
    from classifier.summary import Summary
    from classifier.tags import Tagger

__all__ = ["print_outcome"]


def print_outcome(name: object, summary: Summary, tagger: Tagger, show: int) -> None:
    """Rows and roles of columns, first rows, counts, the analyst's rules, and the drift."""
    from classifier.drift import drift

    columns = ", ".join(summary.text)
    click.echo(
        _(
            "{name}: {rows} rows, text from {columns}.",
            name=name,
            rows=summary.rows,
            columns=columns,
        )
    )
    click.echo(_("columns: {columns}", columns=summary.mapping))
    print_rows(summary, show)
    print_counts(summary)
    print_rules(tagger.rules, summary.fired, summary.used)
    if tagger.model.profile and summary.seen.rows:
        print_drift(drift(tagger.model.profile, summary.seen))
