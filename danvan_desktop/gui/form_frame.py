"""The frame of a record form: its problems above, its sections in a scroll area, the line of help below."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from .form_layout import NARROW, FieldCell, SectionBox
from .problem_list import ProblemList
from .widgets import FieldWidget

_AROUND = 12  # pixels kept free around the field that is brought into view


class FormFrame(QWidget):
    """Sections are added to ``body``, then :meth:`finish` closes the frame."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        self.problem_list = ProblemList(self)
        outer.addWidget(self.problem_list)
        self.scroll_area = QScrollArea(self)
        self.scroll_area.setObjectName("formScroll")
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body = QWidget(self.scroll_area)
        self.body.setObjectName("formBody")
        self._column = QVBoxLayout(self.body)
        self._column.setContentsMargins(2, 2, 8, 2)
        self._column.setSpacing(8)
        self._sections: list[SectionBox] = []
        outer.addWidget(self.scroll_area, 1)
        self.help_bar = QLabel("", self)
        self.help_bar.setObjectName("helpBar")
        self.help_bar.setTextFormat(Qt.TextFormat.PlainText)
        self.help_bar.setMinimumWidth(10)
        outer.addWidget(self.help_bar)

    def add_section(self, title: str, cells: Sequence[FieldCell]) -> None:
        """A section below the others."""
        box = SectionBox(title, cells, self.body)
        self._sections.append(box)
        self._column.addWidget(box)

    def finish(self, widgets: Iterable[FieldWidget]) -> None:
        """All sections are there; Tab goes through ``widgets`` in their order."""
        self._column.addStretch(1)
        self.scroll_area.setWidget(self.body)
        parts = [part for widget in widgets for part in widget.focus_parts]
        for first, second in pairwise(parts):
            QWidget.setTabOrder(first, second)

    def bring_into_view(self, cell: FieldCell) -> None:
        """Scroll until the whole field is seen with its label, or its top where it is higher than the view."""
        port = self.scroll_area.viewport()
        at = QRect(cell.mapTo(self.body, QPoint(0, 0)), cell.size()).adjusted(0, -_AROUND, 0, _AROUND)
        bar = self.scroll_area.verticalScrollBar()
        top, height = bar.value(), port.height()
        if at.top() < top or at.height() > height:
            bar.setValue(at.top())
        elif at.bottom() > top + height:
            bar.setValue(at.bottom() - height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = event.size().width() < NARROW
        for section in self._sections:
            section.flow(narrow)
