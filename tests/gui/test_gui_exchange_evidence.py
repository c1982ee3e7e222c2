"""Evidence along with a report, as officers of two offices do it: picked with reasons, sealed, read at the parent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from exchange_offices import introduce, make_hub, make_parent
from gui_keys import compose, press, settle
from mnemonics import clashes
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot
from records_office import close_windows
from report_office import answering, hear
from report_office import open_page as open_report
from test_gui_exchange_page import choose_report, export, only, open_page, take, texts

from danvan_desktop.exchange.sealed import is_sealed
from danvan_desktop.gui import dialogs, exchange_dialogs, record_files
from danvan_desktop.gui.exchange_desk import choose_id
from danvan_desktop.gui.exchange_dialogs import PreviewDialog, ViewDialog
from danvan_desktop.gui.exchange_evidence import EvidenceDialog
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office
from danvan_desktop.store.plans import PlanRow, TaskRow

MINUTES, PHOTO = "Biên bản giám sát quy hoạch.pdf", "Ảnh hội nghị.jpg"


def give_files(office: Office) -> None:
    """A task of the year's plan with two files."""
    evidence = office.records.evidence
    kept = [evidence.add_bytes(b"%PDF-1.7 bien ban", MINUTES), evidence.add_bytes(b"\xff\xd8\xff\xe0 anh", PHOTO)]
    plan, task = "0197a000-0000-7000-8000-00000000c001", "0197a000-0000-7000-8000-00000000c002"
    with office.context.store.unit() as uow:
        uow.plans.save(PlanRow(plan, "Kế hoạch", "", None, 2026, "", "", "", {}, "2026-01-02T01:00:00Z", "motnguoi"))
        uow.plans.set_task(
            TaskRow(task, plan, 1, "1.1", "Tổ chức hội nghị", evidence=tuple(item.sha256 for item in kept))
        )


@pytest.fixture
def hub(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make_hub(tmp_path, fixed_clock)
    give_files(made)
    yield made
    close_windows()
    made.close()


@pytest.fixture
def parent(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make_parent(tmp_path, fixed_clock)
    yield made
    close_windows()
    made.close()


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_args: folder)
    return folder


def choosing(monkeypatch: pytest.MonkeyPatch, answer: int) -> list[str]:
    asked: list[str] = []

    def choose(_parent: Any, question: str, _answers: Any, **more: Any) -> int:
        asked.append(f"{question} {more.get('detail', '')}")
        return answer

    monkeypatch.setattr(dialogs, "choose", choose)
    return asked


def keeping(paths: list[Path]) -> Callable[[Path], bool]:
    """A viewer of the system that notes what it was asked to open."""

    def show(path: Path) -> bool:
        paths.append(path)
        return True

    return show


def names(dialog: EvidenceDialog) -> list[str]:
    return [texts(dialog.evidence_table, row)[0] for row in range(dialog.evidence_table.rowCount())]


def test_files_are_picked_with_reasons_and_read_at_the_parent(
    qtbot: QtBot, hub: Office, parent: Office, stick: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    introduce(hub, parent)
    below, above = open_page(qtbot, hub), open_page(qtbot, parent)
    said: list[str] = []
    below.said.connect(said.append)
    asked = choosing(monkeypatch, 1)
    looked: list[Path] = []
    monkeypatch.setattr(record_files, "open_in_system", keeping(looked))

    def pick(dialog: EvidenceDialog) -> None:
        assert names(dialog) == [MINUTES, PHOTO]
        assert texts(dialog.evidence_table)[1] == "Nhiệm vụ 1.1. Tổ chức hội nghị"
        assert "Sở Nội vụ tỉnh Quảng Trị" in dialog.evidence_note.text()
        assert clashes(dialog) == []
        assert dialog.height() <= 700 and dialog.width() <= 1366
        dialog.choose_button.click()
        assert dialog.isVisible() and "Chưa chọn tệp nào" in dialog.evidence_problem.text()
        dialog.add_button.click()
        assert dialog.evidence_problem.text() == "Hãy ghi lý do gửi kèm tệp này."
        # by keyboard: the file found without accents, Enter to its reason, Enter picks it
        dialog.find_edit.setFocus()
        compose(dialog, "anh hoi nghi")
        assert names(dialog) == [PHOTO]
        dialog.evidence_table.setFocus()
        press(dialog, Qt.Key.Key_Return, text="\r")
        assert dialog.reason_edit.hasFocus()
        compose(dialog, "Sở yêu cầu ảnh hội nghị")
        press(dialog, Qt.Key.Key_Return, text="\r")
        assert dialog.isVisible() and dialog.evidence_table.hasFocus()
        assert dialog.evidence_summary.text().startswith("Đã chọn 1 tệp")
        dialog.find_edit.clear()
        choose_id(dialog.evidence_table, next(key for key, item in dialog._files.items() if item.name == MINUTES))
        dialog.open_button.click()
        dialog.reason_edit.setText("Minh chứng mục 6")
        dialog.add_button.click()
        dialog.remove_button.click()
        assert [item.reason for item in dialog.picks] == ["Sở yêu cầu ảnh hội nghị"]
        dialog.reason_edit.setText("Minh chứng mục 6")
        dialog.add_button.click()
        dialog.grab().save(str(tmp_path / "pick.png"))
        dialog.choose_button.click()

    answering(monkeypatch, EvidenceDialog, pick)
    export(below, monkeypatch)
    assert "Có 2 tệp gắn với số liệu và nhiệm vụ" in asked[0]
    assert [path.name[9:] for path in looked] == [MINUTES]
    package = only(stick, "bao-cao-*.dvpkg")
    assert is_sealed(package.read_bytes())
    assert "kèm 2 tệp minh chứng nên được mã hóa" in said[-1]
    assert "kèm 2 tệp minh chứng, mã hóa cho nơi nhận" in below.sent.detail.toPlainText()
    # once built, nothing more is asked: the same files go
    package.unlink()
    asked.clear()
    export(below, monkeypatch)
    assert not asked and is_sealed(only(stick, "bao-cao-*.dvpkg").read_bytes())

    def look(dialog: PreviewDialog) -> None:
        words = dialog.preview_detail.toPlainText()
        for part in ("Minh chứng kèm theo, gói được mã hóa", f"{PHOTO} (", "Sở yêu cầu ảnh hội nghị (1.1. Tổ chức"):
            assert part in words
        assert "evidence/" not in words
        dialog.grab().save(str(tmp_path / "preview.png"))

    take(above, monkeypatch, [package], look)
    assert "kèm 2 minh chứng" in texts(above.received.table)[5]
    opened: list[Path] = []
    monkeypatch.setattr(exchange_dialogs, "open_with_viewer", keeping(opened))
    saved: list[str] = []

    def save(_parent: Any, _title: str, name: str, *_filters: str) -> Path:
        saved.append(name)
        return tmp_path / name

    monkeypatch.setattr(dialogs, "save_file", save)
    hear(monkeypatch)

    def read(dialog: ViewDialog) -> None:
        dialog.tabs.setCurrentIndex(2)
        settle()
        choose_id(dialog.inside_table, "evidence/001.jpg")
        row = dialog.inside_table.currentRow()
        assert texts(dialog.inside_table, row)[:2] == [
            PHOTO, "Minh chứng: Sở yêu cầu ảnh hội nghị (1.1. Tổ chức hội nghị)"
        ]  # fmt: skip
        dialog.grab().save(str(tmp_path / "view.png"))
        dialog.open_button.click()
        dialog.save_button.click()

    answering(monkeypatch, ViewDialog, read)
    choose_report(above)
    above.received.view_button.click()
    assert [path.name[9:] for path in opened] == [PHOTO]
    assert opened[0].parent.parent == parent.context.store.path
    assert saved == [PHOTO]
    assert (tmp_path / PHOTO).read_bytes().startswith(b"\xff\xd8")


def test_the_report_page_asks_too_and_may_be_given_up(
    qtbot: QtBot, hub: Office, parent: Office, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    introduce(hub, parent)
    page = open_report(qtbot, hub)
    button = page.findChild(QPushButton, "export_button")
    assert isinstance(button, QPushButton) and button.isEnabled()
    monkeypatch.setattr(dialogs, "ask", lambda *_args, **_more: True)
    told = hear(monkeypatch)
    choosing(monkeypatch, 2)
    button.click()
    settle()
    assert not list(stick.iterdir())
    assert not hub.packages.all("out")
    choosing(monkeypatch, 1)
    answering(monkeypatch, EvidenceDialog, lambda dialog: dialog.close_button.click())
    button.click()
    settle()
    assert not hub.packages.all("out")
    choosing(monkeypatch, 0)
    button.click()
    settle()
    assert only(stick, "bao-cao-*.dvpkg").read_bytes().startswith(b"PK")
    assert "Đã ghi gói" in told[-1]
