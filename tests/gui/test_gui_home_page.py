"""The first screen on a real office: what is due, in what words, and where Enter leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from gui_gate import PASSWORD, LightGate, make_home
from gui_keys import press, settle, show
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from danvan_desktop.catalog.model import Json
from danvan_desktop.gui.due_words import due_words, left_words
from danvan_desktop.gui.home_page import AreaCard, HomePage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import CULTURE_ID
from danvan_desktop.services.due import DueEntry, postponed
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput

KEY = Qt.Key


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    make_home(tmp_path / "home", fixed_clock)
    made = LightGate(fixed_clock).open(tmp_path / "home", "canbo", PASSWORD)
    yield made
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    made.close()


@pytest.fixture
def page(qtbot: QtBot, office: Office) -> HomePage:
    made = HomePage(office, InlineRunner())
    qtbot.addWidget(made)
    made.resize(1066, 600)
    show(made)
    made.shown()
    settle()
    return made


def cells(page: HomePage, row: int) -> list[str]:
    return page.due_table.texts(row)


def gone(page: HomePage) -> list[tuple[str, Any]]:
    ways: list[tuple[str, Any]] = []
    page.go_to.connect(lambda key, target: ways.append((key, target)))
    return ways


def test_the_report_that_is_due_is_said_and_opened(page: HomePage) -> None:
    assert "Hôm nay 28/05/2026" in page.summary_label.text()
    assert "1 việc đến hạn trong 7 ngày tới" in page.summary_label.text()
    assert cells(page, 0) == [
        "Báo cáo 6 tháng đầu năm 2026", "04/06/2026 (trước ngày 05/6/2026)", "Chưa lập", "Còn 7 ngày"
    ]  # fmt: skip
    ways = gone(page)
    assert page.due_table.hasFocus()
    press(page, KEY.Key_Return)
    assert ways == [("report", ("commune-to-province", "2026-H1"))]


def test_an_overdue_report_stands_first_in_words(page: HomePage, fixed_clock: FixedClock) -> None:
    fixed_clock.set_local(date(2026, 6, 8))
    page.refresh(Changes.of("report"))
    assert cells(page, 0)[3] == "QUÁ HẠN 4 ngày"
    assert "1 việc quá hạn" in page.summary_label.text()
    assert page.summary_label.property("severity") == "error"


def test_a_term_leads_to_its_record_and_areas_count(page: HomePage, office: Office) -> None:
    values: dict[str, Json] = {
        "received_on": "2026-05-20", "kind": "regular", "receiver": "Nguyễn Văn Mẫu", "people": 1,
        "petition_kind": "feedback", "visitor": "Lê Thị Thử", "content": "Kiến nghị về đường thôn",
        "first_time": "first",
    }  # fmt: skip
    saved = office.records.save("citizen_reception", RecordInput(CULTURE_ID, values), final=True)
    office.records.save("citizen_reception", RecordInput(CULTURE_ID, values), final=False)
    page.refresh(Changes.of("plan"))
    titles = [cells(page, row)[0] for row in range(page.due_table.row_count())]
    row = next(
        number for number, title in enumerate(titles) if title.startswith("Tiếp công dân, hạn trả lời: 20/05/2026")
    )
    ways = gone(page)
    page.due_table.choose(row)
    press(page, KEY.Key_Return)
    assert ways == [("records", saved.id)]
    area = office.context.catalog.forms["citizen_reception"].area
    card = page._cards[area]
    assert card.open_label.text() == "1 bản nháp"
    assert "1 bản ghi chính thức" in card.accessibleDescription()
    card.setFocus()
    press(page, KEY.Key_Space)
    assert ways[-1] == (f"area{area}", None)


def test_a_petition_handed_on_is_not_overdue_and_a_missed_term_stays(
    page: HomePage, office: Office, fixed_clock: FixedClock
) -> None:
    values: dict[str, Json] = {
        "received_on": "2025-04-09", "source": "post", "kind": "feedback", "field": "other", "sender": "Lê Thị Thử",
        "content": "Phản ánh về mùi hôi", "resolution_due": "2025-04-23",
    }  # fmt: skip
    for jurisdiction in (None, True, False):
        own = values if jurisdiction is None else values | {"in_jurisdiction": jurisdiction}
        office.records.save("petition", RecordInput(CULTURE_ID, own), final=True)
    page.refresh(Changes.of("record"))
    titles = [cells(page, row)[0] for row in range(page.due_table.row_count())]
    assert sum(title.startswith("Đơn thư, hạn giải quyết: 09/04/2025") for title in titles) == 2


def test_eight_cards_are_reached_by_tab_and_arrow(page: HomePage) -> None:
    assert len(page.findChildren(AreaCard)) == 8
    ways = gone(page)
    press(page, KEY.Key_Tab)
    assert isinstance(page.focusWidget(), AreaCard)
    press(page, KEY.Key_Right)
    press(page, KEY.Key_Space)
    assert ways == [("area2", None)]


def test_changes_that_do_not_concern_it_leave_it_alone(page: HomePage) -> None:
    runner = page._runner
    assert isinstance(runner, InlineRunner)
    before = len(runner.labels)
    page.refresh(Changes.of("nil"))
    assert len(runner.labels) == before
    page.refresh(Changes.of("record:petition"))
    assert len(runner.labels) == before + 1


def test_it_fits_the_smallest_screen(page: HomePage) -> None:
    assert page.minimumSizeHint().width() <= 1060 and page.minimumSizeHint().height() <= 590


def entry(**changes: Any) -> DueEntry:
    values: dict[str, Any] = {
        "kind": "task", "key": "t", "title": "Nhiệm vụ", "due_on": date(2026, 5, 31),
        "last_working_day": date(2026, 5, 29), "state": "open", "state_title": "Tiến độ 0%", "overdue": False,
        "days_left": 3,
    }  # fmt: skip
    return DueEntry(**(values | changes))


def test_words_of_dates() -> None:
    assert due_words(entry()) == "31/05/2026\nNgày làm việc cuối: 29/05/2026"
    assert due_words(entry(last_working_day=date(2026, 5, 31), rule_words="trước ngày 01/6/2026")) == (
        "31/05/2026 (trước ngày 01/6/2026)"
    )
    assert left_words(entry(days_left=0)) == "Hạn hôm nay"
    assert left_words(entry(overdue=True, days_left=-2)) == "QUÁ HẠN 2 ngày"
    assert left_words(entry(done=True)) == "Đã xong"


def test_a_reminder_is_put_off_and_comes_back_on_its_day(
    page: HomePage, office: Office, fixed_clock: FixedClock
) -> None:
    before = page.due_table.row_count()
    assert page.postpone_button.isEnabled()
    press(page, KEY.Key_F6)
    asking = page._postponing.dialog
    assert asking is not None and asking.title_label.text() == "Báo cáo 6 tháng đầu năm 2026"
    assert asking.week_radio.text() == "Sau &7 ngày: 04/06/2026"
    asking.accept()
    assert page.due_table.row_count() == before - 1 and "1 việc đang hoãn nhắc" in page.summary_label.text()
    page.done_check.setChecked(True)
    assert "Nhắc lại 04/06/2026" in [cells(page, row)[3] for row in range(page.due_table.row_count())]
    page.done_check.setChecked(False)
    fixed_clock.set_local(date(2026, 6, 4))
    page.refresh(Changes.of("due"))
    assert cells(page, 0)[0] == "Báo cáo 6 tháng đầu năm 2026" and "hoãn" not in page.summary_label.text()
    with office.context.store.read() as uow:
        assert "reminder_postponed" in [entry.action for entry in uow.audit.list()]


_DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(due=_DAYS, put_off_on=_DAYS, days=st.integers(1, 366), moved=st.integers(-3, 3), back_on=_DAYS)
def test_nothing_is_missed_however_long_somebody_was_away(
    due: date, put_off_on: date, days: int, moved: int, back_on: date
) -> None:
    until = put_off_on + timedelta(days=days)
    now_due = due + timedelta(days=moved)
    entry = DueEntry("term", "r", "Đơn thư", now_due, now_due, "open", "", now_due < back_on, (now_due - back_on).days)
    kept = {"term|r": {"until": until.isoformat(), "due": due.isoformat(), "by": "canbo", "at": ""}}
    [seen] = postponed([entry], kept, back_on)
    hidden = seen.postponed_until is not None
    assert hidden == (until > back_on and moved == 0)  # back on its day, and at once when its last day has changed
    assert seen.overdue == entry.overdue and seen.due_on == now_due  # the term itself never moves


def test_tasks_left_behind_stay_and_tasks_given_up_go(office: Office, fixed_clock: FixedClock) -> None:
    body = office.plans.empty().to_json() | {
        "title": "Kế hoạch", "year": 2026,
        "tasks": [{"id": "t1", "mark": "1", "area": 1, "text": "Việc còn lại"},
                  {"id": "t2", "mark": "2", "area": 2, "text": "Việc thôi không làm"}],
    }  # fmt: skip
    plan_id, _ = office.plans.save(body)
    for task, status in zip(office.plans.tasks(plan_id), ("doing", "cancelled"), strict=True):
        office.plans.set_task(replace(task, due_on=date(2026, 9, 30), status=status))

    def titles() -> list[str]:
        return [entry.title for entry in office.due.home().due if entry.kind == "task"]

    assert titles() == ["Nhiệm vụ 1. Việc còn lại"]
    fixed_clock.set_local(date(2027, 2, 1))
    assert titles() == ["Nhiệm vụ 1. Việc còn lại"]  # overdue, and not gone with the year
