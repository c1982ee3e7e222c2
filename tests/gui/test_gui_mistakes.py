"""Ways back from a mistake: a draft made by mistake, a damaged home, numbers of sections that are not printed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_gate import PASSWORD, LightGate, make_home
from gui_keys import settle
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, supervision
from report_office import PERIOD, REGIME, open_page

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.app import Desk
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.report_desk import open_report


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


def test_a_draft_made_by_mistake_is_taken_away(qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    supervision(office, "2026-03-05", "Giám sát thu, chi quỹ")  # a record behind its numbers stays
    report_id, _ = office.reports.make(REGIME, PERIOD)
    page = open_page(qtbot, office)
    button = page.actions_._buttons["discard_button"]
    assert not button.isHidden()
    asked = answer(monkeypatch, yes=False)
    button.click()
    assert asked == ["Bỏ dự thảo báo cáo 6 tháng đầu năm 2026?"] and office.reports.all()
    answer(monkeypatch)
    button.click()
    settle()
    assert office.reports.all() == [] and page.report is None
    with office.context.store.read() as uow:
        assert "report_discarded" in [entry.action for entry in uow.audit.list(subject=report_id)]
    with pytest.raises(Refused) as error:
        office.reports.discard(report_id)
    assert error.value.code == "not_found"
    office.reports.make(REGIME, PERIOD)  # the period is free again


def test_marks_of_the_outline_are_those_of_the_paper(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    marks = {sheet.title: sheet.mark for sheet in open_report(office, report_id).sheets}
    assert marks["Đặc điểm, tình hình"] == ""  # optional and empty: not printed
    assert marks["Kết quả thực hiện"] == "I." and marks["Đánh giá chung"] == "II."
    office.reports.edit(report_id, "context", "Xã có 12 thôn.")
    marks = {sheet.title: sheet.mark for sheet in open_report(office, report_id).sheets}
    assert marks["Đặc điểm, tình hình"] == "I." and marks["Kết quả thực hiện"] == "II."


def test_a_damaged_home_is_brought_back_from_a_backup(
    tmp_path: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    home, gate = tmp_path / "home", LightGate(fixed_clock)
    make_home(home, fixed_clock)
    office = gate.open(home, "canbo", PASSWORD)
    copy = office.context.store.backup(tmp_path / "sao-luu.dvbak")
    office.close()
    (home / "home.json").write_text("{", encoding="utf-8")
    asked = answer(monkeypatch)
    told: list[str] = []
    monkeypatch.setattr(dialogs, "tell", lambda _parent, text, **_k: told.append(str(text)))
    monkeypatch.setattr(dialogs, "choose_file", lambda *_a, **_k: copy)
    desk = Desk(home, gate, InlineRunner(), fixed_clock, tmp_path / "new")
    desk.start()
    assert asked and "Đã khôi phục dữ liệu từ “sao-luu.dvbak”" in told[0]
    assert desk.sign_in is not None and desk.sign_in.account_combo.count() > 0
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("home") and path != home]  # kept
    assert not desk.sign_in.backup_button.isHidden()
    desk.sign_in.deleteLater()
    gate.open(home, "canbo", PASSWORD).close()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
