"""What a review sheet consists of: its columns, the tool's labels in a cell, the key of a row.

A row's key says which labels and which model its sheet was made with, and holds a digest of
the texts and labels that stand in the row. So no row is ever labelled by another's correction,
however the sheet was sorted, cut, copied or saved.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from classifier.labelled import TEXT_COLUMNS
from classifier.model import Model
from classifier.store import fingerprint
from classifier.taxonomy import Facet

__all__ = [
    "ALASAN",
    "ALAT",
    "CATATAN",
    "ID",
    "KOREKSI",
    "KUNCI",
    "LOKASI",
    "NOMOR",
    "NONE",
    "PILIHAN",
    "SERUPA",
    "SETUJU",
    "YES",
    "Form",
    "Key",
    "labels_cell",
    "labels_of_cell",
    "sheet_text",
]

NOMOR, ID, LOKASI, SERUPA, PILIHAN, ALASAN = "nomor", "id", "lokasi", "serupa", "pilihan", "alasan"
ALAT, SETUJU, CATATAN, KUNCI = "label_alat", "setuju", "catatan", "kunci"
KOREKSI = ("koreksi", "koreksi_2", "koreksi_3")

YES = "ya"
NONE = "(tidak ada)"
"""What a person picks to say that no label of a facet with several applies."""

_LONGEST = 32_000
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_KEY = re.compile(r"k([0-9a-f]{4})-([0-9a-f]{8})-([0-9a-f]{10})")


@dataclass(frozen=True)
class Key:
    """What a row's ``kunci`` says: digests of the label list, the model and the row."""

    labels: str
    model: str
    row: str

    @classmethod
    def read(cls, cell: str) -> Key | None:
        """The key in a cell, None if there is none.

        Examples
        --------
        >>> Key.read("k0f1e-89abcdef-0123456789").model
        '89abcdef'
        >>> Key.read("12345")
        """
        match = _KEY.fullmatch(cell.strip().lower())
        return cls(*match.groups()) if match else None

    def __str__(self) -> str:
        return f"k{self.labels}-{self.model}-{self.row}"


@dataclass(frozen=True)
class Form:
    """The facets and labels that a sheet asks for, the main one first, by the model behind it.

    Examples
    --------
    >>> from classifier import load_model
    >>> form = Form.of(load_model())
    >>> list(form.facets), form.corrections["jenis"]
    (['prioritas', 'jenis', 'spm', 'tematik'], ('koreksi_jenis',))
    """

    facets: Mapping[str, Facet]
    model: str

    @classmethod
    def of(cls, model: Model) -> Form:
        """The form of a model's labels.

        Raises
        ------
        ModelError
            The model's record does not describe its labels.
        """
        known = model.taxonomy.facets
        facets = {head.facet: known[head.facet] for head in model.heads}
        return cls(facets, fingerprint(model)[:8])

    @property
    def main(self) -> str:
        """The main facet."""
        return next(iter(self.facets))

    @property
    def corrections(self) -> dict[str, tuple[str, ...]]:
        """Facet -> the columns that a person fills in to correct it."""
        others = {facet: (f"{KOREKSI[0]}_{facet}",) for facet in self.facets}
        return others | {self.main: KOREKSI}

    @property
    def asked(self) -> tuple[str, ...]:
        """All columns in which a person may say what is right."""
        return (SETUJU, *(name for columns in self.corrections.values() for name in columns))

    @property
    def labels(self) -> str:
        """Digest of the label list: names of facets and labels, whatever their order."""
        names = [f"{name}={','.join(sorted(f.labels))}" for name, f in sorted(self.facets.items())]
        return hashlib.sha256("\n".join(names).encode()).hexdigest()[:4]

    def key(self, cells: Sequence[str]) -> Key:
        """The key of a row with these texts and labels."""
        digest = hashlib.sha256("\x1f".join(map(_plain, cells)).encode()).hexdigest()
        return Key(self.labels, self.model, digest[:10])

    def guarded(self) -> tuple[str, ...]:
        """The columns whose cells a row's key is a digest of."""
        return (*TEXT_COLUMNS, ALAT)


def sheet_text(text: str) -> str:
    """A text as it can stand in a cell of a workbook: no control characters, not endless.

    Examples
    --------
    >>> sheet_text("got\\x0b mampet\\r\\nlagi ")
    'got mampet\\nlagi'
    """
    return _NO_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()[:_LONGEST]


def labels_cell(labels: Mapping[str, str]) -> str:
    """Labels of each facet that has any, a line each.

    Examples
    --------
    >>> labels_cell({"prioritas": "jalan;banjir", "jenis": "fisik", "tematik": ""})
    'prioritas: jalan; banjir\\njenis: fisik'
    """
    return "\n".join(f"{f}: {cell.replace(';', '; ')}" for f, cell in labels.items() if cell)


def labels_of_cell(
    cell: str, facets: Mapping[str, Collection[str]]
) -> dict[str, tuple[str, ...]] | None:
    """Facet -> labels, from what :func:`labels_cell` made of these facets and labels.

    Line ends may have become blanks, and labels may hold blanks; None if there is anything else.

    Examples
    --------
    >>> facets = {"prioritas": ["air", "air bersih"], "jenis": ["fisik"]}
    >>> labels_of_cell("prioritas: air bersih; air jenis: fisik", facets)
    {'prioritas': ('air bersih', 'air'), 'jenis': ('fisik',)}
    >>> labels_of_cell("prioritas: udara", facets)
    """
    known = {name: {_plain(label): label for label in facets[name]} for name in facets}
    one_of = [(name, "|".join(map(re.escape, labels))) for name, labels in known.items()]
    pattern = "".join(rf"(?: ?{name}: ((?:{some})(?:; (?:{some}))*))?" for name, some in one_of)
    match = re.fullmatch(pattern, _plain(cell))
    if match is None:
        return None
    cells = zip(known.items(), match.groups(), strict=True)
    return {name: tuple(of[label] for label in c.split("; ")) for (name, of), c in cells if c}


def _plain(cell: str) -> str:
    return " ".join(unicodedata.normalize("NFC", cell).split())
