"""Field widgets that choose: one of a list, several, yes or no, an agency, villages, another record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QRadioButton,
    QWidget,
)
from shiboken6 import isValid

from ...catalog.model import Choice, Json
from ..loader import register_widget
from .base import FieldWidget
from .codec import ChoiceCodec, NotAccepted
from .suggest import Deliver, SuggestEdit, search_in


@register_widget
class ChoiceCombo(FieldWidget):
    """One of a list: filters while one types, accents not needed; F4 or Down opens, Delete empties.

    A key that is not in the list (an older catalogue) is kept and shown as such.
    """

    typing = True

    def __init__(self, parent: QWidget | None = None, choices: Sequence[Choice] = ()) -> None:
        super().__init__(parent)
        self._codec = ChoiceCodec(choices)
        self._key_chosen: str | None = None
        self.edit = SuggestEdit(search_in(lambda text: self._codec.matches(text)), self)
        self.edit.setPlaceholderText("Gõ để tìm…")
        self.edit.picked.connect(self._picked)
        self.edit.textEdited.connect(self._typed)
        self.row.addWidget(self.edit, 1)
        self.watch(self.edit)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other choices; the value stays."""
        self._codec = ChoiceCodec(choices)
        self.edit.setText(self._codec.show(self._key_chosen))

    def value(self) -> Json:
        if self._key_chosen is not None:
            return self._key_chosen
        try:
            return self._codec.parse(self.edit.text())
        except NotAccepted:
            return None

    def set_value(self, value: Json) -> None:
        self._key_chosen = value if isinstance(value, str) else None
        self.edit.setText(self._codec.show(self._key_chosen))
        self.edit.setCursorPosition(0)

    def input_error(self) -> str:
        if self._key_chosen is not None:
            return ""
        try:
            self._codec.parse(self.edit.text())
        except NotAccepted as error:
            return str(error)
        return ""

    def commit(self) -> None:
        if self._key_chosen is None and not self.edit.take() and self.edit.text().strip():
            error = self.input_error()
            if error:
                self.set_problem(error)
            else:
                self.set_value(self.value())
        elif self._key_chosen is not None:
            self.edit.take()
        self.edit.close_popup()

    def state(self) -> Any:
        return ("text", self.edit.text()) if self.input_error() else self.value()

    def set_state(self, state: Any) -> None:
        if isinstance(state, tuple):
            self._key_chosen = None
            self.edit.setText(state[1])
        else:
            self.set_value(state)

    def set_read_only(self, read_only: bool) -> None:
        self.edit.setReadOnly(read_only)
        self.edit.setFocusPolicy(Qt.FocusPolicy.ClickFocus if read_only else Qt.FocusPolicy.StrongFocus)

    def _picked(self, key: str) -> None:
        if key != self._key_chosen:
            self._key_chosen = key
            self.edited.emit()

    def _typed(self, _text: str) -> None:
        self._key_chosen = None
        self.edited.emit()

    def _key(self, event: QKeyEvent) -> bool:
        if (
            event.key() == Qt.Key.Key_Delete
            and event.modifiers() == Qt.KeyboardModifier.NoModifier
            and not self.edit.isReadOnly()
            and (not self.edit.isModified() or self.edit.hasSelectedText() or self._key_chosen is not None)
        ):
            self.edit.close_popup()
            self.set_value(None)
            self.edited.emit()
            return True
        if event.key() == Qt.Key.Key_Tab and self.edit.popup_open:
            self.commit()  # Tab takes what is marked, like Enter
        return super()._key(event)


@register_widget
class UnitCombo(ChoiceCombo):
    """An agency of this office; ``choices`` are (id, name)."""


@register_widget
class RecordPicker(FieldWidget):
    """A link to another record: ``search(text, deliver)`` offers (id, label), ``title(id, deliver)`` names one.

    Both may answer later. The value is the record's id.
    """

    typing = True

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        search: Callable[[str, Deliver], None] | None = None,
        title: Callable[[str, Callable[[str], None]], None] | None = None,
    ) -> None:
        super().__init__(parent)
        self._search = search
        self._title = title
        self._id: str | None = None
        self._asked = 0
        self.edit = SuggestEdit(self._find, self, icon="search")
        self.edit.set_search_delay(120)
        self.edit.setPlaceholderText("Gõ để tìm bản ghi…")
        self.edit.picked.connect(self._picked)
        self.edit.textEdited.connect(self._typed)
        self.row.addWidget(self.edit, 1)
        self.watch(self.edit)

    def set_search(
        self, search: Callable[[str, Deliver], None], title: Callable[[str, Callable[[str], None]], None]
    ) -> None:
        self._search, self._title = search, title

    def _find(self, text: str, deliver: Deliver) -> None:
        if self._search is not None:
            self._search(text, deliver)

    def value(self) -> Json:
        return self._id

    def set_value(self, value: Json) -> None:
        self._id = value if isinstance(value, str) else None
        self._asked += 1
        number = self._asked
        self.edit.setText("" if self._id is None else "…" if self._title else self._id)
        if self._id is not None and self._title is not None:
            self._title(self._id, lambda text: self._named(number, text))

    def _named(self, number: int, text: str) -> None:
        if number == self._asked and isValid(self):
            self.edit.setText(text)
            self.edit.setCursorPosition(0)

    def input_error(self) -> str:
        return "Hãy chọn bản ghi trong danh sách gợi ý." if self._id is None and self.edit.text().strip() else ""

    def commit(self) -> None:
        if self._id is None:
            self.edit.take()
        if error := self.input_error():
            self.set_problem(error)
        self.edit.close_popup()

    def state(self) -> Any:
        return ("text", self.edit.text()) if self._id is None else self._id

    def set_state(self, state: Any) -> None:
        if isinstance(state, tuple):
            self.set_value(None)
            self.edit.setText(state[1])
        else:
            self.set_value(state)

    def set_read_only(self, read_only: bool) -> None:
        self.edit.setReadOnly(read_only)
        self.edit.setFocusPolicy(Qt.FocusPolicy.ClickFocus if read_only else Qt.FocusPolicy.StrongFocus)

    def _picked(self, key: str) -> None:
        self._asked += 1
        self._id = key
        self.edited.emit()

    def _typed(self, _text: str) -> None:
        self._asked += 1
        self._id = None
        self.edited.emit()

    def _key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Delete and self._id is not None and not self.edit.isReadOnly():
            self.set_value(None)
            self.edited.emit()
            return True
        if event.key() == Qt.Key.Key_Tab and self.edit.popup_open:
            self.commit()
        return super()._key(event)


@register_widget
class YesNo(FieldWidget):
    """Có, Không, or not entered: three states; C and K choose, Delete takes back, arrows move; one Tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._buttons: dict[bool | None, QRadioButton] = {}
        for number, (answer, text) in enumerate(((True, "Có"), (False, "Không"), (None, "Chưa nhập"))):
            button = QRadioButton(text, self)
            self._group.addButton(button, number)
            self._buttons[answer] = button
            self.row.addWidget(button)
        self.row.addStretch(1)
        self.watch(*self._buttons.values())
        self.set_value(None)
        self._group.idToggled.connect(self._toggled)
        self._quiet = False

    def value(self) -> Json:
        return {0: True, 1: False}.get(self._group.checkedId())

    def set_value(self, value: Json) -> None:
        self._quiet = True
        self._buttons[value if isinstance(value, bool) else None].setChecked(True)
        self._quiet = False
        self._proxy()

    def set_read_only(self, read_only: bool) -> None:
        for button in self._buttons.values():
            button.setEnabled(not read_only)

    def set_name(self, name: str, help_text: str = "") -> None:
        super().set_name(name, help_text)
        for button in self._buttons.values():
            button.setAccessibleName(f"{name}: {button.text()}")

    def _proxy(self) -> None:
        self.setFocusProxy(self._buttons[self.value() if isinstance(self.value(), bool) else None])  # type: ignore[index]  # narrowed just here

    def _toggled(self, _number: int, on: bool) -> None:
        if on and not self._quiet:
            self._proxy()
            self.edited.emit()

    def _left(self, event: Any) -> None:
        if not any(button.hasFocus() for button in self._buttons.values()):
            super()._left(event)

    def _key(self, event: QKeyEvent) -> bool:
        empties = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
        chosen = {"c": True, "k": False}.get(event.text().lower())
        if (empties or chosen is not None) and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            button = self._buttons[None if empties else chosen]
            button.click()
            button.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return super()._key(event)
