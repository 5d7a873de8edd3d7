"""Whether a model should take the place of another: one word, one reason, one exit code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from classifier.loop.paired import Pair

__all__ = ["EXIT_CODES", "KEEP", "REPLACE", "UNKNOWN", "Verdict", "verdict"]

REPLACE, KEEP, UNKNOWN = "ganti", "jangan ganti", "tidak dapat dinilai"

EXIT_CODES = {REPLACE: 0, KEEP: 3, UNKNOWN: 4}
"""1 and 2 are taken: a command that failed, and one that was called wrongly."""

_CHANCE = 0.1
"""Two-sided p-value from which a difference may be chance: of equally good models, one in
twenty would seem so much better."""


@dataclass(frozen=True)
class Verdict:
    """What to do, and why, in Bahasa Indonesia."""

    word: str
    reason: str

    @property
    def exit_code(self) -> int:
        """0 only if the new model is better."""
        return EXIT_CODES[self.word]


def verdict(
    fresh: Pair | None, known: Pair | None, others: Mapping[str, Pair], dropped: Sequence[str]
) -> Verdict:
    """Judge by rows that neither model had seen when it tagged them.

    The new model must prove itself. It has the main label right on more rows, by more than
    chance gives to one of twenty models that are just as good as the old one. And it is not
    worse, beyond chance, in macro-F1 (rare labels), on the rows that the old model was trained
    on, or in another facet; nor does it take a facet away. Otherwise the old one stays: a good
    model that has to wait for more labelled rows costs less than a worse one in use.

    Parameters
    ----------
    fresh, known
        The main facet, on the rows that the old model was not trained on and on those that it
        was; None without such rows. Fresh rows, if any, decide: they are what comes in now,
        and among many known ones their say would be lost.
    others
        The other facets that both models have, by name.
    dropped
        Facets that only the old model has.
    """
    main = fresh or known
    if main is None:
        return Verdict(UNKNOWN, "tidak ada baris berlabel untuk menilai.")
    for reason in _objections(main, known, others, dropped):
        return Verdict(KEEP, reason)
    return Verdict(
        REPLACE,
        f"model baru benar pada {main.gained - main.lost} baris lebih banyak dari {main.rows} "
        f"baris ({_counts(main)}).",
    )


def _objections(
    main: Pair, known: Pair | None, others: Mapping[str, Pair], dropped: Sequence[str]
) -> Iterator[str]:
    """Reasons to keep the old model, the weightiest first."""
    if dropped:
        yield f"model baru tidak mengisi {', '.join(dropped)}."
    if main.gained == main.lost:
        yield f"model baru tidak lebih baik ({_counts(main)})."
    elif main.gained < main.lost:
        yield f"model baru lebih sering keliru ({_counts(main)})."
    elif main.p >= _CHANCE:
        yield (
            f"selisihnya dapat terjadi secara kebetulan ({_counts(main)}); "
            "tambah baris berlabel, lalu bandingkan lagi."
        )
    if known is not None and _worse(known):
        yield f"memburuk pada baris latih model lama ({_counts(known)})."
    for pair in (main, known):
        if pair is not None and pair.macro_f1_interval[1] < 0:
            yield f"label yang jarang memburuk (macro-F1 turun), terutama {_worst(pair)}."
    for facet, pair in others.items():
        if _worse(pair):
            yield f"{facet} memburuk ({_counts(pair)})."


def _worse(pair: Pair) -> bool:
    return pair.lost > pair.gained and pair.p < _CHANCE


def _worst(pair: Pair) -> str:
    """The label that loses most."""
    return min(pair.labels, key=lambda label: pair.labels[label].new_f1 - pair.labels[label].old_f1)


def _counts(pair: Pair) -> str:
    p = "< 0,001" if pair.p < 0.001 else f"= {pair.p:.3f}".replace(".", ",")
    return f"membaik {pair.gained}, memburuk {pair.lost}, p {p}"
