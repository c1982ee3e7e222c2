"""At the first start of a day: what is late and soon due, and what came due while the account was away."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QDialog, QLabel, QListWidget, QListWidgetItem, QPushButton, QWidget

from ..kernel import vi
from ..services.due import DueEntry, Notice
from . import theme
from .due_words import due_words, left_words, way_to
from .loader import load_ui
from .widgets import restyle

_ENTRY = Qt.ItemDataRole.UserRole
_TOLD = 5
_LONGEST = 110


class DueNotice(QDialog):
    """``go_to`` as a page's: the list, the calendar, or the thing itself. Escape only closes it."""

    go_to = Signal(str, object)

    title_label: QLabel
    summary_label: QLabel
    urgent_title: QLabel
    urgent_list: QListWidget
    away_label: QLabel
    list_button: QPushButton
    calendar_button: QPushButton
    close_button: QPushButton

    def __init__(self, notice: Notice, soon_days: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "due_notice")
        self.setWindowIcon(theme.icon("danvan"))
        self.summary_label.setText(summary(notice, soon_days))
        restyle(self.summary_label, severity="error" if notice.late else "warning")
        for entry in notice.urgent:
            self.urgent_list.addItem(_item(entry))
        self.urgent_list.itemActivated.connect(self._open)
        self.away_label.setText(away_words(notice))
        self.away_label.setVisible(bool(self.away_label.text()))
        self.list_button.clicked.connect(lambda: self._go("home"))
        self.calendar_button.clicked.connect(lambda: self._go("calendar"))
        self.close_button.clicked.connect(self.reject)
        self.list_button.setFocus()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        height = 0
        for row in range(self.urgent_list.count()):  # as high as its three things, no more
            height += self.urgent_list.sizeHintForRow(row)
        self.urgent_list.setFixedHeight(min(height, 300) + 2 * self.urgent_list.frameWidth() + 2)
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), layout.totalHeightForWidth(self.width()))  # wrapped words need their height

    def _open(self, item: QListWidgetItem) -> None:
        self._go(*way_to(item.data(_ENTRY)))

    def _go(self, key: str, target: Any = None) -> None:
        self.accept()
        self.go_to.emit(key, target)


def summary(notice: Notice, soon_days: int) -> str:
    """``Hôm nay 20/08/2026: 05 việc quá hạn, 03 việc đến hạn trong 7 ngày tới.``"""
    parts = [f"{vi.count(notice.late)} việc quá hạn"] if notice.late else []
    parts += [f"{vi.count(notice.soon)} việc đến hạn trong {soon_days} ngày tới"] if notice.soon else []
    return f"Hôm nay {vi.day(notice.today)}: {', '.join(parts)}."


def away_words(notice: Notice) -> str:
    """What came due since the account was last here; empty when it was here within three days."""
    if notice.away_since is None:
        return ""
    since = f"Lần trước anh/chị vào chương trình ngày {vi.day(notice.away_since)}."
    if not notice.meanwhile:
        return f"{since} Từ đó đến nay không có việc nào đến hạn mà chưa xong."
    lines = [f"{since} Từ đó đến nay {vi.count(len(notice.meanwhile))} việc đã đến hạn mà chưa xong:"]
    lines += [f"• {_short(entry.title)} ({vi.day(entry.due_on)})" for entry in notice.meanwhile[:_TOLD]]
    rest = len(notice.meanwhile) - _TOLD
    return "\n".join(lines + ([f"… và {rest} việc nữa trong danh sách."] if rest > 0 else []))


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST else title[:_LONGEST].rsplit(" ", 1)[0] + "…"


def _item(entry: DueEntry) -> QListWidgetItem:
    item = QListWidgetItem(f"{_short(entry.title)}\n{left_words(entry)} · {due_words(entry).replace(chr(10), ' · ')}")
    item.setData(_ENTRY, entry)
    item.setToolTip(entry.title)
    item.setForeground(QColor(theme.COLOURS.danger if entry.overdue else theme.COLOURS.warn))
    return item
