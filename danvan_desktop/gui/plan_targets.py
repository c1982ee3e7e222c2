"""The targets of the plan beside what was reached: set with Enter on an indicator, proposed where the plan says one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QTreeWidget, QTreeWidgetItem, QWidget

from ..kernel import vi
from ..kernel.changes import Changes
from ..kernel.text import fold
from ..services.office import Office
from ..services.target_board import TargetBoard, TargetLine, target_board
from . import dialogs, theme
from .figure_tree import set_columns
from .loader import load_ui, register_widget
from .runner import Runner
from .target_dialog import ask_target

COLUMNS = ("Mã", "Chỉ tiêu", "Đơn vị tính", "Kế hoạch năm", "Đã đạt", "Tỷ lệ", "Nguồn")
_WIDTHS = (92, 0, 92, 118, 84, 76, 190)
_RIGHT = (3, 4, 5)
_TO_THE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_KEY = Qt.ItemDataRole.UserRole
_DOWN = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)
_NONE_YET = (
    "Năm {year} chưa có chỉ tiêu nào. Đánh dấu “Hiện mọi chỉ tiêu”, chọn một chỉ tiêu rồi nhấn Enter để ghi số của "
    "kế hoạch."
)
_TO_CHECK = "{count} chỉ tiêu tìm thấy trong lời kế hoạch, chưa ai xác nhận: nhấn Enter để xem câu gốc và ghi lại."


@register_widget
class PlanTargets(QWidget):
    """``wrote(changes, words)`` when a target was set; counts when :meth:`show_year` is asked for another year."""

    wrote = Signal(object, str)

    filter_edit: QLineEdit
    all_check: QCheckBox
    banner_label: QLabel
    tree: QTreeWidget
    window_label: QLabel
    set_button: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "plan_targets")
        self._board: TargetBoard | None = None
        self._year = 0
        self._asked = 0
        self._stale = True
        self.banner_label.hide()
        self.tree.setColumnCount(len(COLUMNS))
        self.tree.setHeaderLabels(list(COLUMNS))
        set_columns(self.tree, _WIDTHS)
        for column in _RIGHT:
            self.tree.headerItem().setTextAlignment(column, _TO_THE_RIGHT)
        self.filter_edit.textChanged.connect(lambda _text: self._fill())
        self.filter_edit.installEventFilter(self)
        self.all_check.toggled.connect(lambda _on: self._fill())
        self.tree.itemActivated.connect(lambda _item: self.ask())
        self.tree.currentItemChanged.connect(lambda _now, _before: self._enable())
        self.set_button.clicked.connect(self.ask)

    def use(self, office: Office, runner: Runner) -> None:
        """Work with an open office."""
        self._office = office
        self._runner = runner
        self._areas = {area.number: f"{area.number}. {area.title}" for area in office.context.catalog.areas}
        self._may_write = office.context.may("plan")
        self._enable()

    def forget(self) -> None:
        """What is shown may be out of date: count anew when next asked."""
        self._stale = True

    def show_year(self, year: int) -> None:
        """Show the targets of a year; counts only where needed."""
        if year == self._year and not self._stale:
            return
        if year != self._year:
            self._board = None
            self.tree.clear()
        self._year, self._stale = year, False
        self._asked += 1
        number, office = self._asked, self._office
        self.window_label.setText("Đang tính số liệu…")

        def take(board: TargetBoard) -> None:
            if number == self._asked:
                self._take(board)

        self._runner.submit_db(
            lambda _p: target_board(office, year), take, self._fail, "Đang tính số liệu của năm", owner=self
        )

    def _take(self, board: TargetBoard) -> None:
        self._board = board
        self.window_label.setText(
            f"Đã đạt: số liệu từ {vi.day(board.first)} đến {vi.day(board.last)}, theo kỳ báo cáo năm."
        )
        self._fill()

    def _fill(self) -> None:
        board = self._board
        if board is None:
            return
        kept = self.chosen()
        found = [line for line in board.lines if self._shown(line)]
        self.tree.clear()
        groups: dict[int, QTreeWidgetItem] = {}
        current: QTreeWidgetItem | None = None
        for line in found:
            if line.area not in groups:
                group = QTreeWidgetItem([self._areas.get(line.area, "Số liệu nền")])
                group.setFlags(Qt.ItemFlag.ItemIsEnabled)
                font = group.font(0)
                font.setBold(True)
                group.setFont(0, font)
                group.setForeground(0, QBrush(QColor(theme.COLOURS.accent_dark)))
                groups[line.area] = group
            item = _item(groups[line.area], line)
            if current is None or line.indicator == kept:
                current = item
        self.tree.addTopLevelItems([groups[area] for area in sorted(groups)])
        for group in groups.values():
            group.setFirstColumnSpanned(True)
        self.tree.expandAll()
        if current is not None:
            self.tree.setCurrentItem(current)
        self._tell(board)
        self._enable()

    def _shown(self, line: TargetLine) -> bool:
        text = fold(self.filter_edit.text()).split()
        words = fold(f"{line.code} {line.title}")
        return (self.all_check.isChecked() or bool(line.target)) and all(word in words for word in text)

    def _tell(self, board: TargetBoard) -> None:
        proposed = sum(line.proposed for line in board.lines)
        words = ""
        if not any(line.target for line in board.lines):
            words = _NONE_YET.format(year=board.year)
        elif proposed:
            words = _TO_CHECK.format(count=proposed)
        self.banner_label.setText(words)
        self.banner_label.setVisible(bool(words))

    def _enable(self) -> None:
        self.set_button.setEnabled(bool(self.chosen()) and self._may_write)

    def chosen(self) -> str:
        """The indicator chosen; empty: none."""
        items = self.tree.selectedItems()
        return str(items[0].data(0, _KEY) or "") if items else ""

    def ask(self) -> None:
        """Ask for the target of the indicator chosen."""
        indicator = self.chosen()
        if indicator and self._may_write:
            ask_target(self, self._office, self._runner, indicator, self._year, self._kept)

    def _kept(self, changes: Changes, words: str) -> None:
        self._stale = True
        self.show_year(self._year)
        self.wrote.emit(changes, words)
        self.tree.setFocus()

    def _fail(self, error: Exception) -> None:
        self.window_label.setText("Chưa tính được số liệu của năm.")
        dialogs.show_error(self, error)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.filter_edit
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in _DOWN
        ):
            self.tree.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super().eventFilter(watched, event)


def _item(group: QTreeWidgetItem, line: TargetLine) -> QTreeWidgetItem:
    target = f"đề xuất: {line.target}" if line.proposed else line.target
    cells = [line.code, line.title, line.unit, target, line.actual, line.reached, line.source]
    item = QTreeWidgetItem(group, cells)
    item.setData(0, _KEY, line.indicator)
    item.setToolTip(1, line.title)
    item.setToolTip(6, line.source)
    if line.proposed:
        item.setToolTip(3, f"Trong kế hoạch: “{line.quote}”")
        item.setForeground(3, QBrush(QColor(theme.COLOURS.warn)))
    for column in _RIGHT:
        item.setTextAlignment(column, _TO_THE_RIGHT)
    return item
