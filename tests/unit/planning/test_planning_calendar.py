"""Working days and legal terms (DOMAIN §0.4)."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Cycle as RegimeCycle
from danvan_desktop.catalog.model import DayMark, DueRule, LegalTerm, Regime
from danvan_desktop.catalog.periods import parse_period
from danvan_desktop.catalog.terms import term_on
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


# -- the shipped table and terms ----------------------------------------------------------------

SHIPPED = load_shipped()
SHIPPED_CALENDAR = WorkingCalendar(SHIPPED.calendar)
MEASURED = sorted({item.key for item in SHIPPED.terms if item.unit in ("day", "working_day", "month")})
CONDITIONS = st.fixed_dictionaries(
    {}, optional={"complex": st.booleans(), "remote_area": st.booleans(), "round": st.sampled_from(["first", "second"])}
)
SHIPPED_DAYS = st.dates(date(2025, 7, 1), date(2027, 9, 1))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(MEASURED), SHIPPED_DAYS, CONDITIONS, SUSPENSIONS, st.lists(st.integers(1, 30), max_size=2))
def test_no_legal_term_ends_on_a_day_off(
    key: str,
    start: date,
    conditions: dict[str, object],
    suspensions: list[tuple[date, date]],
    extensions: list[int],
) -> None:
    end = term_end(SHIPPED.terms, SHIPPED_CALENDAR, key, start, conditions, suspensions, extensions)
    if end is None:  # no version of this term was in force on that day
        assert not any(
            t.key == key and t.valid_from <= start and (t.valid_to is None or start <= t.valid_to)
            for t in SHIPPED.terms
        )
        return
    assert SHIPPED_CALENDAR.is_working(end)
    direction = next(item.direction for item in SHIPPED.terms if item.key == key)
    assert end >= start if direction == "after" else end < start


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(MEASURED), SHIPPED_DAYS, st.lists(st.integers(1, 30), min_size=1, max_size=2), SUSPENSIONS)
def test_an_extension_never_shortens(
    key: str, start: date, extensions: list[int], suspensions: list[tuple[date, date]]
) -> None:
    plain = term_end(SHIPPED.terms, SHIPPED_CALENDAR, key, start, {}, suspensions)
    longer = term_end(SHIPPED.terms, SHIPPED_CALENDAR, key, start, {}, suspensions, extensions)
    if plain is not None and longer is not None and plain > start:
        assert longer >= plain


@settings(max_examples=150, deadline=None)
@given(LENGTHS, DAYS, SUSPENSIONS, st.tuples(DAYS, st.integers(0, 40)))
def test_one_more_suspension_never_shortens(
    terms: tuple[LegalTerm, ...], start: date, suspensions: list[tuple[date, date]], more: tuple[date, int]
) -> None:
    one = term_end(terms, CALENDAR, "t", start, {}, suspensions)
    two = term_end(terms, CALENDAR, "t", start, {}, [*suspensions, (more[0], more[0] + timedelta(more[1]))])
    assert one is not None and two is not None and one <= two


@pytest.mark.parametrize(
    ("key", "before", "after"),
    [
        ("complaint_acceptance", (10, "working_day"), (7, "working_day")),
        ("chair_reception", (1, "count_per_week"), (2, "count_per_month")),
        ("reception_refusal_notice", None, (3, "working_day")),
        ("complaint_suspension_notice", None, (3, "working_day")),
    ],
)
def test_both_halves_of_2026(key: str, before: tuple[int, str] | None, after: tuple[int, str]) -> None:
    def on(day: date) -> tuple[int, str] | None:
        try:
            found = term_on(SHIPPED.terms, key, day)
        except KeyError:
            return None
        return found.value, found.unit

    assert (on(date(2026, 6, 30)), on(date(2026, 7, 1))) == (before, after)


def test_statutory_holidays_agree_with_the_library_where_it_is_right() -> None:
    library = holidays.country_holidays("VN", years=range(2025, 2028))
    wrong = {date(2026, 1, 2), date(2026, 1, 10)}  # exchanged by the Government; the library does not know
    # an unconfirmed day is a guess on either side
    for day in library:
        mark = SHIPPED_CALENDAR.mark(day)
        if day in wrong or day.weekday() >= 5 or (mark is not None and not mark.confirmed):
            continue
        if not SHIPPED_CALENDAR.is_working(day):
            continue
        assert day.year == 2027, f"{day}: {library[day]}"  # notices of 2027 are not out
    for mark in SHIPPED.calendar:
        statutory = any(word in mark.title for word in ("Tết Dương lịch", "30/4", "01/5", "Giỗ Tổ", "02/9"))
        if statutory and mark.confirmed and not mark.working and mark.day.weekday() < 5 and "bù" not in mark.title:
            assert mark.day in library or "hoán đổi" in mark.title.casefold(), mark


def test_years_that_are_shipped_and_which_are_not_confirmed() -> None:
    assert {mark.day.year for mark in SHIPPED.calendar} == {2025, 2026, 2027}
    assert SHIPPED_CALENDAR.confirmed(2025)
    assert not SHIPPED_CALENDAR.confirmed(2027)
    assert not SHIPPED_CALENDAR.known(2028)
    assert [mark.day for mark in SHIPPED_CALENDAR.unsure(date(2026, 1, 1), date(2026, 12, 31))] == [date(2026, 11, 24)]
    assert all(mark.source and mark.title for mark in SHIPPED.calendar)
    assert not SHIPPED_CALENDAR.is_working(date(2026, 2, 17))  # Tết
    assert SHIPPED_CALENDAR.is_working(date(2026, 8, 22))  # a make-up Saturday
