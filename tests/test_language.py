"""Messages in Bahasa Indonesia: none is missing, none loses a field, and click speaks it too."""

from __future__ import annotations

import ast
import os
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from catalogue import PO, SOURCE, calls, collected, compiled, messages, translated

from classifier.errors import InputError
from classifier.language import _, language


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return translated()


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def fields(text: str) -> set[str]:
    named = {name for _text, name, *_rest in string.Formatter().parse(text) if name}
    return named | {word for word in text.split() if word.startswith("%(")}


def test_no_message_is_missing(catalog: Catalog) -> None:
    found = [catalog.get(m if isinstance(m, str) else m[0]) for m in messages()]
    missing = [
        text
        for text, message in zip(messages(), found, strict=True)
        if message is None or not all(strings(message))
    ]
    assert not missing, "make words, then translate these in the catalogue"


def test_no_translation_is_left_over(catalog: Catalog) -> None:
    assert [m.id for m in catalog] == [m.id for m in collected(catalog)]


def test_translations_keep_the_fields(catalog: Catalog) -> None:
    for message in catalog:
        if message.id:
            ids = [message.id] if isinstance(message.id, str) else list(message.id)
            for said in strings(message):
                assert fields(said) == fields(ids[-1]), said


def test_the_compiled_catalogue_is_that_of_the_text(catalog: Catalog) -> None:
    assert PO.with_suffix(".mo").read_bytes() == compiled(catalog)


def test_messages_are_plain_texts_with_named_fields() -> None:
    """A message put together before it is looked up would never be found."""
    for path, call in calls(SOURCE):
        place = f"{path.name}:{call.lineno}"
        assert not isinstance(call.args[0], ast.JoinedStr | ast.BinOp), place


ASKED = ("USULAN_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
SHOWING = {"echo", "ClickException", "UsageError", "BadParameter"}
CONSOLE = [SOURCE / "cli.py", *sorted((SOURCE / "commands").glob("*.py"))]


def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def holds_words(text: ast.expr) -> bool:
    """Whether words of a text are not looked up; F1 and SHA-256 are none."""
    match text:
        case ast.Constant(value=str(words)):
            return any(map(str.islower, words))
        case ast.JoinedStr(values=parts):
            return any(map(holds_words, parts))
        case ast.FormattedValue(value=part):
            return holds_words(part)
        case ast.BinOp(left=first, right=second):
            return holds_words(first) or holds_words(second)
        case _:
            return False


def test_what_commands_print_is_looked_up() -> None:
    for path in CONSOLE:
        for node in nodes(path):
            match node:
                case ast.Call(
                    func=ast.Attribute(value=ast.Name(id="click"), attr=shown), args=[text, *_]
                ) if shown in SHOWING:
                    assert not holds_words(text), f"{path.name}:{text.lineno}"


def test_headings_fit_their_columns(catalog: Catalog) -> None:
    for path in CONSOLE:
        for node in nodes(path):
            match node:
                case ast.FormattedValue(
                    value=ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(heading))]),
                    format_spec=ast.JoinedStr(values=[ast.Constant(value=str(width))]),
                ):
                    message = catalog.get(heading)
                    assert message is not None
                    room = max(int(width.strip(">")) - 1, len(heading))
                    assert len(str(message.string)) <= room, heading


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "en_US.UTF-8", "USULAN_LANG": "id"}, "id"),
        ({"LANG": "id_ID.UTF-8", "USULAN_LANG": "en"}, "en"),
        ({"LANG": "id_ID", "LC_ALL": "C"}, "en"),
        ({"LANG": "idx"}, "en"),
        ({}, "en"),
    ],
)
def test_the_environment_decides(
    monkeypatch: pytest.MonkeyPatch, asked: dict[str, str], expected: str
) -> None:
    for name in ASKED:
        monkeypatch.delenv(name, raising=False)
    for name, value in asked.items():
        monkeypatch.setenv(name, value)
    assert language() == expected


def test_an_error_speaks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USULAN_LANG", "id")
    assert "tidak ada" in str(
        InputError("{path}: no such file. Check the name and the folder.", path="a.csv")
    )
    assert str(InputError("{not a field}")) == "{not a field}"


def usulan(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    unasked = os.environ | dict.fromkeys(ASKED, "")
    return subprocess.run(
        [sys.executable, "-m", "classifier.cli", *arguments],
        cwd=folder, capture_output=True, text=True,
        env=unasked | {"PYTHONPATH": str(SOURCE.parent)} | environment,
    )  # fmt: skip


def test_help_and_clicks_own_words(tmp_path: Path) -> None:
    indonesian = usulan(tmp_path, "tag", "--help", USULAN_LANG="id")
    english = usulan(tmp_path, "tag", "--help", USULAN_LANG="en")
    assert "Options:" in english.stdout
    assert "Opsi:" in indonesian.stdout
    assert "Options" not in indonesian.stdout
    wrong = usulan(tmp_path, "tag", "--tidak-ada", LANG="id_ID.UTF-8")
    assert "Tidak ada opsi" in wrong.stderr
    assert wrong.returncode == 2


def test_help_of_subcommands(tmp_path: Path) -> None:
    listing = usulan(tmp_path, "taxonomy", "--help", USULAN_LANG="id")
    assert "Mendaftar faset" in listing.stdout
    crosswalk = usulan(tmp_path, "taxonomy", "crosswalk", "--help", USULAN_LANG="id")
    assert "Peta label" in crosswalk.stdout
    assert "crosswalk, or" not in crosswalk.stdout
    required = usulan(tmp_path, "review", "--help", USULAN_LANG="id")
    assert "[wajib]" in required.stdout


def test_what_a_user_reads_is_indonesian(tmp_path: Path) -> None:
    done = usulan(tmp_path, "tag", "usulan.csv", USULAN_LANG="id")
    assert "usulan.csv: tidak ada berkas" in done.stderr
    assert _("{path}: no such file. Check the name and the folder.", path="x")[:2] == "x:"
