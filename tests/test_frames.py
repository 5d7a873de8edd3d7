"""Tags for frames of pandas, as Spark and Dask hand them over."""

from __future__ import annotations

import os
import pickle
import sys
from functools import partial
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.errors import InputError
from classifier.frames import tag_fields, tag_frames
from classifier.model import Model
from classifier.tagging import tag_file
from classifier.tags import DUPLICATE, Tagger

TEXTS = ["paving gang", "kader posyandu", "tes", "", None, "RT 01", "JUMLAH", "xqz"]
TWO = ["Usulan", "Masalah"]
ROWS = st.lists(st.tuples(st.sampled_from(TEXTS), st.sampled_from(TEXTS)), max_size=12)


def frame_of(rows: list[tuple[str | None, str | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=TWO, dtype=object)
    return frame.set_index(pd.Index(range(100, 100 + len(rows)), name="nomor"))


@settings(max_examples=25)
@given(ROWS, st.integers(0, 12))
def test_frames_get_the_tags_of_the_file_however_they_are_cut(
    model: Model, tmp_path_factory: pytest.TempPathFactory, rows: list, cut: int
) -> None:
    folder, tagger, frame = tmp_path_factory.mktemp("frames"), Tagger(model), frame_of(rows)
    table = pa.table({name: pa.array(frame[name], pa.string()) for name in TWO})
    pq.write_table(table, folder / "a.parquet")
    written = pq.read_table(tag_file(folder / "a.parquet", tagger, text=TWO).output)
    expected = written.drop_columns(DUPLICATE)
    parts = list(tag_frames([frame.iloc[:cut], frame.iloc[cut:]], tagger, TWO))
    assert len(parts) == 2
    found = pd.concat(parts)
    assert found.index.equals(frame.index)
    assert list(found.columns) == expected.column_names
    for name in expected.column_names:
        values = [None if pd.isna(value) else value for value in found[name]]
        assert values == expected[name].to_pylist()


def test_old_tag_columns_are_replaced_and_the_frame_is_not_changed(model: Model) -> None:
    frame = pd.DataFrame({"tag_alasan": ["lama"], "Usulan": ["paving gang"], 7: [1.5]})
    before = frame.copy()
    (tagged,) = tag_frames([frame], Tagger(model), ["Usulan"])
    assert list(tagged.columns) == ["Usulan", 7, *tag_fields(Tagger(model)).names]
    assert tagged["tag_alasan"].tolist() != ["lama"]
    pd.testing.assert_frame_equal(frame, before)


def test_a_tagger_that_was_sent_tags_alike(model: Model) -> None:
    frame, sent = frame_of([("paving gang", "becek")]), pickle.loads(pickle.dumps(Tagger(model)))
    (here,), (there,) = (list(tag_frames([frame], t, TWO)) for t in (Tagger(model), sent))
    pd.testing.assert_frame_equal(here, there)


@pytest.mark.parametrize(
    ("frame", "text", "message"),
    [
        ({"a": ["x"]}, ["Usulan"], "no column 'Usulan'. Its columns: 'a'."),
        ({"a": ["x"]}, [], "no column named as text. Its columns: 'a'."),
        ({"a": ["x", {1: 2}]}, ["a"], "A frame cannot be read as a table"),
    ],
)
def test_what_is_no_table_of_texts_is_refused(
    model: Model, frame: dict[str, list[object]], text: list[str], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        list(tag_frames([pd.DataFrame(frame)], Tagger(model), text))


def plain(rows: list[dict[str, object]]) -> list[list[object]]:
    """Rows in some order that is always the same, and missing values in one form."""
    return sorted(([None if pd.isna(v) else v for v in row.values()] for row in rows), key=str)


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
def test_spark_s_map_in_pandas_gives_the_same_tags(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(map(str, [Path(__file__).parents[1]])))
    rows = [("paving gang", "becek"), ("", ""), ("kader posyandu", "")] * 40
    builder = sql.SparkSession.builder.master("local[2]").appName("usulan")
    spark = builder.config("spark.ui.enabled", "false").getOrCreate()
    try:
        tagger = Tagger(model)
        given_frame = spark.createDataFrame(rows, "usulan string, masalah string").repartition(4)
        schema = sql.types.StructType(list(given_frame.schema))
        for field in tag_fields(tagger):
            schema = schema.add(field.name, str(field.type))
        work = partial(tag_frames, tagger=tagger, text=["usulan", "masalah"])
        tagged = [row.asDict() for row in given_frame.mapInPandas(work, schema).collect()]
    finally:
        spark.stop()
    frame = pd.DataFrame(rows, columns=["usulan", "masalah"])
    (expected,) = tag_frames([frame], tagger, ["usulan", "masalah"])
    assert plain(tagged) == plain(expected.to_dict("records"))
