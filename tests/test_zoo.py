"""Each file of the zoo: tagged with every cell as it was, or refused in one sentence."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pytest
import zoo
from click.testing import CliRunner
from conftest import read_rows

from classifier.cli import main
from classifier.formats.csvfile import CsvSource
from classifier.tagging import default_output


def cells(source: CsvSource, path: Path) -> list[list[str]]:
    """All records of a file, undecodable bytes included."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    text = b"".join(source.dialect.encoding.decode(iter([content]))).decode("latin-1")
    csv.field_size_limit(10**8)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=source.dialect.delimiter))


@pytest.mark.parametrize("animal", zoo.ANIMALS, ids=lambda animal: animal.name)
def test_the_zoo(animal: zoo.Animal, runner: CliRunner, model_file: Path, tmp_path: Path) -> None:
    path = tmp_path / animal.name
    path.write_bytes(animal.content)
    call = ["tag", str(path), "--model", str(model_file), "--show", "0", *animal.options]
    result = runner.invoke(main, call)
    if animal.must != zoo.TAGS:
        assert result.exit_code == 1
        assert animal.must in result.output
        assert result.output.startswith(f"Error: {path}: ")
        assert result.output.count("\n") == 1
        assert [file.name for file in tmp_path.iterdir()] == [animal.name]
        return
    assert result.exit_code == 0, result.output
    source = CsvSource(path, keep_bad=True)
    out = default_output(path, source.ending)
    before, after = cells(source, path), cells(source, out)
    head, width = len(source.dialect.head), len(source.header)
    assert len(before) == len(after)
    for old, new in zip(before, after, strict=True):
        assert new[: len(old)] == old
    assert after[source.dialect.header][width:][:1] == ["tag_prioritas"]
    rows = [(old, new) for old, new in zip(before[head:], after[head:], strict=True) if old]
    assert all(len(new) == max(len(old), width) + 10 for old, new in rows)
    assert f": {len(rows)} rows, text from Usulan" in result.output
    if animal.options:
        bad = sum(row[-2] == "baris rusak" for _, row in rows)
        assert bad == len(read_rows(Path(f"{out}.errors.csv"))) - 1 > 0
        assert f"{bad} bad rows are passed through" in result.output
