"""Whether a human should look at a row, and why: one reason in fixed words for each row.

================================  ========  ====================================================
reason (``tag_alasan``)           status    when
================================  ========  ====================================================
tidak ada teks                    kosong    no letter or digit in any text column
hanya nama tempat atau angka      tinjau    nothing is left beside places and numbers
kata tidak dikenal: …             tinjau    half of the words or more are unknown
tidak jelas apa yang diminta      tinjau    asks for nothing that can be named
kamus dan masalah berbeda: … / …  tinjau    two text columns, each sure of itself, disagree
beberapa pekerjaan: …; …          tinjau    a further label is given beside the main one
di luar daftar prioritas          tinjau    below the cutoff, and no label claims the row
dua kemungkinan: … / …            tinjau    below the cutoff, and the second label is close
keyakinan rendah                  tinjau    below the cutoff
keyakinan cukup                   otomatis  none of these
================================  ========  ====================================================

The first that holds counts. What stands before the colon never varies, to filter by.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.apart import apart
from classifier.arrays import numbers, strings, text
from classifier.cells import joined, listed, named
from classifier.decide import Decision, is_unclear
from classifier.features import Batch
from classifier.heads import own_probability
from classifier.model import Model, Prediction

__all__ = ["AUTOMATIC", "BLANK", "REVIEW", "Judgement", "judge"]

AUTOMATIC, REVIEW, BLANK = "otomatis", "tinjau", "kosong"

UNKNOWN = 0.5
"""Share of unknown words from which a row is for a human, however sure its tag looks."""

CLAIMED, POSSIBLE = 0.1, 0.05
"""A label's own probability (not shared with others) from which it claims a row, and from
which it is thought of as a second one (below, rows of which the columns disagree are as
often right as others)."""

CLOSE = 0.5
"""Share of the best label's probability from which the second is close."""

_SHOWN, _LETTERS = 3, 30

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Judgement:
    """Status and reason of n_rows proposals as text; ``unsure`` rows are not automatic."""

    status: pa.Array
    reasons: pa.Array
    unsure: NDArray[np.bool_]


@dataclass(frozen=True)
class _Case:
    """A reason, the rows it holds for, and what is named behind its colon."""

    reason: str
    holds: NDArray[np.bool_]
    detail: Callable[[Rows], pa.Array] | None = None


def judge(
    model: Model,
    batch: Batch,
    prediction: Prediction,
    decision: Decision,
    cutoffs: NDArray[np.float32],
) -> Judgement:
    """Judge each row of a batch.

    Parameters
    ----------
    cutoffs
        Probability from which each label is given without a human, shape (n_labels + 1,);
        see :class:`~classifier.cutoffs.Cutoffs`.
    """
    head = model.heads[0]
    main = decision.main[head.facet][1]
    unsure = decision.confidence < cutoffs[np.minimum(main, len(cutoffs) - 1)]
    own = own_probability(head, prediction.scores[head.facet])
    second, best = np.partition(own, -2, axis=1)[:, -2:].T
    cases = [
        _Case("tidak ada teks", prediction.traits.blank),
        *_about_the_text(model, batch, prediction, decision, second >= POSSIBLE),
        *_about_confidence(model, prediction, decision, unsure, best >= CLAIMED),
    ]
    first = np.select([case.holds for case in cases], range(len(cases)), len(cases))
    statuses = [BLANK, *[REVIEW] * (len(cases) - 1), AUTOMATIC]
    return Judgement(named(statuses, first), _reasons(cases, first), first < len(cases))


def _reasons(cases: Sequence[_Case], first: Rows) -> pa.StringArray:
    """The reason of each row, the first case that holds, with what it names."""
    texts = [strings([*(case.reason for case in cases), "keyakinan cukup"])]
    place, end = first.copy(), len(texts[0])
    for number, case in enumerate(cases):
        rows = np.flatnonzero(first == number)
        if case.detail and len(rows):
            texts.append(joined([text(case.reason), case.detail(rows)], ": "))
            place[rows] = end + np.arange(len(rows))
            end += len(rows)
    return pa.concat_arrays(texts).take(numbers(place))


def _about_the_text(
    model: Model,
    batch: Batch,
    prediction: Prediction,
    decision: Decision,
    possible: NDArray[np.bool_],
) -> list[_Case]:
    """What makes a row one for a human, however sure its tag is."""
    head, traits = model.heads[0], prediction.traits
    labels, main = decision.main[head.facet]
    columns = apart(model, batch, possible)
    further = decision.given[head.facet][1]
    several = further.sum(axis=1) > 0
    unknown = 1 - traits.known / traits.words.clip(1)

    def works(rows: Rows) -> pa.Array:
        return joined([named(labels, main[rows]), listed(head.labels, further[rows])], "; ")

    return [
        _Case("hanya nama tempat atau angka", traits.empty),
        _Case(
            "kata tidak dikenal",
            unknown >= UNKNOWN,
            lambda rows: _unknown_words(batch, rows),
        ),
        _Case("tidak jelas apa yang diminta", is_unclear(labels, main)),
        _Case(
            "kamus dan masalah berbeda",
            columns.differ,
            _either(head.labels, columns.first, columns.other),
        ),
        _Case("beberapa pekerjaan", several, works),
    ]


def _about_confidence(
    model: Model,
    prediction: Prediction,
    decision: Decision,
    unsure: NDArray[np.bool_],
    claimed: NDArray[np.bool_],
) -> list[_Case]:
    """Why a row's confidence is below the cutoff."""
    head, second = model.heads[0], decision.best[:, 1]
    chances = prediction.probabilities[head.facet][np.arange(len(second)), second]
    close = unsure & (chances >= CLOSE * decision.confidence)
    labels = model.labels(head.facet)
    return [
        _Case("di luar daftar prioritas", unsure & ~claimed),
        _Case("dua kemungkinan", close, _either(labels, decision.best[:, 0], second)),
        _Case("keyakinan rendah", unsure),
    ]


def _either(
    labels: tuple[str, ...], first: NDArray[np.int64], other: NDArray[np.int64]
) -> Callable[[Rows], pa.Array]:
    return lambda rows: joined([named(labels, first[rows]), named(labels, other[rows])], " / ")


def _unknown_words(batch: Batch, rows: Rows) -> pa.Array:
    """The first words of each row that the vocabulary lacks."""
    tokens = batch.tokens.take(rows)
    unknown = np.flatnonzero(batch.ids[tokens.codes] < 0)
    words = tokens.rows[unknown] * len(tokens.words) + tokens.codes[unknown]
    unknown = unknown[np.sort(np.unique(words, return_index=True)[1])]  # each once
    unknown = unknown[np.argsort(tokens.rows[unknown], kind="stable")]
    counts = np.bincount(tokens.rows[unknown], minlength=len(rows))
    ends = np.cumsum(counts)
    place = np.arange(len(unknown)) - np.repeat(ends - counts, counts)
    shown = tokens.codes[unknown[place < _SHOWN]]
    offsets = np.append(0, np.cumsum(np.minimum(counts, _SHOWN))).astype(np.int32)
    names = pc.utf8_slice_codeunits(tokens.words.take(numbers(shown)), 0, _LETTERS)
    return pc.binary_join(pa.ListArray.from_arrays(numbers(offsets), names), text(", "))
