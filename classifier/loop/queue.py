"""Which rows of a tagged table are worth a human's minute, and in what order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from classifier.arrays import index_in, strings, text, values
from classifier.learning.folds import group_rows
from classifier.lexicon import Lexicon
from classifier.loop.novelty import NewWords
from classifier.status import AUTOMATIC, BLANK
from classifier.text import tokenize

__all__ = ["margins", "review_order", "same_request"]

WORTH = {
    "dua kemungkinan": 1.0,
    "keyakinan rendah": 1.0,
    "di luar daftar prioritas": 0.9,
    "kata tidak dikenal": 0.8,
    "kamus dan masalah berbeda": 0.7,
    "beberapa pekerjaan": 0.6,
    "tidak jelas apa yang diminta": 0.4,
    "hanya nama tempat atau angka": 0.0,
    "tidak ada teks": 0.0,
}
"""What a label is worth to learn from, by the reason of doubt: most where the words are known
and the model wavers, little where hardly anything is said, nothing where nothing is."""

OTHERWISE = 0.5
"""The same for every other reason, such as ``keyakinan cukup`` or a rule's."""

DOUBTFUL_EACH, FEWEST_SURE = 9, 10
"""After so many doubtful rows comes one that the model is sure of: else nobody sees its sure
errors. More are not worth a minute, but so many there are in any case."""

SPREAD, RARE = 0.5, 0.25
"""How fast a label's further rows lose worth, and how much its examples take from them all."""


def review_order(
    tags: pa.Table,
    groups: NDArray[np.integer],
    examples: Mapping[str, int] | None = None,
    words: NewWords | None = None,
    most: int = 200,
) -> NDArray[np.int64]:
    """Rows worth a human's minute, the best first; of rows that ask alike, one.

    A row is worth the more, the smaller the margin between its first and its second label is
    and the more its reason of doubt promises (:data:`WORTH`). By this alone many rows would
    be of the same two or three labels; so each further row of a label counts less, and labels
    with few examples come early. Among the first ``most`` rows those are worth more, too, whose
    words many rows hold and the model hardly knows. Every tenth row is an automatic one; the
    other automatic rows are left out, and so are rows without words.

    Parameters
    ----------
    tags
        The tag columns of n_rows rows, see :func:`~classifier.tags.tag_columns`; the first is
        the main label.
    groups
        Rows that ask alike have the same number, shape (n_rows,); see :func:`same_request`.
    examples
        Label -> rows that it was learnt from, 0 where it is not there.
    words
        The words of the rows; they do not count if left out.
    most
        Rows that a person will look at.

    Returns
    -------
    Row numbers, int64; for equal input always the same.

    Examples
    --------
    >>> tags = pa.table({
    ...     "tag_prioritas": ["jalan", "jalan", "pju"],
    ...     "tag_pilihan": ["jalan 0.97; pju 0.02", "jalan 0.50; pju 0.45", "pju 0.60; jalan 0.30"],
    ...     "tag_status": ["otomatis", "tinjau", "tinjau"],
    ...     "tag_alasan": ["keyakinan cukup", "dua kemungkinan: jalan / pju", "keyakinan rendah"],
    ... })
    >>> review_order(tags, np.arange(3)).tolist()
    [1, 2, 0]
    """
    worth = _worth(tags)
    rows = _one_each(worth, groups)
    labels = _column(tags, tags.column_names[0]).dictionary_encode()
    codes = values(labels.indices)[rows]
    known = np.array([(examples or {}).get(label, 0) for label in labels.dictionary.to_pylist()])
    value = worth[rows] / (1 + known[codes]) ** RARE
    automatic = values(pc.equal(_column(tags, "tag_status"), text(AUTOMATIC)))[rows]
    order = np.lexsort([rows, -value / (1 + _turns(codes)) ** SPREAD])
    doubtful, sure = order[~automatic[order]], order[automatic[order]]
    if words is not None and len(doubtful):
        best = words.take(rows[doubtful]).greedy(value[doubtful], codes[doubtful], most, SPREAD)
        doubtful = doubtful[np.append(best, np.setdiff1d(np.arange(len(doubtful)), best))]
    return _mixed(rows[doubtful], rows[sure])


def margins(choices: pa.Array | pa.ChunkedArray) -> NDArray[np.float64]:
    """First probability less the second, by cells of ``tag_pilihan``; 1 where there is none.

    Examples
    --------
    >>> margins(pa.array(["jalan 0.81; banjir 0.12; pju 0.02", "jalan 0.70", ""])).tolist()
    [0.69, 0.7, 1.0]
    """
    pattern = r"^[^;]+ (?P<first>[0-9.]+)(?:; [^;]+ (?P<second>[0-9.]+))?(?:;|$)"
    found = pc.extract_regex(_cells(choices), pattern)
    first, second = (_chances(pc.struct_field(found, name)) for name in ("first", "second"))
    apart = np.round(np.where(np.isnan(first), 1.0, first - np.nan_to_num(second)), 2)
    return apart.astype(np.float64, copy=False)


def same_request(
    columns: Sequence[pa.ChunkedArray], lexicon: Lexicon, found: pa.ChunkedArray | None = None
) -> NDArray[np.int64]:
    """Group number of each row, int64, shape (n_rows,): rows that ask alike share one.

    Rows do that if they hold the same words, places and numbers aside, or if they have the
    same cell, not a blank one, in ``found`` (``tag_duplikat``). Rows without words do not.

    Examples
    --------
    >>> texts = pa.chunked_array([["Jln rusak RT 01", "jalan RUSAK RT 7", "Got mampet", "pju"]])
    >>> same_request([texts], Lexicon.load()).tolist()
    [0, 0, 1, 2]
    >>> same_request([texts], Lexicon.load(), pa.chunked_array([["", "7", "7", ""]])).tolist()
    [0, 0, 0, 1]
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    if not len(columns[0]):
        return np.zeros(0, np.int64)
    words, rows = _same_words(columns, lexicon), np.arange(len(columns[0]))
    if found is None:
        return words
    cells = pc.utf8_trim_whitespace(_cells(found))
    filled = values(pc.not_equal(cells, text("")))
    ids = values(cells.dictionary_encode().indices)
    alike = np.where(filled, ids, len(rows) + rows)
    ends = np.concatenate([_first_alike(words), _first_alike(alike)])
    ties = coo_array((np.ones(len(ends)), (np.tile(rows, 2), ends)), shape=(len(rows),) * 2)
    requests: NDArray[np.int64] = connected_components(ties, directed=False)[1].astype(np.int64)
    return requests


def _worth(tags: pa.Table) -> NDArray[np.float64]:
    """What a label of each row is worth, 0 for none, shape (n_rows,)."""
    reasons = pc.list_element(pc.split_pattern(_column(tags, "tag_alasan"), ":", max_splits=1), 0)
    reasons = pc.list_element(pc.split_pattern(reasons, " | ", max_splits=1), 0)
    place = index_in(reasons, strings(list(WORTH)))
    promise = np.array([*WORTH.values(), OTHERWISE])[place]
    blank = values(pc.equal(_column(tags, "tag_status"), BLANK))
    promise[blank] = 0  # whatever the note says: a sum, the name of a group
    return np.where(promise > 0, promise + 1 - margins(tags["tag_pilihan"]), 0)


def _one_each(worth: NDArray[np.float64], groups: NDArray[np.integer]) -> NDArray[np.int64]:
    """Of each group the row that is worth most, if that is anything; best first."""
    order = np.lexsort([np.arange(len(worth)), -worth])
    _, first = np.unique(groups[order], return_index=True)
    rows: NDArray[np.int64] = order[np.sort(first)]
    return rows[worth[rows] > 0]


def _same_words(columns: Sequence[pa.ChunkedArray], lexicon: Lexicon) -> NDArray[np.int64]:
    """Group number of each row; a row of which only places and numbers are left has its own."""
    wordless = pa.chunked_array([strings([""])])
    *words, none = group_rows(
        tokenize([pa.chunked_array([*c.chunks, *wordless.chunks]) for c in columns], lexicon)
    )
    groups = np.array(words, np.int64)
    alone = groups == none
    groups[alone] = groups.max() + 1 + np.arange(alone.sum())
    return groups


def _first_alike(groups: NDArray[np.integer]) -> NDArray[np.int64]:
    """For each row the first row of the same number."""
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    alike: NDArray[np.int64] = first[inverse]
    return alike


def _turns(labels: NDArray[np.integer]) -> NDArray[np.int64]:
    """How many earlier rows have the same label, for each row."""
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    turns = np.empty(len(order), np.int64)
    turns[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    return turns


def _mixed(doubtful: NDArray[np.int64], sure: NDArray[np.int64]) -> NDArray[np.int64]:
    """All doubtful rows and some sure ones in their order, every tenth a sure one."""
    sure = sure[: max(FEWEST_SURE, -(-len(doubtful) // DOUBTFUL_EACH))]
    places = [np.arange(1, len(sure) + 1), np.arange(len(doubtful)) / DOUBTFUL_EACH]
    both = np.concatenate([sure, doubtful])
    mixed: NDArray[np.int64] = both[np.lexsort([np.arange(len(both)), np.concatenate(places)])]
    return mixed


def _cells(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    return pc.fill_null(whole, "")


def _column(tags: pa.Table, name: str) -> pa.Array:
    return _cells(tags[name])


def _chances(texts: pa.Array) -> NDArray[np.float64]:
    """Numbers in texts, NaN where there are none."""
    numbered = pc.if_else(pc.equal(pc.fill_null(texts, ""), ""), None, texts).cast(pa.float64())
    return values(pc.fill_null(numbered, float("nan")))
