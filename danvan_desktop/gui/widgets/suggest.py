"""A line that suggests while one types, accents not needed; everything by keyboard.

The list is a child of the window and never takes the focus, so that input methods (Telex) keep their line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QWidget
from shiboken6 import isValid

from ...catalog.model import Choice
from .. import theme

Deliver = Callable[[Sequence[Choice]], None]
Search = Callable[[str, Deliver], None]
"""Asks for the choices that fit a text; the answer may come later, on the GUI thread."""

_ROWS = 9
_KEY = Qt.ItemDataRole.UserRole


class SuggestEdit(QLineEdit):
    """``picked(key)`` when a suggestion is taken. With ``several`` the text is a list with ``;`` between."""

    picked = Signal(str)

    def __init__(
        self, search: Search, parent: QWidget | None = None, *, several: bool = False, icon: str = "down"
    ) -> None:
        super().__init__(parent)
        self._search = search
        self._several = several
        self._asked = 0
        self._list: QListWidget | None = None
        self._action = QAction(theme.icon(icon), "Mở danh sách (F4)", self)
        self._action.triggered.connect(self.toggle)
        self.addAction(self._action, QLineEdit.ActionPosition.TrailingPosition)
        self.textEdited.connect(self._typed)
        self._delay = QTimer(self)
        self._delay.setSingleShot(True)
        self._delay.setInterval(0)
        self._delay.timeout.connect(lambda: self._ask(self._needle()))

    def set_search_delay(self, milliseconds: int) -> None:
        """Wait this long after the last key before searching (searches that ask the database)."""
        self._delay.setInterval(milliseconds)

    @property
    def popup_open(self) -> bool:
        return self._list is not None and self._list.isVisible()

    def suggestions(self) -> list[str]:
        """The titles on offer now, for tests and screen readers."""
        if not self.popup_open or self._list is None:
            return []
        return [self._list.item(row).text() for row in range(self._list.count())]

    def toggle(self) -> None:
        """Open the whole list, or close it."""
        if self.isReadOnly():
            return
        if self.popup_open:
            self.close_popup()
        else:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._ask("")

    def close_popup(self) -> None:
        self._asked += 1  # answers still on their way are no longer wanted
        self._delay.stop()
        if self._list is not None:
            self._list.hide()

    def take(self) -> bool:
        """Take the marked suggestion, if the list is open; whether one was taken."""
        if self._delay.isActive() and self._delay.interval() == 0:
            self._delay.stop()
            self._ask(self._needle())
        if not self.popup_open or self._list is None or self._list.currentRow() < 0:
            return False
        self._pick(self._list.currentItem())
        return True

    def _needle(self) -> str:
        return self.text().rsplit(";", 1)[-1] if self._several else self.text()

    def _typed(self, _text: str) -> None:
        if self._needle().strip():
            self._delay.start()
        else:
            self.close_popup()

    def _ask(self, text: str) -> None:
        self._asked += 1
        number = self._asked

        def deliver(choices: Sequence[Choice]) -> None:
            if number == self._asked and isValid(self):
                self._show(choices)

        self._search(text.strip(), deliver)

    def _show(self, choices: Sequence[Choice]) -> None:
        if not choices or not self.hasFocus():
            if self._list is not None:
                self._list.hide()
            return
        box = self._box()
        box.clear()
        for choice in choices[:500]:
            item = QListWidgetItem(f"{choice.title} – {choice.note}" if choice.note else choice.title)
            item.setData(_KEY, choice.key)
            item.setData(_KEY + 1, choice.title)
            box.addItem(item)
        box.setCurrentRow(0)
        self._place(box)
        box.show()
        box.raise_()

    def _box(self) -> QListWidget:
        window = self.window()
        if self._list is None or self._list.parent() is not window:
            box = QListWidget(window)
            box.setObjectName("suggestions")
            box.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            box.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            box.setTextElideMode(Qt.TextElideMode.ElideRight)
            box.setUniformItemSizes(True)
            box.setAccessibleName("Gợi ý")
            box.itemClicked.connect(self._pick)
            box.hide()
            self._list = box
            self.destroyed.connect(box.deleteLater)
        return self._list

    def _place(self, box: QListWidget) -> None:
        window = self.window()
        row_height = max(box.sizeHintForRow(0), 22)
        height = row_height * min(box.count(), _ROWS) + 2 * box.frameWidth() + 2
        top_left = self.mapTo(window, QPoint(0, self.height()))
        width = max(self.width(), min(box.sizeHintForColumn(0) + 34, 520))
        width = min(width, window.width() - 8)
        left = max(4, min(top_left.x(), window.width() - width - 4))
        below = window.height() - top_left.y()
        above = self.mapTo(window, QPoint(0, 0)).y()
        if below >= height or below >= above:
            box.setGeometry(QRect(left, top_left.y(), width, min(height, below)))
        else:
            box.setGeometry(QRect(left, max(0, above - height), width, min(height, above)))

    def _pick(self, item: QListWidgetItem) -> None:
        title = str(item.data(_KEY + 1))
        if self._several:
            earlier = [part.strip() for part in self.text().split(";")[:-1] if part.strip()]
            if title not in earlier:
                earlier.append(title)
            self.setText("; ".join(earlier) + "; ")
        else:
            self.setText(title)
        self.close_popup()
        self.picked.emit(str(item.data(_KEY)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_F4 or (
            key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self.toggle()
        elif self.popup_open and self._list is not None and key in _STEPS:
            row = self._list.currentRow() + _STEPS[key]
            self._list.setCurrentRow(max(0, min(row, self._list.count() - 1)))
        elif key == Qt.Key.Key_Down and not self.isReadOnly():
            self._ask(self._needle() if self.isModified() else "")
        elif key == Qt.Key.Key_Escape and self.popup_open:
            self.close_popup()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self.popup_open
        ):
            event.accept()  # Escape closes the list, not the dialog around it
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.close_popup()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        self.selectAll()

    def hideEvent(self, event: QHideEvent) -> None:
        self.close_popup()
        super().hideEvent(event)


_STEPS: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS, Qt.Key.Key_PageUp: -_ROWS}


def search_in(matches: Callable[[str], Sequence[Choice]]) -> Search:
    """A search over a list at hand."""

    def search(text: str, deliver: Deliver) -> None:
        deliver(matches(text))

    return search
