"""The list of pages at the left of the main window: words and keys, or signs only where there is little room."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from . import theme
from .pages import PageSpec

KEY = Qt.ItemDataRole.UserRole
_WIDE, _SMALL = 292, 56
_NUMBER = re.compile(r"\d+")
_GROUP = "group:"


class Navigation:
    """Fills ``tree`` with ``specs``; pages of one group stand indented under its title."""

    def __init__(self, tree: QTreeWidget, specs: Sequence[PageSpec]) -> None:
        self._tree = tree
        self.items: dict[str, QTreeWidgetItem] = {}
        self._titles: dict[str, str] = {}
        self.small = False
        self._low: bool | None = None
        tree.setColumnCount(2)
        tree.header().setStretchLastSection(False)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        tree.setIconSize(QSize(18, 18))
        for spec in specs:
            parent: QTreeWidget | QTreeWidgetItem = self._group(spec.group) if spec.group else tree
            item = self._item(parent, spec.key, spec.title, spec.icon)
            item.setText(1, spaced(spec.shortcut))
            item.setData(0, KEY, spec.key)
            item.setToolTip(0, (spec.tip or spec.title) + (f" ({spec.shortcut})" if spec.shortcut else ""))
        tree.expandAll()
        self.set_low(False)

    def _item(self, parent: QTreeWidget | QTreeWidgetItem, key: str, title: str, icon: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem(parent, [title, ""])
        item.setData(0, Qt.ItemDataRole.AccessibleTextRole, title)
        item.setForeground(1, QColor("#a9bdd2"))
        if icon:
            item.setIcon(0, theme.icon(icon))
        self.items[key] = item
        self._titles[key] = title
        return item

    def _group(self, title: str) -> QTreeWidgetItem:
        item = self.items.get(_GROUP + title)
        if item is None:
            item = self._item(self._tree, _GROUP + title, title, "nav_record")
            item.setFlags(Qt.ItemFlag.ItemIsEnabled)
            item.setToolTip(0, title)
        return item

    def name_group_key(self, group: str, shortcut: str) -> None:
        """The key of a whole group."""
        item = self.items.get(_GROUP + group)
        if item is not None:
            item.setToolTip(0, f"{group} ({shortcut})")
            item.setText(1, spaced(shortcut))

    def set_small(self, small: bool) -> None:
        """Signs and numbers only; the words stand in the tips."""
        self.small = small
        for key, item in self.items.items():
            number = _NUMBER.match(self._titles[key])
            short = number[0] if number else "" if not item.icon(0).isNull() else self._titles[key][:2]
            item.setText(0, short if small else self._titles[key])
        self._tree.setColumnHidden(1, small)
        self._tree.setFixedWidth(_SMALL if small else _WIDE)

    def set_low(self, low: bool) -> None:
        """Lines closer together where the window is low, so that every page can be seen."""
        if low == self._low:
            return
        self._low = low
        for item in self.items.values():
            inner = item.parent() is not None
            item.setSizeHint(0, QSize(0, (21 if inner else 28) if low else (27 if inner else 34)))


def spaced(shortcut: str) -> str:
    """A key as the list shows it: ``Ctrl 1``."""
    return shortcut.replace("Ctrl+", "Ctrl ").replace("Alt+", "Alt ")
