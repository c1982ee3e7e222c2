"""Comments on a draft, what changed in it, and what a leader has not seen yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gui_keys import CONTROL, press, settle, show, write
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from records_office import close_windows, sign_in, supervision
from report_office import AREA, answering, choose_problem, go, hear, make_drafted, open_page, stored

from danvan_desktop.gui.report_comments import CommentsDialog
from danvan_desktop.gui.report_dialogs import RemarksDialog
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services import report_desk
from danvan_desktop.services.office import Office

FIRST = "assessment_strengths"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def sit(home: Path, fixed_clock: FixedClock) -> Iterator[Callable[[str], Office]]:
    """One after the other at the same desk: who comes closes what the one before had open."""
    offices: list[Office] = []

    def come(account: str) -> Office:
        if offices:
            offices[-1].close()
        offices.append(sign_in(home, fixed_clock, account))
        return offices[-1]

    make_drafted(home, fixed_clock).close()
    yield come
    close_windows()
    offices[-1].close()


@pytest.fixture
def drafted(sit: Callable[[str], Office]) -> Office:
    return sit("canbo")


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return hear(monkeypatch)


def test_a_comment_is_made_found_and_settled_by_keyboard(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    go(page, FIRST)
    write(page, "Nhân dân đồng thuận với chủ trương.")
    assert page.desk.editor.select_words("đồng thuận")
    titles: list[str] = []

    def remark(dialog: RemarksDialog) -> None:
        titles.append(dialog.title_label.text())
        dialog.text_edit.setPlainText("Nêu thêm số hộ <b>")
        press(dialog.text_edit, Qt.Key.Key_Return, CONTROL)
        assert dialog.result() == RemarksDialog.DialogCode.Accepted

    answering(monkeypatch, RemarksDialog, remark)
    press(page.desk.editor, Qt.Key.Key_M, CONTROL)
    settle()
    assert "đoạn “đồng thuận”" in titles[0] and "không in ra" in titles[0]
    assert page.desk.comments_button.text() == "Ý kiến (1)"
    assert stored(drafted, FIRST) == "Nhân dân đồng thuận với chủ trương."
    waves = [item for item in page.desk.editor.extraSelections() if item.cursor.selectedText() == "đồng thuận"]
    assert waves
    problem = choose_problem(page, lambda item: bool(item.comment))
    assert (
        problem.message.endswith("về “đồng thuận”: Nêu thêm số hộ <b>") and not page.problems.settle_button.isHidden()
    )
    go(page, AREA)
    page.problems.jump.emit()
    settle()
    assert page.desk.key == FIRST and page.desk.editor.textCursor().selectedText() == "đồng thuận"

    def read(dialog: CommentsDialog) -> None:
        assert "Chưa giải quyết" in dialog.comment_list.item(0).text()
        assert "<b>" in dialog.body_view.toPlainText()
        dialog.settle_button.click()
        settle()
        assert "Đã giải quyết" in dialog.comment_list.item(0).text()
        assert dialog.settle_button.text() == "&Mở lại" and "Cán bộ (mẫu) giải quyết" in dialog.body_view.toPlainText()
        press(dialog, Qt.Key.Key_Escape)

    seen = answering(monkeypatch, CommentsDialog, read)
    show(page)  # the window is in front again once the dialog is gone
    press(page.desk.editor, Qt.Key.Key_F7)
    settle()
    assert len(seen) == 1
    assert page.desk.comments_button.text() == "Ý kiến"
    assert not any(item.comment for item in page.report.problems)  # type: ignore[union-attr]  # a report is open


def test_changes_are_shown_word_by_word_in_place_of_the_text(
    qtbot: QtBot, drafted: Office, sit: Callable[[str], Office]
) -> None:
    report_id = report_desk.heads(drafted)[0].id
    drafted.reports.edit(report_id, FIRST, "Công tác dân vận có 12 mô hình & tốt.")
    drafted.reports.submit(report_id)
    leader = sit("lanhdao")
    leader.reports.send_back(report_id, "Kiểm tra số mô hình.")
    supervision(leader, "2026-04-20", "Giám sát việc tiếp công dân")
    leader.reports.refresh(report_id)
    page = open_page(qtbot, leader)
    go(page, FIRST)
    page.desk.editor.selectAll()
    write(page, "Công tác dân vận có 14 mô hình & tốt.")
    press(page.desk.editor, Qt.Key.Key_D, CONTROL)
    settle()
    pane = page.changes_pane
    assert pane.isVisible() and page.desk_box.isHidden()
    assert "trả lại: Kiểm tra số mô hình." in pane.since_combo.currentText()
    assert pane.remarks_label.text() == "Nhận xét khi đó: Kiểm tra số mô hình."
    html, text = pane.changes_view.toHtml(), pane.changes_view.toPlainText()
    assert "có 12 14 mô hình & tốt." in text and "Số liệu thay đổi" in text
    assert "line-through" in html and "underline" in html
    pane.since_combo.setCurrentIndex(pane.since_combo.count() - 1)  # when the draft was made
    pane.since_combo.activated.emit(pane.since_combo.currentIndex())
    settle()
    assert "Công tác dân vận có 14" in pane.changes_view.toPlainText() and pane.remarks_label.isHidden()
    press(pane.changes_view, Qt.Key.Key_Escape)
    assert pane.isHidden() and page.desk_box.isVisible() and page.desk.editor.hasFocus()


def test_a_leader_sees_first_what_changed_since_the_last_look(
    qtbot: QtBot, drafted: Office, sit: Callable[[str], Office]
) -> None:
    report_id = report_desk.heads(drafted)[0].id
    drafted.reports.submit(report_id)
    leader = sit("lanhdao")
    page = open_page(qtbot, leader)
    assert page.changes_pane.isHidden() and page.desk_box.isVisible()  # the first look: all of it is new
    page.hide()
    sit("canbo").reports.edit(report_id, FIRST, "Bổ sung đánh giá.")
    page = open_page(qtbot, sit("lanhdao"))
    assert page.changes_pane.isVisible() and page.desk_box.isHidden()
    assert page.changes_pane.title_label.text() == "Những thay đổi từ lần xem trước"
    assert "Bổ sung đánh giá." in page.changes_pane.changes_view.toPlainText()
    assert page.changes_pane.changes_view.hasFocus()
    page.changes_pane.back_button.click()
    assert page.desk_box.isVisible()
