"""The commands that learn and measure: train and evaluate."""

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
    model_option,
    no_taxonomy_option,
    precision_option,
    rules_option,
    sheet_option,
    taxonomy_option,
    text_option,
)
from classifier.commands.printing import (
    errors_csv,
    print_automatic,
    print_automatic_share,
    print_own_labels,
    print_reliability,
    print_scores,
    print_sources,
)
from classifier.language import _

if TYPE_CHECKING:
    from classifier.model import Model

__all__ = ["evaluate", "train"]


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


@click.command()
@click.argument("labelled", type=click.Path())
@model_option
@click.option(
    "--taxonomy", "taxonomy_path", type=click.Path(), help="Label file.  [default: the model's own]"
)
@text_option
@sheet_option
@label_option
@click.option("--json", "json_path", type=click.Path(), help="Write all scores to this file.")
@click.option("--errors", type=click.Path(), help="Write wrongly tagged rows to this CSV.")
@rules_option
@precision_option
@force_option
def evaluate(
    labelled: str,
    model_path: str | None,
    taxonomy_path: str | None,
    text: tuple[str, ...],
    sheet: str | None,
    labels: tuple[str, ...],
    json_path: str | None,
    errors: str | None,
    rules: str | None,
    precision: float,
    force: bool,
) -> None:
    """Score a model on labelled rows that it was not trained on.

    With --rules they are applied, and it is told which never fire and which the labels
    contradict.

    \b
    usulan evaluate periksa.csv
    usulan evaluate periksa.csv --model kantor.usulan --json skor.json --errors salah.csv
    usulan evaluate periksa.csv --rules aturan.csv
    """
    import json
    from dataclasses import asdict

    from classifier.atomic import refuse_existing, refuse_input, write_bytes
    from classifier.evaluation import automatic, by_source, score
    from classifier.evaluation import errors as wrong_rows
    from classifier.labelled import TEXT_COLUMNS, read_labelled
    from classifier.reliability import reliabilities
    from classifier.rulecheck import check, findings
    from classifier.seen import seen_places
    from classifier.store import load_model
    from classifier.tags import Tagger
    from classifier.taxonomy import Taxonomy

    outputs = [Path(path) for path in (json_path, errors) if path]
    for number, path in enumerate(outputs):
        refuse_input(path, [labelled, model_path, taxonomy_path, rules, *outputs[:number]])
        refuse_existing(path, overwrite=force)
    model = load_model(model_path)
    tagger = Tagger(model, precision, rules)
    data = read_labelled(
        [labelled],
        Taxonomy.load(taxonomy_path) if taxonomy_path else model.taxonomy,
        text or TEXT_COLUMNS,
        label_columns(labels),
        sheet=sheet,
    )
    seen = seen_places(model, data.columns)
    if seen is not None and (seen >= 0).any():
        click.echo(
            _(
                "{seen} of {rows} rows say the same as rows that the model was trained on; the "
                "scores flatter it.",
                seen=(seen >= 0).sum(),
                rows=len(data),
            ),
            err=True,
        )
    tagged = tagger.tag(data.columns)
    scores = {facet: asdict(result) for facet, result in score(tagged.decision, data).items()}
    if json_path:
        content = json.dumps(scores, ensure_ascii=False, indent=1).encode()
        write_bytes(Path(json_path), content, overwrite=force)
    if errors:
        write_bytes(Path(errors), errors_csv(wrong_rows(tagged, data)), overwrite=force)
    tables = reliabilities(model, tagged.prediction, data)
    print_scores(scores, per_label=True)
    print_reliability({facet: asdict(table) for facet, table in tables.items()})
    if model.heads[0].facet in data.labels:
        print_automatic_share(*automatic(tagged, data), precision)
    print_sources(by_source(tagged.decision, data))
    for sentence in findings(tagger.rules, check(tagger.rules, data)):
        click.echo(sentence)
