"""The commands of the analyst's loop: review and merge."""

from __future__ import annotations

import click

from classifier.commands.options import (
    force_option,
    id_option,
    model_option,
    sheet_option,
    text_option,
)
from classifier.language import _

__all__ = ["merge", "review"]


@click.command()
@click.argument("tagged", type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(), help="Workbook (.xlsx) to write.")
@click.option(
    "--max", "most", default=200, show_default=True, type=click.IntRange(1), help="Rows at most."
)
@model_option
@text_option
@id_option
@sheet_option
@force_option
def review(
    tagged: str,
    output: str,
    most: int,
    model_path: str | None,
    text: tuple[str, ...],
    id_column: str | None,
    sheet: str | None,
    force: bool,
) -> None:
    """Write a sheet of the rows that are worth a human's minute.

    TAGGED is what 'usulan tag' wrote. The sheet has drop-downs for corrections, a guide to
    the labels and instructions; 'usulan merge' takes what is filled in. Doubtful rows come
    first, rows that ask alike once, and every tenth is one that the model was sure of.

    \b
    usulan review usulan.tagged.csv -o lembar.xlsx
    usulan review usulan.tagged.xlsx -o lembar.xlsx --max 60 --model kantor.usulan
    """
    from classifier.loop.review import review as write_sheet
    from classifier.store import load_model

    done = write_sheet(
        tagged,
        load_model(model_path),
        output,
        text,
        id_column=id_column,
        sheet=sheet,
        most=most,
        overwrite=force,
    )
    click.echo(
        _(
            "{path}: {shown} rows, of {worthy} different ones worth a look; {doubtful} of {rows} "
            "rows are for review (tinjau).",
            path=output,
            shown=done.shown,
            worthy=done.worthy,
            doubtful=done.doubtful,
            rows=done.rows,
        )
    )


@click.command()
@click.argument("sheets", nargs=-1, required=True, type=click.Path(), metavar="SHEET...")
@click.option(
    "--into", required=True, type=click.Path(), metavar="LABELLED", help="Labelled CSV to add to."
)
@click.option("--who", default="", metavar="NAME", help="Who reviewed.  [default: as SHEET says]")
@model_option
@sheet_option
@click.pass_context
def merge(
    context: click.Context,
    sheets: tuple[str, ...],
    into: str,
    who: str,
    model_path: str | None,
    sheet: str | None,
) -> None:
    """Add what was filled in or confirmed in review sheets to labelled rows.

    SHEET is what 'usulan review' wrote, as workbook or saved as CSV. Rows may have been
    sorted, deleted or copied; a row whose text was changed is not taken. LABELLED keeps its
    rows, and is made if it is not there. Rows that are not taken are listed with their place,
    the others are added all the same; the exit code is then 1.

    \b
    usulan merge lembar.xlsx --into labelled.csv
    usulan merge ani.xlsx budi.xlsx --into labelled.csv --model kantor.usulan
    """
    from classifier.loop.merge import merge as merge_sheets
    from classifier.store import load_model

    merged = merge_sheets(sheets, into, load_model(model_path), who=who, sheet=sheet)
    for problem in merged.problems:
        click.echo(problem, err=True)
    click.echo(
        _(
            "{path}: {added} rows added, {known} were there already, {refused} not taken; "
            "{blank} were left blank.",
            path=into,
            added=merged.added,
            known=merged.known,
            refused=len(merged.problems),
            blank=merged.blank,
        )
    )
    if merged.problems:
        context.exit(1)
