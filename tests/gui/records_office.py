"""A real office with a light key derivation, for the tests of the pages of records and indicators."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from gui_keys import settle, show
from prepared_homes import copy_of
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.model import Json
from danvan_desktop.gui import dialogs
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import CULTURE_ID, HUB_PROFILE
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery, RecordInput
from danvan_desktop.services.setup import create_office
from danvan_desktop.store.home import KdfParameters, open_home

LIGHT = KdfParameters(64, 1, 1)
PASSWORD = "mật khẩu"


def make_office(home: Path, clock: FixedClock) -> Office:
    """The hub of a commune, empty; signed in as the first account (entry and consolidation)."""

    def make(folder: Path) -> Office:
        passwords = {account.name: PASSWORD for account in HUB_PROFILE.accounts}
        store, _recovery = create_office(folder, HUB_PROFILE, passwords, clock=clock, catalog=catalog(), kdf=LIGHT)
        return wire(store, clock)

    copy_of(f"hub-{clock.now():%Y%m%d%H%M}", home, make)
    return sign_in(home, clock, HUB_PROFILE.accounts[0].name)


def sign_in(home: Path, clock: FixedClock, account: str) -> Office:
    """Open the same office with another account."""
    return wire(open_home(home, clock=clock, account=account, password=PASSWORD), clock)


def close_windows() -> None:
    """Let no timer of a page ask an office that is closed."""
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def open_page(qtbot: QtBot, office: Office, area: int) -> RecordsPage:
    """The page of an area on screen, the cursor in its list."""
    page = RecordsPage(office, InlineRunner(), area)  # close_windows takes it away, not qtbot: one of them must
    page.resize(1060, 590)
    show(page)
    page.shown()
    settle()
    return page


def rows(office: Office, form: str, **asked: Any) -> list[Any]:
    """What the store holds."""
    return office.records.page(form, ListQuery(**asked), 0, 100)


def put(office: Office, form: str, values: Mapping[str, Json]) -> str:
    """A final record of the culture office; its id."""
    return office.records.save(form, RecordInput(CULTURE_ID, values), final=True).id


def supervision(office: Office, day: str, subject: str, **values: Json) -> str:
    """A final record of area 8; its id."""
    given: dict[str, Json] = {"held_on": day, "body": "front", "kind": "supervision", "subject": subject, **values}
    form = office.context.catalog.forms["social_supervision"]
    for key in ("body", "kind"):
        field = form.field(key)
        if given[key] not in field.choice_titles:
            given[key] = field.choices[0].key
    return put(office, "social_supervision", given)


def shown(page: RecordsPage, column: int = 0) -> list[str]:
    """A column of the list as the officer reads it."""
    model = page.table.model()
    return [str(model.index(row, column).data()) for row in range(model.rowCount())]


def answer(monkeypatch: pytest.MonkeyPatch, *, choice: int = 0, text: str | None = "", yes: bool = True) -> list[str]:
    """Answers of the officer to the questions that come up; returns the questions asked."""
    asked: list[str] = []

    def choose(_parent: Any, question: str, _answers: Any, **_more: Any) -> int:
        asked.append(question)
        return choice

    def ask_text(_parent: Any, question: str, **_more: Any) -> str | None:
        asked.append(question)
        return text

    def ask(_parent: Any, question: str, **_more: Any) -> bool:
        asked.append(question)
        return yes

    monkeypatch.setattr(dialogs, "choose", choose)
    monkeypatch.setattr(dialogs, "ask_text", ask_text)
    monkeypatch.setattr(dialogs, "ask", ask)
    return asked
