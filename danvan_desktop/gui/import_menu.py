"""The button "Bảng tính" of a list of records: a template out, a sheet or a pasted block in, the last import undone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ..catalog.model import Form
from ..kernel import vi
from ..kernel.clock import civil_date, parse_stamp
from ..kernel.errors import Refused
from ..services.office import Office
from ..services.sheets import ImportRow, OpenedSheet
from . import dialogs
from .import_dialog import ImportDialog, undone_words
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
        self.menu = QMenu(button)
        self.menu.addAction("&Nhập từ Excel…\tCtrl+I", self.open_file)
        self.menu.addAction("&Dán vùng chép từ Excel\tCtrl+V", self.paste)
        self.menu.addAction("&Tạo mẫu Excel…\tCtrl+M", self.make_template)
        self.menu.addSeparator()
        self.menu.addAction("&Hoàn tác lần nhập gần nhất…", self.undo_last)
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

    def undo_last(self) -> None:
        """Take the newest import of the form shown back, after a question."""
        form = self._form()
        if form is None:
            return
        sheets = self._office.sheets

        def newest() -> ImportRow:
            found = next((row for row in sheets.imports(form.key) if row.undone_at is None), None)
            if found is None:
                raise Refused("not_found", f"Biểu “{form.short_title}” chưa có lần nhập nào để hoàn tác.")
            return found

        self._run(newest, self._ask_undo, "Đang tìm lần nhập")

    def _ask_undo(self, row: ImportRow) -> None:
        day = vi.day(civil_date(parse_stamp(row.at)))
        question = f"Hoàn tác lần nhập “{row.source}” ngày {day} ({vi.number(len(row.record_ids))} bản ghi)?"
        detail = "Các bản ghi chưa ai sửa chuyển vào thùng rác."
        if not dialogs.ask(self._window, question, detail=detail, yes="Hoàn tác", no="Giữ lại", default=False):
            return

        def undone(result: Any) -> None:
            self._page._wrote(result.changes)
            self._page.said.emit(undone_words(result))

        self._run(lambda: self._office.sheets.undo(row.id), undone, "Đang hoàn tác lần nhập")
