"""Options that several commands share."""

from __future__ import annotations

import click

from classifier.errors import UsageError
from classifier.language import _

__all__ = [
    "force_option",
    "label_columns",
    "label_option",
    "model_option",
    "no_taxonomy_option",
    "precision_option",
    "rules_option",
    "sheet_option",
    "taxonomy_option",
    "text_option",
]

model_option = click.option(
    "--model", "model_path", type=click.Path(), help="Model file.  [default: the starter model]"
)
taxonomy_option = click.option(
    "--taxonomy", "taxonomy_path", type=click.Path(), help="Label file.  [default: Kota Serang]"
)
no_taxonomy_option = click.option(
    "--no-taxonomy", is_flag=True, help="Take the labels from the data, as they are written there."
)
text_option = click.option(
    "--text", multiple=True, metavar="COLUMN", help="Text column; repeatable."
)
id_option = click.option(
    "--id", "id_column", metavar="COLUMN", help="Column of the proposals' ids."
)
sheet_option = click.option(
    "--sheet", metavar="NAME", help="Sheet of a workbook.  [default: the one with proposals]"
)
label_option = click.option(
    "--label", "labels", multiple=True, metavar="FACET=COLUMN",
    help="Column of a facet's labels, if called otherwise; repeatable.",
)  # fmt: skip


def _number(context: click.Context, option: click.Parameter, value: float) -> float:
    """Refuse NaN, which no range does."""
    if value != value:
        raise click.BadParameter(_("nan is not a share."), context, option)
    return value


precision_option = click.option(
    "--target-precision", "precision", default=0.95, show_default=True, callback=_number,
    type=click.FloatRange(0, 1, min_open=True),
    help="Share to be right among the rows tagged without a human.",
)  # fmt: skip
rules_option = click.option(
    "--rules", type=click.Path(),
    help="Your own rules: a table with columns frasa, facet, label, mode.",
)  # fmt: skip


def _threads(context: click.Context, option: click.Parameter, value: int | None) -> int | None:
    """Refuse what is no number of threads, before anything is read."""
    if value is None:
        return None
    from classifier.pipeline import threads

    try:
        return threads(value)
    except UsageError as error:
        raise click.BadParameter(str(error), context, option) from None


jobs_option = click.option(
    "--jobs", type=int, metavar="N", callback=_threads,
    help="Threads that score.  [default: 2, on one core 1]",
)  # fmt: skip
force_option = click.option("--force", is_flag=True, help="Replace existing output.")


def label_columns(options: tuple[str, ...], name: str = "--label") -> dict[str, str]:
    """Facet -> column, from FACET=COLUMN options of that name."""
    pairs = [option.partition("=") for option in options]
    for facet, equals, column in pairs:
        if not equals or not facet or not column:
            raise click.BadParameter(
                _("{option!r} is not FACET=COLUMN.", option=facet), param_hint=name
            )
    return {facet: column for facet, _equals, column in pairs}
