"""A small office with a half-year report, and how its people answer, for the tests of the report page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gui_keys import settle, show
from prepared_homes import copy_of
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from records_office import make_office, sign_in, supervision

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.report_page import ReportPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services import report_desk
from danvan_desktop.services.office import Office

REGIME, PERIOD = "commune-to-province", "2026-H1"
AREA = "results_area_8"
WORDS = "Công tác dân vận có chuyển biến rõ nét."


def draft(office: Office) -> Office:
    """Two supervisions recorded, the half-year report drafted."""
    supervision(office, "2026-03-05", "Giám sát việc công khai quy hoạch")
    supervision(office, "2026-04-10", "Giám sát thu, chi quỹ")
    office.reports.make(REGIME, PERIOD)
    return office


def make_drafted(home: Path, clock: FixedClock) -> Office:
    """The office of make_office with the report of ``draft``."""
    copy_of(f"drafted-{clock.now():%Y%m%d%H%M}", home, lambda folder: draft(make_office(folder, clock)))
    return sign_in(home, clock, "canbo")


def hear(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was told in dialogs, which nobody could close here."""
    said: list[str] = []

    def tell(_parent: Any, message: Any, *, detail: str = "") -> None:
        said.append(f"{getattr(message, 'message', message)} {detail}".strip())

    monkeypatch.setattr(dialogs, "tell", tell)
    return said


def open_page(qtbot: QtBot, office: Office, runner: Any = None) -> ReportPage:
    page = ReportPage(office, runner or InlineRunner())
    qtbot.addWidget(page)
    page.resize(1130, 640)
    show(page)
    page.shown()
    settle()
    return page


def answering(monkeypatch: pytest.MonkeyPatch, dialog: type[QDialog], act: Callable[[Any], object]) -> list[QDialog]:
    """Each time ``dialog`` comes up the officer does ``act``."""
    seen: list[QDialog] = []

    def run(self: QDialog) -> int:
        seen.append(self)
        show(self)
        act(self)
        settle()
        return self.result()

    monkeypatch.setattr(dialog, "exec", run)
    return seen


def yes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    asked: list[str] = []

    def ask(_parent: Any, question: str, **more: Any) -> bool:
        asked.append(f"{question} {more.get('detail', '')}".strip())
        return True

    monkeypatch.setattr(dialogs, "ask", ask)
    return asked


def stored(office: Office, section: str) -> str:
    head = report_desk.heads(office)[0]
    sheet = report_desk.open_report(office, head.id).sheet(section)
    assert sheet is not None
    return sheet.text


def bound(office: Office, section: str) -> list[str]:
    """The figures whose numbers stand bound in a section."""
    sheet = report_desk.open_report(office, report_desk.heads(office)[0].id).sheet(section)
    assert sheet is not None
    return [span.figure for span in sheet.spans]


def go(page: ReportPage, section: str) -> None:
    page.desk.show_section(section)
    page.desk.editor.setFocus()
    settle()


def outline_word(page: ReportPage, section: str) -> str:
    return page.outline.word(section)


def choose_problem(page: ReportPage, test: Callable[[report_desk.DeskProblem], bool]) -> report_desk.DeskProblem:
    assert page.report is not None
    row = next(row for row, item in enumerate(page.report.problems) if test(item))
    page.problems.problem_list.setCurrentRow(row)
    settle()
    return page.report.problems[row]


def finish(office: Office) -> str:
    """Everything that stands between the draft and its approval, done by services; the report's id."""
    head = report_desk.heads(office)[0]
    office.indicators.confirm_nil(head.regime, head.period, *office.indicators.undecided(head.regime, head.period))
    office.reports.refresh(head.id)
    for sheet in report_desk.open_report(office, head.id).sheets:
        if sheet.needs_writing:
            office.reports.edit(head.id, sheet.key, WORDS)
    for problem in report_desk.open_report(office, head.id).problems:
        if problem.severity == "error" and problem.figure:
            office.reports.explain(head.id, problem.figure, "Đang chờ số liệu của đơn vị.")
    assert report_desk.open_report(office, head.id).errors == 0
    return head.id
