"""The button "Bảng tính" of a list of records: a template out, a sheet or a pasted block in, imports undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ..catalog.model import Form
from ..services.office import Office
from ..services.sheets import OpenedSheet
from . import dialogs
from .import_dialog import ImportDialog
from .import_list import ImportListDialog
from .record_data import fetch_lists
from .record_keys import shortcuts
from .runner import Runner

_FILES = "Bảng tính Excel (*.xlsx);;Mọi tệp (*)"


class ListPage(Protocol):
    """What the menu needs of the page of records."""

    list_page: QWidget
    table: Any
    new_button: QPushButton
    said: Any

    @property
    def form(self) -> Form | None: ...

    def _wrote(self, changes: Any) -> None: ...


class ImportMenu(QObject):
    """Lives as long as its page; acts only where new records may be added."""

    def __init__(self, office: Office, runner: Runner, page: Any) -> None:
        super().__init__(page)
        button = page.findChild(QPushButton, "sheet_button")
        assert button is not None, "records_page.ui has lost its button"
        self._office, self._runner = office, runner
        self._page: ListPage = page
        self._window: QWidget = page
        self.dialog: ImportDialog | None = None
        self.list_dialog: ImportListDialog | None = None
        self.menu = QMenu(button)
        self.menu.addAction("&Nhập từ Excel…\tCtrl+I", self.open_file)
        self.menu.addAction("&Dán vùng chép từ Excel\tCtrl+V", self.paste)
        self.menu.addAction("&Tạo mẫu Excel…\tCtrl+M", self.make_template)
        self.menu.addSeparator()
        self.menu.addAction("&Các lần đã nhập, hoàn tác…", self.show_imports)
        button.setMenu(self.menu)
        shortcuts(self._page.list_page, (("Ctrl+I", self.open_file), ("Ctrl+M", self.make_template)))
        shortcuts(self._page.table, (("Ctrl+V", self.paste),), Qt.ShortcutContext.WidgetShortcut)

    def _form(self) -> Form | None:
        return self._page.form if self._page.new_button.isEnabled() else None

    def _run(self, work: Callable[[], Any], done: Callable[[Any], Any], label: str) -> None:
        self._runner.submit_db(
            lambda _progress: work(), done, lambda error: dialogs.show_error(self._window, error), label, owner=self
        )

    def make_template(self) -> None:
        """Write the empty workbook of the form shown."""
        form = self._page.form
        if form is None:
            return
        path = dialogs.save_file(self._window, "Tạo mẫu Excel", f"mau-{form.key}.xlsx", "Bảng tính Excel (*.xlsx)")
        if path is not None:
            sheets = self._office.sheets
            self._run(
                lambda: sheets.write_template(form.key, path),
                lambda _none: self._page.said.emit(f"Đã tạo mẫu nhập {path.name}."),
                "Đang tạo mẫu nhập",
            )

    def open_file(self) -> None:
        """Choose a file and go through it."""
        form = self._form()
        if form is None:
            return
        path = dialogs.choose_file(self._window, "Nhập từ Excel", _FILES)
        if path is not None:
            sheets = self._office.sheets
            self._take(lambda: sheets.open(path), form)

    def paste(self) -> None:
        """The block on the clipboard as new records."""
        form = self._form()
        if form is None:
            return
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            self._page.said.emit("Chưa có vùng ô nào được chép. Hãy chọn vùng trong Excel, bấm Ctrl+C rồi dán lại.")
            return
        sheets = self._office.sheets
        self._take(lambda: sheets.pasted(text, form.key), form)

    def _take(self, read: Callable[[], OpenedSheet], form: Form) -> None:
        def work() -> Any:
            opened = read()
            return opened, fetch_lists(self._office), self._office.records.default_unit()

        def show(found: Any) -> None:
            opened, lists, unit = found
            key = opened.form if opened.template else form.key
            if not unit and len(lists.agencies) == 1:
                unit = lists.agencies[0].key
            self.dialog = ImportDialog(self._office, self._runner, opened, key or form.key, lists, unit, self._window)
            self.dialog.wrote.connect(self._page._wrote)
            self.dialog.said.connect(self._page.said)
            self.dialog.finished.connect(self._closed)
            self.dialog.open()

        self._run(work, show, "Đang đọc bảng tính")

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self._page.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_imports(self) -> None:
        """What was imported, by whom and when, each import to be taken back."""
        if self._form() is None:
            return

        def work() -> Any:
            return self._office.sheets.import_list(), fetch_lists(self._office).people

        def show(found: Any) -> None:
            entries, people = found
            if not entries:
                self._page.said.emit("Chưa có lần nhập nào từ bảng tính.")
                return
            self.list_dialog = ImportListDialog(self._office, self._runner, entries, people, self._window)
            self.list_dialog.wrote.connect(self._page._wrote)
            self.list_dialog.said.connect(self._page.said)
            self.list_dialog.finished.connect(self._list_closed)
            self.list_dialog.open()

        self._run(work, show, "Đang tìm các lần nhập")

    def _list_closed(self) -> None:
        if self.list_dialog is not None:
            self.list_dialog.deleteLater()
            self.list_dialog = None
        self._page.table.setFocus(Qt.FocusReason.OtherFocusReason)
