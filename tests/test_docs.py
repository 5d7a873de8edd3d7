"""The README's commands run as they stand there, and every public name is documented."""

from __future__ import annotations

import csv
import importlib
import pkgutil
import re
import shlex
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

import classifier
from classifier.cli import main
from classifier.store import load_model
from classifier.tagging import tag_file
from classifier.tags import Tagger

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n(.*?)```", re.DOTALL)


def console_blocks() -> list[tuple[str, list[str]]]:
    """Commands of the README, each with the lines of output shown below it."""
    calls: list[tuple[str, list[str]]] = []
    for block in BLOCK.findall(README.read_text(encoding="utf-8")):
        for line in block.splitlines():
            if line.startswith("$ "):
                calls.append((line[2:], []))
            elif line.strip() not in ("", "..."):
                calls[-1][1].append(line.rstrip())
    return calls


def test_the_readme_s_commands_print_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runner: CliRunner
) -> None:
    shutil.copy(ROOT / "data/samples/usulan-sipd.csv", tmp_path / "usulan.csv")
    monkeypatch.chdir(tmp_path)
    calls = [(call, shown) for call, shown in console_blocks() if call.startswith("usulan ")]
    assert len(calls) >= 3
    for call, shown in calls:
        result = runner.invoke(main, shlex.split(call)[1:])
        assert result.exit_code == 0, f"{call}\n{result.output}"
        printed = [line.rstrip() for line in result.output.splitlines()]
        missing = [line for line in shown if line not in printed]
        assert not missing, f"{call} does not print {missing}"


def written_commands() -> list[str]:
    """Commands of the README that are not run: those in indented blocks, and those in a text."""
    content = BLOCK.sub("", README.read_text(encoding="utf-8"))
    lines = [line for line in content.splitlines() if line.startswith("    ")]
    indented = [part for line in lines for part in line.split("&&")]
    found = [*indented, *re.findall(r"`([^`]+)`", content.replace("```", ""))]
    return [part.strip() for part in found if part.strip().startswith("usulan ")]


@pytest.mark.parametrize("line", written_commands())
def test_the_readme_s_other_commands_and_options_exist(line: str) -> None:
    words = shlex.split(line.split(" > ")[0], comments=True)[1:]
    command: click.Command = main
    while words and isinstance(command, click.Group) and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert command is not main, line
    known = {name for option in command.params for name in (*option.opts, *option.secondary_opts)}
    asked = {word.split("=")[0] for word in words if word.startswith("-") and word != "-"}
    assert asked <= {*known, "-h"}, line


def test_the_readme_s_rows_are_tagged_as_it_shows(tmp_path: Path) -> None:
    sample = tag_file(
        ROOT / "data/samples/usulan-sipd.csv", Tagger(load_model()), tmp_path / "out.csv"
    )
    with sample.output.open(encoding="utf-8", newline="") as stream:
        tagged = list(csv.DictReader(stream))
    table = README.read_text(encoding="utf-8").split("| before |")[1].split("\n\n")[0]
    header, *rows = [
        [cell.strip(" *") for cell in line.split("|")[1:-1]] for line in table.splitlines()[2:]
    ]
    assert len(rows) >= 3
    for usulan, masalah, *tags in rows:
        row = next(r for r in tagged if r["Usulan"] == usulan and r["Masalah"].startswith(masalah))
        assert [row[name] for name in header[2:]] == tags


def test_the_readme_names_make_targets_that_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"\bmake ([a-z]+)", README.read_text(encoding="utf-8")):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


_MODULES = [m.name for m in pkgutil.walk_packages(classifier.__path__, "classifier.")]


@pytest.mark.parametrize("name", _MODULES)
def test_public_names_exist_and_are_documented(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__
    for public in getattr(module, "__all__", []):
        thing = getattr(module, public)
        if callable(thing) and getattr(thing, "__module__", "").startswith("classifier"):
            assert thing.__doc__, f"{name}.{public}"
