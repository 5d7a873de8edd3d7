"""The commands that judge models and labels: compare and check."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from classifier.commands.judgements import print_check, print_comparison
from classifier.commands.options import (
    force_option,
    label_columns,
    label_option,
    no_taxonomy_option,
    precision_option,
    sheet_option,
    taxonomy_option,
    text_option,
)
from classifier.language import _

__all__ = ["check", "compare"]


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
    from classifier.loop.provenance import asked_by
    from classifier.loop.rows import labels_of_both, read_rows
    from classifier.store import load_model
    from classifier.taxonomy import Taxonomy

    if changes:
        refuse_input(Path(changes), [old, new, data, taxonomy_path])
        refuse_existing(Path(changes), overwrite=force)
    models = load_model(old), load_model(new)
    columns = label_columns(labels)
    taxonomy = Taxonomy.load(taxonomy_path) if taxonomy_path else labels_of_both(*models)
    rows = read_rows(data, taxonomy, text, columns, sheet=sheet, labelled=not unlabelled)
    result = compare_models(*models, rows, precision)
    if changes:
        names, cells = changed_rows(result, rows)
        write_bytes(Path(changes), excel_csv(names, cells), overwrite=force)
    asked = int(asked_by(models[0], rows.sources).sum())
    if asked:
        click.echo(
            _(
                "{asked} of {rows} rows were labelled because OLD was unsure of them. They "
                "favour NEW, even one that is no better; compare on rows drawn by lot.",
                asked=asked,
                rows=len(rows),
            ),
            err=True,
        )
    print_comparison(result, rows)
    click.get_current_context().exit(result.verdict.exit_code)


@click.command()
@click.argument("labelled", nargs=-1, required=True, type=click.Path(), metavar="LABELLED...")
@taxonomy_option
@no_taxonomy_option
@click.option("--lexicon", type=click.Path(), help="Word file.  [default: the shipped one]")
@click.option("--terms", type=click.Path(), help="Thesaurus to learn from, too (istilah.csv).")
@text_option
@sheet_option
@label_option
@click.option(
    "--against", multiple=True, metavar="FACET=COLUMN",
    help="Column of another person's labels, to measure agreement; repeatable.",
)  # fmt: skip
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Folds at once.")
@click.option("--json", "json_path", type=click.Path(), help="Write all findings to this file.")
@click.option("-o", "--output", type=click.Path(), help="Write the suspect labels to this CSV.")
@force_option
def check(
    labelled: tuple[str, ...],
    taxonomy_path: str | None,
    no_taxonomy: bool,
    lexicon: str | None,
    terms: str | None,
    text: tuple[str, ...],
    sheet: str | None,
    labels: tuple[str, ...],
    against: tuple[str, ...],
    jobs: int,
    json_path: str | None,
    output: str | None,
    force: bool,
) -> None:
    """Look labelled rows over before training: what is wrong, and what may be.

    Lists unknown and missing labels, rows without text, rows that say the same and are
    labelled differently, labels of too few rows, and labels that models trained without the
    row contradict, the least probable first. No label is changed.

    \b
    usulan check labelled.csv
    usulan check labelled.csv -o periksa.csv
    usulan check dua-orang.xlsx --against prioritas=prioritas_2 --json hasil.json
    """
    import json
    from dataclasses import asdict

    from classifier.atomic import refuse_existing, refuse_input, write_bytes
    from classifier.labelled import TEXT_COLUMNS, read_cells
    from classifier.lexicon import Lexicon
    from classifier.loop.check import check as look_over
    from classifier.loop.check import suspect_rows
    from classifier.loop.excelcsv import excel_csv
    from classifier.ownlabels import own_taxonomy
    from classifier.taxonomy import Taxonomy
    from classifier.terms import read_terms

    outputs = [Path(path) for path in (json_path, output) if path]
    for number, path in enumerate(outputs):
        refuse_input(path, [*labelled, taxonomy_path, lexicon, terms, *outputs[:number]])
        refuse_existing(path, overwrite=force)
    if no_taxonomy and taxonomy_path:
        raise click.UsageError(_("--taxonomy and --no-taxonomy exclude each other."))
    named, others = label_columns(labels), label_columns(against, "--against")
    taxonomy = (
        own_taxonomy(labelled, named, sheet=sheet) if no_taxonomy else Taxonomy.load(taxonomy_path)
    )
    columns = text or TEXT_COLUMNS
    cells = read_cells(
        labelled,
        taxonomy,
        columns,
        named,
        sheet=sheet,
        further=list(others.values()),
    )
    with click.progressbar(length=1, label=_("Learning"), file=sys.stderr) as bar:

        def done(fits: int, of: int) -> None:
            bar.length = of
            bar.update(fits - bar.pos)

        result = look_over(
            cells,
            taxonomy,
            Lexicon.load(lexicon),
            text=columns,
            against=others,
            terms=read_terms(terms, None if no_taxonomy else taxonomy) if terms else None,
            jobs=jobs,
            progress=done,
        )
    if json_path:
        content = json.dumps(asdict(result), ensure_ascii=False, indent=1).encode()
        write_bytes(Path(json_path), content, overwrite=force)
    if output:
        names, rows = suspect_rows(result.suspects)
        write_bytes(Path(output), excel_csv(names, rows), overwrite=force)
    print_check(result)
