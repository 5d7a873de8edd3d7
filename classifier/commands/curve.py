"""What ``usulan train --curve`` prints: the curve, and what another hour would be worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from classifier.language import _

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
    click.echo(f"\n{_('rows'):>7}{_('accuracy'):>10}{_('macro-F1'):>10}{'±':>7}")
    for k, size in enumerate(curve.sizes.tolist()):
        accuracy, f1 = curve.accuracy[:, k], curve.macro_f1[:, k]
        click.echo(f"{size:>7}{accuracy.mean():>10.3f}{f1.mean():>10.3f}{f1.std():>7.3f}")
    click.echo(
        _(
            "(main facet, likeliest label; mean and spread of {parts} held-out parts)",
            parts=len(curve.macro_f1),
        )
    )


def _print_expected(curve: Curve, rows_per_hour: int) -> None:
    from classifier.learning.powerlaw import foretold, gain, rows_for

    if len(curve.sizes) < 3:
        click.echo(_("Too few rows to foretell anything: label more, in all labels."))
        return
    said, found = foretold(curve)
    click.echo(
        "\n"
        + _(
            "The trend of the smaller parts foretold {foretold:.3f} for the largest; "
            "it came to {found:.3f}.",
            foretold=said,
            found=found,
        )
    )
    for more in MORE:
        click.echo(_more(curve, more))
    hour, point = gain(curve, rows_per_hour), rows_for(curve, 0.01)
    if not hour.certain or point == float("inf"):
        click.echo(_("What another hour of labelling is worth cannot be told from these rows."))
        return
    click.echo(
        _(
            "An hour ({rows} rows; say otherwise with --rows-per-hour) is worth about "
            "{points:.2f} points of macro-F1;\none point takes about {needed:,} random rows, "
            "{hours:,.0f} hours. Rows that the model is unsure of teach more than random ones.",
            rows=rows_per_hour,
            points=100 * hour.mean,
            needed=_round(point),
            hours=point / rows_per_hour,
        )
    )


def _more(curve: Curve, more: int) -> str:
    """What that many rows more are expected to add."""
    from classifier.learning.powerlaw import gain

    told = _told(gain(curve, more))
    if more <= curve.label_rows.sum():
        return _("{rows} more random rows: {gain}.", rows=more, gain=told)
    return _(
        "{rows} more random rows: {gain} – a guess, beyond twice the rows.", rows=more, gain=told
    )


def _print_labels(curve: Curve) -> None:
    from classifier.learning.powerlaw import label_gains

    more = MORE[0]
    if len(curve.sizes) < 3:
        return
    added = _("with {rows} more rows of it", rows=more)
    click.echo(f"\n{_('label'):22}{_('rows'):>7}{'F1':>7}   {added}")
    place = {label: k for k, label in enumerate(curve.labels)}
    gains = label_gains(curve, more)
    for label, expected in gains[:SHOWN]:
        k = place[label]
        f1 = curve.label_f1[:, -1, k].mean()
        click.echo(f"  {label:20}{curve.label_rows[k]:>7}{f1:>7.2f}   {_told(expected)}")
    sure = [label for label, expected in gains[:SHOWN] if expected.certain][:3]
    if len(gains) < len(curve.labels):
        click.echo(_("Labels that are too rare to be in every held-out part are not shown."))
    if sure:
        click.echo(_("More rows would help most for {labels}.", labels=", ".join(sure)))
    else:
        click.echo(_("For which label more rows would help most cannot be told from these rows."))


def _told(expected: Gain) -> str:
    """A gain in points of F1, or that it cannot be told."""
    low, high = 100 * expected.low, 100 * expected.high
    if not expected.certain:
        return _("cannot be told ({low:+.2f} to {high:+.2f} points)", low=low, high=high)
    return _(
        "{mean:+.2f} points of F1 ({low:.2f} to {high:.2f})",
        mean=100 * expected.mean,
        low=low,
        high=high,
    )


def _round(rows: float) -> int:
    """Rows to two figures."""
    return int(float(f"{rows:.1e}"))
