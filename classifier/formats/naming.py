"""Columns by the name that a user gives: case and outer blanks aside, or by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from classifier.errors import InputError
from classifier.language import _

if TYPE_CHECKING:
    from classifier.formats.sources import Rows

__all__ = ["column_number", "find_name", "listed"]


def find_name(header: Sequence[str], name: str) -> int | None:
    """Number from 0 of the first column of a name, case and outer blanks aside.

    Examples
    --------
    >>> find_name(["No", "Prioritas "], "prioritas")
    1
    """
    return next(iter(_called_so(header, name)), None)


def _called_so(header: Sequence[str], name: str) -> list[int]:
    """Numbers from 0 of the columns of a name; those that match in case go before others."""
    for same in (str, str.casefold):
        wanted = same(name.strip())
        found = [number for number, column in enumerate(header) if same(column.strip()) == wanted]
        if found:
            return found
    return []


def column_number(source: Rows, name: str) -> int:
    """Number from 0 of a column by its name, case and outer blanks aside, or by its number from 1.

    Raises
    ------
    InputError
        There is no such column, or several; the message lists those that there are.
    """
    found = _called_so(source.header, name)
    if len(found) > 1:
        numbers = ", ".join(str(number + 1) for number in found)
        raise InputError(
            "{path}: {count} columns are called {name!r}. Give the number of the one you mean: "
            "{numbers}.",
            path=source.path,
            count=len(found),
            name=name,
            numbers=numbers,
        )
    if found:
        return found[0]
    if name.strip().isdecimal() and 0 < int(name) <= len(source.header):
        return int(name) - 1
    raise InputError(
        "{path}: has no column {name!r}. {columns}",
        path=source.path,
        name=name,
        columns=listed(source.header),
    )


def listed(header: Sequence[str]) -> str:
    """All columns, for a message."""
    return _("Its columns: {columns}.", columns=", ".join(repr(name) for name in header))
