"""Working days and legal terms (DOMAIN §0.4)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.catalog.model import Cycle as RegimeCycle
from danvan_desktop.catalog.model import DayMark, DueRule, LegalTerm, Regime
from danvan_desktop.catalog.periods import parse_period
from danvan_desktop.planning.calendar import WorkingCalendar
from danvan_desktop.planning.deadlines import ReportStanding, WorkStanding, due_items, last_working_day
from danvan_desktop.planning.terms import term_end

MARKS = (
    DayMark(date(2026, 1, 1), False, "Tết Dương lịch", "Bộ luật Lao động"),
    DayMark(date(2026, 1, 2), False, "Nghỉ hoán đổi", "12729/VPCP-KGVX"),
    DayMark(date(2026, 1, 10), True, "Làm bù", "12729/VPCP-KGVX"),
    *(DayMark(date(2026, 2, day), False, "Tết Nguyên đán", "Thông báo", confirmed=True) for day in range(16, 21)),
    DayMark(date(2027, 2, 8), False, "Tết Nguyên đán", "dự kiến", confirmed=False),
)
CALENDAR = WorkingCalendar(MARKS)


def term(key: str, value: int, unit: str, first: date = date(2020, 1, 1), last: date | None = None,
         direction: str = "after", **when: object) -> LegalTerm:  # fmt: skip
    return LegalTerm(key, key, value, unit, first, last, "test", when, direction)


TERMS = (
    term("accept", 10, "day", last=date(2026, 6, 30)),
    term("accept", 7, "working_day", first=date(2026, 7, 1)),
    term("resolve", 30, "day"),
    term("resolve", 45, "day", complex=True),
    term("answer", 10, "working_day"),
    term("archive", 1, "month"),
    term("notice", 5, "working_day", direction="before"),
    term("reception", 1, "count_per_week"),
)


def test_make_up_days_and_days_off_override_the_week() -> None:
    assert not CALENDAR.is_working(date(2026, 1, 2))
    assert CALENDAR.is_working(date(2026, 1, 10))  # a Saturday
    assert CALENDAR.next_working(date(2026, 2, 14)) == date(2026, 2, 23)
    assert CALENDAR.previous_working(date(2026, 5, 31)) == date(2026, 5, 29)
    assert CALENDAR.add_working_days(date(2025, 12, 31), 1) == date(2026, 1, 5)
    assert CALENDAR.add_working_days(date(2026, 1, 5), -1) == date(2025, 12, 31)
    assert CALENDAR.add_working_days(date(2026, 1, 3), 0) == date(2026, 1, 3)
    mark = CALENDAR.mark(date(2026, 1, 10))
    assert mark is not None and mark.source == "12729/VPCP-KGVX"


def test_a_year_is_confirmed_only_when_all_its_rows_are() -> None:
    assert CALENDAR.confirmed(2026)
    assert not CALENDAR.confirmed(2027)
    assert not CALENDAR.confirmed(2028)  # no rows at all


def test_a_table_without_working_days_is_refused() -> None:
    never = WorkingCalendar(DayMark(date(2026, 1, 1) + timedelta(n), False, "", "") for n in range(800))
    with pytest.raises(ValueError, match="no working day"):
        never.next_working(date(2026, 1, 1))


def test_the_first_day_is_the_day_after_and_the_end_rolls_forward() -> None:
    assert term_end(TERMS, CALENDAR, "accept", date(2026, 4, 2)) == date(2026, 4, 13)  # 12/4 is a Sunday
    assert term_end(TERMS, CALENDAR, "answer", date(2026, 5, 4)) == date(2026, 5, 18)
    assert term_end(TERMS, CALENDAR, "archive", date(2026, 1, 31)) == date(2026, 3, 2)  # 28/2 is a Saturday


def test_the_version_in_force_on_the_starting_day_holds() -> None:
    assert term_end(TERMS, CALENDAR, "accept", date(2026, 6, 30)) == date(2026, 7, 10)
    assert term_end(TERMS, CALENDAR, "accept", date(2026, 7, 1)) == date(2026, 7, 10)
    assert term_end(TERMS, CALENDAR, "accept", date(2026, 7, 2)) == date(2026, 7, 13)


def test_conditions_choose_the_special_term_and_extensions_add() -> None:
    start = date(2026, 3, 2)
    assert term_end(TERMS, CALENDAR, "resolve", start) == date(2026, 4, 1)
    assert term_end(TERMS, CALENDAR, "resolve", start, {"complex": True}) == date(2026, 4, 16)
    assert term_end(TERMS, CALENDAR, "resolve", start, {}, (), (30,)) == date(2026, 5, 1)


def test_suspended_days_are_not_counted_and_an_open_suspension_has_no_end() -> None:
    start = date(2026, 3, 2)
    ten_days = [(date(2026, 3, 10), date(2026, 3, 19))]
    assert term_end(TERMS, CALENDAR, "resolve", start, {}, ten_days) == date(2026, 4, 13)  # 11/4 is a Saturday
    assert term_end(TERMS, CALENDAR, "resolve", start, {}, [(date(2026, 3, 10), None)]) is None


def test_terms_that_are_no_length_or_unknown_give_none() -> None:
    assert term_end(TERMS, CALENDAR, "reception", date(2026, 3, 2)) is None
    assert term_end(TERMS, CALENDAR, "unknown", date(2026, 3, 2)) is None


def test_terms_before_an_event_count_backwards() -> None:
    assert term_end(TERMS, CALENDAR, "notice", date(2026, 2, 24)) == date(2026, 2, 10)
    days = (term("d", 3, "day", direction="before"), term("m", 1, "month", direction="before"))
    assert term_end(days, CALENDAR, "d", date(2026, 5, 6)) == date(2026, 5, 1)
    assert term_end(days, CALENDAR, "m", date(2026, 5, 31)) == date(2026, 4, 30)


DAYS = st.dates(date(2025, 6, 1), date(2027, 6, 1))
LENGTHS = st.builds(
    lambda value, unit: (term("t", value, unit),), st.integers(0, 60), st.sampled_from(["day", "working_day"])
)
SUSPENSIONS = st.lists(
    st.builds(lambda first, days: (first, first + timedelta(days)), DAYS, st.integers(0, 40)), max_size=3
)


@settings(max_examples=150, deadline=None)
@given(LENGTHS, DAYS, SUSPENSIONS)
def test_a_term_never_ends_on_a_day_off_nor_while_suspended(
    terms: tuple[LegalTerm, ...], start: date, suspensions: list[tuple[date, date]]
) -> None:
    end = term_end(terms, CALENDAR, "t", start, {}, suspensions)
    assert end is not None and CALENDAR.is_working(end)
    assert not any(first <= end <= last for first, last in suspensions)


@settings(max_examples=150, deadline=None)
@given(LENGTHS, DAYS, SUSPENSIONS)
def test_suspended_time_never_counts(
    terms: tuple[LegalTerm, ...], start: date, suspensions: list[tuple[date, date]]
) -> None:
    end = term_end(terms, CALENDAR, "t", start, {}, suspensions)
    assert end is not None
    days = [start + timedelta(n) for n in range(1, (end - start).days + 1)]
    free = [day for day in days if not any(first <= day <= last for first, last in suspensions)]
    if terms[0].unit == "working_day":
        free = [day for day in free if CALENDAR.is_working(day)]
    assert len(free) >= terms[0].value


@settings(max_examples=150, deadline=None)
@given(LENGTHS, DAYS, st.integers(1, 30), SUSPENSIONS)
def test_a_later_start_never_ends_earlier(
    terms: tuple[LegalTerm, ...], start: date, later: int, suspensions: list[tuple[date, date]]
) -> None:
    first = term_end(terms, CALENDAR, "t", start, {}, suspensions)
    second = term_end(terms, CALENDAR, "t", start + timedelta(later), {}, suspensions)
    assert first is not None and second is not None and first <= second


def _regime(rule: DueRule) -> Regime:
    cycle = RegimeCycle("half_year", None, None, rule, "", "")
    return Regime("agency-to-commune", "", 1, ("commune_agency",), (), (cycle,))


def test_report_dates_do_not_roll_but_name_the_last_working_day() -> None:
    due = ReportStanding(_regime(DueRule("before", 1, 6)), parse_period("2026-H1"), "draft")
    (item,) = due_items(today=date(2026, 5, 28), calendar=CALENDAR, reports=[due])
    assert (item.due_on, item.last_working_day) == (date(2026, 5, 31), date(2026, 5, 29))
    assert (item.key, item.overdue, item.title) == ("agency-to-commune|2026-H1", False, "Báo cáo 6 tháng đầu năm 2026")
    assert last_working_day(date(2026, 5, 31), CALENDAR) == date(2026, 5, 29)


def test_what_is_due_comes_sorted_without_what_is_done_or_undated() -> None:
    half = parse_period("2026-H1")
    items = due_items(
        today=date(2026, 6, 1),
        calendar=CALENDAR,
        reports=[
            ReportStanding(_regime(DueRule("before", 1, 6)), half, "none"),
            ReportStanding(_regime(DueRule("none")), half, "none"),
            ReportStanding(_regime(DueRule("none")), half, "returned", due_on=date(2026, 6, 3)),
        ],
        tasks=[
            WorkStanding("t1", "Việc", date(2026, 6, 3), "open"),
            WorkStanding("t2", "Xong", date(2026, 5, 1), "", True),
        ],
        terms=[WorkStanding("r1", "Đơn", date(2026, 6, 3), "open"), WorkStanding("r2", "Không hạn", None, "open")],
    )
    assert [(item.kind, item.due_on.day, item.overdue) for item in items] == [
        ("report", 31, True),
        ("report", 3, False),
        ("term", 3, False),
        ("task", 3, False),
    ]
