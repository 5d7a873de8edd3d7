"""Facets and labels, read from a TOML file that an office may edit."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from classifier.errors import TaxonomyError
from classifier.language import _
from classifier.resources import shipped

__all__ = ["UNCLEAR", "Facet", "Label", "Taxonomy", "check_facet_name"]

UNCLEAR = "tidak_jelas"
"""The label of a row that asks for nothing that can be named."""

_SLUG = re.compile(r"[a-z][a-z0-9_]*")
_CODE = re.compile(r"(\d|X)\.(\d\d|XX)")
_RESERVED = ("keyakinan", "pilihan", "status", "alasan")
_LISTS = ("termasuk", "tidak_termasuk", "kode", "opd")
_LABEL_TEXTS = ("nama", "definisi", "kelompok")


@dataclass(frozen=True)
class Label:
    """One label of a facet.

    ``kode`` holds bidang urusan codes as text: as numbers, 2.10 would become 2.1.
    ``artikel`` is the phrase of the city's published list of priorities, if it is there;
    ``porsi`` the estimated share of real proposals, if given.
    """

    slug: str
    nama: str
    definisi: str
    termasuk: tuple[str, ...]
    tidak_termasuk: tuple[str, ...]
    kode: tuple[str, ...]
    opd: tuple[str, ...]
    kelompok: str
    artikel: str = ""
    porsi: float | None = None


@dataclass(frozen=True)
class Facet:
    """A question asked of each proposal, and its possible answers."""

    name: str
    nama: str
    banyak: bool
    labels: Mapping[str, Label]
    artikel: str = ""


@dataclass(frozen=True)
class Taxonomy:
    """All facets, in the order of the file.

    Examples
    --------
    >>> taxonomy = Taxonomy.load()
    >>> taxonomy.facets["prioritas"].labels["pju"].nama
    'Penerangan jalan umum'
    """

    facets: Mapping[str, Facet]
    kelompok: Mapping[str, str]

    @classmethod
    def load(cls, path: str | Path | None = None) -> Taxonomy:
        """Read a taxonomy file, or the shipped one.

        Raises
        ------
        TaxonomyError
            The file is missing, is no TOML, or a key is wrong; the message names it.
        """
        source = Path(path) if path else shipped("data", "taxonomy.toml")
        return _Reader(source).taxonomy(_read_toml(source))

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> Taxonomy:
        """Of what :meth:`to_dict` gave, as a model's record keeps it.

        Raises
        ------
        TaxonomyError
            It is nothing of the kind.

        Examples
        --------
        >>> taxonomy = Taxonomy.load()
        >>> Taxonomy.from_dict(taxonomy.to_dict()) == taxonomy
        True
        """
        try:
            facets = {name: _facet(name, facet) for name, facet in raw["facet"].items()}
            return cls(facets, dict(raw["kelompok"]))
        except (KeyError, TypeError, ValueError, AttributeError):
            raise TaxonomyError(
                "The model's own label file cannot be used. Give one with --taxonomy."
            ) from None

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries and lists, ready for JSON."""
        facets = {
            name: {
                "nama": facet.nama,
                "pilihan": "banyak" if facet.banyak else "satu",
                "artikel": facet.artikel,
                "label": {slug: asdict(label) for slug, label in facet.labels.items()},
            }
            for name, facet in self.facets.items()
        }
        return {"kelompok": dict(self.kelompok), "facet": facets}


def check_facet_name(name: str, key: str) -> None:
    """Raise TaxonomyError if a facet's name cannot be part of the names of tag columns.

    Parameters
    ----------
    name
        The name.
    key
        Where it stands, for the message.
    """
    if not _SLUG.fullmatch(name):
        raise TaxonomyError("{key}: names are lower-case letters, digits and _.", key=key)
    if name in _RESERVED or name.endswith("_lain"):
        raise TaxonomyError(
            "{key}: tag_{name} is a column of the output; take another name.", key=key, name=name
        )


def _facet(name: str, raw: Mapping[str, Any]) -> Facet:
    labels = {
        slug: Label(**label | {key: tuple(label[key]) for key in _LISTS})
        for slug, label in raw["label"].items()
    }
    return Facet(name, raw["nama"], raw["pilihan"] == "banyak", labels, raw["artikel"])


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise TaxonomyError("{path}: no such taxonomy file.", path=path) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TaxonomyError(
            "{path}: not valid TOML in UTF-8 ({reason}). Correct that place.",
            path=path,
            reason=error,
        ) from None
    except OSError as error:
        raise TaxonomyError(
            "{path}: cannot be read ({reason}).", path=path, reason=error.strerror
        ) from None


class _Reader:
    """Checks one file key by key, so that each refusal names file and key."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def refuse(self, key: str, reason: str) -> TaxonomyError:
        return TaxonomyError(
            "{path}: key {key}: {problem}", path=self.path, key=key, problem=reason
        )

    def taxonomy(self, raw: Mapping[str, Any]) -> Taxonomy:
        self.only(raw, "", {"kelompok", "facet"})
        groups = self.table(raw, "kelompok")
        for name in groups:
            self.text(groups, name, "kelompok")
        facets = self.table(raw, "facet")
        return Taxonomy({name: self.facet(name, facets, groups) for name in facets}, dict(groups))

    def facet(self, name: str, facets: Mapping[str, Any], groups: Mapping[str, Any]) -> Facet:
        key = f"facet.{name}"
        check_facet_name(name, _("{path}: key {key}", path=self.path, key=key))
        raw = self.table(facets, name, "facet")
        self.only(raw, key, {"nama", "pilihan", "artikel", "label"})
        if raw.get("pilihan") not in ("satu", "banyak"):
            raise self.refuse(f"{key}.pilihan", _('must be "satu" or "banyak".'))
        labels = self.table(raw, "label", key)
        if len(labels) < 2:
            raise self.refuse(f"{key}.label", _("a facet needs at least two labels."))
        return Facet(
            name,
            self.text(raw, "nama", key),
            raw["pilihan"] == "banyak",
            {slug: self.label(slug, labels, f"{key}.label", groups) for slug in labels},
            self.text(raw, "artikel", key) if "artikel" in raw else "",
        )

    def label(
        self, slug: str, labels: Mapping[str, Any], parent: str, groups: Mapping[str, Any]
    ) -> Label:
        key = f"{parent}.{slug}"
        self.slug(slug, key)
        raw = self.table(labels, slug, parent)
        self.only(raw, key, {*_LABEL_TEXTS, *_LISTS, "artikel", "porsi"})
        texts = {name: self.text(raw, name, key) for name in _LABEL_TEXTS}
        lists = {name: self.texts(raw, name, key) for name in _LISTS}
        for code in lists["kode"]:
            if not _CODE.fullmatch(code):
                raise self.refuse(f"{key}.kode", _('{code!r} is no code like "1.03".', code=code))
        if texts["kelompok"] not in groups:
            allowed = ", ".join(groups)
            raise self.refuse(
                f"{key}.kelompok", _("unknown group; allowed: {allowed}.", allowed=allowed)
            )
        article = self.text(raw, "artikel", key) if "artikel" in raw else ""
        return Label(
            slug=slug,
            nama=texts["nama"],
            definisi=texts["definisi"],
            termasuk=lists["termasuk"],
            tidak_termasuk=lists["tidak_termasuk"],
            kode=lists["kode"],
            opd=lists["opd"],
            kelompok=texts["kelompok"],
            artikel=article,
            porsi=self.share(raw, key),
        )

    def slug(self, name: str, key: str) -> None:
        if not _SLUG.fullmatch(name):
            raise self.refuse(key, _("names are lower-case letters, digits and _."))

    def only(self, raw: Mapping[str, Any], key: str, allowed: set[str]) -> None:
        for name in raw:
            if name not in allowed:
                known = ", ".join(sorted(allowed))
                reason = _("unknown key; allowed: {allowed}.", allowed=known)
                raise self.refuse(f"{key}.{name}".lstrip("."), reason)

    def table(self, raw: Mapping[str, Any], name: str, parent: str = "") -> dict[str, Any]:
        value = raw.get(name)
        if not isinstance(value, dict) or not value:
            raise self.refuse(f"{parent}.{name}".lstrip("."), _("must be a table with entries."))
        return value

    def text(self, raw: Mapping[str, Any], name: str, parent: str) -> str:
        value = raw.get(name)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(f"{parent}.{name}", _("must be text between quotation marks."))
        return value

    def share(self, raw: Mapping[str, Any], parent: str) -> float | None:
        value = raw.get("porsi")
        if value is not None and not (isinstance(value, int | float) and 0 < value <= 1):
            raise self.refuse(f"{parent}.porsi", _("must be a number above 0, at most 1."))
        return value

    def texts(self, raw: Mapping[str, Any], name: str, parent: str) -> tuple[str, ...]:
        value = raw.get(name)
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            reason = (
                _('must be a list of texts (codes too: "2.10", not 2.10).')
                if name == "kode"
                else _("must be a list of texts.")
            )
            raise self.refuse(f"{parent}.{name}", reason)
        return tuple(value)
