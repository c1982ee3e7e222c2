"""The outline of a report: its sections with their marks, and how each stands in a word."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from ..services import report_desk
from ..services.report_desk import OpenReport, Sheet
from . import theme
from .loader import register_widget

_KEY = Qt.ItemDataRole.UserRole


@register_widget
class ReportOutline(QTreeWidget):
    """``section_chosen(key)`` when the officer goes to another section."""

    section_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape: list[tuple[str, int, str, str]] = []
        self.currentItemChanged.connect(self._changed)

    def show_report(self, report: OpenReport | None) -> None:
        """Show the sections of ``report``; where they are the same as before only their words change."""
        sheets = report.sheets if report is not None else ()
        shape = [(sheet.key, sheet.level, sheet.mark, sheet.title) for sheet in sheets]
        if shape != self._shape:
            self._shape = shape
            self._build(sheets)
        if report is None:
            return
        errors = report_desk.problem_counts(report)
        for item, sheet in zip(self._items(), sheets, strict=True):
            word, colour = _state_of(sheet, errors[sheet.key], live=report.view.draft is not None)
            item.setText(1, word)
            item.setForeground(1, QColor(colour))
            item.setToolTip(0, item.text(0) + (f" ({word})" if word else ""))

    def _build(self, sheets: tuple[Sheet, ...]) -> None:
        blocked = self.blockSignals(True)
        self.clear()
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(8)
        header.setSectionResizeMode(0, header.ResizeMode.Stretch)
        header.setSectionResizeMode(1, header.ResizeMode.ResizeToContents)
        parents: dict[int, QTreeWidgetItem] = {}
        for sheet in sheets:
            above = parents.get(sheet.level - 1)
            item = QTreeWidgetItem(above if above is not None else self)
            for level in [level for level in parents if level > sheet.level]:
                del parents[level]
            parents[sheet.level] = item
            item.setText(0, f"{sheet.mark} {sheet.title}".strip())
            item.setData(0, _KEY, sheet.key)
        self.expandAll()
        self.blockSignals(blocked)

    @property
    def keys(self) -> list[str]:
        """Keys of the sections in reading order."""
        return [key for key, _level, _mark, _title in self._shape]

    def word(self, key: str) -> str:
        """The word that stands beside a section."""
        return self._items()[self.keys.index(key)].text(1)

    def choose(self, key: str) -> None:
        """Mark a section as the one on the desk, without telling."""
        blocked = self.blockSignals(True)
        self.setCurrentItem(self._items()[self.keys.index(key)])
        self.blockSignals(blocked)
        self.viewport().update()

    def step(self, by: int) -> None:
        """Go ``by`` sections on."""
        items, current = self._items(), self.currentItem()
        if current is not None and 0 <= items.index(current) + by < len(items):
            self.setCurrentItem(items[items.index(current) + by])

    def _items(self) -> list[QTreeWidgetItem]:
        found: list[QTreeWidgetItem] = []

        def walk(item: QTreeWidgetItem) -> None:
            found.append(item)
            for index in range(item.childCount()):
                below = item.child(index)
                if below is not None:
                    walk(below)

        for index in range(self.topLevelItemCount()):
            top = self.topLevelItem(index)
            if top is not None:
                walk(top)
        return found

    def _changed(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.section_chosen.emit(str(item.data(0, _KEY)))


def _state_of(sheet: Sheet, errors: int, *, live: bool) -> tuple[str, str]:
    """The word beside a section of a draft, and its colour."""
    if not live:
        return "", theme.COLOURS.soft_ink
    if sheet.needs_writing:
        return "cần viết", theme.COLOURS.danger
    if sheet.needs_review:
        return "cần soát", theme.COLOURS.warn
    if errors:
        return f"{errors} lỗi", theme.COLOURS.danger
    return ("đã sửa" if sheet.edited else ""), theme.COLOURS.soft_ink
