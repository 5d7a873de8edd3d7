"""Tags for a whole frame of pandas, and a frame that shows them first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from classifier.chunks import tag_rows, texts_of
from classifier.display import counts_html, table_html
from classifier.formats.celltext import NUMBERS
from classifier.formats.columns import text_columns
from classifier.formats.pandasframe import FrameRows
from classifier.status import AUTOMATIC, BLANK, REVIEW
from classifier.tags import DUPLICATE, Tagger, tag_columns
from classifier.twins.grouping import MOST, group_cells, group_rows

__all__ = ["TaggedFrame", "tag_frame"]

SHOWN = 10
"""Rows shown of a frame."""

_STATUS = "tag_status"
_FIRST = ("keyakinan", "jenis", "status", "alasan")
"""Tags that are shown, beside that of the main facet."""


class TaggedFrame(pd.DataFrame):
    """A frame with tag columns. A notebook shows its text and its main tags, and counts.

    It is a :class:`pandas.DataFrame` in all else, and parts of it are such frames, too.
    """

    @property
    def _constructor(self) -> Callable[..., TaggedFrame]:
        return TaggedFrame

    def _repr_html_(self) -> str | None:  # type: ignore[override, unused-ignore]
        """The first rows as HTML in which no text of a cell does anything."""
        tags = [str(name) for name in self.columns if str(name).startswith("tag_")]
        if _STATUS not in tags or not self.columns.is_unique:
            return pd.DataFrame(self)._repr_html_()  # type: ignore[operator, no-any-return]
        first = [name for name in tags if name == tags[0] or name.removeprefix("tag_") in _FIRST]
        shown = [*self._texts(), *first]
        return counts_html(self._counts()) + table_html(self[shown].head(SHOWN), len(self))

    def _texts(self) -> list[str]:
        return [name for name in self.attrs.get("text", ()) if name in self.columns]

    def _counts(self) -> list[tuple[int, str]]:
        """Rows of each status, and those that have a twin."""
        counts = self[_STATUS].value_counts()
        found = [(int(counts.get(name, 0)), name) for name in (AUTOMATIC, REVIEW, BLANK)]
        twins = int(self[DUPLICATE].notna().sum()) if DUPLICATE in self.columns else 0
        return [(len(self), "usulan"), *found, *([(twins, "kembar")] if twins else [])]


def tag_frame(
    frame: pd.DataFrame,
    tagger: Tagger,
    text: Sequence[str] = (),
    *,
    duplicates: bool | None = None,
) -> TaggedFrame:
    """The same frame with tag columns behind its own, as ``usulan tag`` gives them for a file.

    Parameters
    ----------
    frame
        n_rows proposals; columns named as tag columns are replaced.
    tagger
        A model with what is asked of it.
    text
        Names of the text columns; those that :func:`~classifier.interactive.read_export` found, or
        else found by name and content, if left out.
    duplicates
        Whether to search for proposals of the same work; up to 50,000 rows if left out.

    Returns
    -------
    TaggedFrame
        n_rows rows with the frame's index: ``tag_keyakinan`` as float64, ``tag_duplikat`` as
        Int64, all other tags as text, missing where there is none.

    Raises
    ------
    InputError
        A named column is not there, or no column of proposals is found.

    Examples
    --------
    >>> from classifier import load_model
    >>> frame = pd.DataFrame({"Usulan": ["Bantuan bibit lele", "Drainase mampet"]})
    >>> tag_frame(frame, Tagger(load_model()))["tag_prioritas"].tolist()
    ['ketahanan_pangan', 'banjir']
    """
    tags = tag_columns(tagger.model)
    own = frame.drop(columns=[name for name in frame.columns if name in tags])
    source = FrameRows(own)
    known = [name for name in own.attrs.get("text", ()) if name in source.header]
    columns = text_columns(source, text or known)
    table = _tags(source, columns, tagger)
    search = len(own) <= MOST if duplicates is None else duplicates
    groups = group_rows(source, tagger.model, text or known) if search else None
    table = table.append_column(DUPLICATE, group_cells(groups, 0, len(own)))
    found = {name: _typed(name, table[name].to_pylist(), own.index) for name in tags}
    tagged = TaggedFrame(pd.concat([own, pd.DataFrame(found, index=own.index)], axis=1))
    tagged.attrs = {**own.attrs, "text": [source.header[number] for number in columns]}
    return tagged


def _tags(source: FrameRows, columns: Sequence[int], tagger: Tagger) -> pa.Table:
    """The tags that each row's own text decides."""
    parts = [
        tags
        for chunk in source.chunks(columns)
        for tags, _, _ in tag_rows(tagger, texts_of(chunk, columns), chunk.notes)
    ]
    return pa.concat_tables(parts) if parts else tagger.tag([pa.array([], pa.string())]).table


def _typed(name: str, cells: Sequence[str], index: pd.Index) -> pd.Series:
    """A tag column with the type that its values have."""
    filled = pd.Series([cell or None for cell in cells], index, dtype=object)
    if name == DUPLICATE:
        return filled.astype("Int64")
    return filled.astype(np.float64) if name in NUMBERS else filled.astype("str")
