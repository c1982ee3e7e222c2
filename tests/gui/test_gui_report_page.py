"""The report page while a report is written: its words and its numbers, on a real small office."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gui_keys import CONTROL, press, settle, write
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from records_office import close_windows, make_office, sign_in, supervision
from report_office import (
    AREA,
    PERIOD,
    REGIME,
    WORDS,
    answering,
    bound,
    choose_problem,
    finish,
    go,
    hear,
    make_drafted,
    open_page,
    outline_word,
    stored,
    yes,
)

from danvan_desktop.gui import report_dialogs
from danvan_desktop.gui.report_page import ReportPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office
from danvan_desktop.services.report_desk import DeskProblem
from danvan_desktop.services.report_figures import figure_detail


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def office(home: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make_office(home, fixed_clock)
    yield made
    close_windows()
    made.close()


@pytest.fixture
def drafted(home: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make_drafted(home, fixed_clock)
    yield made
    close_windows()
    made.close()


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return hear(monkeypatch)


# -- making -----------------------------------------------------------------------------------


def test_an_empty_page_says_how_to_begin_and_the_next_due_report_is_proposed(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, office)
    assert "Chưa có báo cáo nào" in page.empty_label.text()
    assert page.desk_box.isHidden()
    texts: list[str] = []

    def act(dialog: report_dialogs.MakeDialog) -> None:
        texts.append(dialog.period_combo.currentText() + dialog.about_label.text())
        press(dialog, Qt.Key.Key_Return)

    answering(monkeypatch, report_dialogs.MakeDialog, act)
    press(page, Qt.Key.Key_N, CONTROL)
    page.new_button.click()
    settle()
    assert texts
    assert "6 tháng đầu năm 2026" in texts[0]
    assert "16/10/2025" in texts[0]
    assert "chậm nhất 04/06/2026" in texts[0]
    assert [row.period for row in office.reports.all()] == [PERIOD]
    assert page.title_label.text() == "Báo cáo 6 tháng đầu năm 2026"
    assert outline_word(page, "assessment_strengths") == "cần viết"
    assert page.desk.key  # the first section that wants words is on the desk
    assert "phải xử lý" in page.problems.problem_label.text()


def test_a_report_out_of_turn_needs_its_days(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    def act(dialog: report_dialogs.MakeDialog) -> None:
        dialog.period_combo.setCurrentIndex(dialog.period_combo.count() - 1)
        dialog.make_button.click()
        assert not dialog.error_label.isHidden()
        dialog.from_field.set_value("2026-05-01")
        dialog.to_field.set_value("2026-05-20")
        dialog.make_button.click()

    page = open_page(qtbot, office)
    answering(monkeypatch, report_dialogs.MakeDialog, act)
    page.new_button.click()
    settle()
    assert told == []
    assert [row.period for row in office.reports.all()] == ["2026-05-01..2026-05-20"]


def test_a_target_of_the_first_screen_opens_the_report_of_its_period(qtbot: QtBot, drafted: Office) -> None:
    page = ReportPage(drafted, InlineRunner())
    qtbot.addWidget(page)
    page.show_target((REGIME, PERIOD))
    assert page.report is not None
    assert page.report.view.period == PERIOD


# -- words ------------------------------------------------------------------------------------


def test_what_is_typed_is_stored_when_the_section_is_left(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    changes: list[Changes] = []
    page.wrote.connect(changes.append)
    go(page, "assessment_strengths")
    write(page, WORDS)
    assert "Tự lưu" in page.desk.save_label.text()
    assert stored(drafted, "assessment_strengths") == ""
    page.outline.step(1)
    assert stored(drafted, "assessment_strengths") == WORDS
    assert changes
    assert changes[0].touches("report")
    assert outline_word(page, "assessment_strengths") == "đã sửa"
    assert page.desk.key == "assessment_weaknesses"


def test_what_is_typed_is_stored_after_two_idle_seconds(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    assert page.desk.idle.interval() == 2000
    page.desk.idle.setInterval(20)
    go(page, "assessment_causes")
    write(page, "Kinh phí còn ít.")
    qtbot.waitUntil(lambda: stored(drafted, "assessment_causes") == "Kinh phí còn ít.", timeout=3000)
    assert page.desk.save_label.text() == "Đã lưu"


def test_decomposed_letters_and_blanks_of_other_kinds_are_stored_in_one_spelling(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_causes")
    write(page, "Đa\u0302\u0301t đai\u00a0phức tạp")
    press(page, Qt.Key.Key_S, CONTROL)
    page.desk.save_now()
    assert stored(drafted, "assessment_causes") == "Đấ" + "t đai\u00a0phức tạp"
    assert page.desk.save_label.text() == "Đã lưu"


def test_undo_outlives_the_saving_and_brings_the_bound_number_back(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, AREA)
    before, figures = stored(drafted, AREA), bound(drafted, AREA)
    assert figures
    page.desk.editor.selectAll()
    press(page, Qt.Key.Key_Delete)
    page.desk.save_now()
    assert stored(drafted, AREA) == ""
    page.desk.editor.undo()
    page.desk.save_now()
    assert stored(drafted, AREA) == before
    assert bound(drafted, AREA) == figures
    assert [mark.figure for mark in page.desk.texts[AREA].marks if mark.stands] == figures


def test_the_words_of_another_section_saved_meanwhile_stay(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, WORDS)
    drafted.reports.edit(drafted.reports.all()[0].id, "assessment_causes", "Do người khác viết.")
    page.desk.save_now()
    assert stored(drafted, "assessment_strengths") == WORDS
    assert stored(drafted, "assessment_causes") == "Do người khác viết."
    assert page.desk.unsaved_box.isHidden()


@pytest.mark.parametrize(("mine", "kept"), [(True, WORDS), (False, "Do người khác viết.")])
def test_two_who_write_the_same_section_are_asked(qtbot: QtBot, drafted: Office, mine: bool, kept: str) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, WORDS)
    drafted.reports.edit(drafted.reports.all()[0].id, "assessment_strengths", "Do người khác viết.")
    page.desk.save_now()
    assert page.desk.unsaved_box.isVisible()
    assert "sửa trong lúc" in page.desk.unsaved_label.text()
    assert page.desk.editor.toPlainText() == WORDS  # nothing typed is lost
    (page.desk.keep_mine_button if mine else page.desk.take_stored_button).click()
    assert stored(drafted, "assessment_strengths") == kept
    assert page.desk.editor.toPlainText() == kept
    assert page.desk.unsaved_box.isHidden()


def test_a_character_that_cannot_be_stored_is_named_and_the_words_stay(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, "Tốt\u202e")
    page.desk.save_now()
    assert "U+202E" in page.desk.unsaved_label.text()
    asked = yes(monkeypatch)
    assert page.can_leave()
    assert asked
    press(page, Qt.Key.Key_Backspace)
    page.desk.save_now()
    assert stored(drafted, "assessment_strengths") == "Tốt"
    assert page.desk.unsaved_box.isHidden()


def test_text_of_the_report_before_is_reviewed_by_a_button(qtbot: QtBot, drafted: Office, home: Path) -> None:
    report_id = finish(drafted)
    drafted.close()
    leader = sign_in(home, drafted.context.clock, "lanhdao")  # type: ignore[arg-type]  # the clock of this test
    leader.reports.approve(report_id)
    leader.reports.make(REGIME, "2026")
    page = open_page(qtbot, leader)
    go(page, "assessment_strengths")
    assert page.desk.editor.toPlainText() == WORDS
    assert outline_word(page, "assessment_strengths") == "cần soát"
    assert page.desk.review_box.isVisible()
    page.desk.reviewed_button.click()
    assert page.desk.review_box.isHidden()
    assert outline_word(page, "assessment_strengths") != "cần soát"
    assert stored(leader, "assessment_strengths") == WORDS
    page.hide()
    leader.close()


def test_find_goes_through_the_report_and_replace_all_is_one_undo(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, "Tốt, rất tốt, tốt nhất.")
    page.desk.find_bar.open_bar(replace=True)
    page.desk.find_bar.find_edit.setText("tốt")
    assert "3 chỗ" in page.desk.find_bar.match_label.text()
    page.desk.find_bar.replace_edit.setText("khá")
    page.desk.find_bar.replace_all_button.click()
    assert page.desk.editor.toPlainText() == "Khá, rất khá, khá nhất."
    page.desk.editor.undo()
    assert page.desk.editor.toPlainText() == "Tốt, rất tốt, tốt nhất."
    page.desk.find_bar.find_edit.setText("Phản biện".lower())
    page.desk.find_bar.find_next()
    assert page.desk.key == AREA
    assert page.desk.editor.textCursor().selectedText().casefold() == "phản biện"
    press(page, Qt.Key.Key_Escape)
    page.desk.find_bar.close_bar()
    assert page.desk.find_bar.isHidden()


# -- numbers ----------------------------------------------------------------------------------


def test_f2_on_a_number_shows_its_records_and_leads_to_one(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    went: list[tuple[str, Any]] = []
    page.go_to.connect(lambda key, target: went.append((key, target)))
    go(page, AREA)
    mark = page.desk.texts[AREA].marks[0]
    cursor = page.desk.editor.textCursor()
    cursor.setPosition(mark.cursor.selectionStart() + 1)
    page.desk.editor.setTextCursor(cursor)
    told: list[str] = []

    def act(dialog: report_dialogs.FigureDialog) -> None:
        told.append(dialog.value_label.text())
        assert dialog.record_list.count() == 2
        press(dialog, Qt.Key.Key_Return)

    answering(monkeypatch, report_dialogs.FigureDialog, act)
    press(page, Qt.Key.Key_F2)
    assert told == ["02 cuộc"]
    key, target = went[0]
    assert key == "records"
    assert drafted.records.get(target).form == "social_supervision"


def test_a_number_leads_to_the_indicators_of_its_period(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    went: list[tuple[str, Any]] = []
    page.go_to.connect(lambda key, target: went.append((key, target)))
    answering(monkeypatch, report_dialogs.FigureDialog, lambda dialog: dialog.indicators_button.click())
    go(page, AREA)
    key = page.desk.texts[AREA].marks[0].figure
    page.actions_.show_figure(key)
    assert went == [("indicators", (REGIME, PERIOD, key))]


def test_ctrl_click_asks_for_the_figure_and_elsewhere_not(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    page.desk.editor.figure_asked.disconnect()
    asked: list[str] = []
    page.desk.editor.figure_asked.connect(asked.append)
    go(page, AREA)
    mark = page.desk.texts[AREA].marks[0]
    place = page.desk.editor.cursorRect(mark.cursor).center() - QPoint(4, 0)
    QTest.mouseClick(page.desk.editor.viewport(), Qt.MouseButton.LeftButton, CONTROL, place)
    assert asked == [mark.figure]
    QTest.mouseClick(page.desk.editor.viewport(), Qt.MouseButton.LeftButton, CONTROL, QPoint(12, 8))
    assert asked == [mark.figure]


def test_a_figure_without_data_is_confirmed_as_nil(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    asked = yes(monkeypatch)
    problem = choose_problem(page, lambda item: item.no_data and item.severity == "error")
    assert page.problems.nil_button.isVisible()
    page.problems.nil_button.click()
    assert asked
    assert "không phát sinh" in asked[0]
    detail = figure_detail(drafted, drafted.reports.all()[0].id, 1, problem.figure)
    assert not detail.no_data
    assert page.report is not None
    assert problem.figure not in {item.figure for item in page.report.problems if item.no_data}


def test_a_reason_settles_a_figure_without_data(qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(qtbot, drafted)
    problem = choose_problem(page, lambda item: item.no_data and item.severity == "error")

    def act(dialog: report_dialogs.RemarksDialog) -> None:
        dialog.ok_button.click()
        assert not dialog.error_label.isHidden()  # a reason is wanted
        dialog.text_edit.setFocus()
        write(dialog, "Đơn vị chưa gửi số liệu.")
        dialog.ok_button.click()

    answering(monkeypatch, report_dialogs.RemarksDialog, act)
    page.problems.reason_button.click()
    detail = figure_detail(drafted, drafted.reports.all()[0].id, 1, problem.figure)
    assert detail.reason == "Đơn vị chưa gửi số liệu."
    assert page.report is not None
    assert [i.severity for i in page.report.problems if i.figure == problem.figure] == ["note"]


def test_a_problem_leads_to_its_number(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    problem = choose_problem(page, lambda item: item.no_data and bool(item.section))
    page.problems.jump_button.click()
    assert page.desk.key == problem.section
    assert page.desk.editor.textCursor().selectedText() == "chưa có số liệu"


def test_counting_again_takes_in_new_records_and_keeps_the_words(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, AREA)
    page.desk.editor.moveCursor(page.desk.editor.textCursor().MoveOperation.End)
    write(page, " Người dân đồng tình.")
    supervision(drafted, "2026-05-06", "Giám sát đầu tư công")
    page.refresh(Changes.of("record:social_supervision"))
    assert page.stale_label.isVisible()
    press(page, Qt.Key.Key_F5)
    page.actions_.recount()
    text = stored(drafted, AREA)
    assert "03 cuộc" in text
    assert text.endswith("Người dân đồng tình.")
    assert page.desk.editor.toPlainText() == text
    assert page.stale_label.isHidden()


def test_a_finding_of_a_cross_check_leads_to_its_entry(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    assert page.report is not None
    twin = DeskProblem("warning", "Một hoạt động ghi hai lần.", record="r1")
    units = DeskProblem("warning", "Chưa gồm 01 đơn vị.", place="exchange")
    page.problems.show_report(replace(page.report, problems=(twin, units)))
    went: list[tuple[str, Any]] = []
    page.go_to.connect(lambda key, target: went.append((key, target)))
    page.problems.problem_list.setCurrentRow(0)
    page.problems.jump_button.click()
    page.problems.problem_list.setCurrentRow(1)
    page.problems.jump_button.click()
    assert went == [("records", "r1"), ("exchange", None)]
    assert page.problems.problem_list.item(0).text() == "Cảnh báo: Một hoạt động ghi hai lần."
    assert not page.problems.reason_button.isVisible()  # no figure to give a reason for


def test_a_claim_without_evidence_is_noted_and_a_reason_is_kept(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    assert page.report is not None
    rows = [row for row, item in enumerate(page.report.problems) if "chưa kèm minh chứng" in item.message]
    assert rows and page.report.problems[rows[0]].figure == "supervisions"
    page.problems.problem_list.setCurrentRow(rows[0])
    assert page.problems.reason_button.isVisible()

    def say(dialog: report_dialogs.RemarksDialog) -> None:
        dialog.text_edit.setPlainText("Minh chứng lưu bản giấy.")
        dialog.accept()

    answering(monkeypatch, report_dialogs.RemarksDialog, say)
    page.problems.reason_button.click()
    settle()
    texts = [page.problems.problem_list.item(row).text() for row in range(page.problems.problem_list.count())]
    assert any("đã ghi lý do: Minh chứng lưu bản giấy." in text for text in texts)


def test_problems_name_sections_by_the_number_in_the_outline(qtbot: QtBot, drafted: Office) -> None:
    report = open_page(qtbot, drafted).report
    assert report is not None
    names = {sheet.key: f"“{sheet.mark} {sheet.title}”".replace("“ ", "“") for sheet in report.sheets}
    found = [item for item in report.problems if item.section and item.message.startswith("Mục “")]
    assert found and all(names[item.section] in item.message for item in found)
