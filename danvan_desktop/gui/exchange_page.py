"""Exchange with other offices: packages out and in, and whose keys are believed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QTabWidget, QWidget

from ..kernel.changes import Changes
from ..services.office import Office
from .exchange_desk import choose_id
from .exchange_received import ReceivedPart
from .exchange_sent import SentPart
from .exchange_trust import TrustPart
from .keys_dialog import EXCHANGE, Keys
from .loader import load_ui
from .pages import Page
from .runner import Runner

SENT, RECEIVED, TRUST = 0, 1, 2


class ExchangePage(Page):
    """``show_target``: ``sent``, ``received``, ``trust``, or the id of a package."""

    title = "Trao đổi"

    tabs: QTabWidget

    def __init__(self, office: Office, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui(self, "exchange_page")
        self.sent = SentPart(self, office, runner)
        self.received = ReceivedPart(self, office, runner)
        self.trust = TrustPart(self, office, runner)
        self._stale = True
        self._wanted = ""
        self.setAcceptDrops(self.received.may_take)
        self.tabs.currentChanged.connect(lambda _tab: self._focus())

    def shown(self) -> None:
        if self._stale:
            self._load()
        self._focus()

    def page_keys(self) -> tuple[str, Keys]:
        return "Trao đổi", EXCHANGE

    def refresh(self, changes: Changes) -> None:
        if changes.touches("package", "received", "trust", "report", "settings", "agencies"):
            self._stale = True
            if self.isVisible():
                self._load()

    def show_target(self, target: Any) -> None:
        places = {"sent": SENT, "received": RECEIVED, "trust": TRUST}
        if target in places:
            self.tabs.setCurrentIndex(places[target])
        elif isinstance(target, str):
            if self._stale:
                self._load()
            for place, table in ((SENT, self.sent.table), (RECEIVED, self.received.table)):
                if choose_id(table, target):
                    self.tabs.setCurrentIndex(place)

    def _load(self) -> None:
        self._stale = False
        for part in (self.sent, self.received, self.trust):
            part.load()

    def _focus(self) -> None:
        table = (self.sent, self.received, self.trust)[self.tabs.currentIndex()].table
        if table.isVisible():
            table.setFocus()
        else:
            buttons = (self.sent.export_button, self.received.file_button, self.trust.add_button)
            buttons[self.tabs.currentIndex()].setFocus()

    # packages dropped on the page
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _packages(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = _packages(event)
        if paths:
            event.acceptProposedAction()
            self.tabs.setCurrentIndex(RECEIVED)
            self.received.look(paths)


def _packages(event: QDropEvent) -> tuple[Path, ...]:
    """The packages, and folders, among what is dropped."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return tuple(path for path in paths if path.suffix.lower() == ".dvpkg" or path.is_dir())
