"""PySide6 6.12 on Python 3.11 loses a reference at every call that returns None and every emit, then aborts.

The versions are pinned below 6.12 (docs/decisions/0002-dependencies.md); this probe keeps the fault from coming back
with a later pin. On Python 3.12 and newer None and True are immortal, so it shows nothing there.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QLabel

ROUNDS = 500
SLACK = 60  # references that come and go by themselves, far below one a round


class Sender(QObject):
    """Something that emits."""

    told = Signal(int)


def _lost(what: object, action: Callable[[], object]) -> int:
    for _ in range(20):  # what is made lazily is made now
        action()
    before = sys.getrefcount(what)
    for _ in range(ROUNDS):
        action()
    return abs(sys.getrefcount(what) - before)


@pytest.mark.parametrize("name", ["setText", "update", "processEvents", "property", "setInterval"])
def test_calls_that_return_none_keep_their_references(qapp: QApplication, name: str) -> None:
    label, timer = QLabel(), QTimer()
    actions: dict[str, Callable[[], object]] = {
        "setText": lambda: label.setText("Ủy ban"),
        "update": lambda: label.update(),
        "processEvents": lambda: QCoreApplication.processEvents(),
        "property": lambda: label.property("not_set"),
        "setInterval": lambda: timer.setInterval(5),
    }
    assert qapp is not None
    assert actions[name]() is None
    assert _lost(None, actions[name]) < SLACK


def test_emitting_keeps_its_references(qapp: QApplication) -> None:
    sender = Sender()
    heard: list[int] = []
    sender.told.connect(heard.append)
    assert qapp is not None
    assert _lost(True, lambda: sender.told.emit(1)) < SLACK
    assert _lost(None, lambda: sender.told.emit(1)) < SLACK
    assert heard
