"""Where things due come from: reports of the regimes, tasks of every plan, legal terms running on records.

Nothing that is not done ever drops out because time has passed: a report, a task or a term stays until it is done.
The one thing that tells a debt from history is the day this office was set up: a report that was due before and was
never begun here belongs to the time before the program.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..catalog.conditions import holds
from ..catalog.model import Filter, Form, Indicator, IndicatorKind, Regime
from ..catalog.periods import NAMES, Period, due_named, due_of, parse_period
from ..catalog.values import label_of
from ..kernel import clock, vi
from ..planning.deadlines import last_working_day
from ..store.due_queries import CLOSED_TASKS, PlannedTask
from ..store.rows import RecordRow
from ..store.store import UnitOfWork
from .context import Context

# How a report stands, from nothing done to accepted.
STATE_TITLES = {
    "none": "Chưa lập",
    "draft": "Đang dự thảo",
    "submitted": "Đã trình lãnh đạo",
    "frozen": "Đã phê duyệt, chưa gửi",
    "built": "Đã xuất gói, chờ biên nhận",
    "received": "Cấp trên đã nhận",
    "accepted": "Cấp trên đã chấp nhận",
    "returned": "Bị trả lại, cần sửa",
    "recalled": "Đã thu hồi",
    "outside": "Đã gửi ngoài chương trình",
}
DONE = frozenset({"received", "accepted", "outside"})
SENT_OUTSIDE = "reports_sent_outside"  # setting: regime|period → at, by, reason
KINDS = ("report", "task", "term")
_NO_EARLIER = date(2026, 1, 1)  # before it nobody used the program: an earlier stamp comes from a clock that was wrong
_ROLLS = timedelta(days=10)  # beyond the last day: how far days off around it can move it
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class DueEntry:
    """One thing due. ``kind``: report | task | term; ``key`` leads to it (regime|period, task id, record id, or
    record id#field where a record has several terms)."""

    kind: str
    key: str
    title: str
    due_on: date
    last_working_day: date
    state: str
    state_title: str
    overdue: bool
    days_left: int
    done: bool = False
    rule_words: str = ""  # how the regime says it: "trước ngày 01/6/2026"
    postponed_until: date | None = None  # somebody asked to be reminded again on that day; the term itself stands
    unsure: str = ""  # of a term counted in a calendar that is not confirmed yet: what is not
    area: int | None = None
    unit: str = ""  # name of the body in charge

    @property
    def target(self) -> str:
        """What opens it: the key without the name of the field."""
        return self.key.partition("#")[0] if self.kind == "term" else self.key


@dataclass(frozen=True, slots=True)
class Span:
    """Which last days are asked for (``first`` None: however old), and whether what is done is wanted too."""

    first: date | None
    last: date
    done: bool = False
    planned_to: date | None = None  # what is planned long before (reports, tasks) further ahead than terms
    done_from: date | None = None  # reports that are done: from this day on

    @property
    def last_planned(self) -> date:
        return self.planned_to or self.last

    def wants_report(self, due: date, *, done: bool) -> bool:
        if due > self.last_planned or (self.first is not None and due < self.first):
            return False
        return not done or self.done or (self.done_from is not None and due >= self.done_from)


@dataclass(frozen=True, slots=True)
class _Term:
    """A day of a form by which something must be done, and what says that it is."""

    form: Form
    due_field: str
    closed: tuple[Filter, ...]


def gather(
    context: Context, uow: UnitOfWork, today: date, span: Span, kinds: tuple[str, ...] = KINDS
) -> list[DueEntry]:
    """Everything due in ``span``, in no order."""
    names = {agency.id: agency.name for agency in uow.agencies.list()}
    found: list[DueEntry] = []
    if "report" in kinds:
        found += _reports(context, uow, today, span)
    if "task" in kinds:
        tasks = uow.due.tasks(span.first, span.last_planned, closed=span.done)
        found += [_task(context, item, today, names) for item in tasks]
    if "term" in kinds:
        for term in _terms(context):
            rows = uow.due.terms(
                term.form, term.due_field, term.closed, span.first, span.last, with_closed=span.done
            )  # fmt: skip
            found += [_term(context, term, row, today, names) for row in rows]
    return found


def due_since(uow: UnitOfWork) -> date:
    """The day from which reports of this office are owed in the program: that of its set-up."""
    first = uow.audit.first_stamp()
    return max(clock.civil_date(clock.parse_stamp(first)), _NO_EARLIER) if first else _NO_EARLIER


def make_entry(
    context: Context, kind: str, key: str, title: str, due: date, state: str, words: str, today: date, *, done: bool
) -> DueEntry:
    """An entry with what follows from its day."""
    return DueEntry(
        kind=kind, key=key, title=title, due_on=due, last_working_day=last_working_day(due, context.calendar),
        state=state, state_title=words, overdue=due < today and not done, days_left=(due - today).days, done=done,
    )  # fmt: skip


# -- reports --------------------------------------------------------------------------------------


def _reports(context: Context, uow: UnitOfWork, today: date, span: Span) -> Iterator[DueEntry]:
    standing = _standing(uow)
    profile, since = context.office(uow).profile, due_since(uow)
    years = {parse_period(period).year for _regime, period in standing} | {since.year}
    for regime in context.catalog.regimes.values():
        if profile not in regime.reporter_profiles:
            continue
        for period in _periods(regime, min(years) - 1, max(today.year, span.last_planned.year) + 1):
            known = standing.get((regime.key, period.key))
            state, new_day = known or ("none", None)
            due = new_day or due_of(regime, period)
            if due is None or (known is None and due < since):
                continue  # no last day, or from before this office used the program
            if span.wants_report(due, done=state in DONE):
                entry = make_entry(
                    context, "report", f"{regime.key}|{period.key}", f"Báo cáo {period.title}", due, state,
                    STATE_TITLES.get(state, state), today, done=state in DONE,
                )  # fmt: skip
                words = "theo phiếu trả lại" if new_day else rule_words(regime, period)
                yield replace(entry, rule_words=words)


def _standing(uow: UnitOfWork) -> dict[tuple[str, str], tuple[str, date | None]]:
    """(regime, period) → how far its newest revision is, and the new last day when it was returned with one."""
    sent = {(row.subject_id, row.revision): row for row in uow.packages.heads("out", "report")}
    found: dict[tuple[str, str], tuple[str, date | None]] = {}
    for row in sorted(uow.reports.list(), key=lambda item: item.revision):
        state, new_day = row.state, None
        package = sent.get((row.id, row.revision))
        if package is not None and state == "frozen":
            state = package.status
        if state == "returned" and package is not None:
            slips = [answer for answer in uow.packages.answers(package.id) if answer.kind == "return"]
            said = slips[-1].info.get("due_on") if slips else None
            new_day = date.fromisoformat(str(said)) if said else None
        if new_day is None and (row.regime, row.period) in found and state not in DONE:
            new_day = found[row.regime, row.period][1]  # the revision asked for is due on the day the slip named
        found[row.regime, row.period] = (state, new_day)
    for key in kept_dict(uow.settings.get(SENT_OUTSIDE, {})):
        regime, _bar, period = key.partition("|")
        found[regime, period] = ("outside", found.get((regime, period), ("", None))[1])
    return found


def kept_dict(kept: Any) -> dict[str, Any]:
    """A setting that holds a table, or an empty one."""
    return kept if isinstance(kept, dict) else {}


def _periods(regime: Regime, first: int, last: int) -> list[Period]:
    names = [name for cycle in regime.cycles for name in NAMES.get(cycle.period_kind, ())]
    return [parse_period(f"{year}{name}") for year in range(first, last + 1) for name in names]


def rule_words(regime: Regime, period: Period) -> str:
    """``trước ngày 01/6/2026``, as the regime says it; empty where it says the last day itself."""
    named = due_named(regime, period)
    return f"trước ngày {vi.short_day(named)}/{named.year}" if named else ""


# -- tasks ----------------------------------------------------------------------------------------


def _task(context: Context, planned: PlannedTask, today: date, names: Mapping[str, str]) -> DueEntry:
    task = planned.row
    assert task.due_on is not None  # asked for by its day
    words = f"Tiến độ {task.progress}%"
    if task.status in CLOSED_TASKS:
        words = "Đã xong" if task.status == "done" else "Không làm nữa"
    if planned.year is not None and planned.year != today.year:
        words += f" (kế hoạch năm {planned.year})"
    mark = f" {task.mark.rstrip('.')}" if task.mark else ""
    title = f"Nhiệm vụ{mark}. {task.text}"
    if len(title) > _LONGEST_TITLE:  # whole words
        title = title[:_LONGEST_TITLE].rpartition(" ")[0].rstrip(" ,;:…") + "…"
    entry = make_entry(
        context, "task", task.id, title, task.due_on, task.status, words, today,
        done=task.status in CLOSED_TASKS,
    )  # fmt: skip
    return replace(entry, area=task.area, unit=names.get(task.lead_unit or "", task.lead_unit or ""))


# -- legal terms ----------------------------------------------------------------------------------


def _terms(context: Context) -> list[_Term]:
    """The terms of the catalogue: days derived as legal terms that say what closes them (``closed``), and those that
    an indicator measures (``within_term``)."""
    found: dict[tuple[str, str], _Term] = {}
    for form in context.catalog.forms.values():
        for field in form.fields:
            if field.derive is not None and field.derive.args.get("closed"):
                found[form.key, field.key] = _Term(form, field.key, tuple(field.derive.args["closed"]))
    measured: dict[tuple[str, str], list[Indicator]] = {}
    for indicator in context.catalog.indicators.values():
        place = (indicator.source, indicator.due_field)
        if indicator.kind is IndicatorKind.WITHIN_TERM and place not in found:
            measured.setdefault(place, []).append(indicator)
    for (source, due_field), same in measured.items():
        measuring = context.catalog.forms.get(source)
        if measuring is not None and measuring.has_field(due_field):
            found[source, due_field] = _Term(
                measuring, due_field, (Filter(same[0].done_field, "is_set"), *_ruled_out(same))
            )  # fmt: skip
    return list(found.values())


def _ruled_out(same: list[Indicator]) -> tuple[Filter, ...]:
    """What rules a term out: that the one indicator which measures it asks for the other answer, as with a petition
    handed to the body that has jurisdiction. A question not yet answered rules nothing out."""
    if len(same) != 1:
        return ()
    asked = (item for item in same[0].filters if item.op in ("true", "false"))
    return tuple(Filter(item.field, "eq", item.op == "false") for item in asked)


def _term(context: Context, term: _Term, row: RecordRow, today: date, names: Mapping[str, str]) -> DueEntry:
    form = term.form
    due = date.fromisoformat(str(row.values[term.due_field]))
    done = any(holds((item,), row.values) for item in term.closed)
    words = form.field(term.due_field).title
    title = f"{form.short_title}, {words[:1].lower()}{words[1:]}: {label_of(form, row.values)}"
    entry = make_entry(
        context, "term", f"{row.id}#{term.due_field}", title[:_LONGEST_TITLE], due, "done" if done else "open",
        "Đã có kết quả" if done else "Chưa có kết quả", today, done=done,
    )  # fmt: skip
    entry = replace(entry, area=form.area, unit=names.get(row.unit, row.unit))
    return entry if done else _with_doubt(context, entry, row.event_date or today)


def _with_doubt(context: Context, entry: DueEntry, start: date) -> DueEntry:
    """A legal term that runs over days off nobody has confirmed may still move, and says so."""
    calendar = context.calendar
    if not calendar.known(entry.due_on.year):
        unsure = f"lịch nghỉ năm {entry.due_on.year} chưa nhập"
    elif doubtful := calendar.unsure(start, entry.due_on + _ROLLS):
        unsure = f"lịch nghỉ năm {doubtful[0].day.year} chưa xác nhận"
    else:
        return entry
    return replace(entry, unsure=unsure, state_title=f"{entry.state_title}; {unsure}")
