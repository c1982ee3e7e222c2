"""The calendar by keyboard, putting reminders off to a typed day, and the notice at the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from gui_keys import press, settle, show
from mnemonics import clashes
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from records_office import answer, close_windows, make_office

from danvan_desktop.gui.calendar_page import CalendarPage
from danvan_desktop.gui.due_notice import DueNotice
from danvan_desktop.gui.home_page import HomePage
from danvan_desktop.gui.month_grid import month_after, weeks_of
from danvan_desktop.gui.office_window import OfficeWindow
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import CULTURE_ID
from danvan_desktop.services.office import Office

KEY = Qt.Key
TODAY = date(2026, 8, 20)
LONG = "Tổ chức hội nghị đối thoại trực tiếp giữa người đứng đầu cấp ủy, chính quyền với Mặt trận Tổ quốc và Nhân dân"


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 5, 2, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[Office]:
    clock.set_local(date(2026, 5, 2))
    made = make_office(tmp_path_factory.mktemp("calendar") / "home", clock)
    clock.set_local(TODAY)
    body = made.plans.empty().to_json() | {
        "title": "Kế hoạch", "year": 2026,
        "tasks": [{"id": f"t{n}", "mark": str(n), "area": n, "text": text}
                  for n, text in enumerate((LONG, "Phát động thi đua", "Rà soát quy ước", "Sơ kết quý III"), 1)],
    }  # fmt: skip
    plan_id, _ = made.plans.save(body)
    days = (date(2026, 8, 26), TODAY, date(2026, 8, 14), TODAY)
    for task, day, status in zip(made.plans.tasks(plan_id), days, ("open", "doing", "done", "open"), strict=True):
        made.plans.set_task(replace(task, due_on=day, status=status, lead_unit=CULTURE_ID if task.area == 2 else None))
    yield made
    close_windows()
    made.close()


@pytest.fixture(autouse=True)
def _as_it_was(office: Office, clock: FixedClock) -> Iterator[None]:
    clock.set_local(TODAY)
    yield
    close_windows()
    with office.context.store.unit() as uow:
        uow.settings.set("postponed", {})
        uow.settings.set("reports_sent_outside", {})


@pytest.fixture
def page(office: Office) -> CalendarPage:
    made = CalendarPage(office, InlineRunner())
    made.resize(1066, 650)
    show(made)
    made.shown()
    settle()
    return made


def texts(page: CalendarPage) -> list[str]:
    return [page.day_list.item(row).text() for row in range(page.day_list.count())]


def gone(page: Any) -> list[tuple[str, Any]]:
    ways: list[tuple[str, Any]] = []
    page.go_to.connect(lambda key, target: ways.append((key, target)))
    return ways


def test_today_is_chosen_and_enter_leads_to_the_thing(page: CalendarPage) -> None:
    assert page.grid.hasFocus() and page.month_label.text() == "Tháng 8/2026"
    assert page.day_label.text() == "Thứ Năm, 20/08/2026 – hôm nay"
    assert texts(page)[0] == (
        "Nhiệm vụ 2. Phát động thi đua\nNhiệm vụ · Hạn hôm nay · Tiến độ 0% · Phòng Văn hóa - Xã hội"
    )
    ways = gone(page)
    press(page, KEY.Key_Return)  # two things: into the list
    assert page.day_list.hasFocus() and not ways
    press(page, KEY.Key_Down)
    press(page, KEY.Key_Return)
    assert [key for key, _target in ways] == ["plan"]
    press(page, KEY.Key_Escape)
    assert page.grid.hasFocus()
    for _ in range(6):
        press(page, KEY.Key_Right)
    assert page.day_label.text() == "Thứ Tư, 26/08/2026"
    press(page, KEY.Key_Return)  # the only one: opened at once
    assert len(ways) == 2
    press(page, KEY.Key_F7)
    assert ways[-1] == ("home", None)


def test_days_and_months_by_key_ask_for_one_month_only(page: CalendarPage, office: Office) -> None:
    runner = page._runner
    assert isinstance(runner, InlineRunner)
    before = len(runner.labels)
    press(page, KEY.Key_Up)
    assert page.grid.day == date(2026, 8, 13) and len(runner.labels) == before
    press(page, KEY.Key_PageUp)
    press(page, KEY.Key_PageUp)
    assert page.grid.day == date(2026, 6, 13) and len(runner.labels) == before + 2
    press(page, KEY.Key_Home)
    press(page, KEY.Key_Right)
    press(page, KEY.Key_Right)
    press(page, KEY.Key_Right)
    assert texts(page) == ["Báo cáo 6 tháng đầu năm 2026\nBáo cáo · QUÁ HẠN 77 ngày · Chưa lập"]
    assert page._view is not None and (page._view.first, page._view.last) == (date(2026, 6, 1), date(2026, 7, 5))
    press(page, KEY.Key_H)
    assert page.grid.day == TODAY
    QTest.mouseClick(page.next_button, Qt.MouseButton.LeftButton)
    assert page.grid.day == date(2026, 9, 20)


def test_the_mouse_chooses_a_day_and_opens_it(page: CalendarPage) -> None:
    ways = gone(page)
    middle = page.grid.cell_of(date(2026, 8, 26)).center()
    QTest.mouseClick(page.grid, Qt.MouseButton.LeftButton, pos=middle)
    assert page.grid.day == date(2026, 8, 26)
    QTest.mouseDClick(page.grid, Qt.MouseButton.LeftButton, pos=middle)
    assert [key for key, _target in ways] == ["plan"]
    assert page.grid._day_at(QPoint(5, 3)) is None
    assert LONG in page.grid._tip(date(2026, 8, 26))


def test_days_off_and_years_not_confirmed_are_said(page: CalendarPage) -> None:
    assert not page.doubt_label.isVisible()
    page.grid.choose(date(2026, 8, 22))
    assert page.mark_label.text().startswith("Làm bù. Nguồn: ")
    page.grid.choose(date(2026, 9, 2))
    assert page.mark_label.text().startswith("Nghỉ: Quốc khánh")
    page.grid.choose(date(2027, 2, 8))
    assert "Lịch nghỉ năm 2027 chưa được xác nhận" in page.doubt_label.text() and page.doubt_label.isVisible()
    assert "Chưa có văn bản xác nhận." in page.mark_label.text()
    page.grid.choose(date(2026, 8, 23))
    assert page.mark_label.text() == "Nghỉ cuối tuần. Không có việc đến hạn."


def test_filters_by_kind_area_unit_and_done(page: CalendarPage) -> None:
    page.grid.choose(date(2026, 8, 14))
    assert len(texts(page)) == 1 and page.day_list.item(0).font().strikeOut()
    assert not page.postpone_button.isEnabled()
    page.done_check.setChecked(False)
    assert texts(page) == []
    page.grid.choose(TODAY)
    page.area_combo.setCurrentIndex(page.area_combo.findData(4))
    assert [text.split("\n")[0] for text in texts(page)] == ["Nhiệm vụ 4. Sơ kết quý III"]
    page.area_combo.setCurrentIndex(0)
    page.unit_combo.setCurrentIndex(page.unit_combo.findData("Phòng Văn hóa - Xã hội"))
    assert [text.split("\n")[0] for text in texts(page)] == ["Nhiệm vụ 2. Phát động thi đua"]
    page.task_check.setChecked(False)
    assert texts(page) == []


def test_a_change_elsewhere_is_shown(page: CalendarPage, office: Office) -> None:
    [plan] = office.plans.all()
    task = next(item for item in office.plans.tasks(plan.id) if item.area == 4)
    page.refresh(office.plans.set_task(replace(task, due_on=date(2026, 8, 21))))
    page.grid.choose(date(2026, 8, 21))
    assert [text.split("\n")[0] for text in texts(page)] == ["Nhiệm vụ 4. Sơ kết quý III"]
    office.plans.set_task(replace(task, due_on=TODAY))
    page.refresh(Changes.of("nil"))
    assert len(texts(page)) == 1


def test_it_fits_and_its_letters_do_not_clash(page: CalendarPage) -> None:
    assert page.minimumSizeHint().width() <= 1060 and page.minimumSizeHint().height() <= 590
    assert clashes(page) == []


def test_a_reminder_put_off_to_a_typed_day(page: CalendarPage, office: Office) -> None:
    press(page, KEY.Key_F6)
    asking = page._postponing.dialog
    assert asking is not None and not asking.outside_radio.isVisible() and not asking.again_radio.isVisible()
    asking.day_radio.click()
    assert asking.day_field.edit.hasFocus()
    for typed, said in (
        ("hôm nay", "Ngày nhắc lại phải sau hôm nay (20/08/2026); nếu là sang năm, hãy gõ cả năm."),
        ("5/6", "Ngày nhắc lại phải sau hôm nay"), ("31/2", "Không có ngày này"),
        ("1/9/2027", "nhiều nhất một năm, đến 21/08/2027"), ("", "Hãy gõ ngày nhắc lại"),
    ):  # fmt: skip
        asking.day_field.edit.setText(typed)
        asking.accept()
        assert said in asking.error_label.text() and page._postponing.dialog is asking
    asking.day_field.edit.setText("5/9")
    asking.reason_edit.setText("Chờ số liệu")
    asking.accept()
    [kept] = office.due.put_off()
    assert kept.until == date(2026, 9, 5) and kept.reason == "Chờ số liệu"
    assert "Nhắc lại 05/09/2026" in texts(page)[0]


@pytest.fixture
def home(office: Office) -> HomePage:
    made = HomePage(office, InlineRunner())
    made.resize(1066, 650)
    show(made)
    made.shown()
    settle()
    return made


def test_what_is_put_off_is_seen_and_taken_back(home: HomePage, office: Office) -> None:
    assert clashes(home) == [] and not home.put_off_button.isVisible()
    before = home.due_table.row_count()
    first = home.due_table.entry()
    assert first is not None and first.kind == "report"
    office.due.postpone(first, TODAY + timedelta(days=9), "Chờ ý kiến lãnh đạo")
    home.refresh(Changes.of("due"))
    assert home.due_table.row_count() == before - 1 and home.put_off_button.text() == "Đan&g hoãn: 1"
    press(home, KEY.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    seen = home._postponing.overview
    assert seen is not None
    row = [cell.text() for column in range(5) if (cell := seen.put_off_table.item(0, column)) is not None]
    assert row == ["Báo cáo 6 tháng đầu năm 2026", "04/06/2026", "29/08/2026", "canbo", "Chờ ý kiến lãnh đạo"]
    seen.again_button.click()
    assert seen.about_label.text() == "Không có việc nào đang hoãn nhắc." and not seen.again_button.isEnabled()
    assert home.due_table.row_count() == before
    seen.reject()
    assert home._postponing.overview is None


def test_a_report_sent_without_the_program_is_said_and_taken_back(
    home: HomePage, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(home, KEY.Key_F6)
    asking = home._postponing.dialog
    assert asking is not None and asking.outside_radio.isVisible()
    asking.outside_radio.setChecked(True)
    asking.accept()
    assert "Báo cáo 6 tháng đầu năm 2026" not in [home.due_table.texts(n)[0] for n in range(home.due_table.row_count())]
    home.done_check.setChecked(True)
    row = next(n for n in range(home.due_table.row_count()) if home.due_table.texts(n)[3] == "Đã xong")
    assert home.due_table.texts(row)[2] == "Đã gửi ngoài chương trình"
    home.due_table.choose(row)
    asked = answer(monkeypatch, yes=True)
    home.postpone()
    assert "Bỏ ghi nhận đó?" in asked[0]
    home.done_check.setChecked(False)
    assert home.due_table.texts(0)[0] == "Báo cáo 6 tháng đầu năm 2026"


def test_the_first_screen_leads_to_the_calendar(home: HomePage) -> None:
    ways = gone(home)
    press(home, KEY.Key_F7)
    assert ways == [("calendar", date(2026, 6, 4))]


@pytest.fixture
def window(office: Office) -> OfficeWindow:
    with office.context.store.unit() as uow:
        uow.settings.set("last_here", {})
    made = OfficeWindow(office, InlineRunner(), "UBND xã Vĩnh Thủy")
    made.resize(1366, 768)
    show(made)
    return made


def notice(window: OfficeWindow, after: list[str]) -> DueNotice | None:
    """What is told now; ``after`` gets a word when the start may go on."""
    window.offer_notice(lambda: after.append("on"))
    settle()
    found = [item for item in window.findChildren(DueNotice) if item.isVisible()]
    return found[0] if found else None


def test_the_notice_is_told_once_a_day_and_escape_closes_it(window: OfficeWindow, clock: FixedClock) -> None:
    after: list[str] = []
    told = notice(window, after)
    assert told is not None and not after and clashes(told) == []
    assert told.summary_label.text() == "Hôm nay 20/08/2026: 01 việc quá hạn, 03 việc đến hạn trong 7 ngày tới."
    lines = [told.urgent_list.item(row).text() for row in range(told.urgent_list.count())]
    assert lines[0] == "Báo cáo 6 tháng đầu năm 2026\nQUÁ HẠN 77 ngày · 04/06/2026 (trước ngày 05/6/2026)"
    assert len(lines) == 3 and not told.away_label.isVisible()
    press(told, KEY.Key_Escape)
    assert after == ["on"] and window.current_key == "home"
    assert notice(window, after) is None and after == ["on", "on"]


def test_the_notice_tells_what_came_due_while_away_and_leads_there(
    window: OfficeWindow, office: Office, clock: FixedClock
) -> None:
    office.due.notice()
    clock.set_local(date(2026, 9, 1))
    after: list[str] = []
    told = notice(window, after)
    assert told is not None
    words = told.away_label.text().split("\n")
    assert words[0] == (
        "Lần trước anh/chị vào chương trình ngày 20/08/2026. Từ đó đến nay 01 việc đã đến hạn mà chưa xong:"
    )
    assert words[1].startswith("• Nhiệm vụ 1. Tổ chức hội nghị đối thoại") and words[1].endswith("… (26/08/2026)")
    told.calendar_button.click()
    assert after == ["on"] and window.current_key == "calendar"
    clock.set_local(date(2026, 9, 2))
    again = notice(window, after)
    assert again is not None and not again.away_label.isVisible()
    again.urgent_list.setFocus()
    press(again, KEY.Key_Down)
    again.urgent_list.itemActivated.emit(again.urgent_list.item(1))
    assert window.current_key == "plan"


def test_months_and_weeks() -> None:
    assert weeks_of(date(2027, 2, 8)) == (date(2027, 2, 1), 4)
    assert weeks_of(date(2026, 8, 20)) == (date(2026, 7, 27), 6)
    assert month_after(date(2026, 8, 31), -2) == date(2026, 6, 30)
    assert month_after(date(2026, 1, 31), 13) == date(2027, 2, 28)
