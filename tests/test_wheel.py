"""The wheel: what an office installs must tag in any folder, without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import write_rows

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True)
    return next(folder.glob("usulan-*.whl"))


def test_it_holds_taxonomy_lexicon_and_model(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {"classifier/data/taxonomy.toml", "classifier/models/starter.usulan"} <= names
    assert "classifier/data/kolom.toml" in names
    assert {f"classifier/data/{name}.csv" for name in ("opd", "urusan", "wilayah")} <= names
    assert {f"classifier/report/laporan.{kind}" for kind in ("css", "html", "js")} <= names
    assert {"classifier/lexicon.toml", "classifier/py.typed"} <= names
    assert not any(name.startswith(("tests/", "data/")) for name in names)


def test_it_tags_in_any_folder(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    export = write_rows(tmp_path / "usulan.csv", [["Usulan"], ["Paving jalan gang"]])
    code = (
        "import sys; sys.path = [p for p in sys.path if p not in ('', {root!r})];"
        "sys.path.insert(0, {site!r}); import classifier; assert {site!r} in classifier.__file__;"
        "from classifier.cli import main; main(['tag', {export!r}])"
    ).format(root=str(ROOT), site=str(tmp_path / "site"), export=str(export))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert ",jalan," in (tmp_path / "usulan.tagged.csv").read_text(encoding="utf-8")
