"""The one-line and many-line field widgets: text, dates, months, numbers, money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QFrame, QLabel, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from ...catalog.model import Json, Severity
from .. import theme
from ..loader import register_widget
from .base import FieldWidget
from .codec import Codec, DateCodec, MonthCodec, NotAccepted, NumberCodec, TextCodec


class LineField(FieldWidget):
    """A typed field: ``codec`` turns its text into the value; the text that is no value stays, with its reason."""

    typing = True

    def __init__(self, codec: Codec, parent: QWidget | None = None, *, unit_text: str = "") -> None:
        super().__init__(parent)
        self.codec = codec
        self.edit = self._make_edit()
        self.row.addWidget(self.edit, 1)
        self.suffix = QLabel(unit_text, self)
        self.suffix.setProperty("role", "soft")
        self.suffix.setVisible(bool(unit_text))
        self.row.addWidget(self.suffix)
        self.watch(self.edit)
        self.edit.textEdited.connect(self._text_edited)
        self._unknown: Json = None  # a value of another shape (a later version of the form): kept untouched

    def _make_edit(self) -> QLineEdit:
        return QLineEdit(self)

    def _text_edited(self, _text: str) -> None:
        self._unknown = None
        self.edited.emit()

    def value(self) -> Json:
        if self._unknown is not None:
            return self._unknown
        try:
            return self.codec.parse(self.edit.text())
        except NotAccepted:
            return None

    def set_value(self, value: Json) -> None:
        shown = self.codec.show(value)
        self._unknown = value if value is not None and not shown else None
        self.edit.setText(shown)
        self.edit.setCursorPosition(0)

    def input_error(self) -> str:
        try:
            self.codec.parse(self.edit.text())
        except NotAccepted as error:
            return str(error)
        return ""

    def commit(self) -> None:
        try:
            shown = self.codec.show(self.codec.parse(self.edit.text()))
        except NotAccepted as error:
            self.set_problem(str(error), Severity.ERROR)
            return
        if self._unknown is None and shown != self.edit.text():
            self.edit.setText(shown)

    def state(self) -> Any:
        return ("text", self.edit.text()) if self.input_error() else self.value()

    def set_state(self, state: Any) -> None:
        if isinstance(state, tuple):
            self._unknown = None
            self.edit.setText(state[1])
        else:
            self.set_value(state)

    def set_read_only(self, read_only: bool) -> None:
        self.edit.setReadOnly(read_only)
        self.edit.setFocusPolicy(Qt.FocusPolicy.ClickFocus if read_only else Qt.FocusPolicy.StrongFocus)

    def set_unit_text(self, text: str) -> None:
        """The unit shown behind the value (``người``)."""
        self.suffix.setText(text)
        self.suffix.setVisible(bool(text))


@register_widget
class TextField(LineField):
    """One line of text. ``masked`` shows dots instead of the text while the cursor is elsewhere."""

    def __init__(self, parent: QWidget | None = None, *, max_length: int | None = None, masked: bool = False) -> None:
        super().__init__(TextCodec(max_length=max_length), parent)
        self._masked = masked
        if masked:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._masked and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            shown = event.type() == QEvent.Type.FocusIn
            self.edit.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        return super().eventFilter(watched, event)


@register_widget
class LongTextField(FieldWidget):
    """Several lines of text; Tab moves on, Enter makes a new line, Ctrl+Enter moves on."""

    typing = True
    enter_moves_on = False

    def __init__(self, parent: QWidget | None = None, *, max_length: int | None = None, lines: int = 3) -> None:
        super().__init__(parent)
        self._codec = TextCodec(multiline=True, max_length=max_length)
        self.edit = QPlainTextEdit(self)
        self.edit.setTabChangesFocus(True)
        self.edit.setUndoRedoEnabled(True)
        height = self.edit.fontMetrics().lineSpacing() * lines + 20
        self.edit.setFixedHeight(height)
        self.row.addWidget(self.edit)
        self.watch(self.edit)
        self._quiet = False
        self.edit.textChanged.connect(self._changed)

    def _changed(self) -> None:
        if not self._quiet:
            self.edited.emit()

    def _set_text(self, text: str) -> None:
        self._quiet = True
        self.edit.setPlainText(text)
        self._quiet = False

    def value(self) -> Json:
        try:
            return self._codec.parse(self.edit.toPlainText())
        except NotAccepted:
            return None

    def set_value(self, value: Json) -> None:
        self._set_text(self._codec.show(value))

    def input_error(self) -> str:
        try:
            self._codec.parse(self.edit.toPlainText())
        except NotAccepted as error:
            return str(error)
        return ""

    def commit(self) -> None:
        if error := self.input_error():
            self.set_problem(error)

    def state(self) -> Any:
        return self.edit.toPlainText()

    def set_state(self, state: Any) -> None:
        self._set_text(state or "")

    def set_read_only(self, read_only: bool) -> None:
        self.edit.setReadOnly(read_only)
        self.edit.setFocusPolicy(Qt.FocusPolicy.ClickFocus if read_only else Qt.FocusPolicy.StrongFocus)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.move_on()
            return True
        return super()._key(event)


class _CalendarPopup(QFrame):
    """The calendar beneath a date field: arrows choose, Enter takes, Escape closes."""

    def __init__(self, owner: NullableDateEdit) -> None:
        super().__init__(owner, Qt.WindowType.Popup)
        self._owner = owner
        self.setFrameShape(QFrame.Shape.Box)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        self.calendar = QCalendarWidget(self)
        self.calendar.setLocale(QLocale(QLocale.Language.Vietnamese, QLocale.Country.Vietnam))
        self.calendar.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.calendar.setGridVisible(True)
        letters = self.calendar.fontMetrics()
        self.calendar.setMinimumSize(7 * letters.horizontalAdvance("Thứ 200"), 10 * (letters.lineSpacing() + 8))
        self.calendar.activated.connect(self._take)
        self.calendar.clicked.connect(self._take)
        layout.addWidget(self.calendar)

    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F4)
        ):
            event.accept()  # Escape closes the calendar, not the record beneath it
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F4):
            self.hide()
            self._owner.edit.setFocus(Qt.FocusReason.PopupFocusReason)
            return
        super().keyPressEvent(event)

    def _take(self, day: QDate) -> None:
        self.hide()
        self._owner.take_day(date(day.year(), day.month(), day.day()))


@register_widget
class NullableDateEdit(LineField):
    """A date typed straight through (``5/6``, ``05062026``, ``hôm nay``, ``h``); one Tab; F4 opens the calendar.

    Empty is None. ``today`` tells the civil date (kernel.clock); without it short forms are not understood.
    """

    def __init__(self, parent: QWidget | None = None, *, today: Callable[[], date] | None = None) -> None:
        self._today = today or _unknown_today
        super().__init__(DateCodec(lambda: self._today()), parent)
        self.edit.setPlaceholderText("dd/mm/yyyy")
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhDate)
        self._popup: _CalendarPopup | None = None
        action = QAction(theme.icon("calendar"), "Mở lịch (F4)", self.edit)
        action.triggered.connect(self.open_calendar)
        self.edit.addAction(action, QLineEdit.ActionPosition.TrailingPosition)
        self.edit.setMinimumWidth(120)

    def set_today(self, today: Callable[[], date]) -> None:
        """For fields made by a .ui file: where the civil date comes from."""
        self._today = today

    def open_calendar(self) -> None:
        """Show the calendar at the date of the field, or at today."""
        if self.edit.isReadOnly():
            return
        if self._popup is None:
            self._popup = _CalendarPopup(self)
        value = self.value()
        day = date.fromisoformat(value) if isinstance(value, str) else self._today()
        self._popup.calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        self._popup.adjustSize()
        self._popup.move(self.edit.mapToGlobal(QPoint(0, self.edit.height())))
        self._popup.show()
        self._popup.calendar.setFocus()

    def take_day(self, day: date) -> None:
        """Take ``day`` as if it had been typed."""
        self.set_value(day.isoformat())
        self.edited.emit()
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit.selectAll()

    def _left(self, event: QFocusEvent) -> None:
        if self._popup is None or not self._popup.isVisible():  # choosing in the calendar is not leaving the field
            super()._left(event)

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_F4 or (
            event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier
        ):
            self.open_calendar()
            return True
        return super()._key(event)


def _unknown_today() -> date:
    raise NotAccepted("Hãy gõ đủ ngày, tháng, năm.")


@register_widget
class MonthEdit(LineField):
    """A month typed as ``6/2026``, ``062026`` or ``6`` (this year); shown as ``06/2026``; the value is ``2026-06``."""

    def __init__(self, parent: QWidget | None = None, *, today: Callable[[], date] | None = None) -> None:
        self._today = today or _unknown_today
        super().__init__(MonthCodec(lambda: self._today()), parent)
        self.edit.setPlaceholderText("mm/yyyy")

    def set_today(self, today: Callable[[], date]) -> None:
        self._today = today


@register_widget
class NullableNumberEdit(LineField):
    """A whole number, or an integer at ``scale`` decimals, shown as ``1.234,5``; empty is None, never 0."""

    def __init__(self, parent: QWidget | None = None, *, scale: int = 0, unit_text: str = "") -> None:
        super().__init__(NumberCodec(scale), parent, unit_text=unit_text)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)


@register_widget
class MoneyEdit(NullableNumberEdit):
    """Whole đồng, grouped in threes as they are typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, unit_text="đồng")

    def _text_edited(self, text: str) -> None:
        digits = text.replace(".", "")
        if digits.isdigit() and digits.isascii() and len(digits) <= 15:
            behind = len(text[self.edit.cursorPosition() :].replace(".", ""))
            grouped = self.codec.show(int(digits)) if not digits.startswith("0") else text
            if grouped != text:
                self.edit.setText(grouped)
                position = len(grouped)
                while behind > 0:
                    position -= 1
                    behind -= grouped[position] != "."
                self.edit.setCursorPosition(position)
        super()._text_edited(text)


class DerivedField(LineField):
    """A value the program works out: shown in italics, read and copied but not typed, passed over by Tab."""

    typing = False

    def __init__(self, codec: Codec, parent: QWidget | None = None, *, unit_text: str = "") -> None:
        super().__init__(codec, parent, unit_text=unit_text)
        self.edit.setProperty("derived", "true")
        self.edit.setPlaceholderText("(tự tính)")
        self.set_read_only(True)
        self._value: Json = None

    def value(self) -> Json:
        return self._value

    def set_value(self, value: Json) -> None:
        self._value = value
        self.edit.setText(self.codec.show(value))
        self.edit.setCursorPosition(0)

    def commit(self) -> None:
        """Nothing is ever typed here."""

    def input_error(self) -> str:
        return ""
