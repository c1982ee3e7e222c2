"""Where an officer with a paper register stumbled at first; each of these now goes as one expects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from gui_keys import CONTROL, press, settle, show, write
from gui_samples import sample_context
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, open_page, put, rows, shown, supervision

from danvan_desktop.bootstrap import catalog
from danvan_desktop.catalog.model import Json
from danvan_desktop.catalog.rules import required_now
from danvan_desktop.gui import dialogs
from danvan_desktop.gui.form_builder import FormView
from danvan_desktop.gui.keys_dialog import letters_of
from danvan_desktop.gui.loader import lead_into_fields
from danvan_desktop.gui.office_window import OfficeWindow
from danvan_desktop.gui.record_head import shortened
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.gui.widgets import ChoiceCombo
from danvan_desktop.gui.widgets.lines import NullableDateEdit
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import CULTURE_ID
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput

KEY = Qt.Key
RECEPTION: dict[str, Json] = {
    "received_on": "2026-05-04", "kind": "regular", "receiver": "Nguyễn Văn Tám", "people": 1,
    "petition_kind": "feedback", "visitor": "Hồ Thị Ổi", "content": "Đường ngập", "first_time": "first",
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    opened = make_office(
        tmp_path_factory.mktemp("officer") / "home", FixedClock(datetime(2026, 5, 28, 1, 0, tzinfo=UTC))
    )
    yield opened
    close_windows()
    opened.close()


@pytest.fixture(autouse=True)
def no_window_stays() -> Iterator[None]:
    yield
    close_windows()


def receptions(qtbot: QtBot, office: Office) -> RecordsPage:
    page = open_page(qtbot, office, 6)
    page.form_tabs.setCurrentIndex([form.key for form in page._forms].index("citizen_reception"))
    settle()
    return page


def reception_view() -> FormView:
    view = FormView(catalog().forms["citizen_reception"], sample_context())
    view.resize(1040, 420)
    show(view)
    return view


def test_ctrl_s_saves_the_correction_of_a_final_record(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, text="Gõ nhầm tên")
    made = supervision(office, "2026-05-04", "Giám sat")
    page = open_page(qtbot, office, 8)
    page.show_target(made)
    settle()
    assert page.editor.revision_label.text().startswith("Nhập ")  # nothing has been corrected yet
    assert page.editor.draft_button.text() == "Chuyển về &dự thảo"
    view = page.editor.view
    assert view is not None
    view.focus_field("subject")
    write(page, "sua")
    press(page, KEY.Key_S, CONTROL)
    settle()
    (row,) = [item for item in rows(office, "social_supervision") if item.id == made]
    assert (row.state, row.revision) == ("final", 2) and asked == ["Lý do sửa bản ghi chính thức:"]
    assert office.records.history(made)[-1].why == "Gõ nhầm tên"
    assert page.editor.revision_label.text().startswith("Sửa lần cuối ")


def test_a_long_title_ends_with_an_ellipsis(qtbot: QtBot, office: Office) -> None:
    long = "Giám sát việc thực hiện các khoản đóng góp của nhân dân trong xây dựng đường giao thông nông thôn " * 2
    made = supervision(office, "2026-05-05", long.strip())
    page = open_page(qtbot, office, 8)
    page.show_target(made)
    settle()
    label = page.editor.title_label
    assert label.text().endswith("…") and long.strip() in label.toolTip()
    wanted = label.fontMetrics().boundingRect(
        QRect(0, 0, label.width(), 1000), Qt.TextFlag.TextWordWrap.value, label.text()
    )
    assert wanted.height() <= label.height()
    assert shortened("Ngắn", 10) == "Ngắn" and shortened("một hai ba bốn", 9) == "một hai…"


def test_the_bin_says_who_when_and_why(qtbot: QtBot, office: Office) -> None:
    made = put(office, "citizen_reception", {**RECEPTION, "visitor": "Người Ghi Trùng"})
    office.records.delete(made, "Ghi trùng lượt tiếp")
    page = receptions(qtbot, office)
    assert "Lý do xóa" not in [column.title for column in page._model.columns]
    page.bin_button.setChecked(True)
    settle()
    titles = [column.title for column in page._model.columns]
    assert titles[1:3] == ["Xóa lúc, người xóa", "Lý do xóa"]
    assert shown(page, 2) == ["Ghi trùng lượt tiếp"]
    people = {item.name: item.label for item in office.settings.load().accounts}
    assert shown(page, 1)[0].endswith(", " + people[office.context.by])
    assert page.table.columnWidth(1) >= page.fontMetrics().horizontalAdvance(shown(page, 1)[0])
    assert page._way()[0] == tuple(c.key for c in page._model.columns if c.key not in ("@deleted", "@why"))
    page.bin_button.setChecked(False)
    settle()
    assert "Lý do xóa" not in [column.title for column in page._model.columns]
    office.records.undelete(made)


def test_receptions_are_listed_by_name_and_no_title_is_cut(qtbot: QtBot, office: Office) -> None:
    put(office, "citizen_reception", RECEPTION)
    denounced: dict[str, Json] = {
        **RECEPTION,
        "petition_kind": "denunciation",
        "file_no": "TC-01",
        "visitor": "Tên Phải Giữ Kín",
    }
    put(office, "citizen_reception", denounced)
    page = receptions(qtbot, office)
    names = shown(page, [column.key for column in page._model.columns].index("visitor"))
    assert "Hồ Thị Ổi" in names and "(được bảo vệ)" in names and "Tên Phải Giữ Kín" not in names
    metrics, header = page.table._title_metrics(), page.table.horizontalHeader()
    for at, column in enumerate(page._model.columns):
        room = QRect(0, 0, page.table.columnWidth(at) - 14, 1000)
        needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap.value, column.title)
        assert needed.height() <= header.height() and needed.width() <= room.width(), column.title


def test_a_new_record_starts_with_the_unit_of_the_one_before(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.records._last_unit = ""  # the next morning
    assert office.records.default_unit(otherwise=CULTURE_ID)  # the unit that this office itself is
    context = type(office.context)
    asked = context.office
    monkeypatch.setattr(  # an office that is none of its units
        context, "office", lambda self, uow: replace(asked(self, uow), id="0", name="Trung tâm", drafting_unit="")
    )
    assert office.records.default_unit() == ""
    assert office.records.default_unit(otherwise=CULTURE_ID) == CULTURE_ID
    assert office.records.default_unit(otherwise="đã giải thể") == ""


def test_marks_follow_what_is_entered() -> None:
    form = catalog().forms["citizen_reception"]
    assert "file_no" not in required_now(form, {"petition_kind": "feedback"})
    assert "visitor" not in required_now(form, {"petition_kind": "denunciation"})
    view = reception_view()

    def words(key: str) -> str:
        return view._cells[key].label.text()

    assert words("visitor") == "Họ tên công dân *" and words("file_no") == "Mã người gửi, số hồ sơ giấy"
    view.widget("petition_kind").set_value("denunciation")
    view.widget("petition_kind").edited.emit()
    assert words("visitor") == "Họ tên công dân (được bảo vệ)"
    assert words("address") == "Địa chỉ (được bảo vệ)"
    assert words("file_no") == "Mã người gửi, số hồ sơ giấy *"


def test_a_field_being_filled_in_is_not_red() -> None:
    view = reception_view()
    view.derive_now()
    settle()
    view.focus_field("kind")
    view.focus_field("receiver")  # left empty: now it may be told
    assert view.widget("kind").problem
    view.focus_field("kind")
    press(view, KEY.Key_F4)
    assert not view.widget("kind").problem
    view.reveal_problems()  # on saving everything is told, wherever the cursor stands
    assert view.widget("kind").problem


def test_the_field_with_the_cursor_is_seen_whole() -> None:
    view = reception_view()
    view.focus_field("identity_no")
    press(view, KEY.Key_Return)
    cell, port = view._cells["content"], view.scroll_area.viewport()
    at = QRect(cell.mapTo(view.body, cell.rect().topLeft()), cell.size())
    top = view.scroll_area.verticalScrollBar().value()
    assert top <= at.top() and at.bottom() <= top + port.height()


def test_escape_closes_the_calendar_and_not_the_record(qtbot: QtBot, office: Office) -> None:
    page = receptions(qtbot, office)
    page.new_record()
    settle()
    view = page.editor.view
    assert view is not None
    field = view.widget("received_on")
    assert isinstance(field, NullableDateEdit)
    press(page, KEY.Key_F4)
    popup = field._popup
    assert popup is not None and popup.isVisible()
    assert not field.problem  # looking at the calendar is not leaving the field empty
    override = QKeyEvent(QEvent.Type.ShortcutOverride, KEY.Key_Escape, Qt.KeyboardModifier.NoModifier)
    override.ignore()
    QApplication.sendEvent(popup, override)
    assert override.isAccepted()  # else the key would act on the record beneath
    QApplication.sendEvent(popup, QKeyEvent(QEvent.Type.KeyPress, KEY.Key_Escape, Qt.KeyboardModifier.NoModifier))
    assert not popup.isVisible() and page.stack.currentWidget() is page.editor
    names = [popup.calendar.locale().dayName(day, popup.calendar.locale().FormatType.ShortFormat) for day in (1, 7)]
    room = popup.calendar.minimumWidth() / 7
    assert all(popup.calendar.fontMetrics().horizontalAdvance(name) < room for name in names)
    page.deleteLater()  # with its calendar, whose own menus must not be taken away one by one
    QApplication.sendPostedEvents(page, QEvent.Type.DeferredDelete)


def test_the_missing_unit_is_led_to_and_in_view(qtbot: QtBot, office: Office) -> None:
    page = receptions(qtbot, office)
    page.new_record()
    settle()
    view = page.editor.view
    assert view is not None
    view.apply(RECEPTION, {"unit": None})
    page.editor.save(final=True)
    settle()
    assert page.editor.banner_label.text().startswith("Chưa chọn đơn vị thực hiện.")
    cell = view._cells["@unit"]
    bottom = cell.mapTo(view.body, cell.rect().bottomLeft()).y()
    bar = view.scroll_area.verticalScrollBar()
    assert bottom <= bar.value() + view.scroll_area.viewport().height()
    view.load({}, {})


@pytest.mark.parametrize("key", ["due", "plan", "indicators", "report", "exchange", "settings"])
def test_f1_tells_the_keys_of_every_page(office: Office, key: str) -> None:
    window = OfficeWindow(office, InlineRunner(), "Xã")
    show(window)
    found = [name for name in window._specs if name.startswith(key)] or list(window._specs)
    window.open_page(found[0])
    settle()
    page = window.page(found[0])
    assert page is not None
    title, keys = page.page_keys()
    assert title and len(keys) >= 2
    for pressed, words in letters_of(page):
        assert pressed.startswith("Alt+") and words and "&" not in words and not words.endswith(")")


def test_answers_can_be_given_by_their_letters() -> None:
    assert dialogs.with_mnemonics(["Lưu dự thảo", "Bỏ thay đổi", "Ở lại"]) == ["&Lưu dự thảo", "&Bỏ thay đổi", "Ở lạ&i"]
    assert dialogs.with_mnemonics(["Đồng ý", "&Hủy"]) == ["Đồ&ng ý", "&Hủy"]


def test_an_empty_reason_is_asked_for_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    typed = iter(["  ", "Ghi trùng"])

    def run(dialog: Any) -> int:
        seen.append(dialog.labelText())
        dialog.setTextValue(next(typed))
        return 1

    monkeypatch.setattr(QInputDialog, "exec", run)
    assert dialogs.ask_text(None, "Lý do xóa:") == "Ghi trùng"
    assert seen[0] == "Lý do xóa:" and "đang để trống" in seen[1]


def test_saving_by_the_service_still_names_an_unknown_unit(office: Office) -> None:
    with pytest.raises(Exception, match="không có trong danh sách"):
        office.records.save("citizen_reception", RecordInput("không có", RECEPTION), final=False)


def test_the_account_menu_opens_by_key(office: Office) -> None:
    window = OfficeWindow(office, InlineRunner(), "Xã")
    show(window)
    press(window, KEY.Key_F10)
    assert window.account_menu.isVisible() and window.account_menu.activeAction() is window.account_menu.actions()[0]
    window.account_menu.close()


def test_the_letter_of_a_label_leads_into_its_field() -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    first, field = QPushButton("Khác", window), ChoiceCombo(window)
    label = QLabel("&Về:", window)
    label.setBuddy(field)
    for part in (first, label, field):
        layout.addWidget(part)
    lead_into_fields(window)  # as for every screen that is loaded
    show(window)
    first.setFocus()
    press(window, KEY.Key_V, Qt.KeyboardModifier.AltModifier)
    assert field.edit.hasFocus()
    press(window, KEY.Key_Tab)  # one Tab leaves it
    assert first.hasFocus()
    press(window, KEY.Key_Tab)  # and another one comes back into it
    assert field.edit.hasFocus()
