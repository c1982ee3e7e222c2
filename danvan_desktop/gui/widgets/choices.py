"""Field widgets that choose: one of a list, several, yes or no, an agency, villages, another record."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QLabel,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from ...catalog.model import Choice, Json
from ...kernel.text import fold
from ..loader import register_widget
from .base import FieldWidget, restyle
from .codec import ChoiceCodec, NotAccepted
from .suggest import Deliver, SuggestEdit, search_in

_KEY = Qt.ItemDataRole.UserRole
_FILTER_FROM = 10  # with fewer choices all are seen at once


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
        if number == self._asked:
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


class _CheckList(QListWidget):
    """Boxes in columns, as high as they need up to a few rows."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("checks", "true")
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setWordWrap(False)
        self.max_rows = 5
        self._columns = 1

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        restyle(self, current="shown")

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        restyle(self, current="")

    @property
    def columns(self) -> int:
        return self._columns

    def fit(self) -> None:
        """Choose the columns and the height for the width at hand."""
        metrics = self.fontMetrics()
        shown = [self.item(row) for row in range(self.count()) if not self.item(row).isHidden()]
        widest = max((metrics.horizontalAdvance(item.text()) for item in shown), default=60) + 46
        room = max(self.width() - 2 * self.frameWidth() - 20, 80)
        self._columns = max(1, min(room // widest, 4, max(1, len(shown))))
        cell = QSize(room // self._columns, metrics.lineSpacing() + 8)
        self.setGridSize(cell)
        for item in shown:
            item.setSizeHint(cell)
        lines = -(-len(shown) // self._columns)
        self.setFixedHeight(cell.height() * max(1, min(lines, self.max_rows)) + 2 * self.frameWidth() + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()


@register_widget
class MultiChoice(FieldWidget):
    """Several of a list as check boxes: arrows move, Space ticks, Enter moves on; a filter when the list is long.

    The value is the list of keys in the order of the list, None when nothing is ticked.
    """

    def __init__(self, parent: QWidget | None = None, choices: Sequence[Choice] = ()) -> None:
        super().__init__(parent)
        box = QVBoxLayout()
        box.setSpacing(2)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Lọc (không cần dấu); mũi tên xuống để chọn, phím cách để đánh dấu")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.list = _CheckList(self)
        self.list.itemChanged.connect(self._item_changed)
        self.summary = QLabel(self)
        self.summary.setProperty("role", "soft")
        box.addWidget(self.filter)
        box.addWidget(self.list)
        box.addWidget(self.summary)
        self.row.addLayout(box)
        self._quiet = False
        self._others: list[Json] = []  # keys this list does not know: kept
        self.set_choices(choices)
        self.watch(self.list, self.filter)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other choices; ticks that still exist stay."""
        ticked = self.value()
        self._quiet = True
        self.list.clear()
        for choice in choices:
            item = QListWidgetItem(choice.title)
            item.setData(_KEY, choice.key)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            item.setToolTip(choice.note or choice.title)
            self.list.addItem(item)
        self._quiet = False
        long_list = len(choices) >= _FILTER_FROM
        self.filter.setVisible(long_list)
        self.summary.setVisible(long_list)
        self.setFocusProxy(self.filter if long_list else self.list)
        self.list.setFocusPolicy(Qt.FocusPolicy.ClickFocus if long_list else Qt.FocusPolicy.StrongFocus)  # one Tab
        self.set_value(ticked)
        self.list.fit()

    def value(self) -> Json:
        keys: list[Any] = [item.data(_KEY) for item in self._items() if item.checkState() == Qt.CheckState.Checked]
        return (keys + self._others) or None

    def set_value(self, value: Json) -> None:
        wanted = list(value) if isinstance(value, list) else []
        self._quiet = True
        known = set()
        for item in self._items():
            known.add(item.data(_KEY))
            ticked = item.data(_KEY) in wanted
            item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self._others = [key for key in wanted if key not in known]
        self._quiet = False
        if self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)
        self._sum_up()

    def set_read_only(self, read_only: bool) -> None:
        self.list.setEnabled(not read_only)
        self.filter.setEnabled(not read_only)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(row) for row in range(self.list.count())]

    def _item_changed(self, _item: QListWidgetItem) -> None:
        if not self._quiet:
            self._sum_up()
            self.edited.emit()

    def _sum_up(self) -> None:
        titles = [item.text() for item in self._items() if item.checkState() == Qt.CheckState.Checked]
        self.summary.setText(f"Đã chọn {len(titles)}" + (": " + "; ".join(titles[:4]) if titles else ""))
        self.summary.setToolTip("\n".join(titles))

    def _filter(self, text: str) -> None:
        parts = fold(text).split()
        first = -1
        for row, item in enumerate(self._items()):
            fits = all(part in fold(item.text()) for part in parts)
            item.setHidden(not fits)
            if fits and first < 0:
                first = row
        self.list.setCurrentRow(first)
        self.list.fit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if watched is self.filter:
                if event.key() == Qt.Key.Key_Down and self.list.currentRow() >= 0:
                    self.list.setFocus(Qt.FocusReason.OtherFocusReason)
                    return True
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self.filter.text().strip():
                    self._toggle_current()
                    self.filter.selectAll()
                    return True
            elif watched is self.list and plain:
                step = _STEPS.get(event.key())
                if step is not None:
                    return self._step(step[0] + step[1] * self.list.columns)
                text = event.text()
                if self.filter.isVisible() and text.strip() and text.isprintable():
                    self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
                    self.filter.setText(text)
                    return True
        return super().eventFilter(watched, event)

    def _toggle_current(self) -> None:
        if self.list.currentRow() >= 0 and not self.list.currentItem().isHidden():
            item = self.list.currentItem()
            on = item.checkState() == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def _step(self, by: int) -> bool:
        shown = [row for row in range(self.list.count()) if not self.list.item(row).isHidden()]
        if not shown:
            return True
        at = shown.index(self.list.currentRow()) if self.list.currentRow() in shown else 0
        if at + by < 0 and self.filter.isVisible():
            self.filter.setFocus(Qt.FocusReason.OtherFocusReason)
        elif 0 <= at + by < len(shown):
            self.list.setCurrentRow(shown[at + by])
        return True


# (across, down): lists step across by one, down by the number of columns
_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


@register_widget
class VillagePicker(MultiChoice):
    """The villages (thôn, tổ dân phố) concerned; ``choices`` are (id, name)."""


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
