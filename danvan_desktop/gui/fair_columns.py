"""Columns of a table whose wished widths do not all fit: what is left over must still be read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractItemView, QHeaderView

_PADDING = 14  # of a head, both sides
_SHARE = 5  # the column that takes the rest has at least one part in five


class FairColumns(QObject):
    """Gives ``header`` the ``widths`` wished for (pixels; 0: the column takes what is left).

    Where too little would be left, the others give way, down to the width of their heads; the first, a code or a time,
    and those with a negative width do not. A width the officer has drawn stays until the room changes.
    """

    def __init__(self, view: QAbstractItemView, header: QHeaderView, widths: Sequence[int]) -> None:
        super().__init__(view)
        self._view, self._header, self._widths = view, header, tuple(abs(width) for width in widths)
        self._kept = {0, *(at for at, width in enumerate(widths) if width < 0)}
        self._room = 0
        header.setStretchLastSection(False)
        for column, width in enumerate(self._widths):
            if width:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
                header.resizeSection(column, width)
            else:
                header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        view.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self._view.viewport().width() != self._room:
            self._room = self._view.viewport().width()
            self._share()
        return super().eventFilter(watched, event)

    def _share(self) -> None:
        header = self._header
        shown = [at for at, width in enumerate(self._widths) if width and not header.isSectionHidden(at)]
        rest = self._room // _SHARE
        missing = sum(self._widths[at] for at in shown) + rest - self._room
        spare = {at: max(0, self._widths[at] - self._least(at)) for at in shown}
        total = sum(spare.values())
        for at in shown:
            less = spare[at] * min(missing, total) // total if missing > 0 and total else 0
            header.resizeSection(at, self._widths[at] - less)

    def _least(self, at: int) -> int:
        if at in self._kept:
            return self._widths[at]
        text = str(self._header.model().headerData(at, Qt.Orientation.Horizontal) or "")
        font = self._header.font()
        font.setBold(True)
        return QFontMetrics(font).horizontalAdvance(text) + _PADDING
