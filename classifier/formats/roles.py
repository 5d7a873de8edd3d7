"""Roles of columns: what they are called, from an editable file, and what they hold."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from classifier.errors import InputError
from classifier.resources import shipped

__all__ = ["KINDS", "Match", "fit", "load_roles", "matches", "plain"]

KINDS = ("teks", "nama", "angka", "tahun", "kode", "bebas")
"""What a role's cells hold; ``bebas`` is anything."""

_LETTERS = re.compile(r"[^\W\d_]{3}")
_FIGURE = re.compile(r"[-–\s]*(rp\.?)?\s*[\d.,\s]+(,-)?", re.IGNORECASE)
_YEAR = re.compile(r"(19|20)\d\d(\.0)?")
_ASIDE = re.compile(r"\(.*?\)|\[.*?\]|(?:\b(?:19|20)\d\d\b|[\s*:.,-])+$")


@dataclass(frozen=True)
class Match:
    """A role that goes by some name: ``kind`` of its cells, ``group`` 0 for its best names."""

    role: str
    kind: str
    group: int


@lru_cache(maxsize=4)
def load_roles(path: Path | None = None) -> Mapping[str, tuple[Match, ...]]:
    """Roles by the plain names that columns go by, in the order of the file.

    Raises
    ------
    InputError
        The file is missing, is no TOML, or a role is wrong; the message names it.

    Examples
    --------
    >>> [match.role for match in load_roles()["usulan"]]
    ['usulan', 'anggaran']
    """
    path = path or shipped("data", "kolom.toml")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "{path}: cannot be read as TOML ({reason}). Correct it.", path=path, reason=error
        ) from None
    roles: dict[str, tuple[Match, ...]] = {}
    for role, entry in content.items():
        for group, names in enumerate(_checked(path, role, entry)):
            for name in names:
                roles[plain(name)] = (*roles.get(plain(name), ()), Match(role, entry["isi"], group))
    return roles


def matches(name: str) -> tuple[Match, ...]:
    """Roles of a column by its name; text in brackets and years behind it may be left out.

    Examples
    --------
    >>> [match.role for match in matches("PAGU  ANGGARAN (Rp)")]
    ['anggaran']
    """
    roles = load_roles()
    return roles.get(plain(name)) or roles.get(plain(_ASIDE.sub("", name)), ())


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name without case, blanks and punctuation.

    Examples
    --------
    >>> plain("Kelurahan / Desa")
    'kelurahandesa'
    """
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", name).casefold())


def fit(kind: str, cells: Sequence[str]) -> float:
    """How well cells suit a kind of role, 0–1; a blank column suits any, but not as well.

    Examples
    --------
    >>> [fit("teks", cells) for cells in (["Paving gang rusak"], ["1.000.000,00"], [""])]
    [1.0, 0.0, 0.5]
    """
    filled = [cell.strip() for cell in cells if cell and not cell.isspace()]
    if not filled or kind == "bebas":
        return 0.9 if filled else 0.5
    distinct = len(set(filled))
    if kind == "teks":
        return _text_fit(filled, distinct)
    if kind == "kode":
        return 1.0 if distinct > len(filled) / 2 else 0.6
    lettered = sum(bool(_LETTERS.search(cell)) for cell in filled) / len(filled)
    if kind == "nama":
        return 0.5 + lettered / 2 if lettered >= 0.3 else 0.0
    pattern = _YEAR if kind == "tahun" else _FIGURE
    share = sum(bool(pattern.fullmatch(cell)) for cell in filled) / len(filled)
    return share if share >= 0.5 else 0.0


def _text_fit(filled: Sequence[str], distinct: int) -> float:
    """Text has words, and is not the same two words in every row."""
    lettered = sum(bool(_LETTERS.search(cell)) for cell in filled) / len(filled)
    if lettered < 0.3:
        return 0.0
    if distinct <= 2 and len(filled) >= 10:
        return 0.4
    words = sum(len(cell.split()) for cell in filled) / len(filled)
    return 0.9 if words < 1.5 else 1.0


def _checked(path: Path, role: str, entry: Any) -> list[list[str]]:
    groups = entry.get("nama") if isinstance(entry, dict) else None
    sound = isinstance(groups, list) and all(
        isinstance(names, list) and all(isinstance(name, str) for name in names) for names in groups
    )
    if not sound or entry.get("isi") not in KINDS:
        raise InputError(
            "{path}: [{role}]: needs isi = one of {allowed}, and nama = lists of names such as "
            '[["usulan"], ["judul"]].',
            path=path,
            role=role,
            allowed=", ".join(KINDS),
        )
    return list(groups or ())
