"""Buttons and labels that know what to do where there is little room: nothing is cut off in the middle of a letter.

The loader puts them in the place of every plain button and label of a Designer file.
"""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPaintEvent
from PySide6.QtWidgets import (
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QStyle,
    QStyleOptionButton,
    QStyleOptionFrame,
    QStylePainter,
    QToolTip,
    QWidget,
)

from ..loader import register_widget

_KEY_HINT = re.compile(r"\s*\((?:(?:Ctrl|Alt|Shift)\+.+|F\d+|Enter|Delete|Insert|Esc)\)$")


@register_widget
class FitButton(QPushButton):
    """A button whose words may end in its key (``Lưu (Ctrl+S)``): in a narrow place the key is left to the tip."""

    def short_text(self) -> str:
        """The words without the key."""
        return _KEY_HINT.sub("", self.text())

    def _less(self) -> int:
        advance = self.fontMetrics().horizontalAdvance
        return advance(self.text().replace("&", "")) - advance(self.short_text().replace("&", ""))

    def minimumSizeHint(self) -> QSize:
        """As wide as the words without the key need."""
        hint = super().sizeHint()
        return QSize(hint.width() - self._less(), hint.height())

    def shortened(self) -> bool:
        """Whether the key is left out now."""
        return self.short_text() != self.text() and self.width() < super().sizeHint().width()

    def paintEvent(self, event: QPaintEvent) -> None:
        """As any button, with the words that fit."""
        if not self.shortened():
            super().paintEvent(event)
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = self.short_text()
        QStylePainter(self).drawControl(QStyle.ControlElement.CE_PushButton, option)

    def event(self, event: QEvent) -> bool:
        """The tip of a shortened button begins with its whole words."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.shortened():
            whole = self.text().replace("&", "")
            QToolTip.showText(event.globalPos(), f"{whole}: {self.toolTip()}" if self.toolTip() else whole, self)
            return True
        return super().event(event)


@register_widget
class FitLabel(QLabel):
    """A label; one line that its place is too narrow for ends in "…" and shows the whole as a tip."""

    def _cut(self) -> bool:
        plain = self.textFormat() == Qt.TextFormat.PlainText or "<" not in self.text()
        return plain and not self.wordWrap() and bool(self.text()) and self.width() < super().sizeHint().width()

    def minimumSizeHint(self) -> QSize:
        """A label that may shrink (size policy Ignored) asks for no width."""
        hint = super().minimumSizeHint()
        if self.sizePolicy().horizontalPolicy() == QSizePolicy.Policy.Ignored and not self.wordWrap():
            return QSize(0, hint.height())
        return hint

    def paintEvent(self, event: QPaintEvent) -> None:
        """As any label, with "…" at the end where the text does not fit."""
        if not self._cut():
            super().paintEvent(event)
            return
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_ShapedFrame, option)
        room: QRect = self.contentsRect().adjusted(self.margin(), 0, -self.margin(), 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        flags = int(self.alignment() | Qt.TextFlag.TextSingleLine) & ~int(Qt.AlignmentFlag.AlignRight.value)
        painter.setFont(self.font())
        painter.drawItemText(
            room, flags, self.palette(), self.isEnabled(), text, self.foregroundRole()
        )  # fmt: skip

    def event(self, event: QEvent) -> bool:
        """The tip of a cut label is its whole text, where it has no other."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and not self.toolTip() and self._cut():
            QToolTip.showText(event.globalPos(), self.text(), self)
            return True
        return super().event(event)


@register_widget
class PageStack(QStackedWidget):
    """Pages of which only the one on screen says how much room is needed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _at: self.updateGeometry())

    def sizeHint(self) -> QSize:
        """Of the page on screen."""
        page = self.currentWidget()
        return page.sizeHint().expandedTo(page.minimumSize()) if page is not None else super().sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Of the page on screen."""
        page = self.currentWidget()
        return page.minimumSizeHint().expandedTo(page.minimumSize()) if page is not None else super().minimumSizeHint()
