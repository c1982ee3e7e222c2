"""A register read and printed from the page of records."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_keys import settle, show
from pytestqt.qtbot import QtBot
from records_office import close_windows, make_office, open_page, put

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.register_dialog import RegisterDialog, periods_of
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock, today
from danvan_desktop.services.office import Office


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


def test_periods_end_with_today(fixed_clock: FixedClock) -> None:
    keys = [period.key for period in periods_of(today(fixed_clock))]
    assert keys[:4] == ["2026", "2026-H1", "2026-Q2", "2026-Q1"] and "2026-05" in keys and "2026-06" not in keys
    assert keys.count("2025-Q4") == 1


def test_a_register_is_read_and_written(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(
        office,
        "citizen_reception",
        {
            "received_on": "2026-05-04",
            "kind": "regular",
            "receiver": "Bùi Mẫu Tiếp",
            "visitor": "Đỗ Mẫu An",
            "identity_no": "001099000123",
            "people": 1,
            "content": "Hỏi thủ tục",
            "petition_kind": "feedback",
            "first_time": "first",
        },
    )
    page = open_page(qtbot, office, 6)
    assert any("In sổ" in action.text() for action in page.view_button.menu().actions())
    dialog = RegisterDialog(office, InlineRunner(), office.registers.of_area(6), page)
    show(dialog)
    settle()
    assert dialog.register_combo.itemText(0) == "Sổ tiếp công dân (Mẫu số 03/TCD)"
    assert dialog.period_combo.currentText() == "Quý II năm 2026" and dialog.count_label.text() == "1 dòng"
    model = dialog.table.model()
    assert model.columnCount() == 13 and "001099" not in str(model.index(0, 3).data())
    assert "nhật ký" in dialog.hint_label.text()

    target = tmp_path / "so"
    monkeypatch.setattr(dialogs, "save_file", lambda *_a, **_k: target)
    told: list[str] = []
    monkeypatch.setattr(dialogs, "tell", lambda _parent, text, **_k: told.append(str(text)))
    dialog.pdf_button.click()
    assert (tmp_path / "so.pdf").read_bytes().startswith(b"%PDF-") and "Đã ghi 1 dòng" in told[0]
    dialog.period_combo.setCurrentIndex(dialog.period_combo.findData("2025"))
    assert dialog.count_label.text() == "Trong kỳ không có bản ghi chính thức"


def test_an_area_without_registers_offers_none(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 2)
    assert not any("In sổ" in action.text() for action in page.view_button.menu().actions())
    page.open_registers()  # F9 does nothing
