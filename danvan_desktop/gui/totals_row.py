"""The line under a list with the sums of its number columns, each under its own column."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QTableView, QWidget

from .loader import register_widget

_MARGIN = 6


@register_widget
class TotalsRow(QWidget):
    """Follows the columns of a table; hidden while there is nothing to add up."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table: QTableView | None = None
        self._texts: dict[int, str] = {}
        self._label = ""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def attach(self, table: QTableView) -> None:
        """The table whose columns the sums stand under."""
        self._table = table
        header = table.horizontalHeader()
        header.sectionResized.connect(lambda *_sizes: self.update())
        header.geometriesChanged.connect(self.update)
        table.horizontalScrollBar().valueChanged.connect(lambda _at: self.update())

    def set_totals(self, label: str, texts: Mapping[int, str]) -> None:
        """``label`` stands at the left; ``texts`` by column. No texts: the line goes away."""
        self._label, self._texts = label, dict(texts)
        whole = "; ".join([label, *(f"{self._title(at)}: {text}" for at, text in self._texts.items())])
        self.setToolTip(whole)
        self.setAccessibleName(whole if texts else "")
        self.setVisible(bool(texts))
        self.update()

    @property
    def texts(self) -> Mapping[int, str]:
        """What stands under each column."""
        return self._texts

    def _title(self, column: int) -> str:
        model = self._table.model() if self._table is not None else None
        return str(model.headerData(column, Qt.Orientation.Horizontal)) if model is not None else ""

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().lineSpacing() + 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        table = self._table
        if table is None:
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.AlternateBase))
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawLine(0, 0, self.width(), 0)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        shift = table.viewport().x() + table.frameWidth()
        edges = [table.columnViewportPosition(at) for at in sorted(self._texts)]
        room = (min(edges) + shift if edges else self.width()) - 2 * _MARGIN
        metrics = painter.fontMetrics()
        middle = Qt.AlignmentFlag.AlignVCenter
        if room > 0:
            label = metrics.elidedText(self._label, Qt.TextElideMode.ElideRight, room)
            painter.drawText(_MARGIN, 0, room, self.height(), int(middle | Qt.AlignmentFlag.AlignLeft), label)
        for at, text in self._texts.items():
            left, width = table.columnViewportPosition(at) + shift, table.columnWidth(at)
            wanted = max(width, metrics.horizontalAdvance(text) + _MARGIN)  # a long sum reaches to the left
            painter.drawText(
                left + width - wanted, 0, wanted - _MARGIN, self.height(),
                int(middle | Qt.AlignmentFlag.AlignRight), text,
            )  # fmt: skip
