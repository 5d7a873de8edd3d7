"""The loop played with known labels: ``python -m tests.scenario``, or ``make loop``.

A model comes to another regency. Of 2,000 unlabelled rows an office corrects 100, trains,
tags again and corrects the next 100, three rounds in all. Which rows it is shown is decided by
``usulan review``, by the same without a look at the words, by the smallest margin, or by lot.

Scenes, orders and scores were written down before any was played. The look at the words was
chosen on other pools (400 starter rows, then 2,000 of bidang.csv and of ragam.csv, four
seeds each); these seeds were played with it once, afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import click
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from classifier.evaluation import automatic, score_single
from classifier.labelled import Labelled, read_labelled
from classifier.learning.folds import group_rows
from classifier.lexicon import Lexicon
from classifier.loop.novelty import NewWords
from classifier.loop.queue import margins, review_order
from classifier.model import Model
from classifier.tags import Tagger
from classifier.taxonomy import Taxonomy
from classifier.terms import Terms, read_terms
from classifier.text import tokenize
from classifier.training import Settings, train

__all__ = ["ORDERS", "Draw", "Scene", "another_regency", "play", "scenes", "table"]

DATA = Path(__file__).parents[1] / "data"
FACET = "prioritas"
SEEDS = tuple(range(801, 811))
ROUNDS = 3
MEASURES = ("accuracy", "macro-F1", "automatic", "right of these")

Rows = NDArray[np.int64]
Order = Callable[[pa.Table, Model, Labelled, int, np.random.Generator], Rows]
"""Tag columns of some rows, by a model; how many to show; chance -> the rows, the best first."""


@dataclass(frozen=True)
class Draw:
    """Row numbers: what the first model is trained on, what is corrected, what is measured on."""

    start: Rows
    pool: Rows
    check: Rows


@dataclass(frozen=True)
class Scene:
    """Labelled rows of which no two say the same, and how a seed deals them out."""

    name: str
    data: Labelled
    taxonomy: Taxonomy
    draw: Callable[[np.random.Generator], Draw]
    each: int
    terms: Terms | None = None

    def train(self, rows: Rows) -> Model:
        """A model of some rows; a label's only example is left out, as ``train`` demands."""
        labels = self.data.main(FACET)[rows]
        alone = [label for label, count in Counter(labels.tolist()).items() if count == 1]
        learnt = self.data.take(np.sort(rows[~np.isin(labels, alone)]))
        settings = Settings.suited(self.terms)
        return train(learnt, self.taxonomy, settings=settings, terms=self.terms)


def _by_review(
    tags: pa.Table, model: Model, rows: Labelled, most: int, _: np.random.Generator
) -> Rows:
    examples, words = model.record["rows_per_label"][FACET], NewWords.of(model, rows.columns)
    return review_order(tags, np.arange(len(tags)), examples, words, most)


def _by_doubt(
    tags: pa.Table, model: Model, _: Labelled, most: int, __: np.random.Generator
) -> Rows:
    """The order without a look at the words."""
    examples = model.record["rows_per_label"][FACET]
    return review_order(tags, np.arange(len(tags)), examples, most=most)


def _by_margin(tags: pa.Table, *_: object) -> Rows:
    return np.argsort(margins(tags["tag_pilihan"]), kind="stable")


def _by_lot(tags: pa.Table, _: Model, __: Labelled, ___: int, chance: np.random.Generator) -> Rows:
    return chance.permutation(len(tags))


ORDERS: Mapping[str, Order] = {
    "usulan review": _by_review,
    "the same, words aside": _by_doubt,
    "smallest margin": _by_margin,
    "by lot": _by_lot,
}


def play(scene: Scene, order: str, seed: int, rounds: int = ROUNDS) -> NDArray[np.float64]:
    """Scores before the first and after each round, shape (rounds + 1, len(MEASURES)).

    What a seed deals out does not depend on the order.
    """
    draw = scene.draw(np.random.default_rng(seed))
    chance = np.random.default_rng([seed, 1])
    learnt, pool = draw.start, draw.pool
    scores = []
    for number in range(rounds + 1):
        model = scene.train(learnt)
        scores.append(_scores(model, scene.data.take(draw.check)))
        if number == rounds:
            break
        rows = scene.data.take(pool)
        tags = Tagger(model).tag(rows.columns).table
        shown = ORDERS[order](tags, model, rows, scene.each, chance)[: scene.each]
        learnt = np.concatenate([learnt, pool[shown]])
        pool = np.delete(pool, shown)
    return np.array(scores)


def _scores(model: Model, check: Labelled) -> tuple[float, ...]:
    tagged = Tagger(model).tag(check.columns)
    scores = score_single(check.main(FACET), tagged.decision.names(FACET))
    return scores.accuracy, scores.macro_f1, *automatic(tagged, check)


def scenes() -> list[Scene]:
    """The three scenes, the one that the issue asks for first."""
    terms = read_terms(DATA / "istilah.csv", Taxonomy.load())
    return [
        another_regency("500 rows of Kota Serang", 500),
        another_regency("all rows of Kota Serang and the thesaurus", None, terms),
        _own_labels(),
    ]


def another_regency(name: str, start: int | None, terms: Terms | None = None) -> Scene:
    """A model of Kota Serang's rows; 2,000 rows from elsewhere, measured on 3,000 others."""
    taxonomy = Taxonomy.load()
    data = _distinct(read_labelled(sorted((DATA / "labelled").glob("*.csv")), taxonomy))
    serang = np.array(data.sources) == "serang"
    own, elsewhere = np.flatnonzero(serang), np.flatnonzero(~serang)

    def draw(chance: np.random.Generator) -> Draw:
        theirs = chance.permutation(elsewhere)
        return Draw(chance.permutation(own)[:start], theirs[:2000], theirs[2000:5000])

    return Scene(name, data, taxonomy, draw, 100, terms)


def _own_labels() -> Scene:
    """The invented regency of the samples: labels of its own, 100 rows to begin with."""
    path = DATA / "samples" / "kabupaten-lain.csv"
    taxonomy = Taxonomy.load(path.with_suffix(".toml"))
    text, labels = ("Nama Kegiatan", "Uraian"), {FACET: "Program Prioritas"}
    data = _distinct(read_labelled([path], taxonomy, text, labels))
    terms = read_terms(DATA / "istilah.csv", taxonomy)

    def draw(chance: np.random.Generator) -> Draw:
        rows = chance.permutation(len(data))
        return Draw(rows[:100], rows[100:600], rows[600:])

    return Scene("100 rows with labels of its own", data, taxonomy, draw, 50, terms)


def _distinct(data: Labelled) -> Labelled:
    """The first of the rows that say the same, with their main facet alone."""
    _, first = np.unique(group_rows(tokenize(data.columns, Lexicon.load())), return_index=True)
    return replace(data, labels={FACET: data.labels[FACET]}).take(np.sort(first))


def table(scores: Mapping[str, NDArray[np.float64]], measure: str) -> str:
    """Mean ± standard deviation by order and round, as a Markdown table.

    ``scores`` has for each order an array of shape (n_seeds, n_rounds + 1, n_measures); the
    last order is the one that seeds are won against, in the last round.
    """
    number, (*_, lot) = MEASURES.index(measure), scores.values()
    rounds = [f"round {k}" if k else "before" for k in range(lot.shape[1])]
    lines = [f"| {measure} | {' | '.join(rounds)} | seeds won |", "|---" * (len(rounds) + 2) + "|"]
    for order, found in scores.items():
        cells = [_cell(found[:, k, number]) for k in range(len(rounds))]
        won = (found[:, -1, number] > lot[:, -1, number]).sum()
        last = "–" if found is lot else f"{won} of {len(lot)}"
        lines.append(f"| {order} | {' | '.join(cells)} | {last} |")
    return "\n".join(lines)


def _cell(values: NDArray[np.float64]) -> str:
    """Mean ± standard deviation of the seeds that have a score."""
    there = values[~np.isnan(values)]
    return f"{there.mean():.3f} ± {there.std(ddof=1):.3f}" if len(there) > 1 else "–"


def contest(
    scene: Scene, seeds: Sequence[int], jobs: int, rounds: int = ROUNDS
) -> dict[str, NDArray[np.float64]]:
    """Scores of each order, shape (n_seeds, rounds + 1, len(MEASURES))."""
    from joblib import Parallel, delayed

    tasks = [
        delayed(_played)(scene.name, order, seed, rounds) for order in ORDERS for seed in seeds
    ]
    found = np.array(Parallel(jobs)(tasks)).reshape(len(ORDERS), len(seeds), rounds + 1, -1)
    return dict(zip(ORDERS, found, strict=True))


def _played(name: str, order: str, seed: int, rounds: int) -> NDArray[np.float64]:
    """:func:`play` in a process of its own, to which a scene cannot be sent."""
    return play(next(scene for scene in scenes() if scene.name == name), order, seed, rounds)


@click.command()
@click.option("--jobs", default=2, show_default=True, help="Games at once.")
@click.option("--scene", "number", type=click.IntRange(1, 3), help="One of them.  [default: all]")
def main(jobs: int, number: int | None) -> None:
    """Play all scenes with ten seeds and print the scores as Markdown tables."""
    played = scenes()
    for scene in played[number - 1 : number] if number else played:
        scores = contest(scene, SEEDS, jobs)
        click.echo(f"\n{scene.name}, {scene.each} corrections a round:\n")
        for measure in MEASURES:
            click.echo(f"{table(scores, measure)}\n")


if __name__ == "__main__":
    main()
