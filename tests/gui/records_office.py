"""A real office with a light key derivation, for the tests of the pages of records and indicators."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import HUB_PROFILE
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import create_office
from danvan_desktop.store.home import KdfParameters, open_home

LIGHT = KdfParameters(64, 1, 1)
PASSWORD = "mật khẩu"


def make_office(home: Path, clock: FixedClock) -> Office:
    """The hub of a commune, empty; signed in as the first account (entry and consolidation)."""
    passwords = {account.name: PASSWORD for account in HUB_PROFILE.accounts}
    store, _recovery = create_office(home, HUB_PROFILE, passwords, clock=clock, catalog=catalog(), kdf=LIGHT)
    return wire(store, clock)


def sign_in(home: Path, clock: FixedClock, account: str) -> Office:
    """Open the same office with another account."""
    return wire(open_home(home, clock=clock, account=account, password=PASSWORD), clock)


def close_windows() -> None:
    """Let no timer of a page ask an office that is closed."""
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
