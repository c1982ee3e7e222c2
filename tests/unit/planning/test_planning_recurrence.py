"""When a task comes again; which task of a plan read again is which."""

from __future__ import annotations

import calendar
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.planning.matching import same_tasks
from danvan_desktop.planning.model import Task
from danvan_desktop.planning.recurrence import RECURRENCES, next_due


@pytest.mark.parametrize(
    ("due", "recurrence", "day", "following"),
    [
        (date(2026, 1, 31), "none", None, None),
        (date(2026, 1, 31), "weekly", None, date(2026, 2, 7)),
        (date(2026, 1, 31), "monthly", 31, date(2026, 2, 28)),
        (date(2026, 2, 28), "monthly", 31, date(2026, 3, 31)),
        (date(2026, 2, 28), "monthly", 28, date(2026, 3, 28)),
        (date(2024, 1, 30), "monthly", 30, date(2024, 2, 29)),
        (date(2026, 3, 31), "quarterly", 31, date(2026, 6, 30)),
        (date(2026, 6, 30), "quarterly", 31, date(2026, 9, 30)),
        (date(2026, 5, 31), "half_yearly", 31, date(2026, 11, 30)),
        (date(2024, 2, 29), "yearly", 29, date(2025, 2, 28)),
        (date(2027, 2, 28), "yearly", 29, date(2028, 2, 29)),
        (date(2026, 12, 31), "monthly", 31, None),  # the plan ends with its year
        (date(2026, 12, 28), "weekly", None, None),
        (date(2026, 8, 31), "half_yearly", 31, None),
        (date(2026, 12, 31), "yearly", 31, date(2027, 12, 31)),
        (date(9999, 12, 31), "yearly", 31, None),
    ],
)
def test_the_next_last_day(due: date, recurrence: str, day: int | None, following: date | None) -> None:
    assert next_due(due, recurrence, day=day, year=due.year) == following


def test_a_task_of_another_year_ends_with_its_plan() -> None:
    assert next_due(date(2027, 1, 31), "monthly", year=2026) is None
    assert next_due(date(2025, 12, 31), "monthly", year=2026) == date(2026, 1, 31)
    with pytest.raises(ValueError, match="daily"):
        next_due(date(2026, 1, 1), "daily")


@settings(max_examples=40)
@given(
    st.dates(date(2000, 1, 1), date(2100, 12, 31)),
    st.sampled_from([key for key in RECURRENCES if key != "none"]),
)
def test_month_ends_never_creep(first: date, recurrence: str) -> None:
    due: date | None = first
    for _ in range(30):
        assert due is not None
        following = next_due(due, recurrence, day=first.day, year=9999)
        assert following is not None
        assert following > due
        if recurrence != "weekly":
            last = calendar.monthrange(following.year, following.month)[1]
            assert following.day == min(first.day, last)
        due = following


def test_a_task_read_again_is_known_by_its_words() -> None:
    kept = [
        Task("a", "1", 1, "Tổ chức tuyên truyền chủ trương của Đảng về công tác dân vận"),
        Task("b", "2", 2, "Đối thoại định kỳ với Nhân dân ở các thôn"),
        Task("c", "3", 3, "Thực hiện phong trào Dân vận khéo"),
    ]
    read = [
        Task("", "1", 2, "Đối thoại định kỳ với Nhân dân ở các thôn"),  # another mark
        Task("", "2", 1, "Tổ chức tuyên truyền chủ trương của Đảng về công tác dân vận năm 2026"),
        Task("", "3", 4, "Rà soát thủ tục hành chính, cắt giảm giấy tờ"),
        Task("", "4", 2, "Đối thoại định kỳ với Nhân dân ở các thôn"),  # said twice: known once
    ]
    assert same_tasks(kept, read) == {0: "b", 1: "a"}
    assert same_tasks([], read) == {}
