"""The page of one task area: its forms, the list of records, the bin; the record itself opens in its place."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLineEdit, QPushButton, QStackedWidget, QTabBar, QWidget

from ..catalog.model import Form
from ..kernel.changes import Changes
from ..services.list_views import ListView
from ..services.office import Office
from ..services.records import ListQuery, RecordRow
from . import dialogs, theme
from .import_menu import ImportMenu
from .keys_dialog import RECORD_FORM, RECORD_LIST, Keys
from .loader import load_ui
from .pages import Page
from .record_bin import BIN_WORDS, RecordBin, count_words
from .record_data import (
    BIN_COLUMNS,
    OfficeLists,
    all_columns,
    columns_of,
    common_of,
    fetch_lists,
    offered_forms,
    repeatable,
)
from .record_editor import RecordEditor
from .record_filters import RecordFilters
from .record_journal import DraftTarget
from .record_keys import RecordKeys, shortcuts
from .record_papers import paper_acts
from .record_sums import RecordSums
from .record_table import RecordTable
from .record_views import RecordViews, Way
from .records_model import WindowModel
from .register_dialog import RegisterDialog
from .runner import Runner
from .totals_row import TotalsRow
from .widgets import NullableDateEdit, restyle

_TABS_BESIDE_TITLE = 4  # beside more there is no room for the full title
_NO_FORM = "Danh mục hiện có chưa có biểu nào cho mảng này."


class RecordsPage(Page):
    """``show_target(record_id)`` opens a record of this area."""

    stack: QStackedWidget
    list_page: QWidget
    form_tabs: QTabBar
    form_label: QLabel
    count_label: QLabel
    search_edit: QLineEdit
    state_combo: QComboBox
    period_combo: QComboBox
    range_box: QWidget
    first_edit: NullableDateEdit
    last_edit: NullableDateEdit
    filter_button: QPushButton
    clear_button: QPushButton
    filter_panel: QFrame
    new_button: QPushButton
    open_button: QPushButton
    copy_button: QPushButton
    delete_button: QPushButton
    restore_button: QPushButton
    bin_button: QPushButton
    banner_label: QLabel
    table: RecordTable
    totals_row: TotalsRow
    view_button: QPushButton

    def __init__(self, office: Office, runner: Runner, area: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "records_page")
        self._office = office
        self._runner = runner
        self._area = office.context.catalog.area(area)
        self._forms = office.context.catalog.forms_of(area)
        self.title = self._area.title
        self._lists: OfficeLists | None = None
        self._waiting: Any = None  # a record or draft to open once the lists are here
        self._sort, self._descending = "event_date", True
        self._model: WindowModel[RecordRow] = WindowModel(runner, [], self)
        self.editor = RecordEditor(office, runner, self)
        self.stack.addWidget(self.editor)
        self.filters = RecordFilters(
            self.search_edit, self.state_combo, self.period_combo, self.range_box, self.first_edit, self.last_edit,
            self.filter_panel, self.filter_button, self,
        )  # fmt: skip
        self.keys = RecordKeys(self.search_edit, self.table, lambda: self.filters.search_now(), self)
        self.views = RecordViews(office, runner, self.view_button, self._way, self)
        if office.registers.of_area(area):
            self.views.add_act("&In sổ, danh mục… (F9)", self.open_registers)
        for words, act in paper_acts(self, office, runner, area, self._query):
            self.views.add_act(words, act)
        self.imports = ImportMenu(office, runner, self)
        self.bin = RecordBin(office, runner, self)
        self.bin.moved.connect(self._moved)
        self.totals_row.attach(self.table)
        self.sums = RecordSums(office, runner, self.totals_row, self)
        self.sums.failed.connect(lambda error: dialogs.show_error(self, error))
        self.search_edit.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.banner_label.hide()
        self.restore_button.hide()
        self._build_tabs()
        self._build_table()
        self._connect()
        self._enable()
        self._fetch_lists()

    # building
    def _build_tabs(self) -> None:
        self.form_tabs.setDrawBase(False)
        self.form_tabs.setExpanding(False)
        self._fill_tabs()
        self.form_tabs.currentChanged.connect(lambda _at: self._form_chosen())

    def _fill_tabs(self) -> None:
        """One tab per form, in the order of this office."""
        blocked = self.form_tabs.blockSignals(True)
        while self.form_tabs.count():
            self.form_tabs.removeTab(0)
        for form in self._forms:
            at = self.form_tabs.addTab(form.short_title)
            self.form_tabs.setTabToolTip(at, f"{form.title} (Ctrl+Tab: biểu tiếp theo)")
        self.form_tabs.setVisible(len(self._forms) > 1)
        self.form_tabs.blockSignals(blocked)

    def _build_table(self) -> None:
        self.table.setModel(self._model)
        header = self.table.horizontalHeader()
        header.setSortIndicatorShown(True)
        header.sectionClicked.connect(self._sort_by)
        self._model.total_known.connect(self._show_count)
        self._model.failed.connect(lambda error: dialogs.show_error(self, error))
        self.table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._enable())
        self.table.activated.connect(lambda _index: self.open_current())

    def _connect(self) -> None:
        shortcuts(
            self.list_page,
            (
                ("Ctrl+N", self.new_record),
                ("Ctrl+D", self.copy_current),
                ("Ctrl+F", self.keys.focus_search),
                ("F7", self.filter_button.toggle),
                ("F8", self.views.choose_columns),
                ("F9", self.open_registers),
                ("Ctrl+Tab", lambda: self._step_form(1)),
                ("Ctrl+Shift+Tab", lambda: self._step_form(-1)),
            ),
        )
        shortcuts(self.table, (("Delete", self.delete_current),), Qt.ShortcutContext.WidgetShortcut)
        self.filters.changed.connect(self._ask)
        self.views.columns_chosen.connect(self._columns_chosen)
        self.views.view_chosen.connect(self._view_chosen)
        self.views.loaded.connect(lambda: self._ask(columns=True))
        self.views.said.connect(self.said)
        self.filter_button.toggled.connect(self._panel_toggled)
        self.clear_button.clicked.connect(self.filters.clear)
        self.new_button.clicked.connect(self.new_record)
        self.open_button.clicked.connect(self.open_current)
        self.copy_button.clicked.connect(self.copy_current)
        self.delete_button.clicked.connect(self.delete_current)
        self.restore_button.clicked.connect(self.restore_current)
        self.bin_button.toggled.connect(lambda _on: self._bin_toggled())
        self.editor.closed.connect(self._back_to_list)
        self.editor.saved.connect(self._wrote)
        self.editor.said.connect(self.said)

    def _fetch_lists(self) -> None:
        self._runner.submit_db(
            lambda _p: fetch_lists(self._office), self._take_lists, lambda error: dialogs.show_error(self, error),
            "Đang mở danh sách", owner=self,
        )  # fmt: skip

    def _take_lists(self, lists: OfficeLists) -> None:
        self._lists = lists
        offered = offered_forms(lists, self._office.context.catalog, self._area.number)
        if offered != self._forms:
            chosen, self._forms = self.form, offered
            self._fill_tabs()
            self.form_tabs.setCurrentIndex(offered.index(chosen) if chosen in offered else 0)
        self.filters.set_lists(lists)
        self.editor.set_lists(lists)
        self._form_chosen()
        if self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            self.show_target(waiting)

    # what is shown
    @property
    def form(self) -> Form | None:
        """The form whose records are listed."""
        at = self.form_tabs.currentIndex()
        return self._forms[at] if 0 <= at < len(self._forms) else None

    def _form_chosen(self) -> None:
        form = self.form
        if form is None:
            self._tell(_NO_FORM)
            return
        if self._lists is None:
            return
        said = len(self._forms) <= _TABS_BESIDE_TITLE and (form.title != form.short_title or len(self._forms) == 1)
        self.form_label.setText(form.title if said else "")
        self.form_label.setToolTip(form.help or form.title)
        self._sort, self._descending = "event_date", True
        self.filters.set_form(form)
        self.views.set_form(form, all_columns(form, self._lists.names, self._lists.people))

    def _way(self) -> Way:
        keys = tuple(column.key for column in self._model.columns if column.key not in BIN_COLUMNS)
        return keys, self._sort, self._descending, self.filters.state()

    def _columns_chosen(self, keys: tuple[str, ...]) -> None:
        self._show_columns(keys)
        self._add_up()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _view_chosen(self, view: ListView) -> None:
        self._sort, self._descending = view.sort, view.descending
        self.filters.restore(view.filters)
        self._show_columns(view.columns)
        self._ask()
        self.said.emit(f"Đang xem: {view.name}." if view.name else "Danh sách ban đầu của biểu.")
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_columns(self, keys: tuple[str, ...]) -> None:
        form, lists = self.form, self._lists
        if form is not None and lists is not None:
            made = columns_of(form, lists.names, keys, lists.people, binned=self.bin_button.isChecked())
            self._model.set_columns(made)
            self.table.lay_out(made)
            self._show_order()

    def _ask(self, *, columns: bool = False) -> None:
        form, lists = self.form, self._lists
        if form is None or lists is None:
            return
        query = self._query()
        if columns:
            self._show_columns(self.views.columns)
        self.count_label.setText("Đang đếm…")
        records = self._office.records
        self._model.set_source(
            lambda offset, limit: records.page(form.key, query, offset, limit),
            lambda: records.count(form.key, query),
        )
        self.clear_button.setEnabled(self.filters.is_set())
        self._enable()

    def _add_up(self) -> None:
        form = self.form
        if form is not None:
            self.sums.ask(form, self._model.columns, self._query(), self._model.total or 0)

    def _query(self) -> ListQuery:
        return self.filters.query(sort=self._sort, descending=self._descending, deleted=self.bin_button.isChecked())

    def _show_count(self, total: int) -> None:
        binned, filtered = self.bin_button.isChecked(), self.filters.is_set()
        self.count_label.setText(count_words(total, binned=binned, filtered=filtered))
        if total and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self._add_up()
        if not binned:
            if total:
                self._tell("")
            elif filtered:
                self._tell("Không có bản ghi nào khớp. Hãy bớt chữ tìm hoặc bấm “Bỏ lọc” để xem tất cả.")
            else:
                self._tell("Chưa có bản ghi nào. Bấm Ctrl+N để thêm bản ghi đầu tiên.")
        self._enable()

    def _tell(self, text: str, severity: str = "note") -> None:
        self.banner_label.setText(text)
        self.banner_label.setVisible(bool(text))
        restyle(self.banner_label, severity=severity)

    def _sort_by(self, section: int) -> None:
        wanted = self._model.columns[section].sort
        if not wanted:
            self.said.emit("Cột này không dùng để sắp xếp được; hãy dùng ô tìm hoặc bộ lọc.")
        else:
            self._descending = not self._descending if wanted == self._sort else False
            self._sort = wanted
            self._ask()
        self._show_order()

    def _show_order(self) -> None:
        order = Qt.SortOrder.DescendingOrder if self._descending else Qt.SortOrder.AscendingOrder
        for section, column in enumerate(self._model.columns):
            if column.sort == self._sort:
                self.table.horizontalHeader().setSortIndicator(section, order)

    def current(self) -> RecordRow | None:
        """The record chosen in the list."""
        index = self.table.currentIndex()
        return self._model.row_at(index) if index.isValid() else None

    def _enable(self) -> None:
        chosen = self.table.currentIndex().isValid()
        binned = self.bin_button.isChecked()
        may = self._lists is not None and self._lists.may_record and self.form is not None
        self.new_button.setEnabled(may and not binned)
        self.open_button.setEnabled(chosen)
        self.copy_button.setEnabled(chosen and may and not binned)
        self.delete_button.setEnabled(chosen and may)
        self.restore_button.setEnabled(chosen and may)

    # keys
    def _step_form(self, by: int) -> None:
        if self._forms:
            self.form_tabs.setCurrentIndex((self.form_tabs.currentIndex() + by) % len(self._forms))

    def _panel_toggled(self, on: bool) -> None:
        if on:
            first = self.filter_panel.findChild(QComboBox)
            if first is not None:
                first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bin_toggled(self) -> None:
        binned = self.bin_button.isChecked()
        self.restore_button.setVisible(binned)
        self.delete_button.setVisible(not binned)
        self._tell(BIN_WORDS if binned else "")
        self.bin_button.setText("Ra khỏi thùng &rác" if binned else "Thùng &rác")
        self._show_columns(self._way()[0])
        self._ask()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # acts
    def new_record(self) -> None:
        """Enter a new record of the form shown."""
        form = self.form
        if form is not None and self.new_button.isEnabled():
            self.stack.setCurrentWidget(self.editor)
            self.editor.open_new(form)

    def open_current(self) -> None:
        """Open the record chosen."""
        row, form = self.current(), self.form
        if row is not None and form is not None:
            self.stack.setCurrentWidget(self.editor)
            self.editor.open_record(form, row.id)

    def copy_current(self) -> None:
        """Enter a new record with the content of the one chosen; date and files are left empty."""
        row, form = self.current(), self.form
        if row is None or form is None or not self.copy_button.isEnabled():
            return
        values = {key: value for key, value in repeatable(form, row.values).items() if key != form.event_date}
        common = {**common_of(row), "evidence": []}
        self.stack.setCurrentWidget(self.editor)
        self.editor.open_new(form, values, common)

    def open_registers(self) -> None:
        """The registers of this area, to be read and printed."""
        registers = self._office.registers.of_area(self._area.number)
        if registers:
            dialog = RegisterDialog(self._office, self._runner, registers, self)
            dialog.exec()
            dialog.deleteLater()

    def delete_current(self) -> None:
        """Move the record chosen to the bin, with a reason."""
        row = self.current()
        if row is None or self.bin_button.isChecked() or not self.delete_button.isEnabled():
            return
        self.bin.put_in(row)

    def restore_current(self) -> None:
        """Bring the record chosen back from the bin."""
        row = self.current()
        if row is None or not self.bin_button.isChecked():
            return
        self.bin.take_out(row)

    def _moved(self, changes: Changes, words: str) -> None:
        self._wrote(changes)
        self.said.emit(words)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _wrote(self, changes: Changes) -> None:
        self._model.reload()
        self.wrote.emit(changes)

    def _back_to_list(self) -> None:
        self.stack.setCurrentWidget(self.list_page)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        self._enable()

    # the window
    def refresh(self, changes: Changes) -> None:
        form = self.form
        if changes.touches("settings", "agencies", "villages", "accounts"):
            self._fetch_lists()
        elif form is not None and changes.touches(f"record:{form.key}", "package"):
            self._model.reload()

    def shown(self) -> None:
        if self.stack.currentWidget() is self.list_page:
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.editor.view is not None and self.editor.focusWidget() is not None:
            self.editor.focusWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    def show_target(self, target: Any) -> None:
        """Open a record of this area by its id, or a draft of one (DraftTarget)."""
        if self._lists is None:
            self._waiting = target
            return
        if not self.can_leave():
            return
        if isinstance(target, DraftTarget):
            self.stack.setCurrentWidget(self.editor)
            self.editor.open_draft(target.id)
            return

        def opened(row: RecordRow) -> None:
            form = self._office.context.catalog.forms.get(row.form)
            if form is None or form.area != self._area.number:
                self._tell("Bản ghi này thuộc mảng khác.", "warning")
                return
            if form in self._forms:
                self.form_tabs.setCurrentIndex(self._forms.index(form))
            self.stack.setCurrentWidget(self.editor)
            self.editor.open_record(form, row.id)

        self._runner.submit_db(
            lambda _p: self._office.records.get(str(target)), opened, lambda error: dialogs.show_error(self, error),
            "Đang mở bản ghi", owner=self,
        )  # fmt: skip

    def page_keys(self) -> tuple[str, Keys]:
        return ("Trong biểu", RECORD_FORM) if self.stack.currentWidget() is self.editor else ("Danh sách", RECORD_LIST)

    def can_leave(self) -> bool:
        return self.stack.currentWidget() is not self.editor or self.editor.may_close()
