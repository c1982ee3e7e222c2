"""Reporting periods, data windows and due dates (DESIGN §8.3; NĐ 09/2019/NĐ-CP)."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from ..kernel.errors import UsageError
from .model import DueRule, Regime

_QUARTER = {1: "I", 2: "II", 3: "III", 4: "IV"}


@dataclass(frozen=True, slots=True)
class Period:
    """A period named as on the command line: ``2026``, ``2026-H1``, ``2026-9M``, ``2026-Q1``, ``2026-05``, a range."""

    key: str
    kind: str  # year | half_year | nine_months | quarter | month | range
    year: int
    first: date
    last: date

    @property
    def title(self) -> str:
        """``6 tháng đầu năm 2026``, as in the title of a report."""
        if self.kind == "year":
            return f"năm {self.year}"
        if self.kind == "half_year":
            return f"6 tháng {'đầu' if self.first.month == 1 else 'cuối'} năm {self.year}"
        if self.kind == "nine_months":
            return f"9 tháng đầu năm {self.year}"
        if self.kind == "quarter":
            return f"quý {_QUARTER[(self.first.month + 2) // 3]} năm {self.year}"
        if self.kind == "month":
            return f"tháng {self.first.month} năm {self.year}"
        return f"từ ngày {self.first:%d/%m/%Y} đến ngày {self.last:%d/%m/%Y}"


@dataclass(frozen=True, slots=True)
class Window:
    """The days whose events a report counts, both included."""

    first: date
    last: date

    def back_one_year(self) -> Window:
        """The same window a year earlier (29/02 becomes 28/02)."""
        return Window(_year_before(self.first), _year_before(self.last))


def _year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def parse_period(text: str) -> Period:
    """The period written ``text``. Raises UsageError ``bad_period``."""
    try:
        return _parse(text.strip())
    except ValueError as error:
        raise UsageError(
            "bad_period",
            f"Không hiểu kỳ báo cáo “{text}”. Viết một trong các dạng: 2026, 2026-H1, 2026-9M, 2026-Q1, 2026-05, "
            "2026-05-01..2026-05-20.",
        ) from error


def _parse(text: str) -> Period:
    if match := re.fullmatch(r"(\d{4})", text):
        year = int(match[1])
        return Period(text, "year", year, date(year, 1, 1), date(year, 12, 31))
    if match := re.fullmatch(r"(\d{4})-H([12])", text):
        year, first = int(match[1]), 1 if match[2] == "1" else 7
        return Period(text, "half_year", year, date(year, first, 1), month_end(year, first + 5))
    if match := re.fullmatch(r"(\d{4})-9M", text):
        year = int(match[1])
        return Period(text, "nine_months", year, date(year, 1, 1), date(year, 9, 30))
    if match := re.fullmatch(r"(\d{4})-Q([1-4])", text):
        year, last = int(match[1]), int(match[2]) * 3
        return Period(text, "quarter", year, date(year, last - 2, 1), month_end(year, last))
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        year, month = int(match[1]), int(match[2])
        return Period(text, "month", year, date(year, month, 1), month_end(year, month))
    if match := re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", text):
        first_day, last_day = date.fromisoformat(match[1]), date.fromisoformat(match[2])
        if last_day < first_day:
            raise ValueError(text)
        return Period(text, "range", last_day.year, first_day, last_day)
    raise ValueError(text)


def window_of(regime: Regime, period: Period) -> Window:
    """The data window of ``period`` under ``regime``; a period the regime does not know counts its own days."""
    cycle = regime.cycle(period.kind)
    second_half = period.kind == "half_year" and period.first.month == 7
    if cycle is None or cycle.window_from is None or cycle.window_to is None or second_half:
        return Window(period.first, period.last)

    def at(spec: tuple[int, int, int]) -> date:
        offset, month, day = spec
        return date(period.year + offset, month, day)

    return Window(at(cycle.window_from), at(cycle.window_to))


def last_day_of(rule: DueRule, year: int) -> date | None:
    """The last day to send: "trước ngày 01/6" is 31/5; never rolled forward (DESIGN §8.3)."""
    if rule.rule == "none" or rule.day is None or rule.month is None:
        return None
    named = date(year, rule.month, rule.day)
    return named - timedelta(days=1) if rule.rule == "before" else named


def due_of(regime: Regime, period: Period) -> date | None:
    """The last day to send the report of ``period``, or None when the regime names none."""
    cycle = regime.cycle(period.kind)
    if cycle is None or (period.kind == "half_year" and period.first.month == 7):
        return None
    return last_day_of(cycle.due, period.year)
