"""Explanations: exact to the model, in the words as they stand in the text."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.arrays import strings
from classifier.contributions import contributions
from classifier.deciding import deciding_words
from classifier.errors import LabelError
from classifier.explain import Explanation, explain
from classifier.lexicon import Lexicon
from classifier.model import Model
from classifier.surface import Surface, phrase, word_spans
from classifier.terms import Terms
from classifier.text import clean, tokenize
from classifier.training import train

LEXICON = Lexicon.load()
WORDS = [
    "paving", "Gg", "posyandu", "Drainase/got", "mampet,", "kader", "qwertz", "RT 02", "Desa Anu",
    "ibu2", "gorong-gorong", "jln", "rusaaak", "bansos", "½", "150m", "sarpras", "dan",
]  # fmt: skip
PHRASES = st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join)
ODD = (
    "½²ªºﬁİıßſ\u00a0\u200d\u200b\u0301\u0308¨´\u3000\ufeff\x1c\x85"
    "Ⅳ㎡각ᄀ\u1161Å\u0345🙂\u0f73_-/,.;'aZ09 \n"
)
TEXTS = st.text(
    st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=30
)


@pytest.fixture(scope="module")
def rich(labelled, taxonomy) -> Model:
    """A model with pairs and a thesaurus."""
    terms = ("drainase mampet", "got", "paving gang", "kader posyandu", "sarpras")
    concepts = ("saluran", "saluran", "jalan lingkungan", "posyandu", "sarana")
    labels = ("banjir", "banjir", "jalan", "kesehatan", "sosial")
    given = {"prioritas": tuple((label,) for label in labels)}
    return train(labelled, taxonomy, terms=Terms(terms, given, concepts))


def words_of(text: str) -> list[str]:
    return [word for word in clean([strings([text])])[0].as_py().split(" ") if word]


def sums_up(reason: Explanation) -> bool:
    total = reason.intercept + sum(share.share for share in reason.shares)
    return total == pytest.approx(reason.score, abs=1e-4)


@given(TEXTS)
@example("½/e\u0301a dan m²")
@example("0\U0002ebf0.")
def test_each_word_has_its_place_in_the_text(text: str) -> None:
    spans, words = word_spans([text])[0], words_of(text)
    assert len(spans) == len(words)
    for (begin, end), word in zip(spans, words, strict=True):
        assert word in words_of(text[begin:end])
        assert not any(letter.isspace() for letter in text[begin:end])


@given(st.lists(TEXTS, max_size=4))
def test_origins_lead_back_to_words_that_give_the_token(texts: list[str]) -> None:
    tokens = tokenize([pa.array(texts, pa.string())], LEXICON, trace=True)
    plain = tokenize([pa.array(texts, pa.string())], LEXICON)
    assert tokens.codes.tolist() == plain.codes.tolist()
    assert plain.origins is None
    names = tokens.words.take(pa.array(tokens.codes)).to_pylist()
    for name, text, origin in zip(names, tokens.texts, tokens.origins, strict=True):
        first, last = origin
        for word in words_of(texts[text])[first : last + 1]:
            forms = LEXICON.standard(word)
            assert name in forms or not forms
    taken = tokens.take(np.arange(len(texts))[::-1])
    order = np.argsort(taken.texts[::-1], kind="stable")
    assert len(taken.origins) == len(order) == len(tokens.origins)


@pytest.mark.parametrize(
    ("text", "places", "shown"),
    [
        ("Drainase/got mampet", [(0, 1), (2, 2)], "Drainase/got mampet"),
        ("jln,\n  rusak", [(0, 0), (1, 1)], "jln rusak"),
        ("jln RT 02 rusak", [(0, 0), (3, 3)], "jln … rusak"),
        ("(½) m", [(0, 0), (1, 1), (2, 2)], "½ m"),
        ("sarpras", [(0, 0), (0, 0)], "sarpras"),
    ],
)
def test_phrases_read_as_they_stand(text: str, places: list[tuple[int, int]], shown: str) -> None:
    assert phrase(text, word_spans([text])[0], places) == shown


def test_tokens_that_are_not_traced_have_no_surface() -> None:
    with pytest.raises(ValueError, match="trace=True"):
        Surface(tokenize([strings(["got"])], LEXICON), ["got"])


@given(PHRASES, PHRASES, st.sampled_from([None, "jalan", "banjir", "kesehatan", "sosial"]))
def test_shares_and_intercept_sum_to_the_score(
    rich: Model, usulan: str, masalah: str, label: str | None
) -> None:
    reason = explain(rich, [usulan, masalah], label)
    assert sums_up(reason)
    assert label in (None, reason.label)
    shares = [share.share for share in reason.shares]
    assert shares == sorted(shares, reverse=True)


@given(TEXTS)
def test_any_text_is_explained(rich: Model, text: str) -> None:
    assert sums_up(explain(rich, [text]))


@given(PHRASES)
def test_shares_are_named_by_words_of_the_text(rich: Model, text: str) -> None:
    for share in explain(rich, [text]).shares:
        for part in share.text.split(" … "):
            assert part.casefold() in " ".join(text.replace(",", "").split()).casefold()


def test_the_words_are_those_of_the_text_not_their_standard_forms(rich: Model) -> None:
    reason = explain(rich, ["DRAINASE/got mampet jln2 RT 02", "drainase/GOT, sarpras qwertz"])
    shown = {share.text for share in reason.shares}
    assert {"DRAINASE/got", "mampet", "DRAINASE/got mampet", "jln2", "sarpras", "qwertz"} <= shown
    assert len(shown) == len({text.casefold() for text in shown})
    assert not any("[" in text for text in shown)


def test_the_deciding_words_come_first(model: Model) -> None:
    reason = explain(model, ["perbaikan gang", "paving rusak RT 02"])
    assert reason.label == "jalan"
    assert reason.shares[0].share > 0 >= min(share.share for share in reason.shares)
    assert {"paving", "gang"} <= {share.text for share in reason.shares}
    assert reason.tags["tag_prioritas"] == "jalan"


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join))
def test_the_label_explained_is_the_label_given(model: Model, text: str) -> None:
    reason = explain(model, [text])
    assert reason.tags["tag_prioritas"] in (reason.label, "tidak_jelas", "")


def test_why_not_another_label(rich: Model) -> None:
    reason = explain(rich, ["paving gang"], "banjir")
    assert reason.label == "banjir"
    assert reason.tags["tag_prioritas"] == "jalan"
    assert next(share for share in reason.shares if share.text == "paving").share < 0


@pytest.mark.parametrize("label", ["jaln", "tidak_jelas", ""])
def test_a_label_that_was_not_learnt_is_refused(model: Model, label: str) -> None:
    with pytest.raises(LabelError, match="jalan, banjir, kesehatan, sosial") as caught:
        explain(model, ["paving"], label)
    assert repr(label) in str(caught.value)


@given(st.lists(PHRASES, max_size=5), st.data())
def test_contributions_of_many_rows_sum_to_their_scores(
    rich: Model, texts: list[str], data: st.DataObject
) -> None:
    batch = rich.batch([pa.array(texts, pa.string())])
    codes = np.array(
        data.draw(st.lists(st.integers(0, 3), min_size=len(texts), max_size=len(texts))), int
    )
    found = contributions(rich, batch, codes)
    sums = np.bincount(found.rows, found.shares, minlength=len(texts)) if len(texts) else []
    scores = rich.predict_batch(batch).scores["prioritas"][np.arange(len(texts)), codes]
    assert np.allclose(sums + rich.weights.intercept[codes], scores, atol=1e-4)
    assert (found.firsts <= found.lasts).all()
    assert (np.diff(found.rows) >= 0).all()


def deciding(model: Model, rows: list[tuple[str, str]], labels: list[str | None]) -> list[str]:
    texts = [pa.array([row[k] for row in rows], pa.string()) for k in (0, 1)]
    known = model.heads[0].labels
    codes = np.array([known.index(label) if label else -1 for label in labels], int)
    batch = model.batch(texts, trace=True)
    return deciding_words(model, texts, batch, codes).to_pylist()


def test_the_deciding_words_of_a_column(rich: Model) -> None:
    rows = [
        ("Gorong2 AMBLES, paving", ""),
        ("Paving Gg", "paving gg"),
        ("bansos", "timbangan bayi"),
        ("paving", ""),
        ("", ""),
        ("RT 02", None),
    ]
    labels = ["banjir", "jalan", "sosial", None, "jalan", "jalan"]
    cells = deciding(rich, rows, labels)
    assert cells[0].startswith("karena: Gorong2 AMBLES; lawan: paving")
    assert cells[1] == "karena: Paving Gg"
    assert cells[2] == "karena: bansos; lawan: timbangan bayi"
    assert cells[3:] == ["", "", ""]


@given(st.lists(st.tuples(PHRASES, PHRASES), max_size=4))
def test_deciding_words_have_one_form_and_do_not_depend_on_other_rows(
    rich: Model, rows: list[tuple[str, str]]
) -> None:
    cells = deciding(rich, rows, ["jalan"] * len(rows))
    for cell, row in zip(cells, rows, strict=True):
        assert deciding(rich, [row], ["jalan"]) == [cell]
        for part in cell.split("; ") if cell else ():
            kind, _, words = part.partition(": ")
            assert kind in ("karena", "lawan")
            named = [word.casefold() for word in words.split(", ")]
            assert 0 < len(set(named)) == len(named) <= 3


def test_a_cell_that_holds_a_book_is_explained_too(rich: Model) -> None:
    book = " ".join(f"paving gang{n} mampet" for n in range(20_000))
    cell = deciding(rich, [(book, "x" * 100_000)], ["jalan"])[0]
    assert cell.startswith("karena: ")
    assert len(cell) < 250
