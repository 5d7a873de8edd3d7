"""Messages to translate: collected from the source, click's included; run it to update them.

``python -m tests.catalogue`` adds new messages to the catalogue with no translation, drops those
that are gone, and compiles it. A changed message is a new one.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from inspect import cleandoc
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from classifier import errors
from classifier.cli import main
from classifier.language import LOCALES

SOURCE = Path(errors.__file__).parent
PO = LOCALES / "id/LC_MESSAGES/usulan.po"
SAYING = {"_", "gettext", "ngettext", *errors.__all__}

DATE = datetime(2026, 1, 1, tzinfo=UTC)
"""Of the catalogue, always the same: equal messages give equal bytes."""

NAMED = ["required"]
"""Words that click looks up by a variable."""

Message = str | tuple[str, str]


def calls(folder: Path) -> Iterator[tuple[Path, ast.Call]]:
    """Calls that say something, by file."""
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name in SAYING:
                    yield path, node


def said(folder: Path) -> Iterator[Message]:
    """Messages of a package: a text, or one for one thing and one for several."""
    for _path, call in calls(folder):
        texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
        texts = [text for text in texts if isinstance(text, str) and text]
        if getattr(call.func, "id", "") == "ngettext" and len(texts) == 2:
            yield texts[0], texts[1]
        elif texts:
            yield texts[0]


def helped(command: click.Command) -> Iterator[str]:
    """Help of a command, its options and its subcommands."""
    texts = [command.help, *(getattr(option, "help", None) for option in command.params)]
    yield from (cleandoc(text) for text in texts if text)
    for child in getattr(command, "commands", {}).values():
        yield from helped(child)


def messages() -> list[Message]:
    """All that is to be translated, once each and sorted, wherever it is said."""
    found = [*helped(main), *said(SOURCE), *said(Path(click.__file__).parent), *NAMED]
    return sorted(dict.fromkeys(found), key=str)


def translated() -> Catalog:
    """What is translated."""
    with PO.open("rb") as stream:
        return read_po(stream, locale="id")


def collected(old: Catalog) -> Catalog:
    """All messages, with the translations that there are."""
    new = Catalog(
        locale="id",
        header_comment="# Messages of usulan in Bahasa Indonesia; make words collects them.",
        project="usulan",
        version="1",
        msgid_bugs_address="-",
        last_translator="usulan",
        language_team="usulan",
        creation_date=DATE,
        revision_date=DATE,
        fuzzy=False,
    )
    for message in messages():
        known = old.get(message if isinstance(message, str) else message[0])
        new.add(message, known.string if known else ("" if isinstance(message, str) else ("",)))
    return new


def compiled(catalog: Catalog) -> bytes:
    """A catalogue as gettext reads it."""
    stream = io.BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def update() -> None:
    """Write the catalogue again, as text and compiled."""
    catalog = collected(translated() if PO.exists() else Catalog(locale="id"))
    with PO.open("wb") as stream:
        write_po(stream, catalog, omit_header=False, sort_output=False, width=100)
    PO.with_suffix(".mo").write_bytes(compiled(catalog))


if __name__ == "__main__":
    update()
