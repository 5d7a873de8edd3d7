"""The library for notebooks: frames are tagged as files are, and what is shown does nothing."""

from __future__ import annotations

import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import write_rows
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import load_model, read_export
from classifier.display import table_html
from classifier.errors import InputError, LabelError, ModelError
from classifier.interactive import InteractiveModel
from classifier.model import Model
from classifier.report.build import build_report
from classifier.report.story import Chart, Section
from classifier.taggedframe import TaggedFrame
from classifier.tagging import tag_file
from classifier.tags import Tagger, tag_columns
from classifier.twins.grouping import group_exports

SAMPLE = Path(__file__).parents[1] / "data/samples/usulan-sipd.csv"
TEXTS = ["paving gang RW 02", "kader posyandu", "tes", "", "RT 01", "xqz"]
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=f()>",
    "$x$",
    '"><b>',
    "\u202eabc",
    "&lt;",
]
HEADER = ["Usulan", "Masalah", "Kelurahan", "Status", "Status"]
ROWS = st.lists(
    st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS), st.sampled_from(["Lopang", ""])),
    min_size=1,
    max_size=12,
)
TAGS_SHOWN = {"div", "p", "b", "i", "bdi", "table", "thead", "tbody", "tr", "th", "td"}


@pytest.fixture(scope="session")
def small(model: Model) -> InteractiveModel:
    return InteractiveModel.of(model)


@pytest.fixture(scope="session")
def starter() -> InteractiveModel:
    return load_model()


def table_of(rows: list[tuple[str, str, str]]) -> list[list[str]]:
    return [HEADER, *([*row, f"baru {n}", "ya"] for n, row in enumerate(rows))]


@settings(max_examples=25)
@given(ROWS)
def test_a_frame_gets_the_tags_of_its_file(
    small: InteractiveModel, tmp_path_factory: pytest.TempPathFactory, rows: list
) -> None:
    path = write_rows(tmp_path_factory.mktemp("library") / "a.csv", table_of(rows))
    options = {"text": ["Usulan", "Masalah"]}
    frame = read_export(path, **options)
    before = frame.copy()
    tagged = small.tag(frame, explain=True)
    groups = group_exports([path], small, **options)
    assert groups is not None
    tagger = Tagger(small, explain=True)
    written = tag_file(path, tagger, **options, groups=groups[0]).output
    expected = read_export(written, ["Usulan"])
    assert list(tagged.columns) == list(expected.columns)
    assert tagged.index.equals(expected.index)
    for name in expected.columns:
        cells = [
            "" if pd.isna(cell) else f"{cell:.2f}" if name == "tag_keyakinan" else str(cell)
            for cell in tagged[name]
        ]
        assert cells == expected[name].tolist(), name
    pd.testing.assert_frame_equal(frame, before)


def test_the_report_on_a_frame_is_that_on_its_file(
    starter: InteractiveModel, tmp_path: Path
) -> None:
    groups = group_exports([SAMPLE], starter)
    assert groups is not None
    path = tmp_path / SAMPLE.name
    tag_file(SAMPLE, Tagger(starter), path, groups=groups[0])
    of_file = build_report([path], model=starter)
    of_frame = build_report([starter.tag(read_export(SAMPLE))], model=starter)
    assert of_file.headline == of_frame.headline
    for one, other in zip(of_file.sections, of_frame.sections, strict=True):
        assert (one.message, one.notes, one.charts) == (other.message, other.notes, other.charts)
        for left, right in zip(one.tables, other.tables, strict=True):
            pd.testing.assert_frame_equal(left.frame, right.frame)
        assert one.charts == () or "<svg" in one._repr_html_()


def test_an_export_is_read_as_it_stands(tmp_path: Path) -> None:
    rows = [
        ["Usulan", "Pagu", "Status", "Status", "Status.1"],
        ["Kelurahan Lopang", "", "", "", ""],
        ["Paving gang", "1.000,00", "a", "b", "c"],
        ["JUMLAH", "1.000,00", "", "", ""],
        ["007", " x ", "", "", ""],
    ]
    frame = read_export(write_rows(tmp_path / "a.csv", rows))
    assert list(frame.columns) == ["Usulan", "Pagu", "Status", "Status.1", "Status.1.1"]
    assert frame.index.tolist() == [3, 5]
    assert frame.index.name == "baris"
    assert frame.to_numpy().tolist() == [rows[2], rows[4]]
    assert frame.attrs["roles"]["anggaran"] == "Pagu"
    assert frame.attrs["text"] == ["Usulan"]


def test_text_columns_that_were_named_are_remembered(
    small: InteractiveModel, tmp_path: Path
) -> None:
    rows = [["Judul", "Catatan"], ["paving gang", "kader posyandu"], ["paving", "kader"]]
    path = write_rows(tmp_path / "a.csv", rows)
    frame = read_export(path, ["Catatan"])
    assert frame.attrs["text"] == ["Catatan"]
    assert set(small.tag(frame.head(1))["tag_prioritas"]) == {"kesehatan"}
    assert set(small.tag(frame, ["Judul"])["tag_prioritas"]) == {"jalan"}


def test_any_frame_can_be_tagged(small: InteractiveModel) -> None:
    frame = pd.DataFrame(
        {
            "tag_alasan": "lama",
            "No": [1, 2, 3],
            "Usulan": ["paving gang", None, 7.0],
            5: [{}, [], 1],
        },
        index=["a", "b", "a"],
    )
    tagged = small.tag(frame)
    assert list(tagged.columns) == ["No", "Usulan", 5, *tag_columns(small)]
    assert tagged.index.tolist() == ["a", "b", "a"]
    assert tagged["tag_prioritas"].iloc[0] == "jalan"
    assert tagged["tag_status"].tolist() == ["otomatis", "kosong", "tinjau"]
    assert tagged["tag_prioritas"].isna().tolist() == [False, True, False]
    assert tagged["tag_keyakinan"].dtype == np.float64


def test_twins_are_found_in_a_frame_unless_told_not_to(small: InteractiveModel) -> None:
    work = "Paving jalan gang buntu rusak berat dekat balai warga"
    frame = pd.DataFrame(
        {"Usulan": [work, "kader posyandu", work], "Kelurahan": "Lopang", "RW": "02"}
    )
    assert small.tag(frame)["tag_duplikat"].tolist() == [1, pd.NA, 1]
    assert small.tag(frame, duplicates=False)["tag_duplikat"].isna().all()
    assert "<b>2</b> kembar" in str(small.tag(frame)._repr_html_())


@pytest.mark.parametrize(
    ("frame", "text", "message"),
    [
        (pd.DataFrame({"a": ["x"]}), ["Usulan"], "has no column 'Usulan'. Its columns: 'a'."),
        (pd.DataFrame({"a": ["x"]}), [], "no column of proposals was found"),
        (pd.DataFrame(), [], "no column of proposals was found"),
    ],
)
def test_frames_without_text_are_refused(
    small: InteractiveModel, frame: pd.DataFrame, text: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        small.tag(frame, text)


def test_a_frame_without_rows_stays_one(small: InteractiveModel) -> None:
    tagged = small.tag(pd.DataFrame({"Usulan": pd.Series([], dtype=object)}))
    assert tagged.shape == (0, 1 + len(tag_columns(small)))
    assert "<b>0</b> usulan" in str(tagged._repr_html_())


def test_rules_and_precision_are_those_of_the_command(
    small: InteractiveModel, tmp_path: Path
) -> None:
    rules = [["frasa", "facet", "label", "mode"], ["paving", "prioritas", "sosial", "wajib"]]
    path, frame = write_rows(tmp_path / "aturan.csv", rules), pd.DataFrame({"Usulan": ["paving"]})
    assert small.tag(frame, rules=path)["tag_prioritas"].tolist() == ["sosial"]
    assert small.explain("paving", rules=path).tags["tag_prioritas"] == "sosial"
    statuses = [
        small.tag(pd.DataFrame({"Usulan": TEXTS}), target_precision=p)["tag_status"].tolist()
        for p in (0.2, 1.0)
    ]
    assert statuses[0].count("otomatis") >= statuses[1].count("otomatis")


class Seen(HTMLParser):
    """Elements, attributes and text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.attributes: set[str] = set()
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.attributes.update(name for name, _ in attrs)

    def handle_data(self, data: str) -> None:
        self.words += data


def is_inert(html: str) -> bool:
    seen = Seen(html)
    return seen.elements <= TAGS_SHOWN and seen.attributes <= {"style", "class"}


CELLS = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=40))


@given(st.lists(CELLS, min_size=1, max_size=4), CELLS)
def test_any_cell_and_column_is_shown_and_does_nothing(cells: list[str], name: str) -> None:
    frame = pd.DataFrame({name: cells}, index=pd.Index(cells, name=name))
    html = table_html(frame, 9)
    assert is_inert(html)
    assert "mathjax_ignore" in html
    assert Seen(html).elements == {"div", "table", "thead", "tbody", "tr", "th", "td", "bdi", "p"}


@settings(max_examples=30)
@given(CELLS, CELLS)
def test_explanations_of_any_text_do_nothing(
    small: InteractiveModel, usulan: str, masalah: str
) -> None:
    why = small.explain([usulan, masalah])
    assert is_inert(why._repr_html_())
    assert "\n" not in repr(why)
    assert sum(why.probabilities.values()) == pytest.approx(1, abs=1e-4)


def test_a_tagged_frame_shows_its_tags_and_so_do_its_parts(small: InteractiveModel) -> None:
    texts = [*HOSTILE, "paving gang", "kader posyandu"] * 3
    tagged = small.tag(pd.DataFrame({"No": range(24), "Usulan": texts}))
    html = str(tagged._repr_html_())
    assert is_inert(html)
    shown = Seen(html).words
    assert "<script>alert(1)</script>" in shown
    assert "… dan 14 baris lain" in shown
    assert "tag_prioritas" in shown
    assert "tag_pilihan" not in shown
    part = tagged[tagged["tag_status"] == "otomatis"]
    assert isinstance(part, TaggedFrame)
    assert f"<b>{len(part)}</b> usulan" in str(part._repr_html_())
    assert "tag_status" not in str(tagged[["No"]]._repr_html_())


def test_an_explanation_tells_why_and_why_not(small: InteractiveModel) -> None:
    why = small.explain("paving gang")
    assert repr(why).startswith(f"jalan {why.tags['tag_keyakinan']}, ")
    assert "karena: paving" in repr(why)
    against = small.explain("paving gang", label="banjir")
    shown = Seen(against._repr_html_()).words
    assert "Kata yang mendukung (+) dan melawan (−) banjir" in shown
    assert "−" in shown
    with pytest.raises(LabelError, match="'jaln' is not one"):
        small.explain("paving", label="jaln")


def test_it_is_the_same_model(model: Model, small: InteractiveModel, model_file: Path) -> None:
    assert Tagger(small).identity == Tagger(model).identity
    assert Tagger(load_model(model_file)).identity["usulan"]
    with pytest.raises(ModelError, match="cannot be read"):
        load_model(model_file.parent / "tidak-ada.usulan")


def test_loading_needs_no_pandas() -> None:
    code = (
        "import sys; from classifier import load_model; load_model();"
        "print(sorted({'pandas', 'sklearn', 'nltk', 'matplotlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_part_of_the_report_shows_names_as_they_are() -> None:
    chart = Chart("<svg></svg>", '"><script>')
    html = Section("a", "A", "<script>", ("<img src=x>",), (chart,))._repr_html_()
    assert Seen(html).elements == {"p", "b", "ul", "li", "figure", "svg"}
    assert Seen(html).attributes == {"role", "aria-label"}
