"""The command that measures a model on labelled rows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from classifier.commands.options import (
    force_option,
    label_columns,
    label_option,
    model_option,
    precision_option,
    rules_option,
    sheet_option,
    text_option,
)
from classifier.commands.scores import (
    errors_csv,
    print_automatic_share,
    print_reliability,
    print_scores,
    print_sources,
)
from classifier.language import _

if TYPE_CHECKING:
    pass

__all__ = ["evaluate"]


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
