"""Pre-processing: what is kept, what is not, and that columns and single texts agree."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.errors import LexiconError
from classifier.lexicon import Lexicon
from classifier.reference import reference_tokens, steps
from classifier.text import tokenize
from classifier.tokens import MAYBE_NAME, WORD, Tokens

LEXICON = Lexicon.load()
WORDS = sorted(
    {
        *list(LEXICON.singkatan)[:60], *LEXICON.rtrw, *LEXICON.penunjuk, *LEXICON.patokan,
        *LEXICON.nama, *LEXICON.nama_kampung, *LEXICON.sambungan, *LEXICON.romawi, "unyur",
        "dan", "sawah", "luhur", "drainase", "01", "05", "m2", "Mekarsari",
        "bolong2", "rusaaak", "RT03", "150m", "u-ditch", "anak-anak", "60x80", "½",
    }
)  # fmt: skip
PHRASES = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
# The dotted capital I is the one letter here whose lower case Arrow and Python see differently.
LATIN = st.characters(max_codepoint=0x24F, exclude_characters="İ")
TEXTS = st.one_of(PHRASES, st.text(LATIN, max_size=40))


def pairs(tokens: Tokens, text: int = 0) -> list[tuple[str, int]]:
    mine = tokens.where(tokens.texts == text)
    words = mine.words.take(pa.array(mine.codes)).to_pylist()
    return list(zip(words, mine.roles.tolist(), strict=True))


def words(text: str) -> list[str]:
    return [word for word, _ in pairs(tokenize([pa.array([text])], LEXICON))]


@given(st.lists(TEXTS, max_size=8), st.lists(TEXTS, max_size=8))
@example(["RT 01, 02 dan 03 RW IV"], ["Jl. Sawah Luhur depan Masjid"])
def test_columns_and_single_texts_agree(first: list[str], second: list[str]) -> None:
    rows = min(len(first), len(second))
    columns = [first[:rows], second[:rows]]
    tokens = tokenize([pa.array(column, pa.string()) for column in columns], LEXICON)
    expected = [reference_tokens(text, LEXICON) for column in columns for text in column]
    assert [pairs(tokens, text) for text in range(2 * rows)] == expected


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    clean = text.encode(errors="replace").decode()
    tokens = tokenize([pa.array([clean])], LEXICON)
    assert len(words(clean)) == len(tokens.codes)
    assert not (tokens.blank[0] and len(tokens.codes))
    assert all(word for word, _ in reference_tokens(clean, LEXICON))


@given(PHRASES)
def test_case_blanks_and_line_ends_do_not_matter(text: str) -> None:
    noisy = "  " + text.upper().replace(" ", "\t \r\n") + "\n"
    assert words(noisy) == words(text)


@given(st.sampled_from(WORDS))
def test_the_standard_form_is_final(word: str) -> None:
    for piece in words(word):
        assert LEXICON.standard(piece) == (piece,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jl lingk rusak", ["jalan", "lingkungan", "rusak"]),
        ("Paving RT 01, 02, 03 dan 05 RW IV", ["paving"]),
        ("paving RT33RW17", ["paving"]),
        ("insentif RT/RW", ["insentif", "rw"]),
        ("Drainase 150 m2 @ Rp 36.000.000,-", ["drainase", "0", "meter"]),
        ("jalan bolong2 dan anak-anak", ["jalan", "bolong", "anak"]),
        ("jalan rusaaaak paraah", ["jalan", "rusak", "paraah"]),
        ("tidak ada lampu, rawan begal", ["tidak", "lampu", "rawan", "begal"]),
        ("talud depan masjid", ["talud", "depan"]),
        ("rehab masjid", ["rehab", "masjid"]),
        ("Sawah Luhur", []),
        ("perbaikan sarpras TPT", ["perbaikan", "sarana", "prasarana", "talud"]),
        ("SELOKAN MAMPET Ⅳ ｍ²", ["drainase", "mampet", "0", "meter"]),
        ("- , . !", []),
        ("", []),
    ],
)  # fmt: skip
def test_what_is_kept(text: str, expected: list[str]) -> None:
    assert words(text) == expected


PLACES = st.sampled_from(
    [
        "RT 01", "RT 02/05", "rt.1, 2 dan 3 rw IV", "RT33RW17", "Desa Qwerto", "kec. Zyxia",
        "KEL UNYUR", "Kp. Sawah", "Gg Masjid", "depan SD", "Dusun Krajan Kulon",
        "(2.04.11.003)", "Sawah Luhur",
    ]
)  # fmt: skip
WORKS = st.sampled_from(["paving", "drainase mampet", "alat posyandu", "bibit lele", "tong sampah"])


@given(WORKS, st.lists(PLACES, max_size=3), st.lists(PLACES, max_size=3))
def test_places_around_a_work_add_no_plain_word(
    work: str, before: list[str], after: list[str]
) -> None:
    text = ", ".join([*before, work, *after])
    plain = [word for word, role in pairs(tokenize([pa.array([text])], LEXICON)) if role == WORD]
    roads = [word for word in plain if word != "gang"]
    if not before:
        assert roads[: len(words(work))] == words(work)
    assert set(roads) <= set(words(work))


def test_words_after_desa_may_be_names() -> None:
    roles = dict(pairs(tokenize([pa.array(["sumur bor Desa Mekarsari Kec. Curug"])], LEXICON)))
    assert roles["mekarsari"] == roles["curug"] == MAYBE_NAME
    assert roles["sumur"] != MAYBE_NAME


def test_rows_without_letters_or_digits_are_blank() -> None:
    usulan, masalah = pa.array(["", " - ", "RT 1", None]), pa.array([None, "…", "", "got"])
    assert tokenize([usulan, masalah], LEXICON).blank.tolist() == [True, True, False, False]


def test_take_keeps_rows_in_the_order_asked_for() -> None:
    tokens = tokenize([pa.array(["lele", "cabai", "padi"]), pa.array(["x", "y", "z"])], LEXICON)
    taken = tokens.take(pa.array([2, 0]).to_numpy())
    kept = [[word for word, _ in pairs(taken, text)] for text in range(4)]
    assert kept == [["padi"], ["lele"], ["z"], ["x"]]


def test_each_step_of_one_text_is_shown() -> None:
    shown = {step.name: step.words for step in steps("Jln Desa Mekar RT 02 rusak-rusak", LEXICON)}
    assert shown["words"] == ("jln", "desa", "mekar", "rt", "02", "rusak", "rusak")
    assert shown["standard forms"][0] == "jalan"
    assert shown["repeats removed"].count("rusak") == 1
    assert shown["possible place names"] == ("mekar",)


def test_lexicon_survives_being_written_as_tables() -> None:
    assert Lexicon.from_dict(LEXICON.to_dict()) == LEXICON


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[singkatan]", r"table \[kata\] is missing"),
        ('[singkatan]\na="b"\nb="c"', "singkatan.a: 'b' is itself a variant of 'c'"),
        ("[singkatan]\na=1", "a: must be text"),
        ("[singkatan", "not valid TOML"),
    ],
)
def test_a_broken_lexicon_is_refused(tmp_path, text: str, reason: str) -> None:
    path = tmp_path / "kata.toml"
    tables = '\n[kata]\nhenti=""\nsatuan=""\nromawi=""\n'
    tables += '[tempat]\nrtrw=""\npenunjuk=""\npatokan=""\nnama=""\nkampung=""\n'
    tables += 'nama_kampung=""\nsambungan=""\nselalu=""\n'
    path.write_text(text + ("" if "missing" in reason else tables), encoding="utf-8")
    with pytest.raises(LexiconError, match=reason) as caught:
        Lexicon.load(path)
    assert str(path) in str(caught.value)


def test_a_lexicon_may_know_no_names_of_two_words() -> None:
    plain = replace(LEXICON, dua_kata=frozenset())
    tokens = tokenize([pa.array(["Drainase Sawah Luhur"])], plain)
    assert tokens.words.take(pa.array(tokens.codes)).to_pylist() == ["drainase", "sawah", "luhur"]
