"""From window to window: signing in and out, another password, a new office beside the demonstration, ways to pages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_gate import PASSWORD, LightGate, make_home
from gui_keys import CONTROL, press, settle, show, write
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication
from records_office import answer

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.account_dialogs import AccountDialog, RecoverDialog
from danvan_desktop.gui.app import Desk, screen_missing
from danvan_desktop.gui.due_notice import DueNotice
from danvan_desktop.gui.office_window import OfficeWindow, page_specs
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.gui.sign_in import SignInDialog
from danvan_desktop.gui.wizard import FirstStartWizard
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.paths import default_home
from danvan_desktop.services.demo.offices import CULTURE_ID
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput

KEY = Qt.Key


class Visit:
    """A desk, what it said, and whether it has ended."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.ended = 0
        self.told: list[str] = []
        desk.ended.connect(self._end)

    def _end(self) -> None:
        self.ended += 1

    @property
    def sign_in(self) -> SignInDialog:
        assert self.desk.sign_in is not None
        return self.desk.sign_in

    @property
    def wizard(self) -> FirstStartWizard:
        assert self.desk.wizard is not None
        return self.desk.wizard

    @property
    def office(self) -> Office:
        assert self.desk.office is not None
        return self.desk.office

    def stage(self) -> list[str]:
        """Which of the windows there are, whether an office is open, whether the program has ended."""
        names = ("sign_in", "wizard", "window", "office")
        return [name for name in names if getattr(self.desk, name) is not None] + ["ended"] * self.ended

    @property
    def window(self) -> OfficeWindow:
        assert self.desk.window is not None
        return self.desk.window

    def enter(self, account: str = "canbo", password: str = PASSWORD) -> None:
        """Sign in by keyboard."""
        sign_in = self.sign_in
        sign_in.choose_account(account)
        show(sign_in)
        sign_in.password_edit.setFocus()
        write(sign_in, password)
        press(sign_in, KEY.Key_Return)


@pytest.fixture
def visit(
    tmp_path: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> Iterator[Visit]:
    desk = Desk(tmp_path / "home", LightGate(fixed_clock), InlineRunner(), fixed_clock, tmp_path / "new")
    made = Visit(desk)
    monkeypatch.setattr(dialogs, "tell", lambda _parent, text, **_k: made.told.append(str(text)))
    yield made
    if desk.office is not None:
        desk.office.close()
    for widget in QApplication.topLevelWidgets():
        widget.hide()
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_signing_in_and_out(visit: Visit, tmp_path: Path, fixed_clock: FixedClock) -> None:
    make_home(tmp_path / "home", fixed_clock)
    visit.desk.start()
    visit.enter(password="sai")
    assert visit.sign_in.error_label.isVisible() and visit.stage() == ["sign_in"]
    visit.enter()
    window = visit.window
    assert window.isVisible() and window.current_key == "home"
    assert "Ủy ban nhân dân xã Vĩnh Thủy" in window.windowTitle()
    assert window.account_button.text() == "Cán bộ (mẫu) (F10)" and "nhập liệu" in window.account_button.toolTip()
    assert not window.demo_label.isVisible()

    window.sign_out()
    assert visit.stage() == ["sign_in"]
    assert visit.sign_in.account_combo.currentData() == "canbo"
    visit.enter("lanhdao")
    assert visit.window.account_button.text() == "Lãnh đạo (mẫu) (F10)"
    visit.window.close()
    settle()
    assert visit.stage() == ["ended"]
    LightGate(fixed_clock).open(tmp_path / "home", "canbo", PASSWORD).close()  # the lock was given back


def test_a_home_in_use_is_said_kindly(visit: Visit, tmp_path: Path, fixed_clock: FixedClock) -> None:
    make_home(tmp_path / "home", fixed_clock)
    other = LightGate(fixed_clock).open(tmp_path / "home", "canbo", PASSWORD)
    visit.desk.start()
    visit.enter()
    assert "đang được mở ở một cửa sổ hoặc lệnh khác" in visit.sign_in.error_label.text()
    other.close()
    visit.enter()
    assert visit.window.isVisible()


def test_a_damaged_home_is_said_and_left_alone(visit: Visit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answer(monkeypatch, yes=False)  # no backup is taken out
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "home.json").write_text("{", encoding="utf-8")
    visit.desk.start()
    assert visit.stage() == ["ended"] and "bị hỏng" in asked[0]
    assert (tmp_path / "home" / "home.json").read_text("utf-8") == "{"


def test_a_forgotten_password(visit: Visit, tmp_path: Path, fixed_clock: FixedClock) -> None:
    code = make_home(tmp_path / "home", fixed_clock)
    visit.desk.start()
    sign_in = visit.sign_in
    sign_in.recover_button.click()
    dialog = sign_in.findChild(RecoverDialog)
    assert dialog is not None and dialog.isVisible()
    show(dialog)
    write(dialog, "AAAA")
    press(dialog, KEY.Key_Tab)
    write(dialog, "mật khẩu mới")
    press(dialog, KEY.Key_Tab)
    write(dialog, "mật khẩu mới")
    press(dialog, KEY.Key_Return)
    assert "Mã khôi phục không đúng" in dialog.error_label.text()
    dialog.code_edit.setFocus()
    dialog.code_edit.clear()
    write(dialog, code.lower().replace("-", " "))
    press(dialog, KEY.Key_Return)
    assert sign_in.findChild(RecoverDialog) is None and "Đã đặt mật khẩu mới" in visit.told[-1]
    visit.enter(password="mật khẩu mới")
    assert visit.window.isVisible()


def test_a_new_office_beside_the_demonstration(visit: Visit, tmp_path: Path, fixed_clock: FixedClock) -> None:
    make_home(tmp_path / "home", fixed_clock, demo=True)
    visit.desk.start()
    assert visit.sign_in.setup_button.isVisible()
    visit.sign_in.setup_button.click()
    wizard = visit.wizard
    assert visit.stage() == ["wizard"]
    wizard.choose_profile("parent")
    wizard.name_edit.setText("Sở Nội vụ tỉnh Quảng Trị")
    wizard.superior_edit.setText("Ủy ban nhân dân tỉnh Quảng Trị")
    wizard.name_edit.textEdited.emit(wizard.name_edit.text())
    for _ in range(3):
        wizard.next_button.click()
    wizard.signers_editor.signer_name_edit.setText("Lê Ví Dụ")
    wizard.next_button.click()
    wizard.next_button.click()
    wizard.label_edit.setText("Trần Thị Mẫu")
    wizard.account_edit.setText("mau.tt")
    wizard.password_edit.setText("mật khẩu dài")
    wizard.again_edit.setText("mật khẩu dài")
    wizard.next_button.click()
    wizard.next_button.click()
    wizard.kept_check.setChecked(True)
    wizard.next_button.click()
    wizard.next_button.click()
    settle()
    assert visit.stage() == ["window", "office"]
    assert "Sở Nội vụ tỉnh Quảng Trị" in visit.window.windowTitle()
    assert (tmp_path / "new" / "home.json").is_file()
    assert not visit.window.demo_label.isVisible()


def test_giving_up_ends_the_program(visit: Visit) -> None:
    visit.desk.start()
    assert visit.stage() == ["wizard"]  # no office yet
    visit.wizard.cancel_button.click()
    assert visit.stage() == ["ended"]


def test_the_way_to_a_record_by_search(visit: Visit, tmp_path: Path, fixed_clock: FixedClock) -> None:
    make_home(tmp_path / "home", fixed_clock)
    visit.desk.start()
    visit.enter()
    office, window = visit.office, visit.window
    saved = office.records.save(
        "public_disclosure", RecordInput(CULTURE_ID, {"subject": "Quy hoạch sử dụng đất thôn Mẫu Đông"}), final=False
    )
    show(window)
    press(window, KEY.Key_K, CONTROL)
    window.open_search()  # a second one does not open
    search = window._search
    assert search is not None and search.isVisible()
    show(search)
    write(search, "khong co gi nhu the")
    press(search, KEY.Key_Return)
    assert search.result_table.rowCount() == 0 and "Không tìm thấy" in search.state_label.text()
    search.search_edit.clear()
    write(search, "mau dong")
    press(search, KEY.Key_Return)
    assert search.result_table.rowCount() == 1
    found = [search.result_table.item(0, column) for column in (0, 2, 3, 4)]
    assert [item.text() for item in found if item][1:] == ["Công khai", "", "Bản nháp"]
    press(search, KEY.Key_Down)
    press(search, KEY.Key_Return)
    settle()
    area = office.context.catalog.forms["public_disclosure"].area
    assert window.current_key == f"area{area}" and window._search is None
    assert saved.id


def test_a_record_that_is_gone_is_said(visit: Visit, tmp_path: Path, fixed_clock: FixedClock,
                                       monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    make_home(tmp_path / "home", fixed_clock)
    visit.desk.start()
    visit.enter()
    visit.window.open_page("records", "0192")
    assert "Không tìm thấy" in visit.told[0] and visit.window.current_key == "home"


def test_changing_the_own_password(visit: Visit, tmp_path: Path, fixed_clock: FixedClock) -> None:
    make_home(tmp_path / "home", fixed_clock)
    visit.desk.start()
    visit.enter()
    window = visit.window
    titles = [action.text().replace("&", "") for action in window.account_menu.actions() if action.text()]
    assert titles == ["Tìm bản ghi…\tCtrl+K", "Bản nhập dở chưa lưu…", "Đổi mật khẩu…", "Đăng xuất, đổi tài khoản"]
    window.change_password()
    dialog = window.findChild(AccountDialog)
    assert dialog is not None
    show(dialog)
    assert not dialog.label_edit.isVisible() and dialog.old_edit.hasFocus()
    write(dialog, "sai")
    press(dialog, KEY.Key_Tab)
    write(dialog, "mật khẩu mới")
    press(dialog, KEY.Key_Tab)
    write(dialog, "mật khẩu mới")
    press(dialog, KEY.Key_Return)
    assert dialog.isVisible() and dialog.error_label.isVisible()
    dialog.old_edit.setFocus()
    dialog.old_edit.clear()
    write(dialog, PASSWORD)
    press(dialog, KEY.Key_Return)
    assert window.findChild(AccountDialog) is None and "Đã đổi mật khẩu" in window.status_label.text()
    window.sign_out()
    visit.enter(password="mật khẩu mới")
    assert visit.window.isVisible()


def test_every_page_has_its_key(tmp_path: Path, fixed_clock: FixedClock) -> None:
    make_home(tmp_path / "home", fixed_clock)
    office = LightGate(fixed_clock).open(tmp_path / "home", "canbo", PASSWORD)
    specs = page_specs(office, InlineRunner())
    office.close()
    areas = [f"area{number}" for number in range(1, 9)]
    assert [spec.key for spec in specs] == [
        "home", "calendar", "plan", *areas, "indicators", "report", "papers", "exchange", "settings"
    ]  # fmt: skip
    shortcuts = [spec.shortcut for spec in specs]
    assert len(set(shortcuts)) == len(shortcuts)


def test_every_page_opens(visit: Visit, tmp_path: Path, fixed_clock: FixedClock) -> None:
    make_home(tmp_path / "home", fixed_clock)
    visit.desk.start()
    visit.enter()
    window = visit.window
    for spec in list(window._specs.values()):
        assert window.open_page(spec.key), spec.key
        settle()
    assert window.minimumSizeHint().width() <= 1366 and window.minimumSizeHint().height() <= 728


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({}, True),
        ({"DISPLAY": ""}, True),
        ({"DISPLAY": ":0"}, False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, False),
        ({"QT_QPA_PLATFORM": "offscreen"}, False),
    ],
)
def test_whether_there_is_a_screen(environ: dict[str, str], missing: bool) -> None:
    assert screen_missing(environ, "linux") is missing
    assert not screen_missing(environ, "win32")


def test_without_a_screen_the_program_says_so(tmp_path: Path) -> None:
    environ = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(
        [sys.executable, "-m", "danvan_desktop", "--home", str(tmp_path / "home")],
        capture_output=True, text=True, timeout=60, env=environ, check=False,
    )  # fmt: skip
    assert done.returncode == 1 and "Không có màn hình" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


def test_the_real_thing_opens_and_closes(tmp_path: Path, fixed_clock: FixedClock) -> None:
    """run_window with its threads, in a process of its own: sign in, look, close; the lock is free afterwards."""
    make_home(tmp_path / "home", fixed_clock)
    code = f"""
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from danvan_desktop.bootstrap import LocalGate
from danvan_desktop.gui import app as program
desks = []
class Desk(program.Desk):
    def __init__(self, *a, **k):
        super().__init__(*a, **k); desks.append(self)
program.Desk = Desk
def step():
    desk = desks[0] if desks else None
    if desk and desk.sign_in and desk.sign_in.isVisible() and desk.sign_in.sign_in_button.isEnabled():
        desk.sign_in.password_edit.setText({PASSWORD!r}); desk.sign_in.sign_in_button.click()
    elif desk and desk.window and desk.window.page("home") and desk.window.page("home").area_heading.text():
        print("seen", desk.window.windowTitle()); desk.window.close(); timer.stop()
import PySide6.QtWidgets as w
app = w.QApplication(["t"])
timer = QTimer(); timer.timeout.connect(step); timer.start(50)
QTimer.singleShot(40000, app.quit)
sys.exit(program.run_window(Path({str(tmp_path / "home")!r}), LocalGate()))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=60, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    assert "seen Ủy ban nhân dân xã Vĩnh Thủy" in done.stdout.decode("utf-8"), done.stderr.decode()
    assert b"Traceback" not in done.stderr and b"Error" not in done.stderr, done.stderr.decode()
    LightGate(fixed_clock).open(tmp_path / "home", "canbo", PASSWORD).close()


def test_a_new_office_goes_to_the_usual_place(tmp_path: Path, fixed_clock: FixedClock) -> None:
    assert Desk(tmp_path, LightGate(fixed_clock), InlineRunner(), fixed_clock)._new_home == default_home()


def test_what_is_due_is_told_after_the_first_sign_in_of_a_day(
    tmp_path: Path, fixed_clock: FixedClock, qapp: QApplication
) -> None:
    make_home(tmp_path / "home", fixed_clock)
    desk = Desk(tmp_path / "home", LightGate(fixed_clock), InlineRunner(), fixed_clock, tmp_path / "new", notices=True)
    visit = Visit(desk)
    for told in (True, False):
        desk.start()
        visit.enter()
        settle()
        seen = [item for item in visit.window.findChildren(DueNotice) if item.isVisible()]
        assert bool(seen) == told
        for item in seen:
            item.reject()
        visit.window.sign_out()
        sign_in = desk.sign_in
        assert sign_in is not None
        sign_in.reject()
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
