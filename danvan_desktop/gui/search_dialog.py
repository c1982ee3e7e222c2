"""Ctrl+K: one line that searches every record, without accents, best first."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ..kernel import vi
from ..kernel.errors import DanvanError
from ..services.office import Office
from ..services.search_view import Found
from . import dialogs, theme
from .loader import load_ui
from .marking import MarkingDelegate
from .runner import Progress, Runner

_WAIT_MS = 200
_LIMIT = 50
_ID = Qt.ItemDataRole.UserRole
_COLUMNS = ("Bản ghi", "Chỗ khớp", "Biểu", "Ngày", "Trạng thái")
_MARKED = (0, 1)
_STATES = {"draft": "Bản nháp", "final": "Chính thức"}
_DOWN = (Qt.Key.Key_Down, Qt.Key.Key_PageDown)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SearchDialog(QDialog):
    """``chosen(record id)`` when Enter was pressed on a record; the dialog then closes."""

    chosen = Signal(str)

    search_edit: QLineEdit
    result_table: QTableWidget
    state_label: QLabel
    open_button: QPushButton
    close_button: QPushButton

    def __init__(
        self, office: Office, runner: Runner, parent: QWidget | None = None, *, action: str = "mở bản ghi"
    ) -> None:
        """``action``: what Enter does with the record chosen, in words."""
        super().__init__(parent)
        load_ui(self, "search_dialog")
        self._hint = f"Gõ vài chữ; phím ↓ xuống danh sách, Enter {action}."
        self.open_button.setText(f"&{action[:1].upper()}{action[1:]}")
        self.setWindowIcon(theme.icon("danvan"))
        self._office = office
        self._runner = runner
        self._asked = 0
        table = self.result_table
        table.setColumnCount(len(_COLUMNS))
        table.setHorizontalHeaderLabels(list(_COLUMNS))
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._marking = MarkingDelegate(table)
        for column in _MARKED:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
            table.setItemDelegateForColumn(column, self._marking)
        for column in (2, 3, 4):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_WAIT_MS)
        self._timer.timeout.connect(self.search)
        self.search_edit.textChanged.connect(lambda _text: self._timer.start())
        self.search_edit.installEventFilter(self)
        table.itemActivated.connect(lambda _item: self._choose())
        table.itemSelectionChanged.connect(self._enable)
        self.open_button.clicked.connect(self._choose)
        self.close_button.clicked.connect(self.reject)
        self._show_rows([])
        self.state_label.setText(self._hint)
        self.search_edit.setFocus()

    def search(self) -> None:
        """Look for what stands in the line."""
        text = self.search_edit.text().strip()
        self._asked += 1
        number = self._asked
        if not text:
            self._show_rows([])
            self.state_label.setText(self._hint)
            return
        office = self._office

        def work(_progress: Progress) -> list[Found]:
            return office.search(text, _LIMIT)

        self._runner.submit_db(
            work, lambda rows: self._take(number, rows), self._failed, "Đang tìm", owner=self
        )  # fmt: skip

    def _take(self, number: int, rows: list[Found]) -> None:
        if number != self._asked:
            return
        self._show_rows(rows)
        if not rows:
            self.state_label.setText("Không tìm thấy bản ghi nào. Hãy thử ít chữ hơn.")
        elif len(rows) == _LIMIT:
            self.state_label.setText(f"{_LIMIT} bản ghi khớp nhất; gõ thêm chữ để tìm hẹp hơn.")
        else:
            self.state_label.setText(f"Tìm thấy {len(rows)} bản ghi, khớp nhất ở trên.")

    def _failed(self, error: Exception) -> None:
        if isinstance(error, DanvanError):
            self.state_label.setText(error.message)
        else:
            dialogs.show_error(self, error)

    def _show_rows(self, rows: list[Found]) -> None:
        table = self.result_table
        self._marking.query = self.search_edit.text()
        table.setRowCount(len(rows))
        for number, found in enumerate(rows):
            day = vi.day(found.day) if found.day else ""
            texts = (found.label, found.place, found.form_title, day, _STATES.get(found.state, found.state))
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setData(_ID, found.id)
                item.setToolTip(text)
                table.setItem(number, column, item)
        if rows:
            table.setCurrentCell(0, 0)
        self._enable()

    def _enable(self) -> None:
        self.open_button.setEnabled(self.result_table.currentItem() is not None)

    def _choose(self) -> None:
        if self._timer.isActive():  # Enter right after the last letter: for what is typed now
            self._timer.stop()
            self.search()
        item = self.result_table.item(self.result_table.currentRow(), 0)
        if item is not None:
            record_id = str(item.data(_ID))
            self.accept()
            self.chosen.emit(record_id)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search_edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in _DOWN and self.result_table.rowCount():
                self.result_table.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if event.key() in _ENTER:
                if self._timer.isActive():
                    self._timer.stop()
                    self.search()
                else:
                    self._choose()
                return True
        return super().eventFilter(watched, event)
