"""Merge, rename and history of agencies and villages: the buttons beneath their lists in the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from ..kernel import clock
from ..kernel.changes import Changes
from ..kernel.text import squeeze
from ..services.office import Office
from ..services.places import KIND_WORDS, PlaceKind, PlaceStory
from . import dialogs
from .loader import load_ui
from .office_widgets import PlaceLine, PlacesEditor
from .widgets import NullableDateEdit

if TYPE_CHECKING:
    from .settings_page import SettingsPage

_ID = Qt.ItemDataRole.UserRole
_PARTS = {"agency": "agencies", "village": "villages"}


class _DatedDialog(QDialog):
    """What both dialogs share: a day, a source, a sentence when something is missing."""

    about_label: QLabel
    name_edit: QLineEdit
    day_field_title: QLabel
    day_field: NullableDateEdit
    source_edit: QLineEdit
    error_label: QLabel
    ok_button: QPushButton
    cancel_button: QPushButton

    def __init__(self, ui: str, today: date, parent: QWidget | None) -> None:
        super().__init__(parent)
        load_ui(self, ui)
        self.day = today
        self.day_field_title.setBuddy(self.day_field.edit)
        self.day_field.set_today(lambda: today)
        self.day_field.set_value(today.isoformat())
        self.error_label.hide()
        self.ok_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)

    def day_fits(self) -> bool:
        """Whether a day stands there; says so otherwise."""
        value = self.day_field.value()
        if isinstance(value, str):
            self.day = date.fromisoformat(value)
            return True
        self.wrong("Hãy nhập ngày có hiệu lực theo dạng ngày/tháng/năm.", self.day_field.edit)
        return False

    def wrong(self, sentence: str, field: QWidget) -> None:
        """Say what is missing, and go there."""
        self.error_label.setText(sentence)
        self.error_label.show()
        field.setFocus()


class MergeDialog(_DatedDialog):
    """Which places go into which; the answers once accepted."""

    place_list: QListWidget
    into_combo: QComboBox

    def __init__(
        self, places: Sequence[PlaceLine], chosen: str, words: str, today: date, parent: QWidget | None = None
    ) -> None:
        super().__init__("place_merge", today, parent)
        self.setWindowTitle(f"Sáp nhập {words}")
        self.about_label.setText(
            "Nơi cũ thôi dùng nhưng bản ghi giữ nguyên; danh sách và số liệu của nơi mới gồm cả nơi cũ. Nhập nhầm thì "
            "hoàn tác được ở “Lịch sử”."
        )
        self.into_combo.addItem("Nơi mới, ghi tên ở dưới", "")
        for place in places:
            item = QListWidgetItem(place.name, self.place_list)
            item.setData(_ID, place.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if place.id == chosen else Qt.CheckState.Unchecked)
            self.into_combo.addItem(place.name, place.id)
        self.place_list.setCurrentRow(0)
        self.into_combo.currentIndexChanged.connect(lambda _at: self.name_edit.setEnabled(not self.into))
        self.place_list.setFocus()

    @property
    def into(self) -> str:
        return str(self.into_combo.currentData() or "")

    def olds(self) -> list[str]:
        """The ids marked, without the one they go into."""
        rows = [self.place_list.item(row) for row in range(self.place_list.count())]
        marked = [str(item.data(_ID)) for item in rows if item.checkState() == Qt.CheckState.Checked]
        return [key for key in marked if key != self.into]

    def accept(self) -> None:
        if len(self.olds()) < (1 if self.into else 2):
            self.wrong("Hãy đánh dấu các nơi được sáp nhập (phím Cách).", self.place_list)
        elif not self.into and not squeeze(self.name_edit.text()):
            self.wrong("Hãy ghi tên của nơi mới.", self.name_edit)
        elif self.day_fits():
            super().accept()


class RenameDialog(_DatedDialog):
    """Another name from a day on; the answers once accepted."""

    short_edit: QLineEdit

    def __init__(self, place: PlaceLine, today: date, parent: QWidget | None = None) -> None:
        super().__init__("place_rename", today, parent)
        self.about_label.setText(f"“{place.name}”: bản ghi trước ngày đổi tên vẫn hiện tên cũ.")
        self.name_edit.setFocus()

    def accept(self) -> None:
        if not squeeze(self.name_edit.text()):
            self.wrong("Hãy ghi tên mới.", self.name_edit)
        elif self.day_fits():
            super().accept()


class PlaceHistoryDialog(QDialog):
    """What was merged and renamed, by whom; ``chosen``: the one to be taken back."""

    about_label: QLabel
    story_list: QListWidget
    error_label: QLabel
    ok_button: QPushButton
    cancel_button: QPushButton

    def __init__(self, stories: Sequence[PlaceStory], may: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "place_history")
        self._stories = stories
        self.error_label.hide()
        self.about_label.setText("Lần mới nhất ở trên." if stories else "Chưa có lần sáp nhập, đổi tên nào được ghi.")
        for story in stories:
            notes = "; ".join(text for text in (story.source, story.entered, story.undone) if text)
            self.story_list.addItem(f"{story.sentence}\n{notes}")
        self.story_list.setWordWrap(True)
        self.story_list.currentRowChanged.connect(lambda _row: self._enable(may))
        self.ok_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self.story_list.setCurrentRow(0)
        self._enable(may)

    @property
    def chosen(self) -> PlaceStory | None:
        row = self.story_list.currentRow()
        return self._stories[row] if 0 <= row < len(self._stories) else None

    def _enable(self, may: bool) -> None:
        story = self.chosen
        self.ok_button.setEnabled(may and story is not None and not story.undone)


class PlacesPart:
    """The buttons of one list."""

    def __init__(self, page: SettingsPage, office: Office, editor: PlacesEditor, kind: PlaceKind, may: bool) -> None:
        self._page = page
        self._office = office
        self._editor = editor
        self._kind: PlaceKind = kind
        self._may = may
        for button, act in (
            (editor.places_merge_button, self.merge),
            (editor.places_rename_button, self.rename),
            (editor.places_history_button, self.history),
        ):
            button.show()
            button.clicked.connect(act)
        editor.places_merge_button.setEnabled(may)
        editor.places_rename_button.setEnabled(may)

    def _today(self) -> date:
        return clock.today(self._office.context.clock)

    def _stored(self) -> bool:
        """Whether the list stands as it is stored; says so otherwise."""
        if self._editor.changed:
            self._page.refuse("Danh sách có dòng chưa lưu. Hãy lưu danh sách trước khi sáp nhập, đổi tên.")
            return False
        return True

    def _line(self) -> PlaceLine | None:
        lines, row = self._editor.lines(), self._editor.places_table.currentRow()
        return lines[row] if 0 <= row < len(lines) else None

    def merge(self) -> None:
        """Ask which places go into which, and write it."""
        if not self._stored():
            return
        places = [line for line in self._editor.lines() if line.active]
        line = self._line()
        dialog = MergeDialog(
            places, line.id if line else "", KIND_WORDS[self._kind], self._today(), self._page.window()
        )
        if dialog.exec():
            olds, into, name = dialog.olds(), dialog.into, dialog.name_edit.text()
            on, source = dialog.day, dialog.source_edit.text()
            self._write(
                lambda: self._office.places.merge(
                    self._kind, olds, into=into, name="" if into else name, on=on, source=source
                )[1],
                "Đã sáp nhập; bản ghi cũ giữ nguyên nơi đã ghi.",
            )
        dialog.deleteLater()

    def rename(self) -> None:
        """Ask for the new name of the place chosen, and write it."""
        line = self._line()
        if line is None or not self._stored():
            return
        dialog = RenameDialog(line, self._today(), self._page.window())
        if dialog.exec():
            name, short = dialog.name_edit.text(), dialog.short_edit.text()
            on, source = dialog.day, dialog.source_edit.text()
            self._write(
                lambda: self._office.places.rename(self._kind, line.id, name, short_name=short, on=on, source=source)[
                    1
                ],
                f"Đã đổi tên “{line.name}”.",
            )
        dialog.deleteLater()

    def history(self) -> None:
        """Show what was merged and renamed; one can be taken back."""
        self._page.read(self._office.places.history, self._show_history, "Đang đọc lịch sử")

    def _show_history(self, stories: tuple[PlaceStory, ...]) -> None:
        mine = [story for story in stories if story.kind == self._kind]
        dialog = PlaceHistoryDialog(mine, self._may, self._page.window())
        if dialog.exec() and dialog.chosen is not None and self._stored():
            story = dialog.chosen
            if dialogs.ask(
                self._page, f"Hoàn tác: {story.sentence}?", detail="Danh sách trở lại như trước lần này.",
                yes="Hoàn tác", no="Giữ nguyên", default=False,
            ):  # fmt: skip
                self._write(lambda: self._office.places.undo(story.batch), "Đã hoàn tác.")
        dialog.deleteLater()

    def _write(self, act: Callable[[], Changes], said: str) -> None:
        self._page.do(act, said, _PARTS[self._kind])
