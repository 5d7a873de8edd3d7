"""The thesaurus in use: terms found as a loop over the text would find them; bad files refused."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from conftest import write_rows
from hypothesis import given
from hypothesis import strategies as st

from classifier.concepts import Concepts
from classifier.errors import LabelError
from classifier.labelled import Labelled
from classifier.lexicon import Lexicon
from classifier.taxonomy import Taxonomy
from classifier.terms import Terms, read_terms
from classifier.text import tokenize
from classifier.training import train

LEXICON = Lexicon.load()
HEADER = ["istilah", "konsep", "prioritas", "jenis"]
WORDS = ["cor", "beton", "talud", "paving", "lele"]
PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)


def found_by_loop(words: list[str], terms: dict[tuple[str, ...], str]) -> list[str]:
    """Longest term from each word on, left out where it ends no later than one before."""
    found, reached = [], 0
    for start in range(len(words)):
        ends = [e for e in range(start + 1, len(words) + 1) if tuple(words[start:e]) in terms]
        if ends:
            if ends[-1] > reached:
                found.append(terms[tuple(words[start : ends[-1]])])
            reached = max(reached, ends[-1])
    return found


@given(st.lists(PHRASES, max_size=6), st.lists(PHRASES, max_size=5))
def test_terms_are_found_as_a_loop_finds_them(phrases: list[str], texts: list[str]) -> None:
    single = list(dict.fromkeys(tuple(dict.fromkeys(phrase.split())) for phrase in phrases))
    terms = {words: f"k{number}" for number, words in enumerate(single)}
    tree = Concepts.fit(tuple(map(" ".join, terms)), tuple(terms.values()), LEXICON)
    tokens = tokenize([pa.array(texts, pa.string())], LEXICON)
    found = tree.find(tokens)
    for text in range(len(texts)):
        mine = tokens.texts == text
        words = tokens.words.take(pa.array(tokens.codes[mine])).to_pylist()
        names = [
            tree.names[c] for s, c in zip(found.starts, found.concepts, strict=True) if mine[s]
        ]
        assert names == found_by_loop(words, terms)


def test_terms_teach_words_that_no_row_has(labelled: Labelled, taxonomy: Taxonomy) -> None:
    terms = Terms(
        ("wiremesh", "bekisting jalan", "kantilever"),
        {"prioritas": (("jalan",),) * 3, "jenis": (("fisik",), None, None)},
        ("beton", "beton", "beton"),
    )
    model = train(labelled, taxonomy, terms=terms)
    prediction = model.predict([pa.array(["wiremesh kantilever"])])
    assert model.labels("prioritas")[prediction.probabilities["prioritas"][0].argmax()] == "jalan"
    assert model.record["terms"] == 3
    assert prediction.scores["prioritas"].shape[1] == len(model.head("prioritas").labels)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["paving", "beton", "jaln", ""], "row 3: prioritas: unknown label 'jaln'"),
        (["paving", "beton", "jalan", "fisk"], "row 3: jenis: unknown label 'fisk'"),
        (["paving", "", "jalan", ""], "row 3: istilah, konsep and prioritas must be filled in"),
        (["Rabat", "beton", "jalan", ""], "row 3: 'rabat' stands in row 2 too"),
    ],
)
def test_bad_terms_are_refused_with_file_and_row(
    tmp_path: Path, taxonomy: Taxonomy, row: list[str], reason: str
) -> None:
    path = write_rows(tmp_path / "istilah.csv", [HEADER, ["rabat", "beton", "jalan", ""], row])
    with pytest.raises(LabelError) as caught:
        read_terms(path, taxonomy)
    assert str(path) in str(caught.value)
    assert reason in str(caught.value)
