"""What the command line prints: plain tables of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from classifier.language import _
from classifier.lines import cut

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from classifier.drift import Drift
    from classifier.explain import Explanation
    from classifier.labelled import Labelled
    from classifier.rules import Rules
    from classifier.summary import Summary
    from classifier.taxonomy import Taxonomy

__all__ = [
    "print_counts",
    "print_drift",
    "print_explanation",
    "print_own_labels",
    "print_rows",
    "print_rules",
    "print_taxonomy",
]


def print_rows(summary: Summary, shown: int) -> None:
    """The first rows: their text, cut to fit, and their main tag."""
    if summary.first is None or shown == 0:
        return
    main = summary.first.column_names[len(summary.text)]
    click.echo(f"\n{_('usulan'):60} {main:18} {_('yakin'):>5}  {_('status')}")
    for row in summary.first.slice(0, shown).to_pylist():
        text = " | ".join(row[name].strip() for name in summary.text if row[name].strip())
        label = row[main]
        click.echo(f"{cut(text, 60):60} {label:18} {row['tag_keyakinan']:>5}  {row['tag_status']}")


def print_counts(summary: Summary) -> None:
    """Rows per main label, status and reason, with their shares."""
    if not summary.rows:
        return
    facet = (summary.first.column_names[len(summary.text)] if summary.first else "")[len("tag_") :]
    for title, counts in (
        (facet, summary.labels),
        ("status", summary.status),
        ("alasan", summary.reasons),
    ):
        click.echo(f"\n{title}:")
        for label, count in counts.most_common():
            click.echo(f"  {label or '(kosong)':30}{count:>7}{count / summary.rows:>8.1%}")


def print_rules(rules: Rules, fired: NDArray[np.int64], used: NDArray[np.int64]) -> None:
    """Rows that hold each rule's phrase, and those it decided; the rules that never fired."""
    from classifier.rulecheck import never_fired

    if not len(rules):
        return
    click.echo(f"\n{_('aturan'):69}{_('rows'):>7}{_('used'):>7}")
    for rule, count, decided in zip(rules.rules, fired.tolist(), used.tolist(), strict=True):
        if count:
            phrase = cut(rule.frasa, 40)
            click.echo(f"  {rule.mode:6} {phrase:40} {rule.label:20}{count:>7}{decided:>7}")
    for sentence in never_fired(rules, fired):
        click.echo(f"  {sentence}")


def print_explanation(reason: Explanation) -> None:
    """Tags, the steps of the text, each word's share of the score, and precedents."""
    for name, value in reason.tags.items():
        click.echo(f"{name:20} {value}")
    click.echo("\n" + _("Text:"))
    for step in reason.steps:
        click.echo(f"  {step.name}: {' '.join(step.words)}")
    given = next(iter(reason.tags.values()))
    if given != reason.label:
        why = reason.tags["tag_alasan"]
        told = _("{label} is given: {reason}.", label=given or _("No label"), reason=why)
        click.echo(f"\n{told}")
    score = _("Score of {label}: {score:+.3f}, the sum of", label=reason.label, score=reason.score)
    click.echo(f"\n{score}")
    for share in reason.shares:
        click.echo(f"  {share.share:+.3f}  {cut(share.text, 60)}")
    click.echo(f"  {reason.intercept:+.3f}  {_('(without any word)')}")
    if reason.precedents:
        click.echo("\n" + _("Most like it in the training data:"))
    for known in reason.precedents:
        click.echo(f"  {known.similarity:.2f}  {known.label:18} {cut(known.text, 100)}")


def print_drift(result: Drift) -> None:
    """How an export differs from the training data, and whether to retrain."""
    found, expected = result.found, result.expected
    verdict = (
        _("Label some of these rows and train again.")
        if result.due
        else _("No retraining is due.")
        if result.enough
        else _("Too few rows to tell whether retraining is due.")
    )
    told = _(
        "Beside the training data: {unknown:.1%} unknown words ({unknown_there:.1%} there), mean "
        "confidence {confidence:.2f} ({confidence_there:.2f}), mix of labels {mix:.0%} apart.",
        unknown=found.unknown,
        unknown_there=expected.unknown,
        confidence=found.confidence,
        confidence_there=expected.confidence,
        mix=result.mix,
    )
    click.echo(f"\n{told} {verdict}")


def print_own_labels(data: Labelled) -> None:
    """Labels that were taken from the data with their rows, and those that may be misspelt."""
    from collections import Counter

    from classifier.ownlabels import lookalikes

    for facet, rows in data.labels.items():
        counts = Counter(label for labels in rows for label in labels)
        shown = ", ".join(f"{label} {count}" for label, count in counts.most_common())
        told = _(
            "{facet}: {count} labels from the data: {labels}.",
            facet=facet, count=len(counts), labels=shown,
        )  # fmt: skip
        click.echo(told, err=True)
        for rare, frequent in lookalikes(counts):
            told = _(
                "{facet}: {rare!r} ({rows} rows) is almost {frequent!r} ({frequent_rows}). "
                "If it is a slip, correct it and train again.",
                facet=facet,
                rare=rare,
                rows=counts[rare],
                frequent=frequent,
                frequent_rows=counts[frequent],
            )
            click.echo(told, err=True)


def print_taxonomy(taxonomy: Taxonomy) -> None:
    """Facets and labels as a table."""
    for facet in taxonomy.facets.values():
        several = _("several labels") if facet.banyak else _("one label")
        click.echo(f"\n{facet.name} – {facet.nama} ({several})")
        for label in facet.labels.values():
            codes = " ".join(label.kode)
            click.echo(f"  {label.slug:20} {label.nama:45}{label.kelompok:16}{codes}")
