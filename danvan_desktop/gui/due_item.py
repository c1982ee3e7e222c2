"""The table of things due: a model over frozen entries, so that thousands open as fast as ten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from ..services.due import SOON_DAYS, DueEntry
from . import theme
from .due_words import due_words, left_words
from .loader import register_widget

ENTRY = Qt.ItemDataRole.UserRole
_COLUMNS = ("Việc", "Hạn", "Trạng thái", "Thời gian còn lại")
_CELL_PADDING = 18  # left and right, by the style sheet and the style
_PRECISION = 60  # rows looked at for the width of a column
_FITTED = 200  # rows fitted to their words; those far below have two lines in any case
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


class DueItem(QStyledItemDelegate):
    """Overdue stays red in the chosen row too; a long title takes two lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        hint = super().sizeHint(option, index)
        room = option.rect.width() - _CELL_PADDING
        metrics = QFontMetrics(option.font)
        if index.column() == 0 and 0 < room < metrics.horizontalAdvance(str(index.data() or "")):
            hint.setHeight(max(hint.height(), 2 * metrics.lineSpacing() + _CELL_PADDING))
        return hint

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        super().initStyleOption(option, index)
        colour = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(colour, QBrush):
            option.palette.setBrush(QPalette.ColorRole.HighlightedText, colour)


class DueModel(QAbstractTableModel):
    """Title, last day, state, time left of each entry."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: tuple[DueEntry, ...] = ()
        self._bold = QFont(parent.font())
        self._bold.setBold(True)

    def show(self, entries: Sequence[DueEntry]) -> None:
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.entries)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(_COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return (entry.title, due_words(entry), entry.state_title, left_words(entry))[index.column()]
            case Qt.ItemDataRole.ToolTipRole:
                return entry.title
            case Qt.ItemDataRole.UserRole:
                return entry
            case Qt.ItemDataRole.ForegroundRole:
                return _colour(entry)
            case Qt.ItemDataRole.FontRole if index.column() == len(_COLUMNS) - 1 and not entry.done:
                return self._bold
        return None


def _colour(entry: DueEntry) -> QBrush | None:
    if entry.overdue:
        return QBrush(QColor(theme.COLOURS.danger))
    if entry.done:
        return QBrush(QColor(theme.COLOURS.soft_ink))
    return QBrush(QColor(theme.COLOURS.warn)) if entry.days_left <= SOON_DAYS else None


@register_widget
class DueTable(QTableView):
    """Rows are one line high, or two where the title or the day needs them; nothing is measured twice."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = DueModel(self)
        self.setModel(self._model)
        self.setItemDelegate(DueItem(self))
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setResizeContentsPrecision(_PRECISION)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, len(_COLUMNS)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self._fitting = QTimer(self)
        self._fitting.setSingleShot(True)
        self._fitting.setInterval(0)
        self._fitting.timeout.connect(self._fit)
        header.sectionResized.connect(lambda column, _old, _new: self._fitting.start() if column == 0 else None)

    def show_entries(self, entries: Sequence[DueEntry]) -> None:
        """Show ``entries``; the row that was chosen by its place stays so."""
        before = self.currentIndex().row()
        self._model.show(entries)
        self._fit()
        if entries:
            self.choose(min(max(before, 0), len(entries) - 1))

    def choose(self, row: int) -> None:
        self.setCurrentIndex(self._model.index(row, 0))

    def entry(self) -> DueEntry | None:
        """The entry of the chosen row."""
        entry = self.currentIndex().data(ENTRY)
        return entry if isinstance(entry, DueEntry) else None

    def texts(self, row: int) -> list[str]:
        """A row as the officer reads it."""
        return [str(self._model.index(row, column).data()) for column in range(len(_COLUMNS))]

    def row_count(self) -> int:
        return len(self._model.entries)

    def _fit(self) -> None:
        metrics = QFontMetrics(self.font())
        room = self.columnWidth(0) - _CELL_PADDING
        one = metrics.lineSpacing() + _CELL_PADDING * 2 // 3
        two = 2 * metrics.lineSpacing() + _CELL_PADDING  # also inside the frame of the chosen cell
        rows = self.verticalHeader()
        if rows.defaultSectionSize() != two:
            rows.setDefaultSectionSize(two)
        for row, entry in enumerate(self._model.entries[:_FITTED]):
            long = entry.last_working_day != entry.due_on or metrics.horizontalAdvance(entry.title) > room
            wanted = two if long else one
            if rows.sectionSize(row) != wanted:
                rows.resizeSection(row, wanted)
