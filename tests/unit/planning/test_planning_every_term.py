"""Every legal term shipped, on every day of 2025 to 2027: Tết, days exchanged, make-up days, both laws of 2026."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import LegalTerm
from danvan_desktop.planning.calendar import WorkingCalendar
from danvan_desktop.planning.terms import term_end

SHIPPED = load_shipped()
CALENDAR = WorkingCalendar(SHIPPED.calendar)
FIRST, LAST = date(2025, 1, 1), date(2027, 12, 1)
DAYS = [FIRST + timedelta(n) for n in range((LAST - FIRST).days)]
ROWS = [term for term in SHIPPED.terms if term.unit in ("day", "working_day", "month")]
NAMES = [f"{term.key}-{'-'.join(map(str, term.when)) or 'plain'}-{term.valid_from}" for term in ROWS]

# the rows of DOMAIN 3.1, 3.2, 6 and 7: key, conditions, value, unit, a day it holds on, words of the source
A, B = date(2026, 3, 2), date(2026, 8, 3)  # before and after 01/7/2026
LAW: tuple[tuple[str, dict[str, object], int, str, date, str], ...] = (
    ("complaint_limitation", {}, 90, "day", A, "Luật Khiếu nại 2011 Điều 9"),
    ("complaint_acceptance", {}, 10, "working_day", A, "Điều 27"),
    ("complaint_acceptance", {}, 7, "working_day", B, "NĐ 155/2026/NĐ-CP Điều 10"),
    ("complaint_second_lodging", {}, 30, "day", A, "Điều 33"),
    ("complaint_second_lodging", {"remote_area": True}, 45, "day", A, "Điều 33"),
    ("complaint_decision_sent", {}, 3, "working_day", A, "Điều 32"),
    ("complaint_suspension_notice", {}, 3, "working_day", B, "28a"),
    ("complaint_dialogue_notice", {}, 5, "day", B, "Điều 28"),
    ("denunciation_initial_handling", {}, 7, "working_day", A, "Điều 24.1"),
    ("denunciation_initial_handling", {"verified_elsewhere": True}, 10, "working_day", A, "Điều 24.1"),
    ("denunciation_transfer", {}, 5, "working_day", A, "Điều 24.2"),
    ("denunciation_acceptance_notice", {}, 5, "working_day", A, "Điều 29"),
    ("denunciation_resolution", {}, 30, "day", A, "Điều 30"),
    ("denunciation_extension", {}, 30, "day", A, "Điều 30"),
    ("denunciation_conclusion_sent", {}, 5, "working_day", A, "Điều 35"),
    ("denunciation_conclusion_handled", {}, 7, "working_day", A, "Điều 36"),
    ("denunciation_conclusion_published", {}, 7, "working_day", A, "Điều 40"),
    ("reception_reply", {}, 10, "working_day", A, "Điều 28.1"),
    ("feedback_answer", {}, 10, "working_day", A, "Điều 28.1"),
    ("transferred_result", {}, 7, "working_day", A, "Điều 27.2"),
    ("petition_inaction", {}, 45, "day", B, "41.3b"),
    ("reception_refusal_notice", {}, 3, "working_day", B, "NĐ 154/2026/NĐ-CP Điều 4"),
    ("online_reception_notice", {}, 5, "working_day", B, "Điều 16–24"),
    ("online_reception_test", {}, 1, "working_day", B, "Điều 16–24"),
    ("chair_reception", {}, 1, "count_per_week", A, "Điều 15.2"),
    ("chair_reception", {}, 2, "count_per_month", B, "Luật 136/2025/QH15"),
    ("agency_head_reception", {}, 1, "count_per_month", A, "Điều 18.2"),
    ("disclosure_publication", {}, 5, "working_day", A, "Điều 12.3"),
    ("posting_length", {}, 30, "day", A, "Điều 13"),
    ("agency_disclosure", {}, 5, "working_day", A, "Điều 47"),
    ("agency_posting_length", {}, 20, "day", A, "Điều 48"),
    ("consultation_length", {}, 20, "day", A, "Điều 28.2"),
    ("staff_conference", {}, 3, "month", A, "Điều 51"),
    ("dialogue_notice", {}, 7, "day", A, "đối thoại"),
    ("dialogue_results", {}, 10, "day", A, "đối thoại"),
)


@pytest.mark.parametrize(("key", "when", "value", "unit", "day", "source"), LAW)
def test_every_row_of_the_law_is_there_with_its_source(
    key: str, when: dict[str, object], value: int, unit: str, day: date, source: str
) -> None:
    (row,) = [
        term
        for term in SHIPPED.terms
        if term.key == key and dict(term.when) == when and term.valid_from <= day <= (term.valid_to or day)
    ]
    assert (row.value, row.unit) == (value, unit)
    assert source in row.source and row.title


def ends(row: LegalTerm) -> list[tuple[date, date]]:
    """(start, end) of one row, on every day on which it holds."""
    within = [day for day in DAYS if row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)]
    found = [(day, term_end([row], CALENDAR, row.key, day, row.when)) for day in within]
    return [(day, end) for day, end in found if end is not None]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_no_day_of_three_years_ends_a_term_on_a_day_off_or_a_later_one_earlier(row: LegalTerm) -> None:
    """Within one version of the law: over a change of the law the version of the starting day holds to its end."""
    every = ends(row)
    assert len(every) > 500 or row.valid_to is not None or row.valid_from > FIRST
    for start, end in every:
        assert CALENDAR.is_working(end), (start, end)
        assert end >= start if row.direction == "after" else end < start
        if row.unit == "day":  # calendar days, then the first working day: nothing between is worked
            bare = start + timedelta(row.value if row.direction == "after" else -row.value)
            assert CALENDAR.next_working(bare) == end or CALENDAR.previous_working(bare) == end
            assert (end >= bare) if row.direction == "after" else (end <= bare)
        if row.unit == "working_day" and row.direction == "after":
            between = (start + timedelta(n) for n in range(1, (end - start).days + 1))
            assert sum(map(CALENDAR.is_working, between)) == row.value, (start, end)
    assert all(one[1] <= two[1] for one, two in pairwise(every))


SUSPENDED = st.lists(
    st.builds(lambda first, days: (first, first + timedelta(days)), st.dates(FIRST, LAST), st.integers(0, 45)),
    max_size=3,
)


@settings(max_examples=120, deadline=None)
@given(st.sampled_from(ROWS), st.dates(date(2025, 1, 1), date(2027, 9, 1)), st.integers(1, 45), SUSPENDED)
def test_shipped_terms_do_not_count_suspended_days_and_keep_their_order(
    row: LegalTerm, start: date, later: int, suspensions: list[tuple[date, date]]
) -> None:
    version = LegalTerm(row.key, row.title, row.value, row.unit, FIRST, None, row.source, row.when, row.direction)
    one = term_end([version], CALENDAR, row.key, start, row.when, suspensions)
    two = term_end([version], CALENDAR, row.key, start + timedelta(later), row.when, suspensions)
    assert one is not None and two is not None and one <= two
    assert CALENDAR.is_working(one)
    if row.direction == "before":
        return
    stopped = {first + timedelta(n) for first, last in suspensions for n in range((last - first).days + 1)}
    assert one not in stopped
    days = [start + timedelta(n) for n in range(1, (one - start).days + 1)]
    counted = [day for day in days if day not in stopped and (row.unit != "working_day" or CALENDAR.is_working(day))]
    least = 89 if row.unit == "month" else row.value
    assert len(counted) >= least


def test_tet_and_make_up_days_move_terms() -> None:
    """Bính Ngọ: off from 14 to 22 February 2026; Saturday 22 August 2026 is worked."""

    def end(key: str, start: date) -> date | None:
        return term_end(SHIPPED.terms, CALENDAR, key, start)

    assert end("denunciation_transfer", date(2026, 2, 12)) == date(2026, 2, 26)  # 13, 23, 24, 25, 26
    assert end("complaint_resolution", date(2026, 1, 16)) == date(2026, 2, 23)  # the 30th day is 15 February
    assert end("complaint_acceptance", date(2026, 8, 13)) == date(2026, 8, 22)  # 14, 17–21 and the Saturday
    assert end("complaint_acceptance", date(2026, 6, 30)) == date(2026, 7, 14)  # ten days, of the law of that day
    assert end("complaint_acceptance", date(2026, 7, 1)) == date(2026, 7, 10)
    assert end("reception_reply", date(2025, 1, 24)) == date(2025, 2, 14)  # off from 25 January to 2 February 2025
