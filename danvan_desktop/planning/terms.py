"""When a legal term ends (Bộ luật Dân sự 2015, Điều 147–148; DOMAIN §0.4).

Day 1 is the day after the event. A term whose last day is a day off ends on the next working day. Days on which the
work is suspended are not counted. The version of the term in force on the starting date holds to its end.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from ..catalog.model import LegalTerm
from ..catalog.terms import term_on
from .calendar import WorkingCalendar

Suspension = tuple[date, date | None]  # both days included; None: still suspended

_DAY = timedelta(days=1)
_MEASURED = ("day", "working_day", "month")


def term_end(
    terms: Sequence[LegalTerm],
    calendar: WorkingCalendar,
    key: str,
    start: date,
    conditions: Mapping[str, Any] | None = None,
    suspensions: Sequence[Suspension] = (),
    extensions: Sequence[int] = (),
) -> date | None:
    """The last day of term ``key`` for an event on ``start``, always a working day.

    ``extensions`` are granted lengths in the unit of the term (for a term in months: in days). None when no version
    of the term holds on ``start``, when the term is no length of time (``count_per_week``...), or while a suspension
    is open, since its end cannot be known then. A term of direction ``before`` gives the last day on which the thing
    can still be done in time before ``start``; suspensions do not touch it.
    """
    try:
        term = term_on(terms, key, start, conditions)
    except KeyError:
        return None
    if term.unit not in _MEASURED:
        return None
    if term.direction == "before":
        return _backwards(term, calendar, start, sum(extensions))
    if any(last is None for _, last in suspensions):
        return None
    closed = [(first, last) for first, last in suspensions if last is not None]
    return _forwards(term, calendar, start, closed, sum(extensions))


def _forwards(
    term: LegalTerm, calendar: WorkingCalendar, start: date, suspensions: Sequence[tuple[date, date]], extra: int
) -> date:
    def suspended(day: date) -> bool:
        return any(first <= day <= last for first, last in suspensions)

    wanted = extra + (_days_of_months(start, term.value, suspended) if term.unit == "month" else term.value)

    def counts(day: date) -> bool:
        if suspended(day):
            return False
        return term.unit != "working_day" or calendar.is_working(day)

    day, counted = start, 0
    while counted < wanted:
        day += _DAY
        counted += counts(day)
    while not calendar.is_working(day) or suspended(day):
        day += _DAY
    return day


def _days_of_months(start: date, months_: int, suspended: Callable[[date], bool]) -> int:
    """How long a term in months is, in days that count: days suspended in it move its beginning, so that a later
    start never ends earlier, although months differ in length."""
    still = -1
    begin = start
    while True:
        end = _add_months(begin, months_)
        now = sum(suspended(start + n * _DAY) for n in range(1, (end - start).days + 1))
        if now == still:
            return (end - begin).days
        still, begin = now, start + now * _DAY


def _backwards(term: LegalTerm, calendar: WorkingCalendar, start: date, extra: int) -> date:
    if term.unit == "working_day":
        return calendar.previous_working(calendar.add_working_days(start, -(term.value + extra)))
    if term.unit == "month":
        return calendar.previous_working(_add_months(start, -term.value) - extra * _DAY)
    return calendar.previous_working(start - (term.value + extra) * _DAY)


def _add_months(day: date, count: int) -> date:
    """The same day ``count`` months on; the last day of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
