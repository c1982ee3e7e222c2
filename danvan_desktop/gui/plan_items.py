"""Lists whose items are corrected in a form beside them: tasks, bodies, reporting duties, sections of a plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ..kernel.text import squeeze
from .row_table import whole_rows
from .widgets import NullableDateEdit

Item = dict[str, Any]
W = TypeVar("W", bound=QWidget)
Editor = QLineEdit | QPlainTextEdit | QComboBox | NullableDateEdit


def lines_of(text: str) -> list[str]:
    """The lines of a text box that holds one thing a line; empty lines count for nothing."""
    return [line for line in squeeze(text).split("\n") if line]


class Field:
    """One key of an item and its widget. ``path``: ``("due", "day")`` for a key inside another."""

    def __init__(self, widget: Editor, *path: str, kind: str = "text") -> None:
        """``kind``: text, whole (an integer), lines (a list of texts, one a line; ``paragraphs`` shows
        them with an empty line between), choice (the combo's data), date."""
        self.widget = widget
        self.path = path
        self.kind = kind

    def on_edit(self, slot: Callable[[], None]) -> None:
        widget = self.widget
        if isinstance(widget, QLineEdit):
            widget.textEdited.connect(lambda _text: slot())
        elif isinstance(widget, QPlainTextEdit):
            widget.textChanged.connect(slot)
        elif isinstance(widget, QComboBox):
            widget.activated.connect(lambda _row: slot())
        else:
            widget.edited.connect(slot)

    def show(self, item: Item | None) -> None:
        """Show the item's value; sends no edit."""
        value: Any = item
        for key in self.path:
            value = value.get(key) if isinstance(value, dict) else None
        widget = self.widget
        blocked = QSignalBlocker(widget)
        if isinstance(widget, QComboBox):
            widget.setCurrentIndex(widget.findData(value))
        elif isinstance(widget, NullableDateEdit):
            widget.set_value(value)
        elif isinstance(widget, QPlainTextEdit):
            gap = "\n\n" if self.kind == "paragraphs" else "\n"
            widget.setPlainText(gap.join(value) if isinstance(value, list) else str(value or ""))
        else:
            widget.setText("" if value is None else str(value))
            widget.setCursorPosition(0)
        blocked.unblock()

    def take(self, item: Item) -> None:
        """Put what the widget holds into the item; what is no number is kept out."""
        widget = self.widget
        value: Any
        if isinstance(widget, QComboBox):
            value = widget.currentData()
        elif isinstance(widget, NullableDateEdit):
            value = widget.value()
        elif self.kind in ("lines", "paragraphs") and isinstance(widget, QPlainTextEdit):
            value = lines_of(widget.toPlainText())
        elif self.kind == "whole" and isinstance(widget, QLineEdit):
            text = widget.text().strip()
            value = int(text) if text.isdecimal() else None
        else:
            text = widget.toPlainText() if isinstance(widget, QPlainTextEdit) else widget.text()
            value = squeeze(text) or None
        target = item
        for key in self.path[:-1]:
            target = target.setdefault(key, {})
        target[self.path[-1]] = value

    def enable(self, on: bool) -> None:
        self.widget.setEnabled(on)


class ItemsTab(QObject):
    """A table of items with buttons to add, remove and move, and the form of the chosen one."""

    edited = Signal()
    chosen = Signal()

    def __init__(
        self,
        page: QWidget,
        key: str,
        columns: Sequence[tuple[str, Callable[[Item], str]]],
        fields: Sequence[Field],
        new_item: Callable[[], Item],
        may_remove: Callable[[Item], bool] = lambda _item: True,
        *,
        even: bool = False,
    ) -> None:
        """``key``: the widgets of ``page`` are called ``<key>_table``, ``<key>_add``, ... and ``<key>_form``.

        ``even``: columns share the width; else the last one takes what the others leave.
        """
        super().__init__(page)
        self.items: list[Item] = []
        self.columns = tuple(columns)
        self.fields = tuple(fields)
        self._new_item = new_item
        self._may_remove = may_remove
        self.table = _part(page, QTableWidget, f"{key}_table")
        self.form = _part(page, QWidget, f"{key}_form")
        self.add_button = _part(page, QPushButton, f"{key}_add")
        self.remove_button = _part(page, QPushButton, f"{key}_remove")
        self.up_button = _part(page, QPushButton, f"{key}_up")
        self.down_button = _part(page, QPushButton, f"{key}_down")
        table = self.table
        table.setColumnCount(len(self.columns))
        table.setHorizontalHeaderLabels([title for title, _text in self.columns])
        table.setWordWrap(False)
        whole_rows(table)
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setMinimumSectionSize(70)
        header.setMaximumSectionSize(400)
        for column in range(len(self.columns) - 1):
            if even:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(True)
        table.currentCellChanged.connect(lambda *_cells: self._show())
        self.add_button.clicked.connect(self.add)
        self.remove_button.clicked.connect(self.remove)
        self.up_button.clicked.connect(lambda: self.move(-1))
        self.down_button.clicked.connect(lambda: self.move(1))
        for field in self.fields:
            field.on_edit(partial(self._edited, field))
        self._show()

    @property
    def current(self) -> Item | None:
        row = self.table.currentRow()
        return self.items[row] if 0 <= row < len(self.items) else None

    def load(self, items: list[Item]) -> None:
        """Show ``items``; they are edited in place."""
        self.items = items
        self._fill(0)

    def reload(self) -> None:
        """The items were changed elsewhere."""
        self._fill(self.table.currentRow())

    def add(self) -> None:
        """A new item after the chosen one, ready to be typed."""
        row = self.table.currentRow() + 1 if self.items else 0
        self.items.insert(row, self._new_item())
        self._fill(row)
        self.edited.emit()
        self.fields[0].widget.setFocus()

    def remove(self) -> None:
        item, row = self.current, self.table.currentRow()
        if item is not None and self._may_remove(item):
            del self.items[row]
            self._fill(row)
            self.edited.emit()
            self.table.setFocus()

    def move(self, by: int) -> None:
        """Move the chosen item up or down."""
        row = self.table.currentRow()
        if self.current is not None and 0 <= row + by < len(self.items):
            self.items[row], self.items[row + by] = self.items[row + by], self.items[row]
            self._fill(row + by)
            self.edited.emit()

    def _fill(self, row: int) -> None:
        table = self.table
        blocked = QSignalBlocker(table)
        table.setRowCount(len(self.items))
        for number in range(len(self.items)):
            self._fill_row(number)
        table.setCurrentCell(max(0, min(row, len(self.items) - 1)) if self.items else -1, 0)
        blocked.unblock()
        self._show()

    def _fill_row(self, number: int) -> None:
        for column, (_title, text) in enumerate(self.columns):
            words = text(self.items[number])
            cell = QTableWidgetItem(words.replace("\n", " "))
            cell.setToolTip(words)
            self.table.setItem(number, column, cell)

    def _show(self) -> None:
        item, row = self.current, self.table.currentRow()
        self.form.setEnabled(item is not None)
        for field in self.fields:
            field.show(item)
        self.remove_button.setEnabled(item is not None)
        self.up_button.setEnabled(item is not None and row > 0)
        self.down_button.setEnabled(item is not None and row < len(self.items) - 1)
        self.chosen.emit()

    def _edited(self, field: Field) -> None:
        item = self.current
        if item is not None:
            field.take(item)
            self.edited.emit()
            self._fill_row(self.table.currentRow())
            self.chosen.emit()


def _part(page: QWidget, kind: type[W], name: str) -> W:
    found = page.findChild(kind, name)
    if found is None:
        raise LookupError(f"{type(page).__name__} has no {name}")
    return found
