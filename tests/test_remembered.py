"""Words remembered from one part of a table to the next."""

from __future__ import annotations

import pickle

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from classifier.arrays import strings
from classifier.lexicon import Lexicon
from classifier.remembered import LONGEST, Remembered

WORD = st.text(st.sampled_from("abé"), max_size=4) | st.just("a" * (LONGEST + 1))
BATCHES = st.lists(st.lists(WORD, unique=True, max_size=6), max_size=6)


@given(BATCHES, st.integers(1, 9))
def test_what_is_remembered_is_what_the_function_gives(batches: list[list[str]], most: int) -> None:
    upper = Remembered(pc.utf8_upper, most)
    for words in batches:
        given_words = pa.array(words, pa.string())
        assert upper(given_words).to_pylist() == [word.upper() for word in words]


def test_a_word_is_asked_for_once_and_too_many_are_forgotten() -> None:
    asked: list[str] = []

    def upper(words: pa.Array) -> pa.Array:
        asked.extend(words.to_pylist())
        return pc.utf8_upper(words)

    remembered = Remembered(upper, most=3)
    for words in (["a", "b"], ["b", "c"], ["c", "a"], ["d", "e"], ["d", "a"]):
        remembered(pa.array(words))
    assert asked == ["a", "b", "c", "d", "e", "a"]


def test_what_is_remembered_does_not_travel() -> None:
    lexicon = Lexicon.load()
    lexicon.forms(strings([]))
    size = len(pickle.dumps(lexicon))
    lexicon.forms(strings([f"kata{number}" for number in range(1000)]))
    assert len(pickle.dumps(lexicon)) == size
    copy = pickle.loads(pickle.dumps(lexicon))
    assert copy.forms(strings(["jln"])).to_pylist() == [["jalan"]]


def test_no_long_word_is_remembered() -> None:
    asked: list[str] = []

    def upper(words: pa.Array) -> pa.Array:
        asked.extend(words.to_pylist())
        return pc.utf8_upper(words)

    remembered, words = Remembered(upper, most=3), pa.array(["a", "b" * (LONGEST + 1)])
    assert remembered(words).to_pylist() == remembered(words).to_pylist()
    assert asked == ["a", "b" * (LONGEST + 1), "b" * (LONGEST + 1)]
