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

__all__ = ["review"]


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
        f"{output}: {done.shown} of {done.rows} rows; {done.doubtful} are for review (tinjau), "
        f"{done.worthy} different ones hold words."
    )
