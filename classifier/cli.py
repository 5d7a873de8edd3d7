"""The command line: parses, calls the library, prints."""

from __future__ import annotations

import sys
from contextlib import nullcontext, redirect_stdout
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import click

from classifier import __version__
from classifier.cli_options import force_option, model_option, text_option
from classifier.cli_training import evaluate, train
from classifier.errors import UsulanError
from classifier.notices import print_notices
from classifier.printing import (
    print_counts,
    print_explanation,
    print_model,
    print_rows,
    print_taxonomy,
)
from classifier.streams import PIPE, piped

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
@click.option("-o", "--output", type=click.Path(), help="Output file, for one export; - prints it.")
@model_option
@text_option
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
@force_option
def tag(
    exports: tuple[str, ...],
    output: str | None,
    model_path: str | None,
    text: tuple[str, ...],
    show: int,
    on_bad_row: str,
    safe_excel: bool,
    resume: bool,
    force: bool,
) -> None:
    """Tag exports of proposals (CSV or .xlsx).

    Writes each table again with tag_ columns behind its own, all other cells unchanged,
    to NAME.tagged.csv (.xlsx for .xlsx, .csv.gz for gzipped CSV) beside it. EXPORT - is
    standard input, which goes to standard output.

    \b
    usulan tag usulan.csv
    usulan tag usulan.xlsx -o hasil.xlsx --force
    usulan tag aspirasi.csv --text "Nama Kegiatan" --text Uraian
    zcat usulan.csv.gz | usulan tag - > hasil.csv
    """
    if output and len(exports) > 1:
        raise click.UsageError("-o names one output; leave it out for several exports.")
    if PIPE in [output or path for path in exports] and (resume or on_bad_row == "keep"):
        raise click.UsageError("--resume and --on-bad-row keep need an output file: give -o FILE.")
    from classifier.store import load_model
    from classifier.tagging import tag_file

    model = load_model(model_path)
    failed = []
    for path in exports:
        try:
            with piped(path, output) as (source, target):
                summary = tag_file(
                    source,
                    model,
                    target,
                    text,
                    overwrite=force,
                    keep_bad=on_bad_row == "keep",
                    safe_excel=safe_excel,
                    resume=resume,
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
            _report(path, summary, show, printed=(output or path) == PIPE)
    if failed:
        names = ", ".join(failed)
        raise click.ClickException(f"{len(failed)} of {len(exports)} exports not tagged: {names}.")


def _report(path: str, summary: Summary, show: int, *, printed: bool) -> None:
    print_notices(path, summary)
    with redirect_stdout(sys.stderr) if printed else nullcontext():
        name = "standard output" if printed else summary.output
        click.echo(f"{name}: {summary.rows} rows, text from {', '.join(summary.text)}.")
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
