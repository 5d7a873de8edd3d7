"""The command that learns from labelled rows."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from classifier.commands.curve import print_curve
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
from classifier.commands.printing import print_own_labels
from classifier.commands.scores import (
    print_automatic,
    print_reliability,
    print_scores,
)
from classifier.language import _

if TYPE_CHECKING:
    from classifier.model import Model

__all__ = ["train"]


@click.command()
@click.argument("labelled", nargs=-1, required=True, type=click.Path(), metavar="LABELLED...")
@click.option("-o", "--output", type=click.Path(), help="Model file to write.")
@taxonomy_option
@no_taxonomy_option
@click.option("--lexicon", type=click.Path(), help="Word file.  [default: the shipped one]")
@click.option(
    "--precedents",
    is_flag=True,
    help="Keep the rows' texts in the model: explain shows the nearest.",
)
@click.option("--terms", type=click.Path(), help="Thesaurus to learn from, too (istilah.csv).")
@text_option
@sheet_option
@label_option
@click.option("--jobs", default=2, show_default=True, type=click.IntRange(1), help="Folds at once.")
@click.option(
    "--seed",
    default=2025,
    show_default=True,
    type=click.IntRange(0, 2**32 - 1),
    help="Seed of folds and solver.",
)
@precision_option
@click.option("--curve", is_flag=True, help="Tell what more rows would be worth; needs no -o.")
@click.option(
    "--rows-per-hour",
    default=120,
    show_default=True,
    type=click.IntRange(1),
    help="Rows that a person labels in an hour, for --curve.",
)
@force_option
def train(
    labelled: tuple[str, ...],
    output: str | None,
    taxonomy_path: str | None,
    no_taxonomy: bool,
    lexicon: str | None,
    precedents: bool,
    terms: str | None,
    text: tuple[str, ...],
    sheet: str | None,
    labels: tuple[str, ...],
    jobs: int,
    seed: int,
    precision: float,
    curve: bool,
    rows_per_hour: int,
    force: bool,
) -> None:
    """Train a model on labelled proposals.

    LABELLED has columns usulan, masalah and one per facet (prioritas, jenis, spm,
    tematik); several labels in a cell are joined with ";", the main one first. Prints the
    scores on held-out rows beside a baseline that always gives the most frequent label.

    \b
    usulan train labelled.csv -o kantor.usulan
    usulan train labelled.csv -o kantor.usulan --terms istilah.csv
    usulan train data.xlsx -o kantor.usulan --text Judul --label prioritas=Kategori
    usulan train labelled.csv --terms istilah.csv --curve
    usulan train data.csv -o kota-lain.usulan --taxonomy kota-lain.toml --terms istilah.csv
    usulan train data.csv -o kota-lain.usulan --no-taxonomy --label prioritas=Misi

    A thesaurus with other labels than yours is of use too: its concepts become features.
    """
    from classifier.atomic import refuse_existing, refuse_input
    from classifier.labelled import TEXT_COLUMNS, read_labelled
    from classifier.learning.curve import measure
    from classifier.lexicon import Lexicon
    from classifier.ownlabels import own_taxonomy
    from classifier.store import save_model
    from classifier.taxonomy import Taxonomy
    from classifier.terms import read_terms
    from classifier.training import Settings
    from classifier.training import train as train_model

    if output:
        refuse_input(Path(output), [*labelled, taxonomy_path, lexicon, terms])
        refuse_existing(Path(output), overwrite=force)
    elif not curve:
        raise click.UsageError(_("say with -o where the model shall go, or ask for the --curve."))
    if no_taxonomy and taxonomy_path:
        raise click.UsageError(_("--taxonomy and --no-taxonomy exclude each other."))
    columns = label_columns(labels)
    taxonomy = (
        own_taxonomy(labelled, columns, sheet=sheet)
        if no_taxonomy
        else Taxonomy.load(taxonomy_path)
    )
    data = read_labelled(labelled, taxonomy, text or TEXT_COLUMNS, columns, sheet=sheet)
    if no_taxonomy:
        print_own_labels(data)
    thesaurus = read_terms(terms, None if no_taxonomy else taxonomy) if terms else None
    if thesaurus and not thesaurus.labels:
        click.echo(
            _("{path}: has other labels; its concepts are used as features.", path=terms), err=True
        )
    settings, words = Settings.suited(thesaurus, seed), Lexicon.load(lexicon)
    if output:
        with _progress(_("Training")) as done:
            model = train_model(
                data,
                taxonomy,
                words,
                settings,
                terms=thesaurus,
                precedents=precedents,
                jobs=jobs,
                progress=done,
            )
        save_model(model, output, overwrite=force)
        for facet in model.record["left_out"]:
            click.echo(_("{facet}: left out, every row says the same.", facet=facet), err=True)
        for facet, label in _single(model):
            click.echo(
                _(
                    "{facet}: {label} has only one example, and is not learnt.",
                    facet=facet,
                    label=label,
                ),
                err=True,
            )
        click.echo(
            _("{path}: trained on {rows} rows. On held-out rows:", path=output, rows=len(data))
            + "\n"
        )
        print_scores(model.record["held_out"])
        print_reliability(model.record["reliability"])
        print_automatic(model, precision)
    if curve:
        with _progress(_("Curve")) as done:
            measured = measure(
                data, taxonomy, words, settings, terms=thesaurus, jobs=jobs, progress=done
            )
        print_curve(measured, rows_per_hour)


def _single(model: Model) -> list[tuple[str, str]]:
    """Facet and label of which there was one row, too few to learn it from."""
    counts = model.record["rows_per_label"]
    return [
        (head.facet, label)
        for head in model.heads
        for label, rows in counts[head.facet].items()
        if rows == 1 and label not in head.labels
    ]


@contextmanager
def _progress(label: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar, and what tells it how many of how many are done."""
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def done(fits: int, of: int) -> None:
            bar.length = of
            bar.update(fits - bar.pos)

        yield done
