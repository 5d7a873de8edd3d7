"""The command line: parses, calls the library, prints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from classifier import __version__
from classifier.errors import UsulanError
from classifier.printing import (
    errors_csv,
    print_counts,
    print_explanation,
    print_model,
    print_rows,
    print_scores,
    print_taxonomy,
)

if TYPE_CHECKING:
    from classifier.tagging import Summary

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}

model_option = click.option(
    "--model", "model_path", type=click.Path(), help="Model file.  [default: the starter model]"
)
taxonomy_option = click.option(
    "--taxonomy", "taxonomy_path", type=click.Path(), help="Label file.  [default: Kota Serang]"
)
text_option = click.option(
    "--text", multiple=True, metavar="COLUMN", help="Text column; repeatable."
)
label_option = click.option(
    "--label", "labels", multiple=True, metavar="FACET=COLUMN",
    help="Column of a facet's labels, if called otherwise; repeatable.",
)  # fmt: skip
force_option = click.option("--force", is_flag=True, help="Replace existing output.")


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
    r"""Tag usulan Musrenbang with the RKPD priority each one serves.

    \b
    usulan tag export.csv               the same table with tags, export.tagged.csv
    usulan explain "Drainase mampet"    why one proposal gets its tags

    Shell completion: eval "$(_USULAN_COMPLETE=bash_source usulan)" (or zsh, fish).
    """


@main.command()
@click.argument("exports", nargs=-1, required=True, type=click.Path(), metavar="EXPORT...")
@click.option("-o", "--output", type=click.Path(), help="Output file, for one export.")
@model_option
@text_option
@click.option(
    "--show", default=5, show_default=True, type=click.IntRange(0, 20), help="Rows to show."
)
@force_option
def tag(
    exports: tuple[str, ...],
    output: str | None,
    model_path: str | None,
    text: tuple[str, ...],
    show: int,
    force: bool,
) -> None:
    r"""Tag exports of proposals (CSV or .xlsx).

    Writes each table again with tag_ columns behind its own, all other cells unchanged,
    to NAME.tagged.csv (.xlsx for .xlsx) beside it.

    \b
    usulan tag usulan.csv
    usulan tag usulan.xlsx -o hasil.xlsx --force
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
            summary = tag_file(path, model, output, text, overwrite=force, progress=_rows_done)
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
    click.echo(f"{summary.output}: {summary.rows} rows, text from {', '.join(summary.text)}.")
    print_rows(summary, show)
    print_counts(summary)


def _rows_done(rows: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rows} rows", nl=False, err=True)


@main.command()
@click.argument("labelled", nargs=-1, required=True, type=click.Path(), metavar="LABELLED...")
@click.option("-o", "--output", required=True, type=click.Path(), help="Model file to write.")
@taxonomy_option
@click.option("--lexicon", type=click.Path(), help="Word file.  [default: the shipped one]")
@click.option("--terms", type=click.Path(), help="Thesaurus to learn from, too (istilah.csv).")
@text_option
@label_option
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Folds at once.")
@click.option("--seed", default=2025, show_default=True, help="Seed of folds and solver.")
@force_option
def train(
    labelled: tuple[str, ...],
    output: str,
    taxonomy_path: str | None,
    lexicon: str | None,
    terms: str | None,
    text: tuple[str, ...],
    labels: tuple[str, ...],
    jobs: int,
    seed: int,
    force: bool,
) -> None:
    r"""Train a model on labelled proposals.

    LABELLED has columns usulan, masalah and one per facet (prioritas, jenis, spm,
    tematik); several labels in a cell are joined with ";", the main one first. Prints the
    scores on held-out rows beside a baseline that always gives the most frequent label.

    \b
    usulan train labelled.csv -o kantor.usulan
    usulan train labelled.csv -o kantor.usulan --terms istilah.csv
    usulan train data.xlsx -o kantor.usulan --text Judul --label prioritas=Kategori
    """
    from classifier.atomic import refuse_existing
    from classifier.labelled import TEXT_COLUMNS, read_labelled
    from classifier.lexicon import Lexicon
    from classifier.store import save_model
    from classifier.taxonomy import Taxonomy
    from classifier.terms import read_terms
    from classifier.training import Settings
    from classifier.training import train as train_model

    refuse_existing(Path(output), overwrite=force)
    taxonomy = Taxonomy.load(taxonomy_path)
    data = read_labelled(labelled, taxonomy, text or TEXT_COLUMNS, _pairs(labels))
    with click.progressbar(length=1, label="Training", file=sys.stderr) as bar:

        def done(fits: int, of: int) -> None:
            bar.length = of
            bar.update(fits - bar.pos)

        model = train_model(
            data,
            taxonomy,
            Lexicon.load(lexicon),
            Settings(seed=seed),
            terms=read_terms(terms, taxonomy) if terms else None,
            jobs=jobs,
            progress=done,
        )
    save_model(model, output, overwrite=force)
    click.echo(f"{output}: trained on {len(data)} rows. On held-out rows:\n")
    print_scores(model.record["held_out"])


def _pairs(options: tuple[str, ...]) -> dict[str, str]:
    pairs = [option.partition("=") for option in options]
    for facet, equals, column in pairs:
        if not equals or not facet or not column:
            raise click.BadParameter(f"{facet!r} is not FACET=COLUMN.", param_hint="--label")
    return {facet: column for facet, _, column in pairs}


@main.command()
@click.argument("labelled", type=click.Path())
@model_option
@taxonomy_option
@text_option
@label_option
@click.option("--json", "json_path", type=click.Path(), help="Write all scores to this file.")
@click.option("--errors", type=click.Path(), help="Write wrongly tagged rows to this CSV.")
@force_option
def evaluate(
    labelled: str,
    model_path: str | None,
    taxonomy_path: str | None,
    text: tuple[str, ...],
    labels: tuple[str, ...],
    json_path: str | None,
    errors: str | None,
    force: bool,
) -> None:
    r"""Score a model on labelled rows that it was not trained on.

    \b
    usulan evaluate periksa.csv
    usulan evaluate periksa.csv --model kantor.usulan --json skor.json --errors salah.csv
    """
    import json
    from dataclasses import asdict

    from classifier.atomic import write_bytes
    from classifier.evaluation import errors as wrong_rows
    from classifier.evaluation import evaluate as score
    from classifier.labelled import TEXT_COLUMNS, read_labelled
    from classifier.store import load_model
    from classifier.taxonomy import Taxonomy

    model = load_model(model_path)
    data = read_labelled(
        [labelled], Taxonomy.load(taxonomy_path), text or TEXT_COLUMNS, _pairs(labels)
    )
    scores = {facet: asdict(result) for facet, result in score(model, data).items()}
    if json_path:
        content = json.dumps(scores, ensure_ascii=False, indent=1).encode()
        write_bytes(Path(json_path), content, overwrite=force)
    if errors:
        write_bytes(
            Path(errors), errors_csv(wrong_rows(model, data, model.heads[0].facet)), overwrite=force
        )
    print_scores(scores, per_label=True)


@main.command()
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@model_option
def explain(texts: tuple[str, ...], model_path: str | None) -> None:
    r"""Tag one proposal and say why. Give usulan and masalah as two texts.

    \b
    usulan explain "Drainase mampet RT 02/05"
    usulan explain "Pelatihan menjahit" "banyak ibu2 menganggur"
    """
    from classifier.explain import explain as explain_text
    from classifier.store import load_model

    print_explanation(explain_text(load_model(model_path), texts))


@main.command()
@click.argument("model_path", required=False, metavar="[MODEL]", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="Print the whole training record.")
def inspect(model_path: str | None, as_json: bool) -> None:
    r"""Show what a model is made of: data, labels, settings, held-out scores.

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
    r"""List facets and labels, of the shipped label file or of FILE.

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


if __name__ == "__main__":
    main()
