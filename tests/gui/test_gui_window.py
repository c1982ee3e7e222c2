from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import pytest
from gui_keys import press, settle, show, write
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QLabel,
    QMessageBox,
    QPushButton,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from danvan_desktop.catalog.model import Choice
from danvan_desktop.gui import dialogs, main_window, theme
from danvan_desktop.gui.main_window import MainWindow
from danvan_desktop.gui.pages import Page, PageSpec
from danvan_desktop.gui.runner import InlineRunner, Progress, ThreadRunner
from danvan_desktop.gui.sign_in import SignInDialog
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused

KEY = Qt.Key
ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


class Probe(Page):
    def __init__(self, key: str) -> None:
        super().__init__()
        self.key = key
        self.refreshed: list[Changes] = []
        self.target: object = None
        self.may_go = True

    def refresh(self, changes: Changes) -> None:
        self.refreshed.append(changes)

    def show_target(self, target: object) -> None:
        self.target = target

    def can_leave(self) -> bool:
        return self.may_go


def specs(built: list[str]) -> list[PageSpec]:
    def spec(key: str, title: str, shortcut: str, group: str = "") -> PageSpec:
        def make() -> Page:
            built.append(key)
            return Probe(key)

        return PageSpec(key, title, shortcut, make, group=group, icon="" if group else "nav_plan")

    return [
        spec("due", "Việc đến hạn", "Ctrl+1"),
        spec("plan", "Kế hoạch", "Ctrl+2"),
        *(spec(f"area{n}", f"{n}. Mảng", f"Alt+{n}", "Ghi chép") for n in range(1, 9)),
        spec("reports", "Báo cáo", "Ctrl+5"),
    ]


@pytest.fixture
def built() -> list[str]:
    return []


@pytest.fixture
def window(qtbot: QtBot, built: list[str]) -> MainWindow:
    made = MainWindow(specs(built), InlineRunner())
    made.add_group_shortcut("Ghi chép", "Ctrl+3")
    qtbot.addWidget(made)
    show(made)
    return made


def probe(window: MainWindow, key: str) -> Probe:
    page = window.page(key)
    assert isinstance(page, Probe)
    return page


def test_pages_are_built_on_their_first_visit_and_reached_by_key(
    window: MainWindow, built: list[str], qtbot: QtBot
) -> None:
    assert built == ["due"]
    window.navigation.setFocus()
    QTest.keyClick(window, KEY.Key_2, CONTROL)
    assert window.current_key == "plan" and window.page_label.text() == "Kế hoạch"
    QTest.keyClick(window, KEY.Key_6, ALT)
    QTest.keyClick(window, KEY.Key_1, CONTROL)
    QTest.keyClick(window, KEY.Key_3, CONTROL)
    assert window.current_key == "area6" and built == ["due", "plan", "area6"]
    current = window.navigation.currentItem()
    assert current is not None and current.text(0) == "6. Mảng"
    QTest.keyClick(window, KEY.Key_PageDown, CONTROL)
    assert window.current_key == "area7"


def test_tabs_of_a_page_are_turned_by_key_from_anywhere(window: MainWindow) -> None:
    tabs = QTabWidget(probe(window, "due"))
    for title in ("Một", "Hai", "Ba"):
        tabs.addTab(QWidget(), title)
    tabs.show()
    window.navigation.setFocus()
    QTest.keyClick(window, KEY.Key_Tab, CONTROL)
    assert tabs.currentIndex() == 1
    QTest.keyClick(window, KEY.Key_Backtab, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(window, KEY.Key_Backtab, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert tabs.currentIndex() == 2


def test_the_key_turns_the_tabs_of_the_page_and_not_tabs_within_them(window: MainWindow) -> None:
    tabs = QTabWidget(probe(window, "due"))
    inner = QTabWidget()
    for outer in (inner, QWidget()):
        tabs.addTab(outer, "Ngoài")
        inner.addTab(QWidget(), "Trong")
    tabs.show()
    settle()
    QTest.keyClick(window, KEY.Key_Tab, CONTROL)
    assert (tabs.currentIndex(), inner.currentIndex()) == (1, 0)


def test_a_page_with_unsaved_work_keeps_the_officer(window: MainWindow) -> None:
    probe(window, "due").may_go = False
    assert not window.open_page("plan") and window.current_key == "due"
    assert not window.close()
    probe(window, "due").may_go = True
    assert window.open_page("plan", "x1") and probe(window, "plan").target == "x1"


def test_a_change_reaches_the_other_pages_built(window: MainWindow) -> None:
    window.open_page("plan")
    changes = Changes.of("record:petition", ids=["1"])
    probe(window, "plan").wrote.emit(changes)
    assert probe(window, "due").refreshed == [changes] and probe(window, "plan").refreshed == []
    probe(window, "plan").go_to.emit("reports", None)
    assert window.current_key == "reports"


def test_the_office_and_the_demo_mark(window: MainWindow) -> None:
    window.set_office("UBND xã Vĩnh Thủy", demo=True)
    window.set_account("Lê Văn Ủy", "lãnh đạo")
    assert window.demo_label.isVisible() and window.demo_label.text() == "DỮ LIỆU DEMO"
    window.set_office("UBND xã Vĩnh Thủy", demo=True, story_day=date(2026, 5, 29))
    assert window.demo_label.text() == "DỮ LIỆU DEMO – Ngày giả định: 29/05/2026"
    assert "DỮ LIỆU DEMO" in window.windowTitle() and window.account_button.text() == "Lê Văn Ủy (F10)"
    window.set_office("UBND xã Vĩnh Thủy")
    assert not window.demo_label.isVisible()


def test_the_window_fits_a_small_screen(window: MainWindow) -> None:
    assert window.minimumSize().width() <= 1280 and window.minimumSize().height() <= 680
    window.resize(1280, 680)
    settle()
    assert (window.width(), window.height()) == (1280, 680)
    last = window._items["reports"]
    assert window.navigation.visualItemRect(last).bottom() < window.navigation.viewport().height()


def test_on_a_very_small_screen_the_navigation_makes_room_and_a_large_page_scrolls(window: MainWindow) -> None:
    window.set_office("Ủy ban nhân dân xã Vĩnh Thủy")
    window.resize(910, 480)  # 1366×768 at 150 %
    settle()
    assert (window.width(), window.height()) == (910, 480)
    item = window._items["area6"]
    assert window.navigation.width() < 80 and item.text(0) == "6" and "6. Mảng" in item.toolTip(0)
    assert item.data(0, Qt.ItemDataRole.AccessibleTextRole) == "6. Mảng"
    assert not window.page_label.isVisible() and window.office_label.text() == (
        "Việc đến hạn – Ủy ban nhân dân xã Vĩnh Thủy"
    )
    last = window.navigation.visualItemRect(window._items["reports"])
    assert last.bottom() < window.navigation.viewport().height()
    probe(window, "due").setMinimumSize(1200, 300)
    settle()
    assert window.page_scroll.horizontalScrollBar().maximum() > 0
    window.open_page("plan")
    settle()
    assert window.page_scroll.horizontalScrollBar().maximum() == 0, "the size of another page is no matter of this one"
    QTest.keyClick(window, KEY.Key_0, CONTROL)
    assert window.navigation.width() > 250 and item.text(0) == "6. Mảng"
    window.resize(1280, 680)
    settle()
    assert window.page_label.isVisible() and window.office_label.text() == "Ủy ban nhân dân xã Vĩnh Thủy"
    assert window.navigation.width() > 250


def test_long_work_shows_a_strip_with_a_button_to_stop_it(
    qtbot: QtBot, built: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(main_window, "SHOW_AFTER_MS", 20)
    runner = ThreadRunner()
    window = MainWindow(specs(built), runner)
    qtbot.addWidget(window)
    show(window)
    errors: list[Exception] = []

    def work(progress: Progress) -> None:
        for step in range(100_000):
            progress.report(step, 100_000, f"bước {step}")
            if progress._cancelled.wait(0.002):
                progress.check()

    runner.submit_cpu(work, lambda _r: None, errors.append, "Đang xuất báo cáo")
    qtbot.waitUntil(window.cancel_button.isVisible, timeout=3000)
    assert "Đang xuất báo cáo" in window.status_label.text() and window.progress_bar.isVisible()
    window.cancel_button.click()
    qtbot.waitUntil(lambda: bool(errors), timeout=3000)
    assert not window.progress_bar.isVisible() and window.status_label.text() == "Sẵn sàng"
    runner.shutdown()


# --- signing in -----------------------------------------------------------------------------------------------

ACCOUNTS = (Choice("canbo", "Nguyễn Thị Hường"), Choice("lanhdao", "Lê Văn Ủy"))


def test_signing_in_by_keyboard(qtbot: QtBot) -> None:
    asked: list[tuple[str, str]] = []

    def sign_in(name: str, password: str, answer: object) -> None:
        asked.append((name, password))
        assert callable(answer)
        answer("" if password == "mật" else "Mật khẩu không đúng.")

    dialog = SignInDialog(ACCOUNTS, sign_in, office="UBND xã Vĩnh Thủy", on_setup=lambda: None)
    qtbot.addWidget(dialog)
    dialog.choose_account("lanhdao")
    show(dialog)
    assert dialog.password_edit.hasFocus() and not dialog.recover_button.isVisible() and dialog.setup_button.isVisible()
    write(dialog, "sai")
    dialog.sign_in_button.click()
    assert dialog.error_label.isVisible() and dialog.error_label.text() == "Mật khẩu không đúng."
    dialog.password_edit.selectAll()
    write(dialog, "ma\u0302\u0323t")
    assert not dialog.error_label.isVisible()
    press(dialog, KEY.Key_Return)
    assert asked == [("lanhdao", "sai"), ("lanhdao", "mật")]
    assert dialog.result() == QDialog.DialogCode.Accepted and dialog.account == "lanhdao"
    assert dialog.password_edit.text() == ""


def test_an_empty_password_is_not_sent_and_a_slow_answer_blocks_a_second_try(qtbot: QtBot) -> None:
    answers: list[object] = []
    recovered: list[int] = []
    dialog = SignInDialog(
        ACCOUNTS, lambda _n, _p, answer: answers.append(answer), on_recover=lambda: recovered.append(1)
    )
    qtbot.addWidget(dialog)
    show(dialog)
    dialog.sign_in_button.click()
    assert answers == [] and dialog.error_label.isVisible()
    write(dialog, "x")
    dialog.sign_in_button.click()
    dialog.sign_in_button.click()
    assert len(answers) == 1 and not dialog.sign_in_button.isEnabled()
    dialog.recover_button.click()
    assert recovered == [1]


def test_caps_lock_is_warned_of(qtbot: QtBot) -> None:
    dialog = SignInDialog(ACCOUNTS, lambda _n, _p, _a: None)
    qtbot.addWidget(dialog)
    show(dialog)
    write(dialog, "A")
    assert dialog.caps_label.isVisible()
    write(dialog, "a")
    assert not dialog.caps_label.isVisible()


# --- dialogs and texts ------------------------------------------------------------------------------------------


def answer_with(words: str) -> None:
    """Press the button ``words`` of the dialog that will stand in a moment."""

    def act() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        buttons = {button.text().replace("&", ""): button for button in box.findChildren(QPushButton)}
        buttons[words].click()

    QTimer.singleShot(0, act)


def test_questions_have_vietnamese_answers(qtbot: QtBot) -> None:
    answer_with("Có")
    assert dialogs.ask(None, "Bỏ thay đổi chưa lưu?")
    answer_with("Giữ lại")
    assert not dialogs.ask(None, "Xóa bản ghi?", yes="Xóa", no="Giữ lại")
    answer_with("Ghi chính thức")
    assert dialogs.choose(None, "Lưu thế nào?", ("Ghi chính thức", "Lưu nháp", "Hủy")) == 0


def test_escape_is_no(qtbot: QtBot) -> None:
    def escape() -> None:
        box = QApplication.activeModalWidget()
        assert box is not None
        QTest.keyClick(box, KEY.Key_Escape)

    QTimer.singleShot(0, escape)
    assert not dialogs.ask(None, "Xóa bản ghi?")


def test_an_expected_error_is_told_in_its_sentence(qtbot: QtBot) -> None:
    seen: list[str] = []

    def act() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(box.text())
        box.accept()

    QTimer.singleShot(0, act)
    dialogs.show_error(None, Refused("no_right", "Tài khoản không có quyền."))
    assert seen == ["Tài khoản không có quyền."]


def test_an_unexpected_error_ends_in_a_file_and_a_sentence(
    qtbot: QtBot, tmp_path: Path, fixed_clock: FixedClock
) -> None:
    told: list[str] = []
    before = dialogs.install_excepthook(tmp_path, fixed_clock, told.append)
    try:
        error = ZeroDivisionError("bí mật")
        sys.excepthook(type(error), error, None)
    finally:
        sys.excepthook = before
    (path,) = tmp_path.glob("crash-*.txt")
    assert str(path) in told[0] and told[0].startswith("Chương trình gặp lỗi") and "Traceback" not in told[0]
    assert "bí mật" not in path.read_text(encoding="utf-8")


def test_a_file_gets_its_ending_and_the_folder_is_remembered(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, qapp: QApplication
) -> None:
    asked: list[str] = []

    def save(_parent: object, _title: str, where: str, _filters: str) -> tuple[str, str]:
        asked.append(where)
        return str(tmp_path / "phieu"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", save)
    try:
        assert dialogs.save_file(None, "Lưu", "phieu.txt") == tmp_path / "phieu.txt"
        assert dialogs.save_file(None, "Lưu", "phieu.dvkey") == tmp_path / "phieu.dvkey"
        assert asked[1] == str(tmp_path / "phieu.dvkey")
        (tmp_path / "phieu.txt").write_text("cũ", encoding="utf-8")
        questions: list[str] = []
        monkeypatch.setattr(dialogs, "ask", lambda _parent, question, **_more: questions.append(question))
        assert dialogs.save_file(None, "Lưu", "phieu.txt") is None
        assert questions == ["Tệp “phieu.txt” đã có. Thay bằng tệp mới?"]
    finally:
        qapp.setProperty("danvan_last_folder", None)


def test_qt_speaks_vietnamese_and_keeps_what_is_unknown(qapp: QApplication) -> None:
    box = QDialogButtonBox(
        QDialogButtonBox.StandardButton.Ok
        | QDialogButtonBox.StandardButton.Cancel
        | QDialogButtonBox.StandardButton.Yes
        | QDialogButtonBox.StandardButton.No
    )
    texts = {button.text().replace("&", "") for button in box.buttons()}
    assert texts == {"Đồng ý", "Hủy", "Có", "Không"}
    assert QApplication.translate("QFileDialog", "Directories") == "Thư mục"
    assert QApplication.translate("Nowhere", "Some unknown text") == "Some unknown text"


def test_the_screen_font_draws_capitals_with_two_marks_whole(qtbot: QtBot) -> None:
    def ink(text: str, room: int = 0) -> int:
        label = QLabel(text)
        qtbot.addWidget(label)
        label.setFont(theme.base_font())
        label.resize(label.sizeHint().width(), label.sizeHint().height() + room)
        image = label.grab().toImage()
        ground = image.pixelColor(image.width() - 1, image.height() - 1)
        rows = [
            y
            for y in range(image.height())
            if any(_differs(image.pixelColor(x, y), ground) for x in range(image.width()))
        ]
        return len(rows)

    for letter in "ỦẪỖẾĂỮ":
        assert ink(letter) == ink(letter, room=20), f"{letter} is clipped"
    assert ink("Ủ") > ink("U") + 2 and ink("Ủ") != ink("Ú")
    assert QGuiApplication.font().family() in (theme.FAMILY, "Segoe UI")


def _differs(one: QColor, other: QColor) -> bool:
    return abs(one.lightness() - other.lightness()) > 60


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        ("ink", "ground"), ("ink", "paper"), ("soft_ink", "ground"), ("danger", "danger_soft"), ("warn", "warn_soft"),
        ("ok", "ok_soft"), ("accent", "accent_soft"), ("nav_ink", "nav"), ("nav_ink", "nav_chosen"), ("paper", "demo"),
    ],
)  # fmt: skip
def test_texts_have_contrast_enough(ink: str, ground: str) -> None:
    def light(name: str) -> float:
        def part(value: float) -> float:
            return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

        colour = QColor(getattr(theme.COLOURS, name))
        return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF())

    high, low = sorted((light(ink), light(ground)), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_the_style_sheet_leaves_no_place_unfilled() -> None:
    assert "@" not in theme.style_sheet()
    with pytest.raises(FileNotFoundError):
        theme.icon("no_such_icon")
