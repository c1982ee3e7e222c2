"""The style sheet wherever the program was put: folders with blanks, brackets and Vietnamese letters."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from danvan_desktop.gui import theme
from danvan_desktop.kernel import assets


def test_the_style_sheet_is_understood_in_a_folder_with_blanks_and_brackets(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    icons = assets.resources() / "icons"
    moved = tmp_path / "Chương trình (x86) của xã Vĩnh Thủy"
    shutil.copytree(icons, moved / "icons")
    monkeypatch.setattr(assets, "resources", lambda: moved)
    said: list[str] = []

    def hear(kind: QtMsgType, context: QMessageLogContext, text: str | None) -> None:
        said.append(text or "")

    previous = qInstallMessageHandler(hear)
    try:
        widget = QWidget()
        box = QComboBox(widget)
        widget.setStyleSheet(theme.style_sheet())
        box.ensurePolished()
        widget.grab()
    finally:
        qInstallMessageHandler(previous)
    assert said == []
    widget.deleteLater()
