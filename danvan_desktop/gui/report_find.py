"""Find and replace in the text of a report: a bar beneath the editor."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QToolButton, QWidget

from ..kernel.finding import places
from ..kernel.text import nfc
from .loader import load_ui, register_widget
from .report_editor import ReportEditor, document_text
from .report_format import units

MAX_MARKED = 500


@register_widget
class FindBar(QWidget):
    """Works on the section in ``editor``; asks for another section when this one holds no further match."""

    leave_section = Signal(str, bool)  # the words looked for, whether backwards
    replace_everywhere = Signal()
    stands = Signal(bool)  # shown, or put away

    find_edit: QLineEdit
    replace_label: QLabel
    replace_edit: QLineEdit
    match_label: QLabel
    case_check: QCheckBox
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
        self.replace_all_button.clicked.connect(self.replace_everywhere)
        self.case_check.toggled.connect(self._mark)
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

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.stands.emit(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.stands.emit(False)

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
        found = self._found(self.editor.document())[:MAX_MARKED] if self.words else []
        self.editor.show_found(found)
        count = f"hơn {MAX_MARKED}" if len(found) == MAX_MARKED else str(len(found))
        self.match_label.setText(f"{count} chỗ trong mục này" if self.words else "")
        for button in (self.replace_button, self.replace_all_button):
            button.setEnabled(bool(found) and not self.editor.isReadOnly())

    # -- what is looked for ---------------------------------------------------------------------

    def places(self, text: str) -> list[tuple[int, int]]:
        """Where the words stand in ``text``. Where they may be replaced, accents count as they were typed."""
        exact_marks = not self.replace_edit.isHidden()
        return places(text, self.words, exact_case=self.case_check.isChecked(), exact_marks=exact_marks)

    def _found(self, document: QTextDocument) -> list[QTextCursor]:
        text = document_text(document)
        plain = units(text) == len(text)
        result = []
        for start, end in self.places(text):
            cursor = QTextCursor(document)
            cursor.setPosition(start if plain else units(text[:start]))
            cursor.setPosition(end if plain else units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
            result.append(cursor)
        return result

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
        """Select the next place after the cursor, or before it; with ``wrap`` also beyond the end of the section."""
        found = self._found(self.editor.document()) if self.words else []
        cursor = self.editor.textCursor()
        if flags & QTextDocument.FindFlag.FindBackward:
            ahead = [item for item in found if item.selectionEnd() <= cursor.selectionStart()][::-1]
            found = found[::-1]
        else:
            ahead = [item for item in found if item.selectionStart() >= cursor.selectionEnd()]
        chosen = next(iter(ahead or (found if wrap else [])), None)
        if chosen is not None:
            self.editor.setTextCursor(chosen)
        return chosen is not None

    def replace_one(self) -> None:
        """Replace the match that is selected, then go to the next one."""
        cursor = self.editor.textCursor()
        chosen = document_text_of(cursor)
        if self.words and self.places(chosen) == [(0, len(chosen))] and not self.editor.isReadOnly():
            cursor.insertText(self._for(chosen))
            self._mark()
        self.find_next()

    def replace_in(self, document: QTextDocument) -> int:
        """Replace every place in a section, as one step; how many there were."""
        found = self._found(document)
        edit = QTextCursor(document)
        edit.beginEditBlock()
        for cursor in found:
            cursor.insertText(self._for(document_text_of(cursor)))
        edit.endEditBlock()
        return len(found)

    def _for(self, chosen: str) -> str:
        """What stands in place of ``chosen``: with a capital where that has one and none was asked for."""
        text = nfc(self.replace_edit.text())
        capital = chosen[:1].isupper() and self.words[:1].islower() and not self.case_check.isChecked()
        return text[:1].upper() + text[1:] if capital else text

    def say(self, text: str) -> None:
        """What was done."""
        self._mark()
        self.match_label.setText(text)


def document_text_of(cursor: QTextCursor) -> str:
    """The selected words; line ends as \\n."""
    return cursor.selectedText().replace("\u2029", "\n")
