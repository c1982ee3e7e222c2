"""Protected values on the page of records, and accounts that may not record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gui_keys import CONTROL, compose, press, settle
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, open_page, put, sign_in, supervision

from danvan_desktop.catalog.model import Json
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office

KEY = Qt.Key


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


DENUNCIATION: dict[str, Json] = {
    "received_on": "2026-03-02",
    "source": "post",
    "kind": "denunciation",
    "field": "civil_service",
    "file_no": "HS-01/2026",
    "content": "Xem trong hồ sơ giấy",
    "sender": "Người Tố Cáo",
}


def looks(office: Office) -> int:
    with office.context.store.read() as uow:
        return sum(1 for entry in uow.audit.list() if entry.action == "protected_look")


def test_protected_values_are_shown_on_asking_only_and_survive_edits(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = put(office, "petition", DENUNCIATION)
    page = open_page(qtbot, office, 6)
    page.show_target(made)
    settle()
    editor, view = page.editor, page.editor.view
    assert view is not None and editor.protected_box.isVisible() and looks(office) == 0
    sender: Any = view.widget("sender")
    assert sender.value() is None and sender.edit.isReadOnly() and sender.edit.placeholderText() == "được giữ kín"
    answer(monkeypatch, text="Bổ sung số hồ sơ")
    view.focus_field("file_no")
    compose(page, "A")
    press(page, KEY.Key_Return, CONTROL)
    assert office.records.get(made).revision == 2 and looks(office) == 0
    assert editor.protected_box.isVisible(), "saving is no look"
    compose(page, "B")
    press(page, KEY.Key_Return, CONTROL)
    assert office.records.get(made).revision == 3 and office.records.has_protected(made)
    editor.protected_button.click()
    assert sender.value() == "Người Tố Cáo" and looks(office) == 1
    assert not editor.is_unsaved() and not editor.protected_box.isVisible()
    view.focus_field("sender")
    press(page, KEY.Key_A, CONTROL)
    press(page, KEY.Key_Delete)
    press(page, KEY.Key_Return, CONTROL)
    assert not office.records.has_protected(made), "taken out by one who had seen it"


def test_what_was_just_typed_stays_open_and_is_saved_again(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = put(office, "petition", {key: value for key, value in DENUNCIATION.items() if key != "sender"})
    page = open_page(qtbot, office, 6)
    page.show_target(made)
    settle()
    view = page.editor.view
    assert view is not None and not page.editor.protected_box.isVisible()
    answer(monkeypatch, text="Bổ sung")
    view.focus_field("sender")
    compose(page, "Người Tố Cáo")
    press(page, KEY.Key_Return, CONTROL)
    assert "sender" not in office.records.get(made).values and not page.editor.protected_box.isVisible()
    view.focus_field("file_no")
    compose(page, "C")
    press(page, KEY.Key_Return, CONTROL)
    assert office.records.protected(made) == {"sender": "Người Tố Cáo"}


def test_without_the_right_protected_fields_stay_closed(
    qtbot: QtBot, office: Office, tmp_path: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = put(office, "petition", DENUNCIATION)
    office.context.store.add_account("nhaplieu", "Nhập liệu", "mật khẩu", ("entry",), False)
    office.close()
    other = sign_in(tmp_path / "home", fixed_clock, "nhaplieu")
    page = open_page(qtbot, other, 6)
    page.show_target(made)
    settle()
    view = page.editor.view
    assert view is not None and page.editor.protected_box.isVisible() and not page.editor.protected_button.isVisible()
    answer(monkeypatch, text="Bổ sung")
    view.focus_field("file_no")
    compose(page, "B")
    press(page, KEY.Key_Return, CONTROL)
    assert other.records.get(made).revision == 2 and other.records.has_protected(made)
    close_windows()
    other.close()


def test_who_may_not_record_reads_only(qtbot: QtBot, office: Office, tmp_path: Path, fixed_clock: FixedClock) -> None:
    supervision(office, "2026-05-04", "Đất đai")
    office.context.store.add_account("vanthu2", "Văn thư", "mật khẩu", ("records_office",), False)
    office.close()
    other = sign_in(tmp_path / "home", fixed_clock, "vanthu2")
    page = open_page(qtbot, other, 8)
    assert not page.new_button.isEnabled() and not page.delete_button.isEnabled()
    press(page, KEY.Key_Return)
    assert page.editor.record_id and not page.editor.final_button.isEnabled()
    assert "chỉ được xem" in page.editor.banner_label.text()
    close_windows()
    other.close()
