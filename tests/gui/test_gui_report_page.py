"""The report page as an officer, a leader and the records office work with it, on a real small office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gui_keys import CONTROL, press, settle, show, write
from PySide6.QtCore import QPoint, Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from records_office import close_windows, make_office, sign_in, supervision

from danvan_desktop.gui import dialogs, report_dialogs
from danvan_desktop.gui.report_page import ReportPage
from danvan_desktop.gui.report_print import make_printer, print_pages
from danvan_desktop.gui.runner import InlineRunner, Progress, ThreadRunner
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.reporting.office import Signer
from danvan_desktop.services import preview, report_desk
from danvan_desktop.services.office import Office
from danvan_desktop.services.report_figures import figure_detail

REGIME, PERIOD = "commune-to-province", "2026-H1"
AREA = "results_area_8"
WORDS = "Công tác dân vận có chuyển biến rõ nét."


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
def drafted(office: Office) -> Office:
    """Two supervisions recorded, the half-year report drafted."""
    supervision(office, "2026-03-05", "Giám sát việc công khai quy hoạch")
    supervision(office, "2026-04-10", "Giám sát thu, chi quỹ")
    office.reports.make(REGIME, PERIOD)
    return office


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was told in dialogs, which nobody could close here."""
    said: list[str] = []

    def tell(_parent: Any, message: Any, *, detail: str = "") -> None:
        said.append(f"{getattr(message, 'message', message)} {detail}".strip())

    monkeypatch.setattr(dialogs, "tell", tell)
    return said


def open_page(qtbot: QtBot, office: Office, runner: Any = None) -> ReportPage:
    page = ReportPage(office, runner or InlineRunner())
    qtbot.addWidget(page)
    page.resize(1130, 640)
    show(page)
    page.shown()
    settle()
    return page


def answering(monkeypatch: pytest.MonkeyPatch, dialog: type[QDialog], act: Callable[[Any], object]) -> list[QDialog]:
    """Each time ``dialog`` comes up the officer does ``act``."""
    seen: list[QDialog] = []

    def run(self: QDialog) -> int:
        seen.append(self)
        show(self)
        act(self)
        settle()
        return self.result()

    monkeypatch.setattr(dialog, "exec", run)
    return seen


def yes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def ask(_parent: Any, question: str, **more: Any) -> bool:
        asked.append(f"{question} {more.get('detail', '')}".strip())
        return True

    monkeypatch.setattr(dialogs, "ask", ask)
    return asked


def stored(office: Office, section: str) -> str:
    head = report_desk.heads(office)[0]
    sheet = report_desk.open_report(office, head.id).sheet(section)
    assert sheet is not None
    return sheet.text


def bound(office: Office, section: str) -> list[str]:
    """The figures whose numbers stand bound in a section."""
    sheet = report_desk.open_report(office, report_desk.heads(office)[0].id).sheet(section)
    assert sheet is not None
    return [span.figure for span in sheet.spans]


def go(page: ReportPage, section: str) -> None:
    assert page.show_section(section)
    page.editor.setFocus()
    settle()


def outline_word(page: ReportPage, section: str) -> str:
    data = Qt.ItemDataRole.UserRole
    return next(item.text(1) for item in page._items() if item.data(0, data) == section)


def choose_problem(page: ReportPage, test: Callable[[report_desk.DeskProblem], bool]) -> report_desk.DeskProblem:
    assert page.report is not None
    row = next(row for row, item in enumerate(page.report.problems) if test(item))
    page.problem_list.setCurrentRow(row)
    settle()
    return page.report.problems[row]


def finish(office: Office) -> str:
    """Everything that stands between the draft and its approval, done by services; the report's id."""
    head = report_desk.heads(office)[0]
    office.indicators.confirm_nil(head.regime, head.period, *office.indicators.undecided(head.regime, head.period))
    office.reports.refresh(head.id)
    for sheet in report_desk.open_report(office, head.id).sheets:
        if sheet.needs_writing:
            office.reports.edit(head.id, sheet.key, WORDS)
    for problem in report_desk.open_report(office, head.id).problems:
        if problem.severity == "error" and problem.figure:
            office.reports.explain(head.id, problem.figure, "Đang chờ số liệu của đơn vị.")
    assert report_desk.open_report(office, head.id).errors == 0
    return head.id


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
    assert page.section_key  # the first section that wants words is on the desk
    assert "phải xử lý" in page.problem_label.text()


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
    page.show_target(f"{REGIME}|{PERIOD}")
    assert page.report is not None
    assert page.report.view.period == PERIOD


# -- words ------------------------------------------------------------------------------------


def test_what_is_typed_is_stored_when_the_section_is_left(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    changes: list[Changes] = []
    page.wrote.connect(changes.append)
    go(page, "assessment_strengths")
    write(page, WORDS)
    assert "tự lưu" in page.save_label.text()
    assert stored(drafted, "assessment_strengths") == ""
    page._step_section(1)
    assert stored(drafted, "assessment_strengths") == WORDS
    assert changes
    assert changes[0].touches("report")
    assert outline_word(page, "assessment_strengths") == "đã sửa"
    assert page.section_key == "assessment_weaknesses"


def test_what_is_typed_is_stored_after_two_idle_seconds(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    assert page._idle.interval() == 2000
    page._idle.setInterval(20)
    go(page, "assessment_causes")
    write(page, "Kinh phí còn ít.")
    qtbot.waitUntil(lambda: stored(drafted, "assessment_causes") == "Kinh phí còn ít.", timeout=3000)
    assert page.save_label.text() == "Đã lưu"


def test_decomposed_letters_and_blanks_of_other_kinds_are_stored_in_one_spelling(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_causes")
    write(page, "Đa\u0302\u0301t đai\u00a0phức tạp")
    press(page, Qt.Key.Key_S, CONTROL)
    page.save_now()
    assert stored(drafted, "assessment_causes") == "Đấ" + "t đai\u00a0phức tạp"
    assert page.save_label.text() == "Đã lưu"


def test_undo_outlives_the_saving_and_brings_the_bound_number_back(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, AREA)
    before, figures = stored(drafted, AREA), bound(drafted, AREA)
    assert figures
    page.editor.selectAll()
    press(page, Qt.Key.Key_Delete)
    page.save_now()
    assert stored(drafted, AREA) == ""
    page.editor.undo()
    page.save_now()
    assert stored(drafted, AREA) == before
    assert bound(drafted, AREA) == figures
    assert [mark.figure for mark in page._texts[AREA].marks if mark.stands] == figures


def test_the_words_of_another_section_saved_meanwhile_stay(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, WORDS)
    drafted.reports.edit(drafted.reports.all()[0].id, "assessment_causes", "Do người khác viết.")
    page.save_now()
    assert stored(drafted, "assessment_strengths") == WORDS
    assert stored(drafted, "assessment_causes") == "Do người khác viết."
    assert page.unsaved_box.isHidden()


@pytest.mark.parametrize(("mine", "kept"), [(True, WORDS), (False, "Do người khác viết.")])
def test_two_who_write_the_same_section_are_asked(qtbot: QtBot, drafted: Office, mine: bool, kept: str) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, WORDS)
    drafted.reports.edit(drafted.reports.all()[0].id, "assessment_strengths", "Do người khác viết.")
    page.save_now()
    assert page.unsaved_box.isVisible()
    assert "sửa trong lúc" in page.unsaved_label.text()
    assert page.editor.toPlainText() == WORDS  # nothing typed is lost
    (page.keep_mine_button if mine else page.take_stored_button).click()
    assert stored(drafted, "assessment_strengths") == kept
    assert page.editor.toPlainText() == kept
    assert page.unsaved_box.isHidden()


def test_a_character_that_cannot_be_stored_is_named_and_the_words_stay(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, "Tốt\u202e")
    page.save_now()
    assert "U+202E" in page.unsaved_label.text()
    asked = yes(monkeypatch)
    assert page.can_leave()
    assert asked
    press(page, Qt.Key.Key_Backspace)
    page.save_now()
    assert stored(drafted, "assessment_strengths") == "Tốt"
    assert page.unsaved_box.isHidden()


def test_text_of_the_report_before_is_reviewed_by_a_button(qtbot: QtBot, drafted: Office, home: Path) -> None:
    report_id = finish(drafted)
    drafted.close()
    leader = sign_in(home, drafted.context.clock, "lanhdao")  # type: ignore[arg-type]  # the clock of this test
    leader.reports.approve(report_id)
    leader.reports.make(REGIME, "2026")
    page = open_page(qtbot, leader)
    go(page, "assessment_strengths")
    assert page.editor.toPlainText() == WORDS
    assert outline_word(page, "assessment_strengths") == "cần soát"
    assert page.review_box.isVisible()
    page.reviewed_button.click()
    assert page.review_box.isHidden()
    assert outline_word(page, "assessment_strengths") != "cần soát"
    assert stored(leader, "assessment_strengths") == WORDS
    page.hide()
    leader.close()


def test_find_goes_through_the_report_and_replace_all_is_one_undo(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, "Tốt, rất tốt, tốt nhất.")
    page.find_bar.open_bar(replace=True)
    page.find_bar.find_edit.setText("tốt")
    assert "3 chỗ" in page.find_bar.match_label.text()
    page.find_bar.replace_edit.setText("khá")
    page.find_bar.replace_all_button.click()
    assert page.editor.toPlainText() == "khá, rất khá, khá nhất."
    page.editor.undo()
    assert page.editor.toPlainText() == "Tốt, rất tốt, tốt nhất."
    page.find_bar.find_edit.setText("Giám sát".lower())
    page.find_bar.find_next()
    assert page.section_key == AREA
    assert page.editor.textCursor().selectedText().casefold() == "giám sát"
    press(page, Qt.Key.Key_Escape)
    page.find_bar.close_bar()
    assert page.find_bar.isHidden()


# -- numbers ----------------------------------------------------------------------------------


def test_f2_on_a_number_shows_its_records_and_leads_to_one(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    went: list[tuple[str, Any]] = []
    page.go_to.connect(lambda key, target: went.append((key, target)))
    go(page, AREA)
    mark = page._texts[AREA].marks[0]
    cursor = page.editor.textCursor()
    cursor.setPosition(mark.cursor.selectionStart() + 1)
    page.editor.setTextCursor(cursor)
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


def test_ctrl_click_asks_for_the_figure_and_elsewhere_not(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    page.editor.figure_asked.disconnect()
    asked: list[str] = []
    page.editor.figure_asked.connect(asked.append)
    go(page, AREA)
    mark = page._texts[AREA].marks[0]
    place = page.editor.cursorRect(mark.cursor).center() - QPoint(4, 0)
    QTest.mouseClick(page.editor.viewport(), Qt.MouseButton.LeftButton, CONTROL, place)
    assert asked == [mark.figure]
    QTest.mouseClick(page.editor.viewport(), Qt.MouseButton.LeftButton, CONTROL, QPoint(12, 8))
    assert asked == [mark.figure]


def test_a_figure_without_data_is_confirmed_as_nil(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    asked = yes(monkeypatch)
    problem = choose_problem(page, lambda item: item.no_data and item.severity == "error")
    assert page.nil_button.isVisible()
    page.nil_button.click()
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
    page.reason_button.click()
    detail = figure_detail(drafted, drafted.reports.all()[0].id, 1, problem.figure)
    assert detail.reason == "Đơn vị chưa gửi số liệu."
    assert page.report is not None
    assert [i.severity for i in page.report.problems if i.figure == problem.figure] == ["note"]


def test_a_problem_leads_to_its_number(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    problem = choose_problem(page, lambda item: item.no_data and bool(item.section))
    page.jump_button.click()
    assert page.section_key == problem.section
    assert page.editor.textCursor().selectedText() == "chưa có số liệu"


def test_counting_again_takes_in_new_records_and_keeps_the_words(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, AREA)
    page.editor.moveCursor(page.editor.textCursor().MoveOperation.End)
    write(page, " Người dân đồng tình.")
    supervision(drafted, "2026-05-06", "Giám sát đầu tư công")
    page.refresh(Changes.of("record:social_supervision"))
    assert page.stale_label.isVisible()
    press(page, Qt.Key.Key_F5)
    page.actions_.recount()
    text = stored(drafted, AREA)
    assert "03 cuộc" in text
    assert text.endswith("Người dân đồng tình.")
    assert page.editor.toPlainText() == text
    assert page.stale_label.isHidden()


# -- from hand to hand ------------------------------------------------------------------------


def buttons(page: ReportPage) -> set[str]:
    return {name for name, button in page.actions_._buttons.items() if not button.isHidden()}


def test_the_way_of_a_report_from_draft_to_paper(
    qtbot: QtBot,
    drafted: Office,
    home: Path,
    fixed_clock: FixedClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: list[str],
) -> None:
    asked = yes(monkeypatch)
    page = open_page(qtbot, drafted)
    assert buttons(page) == {"refresh_button", "submit_button"}
    page.actions_._buttons["submit_button"].click()
    assert "Vẫn trình" in asked[0]
    assert page.state_label.text().startswith("Đã trình lãnh đạo")
    page.hide()
    drafted.close()

    leader = sign_in(home, fixed_clock, "lanhdao")
    page = open_page(qtbot, leader)
    assert buttons(page) == {"refresh_button", "approve_button", "send_back_button"}
    page.actions_._buttons["approve_button"].click()
    assert "việc phải xử lý" in told[-1]

    def remark(dialog: report_dialogs.RemarksDialog) -> None:
        write(dialog, "Bổ sung phần đánh giá.")
        dialog.ok_button.click()

    answering(monkeypatch, report_dialogs.RemarksDialog, remark)
    page.actions_._buttons["send_back_button"].click()
    assert "Bổ sung phần đánh giá." in page.remarks_label.text()
    report_id = finish(leader)
    page.load()
    page.actions_._buttons["approve_button"].click()
    assert "không sửa được nữa" in asked[-1]
    sha = leader.reports.view(report_id).sha256
    assert sha is not None
    assert sha[:12] in page.frozen_label.text()
    assert "Chưa lấy số" in page.frozen_label.text()
    assert page.editor.isReadOnly()
    assert page.problem_list.isHidden()

    answering(monkeypatch, report_dialogs.NumberDialog, lambda dialog: press(dialog, Qt.Key.Key_Return))
    page.actions_._buttons["number_button"].click()
    assert "Số 01/BC-UBND, ngày 28/05/2026" in page.frozen_label.text()
    assert leader.reports.view(report_id).sha256 == sha

    monkeypatch.setattr(dialogs, "choose_folder", lambda *_: tmp_path / "usb")
    page.actions_._buttons["render_button"].click()
    assert {path.suffix for path in (tmp_path / "usb").iterdir()} == {".pdf", ".xlsx"}
    page.actions_._buttons["export_button"].click()
    assert "thẻ khóa của cơ quan cấp trên" in told[-1]  # nobody above is known here

    page.actions_._buttons["replace_button"].click()
    assert page.report is not None
    assert (page.report.view.revision, page.report.view.state) == (2, "draft")
    assert page.report_list.count() == 2
    assert "đã có bản thay thế" in page.report_list.item(1).text()
    page.report_list.setCurrentRow(1)
    assert page.editor.isReadOnly()
    assert buttons(page) == set()
    page.hide()
    leader.close()


def test_the_number_dialog_refuses_what_is_none(qtbot: QtBot) -> None:
    from danvan_desktop.services.report_figures import NumberOffer

    dialog = report_dialogs.NumberDialog(NumberOffer(12, "BC-UBND", date(2026, 5, 28)))
    qtbot.addWidget(dialog)
    show(dialog)
    dialog.number_edit.setText("mười")
    dialog.take_button.click()
    assert "số nguyên" in dialog.error_label.text()
    dialog.number_edit.setText("12")
    dialog.date_field.set_value(None)
    dialog.take_button.click()
    assert "ngày ban hành" in dialog.error_label.text()
    dialog.date_field.set_value("2026-05-27")
    dialog.take_button.click()
    assert (dialog.result(), dialog.number, dialog.day) == (1, 12, date(2026, 5, 27))


def test_another_signer_is_chosen(qtbot: QtBot, drafted: Office, home: Path, fixed_clock: FixedClock) -> None:
    drafted.close()
    leader = sign_in(home, fixed_clock, "lanhdao")
    settings = leader.settings.load()
    other = Signer(("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Lê Thị Ủy")
    leader.settings.save_office(settings.office, (*settings.signers, other), settings.common_series)
    page = open_page(qtbot, leader)
    assert page.signer_box.isVisible()
    page.signer_combo.setFocus()
    press(page, Qt.Key.Key_End)
    page.signer_combo.activated.emit(page.signer_combo.count() - 1)
    assert leader.reports.view(leader.reports.all()[0].id).document.signature.name == "Lê Thị Ủy"
    page.hide()
    leader.close()


# -- paper ------------------------------------------------------------------------------------


def test_the_paper_follows_the_words(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    pane = page.preview_pane
    assert pane.paper is not None
    pages, before = pane.paper.pages, pane.paper.pdf
    assert pages > 2
    assert not pane.area.sheet.pixmap().isNull()
    qtbot.waitUntil(lambda: abs(pane.area.sheet.pixmap().width() - pane._width()) < 40, timeout=3000)
    go(page, "assessment_strengths")
    write(page, WORDS)
    page.save_now()
    qtbot.waitUntil(lambda: pane.paper is not None and pane.paper.pdf != before, timeout=3000)
    pane.turn(-100)
    pane.area.setFocus()
    settle()
    bar = pane.area.verticalScrollBar()
    bar.setValue(bar.maximum())
    press(page, Qt.Key.Key_PageDown)
    assert pane.page == 1
    assert pane.page_label.text() == f"Trang 2/{pages}"
    press(page, Qt.Key.Key_End)
    assert pane.page == pages - 1
    assert not pane.next_page_button.isEnabled()
    page.show_section("opening")
    assert pane.page == 0


def test_letters_the_paper_cannot_print_are_told_in_the_preview(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, "Tốt 😀")
    page.save_now()
    assert stored(drafted, "assessment_strengths") == "Tốt 😀"
    page.preview_pane.draw_now()
    assert "Chưa xem trước được" in page.preview_pane.area.sheet.text()


def test_the_paper_can_be_put_away(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    page.preview_button.click()
    assert page.preview_pane.isHidden()
    settle()
    width = page.editor.width()
    page.preview_button.click()
    settle()
    assert page.preview_pane.isVisible()
    assert page.editor.width() < width


def test_pages_go_to_the_printer_in_grey(qtbot: QtBot, drafted: Office, tmp_path: Path) -> None:
    paper = preview.paper(drafted.reports.view(drafted.reports.all()[0].id))
    printer = make_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "in.pdf"))
    printer.setFromTo(1, 2)
    assert print_pages(printer, paper, Progress()) == 2
    printed = (tmp_path / "in.pdf").read_bytes()
    picture = preview.page_picture(printed, 1, 300)
    assert abs(picture.height / picture.width - 297 / 210) < 0.02
    assert min(picture.pixels) < 80  # there is ink on it
    with pytest.raises(IndexError):
        preview.page_picture(printed, 2, 300)


def test_a_copy_for_the_reader_of_this_computer(qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    page = open_page(qtbot, drafted)
    opened: list[bytes] = []

    def open_url(url: Any) -> bool:
        opened.append(Path(url.toLocalFile()).read_bytes())
        return True

    monkeypatch.setattr("danvan_desktop.gui.report_actions.QDesktopServices.openUrl", open_url)
    page.preview_pane.open_button.click()
    assert opened
    assert opened[0].startswith(b"%PDF")


# -- the page itself --------------------------------------------------------------------------


def test_mnemonics_do_not_clash_in_any_state(qtbot: QtBot, drafted: Office) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLabel

    page = open_page(qtbot, drafted)
    page.find_bar.open_bar(replace=True)
    letters: dict[str, str] = {}
    texts = [(w.objectName(), w.text()) for w in page.findChildren(QAbstractButton)]
    texts += [(w.objectName(), w.text()) for w in page.findChildren(QLabel) if w.buddy() is not None]
    for name, text in texts:
        if "&" in text:
            letter = text[text.index("&") + 1].lower()
            assert letter.isascii()
            assert letter not in letters, f"{name} and {letters[letter]} share {letter}"
            letters[letter] = name


def test_f6_goes_round_the_panes_and_everything_has_a_name(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    page.editor.setFocus()
    settle()
    seen = []
    for _ in range(5):
        page._next_pane(1)
        settle()
        focus = QApplication.focusWidget()
        assert focus is not None
        seen.append(focus.objectName())
        assert focus.accessibleName()
    assert sorted(seen) == sorted(["report_list", "outline", "editor", "problem_list", "area"])


def test_nothing_is_clipped_in_the_small_window(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    hint = page.minimumSizeHint()
    assert hint.width() <= 1130
    assert hint.height() <= 640
    for button in page.findChildren(QWidget):
        if button.isVisible() and type(button).__name__ == "QPushButton":
            assert button.width() >= button.minimumSizeHint().width(), button.objectName()


def test_with_real_threads_typing_and_leaving_lose_nothing(qtbot: QtBot, drafted: Office) -> None:
    runner = ThreadRunner()
    page = open_page(qtbot, drafted, runner)
    qtbot.waitUntil(lambda: page.report is not None, timeout=10_000)
    for key in ("assessment_strengths", "assessment_weaknesses", "assessment_causes"):
        go(page, key)
        write(page, f"{WORDS} {key}")
    page.save_now()
    qtbot.waitUntil(lambda: not page.saver.busy, timeout=10_000)
    qtbot.waitUntil(lambda: page.preview_pane.paper is not None and not runner.busy, timeout=15_000)
    runner.shutdown()
    for key in ("assessment_strengths", "assessment_weaknesses", "assessment_causes"):
        assert stored(drafted, key) == f"{WORDS} {key}"
    assert page.unsaved_box.isHidden()
