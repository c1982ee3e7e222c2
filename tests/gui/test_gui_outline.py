"""The outline dialog as an administrator uses it, on a real office."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_gate import PASSWORD, LightGate, make_home
from gui_keys import settle, show
from mnemonics import clashes
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.outline_dialog import OutlineDialog
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    make_home(tmp_path / "home", fixed_clock)
    opened = LightGate(fixed_clock).open(tmp_path / "home", "quantri", PASSWORD)
    yield opened
    opened.close()


def test_an_outline_in_the_words_of_the_office(qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = OutlineDialog(office, InlineRunner())
    qtbot.addWidget(dialog)
    wrote: list[object] = []
    dialog.wrote.connect(wrote.append)
    show(dialog)
    settle()
    assert not clashes(dialog)
    assert not dialog.save_button.isEnabled()
    assert dialog.when_label.text() == "Phần mở đầu:"
    dialog.text_edit.setPlainText("{office} báo cáo:")
    sections = [item.key for item in dialog._words.sections]
    tasks = dialog.tree.topLevelItem(2 + sections.index("tasks"))
    assert tasks is not None
    dialog.tree.setCurrentItem(tasks)
    dialog.up_button.click()
    moved = [item.key for item in dialog._words.sections]
    assert moved.index("tasks") == sections.index("assessment")  # above the whole block, not into it
    top = dialog.tree.topLevelItem(2 + moved.index("results_area_1"))
    assert top is not None
    sentence = top.child(1)
    assert sentence is not None
    dialog.tree.setCurrentItem(sentence)
    assert dialog.when_label.text() == "Câu, dùng khi không phát sinh:"
    sentence.setCheckState(0, Qt.CheckState.Unchecked)
    dialog.text_edit.setPlainText("Không có {văn bản}.")
    dialog.save_button.click()
    assert "chỗ điền không hiểu được" in dialog.error_label.text()
    dialog.text_edit.setPlainText("Không có văn bản.")
    dialog.save_button.click()
    assert dialog.error_label.isHidden()
    assert dialog.state_label.text().startswith("Bản 1 của cơ quan, quantri")
    assert len(wrote) == 1
    key = str(dialog.outline_combo.currentData())
    kept = office.outlines.sheet(key)
    assert kept.words.opening == "{office} báo cáo:"
    assert kept.changed == {"reworded": 2, "left_out": 1, "moved": kept.changed["moved"]}
    monkeypatch.setattr(dialogs, "ask", lambda *_a, **_k: True)
    dialog.reset_button.click()
    assert office.outlines.sheet(key).line.version == 0
    dialog.reject()
