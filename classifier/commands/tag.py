"""The main command: tag exports, and say what became of them."""

from __future__ import annotations

import sys
from contextlib import nullcontext, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import click

from classifier.commands.notices import print_notices
from classifier.commands.options import (
    force_option,
    id_option,
    jobs_option,
    model_option,
    precision_option,
    rules_option,
    sheet_option,
    text_option,
)
from classifier.commands.printing import print_counts, print_drift, print_rows, print_rules
from classifier.errors import UsulanError
from classifier.formats.streams import PIPE, piped

if TYPE_CHECKING:
    from classifier.summary import Summary
    from classifier.tags import Tagger

__all__ = ["tag"]


@click.command()
@click.argument("exports", nargs=-1, required=True, type=click.Path(), metavar="EXPORT...")
@click.option("-o", "--output", type=click.Path(), help="Output file, for one export; - prints it.")
@model_option
@text_option
@id_option
@sheet_option
@precision_option
@rules_option
@click.option(
    "--explain",
    "why",
    is_flag=True,
    help="Name the deciding words and the nearest precedent in tag_alasan, too.",
)
@click.option(
    "--show", default=5, show_default=True, type=click.IntRange(0, 20), help="Rows to show."
)
@click.option(
    "--on-bad-row",
    default="stop",
    show_default=True,
    type=click.Choice(["stop", "keep"]),
    help="Rows of CSV that cannot be parsed: stop, or keep them untagged and list them.",
)
@click.option(
    "--safe-excel",
    is_flag=True,
    help="Put an apostrophe before foreign cells of CSV that Excel would run as formulas.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on where an interrupted run stopped, and leave what is done if interrupted.",
)
@jobs_option
@force_option
def tag(
    exports: tuple[str, ...],
    output: str | None,
    model_path: str | None,
    text: tuple[str, ...],
    id_column: str | None,
    sheet: str | None,
    precision: float,
    rules: str | None,
    why: bool,
    show: int,
    on_bad_row: str,
    safe_excel: bool,
    resume: bool,
    jobs: int | None,
    force: bool,
) -> None:
    """Tag exports of proposals: CSV, Excel, .ods, HTML tables, Parquet.

    Writes each table again with tag_ columns behind its own, all other cells unchanged,
    to NAME.tagged.csv beside it; .xlsx, Parquet and gzipped CSV come back as such. EXPORT -
    is standard input, which goes to standard output.

    \b
    usulan tag usulan.csv
    usulan tag usulan.xlsx -o hasil.xlsx --force
    usulan tag rekap.xls --sheet Usulan -o rekap.xlsx
    usulan tag aspirasi.csv --text "Nama Kegiatan" --text Uraian
    usulan tag usulan.csv --rules aturan.csv --target-precision 0.98
    zcat usulan.csv.gz | usulan tag - > hasil.csv
    """
    if output and len(exports) > 1:
        raise click.UsageError("-o names one output; leave it out for several exports.")
    if PIPE in [output or path for path in exports] and (resume or on_bad_row == "keep"):
        raise click.UsageError("--resume and --on-bad-row keep need an output file: give -o FILE.")
    from classifier.arrays import reuse_memory
    from classifier.store import load_model
    from classifier.tagging import tag_file
    from classifier.tags import Tagger

    reuse_memory()
    tagger = Tagger(load_model(model_path), precision, rules, explain=why)
    _tell_unreachable(tagger, precision)
    failed, written = [], list[Path]()
    for path in exports:
        try:
            with piped(path, output) as (source, target):
                summary = tag_file(
                    source,
                    tagger,
                    target,
                    text,
                    id_column=id_column,
                    sheet=sheet,
                    overwrite=force,
                    keep_bad=on_bad_row == "keep",
                    safe_excel=safe_excel,
                    resume=resume,
                    jobs=jobs,
                    spared=[*(path for path in exports if path != PIPE), *written],
                    progress=_rows_done,
                )
        except KeyboardInterrupt:
            again = " Give the same command again to go on." if resume else ""
            raise click.ClickException(f"{path}: stopped, and not written.{again}") from None
        except UsulanError as error:
            if len(exports) == 1:
                raise
            click.echo(f"Error: {error}", err=True)
            failed.append(path)
        else:
            written.append(summary.output)
            _report(path, summary, tagger, show, printed=(output or path) == PIPE)
    if failed:
        names = ", ".join(failed)
        raise click.ClickException(f"{len(failed)} of {len(exports)} exports not tagged: {names}.")


def _tell_unreachable(tagger: Tagger, precision: float) -> None:
    """Name the labels that no cutoff brings to the precision asked for."""
    from classifier.cutoffs import NEVER

    labels, cutoffs = tagger.model.heads[0].labels, tagger.cutoffs
    beyond = [
        f"{label} ({best:.3f})" if best else f"{label} (never given to a held-out row)"
        for label, value, best in zip(labels, cutoffs.values, cutoffs.best, strict=False)
        if value == NEVER
    ]
    if beyond:
        click.echo(
            f"A precision of {precision:g} is out of reach for {', '.join(beyond)}; the best "
            "estimate is in brackets. Rows with these labels are left for review.",
            err=True,
        )


def _report(path: str, summary: Summary, tagger: Tagger, show: int, *, printed: bool) -> None:
    from classifier.drift import drift

    print_notices(path, summary)
    with redirect_stdout(sys.stderr) if printed else nullcontext():
        name = "standard output" if printed else summary.output
        click.echo(f"{name}: {summary.rows} rows, text from {', '.join(summary.text)}.")
        click.echo(f"columns: {summary.mapping}")
        print_rows(summary, show)
        print_counts(summary)
        print_rules(tagger.rules, summary.fired, summary.used)
        if tagger.model.profile and summary.seen.rows:
            print_drift(drift(tagger.model.profile, summary.seen))


def _rows_done(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows} rows", nl=False, err=True)
