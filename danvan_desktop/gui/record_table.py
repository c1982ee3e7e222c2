"""The table of a list of records: letters typed on it go to the search box, columns share the width."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTabBar, QTableView, QWidget

from .loader import register_widget
from .records_model import Column

_WIDE = 150  # columns at least this wide give and take what is left of the width
_NARROWEST = 96
_AROUND_TITLE = 30  # padding and the mark of the order
_MOST_LINES = 3
register_widget(QTabBar)  # Designer has no plain tab bar of its own


@register_widget
class RecordTable(QTableView):
    """Rows are chosen whole. ``typed(text)``: a letter meant for the search box (a search through 100,000 rows of a
    model that fetches by windows would find nothing)."""

    typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().lineSpacing() + 10)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        wrapped = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        header.setDefaultAlignment(Qt.AlignmentFlag(int(wrapped)))
        header.setSectionsClickable(True)
        header.setTextElideMode(Qt.TextElideMode.ElideNone)  # long titles stand on two lines, whole
        self._widths: list[int] = []
        self._least: list[int] = []
        self._titles: list[str] = []

    def keyboardSearch(self, search: str) -> None:
        self.typed.emit(search)

    def lay_out(self, columns: Sequence[Column[Any]]) -> None:
        """Give every column its width; what is left goes to the wide ones."""
        metrics = self._title_metrics()
        self._widths = [
            max(column.width, metrics.horizontalAdvance(column.title) + 34 if column.width < _WIDE else 0)
            for column in columns
        ]
        self._least = [max(column.least, _NARROWEST) for column in columns]
        self._titles = [column.title for column in columns]
        self._share()

    def _share(self) -> None:
        room = self.viewport().width() - sum(self._widths)
        wide = [at for at, width in enumerate(self._widths) if width >= _WIDE]
        whole = sum(self._widths[at] for at in wide) or 1
        for at, width in enumerate(self._widths):  # in proportion, so that long texts keep more than short ones
            share = room * width // whole if at in wide else 0
            self.setColumnWidth(at, max(width + share, self._least[at]) if at in wide else width)
        self._raise_header()

    def _title_metrics(self) -> QFontMetrics:
        font = QFont(self.horizontalHeader().font())
        font.setBold(True)  # as the style sheet draws titles
        return QFontMetrics(font)

    def _raise_header(self) -> None:
        """As high as the title with the most lines needs."""
        header = self.horizontalHeader()
        metrics = self._title_metrics()
        lines = 1
        for at, title in enumerate(self._titles):
            room = QRect(0, 0, max(self.columnWidth(at) - _AROUND_TITLE, 20), 10_000)
            needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap.value, title).height()
            lines = max(lines, round(needed / metrics.lineSpacing()))
        header.setFixedHeight(min(lines, _MOST_LINES) * metrics.lineSpacing() + 14)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._widths and event.size().width() != event.oldSize().width():
            self._share()
