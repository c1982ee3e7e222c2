"""What is due, when, in what state: the pure part of the first screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ..catalog.model import Regime
from ..catalog.periods import Period, due_of
from .calendar import WorkingCalendar

KIND_REPORT = "report"
KIND_TASK = "task"
KIND_TERM = "term"


@dataclass(frozen=True, slots=True)
class ReportStanding:
    """A report expected of this office and how far it is; ``due_on`` replaces the date of the regime (a new date
    set by a return slip, or a date asked at set-up)."""

    regime: Regime
    period: Period
    state: str
    done: bool = False
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class WorkStanding:
    """A plan task, or a legal term running on a record, with its last day."""

    key: str
    title: str
    due_on: date | None
    state: str
    done: bool = False


@dataclass(frozen=True, slots=True)
class DueItem:
    """One line of "việc đến hạn". ``due_on`` is the last day in the words of the paper, ``last_working_day`` the last
    day at the office before it ends; ``overdue`` only while not done."""

    kind: str  # report | task | term
    title: str
    due_on: date
    last_working_day: date
    state: str
    overdue: bool
    key: str


def last_working_day(day: date, calendar: WorkingCalendar) -> date:
    """The last working day up to ``day``: 31/5/2026 is a Sunday, so 29/5. A report date never rolls forward (§8.3)."""
    return calendar.previous_working(day)


def due_items(
    *,
    today: date,
    calendar: WorkingCalendar,
    reports: Iterable[ReportStanding] = (),
    tasks: Iterable[WorkStanding] = (),
    terms: Iterable[WorkStanding] = (),
) -> tuple[DueItem, ...]:
    """Everything with a last day that is not done: what is overdue first, then by date, kind and title.

    Reports without a date (ad hoc, or a regime that names none) and tasks without one are left out. A report has the
    key ``regime|period``.
    """
    items: list[DueItem] = []

    def add(kind: str, key: str, title: str, due: date | None, state: str, done: bool) -> None:
        if due is not None and not done:
            items.append(DueItem(kind, title, due, last_working_day(due, calendar), state, due < today, key))

    for report in reports:
        due = report.due_on or due_of(report.regime, report.period)
        key = f"{report.regime.key}|{report.period.key}"
        add(KIND_REPORT, key, f"Báo cáo {report.period.title}", due, report.state, report.done)
    for kind, standings in ((KIND_TASK, tasks), (KIND_TERM, terms)):
        for work in standings:
            add(kind, work.key, work.title, work.due_on, work.state, work.done)
    order = (KIND_REPORT, KIND_TERM, KIND_TASK)
    return tuple(sorted(items, key=lambda item: (item.due_on, order.index(item.kind), item.title, item.key)))
