"""What the command line prints: plain tables of text."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from classifier.language import _
from classifier.lines import cut

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from classifier.drift import Drift
    from classifier.explain import Explanation
    from classifier.labelled import Labelled
    from classifier.model import Model
    from classifier.rules import Rules
    from classifier.summary import Summary
    from classifier.taxonomy import Taxonomy

__all__ = [
    "errors_csv",
    "print_automatic",
    "print_automatic_share",
    "print_counts",
    "print_drift",
    "print_explanation",
    "print_model",
    "print_own_labels",
    "print_reliability",
    "print_rows",
    "print_rules",
    "print_scores",
    "print_sources",
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


def print_scores(scores: Mapping[str, Any], *, per_label: bool = False) -> None:
    """Accuracy and macro-F1 of each facet with intervals, and of the majority baseline."""
    interval = f"{_('95 % interval'):>16}"
    head = f"{_('facet'):12}{_('rows'):>7}{_('accuracy'):>10}{interval}{_('macro-F1'):>10}"
    click.echo(f"{head}{interval}{_('baseline'):>16}")
    for facet, result in scores.items():
        low, high = result["accuracy_interval"]
        f1_low, f1_high = result["macro_f1_interval"]
        click.echo(
            f"{facet:12}{result['rows']:>7}{result['accuracy']:>10.3f}"
            f"{f'{low:.3f}–{high:.3f}':>16}{result['macro_f1']:>10.3f}"
            f"{f'{f1_low:.3f}–{f1_high:.3f}':>16}"
            f"{result['baseline_accuracy']:>8.3f}{result['baseline_macro_f1']:>8.3f}"
        )
    if per_label:
        for facet, result in scores.items():
            _print_labels(facet, result["labels"])


def print_sources(sources: Mapping[str, tuple[int, float]]) -> None:
    """Rows and accuracy of the main label per source."""
    if sources:
        click.echo(f"\n{_('sumber'):32}{_('rows'):>6}{_('accuracy'):>10}")
    for source, (rows, accuracy) in sources.items():
        click.echo(f"  {source:30}{rows:>6}{accuracy:>10.3f}")


def _print_labels(facet: str, labels: Mapping[str, Any]) -> None:
    click.echo(f"\n{facet:22}{_('rows'):>6}{_('precision'):>11}{_('recall'):>8}{'F1':>7}")
    for label, result in labels.items():
        click.echo(
            f"  {label:20}{result['support']:>6}{result['precision']:>11.2f}"
            f"{result['recall']:>8.2f}{result['f1']:>7.2f}"
        )


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


def print_model(model: Model, digest: str, precision: float) -> None:
    """What a model is made of."""
    record, words, kept = model.record, model.vocabulary, model.precedents
    size = _(
        "{words} words, {pairs} pairs, {parts} parts of words",
        words=len(words.words), pairs=len(words.pairs), parts=len(words.grams),
    )  # fmt: skip
    data = _(
        "{rows} rows, {terms} terms, SHA-256 {digest}",
        rows=record["rows"], terms=record["terms"], digest=record["data_sha256"],
    )  # fmt: skip
    trained = _("{version}, trained {date}", version=record["usulan"], date=record["date"])
    texts = _("{rows} rows of training text", rows=len(kept)) if kept else ""
    settings = ", ".join(f"{name}={value}" for name, value in record["settings"].items())
    for name, value in (
        ("SHA-256", digest),
        ("usulan", trained),
        (_("data"), data),
        (_("vocabulary"), size),
        (_("settings"), settings),
        (_("precedents"), texts or _("none: holds no texts")),
    ):
        click.echo(f"{name:12}{value}")
    facets = [head.facet for head in model.heads]  # the main one first; a file has them sorted
    click.echo("\n" + _("Scores on held-out rows:"))
    print_scores({facet: record["held_out"][facet] for facet in facets})
    print_reliability({facet: record["reliability"][facet] for facet in facets})
    print_automatic(model, precision)
    for facet, counts in record["rows_per_label"].items():
        rows = ", ".join(f"{label} {count}" for label, count in counts.items())
        click.echo(f"\n{facet}: {rows}")


def print_reliability(tables: Mapping[str, Any]) -> None:
    """Expected calibration error per facet, and the table of the main one."""
    for number, (facet, table) in enumerate(tables.items()):
        error = _("calibration error {error:.3f}", error=table["ece"])
        click.echo(f"{'' if number else chr(10)}{facet:12}{error}")
    main = next(iter(tables.values()))["bins"]
    click.echo(f"{_('says'):12}" + "".join(f"{row['confidence']:>6.2f}" for row in main))
    click.echo(f"{_('is right'):12}" + "".join(f"{row['right']:>6.2f}" for row in main))


def print_automatic(model: Model, precision: float) -> None:
    """What a precision asked for comes to, in all and per label, on held-out rows."""
    from classifier.cutoffs import NEVER, expected

    if model.out_of_fold is None:
        return
    total, *labels = expected(model.out_of_fold, model.heads[0].labels, precision)
    click.echo(
        "\n"
        + _(
            "At a target precision of {precision:g}, {automatic:.1%} of rows are automatic, "
            "{right} of them right;\n"
            "doubts about a row's text (see tag_alasan) hold back a few more.",
            precision=precision,
            automatic=total.automatic,
            right=_percent(total.right),
        )
    )
    click.echo(f"{_('label'):22}{_('rows'):>7}{_('cutoff'):>8}{_('automatic'):>11}{_('right'):>8}")
    for row in labels:
        cutoff = _("never") if row.cutoff == NEVER else f"{row.cutoff:.2f}"
        click.echo(
            f"  {row.label:20}{row.share:>7.1%}{cutoff:>8}{_percent(row.automatic):>11}"
            f"{_percent(row.right):>8}"
        )


def print_automatic_share(share: float, right: float, precision: float) -> None:
    """How many labelled rows are automatic, and how many of these are right."""
    told = _(
        "At a target precision of {precision:g}, {share:.1%} of these rows are automatic, "
        "{right} of them right.",
        precision=precision,
        share=share,
        right=_percent(right),
    )
    click.echo(f"\n{told}")


def _percent(share: float) -> str:
    """A share in percent, or a dash where there is nothing to take a share of."""
    return "–" if share != share else f"{share:.1%}"


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


def errors_csv(rows: list[dict[str, str]]) -> bytes:
    """Wrongly tagged rows as CSV in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ["tempat", "sumber", "teks", "benar", "diberi", "pilihan"])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
