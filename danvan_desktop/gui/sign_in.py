"""Signing in: who, and the password. Knows no service: what it does is handed in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QPushButton, QWidget
from shiboken6 import isValid

from ..catalog.model import Choice
from . import theme
from .loader import load_ui
from .widgets import SecretEdit

SignIn = Callable[[str, str, Callable[[str], None]], None]
"""(account name, password, answer): ``answer("")`` lets in, ``answer(sentence)`` says why not; may come later."""


class SignInDialog(QDialog):
    """Accepted once ``sign_in`` has answered with an empty text; ``account`` is then the name signed in."""

    office_label: QLabel
    demo_label: QLabel
    account_combo: QComboBox
    password_edit: SecretEdit
    caps_label: QLabel
    error_label: QLabel
    sign_in_button: QPushButton
    recover_button: QPushButton
    backup_button: QPushButton
    setup_button: QPushButton
    quit_button: QPushButton

    def __init__(
        self,
        accounts: Sequence[Choice],
        sign_in: SignIn,
        *,
        office: str = "",
        demo: bool = False,
        on_recover: Callable[[], None] | None = None,
        on_setup: Callable[[], None] | None = None,
        on_restore: Callable[[], None] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``accounts`` are (account name, label shown). A button without its act hides."""
        super().__init__(parent)
        load_ui(self, "sign_in")
        self._sign_in = sign_in
        self._on_recover = on_recover
        self._on_setup = on_setup
        self._asked = 0
        self.account = ""
        self.setWindowIcon(theme.icon("danvan"))
        for account in accounts:
            self.account_combo.addItem(account.title, account.key)
        self.office_label.setText(office or "Dân vận chính quyền")
        self.demo_label.setVisible(demo)
        self.caps_label.hide()
        self.error_label.hide()
        self.recover_button.setVisible(on_recover is not None)
        self.setup_button.setVisible(on_setup is not None)
        self.backup_button.setVisible(on_restore is not None)
        if on_restore is not None:
            self.backup_button.clicked.connect(on_restore)
        self.password_edit.caps_lock.connect(self.caps_label.setVisible)
        self.password_edit.textEdited.connect(lambda _text: self.error_label.hide())
        self.sign_in_button.clicked.connect(self._try)
        self.quit_button.clicked.connect(self.reject)
        self.recover_button.clicked.connect(lambda: self._on_recover() if self._on_recover else None)
        self.setup_button.clicked.connect(lambda: self._on_setup() if self._on_setup else None)
        self.sign_in_button.setEnabled(bool(accounts))
        self.password_edit.setFocus()

    def choose_account(self, name: str) -> None:
        """Choose the account signed in last."""
        row = self.account_combo.findData(name)
        if row >= 0:
            self.account_combo.setCurrentIndex(row)

    def _try(self) -> None:
        if not self.password_edit.secret():
            self._refuse("Hãy nhập mật khẩu.")
            return
        self._busy(True)
        self._asked += 1
        number = self._asked
        name = str(self.account_combo.currentData())
        self._sign_in(name, self.password_edit.secret(), lambda sentence: self._answered(number, name, sentence))

    def _answered(self, number: int, name: str, sentence: str) -> None:
        if number != self._asked or not isValid(self):
            return
        self._busy(False)
        if sentence:
            self._refuse(sentence)
            return
        self.account = name
        self.password_edit.clear()
        self.accept()

    def _refuse(self, sentence: str) -> None:
        self.error_label.setText(sentence)
        self.error_label.show()
        self.password_edit.selectAll()
        self.password_edit.setFocus()

    def _busy(self, busy: bool) -> None:
        for widget in (self.sign_in_button, self.account_combo, self.password_edit):
            widget.setEnabled(not busy)
        self.sign_in_button.setText("Đang mở…" if busy else "Đăng &nhập")

    def closeEvent(self, event: QCloseEvent) -> None:
        self._asked += 1  # an answer still on its way finds nobody
        self.password_edit.clear()
        super().closeEvent(event)
