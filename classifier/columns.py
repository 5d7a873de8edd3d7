"""Which columns of an export hold the proposal: by their names, and by what is in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from classifier.arrays import text
from classifier.errors import InputError
from classifier.tables import Source, column_number

__all__ = ["TEXT_NAMES", "text_columns"]

TEXT_NAMES: Mapping[str, tuple[str, ...]] = {
    "usulan": (
        "usulan", "nama usulan", "kamus usulan", "nama kamus", "giat teks", "judul usulan",
        "judul", "usulan kegiatan", "gagasan", "detail gagasan", "nama kegiatan",
        "uraian kegiatan", "uraian pekerjaan", "pekerjaan", "kegiatan", "jenis kegiatan",
        "program kegiatan", "sasaran",
    ),
    "masalah": (
        "masalah", "permasalahan", "uraian permasalahan", "uraian permasalahan dan usulan",
        "detail masalah", "alasan usulan", "latar belakang", "latbel teks",
        "kondisi saat ini", "deskripsi", "keterangan usulan", "urgensi", "uraian",
    ),
}  # fmt: skip
"""Role -> names such columns go by in SIPD exports and e-Musrenbang tools, best first."""

_SAMPLE = 200
_LETTERS = r"\p{L}{3}"
_SHARE = 0.3


def text_columns(source: Source, named: Sequence[str] = ()) -> list[int]:
    """Numbers of the columns that hold the proposal.

    Parameters
    ----------
    source
        The table.
    named
        Columns that the user named; then no others are taken.

    Raises
    ------
    InputError
        A named column is not there, or none can be found.
    """
    if named:
        return [column_number(source, name) for name in named]
    names = [_plain(name) for name in source.header]
    candidates = {
        role: [names.index(name) for name in wanted if name in names]
        for role, wanted in TEXT_NAMES.items()
    }
    wordy = _wordy(source, [number for numbers in candidates.values() for number in numbers])
    found = [
        next((number for number in numbers if number in wordy), None)
        for numbers in candidates.values()
    ]
    chosen = [number for number in found if number is not None]
    if not chosen:
        there = ", ".join(repr(name) for name in source.header)
        raise InputError(
            f"{source.path}: no column of proposals was found. Name it with --text COLUMN. "
            f"Its columns: {there}."
        )
    return chosen


def _wordy(source: Source, numbers: Sequence[int]) -> set[int]:
    """Columns that hold words: ``usulan`` may also be the name of a column of rupiah."""
    if not numbers:
        return set()
    first = next(iter(source.chunks(numbers)), None)
    if first is None:
        return set(numbers)
    return {number for number in numbers if _has_words(first.cells[str(number)][:_SAMPLE])}


def _has_words(cells: pa.ChunkedArray) -> bool:
    filled = pc.sum(pc.not_equal(pc.utf8_trim_whitespace(cells), text(""))).as_py() or 0
    worded = pc.sum(pc.match_substring_regex(cells, _LETTERS)).as_py() or 0
    return filled == 0 or worded / filled >= _SHARE


def _plain(name: str) -> str:
    """A column name without case, punctuation and doubled blanks."""
    return " ".join(re.findall(r"\w+", name.replace("_", " ").casefold()))
