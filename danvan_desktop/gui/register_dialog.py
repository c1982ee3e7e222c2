"""A register of a period on screen, and as a file to print."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QComboBox, QDialog, QHeaderView, QLabel, QPushButton, QTableView, QWidget

from ..catalog.periods import Period, parse_period
from ..catalog.register_model import Register
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..services.office import Office
from ..services.registers import RegisterView
from . import dialogs, theme
from .loader import load_ui
from .runner import Runner

_PERSONAL = (
    "Sổ có họ tên, địa chỉ công dân: chỉ in khi cần theo quy định và cất giữ như sổ giấy; mỗi lần xuất được ghi "
    "nhật ký. Trên màn hình, số giấy tờ được che bớt; trên bản in ghi đủ."
)
_OPEN = "Chỉ gồm các bản ghi chính thức của kỳ, xếp theo ngày."
_PADDING = 18
_MEASURED = 300  # rows made as high as their text; more would take long, and the tip shows a cut cell whole
_Index = QModelIndex | QPersistentModelIndex


def periods_of(today: date) -> list[Period]:
    """This year and the last, newest first: the year, its halves, quarters, months up to today."""
    keys: list[str] = []
    for year in (today.year, today.year - 1):
        keys += [str(year), f"{year}-H1", *(f"{year}-Q{number}" for number in range(4, 0, -1))]
        keys += [f"{year}-{month:02d}" for month in range(12, 0, -1)]
    return [period for period in map(parse_period, keys) if period.first <= today]


class _RegisterModel(QAbstractTableModel):
    def __init__(self, view: RegisterView, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = view

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._view.rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own signature
        return 0 if parent.isValid() else len(self._view.titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._view.titles[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignCenter) | int(Qt.TextFlag.TextWordWrap)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._view.rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            centred = index.column() in self._view.centred
            across = Qt.AlignmentFlag.AlignHCenter if centred else Qt.AlignmentFlag.AlignLeft
            return int(across | Qt.AlignmentFlag.AlignTop)
        return None


class RegisterDialog(QDialog):
    """Opened from a page of records with the registers of its area."""

    register_combo: QComboBox
    period_combo: QComboBox
    count_label: QLabel
    table: QTableView
    hint_label: QLabel
    pdf_button: QPushButton
    xlsx_button: QPushButton
    close_button: QPushButton

    def __init__(
        self, office: Office, runner: Runner, registers: Sequence[Register], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        load_ui(self, "register_dialog")
        self.setWindowIcon(theme.icon("danvan"))
        self._office, self._runner = office, runner
        self._asked = 0
        for item in registers:
            self.register_combo.addItem(item.title + (f" ({item.form_no})" if item.form_no else ""), item.key)
        today = clock.today(office.context.clock)
        for period in periods_of(today):
            title = period.title
            self.period_combo.addItem(title[0].upper() + title[1:], period.key)
        quarter = f"{today.year}-Q{(today.month + 2) // 3}"
        self.period_combo.setCurrentIndex(max(0, self.period_combo.findData(quarter)))
        self.table.setWordWrap(True)
        self.register_combo.currentIndexChanged.connect(lambda _at: self.load())
        self.period_combo.currentIndexChanged.connect(lambda _at: self.load())
        self.pdf_button.clicked.connect(lambda: self.export(".pdf", "Tệp PDF (*.pdf)"))
        self.xlsx_button.clicked.connect(lambda: self.export(".xlsx", "Bảng tính Excel (*.xlsx)"))
        self.close_button.clicked.connect(self.reject)
        self.load()

    def _chosen(self) -> tuple[str, Period]:
        return str(self.register_combo.currentData()), parse_period(str(self.period_combo.currentData()))

    def load(self) -> None:
        """Show the register and the period chosen."""
        key, period = self._chosen()
        self._asked += 1
        number = self._asked
        self.count_label.setText("Đang đọc…")
        register = self._office.registers.get(key)
        self.hint_label.setText(_PERSONAL if register.personal else _OPEN)

        def take(view: RegisterView) -> None:
            if number == self._asked:
                self._show(view)

        self._runner.submit_db(
            lambda _progress: self._office.registers.view(key, period), take, self._failed, "Đang đọc sổ", owner=self
        )

    def _show(self, view: RegisterView) -> None:
        model = _RegisterModel(view, self)
        self.table.setModel(model)
        self._lay_out(view)
        count = model.rowCount()
        self.count_label.setText(f"{vi.number(count)} dòng" if count else "Trong kỳ không có bản ghi chính thức")

    def _lay_out(self, view: RegisterView) -> None:
        """Widths in the shares of the paper, never below the longest word of a heading or a date; the head as high as
        its longest title wraps."""
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        font = header.font()
        font.setBold(True)
        metrics = QFontMetrics(font)
        room = max(self.table.viewport().width(), 700)
        tallest = 1
        for at, title in enumerate(view.titles):
            least = max(metrics.horizontalAdvance(word) for word in title.split()) + _PADDING
            date_room = metrics.horizontalAdvance(vi.day(date(2000, 12, 28))) + _PADDING if at in view.centred else 0
            is_day = any("/" in row[at] and len(row[at]) == 10 for row in view.rows[:20])
            width = max(room * view.widths[at] // sum(view.widths), least, date_room if is_day else 0)
            self.table.setColumnWidth(at, width)
            box = metrics.boundingRect(
                0, 0, width - _PADDING + 6, 1000, int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignCenter), title
            )
            tallest = max(tallest, box.height())
        header.setFixedHeight(tallest + 12)
        if len(view.rows) <= _MEASURED:
            self.table.resizeRowsToContents()

    def export(self, ending: str, filters: str) -> None:
        """Write the register shown into a file that the officer names."""
        key, period = self._chosen()
        register = self._office.registers.get(key)
        name = f"{key.replace('_', '-')}-{period.key.replace('..', '-den-')}{ending}"
        path = dialogs.save_file(self, register.title, name, filters)
        if path is None:
            return
        target = path if path.suffix.lower() == ending else Path(f"{path}{ending}")

        def done(answer: tuple[int, Changes]) -> None:
            dialogs.tell(self, f"Đã ghi {vi.number(answer[0])} dòng của “{register.title}” vào “{target}”.")

        self._runner.submit_db(
            lambda _progress: self._office.registers.export(key, period, target),
            done, self._failed, "Đang lập sổ…", owner=self,
        )  # fmt: skip

    def _failed(self, error: Exception) -> None:
        self.count_label.setText("")
        dialogs.show_error(self, error)
