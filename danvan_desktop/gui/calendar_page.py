"""The calendar: a month with all that falls due in it, and beside it the things of the day chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QColor, QFont, QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QListWidget, QListWidgetItem, QPushButton, QWidget

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..services.due import CalendarView, DueEntry
from ..services.office import Office
from . import theme
from .due_words import left_words, way_to
from .keys_dialog import CALENDAR
from .loader import load_ui
from .month_grid import KIND_TITLES, WEEKDAYS, MonthGrid, mark_words
from .pages import Page
from .postpone import Postponing
from .record_keys import shortcuts
from .runner import Runner

_ENTRY = Qt.ItemDataRole.UserRole
DUE_CHANGES = ("record", "plan", "report", "package", "settings", "trust", "due")


class CalendarPage(Page):
    """``show_target``: a day. ``go_to`` as on the first screen."""

    title = "Lịch thời hạn"

    previous_button: QPushButton
    month_label: QLabel
    next_button: QPushButton
    today_button: QPushButton
    report_check: QCheckBox
    task_check: QCheckBox
    term_check: QCheckBox
    done_check: QCheckBox
    area_combo: QComboBox
    unit_combo: QComboBox
    doubt_label: QLabel
    grid: MonthGrid
    day_label: QLabel
    mark_label: QLabel
    day_list: QListWidget
    open_button: QPushButton
    postpone_button: QPushButton

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "calendar_page")
        self._office = office
        self._runner = runner
        self._view: CalendarView | None = None
        self._asked = 0
        self._stale = True
        self._postponing = Postponing(self, office, runner, self._load)
        self.doubt_label.hide()
        self.area_combo.addItem("Mọi mảng", None)
        for area in office.context.catalog.areas:
            self.area_combo.addItem(f"{area.number}. {area.short_title}", area.number)
        self.unit_combo.addItem("Mọi đơn vị", "")
        for combo in (self.area_combo, self.unit_combo):
            combo.currentIndexChanged.connect(lambda _index: self._fill())
        for check in (self.report_check, self.task_check, self.term_check, self.done_check):
            check.toggled.connect(lambda _on: self._fill())
        self.grid.begin(clock.today(office.context.clock))
        self.grid.month_changed.connect(lambda _month: self._load())
        self.grid.day_changed.connect(lambda _day: self._show_day())
        self.grid.opened.connect(lambda _day: self._open_day())
        self.previous_button.clicked.connect(lambda: self.grid.turn(-1))
        self.next_button.clicked.connect(lambda: self.grid.turn(1))
        self.today_button.clicked.connect(self.to_today)
        self.day_list.itemActivated.connect(lambda _item: self.open_chosen())
        self.day_list.currentItemChanged.connect(lambda _now, _before: self._enable())
        self.day_list.installEventFilter(self)
        self.open_button.clicked.connect(self.open_chosen)
        self.postpone_button.clicked.connect(self.postpone)
        shortcuts(self, (("F6", self.postpone), ("F7", self._to_list)))
        self._show_day()

    # the page
    def shown(self) -> None:
        if self._stale:
            self._load()
        self.grid.setFocus()

    def show_target(self, target: object) -> None:
        if isinstance(target, date):
            self.grid.choose(target)

    def refresh(self, changes: Changes) -> None:
        if changes.touches(*DUE_CHANGES):
            self._stale = True
            if self.isVisible():
                self._load()

    def page_keys(self) -> tuple[str, Sequence[tuple[str, str]]]:
        return "Lịch thời hạn", CALENDAR

    def to_today(self) -> None:
        """Back to the day it is."""
        self.grid.choose(clock.today(self._office.context.clock))
        self.grid.setFocus()

    def _to_list(self) -> None:
        self.go_to.emit("home", None)

    # the month
    def _load(self) -> None:
        """Ask for the days shown, and no others; an answer that comes after the page was turned again is dropped."""
        self._stale = False
        self._asked += 1
        number = self._asked
        first, last = self.grid.span()
        due = self._office.due
        self._show_head()

        def take(view: CalendarView) -> None:
            if number == self._asked:
                self._view = view
                self._fill()

        self._runner.submit_db(lambda _progress: due.calendar(first, last), take, label="Đang mở lịch", owner=self)

    def _show_head(self) -> None:
        day = self.grid.day
        self.month_label.setText(f"Tháng {day.month}/{day.year}")
        self.grid.setAccessibleName(f"Lịch tháng {day.month} năm {day.year}")

    def _fill(self) -> None:
        view = self._view
        if view is None:
            return
        self._offer_units(view)
        self.grid.fill(view.today, [entry for entry in view.entries if self._wanted(entry)], view.marks)
        self._show_head()
        self.doubt_label.setText("\n".join(view.doubts))
        self.doubt_label.setVisible(bool(view.doubts))
        self._show_day()

    def _offer_units(self, view: CalendarView) -> None:
        """The bodies that have something due in the month; the one chosen stays offered."""
        chosen = str(self.unit_combo.currentData() or "")
        names = sorted({entry.unit for entry in view.entries if entry.unit} | ({chosen} if chosen else set()))
        with QSignalBlocker(self.unit_combo):
            self.unit_combo.clear()
            self.unit_combo.addItem("Mọi đơn vị", "")
            for name in names:
                self.unit_combo.addItem(name, name)
            self.unit_combo.setCurrentIndex(max(self.unit_combo.findData(chosen), 0))

    def _wanted(self, entry: DueEntry) -> bool:
        checks = {"report": self.report_check, "task": self.task_check, "term": self.term_check}
        area, unit = self.area_combo.currentData(), self.unit_combo.currentData()
        return (
            checks[entry.kind].isChecked()
            and (self.done_check.isChecked() or not entry.done)
            and area in (None, entry.area)
            and unit in ("", entry.unit)
        )

    # the day
    def _show_day(self) -> None:
        day = self.grid.day
        today = clock.today(self._office.context.clock)
        entries = self.grid.entries_of(day)
        self.day_label.setText(f"{WEEKDAYS[day.weekday()]}, {vi.day(day)}" + (" – hôm nay" if day == today else ""))
        mark = self._view.marks.get(day) if self._view is not None else None
        words = ""
        if mark is not None:
            sure = "" if mark.confirmed else " Chưa có văn bản xác nhận."
            words = f"{mark_words(mark).removeprefix('? ')}. Nguồn: {mark.source}.{sure}".replace("..", ".")
        elif day.weekday() > 4:
            words = "Nghỉ cuối tuần."
        if not entries:
            words = f"{words} Không có việc đến hạn.".strip()
        self.mark_label.setText(words)
        self.mark_label.setVisible(bool(words))
        self.day_list.clear()
        for entry in entries:
            self.day_list.addItem(_item(entry))
        if entries:
            self.day_list.setCurrentRow(0)
        self.day_list.setEnabled(bool(entries))
        self._enable()

    def _chosen(self) -> DueEntry | None:
        entry = self.day_list.currentIndex().data(_ENTRY)
        return entry if isinstance(entry, DueEntry) else None

    def _enable(self) -> None:
        entry = self._chosen()
        self.open_button.setEnabled(entry is not None)
        self.postpone_button.setEnabled(entry is not None and not entry.done)

    def _open_day(self) -> None:
        """Enter on a day: its only thing, or into its list."""
        if self.day_list.count() == 1:
            self.open_chosen()
        elif self.day_list.count():
            self.day_list.setFocus()

    def open_chosen(self) -> None:
        """Go where the chosen thing is worked on."""
        entry = self._chosen()
        if entry is not None:
            self.go_to.emit(*way_to(entry))

    def postpone(self) -> None:
        """Put the chosen reminder off, or take it up again."""
        entry = self._chosen()
        if entry is not None and not entry.done:
            self._postponing.ask(entry)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        back = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Left)
        if watched is self.day_list and back and event.type() == QEvent.Type.KeyPress:
            self.grid.setFocus()
            return True
        return super().eventFilter(watched, event)


def _item(entry: DueEntry) -> QListWidgetItem:
    parts = [KIND_TITLES[entry.kind], left_words(entry)]
    parts += [entry.state_title] if entry.state_title != left_words(entry) else []
    parts += [entry.unit] if entry.unit else []
    item = QListWidgetItem(f"{entry.title}\n{' · '.join(parts)}")
    item.setData(_ENTRY, entry)
    item.setToolTip(entry.title)
    font = QFont()
    font.setStrikeOut(entry.done)
    item.setFont(font)
    if entry.overdue or entry.done:
        item.setForeground(QColor(theme.COLOURS.danger if entry.overdue else theme.COLOURS.soft_ink))
    return item
