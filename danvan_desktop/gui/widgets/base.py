"""What every field widget has in common: value, edited, problem, accessible name, keys that move on."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ...catalog.model import Json, Severity
from .. import theme

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def restyle(widget: QWidget, **properties: str) -> None:
    """Set dynamic properties and let the style sheet look at them again."""
    if all(widget.property(name) == value for name, value in properties.items()):
        return
    for name, value in properties.items():
        widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))  # frames measure their padding anew
    widget.update()


class WrapLabel(QLabel):
    """A word-wrapping label as high as its text needs, also inside scroll areas, which do not ask."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, padding: int = 0) -> None:
        """``padding``: pixels above and below that the style sheet adds."""
        super().__init__(text, parent)
        self._padding = padding
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def _needed(self) -> int:
        room = QRect(0, 0, max(self.width() - 2 * self._padding, 10), 10_000)
        wrapped = self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap.value, self.text() or "X")
        return wrapped.height() + 2 * self._padding + 1

    def sizeHint(self) -> QSize:
        return QSize(60, self._needed())

    def minimumSizeHint(self) -> QSize:
        return QSize(10, self._needed())

    def hasHeightForWidth(self) -> bool:
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()


class FieldWidget(QWidget):
    """Base of the field widgets. ``value()`` is the JSON value of the field (DESIGN §8.5), None when empty."""

    edited = Signal()  # the officer changed something; not sent by set_value
    committed = Signal()  # the field was left or Enter was pressed: a finished field
    focused = Signal()  # the cursor came in
    key_command = Signal(str)  # "undo", "redo", "repeat", "files" (to be pasted); only with form_keys

    enter_moves_on = True
    typing = False  # edits come key by key: a form joins them into one undo step

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form_keys = False  # set by a form: Ctrl+Z, Ctrl+Y and Ctrl+D belong to it
        self._inner: list[QWidget] = []
        self._problem = ""
        self._severity: Severity | None = None
        self._help = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(2)
        self.row = QHBoxLayout()
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(4)
        outer.addLayout(self.row)
        self._problem_label: WrapLabel | None = None
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    # what each kind of field says for itself
    def value(self) -> Json:
        """The value as it would be stored; None when empty or when :meth:`input_error` is not empty."""
        raise NotImplementedError

    def set_value(self, value: Json) -> None:
        """Show ``value``; sends no ``edited``."""
        raise NotImplementedError

    def set_read_only(self, read_only: bool) -> None:
        """Let the value be read and copied, but not changed."""
        raise NotImplementedError

    def commit(self) -> None:
        """Take in what is typed but not finished; show it in its usual form."""

    def input_error(self) -> str:
        """Why what stands in the widget is no value (Vietnamese); empty when it is one."""
        return ""

    def state(self) -> Any:
        """Everything undo must bring back: the value, or the text that is no value."""
        return self.value()

    def set_state(self, state: Any) -> None:
        self.set_value(cast(Json, state))

    # common behaviour
    def watch(self, *inner: QWidget) -> None:
        """``inner`` are the parts that take the focus; the first one gets it when the field does."""
        for widget in inner:
            self._inner.append(widget)
            widget.installEventFilter(self)
        if self.focusProxy() is None:
            self.setFocusProxy(inner[0])

    @property
    def focus_parts(self) -> list[QWidget]:
        return list(self._inner)

    def set_name(self, name: str, help_text: str = "") -> None:
        """The accessible name (the field's title) and description, also shown as tool tip."""
        self._help = help_text
        self.setAccessibleName(name)
        for widget in self._inner:
            widget.setAccessibleName(name)
            if help_text:
                widget.setToolTip(help_text)
        self._describe()

    def set_problem(self, text: str, severity: Severity = Severity.ERROR) -> None:
        """Show ``text`` beneath the field with its severity in words; empty text takes it away."""
        self._problem = text
        self._severity = severity if text else None
        if text and self._problem_label is None:
            self._problem_label = WrapLabel("", self)
            self._problem_label.setProperty("role", "problem")
            layout = cast(QVBoxLayout, self.layout())
            layout.addWidget(self._problem_label)
        if self._problem_label is not None:
            word = theme.SEVERITY_WORDS[severity]
            self._problem_label.setText(f"{word}: {text}" if text else "")
            self._problem_label.setVisible(bool(text))
            restyle(self._problem_label, severity=str(severity))
        for widget in self._inner:
            restyle(widget, severity=str(severity) if text else "")
        self._describe()

    @property
    def problem(self) -> str:
        """The message shown beneath, empty when none."""
        return self._problem

    def _describe(self) -> None:
        word = theme.SEVERITY_WORDS[self._severity] + ": " if self._severity is not None else ""
        text = " ".join(part for part in (word + self._problem, self._help) if part)
        self.setAccessibleDescription(text)
        for widget in self._inner:
            widget.setAccessibleDescription(text)

    def move_on(self, forward: bool = True) -> None:
        """Put the cursor into the next (or the previous) field."""
        self.focusNextPrevChild(forward)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ShortcutOverride and self.form_keys:
            if _command(cast(QKeyEvent, event)):
                event.accept()
                return True
        elif kind == QEvent.Type.KeyPress:
            return self._key(cast(QKeyEvent, event))
        elif kind == QEvent.Type.FocusIn:
            self.focused.emit()
        elif kind == QEvent.Type.FocusOut:
            self._left(cast(QFocusEvent, event))
        return False

    def _key(self, event: QKeyEvent) -> bool:
        command = _command(event) if self.form_keys else ""
        if command:
            self.key_command.emit(command)
            return True
        if event.key() in _ENTER and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            if not self.enter_moves_on:
                return False
            self.commit()
            self.move_on()
            return True
        return False

    def _left(self, event: QFocusEvent) -> None:
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.commit()
            self.committed.emit()


def _command(event: QKeyEvent) -> str:
    if event.matches(QKeySequence.StandardKey.Undo):
        return "undo"
    control = Qt.KeyboardModifier.ControlModifier
    if event.matches(QKeySequence.StandardKey.Redo) or (event.key() == Qt.Key.Key_Y and event.modifiers() == control):
        return "redo"
    if event.key() == Qt.Key.Key_D and event.modifiers() == control:
        return "repeat"
    if event.matches(QKeySequence.StandardKey.Paste) and _files_on_clipboard():
        return "files"
    return ""


def _files_on_clipboard() -> bool:
    """Whether the clipboard holds files or a picture, and no text that a field could take."""
    data = QGuiApplication.clipboard().mimeData()
    return (data.hasImage() and not data.hasText()) or any(url.isLocalFile() for url in data.urls())
