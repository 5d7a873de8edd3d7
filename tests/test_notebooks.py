"""The notebooks run top to bottom, wherever they are started, and are kept without outputs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)

# In a process of its own: Jupyter's event loop and its warnings are not ours to judge.
RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=600, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def executed(path: Path, folder: Path, start: Path) -> Any:
    """The notebook with its outputs, run in the folder ``start`` without a network."""
    env = os.environ | {
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "",
        "IPYTHONDIR": str(folder / "ipython"),
        "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "TMPDIR": str(folder / "tmp"),
        "NO_PROXY": "localhost,127.0.0.1",
        **dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9"),
    }
    (folder / "tmp").mkdir()
    command = [sys.executable, "-c", RUN, str(path), str(folder / path.name)]
    done = subprocess.run(command, cwd=start, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return nbformat.read(folder / path.name, 4)


def test_there_are_three() -> None:
    assert [path.stem for path in NOTEBOOKS] == ["01_jelajah", "02_latih_evaluasi", "03_lapor"]


@each
def test_it_runs_from_a_folder_of_the_checkout(path: Path, tmp_path: Path) -> None:
    start = {"01": ROOT, "02": ROOT / "notebooks", "03": ROOT / "data/samples"}[path.stem[:2]]
    before = {file: file.stat().st_mtime_ns for file in start.iterdir() if file.is_file()}
    cells = [cell for cell in executed(path, tmp_path, start).cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in cells)
    outputs = [output for cell in cells for output in cell.outputs]
    warned = [output.text for output in outputs if output.get("name") == "stderr"]
    assert not warned
    shown = [output.data for output in outputs if "data" in output]
    assert sum("text/html" in data or "image/png" in data for data in shown) >= 6
    assert {file: file.stat().st_mtime_ns for file in start.iterdir() if file.is_file()} == before
    assert not list((tmp_path / "tmp").iterdir())


@each
def test_it_is_kept_without_outputs(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, 4)
    nbformat.validate(notebook)
    assert text == nbformat.writes(notebook) + "\n"
    assert notebook.metadata.kernelspec.name == "python3"
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert not cell.metadata


@each
def test_it_says_in_words_what_comes(path: Path) -> None:
    cells = nbformat.read(path, 4).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith(f"# {path.stem[:2]} · ")
    assert sum(cell.cell_type == "markdown" for cell in cells) >= 8


def test_an_error_is_one_sentence_in_a_notebook_too(tmp_path: Path) -> None:
    cell = nbformat.v4.new_code_cell("from classifier import read_export; read_export('tidak.csv')")
    cell.metadata["tags"] = ["raises-exception"]
    path = tmp_path / "salah" / "salah.ipynb"
    path.parent.mkdir()
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    (output,) = executed(path, tmp_path, tmp_path).cells[0].outputs
    (shown,) = output.traceback
    assert shown.startswith("InputError: tidak.csv: ")
    assert "\n" not in shown
