"""Numbers, dates and marks as administrative papers write them: written and read back."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_desktop.kernel import vi

dates = st.dates(date(1900, 1, 1), date(2099, 12, 31))
numbers = st.integers(-(10**15), 10**15)
scales = st.integers(0, 6)


@given(numbers, scales, st.booleans())
def test_a_number_is_read_back_as_written(value: int, scale: int, trim: bool) -> None:
    text = vi.number(value, scale, trim=trim)
    assert vi.parse_number(text, scale) == value
    assert Decimal(text.replace(".", "").replace(",", ".")) == Decimal(value).scaleb(-scale)
    assert trim is False or not (scale and "," in text and text.endswith("0"))


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [
        (12345, 1, "1.234,5"),
        (0, 0, "0"),
        (5, 2, "0,05"),
        (-12300, 2, "-123"),
        (1234567, 0, "1.234.567"),
        (-5, 1, "-0,5"),
    ],
)
def test_known_numbers(value: int, scale: int, text: str) -> None:
    assert vi.number(value, scale) == text


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (4, "04"), (9, "09"), (10, "10"), (1234, "1.234")])
def test_counts_below_ten_get_a_zero(value: int, text: str) -> None:
    assert vi.count(value) == text


@pytest.mark.parametrize(
    "text", ["", "-", "1.23", "1.2345", "12.34.567", "1,", ",5", "1,2,3", "1e3", "0x1", "một", "1.234.5"]
)
def test_doubtful_numbers_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        vi.parse_number(text, 3)


def test_no_decimal_is_rounded_away() -> None:
    assert vi.parse_number("1,50", 1) == 15
    with pytest.raises(ValueError, match="1,55"):
        vi.parse_number("1,55", 1)


@given(dates)
def test_a_date_is_read_back_as_written(value: date) -> None:
    assert vi.parse_day(vi.day(value)) == value
    assert vi.parse_day(value.isoformat()) == value
    assert vi.parse_day(vi.day(value).replace("/", "")) == value
    assert vi.parse_day(f"{value.day}/{value.month}/{value.year}") == value
    assert vi.parse_day(vi.short_day(value), year=value.year) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [("5-6-26", date(2026, 6, 5)), ("5.6.2026", date(2026, 6, 5)), (" 29/02/2024 ", date(2024, 2, 29))],
)
def test_other_ways_to_type_a_date(text: str, expected: date) -> None:
    assert vi.parse_day(text) == expected


@pytest.mark.parametrize(
    "text", ["", "31/02/2026", "29/02/2026", "5/6", "2026/06/05", "00/01/2026", "1/13/2026", "hôm nay"]
)
def test_days_that_do_not_exist_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        vi.parse_day(text)


def test_dates_in_running_text_follow_the_decree() -> None:
    assert vi.long_day(date(2026, 1, 5)) == "ngày 05 tháng 01 năm 2026"
    assert vi.long_day(date(2026, 6, 15)) == "ngày 15 tháng 6 năm 2026"
    assert vi.short_day(date(2026, 5, 31)) == "31/5"
    assert vi.short_day(date(2026, 2, 1)) == "01/02"


@given(st.integers(1, 3999))
def test_roman_numerals_add_up(value: int) -> None:
    worth = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    digits = [worth[letter] for letter in vi.roman(value)]
    total = sum(-one if one < two else one for one, two in zip(digits, [*digits[1:], 0], strict=True))
    assert total == value
    assert all(four not in vi.roman(value) for four in ("IIII", "XXXX", "CCCC", "VV", "LL", "DD"))


@pytest.mark.parametrize("value", [0, -1, 4000])
def test_no_roman_numeral_outside_its_range(value: int) -> None:
    with pytest.raises(ValueError, match=str(value)):
        vi.roman(value)


def test_marks_follow_the_vietnamese_alphabet() -> None:
    assert [vi.letter(index) for index in range(1, 9)] == ["a", "b", "c", "d", "đ", "e", "g", "h"]
