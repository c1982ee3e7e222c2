"""Bold, italics and bullets in a report, what is pasted, find and replace, and undo over all sections."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fits import faults
from gui_keys import CONTROL, press, settle, write
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot
from records_office import close_windows
from report_office import AREA, bound, go, hear, make_drafted, open_page, stored

from danvan_desktop.gui.report_page import ReportPage
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services import report_desk
from danvan_desktop.services.office import Office
from danvan_desktop.services.report_desk import Look

FIRST, SECOND = "assessment_strengths", "assessment_weaknesses"
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def drafted(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make_drafted(tmp_path / "home", fixed_clock)
    yield made
    close_windows()
    made.close()


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return hear(monkeypatch)


def looks(office: Office, section: str) -> tuple[Look, ...]:
    sheet = report_desk.open_report(office, report_desk.heads(office)[0].id).sheet(section)
    assert sheet is not None
    return sheet.looks


def select(page: ReportPage, words: str) -> None:
    cursor = page.desk.editor.document().find(words, 0)
    assert not cursor.isNull()
    page.desk.editor.setTextCursor(cursor)


def paste(page: ReportPage, html: str) -> None:
    mime = QMimeData()
    mime.setHtml(html)
    page.desk.editor.insertFromMimeData(mime)


def test_bold_and_italics_by_keys_are_kept_and_a_bound_number_stays_bound(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, AREA)
    figures = bound(drafted, AREA)
    text = page.desk.editor.toPlainText()
    number = page.desk.editor.section.marks[0]  # type: ignore[union-attr]  # a section is shown
    cursor = QTextCursor(number.cursor)
    page.desk.editor.setTextCursor(cursor)
    press(page.desk.editor, Qt.Key.Key_B, CONTROL)
    page.desk.save_now()
    start = text.index(number.text)
    assert looks(drafted, AREA) == (Look(start, start + len(number.text), bold=True),)
    assert bound(drafted, AREA) == figures and stored(drafted, AREA) == text
    drafted.reports.refresh(report_desk.heads(drafted)[0].id)  # counted anew: the officer's hand stays
    assert looks(drafted, AREA) == (Look(start, start + len(number.text), bold=True),)
    assert page.desk.save_label.text() == "Đã lưu"
    press(page.desk.editor, Qt.Key.Key_Z, CONTROL)
    page.desk.save_now()
    assert looks(drafted, AREA) == () and bound(drafted, AREA) == figures


def test_what_is_typed_after_ctrl_i_is_italic_and_bullets_go_round(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, FIRST)
    write(page, "Dân ")
    press(page.desk.editor, Qt.Key.Key_I, CONTROL)
    write(page, "vận")
    press(page.desk.editor, Qt.Key.Key_L, CONTROL | SHIFT)
    page.desk.save_now()
    assert stored(drafted, FIRST) == "- Dân vận"
    assert looks(drafted, FIRST) == (Look(6, 9, italic=True),)
    for shown in ("+ Dân vận", "Dân vận"):
        press(page.desk.editor, Qt.Key.Key_L, CONTROL | SHIFT)
        assert page.desk.editor.toPlainText() == shown
    page.desk.editor.selectAll()
    press(page.desk.editor, Qt.Key.Key_B, CONTROL)
    page.desk.save_now()
    assert looks(drafted, FIRST) == (Look(0, 4, bold=True), Look(4, 7, bold=True, italic=True))
    document = report_desk.open_report(drafted, report_desk.heads(drafted)[0].id).view.document
    (paragraph,) = next(item for item in document.sections if item.key == FIRST).paragraphs
    assert [(run.text, run.bold, run.italic) for run in paragraph.runs] == [
        ("Dân ", True, False), ("vận", True, True),
    ]  # fmt: skip


def test_pasted_text_keeps_bold_italics_and_bullets_and_nothing_else(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, FIRST)
    paste(
        page,
        "<html><head><style>p{color:red}</style></head><body><p style='font-size:40pt;color:red'>Việc <b>lớn</b> và "
        "<i>nhỏ</i> <u>gạch</u><img src='http://x/y.png'></p><ul><li>một<ul><li>hai</li></ul></li></ul>"
        "<p>·&nbsp;&nbsp; ba</p></body></html>",
    )
    assert page.desk.editor.toPlainText() == "Việc lớn và nhỏ gạch\n- một\n+ hai\n- ba"
    page.desk.save_now()
    assert looks(drafted, FIRST) == (Look(5, 8, bold=True), Look(12, 15, italic=True))
    assert stored(drafted, FIRST) == page.desk.editor.toPlainText()
    press(page.desk.editor, Qt.Key.Key_Z, CONTROL)
    assert page.desk.editor.toPlainText() == ""


def test_replacing_goes_through_the_whole_report_and_one_undo_takes_it_back(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, FIRST)
    write(page, "Đồng thuận, đồng thuận cao.")
    go(page, SECOND)
    write(page, "Chưa đồng thuận. Dong thuan.")
    bar = page.desk.find_bar
    bar.open_bar(replace=False)
    bar.find_edit.setText("dong thuan")  # without accents both spellings are found
    assert bar.match_label.text() == "2 chỗ trong mục này"
    bar.open_bar(replace=True)
    bar.find_edit.setText("dong thuan")
    assert bar.match_label.text() == "1 chỗ trong mục này"  # never replaced by chance
    bar.find_edit.setText("đồng thuận")
    bar.replace_edit.setText("nhất trí")
    bar.replace_all_button.click()
    settle()
    assert "Đã thay 3 chỗ trong 2 mục" in bar.match_label.text()
    assert stored(drafted, FIRST) == "Nhất trí, nhất trí cao."
    assert stored(drafted, SECOND) == "Chưa nhất trí. Dong thuan."
    page.desk.editor.setFocus()
    press(page.desk.editor, Qt.Key.Key_Z, CONTROL)
    page.desk.save_now()
    assert stored(drafted, FIRST) == "Đồng thuận, đồng thuận cao."
    assert stored(drafted, SECOND) == "Chưa đồng thuận. Dong thuan."
    press(page.desk.editor, Qt.Key.Key_Y, CONTROL)
    page.desk.save_now()
    assert stored(drafted, FIRST) == "Nhất trí, nhất trí cao."
    bar.find_edit.setText("Nhất")
    bar.case_check.setChecked(True)
    assert bar.match_label.text().startswith("0 chỗ")
    problems = page.problems
    assert faults(bar) == [] and problems.problem_list.isHidden() and problems.problem_label.isVisible()
    bar.close_bar()
    assert problems.problem_list.isVisible()


def test_undo_goes_back_to_the_section_written_before(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, FIRST)
    write(page, "Một")
    go(page, SECOND)
    write(page, "Hai")
    press(page.desk.editor, Qt.Key.Key_Z, CONTROL)
    assert (page.desk.key, page.desk.editor.toPlainText()) == (SECOND, "")
    press(page.desk.editor, Qt.Key.Key_Z, CONTROL)
    assert (page.desk.key, page.desk.editor.toPlainText()) == (FIRST, "")
    page.desk.save_now()
    assert stored(drafted, FIRST) == "" and stored(drafted, SECOND) == ""
    said: list[str] = []
    page.said.connect(said.append)
    press(page.desk.editor, Qt.Key.Key_Z, CONTROL)
    assert said == ["Không còn thao tác nào để hoàn tác hoặc làm lại."]
    press(page.desk.editor, Qt.Key.Key_Y, CONTROL)
    press(page.desk.editor, Qt.Key.Key_Y, CONTROL)
    assert (page.desk.key, page.desk.editor.toPlainText()) == (SECOND, "Hai")
