"""The list of what has to be looked at again: a line each, with its severity in words; Enter jumps there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from . import theme
from .form_context import ProblemLike

_ROWS = 4  # more are scrolled to


class ProblemList(QListWidget):
    """``jump(field, row, column)`` when one is chosen; row and column are empty unless it is about a cell."""

    jump = Signal(str, str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemList")
        self.setAccessibleName("Danh sách chỗ cần xem lại")
        self.itemActivated.connect(self._chosen)
        self.itemClicked.connect(self._chosen)
        self.hide()

    def set_problems(self, problems: Sequence[ProblemLike], titles: Mapping[str, str]) -> None:
        """Show ``problems``; ``titles`` names their fields."""
        self.clear()
        for item in problems:
            title = titles.get(item.field, "")
            word = theme.SEVERITY_WORDS[item.severity]
            entry = QListWidgetItem(f"{word} – {title}: {item.message}" if title else f"{word} – {item.message}")
            entry.setForeground(QColor(theme.SEVERITY_COLOURS[item.severity][0]))
            entry.setData(Qt.ItemDataRole.UserRole, (item.field, item.row or "", item.column or ""))
            entry.setToolTip(entry.text())
            self.addItem(entry)
        self.setFixedHeight(min(len(problems), _ROWS) * max(self.sizeHintForRow(0), 16) + 6)

    def next(self) -> None:
        """Jump to the next one."""
        if self.count():
            self.setCurrentRow((self.currentRow() + 1) % self.count())
            self._chosen(self.currentItem())

    def _chosen(self, item: QListWidgetItem) -> None:
        self.jump.emit(*item.data(Qt.ItemDataRole.UserRole))
