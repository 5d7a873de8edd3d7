"""The usual way: pandas reads, scikit-learn tags, pandas writes. ``pandas_sklearn IN OUT MODEL``.

Less than our job: labels without cutoffs, status and reasons, and one probability.
"""

from __future__ import annotations

import sys

import joblib
import pandas as pd

from tests.bench.inputs import TEXT

__all__ = ["main"]


def main(source: str, target: str, model: str) -> None:
    """Tag."""
    table = pd.read_csv(source, dtype=str, keep_default_na=False)
    first, second = TEXT
    for facet, labels in joblib.load(model).labels(table[first] + " " + table[second]).items():
        table[f"tag_{facet}"] = labels
    table.to_csv(target, index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
