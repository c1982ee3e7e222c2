"""The sheet of a rows field: its cells, their editors, and how one moves among them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QLineEdit,
    QPlainTextEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from ...catalog.model import ValueType
from .codec import ChoiceCodec, ListCodec, YesNoCodec
from .rows_model import RowsModel
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

    def __init__(self, sheet: Sheet) -> None:
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


class Sheet(QTableView):
    """The table itself: moves like a sheet, leaves at its end like a field."""

    paste_requested = Signal()

    def __init__(self, field: QWidget, model: RowsModel, sheet_key: Callable[[QKeyEvent], bool]) -> None:
        super().__init__(field)
        self._sheet_key = sheet_key
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
        elif not self._sheet_key(event):
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows_model.rowCount():
            self.setCurrentIndex(self.rows_model.index(0, 0))
