"""What a page of the main window is, and how it is announced."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from ..kernel.changes import Changes


class Page(QWidget):
    """Base of all pages. A page that has written emits ``wrote``; the window tells the other pages."""

    wrote = Signal(object)  # Changes
    go_to = Signal(str, object)  # key of a page, what it should show (None: nothing in particular)
    said = Signal(str)  # a sentence for the status line

    title = ""

    def refresh(self, changes: Changes) -> None:
        """Something has changed elsewhere: show it if it concerns this page."""

    def shown(self) -> None:
        """The page has come to the front."""

    def show_target(self, target: Any) -> None:
        """Show what another page pointed at (a record id, a report, a period...)."""

    def page_keys(self) -> tuple[str, Sequence[tuple[str, str]]]:
        """A heading and the keys of what is on screen now, with what they do: for F1."""
        return self.title, ()

    def can_leave(self) -> bool:
        """Whether the officer may go elsewhere now; a page with unsaved work asks first."""
        return True


@dataclass(frozen=True)
class PageSpec:
    """A page and its place: built by ``factory`` when first visited."""

    key: str
    title: str
    shortcut: str  # "Ctrl+1"; empty: none
    factory: Callable[[], Page]
    group: str = ""  # pages of one group stand indented under its title
    icon: str = ""  # name in resources/icons
    tip: str = ""  # the full title, when ``title`` is short
