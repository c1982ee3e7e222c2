from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from danvan_desktop.gui.loader import UiMismatch, declared, load_ui
from danvan_desktop.gui.widgets import NullableDateEdit

UI = """<?xml version="1.0" encoding="UTF-8"?>
<ui version="4.0"><class>Probe</class><widget class="QWidget" name="Probe">
 <property name="windowTitle"><string>Thử nghiệm</string></property>
 <layout class="QVBoxLayout" name="box">
  <item><widget class="QPushButton" name="save_button">
   <property name="text"><string>Lưu</string></property></widget></item>
  <item><widget class="{custom}" name="day_edit"/></item>
 </layout></widget></ui>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "probe.ui").write_text(UI.format(custom="NullableDateEdit"), encoding="utf-8")
    (tmp_path / "odd.ui").write_text(UI.format(custom="NoSuchWidget"), encoding="utf-8")
    (tmp_path / "broken.ui").write_text("<ui version='4.0'><widget", encoding="utf-8")
    return tmp_path


class Base(QWidget):
    save_button: QPushButton


class Screen(Base):
    day_edit: NullableDateEdit
    note: str
    _hidden: QLabel


class Missing(QWidget):
    delete_button: QPushButton


class Wrong(QWidget):
    save_button: QLineEdit


def test_a_screen_is_loaded_into_itself_with_its_declared_widgets(qtbot: QtBot, folder: Path) -> None:
    screen = Screen()
    qtbot.addWidget(screen)
    load_ui(screen, "probe", folder)
    assert screen.windowTitle() == "Thử nghiệm"
    assert screen.save_button.text() == "Lưu" and screen.save_button.parent() is screen
    screen.day_edit.set_value("2026-06-05")
    assert screen.day_edit.edit.text() == "05/06/2026"
    assert set(declared(Screen)) == {"save_button", "day_edit"}


@pytest.mark.parametrize(
    ("kind", "name", "words"),
    [
        (Missing, "probe", "delete_button is missing"),
        (Wrong, "probe", "save_button is QPushButton, declared QLineEdit"),
        (QWidget, "odd", "NoSuchWidget"),
        (QWidget, "absent", "absent.ui"),
        (QWidget, "broken", "broken.ui"),
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_what_does_not_fit_fails_loudly(qtbot: QtBot, folder: Path, kind: type[QWidget], name: str, words: str) -> None:
    screen = kind()
    qtbot.addWidget(screen)
    with pytest.raises(UiMismatch, match=words):
        load_ui(screen, name, folder)
