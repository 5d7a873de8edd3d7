"""The command line: parses, calls the library, prints."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

import click

from classifier import __version__
from classifier.cli_options import (
    force_option,
    model_option,
    precision_option,
    rules_option,
    sheet_option,
    text_option,
)
from classifier.cli_training import evaluate, train
from classifier.errors import UsulanError
from classifier.printing import (
    print_counts,
    print_drift,
    print_explanation,
    print_model,
    print_rows,
    print_rules,
    print_taxonomy,
)

if TYPE_CHECKING:
    from classifier.tagging import Summary
    from classifier.tags import Tagger

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
@force_option
def tag(
    exports: tuple[str, ...],
    output: str | None,
    model_path: str | None,
    text: tuple[str, ...],
    sheet: str | None,
    precision: float,
    rules: str | None,
    why: bool,
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
    usulan tag usulan.csv --rules aturan.csv --target-precision 0.98
    """
    if output and len(exports) > 1:
        raise click.UsageError("-o names one output; leave it out for several exports.")
    from classifier.store import load_model
    from classifier.tagging import tag_file
    from classifier.tags import Tagger

    tagger = Tagger(load_model(model_path), precision, rules, explain=why)
    _tell_unreachable(tagger, precision)
    failed = []
    for path in exports:
        try:
            summary = tag_file(
                path, tagger, output, text, sheet=sheet, overwrite=force, progress=_rows_done
            )
        except UsulanError as error:
            if len(exports) == 1:
                raise
            click.echo(f"Error: {error}", err=True)
            failed.append(path)
        else:
            _report(path, summary, tagger, show)
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


def _report(path: str, summary: Summary, tagger: Tagger, show: int) -> None:
    from classifier.drift import drift

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
    print_rules(tagger.rules, summary.fired, summary.used)
    if tagger.model.profile and summary.seen.rows:
        print_drift(drift(tagger.model.profile, summary.seen))


def _rows_done(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows} rows", nl=False, err=True)


@main.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@click.option("--label", help="Explain this label of the main facet.  [default: the likeliest]")
@model_option
@rules_option
def explain(
    texts: tuple[str, ...], label: str | None, model_path: str | None, rules: str | None
) -> None:
    """Tag one proposal and say why. Give usulan and masalah as two texts.

    \b
    usulan explain "Drainase mampet RT 02/05"
    usulan explain "Pelatihan menjahit" "banyak ibu2 menganggur"
    usulan explain "Paving gang" "got mampet" --label banjir
    """
    from classifier.explain import explain as explain_text
    from classifier.store import load_model

    clean = [text.encode(errors="replace").decode() for text in texts]
    print_explanation(explain_text(load_model(model_path), clean, label, rules))


@main.command()
@click.argument("model_path", required=False, metavar="[MODEL]", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print the whole training record.")
@precision_option
def inspect(model_path: str | None, as_json: bool, precision: float) -> None:
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
        print_model(model, digest(model_path), precision)


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
