"""The tasks of the year's plan and the reports the units owe, as values that indicators count (catalog.own_facts)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..catalog.conditions import holds
from ..catalog.model import Indicator, Json
from ..catalog.own_facts import PLAN_TASK, UNIT_REPORT
from ..catalog.periods import Period, Window, due_of
from ..kernel.clock import civil_date, parse_stamp
from ..reporting.figures import Measured
from ..store.plans import TaskRow
from ..store.store import UnitOfWork
from ..store.task_work import Occurrence
from .context import Context

_GONE = ("recalled", "undone")  # a report taken back was not sent
Facts = list[dict[str, Json]]


class OwnFacts:
    """The facts of one period, read once each when an indicator asks."""

    def __init__(
        self, context: Context, uow: UnitOfWork, period: Period, window: Window, *, past: bool = False
    ) -> None:
        self._context = context
        self._uow = uow
        self._period = period
        self._window = window
        self._past = past
        self._read: dict[str, Facts] = {}

    def measured(self, indicator: Indicator) -> Measured:
        """How many of the facts pass the filters; no data where there are no facts at all."""
        if indicator.source not in self._read:
            self._read[indicator.source] = {PLAN_TASK: self._tasks, UNIT_REPORT: self._reports}[indicator.source]()
        facts = self._read[indicator.source]
        if not facts:
            return Measured(source="missing", state="no_data")
        return Measured(value=sum(holds(indicator.filters, item) for item in facts), source_rows=len(facts))

    def _tasks(self) -> Facts:
        """The tasks of the current plan of the year, as they stood when the window ended.

        A task that comes again is one task, however often it is done: it is done when it was done at least once and
        nothing that fell due up to the end of the window is left undone; its day and last day are those of the
        occurrence that was latest against its last day, so that it is in time only when every one was.
        """
        plan = self._uow.plans.current(self._period.year)
        last = self._window.last
        facts: Facts = []
        times = self._uow.task_work.of_plan(plan.id) if plan else {}
        for task in self._uow.plans.tasks(plan.id) if plan else ():
            if task.recurrence == "none":
                due_on = task.due_on
                done_on = task.done_on if task.done_on and task.done_on <= last else None
                undated = task.status == "done" and task.done_on is None  # finished before days were kept
                done = undated or (task.status == "done" and done_on is not None)
            else:
                due_on, done_on, done = _repeated(task, times.get(task.id, ()), last)
            facts.append(
                {
                    "cancelled": task.status == "cancelled",
                    "done": done,
                    "done_on": done_on.isoformat() if done_on else None,
                    "due_on": due_on.isoformat() if due_on else None,
                    "lead_unit": task.lead_unit,
                    "area": task.area,
                }
            )
        return facts

    def _reports(self) -> Facts:
        """One fact for each office below that owes a report of this period: the last day, and the day its first report
        came in. A report returned for correction was sent in time all the same; one taken back was not sent."""
        profile = self._context.office(self._uow).profile
        due_days = {
            regime.key: due
            for regime in self._context.catalog.regimes.values()
            if profile in regime.receiver_profiles and (due := due_of(regime, self._period)) is not None
        }
        if not due_days:
            return []
        first: dict[str, tuple[date, str]] = {}
        accepted: set[str] = set()
        for row in self._uow.received.list(period=self._period.key):
            if row.regime in due_days and row.state not in _GONE:
                day = civil_date(parse_stamp(row.received_at))
                first[row.office_id] = min(first.get(row.office_id, (day, row.regime)), (day, row.regime))
                if row.current and row.state == "accepted":
                    accepted.add(row.office_id)
        if (
            self._past and not first
        ):  # a year ago nobody reported through this program: not even that it was owed is known
            return []
        below = dict.fromkeys(
            row.office_id for row in self._uow.trust.list() if row.relation == "child" and row.status == "trusted"
        )
        facts: Facts = []
        for office_id in dict.fromkeys([*below, *first]):
            came = first.get(office_id)
            due = due_days[came[1]] if came else min(due_days.values())
            facts.append(
                {
                    "received_on": came[0].isoformat() if came else None,
                    "due_on": due.isoformat(),
                    "accepted": office_id in accepted,
                }
            )
        return facts


def _repeated(task: TaskRow, times: Sequence[Occurrence], last: date) -> tuple[date | None, date | None, bool]:
    """(last day, day done, done) of a task that comes again, as it stood on the day ``last``."""
    done = [item for item in times if item.done_on <= last]
    left = [item.due_on for item in times if item.done_on > last and item.due_on is not None]
    if task.status not in ("done", "cancelled") and task.due_on is not None:
        left.append(task.due_on)
    waiting = min(left, default=None)
    if not done or (waiting is not None and waiting <= last):
        return waiting or task.due_on, None, False
    worst = max(done, key=lambda item: (item.done_on - (item.due_on or item.done_on)).days)
    return worst.due_on, worst.done_on, True
