"""What is typed is kept: after the program is killed the draft reopens on its form; saving and giving up end it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from gui_keys import CONTROL, compose, press, settle, write
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, open_page, rows, sign_in, supervision

from danvan_desktop.catalog.model import Json
from danvan_desktop.gui.office_window import OfficeWindow
from danvan_desktop.gui.record_journal import CONTINUE, DROP, LATER
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import CULTURE_ID
from danvan_desktop.services.office import Office

KEY = Qt.Key

# types three fields and half of a fourth, says so, and waits to be killed
TYPIST = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
sys.path[:0] = sys.argv[2].split(os.pathsep)
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from danvan_desktop.gui import theme
from danvan_desktop.gui.office_window import OfficeWindow
from danvan_desktop.gui.runner import ThreadRunner
from danvan_desktop.kernel.clock import FixedClock
from gui_keys import CONTROL, compose, press, settle, show, write
from PySide6.QtCore import Qt
from records_office import sign_in

app = QApplication([])
theme.apply(app)
office = sign_in(Path(sys.argv[1]), FixedClock(datetime(2026, 5, 28, 1, 0, tzinfo=UTC)), "canbo")
runner = ThreadRunner()
window = OfficeWindow(office, runner, "Xã")
show(window)
window.open_page("area6")
page = window.page("area6")

def idle():
    while runner.busy:
        app.processEvents()
    settle()

idle()
names = [form.key for form in page._forms]
page.form_tabs.setCurrentIndex(names.index("citizen_reception"))
idle()
press(page, Qt.Key.Key_N, CONTROL)
idle()
view = page.editor.view
write(page, "27/5"); press(page, Qt.Key.Key_Return)
view.focus_field("receiver"); compose(page, "Nguyễn Thị Đào"); press(page, Qt.Key.Key_Return)
view.focus_field("petition_kind"); write(page, "to cao"); press(page, Qt.Key.Key_Return)
view.focus_field("visitor"); compose(page, "Người Tố Cáo"); press(page, Qt.Key.Key_Return)
view.focus_field("replied_on"); write(page, "31/2"); press(page, Qt.Key.Key_Return)
idle()
view.focus_field("content"); compose(page, "đang gõ")
print("typed", flush=True)
app.exec()
"""


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


def first_account(office: Office) -> str:
    return office.context.store.account.name


def window_of(office: Office) -> OfficeWindow:
    window = OfficeWindow(office, InlineRunner(), "Xã")
    window.show()
    window.activateWindow()
    settle()
    return window


def page_of(window: OfficeWindow, area: int) -> RecordsPage:
    page = window.page(f"area{area}")
    assert isinstance(page, RecordsPage)
    return page


def begin(page: RecordsPage, day: str = "1/5") -> Any:
    press(page, KEY.Key_N, CONTROL)
    write(page, day)
    press(page, KEY.Key_Return)
    assert page.editor.view is not None
    return page.editor.view


def test_killed_while_typing_the_draft_reopens_on_its_form(
    qtbot: QtBot, tmp_path: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    made = make_office(home, fixed_clock)
    account = first_account(made)
    made.close()
    script = TYPIST.replace('"canbo"', repr(account))
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    helpers = os.pathsep.join(str(folder) for folder in (Path(__file__).parent, Path(__file__).parents[1]))
    typist = subprocess.Popen(
        [sys.executable, "-c", script, str(home), helpers], stdout=subprocess.PIPE, env=environment
    )
    assert typist.stdout is not None
    assert typist.stdout.readline() == b"typed\n"
    typist.kill()
    typist.wait()
    typist.stdout.close()
    again = sign_in(home, fixed_clock, account)
    try:
        window = window_of(again)
        asked = answer(monkeypatch, choice=CONTINUE)
        window.offer_drafts()
        settle()
        assert asked == ["Một bản ghi mới ở biểu “Tiếp công dân” đang nhập dở, chưa lưu. Anh/chị có nhập tiếp không?"]
        page = page_of(window, 6)
        view = page.editor.view
        assert view is not None and view.form.key == "citizen_reception" and page.editor.is_unsaved()
        assert view.values() == {
            "received_on": "2026-05-27",
            "receiver": "Nguyễn Thị Đào",
            "petition_kind": "denunciation",
            "visitor": "Người Tố Cáo",
        }, "all but the field being typed"
        replied: Any = view.widget("replied_on")
        assert replied.edit.text() == "31/2" and "Không có ngày này" in replied.input_error()
        assert "nhập dở" in page.editor.banner_label.text()
        page.editor.save(final=False)
        assert rows(again, "citizen_reception") == [], "a text that is no value keeps it from being saved"
        replied.set_value(None)
        page.editor.save(final=False)
        saved = rows(again, "citizen_reception")
        assert [row.state for row in saved] == ["draft"] and again.records.drafts.waiting() == []
        assert again.records.protected(saved[0].id) == {"visitor": "Người Tố Cáo"}
    finally:
        close_windows()
        again.close()


def test_protected_values_are_journalled_sealed_only(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 6)
    page.form_tabs.setCurrentIndex([form.key for form in page._forms].index("citizen_reception"))
    view = begin(page, "27/5")
    view.focus_field("visitor")
    compose(page, "Người Tố Cáo")
    press(page, KEY.Key_Return)
    with office.context.store.read() as uow:
        (row,) = uow.drafts.list()
    assert row.has_sealed and "Người Tố Cáo" not in str(row.body), "sealed also before it is known to be a denunciation"
    assert office.records.drafts.open(row.id).values["visitor"] == "Người Tố Cáo"
    with office.context.store.read() as uow:
        assert [entry.subject for entry in uow.audit.list() if entry.action == "protected_look"] == [row.id]


def test_without_the_right_protected_values_are_not_journalled(
    qtbot: QtBot, office: Office, tmp_path: Path, fixed_clock: FixedClock
) -> None:
    office.context.store.add_account("nhaplieu", "Nhập liệu", "mật khẩu", ("entry",), False)
    office.close()
    other = sign_in(tmp_path / "home", fixed_clock, "nhaplieu")
    page = open_page(qtbot, other, 6)
    page.form_tabs.setCurrentIndex([form.key for form in page._forms].index("citizen_reception"))
    view = begin(page, "27/5")
    view.focus_field("visitor")
    compose(page, "Người Đến")
    press(page, KEY.Key_Return)
    (kept,) = other.records.drafts.waiting()
    assert other.records.drafts.open(kept.id).values["visitor"] == "Người Đến"
    view.focus_field("petition_kind")
    write(page, "to cao")
    press(page, KEY.Key_Return)
    with other.context.store.read() as uow:
        (row,) = uow.drafts.list()
    assert not row.has_sealed and "visitor" not in row.body["values"], "raising the class takes the copy away"
    close_windows()
    other.close()


def test_the_journal_ends_with_saving_giving_up_and_undoing_all(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafts = office.records.drafts
    page = open_page(qtbot, office, 7)
    begin(page)
    assert len(drafts.waiting()) == 1
    press(page, KEY.Key_S, CONTROL)
    assert drafts.waiting() == []
    press(page, KEY.Key_N, CONTROL)
    write(page, "2/5")
    press(page, KEY.Key_Return)
    assert [item.label for item in drafts.waiting()] == ["02/05/2026"]
    answer(monkeypatch, choice=1)
    press(page, KEY.Key_Escape)
    assert drafts.waiting() == []
    view = begin(page)
    assert len(drafts.waiting()) == 1
    while view.can_undo:
        press(page, KEY.Key_Z, CONTROL)
    page.editor._journal.keep()
    assert drafts.waiting() == [] and not page.editor.is_unsaved()


def test_typing_that_rests_is_kept_too(qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(qtbot, office, 7)
    page.editor._journal._timer.setInterval(20)
    press(page, KEY.Key_N, CONTROL)
    assert page.editor.view is not None
    page.editor.view.focus_field("content")
    compose(page, "Một nội dung rất dài")
    qtbot.waitUntil(lambda: bool(office.records.drafts.waiting()))
    (kept,) = office.records.drafts.waiting()
    assert office.records.drafts.open(kept.id).values == {"content": "Một nội dung rất dài"}


def test_a_record_with_an_unsaved_edit_asks_when_it_opens(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = supervision(office, "2026-05-04", "Giám sát đất đai")
    page = open_page(qtbot, office, 8)
    page.show_target(made)
    assert page.editor.view is not None
    page.editor.view.focus_field("subject")
    compose(page, " và xây dựng")
    press(page, KEY.Key_Return)
    close_windows()  # as if the program had been killed
    changed = {**office.records.get(made).values, "subject": "Đã sửa ở nơi khác"}
    office.records.save("social_supervision", _input(changed), final=True, record_id=made, why="Sửa")
    page = open_page(qtbot, office, 8)
    asked = answer(monkeypatch, choice=LATER)
    page.show_target(made)
    assert len(asked) == 1 and not page.editor.is_unsaved() and len(office.records.drafts.waiting()) == 1
    answer(monkeypatch, choice=CONTINUE)
    page.show_target(made)
    view = page.editor.view
    assert view is not None and "và xây dựng" in str(view.values()["subject"]) and page.editor.is_unsaved()
    assert "đã được sửa thêm" in page.editor.banner_label.text()
    answer(monkeypatch, choice=1)
    press(page, KEY.Key_Escape)
    assert office.records.drafts.waiting() == []


def test_a_draft_is_given_up_only_after_a_second_question(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(open_page(qtbot, office, 7))
    close_windows()
    window = window_of(office)
    answer(monkeypatch, choice=DROP, yes=False)
    window.offer_drafts()
    assert len(office.records.drafts.waiting()) == 1
    asked = answer(monkeypatch, choice=DROP, yes=True)
    window.offer_drafts()
    assert asked[-1].startswith("Bỏ hẳn") and office.records.drafts.waiting() == []
    window.offer_drafts(tell=True)
    assert window.status_label.text() == "Không có bản nhập dở nào."


def test_drafts_belong_to_their_account_and_go_with_it(office: Office, tmp_path: Path, fixed_clock: FixedClock) -> None:
    from danvan_desktop.services.drafts import TypedDraft

    kept = TypedDraft("situation_report", None, None, {"content": "Một"}, {"unit": CULTURE_ID})
    office.records.drafts.keep("a", kept)
    office.context.store.add_account("nhaplieu", "Nhập liệu", "mật khẩu", ("entry",), False)
    mine = first_account(office)
    office.close()
    other = sign_in(tmp_path / "home", fixed_clock, "nhaplieu")
    assert other.records.drafts.waiting() == []
    other.records.drafts.discard("a")
    other.records.drafts.keep("b", kept)
    other.close()
    again = sign_in(tmp_path / "home", fixed_clock, mine)
    assert [item.id for item in again.records.drafts.waiting()] == ["a"]
    again.context.store.remove_account("nhaplieu")
    again.close()


def _input(values: dict[str, Json]) -> Any:
    from danvan_desktop.services.records import RecordInput

    return RecordInput(CULTURE_ID, values)


def test_next_record_keeps_date_and_unit_and_saves_the_present_one(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 6)
    page.form_tabs.setCurrentIndex([form.key for form in page._forms].index("citizen_reception"))
    view = begin(page, "27/5")
    write(page, "thuong xuyen")
    press(page, KEY.Key_Return)
    compose(page, "Bà Đào")
    press(page, KEY.Key_N, CONTROL)
    assert [row.state for row in rows(office, "citizen_reception")] == ["draft"], "only an explicit word makes it count"
    assert view.values() == {"received_on": "2026-05-27", "kind": "regular", "receiver": "Bà Đào"}
    assert view.common()["unit"] == CULTURE_ID and page.editor.record_id is None and not page.editor.is_unsaved()
    write(page, "28/5")
    press(page, KEY.Key_Return)
    assert view.values()["received_on"] == "2026-05-28", "what is marked is replaced by typing"
