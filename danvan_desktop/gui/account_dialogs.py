"""Passwords and accounts: forgotten, changed, added, renewed. What they do is handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ..catalog.model import Choice
from ..kernel.text import squeeze
from ..services.first_start import NAME_RULE, account_name_fits, password_faults, propose_account
from . import theme
from .loader import load_ui
from .widgets import SecretEdit

Answer = Callable[[str], None]
"""``answer("")``: done, the dialog closes; ``answer(sentence)``: why not."""


def one_person_roles(layout: QVBoxLayout, titles: Mapping[str, str], *, checked: bool) -> dict[str, QCheckBox]:
    """A box for every role."""
    boxes = {}
    for role, title in titles.items():
        box = QCheckBox(title[0].upper() + title[1:])
        box.setChecked(checked)
        layout.addWidget(box)
        boxes[role] = box
    return boxes


class _AskingDialog(QDialog):
    """What these dialogs have in common: an error line, a wait, a warning about Caps Lock."""

    error_label: QLabel
    caps_label: QLabel
    ok_button: QPushButton
    cancel_button: QPushButton

    def __init__(self, ui: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        load_ui(self, ui)
        self.setWindowIcon(theme.icon("danvan"))
        self.error_label.hide()
        self.caps_label.hide()
        self.cancel_button.clicked.connect(self.reject)
        self.ok_button.clicked.connect(self.try_it)
        for secret in self.findChildren(SecretEdit):
            secret.caps_lock.connect(self._caps_lock)
        for line in self.findChildren(QLineEdit):
            line.textEdited.connect(lambda _text: self.error_label.hide())

    def _caps_lock(self, on: bool) -> None:
        self.caps_label.setVisible(on)
        self.grow()

    def try_it(self) -> None:
        """What the button does."""
        raise NotImplementedError

    def refuse(self, sentence: str, where: QWidget | None = None) -> None:
        """Say why not, and go to the line concerned."""
        self.error_label.setText(sentence)
        self.error_label.show()
        self.grow()
        if where is not None:
            where.setFocus()

    def grow(self) -> None:
        """As high as everything shown needs: a dialog on screen does not grow by itself."""
        layout = self.layout()
        if layout is not None:
            layout.activate()
            room = self.screen().availableSize().height() - 60
            self.resize(self.width(), min(room, max(self.height(), layout.totalHeightForWidth(self.width()))))

    def answered(self, sentence: str) -> None:
        """What came of it."""
        self.ok_button.setEnabled(True)
        if sentence:
            self.refuse(sentence)
            return
        self.forget()
        self.accept()

    def reject(self) -> None:
        if self.ok_button.isEnabled():  # else the answer is on its way, and must find the dialog
            self.forget()
            super().reject()

    def forget(self) -> None:
        """No password stays in a closed dialog."""
        for secret in self.findChildren(SecretEdit):
            secret.clear()

    def passwords_fit(self, first: SecretEdit, again: SecretEdit) -> bool:
        """Whether the new password can be used; says so otherwise."""
        for fault in password_faults(first.secret(), again.secret()):
            self.refuse(fault.message, again if fault.field == "password_again" else first)
            return False
        return True


class RecoverDialog(_AskingDialog):
    """A new password with the recovery sheet: ``recover(account, code, password, answer)``."""

    account_combo: QComboBox
    code_edit: QLineEdit
    password_edit: SecretEdit
    again_edit: SecretEdit

    def __init__(
        self,
        accounts: Sequence[Choice],
        recover: Callable[[str, str, str, Answer], None],
        *,
        account: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("recover", parent)
        self._recover = recover
        for item in accounts:
            self.account_combo.addItem(item.title, item.key)
        self.account_combo.setCurrentIndex(max(self.account_combo.findData(account), 0))
        self.code_edit.setFocus()
        self.grow()

    def try_it(self) -> None:
        code = squeeze(self.code_edit.text())
        if not code:
            self.refuse("Hãy nhập mã trên phiếu khôi phục.", self.code_edit)
        elif self.passwords_fit(self.password_edit, self.again_edit):
            self.ok_button.setEnabled(False)
            account = str(self.account_combo.currentData())
            self._recover(account, code, self.password_edit.secret(), self.answered)

    def forget(self) -> None:
        super().forget()
        self.code_edit.clear()


class AccountDialog(_AskingDialog):
    """One dialog for changing the own password, adding an account and renewing one; what is not asked is hidden.

    ``act(name, label, old password, password, roles, answer)``.
    """

    title_label: QLabel
    hint_label: QLabel
    label_edit: QLineEdit
    label_edit_title: QLabel
    name_edit: QLineEdit
    name_edit_title: QLabel
    old_edit: SecretEdit
    old_edit_title: QLabel
    password_edit: SecretEdit
    again_edit: SecretEdit
    roles_title: QLabel
    roles_layout: QVBoxLayout

    def __init__(
        self,
        title: str,
        hint: str,
        act: Callable[[str, str, str, str, tuple[str, ...], Answer], None],
        *,
        roles: Mapping[str, str] | None = None,
        name: str | None = None,
        label: str = "",
        chosen: Sequence[str] = (),
        parent: QWidget | None = None,
    ) -> None:
        """``roles``: titles to choose from, None for the own password; ``name``: an account that exists."""
        super().__init__("account_dialog", parent)
        self._act = act
        self._own = roles is None
        self._new = name is None
        self.title_label.setText(title)
        self.hint_label.setText(hint)
        self.label_edit.setText(label)
        self.name_edit.setText(name or "")
        self.name_edit.setReadOnly(name is not None)
        self._boxes = one_person_roles(self.roles_layout, roles or {}, checked=False)
        for role in chosen:
            self._boxes[role].setChecked(True)
        for widget in (self.label_edit, self.label_edit_title, self.name_edit, self.name_edit_title, self.roles_title):
            widget.setVisible(not self._own)
        for widget in (self.old_edit, self.old_edit_title):
            widget.setVisible(self._own)
        if self._new:
            self.label_edit.textEdited.connect(lambda text: self.name_edit.setText(propose_account(text)))
        (self.old_edit if self._own else self.label_edit if self._new else self.password_edit).setFocus()
        self.adjustSize()
        self.grow()

    def try_it(self) -> None:
        label, name = squeeze(self.label_edit.text()), self.name_edit.text().strip()
        roles = tuple(role for role, box in self._boxes.items() if box.isChecked())
        if self._own and not self.old_edit.secret():
            self.refuse("Hãy nhập mật khẩu đang dùng.", self.old_edit)
        elif not self._own and not label:
            self.refuse("Hãy nhập họ và tên người dùng.", self.label_edit)
        elif not self._own and self._new and not account_name_fits(name):
            self.refuse(NAME_RULE, self.name_edit)
        elif self.passwords_fit(self.password_edit, self.again_edit):
            if not self._own and not roles:
                self.refuse("Hãy chọn ít nhất một vai trò.", next(iter(self._boxes.values())))
                return
            self.ok_button.setEnabled(False)
            self._act(name, label, self.old_edit.secret(), self.password_edit.secret(), roles, self.answered)
