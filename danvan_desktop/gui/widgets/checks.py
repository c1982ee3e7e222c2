"""Several of a list as check boxes, with a filter when the list is long."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ...catalog.model import Choice, Json
from ...kernel.text import fold
from ..loader import register_widget
from .base import FieldWidget, restyle

_KEY = Qt.ItemDataRole.UserRole
_FILTER_FROM = 10  # with fewer choices all are seen at once


class _CheckList(QListWidget):
    """Boxes in columns, as high as they need up to a few rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("checks", "true")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.max_rows = 5
        self._columns = 1

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        restyle(self, current="shown")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        restyle(self, current="")

    @property
    def columns(self) -> int:
        return self._columns

    def fit(self) -> None:
        """Choose the columns and the height for the width at hand."""
        metrics = self.fontMetrics()
        shown = [self.item(row) for row in range(self.count()) if not self.item(row).isHidden()]
        widest = max((metrics.horizontalAdvance(item.text()) for item in shown), default=60) + 46
        room = max(self.width() - 2 * self.frameWidth() - 20, 80)
        self._columns = max(1, min(room // widest, 4, max(1, len(shown))))
        cell = QSize(room // self._columns, metrics.lineSpacing() + 8)
        self.setGridSize(cell)
        before = self.blockSignals(True)  # a size is no change of the value
        for item in shown:
            item.setSizeHint(cell)
        self.blockSignals(before)
        lines = -(-len(shown) // self._columns)
        self.setFixedHeight(cell.height() * max(1, min(lines, self.max_rows)) + 2 * self.frameWidth() + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()


@register_widget
class MultiChoice(FieldWidget):
    """Several of a list as check boxes: arrows move, Space ticks, Enter moves on; a filter when the list is long.

    The value is the list of keys in the order of the list, None when nothing is ticked.
    """

    def __init__(self, parent: QWidget | None = None, choices: Sequence[Choice] = ()) -> None:
        super().__init__(parent)
        box = QVBoxLayout()
        box.setSpacing(2)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Lọc (không cần dấu); mũi tên xuống để chọn, phím cách để đánh dấu")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.list = _CheckList(self)
        self.list.itemChanged.connect(self._item_changed)
        self.summary = QLabel(self)
        self.summary.setProperty("role", "soft")
        box.addWidget(self.filter)
        box.addWidget(self.list)
        box.addWidget(self.summary)
        self.row.addLayout(box)
        self._quiet = False
        self._others: list[Json] = []  # keys this list does not know: kept
        self.set_choices(choices)
        self.watch(self.list, self.filter)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other choices; ticks that still exist stay."""
        ticked = self.value()
        self._quiet = True
        self.list.clear()
        for choice in choices:
            item = QListWidgetItem(choice.title)
            item.setData(_KEY, choice.key)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setToolTip(choice.note or choice.title)
            self.list.addItem(item)
        self._quiet = False
        long_list = len(choices) >= _FILTER_FROM
        self.filter.setVisible(long_list)
        self.summary.setVisible(long_list)
        self.setFocusProxy(self.filter if long_list else self.list)
        self.list.setFocusPolicy(Qt.FocusPolicy.ClickFocus if long_list else Qt.FocusPolicy.StrongFocus)  # one Tab
        self.set_value(ticked)
        self.list.fit()

    def value(self) -> Json:
        keys: list[Any] = [item.data(_KEY) for item in self._items() if item.checkState() == Qt.CheckState.Checked]
        return (keys + self._others) or None

    def set_value(self, value: Json) -> None:
        self.filter.clear()  # typed for another record: it would hide what is ticked here
        wanted = list(value) if isinstance(value, list) else []
        self._quiet = True
        known = set()
        for item in self._items():
            known.add(item.data(_KEY))
            ticked = item.data(_KEY) in wanted
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._others = [key for key in wanted if key not in known]
        self._quiet = False
        if self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)
        self._sum_up()

    def set_read_only(self, read_only: bool) -> None:
        self.list.setEnabled(not read_only)
        self.filter.setEnabled(not read_only)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _item_changed(self, _item: QListWidgetItem) -> None:
        if not self._quiet:
            self._sum_up()
            self.edited.emit()

    def _sum_up(self) -> None:
        titles = [item.text() for item in self._items() if item.checkState() == Qt.CheckState.Checked]
        self.summary.setText(f"Đã chọn {len(titles)}" + (": " + "; ".join(titles[:4]) if titles else ""))
        self.summary.setToolTip("\n".join(titles))

    def _filter(self, text: str) -> None:
        parts = fold(text).split()
        first = -1
        for row, item in enumerate(self._items()):
            fits = all(part in fold(item.text()) for part in parts)
            item.setHidden(not fits)
            if fits and first < 0:
                first = row
        self.list.setCurrentRow(first)
        self.list.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if watched is self.filter:
                if event.key() == Qt.Key.Key_Down and self.list.currentRow() >= 0:
                    self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                    return True
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self.filter.text().strip():
                    self._toggle_current()
                    self.filter.selectAll()
                    return True
            elif watched is self.list and plain:
                step = _STEPS.get(event.key())
                if step is not None:
                    return self._step(step[0] + step[1] * self.list.columns)
                text = event.text()
                if self.filter.isVisible() and text.strip() and text.isprintable():
                    self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
                    self.filter.setText(text)
                    return True
        return super().eventFilter(watched, event)

    def _toggle_current(self) -> None:
        if self.list.currentRow() >= 0 and not self.list.currentItem().isHidden():
            item = self.list.currentItem()
            on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _step(self, by: int) -> bool:
        shown = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]
        if not shown:
            return True
        at = shown.index(self.list.currentRow()) if self.list.currentRow() in shown else 0
        if at + by < 0 and self.filter.isVisible():
            self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
        elif 0 <= at + by < len(shown):
            self.list.setCurrentRow(shown[at + by])
        return True


# (across, down): lists step across by one, down by the number of columns
_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@register_widget
class VillagePicker(MultiChoice):
    """The villages (thôn, tổ dân phố) concerned; ``choices`` are (id, name)."""
