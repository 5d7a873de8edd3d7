"""Tags for frames of pandas: what Spark, Dask and notebooks hand over instead of files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import pyarrow as pa

from classifier.chunks import noted
from classifier.errors import InputError
from classifier.formats.celltext import NUMBERS
from classifier.formats.parquetfile import as_text, notes_of, typed
from classifier.language import _
from classifier.tags import DUPLICATE, Tagger, tag_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["tag_fields", "tag_frames"]


def tag_frames(
    frames: Iterable[pd.DataFrame], tagger: Tagger, text: Sequence[str]
) -> Iterator[pd.DataFrame]:
    """The same frames with tag columns behind their own, as ``usulan tag`` gives them for Parquet.

    But for ``tag_duplikat``: duplicates are searched among all rows of an export.

    A frame is tagged when the next one is asked for; memory is that of one frame. With its
    last arguments bound it is what ``mapInPandas`` of a Spark frame takes.

    Parameters
    ----------
    frames
        Frames of n_rows each; columns named as tag columns are replaced.
    tagger
        A model with what is asked of it; it can be pickled.
    text
        Names of the text columns.

    Yields
    ------
    pandas.DataFrame
        n_rows rows with the frame's index: confidence as float64, all other tags as text,
        missing where there is none.

    Raises
    ------
    InputError
        A frame lacks a text column, or has one that is no table column, as of mixed types.

    Examples
    --------
    >>> import pandas as pd
    >>> from classifier import load_model
    >>> frame = pd.DataFrame({"usulan": ["Bantuan bibit lele", "Drainase mampet"]})
    >>> (tagged,) = tag_frames([frame], Tagger(load_model()), ["usulan"])
    >>> tagged["tag_prioritas"].tolist()
    ['ketahanan_pangan', 'banjir']
    """
    fields = tag_fields(tagger)
    for frame in frames:
        own = frame.drop(columns=tag_columns(tagger.model), errors="ignore")
        tags = _tags(_rows(frame), tagger, text)
        columns = [typed(tags[field.name], field).to_pandas() for field in fields]
        named = zip(fields.names, columns, strict=True)
        yield own.assign(**{name: column.set_axis(own.index) for name, column in named})


def tag_fields(tagger: Tagger) -> pa.Schema:
    """Names and types of the tag columns that a frame gets.

    Examples
    --------
    >>> from classifier import load_model
    >>> tag_fields(Tagger(load_model())).field("tag_keyakinan").type
    DataType(double)
    """
    kinds = {name: pa.string() for name in tag_columns(tagger.model) if name != DUPLICATE}
    return pa.schema(kinds | {name: pa.float64() for name in kinds if name in NUMBERS})


def _rows(frame: pd.DataFrame) -> pa.RecordBatch:
    try:
        return pa.RecordBatch.from_pandas(frame, preserve_index=False)
    except (pa.ArrowException, TypeError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError("A frame cannot be read as a table ({reason}).", reason=reason) from None


def _tags(rows: pa.RecordBatch, tagger: Tagger, text: Sequence[str]) -> pa.Table:
    missing = [name for name in text if name not in rows.schema.names]
    if missing or not text:
        columns = ", ".join(map(repr, rows.schema.names))
        wanted = repr(missing[0]) if missing else _("named as text")
        raise InputError(
            "A frame has no column {wanted}. Its columns: {columns}.",
            wanted=wanted,
            columns=columns,
        )
    tagged = tagger.tag([as_text(rows.column(name)) for name in text])
    return noted(tagged.table, notes_of(rows))
