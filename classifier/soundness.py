"""Whether a model that was read from a file can be used: sizes, types, order and numbers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ModelError
from classifier.heads import Head
from classifier.model import Model

__all__ = ["check"]

LARGEST = 1e4
"""No weight, idf or calibration number of a real model comes near."""

_RECORD = {
    "usulan": str, "date": str, "rows": int, "terms": int, "data_sha256": str, "settings": dict,
    "held_out": dict, "reliability": dict, "rows_per_label": dict, "taxonomy": dict,
    "left_out": list,
}  # fmt: skip
"""What the training record must hold to be printed."""


def check(model: Model) -> None:
    """Refuse a model whose parts do not fit together, or hold what cannot be reckoned with.

    Raises
    ------
    ModelError
        Something is wrong; what, no user could mend.
    """
    sound = (
        all(_fits(values, shape) for values, shape in _numbers(model))
        and all(_ascending(keys) for keys in _keys(model))
        and _heads_are_sound(model)
        and _tree_is_sound(model)
        and _evidence_is_sound(model)
        and _precedents_are_sound(model)
        and _record_is_sound(model)
        and _taxonomy_is_sound(model)
    )
    if not sound:
        raise ModelError("its parts do not fit together. Train it again.")


def _numbers(model: Model) -> Iterator[tuple[NDArray[Any], tuple[int, ...]]]:
    """Arrays of floating numbers, each with the shape it must have."""
    words = model.vocabulary
    n_labels = sum(len(head.labels) for head in model.heads)
    sizes = {
        "words": len(words.words),
        "grams": len(words.grams),
        "pairs": len(words.pairs),
        "concepts": len(words.concepts.names),
    }
    for name, size in sizes.items():
        yield getattr(model.weights, name), (size, n_labels)
    yield model.weights.intercept, (n_labels,)
    idf = (words.word_idf, words.gram_idf, words.pair_idf, words.concept_idf)
    for values, size in zip(idf, sizes.values(), strict=True):
        yield values, (size,)
    yield np.array([words.unseen_idf, words.name_idf], np.float32), (2,)


def _fits(values: NDArray[Any], shape: tuple[int, ...]) -> bool:
    bounded = values.dtype == np.float32 and values.shape == shape
    return bounded and bool((np.abs(values) < LARGEST).all())


def _keys(model: Model) -> Iterator[tuple[NDArray[Any], type]]:
    """Sorted keys that are searched by halving, and their type."""
    words = model.vocabulary
    yield words.pairs, np.int64
    yield words.grams, np.uint64
    yield words.concepts.edges, np.int64


def _ascending(keys: tuple[NDArray[Any], type]) -> bool:
    values, kind = keys
    return values.ndim == 1 and values.dtype == kind and bool((values[1:] > values[:-1]).all())


def _tree_is_sound(model: Model) -> bool:
    tree = model.vocabulary.concepts
    inside = (tree.ends >= -1) & (tree.ends < len(tree.names))
    return (
        tree.ends.dtype == np.int32
        and tree.ends.shape == tree.edges.shape
        and bool(inside.all())
        and 0 <= tree.longest <= len(tree.edges)
    )


def _precedents_are_sound(model: Model) -> bool:
    kept = model.precedents
    if kept is None:
        return True
    labels = kept.labels
    return (
        labels.dtype == np.uint16
        and labels.shape == (len(kept.columns[0]) if kept.columns else 0,)
        and len(labels) > 0
        and bool((labels < len(model.labels(model.heads[0].facet))).all())
    )


def _heads_are_sound(model: Model) -> bool:
    names = [head.facet for head in model.heads]
    sound = bool(names) and len(set(names)) == len(names) and model.heads[0].banyak is False
    sound = sound and len(model.heads[0].labels) > 1
    rule = model.unclear
    if rule is not None:
        sound &= _finite(rule.intercept, rule.best, rule.known) and 0 <= rule.nothing <= 1
    return sound and all(_head_is_sound(head) for head in model.heads)


def _head_is_sound(head: Head) -> bool:
    return (
        _printable(head.facet, *head.labels)
        and len(set(head.labels)) == len(head.labels) > 0
        and len(head.log_odds) in (0, len(head.labels))
        and len(head.thresholds) in (0, len(head.labels))
        and _finite(head.scale, head.shift, head.power, *head.log_odds)
        and all(isinstance(value, float) and not math.isnan(value) for value in head.thresholds)
    )


def _record_is_sound(model: Model) -> bool:
    """Whether the record can be printed: its entries, and the same facets in all of them."""
    record, facets = model.record, {head.facet for head in model.heads}
    return (
        isinstance(record, dict)
        and all(isinstance(record.get(name), kind) for name, kind in _RECORD.items())
        and facets == set(record["held_out"]) == set(record["reliability"])
        and facets <= set(record["rows_per_label"]) <= facets | set(record["left_out"])
        and all(_scores_are_sound(scores) for scores in record["held_out"].values())
        and all(_table_is_sound(table) for table in record["reliability"].values())
        and all(_counts_are_sound(counts) for counts in record["rows_per_label"].values())
        and _printable(record["usulan"], record["date"], record["data_sha256"])
        and _printable(*(str(part) for item in record["settings"].items() for part in item))
    )


def _scores_are_sound(scores: Any) -> bool:
    single = ("rows", "accuracy", "macro_f1", "baseline_accuracy", "baseline_macro_f1")
    pairs = [*scores["accuracy_interval"], *scores["macro_f1_interval"]]
    return len(pairs) == 4 and _finite(*pairs) and all(_is_number(scores[name]) for name in single)


def _table_is_sound(table: Any) -> bool:
    rows = table["bins"]
    return _finite(table["ece"], *(row[key] for row in rows for key in ("confidence", "right")))


def _counts_are_sound(counts: Any) -> bool:
    return _printable(*counts) and all(_is_number(count) for count in counts.values())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) < 1e12


def _printable(*texts: Any) -> bool:
    return all(isinstance(text, str) and text.isprintable() for text in texts)


def _taxonomy_is_sound(model: Model) -> bool:
    """Its facets and labels are what rules may name."""
    facets = model.record["taxonomy"]["facet"]
    return all(set(head.labels) <= set(facets[head.facet]["label"]) for head in model.heads)


def _evidence_is_sound(model: Model) -> bool:
    """Out-of-fold tags and their rows' keys, and profile, of the main facet's labels."""
    rows, profile, seen = model.out_of_fold, model.profile, model.seen
    n_labels = len(model.labels(model.heads[0].facet))
    if rows is None or profile is None or not len(rows.fold):
        return False
    if seen is not None and (seen.dtype != np.uint32 or seen.shape != rows.fold.shape):
        return False
    codes, chances = (rows.fold, rows.truth, rows.given), (rows.confidence, rows.weight)
    return (
        all(_fits(values, rows.fold.shape) for values in chances)
        and all(values.dtype == np.int16 and values.shape == (len(rows.fold),) for values in codes)
        and all(bool(((values >= 0) & (values < n_labels)).all()) for values in codes[1:])
        and bool((rows.weight > 0).all())
        and len(profile.shares) == n_labels
        and _finite(profile.unknown, profile.confidence, *profile.shares)
    )


def _finite(*values: float) -> bool:
    return all(isinstance(value, int | float) and abs(value) < LARGEST for value in values)
