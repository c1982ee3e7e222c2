"""What the page of the plan shows: the tasks with who leads them, and deadlines in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..catalog.model import Choice
from ..kernel import clock, vi
from ..planning.calendar import WorkingCalendar
from ..planning.deadlines import last_working_day
from ..planning.due import last_day_text
from ..planning.model import CYCLES, RULES, Due
from ..planning.recurrence import RECURRENCES
from .office import Office
from .plans import PlanRow, TaskRow

CYCLE_TITLES: Mapping[str, str] = {
    "month": "Hằng tháng",
    "quarter": "Hằng quý",
    "half_year": "6 tháng",
    "nine_months": "9 tháng",
    "year": "Năm",
    "once": "Một lần",
    "ad_hoc": "Đột xuất khi có yêu cầu",
    "event": "Khi có vụ việc",
    "unknown": "Chưa rõ kỳ",
}
RULE_TITLES: Mapping[str, str] = {
    "before": "Trước ngày",
    "by": "Chậm nhất ngày",
    "window": "Từ ngày … đến ngày …",
    "within": "Trong khoảng thời gian",
    "none": "Không nêu hạn",
}
STATUS_TITLES: Mapping[str, str] = {
    "open": "Chưa bắt đầu",
    "doing": "Đang làm",
    "done": "Đã xong",
    "cancelled": "Không làm nữa",
}
RECURRENCE_TITLES: Mapping[str, str] = RECURRENCES
CLOSED = ("done", "cancelled")
assert set(CYCLE_TITLES) == set(CYCLES)
assert set(RULE_TITLES) == set(RULES)


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A task as the board shows it. ``days_left`` counts from today; negative and still open: overdue."""

    row: TaskRow
    lead: str  # name
    helpers: tuple[str, ...]  # names
    last_working_day: date | None
    days_left: int | None
    times: int = 0  # how often it was done
    records: int = 0  # that prove it, outside the bin

    @property
    def recurrence(self) -> str:
        """How often it comes again, in words; empty: once."""
        return "" if self.row.recurrence == "none" else RECURRENCES[self.row.recurrence]

    @property
    def noted(self) -> bool:
        """Whether there is any work on it, which taking it away would lose."""
        row = self.row
        written = row.lead_unit or row.due_on or row.progress or row.note or row.evidence
        return bool(written or row.status != "open" or self.times or self.records)

    @property
    def overdue(self) -> bool:
        return self.days_left is not None and self.days_left < 0 and self.row.status not in CLOSED


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty to report, in words. ``last_day``: the last day to send in the plan's year, or None."""

    sender: str
    receiver: str
    via: str
    cycle: str
    due: str
    last_day: date | None
    last_working_day: date | None
    quote: str

    @property
    def last_day_words(self) -> str:
        """``31/05/2026 (ngày làm việc cuối 29/05/2026)``."""
        if self.last_day is None:
            return ""
        if self.last_working_day is None or self.last_working_day == self.last_day:
            return vi.day(self.last_day)
        return f"{vi.day(self.last_day)} (ngày làm việc cuối {vi.day(self.last_working_day)})"


@dataclass(frozen=True, slots=True)
class PlanDesk:
    """A kept plan with everything its page shows."""

    row: PlanRow
    tasks: tuple[TaskLine, ...]
    duties: tuple[DutyLine, ...]
    agencies: tuple[Choice, ...]  # to choose from: the active ones, and those that a task of the plan names
    today: date


def open_plan(office: Office, plan_id: str) -> PlanDesk:
    """A kept plan. Raises Refused ``not_found``."""
    context = office.context
    row = office.plans.get(plan_id)
    tasks = office.plans.tasks(plan_id)
    with context.store.read() as uow:
        agencies = uow.agencies.list()
        times = uow.task_work.of_plan(row.id)
        records = uow.task_work.counts(row.id)
    names = {agency.id: agency.name for agency in agencies}
    named = {key for task in tasks for key in (task.lead_unit, *task.helpers)}
    today = clock.today(context.clock)
    lines = tuple(
        TaskLine(
            row=task,
            lead=names.get(task.lead_unit or "", task.lead_unit or ""),
            helpers=tuple(names.get(helper, helper) for helper in task.helpers),
            last_working_day=last_working_day(task.due_on, context.calendar) if task.due_on else None,
            days_left=(task.due_on - today).days if task.due_on else None,
            times=len(times.get(task.id, ())),
            records=records.get(task.id, 0),
        )
        for task in tasks
    )
    year = row.year or today.year
    return PlanDesk(
        row=row,
        tasks=lines,
        duties=tuple(duty_line(item, year, context.calendar) for item in row.body.get("reporting", ())),
        agencies=tuple(
            Choice(agency.id, agency.name if agency.active else f"{agency.name} (không còn hoạt động)")
            for agency in agencies
            if agency.active or agency.id in named
        ),
        today=today,
    )


def duty_line(item: Mapping[str, Any], year: int, calendar: WorkingCalendar) -> DutyLine:
    """One reporting duty of a plan body (planning.model's JSON) in words."""
    due = item.get("due") or {}
    last = _last_day(item.get("last_day"), year)
    return DutyLine(
        sender=item.get("from") or "",
        receiver=item.get("to") or "",
        via=item.get("via") or "",
        cycle=CYCLE_TITLES.get(item.get("cycle") or "unknown", ""),
        due=due_words(due),
        last_day=last,
        last_working_day=last_working_day(last, calendar) if last else None,
        quote=item.get("quote") or "",
    )


def last_day_of(due: Mapping[str, Any], year: int | None) -> str | None:
    """The ``last_day`` that belongs to an edited ``due``: ``MM-DD`` or, where it names a year, ``YYYY-MM-DD``."""
    names = ("day", "month", "year", "from_day", "from_month")
    return last_day_text(Due(str(due.get("rule") or "none"), **{name: due.get(name) for name in names}), year)


def due_words(due: Mapping[str, Any]) -> str:
    """``trước ngày 01/6``, ``từ ngày 10/12 đến ngày 15/12``, ``trước ngày 20 hằng kỳ``, ``trong vòng 5 ngày``."""
    rule = str(due.get("rule") or "none")
    last = _spoken(due.get("day"), due.get("month"), due.get("year"))
    if rule == "none" or not last:
        return ""
    first = _spoken(due.get("from_day"), due.get("from_month") or due.get("month"), None)
    if rule in ("window", "within") and due.get("from_day"):
        return f"từ ngày {first} đến ngày {last}"
    if rule == "within":
        return f"trong vòng {due['day']} ngày" if due.get("month") is None else f"trong thời gian đến ngày {last}"
    word = "trước ngày" if rule == "before" else "chậm nhất ngày" if rule == "by" else "đến ngày"
    return f"{word} {last}" + ("" if due.get("month") else " của kỳ")


def _spoken(day: int | None, month: int | None, year: int | None) -> str:
    if day is None:
        return ""
    text = f"{day:02d}"
    if month is not None:
        text += f"/{month:02d}" if month <= 2 else f"/{month}"
        text += f"/{year}" if year is not None else ""
    return text


def _last_day(text: str | None, year: int) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text if len(text) > 5 else f"{year:04d}-{text}")
    except ValueError:
        return date(year, 3, 1) - timedelta(days=1) if text == "02-29" else None
