"""Names of OPD and bidang urusan as people write them, brought to those of the taxonomy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from classifier.report.lists import read_list

__all__ = ["KECAMATAN", "Offices", "Urusan"]

KECAMATAN = "Kecamatan"
"""The OPD of dana kelurahan, which pays for works of any priority."""

_KECAMATAN = re.compile(r"(kecamatan|kec|kelurahan|kel|camat|lurah)\b", re.IGNORECASE)
_BEHIND = re.compile(r"[\s,]*\b(kota|kabupaten|kab)\b.*$|\s*[([](kota|kab).*$", re.IGNORECASE)
_CODE = re.compile(r"(?<![\d.,])([1-9X])[.,](\d\d|XX)(?!\d)")
_URUSAN = re.compile(
    r"^(?:(?:urusan|pemerintahan|wajib|pilihan|bidang|unsur|pendukung|penunjang|yang|tidak|"
    r"berkaitan|dengan|pelayanan|dasar)\s+)+"
)


class Offices:
    """OPD by any of their names.

    Examples
    --------
    >>> offices = Offices.load()
    >>> offices.find("Dinas Pekerjaan Umum Kota Serang"), offices.find("Kec. Curug")
    ('DPUPR', 'Kecamatan')
    >>> offices.find("Dinas Anu")
    ''
    """

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self._names: dict[str, str] = {}
        for name, others in rows:
            for spelling in (name, *others.split(";")):
                self._names.setdefault(_key(spelling), name)
        self._names.pop("", None)

    @classmethod
    def load(cls, path: str | Path | None = None, known: Iterable[str] = ()) -> Offices:
        """Read a list with columns ``opd`` and ``nama_lain`` (joined by ``;``).

        Parameters
        ----------
        path
            The list; the shipped one by default.
        known
            Further names: those of the taxonomy.

        Raises
        ------
        InputError
            The list cannot be read, lacks a column, or holds no rows.
        """
        rows = read_list(path, "opd.csv", ["opd", "nama_lain"])
        return cls([*rows, *((name, "") for name in known)])

    def find(self, cell: str) -> str:
        """The OPD that a cell names; empty if none or an unknown one."""
        name = self._names.get(_key(cell))
        if name is None and _KECAMATAN.match(cell.strip()):
            return KECAMATAN
        return name or ""


class Urusan:
    """Bidang urusan by code or name.

    Examples
    --------
    >>> urusan = Urusan.load()
    >>> urusan.find("URUSAN PEMERINTAHAN BIDANG  PEKERJAAN UMUM DAN PENATAAN RUANG")
    '1.03'
    >>> urusan.find("2.10 - Pertanahan"), urusan.find("2.1")
    ('2.10', '')
    """

    def __init__(self, rows: Iterable[tuple[str, ...]]) -> None:
        self.names = {code: name for code, name, *_ in rows}
        self._codes = {_letters(name): code for code, name in self.names.items()}

    @classmethod
    def load(cls, path: str | Path | None = None) -> Urusan:
        """Read a list with columns ``kode`` and ``nama``; Permendagri 90/2019 by default."""
        return cls(read_list(path, "urusan.csv", ["kode", "nama"]))

    def find(self, cell: str) -> str:
        """The code that a cell holds or whose name it is; empty if none. No code is repaired."""
        codes = {f"{one}.{two}" for one, two in _CODE.findall(cell)}
        if codes:
            return codes.pop() if len(codes) == 1 else ""
        name = _URUSAN.sub("", " ".join(cell.split()).casefold())
        return self._codes.get(_letters(name), "")


def _key(name: str) -> str:
    return _letters(_BEHIND.sub("", name))


def _letters(name: str) -> str:
    words = re.findall(r"[^\W_]+", name.casefold())
    return "".join(word for word in words if word != "dan")
