"""The page of papers: drafted from a record, edited with nothing lost, approved, numbered, put out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_keys import settle, show
from mnemonics import clashes
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot
from records_office import PASSWORD, close_windows, make_office

from danvan_desktop.bootstrap import wire
from danvan_desktop.catalog.model import Json
from danvan_desktop.gui import dialogs
from danvan_desktop.gui.papers_page import PapersPage
from danvan_desktop.gui.record_papers import paper_acts
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.report_dialogs import NumberDialog
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.demo.offices import CULTURE_ID
from danvan_desktop.services.office import Office
from danvan_desktop.services.papers import PaperWish
from danvan_desktop.services.records import RecordInput
from danvan_desktop.store.home import open_home

SESSION: dict[str, Json] = {
    "held_on": "2026-05-14", "kind": "periodic", "chair": "Chủ tịch Nguyễn Văn Mẫu", "place": "Hội trường xã",
    "attendees": 90, "opinions": [{"topic": "land", "content": "Cấp giấy chứng nhận", "unit": CULTURE_ID}],
}  # fmt: skip


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


def open_page(office: Office) -> PapersPage:
    page = PapersPage(office, InlineRunner())
    page.resize(1130, 640)
    show(page)
    page.shown()
    settle()
    return page


def part(page: PapersPage, key: str) -> None:
    page.part_combo.setCurrentIndex(page.part_combo.findData(key))
    page.part_combo.activated.emit(page.part_combo.currentIndex())


def test_a_notice_from_the_record_to_the_numbered_paper(
    qtbot: QtBot, office: Office, tmp_path: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = office.records.save("dialogue_session", RecordInput(CULTURE_ID, SESSION), final=True).id
    records = RecordsPage(office, InlineRunner(), 6)
    show(records)
    records.show_target(record)
    settle()
    records.editor.closed.emit()
    settle()
    asked: list[tuple[str, object]] = []
    records.go_to.connect(lambda key, target: asked.append((key, target)))
    acts = dict(paper_acts(records, office, InlineRunner(), 6, records._query))
    while records.form is not None and records.form.key != "dialogue_session":
        records.form_tabs.setCurrentIndex(records.form_tabs.currentIndex() + 1)
        settle()
    acts["Lập thông báo kết luận đối thoại…"]()
    assert asked == [("papers", PaperWish("dialogue_conclusion", (record,)))]

    page = open_page(office)
    assert not page.empty_label.isHidden()
    page.show_target(asked[0][1])
    settle()
    assert page.empty_label.isHidden() and "Hội trường xã" in page.part_edit.toPlainText()
    assert page.preview_pane.page_label.text() == "Trang 1/1"
    assert page.preview_pane.charts_check.isHidden()
    page.part_edit.setPlainText("Mở đầu …… viết lại")
    part(page, "carrying_out")
    assert "Trước khi phê duyệt" in page.problem_label.text()
    part(page, "opening")
    page.part_edit.setPlainText("Mở đầu viết lại")
    assert clashes(page) == []
    assert page.can_leave(), "what was typed is kept on the way out"
    (line,) = office.papers.all()
    assert "Mở đầu viết lại" in {item.text for item in office.papers.view(line.id).parts}
    assert page.problem_label.isHidden() and not page.approve_button.isEnabled(), "only the leader approves"

    office.close()
    leader = wire(open_home(tmp_path / "home", clock=fixed_clock, account="lanhdao", password=PASSWORD), fixed_clock)
    try:
        page = open_page(leader)
        monkeypatch.setattr(dialogs, "ask", lambda *_a, **_k: True)
        monkeypatch.setattr(dialogs, "choose_folder", lambda *_a: tmp_path / "out")
        monkeypatch.setattr("danvan_desktop.gui.papers_page.QDesktopServices.openUrl", lambda _url: True)
        monkeypatch.setattr(NumberDialog, "exec", lambda self: QDialog.DialogCode.Accepted)
        page.approve_button.click()
        settle()
        assert page.part_edit.isReadOnly() and page.number_button.isEnabled()
        page.number_button.click()
        settle()
        item = page.paper_table.item(0, 1)
        assert item is not None and item.text() == "01/TB-UBND" and not page.number_button.isEnabled()
        page.render_button.click()
        settle()
        assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [".docx", ".pdf"]
    finally:
        close_windows()
        leader.close()


def test_words_typed_over_those_of_somebody_else_are_not_lost(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(dialogs, "show_error", lambda _parent, error: said.append(str(error)))
    record = office.records.save("dialogue_session", RecordInput(CULTURE_ID, SESSION), final=True).id
    key, _ = office.papers.make(PaperWish("dialogue_conclusion", (record,)))
    page = open_page(office)
    office.papers.edit(key, {"opening": "Lời của người khác"})
    page.part_edit.setPlainText("Lời của tôi")
    page.save_now()
    settle()
    assert len(said) == 1 and page.part_edit.toPlainText() == "Lời của người khác"
    assert QGuiApplication.clipboard().text() == "Lời của tôi"
