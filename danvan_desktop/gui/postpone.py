"""Putting a reminder off to a day that is chosen or typed, seeing what is put off, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..services.due import DueEntry, PutOff
from ..services.office import Office
from . import dialogs
from .due_item import DueItem
from .loader import load_ui
from .pages import Page
from .record_head import shortened
from .runner import Runner
from .widgets import NullableDateEdit

_DAYS = (1, 7, 30)
_LONGEST = timedelta(days=366)
LONGEST_TITLE = 140  # characters: three lines of the dialog
_ENTRY = Qt.ItemDataRole.UserRole


class PostponeDialog(QDialog):
    """When to be reminded again. Once accepted: ``until`` (None with ``outside``: the report went out without the
    program; None otherwise: at once) and ``reason``."""

    title_label: QLabel
    about_label: QLabel
    tomorrow_radio: QRadioButton
    week_radio: QRadioButton
    month_radio: QRadioButton
    day_radio: QRadioButton
    day_field: NullableDateEdit
    again_radio: QRadioButton
    outside_radio: QRadioButton
    reason_edit: QLineEdit
    error_label: QLabel
    ok_button: QPushButton
    cancel_button: QPushButton

    def __init__(self, entry: DueEntry, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "postpone_dialog")
        self._today = today
        self.until: date | None = None
        self.title_label.setText(shortened(entry.title, LONGEST_TITLE))
        self.title_label.setToolTip(entry.title)
        about = "Chỉ hoãn việc nhắc, thời hạn không thay đổi; đến ngày đó việc này hiện lại."
        if entry.overdue:
            about = "Việc này đã quá hạn: hoãn nhắc không làm thay đổi thời hạn. Đến ngày đó việc này hiện lại."
        self.about_label.setText(about)
        self._radios = (self.tomorrow_radio, self.week_radio, self.month_radio)
        for radio, days in zip(self._radios, _DAYS, strict=True):
            radio.setText(f"{radio.text()}: {vi.day(today + timedelta(days=days))}")
        self.again_radio.setVisible(entry.postponed_until is not None)
        self.outside_radio.setVisible(entry.kind == "report")
        self.day_field.set_today(lambda: today)
        self.day_field.focused.connect(lambda: self.day_radio.setChecked(True))
        self.day_field.edited.connect(lambda: self.day_radio.setChecked(True))
        self.day_radio.clicked.connect(lambda: self.day_field.edit.setFocus())
        self.error_label.hide()
        self.ok_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self.week_radio.setChecked(True)
        self.week_radio.setFocus()

    @property
    def outside(self) -> bool:
        return self.outside_radio.isChecked()

    @property
    def reason(self) -> str:
        return self.reason_edit.text()

    def accept(self) -> None:
        for radio, days in zip(self._radios, _DAYS, strict=True):
            if radio.isChecked():
                self.until = self._today + timedelta(days=days)
        if self.day_radio.isChecked():
            value = self.day_field.value()
            day = date.fromisoformat(value) if isinstance(value, str) else None
            if wrong := self.day_field.input_error() or self._refusal(day):
                self.error_label.setText(wrong)
                self.error_label.show()
                self.day_field.edit.setFocus()
                self.day_field.edit.selectAll()
                return
            self.until = day
        super().accept()

    def _refusal(self, day: date | None) -> str:
        if day is None:
            return "Hãy gõ ngày nhắc lại, ví dụ 5/6 hoặc 05/06/2026."
        if day <= self._today:
            return f"Ngày nhắc lại phải sau hôm nay ({vi.day(self._today)}); nếu là sang năm, hãy gõ cả năm."
        if day > self._today + _LONGEST:
            return f"Chỉ hoãn được nhiều nhất một năm, đến {vi.day(self._today + _LONGEST)}."
        return ""


class PutOffDialog(QDialog):
    """What is put off, until when, by whom and why. ``take_back`` and ``change`` are called with an entry."""

    about_label: QLabel
    put_off_table: QTableWidget
    again_button: QPushButton
    change_button: QPushButton
    close_button: QPushButton

    def __init__(
        self,
        take_back: Callable[[DueEntry], None],
        change: Callable[[DueEntry], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        load_ui(self, "put_off_dialog")
        self._take_back, self._change = take_back, change
        table = self.put_off_table
        titles = ("Việc", "Thời hạn", "Nhắc lại", "Người hoãn", "Lý do")
        table.setColumnCount(len(titles))
        table.setHorizontalHeaderLabels(list(titles))
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column in range(len(titles)):
            stretch = column in (0, 4)
            mode = QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, mode)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.setItemDelegate(DueItem(table))
        table.itemSelectionChanged.connect(self._enable)
        self.again_button.clicked.connect(lambda: self._act(self._take_back))
        self.change_button.clicked.connect(lambda: self._act(self._change))
        self.close_button.clicked.connect(self.reject)
        self.fill(())

    def fill(self, found: tuple[PutOff, ...]) -> None:
        """Show what is put off now."""
        table = self.put_off_table
        before = max(table.currentRow(), 0)
        table.setRowCount(len(found))
        for row, item in enumerate(found):
            texts = (item.entry.title, vi.day(item.entry.due_on), vi.day(item.until), item.by, item.reason)
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setData(_ENTRY, item.entry)
                cell.setToolTip(text)
                table.setItem(row, column, cell)
        words = "Các việc này không hiện trong danh sách đến ngày nhắc lại; thời hạn của việc không thay đổi."
        self.about_label.setText(words if found else "Không có việc nào đang hoãn nhắc.")
        if found:
            table.setCurrentCell(min(before, len(found) - 1), 0)
            table.setFocus()
        else:
            self.close_button.setFocus()
        self._enable()

    def _enable(self) -> None:
        for button in (self.again_button, self.change_button):
            button.setEnabled(self.put_off_table.currentRow() >= 0)

    def _act(self, act: Callable[[DueEntry], None]) -> None:
        item = self.put_off_table.item(self.put_off_table.currentRow(), 0)
        entry = item.data(_ENTRY) if item is not None else None
        if isinstance(entry, DueEntry):
            act(entry)


class Postponing:
    """Asks, writes, tells the page. ``changed``: called after each change."""

    def __init__(self, page: Page, office: Office, runner: Runner, changed: Callable[[], None]) -> None:
        self._page = page
        self._office = office
        self._runner = runner
        self._changed = changed
        self.dialog: PostponeDialog | None = None
        self.overview: PutOffDialog | None = None

    def may(self, entry: DueEntry | None) -> bool:
        """Whether there is anything to ask about ``entry``."""
        return entry is not None and (not entry.done or entry.state == "outside")

    def ask(self, entry: DueEntry) -> None:
        """Ask until when, and do it."""
        if entry.state == "outside":
            self._ask_back(entry)
            return
        dialog = PostponeDialog(entry, clock.today(self._office.context.clock), self._page.window())
        dialog.accepted.connect(lambda: self._answered(entry, dialog))
        dialog.finished.connect(self._closed)
        self.dialog = dialog
        dialog.open()

    def _closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _answered(self, entry: DueEntry, dialog: PostponeDialog) -> None:
        due, until, reason = self._office.due, dialog.until, dialog.reason
        if dialog.outside:
            self._write(lambda: due.sent_outside(entry, True, reason), "Đã ghi báo cáo này là gửi ngoài chương trình.")
        else:
            said = f"Sẽ nhắc lại vào ngày {vi.day(until)}." if until else "Việc này hiện lại trong danh sách."
            self._write(lambda: due.postpone(entry, until, reason), said)

    def _ask_back(self, entry: DueEntry) -> None:
        if dialogs.ask(
            self._page, f"“{entry.title}” được ghi là đã gửi ngoài chương trình. Bỏ ghi nhận đó?",
            detail="Báo cáo lại hiện trong danh sách cho đến khi xong.", yes="Bỏ ghi nhận", no="Giữ lại", default=False,
        ):  # fmt: skip
            due = self._office.due
            self._write(lambda: due.sent_outside(entry, False), "Báo cáo này lại hiện trong danh sách.")

    def show_all(self) -> None:
        """The overview of what is put off."""
        if self.overview is not None:
            return
        due = self._office.due
        self.overview = PutOffDialog(
            lambda entry: self._write(lambda: due.postpone(entry, None), "Việc này hiện lại trong danh sách."),
            self.ask,
            self._page.window(),
        )
        self.overview.finished.connect(self._overview_closed)
        self._fill_overview()
        self.overview.open()

    def _overview_closed(self) -> None:
        if self.overview is not None:
            self.overview.deleteLater()
            self.overview = None

    def _fill_overview(self) -> None:
        def take(found: tuple[PutOff, ...]) -> None:
            if self.overview is not None:
                self.overview.fill(found)

        due = self._office.due
        self._runner.submit_db(lambda _progress: due.put_off(), take, label="Đang xem việc hoãn", owner=self._page)

    def _write(self, act: Callable[[], Changes], said: str) -> None:
        def done(changes: Changes) -> None:
            self._page.wrote.emit(changes)
            self._page.said.emit(said)
            self._changed()
            if self.overview is not None:
                self._fill_overview()

        self._runner.submit_db(
            lambda _progress: act(), done, lambda error: dialogs.show_error(self._page, error), "Đang lưu",
            owner=self._page,
        )  # fmt: skip
