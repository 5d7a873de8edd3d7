"""Commands: what they print, what they write, and how they fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from conftest import COLUMNS, labelled_rows, read_rows, write_rows
from zoo_books import several

from classifier.cli import main
from classifier.model import Model

COMMANDS = [
    "tag",
    "train",
    "evaluate",
    "review",
    "merge",
    "compare",
    "check",
    "report",
    "explain",
    "inspect",
    "taxonomy",
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_each_command_has_help_with_an_example(runner: CliRunner, command: str, flag: str) -> None:
    result = runner.invoke(main, [command, flag])
    assert result.exit_code == 0
    assert f"\n  usulan {command}" in result.output.split("Options:")[0]


def test_help_lists_all_commands_and_completion(runner: CliRunner) -> None:
    output = runner.invoke(main, ["-h"]).output
    assert all(f"\n  {command} " in output for command in COMMANDS)
    assert "_USULAN_COMPLETE" in output


def test_tag_shows_rows_and_counts(runner: CliRunner, model_file: Path, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan", "x"], ["paving gang", "1"], ["", "2"]])
    result = runner.invoke(main, ["tag", str(path), "--model", str(model_file)])
    assert result.exit_code == 0, result.output
    assert "2 rows, text from Usulan." in result.output
    assert "paving gang" in result.output
    assert "(kosong)" in result.output
    assert read_rows(tmp_path / "a.tagged.csv")[1][2] == "jalan"


def test_tag_says_which_sheet_and_columns_it_took(
    runner: CliRunner, model_file: Path, tmp_path: Path
) -> None:
    path, model = tmp_path / "a.xlsx", ["--model", str(model_file)]
    header, row = ["NO", "USULAN", "PAGU"], [1, "paving gang", 5]
    several(("A", [header, row], True), ("B", [header[:2], row], True))(path)
    output = runner.invoke(main, ["tag", str(path), *model]).output
    assert f"{path}: only sheet 'A' is tagged; proposals are in 'B', too" in output
    assert "columns: usulan ← USULAN, id ← NO, anggaran ← PAGU" in output
    output = runner.invoke(main, ["tag", str(path), "--sheet", "b", "--force", *model]).output
    assert "only sheet" not in output
    assert "columns: usulan ← USULAN, id ← NO\n" in output


def test_tag_goes_on_after_a_bad_export_and_says_which(
    runner: CliRunner, model_file: Path, tmp_path: Path
) -> None:
    good = write_rows(tmp_path / "baik.csv", [["Usulan"], ["paving"]])
    bad = write_rows(tmp_path / "buruk.csv", [["a"], ["1"]])
    result = runner.invoke(main, ["tag", str(bad), str(good), "--model", str(model_file)])
    assert result.exit_code == 1
    assert f"1 of 2 exports not tagged: {bad}." in result.output
    assert (tmp_path / "baik.tagged.csv").exists()


def test_train_evaluate_inspect_and_tag_go_together(
    runner: CliRunner, labelled_csv: Path, tmp_path: Path
) -> None:
    model = str(tmp_path / "kantor.usulan")
    result = runner.invoke(main, ["train", str(labelled_csv), "-o", model])
    assert result.exit_code == 0, result.output
    assert "baseline" in result.output
    assert "prioritas" in result.output
    scores, wrong = tmp_path / "skor.json", tmp_path / "salah.csv"
    options = ["--model", model, "--json", str(scores), "--errors", str(wrong)]
    result = runner.invoke(main, ["evaluate", str(labelled_csv), *options])
    assert result.exit_code == 0, result.output
    assert "\n  uji " in result.output
    assert json.loads(scores.read_text(encoding="utf-8"))["prioritas"]["rows"] == 198
    assert read_rows(wrong)[0] == ["tempat", "sumber", "teks", "benar", "diberi", "pilihan"]
    result = runner.invoke(main, ["inspect", model])
    assert "198 rows" in result.output
    record = json.loads(runner.invoke(main, ["inspect", model, "--json"]).output)
    assert record["rows_per_label"]["jenis"]["fisik"] == 96


def test_explain_sums_up(runner: CliRunner, model_file: Path) -> None:
    result = runner.invoke(main, ["explain", "paving gang", "rusak", "--model", str(model_file)])
    assert "tag_prioritas        jalan" in result.output
    assert "(without any word)" in result.output


def test_explain_says_so_where_no_learnt_label_is_given(
    runner: CliRunner, model_file: Path
) -> None:
    for text, reason in (("-", "tidak ada teks"), ("RT 01", "hanya nama tempat atau angka")):
        output = runner.invoke(main, ["explain", "--model", str(model_file), "--", text]).output
        assert f" is given: {reason}." in output


def test_taxonomy_as_table_and_as_json(runner: CliRunner) -> None:
    table = runner.invoke(main, ["taxonomy"]).output
    assert "Penerangan jalan umum" in table
    facets = json.loads(runner.invoke(main, ["taxonomy", "--json"]).output)["facet"]
    assert facets["prioritas"]["label"]["lainnya"]["kode"] == ["2.10", "2.24"]


def bad_calls(folder: Path) -> dict[str, list[str]]:
    """Mistakes users make, by name; files they need are made in ``folder``."""
    export = str(write_rows(folder / "a.csv", [["Usulan"], ["paving"]]))
    numbers = str(write_rows(folder / "n.csv", [["Usulan", "b"], ["1000", "2"]]))
    empty, noise = folder / "kosong.csv", folder / "model.usulan"
    empty.write_bytes(b"")
    noise.write_bytes(b"bukan model")
    wrong = labelled_rows()
    wrong[0][3] = "jaln"
    unknown = str(write_rows(folder / "u.csv", [COLUMNS, *wrong]))
    lonely = [row for row in labelled_rows() if row[3] != "sosial"] + [labelled_rows()[-10]]
    single = str(write_rows(folder / "s.csv", [COLUMNS, *lonely]))
    labels = folder / "label.toml"
    labels.write_text("[facet]\n", encoding="utf-8")
    out = str(folder / "m.usulan")
    return {
        "no such file": ["tag", str(folder / "hilang.csv")],
        "empty file": ["tag", str(empty)],
        "no text column": ["tag", numbers],
        "named column missing": ["tag", export, "--text", "Judul"],
        "no model": ["tag", export, "--model", str(noise)],
        "unwritable": ["tag", export, "-o", str(folder / "tidak" / "ada.csv")],
        "output exists": ["tag", export, "-o", str(empty)],
        "unknown label": ["train", unknown, "-o", out],
        "one example": ["train", single, "-o", out],
        "broken taxonomy": ["taxonomy", str(labels)],
        "no labels": ["evaluate", export],
        "label option": ["train", unknown, "-o", out, "--label", "prioritas"],
        "unknown facet": ["train", single, "-o", out, "--label", "warna=prioritas"],
        "label column missing": ["train", single, "-o", out, "--label", "prioritas=kolom"],
        "output is input": ["train", single, "-o", single, "--force"],
        "errors over input": ["evaluate", single, "--errors", single, "--force"],
        "one output twice": ["evaluate", single, "--json", out, "--errors", out],
        "second output exists": ["evaluate", single, "--json", out, "--errors", str(empty)],
        "two outputs": ["tag", export, export, "-o", out],
    }


@pytest.mark.parametrize("name", [
    "no such file", "empty file", "no text column", "named column missing", "no model",
    "unwritable", "output exists", "unknown label", "one example", "broken taxonomy", "no labels",
    "label option", "unknown facet", "label column missing", "output is input",
    "errors over input", "one output twice", "second output exists", "two outputs",
])  # fmt: skip
def test_mistakes_end_in_one_sentence_and_change_nothing(
    runner: CliRunner, tmp_path: Path, name: str
) -> None:
    arguments = bad_calls(tmp_path)[name]
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    result = runner.invoke(main, arguments)
    assert result.exit_code != 0
    assert isinstance(result.exception, SystemExit)
    message = result.output.strip().splitlines()[-1]
    assert message.startswith("Error: ")
    assert message.endswith((".", "'"))
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


HEAVY = ["sklearn", "pandas", "nltk", "joblib", "openpyxl", "scipy.optimize", "matplotlib"]


def imported(*arguments: str) -> set[str]:
    code = (
        "import sys\nfrom classifier.cli import main\n"
        f"try: main({list(arguments)!r})\nexcept SystemExit: pass\n"
        "print('MODULES', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split("MODULES")[1].split())


def test_help_imports_nothing_heavy() -> None:
    assert not imported("--help") & {"numpy", "pyarrow", "scipy", *HEAVY}


@pytest.mark.parametrize("options", [[], ["--explain"], ["--rules", "aturan.csv"]])
def test_tagging_does_not_import_what_only_training_needs(
    model_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_rows(tmp_path / "aturan.csv", RULES)
    rows = [["Usulan"], ["paving gang"], ["zxqv wqrt"], ["Kelurahan Lopang"]]
    path = write_rows(tmp_path / "a.csv", rows)
    assert not imported("tag", str(path), "--model", str(model_file), *options) & set(HEAVY)
    assert (tmp_path / "a.tagged.csv").exists()


RULES = [
    ["frasa", "facet", "label", "mode"],
    ["gang buntu", "prioritas", "sosial", "wajib"],
    ["tak pernah", "prioritas", "jalan", "saran"],
    ["gang", "tematik", "stunting", "wajib"],
]


def test_rules_decide_are_counted_and_named(
    runner: CliRunner, model_file: Path, tmp_path: Path
) -> None:
    rules = str(write_rows(tmp_path / "aturan.csv", RULES))
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["paving GANG  buntu"], ["paving gg"]])
    options = ["--model", str(model_file), "--rules", rules]
    result = runner.invoke(main, ["tag", str(path), *options])
    assert result.exit_code == 0, result.output
    assert "row 3, frasa 'tak pernah' → jalan: never fired." in result.output
    first, second = read_rows(tmp_path / "a.tagged.csv")[1:]
    assert (first[1], first[-3:-1]) == ("sosial", ["otomatis", "aturan wajib: gang buntu"])
    assert second[1] == "jalan"
    assert [first[-4], second[-4]] == ["stunting", "stunting"]
    assert "aturan wajib" in result.output
    shown = runner.invoke(main, ["explain", "paving gang buntu", *options]).output
    assert "tag_prioritas        sosial" in shown


def test_evaluate_tells_which_rules_the_labels_contradict(
    runner: CliRunner, model_file: Path, labelled_csv: Path, tmp_path: Path
) -> None:
    rules = str(write_rows(tmp_path / "aturan.csv", [*RULES, ["rusak", "prioritas", "pju", ""]]))
    options = ["--model", str(model_file), "--rules", rules]
    result = runner.invoke(main, ["evaluate", str(labelled_csv), *options])
    assert "frasa 'rusak' → pju: fired on 6 rows, 6 of them labelled otherwise (jalan 6)." in (
        result.output
    )
    assert "frasa 'gang buntu' → sosial: never fired" in result.output


def test_a_bad_rule_is_named_with_file_and_row(
    runner: CliRunner, model_file: Path, tmp_path: Path
) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["paving"]])
    rules = write_rows(tmp_path / "aturan.csv", [*RULES, ["x", "prioritas", "jalanan", "wajib"]])
    result = runner.invoke(
        main, ["tag", str(path), "--model", str(model_file), "--rules", str(rules)]
    )
    assert result.exit_code == 1
    assert f"{rules}: row 5: prioritas: unknown label 'jalanan'; allowed: " in result.output
    assert not (tmp_path / "a.tagged.csv").exists()


def test_tag_explains_in_the_reason_and_still_counts_reasons(
    runner: CliRunner, tmp_path: Path
) -> None:
    path = write_rows(tmp_path / "a.csv", [["Usulan"], ["Drainase MAMPET"], [""], ["got bau"]])
    result = runner.invoke(main, ["tag", str(path), "--explain"])
    assert result.exit_code == 0, result.output
    reasons = [row[-2] for row in read_rows(tmp_path / "a.tagged.csv")[1:]]
    assert reasons[0].startswith("keyakinan cukup | karena: Drainase MAMPET")
    assert ' | mirip: "' in reasons[0]
    assert reasons[1] == "baris kosong"
    assert "  keyakinan cukup  " in result.output


def test_explain_tells_why_not_another_label(runner: CliRunner, model_file: Path) -> None:
    command = ["explain", "paving gang", "--model", str(model_file), "--label"]
    assert "Score of banjir: " in runner.invoke(main, [*command, "banjir"]).output
    wrong = runner.invoke(main, [*command, "banjirr"])
    assert wrong.exit_code == 1
    assert "jalan, banjir, kesehatan, sosial" in wrong.output


def test_workbooks_and_parquet_do_not_import_it_either(model_file: Path, tmp_path: Path) -> None:
    several(("A", [["USULAN"], ["paving"]], True))(tmp_path / "a.xlsx")
    pq.write_table(pa.table({"usulan": ["paving"]}), tmp_path / "a.parquet")
    for name in ("a.xlsx", "a.parquet"):
        modules = imported("tag", str(tmp_path / name), "--model", str(model_file))
        assert not modules & set(HEAVY)
        assert (tmp_path / name.replace(".", ".tagged.")).exists()


def test_the_id_column_can_be_named(runner: CliRunner, model_file: Path, tmp_path: Path) -> None:
    rows = [["No", "Register", "Usulan"], ["1", "A-7", "paving gang"]]
    call = ["tag", str(write_rows(tmp_path / "a.csv", rows)), "--model", str(model_file)]
    assert "id ← Register" in runner.invoke(main, [*call, "--id", "Register"]).output
    wrong = runner.invoke(main, [*call, "--id", "Nomor Lain", "--force"])
    assert wrong.exit_code == 1
    assert "has no column 'Nomor Lain'. Its columns: 'No', 'Register', 'Usulan'." in wrong.output


def test_inspect_shows_the_main_facet_first(
    runner: CliRunner, model_file: Path, model: Model
) -> None:
    shown = runner.invoke(main, ["inspect", str(model_file)]).output
    assert shown.index("\nprioritas ") < shown.index("\njenis ")
    bins = model.record["reliability"]["prioritas"]["bins"]
    assert "".join(f"{row['confidence']:>6.2f}" for row in bins) in shown
