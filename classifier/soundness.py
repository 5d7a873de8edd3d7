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

_RECORD = (
    "usulan", "date", "rows", "terms", "data_sha256", "settings", "held_out", "reliability",
    "taxonomy",
)  # fmt: skip


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
        and isinstance(model.record, dict)
        and all(name in model.record for name in _RECORD)
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
    rule = model.unclear
    if rule is not None:
        sound &= _finite(rule.intercept, rule.best, rule.known) and 0 <= rule.nothing <= 1
    return sound and all(_head_is_sound(head) for head in model.heads)


def _head_is_sound(head: Head) -> bool:
    texts = [head.facet, *head.labels]
    return (
        all(isinstance(text, str) and text.isascii() and text.isprintable() for text in texts)
        and len(set(head.labels)) == len(head.labels) > 0
        and len(head.log_odds) in (0, len(head.labels))
        and len(head.thresholds) in (0, len(head.labels))
        and _finite(head.scale, head.shift, head.power, *head.log_odds)
        and all(isinstance(value, float) and not math.isnan(value) for value in head.thresholds)
    )


def _taxonomy_is_sound(model: Model) -> bool:
    """Its facets and labels are what rules may name."""
    facets = model.record["taxonomy"]["facet"]
    return all(set(head.labels) <= set(facets[head.facet]["label"]) for head in model.heads)


def _evidence_is_sound(model: Model) -> bool:
    """Out-of-fold tags and profile, of the main facet's labels."""
    rows, profile = model.out_of_fold, model.profile
    n_labels = len(model.labels(model.heads[0].facet))
    if rows is None or profile is None or not len(rows.fold):
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
