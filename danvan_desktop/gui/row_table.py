"""Tables read row by row: the chosen row is marked as a whole, no cell has a frame of its own."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem


class _RowDelegate(QStyledItemDelegate):
    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus


def whole_rows(view: QAbstractItemView) -> None:
    """Draw no focus frame around single cells: it takes room from their text. The view's own frame shows the focus."""
    view.setItemDelegate(_RowDelegate(view))
