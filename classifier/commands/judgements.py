"""What compare and check print: plain tables of text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from classifier.language import _
from classifier.lines import cut

if TYPE_CHECKING:
    from classifier.labelled import Labelled
    from classifier.loop.agreement import Agreement
    from classifier.loop.check import Check
    from classifier.loop.compare import Comparison, Move
    from classifier.loop.paired import Interval, Pair
    from classifier.loop.suspects import Suspect

__all__ = ["print_check", "print_comparison"]

_MOVES = 15
"""Kinds of change shown of a facet."""

_SHOWN = 20
"""Findings shown of a kind; files hold all."""

_NONE = "–"


def print_comparison(result: Comparison, data: Labelled) -> None:
    """What changes, the scores of both models, and the verdict."""
    click.echo(_("{changed} of {rows} rows change.", changed=len(result.changed), rows=len(data)))
    for facet, moves in result.moves.items():
        _print_moves(facet, moves, data)
    for labels, which in ((result.only_old, "OLD"), (result.only_new, "NEW")):
        if labels:
            names = ", ".join(labels)
            only = _("Labels that only {model} gives: {labels}.", model=which, labels=names)
            click.echo(f"\n{only}")
    _print_pairs(result)
    click.echo(f"\n{result.verdict.word}: {result.verdict.reason}")


def _print_moves(facet: str, moves: Sequence[Move], data: Labelled) -> None:
    if not moves:
        return
    total = sum(len(move.rows) for move in moves)
    title = _("{facet}: {rows} rows change", facet=facet, rows=total)
    click.echo(f"\n{title:46}{_('rows'):>6}  {_('example')}")
    for move in moves[:_MOVES]:
        change = f"{move.old or _NONE} → {move.new or _NONE}"
        row = int(move.rows[0])
        words = " | ".join(cell for c in data.columns if (cell := c[row].as_py().strip()))
        number = data.places[row].rpartition(": ")[2]
        click.echo(f"  {cut(change, 44):44}{len(move.rows):>6}  {number}: {cut(words, 50)}")
    if len(moves) > _MOVES:
        rest = sum(len(move.rows) for move in moves[_MOVES:])
        others = _("{count} other changes", count=len(moves) - _MOVES)
        click.echo(f"  {others:44}{rest:>6}")


def _print_pairs(result: Comparison) -> None:
    """Scores on labelled rows, the main facet on fresh rows first."""
    main = next(iter(result.moves))
    known = _("{facet}, rows OLD was trained on", facet=main)
    named = [(main, result.fresh), (known, result.known)]
    named += [
        (_("{facet}, rows new to both", facet=facet), pair) for facet, pair in result.others.items()
    ]
    pairs = [(name, pair) for name, pair in named if pair is not None]
    if not pairs:
        return
    click.echo(
        "\n" + _("On labelled rows, by what was said of each by a model that had not seen it:")
    )
    for name, pair in pairs:
        accuracy = _change(pair.old_accuracy, pair.new_accuracy, pair.accuracy_interval)
        macro = _change(pair.old_macro_f1, pair.new_macro_f1, pair.macro_f1_interval)
        told = _(
            "{name}: {rows} rows, gained {gained}, lost {lost}, p {p:.3f}",
            name=name, rows=pair.rows, gained=pair.gained, lost=pair.lost, p=pair.p,
        )  # fmt: skip
        click.echo(f"  {told}\n    {_('accuracy')} {accuracy}\n    {_('macro-F1')} {macro}")
    for name, pair in pairs:
        _print_labels(name, pair)


def _change(old: float, new: float, interval: Interval) -> str:
    """A score of both models, and the difference with its 95 % interval."""
    low, high = interval
    return _(
        "{old:.3f} → {new:.3f}, {change:+.3f} ({low:+.3f} to {high:+.3f})",
        old=old, new=new, change=new - old, low=low, high=high,
    )  # fmt: skip


def _print_labels(name: str, pair: Pair) -> None:
    """Labels that the models differ on."""
    differ = {
        label: one
        for label, one in pair.labels.items()
        if one.old_f1 != one.new_f1 or one.gained or one.lost
    }
    if not differ:
        return
    click.echo(
        f"\n{name:44}{_('rows'):>6}{_('F1 old'):>8}{_('new'):>7}{_('gained'):>8}{_('lost'):>6}"
    )
    for label, one in differ.items():
        click.echo(
            f"  {label:42}{one.rows:>6}{one.old_f1:>8.2f}{one.new_f1:>7.2f}"
            f"{one.gained:>8}{one.lost:>6}"
        )


def print_check(result: Check) -> None:
    """What was found, the surest first."""
    columns = ", ".join(result.labels.values())
    click.echo(_("{rows} rows, labels from {columns}.", rows=result.rows, columns=columns))
    flaws = [f"{flaw.place}: {flaw.column}: {flaw.problem}." for flaw in result.flaws]
    _print_some(_("Cells that cannot be right"), flaws)
    _print_some(
        _("Rows that say the same, labelled differently"),
        [
            f"{one.facet}: {cut(one.text, 60)}: "
            + "; ".join(f"{label} ({', '.join(rows[:3])})" for label, rows in one.labels.items())
            for one in result.conflicts
        ],
    )
    _print_some(
        _("Labels of too few rows to cross-validate"),
        [f"{one.facet}: {one.label} {one.rows}" for one in result.rare],
    )
    if result.unlearnt:
        click.echo("\n" + _("No label could be suspected: {problem}", problem=result.unlearnt))
    for facet in result.labels:
        suspects = [one for one in result.suspects if one.facet == facet]
        title = _("Suspect labels of {facet}", facet=facet)
        _print_some(title, [_suspect(one) for one in suspects])
    for facet, found in result.agreements.items():
        _print_agreement(facet, found)


def _print_some(title: str, lines: Sequence[str]) -> None:
    if not lines:
        return
    click.echo(f"\n{title}: {len(lines)}")
    for line in lines[:_SHOWN]:
        click.echo(f"  {line}")
    if len(lines) > _SHOWN:
        more = _("and {count} more", count=len(lines) - _SHOWN)
        click.echo(f"  {more}")


def _suspect(one: Suspect) -> str:
    like = _('(like "{text}")', text=cut(one.nearest[0][1], 40)) if one.nearest else ""
    near = f" {like}" if like else ""
    return (
        f"{one.place}: {one.given or _NONE} {one.given_chance:.2f} → {one.suggested or _NONE} "
        f"{one.suggested_chance:.2f}: {cut(one.text, 60)}{near}"
    )


def _print_agreement(facet: str, found: Agreement) -> None:
    alike = _(
        "{facet}: two people, {rows} rows, {equal:.1%} labelled alike",
        facet=facet, rows=found.rows, equal=found.equal,
    )  # fmt: skip
    click.echo(f"\n{alike}")
    if found.kappa is not None and found.kappa_interval is not None:
        low, high = found.kappa_interval
        kappa = _(
            "Cohen's kappa {kappa:.3f} ({low:.3f}–{high:.3f}), main labels",
            kappa=found.kappa, low=low, high=high,
        )  # fmt: skip
        click.echo(f"  {kappa}")
    low, high = found.alpha_interval
    alpha = _(
        "Krippendorff's alpha {alpha:.3f} ({low:.3f}–{high:.3f}), MASI distance",
        alpha=found.alpha, low=low, high=high,
    )  # fmt: skip
    click.echo(f"  {alpha}")
    for pair in found.confused[:_SHOWN]:
        rows = _("{rows} rows", rows=pair.rows)
        click.echo(f"  {pair.first or _NONE} / {pair.second or _NONE}: {rows}")
