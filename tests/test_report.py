"""The report: its figures are those of the file, and what the file lacks is not made up."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import read_rows, write_rows
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from classifier.cli import main
from classifier.errors import InputError
from classifier.report.build import build_report
from classifier.report.figures import asked, kinds_of_work, per_label, priorities
from classifier.report.page import render_page
from classifier.report.proposals import read_proposals
from classifier.report.story import Report, Section, Table
from classifier.report.wording import count, listed, percent, rupiah
from classifier.store import load_model
from classifier.taxonomy import Taxonomy

ROOT = Path(__file__).parents[1]
HEADER = ["ID Usulan", "Usulan", "Masalah", "Kecamatan", "Kelurahan/Desa", "OPD Tujuan Akhir",
          "Anggaran", "tag_prioritas", "tag_prioritas_lain", "tag_keyakinan", "tag_jenis",
          "tag_spm", "tag_tematik", "tag_status", "tag_alasan"]  # fmt: skip
ROAD = ["1", "Paving gang", "rusak", "Serang", "Lopang", "DPUPR", "10.000.000", "jalan", "",
        "0.99", "fisik", "bukan", "", "otomatis", "keyakinan cukup"]  # fmt: skip
TAXONOMY = Taxonomy.load()
PRIORITAS = TAXONOMY.facets["prioritas"]


def row(**changes: str) -> list[str]:
    """A tagged row: the road, with other cells."""
    known = dict(zip(HEADER, ROAD, strict=True))
    names = {"opd": "OPD Tujuan Akhir", "kelurahan": "Kelurahan/Desa", "id": "ID Usulan"}
    for name, value in changes.items():
        key = names.get(name, name if name in known else name.capitalize())
        assert key in known
        known[key] = value
    return list(known.values())


def tagged(folder: Path, rows: list[list[str]], name: str = "usulan.tagged.csv") -> Path:
    return write_rows(folder / name, [HEADER, *rows])


def without(path: Path, *columns: str) -> Path:
    """The same file without some columns."""
    header, *rows = read_rows(path)
    kept = [number for number, name in enumerate(header) if name not in columns]
    return write_rows(path, [[line[n] for n in kept] for line in [header, *rows]])


def section(report: Report, key: str) -> Section:
    return next(part for part in report.sections if part.key == key)


def table(report: Report, key: str) -> Table:
    return next(t for part in report.sections for t in part.tables if t.key == key)


def cells(found: Table) -> list[list[object]]:
    return found.frame.astype(object).to_numpy().tolist()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from classifier.tagging import tag_file
    from classifier.tags import Tagger

    output = tmp_path_factory.mktemp("sample") / "usulan.tagged.csv"
    tag_file(ROOT / "data/samples/usulan-sipd.csv", Tagger(load_model()), output)
    return output


@pytest.fixture(scope="module")
def sample_report(sample: Path) -> Report:
    return build_report([sample], model=load_model())


def test_the_figures_of_the_sample_are_those_of_its_rows(
    sample: Path, sample_report: Report
) -> None:
    header, *rows = read_rows(sample)
    labels = Counter(line[header.index("tag_prioritas")] for line in rows)
    shown = table(sample_report, "prioritas").frame
    names = {slug: label.nama for slug, label in PRIORITAS.labels.items()}
    assert dict(zip(shown["Prioritas"], shown["Usulan"], strict=True)) == {
        names[slug]: labels[slug] for slug in names
    }
    assert sum(shown["Usulan"]) == len(rows)
    assert len(table(sample_report, "usulan").frame) == len(rows)
    assert len(table(sample_report, "peta").frame) == 67


def test_every_section_has_a_sentence_and_every_chart_an_alternative_and_a_table(
    sample_report: Report,
) -> None:
    assert len(sample_report.sections) == 11
    for part in sample_report.sections:
        assert part.message
        for chart in part.charts:
            assert chart.alt
            assert chart.svg.startswith("<svg")
            assert part.tables


def test_equal_files_give_equal_pages(sample: Path, sample_report: Report) -> None:
    again = build_report([sample], model=load_model())
    assert render_page(again) == render_page(sample_report)


def test_rows_without_text_are_counted_apart(tmp_path: Path) -> None:
    blank = row(tag_status="kosong", tag_prioritas="", tag_jenis="", usulan="")
    report = build_report([tagged(tmp_path, [row(), blank, row()])])
    assert report.headline[0] == ("2", "usulan")
    assert any("1 baris tanpa teks" in note for note in report.notes)


def test_budgets_that_cannot_be_read_are_shown_and_not_added(tmp_path: Path) -> None:
    budgets = ["Rp 1.000.000,-", "2 jt", "1,500", "", "0", "lima juta"]
    report = build_report([tagged(tmp_path, [row(anggaran=cell) for cell in budgets])])
    assert ("Rp3 juta", "anggaran yang diminta") in report.headline
    assert cells(table(report, "anggaran")) == [[4, "1,500"], [7, "lima juta"]]
    note = section(report, "prioritas").notes[1]
    assert "3 usulan yang angkanya terbaca; 1 tidak diisi, 1 diisi nol, 2 tidak terbaca" in note


def test_a_budget_column_of_words_is_still_the_budget_column(tmp_path: Path) -> None:
    path = tagged(tmp_path, [row(anggaran=f"{n} juta") for n in range(1, 6)])
    assert read_proposals(path).rows["anggaran"].sum() == 15e6


def test_unknown_kelurahan_are_shown_and_variants_brought_together(tmp_path: Path) -> None:
    names = ["Lopang", "KEL. LOPANG", "Lopnag", "Kampung Anu", "Sukawana"]
    kecamatan = ["Serang"] * 4 + [""]
    rows = [row(kelurahan=n, kecamatan=k) for n, k in zip(names, kecamatan, strict=True)]
    report = build_report([tagged(tmp_path, rows)])
    assert ("1 dari 67", "kelurahan mengusulkan") in report.headline
    assert {line[0] for line in cells(table(report, "tempat"))} == {"Kampung Anu", "Sukawana"}
    assert {line[0] for line in cells(table(report, "ejaan"))} == {"KEL. LOPANG", "Lopnag"}
    kelurahan = table(report, "jenis-kelurahan").frame
    assert kelurahan[["Kelurahan", "Usulan"]].to_numpy().tolist() == [["Lopang", 3]]


def test_another_city_is_counted_by_its_own_names(tmp_path: Path) -> None:
    rows = [row(kelurahan=f"Desa Anu {n}", kecamatan="Baros") for n in (1, 1, 2)]
    report = build_report([tagged(tmp_path, rows)])
    frame = table(report, "jenis-kelurahan").frame
    assert frame[["Kelurahan", "Usulan"]].to_numpy().tolist() == [["Anu 1", 2], ["Anu 2", 1]]
    assert "daftar resmi" in section(report, "data").message


def test_the_list_of_kelurahan_is_an_option(tmp_path: Path, runner: CliRunner) -> None:
    listing = write_rows(tmp_path / "k.csv", [["kecamatan", "kelurahan"], ["Baros", "Anu"]])
    path = tagged(tmp_path, [row(kelurahan="anu", kecamatan="")])
    page = tmp_path / "x.html"
    done = runner.invoke(main, ["report", str(path), "-o", str(page), "--kelurahan", str(listing)])
    assert done.exit_code == 0, done.output
    assert "1 dari 1" in page.read_text(encoding="utf-8")


def test_what_nobody_asked_for(tmp_path: Path) -> None:
    rows = [
        row(tag_prioritas=slug) for slug in priorities(PRIORITAS) if slug not in ("pju", "sosial")
    ]
    rows[0] = row(tag_prioritas="jalan", tag_prioritas_lain="sosial")  # asked for beside another
    report = build_report([tagged(tmp_path, rows)])
    message = section(report, "tidak-diminta").message
    assert message == "Tidak ada yang mengusulkan “Penerangan jalan umum”"
    frame = table(report, "tidak-diminta-kelurahan").frame
    silent = frame[frame["Usulan"] == 0]
    assert len(silent) == 66
    assert set(silent["Prioritas tidak diminta"]) == {19}


def test_places_are_ranked_by_imbalance_and_small_ones_have_no_percentage(
    tmp_path: Path,
) -> None:
    rows = [row(kelurahan="Unyur", tag_jenis="fisik") for _ in range(3)]
    rows += [row(kelurahan="Lopang", tag_jenis="fisik") for _ in range(8)]
    rows += [row(kelurahan="Lopang", tag_jenis="nonfisik") for _ in range(4)]
    rows += [row(kelurahan="Cipare", tag_jenis="nonfisik") for _ in range(12)]
    proposals = read_proposals(tagged(tmp_path, rows))
    ranked = kinds_of_work(proposals, TAXONOMY.facets["jenis"], ["kecamatan", "kelurahan"])
    assert ranked["kelurahan"].tolist() == ["Lopang", "Cipare", "Unyur"]
    assert [percent(part) for part in ranked["bagian"]] == ["67%", "0%", "–"]


@pytest.mark.parametrize(
    ("label", "further", "opd", "fits"),
    [
        ("jalan", "", "Dinas PUPR", True),
        ("jalan", "", "Dishub", False),
        ("jalan", "pju", "Dishub", True),
        ("jalan", "", "Kecamatan Serang", True),
        ("keagamaan", "", "Setda", True),
        ("jalan", "", "Dinas Anu", None),
        ("jalan", "", "", None),
        ("tidak_jelas", "", "Dishub", None),
    ],
)
def test_an_opd_that_does_not_fit_is_named_with_a_better_one(
    tmp_path: Path, label: str, further: str, opd: str, fits: bool | None
) -> None:
    path = tagged(tmp_path, [row(tag_prioritas=label, tag_prioritas_lain=further, opd=opd)])
    report = build_report([path])
    message = section(report, "konsistensi").message
    judged = 0 if fits is None or opd.startswith("Kecamatan") else 1
    wrong = int(fits is False)
    assert message.startswith(f"Pada {wrong} dari {judged} usulan OPD tujuan tidak cocok")
    if wrong:
        assert table(report, "cocok-opd").frame["Saran"].tolist() == ["DPUPR; DPRKP"]


def test_the_first_opd_stands_in_for_a_blank_last_one(tmp_path: Path) -> None:
    path = tmp_path / "dua.csv"
    rows = [[*row(opd=""), "Dishub"], [*row(opd="DPUPR"), "Dishub"]]
    write_rows(path, [[*HEADER, "OPD Tujuan Awal"], *rows])
    assert read_proposals(path).rows["opd"].tolist() == ["Dishub", "DPUPR"]


def test_many_proposals_and_little_budget(tmp_path: Path) -> None:
    rows = [row(tag_prioritas="kesehatan", anggaran="1 juta") for _ in range(10)]
    rows += [row(tag_prioritas="jalan", anggaran="100 juta") for _ in range(10)]
    notes = section(build_report([tagged(tmp_path, rows)]), "konsistensi").notes
    assert any("sedikit anggaran: “Kesehatan” (50% usulan, 1% anggaran)" in note for note in notes)


def test_two_files_are_compared_and_the_second_is_the_report(tmp_path: Path) -> None:
    old = tagged(tmp_path, [row()] * 2 + [row(tag_prioritas="pju")] * 3, "2025.tagged.csv")
    new = tagged(tmp_path, [row()] * 6, "2026.tagged.csv")
    report = build_report([old, new])
    assert report.headline[0] == ("6", "usulan")
    part = section(report, "banding")
    assert part.message.startswith("1 usulan lebih banyak; paling bertambah “Infrastruktur jalan")
    frame = table(report, "banding").frame.set_index("Prioritas")
    assert frame.loc["Penerangan jalan umum", "Usulan: beda"] == -3
    assert frame.loc["Infrastruktur jalan dan jembatan", "Usulan 2026"] == 6


def test_duplicates_are_shown_if_the_file_names_them(tmp_path: Path) -> None:
    path = tmp_path / "kembar.csv"
    groups = ["K1", "K1", "", "K2", "K2", "K2"]
    write_rows(path, [[*HEADER, "tag_duplikat"], *([*row(), group] for group in groups)])
    report = build_report([path])
    assert section(report, "kembar").message.startswith("5 usulan sama atau mirip")
    assert [line[:2] for line in cells(table(report, "kembar"))] == [["K2", 3], ["K1", 2]]
    plain = build_report([tagged(tmp_path, [row()])])
    assert "tidak memuat kolom tag_duplikat" in section(plain, "kembar").message


def test_reasons_are_counted_up_to_their_colon(tmp_path: Path) -> None:
    reasons = ["dua kemungkinan: jalan / pju | paving", "dua kemungkinan: pju / jalan",
               "keyakinan rendah"]  # fmt: skip
    rows = [row(tag_status="tinjau", tag_alasan=reason) for reason in reasons]
    report = build_report([tagged(tmp_path, rows)])
    frame = table(report, "tinjau").frame
    assert frame[["Alasan", "Usulan"]].to_numpy().tolist() == [
        ["dua kemungkinan", 2], ["keyakinan rendah", 1]
    ]  # fmt: skip


def test_precision_is_quoted_only_of_a_model_that_gives_the_file_s_labels(
    tmp_path: Path,
) -> None:
    model = load_model()
    known = build_report([tagged(tmp_path, [row()])], model=model)
    assert "dari 100 usulan bertanda otomatis sekitar 95" in section(known, "keyakinan").message
    other = tagged(tmp_path, [row(tag_prioritas="label_lain")])
    for report in (build_report([other], model=model), build_report([other])):
        assert "tidak dapat disebut" in section(report, "keyakinan").message


def test_without_places_and_budgets_the_report_says_so(tmp_path: Path) -> None:
    path = without(
        tagged(tmp_path, [row()] * 12),
        "Kecamatan", "Kelurahan/Desa", "Anggaran", "OPD Tujuan Akhir", "tag_spm", "tag_tematik",
        "tag_keyakinan", "tag_alasan", "tag_prioritas_lain", "tag_jenis", "ID Usulan", "Masalah",
    )  # fmt: skip
    report = build_report([path], model=load_model())
    page = render_page(report)
    assert "tidak memuat kolom kelurahan" in page
    assert "tidak memuat kolom anggaran" in page
    assert "anggaran yang diminta</dt>" not in page
    assert {t.key for part in report.sections for t in part.tables} == {
        "prioritas", "tidak-diminta", "ketepatan", "usulan"
    }  # fmt: skip


@pytest.mark.parametrize("rows", [[], [row(tag_status="kosong")]])
def test_no_proposals_make_a_short_report(tmp_path: Path, rows: list[list[str]]) -> None:
    page = render_page(build_report([tagged(tmp_path, rows)], model=load_model()))
    assert "Tidak ada usulan berteks dalam berkas ini" in page


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda path: without(path, "tag_prioritas"), "Run usulan tag on it first"),
        (lambda path: without(path, "tag_status"), "Run usulan tag on it first"),
        (lambda path: tagged(path.parent, [row(), row(tag_status="ok")]), "row 3: tag_status"),
    ],
)
def test_a_file_without_tags_is_refused_in_a_sentence(tmp_path: Path, change, message) -> None:
    with pytest.raises(InputError, match=message):
        read_proposals(change(tagged(tmp_path, [row()])))


HOSTILE = ["<script>alert(1)</script>", "=1+1", "@SUM(A1)", "\"'><img src=x onerror=alert(1)>",
           "{{ 7*7 }}{% raw %}", "\u202ekanan\u202c ke kiri", "</table></style><!--", "&lt;b&gt;",
           "-5\x07", "+62 812"]  # fmt: skip


class Tags(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: Counter[str] = Counter()
        self.handlers: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements[tag] += 1
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def hostile(folder: Path) -> Path:
    rows = [
        row(id=t, usulan=t, masalah=t, kelurahan=t, kecamatan=t, opd=t, anggaran=t) for t in HOSTILE
    ]
    rows += [row() for _ in HOSTILE]
    return tagged(folder, rows, "<b>usulan.csv")


def test_text_of_the_export_is_text_on_the_page(tmp_path: Path) -> None:
    page = render_page(build_report([hostile(tmp_path)]))
    tags = Tags()
    tags.feed(page)
    assert tags.elements["script"] == 1
    assert not tags.elements["img"]
    assert not tags.elements["b"]
    assert not tags.handlers
    text = "".join(tags.text)
    assert all(cell in text for cell in HOSTILE)


def test_text_of_the_export_is_text_in_the_workbook(tmp_path: Path, runner: CliRunner) -> None:
    book = tmp_path / "x.xlsx"
    call = ["report", str(hostile(tmp_path)), "-o", str(tmp_path / "x.html"), "--xlsx", str(book)]
    done = runner.invoke(main, call)
    assert done.exit_code == 0, done.output
    read = load_workbook(book)
    sheet = read["usulan"]
    assert [cell.value for cell in sheet["A"]][:3] == ["Baris", 2, 3]
    kinds = {cell.data_type for page in read for line in page.iter_rows() for cell in line}
    assert "f" not in kinds
    assert sheet["B3"].value == "=1+1 – =1+1"
    assert sheet["B3"].quotePrefix
    assert len(read.sheetnames) == len(set(read.sheetnames))


def test_the_page_needs_nothing_else(sample_report: Report) -> None:
    page = render_page(sample_report)
    assert "default-src 'none'" in unescape(page)
    addresses = set(re.findall(r"https?://[^\"' <]+", page))
    assert {address for address in addresses if "www.w3.org" not in address} == set()
    assert not re.search(r'<(link|img|iframe|object)[^>]+(src|href)="(?!data:|#)', page)


def test_nothing_is_overwritten_unasked(tmp_path: Path, runner: CliRunner) -> None:
    path = tagged(tmp_path, [row()])
    assert runner.invoke(main, ["report", str(path)]).exit_code == 0
    page = tmp_path / "usulan.laporan.html"
    before = page.read_bytes()
    again = runner.invoke(main, ["report", str(path)])
    assert again.exit_code == 1
    assert "exists. Give --force" in again.output
    assert page.read_bytes() == before
    assert runner.invoke(main, ["report", str(path), "--force"]).exit_code == 0
    for option in ("-o", "--xlsx", "--pdf"):
        mine = runner.invoke(main, ["report", str(path), "--force", option, str(path)])
        assert mine.exit_code == 1
        assert "is an input of this command" in mine.output


def test_three_files_are_one_too_many(runner: CliRunner) -> None:
    assert runner.invoke(main, ["report", "a", "b", "c"]).exit_code == 2


def test_an_export_given_for_its_tagged_copy_is_told_first(
    runner: CliRunner, tmp_path: Path
) -> None:
    export = write_rows(tmp_path / "a.csv", [["Usulan"], ["Paving gang"]])
    (tmp_path / "a.laporan.html").write_text("page of a.tagged.csv", encoding="utf-8")
    result = runner.invoke(main, ["report", str(export)])
    assert result.exit_code == 1
    assert "Run usulan tag on it first" in result.output
    assert (tmp_path / "a.laporan.html").read_text(encoding="utf-8") == "page of a.tagged.csv"


def test_without_a_browser_the_pdf_is_refused_in_a_sentence(
    tmp_path: Path, runner: CliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("classifier.report.pdf._PLACES", ())
    pdf = tmp_path / "x.pdf"
    done = runner.invoke(main, ["report", str(tagged(tmp_path, [row()])), "--pdf", str(pdf)])
    assert done.exit_code == 1
    assert "no Chromium, Chrome or Edge was found" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["usulan.tagged.csv"]


SLUGS = st.sampled_from(["jalan", "banjir", "pju", "tidak_jelas"])


PROPOSALS = st.tuples(
    SLUGS,
    SLUGS,
    st.sampled_from(["Lopang", "Unyur", "Anu"]),
    st.sampled_from(["1.000", "2 jt", "x", ""]),
)


@given(st.lists(PROPOSALS, min_size=1, max_size=30))
def test_no_proposal_is_lost_or_counted_twice(tmp_path_factory, drawn) -> None:
    rows = [
        row(tag_prioritas=main_, tag_prioritas_lain=more if more != main_ else "", kelurahan=place,
            anggaran=money)
        for main_, more, place, money in drawn
    ]  # fmt: skip
    proposals = read_proposals(tagged(tmp_path_factory.mktemp("p"), rows))
    figures = per_label(proposals, PRIORITAS)
    assert figures["usulan"].sum() == len(rows)
    known = proposals.rows["anggaran"].notna().sum()
    assert figures["tanpa_anggaran"].sum() == len(rows) - known
    assert figures["anggaran"].sum() == pytest.approx(proposals.rows["anggaran"].sum())
    matrix = asked(proposals, PRIORITAS, ["kecamatan", "kelurahan"])
    for slug in ("jalan", "banjir", "pju"):
        if proposals.official:
            named = [r for r in drawn if slug in r[:2] and r[2] != "Anu"]
            assert matrix[slug].sum() == len(named)


@given(st.floats(0, 9.99e12))
def test_amounts_in_words_are_near(amount: float) -> None:
    words = rupiah(amount).removeprefix("Rp")
    number, _, unit = words.partition(" ")
    size = {"": 1.0, "juta": 1e6, "miliar": 1e9, "triliun": 1e12}[unit]
    value = float(number.replace(".", "").replace(",", ".")) * size
    assert value == pytest.approx(amount, rel=0.006, abs=1)


def test_wording() -> None:
    assert count(1234567) == "1.234.567"
    assert listed([]) == ""
    assert percent(float("nan")) == "–"
