"""Reporting periods, data windows and due dates (DESIGN §8.3; NĐ 09/2019/NĐ-CP)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..kernel.errors import UsageError
from .model import Cycle, DueRule, Regime

_QUARTER = {1: "I", 2: "II", 3: "III", 4: "IV"}
THEMATIC = "thematic"  # the cycle of a regime by which reports on chosen task areas are made
# kind of period → what its key has behind the year; the second half is told in the report of the year
NAMES: Mapping[str, tuple[str, ...]] = {
    "half_year": ("-H1",),
    "year": ("",),
    "nine_months": ("-9M",),
    "quarter": ("-Q1", "-Q2", "-Q3", "-Q4"),
    "month": tuple(f"-{month:02d}" for month in range(1, 13)),
}


@dataclass(frozen=True, slots=True)
class Period:
    """A period named as on the command line: ``2026``, ``2026-H1``, ``2026-9M``, ``2026-Q1``, ``2026-05``, a range.

    A report on chosen task areas has them in the key (``2026-H1+3.6``), and a further one on the same days, asked for
    by somebody else, its turn (``2026-05-01..2026-05-20~2``): neither ever stands in the place of the regular report
    (docs/decisions/0012).
    """

    key: str
    kind: str  # year | half_year | nine_months | quarter | month | range
    year: int
    first: date
    last: date
    areas: tuple[int, ...] = ()  # the task areas of a thematic report
    turn: int = 1

    @property
    def base(self) -> str:
        """The key of the days alone: of the regular report on them."""
        return re.split(r"[+~]", self.key, maxsplit=1)[0]

    @property
    def title(self) -> str:
        """How lists name it: ``6 tháng đầu năm 2026 (chuyên đề: nhóm nhiệm vụ 3, 6)``."""
        areas = ", ".join(map(str, self.areas))
        more = [f"chuyên đề: nhóm nhiệm vụ {areas}"] if areas else []
        more += [f"báo cáo thứ {self.turn}"] if self.turn > 1 else []
        return f"{self.words} ({'; '.join(more)})" if more else self.words

    @property
    def words(self) -> str:
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
            "2026-05-01..2026-05-20; báo cáo chuyên đề thêm số của nhóm nhiệm vụ: 2026-H1+3, 2026-H1+3.6; báo cáo thứ "
            "hai của cùng những ngày đó: 2026-05-01..2026-05-20~2.",
        ) from error


def _parse(text: str) -> Period:
    match = re.fullmatch(r"([^+~]+)(?:\+([1-8](?:\.[1-8])*))?(?:~([2-9]|[1-9][0-9]))?", text)
    if match is None:
        raise ValueError(text)
    plain = _parse_days(match[1])
    areas = tuple(map(int, match[2].split("."))) if match[2] else ()
    if list(areas) != sorted(set(areas)) or (match[3] and not areas and plain.kind != "range"):
        raise ValueError(text)  # one key for one report; there is one regular report of a period
    return replace(plain, key=text, areas=areas, turn=int(match[3] or 1))


def period_key(base: str, areas: Iterable[int] = (), turn: int = 1) -> str:
    """The key of a report on ``areas`` over the days of ``base``; ``turn``: the second, third... such report."""
    chosen = ".".join(map(str, sorted(set(areas))))
    return base + (f"+{chosen}" if chosen else "") + (f"~{turn}" if turn > 1 else "")


def _parse_days(text: str) -> Period:
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


def cycle_of(regime: Regime, period: Period) -> Cycle | None:
    """The cycle by which the report of ``period`` is drafted; None when the regime has none of this kind."""
    thematic = regime.cycle(THEMATIC) if period.areas else None
    return thematic or regime.cycle(period.kind)


def window_of(regime: Regime, period: Period) -> Window:
    """The data window of ``period`` under ``regime``; a period the regime does not know counts its own days.

    The days of a quarter's (month's) cycle are those of the first quarter (of January); the others lie so many months
    later.
    """
    cycle = regime.cycle(period.kind)
    second_half = period.kind == "half_year" and period.first.month == 7
    if cycle is None or cycle.window_from is None or cycle.window_to is None or second_half:
        return Window(period.first, period.last)
    later = _months_on(period)
    (back, month, day), (ahead, last_month, last_day) = cycle.window_from, cycle.window_to
    return Window(
        _day_at(period.year + back, month + later, day), _day_at(period.year + ahead, last_month + later, last_day)
    )


def _months_on(period: Period) -> int:
    return period.first.month - 1 if period.kind in ("quarter", "month") else 0


def _day_at(year: int, month: int, day: int) -> date:
    """A day whose month may lie beyond December, in a shorter month its last one."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def last_day_of(rule: DueRule, year: int, months_on: int = 0) -> date | None:
    """The last day to send: "trước ngày 01/6" is 31/5; never rolled forward (DESIGN §8.3)."""
    named = named_day(rule, year, months_on)
    return named - timedelta(days=1) if named and rule.rule == "before" else named


def named_day(rule: DueRule, year: int, months_on: int = 0) -> date | None:
    """The day that the rule names: 01/6 of "trước ngày 01/6"."""
    if rule.rule == "none" or rule.day is None or rule.month is None:
        return None
    return _day_at(year, rule.month + months_on, rule.day)


def due_of(regime: Regime, period: Period) -> date | None:
    """The last day to send the report of ``period``, or None when the regime names none.

    What is asked for out of turn has the day its request names, none of the regime.
    """
    rule = due_rule(regime, period)
    return last_day_of(rule, period.year, _months_on(period))


def due_rule(regime: Regime, period: Period) -> DueRule:
    """The rule of the last day of ``period``; rule ``none`` when the regime names none."""
    cycle = regime.cycle(period.kind)
    if cycle is None or period.areas or period.turn > 1 or (period.kind == "half_year" and period.first.month == 7):
        return DueRule()
    return cycle.due


def due_named(regime: Regime, period: Period) -> date | None:
    """The day of "trước ngày 01/6" as it falls in ``period``; None unless the regime says it that way."""
    rule = due_rule(regime, period)
    return named_day(rule, period.year, _months_on(period)) if rule.rule == "before" else None
