"""The office's own days: kept, merged with the shipped table, terms counted anew, doubts told in the due list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from services_office import make

from danvan_desktop.bootstrap import open_office
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput

CLOCK = FixedClock(datetime(2026, 5, 29, 1, 0, tzinfo=UTC))


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = make(tmp_path / "home", CLOCK)
    yield made
    made.close()


def receive(office: Office, day: str) -> str:
    form = office.context.catalog.forms["citizen_reception"]
    values: dict[str, Any] = {
        "received_on": day,
        "kind": form.field("kind").choices[0].key,
        "receiver": "Chủ tịch",
        "people": 1,
        "petition_kind": "recommendation",
        "visitor": "Nguyễn Văn Thử",
        "content": "Đường thôn",
        "first_time": form.field("first_time").choices[0].key,
        "in_jurisdiction": True,
    }
    known = form.field("petition_kind").choice_titles
    values["petition_kind"] = next(key for key in known if key != "denunciation")
    return office.records.save(form.key, RecordInput(office.settings.load().agencies[0].id, values), final=True).id


def test_a_day_off_moves_the_running_terms_and_says_why(office: Office) -> None:
    record_id = receive(office, "2026-05-25")
    before = office.records.get(record_id).values["reply_due"]
    moved, changes = office.working_days.set(
        date(2026, 6, 1), date(2026, 6, 2), working=False, title="Nghỉ bão", source="CĐ 12/CĐ-UBND", confirmed=True
    )
    assert moved == 1
    assert changes.touches("record:citizen_reception", "calendar")
    row = office.records.get(record_id)
    assert date.fromisoformat(str(row.values["reply_due"])) > date.fromisoformat(str(before))
    assert office.records.history(record_id)[-1].why == "Tính lại thời hạn theo lịch ngày làm việc"
    year = office.working_days.year(2026)
    assert date(2026, 6, 1) in year.own
    assert [mark.title for mark in year.marks if mark.day == date(2026, 6, 2)] == ["Nghỉ bão"]
    moved, _ = office.working_days.reset(date(2026, 6, 1))
    office.working_days.clear(date(2026, 6, 2))
    assert office.records.get(record_id).values["reply_due"] == before


def test_the_days_are_there_when_the_home_is_opened_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    office = make(home, CLOCK)
    office.working_days.set(
        date(2028, 1, 1), date(2028, 1, 1), working=False, title="Tết Dương lịch", source="Luật", confirmed=True
    )
    office.working_days.confirm(date(2026, 11, 24), "Thông báo 99/TB-VPCP")
    office.working_days.clear(date(2026, 4, 27))
    office.close()
    again = open_office(home, account=None, password="x", clock=CLOCK)
    assert not again.context.calendar.is_working(date(2028, 1, 1))
    assert again.context.calendar.confirmed(2026)
    assert again.context.calendar.is_working(date(2026, 4, 27))
    assert [mark.day for mark in again.working_days.year(2026).cleared] == [date(2026, 4, 27)]
    again.close()


def test_what_is_wrong_changes_nothing(office: Office) -> None:
    before = office.context.calendar.marks
    for first, last, title, source in (
        (date(2026, 6, 2), date(2026, 6, 1), "Nghỉ", "x"),
        (date(2026, 6, 1), date(2026, 9, 1), "Nghỉ", "x"),
        (date(2026, 6, 1), date(2026, 6, 1), " ", "x"),
        (date(2026, 6, 1), date(2026, 6, 1), "Nghỉ", ""),
    ):
        with pytest.raises(Refused, match="calendar_invalid"):
            office.working_days.set(first, last, working=False, title=title, source=source, confirmed=True)
    with pytest.raises(Refused, match="not_found"):
        office.working_days.clear(date(2026, 6, 3))
    assert office.context.calendar.marks == before


def test_a_term_over_unconfirmed_days_says_so_in_the_due_list(office: Office) -> None:
    receive(office, "2026-05-25")
    (entry,) = [item for item in office.due.home().due if item.kind == "term"]
    assert entry.unsure == ""
    office.working_days.set(
        date(2026, 6, 1), date(2026, 6, 1), working=False, title="Dự kiến", source="Dự kiến", confirmed=False
    )
    (entry,) = [item for item in office.due.home().due if item.kind == "term"]
    assert entry.state_title == "Chưa có kết quả; lịch nghỉ năm 2026 chưa xác nhận"
