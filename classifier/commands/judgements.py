"""What compare and check print: plain tables of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from classifier.lines import cut

if TYPE_CHECKING:
    from classifier.labelled import Labelled
    from classifier.loop.compare import Comparison, Move
    from classifier.loop.paired import Interval, Pair

__all__ = ["print_comparison"]

_MOVES = 15
"""Kinds of change shown of a facet."""

_NONE = "–"


def print_comparison(result: Comparison, data: Labelled) -> None:
    """What changes, the scores of both models, and the verdict."""
    click.echo(f"{len(result.changed)} of {len(data)} rows change.")
    for facet, moves in result.moves.items():
        _print_moves(facet, moves, data)
    for labels, which in ((result.only_old, "OLD"), (result.only_new, "NEW")):
        if labels:
            click.echo(f"\nLabels that only {which} gives: {', '.join(labels)}.")
    _print_pairs(result)
    click.echo(f"\n{result.verdict.word}: {result.verdict.reason}")


def _print_moves(facet: str, moves: Sequence[Move], data: Labelled) -> None:
    if not moves:
        return
    total = sum(len(move.rows) for move in moves)
    click.echo(f"\n{f'{facet}: {total} rows change':46}{'rows':>6}  example")
    for move in moves[:_MOVES]:
        change = f"{move.old or _NONE} → {move.new or _NONE}"
        row = int(move.rows[0])
        words = " | ".join(cell for c in data.columns if (cell := c[row].as_py().strip()))
        number = data.places[row].rpartition(": ")[2]
        click.echo(f"  {cut(change, 44):44}{len(move.rows):>6}  {number}: {cut(words, 50)}")
    if len(moves) > _MOVES:
        rest = sum(len(move.rows) for move in moves[_MOVES:])
        click.echo(f"  {f'{len(moves) - _MOVES} other changes':44}{rest:>6}")


def _print_pairs(result: Comparison) -> None:
    """Scores on labelled rows, the main facet on fresh rows first."""
    main = next(iter(result.moves))
    named = [(main, result.fresh), (f"{main}, rows OLD was trained on", result.known)]
    named += [(f"{facet}, rows new to both", pair) for facet, pair in result.others.items()]
    pairs = [(name, pair) for name, pair in named if pair is not None]
    if not pairs:
        return
    click.echo("\nOn labelled rows, by what was said of each by a model that had not seen it:")
    for name, pair in pairs:
        accuracy = _change(pair.old_accuracy, pair.new_accuracy, pair.accuracy_interval)
        macro = _change(pair.old_macro_f1, pair.new_macro_f1, pair.macro_f1_interval)
        click.echo(
            f"  {name}: {pair.rows} rows, gained {pair.gained}, lost {pair.lost}, p {pair.p:.3f}\n"
            f"    accuracy {accuracy}\n    macro-F1 {macro}"
        )
    for name, pair in pairs:
        _print_labels(name, pair)


def _change(old: float, new: float, interval: Interval) -> str:
    """A score of both models, and the difference with its 95 % interval."""
    low, high = interval
    return f"{old:.3f} → {new:.3f}, {new - old:+.3f} ({low:+.3f} to {high:+.3f})"


def _print_labels(name: str, pair: Pair) -> None:
    """Labels that the models differ on."""
    differ = {
        label: one
        for label, one in pair.labels.items()
        if one.old_f1 != one.new_f1 or one.gained or one.lost
    }
    if not differ:
        return
    click.echo(f"\n{name:44}{'rows':>6}{'F1 old':>8}{'new':>7}{'gained':>8}{'lost':>6}")
    for label, one in differ.items():
        click.echo(
            f"  {label:42}{one.rows:>6}{one.old_f1:>8.2f}{one.new_f1:>7.2f}"
            f"{one.gained:>8}{one.lost:>6}"
        )
