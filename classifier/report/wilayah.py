"""Names of kelurahan and kecamatan as people write them, matched to an official list."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from classifier.report.lists import read_list

__all__ = ["Place", "Wilayah", "one_letter_apart"]

_PREFIX = re.compile(
    r"^(?:(?:kelurahan|kel|desa|ds|kecamatan|kec|gampong|nagari|kalurahan|kapanewon|distrik)\b"
    r"[\s./]*)+"
)
_BEHIND = re.compile(r"(?:[\s,./(-]+(?:rt|rw|kec|kecamatan|kota|kab|kabupaten)\b.*|\s*\(.*)$")
_TYPO_FROM = 5
"""Letters from which a name may be one letter apart; shorter ones are too alike."""


@dataclass(frozen=True)
class Place:
    """Where a proposal is: official names, empty where unknown, and then why.

    ``sure`` is false where the name was one letter apart from the official one.
    """

    kecamatan: str = ""
    kelurahan: str = ""
    reason: str = ""
    sure: bool = True


class Wilayah:
    """An official list of kelurahan.

    Parameters
    ----------
    rows
        Kecamatan and kelurahan, in the order of the list.

    Examples
    --------
    >>> wilayah = Wilayah.load()
    >>> wilayah.find("KEL. LOPANG RW 3", "").kecamatan
    'Serang'
    >>> wilayah.find("Sukawana", "Kec. Curug").kecamatan, wilayah.find("Sukawana", "").reason
    ('Curug', 'ada di Serang dan Curug, kolom kecamatan tidak memutuskan')
    """

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        given = dict.fromkeys((row[0], row[1]) for row in rows)
        self.rows = tuple(row for row in given if row[1])
        self.kecamatan = tuple(dict.fromkeys(row[0] for row in given if row[0]))
        self._places: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for row in self.rows:
            self._places[_key(row[1])].append(row)
        self._districts = {_key(name): name for name in self.kecamatan}

    @classmethod
    def load(cls, path: str | Path | None = None) -> Wilayah:
        """Read a list with columns ``kecamatan`` and ``kelurahan``; Kota Serang's by default.

        Raises
        ------
        InputError
            The list cannot be read, lacks a column, or holds no rows.
        """
        return cls(read_list(path, "wilayah.csv", ["kecamatan", "kelurahan"]))

    @classmethod
    def of_cells(cls, kelurahan: Sequence[str], kecamatan: Sequence[str]) -> Wilayah:
        """The names that a table itself uses, one spelling each, where no list is known."""
        spelling: dict[tuple[str, str], tuple[str, str]] = {}
        for district, name in zip(kecamatan, kelurahan, strict=True):
            if _key(name) or _key(district):
                spelling.setdefault((_key(district), _key(name)), (_plain(district), _plain(name)))
        return cls(sorted(spelling.values()))

    def find(self, kelurahan: str, kecamatan: str) -> Place:
        """The place that two cells name; what could be two places, or none, is not guessed."""
        district = self._district(kecamatan)
        key = _key(kelurahan)
        if not key:
            return Place(district, reason="kelurahan tidak diisi")
        found, sure = self._places.get(key, []), True
        if not found:
            found, sure = self._alike(key), False
        if not found:
            return Place(district, reason="tidak ada dalam daftar")
        here = [row for row in found if row[0] == district] if district else found
        if not here:
            return Place(reason=f"menurut daftar ada di {_and(found)}, bukan {district}")
        if len(here) > 1:
            reason = f"ada di {_and(here)}, kolom kecamatan tidak memutuskan"
            return Place(district, reason=reason)
        return Place(*here[0], sure=sure)

    def knows(self, kelurahan: str = "", kecamatan: str = "") -> bool:
        """Whether the list has a kelurahan so named, in whatever kecamatan, or the kecamatan."""
        key = _key(kelurahan)
        return bool(self._district(kecamatan) or key in self._places or self._alike(key))

    def _district(self, cell: str) -> str:
        key = _key(cell)
        if not key or key in self._districts:
            return self._districts.get(key, "")
        near = [name for other, name in self._districts.items() if _typo(key, other)]
        return near[0] if len(near) == 1 else ""

    def _alike(self, key: str) -> list[tuple[str, str]]:
        """Places of the only name that is one letter apart."""
        near = [name for name in self._places if _typo(key, name)]
        return self._places[near[0]] if len(near) == 1 else []


def _plain(name: str) -> str:
    """A name without ``Kel.`` before it and RT, RW or kecamatan behind it, in title case."""
    text = _PREFIX.sub("", " ".join(name.split()).casefold())
    return _BEHIND.sub("", text).strip(" .,-").title()


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", _plain(name).casefold())


def _typo(one: str, other: str) -> bool:
    return min(len(one), len(other)) >= _TYPO_FROM and one_letter_apart(one, other)


def one_letter_apart(one: str, other: str) -> bool:
    """Whether one letter was added, left out, replaced, or swapped with the next.

    Examples
    --------
    >>> [one_letter_apart("lopang", name) for name in ("loppang", "lpoang", "lopeng", "lempang")]
    [True, True, True, False]
    """
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1 or short == long:
        return False
    start = next((n for n, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), None)
    if start is None:
        return True
    a, b = short[start:], long[start:]
    if len(a) < len(b):
        return a == b[1:]
    return a[1:] == b[1:] or (a[0], a[1:2], a[2:]) == (b[1:2], b[0], b[2:])


def _and(rows: Sequence[tuple[str, str]]) -> str:
    return " dan ".join(dict.fromkeys(kecamatan for kecamatan, _ in rows))
