"""Standard input and output: ``-``, and messages that stay out of the table."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner
from conftest import write_rows

from classifier.cli import main

ROWS = [["Usulan", "n"], ["paving gang", "=1"], ["kader posyandu", "2"]]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "a.csv", ROWS)


def test_standard_input_goes_to_standard_output(
    runner: CliRunner, model_file: Path, export: Path
) -> None:
    model = ["--model", str(model_file)]
    assert runner.invoke(main, ["tag", str(export), *model]).exit_code == 0
    tagged = (export.parent / "a.tagged.csv").read_bytes()
    for call, given in (
        (["tag", "-"], export.read_bytes()),
        (["tag", "-"], gzip.compress(export.read_bytes())),
        (["tag", "-", "-o", "-"], export.read_bytes()),
        (["tag", str(export), "-o", "-"], b""),
    ):
        result = runner.invoke(main, [*call, *model], input=given)
        assert result.exit_code == 0, result.output
        assert result.stdout_bytes == tagged
        assert "standard output: 2 rows, text from Usulan." in result.stderr
        assert "1 cells begin like a formula" in result.stderr


def test_standard_input_goes_to_a_file(runner: CliRunner, model_file: Path, export: Path) -> None:
    out = export.with_name("hasil.csv")
    call = ["tag", "-", "-o", str(out), "--model", str(model_file)]
    result = runner.invoke(main, call, input=export.read_bytes())
    assert result.exit_code == 0, result.output
    assert result.stdout.startswith(f"{out}: 2 rows")
    assert out.read_bytes().startswith(b"Usulan,n,tag_prioritas")


def test_a_workbook_goes_through_pipes_too(
    runner: CliRunner, model_file: Path, tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    call = ["tag", "-", "--model", str(model_file)]
    result = runner.invoke(main, call, input=(tmp_path / "a.xlsx").read_bytes())
    tagged = openpyxl.load_workbook(io.BytesIO(result.stdout_bytes)).active
    assert [cell.value for cell in tagged[2]][2] == "jalan"


@pytest.mark.parametrize(
    ("given", "options", "message"),
    [
        (b"", [], "Error: stdin: is empty."),
        (b"Usulan,b\npaving\n", [], "Error: stdin: line 2: 1 cells where the header has 2"),
        (b"a,b\n1,2\n", [], "Error: stdin: no column of proposals was found."),
        (b"Usulan\npaving\n", ["--resume"], "need an output file: give -o FILE."),
        (b"Usulan\npaving\n", ["--on-bad-row", "keep"], "need an output file: give -o FILE."),
    ],
)
def test_nothing_is_printed_of_what_is_refused(
    runner: CliRunner, model_file: Path, given: bytes, options: list[str], message: str
) -> None:
    call = ["tag", "-", "--model", str(model_file), *options]
    result = runner.invoke(main, call, input=given)
    assert result.exit_code != 0
    assert message in result.stderr
    assert result.stdout_bytes == b""


def test_an_output_that_takes_no_more_ends_in_one_sentence(model_file: Path, export: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    call = [sys.executable, "-m", "classifier.cli", "tag", str(export), "-o", "-"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*call, "--model", str(model_file), "--show", "0"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last == "Error: standard output cannot be written (No space left on device)."


def test_an_output_may_be_a_folder(runner: CliRunner, model_file: Path, export: Path) -> None:
    folder = export.parent / "hasil"
    folder.mkdir()
    call = ["tag", str(export), "-o", str(folder), "--model", str(model_file)]
    result = runner.invoke(main, call)
    assert result.exit_code == 0, result.output
    assert [file.name for file in folder.iterdir()] == ["a.tagged.csv"]
