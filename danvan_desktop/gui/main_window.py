"""The main window: navigation on the left, the office above, work under way beneath, pages in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QLabel,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from ..kernel import vi
from ..kernel.changes import Changes
from . import theme
from .keys_dialog import KeysDialog, letters_of
from .loader import load_ui
from .navigation import KEY, Navigation
from .pages import Page, PageSpec
from .runner import Job

SHOW_AFTER_MS = 1000  # work shorter than this is not announced
_SAID_MS = 8000
_NARROW = 1100  # below this width the navigation shrinks to its signs
_LOW = 570  # below this height the title of the page moves into the header


class _Announcer(Protocol):
    @property
    def started(self) -> Any: ...
    @property
    def progressed(self) -> Any: ...
    @property
    def finished(self) -> Any: ...


class MainWindow(QMainWindow):
    """``specs`` in the order of the navigation; the first page is shown at once."""

    page_shown = Signal(str)
    account_requested = Signal()  # the account in the header was pressed: change password, sign out...

    header: QWidget
    navigation: QTreeWidget
    stack: QStackedWidget
    page_layout: QVBoxLayout
    page_scroll: QScrollArea
    menu_button: QToolButton
    office_label: QLabel
    page_label: QLabel
    demo_label: QLabel
    account_button: QPushButton
    keys_button: QPushButton
    strip: QWidget
    status_label: QLabel
    progress_bar: QProgressBar
    cancel_button: QPushButton

    def __init__(self, specs: Sequence[PageSpec], runner: _Announcer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "main_window")
        self._specs = {spec.key: spec for spec in specs}
        self._pages: dict[str, Page] = {}
        self._office_name = ""
        self._current = ""
        self._last_in_group: dict[str, str] = {}
        self._jobs: list[Job] = []
        self._shown_job: Job | None = None
        self.setWindowIcon(theme.icon("danvan"))
        self.demo_label.hide()
        self.progress_bar.hide()
        self.cancel_button.hide()
        self.account_button.clicked.connect(self.account_requested)
        self.cancel_button.clicked.connect(self._cancel)
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(_SAID_MS)
        self._said.timeout.connect(lambda: self.status_label.setText("Sẵn sàng"))
        self._list = Navigation(self.navigation, specs)
        self._items = self._list.items
        for spec in specs:
            if spec.shortcut:
                self._shortcut(spec.shortcut, lambda key=spec.key: self.open_page(key))
        self.navigation.currentItemChanged.connect(self._chosen)
        self.menu_button.setIcon(theme.icon("menu"))
        self.menu_button.clicked.connect(self.turn_navigation)
        self._shortcut("Ctrl+0", self.turn_navigation)
        for key, step in (("Ctrl+PgDown", 1), ("Ctrl+PgUp", -1)):
            self._shortcut(key, lambda step=step: self._step(step))
        for key, step in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):  # wherever the cursor stands in the page
            self._shortcut(key, lambda step=step: self._step_tab(step))
        self._shortcut("F1", self.show_keys)
        self.keys_button.clicked.connect(self.show_keys)
        runner.started.connect(self._job_started)
        runner.progressed.connect(self._job_progressed)
        runner.finished.connect(self._job_finished)
        if specs:
            self.open_page(specs[0].key)

    # the header
    def set_office(self, name: str, *, demo: bool = False, story_day: date | None = None) -> None:
        """Whose data are open; a demonstration home is marked as such, with the day its story is at."""
        self._office_name = name
        self._name_head()
        self.demo_label.setVisible(demo)
        assumed = f" – Ngày giả định: {vi.day(story_day)}" if story_day else ""
        self.demo_label.setText(f"DỮ LIỆU DEMO{assumed}")
        self.setWindowTitle(f"{name} – Dân vận chính quyền" + (" – DỮ LIỆU DEMO" if demo else ""))

    def set_account(self, label: str, roles: str = "") -> None:
        """Who is signed in."""
        self.account_button.setText(f"{label.replace('&', '&&')} (F10)")
        self.account_button.setToolTip(roles)
        self.account_button.setAccessibleName(f"Tài khoản: {label}")

    # pages
    def page(self, key: str) -> Page | None:
        """The page ``key`` if it has been visited."""
        return self._pages.get(key)

    @property
    def current_key(self) -> str:
        return self._current

    def open_page(self, key: str, target: Any = None) -> bool:
        """Show a page, built on its first visit; False when the present page does not let the officer go."""
        leaving = self._pages.get(self._current)
        if key != self._current and leaving is not None and not leaving.can_leave():
            self._mark(self._current)
            return False
        page = self._pages.get(key)
        spec = self._specs[key]
        if page is None:
            page = spec.factory()
            self._pages[key] = page
            page.title = page.title or spec.title
            page.wrote.connect(lambda changes, source=page: self.broadcast(changes, source))
            page.go_to.connect(self.open_page)
            page.said.connect(self.say)
            self.stack.addWidget(page)
        self._current = key
        if spec.group:
            self._last_in_group[spec.group] = key
        self._mark(key)
        self.stack.setCurrentWidget(page)
        self.page_label.setText(spec.tip or page.title or spec.title)
        self._name_head()
        page.shown()
        if target is not None:
            page.show_target(target)
        self.page_shown.emit(key)
        return True

    # room
    def turn_navigation(self) -> None:
        """Shrink the navigation to its signs, or show its words again."""
        self._list.set_small(not self._list.small)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = event.size()
        if (size.width() < _NARROW) != (event.oldSize().width() < _NARROW) or not event.oldSize().isValid():
            self._list.set_small(size.width() < _NARROW)
        self._list.set_low(size.height() < _LOW)
        margin = 14 if size.width() >= _NARROW else 6
        self.page_layout.setContentsMargins(margin, 8, margin, 8)
        self.page_label.setVisible(size.height() >= _LOW)
        self._name_head()

    def _name_head(self) -> None:
        page = "" if self.height() >= _LOW else self.page_label.text()
        self.office_label.setText(" – ".join(part for part in (page, self._office_name) if part))

    def show_keys(self) -> None:
        """The keys of the page on screen."""
        page = self._pages.get(self._current)
        title, keys = page.page_keys() if page is not None else ("", ())
        dialog = KeysDialog(title, keys, self, letters=letters_of(page) if page is not None else ())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open_group(self, group: str) -> None:
        """Show the page of the group visited last, else its first."""
        keys = [spec.key for spec in self._specs.values() if spec.group == group]
        if keys:
            self.open_page(self._last_in_group.get(group, keys[0]))

    def broadcast(self, changes: Changes, source: Page | None = None) -> None:
        """Tell every page built so far, except the one that wrote."""
        for page in self._pages.values():
            if page is not source:
                page.refresh(changes)

    def add_group_shortcut(self, group: str, shortcut: str) -> None:
        """A key for a whole group (``Ctrl+3`` for "Ghi chép")."""
        self._shortcut(shortcut, lambda: self.open_group(group))
        self._list.name_group_key(group, shortcut)

    def say(self, text: str) -> None:
        """A sentence on the status line, for some seconds."""
        self.status_label.setText(text)
        self.status_label.setToolTip(text)
        self._said.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        page = self._pages.get(self._current)
        if page is not None and not page.can_leave():
            event.ignore()
        else:
            super().closeEvent(event)

    # navigation
    def _chosen(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        key = item.data(0, KEY) if item is not None else None
        if key and key != self._current:
            self.open_page(str(key))

    def _mark(self, key: str) -> None:
        self.navigation.blockSignals(True)
        self.navigation.setCurrentItem(self._items[key])
        self.navigation.blockSignals(False)

    def _step(self, by: int) -> None:
        keys = list(self._specs)
        self.open_page(keys[(keys.index(self._current) + by) % len(keys)])

    def _step_tab(self, by: int) -> None:
        page = self._pages.get(self._current)
        bars = page.findChildren(QTabBar) if page is not None else []
        usable = [bar for bar in bars if bar.isVisible() and bar.isEnabled() and bar.count() > 1]
        bar = min(usable, key=_depth, default=None)  # the tabs of the page, not tabs within one of them
        if bar is not None:
            bar.setCurrentIndex((bar.currentIndex() + by) % bar.count())

    def _shortcut(self, keys: str, slot: Any) -> None:
        QShortcut(QKeySequence(keys), self).activated.connect(slot)

    # work under way
    def _job_started(self, job: Job) -> None:
        self._jobs.append(job)
        QTimer.singleShot(SHOW_AFTER_MS, self, lambda: self._show_job(job))

    def _show_job(self, job: Job) -> None:
        if job in self._jobs and self._shown_job is None:
            self._shown_job = job
            self.progress_bar.setRange(0, job.progress.total)
            self.progress_bar.setValue(job.progress.done)
            self.progress_bar.show()
            self.cancel_button.setEnabled(True)
            self.cancel_button.show()
            self._said.stop()
            self.status_label.setText(job.label or "Đang làm…")

    def _job_progressed(self, job: Job) -> None:
        if job is self._shown_job:
            self.progress_bar.setRange(0, job.progress.total)
            self.progress_bar.setValue(job.progress.done)
            self.status_label.setText(" – ".join(part for part in (job.label, job.progress.text) if part))

    def _job_finished(self, job: Job) -> None:
        if job in self._jobs:
            self._jobs.remove(job)
        if job is self._shown_job:
            self._shown_job = None
            self.progress_bar.hide()
            self.cancel_button.hide()
            self.status_label.setText("Sẵn sàng")
            for other in self._jobs[:1]:
                self._show_job(other)

    def _cancel(self) -> None:
        if self._shown_job is not None:
            self._shown_job.cancel()
            self.cancel_button.setEnabled(False)
            self.status_label.setText("Đang dừng…")


def _depth(widget: QWidget) -> int:
    """How many widgets a widget lies in."""
    parent = widget.parentWidget()
    return 0 if parent is None else 1 + _depth(parent)
