"""A small table inside a record, edited in place like a sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ...catalog.model import Field, Json, Severity
from ..theme import icon
from .base import FieldWidget, WrapLabel, _command, restyle
from .codec import Codec
from .rows_model import RefusedCell, Row, RowsModel
from .rows_sheet import Sheet
from .suggest import Deliver, SuggestEdit


class RowsTable(FieldWidget):
    """Rows typed like a sheet. Enter or Tab goes to the next cell, and leaves from the blank row at the end.

    Ctrl+Enter adds a row, Ctrl+Delete removes the row, Delete empties the chosen cells (whole rows chosen:
    removes them), Ctrl+V pastes a block of a spreadsheet, Ctrl+C copies, Ctrl+D repeats the cell above.
    The value is a list of ``{"row": id, column: value...}``.
    """

    def __init__(
        self,
        columns: Sequence[Field],
        codecs: Mapping[str, Codec],
        new_id: Callable[[], str],
        parent: QWidget | None = None,
        *,
        searches: Mapping[str, Callable[[str, Deliver], None]] | None = None,
        picked_titles: dict[str, str] | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = RowsModel(columns, codecs, new_id, self)
        self.table = Sheet(self, self.model, self.sheet_key)
        self.table.searches = dict(searches or {})
        if picked_titles is not None:
            self.table.picked_titles = picked_titles
        self.refused: list[RefusedCell] = []
        box = QVBoxLayout()
        box.setSpacing(3)
        box.addWidget(self.table)
        self.message = WrapLabel("", self, padding=8)
        self.message.setProperty("role", "banner")
        self.message.hide()
        box.addWidget(self.message)
        buttons = QHBoxLayout()
        self.add_button = QPushButton(icon("plus"), "Thêm dòng (Ctrl+Enter)", self)
        self.remove_button = QPushButton(icon("remove"), "Xóa dòng (Ctrl+Delete)", self)
        self.paste_button = QPushButton(icon("paste"), "Dán từ bảng tính (Ctrl+V)", self)
        for button in (self.add_button, self.remove_button, self.paste_button):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # each has its key; one Tab passes the table
            button.setProperty("role", "link")
            buttons.addWidget(button)
        buttons.addStretch(1)
        box.addLayout(buttons)
        self.row.addLayout(box)
        self.add_button.clicked.connect(self.add_row)
        self.remove_button.clicked.connect(self.remove_row)
        self.paste_button.clicked.connect(self.paste)
        self.table.paste_requested.connect(self.paste)
        self.model.edited.connect(self._model_edited)
        self.watch(self.table)

    def value(self) -> Json:
        return self.model.value()

    def set_value(self, value: Json) -> None:
        self._say("")
        self.model.set_value(value)
        self.table.fit()

    def state(self) -> Any:
        return self.model.snapshot()

    def set_state(self, state: Any) -> None:
        at = self.table.currentIndex()
        row, column = at.row(), at.column()
        if isinstance(state, tuple) and all(isinstance(item, Row) for item in state):
            self.model.restore(state)
        else:
            self.model.set_value(state)
        self._say("")
        self.table.fit()
        if row >= 0:
            self.table.setCurrentIndex(self.model.index(min(row, self.model.rowCount() - 1), column))

    def set_read_only(self, read_only: bool) -> None:
        self.model.beginResetModel()
        self.model.read_only = read_only
        self.model.endResetModel()
        for button in (self.add_button, self.remove_button, self.paste_button):
            button.setVisible(not read_only)

    def set_name(self, name: str, help_text: str = "") -> None:
        super().set_name(name, help_text)
        self.table.setAccessibleName(name)

    def input_error(self) -> str:
        errors = self.model.input_errors()
        if not errors:
            return ""
        row, column, text = errors[0]
        more = f" (và {len(errors) - 1} ô khác)" if len(errors) > 1 else ""
        return f"Dòng {row + 1}, cột “{self.model.columns[column].title}”: {text}{more}"

    def commit(self) -> None:
        """Take in the cell being typed."""
        editor: QWidget | None = self.table.focusWidget()
        if editor is not None and editor is not self.table and self.table.viewport().isAncestorOf(editor):
            self.table.commitData(editor)

    def set_cell_problems(self, problems: Mapping[tuple[str, str], tuple[str, Severity]]) -> None:
        """Mark cells by (row id, column key) with a message and its severity."""
        self.model.set_cell_problems(problems)

    def go_to(self, row: str, column: str) -> None:
        """Put the cursor into a cell, by row id and column key."""
        rows = [item.id for item in self.model.rows]
        columns = [item.key for item in self.model.columns]
        if row in rows:
            at = columns.index(column) if column in columns else 0
            self.table.setCurrentIndex(self.model.index(rows.index(row), at))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def add_row(self) -> None:
        """A blank row under the current one; the cursor goes into it."""
        at = min(self.table.currentIndex().row() + 1, len(self.model.rows))
        if at < len(self.model.rows):
            self.model.insert_row(at)
        self.table.setCurrentIndex(self.model.index(at, 0))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def remove_row(self) -> None:
        """Remove the chosen rows (or the current one)."""
        numbers = [row for row, _column in self.table.cells()] or [self.table.currentIndex().row()]
        column = max(self.table.currentIndex().column(), 0)
        if removed := self.model.remove_rows([number for number in numbers if number >= 0]):
            at = min(min(numbers), self.model.rowCount() - 1)
            self.table.setCurrentIndex(self.model.index(at, column))
            self._say(f"Đã xóa {removed} dòng; Ctrl+Z để lấy lại.", "note")

    def paste(self) -> None:
        """Paste the block on the clipboard at the current cell; refused cells are named beneath."""
        at = self.table.currentIndex()
        self.paste_text(QGuiApplication.clipboard().text(), max(at.row(), 0), max(at.column(), 0))

    def paste_text(self, text: str, row: int, column: int) -> list[RefusedCell]:
        """:meth:`paste` for a text at hand; the cells that were refused."""
        self.refused = self.model.paste(row, column, text)
        self.table.fit()
        self.table.setCurrentIndex(self.model.index(min(row, self.model.rowCount() - 1), column))
        if self.refused:
            named = "; ".join(str(item) for item in self.refused[:6])
            more = f" … và {len(self.refused) - 6} ô nữa" if len(self.refused) > 6 else ""
            self._say(
                f"Không nhận {len(self.refused)} ô của vùng dán: {named}{more}. Các ô khác đã dán; "
                "Ctrl+Z bỏ cả lần dán.",
                "warning",
            )
        else:
            self._say("")
        return self.refused

    def _say(self, text: str, severity: str = "note") -> None:
        self.message.setText(text)
        restyle(self.message, severity=severity)
        self.message.setVisible(bool(text))

    def _model_edited(self) -> None:
        self._say("")
        self.table.fit()
        self.edited.emit()

    def sheet_key(self, event: QKeyEvent) -> bool:
        """Keys of the sheet while no cell is being typed; whether the key was one."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        key = event.key()
        if event.matches(QKeySequence.StandardKey.Paste):
            self.paste()
        elif event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.model.copy_text(self.table.cells()))
        elif key == Qt.Key.Key_Delete and control:
            self.remove_row()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.add_row()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and not control:
            if not self.table.next_cell(True):
                self.move_on()
        elif key == Qt.Key.Key_Backtab:
            if not self.table.next_cell(False):
                self.move_on(False)
        elif key == Qt.Key.Key_F4:
            self.table.edit(self.table.currentIndex())
            editor = self.table.indexWidget(self.table.currentIndex())
            if isinstance(editor, SuggestEdit):
                editor.toggle()
        else:
            return False
        event.accept()
        return True

    def _delete(self) -> None:
        cells = self.table.cells()
        whole = {row for row, _column in cells}
        full = len(cells) == len(whole) * self.model.columnCount()
        blank = all(row < len(self.model.rows) and self.model.rows[row].blank for row in whole)
        if cells and (full or blank):
            self.remove_row()
        else:
            self.model.clear_cells(cells)

    def _repeat_above(self) -> None:
        at = self.table.currentIndex()
        if at.row() > 0 and self.model.editable(at.column()):
            above = self.model.rows[at.row() - 1].values.get(self.model.columns[at.column()].key)
            if above is not None:
                self.model.set_cell(at.row(), self.model.columns[at.column()].key, above)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            command = _command(event)
            if command == "repeat" and self.table.currentIndex().row() > 0:
                self._repeat_above()
                return True
            if command and self.form_keys:
                self.key_command.emit(command)
                return True
            if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
                return self.sheet_key(event)
            return False
        return super().eventFilter(watched, event)

    def _left(self, event: QFocusEvent) -> None:
        now: QWidget | None = self.window().focusWidget()
        if now is None or not self.table.isAncestorOf(now):
            super()._left(event)
