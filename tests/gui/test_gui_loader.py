from __future__ import annotations

from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest
from gui_keys import show
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from danvan_desktop.gui.loader import UiMismatch, declared, load_ui
from danvan_desktop.gui.report_dialogs import NumberDialog
from danvan_desktop.gui.widgets import NullableDateEdit
from danvan_desktop.kernel import assets
from danvan_desktop.services.report_figures import NumberOffer

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


def test_a_dialog_opens_over_the_window_it_belongs_to(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.setGeometry(200, 150, 900, 560)
    show(window)
    dialog = NumberDialog(NumberOffer(1, "BC-UBND", date(2026, 5, 28)), window)
    qtbot.addWidget(dialog)
    show(dialog)
    assert window.geometry().contains(dialog.geometry())


def test_every_underlined_letter_of_a_label_leads_to_a_field() -> None:
    """Without its field a label shows the sign "&" itself."""
    for path in sorted(assets.ui().glob("*.ui")):
        tree = ElementTree.parse(path)
        names = {widget.get("name") for widget in tree.iter("widget")}
        for label in (widget for widget in tree.iter("widget") if widget.get("class") == "QLabel"):
            values = {prop.get("name"): "".join(prop.itertext()).strip() for prop in label.findall("property")}
            if "&" in values.get("text", ""):
                assert values.get("buddy") in names, (path.name, label.get("name"))


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
        (Wrong, "probe", "save_button is FitButton, declared QLineEdit"),
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
