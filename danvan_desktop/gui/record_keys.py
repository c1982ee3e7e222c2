"""The keys of a list of records: between the search box and the table, and the shortcuts of the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QWidget

from .record_table import RecordTable


class RecordKeys(QObject):
    """Down or Enter in the search box goes to the table, a letter typed on the table goes to the search box."""

    def __init__(self, search: QLineEdit, table: RecordTable, search_now: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._search, self._table, self._search_now = search, table, search_now
        search.installEventFilter(self)
        search.returnPressed.connect(self.into_table)
        table.typed.connect(self._typed)

    def focus_search(self) -> None:
        """Into the search box, ready to type over what stands there."""
        self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search.selectAll()

    def into_table(self) -> None:
        """Into the table, on a row."""
        self._search_now()
        if not self._table.currentIndex().isValid() and self._table.model().rowCount():
            self._table.selectRow(0)
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _typed(self, text: str) -> None:
        if text.strip():
            self._search.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self._search.setText(text)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.into_table()
                return True
            if event.key() == Qt.Key.Key_Escape and self._search.text():
                self._search.clear()
                return True
        return super().eventFilter(watched, event)


def shortcuts(
    widget: QWidget,
    keys: Sequence[tuple[str, Callable[[], object]]],
    context: Qt.ShortcutContext = Qt.ShortcutContext.WidgetWithChildrenShortcut,
) -> None:
    """Keys that act while the focus is in ``widget`` (or, by ``context``, on it alone)."""
    for sequence, slot in keys:
        shortcut = QShortcut(QKeySequence(sequence), widget)
        shortcut.setContext(context)
        shortcut.activated.connect(slot)
