"""The commands that judge models and labels: compare and check."""

from __future__ import annotations

from pathlib import Path

import click

from classifier.commands.judgements import print_comparison
from classifier.commands.options import (
    force_option,
    label_columns,
    label_option,
    precision_option,
    sheet_option,
    taxonomy_option,
    text_option,
)

__all__ = ["compare"]


@click.command()
@click.argument("old", type=click.Path())
@click.argument("new", type=click.Path())
@click.argument("data", type=click.Path())
@taxonomy_option
@text_option
@sheet_option
@label_option
@click.option("--unlabelled", is_flag=True, help="DATA has no labels, whatever its columns.")
@click.option("--changes", type=click.Path(), help="Write all changed rows to this CSV.")
@precision_option
@force_option
def compare(
    old: str,
    new: str,
    data: str,
    taxonomy_path: str | None,
    text: tuple[str, ...],
    sheet: str | None,
    labels: tuple[str, ...],
    unlabelled: bool,
    changes: str | None,
    precision: float,
    force: bool,
) -> None:
    """Say which tags change from model OLD to model NEW, and whether for the better.

    DATA is labelled rows, or an export, of which only the changes can be told. A row that a
    model was trained on counts by what was said of it before that model had seen it: the
    rows that NEW was trained on may be in DATA. Rows that were labelled because OLD was
    unsure of them favour NEW; rows drawn by lot favour neither.

    Ends with "ganti" only if NEW has the main label right on more rows, beyond chance
    (McNemar's test, p < 0.1), with no loss beyond chance in macro-F1, on the rows that OLD
    was trained on, or in another facet.
    The exit code is 0 for "ganti", 3 for "jangan ganti", 4 for "tidak dapat dinilai", and
    1 or 2 where the command failed.

    \b
    usulan compare lama.usulan baru.usulan labelled.csv
    usulan compare lama.usulan baru.usulan usulan.xlsx --changes berubah.csv
    usulan compare lama.usulan baru.usulan labelled.csv && mv baru.usulan lama.usulan
    """
    from classifier.atomic import refuse_existing, refuse_input, write_bytes
    from classifier.loop.compare import changed_rows
    from classifier.loop.compare import compare as compare_models
    from classifier.loop.excelcsv import excel_csv
    from classifier.loop.rows import read_rows
    from classifier.store import load_model
    from classifier.taxonomy import Taxonomy

    if changes:
        refuse_input(Path(changes), [old, new, data, taxonomy_path])
        refuse_existing(Path(changes), overwrite=force)
    models = load_model(old), load_model(new)
    columns, taxonomy = label_columns(labels), Taxonomy.load(taxonomy_path)
    rows = read_rows(data, taxonomy, text, columns, sheet=sheet, labelled=not unlabelled)
    result = compare_models(*models, rows, precision)
    if changes:
        names, cells = changed_rows(result, rows)
        write_bytes(Path(changes), excel_csv(names, cells), overwrite=force)
    print_comparison(result, rows)
    click.get_current_context().exit(result.verdict.exit_code)
