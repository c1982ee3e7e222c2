"""Typing as a keyboard does: QTest.keyClicks aborts the process on letters outside ASCII."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


def target(widget: QWidget | None = None) -> QWidget:
    """The widget that has the keyboard (inside ``widget``'s window)."""
    focus: QWidget | None = widget.window().focusWidget() if widget is not None else QApplication.focusWidget()
    assert focus is not None, "nothing has the focus"
    return focus


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE, text: str = "") -> None:
    """One key on whatever has the focus in the window of ``widget``."""
    focus = target(widget)
    override = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers, text)
    override.ignore()
    QCoreApplication.sendEvent(focus, override)
    QCoreApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyPress, key, modifiers, text))
    QCoreApplication.sendEvent(focus, QKeyEvent(QEvent.Type.KeyRelease, key, modifiers, text))
    settle()


def write(widget: QWidget, text: str) -> None:
    """Letters one by one on whatever has the focus in the window of ``widget``."""
    for letter in text:
        QCoreApplication.sendEvent(target(widget), QKeyEvent(QEvent.Type.KeyPress, 0, NONE, letter))
    settle()


def compose(widget: QWidget, text: str) -> None:
    """A syllable committed by an input method (Telex)."""
    event = QInputMethodEvent("", [])
    event.setCommitString(text)
    QCoreApplication.sendEvent(target(widget), event)
    settle()


def settle() -> None:
    """Let queued events and zero timers run."""
    for _ in range(3):
        QCoreApplication.processEvents()


def show(widget: QWidget) -> None:
    """On screen and active, so that the focus moves as it does for an officer."""
    widget.show()
    widget.activateWindow()
    settle()
