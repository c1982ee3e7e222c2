"""The first screen: what is due, when, in what state; then how far the eight areas are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..catalog.model import Filter, Indicator, IndicatorKind, Regime
from ..catalog.periods import Period, due_of, parse_period, window_of
from ..catalog.values import label_of
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..planning.deadlines import last_working_day
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
}
LOOK_AHEAD = timedelta(days=60)
LOOK_BACK = timedelta(days=200)
_ROLLS = timedelta(days=10)  # beyond the last day: how far days off around it can move it
TERMS_BACK = timedelta(days=3 * 366)  # a legal term that was missed stays on the first screen until there is a result
LONGEST_POSTPONEMENT = timedelta(days=366)
POSTPONED = "postponed"  # setting: kind|key → until, due, by, at
CLOSED_TASKS = ("done", "cancelled")
DONE = frozenset({"received", "accepted"})


@dataclass(frozen=True, slots=True)
class DueEntry:
    """One thing due. ``kind``: report | task | term; ``key`` leads to it (regime|period, task id, record id)."""

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


def postponed(entries: Iterable[DueEntry], kept: Any, today: date) -> list[DueEntry]:
    """The entries, those marked that somebody put off to a later day. One comes back on that day, and at once when
    its last day has changed meanwhile: nothing is ever missed because it was put off."""
    result = []
    for entry in entries:
        put_off = kept.get(f"{entry.kind}|{entry.key}") if isinstance(kept, dict) else None
        if put_off and put_off["due"] == entry.due_on.isoformat():
            until = date.fromisoformat(put_off["until"])
            if until > today and not entry.done:
                entry = replace(entry, postponed_until=until)
        result.append(entry)
    return result


class DueService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def home(self) -> HomeView:
        """Everything for the first screen, overdue first, then by date."""
        context = self._context
        today = clock.today(context.clock)
        with context.store.read() as uow:
            office = context.office(uow)
            entries = [*self._reports(uow, office.profile, today), *self._tasks(uow, today), *self._terms(uow, today)]
            entries = postponed(entries, uow.settings.get(POSTPONED, {}), today)
            entries.sort(key=lambda item: (item.done, item.due_on, item.title))
            first, last = self._running_window(office.profile, today)
            areas = self._areas(uow, first, last, today.year)
        return HomeView(today, tuple(entries), areas, first, last)

    def postpone(self, entry: DueEntry, until: date | None) -> Changes:
        """Do not show ``entry`` before the day ``until`` (None: show it again). The term itself does not move; who put
        it off and when is kept. Raises Refused ``day_invalid``: tomorrow at the earliest, a year at the most.
        """
        context = self._context
        today = clock.today(context.clock)
        if until is not None and not today < until <= today + LONGEST_POSTPONEMENT:
            raise Refused(
                "day_invalid", "Ngày nhắc lại phải sau hôm nay và không quá một năm. Việc này vẫn hiện trong danh sách."
            )
        name = f"{entry.kind}|{entry.key}"
        with context.store.unit() as uow:
            known = uow.settings.get(POSTPONED, {})
            kept = {key: item for key, item in known.items() if item["until"] > today.isoformat()}
            kept.pop(name, None)
            if until is not None:
                kept[name] = {
                    "until": until.isoformat(),
                    "due": entry.due_on.isoformat(),
                    "by": context.by,
                    "at": clock.stamp(context.clock.now()),
                }
            uow.settings.set(POSTPONED, kept)
            uow.audit.append("reminder_postponed", entry.key, {"until": until.isoformat() if until else ""})
        return Changes.of("due")

    def _entry(
        self,
        kind: str,
        key: str,
        title: str,
        due: date,
        state: str,
        words: str,
        today: date,
        done: bool,
        rule_words: str = "",
    ) -> DueEntry:
        return DueEntry(
            kind=kind,
            key=key,
            title=title,
            due_on=due,
            last_working_day=last_working_day(due, self._context.calendar),
            state=state,
            state_title=words,
            overdue=due < today and not done,
            days_left=(due - today).days,
            done=done,
            rule_words=rule_words,
        )

    def _periods(self, today: date) -> list[Period]:
        keys = [f"{year}{suffix}" for year in (today.year - 1, today.year, today.year + 1) for suffix in ("", "-H1")]
        return [parse_period(key) for key in keys]

    def _reports(self, uow: UnitOfWork, profile: str, today: date) -> list[DueEntry]:
        states: dict[tuple[str, str], str] = {}
        for row in sorted(uow.reports.list(), key=lambda item: item.revision):
            states[(row.regime, row.period)] = row.state
            if row.state == "frozen":
                for sent in uow.packages.heads("out", "report"):
                    if sent.subject_id == row.id and sent.revision == row.revision:
                        states[(row.regime, row.period)] = sent.status
        entries = []
        for regime in self._context.catalog.regimes.values():
            if profile not in regime.reporter_profiles:
                continue
            for period in self._periods(today):
                due = due_of(regime, period)
                if due is None or not today - LOOK_BACK <= due <= today + timedelta(days=366):
                    continue
                state = states.get((regime.key, period.key), "none")
                done = state in DONE
                if due < today - LOOK_BACK / 2 and (done or state == "none"):
                    continue  # long past and either settled or from before this office used the program
                title = f"Báo cáo {period.title}"
                entries.append(self._entry("report", f"{regime.key}|{period.key}", title, due, state,
                                           STATE_TITLES[state], today, done, _rule_words(regime, period)))  # fmt: skip
        return entries

    def _tasks(self, uow: UnitOfWork, today: date) -> list[DueEntry]:
        """Open tasks of the plan of this year, and those that last year's plan left behind."""
        plans = [uow.plans.current(year) for year in (today.year - 1, today.year)]
        entries = []
        for task in [task for plan in plans if plan for task in uow.plans.tasks(plan.id)]:
            if task.due_on and task.status not in CLOSED_TASKS:
                due = task.due_on
                title = f"Nhiệm vụ {task.mark} {task.text}"
                entries.append(
                    self._entry("task", task.id, title[:160], due, "open", f"Tiến độ {task.progress}%", today, False)
                )
        return entries

    def _terms(self, uow: UnitOfWork, today: date) -> list[DueEntry]:
        """Legal terms running out: every term the catalogue measures (``within_term``) whose work is not done."""
        entries = []
        measured: dict[tuple[str, str], list[Indicator]] = {}
        for indicator in self._context.catalog.indicators.values():
            if indicator.kind is IndicatorKind.WITHIN_TERM:
                measured.setdefault((indicator.source, indicator.due_field), []).append(indicator)
        for (source, due_field), same in measured.items():
            form, indicator = self._context.catalog.forms.get(source), same[0]
            if form is None or not form.has_field(due_field):
                continue
            waiting = Indicator(
                key="waiting",
                code="",
                area=form.area,
                title="",
                unit="",
                kind=IndicatorKind.COUNT,
                source=form.key,
                date_field=indicator.due_field,
                filters=(Filter(indicator.due_field, "is_set"), Filter(indicator.done_field, "not_set")),
            )
            for record_id in uow.indicators.record_ids(
                waiting, form, today - TERMS_BACK, today + LOOK_AHEAD, units=None
            ):
                row = uow.records.get(record_id)
                if row is None or all(_ruled_out(item, row.values) for item in same):
                    continue
                due = date.fromisoformat(str(row.values[indicator.due_field]))
                words = form.field(indicator.due_field).title
                label = label_of(form, row.values)
                entry = self._entry("term", row.id, f"{form.short_title}, {words.lower()}: {label}", due, "open",
                                    "Chưa có kết quả", today, False)  # fmt: skip
                entries.append(self._with_doubt(entry, row.event_date or today))
        return entries

    def _with_doubt(self, entry: DueEntry, start: date) -> DueEntry:
        """A legal term that runs over days off nobody has confirmed may still move, and says so."""
        calendar = self._context.calendar
        if not calendar.known(entry.due_on.year):
            unsure = f"lịch nghỉ năm {entry.due_on.year} chưa nhập"
        elif doubtful := calendar.unsure(start, entry.due_on + _ROLLS):
            unsure = f"lịch nghỉ năm {doubtful[0].day.year} chưa xác nhận"
        else:
            return entry
        return replace(entry, unsure=unsure, state_title=f"{entry.state_title}; {unsure}")

    def _running_window(self, profile: str, today: date) -> tuple[date, date]:
        for regime in self._context.catalog.regimes.values():
            if profile in regime.reporter_profiles:
                for period in self._periods(today):
                    window = window_of(regime, period)
                    if period.kind == "year" and window.first <= today <= window.last:
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


def _ruled_out(indicator: Indicator, values: Mapping[str, Any]) -> bool:
    """Whether the term does not run for this record: what the indicator asks for was answered the other way, as with
    a petition handed to the body that has jurisdiction. A question not yet answered rules nothing out.
    """
    return any(
        values.get(item.field) is (item.op == "false") for item in indicator.filters if item.op in ("true", "false")
    )


def _rule_words(regime: Regime, period: Period) -> str:
    cycle = regime.cycle(period.kind)
    rule = cycle.due if cycle else None
    if rule is None or rule.rule != "before" or rule.day is None or rule.month is None:
        return ""
    return f"trước ngày {vi.short_day(date(period.year, rule.month, rule.day))}/{period.year}"
