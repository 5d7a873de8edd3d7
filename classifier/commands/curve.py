"""What ``usulan train --curve`` prints: the curve, and what another hour would be worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from classifier.learning.curve import Curve
    from classifier.learning.powerlaw import Gain

__all__ = ["print_curve"]

MORE = (100, 500)
SHOWN = 8
"""Labels shown, those that gain most by more rows."""


def print_curve(curve: Curve, rows_per_hour: int) -> None:
    """The curve as a table, what more rows are expected to add, in all and per label."""
    _print_points(curve)
    _print_expected(curve, rows_per_hour)
    _print_labels(curve)


def _print_points(curve: Curve) -> None:
    click.echo(f"\n{'rows':>7}{'accuracy':>10}{'macro-F1':>10}{'±':>7}")
    for k, size in enumerate(curve.sizes.tolist()):
        accuracy, f1 = curve.accuracy[:, k], curve.macro_f1[:, k]
        click.echo(f"{size:>7}{accuracy.mean():>10.3f}{f1.mean():>10.3f}{f1.std():>7.3f}")
    click.echo(
        f"(main facet, likeliest label; mean and spread of {len(curve.macro_f1)} held-out parts)"
    )


def _print_expected(curve: Curve, rows_per_hour: int) -> None:
    from classifier.learning.powerlaw import foretold, gain, rows_for

    if len(curve.sizes) < 3:
        click.echo("Too few rows to foretell anything: label more, in all labels.")
        return
    said, found = foretold(curve)
    click.echo(
        f"\nThe trend of the smaller parts foretold {said:.3f} for the largest; "
        f"it came to {found:.3f}."
    )
    for more in MORE:
        guess = " – a guess, beyond twice the rows" if more > curve.label_rows.sum() else ""
        click.echo(f"{more} more random rows: {_told(gain(curve, more))}{guess}.")
    hour, point = gain(curve, rows_per_hour), rows_for(curve, 0.01)
    if not hour.certain or point == float("inf"):
        click.echo("What another hour of labelling is worth cannot be told from these rows.")
        return
    click.echo(
        f"An hour ({rows_per_hour} rows; say otherwise with --rows-per-hour) is worth about "
        f"{100 * hour.mean:.2f} points of macro-F1;\none point takes about {_round(point):,} "
        f"random rows, {point / rows_per_hour:,.0f} hours. Rows that the model is unsure of "
        "teach more than random ones."
    )


def _print_labels(curve: Curve) -> None:
    from classifier.learning.powerlaw import label_gains

    more = MORE[0]
    if len(curve.sizes) < 3:
        return
    click.echo(f"\n{'label':22}{'rows':>7}{'F1':>7}   with {more} more rows of it")
    place = {label: k for k, label in enumerate(curve.labels)}
    gains = label_gains(curve, more)
    for label, expected in gains[:SHOWN]:
        k = place[label]
        f1 = curve.label_f1[:, -1, k].mean()
        click.echo(f"  {label:20}{curve.label_rows[k]:>7}{f1:>7.2f}   {_told(expected)}")
    sure = [label for label, expected in gains[:SHOWN] if expected.certain][:3]
    if len(gains) < len(curve.labels):
        click.echo("Labels that are too rare to be in every held-out part are not shown.")
    if sure:
        click.echo(f"More rows would help most for {', '.join(sure)}.")
    else:
        click.echo("For which label more rows would help most cannot be told from these rows.")


def _told(expected: Gain) -> str:
    """A gain in points of F1, or that it cannot be told."""
    if not expected.certain:
        return f"cannot be told ({100 * expected.low:+.2f} to {100 * expected.high:+.2f} points)"
    return (
        f"{100 * expected.mean:+.2f} points of F1 "
        f"({100 * expected.low:.2f} to {100 * expected.high:.2f})"
    )


def _round(rows: float) -> int:
    """Rows to two figures."""
    return int(float(f"{rows:.1e}"))
