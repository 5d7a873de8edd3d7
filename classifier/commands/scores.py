"""What the command line prints of a model: scores, reliability, what would be automatic."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from classifier.language import _

if TYPE_CHECKING:
    from classifier.model import Model

__all__ = [
    "errors_csv",
    "print_automatic",
    "print_automatic_share",
    "print_model",
    "print_reliability",
    "print_scores",
    "print_sources",
]


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


def errors_csv(rows: list[dict[str, str]]) -> bytes:
    """Wrongly tagged rows as CSV in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, ["tempat", "sumber", "teks", "benar", "diberi", "pilihan"])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _percent(share: float) -> str:
    """A share in percent, or a dash where there is nothing to take a share of."""
    return "–" if share != share else f"{share:.1%}"
