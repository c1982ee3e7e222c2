"""The program with a window: first start, signing in, the office, and out again."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from ..catalog.model import Choice
from ..kernel.clock import Clock, SystemClock
from ..kernel.errors import DanvanError
from ..kernel.paths import default_home
from ..services import home as homes
from ..services import maintenance
from ..services.office import Gate, Office
from . import dialogs, theme
from .account_dialogs import Answer, RecoverDialog
from .office_window import OfficeWindow
from .runner import ThreadRunner
from .sign_in import SignInDialog
from .wizard import FirstStartWizard

_NO_SCREEN = (
    "Không có màn hình để mở cửa sổ (chưa có DISPLAY hay WAYLAND_DISPLAY). Dữ liệu không bị thay đổi; "
    "hãy chạy trong phiên làm việc có màn hình, hoặc dùng các lệnh của danvan (danvan --help).\n"
)


def screen_missing(environ: dict[str, str] | os._Environ[str], platform: str = sys.platform) -> bool:
    """Whether Qt would abort for want of a screen: asked before QApplication is made."""
    if not platform.startswith("linux") or environ.get("QT_QPA_PLATFORM"):
        return False
    return not (environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


class Desk(QObject):
    """Leads from window to window. ``ended`` once nobody wants to go on."""

    ended = Signal()

    def __init__(
        self,
        home: Path,
        gate: Gate,
        runner: Any,
        clock: Clock,
        new_home: Path | None = None,
        *,
        notices: bool = False,
    ) -> None:
        """``runner``: a Runner that also tells of work under way; ``new_home``: where a new office goes from a demo;
        ``notices``: tell once a day, after the sign-in, what is late and soon due."""
        super().__init__()
        self.home = home
        self._new_home = new_home or default_home()
        self._gate = gate
        self._runner = runner
        self._clock = clock
        self._last_account = ""
        self._notices = notices
        self.office: Office | None = None
        self.sign_in: SignInDialog | None = None
        self.wizard: FirstStartWizard | None = None
        self.window: OfficeWindow | None = None

    @property
    def front(self) -> QWidget | None:
        """The window the officer looks at."""
        return self.window or self.wizard or self.sign_in

    def start(self) -> None:
        """Open what comes first: the wizard where there is no office yet, else the sign-in."""
        if homes.home_exists(self.home):
            self._ask_who()
        else:
            self._set_up(self.home)

    # signing in
    def _ask_who(self) -> None:
        home = self.home

        def read(_progress: object) -> tuple[list[Choice], bool]:
            accounts = [Choice(account.name, account.label) for account in homes.accounts(home)]
            return accounts, homes.demo_home(home)

        self._runner.submit_db(read, self._show_sign_in, self._cannot_start, "Đang mở", owner=self)

    def _cannot_start(self, error: Exception) -> None:
        if isinstance(error, DanvanError) and dialogs.ask(
            None, error.message, detail="Có bản sao lưu (tệp .dvbak) thì khôi phục được ngay; dữ liệu hiện có được giữ "
            "nguyên ở một thư mục bên cạnh.", yes="Khôi phục từ bản sao lưu…", no="Đóng chương trình", default=False,
        ):  # fmt: skip
            self._restore(None, self.ended.emit)
            return
        if not isinstance(error, DanvanError):
            dialogs.show_error(None, error)
        self.ended.emit()

    def _restore(self, parent: QWidget | None, given_up: Callable[[], None]) -> None:
        """Put a backup in the place of the home; the home that stood there is kept beside it, nothing is deleted."""
        file = dialogs.choose_file(parent, "Chọn bản sao lưu", "Bản sao lưu (*.dvbak);;Mọi tệp (*)")
        if file is None:
            given_up()
            return
        home, clock = self.home, self._clock

        def done(moved: Path | None) -> None:
            kept = f" Dữ liệu cũ được giữ tại “{moved}”." if moved is not None else ""
            words = f"Đã khôi phục dữ liệu từ “{file.name}”.{kept} Hãy đăng nhập bằng mật khẩu của bản đó."
            dialogs.tell(parent, words)
            self._drop_sign_in()
            self.start()

        def failed(error: Exception) -> None:
            dialogs.show_error(parent, error)
            given_up()

        self._runner.submit_db(
            lambda _progress: maintenance.restore(file, home, clock), done, failed, "Đang khôi phục…", owner=self
        )

    def _show_sign_in(self, found: tuple[list[Choice], bool]) -> None:
        accounts, demo = found
        dialog = SignInDialog(
            accounts,
            self._let_in,
            office="Dữ liệu minh họa" if demo else "",
            demo=demo,
            on_recover=lambda: self._recover(accounts),
            on_setup=self._set_up_new if demo else None,
            on_restore=None if demo else lambda: self._restore(self.sign_in, lambda: None),
        )
        if self._last_account:
            dialog.choose_account(self._last_account)
        dialog.accepted.connect(lambda: self._signed_in(dialog.account))
        dialog.rejected.connect(self._given_up)
        self.sign_in = dialog
        dialog.show()
        dialog.activateWindow()

    def _let_in(self, name: str, password: str, answer: Callable[[str], None]) -> None:
        gate, home = self._gate, self.home
        asked = self.sign_in

        def opened(found: tuple[Office, str]) -> None:
            if self.sign_in is not asked or asked is None:  # closed meanwhile: let go of the home again
                self._runner.submit_db(lambda _progress: found[0].close(), lambda _none: None)
                return
            self.office, self._office_name = found
            answer("")

        def failed(error: Exception) -> None:
            if isinstance(error, DanvanError):
                answer(error.message)
            else:
                answer("Chưa mở được dữ liệu.")
                dialogs.show_error(asked, error)

        def work(_progress: object) -> tuple[Office, str]:
            office = gate.open(home, name, password)
            return office, office.settings.load().office.name

        self._runner.submit_db(work, opened, failed, "Đang mở dữ liệu", owner=self)

    def _signed_in(self, account: str) -> None:
        self._last_account = account
        self._drop_sign_in()
        self._open_window()

    def _given_up(self) -> None:
        self._drop_sign_in()
        self.ended.emit()

    def _drop_sign_in(self) -> None:
        if self.sign_in is not None:
            self.sign_in.deleteLater()
            self.sign_in = None

    def _recover(self, accounts: list[Choice]) -> None:
        gate, home = self._gate, self.home

        def act(account: str, code: str, password: str, answer: Answer) -> None:
            def failed(error: Exception) -> None:
                if isinstance(error, DanvanError):
                    answer(error.message)
                else:
                    answer("Chưa đặt lại được mật khẩu.")
                    dialogs.show_error(dialog, error)

            self._runner.submit_db(
                lambda _progress: gate.recover(home, code, account, password),
                lambda _none: answer(""),
                failed,
                "Đang đặt lại mật khẩu",
                owner=dialog,
            )

        chosen = str(self.sign_in.account_combo.currentData()) if self.sign_in else ""
        dialog = RecoverDialog(accounts, act, account=chosen, parent=self.sign_in)
        dialog.accepted.connect(
            lambda: dialogs.tell(self.sign_in, "Đã đặt mật khẩu mới. Hãy đăng nhập bằng mật khẩu này.")
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # first start
    def _set_up_new(self) -> None:
        self._drop_sign_in()
        self.home = self._new_home
        self.start()

    def _set_up(self, home: Path) -> None:
        wizard = FirstStartWizard(home, self._gate, self._runner, self._clock)
        wizard.finished.connect(self._set_up_over)
        self.wizard = wizard
        wizard.show()
        wizard.activateWindow()

    def _set_up_over(self, result: int) -> None:
        wizard, self.wizard = self.wizard, None
        assert wizard is not None
        wizard.deleteLater()
        if result != QDialog.DialogCode.Accepted or wizard.office is None:
            self.ended.emit()
            return
        self.office = wizard.office
        self._office_name = wizard.answers().name.strip()
        self._open_window()

    # the office
    def _open_window(self) -> None:
        assert self.office is not None
        window = OfficeWindow(self.office, self._runner, self._office_name)
        if isinstance(self._runner, ThreadRunner):
            self._runner.set_error_handler(window.show_error)
        window.left.connect(self._window_left)
        self.window = window
        screen = window.screen().availableGeometry()
        if screen.width() <= 1400 or screen.height() <= 800:
            window.showMaximized()
        else:
            window.show()
        window.activateWindow()
        if self._notices:
            window.offer_notice(window.offer_drafts)
        else:
            window.offer_drafts()

    def _window_left(self, again: bool) -> None:
        window, self.window = self.window, None
        if window is not None:
            window.deleteLater()
        self.close_office(self._ask_who if again else self.ended.emit)

    def close_office(self, then: Callable[[], None]) -> None:
        """Give the home back, after everything asked of it before."""
        office, self.office = self.office, None
        if office is None:
            then()
            return
        closing = office
        self._runner.submit_db(
            lambda _progress: closing.close(), lambda _none: then(), lambda error: self._close_failed(error, then),
            "Đang đóng dữ liệu", owner=self,
        )  # fmt: skip

    def _close_failed(self, error: Exception, then: Callable[[], None]) -> None:
        dialogs.show_error(None, error)
        then()


def run_window(home: Path, gate: Gate) -> int:
    """Open the window on ``home`` and stay until it is closed. Returns 0, or 1 where there is no screen."""
    if screen_missing(os.environ):
        sys.stderr.write(_NO_SCREEN)
        return 1
    existing = QApplication.instance()
    if existing is None:
        theme.prepare_high_dpi()
    app = existing if isinstance(existing, QApplication) else QApplication(["danvan"])
    theme.apply(app)
    app.setQuitOnLastWindowClosed(False)  # between sign-in and window there is none for a moment
    clock = SystemClock()
    before = dialogs.install_excepthook(home / "logs", clock)
    runner = ThreadRunner(lambda error: dialogs.show_error(None, error))
    desk = Desk(home, gate, runner, clock, notices=True)
    desk.ended.connect(app.quit)
    QTimer.singleShot(0, desk, desk.start)
    # A full search for dead cycles stops every thread, the window's too, for 50 ms and more: seldom, and not over what
    # the program itself is made of.
    gc.set_threshold(50_000, 20, 50)
    gc.freeze()
    try:
        app.exec()
    finally:
        if desk.office is not None:  # left in a hurry
            done = QEventLoop()
            desk.close_office(done.quit)
            done.exec()
        runner.shutdown()
        sys.excepthook = before
    return 0
