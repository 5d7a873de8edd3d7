"""Which rows of a CSV file are no proposals: names of kelurahan, sums, headers once more."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from classifier.arrays import numbers, slices, strings, values
from classifier.formats.layout import own_columns, row_notes
from classifier.formats.records import Records, cells_of

__all__ = ["find_notes", "noted"]

_PLACES = (
    "kelurahan|desa|kecamatan|kabupaten|kota|gampong|nagari|kalurahan|kapanewon|distrik"
    r"|kel\b|kec\b|ds\b"
)
_SHORT = 120
"""Bytes, at most, of a number and a place's name."""

_SUMS = r"(?:sub|grand)?[\s-]*(?:jumlah|total)"


def find_notes(records: Records, header: Sequence[str], delimiter: str) -> dict[int, str]:
    """Record number -> why the row is no proposal.

    Only rows that look like one are parsed and judged by :func:`row_notes`: those that are
    empty, begin with the name of the first column or a word for a sum, or hold little more
    than a place's name. A long row that begins with a digit is none of these.
    """
    edges = np.append(records.starts, len(records.content))
    begin = f'[\\s"{delimiter}]*'
    ordinal = rf"(?:(?:[ivxlc]+|[a-z]|\d+)[.)]?{begin}\s*)?"
    place = f'{ordinal}(?:{_PLACES})(?:[^{delimiter}]*|[^"]*"){begin}$'
    first = next((re.escape(name.strip()) for name in header if name.strip()), "$")
    own = own_columns(header)
    again = len(own) < len(header)  # tagged before: the old tags stand behind what is judged
    tagged = f'[^\\r\\n]*{delimiter}"?kosong"?{delimiter}' if again else "$"
    pattern = f'(?i)^{begin}(?:$|{first}\\s*["{delimiter}\\r\\n]|{_SUMS}|{place}|{tagged})'
    begins = np.frombuffer(records.content, np.uint8)[records.starts]
    numbered = (begins >= ord("0")) & (begins <= ord("9"))
    limit = _SHORT * (1 + again) + 3 * len(header)  # with quotes and delimiters
    short = records.ends - records.starts < limit
    rows = np.flatnonzero(records.filled & (short | ~numbered))
    texts = slices(records.content, edges).take(numbers(rows))
    rows = rows[values(pc.match_substring_regex(texts, pattern))].tolist()
    notes = {}
    for row in rows:
        cells = cells_of(records.record(row), delimiter)
        notes[row] = row_notes([cells[n] for n in own if n < len(cells)])
    return {row: note for row, note in notes.items() if note}


def noted(records: Records, notes: Mapping[int, str]) -> pa.Array | None:
    """The notes of all rows as text, null for proposals; None where there are only proposals."""
    if not notes:
        return None
    names = sorted(set(notes.values()))
    codes = np.full(len(records.ends), -1)
    codes[list(notes)] = [names.index(note) for note in notes.values()]
    codes = codes[records.filled]
    return strings(names).take(numbers(np.maximum(codes, 0), codes >= 0))
