"""Working days: Saturdays and Sundays off, corrected by the editable table of the catalogue (DOMAIN §0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from ..catalog.model import DayMark

_DAY = timedelta(days=1)
_SATURDAY = 5
_LONGEST_RUN = 366  # a table that marks more days off in a row than this is wrong


class WorkingCalendar:
    """Which days are worked. ``marks`` holds days off and make-up working days; a later row of a day wins.

    One calendar serves everything of an open home: when the office edits its days, :meth:`use` changes them for all.
    """

    def __init__(self, marks: Iterable[DayMark] = ()) -> None:
        self._marks: Mapping[date, DayMark] = {}
        self.use(marks)

    def use(self, marks: Iterable[DayMark]) -> None:
        """From now on these marks hold."""
        self._marks = {mark.day: mark for mark in marks}  # one assignment: other threads see the old or the new

    @property
    def marks(self) -> tuple[DayMark, ...]:
        """The marks by day."""
        return tuple(self._marks[day] for day in sorted(self._marks))

    def mark(self, day: date) -> DayMark | None:
        """What the table says of ``day``, with title and source, or None."""
        return self._marks.get(day)

    def is_working(self, day: date) -> bool:
        """True when offices work on ``day``."""
        mark = self._marks.get(day)
        return day.weekday() < _SATURDAY if mark is None else mark.working

    def next_working(self, day: date) -> date:
        """``day`` itself when worked, else the first working day after it."""
        return self._seek(day, _DAY)

    def previous_working(self, day: date) -> date:
        """``day`` itself when worked, else the last working day before it."""
        return self._seek(day, -_DAY)

    def add_working_days(self, start: date, count: int) -> date:
        """The ``count``-th working day after ``start`` (day 1 is the first one after it); before it when negative.

        ``count`` 0 gives ``start`` itself, worked or not.
        """
        step = _DAY if count > 0 else -_DAY
        day = start
        for _ in range(abs(count)):
            day = self._seek(day + step, step)
        return day

    def confirmed(self, year: int) -> bool:
        """True when the table has days of ``year`` and every one rests on a published notice."""
        rows = [mark for mark in self._marks.values() if mark.day.year == year]
        return bool(rows) and all(mark.confirmed for mark in rows)

    def unsure(self, first: date, last: date) -> tuple[DayMark, ...]:
        """The unconfirmed marks of ``first``..``last``: a term that runs over them may still move."""
        return tuple(mark for mark in self.marks if first <= mark.day <= last and not mark.confirmed)

    def known(self, year: int) -> bool:
        """True when the table has any row of ``year``."""
        return any(mark.day.year == year for mark in self._marks.values())

    def _seek(self, day: date, step: timedelta) -> date:
        for _ in range(_LONGEST_RUN):
            if self.is_working(day):
                return day
            day += step
        raise ValueError(f"no working day within {_LONGEST_RUN} days of {day.isoformat()}")
