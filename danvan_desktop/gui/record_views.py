"""How the list of a form is looked at: the columns chosen, views saved under a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QMenu, QPushButton, QWidget

from ..catalog.model import Form, Json
from ..kernel.changes import Changes
from ..services.list_views import FormViews, ListView
from ..services.office import Office
from ..services.records import RecordRow
from . import dialogs, theme
from .loader import load_ui
from .records_model import Column
from .runner import Runner

_KEY = Qt.ItemDataRole.UserRole
Way = tuple[tuple[str, ...], str, bool, Mapping[str, Json]]
"""Columns, order, descending, filters: how the page looks at the list now."""


class RecordViews(QObject):
    """The menu of a page. ``columns_chosen(keys)``; ``view_chosen(ListView)``, also for the form's own view."""

    columns_chosen = Signal(object)  # tuple[str, ...]; empty: the form's own
    view_chosen = Signal(object)  # ListView
    loaded = Signal()  # the columns of the form are known
    said = Signal(str)

    def __init__(
        self, office: Office, runner: Runner, button: QPushButton, way: Callable[[], Way], page: QWidget
    ) -> None:
        super().__init__(page)
        self._office, self._runner, self._button, self._way, self._page = office, runner, button, way, page
        self._form: Form | None = None
        self._known = FormViews()
        self._choices: list[Column[RecordRow]] = []
        self._more: list[tuple[str, Callable[[], None]]] = []
        self._menu = QMenu(button)
        self._menu.setToolTipsVisible(True)
        button.setMenu(self._menu)
        self._fill()

    @property
    def columns(self) -> tuple[str, ...]:
        """The keys of the columns this account has chosen for the form; empty: the form's own."""
        return self._known.columns

    def set_form(self, form: Form, choices: Sequence[Column[RecordRow]]) -> None:
        """Another form; ``choices``: the columns there are. ``loaded`` follows."""
        self._form, self._choices = form, list(choices)
        self._known = FormViews()

        def take(known: FormViews) -> None:
            if self._form is form:
                self._known = known
                self._fill()
                self.loaded.emit()

        self._runner.submit_db(
            lambda _progress: self._office.list_views.load(form), take, self._failed, "Đang mở danh sách", owner=self
        )

    def add_act(self, text: str, slot: Callable[[], None]) -> None:
        """A line of the page's own at the end of the menu."""
        self._more.append((text, slot))
        self._fill()

    # the menu
    def _fill(self) -> None:
        menu = self._menu
        menu.clear()
        for number, view in enumerate(self._known.views, 1):
            numbered = f"&{number}. " if number < 10 else ""
            action = menu.addAction(numbered + view.name.replace("&", "&&"))
            action.setToolTip("Mở danh sách với cột, thứ tự và bộ lọc đã lưu.")
            action.triggered.connect(lambda _on=False, chosen=view: self.view_chosen.emit(chosen))
        if self._known.views:
            menu.addSeparator()
        self._act("&Chọn cột… (F8)", self.choose_columns)
        self._act("&Lưu chế độ xem này…", self.save_view)
        self._act("&Trở về danh sách ban đầu", self.back_to_own)
        if self._known.views:
            gone = menu.addMenu("&Xóa chế độ xem")
            for view in self._known.views:
                action = gone.addAction(view.name.replace("&", "&&"))
                action.triggered.connect(lambda _on=False, name=view.name: self.remove_view(name))
        if self._more:
            menu.addSeparator()
        for text, slot in self._more:
            self._act(text, slot)

    def _act(self, text: str, slot: Callable[[], None]) -> QAction:
        action = self._menu.addAction(text)
        action.triggered.connect(lambda _on=False: slot())
        return action

    # acts
    def choose_columns(self) -> None:
        """Ask which columns are shown, in which order, and keep the answer."""
        form = self._form
        if form is None:
            return
        shown = self._way()[0]
        dialog = ColumnsDialog(self._choices, shown, self._page)
        accepted, chosen = bool(dialog.exec()), dialog.chosen()
        dialog.deleteLater()
        if accepted and chosen != shown:
            self._keep(lambda: self._office.list_views.save_columns(form, chosen))
            self.columns_chosen.emit(chosen)

    def save_view(self) -> None:
        """Keep what is shown under a name."""
        form = self._form
        if form is None:
            return
        columns, sort, descending, filters = self._way()
        name = dialogs.ask_text(self._page, "Tên của chế độ xem (cột, thứ tự và bộ lọc đang dùng):")
        if name is None:
            return
        known = self._known.named(name)
        if known is not None and not dialogs.ask(
            self._page, f"Đã có chế độ xem “{known.name}”. Thay bằng danh sách đang hiện?", yes="Thay", no="Giữ cái cũ"
        ):
            return
        view = ListView(name, columns, sort, descending, filters)
        self._keep(
            lambda: self._office.list_views.save_view(form, view),
            f"Đã lưu chế độ xem “{name}”; mở lại ở nút “Chế độ xem”.",
        )

    def remove_view(self, name: str) -> None:
        """Forget a view; records stay."""
        form = self._form
        if form is not None and dialogs.ask(
            self._page, f"Xóa chế độ xem “{name}”?", detail="Các bản ghi không bị ảnh hưởng.", yes="Xóa", no="Giữ lại"
        ):
            self._keep(lambda: self._office.list_views.remove_view(form, name), f"Đã xóa chế độ xem “{name}”.")

    def back_to_own(self) -> None:
        """The list as the form has it: its columns, newest first, nothing left out."""
        form = self._form
        if form is None:
            return
        if self._known.columns:
            self._keep(lambda: self._office.list_views.save_columns(form, ()))
        self.view_chosen.emit(ListView("", ()))

    def _keep(self, act: Callable[[], tuple[FormViews, Changes]], words: str = "") -> None:
        form = self._form

        def kept(answer: tuple[FormViews, Changes]) -> None:
            if self._form is form:
                self._known = answer[0]
                self._fill()
            if words:
                self.said.emit(words)

        self._runner.submit_db(lambda _progress: act(), kept, self._failed, "Đang lưu", owner=self)

    def _failed(self, error: Exception) -> None:
        dialogs.show_error(self._page, error)


class ColumnsDialog(QDialog):
    """Which columns, in which order: Space ticks, Alt+Up and Alt+Down move."""

    hint_label: QLabel
    column_list: QListWidget
    up_button: QPushButton
    down_button: QPushButton
    ok_button: QPushButton
    cancel_button: QPushButton

    def __init__(
        self, choices: Sequence[Column[RecordRow]], shown: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        load_ui(self, "list_columns")
        self.setWindowIcon(theme.icon("danvan"))
        titles = {column.key: column.title for column in choices}
        ordered = [key for key in shown if key in titles]
        for key in [*ordered, *(key for key in titles if key not in ordered)]:
            item = QListWidgetItem(titles[key])
            item.setData(_KEY, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in ordered else Qt.CheckState.Unchecked)
            self.column_list.addItem(item)
        self.column_list.setCurrentRow(0)
        self.column_list.itemChanged.connect(lambda _item: self._enable())
        self.column_list.currentRowChanged.connect(lambda _row: self._enable())
        self.up_button.clicked.connect(lambda: self._move(-1))
        self.down_button.clicked.connect(lambda: self._move(1))
        self.ok_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self._enable()
        self.column_list.installEventFilter(self)
        self.column_list.setFocus()

    def chosen(self) -> tuple[str, ...]:
        """The keys ticked, in order."""
        items = (self.column_list.item(row) for row in range(self.column_list.count()))
        return tuple(str(item.data(_KEY)) for item in items if item.checkState() == Qt.CheckState.Checked)

    def _move(self, by: int) -> None:
        row = self.column_list.currentRow()
        if 0 <= row + by < self.column_list.count():
            item = self.column_list.takeItem(row)
            self.column_list.insertItem(row + by, item)
            self.column_list.setCurrentRow(row + by)

    def _enable(self) -> None:
        row = self.column_list.currentRow()
        self.up_button.setEnabled(row > 0)
        self.down_button.setEnabled(0 <= row < self.column_list.count() - 1)
        self.ok_button.setEnabled(bool(self.chosen()))
        self.hint_label.setText(
            "Phím cách đánh dấu cột; Alt+↑, Alt+↓ đổi thứ tự."
            if self.chosen()
            else "Hãy đánh dấu ít nhất một cột để danh sách có nội dung."
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # the list itself would take Alt+Up for Up
        if watched is self.column_list and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            moves = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
            if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in moves:
                self._move(moves[Qt.Key(event.key())])
                return True
        return super().eventFilter(watched, event)
