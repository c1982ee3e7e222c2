"""Approving and numbering: the numbers are today's, the series has no gaps, the clock is believed with reason."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import services_office
from prepared_homes import copy_of

from danvan_desktop.bootstrap import wire
from danvan_desktop.catalog.model import Json
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.clock_guard import confirm_clock
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput
from danvan_desktop.store.home import open_home

REGIME = "commune-to-province"
NOW = parse_stamp("2026-05-20T02:00:00Z")
made: dict[str, str] = {}  # the reports in the copied homes: their ids are the same in every copy


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW)


@pytest.fixture
def office(tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    """With a report of the half year that only waits for its approval."""
    copy_of("numbers_ready", tmp_path / "home", _with_a_report)
    opened = _opened(tmp_path / "home", clock)
    yield opened
    opened.close()


@pytest.fixture
def approved(tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    """With two reports approved, the half year's first."""
    copy_of("numbers_approved", tmp_path / "approved", _with_two_approved)
    opened = _opened(tmp_path / "approved", clock)
    yield opened
    opened.close()


def _opened(home: Path, clock: FixedClock) -> Office:
    return wire(open_home(home, clock=clock, account=None, password="x"), clock)


def _with_a_report(home: Path) -> Office:
    office = services_office.make(home, FixedClock(NOW))
    made["ready"] = _ready(office, "2026-H1")
    return office


def _with_two_approved(home: Path) -> Office:
    copy_of("numbers_ready", home, _with_a_report)
    office = _opened(home, FixedClock(NOW))
    office.reports.approve(made["ready"])
    made["second"] = _frozen(office, "2026-05-01..2026-05-10")
    return office


def _ready(office: Office, period: str) -> str:
    """A report of ``period`` with everything decided and written."""
    office.indicators.confirm_nil(REGIME, period, *office.indicators.undecided(REGIME, period))
    report, _ = office.reports.make(REGIME, period)
    for problem in office.reports.view(report).problems:
        kind, _, key = problem.key.partition(":")
        if problem.severity == "error" and kind == "section":
            office.reports.edit(report, key, f"Đã triển khai theo kế hoạch của kỳ {period}.")
    return report


def _frozen(office: Office, period: str) -> str:
    report = _ready(office, period)
    office.reports.approve(report)
    return report


def _reception(office: Office) -> None:
    values: dict[str, Json] = {
        "received_on": "2026-04-02", "kind": "periodic", "receiver": "Chủ tịch", "people": 6,
        "petition_kind": "feedback", "visitor": "Nguyễn Thị Mẫu", "content": "Phản ánh", "first_time": "first",
    }  # fmt: skip
    unit = office.settings.load().agencies[0].id
    office.records.save("citizen_reception", RecordInput(unit=unit, values=values), final=True)


def test_what_is_approved_is_what_stands_in_the_records(office: Office) -> None:
    report = made["ready"]
    _reception(office)
    with pytest.raises(Refused, match="figures_changed") as refused:
        office.reports.approve(report)
    assert "receptions" in refused.value.details["figures"]
    assert office.reports.view(report).state == "draft"
    office.reports.refresh(report)
    for scope in office.indicators.undecided(REGIME, "2026-H1"):
        office.indicators.confirm_nil(REGIME, "2026-H1", scope)
    office.reports.refresh(report)
    office.reports.approve(report)
    figure = office.reports.view(report).document.figure("receptions")
    assert figure is not None
    assert figure.value == 1


def test_numbers_have_no_gaps_and_dates_follow_them(approved: Office, clock: FixedClock) -> None:
    office, first, second = approved, made["ready"], made["second"]
    for number in (0, -3):
        with pytest.raises(Refused, match="number_wrong"):
            office.reports.number(first, number=number)
    with pytest.raises(Refused, match="date_wrong"):  # before it was approved
        office.reports.number(first, on=date(2026, 5, 19))
    with pytest.raises(Refused, match="date_wrong"):
        office.reports.number(first, on=date(2026, 5, 21))
    clock.set_local(date(2026, 5, 25))
    issue, _ = office.reports.number(first, on=date(2026, 5, 23))
    assert (issue.number, issue.date) == (1, "2026-05-23")
    for number, code in ((1, "number_taken"), (3, "number_gap")):
        with pytest.raises(Refused, match=code):
            office.reports.number(second, number=number)
    with pytest.raises(Refused, match="date_wrong"):  # number 2 before the day of number 1
        office.reports.number(second, on=date(2026, 5, 22))
    assert office.reports.number(second)[0].number == 2
    with pytest.raises(Refused, match="already_numbered"):
        office.reports.number(second)


def test_the_first_number_of_a_year_follows_the_paper_register(approved: Office) -> None:
    assert approved.reports.number(made["ready"], number=37)[0].number == 37
    assert approved.reports.number(made["second"])[0].number == 38


def test_a_clock_that_fell_back_dates_nothing_until_it_is_said_to_be_right(office: Office, clock: FixedClock) -> None:
    report = made["ready"]
    clock.set_local(date(2026, 5, 19), 10)
    office.reports.edit(report, "opening", "Kính báo cáo như sau:")  # within a day: a wrong time zone
    clock.set_local(date(2010, 1, 1))
    _reception(office)  # recording goes on
    with pytest.raises(Refused, match="clock_behind"):
        office.reports.approve(report)
    clock.set_local(date(2030, 1, 1))
    frozen = _frozen(office, "2026-05-01..2026-05-10")
    clock.set_local(date(2026, 5, 20))
    with pytest.raises(Refused, match="clock_behind"):
        office.reports.number(frozen)
    confirm_clock(office.context)
    with pytest.raises(Refused, match="date_wrong"):  # approved "in 2030": the order of things stays
        office.reports.number(frozen)
    office.reports.refresh(report)
    for problem in office.reports.view(report).problems:
        assert problem.severity != "error", problem
    office.reports.approve(report)


def test_a_home_of_the_demonstration_lives_at_its_own_time(tmp_path: Path, clock: FixedClock) -> None:
    office = services_office.make(tmp_path / "demo", clock, demo=True)
    report = _ready(office, "2026-H1")
    clock.set_local(date(2026, 1, 1))
    assert len(office.reports.approve(report)[0]) == 64
    office.close()
