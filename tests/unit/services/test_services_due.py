"""Deadlines: nothing that is not done drops out, however long nobody was here; a reminder comes back on its day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.model import Json
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused, UsageError
from danvan_desktop.services.demo.offices import CULTURE_ID, HUB_PROFILE
from danvan_desktop.services.due import LOOK_AHEAD, DueEntry
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery, RecordInput
from danvan_desktop.services.setup import create_office
from danvan_desktop.store.audit import AuditRepository
from danvan_desktop.store.home import KdfParameters

SET_UP = date(2026, 5, 28)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 5, 28, 1, 0, tzinfo=UTC))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[Office]:
    passwords = {account.name: "mật khẩu" for account in HUB_PROFILE.accounts}
    store, _ = create_office(
        tmp_path_factory.mktemp("due") / "home", HUB_PROFILE, passwords, clock=clock, catalog=catalog(),
        kdf=KdfParameters(64, 1, 1),
    )  # fmt: skip
    made = wire(store, clock)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def _clean(office: Office, clock: FixedClock) -> Iterator[None]:
    clock.set_local(SET_UP)
    yield
    clock.set_local(SET_UP)
    with office.context.store.unit() as uow:
        uow.settings.set("postponed", {})
        uow.settings.set("reports_sent_outside", {})
        uow.settings.set("last_here", {})
        for plan in uow.plans.list():
            for task in uow.plans.tasks(plan.id):
                uow.plans.remove_task(task.id)
    for form in ("citizen_reception", "petition", "citizen_feedback"):
        for row in office.records.page(form, ListQuery(), 0, 1000):
            office.records.delete(row.id, "thử")


def task(office: Office, text: str, due: date, year: int = 2026) -> str:
    body = office.plans.empty().to_json() | {
        "title": "Kế hoạch", "year": year, "tasks": [{"id": "t1", "mark": "1", "area": 3, "text": text}],
    }  # fmt: skip
    plan_id, _ = office.plans.save(body)
    [row] = office.plans.tasks(plan_id)
    office.plans.set_task(replace(row, due_on=due, lead_unit=CULTURE_ID))
    return row.id


def close_task(office: Office, task_id: str, status: str) -> None:
    with office.context.store.read() as uow:
        row = uow.plans.task(task_id)
    assert row is not None
    office.plans.set_task(replace(row, status=status))


def petition(office: Office, **values: Json) -> str:
    given: dict[str, Json] = {
        "received_on": "2026-05-20", "source": "post", "kind": "complaint", "field": "other", "sender": "Lê Thị Thử",
        "content": "Khiếu nại về đền bù",
    }  # fmt: skip
    return office.records.save("petition", RecordInput(CULTURE_ID, given | values), final=True).id


def reception(office: Office, received: date) -> str:
    values: dict[str, Json] = {
        "received_on": received.isoformat(), "kind": "regular", "receiver": "Nguyễn Văn Mẫu", "people": 1,
        "petition_kind": "feedback", "visitor": "Lê Thị Thử", "content": "Kiến nghị", "first_time": "first",
    }  # fmt: skip
    return office.records.save("citizen_reception", RecordInput(CULTURE_ID, values), final=True).id


def answer(office: Office, record_id: str, day: date) -> None:
    row = office.records.get(record_id)
    given = RecordInput(row.unit, dict(row.values) | {"replied_on": day.isoformat()})
    office.records.save("citizen_reception", given, final=True, record_id=record_id)


def open_now(office: Office) -> dict[str, DueEntry]:
    return {entry.key: entry for entry in office.due.until() if entry.postponed_until is None}


# -- reports --------------------------------------------------------------------------------------


def test_a_report_stays_for_ever_and_those_before_the_set_up_are_no_debt(office: Office, clock: FixedClock) -> None:
    assert "commune-to-province|2025" not in open_now(office)
    clock.set_local(date(2030, 1, 10))
    late = [entry for entry in open_now(office).values() if entry.kind == "report" and entry.overdue]
    assert sorted(entry.key for entry in late) == [
        f"commune-to-province|{year}{half}" for year in (2026, 2027, 2028, 2029) for half in ("", "-H1")
    ]


def test_a_report_begun_for_a_time_before_the_set_up_stays_too(office: Office, clock: FixedClock) -> None:
    report_id, _ = office.reports.make("commune-to-province", "2025")
    clock.set_local(date(2028, 3, 1))
    entry = open_now(office)["commune-to-province|2025"]
    assert entry.overdue and entry.state_title == "Đang dự thảo" and entry.rule_words == "trước ngày 05/11/2025"
    clock.set_local(SET_UP)
    office.reports.discard(report_id)
    assert "commune-to-province|2025" not in open_now(office)


def test_a_stamp_of_a_clock_that_was_wrong_makes_no_debts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AuditRepository, "first_stamp", lambda _self: "2009-01-01T00:00:00Z")
    assert min(entry.due_on.year for entry in open_now(office).values()) == 2026


def test_a_report_sent_without_the_program_is_done(office: Office, clock: FixedClock) -> None:
    entry = open_now(office)["commune-to-province|2026-H1"]
    office.due.sent_outside(entry, reason="Gửi bản giấy qua bưu điện")
    clock.set_local(date(2026, 6, 8))
    [done] = [item for item in office.due.home().due if item.key == entry.key]
    assert done.done and not done.overdue and done.state_title == "Đã gửi ngoài chương trình"
    office.due.sent_outside(done, sent=False)
    assert open_now(office)[entry.key].overdue
    with pytest.raises(Refused) as refused:
        office.due.sent_outside(replace(entry, kind="task"))
    assert refused.value.code == "not_a_report"


# -- tasks ----------------------------------------------------------------------------------------


def test_open_tasks_of_every_plan_stay_in_one_query(office: Office, clock: FixedClock) -> None:
    kept = [task(office, f"Việc {year}", date(year, 9, 30), year) for year in (2026, 2027, 2028)]
    given_up = task(office, "Việc thôi", date(2027, 1, 5), 2027)
    close_task(office, given_up, "cancelled")
    clock.set_local(date(2031, 1, 1))
    entries = open_now(office)
    assert [key for key in kept if key in entries] == kept and given_up not in entries
    assert entries[kept[0]].state_title == "Tiến độ 0% (kế hoạch năm 2026)"
    assert entries[kept[0]].area == 3 and entries[kept[0]].unit == "Phòng Văn hóa - Xã hội"
    close_task(office, kept[0], "done")
    assert kept[0] not in open_now(office)


def count_queries(office: Office) -> list[str]:
    seen: list[str] = []
    event.listen(office.context.store._engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
    return seen


def test_the_number_of_queries_does_not_grow(office: Office) -> None:
    seen = count_queries(office)
    office.due.until()
    before = len(seen)
    for number in range(3):
        reception(office, date(2026, 5, 20 + number))
        task(office, f"Việc {number}", date(2026, 6, 1 + number), 2020 + number)
    seen.clear()
    assert len(office.due.until()) >= 6
    assert len(seen) == before


# -- terms ----------------------------------------------------------------------------------------


def test_acceptance_resolution_and_feedback_are_terms_until_they_are_closed(office: Office) -> None:
    key = petition(office)
    [entry] = [item for item in open_now(office).values() if item.kind == "term"]
    assert entry.title.startswith("Đơn thư, hạn thụ lý: 20/05/2026") and entry.target == key
    assert entry.area == 6 and entry.unit == "Phòng Văn hóa - Xã hội"
    petition(office, handling="returned", handled_on="2026-05-22")
    petition(office, in_jurisdiction=False)
    accepted = petition(office, handling="accepted", in_jurisdiction=True, accepted_on="2026-05-22", round="first")
    terms = {item.target: item for item in open_now(office).values() if item.kind == "term"}
    assert set(terms) == {key, accepted}
    assert terms[accepted].title.startswith("Đơn thư, hạn giải quyết: 20/05/2026")


def test_a_term_missed_long_ago_stays_until_there_is_a_result(office: Office, clock: FixedClock) -> None:
    key = reception(office, date(2026, 5, 20))
    clock.set_local(date(2033, 1, 1))
    assert open_now(office)[f"{key}#reply_due"].overdue
    answer(office, key, date(2026, 6, 1))
    assert f"{key}#reply_due" not in open_now(office)


# -- the calendar ---------------------------------------------------------------------------------


def test_the_calendar_shows_its_days_only_and_what_is_done_too(office: Office, clock: FixedClock) -> None:
    done, later = task(office, "Việc xong", date(2026, 6, 10)), task(office, "Việc sau", date(2026, 7, 1))
    close_task(office, done, "done")
    key = reception(office, date(2026, 5, 21))
    answer(office, key, date(2026, 5, 28))
    view = office.due.calendar(date(2026, 6, 1), date(2026, 6, 30))
    found = {entry.key: entry for entry in view.entries}
    assert found[done].done and found[done].state_title == "Đã xong" and later not in found
    assert found[f"{key}#reply_due"].done and not found[f"{key}#reply_due"].overdue
    assert found["commune-to-province|2026-H1"].due_on == date(2026, 6, 4) and not view.doubts
    year_end = office.due.calendar(date(2026, 12, 28), date(2027, 2, 7))
    assert year_end.marks[date(2027, 1, 1)].title and not year_end.marks[date(2027, 1, 1)].working
    assert year_end.doubts == ("Lịch nghỉ năm 2027 chưa được xác nhận; các ngày có dấu “?” còn có thể thay đổi.",)
    assert "2031 chưa nhập" in office.due.calendar(date(2031, 1, 1), date(2031, 1, 31)).doubts[0]


# -- reminders ------------------------------------------------------------------------------------


def test_put_off_with_a_reason_seen_and_taken_back(office: Office, clock: FixedClock) -> None:
    entry = open_now(office)["commune-to-province|2026-H1"]
    for day in (SET_UP, SET_UP - DAY, SET_UP + timedelta(days=367)):
        with pytest.raises(Refused) as refused:
            office.due.postpone(entry, day)
        assert refused.value.code == "day_invalid" and "sau hôm nay (28/05/2026)" in refused.value.message
    with pytest.raises(Refused) as refused:
        office.due.postpone(entry, SET_UP + DAY, "x" * 301)
    assert refused.value.code == "reason_invalid"
    office.due.postpone(entry, date(2026, 6, 3), "Chờ số liệu của\nTrạm Y tế")
    [kept] = office.due.put_off()
    assert (kept.until, kept.by, kept.reason) == (date(2026, 6, 3), "canbo", "Chờ số liệu của Trạm Y tế")
    assert kept.entry.key == entry.key and entry.key not in open_now(office)
    office.due.postpone(entry, None)
    assert office.due.put_off() == () and entry.key in open_now(office)


def test_the_notice_comes_once_a_day_and_tells_what_came_due_meanwhile(office: Office, clock: FixedClock) -> None:
    first = office.due.notice()
    assert first is not None and (first.late, first.soon, first.away_since) == (0, 1, None)
    assert office.due.notice() is None
    clock.set_local(SET_UP + 3 * DAY)
    again = office.due.notice()
    assert again is not None and again.away_since is None
    on_the_day = task(office, "Việc", date(2026, 6, 5))
    clock.set_local(date(2026, 6, 8))
    away = office.due.notice()
    assert away is not None and away.away_since == SET_UP + 3 * DAY and away.late == 2
    assert [entry.key for entry in away.meanwhile] == ["commune-to-province|2026-H1", on_the_day]
    assert [entry.key for entry in away.urgent] == ["commune-to-province|2026-H1", on_the_day]


def test_no_notice_when_nothing_is_late_or_soon(office: Office, clock: FixedClock) -> None:
    office.due.sent_outside(open_now(office)["commune-to-province|2026-H1"])
    assert office.due.notice() is None


def test_the_list_until_a_day_and_by_kind(office: Office) -> None:
    key = task(office, "Việc xa", date(2026, 12, 1))
    assert [entry.key for entry in office.due.until(kinds=("task",))] == [key]
    assert office.due.until(date(2026, 11, 30), ("task",)) == ()
    assert [entry.due_on for entry in office.due.until(date(2026, 6, 30))] == [date(2026, 6, 4)]
    with pytest.raises(UsageError):
        office.due.until(kinds=("tasks",))


# -- whatever the days on which somebody comes ----------------------------------------------------

_STAYED_AWAY = st.one_of(st.integers(1, 9), st.sampled_from([30, 90, 366, 740]))
_WHAT = st.sampled_from(["look", "put off", "finish"])


def test_whatever_is_not_done_is_there_on_every_day_somebody_comes(office: Office, clock: FixedClock) -> None:
    @given(
        ahead=st.tuples(st.integers(-5, 200), st.integers(-5, 200)),
        comings=st.lists(
            st.tuples(_STAYED_AWAY, _WHAT, st.integers(0, 2), st.integers(1, 366)), min_size=2, max_size=6
        ),
    )
    @settings(max_examples=20, phases=(Phase.explicit, Phase.generate))  # looks cost: nothing to shrink for minutes
    def holds(ahead: tuple[int, int], comings: list[tuple[int, str, int, int]]) -> None:
        come_and_look(office, clock, ahead, comings)

    holds()


def come_and_look(
    office: Office, clock: FixedClock, ahead: tuple[int, int], comings: list[tuple[int, str, int, int]]
) -> None:
    """Days on which somebody comes: how long after the last time, what is done there, with which thing."""
    clock.set_local(SET_UP)
    task_id = task(office, "Việc", SET_UP + ahead[0] * DAY)
    received = SET_UP + ahead[1] * DAY - 14 * DAY
    record_id = reception(office, received)
    reply_due = date.fromisoformat(str(office.records.get(record_id).values["reply_due"]))
    report = "commune-to-province|2026-H1"
    due = {task_id: SET_UP + ahead[0] * DAY, f"{record_id}#reply_due": reply_due, report: date(2026, 6, 4)}
    keys, finished = list(due), set[str]()
    until: dict[str, date] = {}
    today = SET_UP
    try:
        for away, what, which, days in comings:
            today += away * DAY
            clock.set_local(today)
            seen = open_now(office)
            for key in keys:
                wanted = key not in finished and today >= due[key] - LOOK_AHEAD and until.get(key, today) <= today
                assert (key in seen) or not wanted, (key, today)
                assert key not in seen or (key not in finished and until.get(key, today) <= today)
                assert key not in seen or seen[key].overdue == (due[key] < today)
            key = keys[which]
            if key not in seen:
                continue
            if what == "put off":
                office.due.postpone(seen[key], today + days * DAY)
                until[key] = today + days * DAY
                clock.set_local(until[key])  # and on that very day it is there again
                assert key in open_now(office)
                clock.set_local(today)
            elif what == "finish" and (key in (task_id, report) or today >= received):  # no answer before the visit
                finished.add(key)
                if key == task_id:
                    close_task(office, task_id, "done")
                elif key == report:
                    office.due.sent_outside(seen[key])
                else:
                    answer(office, record_id, today)
    finally:
        clock.set_local(SET_UP)
        _forget(office, record_id, task_id)


def _forget(office: Office, record_id: str, task_id: str) -> None:
    office.records.delete(record_id, "thử")
    with office.context.store.unit() as uow:
        uow.settings.set("postponed", {})
        uow.settings.set("reports_sent_outside", {})
        uow.plans.remove_task(task_id)
