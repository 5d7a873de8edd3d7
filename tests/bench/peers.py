"""The peers: fastText and scikit-learn, trained on our corpus to do the same job."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from classifier.labelled import Labelled

__all__ = ["PARTS", "WORDS", "Pipeline", "fasttext_peers", "joined", "sklearn_pipeline"]

Predict = Callable[[Sequence[str]], Any]
WORDS, PARTS = "scikit-learn words + pairs", "scikit-learn words + pairs + char_wb"


def joined(data: Labelled) -> list[str]:
    """One text for each row, on one line."""
    columns = (column.to_pylist() for column in data.columns)
    return [" ".join(" ".join(cells).split()) for cells in zip(*columns, strict=True)]


class Pipeline:
    """Texts -> probabilities of each facet by scikit-learn: TF-IDF and a linear head per facet.

    Parameters
    ----------
    data
        Rows to learn from.
    parts
        Whether parts of words count, too, as they do for us: three to five letters.
    """

    def __init__(self, data: Labelled, *, parts: bool) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import FeatureUnion, make_pipeline

        blocks = [("words", TfidfVectorizer(ngram_range=(1, 2), min_df=2))]
        if parts:
            grams = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2)
            blocks.append(("parts", grams))
        self.features = make_pipeline(FeatureUnion(blocks))
        features = self.features.fit_transform(joined(data))
        self.heads = {facet: _head(features, rows) for facet, rows in data.labels.items()}

    def __call__(self, texts: Sequence[str]) -> Mapping[str, Any]:
        """Probabilities of each facet, shape (n_rows, n_labels)."""
        features = self.features.transform(texts)
        return {facet: head.predict_proba(features) for facet, head in self.heads.items()}

    def labels(self, texts: Sequence[str]) -> Mapping[str, list[str]]:
        """The likeliest label of each facet for each row."""
        return {
            facet: head.classes_[chances.argmax(axis=1)].tolist()
            for (facet, head), chances in zip(self.heads.items(), self(texts).values(), strict=True)
        }


def _head(features: Any, rows: Sequence[tuple[str, ...]]) -> Any:
    from sklearn.linear_model import SGDClassifier

    head = SGDClassifier(loss="log_loss", alpha=1e-5, max_iter=5, tol=None, random_state=0)
    return head.fit(features, [labels[0] if labels else "" for labels in rows])


def sklearn_pipeline(data: Labelled, path: Path) -> Path:
    """Write a trained pipeline of words and pairs to a file, for another process."""
    import joblib

    joblib.dump(Pipeline(data, parts=False), path)
    return path


def fasttext_peers(data: Labelled, folder: Path) -> dict[str, Predict]:
    """FastText with and without subwords; none, and a line that says so, if it is missing."""
    try:
        fasttext = importlib.import_module("fasttext")
    except ImportError:
        print("fastText is missing: pip install -e .[bench]", file=sys.stderr)
        return {}
    corpus = folder / "fasttext.txt"
    corpus.write_text("\n".join(_marked(data)) + "\n", encoding="utf-8")
    return {
        "fastText with subwords": _fasttext(fasttext, corpus, minn=3, maxn=6),
        "fastText without subwords": _fasttext(fasttext, corpus, minn=0, maxn=0),
    }


def _marked(data: Labelled) -> list[str]:
    """``__label__facet_label ... text``: one model for all facets, which is what it is best at."""
    marks: list[list[str]] = [[] for _ in range(len(data))]
    for facet, rows in data.labels.items():
        for row, labels in zip(marks, rows, strict=True):
            row += [f"__label__{facet}_{label}" for label in labels]
    texts = joined(data)
    return [f"{' '.join(row)} {text.lower()}" for row, text in zip(marks, texts, strict=True)]


def _fasttext(fasttext: Any, corpus: Path, minn: int, maxn: int) -> Predict:
    model = fasttext.train_supervised(
        str(corpus),
        minn=minn,
        maxn=maxn,
        wordNgrams=2,
        loss="ova",
        bucket=200_000,
        thread=2,
        seed=0,
        verbose=0,
    )
    # A label for each of four facets: all probabilities would cost it up to half its speed.
    return lambda texts: model.predict([text.lower() for text in texts], k=4)
