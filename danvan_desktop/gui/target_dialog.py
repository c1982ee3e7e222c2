"""The plan's target of an indicator: typed, or taken from what the plan's text proposes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPushButton, QWidget

from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..services.office import Office
from ..services.targets import Target
from . import dialogs
from .loader import load_ui
from .runner import Runner


class TargetDialog(QDialog):
    """``keep(text, source)`` when accepted; an empty number takes the target away."""

    about_label: QLabel
    value_edit: QLineEdit
    source_edit: QLineEdit
    error_label: QLabel
    ok_button: QPushButton
    cancel_button: QPushButton

    def __init__(self, target: Target, year: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "target_dialog")
        self.setWindowTitle(f"Chỉ tiêu kế hoạch năm {year}")
        words = f"{target.title} ({target.unit}), năm {year}. Để trống ô số là bỏ chỉ tiêu."
        if target.proposed:
            words += f"\nTìm thấy trong kế hoạch, hãy đối chiếu: “{target.quote}”"
        self.about_label.setText(words)
        self.value_edit.setText(target.text)
        self.value_edit.selectAll()
        self.source_edit.setText(target.source)
        self.error_label.hide()
        self.ok_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)

    def refuse(self, sentence: str) -> None:
        """Say why the number was not taken."""
        self.error_label.setText(sentence)
        self.error_label.show()
        self.value_edit.setFocus()


def ask_target(
    parent: QWidget, office: Office, runner: Runner, indicator: str, year: int, done: Callable[[Changes, str], None]
) -> None:
    """Ask for the target of ``indicator`` and keep it; ``done(changes, words)`` afterwards."""

    def show(target: Target) -> None:
        dialog = TargetDialog(target, year, parent.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.accepted.connect(lambda: keep(target, dialog.value_edit.text(), dialog.source_edit.text()))
        dialog.open()

    def keep(target: Target, text: str, source: str) -> None:
        words = f"Đã ghi chỉ tiêu kế hoạch năm {year}: {target.title}." if text.strip() else "Đã bỏ chỉ tiêu kế hoạch."
        runner.submit_db(
            lambda _p: office.targets.set(indicator, year, text, source),
            lambda changes: done(changes, words),
            failed,
            "Đang ghi chỉ tiêu",
            owner=parent,
        )

    def failed(error: Exception) -> None:
        if isinstance(error, DanvanError):
            dialogs.tell(parent, error.message)
        else:
            dialogs.show_error(parent, error)

    runner.submit_db(lambda _p: office.targets.one(indicator, year), show, failed, "Đang tìm chỉ tiêu", owner=parent)
