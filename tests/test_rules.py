"""The analyst's rules: refused with file and row, found as a loop finds them, obeyed, reported."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest
from conftest import write_rows
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.decide import Decision, decide
from classifier.errors import InputError, RulesError, UsulanError
from classifier.labelled import Labelled
from classifier.lexicon import Lexicon
from classifier.model import Model
from classifier.noise import drop_noise
from classifier.reference import steps
from classifier.rulecheck import check, findings, never_fired
from classifier.rules import Rules
from classifier.rulesfile import COLUMNS, SARAN, WAJIB, Rule
from classifier.ruling import apply, in_force, reasons
from classifier.tagging import tag_file
from classifier.tags import Tagger
from classifier.text import standardize, tokenize

LEXICON = Lexicon.load()
ALLOWED = {
    "prioritas": ("jalan", "banjir", "kesehatan", "banten_lama", "tidak_jelas"),
    "jenis": ("fisik", "barang", "nonfisik"),
    "tematik": ("stunting", "kemiskinan_ekstrem", "inflasi"),
}
BANYAK = ("tematik",)
LABELS = [(facet, label) for facet, labels in ALLOWED.items() for label in labels]

# Few words, so that phrases lie within one another; variants, stop words, places, numbers.
WORDS = ["jln", "Jalan", "RUSAK", "got", "selokan", "di", "dan", "RT", "05", "2", "Banten", "lama,"]
PHRASES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
COLUMN_PAIRS = st.lists(
    st.tuples(*[st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)] * 2), max_size=6
)


def columns_of(rows: Sequence[Sequence[str]]) -> list[pa.Array]:
    return [pa.array([row[k] for row in rows], pa.string()) for k in range(2)]


def rules_of(rules: Sequence[Rule]) -> Rules:
    return Rules.of(rules, tuple(ALLOWED), BANYAK, LEXICON, "aturan.csv")


def words_of(text: str) -> tuple[str, ...]:
    """The words of one text in standard form, by the plain reference."""
    return next(step.words for step in steps(text, LEXICON) if step.name == "repeats removed")


def claim(rule: Rule) -> tuple[str, str]:
    return rule.facet, rule.label if rule.facet in BANYAK else ""


@st.composite
def rule_lists(draw: st.DrawFn) -> list[Rule]:
    drawn = draw(
        st.lists(
            st.tuples(PHRASES, st.sampled_from(LABELS), st.sampled_from([WAJIB, SARAN])),
            max_size=8,
        )
    )
    rules = {
        (words_of(frasa), *claim(rule)): rule
        for row, (frasa, (facet, label), mode) in enumerate(drawn, start=2)
        for rule in [Rule(frasa, facet, label, mode, row)]
    }
    return sorted(rules.values(), key=lambda rule: rule.row)


def stands(phrase: tuple[str, ...], words: tuple[str, ...]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words)))


def matched_by_loop(rules: Sequence[Rule], row: Sequence[str]) -> list[Rule]:
    texts = [words_of(text) for text in row]
    return [r for r in rules if any(stands(words_of(r.frasa), words) for words in texts)]


def fired_by_loop(rules: Sequence[Rule], row: Sequence[str]) -> list[Rule]:
    """Of those that match, for each claim the best by mode, length and place in the file."""
    best: dict[tuple[str, str], Rule] = {}
    for rule in matched_by_loop(rules, row):
        other = best.setdefault(claim(rule), rule)
        if rank(rule) < rank(other):
            best[claim(rule)] = rule
    return list(best.values())


def rank(rule: Rule) -> tuple[bool, int]:
    return rule.mode != WAJIB, -len(words_of(rule.frasa))


def fired_rows(rules: Rules, rows: Sequence[Sequence[str]]) -> list[set[Rule]]:
    fired = rules.find(standardize(columns_of(rows), LEXICON))
    assert fired.counts.tolist() == [(fired.rules == k).sum() for k in range(len(rules))]
    return [{rules.rules[k] for k in fired.rules[fired.rows == row]} for row in range(len(rows))]


@given(rule_lists(), COLUMN_PAIRS)
@example(
    [
        Rule("jln", "prioritas", "jalan", WAJIB, 2),
        Rule("Jalan rusak", "prioritas", "banjir", WAJIB, 3),
        Rule("jalan rusak", "jenis", "fisik", SARAN, 4),
        Rule("rusak", "tematik", "inflasi", SARAN, 5),
        Rule("rusak", "tematik", "stunting", SARAN, 6),
    ],
    [("di JLN. RUSAK", ""), ("jalan", "rusak")],
)
def test_rules_fire_as_a_loop_over_rows_and_rules_says(
    drawn: list[Rule], rows: list[tuple[str, str]]
) -> None:
    rules = rules_of(drawn)
    assert fired_rows(rules, rows) == [set(fired_by_loop(drawn, row)) for row in rows]
    matches = rules.matches(standardize(columns_of(rows), LEXICON))
    pairs = [(row, k) for row in range(len(rows)) for k, rule in enumerate(drawn)]
    expected = [(row, k) for row, k in pairs if drawn[k] in matched_by_loop(drawn, rows[row])]
    assert list(zip(matches.rows.tolist(), matches.rules.tolist(), strict=True)) == expected


@given(rule_lists(), COLUMN_PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_rows_and_of_rules_does_not_matter(
    drawn: list[Rule], rows: list[tuple[str, str]], random: Random
) -> None:
    fired = fired_rows(rules_of(drawn), rows)
    order = list(range(len(rows)))
    random.shuffle(order)
    shuffled = [*drawn]
    random.shuffle(shuffled)
    again = fired_rows(rules_of(shuffled), [rows[row] for row in order])
    for here, row in enumerate(order):
        # Rules of one mode and length that claim the same may stand in for each other.
        assert sorted((claim(r), *rank(r)) for r in again[here]) == sorted(
            (claim(r), *rank(r)) for r in fired[row]
        )


@given(COLUMN_PAIRS)
def test_standardize_keeps_all_words_and_tokenize_goes_on_from_there(
    rows: list[tuple[str, str]],
) -> None:
    tokens = standardize(columns_of(rows), LEXICON)
    texts = [row[k] for k in range(2) for row in rows]
    names = tokens.words.take(pa.array(tokens.codes)).to_pylist()
    for number, text in enumerate(texts):
        assert tuple(w for w, t in zip(names, tokens.texts, strict=True) if t == number) == (
            words_of(text)
        )
    kept, whole = drop_noise(tokens, LEXICON), tokenize(columns_of(rows), LEXICON)
    assert kept.codes.tolist() == whole.codes.tolist()
    assert kept.texts.tolist() == whole.texts.tolist()


@pytest.mark.parametrize(
    ("frasa", "text", "fires"),
    [
        ("jln rusak", "Perbaikan Jalan RUSAK berat", True),
        ("Banten Lama", "penataan kawasan Banten-Lama", True),
        ("RT 05", "drainase RT 02 RW 01", True),
        ("sarana dan prasarana", "sarpras olahraga", False),
        ("sarana prasarana", "sarpras olahraga", True),
        ("got", "gotong royong", False),
        ("anak", "anak-anak", True),
        ("ＧＯＴ", "selokan mampet", True),
    ],
)
def test_what_a_phrase_stands_in(frasa: str, text: str, fires: bool) -> None:
    rules = rules_of([Rule(frasa, "prioritas", "jalan", WAJIB, 2)])
    assert bool(fired_rows(rules, [(text, "")])[0]) == fires


def test_a_phrase_does_not_run_on_from_one_column_or_row_into_the_next() -> None:
    rules = rules_of([Rule("jalan rusak", "prioritas", "jalan", WAJIB, 2)])
    assert fired_rows(rules, [("jalan", "rusak"), ("jalan", "x"), ("rusak", "")]) == [set()] * 3


def decided(
    model: Model, drawn: Sequence[Rule], rows: Sequence[Sequence[str]], unsure: Sequence[bool]
) -> tuple[Decision, Decision, list[str | None]]:
    """The model's decision, that with the rules, and the reasons."""
    columns = columns_of(rows)
    rules, before = rules_of(drawn), decide(model, model.predict(columns))
    fired = rules.find(standardize(columns, LEXICON))
    doubt = np.array(unsure, bool)
    after = apply(rules, fired, before, doubt)
    again = apply(rules, fired, after, doubt)
    assert tags(again) == tags(after)
    return before, after, reasons(rules, fired, doubt).to_pylist()


def tags(decision: Decision) -> dict[str, list[object]]:
    single = {f: decision.names(f).tolist() for f in decision.main}
    return {**single, **{f"{f};": decision.sets(f) for f in decision.given}}


@given(rule_lists(), COLUMN_PAIRS, st.lists(st.booleans(), min_size=6, max_size=6))
def test_rules_in_force_are_in_the_tags_and_nothing_else_changes(
    model: Model, drawn: list[Rule], rows: list[tuple[str, str]], doubts: list[bool]
) -> None:
    doubts = doubts[: len(rows)]
    before, after, said = decided(model, drawn, rows, doubts)
    old, new = tags(before), tags(after)
    for row, texts in enumerate(rows):
        fired = fired_by_loop(drawn, texts)
        force = [rule for rule in fired if rule.mode == WAJIB or doubts[row]]
        labels = {rule.facet: rule.label for rule in force}
        for facet in ("prioritas", "jenis"):
            assert new[facet][row] == labels.get(facet, old[facet][row])
        themes = {rule.label for rule in force if rule.facet == "tematik"}
        assert set(new["tematik;"][row]) == {*old["tematik;"][row], *themes}
        main = labels.get("prioritas")
        further = () if main == "tidak_jelas" else set(old["prioritas;"][row]) - {main}
        assert set(new["prioritas;"][row]) == set(further)
        named = [f"aturan {r.mode}: {r.frasa}" for r in force if r.facet == "prioritas"]
        assert [said[row]] == (named or [None])


def test_without_a_rule_that_fires_the_decision_is_the_same(model: Model) -> None:
    rows = [("paving gang", "balita stunting"), ("", ""), ("tes", "")]
    for drawn in ([], [Rule("helikopter", "prioritas", "banten_lama", WAJIB, 2)]):
        before, after, said = decided(model, drawn, rows, [True, True, True])
        assert said == [None, None, None]
        for facet, (labels, codes) in before.main.items():
            assert after.main[facet][0] == labels
            assert np.array_equal(after.main[facet][1], codes)
        for facet, (labels, table) in before.given.items():
            assert after.given[facet][0] == labels
            assert np.array_equal(after.given[facet][1], table)


def test_a_label_that_no_training_row_has_can_be_given(model: Model) -> None:
    assert "banten_lama" not in model.labels("prioritas")
    drawn = [
        Rule("kawasan banten lama", "prioritas", "banten_lama", SARAN, 2),
        Rule("beras", "tematik", "inflasi", WAJIB, 3),
    ]
    rows = [("aspal Kawasan Banten Lama", "harga beras"), ("aspal kawasan Banten Lama", "")]
    before, after, said = decided(model, drawn, rows, [True, False])
    assert after.names("prioritas").tolist() == ["banten_lama", before.names("prioritas")[1]]
    assert [set(row) >= {"inflasi"} for row in after.sets("tematik")] == [True, False]
    assert said == ["aturan saran: kawasan banten lama", None]


def test_a_main_label_from_a_rule_is_no_further_label(model: Model) -> None:
    before = decide(model, model.predict(columns_of([("got mampet", "")])))
    labels, _ = before.given["prioritas"]
    every = np.ones((1, len(labels)), bool)
    before = Decision(
        before.main, {**before.given, "prioritas": (labels, every)}, before.confidence, before.best
    )
    for label in ("jalan", "tidak_jelas"):
        rules = rules_of([Rule("got", "prioritas", label, WAJIB, 2)])
        fired = rules.find(standardize(columns_of([("got mampet", "")]), LEXICON))
        after = apply(rules, fired, before, np.array([False]))
        further = () if label == "tidak_jelas" else set(labels) - {label}
        assert set(after.sets("prioritas")[0]) == set(further)
        assert before.given["prioritas"][1].all()


def test_wajib_goes_before_a_longer_suggestion() -> None:
    drawn = [
        Rule("jalan rusak berat", "prioritas", "banjir", SARAN, 2),
        Rule("jalan", "prioritas", "jalan", WAJIB, 3),
    ]
    rules = rules_of(drawn)
    assert fired_rows(rules, [("jalan rusak berat", "")]) == [{drawn[1]}]
    fired = rules.find(standardize(columns_of([("jalan rusak berat", "")]), LEXICON))
    assert in_force(rules, fired, np.array([False])).counts.tolist() == [0, 1]


HEADER = ["catatan", *COLUMNS]
GOOD = [
    ["", " Jln  rusak ", "Prioritas", "jalan", "Wajib"],
    ["", "", " ", "", ""],
    ["x", "RT 05", "prioritas", "banjir", ""],
    ["", "gizi", "tematik", "stunting", "saran"],
]


def read(path: Path) -> Rules:
    return Rules.read(path, ALLOWED, BANYAK, LEXICON)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_rules_file_may_have_any_dialect(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = write_rows(tmp_path / "aturan.csv", [HEADER, *GOOD], delimiter)
    path.write_text(path.read_text(encoding="utf-8"), encoding=encoding)
    assert read(path).rules == (
        Rule("Jln rusak", "prioritas", "jalan", WAJIB, 2),
        Rule("RT 05", "prioritas", "banjir", SARAN, 4),
        Rule("gizi", "tematik", "stunting", SARAN, 5),
    )


def test_a_rules_file_may_be_a_workbook(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book, path = Workbook(), tmp_path / "aturan.xlsx"
    for row in [HEADER, *GOOD]:
        book.worksheets[0].append(row)
    book.save(path)
    assert [rule.row for rule in read(path).rules] == [2, 4, 5]


def test_a_file_without_rules_fires_nothing(tmp_path: Path) -> None:
    rules = read(write_rows(tmp_path / "aturan.csv", [HEADER]))
    assert len(rules) == 0
    assert fired_rows(rules, [("got", "")]) == [set()]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (
            ["got", "prio", "banjir", ""],
            "row 6: unknown facet 'prio'; allowed: prioritas, jenis, tematik.",
        ),
        (
            ["got", "jenis", "fisk", ""],
            "row 6: jenis: unknown label 'fisk'; allowed: fisik, barang, nonfisik.",
        ),
        (["got", "jenis", "", ""], "row 6: jenis: unknown label ''"),
        (["got", "jenis", "fisik;barang", ""], "unknown label 'fisik;barang'"),
        (["got", "jenis", "fisik", "harus"], "row 6: unknown mode 'harus'; allowed: wajib, saran"),
        (["  ", "jenis", "fisik", ""], "row 6: frasa is empty"),
        (["– !", "jenis", "fisik", ""], "row 6: frasa '– !' has no letter or digit"),
        (
            ["JALAN rusak", "prioritas", "banjir", "saran"],
            "row 6: frasa 'JALAN rusak' for prioritas stands in row 2 too, as 'Jln rusak'; "
            "both read 'jalan rusak'. Keep one.",
        ),
        (["rt.7", "prioritas", "jalan", ""], "stands in row 4 too, as 'RT 05'; both read 'rt 0'"),
        (["Gizi", "tematik", "stunting", "wajib"], "for tematik stands in row 5 too"),
    ],
)
def test_bad_rules_are_refused_with_file_row_and_reason(
    tmp_path: Path, row: list[str], reason: str
) -> None:
    path = write_rows(tmp_path / "aturan.csv", [HEADER, *GOOD, ["", *row]])
    with pytest.raises(RulesError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert reason in str(caught.value)


def test_the_same_phrase_may_stand_for_other_facets_and_for_several_themes(tmp_path: Path) -> None:
    rows = [
        ["", "jln rusak", "jenis", "fisik", ""],
        ["", "gizi", "tematik", "kemiskinan_ekstrem", ""],
    ]
    path = write_rows(tmp_path / "aturan.csv", [HEADER, *GOOD, *rows])
    assert fired_rows(read(path), [("jalan rusak", "gizi")])[0] == {
        *read(path).rules[:1],
        *read(path).rules[2:],
    }


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_column_is_named(tmp_path: Path, column: str) -> None:
    header = [name for name in COLUMNS if name != column]
    path = write_rows(tmp_path / "aturan.csv", [header, ["got", "jenis", "fisik"]])
    with pytest.raises(InputError, match=f"has no column '{column}'"):
        read(path)


CELLS = st.one_of(
    st.sampled_from(["got", "Jalan", "prioritas", "jalan", "jenis", "fisik", "wajib", "saran"]),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8),
)


@given(rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), max_size=4))
def test_any_table_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    path = write_rows(tmp_path_factory.mktemp("aturan") / "aturan.csv", [[*COLUMNS], *rows])
    rules, message = None, ""
    try:
        rules = read(path)
    except UsulanError as error:
        message = str(error)
    if rules is None:
        assert message.startswith(str(path))
    else:
        # Each phrase stands in itself.
        matches = rules.matches(standardize([pa.array([r.frasa for r in rules.rules])], LEXICON))
        assert all(matches.counts)


def test_rules_are_held_against_labelled_rows(labelled: Labelled) -> None:
    drawn = [
        Rule("drainase mampet", "prioritas", "banjir", WAJIB, 2),
        Rule("drainase", "prioritas", "jalan", SARAN, 3),
        Rule("mampet", "prioritas", "banjir", SARAN, 4),
        Rule("helikopter", "prioritas", "jalan", SARAN, 5),
        Rule("balita stunting", "tematik", "inflasi", SARAN, 6),
        Rule("kursi roda", "tematik", "inflasi", SARAN, 7),
        Rule("bayi", "prioritas", "kesehatan", SARAN, 8),
        Rule("rusak", "prioritas", "banjir", SARAN, 9),
        Rule("lama", "prioritas", "banjir", SARAN, 10),
    ]
    rules = rules_of(drawn)
    checks = check(rules, labelled)
    counts = [(c.matched, c.fired, c.agree, c.contradict) for c in checks]
    # Each work of the fixture stands in six rows: alone and with five further words.
    assert counts[:8] == [
        (6, 6, 6, 0),
        (6, 0, 0, 0),
        (6, 0, 0, 0),
        (0, 0, 0, 0),
        (6, 6, 0, 6),
        (6, 6, 0, 6),
        (12, 12, 12, 0),
        (6, 6, 0, 6),
    ]
    assert findings(rules, checks) == [
        "aturan.csv: row 3, frasa 'drainase' → jalan: never fired; on each of the 6 rows that "
        "hold the phrase another rule goes before it.",
        "aturan.csv: row 4, frasa 'mampet' → banjir: never fired; on each of the 6 rows that "
        "hold the phrase another rule goes before it.",
        "aturan.csv: row 5, frasa 'helikopter' → jalan: never fired; no labelled row holds the "
        "phrase.",
        "aturan.csv: row 6, frasa 'balita stunting' → inflasi: fired on 6 rows, 6 of them "
        "labelled otherwise (stunting 6).",
        "aturan.csv: row 7, frasa 'kursi roda' → inflasi: fired on 6 rows, 6 of them labelled "
        "otherwise (no label 6).",
        "aturan.csv: row 9, frasa 'rusak' → banjir: fired on 6 rows, 6 of them labelled "
        "otherwise (jalan 6).",
        # 32 works with the words "kondisi lama", less those on which a longer phrase, or one
        # that stands earlier in the file, fires: drainase mampet, bayi (2), rusak.
        "aturan.csv: row 10, frasa 'lama' → banjir: fired on 28 rows, 21 of them labelled "
        "otherwise (sosial 8, jalan 7, kesehatan 6).",
    ]
    assert never_fired(rules, np.array([1, 0, 3, 1, 1, 1, 1, 1, 1])) == [
        "aturan.csv: row 3, frasa 'drainase' → jalan: never fired."
    ]


def test_rows_without_labels_of_the_facet_do_not_contradict(labelled: Labelled) -> None:
    bare = Labelled(labelled.columns, {"jenis": labelled.labels["jenis"]}, labelled.places, "")
    rules = rules_of([Rule("drainase mampet", "prioritas", "jalan", WAJIB, 2)])
    [one] = check(rules, bare)
    assert (one.fired, one.agree, one.contradict) == (6, 0, 0)
    assert findings(rules, [one]) == []
    assert check(rules_of([]), bare) == []


def test_a_rule_must_agree_with_the_main_label_but_with_any_theme() -> None:
    columns = tuple(pa.chunked_array([column]) for column in columns_of([("got di jalan", "")]))
    labels = {"prioritas": (("jalan", "banjir"),), "tematik": (("inflasi", "stunting"),)}
    data = Labelled(columns, labels, ("a.csv: row 2",), "")
    drawn = [
        Rule("got", "prioritas", "banjir", WAJIB, 2),
        Rule("got", "tematik", "stunting", WAJIB, 3),
    ]
    main, theme = check(rules_of(drawn), data)
    assert main.others == {"jalan": 1}
    assert (theme.agree, theme.contradict) == (1, 0)


def tagged(model: Model, path: Path, *texts: str) -> list[dict[str, str]]:
    return Tagger(model, rules=path).tag([pa.array(list(texts))]).table.to_pylist()


def test_a_label_that_was_never_learnt_can_be_given_and_counted(
    model: Model, tmp_path: Path
) -> None:
    rules = write_rows(
        tmp_path / "r.csv", [list(COLUMNS), ["keraton", "prioritas", "banten_lama", "wajib"]]
    )
    rows = write_rows(tmp_path / "a.csv", [["Usulan"], *[["keraton rusak"], ["paving gang"]] * 40])
    summary = tag_file(rows, Tagger(model, rules=rules))
    assert summary.labels == {"banten_lama": 40, "jalan": 40}
    assert (summary.fired.tolist(), summary.used.tolist()) == ([40], [40])
    assert summary.seen.confidence > 20  # of the model alone: a rule says nothing of drift


def test_a_rule_goes_before_what_an_unclear_row_implies(model: Model, tmp_path: Path) -> None:
    rules = write_rows(tmp_path / "r.csv", [list(COLUMNS), ["tes", "jenis", "fisik", "wajib"]])
    first, second = tagged(model, rules, "tes", "coba coba")
    assert (first["tag_prioritas"], first["tag_jenis"]) == ("tidak_jelas", "fisik")
    assert second["tag_jenis"] == "tidak_jelas"


def test_a_rule_that_makes_a_row_clear_lifts_what_unclear_implies(
    model: Model, tmp_path: Path
) -> None:
    rules = write_rows(tmp_path / "r.csv", [list(COLUMNS), ["tes", "prioritas", "jalan", "wajib"]])
    (row,) = tagged(model, rules, "tes")
    assert row["tag_prioritas"] == "jalan"
    assert row["tag_jenis"] != "tidak_jelas"


def test_a_suggestion_that_was_not_needed_is_found_but_not_used(
    model: Model, tmp_path: Path
) -> None:
    rules = write_rows(
        tmp_path / "r.csv", [list(COLUMNS), ["gang", "prioritas", "sosial", "saran"]]
    )
    result = Tagger(model, rules=rules).tag([pa.array(["paving gang rusak", "gang xq zz"])])
    assert result.fired.tolist() == [2]
    assert result.used.tolist() == [1]
    reasons = result.table["tag_alasan"].to_pylist()
    assert reasons == ["keyakinan cukup", "aturan saran: gang"]


def test_a_phrase_of_any_letters_fits_into_a_cell(model: Model, tmp_path: Path) -> None:
    phrase = "jalan\x01\x07 " + "sangat " * 30 + "rusak"
    rules = write_rows(tmp_path / "r.csv", [list(COLUMNS), [phrase, "prioritas", "jalan", "wajib"]])
    (row,) = tagged(model, rules, phrase)
    assert row["tag_alasan"].startswith("aturan wajib: jalan sangat")
    assert row["tag_alasan"].isprintable()
    assert len(row["tag_alasan"]) < 90
