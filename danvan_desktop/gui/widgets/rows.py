"""A small table inside a record, edited in place like a sheet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from ...catalog.model import Field, Json, Severity, ValueType
from ..theme import icon
from .base import FieldWidget, WrapLabel, _command, restyle
from .codec import ChoiceCodec, Codec, ListCodec, YesNoCodec
from .rows_model import RefusedCell, Row, RowsModel
from .suggest import Deliver, SuggestEdit, search_in

_Index = QModelIndex | QPersistentModelIndex
_WIDTHS = {"short": 96, "normal": 160, "wide": 260}
_MAX_VISIBLE = 8


class _CellText(QPlainTextEdit):
    """The editor of long texts in a cell: Enter and Tab move on, Alt+Enter (or Shift+Enter) makes a new line."""

    def __init__(self, delegate: _CellDelegate, parent: QWidget) -> None:
        super().__init__(parent)
        self._delegate = delegate

    def keyPressEvent(self, event: QKeyEvent) -> None:
        hints = QAbstractItemDelegate.EndEditHint
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier):
            self.insertPlainText("\n")
        elif enter or event.key() == Qt.Key.Key_Tab:
            self._delegate.finish(self, hints.EditNextItem)
        elif event.key() == Qt.Key.Key_Backtab:
            self._delegate.finish(self, hints.EditPreviousItem)
        else:
            super().keyPressEvent(event)


class _CellDelegate(QStyledItemDelegate):
    """Editors of the cells: a line, a suggesting line, or a small text box."""

    def __init__(self, sheet: _Sheet) -> None:
        super().__init__(sheet)
        self._sheet = sheet

    def finish(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """Take in what an editor holds and go on."""
        self.commitData.emit(editor)
        self.closeEditor.emit(editor, hint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A block pasted while a cell is being typed belongs to the sheet, not into the line."""
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and event.matches(QKeySequence.StandardKey.Paste)
        ):
            text = QGuiApplication.clipboard().text().strip("\r\n")
            if "\t" in text or ("\n" in text and not isinstance(watched, QPlainTextEdit)):
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.RevertModelCache)
                self._sheet.paste_requested.emit()
                return True
        return super().eventFilter(watched, event)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: _Index) -> QWidget:
        model = self._sheet.rows_model
        field = model.columns[index.column()]
        codec = model.codecs[field.key]
        editor: QWidget
        if field.type is ValueType.LONG_TEXT:
            editor = _CellText(self, parent)
        elif field.type is ValueType.RECORD:
            search = self._sheet.searches.get(field.key)
            line = SuggestEdit(search or (lambda _text, _deliver: None), parent, icon="search")
            line.set_search_delay(120)
            line.picked.connect(lambda key, line=line: line.setProperty("picked", key))
            line.textEdited.connect(lambda _text, line=line: line.setProperty("picked", None))
            editor = line
        elif isinstance(codec, ChoiceCodec):
            editor = SuggestEdit(search_in(codec.matches), parent)
        elif isinstance(codec, ListCodec):
            editor = SuggestEdit(search_in(codec.one.matches), parent, several=True)
        elif isinstance(codec, YesNoCodec):
            editor = SuggestEdit(search_in(ChoiceCodec(codec.choices).matches), parent)
        else:
            plain = QLineEdit(parent)
            if field.type in (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY, ValueType.PERCENT):
                plain.setAlignment(Qt.AlignmentFlag.AlignRight)
            editor = plain
        editor.setAccessibleName(f"{self._sheet.accessibleName()}, dòng {index.row() + 1}, {field.title}")
        return editor

    def setEditorData(self, editor: QWidget, index: _Index) -> None:
        text = str(index.data(Qt.ItemDataRole.EditRole) or "")
        if isinstance(editor, QPlainTextEdit):
            editor.setPlainText(text)
        elif isinstance(editor, QLineEdit):
            editor.setText(text)

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: _Index) -> None:
        if isinstance(editor, QPlainTextEdit):
            model.setData(index, editor.toPlainText())
            return
        if isinstance(editor, SuggestEdit):
            editor.take()
            if editor.property("picked"):
                field = self._sheet.rows_model.columns[index.column()]
                key = str(editor.property("picked"))
                self._sheet.picked_titles[key] = editor.text()
                self._sheet.rows_model.set_cell(index.row(), field.key, key)
                return
        if isinstance(editor, QLineEdit):
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: _Index) -> None:
        rect = QRect(option.rect)
        if isinstance(editor, QPlainTextEdit):
            rect.setHeight(max(rect.height(), 84))
            rect.setWidth(max(rect.width(), 260))
            viewport = self._sheet.viewport().rect()
            if rect.bottom() > viewport.bottom():
                rect.moveBottom(max(viewport.bottom(), rect.height() - 1))
            if rect.right() > viewport.right():
                rect.moveRight(max(viewport.right(), rect.width() - 1))
        editor.setGeometry(rect)


class _Sheet(QTableView):
    """The table itself: moves like a sheet, leaves at its end like a field."""

    paste_requested = Signal()

    def __init__(self, field: RowsTable, model: RowsModel) -> None:
        super().__init__(field)
        self._field = field
        self.rows_model = model
        self.searches: dict[str, Callable[[str, Deliver], None]] = {}
        self.picked_titles: dict[str, str] = {}
        self.setModel(model)
        self.setItemDelegate(_CellDelegate(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        vertical = self.verticalHeader()
        vertical.setDefaultSectionSize(self.fontMetrics().lineSpacing() + 10)
        vertical.setMinimumWidth(28)
        header = self.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter | Qt.AlignmentFlag(Qt.TextFlag.TextWordWrap.value))
        header.setHighlightSections(False)
        for at, column in enumerate(model.columns):
            self.setColumnWidth(at, _WIDTHS.get(column.width, 160))
        self.fit()

    def fit(self) -> None:
        """As high as the rows need, up to a few; the heading as high as its longest title wraps to."""
        header = self.horizontalHeader()
        metrics = header.fontMetrics()
        lines = 1
        for at in range(self.rows_model.columnCount()):
            title = str(self.rows_model.headerData(at, Qt.Orientation.Horizontal))
            width = max(self.columnWidth(at) - 16, 30)
            rect = metrics.boundingRect(QRect(0, 0, width, 400), Qt.TextFlag.TextWordWrap.value, title)
            lines = max(lines, round(rect.height() / metrics.lineSpacing()))
        header.setFixedHeight(lines * metrics.lineSpacing() + 12)
        rows = max(2, min(self.rows_model.rowCount(), _MAX_VISIBLE))
        bar = self.horizontalScrollBar().sizeHint().height() if header.length() > self.viewport().width() else 0
        self.setFixedHeight(
            header.height() + rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth() + bar + 2
        )

    def _share_width(self) -> None:
        """Give the room that is left to the wide columns (or to all), and take none away."""
        asked = [_WIDTHS.get(column.width, 160) for column in self.rows_model.columns]
        extra = self.viewport().width() - sum(asked)
        wide = [at for at, column in enumerate(self.rows_model.columns) if column.width == "wide"] or range(len(asked))
        for at, width in enumerate(asked):
            more = extra // len(wide) if extra > 0 and at in wide else 0
            self.setColumnWidth(at, width + more)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._share_width()
        self.fit()

    def cells(self) -> list[tuple[int, int]]:
        return [(index.row(), index.column()) for index in self.selectionModel().selectedIndexes()]

    def next_cell(self, forward: bool) -> bool:
        """Go to the next cell that is typed; whether there was one (a blank last row is left at once)."""
        model = self.rows_model
        row, column = self.currentIndex().row(), self.currentIndex().column()
        typed = [at for at in range(model.columnCount()) if model.editable(at)]
        if not typed or (forward and row >= len(model.rows) and not model.read_only):
            return False
        later = [at for at in typed if at > column] if forward else [at for at in reversed(typed) if at < column]
        if later:
            column = later[0]
        else:
            row += 1 if forward else -1
            column = typed[0] if forward else typed[-1]
        if not 0 <= row < model.rowCount():
            return False
        self.setCurrentIndex(model.index(row, column))
        return True

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        hints = QAbstractItemDelegate.EndEditHint
        super().closeEditor(editor, hints.NoHint)
        if hint in (hints.EditNextItem, hints.SubmitModelCache):
            self.next_cell(True)
        elif hint == hints.EditPreviousItem:
            self.next_cell(False)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.state() == QAbstractItemView.State.EditingState:
            event.accept()  # the editor let it through: its delegate already does what there is to do
        elif not self._field.sheet_key(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows_model.rowCount():
            self.setCurrentIndex(self.rows_model.index(0, 0))


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
        self.table = _Sheet(self, self.model)
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
                f"Không nhận {len(self.refused)} ô – {named}{more}. Các ô khác đã dán; Ctrl+Z bỏ cả lần dán.", "warning"
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
