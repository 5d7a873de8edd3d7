"""The command line: parses, calls the library, prints."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import click

from classifier import __version__
from classifier.cli_options import force_option, model_option, sheet_option, text_option
from classifier.cli_training import evaluate, train
from classifier.errors import UsulanError
from classifier.printing import (
    print_counts,
    print_explanation,
    print_model,
    print_rows,
    print_taxonomy,
)

if TYPE_CHECKING:
    from classifier.tagging import Summary

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """Turns the library's errors into one sentence and a non-zero exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except UsulanError as error:
            raise click.ClickException(str(error)) from None
        except MemoryError:
            raise click.ClickException(
                "not enough memory. Split the input and try again."
            ) from None


@click.group(cls=_Commands, context_settings=_CONTEXT)
@click.version_option(__version__, "-V", "--version", message="usulan %(version)s")
def main() -> None:
    """Tag usulan Musrenbang with the RKPD priority each one serves.

    \b
    usulan tag export.csv               the same table with tags, export.tagged.csv
    usulan explain "Drainase mampet"    why one proposal gets its tags

    Shell completion: eval "$(_USULAN_COMPLETE=bash_source usulan)" (or zsh, fish).
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a console that lacks a letter shows "?"
            stream.reconfigure(errors="replace")


@main.command()
@click.argument("exports", nargs=-1, required=True, type=click.Path(), metavar="EXPORT...")
@click.option("-o", "--output", type=click.Path(), help="Output file, for one export.")
@model_option
@text_option
@sheet_option
@click.option(
    "--show", default=5, show_default=True, type=click.IntRange(0, 20), help="Rows to show."
)
@force_option
def tag(
    exports: tuple[str, ...],
    output: str | None,
    model_path: str | None,
    text: tuple[str, ...],
    sheet: str | None,
    show: int,
    force: bool,
) -> None:
    """Tag exports of proposals: CSV, Excel, .ods, HTML tables, Parquet.

    Writes each table again with tag_ columns behind its own, all other cells unchanged,
    to NAME.tagged.csv beside it; .xlsx and Parquet come back as such.

    \b
    usulan tag usulan.csv
    usulan tag usulan.xlsx -o hasil.xlsx --force
    usulan tag rekap.xls --sheet Usulan -o rekap.xlsx
    usulan tag aspirasi.csv --text "Nama Kegiatan" --text Uraian
    """
    if output and len(exports) > 1:
        raise click.UsageError("-o names one output; leave it out for several exports.")
    from classifier.store import load_model
    from classifier.tagging import tag_file

    model = load_model(model_path)
    failed = []
    for path in exports:
        try:
            summary = tag_file(
                path, model, output, text, sheet=sheet, overwrite=force, progress=_rows_done
            )
        except UsulanError as error:
            if len(exports) == 1:
                raise
            click.echo(f"Error: {error}", err=True)
            failed.append(path)
        else:
            _report(path, summary, show)
    if failed:
        names = ", ".join(failed)
        raise click.ClickException(f"{len(failed)} of {len(exports)} exports not tagged: {names}.")


def _report(path: str, summary: Summary, show: int) -> None:
    if summary.replaced:
        click.echo(f"{path}: replaced the old columns {', '.join(summary.replaced)}.", err=True)
    if summary.others:
        names = ", ".join(map(repr, summary.others))
        click.echo(
            f"{path}: only sheet {summary.sheet!r} is tagged. Proposals are in {names}, too: give "
            "--sheet NAME.",
            err=True,
        )
    click.echo(f"{summary.output}: {summary.rows} rows, text from {', '.join(summary.text)}.")
    click.echo(f"columns: {summary.mapping}")
    print_rows(summary, show)
    print_counts(summary)


def _rows_done(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows} rows", nl=False, err=True)


@main.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@model_option
def explain(texts: tuple[str, ...], model_path: str | None) -> None:
    """Tag one proposal and say why. Give usulan and masalah as two texts.

    \b
    usulan explain "Drainase mampet RT 02/05"
    usulan explain "Pelatihan menjahit" "banyak ibu2 menganggur"
    """
    from classifier.explain import explain as explain_text
    from classifier.store import load_model

    clean = [text.encode(errors="replace").decode() for text in texts]
    print_explanation(explain_text(load_model(model_path), clean))


@main.command()
@click.argument("model_path", required=False, metavar="[MODEL]", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print the whole training record.")
def inspect(model_path: str | None, as_json: bool) -> None:
    """Show what a model is made of: data, labels, settings, held-out scores.

    \b
    usulan inspect                 the starter model
    usulan inspect kantor.usulan
    """
    import json

    from classifier.store import digest, load_model

    model = load_model(model_path)
    if as_json:
        click.echo(json.dumps(model.record, ensure_ascii=False, indent=1))
    else:
        print_model(model, digest(model_path))


@main.command()
@click.argument("taxonomy_path", required=False, metavar="[FILE]", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def taxonomy(taxonomy_path: str | None, as_json: bool) -> None:
    """List facets and labels, of the shipped label file or of FILE.

    \b
    usulan taxonomy
    usulan taxonomy kota-lain.toml --json
    """
    import json

    from classifier.taxonomy import Taxonomy

    labels = Taxonomy.load(taxonomy_path)
    if as_json:
        click.echo(json.dumps(labels.to_dict(), ensure_ascii=False, indent=1))
    else:
        print_taxonomy(labels)


main.add_command(train)
main.add_command(evaluate)


if __name__ == "__main__":
    main()
