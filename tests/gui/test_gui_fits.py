"""Every screen at 1366×768, at 100 % and at 150 % (910×512): nothing is cut off, dialogs stay within the screen."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest
from fits import faults
from gui_keys import settle
from gui_samples import sample_context
from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QApplication, QDialog, QFrame, QLabel, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

import danvan_desktop.gui as gui
from danvan_desktop.bootstrap import catalog
from danvan_desktop.catalog.model import Form
from danvan_desktop.gui.figure_tree import FigureTree
from danvan_desktop.gui.form_builder import FormView
from danvan_desktop.gui.loader import SMALLEST, load_ui
from danvan_desktop.gui.widgets import FitButton, FitLabel
from danvan_desktop.kernel import assets

FILES = sorted(assets.ui().glob("*.ui"))
FORMS = sorted(catalog().forms.values(), key=lambda form: form.key)
PAGE = QSize(826, 300)  # of the main window at 910×512, beside the navigation of signs
LARGE = QSize(1046, 560)  # of the main window at 1366×768
_KINDS: dict[str, type[QWidget]] = {"QDialog": QDialog, "QMainWindow": QMainWindow, "QFrame": QFrame}


@pytest.fixture(autouse=True)
def _gone_at_once() -> Iterator[None]:
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture(scope="module")
def _widgets_known() -> None:
    for module in iter_modules(gui.__path__):  # promoted widgets say who they are when their module is imported
        import_module(f"{gui.__name__}.{module.name}")


@pytest.mark.usefixtures("_widgets_known")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_dialog_fits_the_smallest_screen(qtbot: QtBot, path: Path) -> None:
    kind = ET.parse(path).getroot().find("widget")
    assert kind is not None
    screen = _KINDS.get(str(kind.get("class")), QWidget)()
    qtbot.addWidget(screen)
    load_ui(screen, path.stem)
    needed = screen.minimumSizeHint().expandedTo(screen.minimumSize())
    if screen.isWindow() and isinstance(screen, (QDialog, QMainWindow)):
        room = SMALLEST if isinstance(screen, QDialog) else QSize(910, 480)
        assert needed.width() <= room.width() and needed.height() <= room.height(), f"{needed} of {room}"
    screen.deleteLater()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)
def test_nothing_of_a_form_is_cut_off(qtbot: QtBot, form: Form) -> None:
    view = FormView(form, sample_context())
    qtbot.addWidget(view)
    view.show()
    for size in (LARGE, PAGE):
        view.resize(size)
        for _ in range(4):  # a list of boxes changes its height with its width, and so the lines above it
            settle()
        assert view.size() == size, "the form scrolls, whatever the room"
        assert faults(view) == []
    view.reveal_problems()
    settle()
    assert faults(view) == [], "what is said under the fields"


def test_a_button_leaves_its_key_to_the_tip_where_there_is_no_room(qtbot: QtBot) -> None:
    button = FitButton("&Lưu dự thảo (Ctrl+S)")
    qtbot.addWidget(button)
    button.resize(button.sizeHint())
    assert not button.shortened() and button.minimumSizeHint().width() < button.sizeHint().width() - 40
    button.resize(button.minimumSizeHint())
    assert button.shortened() and button.short_text() == "&Lưu dự thảo" and button.text().endswith("(Ctrl+S)")
    assert not button.grab().isNull()
    plain = FitButton("Xóa (3 bản ghi)")
    qtbot.addWidget(plain)
    assert plain.short_text() == "Xóa (3 bản ghi)", "no key"


def test_a_line_too_long_for_its_place_ends_in_dots(qtbot: QtBot) -> None:
    label = FitLabel("Ủy ban nhân dân xã Vĩnh Thủy, tỉnh Quảng Trị")
    qtbot.addWidget(label)
    whole = QLabel(label.text())
    qtbot.addWidget(whole)
    label.resize(label.sizeHint())
    whole.resize(label.size())
    assert label.grab().toImage() == whole.grab().toImage()
    label.resize(120, label.height())
    whole.resize(label.size())
    assert label.grab().toImage() != whole.grab().toImage()


def test_a_dialog_opens_as_high_as_its_words_need(qtbot: QtBot) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    load_ui(dialog, "postpone_dialog")
    about = dialog.findChild(QLabel, "about_label")
    assert about is not None
    about.setText("Chỉ hoãn việc nhắc, thời hạn không thay đổi. " * 16)
    dialog.show()
    settle()
    assert dialog.height() > dialog.screen().availableSize().height() * 2 // 3, "where Qt alone stops"
    assert faults(dialog) == []


def test_the_names_of_figures_can_be_read_in_a_narrow_table(qtbot: QtBot) -> None:
    tree = FigureTree()
    qtbot.addWidget(tree)
    tree.resize(PAGE)
    tree.show()
    settle()
    assert tree.columnWidth(1) >= 150, "the name of the figure"
    assert tree.columnWidth(0) == 86, "its number, behind the sign that opens it"
    assert faults(tree) == []
    tree.resize(1400, 300)
    settle()
    assert [tree.columnWidth(at) for at in (2, 8)] == [92, 122], "as wished where there is room"
