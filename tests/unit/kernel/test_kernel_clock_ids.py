"""Time as Vietnam counts it, and identifiers that sort by it."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_desktop.kernel import ids
from danvan_desktop.kernel.clock import (
    FixedClock,
    SystemClock,
    civil_date,
    parse_stamp,
    stamp,
    today,
)

moments = st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 31)).map(lambda m: m.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 5, 31, 16, 59, 59, tzinfo=UTC), date(2026, 5, 31)),
        (datetime(2026, 5, 31, 17, 0, tzinfo=UTC), date(2026, 6, 1)),
        (datetime(2025, 12, 31, 23, 0, tzinfo=UTC), date(2026, 1, 1)),
        (datetime(2026, 6, 1, 0, 30, tzinfo=timezone(timedelta(hours=9))), date(2026, 5, 31)),
    ],
)
def test_the_civil_date_is_that_of_vietnam(moment: datetime, day: date) -> None:
    assert civil_date(moment) == day
    assert today(FixedClock(moment)) == day


def test_the_machine_clock_is_aware_and_in_utc() -> None:
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert now.year >= 2025


@given(moments)
def test_a_stamp_comes_back_to_the_second(moment: datetime) -> None:
    text = stamp(moment)
    assert len(text) == 20
    assert text.endswith("Z")
    assert parse_stamp(text) == moment.replace(microsecond=0)


def test_a_stamp_of_another_zone_is_the_same_moment() -> None:
    assert stamp(datetime(2026, 5, 28, 8, 0, tzinfo=timezone(timedelta(hours=7)))) == "2026-05-28T01:00:00Z"
    assert parse_stamp("2026-05-28T08:00:00+07:00") == parse_stamp("2026-05-28T01:00:00Z")


@pytest.mark.parametrize("text", ["", "2026-05-28", "2026-05-28T08:00:00", "28/05/2026", "Z", "2026-13-01T00:00:00Z"])
def test_a_time_without_its_offset_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_stamp(text)


def test_a_clock_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone-aware"):
        FixedClock(datetime(2026, 1, 1))


def test_a_clock_set_to_local_time(fixed_clock: FixedClock) -> None:
    fixed_clock.set_local(date(2026, 1, 1), 6, 30)
    assert stamp(fixed_clock.now()) == "2025-12-31T23:30:00Z"
    assert today(fixed_clock) == date(2026, 1, 1)


@given(moments)
def test_an_id_is_a_version_7_uuid_of_its_moment(moment: datetime) -> None:
    value = uuid.UUID(ids.new_id(FixedClock(moment)))
    assert value.version == 7
    assert value.variant == uuid.RFC_4122
    assert value.int >> 80 == int(moment.timestamp() * 1000)


def test_ids_keep_their_order_within_a_millisecond_and_after_it(fixed_clock: FixedClock) -> None:
    made = [ids.new_id(fixed_clock) for _ in range(2000)]
    fixed_clock.set(fixed_clock.now() + timedelta(milliseconds=1))
    made.append(ids.new_id(fixed_clock))
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_clock_that_steps_back_makes_no_id_twice(fixed_clock: FixedClock) -> None:
    start = fixed_clock.now()
    made = set()
    for turn in range(300):
        fixed_clock.set(start - timedelta(milliseconds=turn % 3))
        made.add(ids.new_id(fixed_clock))
    assert len(made) == 300


@pytest.mark.parametrize("text", ["", "x", "0" * 32, "{019e6c8e-0000-7000-8000-000000000000}", "../../etc/passwd"])
def test_other_spellings_are_no_ids(text: str) -> None:
    assert not ids.is_id(text)


def test_own_ids_are_ids(fixed_clock: FixedClock) -> None:
    made = ids.new_id(fixed_clock)
    assert ids.is_id(made)
    assert not ids.is_id(made.upper())
