"""Any bytes as a CSV file: refused in a sentence, or tagged with every cell as it was.

Run as a script for a long run: ``python tests/fuzz_csv.py 200000``.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
import tempfile
from collections import Counter
from pathlib import Path
from unittest import mock

import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seeds_csv import SEEDS

from classifier.errors import UsulanError
from classifier.formats import csvfile
from classifier.formats.csvfile import CsvSource
from classifier.formats.job import Options

TAGS = ["tag_a", "tag_b"]

PIECES = st.sampled_from(
    [
        *(b",", b";", b"\t", b"|", b'"', b'""', b"\n", b"\r\n", b"\r", b"\0", b" ", b"a", b"1"),
        *(b"Usulan", b"Masalah", b"No", b"JUMLAH", b"Kelurahan X", b"paving", b"tag_a", b"tag_b"),
        *(b"=1", b"-", b"-5", b"+62 8", b"@x", b"- rusak", "é".encode(), "é".encode("cp1252")),
        *(b"\x93x\x94", b"\x81", b"\xff", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xc3"),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map(b"".join)
CELLS = st.lists(PIECES, max_size=3).map(b"".join)
LINES = st.tuples(st.sampled_from([b",", b";"]), st.lists(CELLS, min_size=2, max_size=4)).map(
    lambda pair: pair[0].join(pair[1])
)
TABLES = st.lists(LINES, max_size=8).map(b"\n".join)
WIDE = TABLES.map(lambda text: text.decode("latin-1").encode("utf-16"))
CONTENTS = st.one_of(TEXTS, TABLES, WIDE, TEXTS.map(gzip.compress), st.binary(max_size=60))


BLOCKS = st.sampled_from([5, 64, csvfile.BLOCK])


def check(content: bytes, block: int = csvfile.BLOCK, *, keep_bad: bool = False) -> bool:
    """Tag such a file by its row numbers, read in small blocks; all else must come back.

    Gives whether it was a table.
    """
    with tempfile.TemporaryDirectory() as folder, mock.patch.object(csvfile, "BLOCK", block):
        path, out = Path(folder, "in.csv"), Path(folder, "out.csv")
        path.write_bytes(content)
        try:
            source = CsvSource(path, keep_bad=keep_bad)
            rows = copy(source, out)
        except UsulanError as error:
            message = str(error)
            assert message.startswith(str(path)), message
            assert message.endswith((".", "]")), message
            assert [file.name for file in Path(folder).iterdir()] == ["in.csv"]
            return False
        assert rows == compare(source, path, out)
        return True


def copy(source: CsvSource, out: Path) -> int:
    """Write the table with its row numbers as tags; give the number of rows."""
    rows = 0
    options = Options(listed=source.keep_bad)
    with source.writer(out, TAGS, overwrite=False, options=options) as writer:
        for chunk in source.chunks(sorted({0, *writer.needs})):
            numbers = [f"#{rows + row}" for row in range(len(chunk.cells))]
            rows += len(numbers)
            tags = pa.array(numbers, pa.string())
            writer.write(chunk, pa.table([tags, tags], names=TAGS))
    return rows


def compare(source: CsvSource, path: Path, out: Path) -> int:
    """Assert that all cells are there, in order; give the number of rows."""
    before, after = parsed(source, path), parsed(source, out)
    head, width = len(source.dialect.head), len(source.header)
    kept = [number for number, name in enumerate(source.header) if name not in TAGS]
    kept = kept or list(range(width))
    assert len(before) == len(after)
    count = 0
    for number, (old, new) in enumerate(zip(before, after, strict=True)):
        whole = old + [""] * (width - len(old))
        own = [whole[k] for k in kept] + old[width:]
        if number == source.dialect.header:
            assert new == own + TAGS
        elif number < head:
            assert new == ([*own, "", ""] if len(old) == width else old)
        elif old:
            assert new == [*own, f"#{count}", f"#{count}"], (old, new)
            count += 1
        else:
            assert new == []
    return count


def parsed(source: CsvSource, path: Path) -> list[list[str]]:
    """All records of a file by Python's own reader, in the encoding found."""
    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    utf8 = b"".join(source.dialect.encoding.decode(iter([content])))
    stream = io.StringIO(utf8.decode("latin-1"), newline="")
    return list(csv.reader(stream, delimiter=source.dialect.delimiter))


def main(examples: int) -> None:
    """Fuzz for long."""
    taken: Counter[bool] = Counter()
    for content in SEEDS:
        for keep_bad in (False, True):
            check(content, keep_bad=keep_bad)

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(CONTENTS, BLOCKS, st.booleans())
    def run(content: bytes, block: int, keep_bad: bool) -> None:
        taken[check(content, block, keep_bad=keep_bad)] += 1

    run()
    print(f"{taken.total()} inputs, no fault: {taken[True]} tables, {taken[False]} refused.")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200_000)
