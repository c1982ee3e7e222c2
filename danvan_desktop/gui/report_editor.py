"""The editor of a report's sections: plain text in which the numbers that come from figures are marked.

Every section keeps its own document, so that undo outlives a look at another section.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QPlainTextDocumentLayout, QPlainTextEdit, QTextEdit, QToolTip, QWidget

from ..kernel.finding import places
from ..kernel.text import nfc
from ..services.report_desk import Look
from . import report_format, theme
from .loader import register_widget

POINT_SIZE = 11


class SpanLike(Protocol):
    """Characters of a text that show a figure (services.report_desk.Span)."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def figure(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def state(self) -> str: ...


def document_text(document: QTextDocument) -> str:
    """The text with its no-break spaces as they are; line ends as \\n."""
    return document.toRawText().replace("\u2029", "\n").replace("\u2028", "\n")


class _Mark:
    """A number of the text bound to a figure; its place follows the typing."""

    def __init__(self, document: QTextDocument, text: str, span: SpanLike) -> None:
        start, end = report_format.units(text[: span.start]), report_format.units(text[: span.end])
        self.cursor = QTextCursor(document)
        self.cursor.setPosition(start)
        self.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.cursor.setKeepPositionOnInsert(True)
        self.text = text[span.start : span.end]
        self.figure = span.figure
        self.title = span.title
        self.no_data = span.state == "no_data"

    @property
    def stands(self) -> bool:
        """Whether the number is still as it was written."""
        return self.cursor.selectedText() == self.text

    def holds(self, position: int) -> bool:
        return self.cursor.selectionStart() <= position <= self.cursor.selectionEnd()


class SectionText:
    """The document of one section, with the text it began from (``base``, for the service) and as last stored."""

    def __init__(self, key: str, parent: QWidget) -> None:
        self.key = key
        self.base: Any = ()
        self.stored = ""
        self.stored_looks: tuple[Look, ...] = ()
        self.document = QTextDocument(parent)
        self.document.setDocumentLayout(QPlainTextDocumentLayout(self.document))
        font = QFont(parent.font())
        font.setPointSize(POINT_SIZE)
        self.document.setDefaultFont(font)
        self.marks: list[_Mark] = []

    @property
    def text(self) -> str:
        """As typed, in the one spelling that is stored."""
        return nfc(document_text(self.document)).replace("\t", " ")

    @property
    def looks(self) -> tuple[Look, ...]:
        """What of the text is bold or italic."""
        return report_format.looks(self.document)

    @property
    def changed(self) -> bool:
        return self.text != self.stored or self.looks != self.stored_looks

    def begin(self, text: str, base: Any, spans: Sequence[SpanLike], looks: Sequence[Look] = ()) -> None:
        """Write ``text`` anew; nothing is left to undo."""
        self.document.setPlainText(text)
        report_format.apply(self.document, text, looks)
        self.document.clearUndoRedoStacks()
        self.base = base
        self.stored_looks = tuple(looks)
        self.note_stored(text, spans)

    def note_stored(self, text: str, spans: Sequence[SpanLike]) -> None:
        """``text`` is what is stored now; its numbers are marked when it is also what stands here."""
        self.stored = text
        if document_text(self.document) == text:
            self.marks = [_Mark(self.document, text, span) for span in spans]


@register_widget
class ReportEditor(QPlainTextEdit):
    """Shows a :class:`SectionText`. F2 or Ctrl+click on a number asks for its figure."""

    figure_asked = Signal(str)  # figure key
    no_figure = Signal()  # F2 where no bound number stands
    undo_asked = Signal()  # Ctrl+Z and Ctrl+Y go over all sections
    redo_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._section: SectionText | None = None
        self._found: list[QTextCursor] = []
        self._remarks: list[tuple[str, str]] = []  # words commented on, and the comment
        self.setTabChangesFocus(True)
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)

    @property
    def section(self) -> SectionText | None:
        return self._section

    def show_section(self, section: SectionText) -> None:
        """Put the document of ``section`` on the desk; the cursor stands at its beginning."""
        if section is self._section:
            return
        if self._section is not None:
            self._section.document.contentsChanged.disconnect(self.paint_marks)
        self._section = section
        self._found = []
        self.setDocument(section.document)
        section.document.contentsChanged.connect(self.paint_marks)
        self.moveCursor(QTextCursor.MoveOperation.Start)
        self.paint_marks()

    def show_found(self, found: list[QTextCursor]) -> None:
        """Places that a search found, in their own colour."""
        self._found = found
        self.paint_marks()

    def show_remarks(self, remarks: list[tuple[str, str]]) -> None:
        """Words that colleagues commented on, each with the comment: underlined with a wave."""
        self._remarks = remarks
        self.paint_marks()

    def _remarked(self) -> list[tuple[QTextCursor, str]]:
        found = []
        for quote, words in self._remarks:
            cursor = self._cursor_at(quote)
            if cursor is not None:
                found.append((cursor, words))
        return found

    def _cursor_at(self, words: str) -> QTextCursor | None:
        """The first place of ``words``, whatever line ends stand between them."""
        text = document_text(self.document())
        place = next(iter(places(text.replace("\n", " "), words, exact_case=True, exact_marks=True)), None)
        if place is None:
            return None
        cursor = QTextCursor(self.document())
        cursor.setPosition(report_format.units(text[: place[0]]))
        cursor.setPosition(report_format.units(text[: place[1]]), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def select_words(self, words: str) -> bool:
        """Select the first place of ``words``; False when they do not stand here (any more)."""
        cursor = self._cursor_at(words) if words else None
        if cursor is not None:
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
        return cursor is not None

    def paint_marks(self) -> None:
        """Show which numbers are bound: underlined on blue, those without data on red."""
        shown = []
        for mark in self._section.marks if self._section else ():
            if mark.stands:
                look = QTextCharFormat()
                ground = theme.COLOURS.danger_soft if mark.no_data else theme.COLOURS.accent_soft
                look.setBackground(QColor(ground))
                look.setForeground(QColor(theme.COLOURS.danger if mark.no_data else theme.COLOURS.accent_dark))
                look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
                shown.append(_selection(mark.cursor, look))
        for cursor, _words in self._remarked():
            look = QTextCharFormat()
            look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            look.setUnderlineColor(QColor(theme.COLOURS.warn))
            look.setBackground(QColor(theme.COLOURS.warn_soft))
            shown.append(_selection(cursor, look))
        for cursor in self._found:
            look = QTextCharFormat()
            look.setBackground(QColor("#ffe08a"))
            shown.append(_selection(cursor, look))
        self.setExtraSelections(shown)

    def mark_at(self, position: int) -> _Mark | None:
        """The bound number at a place of the text."""
        marks = self._section.marks if self._section else []
        return next((mark for mark in marks if mark.stands and mark.holds(position)), None)

    def select_figure(self, key: str) -> bool:
        """Select the first number of a figure; False when it does not stand in this section."""
        for mark in self._section.marks if self._section else ():
            if mark.figure == key and mark.stands:
                self.setTextCursor(QTextCursor(mark.cursor))
                self.ensureCursorVisible()
                return True
        return False

    def ask_figure(self) -> None:
        """What F2 does."""
        mark = self.mark_at(self.textCursor().position()) or self.mark_at(self.textCursor().anchor())
        if mark is not None:
            self.figure_asked.emit(mark.figure)
        else:
            self.no_figure.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._act_of(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()
            event.accept()

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """What a key does here that it does not in any plain text."""
        if event.key() == Qt.Key.Key_F2 and event.modifiers() == Qt.KeyboardModifier.NoModifier:
            return self.ask_figure
        if self.isReadOnly():
            return None
        for standard, act in (
            (QKeySequence.StandardKey.Bold, lambda: self.toggle(bold=True)),
            (QKeySequence.StandardKey.Italic, lambda: self.toggle(italic=True)),
            (QKeySequence.StandardKey.Undo, self.undo_asked.emit),
            (QKeySequence.StandardKey.Redo, self.redo_asked.emit),
        ):
            if event.matches(standard):
                return act
        pressed = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        if event.key() == Qt.Key.Key_Y and pressed == control:
            return self.redo_asked.emit
        if event.key() == Qt.Key.Key_L and pressed == control | shift:
            return lambda: report_format.turn_bullets(self.textCursor())
        return None

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._act_of(event):
            event.accept()  # before a key of the page or the window
            return True
        return super().event(event)

    def toggle(self, *, bold: bool = False, italic: bool = False) -> None:
        """Bold or italics on or off: of the words selected (a bound number as a whole), else of what is typed next."""
        cursor = self.textCursor()
        if cursor.hasSelection():
            start, end = cursor.selectionStart(), cursor.selectionEnd()
            for mark in self._section.marks if self._section else ():
                if mark.stands and mark.cursor.selectionStart() < end and mark.cursor.selectionEnd() > start:
                    start = min(start, mark.cursor.selectionStart())
                    end = max(end, mark.cursor.selectionEnd())
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        made = report_format.toggle(cursor, bold=bold, italic=italic)
        if not cursor.hasSelection():
            self.mergeCurrentCharFormat(made)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Pasted text keeps bold, italics and bullets; everything else of it is lost."""
        pieces = report_format.pieces_of(source.html()) if source.hasHtml() else None
        if pieces is None:
            super().insertFromMimeData(source)
            return
        report_format.insert(self.textCursor(), pieces)
        self.ensureCursorVisible()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            mark = self._mark_under(event.position().toPoint())
            if mark is not None:
                self.setTextCursor(QTextCursor(mark.cursor))
                self.figure_asked.emit(mark.figure)
                event.accept()
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._mark_under(event.position().toPoint())
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.IBeamCursor)
        super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            mark = self._mark_under(event.pos())
            text = f"{mark.title}. Nhấn F2 hoặc Ctrl+bấm chuột để xem nguồn số liệu." if mark else ""
            at = self.cursorForPosition(event.pos()).position()
            said = [
                words for cursor, words in self._remarked() if cursor.selectionStart() <= at < cursor.selectionEnd()
            ]
            text = "\n".join(filter(None, [text, *said]))
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().viewportEvent(event)

    def _mark_under(self, point: QPoint) -> _Mark | None:
        cursor = self.cursorForPosition(point)
        mark = self.mark_at(cursor.position())
        return mark if mark is not None and abs(self.cursorRect(cursor).left() - point.x()) < 30 else None


def _selection(cursor: QTextCursor, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
    item = QTextEdit.ExtraSelection()
    item.cursor = cursor
    item.format = look
    return item
