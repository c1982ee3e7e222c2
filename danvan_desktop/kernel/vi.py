"""Numbers, dates and enumerations as Vietnamese administrative papers write them."""

from __future__ import annotations

import re
from datetime import date

_LETTERS = "abcdđeghiklmnopqrstuvxy"
_ROMAN = ((1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
          (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))  # fmt: skip


def number(value: int, scale: int = 0, *, trim: bool = True) -> str:
    """``1.234,5``: ``value`` is an integer at ``scale`` decimal digits; trailing zeros trimmed."""
    sign = "-" if value < 0 else ""
    digits = str(abs(value)).rjust(scale + 1, "0")
    whole, fraction = (digits[:-scale], digits[-scale:]) if scale else (digits, "")
    if trim:
        fraction = fraction.rstrip("0")
    groups = f"{int(whole):,}".replace(",", ".")
    return sign + groups + ("," + fraction if fraction else "")


def count(value: int) -> str:
    """A count in running text: below ten with a leading zero (``04 cuộc``), NĐ 30/2020 practice."""
    return f"{value:02d}" if 0 < value < 10 else number(value)


def parse_number(text: str, scale: int = 0) -> int:
    """The integer at ``scale`` of ``1.234,5`` / ``1234,5`` / ``-3``.

    A dot groups thousands only in threes; a comma is the decimal mark. Raises ValueError for anything
    else, also for more decimals than ``scale`` (nothing is rounded silently).
    """
    cleaned = text.strip().replace("\u00a0", "").replace(" ", "")
    match = re.fullmatch(r"(-?)(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d+))?", cleaned)
    if not match:
        raise ValueError(text)
    fraction = (match[3] or "").rstrip("0")
    if len(fraction) > scale:
        raise ValueError(text)
    value = int(match[2].replace(".", "") + fraction.ljust(scale, "0"))
    return -value if match[1] else value


def day(value: date) -> str:
    """``05/06/2026``."""
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"


def short_day(value: date) -> str:
    """``31/5`` as in running text; days below 10 and months 1, 2 padded (NĐ 30/2020, Phụ lục I)."""
    return f"{value.day:02d}/{_month(value.month)}"


def long_day(value: date) -> str:
    """``ngày 05 tháng 6 năm 2026`` (padding as NĐ 30/2020, Phụ lục I, mục II.4)."""
    return f"ngày {value.day:02d} tháng {_month(value.month)} năm {value.year}"


def _month(month: int) -> str:
    return f"{month:02d}" if month <= 2 else str(month)


def parse_day(text: str, *, year: int | None = None) -> date:
    """A typed date: ``05/06/2026``, ``5/6/2026``, ``5-6-26``, ``05062026``, ``2026-06-05``; ``5/6`` with ``year``.

    Raises ValueError for anything that is no date of the calendar.
    """
    cleaned = text.strip()
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", cleaned):
        return date(int(match[1]), int(match[2]), int(match[3]))
    if match := re.fullmatch(r"(\d{2})(\d{2})(\d{4})", cleaned):
        return date(int(match[3]), int(match[2]), int(match[1]))
    if match := re.fullmatch(r"(\d{1,2})[/.\- ](\d{1,2})(?:[/.\- ](\d{4}|\d{2}))?", cleaned):
        if match[3] is None and year is None:
            raise ValueError(text)
        typed = int(match[3]) if match[3] else int(year or 0)
        return date(typed + 2000 if typed < 100 else typed, int(match[2]), int(match[1]))
    raise ValueError(text)


def roman(value: int) -> str:
    """``4`` → ``IV`` (1 to 3999)."""
    if not 1 <= value <= 3999:
        raise ValueError(f"no Roman numeral for {value}")
    out = []
    for step, letters in _ROMAN:
        times, value = divmod(value, step)
        out.append(letters * times)
    return "".join(out)


def letter(index: int) -> str:
    """The enumeration letter at 1, 2, 3...: a, b, c, d, đ, e, g, h... (the Vietnamese alphabet)."""
    return _LETTERS[index - 1]
