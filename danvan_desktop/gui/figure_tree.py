"""The table of figures: areas, their indicators, and the splits of each beneath it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from ..kernel.text import fold
from ..services.figure_view import FigureLine
from . import theme
from .fair_columns import FairColumns
from .loader import register_widget

LINE = Qt.ItemDataRole.UserRole
HEADINGS = ("Mã", "Chỉ tiêu", "Đơn vị tính", "Kỳ này", "Cùng kỳ", "Tăng, giảm", "Kế hoạch (đạt)", "Nguồn", "Trạng thái")
_WIDTHS = (86, 0, 92, 78, 78, 96, 116, 104, 122)  # pixels; 0: takes the rest
_RIGHT = (3, 4, 5, 6)
_TARGET, _STATE = 6, 8
_TO_THE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def set_columns(tree: QTreeWidget, widths: Sequence[int]) -> None:
    """Give a tree its widths; a column of width 0 takes what is left."""
    FairColumns(tree, tree.header(), widths)
    tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


@register_widget
class FigureTree(QTreeWidget):
    """Right and left arrows open and close the splits of an indicator."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setColumnCount(len(HEADINGS))
        self.setHeaderLabels(list(HEADINGS))
        set_columns(self, _WIDTHS)
        self.setIndentation(15)
        self.setAlternatingRowColors(True)
        self.setUniformRowHeights(True)
        for column in _RIGHT:
            self.headerItem().setTextAlignment(column, _TO_THE_RIGHT)

    def fill(self, lines: Sequence[FigureLine], areas: Mapping[int, str]) -> None:
        """Show other figures; the one chosen and the open ones stay so."""
        kept = self.line()
        opened = {line.key for item, line in self.indicators() if item.isExpanded()}
        self.clear()
        groups: dict[int, QTreeWidgetItem] = {}
        parent: QTreeWidgetItem | None = None
        chosen: QTreeWidgetItem | None = None
        expanded: list[QTreeWidgetItem] = []
        for line in lines:
            if line.area not in groups:
                groups[line.area] = self._group(line.area, areas)
            item = self._item(parent if line.split and parent is not None else groups[line.area], line)
            if not line.split:
                parent = item
                if line.key in opened:
                    expanded.append(item)
            if chosen is None or (kept is not None and line.key == kept.key):
                chosen = item
        self.setColumnHidden(_TARGET, not any(line.target for line in lines))
        self.addTopLevelItems([groups[area] for area in sorted(groups)])
        for group in groups.values():
            group.setFirstColumnSpanned(True)
            group.setExpanded(True)
        for item in expanded:
            item.setExpanded(True)
        if chosen is not None:
            self.setCurrentItem(chosen)

    def line(self) -> FigureLine | None:
        """The figure chosen."""
        item = self.currentItem()
        found = item.data(0, LINE) if item is not None else None
        return found if isinstance(found, FigureLine) else None

    def groups(self) -> Iterator[QTreeWidgetItem]:
        """The rows of areas."""
        for at in range(self.topLevelItemCount()):
            if (group := self.topLevelItem(at)) is not None:
                yield group

    def indicators(self) -> Iterator[tuple[QTreeWidgetItem, FigureLine]]:
        """The rows of indicators, without their splits."""
        for group in self.groups():
            for at in range(group.childCount()):
                if (item := group.child(at)) is not None:
                    yield item, item.data(0, LINE)

    def choose(self, key: str) -> bool:
        """Put the cursor on a figure; False when it is not here."""
        for item, line in self.indicators():
            if line.key == key:
                self.setCurrentItem(item)
                return True
        return False

    def narrow(self, text: str, *, only_missing: bool) -> tuple[int, int, int]:
        """Show the indicators that hold every word of ``text``: (shown, all, without data that somebody owes)."""
        words = fold(text).split()
        shown = total = missing = 0
        for item, line in self.indicators():
            held = fold(f"{line.code} {line.title} {line.unit} {line.state_words} {line.source}")
            owed = line.state == "no_data" and line.asked
            fits = all(word in held for word in words) and (not only_missing or owed)
            item.setHidden(not fits)
            shown, total, missing = shown + fits, total + 1, missing + owed
        open_areas = {line.area for item, line in self.indicators() if not item.isHidden()}
        for group in self.groups():
            group.setHidden(group.data(0, LINE) not in open_areas)
        return shown, total, missing

    def choose_first(self) -> None:
        """Put the cursor on the first indicator shown."""
        first = next((item for item, _line in self.indicators() if not item.isHidden()), None)
        if first is not None:
            self.setCurrentItem(first)

    def as_text(self) -> tuple[str, int]:
        """The rows shown, columns parted by tabs, under their headings; and how many they are."""
        shown = [column for column in range(len(HEADINGS)) if not self.isColumnHidden(column)]
        lines = ["\t".join(HEADINGS[column] for column in shown)]
        item: QTreeWidgetItem | None = self.topLevelItem(0)
        while item is not None:
            if not item.isHidden():
                cells = (item.text(column).strip() for column in shown)
                lines.append("\t".join(cells).rstrip("\t"))
            item = self.itemBelow(item)
        return "\n".join(lines) + "\n", len(lines) - 1

    def _group(self, area: int, areas: Mapping[int, str]) -> QTreeWidgetItem:
        item = QTreeWidgetItem([f"{area}. {areas[area]}" if area in areas else "Số liệu chung"])
        item.setData(0, LINE, area)
        font = item.font(0)
        font.setBold(True)
        item.setFont(0, font)
        item.setForeground(0, QBrush(QColor(theme.COLOURS.accent_dark)))
        item.setSizeHint(0, QSize(0, self.fontMetrics().lineSpacing() + 8))
        return item

    def _item(self, parent: QTreeWidgetItem, line: FigureLine) -> QTreeWidgetItem:
        code, title = ("", f"    – {line.title}") if line.split else (line.code, line.title)
        state = "" if line.split and line.state == "value" else line.state_words
        target = f"{line.target} ({line.reached})" if line.reached else line.target
        cells = [code, title, line.unit, line.now, line.previous, line.change, target, line.source, state]
        item = QTreeWidgetItem(parent, cells)
        item.setData(0, LINE, line)
        item.setToolTip(1, f"{line.title}\n{line.formula}" if line.formula else line.title)
        for column in _RIGHT:
            item.setTextAlignment(column, _TO_THE_RIGHT)
        if line.state == "no_data" and line.asked:
            item.setForeground(_STATE, QBrush(QColor(theme.COLOURS.warn)))
        return item
