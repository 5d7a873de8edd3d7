"""Finding records: the same ones as Python's csv module sees, block by block."""

from __future__ import annotations

import csv
import io

from hypothesis import example, given
from hypothesis import strategies as st

from classifier.formats.records import Records, cut

CELLS = st.text(st.sampled_from('ab,;"\n\r 1'), max_size=6)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=2), min_size=1, max_size=8)
RAW = st.text(st.sampled_from('a,"\n\r'), max_size=30)


def by_csv(text: str) -> list[list[str]]:
    return [row for row in csv.reader(io.StringIO(text, newline="")) if row]


def pieces(records: Records) -> list[bytes]:
    return [records.record(number) for number in range(len(records.ends))]


@given(TABLES, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_written_tables_are_cut_into_their_rows(
    table: list[list[str]], line_end: str, all_quoted: bool
) -> None:
    stream = io.StringIO(newline="")
    # Python before 3.13 leaves a lone CR bare, where any reader takes it for a line end.
    bare_cr = any("\r" in cell for row in table for cell in row)
    quoting = csv.QUOTE_ALL if all_quoted or bare_cr else csv.QUOTE_MINIMAL
    csv.writer(stream, lineterminator=line_end, quoting=quoting).writerows(table)
    records = pieces(cut(stream.getvalue().encode(), ",", last=True))
    assert [by_csv(record.decode())[0] for record in records] == table


@given(RAW)
@example('a,5" pipa\nb,6" pipa\n')
@example('"a\n"b,c\nd,e\n')
def test_any_text_is_cut_where_the_csv_module_cuts_it(text: str) -> None:
    records = cut(text.encode(), ",", last=True)
    assert b"".join(pieces(records)) == records.content == text.encode()
    rows = zip(pieces(records), records.filled, strict=True)
    ours = [by_csv(record.decode()) for record, is_row in rows if is_row]
    assert [row for rows in ours for row in rows] == by_csv(text)
    assert all(len(rows) <= 1 for rows in ours)


@given(TABLES, st.integers(1, 40))
def test_a_block_leaves_its_last_record_for_the_next(table: list[list[str]], size: int) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\r\n").writerows(table)
    whole = stream.getvalue().encode()
    found, rest = [], b""
    for start in range(0, len(whole), size):
        data = rest + whole[start : start + size]
        records = cut(data, ",", last=start + size >= len(whole))
        found += pieces(records)
        rest = data[len(records.content) :]
    assert found == pieces(cut(whole, ",", last=True))


def test_line_ends_are_measured() -> None:
    records = cut(b"a\r\nb\n\r\nc\rd", ",", last=True)
    assert (records.ends - records.bodies).tolist() == [2, 1, 2, 1, 0]
    assert records.filled.tolist() == [True, True, False, True, True]


@given(RAW)
def test_text_is_inside_quotes_where_the_csv_module_says_so(text: str) -> None:
    records = cut(text.encode(), ",", last=True)
    closed = len(by_csv(text + "\nx")) == len(by_csv(text)) + 1
    assert records.unclosed != closed
