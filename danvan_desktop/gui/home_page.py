"""The first screen: what is due, when, in what state; then how far the eight areas are."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..kernel import vi
from ..kernel.changes import Changes
from ..services.due import AreaProgress, DueEntry, HomeView
from ..services.office import Office
from . import dialogs, theme
from .loader import load_ui
from .pages import Page
from .record_keys import shortcuts
from .runner import Runner
from .widgets import restyle

_ENTRY = Qt.ItemDataRole.UserRole
_COLUMNS = ("Việc", "Hạn", "Trạng thái", "Thời gian còn lại")
_SOON_DAYS = 7
_CARDS_IN_A_ROW = 4
_CELL_PADDING = 18  # left and right, by the style sheet and the style


def due_words(entry: DueEntry) -> str:
    """``31/05/2026 (trước ngày 01/6/2026)``, and the last working day where it is an earlier one."""
    text = vi.day(entry.due_on)
    if entry.rule_words:
        text += f" ({entry.rule_words})"
    if entry.last_working_day != entry.due_on:
        text += f"\nNgày làm việc cuối: {vi.day(entry.last_working_day)}"
    return text


def left_words(entry: DueEntry) -> str:
    """How long there still is, or how late it is."""
    if entry.done:
        return "Đã xong"
    if entry.postponed_until:
        return f"Nhắc lại {vi.day(entry.postponed_until)}"
    if entry.overdue:
        return f"QUÁ HẠN {-entry.days_left} ngày"
    return "Hạn hôm nay" if entry.days_left == 0 else f"Còn {entry.days_left} ngày"


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
        self.title_label = QLabel(f"{area.area}. {short_title}")
        self.count_label = QLabel()
        self.open_label = QLabel()
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


class _DueItem(QStyledItemDelegate):
    """Overdue stays red in the chosen row too; a long title takes two lines."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = super().sizeHint(option, index)
        room = option.rect.width() - _CELL_PADDING
        metrics = QFontMetrics(option.font)
        if index.column() == 0 and 0 < room < metrics.horizontalAdvance(str(index.data() or "")):
            hint.setHeight(max(hint.height(), 2 * metrics.lineSpacing() + _CELL_PADDING // 2))
        return hint

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        colour = index.data(Qt.ItemDataRole.ForegroundRole)
        if isinstance(colour, QBrush):
            option.palette.setBrush(QPalette.ColorRole.HighlightedText, colour)


class HomePage(Page):
    """``go_to``: ``report`` with (regime, period), ``plan`` with a task id, ``records`` with a record id, ``area1``…"""

    title = "Việc đến hạn"

    summary_label: QLabel
    done_check: QCheckBox
    postpone_button: QPushButton
    due_table: QTableWidget
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
        self.empty_label.hide()
        table = self.due_table
        table.setColumnCount(len(_COLUMNS))
        table.setHorizontalHeaderLabels(list(_COLUMNS))
        header = table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2, 3):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        table.setItemDelegate(_DueItem(table))
        table.itemActivated.connect(self._open)
        self.done_check.toggled.connect(lambda _on: self._fill())
        self.postpone_button.clicked.connect(self.postpone)
        table.itemSelectionChanged.connect(self._enable)
        shortcuts(self, (("F6", self.postpone),))

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
        before = table.currentRow()
        table.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            for column, text in enumerate((entry.title, due_words(entry), entry.state_title, left_words(entry))):
                table.setItem(row, column, _item(entry, text, bold=column == 3))
        if entries:
            table.setCurrentCell(min(max(before, 0), len(entries) - 1), 0)
        if not entries and table.hasFocus():
            self.done_check.setFocus()  # a hidden table would leave the cursor outside the page
        table.setVisible(bool(entries))
        self.empty_label.setVisible(not entries)
        self._enable()
        self._summarise(view)

    def _enable(self) -> None:
        entry = self._chosen()
        self.postpone_button.setEnabled(entry is not None and not entry.done)

    def _chosen(self) -> DueEntry | None:
        item = self.due_table.item(self.due_table.currentRow(), 0)
        entry = item.data(_ENTRY) if item is not None and not self.due_table.isHidden() else None
        return entry if isinstance(entry, DueEntry) else None

    def postpone(self) -> None:
        """Put the chosen reminder off, or take it up again."""
        entry, view = self._chosen(), self._view
        if entry is None or view is None or entry.done:
            return
        days = [view.today + timedelta(days=number) for number in (1, 7, 30)]
        words = [
            f"{name}, {vi.day(day)}" for name, day in zip(("Ngày mai", "Sau 7 ngày", "Sau 30 ngày"), days, strict=True)
        ]
        detail = "Chỉ hoãn việc nhắc, thời hạn không thay đổi; đến ngày đó việc này hiện lại."
        if entry.overdue:
            detail = "Việc này đã quá hạn: hoãn nhắc không làm thay đổi thời hạn. Đến ngày đó việc này hiện lại."
        again = ["Nhắc lại ngay"] if entry.postponed_until else []
        answers = [*words, *again, "Không hoãn"]
        chosen = dialogs.choose(self, f"Nhắc lại sau: {entry.title[:120]}", answers, detail=detail, default=1)
        if chosen >= len(answers) - 1:
            return
        until = days[chosen] if chosen < len(days) else None

        def done(changes: Changes) -> None:
            self.wrote.emit(changes)
            self._load()
            self.said.emit(f"Sẽ nhắc lại vào ngày {vi.day(until)}." if until else "Việc này hiện lại trong danh sách.")

        self._runner.submit_db(
            lambda _progress: self._office.due.postpone(entry, until), done,
            lambda error: dialogs.show_error(self, error), "Đang lưu", owner=self,
        )  # fmt: skip

    def _summarise(self, view: HomeView) -> None:
        waiting = sum(entry.postponed_until is not None for entry in view.due)
        late = sum(entry.overdue and not entry.postponed_until for entry in view.due)
        soon = sum(
            not entry.done and not entry.postponed_until and 0 <= entry.days_left <= _SOON_DAYS for entry in view.due
        )
        parts = [f"{late} việc quá hạn"] if late else []
        parts += [f"{soon} việc đến hạn trong {_SOON_DAYS} ngày tới"] if soon else []
        rest = f" ({waiting} việc đang hoãn nhắc)" if waiting else ""
        words = "; ".join(parts) or "không có việc quá hạn hay sắp đến hạn"
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

    def _open(self, item: QTableWidgetItem) -> None:
        entry = item.data(_ENTRY)
        if entry.kind == "report":
            regime, _bar, period = entry.key.partition("|")
            self.go_to.emit("report", (regime, period))
        elif entry.kind == "task":
            self.go_to.emit("plan", entry.key)
        else:
            self.go_to.emit("records", entry.target)


def _item(entry: DueEntry, text: str, *, bold: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    item.setData(_ENTRY, entry)
    item.setToolTip(entry.title)
    if entry.overdue:
        item.setForeground(QColor(theme.COLOURS.danger))
    elif entry.done:
        item.setForeground(QColor(theme.COLOURS.soft_ink))
    elif entry.days_left <= _SOON_DAYS:
        item.setForeground(QColor(theme.COLOURS.warn))
    if bold and not entry.done:
        font = QFont(item.font())
        font.setBold(True)
        item.setFont(font)
    return item
