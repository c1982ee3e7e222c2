"""The tab "Ngày làm việc" of the settings: the days of a year, with sources, edited by the office."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLabel, QLineEdit, QPushButton, QTableWidgetItem, QWidget

from ..catalog.model import DayMark
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.text import squeeze
from ..services.office import Office
from . import dialogs, theme
from .loader import load_ui
from .settings_tables import columns
from .widgets import NullableDateEdit, restyle

if TYPE_CHECKING:
    from .settings_page import SettingsPage

_MARK = Qt.ItemDataRole.UserRole
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


class DayDialog(QDialog):
    """A day off, or a working make-up day; the answers once accepted."""

    about_label: QLabel
    first_field_title: QLabel
    first_field: NullableDateEdit
    last_field_title: QLabel
    last_field: NullableDateEdit
    kind_combo: QComboBox
    title_edit: QLineEdit
    source_edit: QLineEdit
    confirmed_check: QCheckBox
    error_label: QLabel
    ok_button: QPushButton
    cancel_button: QPushButton

    def __init__(self, today: date, mark: DayMark | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "calendar_day")
        self.first = self.last = today
        self.about_label.setText("Ghi theo văn bản, thông báo lịch nghỉ của năm; các thời hạn đang chạy được tính lại.")
        self.kind_combo.addItem("Nghỉ", False)
        self.kind_combo.addItem("Làm bù", True)
        for title, field in ((self.first_field_title, self.first_field), (self.last_field_title, self.last_field)):
            title.setBuddy(field.edit)
            field.set_today(lambda: today)
        self.confirmed_check.setChecked(True)
        if mark is not None:
            for field in (self.first_field, self.last_field):
                field.set_value(mark.day.isoformat())
            self.kind_combo.setCurrentIndex(int(mark.working))
            self.title_edit.setText(mark.title)
            self.source_edit.setText(mark.source if mark.confirmed else "")
            self.confirmed_check.setChecked(True)
        self.error_label.hide()
        self.ok_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        (self.source_edit if mark is not None else self.first_field.edit).setFocus()

    @property
    def working(self) -> bool:
        return bool(self.kind_combo.currentData())

    def accept(self) -> None:
        first, last = self.first_field.value(), self.last_field.value()
        if not isinstance(first, str):
            self._wrong("Hãy nhập ngày theo dạng ngày/tháng/năm.", self.first_field.edit)
        elif isinstance(last, str) and last < first:
            self._wrong("Ngày cuối không thể trước ngày đầu.", self.last_field.edit)
        elif not squeeze(self.title_edit.text()):
            self._wrong("Hãy ghi lý do, ví dụ: Tết Nguyên đán.", self.title_edit)
        elif not squeeze(self.source_edit.text()):
            self._wrong("Hãy ghi nguồn: số, ngày văn bản hoặc thông báo.", self.source_edit)
        else:
            self.first = date.fromisoformat(first)
            self.last = date.fromisoformat(last) if isinstance(last, str) else self.first
            super().accept()

    def _wrong(self, text: str, field: QWidget) -> None:
        self.error_label.setText(text)
        self.error_label.show()
        field.setFocus()


class CalendarPart:
    """Unconfirmed days are marked with a word and a colour; the office's own ones say so."""

    def __init__(self, page: SettingsPage, office: Office, may: bool) -> None:
        self._page = page
        self._office = office
        self._may = may
        columns(page.calendar_table, ("Ngày", "Là ngày", "Lý do", "Nguồn", "Xác nhận"), 2, 3)
        this_year = clock.today(office.context.clock).year
        for year in office.working_days.year(this_year).years:
            page.year_combo.addItem(str(year), year)
        page.year_combo.setCurrentIndex(max(page.year_combo.findData(this_year), 0))
        page.year_combo.currentIndexChanged.connect(lambda _index: self.show_year())
        page.calendar_table.itemSelectionChanged.connect(self._enable)
        page.calendar_table.itemActivated.connect(lambda _item: self._edit())
        page.add_day_button.clicked.connect(self._add)
        page.edit_day_button.clicked.connect(self._edit)
        page.confirm_day_button.clicked.connect(self._edit)
        page.clear_day_button.clicked.connect(self._clear)
        self.show_year()

    def show_year(self) -> None:
        """Show the days of the year chosen; the table lies in memory."""
        found = self._office.working_days.year(int(self._page.year_combo.currentData() or 0))
        table = self._page.calendar_table
        row_before = max(table.currentRow(), 0)
        table.setRowCount(len(found.marks))
        for row, mark in enumerate(found.marks):
            own = "; cơ quan nhập" if mark.day in found.own else ""
            texts = (
                f"{vi.day(mark.day)}, {_WEEKDAYS[mark.day.weekday()]}",
                "Làm bù" if mark.working else "Nghỉ",
                mark.title,
                mark.source,
                ("Đã có văn bản" if mark.confirmed else "CHƯA XÁC NHẬN") + own,
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(text)
                item.setData(_MARK, mark)
                if not mark.confirmed:
                    item.setForeground(QColor(theme.COLOURS.warn))
                table.setItem(row, column, item)
        if found.marks:
            table.setCurrentCell(min(row_before, len(found.marks) - 1), 0)
        waiting = sum(not mark.confirmed for mark in found.marks)
        label = self._page.calendar_label
        if waiting:
            label.setText(f"Còn {waiting} ngày chưa có văn bản xác nhận; hạn tính qua các ngày này có thể thay đổi.")
        elif not found.marks:
            label.setText(f"Chưa nhập lịch nghỉ năm {found.year}; hạn tính trong năm này chỉ trừ thứ Bảy, Chủ nhật.")
        else:
            label.setText("Mọi ngày trong bảng đều có văn bản làm căn cứ.")
        restyle(label, severity="ok" if found.confirmed else "warning")
        self._enable()

    def _mark(self) -> DayMark | None:
        item = self._page.calendar_table.item(self._page.calendar_table.currentRow(), 0)
        mark = item.data(_MARK) if item is not None else None
        return mark if isinstance(mark, DayMark) else None

    def _enable(self) -> None:
        mark = self._mark()
        self._page.add_day_button.setEnabled(self._may)
        for button in (self._page.edit_day_button, self._page.clear_day_button):
            button.setEnabled(self._may and mark is not None)
        self._page.confirm_day_button.setEnabled(self._may and mark is not None and not mark.confirmed)

    def _add(self) -> None:
        self._ask(None)

    def _edit(self) -> None:
        mark = self._mark()
        if mark is not None and self._may:
            self._ask(mark)

    def _ask(self, mark: DayMark | None) -> None:
        dialog = DayDialog(clock.today(self._office.context.clock), mark, self._page.window())
        if dialog.exec():
            days, first, last = self._office.working_days, dialog.first, dialog.last
            working, confirmed = dialog.working, dialog.confirmed_check.isChecked()
            title, source = dialog.title_edit.text(), dialog.source_edit.text()
            words = vi.day(first) if first == last else f"{vi.day(first)}–{vi.day(last)}"
            self._write(
                lambda: days.set(first, last, working=working, title=title, source=source, confirmed=confirmed),
                f"Đã ghi ngày {words} vào lịch làm việc.",
                first.year,
            )
        dialog.deleteLater()

    def _clear(self) -> None:
        mark = self._mark()
        if mark is not None and dialogs.ask(
            self._page, f"Bỏ ngày {vi.day(mark.day)} khỏi bảng?",
            detail="Ngày này theo lệ thường của tuần (thứ Hai đến thứ Sáu làm việc); các thời hạn được tính lại.",
            yes="Bỏ khỏi bảng", no="Giữ lại", default=False,
        ):  # fmt: skip
            days, day = self._office.working_days, mark.day
            self._write(lambda: days.clear(day), f"Đã bỏ ngày {vi.day(day)} khỏi bảng.", day.year)

    def _write(self, act: Callable[[], tuple[int, Changes]], said: str, year: int) -> None:
        moved: list[int] = []

        def work() -> Changes:
            count, changes = act()
            moved.append(count)
            return changes

        def done(_sentence: str) -> None:
            at = self._page.year_combo.findData(year)
            if at >= 0 and at != self._page.year_combo.currentIndex():
                self._page.year_combo.setCurrentIndex(at)
            else:
                self.show_year()

        self._page.do(
            work,
            lambda: said + (f" {moved[0]} bản ghi có thời hạn được tính lại." if moved and moved[0] else ""),
            "calendar",
            then=done,
        )
