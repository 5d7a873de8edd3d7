"""What the thesaurus is worth to an office with labels of its own: a curve of few rows.

``make newcity`` prints it for the invented regency of ``data/samples``: words alone, with the
thesaurus' concepts as features, and scikit-learn's plain TF-IDF with a linear SVM.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import click
import numpy as np
from numpy.typing import NDArray

from classifier.commands.options import label_columns, label_option, taxonomy_option, text_option
from classifier.errors import UsulanError
from classifier.evaluation import score_single
from classifier.labelled import TEXT_COLUMNS, Labelled, read_labelled
from classifier.learning.curve import measure, split
from classifier.learning.fitting import Fitter
from classifier.learning.selection import plain_peer, table_row
from classifier.learning.settings import Settings
from classifier.lexicon import Lexicon
from classifier.taxonomy import Taxonomy
from classifier.terms import Terms, read_terms

__all__ = ["newcity"]

SIZES = (50, 100, 200, 500)
REPEATS = 10

Scores = NDArray[np.float64]
"""Accuracy or macro-F1, shape (n_repeats, n_sizes)."""


def newcity(
    data: Labelled,
    taxonomy: Taxonomy,
    terms: Terms,
    sizes: Sequence[int] = SIZES,
    repeats: int = REPEATS,
    jobs: int = 1,
) -> Iterator[tuple[str, Scores, Scores]]:
    """Name, accuracies and macro-F1s of each way to train, on the same rows."""
    ways = {
        "words, concepts, and what these belong to": terms,
        "words and concepts": replace(terms, broader=()),
        "words alone": None,
    }
    for name, used in ways.items():
        found = measure(data, taxonomy, terms=used, sizes=sizes, repeats=repeats, jobs=jobs)
        yield name, found.accuracy, found.macro_f1
    yield "scikit-learn TF-IDF + LinearSVC", *_peer(data, taxonomy, sizes, repeats)


def _peer(
    data: Labelled, taxonomy: Taxonomy, sizes: Sequence[int], repeats: int
) -> tuple[Scores, Scores]:
    fitter = Fitter(data, None, taxonomy, Lexicon.load(), Settings())
    facet = next(iter(data.labels))
    scores = np.zeros((2, repeats, len(sizes)))
    for repeat in range(repeats):
        rows, held_out = split(fitter, repeat)
        check = data.take(held_out)
        for k, size in enumerate(sizes):
            given = plain_peer(data.take(np.sort(rows[:size])), check)
            result = score_single(check.main(facet), given)
            scores[:, repeat, k] = result.accuracy, result.macro_f1
    return scores[0], scores[1]


def _cell(accuracy: Scores, f1: Scores) -> str:
    return f"{accuracy.mean():.3f} ± {accuracy.std():.3f} / {f1.mean():.3f} ± {f1.std():.3f}"


@click.command()
@click.argument("labelled", nargs=-1, required=True, type=click.Path())
@click.option("--terms", "terms_path", required=True, type=click.Path())
@taxonomy_option
@text_option
@label_option
@click.option("--jobs", default=2, show_default=True)
def main(
    labelled: tuple[str, ...],
    terms_path: str,
    taxonomy_path: str | None,
    text: tuple[str, ...],
    labels: tuple[str, ...],
    jobs: int,
) -> None:
    """Print accuracy and macro-F1 on held-out rows by rows learnt from, as a Markdown table."""
    try:
        taxonomy = Taxonomy.load(taxonomy_path)
        data = read_labelled(labelled, taxonomy, text or TEXT_COLUMNS, label_columns(labels))
        terms = read_terms(terms_path, taxonomy)
    except UsulanError as error:
        raise click.ClickException(str(error)) from None
    *sizes, last = SIZES
    click.echo(table_row("accuracy / macro-F1", *sizes, f"{last} rows"))
    click.echo("|---" * (len(SIZES) + 1) + "|")
    for name, accuracy, f1 in newcity(data, taxonomy, terms, jobs=jobs):
        cells = (_cell(accuracy[:, k], f1[:, k]) for k in range(len(SIZES)))
        click.echo(table_row(name, *cells))


if __name__ == "__main__":
    main()
