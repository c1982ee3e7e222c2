"""Find and replace in the text of a report: a bar beneath the editor."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QTextCursor, QTextDocument
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from ..kernel.text import nfc
from .loader import load_ui, register_widget
from .report_editor import ReportEditor

MAX_MARKED = 500


@register_widget
class FindBar(QWidget):
    """Works on the section in ``editor``; asks for another section when this one holds no further match."""

    leave_section = Signal(str, bool)  # the words looked for, whether backwards

    find_edit: QLineEdit
    replace_label: QLabel
    replace_edit: QLineEdit
    match_label: QLabel
    previous_button: QToolButton
    next_button: QToolButton
    replace_button: QPushButton
    replace_all_button: QPushButton
    close_button: QToolButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "report_find")
        self._editor: ReportEditor | None = None
        self.find_edit.textChanged.connect(self._typed)
        self.find_edit.returnPressed.connect(self.find_next)
        self.replace_edit.returnPressed.connect(self.replace_one)
        self.next_button.clicked.connect(self.find_next)
        self.previous_button.clicked.connect(self.find_previous)
        self.replace_button.clicked.connect(self.replace_one)
        self.replace_all_button.clicked.connect(self.replace_all)
        self.close_button.clicked.connect(self.close_bar)
        self.hide()

    def use(self, editor: ReportEditor, page: QWidget) -> None:
        """Serve ``editor``; the keys work anywhere on ``page``."""
        self._editor = editor
        editor.textChanged.connect(self._mark)
        for keys, slot in (
            (QKeySequence.StandardKey.Find, lambda: self.open_bar(replace=False)),
            (QKeySequence("Ctrl+H"), lambda: self.open_bar(replace=True)),
            (QKeySequence("F3"), self.find_next),
            (QKeySequence("Shift+F3"), self.find_previous),
        ):
            shortcut = QShortcut(QKeySequence(keys), page)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)

    @property
    def editor(self) -> ReportEditor:
        assert self._editor is not None
        return self._editor

    def open_bar(self, *, replace: bool) -> None:
        """Show the bar; words selected in the editor are what is looked for."""
        replace = replace and not self.editor.isReadOnly()
        for widget in (self.replace_label, self.replace_edit, self.replace_button, self.replace_all_button):
            widget.setVisible(replace)
        chosen = self.editor.textCursor().selectedText()
        if chosen and "\u2029" not in chosen:
            self.find_edit.setText(chosen)
        self.show()
        self.find_edit.setFocus()
        self.find_edit.selectAll()
        self._mark()

    def close_bar(self) -> None:
        self.hide()
        self.editor.show_found([])
        self.editor.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    @property
    def words(self) -> str:
        return nfc(self.find_edit.text())

    def _typed(self) -> None:
        cursor = self.editor.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self.editor.setTextCursor(cursor)
        self._mark()
        if self.words:
            self._step(QTextDocument.FindFlag(0), wrap=True)

    def _mark(self) -> None:
        """Colour every match of this section and say how many there are."""
        if self.isHidden():
            return
        found: list[QTextCursor] = []
        if self.words:
            document = self.editor.document()
            cursor = document.find(self.words, 0)
            while not cursor.isNull() and len(found) < MAX_MARKED:
                found.append(cursor)
                cursor = document.find(self.words, cursor)
        self.editor.show_found(found)
        count = f"hơn {MAX_MARKED}" if len(found) == MAX_MARKED else str(len(found))
        self.match_label.setText(f"{count} chỗ trong mục này" if self.words else "")
        for button in (self.replace_button, self.replace_all_button):
            button.setEnabled(bool(found) and not self.editor.isReadOnly())

    def find_next(self) -> None:
        self._find(QTextDocument.FindFlag(0))

    def find_previous(self) -> None:
        self._find(QTextDocument.FindFlag.FindBackward)

    def _find(self, flags: QTextDocument.FindFlag) -> None:
        if not self.words:
            self.open_bar(replace=False)
        elif not self._step(flags, wrap=False):
            self.leave_section.emit(self.words, bool(flags & QTextDocument.FindFlag.FindBackward))

    def wrap(self, backwards: bool) -> bool:
        """Go on from the other end of the section shown now; False when it holds no match."""
        return self._step(QTextDocument.FindFlag.FindBackward if backwards else QTextDocument.FindFlag(0), wrap=True)

    def _step(self, flags: QTextDocument.FindFlag, *, wrap: bool) -> bool:
        if self.editor.find(self.words, flags):
            return True
        if not wrap:
            return False
        before = self.editor.textCursor()
        backwards = bool(flags & QTextDocument.FindFlag.FindBackward)
        move = QTextCursor.MoveOperation
        self.editor.moveCursor(move.End if backwards else move.Start)
        if self.editor.find(self.words, flags):
            return True
        self.editor.setTextCursor(before)
        return False

    def replace_one(self) -> None:
        """Replace the match that is selected, then go to the next one."""
        cursor = self.editor.textCursor()
        if cursor.selectedText().casefold() == self.words.casefold() and self.words and not self.editor.isReadOnly():
            cursor.insertText(nfc(self.replace_edit.text()))
            self._mark()
        self.find_next()

    def replace_all(self) -> None:
        """Replace every match of this section; one undo takes all back."""
        if not self.words or self.editor.isReadOnly():
            return
        document, with_text = self.editor.document(), nfc(self.replace_edit.text())
        edit = QTextCursor(document)
        edit.beginEditBlock()
        count, cursor = 0, document.find(self.words, 0)
        while not cursor.isNull():
            cursor.insertText(with_text)
            count += 1
            cursor = document.find(self.words, cursor.position())
        edit.endEditBlock()
        self._mark()
        self.match_label.setText(f"Đã thay {count} chỗ; Ctrl+Z để lấy lại")
