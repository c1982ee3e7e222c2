"""What the generators of the demonstration share: a seeded chance, dates, invented people."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..records import RecordInput
from .offices import VILLAGES

FIRST, LAST = date(2025, 1, 1), date(2026, 5, 28)
# The two Tết holidays of the span: offices are shut, little happens around them.
_TET = ((date(2025, 1, 25), date(2025, 2, 2)), (date(2026, 2, 14), date(2026, 2, 22)))
_OFF = {
    date(2025, 4, 7), date(2025, 4, 30), date(2025, 5, 1), date(2025, 5, 2), date(2025, 9, 1), date(2025, 9, 2),
    date(2026, 1, 1), date(2026, 1, 2), date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1),
}  # fmt: skip
_FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Võ", "Đặng", "Bùi")
_GIVEN = ("Mẫu", "Thử", "Ví Dụ", "Giả Định", "Minh Họa", "Thí Dụ")


@dataclass(frozen=True, slots=True)
class Entry:
    """One record to be entered on a day."""

    form: str
    entered_on: date
    data: RecordInput
    final: bool = True


class Chance:
    """Everything random in the demonstration, the same on every machine."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (invented data, no secret)

    def between(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def one(self, items: Sequence[Any]) -> Any:
        return self._random.choice(items)

    def weighted(self, table: dict[Any, int]) -> Any:
        return self._random.choices(list(table), weights=list(table.values()))[0]

    def some(self, items: Sequence[Any], low: int, high: int) -> list[Any]:
        return self._random.sample(list(items), min(len(items), self.between(low, high)))

    def yes(self, percent: int) -> bool:
        return self._random.random() * 100 < percent

    def village(self) -> str:
        return str(self.one(VILLAGES).id)

    def person(self) -> str:
        """A name nobody would take for a real person's."""
        return f"{self.one(_FAMILIES)} {self.one(('Văn', 'Thị'))} {self.one(_GIVEN)} {self.between(1, 99):02d}"

    def working_day(self, year: int, month: int) -> date:
        """A day of the month on which the office was open."""
        while True:
            day = date(year, month, self.between(1, 28))
            if open_day(day):
                return day


def open_day(day: date) -> bool:
    """Monday to Friday, no holiday."""
    return day.weekday() < 5 and day not in _OFF and not any(first <= day <= last for first, last in _TET)


def later(day: date, days: int) -> date:
    """The first open day at least ``days`` after ``day``."""
    result = day + timedelta(days=days)
    while not open_day(result):
        result += timedelta(days=1)
    return result


def months(first: date = FIRST, last: date = LAST) -> list[tuple[int, int]]:
    """(year, month) from the first to the last month of the span."""
    return [(y, m) for y in range(first.year, last.year + 1) for m in range(1, 13) if first <= date(y, m, 1) <= last]


def quiet(year: int, month: int) -> bool:
    """The month in which Tết falls."""
    return (year, month) in ((2025, 1), (2026, 2))


def early(year: int, month: int) -> bool:
    """The first months on record. They are fuller than the rest: the half year they are compared with begins two and a
    half months before the records do, and a comparison of unequal spans would show growth nobody believes."""
    return (year, month) <= (2025, 5)


def iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None and day <= LAST else None


def entry(
    form: str,
    on: date,
    unit: str,
    /,
    *,
    villages: Sequence[str] = (),
    final: bool = True,
    note: str = "",
    **values: Any,
) -> Entry:
    """A record entered a day or so after ``on``; values that are None are left empty."""
    kept = {key: value for key, value in values.items() if value is not None}
    return Entry(form, min(on, LAST), RecordInput(unit=unit, values=kept, villages=tuple(villages), note=note), final)
