"""The first screen: what is due, when, in what state; then how far the eight areas are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ..kernel import vi
from ..kernel.changes import Changes
from ..services.due import SOON_DAYS, AreaProgress, DueEntry, HomeView
from ..services.office import Office
from .due_item import DueTable
from .due_words import way_to
from .keys_dialog import DUE_LIST
from .loader import load_ui
from .pages import Page
from .postpone import Postponing
from .record_keys import shortcuts
from .runner import Runner
from .widgets import FitLabel, restyle

_CARDS_IN_A_ROW = 4


class AreaCard(QPushButton):
    """One of the eight areas: its number and name, how much is recorded; Enter or Space goes there."""

    def __init__(self, area: AreaProgress, short_title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.area = area.area
        self.setObjectName("area_card")
        self.setAutoDefault(True)  # Enter presses it
        self.setToolTip(area.title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(2)
        self.title_label = FitLabel(f"{area.area}. {short_title}")
        self.count_label = FitLabel()
        self.open_label = FitLabel()
        self.title_label.setProperty("role", "card")
        self.open_label.setProperty("role", "soft")
        for label in (self.title_label, self.count_label, self.open_label):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            layout.addWidget(label)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_counts(area)

    def sizeHint(self) -> QSize:
        # a button asks its text, not its layout
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def show_counts(self, area: AreaProgress) -> None:
        """Other counts of the same area."""
        self.count_label.setText(f"{vi.number(area.final)} bản ghi chính thức")
        rest = [f"{vi.number(area.drafts)} bản nháp"] if area.drafts else []
        rest += [f"{vi.number(area.open_tasks)} nhiệm vụ đang mở"] if area.open_tasks else []
        self.open_label.setText(", ".join(rest) or "Không có việc dở dang")
        self.setAccessibleName(f"Nhiệm vụ {area.area}: {area.title}")
        self.setAccessibleDescription(f"{self.count_label.text()}; {self.open_label.text()}")


class HomePage(Page):
    """``go_to``: ``report`` with (regime, period), ``plan`` with a task id, ``records`` with a record id, ``area1``…"""

    title = "Việc đến hạn"

    summary_label: QLabel
    done_check: QCheckBox
    postpone_button: QPushButton
    put_off_button: QPushButton
    calendar_button: QPushButton
    due_table: DueTable
    empty_label: QLabel
    area_heading: QLabel
    area_grid: QGridLayout

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "home_page")
        self._office = office
        self._runner = runner
        self._view: HomeView | None = None
        self._stale = True
        self._cards: dict[int, AreaCard] = {}
        self._postponing = Postponing(self, office, runner, self._load)
        self.empty_label.hide()
        table = self.due_table
        table.activated.connect(lambda _index: self._open())
        self.done_check.toggled.connect(lambda _on: self._fill())
        self.postpone_button.clicked.connect(self.postpone)
        table.selectionModel().currentRowChanged.connect(lambda _now, _before: self._enable())
        self.put_off_button.clicked.connect(self.show_put_off)
        self.calendar_button.clicked.connect(self.to_calendar)
        shortcuts(self, (("F6", self.postpone), ("Shift+F6", self.show_put_off), ("F7", self.to_calendar)))

    # the page
    def shown(self) -> None:
        if self._stale:
            self._load()
        self.due_table.setFocus()

    def refresh(self, changes: Changes) -> None:
        if changes.touches("record", "plan", "report", "package", "settings", "trust", "due"):
            self._stale = True
            if self.isVisible():
                self._load()

    def _load(self) -> None:
        self._stale = False
        due = self._office.due
        self._runner.submit_db(lambda _progress: due.home(), self._take, label="Đang xem việc đến hạn", owner=self)

    def _take(self, view: HomeView) -> None:
        self._view = view
        self._fill()
        self._fill_areas(view)

    def _fill(self) -> None:
        view = self._view
        if view is None:
            return
        entries = [
            entry for entry in view.due
            if self.done_check.isChecked() or not (entry.done or entry.postponed_until)
        ]  # fmt: skip
        entries.sort(key=lambda item: (item.done, not item.overdue, item.due_on, item.title))
        table = self.due_table
        table.show_entries(entries)
        if not entries and table.hasFocus():
            self.done_check.setFocus()  # a hidden table would leave the cursor outside the page
        table.setVisible(bool(entries))
        self.empty_label.setVisible(not entries)
        self._enable()
        self._summarise(view)

    def _enable(self) -> None:
        entry = self._chosen()
        self.postpone_button.setEnabled(self._postponing.may(entry))

    def to_calendar(self) -> None:
        """The month of what is due, at the day of the chosen thing."""
        entry = self._chosen()
        self.go_to.emit("calendar", entry.due_on if entry is not None else None)

    def _chosen(self) -> DueEntry | None:
        return None if self.due_table.isHidden() else self.due_table.entry()

    def postpone(self) -> None:
        """Put the chosen reminder off, or take it up again."""
        entry = self._chosen()
        if entry is not None and self._postponing.may(entry):
            self._postponing.ask(entry)

    def show_put_off(self) -> None:
        """What is put off, and until when."""
        self._postponing.show_all()

    def page_keys(self) -> tuple[str, Sequence[tuple[str, str]]]:
        return self.title, DUE_LIST

    def _summarise(self, view: HomeView) -> None:
        waiting = sum(entry.postponed_until is not None for entry in view.due)
        late = sum(entry.overdue and not entry.postponed_until for entry in view.due)
        soon = sum(
            not entry.done and not entry.postponed_until and 0 <= entry.days_left <= SOON_DAYS for entry in view.due
        )
        parts = [f"{late} việc quá hạn"] if late else []
        parts += [f"{soon} việc đến hạn trong {SOON_DAYS} ngày tới"] if soon else []
        rest = f" ({waiting} việc đang hoãn nhắc)" if waiting else ""
        words = "; ".join(parts) or "không có việc quá hạn hay sắp đến hạn"
        self.put_off_button.setVisible(bool(waiting))
        self.put_off_button.setText(f"Đan&g hoãn: {waiting}")
        self.summary_label.setText(f"Hôm nay {vi.day(view.today)}: {words}{rest}.")
        restyle(self.summary_label, severity="error" if late else "warning" if soon else "ok")

    def _fill_areas(self, view: HomeView) -> None:
        self.area_heading.setText(
            f"Tám nhiệm vụ công tác dân vận: đã ghi từ {vi.day(view.window_first)} đến {vi.day(view.window_last)}"
        )
        shorts = {area.number: area.short_title for area in self._office.context.catalog.areas}
        for place, area in enumerate(view.areas):
            card = self._cards.get(area.area)
            if card is not None:
                card.show_counts(area)
                continue
            card = AreaCard(area, shorts.get(area.area, area.title), self)
            card.clicked.connect(lambda _on=False, number=area.area: self.go_to.emit(f"area{number}", None))
            self._cards[area.area] = card
            self.area_grid.addWidget(card, place // _CARDS_IN_A_ROW, place % _CARDS_IN_A_ROW)

    def _open(self) -> None:
        entry = self._chosen()
        if entry is not None:
            self.go_to.emit(*way_to(entry))
