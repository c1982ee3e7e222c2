"""The page of records as an officer uses it: by keyboard, on a real home, looking at what the store holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from gui_keys import CONTROL, SHIFT, compose, press, show, write
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, open_page, put, rows, shown, supervision

from danvan_desktop.catalog.model import Json
from danvan_desktop.gui import dialogs, record_files
from danvan_desktop.gui import photo as photo_module
from danvan_desktop.gui.records_model import PLACEHOLDER
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.runner import ThreadRunner
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import CULTURE_ID, OFFICE_ID
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput
from danvan_desktop.store.rows import NewRecord

KEY = Qt.Key


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


def type_situation(page: RecordsPage, day: str, content: str) -> None:
    """Fill in "Nắm tình hình" with keys alone; the cursor stands in the first field."""
    write(page, day)
    press(page, KEY.Key_Return)
    view = page.editor.view
    assert view is not None
    for key in view.form.fields:
        if key.required and key.key != "observed_on":
            widget = view.widget(key.key)
            for _ in range(80):
                focus = page.window().focusWidget()
                if focus in widget.focus_parts:
                    break
                press(page, KEY.Key_Tab)
            assert page.window().focusWidget() in widget.focus_parts, key.key
            if str(key.type) == "choice":
                press(page, KEY.Key_Down)
                press(page, KEY.Key_Return)
            else:
                compose(page, content)


def test_five_records_entered_by_keys_alone(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 7)
    assert "Ctrl+N" in page.banner_label.text()
    wrote: list[Changes] = []
    page.wrote.connect(wrote.append)
    press(page, KEY.Key_N, CONTROL)
    for number in range(1, 6):
        type_situation(page, f"{number}/5", f"Dư luận về việc số {number}")
        if number < 5:
            press(page, KEY.Key_Return, CONTROL | SHIFT)
        else:
            press(page, KEY.Key_Return, CONTROL)
    assert page.editor.state_label.text() == "Chính thức", [p.message for p in page.editor.view.problems()]  # type: ignore[union-attr]  # a form is open
    press(page, KEY.Key_Escape)
    found = rows(office, "situation_report")
    assert [row.values["observed_on"] for row in found] == [f"2026-05-{day:02d}" for day in (5, 4, 3, 2, 1)]
    assert found[0].values["content"] == "Dư luận về việc số 5" and {row.state for row in found} == {"final"}
    assert {row.unit for row in found} == {CULTURE_ID}, "the unit of the office itself is the default"
    assert shown(page) == ["05/05/2026", "04/05/2026", "03/05/2026", "02/05/2026", "01/05/2026"]
    assert page.count_label.text() == "5 bản ghi" and len(wrote) == 5
    assert wrote[0].touches("record:situation_report")


def test_an_incomplete_record_is_a_draft_and_never_final(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 7)
    press(page, KEY.Key_N, CONTROL)
    write(page, "1/5")
    press(page, KEY.Key_Return, CONTROL)
    assert rows(office, "situation_report") == []
    view = page.editor.view
    assert view is not None and "Chưa lưu gì" in page.editor.banner_label.text()
    assert view.problem_list.isVisible() and view.problem_list.count() >= 2
    press(page, KEY.Key_S, CONTROL)
    assert [row.state for row in rows(office, "situation_report")] == ["draft"]
    assert page.editor.state_label.text() == "Dự thảo"


def test_a_text_that_is_no_value_is_not_saved(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 7)
    press(page, KEY.Key_N, CONTROL)
    write(page, "45/13")
    press(page, KEY.Key_S, CONTROL)
    assert rows(office, "situation_report") == []
    assert page.editor.view is not None
    first = page.editor.view.problem_list.item(0)
    assert "Không có ngày này" in first.text()


def test_the_last_record_is_repeated_field_by_field(qtbot: QtBot, office: Office) -> None:
    supervision(office, "2026-05-04", "Giám sát đất đai")
    page = open_page(qtbot, office, 8)
    press(page, KEY.Key_N, CONTROL)
    press(page, KEY.Key_D, CONTROL)
    view = page.editor.view
    assert view is not None and view.values()["held_on"] == "2026-05-04"
    press(page, KEY.Key_Z, CONTROL)
    assert "held_on" not in view.values()
    press(page, KEY.Key_Y, CONTROL)
    assert view.values()["held_on"] == "2026-05-04"


def test_leaving_unsaved_work_asks(qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(qtbot, office, 7)
    press(page, KEY.Key_N, CONTROL)
    press(page, KEY.Key_Escape)
    assert page.stack.currentWidget() is page.list_page, "nothing entered: nothing asked"
    press(page, KEY.Key_N, CONTROL)
    write(page, "1/5")
    asked = answer(monkeypatch, choice=2)
    press(page, KEY.Key_Escape)
    assert asked and page.stack.currentWidget() is page.editor and not page.can_leave()
    answer(monkeypatch, choice=0)
    press(page, KEY.Key_Escape)
    assert page.stack.currentWidget() is page.list_page
    assert [row.state for row in rows(office, "situation_report")] == ["draft"]
    page.table.setFocus()
    press(page, KEY.Key_Return)
    write(page, "x")
    answer(monkeypatch, choice=1)
    press(page, KEY.Key_Escape)
    assert page.can_leave() and [row.revision for row in rows(office, "situation_report")] == [1]


def test_saving_before_leaving_waits_for_the_database(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = ThreadRunner()
    page = RecordsPage(office, runner, 7)
    qtbot.addWidget(page)
    show(page)
    qtbot.waitUntil(lambda: page.new_button.isEnabled())
    page.shown()
    press(page, KEY.Key_N, CONTROL)
    qtbot.waitUntil(lambda: isinstance(page.window().focusWidget(), QLineEdit))
    write(page, "1/5")
    answer(monkeypatch, choice=0)
    assert page.can_leave()
    runner.shutdown()
    assert [row.values["observed_on"] for row in rows(office, "situation_report")] == ["2026-05-01"]


def test_a_final_record_is_corrected_with_a_reason_and_brought_back(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = supervision(office, "2026-05-04", "Giám sát đất đai")
    page = open_page(qtbot, office, 8)
    press(page, KEY.Key_Return)
    view = page.editor.view
    assert view is not None and page.editor.record_id == made
    view.focus_field("subject")
    press(page, KEY.Key_A, CONTROL)
    compose(page, "Giám sát xây dựng")
    asked = answer(monkeypatch, text=None)
    press(page, KEY.Key_Return, CONTROL)
    assert asked == ["Lý do sửa bản ghi chính thức:"] and office.records.get(made).revision == 1
    answer(monkeypatch, text="Ghi nhầm nội dung")
    press(page, KEY.Key_Return, CONTROL)
    assert office.records.get(made).values["subject"] == "Giám sát xây dựng"
    press(page, KEY.Key_H, CONTROL)
    history = page.editor.history_panel
    assert history.isVisible() and history.history_list.count() == 2
    text = history.history_text.toPlainText()
    assert "Lý do: Ghi nhầm nội dung" in text and "Giám sát đất đai  →  Giám sát xây dựng" in text
    assert "28/05/2026 08:00" in history.history_list.item(0).text()
    press(page, KEY.Key_Down)
    asked = answer(monkeypatch, yes=True)
    history.restore_button.click()
    assert asked and office.records.get(made).values["subject"] == "Giám sát đất đai"
    assert office.records.history(made)[-1].why == "Khôi phục lần sửa thứ 1"
    assert view.values()["subject"] == "Giám sát đất đai" and history.history_list.count() == 3


def test_search_filters_and_order(qtbot: QtBot, office: Office) -> None:
    for day, subject in (("2026-05-04", "Đất đai"), ("2025-11-20", "Xây dựng đường"), ("2024-03-01", "Đấu thầu")):
        supervision(office, day, subject)
    page = open_page(qtbot, office, 8)
    assert shown(page) == ["04/05/2026", "20/11/2025", "01/03/2024"]
    press(page, KEY.Key_F, CONTROL)
    write(page, "xay duong")
    press(page, KEY.Key_Return)
    assert shown(page) == ["20/11/2025"] and page.count_label.text() == "1 bản ghi khớp điều kiện lọc"
    press(page, KEY.Key_F, CONTROL)
    press(page, KEY.Key_Escape)
    qtbot.waitUntil(lambda: len(shown(page)) == 3)
    page.period_combo.setCurrentIndex(1)
    assert shown(page) == ["04/05/2026", "20/11/2025"], "the window of the running report: 16/10/2025 to 15/5/2026"
    page.period_combo.setCurrentIndex(page.period_combo.count() - 1)
    page.first_edit.setFocus()
    write(page, "1/1/2024")
    press(page, KEY.Key_Return)
    write(page, "31/12/2024")
    press(page, KEY.Key_Return)
    assert shown(page) == ["01/03/2024"]
    page.clear_button.click()
    assert len(shown(page)) == 3
    page._sort_by(0)
    assert shown(page) == ["01/03/2024", "20/11/2025", "04/05/2026"]
    press(page, KEY.Key_F7)
    assert page.filter_panel.isVisible()


def test_a_choice_of_the_form_filters_the_list(qtbot: QtBot, office: Office) -> None:
    kinds = [choice.key for choice in office.context.catalog.forms["social_supervision"].field("kind").choices]
    supervision(office, "2026-05-04", "A", kind=kinds[0])
    supervision(office, "2026-05-05", "B", kind=kinds[1])
    page = open_page(qtbot, office, 8)
    combo = page.filters._choices["kind"]
    combo.setCurrentIndex(combo.findData(kinds[1]))
    assert shown(page) == ["05/05/2026"]
    page.state_combo.setCurrentIndex(page.state_combo.findData("draft"))
    assert shown(page) == [] and "Bỏ lọc" in page.banner_label.text()


def test_deleting_asks_why_and_the_bin_gives_back(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = supervision(office, "2026-05-04", "Đất đai")
    page = open_page(qtbot, office, 8)
    answer(monkeypatch, text=None)
    press(page, KEY.Key_Delete)
    assert not office.records.get(made).deleted
    answer(monkeypatch, text="Nhập trùng")
    press(page, KEY.Key_Delete)
    assert office.records.get(made).deleted and shown(page) == []
    page.bin_button.click()
    assert shown(page) == ["04/05/2026"] and page.restore_button.isVisible() and not page.new_button.isEnabled()
    press(page, KEY.Key_Return)
    assert not page.editor.final_button.isEnabled() and "thùng rác" in page.editor.banner_label.text()
    press(page, KEY.Key_Escape)
    page.restore_button.click()
    assert not office.records.get(made).deleted and shown(page) == []
    assert office.records.history(made)[1].why == "Nhập trùng"


def test_a_copy_leaves_the_date_empty(qtbot: QtBot, office: Office) -> None:
    supervision(office, "2026-05-04", "Đất đai")
    page = open_page(qtbot, office, 8)
    press(page, KEY.Key_D, CONTROL)
    view = page.editor.view
    assert view is not None and view.values()["subject"] == "Đất đai" and "held_on" not in view.values()
    assert page.editor.record_id is None and page.editor.is_unsaved()


# ---------------------------------------------------------------- files, references, many rows


def test_a_file_is_kept_with_the_record_and_opened(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paper = tmp_path / "Biên bản.pdf"
    paper.write_bytes(b"%PDF-1.7")
    bad = tmp_path / "cai-dat.exe"
    bad.write_bytes(b"MZ")
    page = open_page(qtbot, office, 7)
    press(page, KEY.Key_N, CONTROL)
    write(page, "1/5")
    view = page.editor.view
    assert view is not None
    told: list[str] = []
    monkeypatch.setattr(dialogs, "show_error", lambda _parent, error: told.append(error.code))
    view.evidence().paths_added.emit([paper, bad])
    assert told == ["evidence_program"]
    press(page, KEY.Key_S, CONTROL)
    row = rows(office, "situation_report")[0]
    assert [item.name for item in office.records.evidence.names(row.evidence)] == ["Biên bản.pdf"]
    opened: list[bytes] = []

    def view_it(path: Path) -> bool:
        opened.append(path.read_bytes())
        return True

    monkeypatch.setattr(record_files, "open_in_system", view_it)
    view.evidence().open_requested.emit(row.evidence[0])
    assert opened == [b"%PDF-1.7"]


PETITION: dict[str, Json] = {
    "received_on": "2026-03-02",
    "source": "post",
    "kind": "complaint",
    "field": "civil_service",
    "content": "Nội dung",
    "sender": "Ông Mẫu",
}


def test_another_record_is_pointed_at_by_its_label(qtbot: QtBot, office: Office) -> None:
    made = put(office, "petition", PETITION)
    page = open_page(qtbot, office, 6)
    press(page, KEY.Key_N, CONTROL)
    view = page.editor.view
    assert view is not None and view.form.key == "citizen_reception"
    view.focus_field("petition")
    write(page, "khieu nai")
    picker: Any = view.widget("petition")
    qtbot.waitUntil(lambda: picker.edit.popup_open)
    press(page, KEY.Key_Return)
    assert view.values()["petition"] == made


def test_a_list_of_thousands_opens_by_windows(qtbot: QtBot, office: Office) -> None:
    form = office.context.catalog.forms["social_supervision"]
    choices = {key: form.field(key).choices[0].key for key in ("body", "kind")}
    days = [date(2020, 1, 1) + timedelta(days=number % 2000) for number in range(5000)]
    with office.context.store.unit() as uow:
        uow.records.insert_many(
            (
                NewRecord(form.key, 1, OFFICE_ID, "final", day, {"held_on": day.isoformat(), "subject": "X", **choices})
                for day in days
            ),
            form,
            by="canbo",
        )
    page = open_page(qtbot, office, 8)
    assert page.count_label.text() == "5.000 bản ghi"
    model: Any = page.table.model()
    assert model.index(4999, 0).data() == PLACEHOLDER
    page.table.scrollToBottom()
    qtbot.waitUntil(lambda: model.index(4999, 0).data() == "01/01/2020")


def test_a_change_elsewhere_is_shown(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 8)
    supervision(office, "2026-05-04", "Đất đai")
    page.refresh(Changes.of("record:petition"))
    assert shown(page) == []
    page.refresh(Changes.of("record:social_supervision"))
    assert shown(page) == ["04/05/2026"]


def test_forms_of_an_area_by_key_and_the_page_fits(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 6)
    assert page.form is not None and page.form.key == "citizen_reception"
    press(page, KEY.Key_Tab, CONTROL)
    assert page.form.key == "petition"
    press(page, KEY.Key_Backtab, CONTROL | SHIFT)
    assert page.minimumSizeHint().width() <= 1060 and page.minimumSizeHint().height() <= 590


def test_a_refused_save_keeps_what_was_typed(qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = supervision(office, "2026-05-04", "Đất đai")
    page = open_page(qtbot, office, 8)
    press(page, KEY.Key_Return)
    row = office.records.get(made)
    office.records.save(row.form, RecordInput(row.unit, {**row.values, "subject": "Khác"}), final=True, record_id=made)
    view = page.editor.view
    assert view is not None
    view.focus_field("subject")
    compose(page, "Y ")
    answer(monkeypatch, text="Sửa")
    told: list[str] = []
    monkeypatch.setattr(dialogs, "show_error", lambda _parent, error: told.append(error.code))
    press(page, KEY.Key_Return, CONTROL)
    assert told == ["record_changed"] and "Y " in str(view.values()["subject"])
    assert office.records.get(made).values["subject"] == "Khác" and page.editor.is_unsaved()


def test_large_photos_are_made_smaller_on_wish_and_anything_may_be_pasted(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = tmp_path / "Hội nghị.bmp"
    noise = QImage(2400, 1200, QImage.Format.Format_RGB32)
    noise.fill(QColor("#3a7"))
    with QPainter(noise) as painter:
        for at in range(0, 2400, 7):
            painter.drawLine(at, 0, 2400 - at, 1200)
    assert noise.save(str(photo))
    monkeypatch.setattr(photo_module, "LARGE_BYTES", 1000)
    page = open_page(qtbot, office, 7)
    press(page, KEY.Key_N, CONTROL)
    view = page.editor.view
    assert view is not None
    answer(monkeypatch, choice=1)
    view.evidence().paths_added.emit([photo])
    asked = answer(monkeypatch, choice=0)
    view.evidence().paths_added.emit([photo])
    assert asked[0].startswith("Có 1 ảnh lớn")
    names = [item.name for item in office.records.evidence.names(view.evidence().hashes())]
    assert names == ["Hội nghị.bmp", "Hội nghị.jpg"]
    small = QImage(str(office.records.evidence.view_copy(view.evidence().hashes()[1])))
    assert (small.width(), small.height()) == (1920, 960)
    view.focus_first()
    QGuiApplication.clipboard().setImage(noise.scaled(40, 20))
    press(page, KEY.Key_V, CONTROL)
    assert len(view.evidence().hashes()) == 3, "a picture on the clipboard is taken wherever the cursor stands"
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "Hội nghị.bmp"))])
    where = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    over, drop = QDragEnterEvent(QPoint(40, 40), *where), QDropEvent(QPoint(40, 40), *where)
    answer(monkeypatch, choice=1)
    QApplication.sendEvent(view, over)
    QApplication.sendEvent(view, drop)
    assert over.isAccepted() and drop.isAccepted() and len(view.evidence().hashes()) == 3, "the same file is there once"
    QGuiApplication.clipboard().setText("chữ")
    view.focus_field("content")
    press(page, KEY.Key_V, CONTROL)
    assert view.values()["content"] == "chữ"
