"""Another city: its labels, its columns, its taxonomy or none, and our thesaurus."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from click.testing import CliRunner, Result
from conftest import labelled_rows, read_rows, write_rows

from classifier.cli import main
from classifier.concepts import Concepts
from classifier.errors import LabelError, TaxonomyError
from classifier.labelled import Labelled, read_labelled
from classifier.learning.fitting import Fitter
from classifier.learning.settings import Settings
from classifier.lexicon import Lexicon
from classifier.ownlabels import own_taxonomy
from classifier.store import load_model
from classifier.tags import tag_columns
from classifier.taxonomy import Taxonomy
from classifier.terms import read_terms
from classifier.training import train

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "data/samples/kabupaten-lain.csv"
LABELS = ROOT / "data/samples/kabupaten-lain.toml"
TEXT = ("Nama Kegiatan", "Uraian")
OPTIONS = ["--text", TEXT[0], "--text", TEXT[1]]
MISI = {
    "jalan": "Terhubung",
    "banjir": "Terhubung",
    "kesehatan": "Hidup sehat – kuat",
    "sosial": "3",
}


def run(runner: CliRunner, *args: object) -> Result:
    return runner.invoke(main, [str(arg) for arg in args])


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """Works under other labels; the area of some has several labels, or none."""
    rows = [
        [work, extra, MISI[label], "" if kind == "barang" else f"{kind};{label}"]
        for _, work, extra, label, kind, *_ in labelled_rows()
        if label in MISI
    ]
    header = ["Nama Kegiatan", "Uraian", "Misi Daerah", "Bidang"]
    return write_rows(tmp_path / "kabupaten.csv", [header, *rows], delimiter=";")


@pytest.fixture
def sample() -> tuple[Labelled, Taxonomy]:
    taxonomy = Taxonomy.load(LABELS)
    data = read_labelled([SAMPLE], taxonomy, TEXT, {"prioritas": "Program Prioritas"})
    return data, taxonomy


def test_labels_of_the_data_go_all_the_way(
    runner: CliRunner, foreign: Path, tmp_path: Path
) -> None:
    model = tmp_path / "k.usulan"
    labels = ["--label", "misi=Misi Daerah", "--label", "bidang=Bidang"]
    result = run(runner, "train", foreign, "-o", model, "--no-taxonomy", *OPTIONS, *labels)
    assert result.exit_code == 0, result.output
    assert "misi: 3 labels from the data: Terhubung 96, " in result.output
    loaded = load_model(model)
    assert tag_columns(loaded) == [
        "tag_misi", "tag_misi_lain", "tag_keyakinan", "tag_pilihan", "tag_bidang",
        "tag_status", "tag_alasan", "tag_duplikat",
    ]  # fmt: skip
    assert [head.banyak for head in loaded.heads] == [False, True]
    assert loaded.unclear is None

    result = run(runner, "tag", foreign, "--model", model)
    assert result.exit_code == 0, result.output
    header, *rows = read_rows(tmp_path / "kabupaten.tagged.csv", delimiter=";")
    right = sum(row[2] == row[header.index("tag_misi")] for row in rows)
    assert right > 0.9 * len(rows)
    assert {row[header.index("tag_misi")] for row in rows} == {*MISI.values()}

    result = run(runner, "evaluate", foreign, "--model", model, *OPTIONS, *labels)
    assert result.exit_code == 0, result.output
    assert "Hidup sehat – kuat" in result.output
    result = run(runner, "explain", "kader posyandu", "--model", model)
    assert "Score of Hidup sehat – kuat" in result.output
    assert "misi: " in run(runner, "inspect", model).output


def test_one_column_is_enough(runner: CliRunner, foreign: Path, tmp_path: Path) -> None:
    model = tmp_path / "k.usulan"
    label = ["--label", "prioritas=Misi Daerah"]
    result = run(runner, "train", foreign, "-o", model, "--no-taxonomy", *OPTIONS, *label)
    assert result.exit_code == 0, result.output
    assert [head.facet for head in load_model(model).heads] == ["prioritas"]


def test_a_model_is_evaluated_by_its_own_labels(
    runner: CliRunner, labelled_csv: Path, model_file: Path, tmp_path: Path
) -> None:
    rows = read_rows(labelled_csv)
    rows[1][3] = "jaln"
    wrong = write_rows(tmp_path / "wrong.csv", rows)
    assert run(runner, "evaluate", labelled_csv, "--model", model_file).exit_code == 0
    result = run(runner, "evaluate", wrong, "--model", model_file)
    assert result.exit_code == 1
    assert "unknown label 'jaln'; allowed: jalan, " in result.output


def test_only_the_main_facet_must_be_filled_in(
    runner: CliRunner, labelled_csv: Path, model_file: Path, tmp_path: Path
) -> None:
    rows = read_rows(labelled_csv)
    rows[1][4] = ""
    path = write_rows(tmp_path / "data.csv", rows)
    result = run(runner, "evaluate", path, "--model", model_file)
    assert result.exit_code == 0, result.output
    rows[2][3] = ""
    result = run(runner, "evaluate", write_rows(path, rows), "--model", model_file)
    assert "row 3: prioritas: no label" in result.output


def test_models_are_compared_and_reported_on_by_their_own_labels(
    runner: CliRunner, foreign: Path, tmp_path: Path
) -> None:
    old, new, tagged = (tmp_path / name for name in ("lama.usulan", "baru.usulan", "t.csv"))
    column = ["--label", "prioritas=Misi Daerah"]
    for model in (old, new):
        result = run(runner, "train", foreign, "-o", model, "--no-taxonomy", *OPTIONS, *column)
        header, *rows = read_rows(foreign, delimiter=";")
        for row in rows:
            row[2] = {"3": "Sejahtera"}.get(row[2], row[2])
        write_rows(foreign, [header, *rows], delimiter=";")
    result = run(runner, "compare", old, new, foreign, *OPTIONS, *column)
    assert result.exit_code == 0, result.output
    assert "Labels that only NEW gives: Sejahtera." in result.output
    run(runner, "tag", foreign, "--model", old, "-o", tagged)
    page = tmp_path / "t.html"
    result = run(runner, "report", tagged, "--model", old, "-o", page)
    assert result.exit_code == 0, result.output
    assert "Hidup sehat – kuat" in page.read_text(encoding="utf-8")


def test_a_typing_error_is_no_new_label_unless_labels_are_asked_from_the_data(
    runner: CliRunner, labelled_csv: Path, tmp_path: Path
) -> None:
    rows = read_rows(labelled_csv)
    for row in rows[1:3]:
        row[3] = "jaln"
    path = write_rows(tmp_path / "data.csv", rows)
    result = run(runner, "train", path, "-o", tmp_path / "m")
    assert result.exit_code == 1
    assert f"{path}: row 2: prioritas: unknown label 'jaln'" in result.output
    assert "--no-taxonomy" in result.output
    result = run(runner, "train", path, "-o", tmp_path / "m", "--no-taxonomy")
    assert result.exit_code == 0, result.output
    assert "prioritas: 'jaln' (2 rows) is almost 'jalan' (46)" in result.output


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        (["Sehat", "Pintar", "sehat "], "row 4: misi: 'sehat' and 'Sehat' .*row 2.* are one label"),
        (["Sehat", "Sehat", ""], "holds 1 label"),
        (["Sehat", "x" * 100, ""], "row 3: misi: 'x+' is no label"),
        (["Sehat", "a\nb", ""], "is no label"),
    ],
)
def test_labels_that_are_none_are_refused(tmp_path: Path, labels: list[str], reason: str) -> None:
    rows = [[f"usulan {k}", label] for k, label in enumerate(labels)]
    path = write_rows(tmp_path / "data.csv", [["usulan", "Misi"], *rows])
    with pytest.raises(LabelError, match=reason):
        own_taxonomy([path], {"misi": "Misi"})


@pytest.mark.parametrize("name", ["Misi Daerah", "status", "misi_lain"])
def test_a_facet_that_makes_no_column_is_refused(foreign: Path, name: str) -> None:
    with pytest.raises(TaxonomyError, match=f"--label {name}=Misi Daerah: "):
        own_taxonomy([foreign], {name: "Misi Daerah"})


def test_without_known_columns_it_says_how_to_name_them(foreign: Path) -> None:
    with pytest.raises(LabelError, match="--label FACET=COLUMN, the main facet first"):
        own_taxonomy([foreign])


def test_a_main_facet_of_several_labels_is_refused_with_the_way_out(tmp_path: Path) -> None:
    listed = LABELS.read_text(encoding="utf-8").replace('pilihan = "satu"', 'pilihan = "banyak"')
    (tmp_path / "label.toml").write_text(listed, encoding="utf-8")
    taxonomy = Taxonomy.load(tmp_path / "label.toml")
    data = read_labelled([SAMPLE], taxonomy, TEXT, {"prioritas": "Program Prioritas"})
    with pytest.raises(LabelError, match='pilihan = "satu": its cells may hold further labels'):
        train(data, taxonomy)


def test_options_that_exclude_each_other(runner: CliRunner, foreign: Path, tmp_path: Path) -> None:
    both = ["--taxonomy", LABELS, "--no-taxonomy"]
    result = run(runner, "train", foreign, "-o", tmp_path / "m", *both)
    assert result.exit_code == 2
    assert "exclude each other" in result.output
    assert "say with -o" in run(runner, "train", foreign).output


def test_a_facet_that_lacks_what_unclear_rows_are_given_is_refused(tmp_path: Path) -> None:
    kinds = (("aspal", "jalan", "ya"), ("tes", "tidak_jelas", "tidak"))
    rows = [[f"{work} {k}", label, spm] for k in range(3) for work, label, spm in kinds]
    path = write_rows(tmp_path / "data.csv", [["usulan", "prioritas", "spm"], *rows])
    taxonomy = own_taxonomy([path])
    data = read_labelled([path], taxonomy, ["usulan"])
    with pytest.raises(LabelError, match="spm: rows labelled tidak_jelas are given 'bukan'"):
        train(data, taxonomy)


def test_a_thesaurus_of_other_labels_gives_concepts_and_what_they_belong_to(
    tmp_path: Path, sample: tuple[Labelled, Taxonomy]
) -> None:
    data, taxonomy = sample
    rows = [["aspal", "jalan_aspal", "jalan"], ["sumur bor", "air", "permukiman"],
            ["rabat", "jalan_beton", "jalan"]]  # fmt: skip
    path = write_rows(tmp_path / "istilah.csv", [["istilah", "konsep", "prioritas"], *rows])
    terms = read_terms(path, taxonomy)
    assert terms.labels == {}
    assert terms.broader == ("jalan", "permukiman", "jalan")
    assert Settings.suited(terms).concept_weight > Settings.suited(None).concept_weight
    fitter = Fitter(data, terms, taxonomy, Lexicon.load(), Settings.suited(terms))
    assert fitter.concepts.names == ("air", "jalan_aspal", "jalan_beton")
    assert fitter.broader.toarray().tolist() == [[0, 1], [1, 0], [1, 0]]
    assert read_terms(path, Taxonomy.load()).labels["prioritas"][0] == ("jalan",)
    assert read_terms(path, None).labels == {}


def test_a_concept_never_seen_is_judged_by_its_kin(
    tmp_path: Path, sample: tuple[Labelled, Taxonomy]
) -> None:
    words = [["aspal", "jalan_aspal", "jalan"], ["rabat", "jalan_beton", "jalan"],
             ["lele", "ikan", "pangan"], ["padi", "sawah", "pangan"]]  # fmt: skip
    header = ["istilah", "konsep", "prioritas"]
    terms = read_terms(write_rows(tmp_path / "istilah.csv", [header, *words]), None)
    rows = [[f"{word} {extra}", label]
            for word, label in (("aspal", "Terhubung"), ("lele", "Berdaulat"))
            for extra in ("rusak", "baru", "lama")]  # fmt: skip
    path = write_rows(tmp_path / "data.csv", [["usulan", "misi"], *rows])
    taxonomy = own_taxonomy([path], {"misi": "misi"})
    data = read_labelled([path], taxonomy, ["usulan"])
    model = train(data, taxonomy, settings=Settings.suited(terms), terms=terms)
    chances = model.predict([pa.array(["rabat", "padi"])]).probabilities["misi"]
    assert [model.labels("misi")[k] for k in chances.argmax(axis=1)] == ["Terhubung", "Berdaulat"]


def test_the_shipped_thesaurus_helps_a_regency_that_it_was_not_made_for(
    sample: tuple[Labelled, Taxonomy],
) -> None:
    from classifier.learning.curve import measure

    data, taxonomy = sample
    terms = read_terms(ROOT / "data/istilah.csv", taxonomy)
    with_concepts = measure(data, taxonomy, terms=terms, sizes=[200], repeats=2)
    alone = measure(data, taxonomy, sizes=[200], repeats=2)
    assert with_concepts.macro_f1.mean() > alone.macro_f1.mean() + 0.2


def test_the_sample_is_what_the_data_card_says(sample: tuple[Labelled, Taxonomy]) -> None:
    data, taxonomy = sample
    with SAMPLE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    assert len(rows) == len(data) == 915
    assert {*data.main("prioritas").tolist()} == {*taxonomy.facets["prioritas"].labels}
    ours = {*Taxonomy.load().facets["prioritas"].labels}
    assert not ours & {*taxonomy.facets["prioritas"].labels}
    assert sum(len(row) > 1 for row in data.labels["prioritas"]) == 59


def test_the_tree_of_concepts_is_the_same_for_any_labels() -> None:
    terms = read_terms(ROOT / "data/istilah.csv", None)
    tree = Concepts.fit(terms.texts, terms.concepts, Lexicon.load())
    assert len(tree.names) == 393


def test_labels_with_blanks_come_back_from_a_review_sheet_as_they_were(
    runner: CliRunner, foreign: Path, tmp_path: Path
) -> None:
    header, *rows = read_rows(foreign, delimiter=";")
    longer = {"3": "Hidup", "Terhubung": "Air: kali 0.5 km"}
    rows = [[*row[:2], longer.get(row[2], row[2]), "fisik;Barang dan jasa"] for row in rows]
    write_rows(foreign, [header, *rows], delimiter=";")
    model, tagged, sheet = (tmp_path / name for name in ("k.usulan", "k.csv", "k.xlsx"))
    labels = ["--label", "misi=Misi Daerah"]
    run(runner, "train", foreign, "-o", model, "--no-taxonomy", *OPTIONS, *labels)
    later = tmp_path / "baru.csv"  # review asks for nothing that the model was trained on
    asked = [[f"{row[0]} lagi {k}", f"{row[1]} lanjutan", *row[2:]] for k, row in enumerate(rows)]
    write_rows(later, [header, *asked], delimiter=";")
    run(runner, "tag", later, "--model", model, "-o", tagged, *OPTIONS)
    assert run(runner, "review", tagged, "--model", model, "-o", sheet).exit_code == 0

    book = openpyxl.load_workbook(sheet)
    page = book["Lembar"]
    columns = {cell.value: cell.column for cell in page[1]}
    for row in range(2, page.max_row + 1):
        page.cell(row, columns["setuju"], "ya")
        label = page.cell(row, columns["label_alat"]).value.removeprefix("misi: ")
        assert page.cell(row, columns["pilihan"]).value.startswith(f"{label} ")
    book.save(sheet)
    into = tmp_path / "labelled.csv"
    result = run(runner, "merge", sheet, "--into", into, "--model", model)
    assert result.exit_code == 0, result.output
    names, *merged = read_rows(into)
    right = {row[0]: row[2] for row in asked}
    assert {row[names.index("misi")] for row in merged} == {*right.values()}
    for row in merged:
        assert row[names.index("misi")] == right[row[names.index("usulan")]]
