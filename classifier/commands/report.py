"""The pictures: a tagged export as a page, a workbook or a PDF."""

from __future__ import annotations

from pathlib import Path

import click

from classifier.commands.options import (
    force_option,
    model_option,
    sheet_option,
    taxonomy_option,
    text_option,
)
from classifier.language import _

__all__ = ["report"]


@click.command()
@click.argument("tagged", nargs=-1, required=True, type=click.Path(), metavar="TAGGED...")
@click.option("-o", "--output", type=click.Path(), help="Page.  [default: NAME.laporan.html]")
@click.option("--xlsx", type=click.Path(), help="Write the same tables as a workbook, too.")
@click.option("--pdf", type=click.Path(), help="Print the page to PDF, too; needs Chromium.")
@click.option(
    "--kelurahan", type=click.Path(),
    help="Official list with columns kecamatan, kelurahan.  [default: Kota Serang]",
)  # fmt: skip
@click.option(
    "--opd", type=click.Path(),
    help="Names of OPD with columns opd, nama_lain.  [default: Kota Serang]",
)  # fmt: skip
@model_option
@taxonomy_option
@text_option
@sheet_option
@force_option
def report(
    tagged: tuple[str, ...],
    output: str | None,
    xlsx: str | None,
    pdf: str | None,
    kelurahan: str | None,
    opd: str | None,
    model_path: str | None,
    taxonomy_path: str | None,
    text: tuple[str, ...],
    sheet: str | None,
    force: bool,
) -> None:
    """Show tagged proposals on one page: a file that needs no internet and prints on A4.

    Of two files the report is on the second, compared with the first: two years, or two stages.
    What a file lacks, such as budgets, the report leaves out, and says so.

    \b
    usulan report usulan.tagged.csv -o laporan.html
    usulan report usulan.tagged.csv --xlsx laporan.xlsx --pdf laporan.pdf
    usulan report 2025.tagged.csv 2026.tagged.csv -o banding.html
    usulan report bandung.tagged.csv --kelurahan bandung.csv --taxonomy bandung.toml
    """
    if len(tagged) > 2:
        raise click.UsageError(_("a report is on one file, or on two to compare."))
    from classifier.atomic import refuse_existing, refuse_input, write_bytes
    from classifier.report.build import build_report
    from classifier.report.page import render_page
    from classifier.report.pdf import print_pdf, require_browser
    from classifier.report.wilayah import Wilayah
    from classifier.store import load_model
    from classifier.tagging import default_output
    from classifier.taxonomy import Taxonomy

    page = Path(output) if output else _beside(default_output(Path(tagged[-1])))
    targets = [page, *(Path(name) for name in (xlsx, pdf) if name)]
    for number, target in enumerate(targets):
        inputs = [*tagged, kelurahan, opd, model_path, taxonomy_path]
        refuse_input(target, [*inputs, *targets[:number]])
    if pdf:
        require_browser(Path(pdf))
    model = load_model(model_path)
    own = model_path and not taxonomy_path
    made = build_report(
        tagged,
        taxonomy=model.taxonomy if own else Taxonomy.load(taxonomy_path),
        wilayah=Wilayah.load(kelurahan),
        offices=opd,
        model=model,
        model_name=Path(model_path).name if model_path else "model bawaan",
        text=text,
        sheet=sheet,
    )
    # Only now: the export itself, given by mistake, has the page of its tagged copy beside it.
    for target in targets:
        refuse_existing(target, overwrite=force)
    html = render_page(made)
    write_bytes(page, html.encode(), overwrite=force)
    click.echo(
        _(
            "{path}: {proposals} usulan, {parts} parts.",
            path=page,
            proposals=made.headline[0][0],
            parts=len(made.sections),
        )
    )
    if xlsx:
        from classifier.report.workbook import write_workbook

        write_workbook(made, Path(xlsx), overwrite=force)
        click.echo(_("{path}: the same tables.", path=xlsx))
    if pdf:
        print_pdf(html, Path(pdf), overwrite=force)
        click.echo(_("{path}: the page on A4.", path=pdf))


def _beside(tagged: Path) -> Path:
    """``usulan.tagged.tagged.csv`` -> ``usulan.laporan.html``."""
    name = tagged.name.split(".tagged")[0]
    return tagged.with_name(f"{name}.laporan.html")
