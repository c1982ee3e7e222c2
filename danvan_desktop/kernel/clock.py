"""The only place that asks the machine for the time.

Stamps are UTC with ``Z``; civil dates are those of Vietnam (UTC+07:00, no daylight saving since
1975) whatever the PC is set to.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Protocol

VIETNAM = timezone(timedelta(hours=7), "+07:00")


class Clock(Protocol):
    """Something that tells the time."""

    def now(self) -> datetime:
        """The present moment, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class StoryClock:
    """The clock of a demonstration: another clock, set whole days off; it runs on as that one does."""

    def __init__(self, real: Clock, days: int) -> None:
        self._real = real
        self.offset = timedelta(days=days)

    def now(self) -> datetime:
        return self._real.now() + self.offset


def in_world(clock: Clock, moment: datetime) -> datetime:
    """A moment of ``clock`` as the world has it: another one only in the story of a demonstration."""
    return moment - clock.offset if isinstance(clock, StoryClock) else moment


class FixedClock:
    """A clock that stands where it is put; for tests and the demonstration data."""

    def __init__(self, moment: datetime) -> None:
        self._moment = _aware(moment)

    def now(self) -> datetime:
        return self._moment

    def set(self, moment: datetime) -> None:
        """Put the clock to ``moment`` (timezone-aware)."""
        self._moment = _aware(moment)

    def set_local(self, day: date, hour: int = 8, minute: int = 0) -> None:
        """Put the clock to a Vietnamese civil date and time."""
        self._moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=VIETNAM).astimezone(UTC)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a clock needs a timezone-aware moment")
    return moment.astimezone(UTC)


def today(clock: Clock) -> date:
    """The civil date in Vietnam."""
    return clock.now().astimezone(VIETNAM).date()


def civil_date(moment: datetime) -> date:
    """The Vietnamese civil date of a timezone-aware moment."""
    return moment.astimezone(VIETNAM).date()


def stamp(moment: datetime) -> str:
    """``2026-05-28T01:02:03Z``: UTC, whole seconds."""
    return _aware(moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_stamp(text: str) -> datetime:
    """The moment of a stamp made by :func:`stamp` (or any ISO 8601 text with an offset).

    Raises ValueError for anything else, also for a text without offset.
    """
    moment = datetime.fromisoformat(text.replace("Z", "+00:00") if text.endswith("Z") else text)
    return _aware(moment)
