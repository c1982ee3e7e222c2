"""The report page from hand to hand and on paper: officer, leader, records office."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from gui_keys import press, settle, show, write
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QPageRanges
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from records_office import close_windows, make_office, sign_in
from report_office import (
    WORDS,
    answering,
    finish,
    go,
    hear,
    make_drafted,
    open_page,
    stored,
    yes,
)

from danvan_desktop.gui import dialogs, report_dialogs
from danvan_desktop.gui.report_page import ReportPage
from danvan_desktop.gui.report_print import chosen_pages, make_printer, print_pages
from danvan_desktop.gui.runner import Progress, ThreadRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.reporting.fingerprint import short_code
from danvan_desktop.reporting.office import Signer
from danvan_desktop.services import preview
from danvan_desktop.services.office import Office
from danvan_desktop.services.papers import PaperWish


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
    assert buttons(page) == {"discard_button", "refresh_button", "submit_button"}
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
    assert short_code(sha) in page.frozen_label.text()
    assert "Chưa lấy số" in page.frozen_label.text()
    assert page.desk.editor.isReadOnly()
    assert page.problems.isHidden()

    answering(monkeypatch, report_dialogs.NumberDialog, lambda dialog: press(dialog, Qt.Key.Key_Return))
    page.actions_._buttons["number_button"].click()
    assert "Số 01/BC-UBND, ngày 28/05/2026" in page.frozen_label.text()
    assert leader.reports.view(report_id).sha256 == sha

    monkeypatch.setattr(dialogs, "choose_folder", lambda *_: tmp_path / "usb")
    page.actions_._buttons["render_button"].click()
    assert {path.suffix for path in (tmp_path / "usb").iterdir()} == {".pdf", ".docx", ".xlsx"}
    page.actions_._buttons["export_button"].click()
    assert "thẻ khóa của cơ quan cấp trên" in told[-1]  # nobody above is known here

    asked_for: list[object] = []
    page.go_to.connect(lambda where, what: asked_for.append((where, what)))
    monkeypatch.setattr(dialogs, "choose", lambda *_a, **_k: 1)  # the layout alone is wrong: a letter
    page.actions_._buttons["replace_button"].click()
    assert asked_for == [("papers", PaperWish("correction", report=report_id))]
    monkeypatch.setattr(dialogs, "choose", lambda *_a, **_k: 0)  # the content is wrong: a replacing report
    page.actions_._buttons["replace_button"].click()
    assert page.report is not None
    assert (page.report.view.revision, page.report.view.state) == (2, "draft")
    assert page.report_list.count() == 2
    assert "đã có bản thay thế" in page.report_list.item(1).text()
    page.report_list.setCurrentRow(1)
    assert page.desk.editor.isReadOnly()
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
    page.desk.save_now()
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
    page.desk.show_section("opening")
    assert pane.page == 0


def test_letters_the_paper_cannot_print_are_told_in_the_preview(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    go(page, "assessment_strengths")
    write(page, "Tốt 😀")
    page.desk.save_now()
    assert stored(drafted, "assessment_strengths") == "Tốt 😀"
    page.preview_pane.draw_now()
    assert "Chưa xem trước được" in page.preview_pane.area.sheet.text()


def test_the_paper_can_be_put_away(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    page.preview_button.click()
    assert page.preview_pane.isHidden()
    settle()
    width = page.desk.editor.width()
    page.preview_button.click()
    settle()
    assert page.preview_pane.isVisible()
    assert page.desk.editor.width() < width


def ink(pdf: bytes, page: int) -> tuple[int, int, tuple[float, float, float, float]]:
    """(width, height, box of the ink from the left and the top) of a page in mm; exact to 0.25 mm."""
    picture = preview.page_picture(pdf, page, 900)
    dot = (210 if picture.width < picture.height else 297) / picture.width
    rows = [picture.pixels[at * picture.width * 3 : (at + 1) * picture.width * 3] for at in range(picture.height)]
    dark = [number for number, row in enumerate(rows) if min(row) < 190]
    columns = bytes(map(min, zip(*(rows[number] for number in dark), strict=True)))
    inked = [at // 3 for at in range(len(columns)) if columns[at] < 190]
    box = (inked[0] * dot, dark[0] * dot, (inked[-1] + 1) * dot, (dark[-1] + 1) * dot)
    return round(picture.width * dot), round(picture.height * dot), box


def test_pages_go_to_the_printer_as_they_are(qtbot: QtBot, drafted: Office, tmp_path: Path) -> None:
    """At 100 %: the ink stands where the paper has it, half a millimetre at most aside; annexes lying as they lie."""
    paper = preview.paper(drafted.reports.view(drafted.reports.all()[0].id))
    printer = make_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "in.pdf"))
    shapes = [preview.page_picture(paper.pdf, page, 100) for page in range(paper.pages)]
    lying = next(page for page, shape in enumerate(shapes) if shape.width > shape.height)
    printer.setPageRanges(QPageRanges.fromString(f"2,{lying + 1}"))
    assert print_pages(printer, paper, Progress()) == 2
    printed = (tmp_path / "in.pdf").read_bytes()
    for at, page in enumerate((1, lying)):
        width, height, box = ink(printed, at)
        assert (width, height) == ((297, 210) if page == lying else (210, 297))
        assert box == pytest.approx(ink(paper.pdf, page)[2], abs=0.5)
    with pytest.raises(IndexError):
        preview.page_picture(printed, 2, 300)


def test_ranges_and_copies_are_those_chosen() -> None:
    printer = make_printer()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)  # it makes no copies itself
    assert chosen_pages(printer, 3) == [1, 2, 3]
    printer.setFromTo(2, 9)
    assert chosen_pages(printer, 3) == [2, 3]
    printer.setPageRanges(QPageRanges.fromString("1-2,5"))
    printer.setCopyCount(2)
    assert chosen_pages(printer, 6) == [1, 2, 5, 1, 2, 5]
    printer.setCollateCopies(False)
    assert chosen_pages(printer, 6) == [1, 1, 2, 2, 5, 5]


def test_copies_for_the_programs_of_this_computer(
    qtbot: QtBot, drafted: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = open_page(qtbot, drafted)
    opened: list[Path] = []

    def open_url(url: QUrl) -> bool:
        opened.append(Path(url.toLocalFile()))
        return True

    monkeypatch.setattr("danvan_desktop.gui.report_paper.QDesktopServices.openUrl", open_url)
    for action in page.preview_pane.open_button.menu().actions():
        action.trigger()
    assert [path.suffix for path in opened] == [".pdf", ".docx", ".xlsx"]
    assert [path.read_bytes()[:4] for path in opened] == [b"%PDF", b"PK\x03\x04", b"PK\x03\x04"]
    assert opened[0].read_bytes() == drafted.reports.pdf(drafted.reports.all()[0].id)
    assert not any(path.stat().st_mode & stat.S_IWUSR for path in opened)  # what is written there would be lost


def test_charts_are_an_annex_when_an_officer_asks(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    check = page.preview_pane.charts_check
    assert check.isVisible() and not check.isChecked()
    before = drafted.reports.view(drafted.reports.all()[0].id).document
    check.click()
    assert page.report is not None and page.report.view.draft is not None
    asked = page.report.view
    charts = [chart for annex in asked.document.annexes for chart in annex.charts]
    assert page.report.view.draft.charts and check.isChecked()
    assert len(asked.document.annexes) == len(before.annexes) + bool(charts)
    drafted.reports.refresh(asked.id)  # the choice stays
    assert drafted.reports.view(asked.id).document.annexes == asked.document.annexes
    check.click()
    assert drafted.reports.view(asked.id).document == before


# -- the page itself --------------------------------------------------------------------------


def test_mnemonics_do_not_clash_in_any_state(qtbot: QtBot, drafted: Office) -> None:
    from PySide6.QtWidgets import QAbstractButton, QLabel

    page = open_page(qtbot, drafted)
    page.desk.find_bar.open_bar(replace=True)
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
    page.desk.editor.setFocus()
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
    page.desk.save_now()
    qtbot.waitUntil(lambda: not page.desk.saver.busy, timeout=10_000)
    qtbot.waitUntil(lambda: page.preview_pane.paper is not None and not runner.busy, timeout=15_000)
    runner.shutdown()
    for key in ("assessment_strengths", "assessment_weaknesses", "assessment_causes"):
        assert stored(drafted, key) == f"{WORDS} {key}"
    assert page.desk.unsaved_box.isHidden()


def test_a_narrow_window_puts_the_paper_away_and_a_wide_one_brings_it_back(qtbot: QtBot, drafted: Office) -> None:
    page = open_page(qtbot, drafted)
    page.resize(740, 560)
    settle()
    assert page.preview_pane.isHidden()
    assert page.minimumSizeHint().width() <= 740
    page.resize(1130, 640)
    settle()
    assert page.preview_pane.isVisible()
