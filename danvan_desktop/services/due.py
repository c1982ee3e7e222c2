"""The first screen and the calendar: what is due, when, in what state; then how far the eight areas are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ..catalog.model import DayMark
from ..catalog.periods import parse_period, window_of
from ..kernel import clock
from ..kernel.changes import Changes
from ..kernel.errors import UsageError
from ..store.due_queries import CLOSED_TASKS
from ..store.store import UnitOfWork
from .context import Context
from .due_sources import DONE, KINDS, STATE_TITLES, DueEntry, Span, gather
from .reminders import (
    POSTPONED,
    SOON_DAYS,
    Notice,
    PutOff,
    been_here,
    notice_of,
    postponed,
    put_off,
    put_off_list,
    sent_outside,
    urgent_first,
)

__all__ = ["DONE", "KINDS", "LOOK_AHEAD", "SOON_DAYS", "STATE_TITLES", "AreaProgress", "CalendarView",
           "DueEntry", "DueService", "HomeView", "Notice", "PutOff", "postponed"]  # fmt: skip

LOOK_AHEAD = timedelta(days=60)  # a term is shown from so long before its day; reports and tasks a year before
_PLANNED_AHEAD = timedelta(days=366)
_DONE_BACK = timedelta(days=100)  # how long a report that is done can still be looked up on the first screen


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """How much an area holds in the running window."""

    area: int
    title: str
    final: int
    drafts: int
    open_tasks: int


@dataclass(frozen=True, slots=True)
class HomeView:
    today: date
    due: tuple[DueEntry, ...]
    areas: tuple[AreaProgress, ...]
    window_first: date
    window_last: date


@dataclass(frozen=True, slots=True)
class CalendarView:
    """What falls due on ``first``..``last``, done or not, by day; ``marks``: days off and make-up days among them;
    ``doubts``: a sentence for each year whose days off nobody has entered or confirmed."""

    today: date
    first: date
    last: date
    entries: tuple[DueEntry, ...]
    marks: Mapping[date, DayMark]
    doubts: tuple[str, ...]


class DueService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def home(self) -> HomeView:
        """Everything for the first screen, by date, what is done last."""
        context = self._context
        today = clock.today(context.clock)
        with context.store.read() as uow:
            office = context.office(uow)
            entries = self._home_entries(uow, today)
            first, last = self._running_window(office.profile, today)
            areas = self._areas(uow, first, last, today.year)
        return HomeView(today, tuple(entries), areas, first, last)

    def _home_entries(self, uow: UnitOfWork, today: date) -> list[DueEntry]:
        span = Span(None, today + LOOK_AHEAD, planned_to=today + _PLANNED_AHEAD, done_from=today - _DONE_BACK)
        entries = self._marked(uow, gather(self._context, uow, today, span), today)
        return sorted(entries, key=lambda item: (item.done, item.due_on, item.title))

    def _marked(self, uow: UnitOfWork, entries: list[DueEntry], today: date) -> list[DueEntry]:
        return postponed(entries, uow.settings.get(POSTPONED, {}), today)

    def until(self, last: date | None = None, kinds: tuple[str, ...] = KINDS) -> tuple[DueEntry, ...]:
        """What is not done and due up to ``last`` (without it: as on the first screen), however old, overdue first;
        also what is put off, marked. Raises UsageError ``bad_kind``.
        """
        if unknown := [kind for kind in kinds if kind not in KINDS]:
            raise UsageError("bad_kind", f"Không có loại việc “{unknown[0][:40]}”; các loại: {', '.join(KINDS)}.")
        context = self._context
        today = clock.today(context.clock)
        ahead = Span(None, today + LOOK_AHEAD, planned_to=today + _PLANNED_AHEAD)
        with context.store.read() as uow:
            found = gather(context, uow, today, Span(None, last) if last else ahead, kinds)
            entries = self._marked(uow, found, today)
        return tuple(sorted(entries, key=urgent_first))

    def calendar(self, first: date, last: date) -> CalendarView:
        """Everything due on the days ``first``..``last``, also what is done; no other day is asked for."""
        context = self._context
        today = clock.today(context.clock)
        with context.store.read() as uow:
            entries = self._marked(uow, gather(context, uow, today, Span(first, last, done=True)), today)
        order = {kind: place for place, kind in enumerate(("report", "term", "task"))}
        entries.sort(key=lambda item: (item.due_on, item.done, order[item.kind], item.title))
        calendar = context.calendar
        marks = {mark.day: mark for mark in calendar.marks if first <= mark.day <= last}
        doubts = []
        for year in range(first.year, last.year + 1):
            if not calendar.known(year):
                doubts.append(f"Lịch nghỉ năm {year} chưa nhập; hạn tính trong năm này chỉ trừ thứ Bảy, Chủ nhật.")
            elif not any(mark.confirmed for mark in calendar.marks if mark.day.year == year) or any(
                mark.day.year == year for mark in calendar.unsure(first, last)
            ):
                doubts.append(f"Lịch nghỉ năm {year} chưa được xác nhận; các ngày có dấu “?” còn có thể thay đổi.")
        return CalendarView(today, first, last, tuple(entries), marks, tuple(doubts))

    # -- reminders ------------------------------------------------------------------------------

    def postpone(self, entry: DueEntry, until: date | None, reason: str = "") -> Changes:
        """Do not show ``entry`` before the day ``until`` (None: show it again); see :func:`reminders.put_off`."""
        return put_off(self._context, entry, until, reason)

    def sent_outside(self, entry: DueEntry, sent: bool = True, reason: str = "") -> Changes:
        """A report went out without the program, or did not after all; see :func:`reminders.sent_outside`."""
        return sent_outside(self._context, entry, sent, reason)

    def put_off(self) -> tuple[PutOff, ...]:
        """What is put off now, and until when."""
        context = self._context
        today = clock.today(context.clock)
        with context.store.read() as uow:
            return put_off_list(self._home_entries(uow, today), uow.settings.get(POSTPONED, {}))

    def notice(self) -> Notice | None:
        """What the account signed in is told at its first start of a day; None at the later ones, and when nothing is
        late or soon. Notes that it was here."""
        context = self._context
        today = clock.today(context.clock)
        with context.store.unit() as uow:
            before = been_here(uow, context.by, today)
            if before == today:
                return None
            return notice_of(self._home_entries(uow, today), today, before)

    # -- progress -------------------------------------------------------------------------------

    def _running_window(self, profile: str, today: date) -> tuple[date, date]:
        for regime in self._context.catalog.regimes.values():
            if profile in regime.reporter_profiles:
                for year in (today.year, today.year + 1):
                    window = window_of(regime, parse_period(str(year)))
                    if regime.cycle("year") is not None and window.first <= today <= window.last:
                        return window.first, window.last
        return date(today.year, 1, 1), date(today.year, 12, 31)

    def _areas(self, uow: UnitOfWork, first: date, last: date, year: int) -> tuple[AreaProgress, ...]:
        plan = uow.plans.current(year)
        tasks = uow.plans.tasks(plan.id) if plan else []
        result = []
        offered = self._context.forms(uow)
        order = list(dict.fromkeys(form.area for form in offered))  # what this office fills in first stands first
        for area in sorted(self._context.catalog.areas, key=lambda item: _place(order, item.number)):
            forms = [form for form in offered if form.area == area.number]
            result.append(
                AreaProgress(
                    area=area.number,
                    title=area.title,
                    final=sum(uow.records.count(form, states=("final",), window=(first, last)) for form in forms),
                    drafts=sum(uow.records.count(form, states=("draft",)) for form in forms),
                    open_tasks=sum(1 for task in tasks if task.area == area.number and task.status not in CLOSED_TASKS),
                )
            )
        return tuple(result)


def _place(order: list[int], area: int) -> int:
    return order.index(area) if area in order else len(order) + area
