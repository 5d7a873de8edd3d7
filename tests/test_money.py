"""Rupiah amounts: every way of writing one is read, and nothing that could be two."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.report.money import MOST, amounts, is_blank, rupiah


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1.000.000", 1e6),
        ("1.000.000,00", 1e6),
        ("Rp 1.000.000,-", 1e6),
        ("Rp. 201.500.000,-", 201.5e6),
        ("rp1.000.000.-", 1e6),
        ("Rp1 jt", 1e6),
        ("1,5 juta", 1.5e6),
        ("1.5 juta", 1.5e6),
        ("500rb", 5e5),
        ("2 M", 2e9),
        ("1,2 miliar", 1.2e9),
        ("1000000", 1e6),
        ("1000000.0", 1e6),
        (" 4.500.000 ", 4.5e6),
        ("\u00a04.500.000\u00a0", 4.5e6),
        ("1 000 000", 1e6),
        ("1,000,000.00", 1e6),
        ("500.000", 5e5),
        ("569.5", 569.5),
        ("10.000.000 rupiah", 1e7),
        ("0", 0.0),
        ("Rp 0,-", 0.0),
    ],
)
def test_it_is_read(cell: str, amount: float) -> None:
    assert rupiah(cell) == amount


@pytest.mark.parametrize(
    "cell",
    [
        "1,500", "500,000", "1.500 juta", "1,500 M",  # thousands, or three decimals
        "0.500", "12.34.56", "1.00.000", "1.0000", "1.000.00", "1,5,5 juta",  # no number at all
        "5-10 juta", "5 juta x 2", "Rp 5.000.000/unit", "±5 juta", "5 juta lebih", "lima juta",
        "3 m2", "5 km", "1,35E+09", "-5.000", "=1+1", "½ juta", "5²", "Rp", "jt",
        "0812345678", "3673012345678901",  # a telephone number, an NIK
    ],
)  # fmt: skip
def test_it_is_not_guessed(cell: str) -> None:
    assert rupiah(cell) is None


@given(st.integers(0, int(MOST) - 1), st.sampled_from(["{}", "Rp {}", "Rp{},-", "Rp. {},00 "]))
def test_dots_between_thousands(amount: int, form: str) -> None:
    assert rupiah(form.format(f"{amount:,}".replace(",", "."))) == amount


@given(st.floats(0, 1e12).map(lambda number: round(number, 2)))
def test_what_python_and_databases_print(amount: float) -> None:
    assert rupiah(f"{amount:.2f}") == amount
    assert rupiah(f"{amount:,.2f}") == amount


@given(st.integers(1, 999), st.integers(0, 99), st.sampled_from([("jt", 1e6), ("Miliar", 1e9)]))
def test_decimals_before_a_unit(whole: int, decimals: int, unit: tuple[str, float]) -> None:
    expected = float(f"{whole}.{decimals:02}") * unit[1]
    for mark in ",.":
        assert rupiah(f"Rp{whole}{mark}{decimals:02} {unit[0]}") == expected


@given(st.text(max_size=20) | st.from_regex(r"(Rp ?)?[0-9., ]{1,12}( jt|,-)?", fullmatch=True))
def test_any_cell_is_an_amount_or_nothing(cell: str) -> None:
    amount = rupiah(cell)
    assert amount is None or 0 <= amount < MOST
    if is_blank(cell):
        assert amount is None


@given(st.lists(st.sampled_from(["1.000", "", "Rp 5 jt", "lima"]), max_size=9))
def test_a_column_is_its_cells(cells: list[str]) -> None:
    for cell, amount in zip(cells, amounts(cells), strict=True):
        assert rupiah(cell) == amount or (rupiah(cell) is None and math.isnan(amount))
