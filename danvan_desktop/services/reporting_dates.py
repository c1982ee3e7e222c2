"""Data window and last day of each report, as this office has them (DESIGN §8.3).

The catalogue ships the dates of the plans it knows; another parent body names others, and some regimes ship without a
last day. What the office sets stands in its settings and takes the place of the shipped dates everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..catalog.model import Cycle, DueRule, Regime
from ..catalog.periods import NAMES, last_day_of
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from .context import Context

SETTING = "reporting_dates"
Day = tuple[int, int]  # month, day


@dataclass(frozen=True, slots=True)
class DatesOf:
    """The dates of one cycle of a regime: the window (None: the period itself) and when it is due."""

    regime: str
    regime_title: str
    period_kind: str  # half_year | year | ...
    window: tuple[Day, Day] | None
    due: DueRule
    own: bool  # set by this office

    @property
    def due_last_day(self) -> Day | None:
        """(month, day) of the last day to send in a common year; None while there is none."""
        last = last_day_of(self.due, 2025)
        return (last.month, last.day) if last else None


class ReportingDates:
    """``live`` are the regimes that the rest of the program reads; this service alone changes them."""

    def __init__(self, context: Context, live: dict[str, Regime]) -> None:
        self._context = context
        self._live = live
        self._shipped = dict(live)

    def use_stored(self) -> None:
        """Put the office's own dates in the place of the shipped ones; called once when a home is opened."""
        with self._context.store.read() as uow:
            self._use(uow.settings.get(SETTING, {}))

    def all(self, profile: str = "") -> list[DatesOf]:
        """Every regime and cycle in the order of the catalogue; with ``profile`` only those such an office writes."""
        with self._context.store.read() as uow:
            own = uow.settings.get(SETTING, {})
        return [
            DatesOf(
                regime.key,
                regime.title,
                cycle.period_kind,
                (cycle.window_from[1:], cycle.window_to[1:]) if cycle.window_from and cycle.window_to else None,
                cycle.due,
                isinstance(own, dict) and _key(regime.key, cycle.period_kind) in own,
            )
            for regime in self._live.values()
            if not profile or profile in regime.reporter_profiles
            for cycle in regime.cycles
            if cycle.period_kind in NAMES  # what is asked for out of turn has the days of its request
        ]

    def save(
        self, regime: str, period_kind: str, *, window: tuple[Day, Day] | None = None, last_day: Day | None = None,
        no_last_day: bool = False,
    ) -> Changes:  # fmt: skip
        """Set the window, the last day, or both; what is not given stays. ``no_last_day``: it is not known (yet).

        A window whose first day comes later in the year than its last begins in the year before.
        Raises Refused ``dates_invalid``, ``unknown_regime``, ``no_right``.
        """
        context = self._context
        context.require("settings")
        context.regime(regime)
        with context.store.unit() as uow:
            stored = uow.settings.get(SETTING, {})
            kept: dict[str, Any] = dict(stored) if isinstance(stored, dict) else {}
            kept[_key(regime, period_kind)] = changed_dates(
                self._live[regime], period_kind, window=window, last_day=last_day, no_last_day=no_last_day
            )
            uow.settings.set(SETTING, kept)
            uow.audit.append("reporting_dates_set", _key(regime, period_kind))
        self._use(kept)
        return Changes.of("settings", "report")

    def reset(self, regime: str, period_kind: str) -> Changes:
        """Back to the shipped dates. Raises Refused ``unknown_regime``, ``no_right``."""
        context = self._context
        context.require("settings")
        context.regime(regime)
        with context.store.unit() as uow:
            stored = uow.settings.get(SETTING, {})
            kept = {key: value for key, value in dict(stored).items() if key != _key(regime, period_kind)}
            uow.settings.set(SETTING, kept)
            uow.audit.append("reporting_dates_reset", _key(regime, period_kind))
        self._use(kept)
        return Changes.of("settings", "report")

    def _use(self, stored: Any) -> None:
        own = stored if isinstance(stored, dict) else {}
        for key, shipped in self._shipped.items():
            cycles = tuple(_with(cycle, own.get(_key(key, cycle.period_kind))) for cycle in shipped.cycles)
            self._live[key] = replace(shipped, cycles=cycles)


def changed_dates(
    regime: Regime, period_kind: str, *, window: tuple[Day, Day] | None = None, last_day: Day | None = None,
    no_last_day: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The dates of a cycle as they are kept, with what is given changed. Raises Refused ``dates_invalid``."""
    cycle = regime.cycle(period_kind)
    if cycle is None or period_kind not in NAMES:
        kinds = ", ".join(item.period_kind for item in regime.cycles if item.period_kind in NAMES)
        raise _invalid(f"“{regime.title}” không có kỳ “{period_kind}”; các kỳ: {kinds}")
    for month, day in (*(window or ()), *((last_day,) if last_day else ())):
        _require_day(month, day)
    start, end = cycle.window_from, cycle.window_to
    if window is not None:
        start, end = (-1 if window[0] > window[1] else 0, *window[0]), (0, *window[1])
    due = cycle.due
    if last_day is not None:
        due = DueRule("by", last_day[1], last_day[0])
    elif no_last_day:
        due = DueRule()
    return {
        "window_from": list(start) if start else None,
        "window_to": list(end) if end else None,
        "due": {"rule": due.rule, "day": due.day, "month": due.month},
    }


def _with(cycle: Cycle, own: Any) -> Cycle:
    if not isinstance(own, Mapping):
        return cycle
    due = own["due"]
    start, end = own["window_from"], own["window_to"]
    return replace(
        cycle,
        window_from=tuple(start) if start else None,
        window_to=tuple(end) if end else None,
        due=DueRule(due["rule"], due["day"], due["month"]),
    )


def _key(regime: str, period_kind: str) -> str:
    return f"{regime}|{period_kind}"


def _require_day(month: int, day: int) -> None:
    try:
        date(2025, month, day)  # a common year: 29/02 would be missing three years of four
    except ValueError as error:
        raise _invalid(f"không có ngày {day}/{month} ở mọi năm") from error


def parse_day_of_year(text: str) -> Day:
    """(month, day) of "31/5". Raises Refused ``dates_invalid``."""
    day, slash, month = text.strip().partition("/")
    if not (slash and day.isdecimal() and month.isdecimal() and day.isascii() and month.isascii()) or len(text) > 9:
        raise _invalid(f"“{text[:20]}” không phải ngày, tháng; viết dạng 31/5")
    _require_day(int(month), int(day))
    return int(month), int(day)


def parse_window(text: str) -> tuple[Day, Day]:
    """The first and the last day of "16/10..15/5". Raises Refused ``dates_invalid``."""
    first, dots, last = text.partition("..")
    if not dots:
        raise _invalid(f"“{text[:30]}” không phải khoảng ngày; viết dạng 16/10..15/5")
    return parse_day_of_year(first), parse_day_of_year(last)


def _invalid(why: str) -> Refused:
    return Refused("dates_invalid", f"Chưa đặt được ngày của kỳ báo cáo: {why}. Chưa thay đổi gì.")
