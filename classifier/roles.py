"""What the columns of an export are called: roles and their names, from an editable file."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from classifier.errors import InputError
from classifier.resources import shipped

__all__ = ["KINDS", "Match", "load_roles", "matches", "plain"]

KINDS = ("teks", "nama", "angka", "tahun", "kode", "bebas")
"""What a role's cells hold; ``bebas`` is anything."""

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
        raise InputError(f"{path}: cannot be read as TOML ({error}). Correct it.") from None
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


def _checked(path: Path, role: str, entry: Any) -> list[list[str]]:
    groups = entry.get("nama") if isinstance(entry, dict) else None
    sound = isinstance(groups, list) and all(
        isinstance(names, list) and all(isinstance(name, str) for name in names) for names in groups
    )
    if not sound or entry.get("isi") not in KINDS:
        raise InputError(
            f"{path}: [{role}]: needs isi = one of {', '.join(KINDS)}, and nama = lists of "
            'names such as [["usulan"], ["judul"]].'
        )
    return list(groups or ())
