"""Heads-down entry: twenty receptions by keys alone, undo of anything, keys told by F1, two revisions compared."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_keys import CONTROL, SHIFT, compose, press, settle, show, write
from gui_samples import sample_context, sample_form, sample_values
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, open_page, rows, supervision

from danvan_desktop.catalog.model import Json, ValueType
from danvan_desktop.gui.form_builder import FormView
from danvan_desktop.gui.keys_dialog import KeysDialog
from danvan_desktop.gui.office_window import OfficeWindow
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import CULTURE_ID
from danvan_desktop.services.office import Office

KEY = Qt.Key


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


def test_twenty_receptions_by_keys_alone(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 6)
    page.form_tabs.setCurrentIndex([form.key for form in page._forms].index("citizen_reception"))
    press(page, KEY.Key_N, CONTROL)

    def enter(*texts: str) -> None:
        for text in texts:
            if text:
                compose(page, text) if not text.isascii() else write(page, text)
            press(page, KEY.Key_Return)

    enter("1/5", "thuong", "Nguyễn Thị Đào")
    for number in range(1, 21):
        if number > 1:  # kind and receiver stay; the date is marked, typing replaces it
            enter(f"{number}/5", "", "")
        enter("1", "phan anh", f"HS {number}", f"Công dân thứ {number}", "Thôn Mẫu Đông", "")
        enter_content = page.window().focusWidget()
        assert isinstance(enter_content, QWidget)
        compose(page, f"Phản ánh việc số {number}")
        view = page.editor.view
        assert view is not None
        for key in (item.key for item in view.form.fields if item.required):
            if view.widget(key).value() is None:
                view.focus_field(key)
                press(page, KEY.Key_Down)
                press(page, KEY.Key_Return)
        press(page, KEY.Key_Return, CONTROL | SHIFT)
        assert page.editor.record_id is None, [item.message for item in view.problems()]
    found = rows(office, "citizen_reception", sort="event_date", descending=False)
    assert [row.values["received_on"] for row in found] == [f"2026-05-{day:02d}" for day in range(1, 21)]
    assert {row.state for row in found} == {"final"} and {row.unit for row in found} == {CULTURE_ID}
    assert {row.values["receiver"] for row in found} == {"Nguyễn Thị Đào"}
    assert {row.values["kind"] for row in found} == {"regular"}
    assert office.records.drafts.waiting() == []


def edits() -> st.SearchStrategy[list[tuple[str, Json]]]:
    full = sample_values()
    fields = [item.key for item in sample_form().fields if item.derive is None and item.key in full]
    return st.lists(st.tuples(st.sampled_from(fields), st.booleans()), min_size=1, max_size=25).map(
        lambda steps: [(key, full[key] if given else None) for key, given in steps]
    )


@given(steps=edits(), back=st.integers(0, 25))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_undoing_all_is_the_start_and_redoing_all_the_end(
    qapp: object, steps: list[tuple[str, Json]], back: int
) -> None:
    view = FormView(sample_form(), sample_context())
    try:
        start = view._state()
        states = [start]
        for key, value in steps:
            view.widget(key).set_value(value)
            view._widget_edited(key, typing=False)
            states.append(view._state())
        for expected in reversed(states[:-1]):
            view.undo()
            assert view._state() == expected
        assert view._state() == start and not view.can_undo and not view.is_changed()
        for expected in states[1:]:
            view.redo()
            assert view._state() == expected
        assert not view.can_redo
        for _ in range(min(back, len(steps))):
            view.undo()
        assert view._state() == states[max(0, len(steps) - back)]
    finally:
        view.deleteLater()


def test_a_hundred_steps_are_kept(qtbot: QtBot) -> None:
    view = FormView(sample_form(), sample_context())
    qtbot.addWidget(view)
    key = next(item.key for item in sample_form().fields if item.type is ValueType.TEXT)
    for number in range(130):
        view.widget(key).set_value(f"chữ {number}")
        view._widget_edited(key, typing=False)
    steps = 0
    while view.can_undo:
        view.undo()
        steps += 1
    assert steps == 100 and view.widget(key).value() == "chữ 29"


def test_f1_lists_the_keys_of_the_screen(office: Office) -> None:
    window = OfficeWindow(office, InlineRunner(), "Xã")
    show(window)
    window.open_page("area7")
    settle()
    window.show_keys()
    (dialog,) = window.findChildren(KeysDialog)
    lines = dialog.lines()
    assert lines[0] == "Danh sách" and "Ctrl+N: thêm mới" in lines and "F1: bảng phím tắt này" in lines
    dialog.accept()
    page = window.page("area7")
    assert isinstance(page, RecordsPage)
    page.new_record()
    assert page.page_keys()[0] == "Trong biểu"
    shown = KeysDialog(*page.page_keys(), window)
    assert "F8: đến chỗ phải sửa tiếp theo" in shown.lines()


def test_two_revisions_are_compared(qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    made = supervision(office, "2026-05-04", "Một")
    page = open_page(qtbot, office, 8)
    page.show_target(made)
    view = page.editor.view
    assert view is not None
    answer(monkeypatch, text="Sửa")
    for text in ("Hai", "Ba"):
        view.focus_field("subject")
        press(page, KEY.Key_A, CONTROL)
        compose(page, text)
        press(page, KEY.Key_Return, CONTROL)
    press(page, KEY.Key_H, CONTROL)
    panel = page.editor.history_panel
    assert panel.history_list.count() == 3
    press(page, KEY.Key_Down, SHIFT)
    press(page, KEY.Key_Down, SHIFT)
    text = panel.history_text.toPlainText()
    assert text.startswith("So sánh lần 1 với lần 3:") and "Một  →  Ba" in text
    assert not panel.restore_button.isEnabled()
    press(page, KEY.Key_Up)
    assert panel.restore_button.isEnabled()
