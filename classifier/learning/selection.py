"""The comparison behind the default settings: features, heads and the thesaurus, one table.

``make compare`` runs it on the corpus; with ``--check FILE`` each choice is also scored
on labelled rows that no choice was trained on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import click
import numpy as np
from numpy.typing import NDArray

from classifier.errors import UsulanError
from classifier.evaluation import FacetScores, evaluate, score, score_single
from classifier.labelled import Labelled, read_labelled
from classifier.learning.calibration import cross_fitted
from classifier.learning.fitting import Fitter
from classifier.learning.settings import Settings
from classifier.lexicon import Lexicon
from classifier.taxonomy import Taxonomy
from classifier.terms import Terms, read_terms
from classifier.training import fit, train

__all__ = ["Choice", "choices", "compare", "curve", "plain_peer", "table_row"]

SHARES = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1)
"""Shares of the data on the learning curve."""


@dataclass(frozen=True)
class Choice:
    """One way to train: its name in the table, settings, and whether with the thesaurus."""

    name: str
    settings: Settings
    terms: bool = True


def choices() -> list[Choice]:
    """The default, and what differs from it in one thing each."""
    default = Settings()
    return [
        Choice("default", default),
        Choice("thesaurus: none", default, terms=False),
        Choice("thesaurus: texts", replace(default, concept_weight=0.0)),
        Choice("thesaurus: features", replace(default, learn_terms=False)),
        Choice("without pairs", replace(default, pair_weight=0.0)),
        Choice("without parts", replace(default, part_weight=0.0)),
        Choice("parts × 0.5", replace(default, part_weight=0.5)),
        Choice("concepts × 1", replace(default, concept_weight=1.0)),
        *(Choice(f"shares × {w}", replace(default, prior_weight=w)) for w in (0.0, 1.0)),
        *(Choice(f"C = {c}", replace(default, regularization=c)) for c in (0.05, 0.5)),
        Choice("head: logistic", replace(default, head="logistic", regularization=10)),
        Choice("head: ridge", replace(default, head="ridge", regularization=1)),
    ]


def compare(
    data: Labelled, terms: Terms, taxonomy: Taxonomy, check: Labelled | None, jobs: int = 1
) -> Iterator[tuple[str, FacetScores, FacetScores | None]]:
    """Main-facet scores of each choice: on held-out rows, and on ``check`` if given."""
    lexicon = Lexicon.load()
    for choice in choices():
        used = terms if choice.terms else None
        fitter = Fitter(data, used, taxonomy, lexicon, choice.settings)
        model, held_out = fit(fitter, jobs=jobs)
        facet = model.heads[0].facet
        inside = score(cross_fitted(model, held_out, data), data)[facet]
        yield choice.name, inside, evaluate(model, check)[facet] if check else None
    if check:
        yield from _peers(data, check)


def curve(
    data: Labelled, terms: Terms, taxonomy: Taxonomy, check: Labelled, jobs: int = 1
) -> Iterator[tuple[int, FacetScores]]:
    """Rows trained on, random shares of the data, and the scores on ``check``."""
    order = np.random.default_rng(Settings().seed).permutation(len(data))
    for share in SHARES:
        part = data.take(np.sort(order[: round(share * len(data))]))
        model = train(part, taxonomy, terms=terms, jobs=jobs)
        yield len(part), evaluate(model, check)[model.heads[0].facet]


def _peers(data: Labelled, check: Labelled) -> Iterator[tuple[str, FacetScores, FacetScores]]:
    """What anyone would try first, trained on the same rows; scored on ``check`` alone."""
    facet = next(iter(data.labels))
    truth = check.main(facet)
    scores = score_single(truth, plain_peer(data, check))
    yield "scikit-learn TF-IDF + LinearSVC", scores, scores
    labels, counts = np.unique(data.main(facet), return_counts=True)
    scores = score_single(truth, np.full_like(truth, labels[counts.argmax()]))
    yield "most frequent label of the corpus", scores, scores


def plain_peer(data: Labelled, check: Labelled) -> NDArray[np.str_]:
    """Labels of ``check`` by scikit-learn's TF-IDF of words and pairs, and its linear SVM."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    plain = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LinearSVC(class_weight="balanced"))
    plain.fit(_joined(data), data.main(next(iter(data.labels))))
    given: NDArray[np.str_] = plain.predict(_joined(check))
    return given


def _joined(data: Labelled) -> list[str]:
    columns = [column.to_pylist() for column in data.columns]
    return [" ".join(texts) for texts in zip(*columns, strict=True)]


def _cells(scores: FacetScores | None) -> str:
    return f"{scores.accuracy:.3f} / {scores.macro_f1:.3f}" if scores else "–"


def table_row(*cells: object) -> str:
    """A row of a Markdown table; these are for the data card, and in English.

    Examples
    --------
    >>> table_row("choice", 0.75)
    '| choice | 0.75 |'
    """
    return f"| {' | '.join(map(str, cells))} |"


@click.command()
@click.argument("labelled", nargs=-1, required=True, type=click.Path())
@click.option("--terms", required=True, type=click.Path())
@click.option("--check", type=click.Path(), help="Labelled rows to score each choice on.")
@click.option("--jobs", default=2, show_default=True)
def main(labelled: tuple[str, ...], terms: str, check: str | None, jobs: int) -> None:
    """Print accuracy / macro-F1 of the main priority for each choice, as a Markdown table.

    With --check also the learning curve.
    """
    try:
        taxonomy = Taxonomy.load()
        data = read_labelled(labelled, taxonomy)
        thesaurus = read_terms(terms, taxonomy)
        rows = read_labelled([check], taxonomy) if check else None
    except UsulanError as error:
        raise click.ClickException(str(error)) from None
    click.echo(table_row("choice", "held-out rows of the corpus", "check rows"))
    click.echo("|---|---|---|")
    for name, inside, outside in compare(data, thesaurus, taxonomy, rows, jobs):
        held_out = "–" if inside is outside else _cells(inside)
        click.echo(table_row(name, held_out, _cells(outside)))
    if rows:
        click.echo()
        click.echo(table_row("rows trained on", "check rows"))
        click.echo("|---|---|")
        for size, scores in curve(data, thesaurus, taxonomy, rows, jobs):
            click.echo(table_row(size, _cells(scores)))


if __name__ == "__main__":
    main()
