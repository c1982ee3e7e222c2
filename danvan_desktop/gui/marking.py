"""Marks the words that a search found, in the cells of a table."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ..kernel.text import marks

_PAPER, _INK = QColor("#ffe58a"), QColor("#1d1d1d")


class MarkingDelegate(QStyledItemDelegate):
    """Draws one line of text; the beginnings of words that match ``query`` stand on a coloured ground."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.query = ""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        found = marks(str(index.data() or ""), self.query) if self.query else []
        if not found:
            super().paint(painter, option, index)
            return
        drawn = QStyleOptionViewItem(option)
        self.initStyleOption(drawn, index)
        text, drawn.text = drawn.text, ""
        style = QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, drawn, painter, drawn.widget)
        room = style.subElementRect(QStyle.SubElement.SE_ItemViewItemText, drawn, drawn.widget)
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, drawn.widget) + 1
        room.adjust(margin, 0, -margin, 0)
        metrics = QFontMetrics(drawn.font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        painter.save()
        painter.setClipRect(room)
        painter.setFont(drawn.font)
        selected = bool(drawn.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setPen(drawn.palette.color(role))
        middle = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(room, middle, shown)
        painter.setPen(_INK)  # over the mark: light letters of a chosen row would not be read on it
        for start, length in found:
            if start + length > len(shown):
                break
            left, right = (room.left() + metrics.horizontalAdvance(shown[:end]) for end in (start, start + length))
            mark = QRect(left, room.center().y() - metrics.height() // 2, right - left, metrics.height())
            painter.setClipRect(mark & room)
            painter.fillRect(mark, _PAPER)
            painter.drawText(room, middle, shown)
        painter.restore()
