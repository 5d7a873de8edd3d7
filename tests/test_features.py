"""Features: the arithmetic of TF-IDF, and what an unseen word counts for."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from classifier.features import Vocabulary
from classifier.grams import word_grams
from classifier.lexicon import Lexicon
from classifier.text import tokenize
from classifier.tokens import Tokens

LEXICON = Lexicon.load()
WORDS = ["drainase", "gorong", "talud", "posyandu", "beton", "kali", "lele", "sapi"]
CORPUS = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), min_size=2, max_size=8
).filter(lambda rows: len({word for row in rows for word in row}) > 1)


def tokens_of(*texts: str) -> Tokens:
    return tokenize([pa.array(list(texts))], LEXICON)


def known(vocabulary: Vocabulary, word: str) -> bool:
    return word in vocabulary.words.to_pylist()


@given(CORPUS)
def test_word_weights_equal_scikit_learns(rows: list[list[str]]) -> None:
    single = [[w for n, w in enumerate(row) if n == 0 or row[n - 1] != w] for row in rows]
    texts = [" ".join(row) for row in single]
    tokens = tokens_of(*texts)
    vocabulary = Vocabulary.fit(tokens)
    batch = vocabulary.transform(tokens)
    theirs = TfidfVectorizer(dtype=np.float64)
    expected = theirs.fit_transform(texts).toarray()
    order = [batch.tokens.words.to_pylist().index(w) for w in theirs.get_feature_names_out()]
    assert np.allclose(batch.words.toarray()[:, order], expected, atol=1e-6)


@given(
    st.lists(st.text(st.sampled_from("abcdé0"), min_size=1, max_size=12), unique=True, max_size=9)
)
def test_parts_are_those_a_loop_finds(words: list[str]) -> None:
    keys, owners = word_grams(pa.array(words, pa.string()))
    found = {(int(owner), int(key)) for key, owner in zip(keys, owners, strict=True)}
    expected = set()
    for owner, word in enumerate(words):
        marked = b"<" + word.encode() + b">"
        for size in (3, 4, 5):
            for start in range(len(marked) - size + 1):
                expected.add((owner, int.from_bytes(marked[start : start + size], "big")))
    assert found == expected


def test_pairs_do_not_cross_texts() -> None:
    tokens = tokenize([pa.array(["rehab posyandu"] * 2), pa.array(["beton kali"] * 2)], LEXICON)
    vocabulary = Vocabulary.fit(tokens)
    words = vocabulary.words.to_pylist()
    pairs = {(words[key // len(words)], words[key % len(words)]) for key in vocabulary.pairs}
    assert pairs == {("rehab", "posyandu"), ("beton", "kali")}


def test_a_name_after_desa_teaches_nothing_unless_it_stands_elsewhere() -> None:
    vocabulary = Vocabulary.fit(tokens_of("paving Desa Mekar", "paving Desa Sawah", "bibit sawah"))
    assert not known(vocabulary, "mekar")
    assert known(vocabulary, "sawah")


def test_an_unknown_name_counts_for_nothing_and_takes_desa_with_it() -> None:
    vocabulary = Vocabulary.fit(tokens_of("paving kantor desa", "bibit kantor desa"))
    batch = vocabulary.transform(tokens_of("paving Desa Cibodas", "paving desa"))
    counted = [
        batch.tokens.words.take(pa.array(batch.tokens.codes[batch.tokens.texts == row])).to_pylist()
        for row in (0, 1)
    ]
    assert counted == [["paving"], ["paving", "desa"]]


def test_an_unseen_word_is_known_by_its_parts() -> None:
    vocabulary = Vocabulary.fit(tokens_of("pengaspalan poros", "aspalan gang", "bibit lele"))
    parts = vocabulary.parts(pa.array(["aspalnya", "zzz"]))
    assert parts[0].nnz > 0
    assert parts[1].nnz == 0
    assert np.isclose(np.sqrt(parts[0].multiply(parts[0]).sum()), 1)
