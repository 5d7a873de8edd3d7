"""What is known about single words: abbreviations, stop words, units, places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from classifier.arrays import numbers, strings
from classifier.errors import LexiconError
from classifier.remembered import Remembered

__all__ = ["NUMBER", "Lexicon"]

NUMBER = "0"
"""The token that stands for any number."""

REMEMBERED = 50_000
"""Words whose standard forms are remembered."""

_PIECES = re.compile(r"[^\W\d_]+|\d+")
_REDUPLICATED = re.compile(r"([^\W\d_]{3,})2")
_REPEATED = re.compile(r"(.)\1{2,}")
_SETS = {
    "kata": ("henti", "satuan", "romawi"),
    "tempat": (
        "rtrw",
        "penunjuk",
        "patokan",
        "nama",
        "kampung",
        "nama_kampung",
        "sambungan",
        "selalu",
    ),
}


@dataclass(frozen=True)
class Lexicon:
    """The words of ``lexicon.toml``, ready for look-up.

    Attributes
    ----------
    singkatan
        Abbreviation or variant spelling -> standard words.
    henti, satuan, romawi
        Stop words; units of measure; Roman numerals.
    rtrw, penunjuk, patokan, nama
        ``rt`` and ``rw``; words that a place name follows; words that a landmark
        follows; words that are a place after either of these.
    kampung, nama_kampung, sambungan, selalu
        Words that a village's name follows; nouns that are such a name after them; words
        that end names; words that are a place wherever they stand.
    dua_kata
        Place names of two words that read like works.

    Examples
    --------
    >>> Lexicon.load().standard("jln")
    ('jalan',)
    >>> Lexicon.load().standard("rt03")
    ('rt', '0')
    """

    singkatan: Mapping[str, tuple[str, ...]]
    henti: frozenset[str]
    satuan: frozenset[str]
    romawi: frozenset[str]
    rtrw: frozenset[str]
    penunjuk: frozenset[str]
    patokan: frozenset[str]
    nama: frozenset[str]
    kampung: frozenset[str]
    nama_kampung: frozenset[str]
    sambungan: frozenset[str]
    selalu: frozenset[str]
    dua_kata: frozenset[tuple[str, str]]

    @classmethod
    def load(cls, path: str | Path | None = None) -> Lexicon:
        """Read a lexicon file, or the shipped one.

        Raises
        ------
        LexiconError
            The file is missing, is no TOML, or an entry is wrong; the message names it.
        """
        source = Path(path) if path else Path(str(files("classifier") / "lexicon.toml"))
        try:
            raw = tomllib.loads(source.read_text(encoding="utf-8"))
        except OSError as error:
            raise LexiconError(
                "{path}: cannot be read ({reason}).", path=source, reason=error.strerror
            ) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise LexiconError(
                "{path}: not valid TOML in UTF-8 ({reason}).", path=source, reason=error
            ) from None
        return cls.from_dict(raw, str(source))

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any], where: str = "lexicon") -> Lexicon:
        """Build from the tables of the file; the inverse of :meth:`to_dict`."""
        short = _table(raw, "singkatan", where)
        sets = {
            key: frozenset(_text(_table(raw, table, where), key, f"{where}: {table}").split())
            for table, keys in _SETS.items()
            for key in keys
        }
        pairs = _table(raw, "tempat", where).get("dua_kata", [])
        if not isinstance(pairs, list) or not all(
            isinstance(pair, str) and len(pair.split()) == 2 for pair in pairs
        ):
            raise LexiconError("{path}: tempat.dua_kata: each entry must be two words.", path=where)
        expanded = {word: tuple(_text(short, word, where).split()) for word in short}
        _refuse_chains(expanded, where)
        names = frozenset((first, second) for first, second in map(str.split, pairs))
        return cls(expanded, **sets, dua_kata=names)

    def to_dict(self) -> dict[str, Any]:
        """Tables as in the file, sorted, so that equal lexicons give equal JSON."""
        tables: dict[str, Any] = {
            table: {key: " ".join(sorted(getattr(self, key))) for key in keys}
            for table, keys in _SETS.items()
        }
        tables["tempat"]["dua_kata"] = sorted(" ".join(pair) for pair in self.dua_kata)
        short = {word: " ".join(self.singkatan[word]) for word in sorted(self.singkatan)}
        return {"singkatan": short, **tables}

    @cached_property
    def forms(self) -> Remembered:
        """Standard forms of distinct words, a list of tokens for each."""
        return Remembered(self._forms, REMEMBERED)

    def standard(self, word: str) -> tuple[str, ...]:
        """Standard form of one lower-case word: nought, one or more tokens."""
        if word in self.singkatan:
            return self.singkatan[word]
        if doubled := _REDUPLICATED.fullmatch(word):
            return self.standard(doubled[1])
        pieces = _PIECES.findall(word)
        if len(pieces) > 1:
            return tuple(token for piece in pieces for token in self.standard(piece))
        return self._plain(pieces[0]) if pieces else ()

    def _plain(self, word: str) -> tuple[str, ...]:
        if word.isdecimal() or word in self.romawi:
            return (NUMBER,)
        short = _REPEATED.sub(r"\1", word) if _REPEATED.search(word) else word
        return self.singkatan.get(short, (short,))

    def _forms(self, words: pa.Array) -> pa.ListArray:
        forms = [self.standard(word) for word in words.to_pylist()]
        ends = np.cumsum([0, *map(len, forms)], dtype=np.int32)
        return pa.ListArray.from_arrays(numbers(ends), strings(list(chain(*forms))))


def _table(raw: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    value = raw.get(name)
    if not isinstance(value, dict):
        raise LexiconError("{path}: table [{table}] is missing.", path=where, table=name)
    return value


def _text(raw: Mapping[str, Any], key: str, where: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str):
        raise LexiconError(
            "{path}: {key}: must be text between quotation marks.", path=where, key=key
        )
    return value


def _refuse_chains(short: Mapping[str, tuple[str, ...]], where: str) -> None:
    """An expansion must be final, or a word's form would depend on how often we look."""
    for word, tokens in short.items():
        for token in tokens:
            if token in short and short[token] != (token,):
                raise LexiconError(
                    "{path}: singkatan.{word}: {token!r} is itself a variant of {standard!r}; "
                    "write that.",
                    path=where,
                    word=word,
                    token=token,
                    standard=" ".join(short[token]),
                )
