"""The dialog "Ký số" on a frozen report: by keyboard, from the file key to the agency's signature."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from gui_keys import press, settle, show
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from records_office import close_windows, make_office, sign_in
from report_office import answering, draft, finish, hear, open_page, yes

from danvan_desktop.gui import dialogs, report_sign
from danvan_desktop.gui.report_sign import PdfTrustDialog, SigningDialog
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services import report_desk
from danvan_desktop.services.office import Office

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "exchange"))
from signing_world import PASSWORD, make_world, p12

KEY = Qt.Key


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home, clock = tmp_path_factory.mktemp("sign") / "home", FixedClock(datetime(2026, 6, 4, 2, 0, tzinfo=UTC))
    entry = make_office(home, clock)
    draft(entry)
    entry.close()
    made = sign_in(home, clock, "lanhdao")
    made.reports.approve(finish(made))
    yield made
    close_windows()
    made.close()


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return hear(monkeypatch)


def _dialog(qtbot: QtBot, office: Office, report: str) -> SigningDialog:
    dialog = SigningDialog(office, InlineRunner(), report, *SigningDialog.read(office, report))
    qtbot.addWidget(dialog)
    show(dialog)
    settle()
    return dialog


def _lines(dialog: SigningDialog) -> list[str]:
    return [dialog.paper_list.item(row).text() for row in range(dialog.paper_list.count())]


def test_person_then_agency_by_keyboard(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = make_world()
    report = report_desk.heads(office)[0].id
    page = open_page(qtbot, office)
    state = office.signing.state(report)
    (tmp_path / "nguoi.p12").write_bytes(p12(*world.issue(state.signer)))
    (tmp_path / "coquan.p12").write_bytes(p12(*world.issue(state.office)))
    seen: list[str] = []

    def act(dialog: Any) -> None:
        assert "số kế tiếp được giữ" in dialog.about_label.text()
        assert _lines(dialog) == ["Chưa có chữ ký hoặc bản quét nào."]
        press(dialog, KEY.Key_Return)  # nothing chosen yet
        assert "Hãy chọn tệp" in dialog.error_label.text()
        dialog.path_edit.setText(str(tmp_path / "nguoi.p12"))
        dialog.secret_edit.setText("sai")
        dialog.secret_edit.setFocus()
        press(dialog.secret_edit, KEY.Key_Return)
        assert "Mật khẩu của tệp khóa không đúng" in dialog.error_label.text()
        dialog.secret_edit.setText(PASSWORD)
        press(dialog.secret_edit, KEY.Key_Return)
        assert "Chờ chữ ký của cơ quan" in dialog.about_label.text()
        assert dialog.secret_edit.text() == ""
        dialog.path_edit.setText(str(tmp_path / "coquan.p12"))
        dialog.secret_edit.setText(PASSWORD)
        press(dialog.secret_edit, KEY.Key_Return)
        assert "Đã đủ chữ ký số" in dialog.about_label.text()
        seen.extend(_lines(dialog))
        assert not dialog.sign_button.isVisible()
        press(dialog, KEY.Key_Escape)

    answering(monkeypatch, SigningDialog, act)
    page.actions_._buttons["sign_button"].click()
    settle()
    assert len(seen) == 2
    assert all("chưa biết nơi cấp chứng thư" in line for line in seen)
    head = report_desk.heads(office)[0]
    assert head.number == 1
    asked = yes(monkeypatch)
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_a, **_k: None)
    page.actions_._buttons["export_button"].click()
    settle()
    assert asked == []  # both have signed
    assert office.signing.state(report).next == ""


def test_giving_up_whom_to_believe_and_a_certificate_of_another_name(
    qtbot: QtBot, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from danvan_desktop.exchange.pdf_keys import der

    world = make_world("Nơi cấp mẫu")
    report = report_desk.heads(office)[0].id
    dialog = _dialog(qtbot, office, report)
    monkeypatch.setattr(dialogs, "ask_text", lambda *_a, **_k: "ký nhầm bản")
    dialog.abandon_button.click()
    settle()
    assert "số kế tiếp được giữ" in dialog.about_label.text()

    (tmp_path / "khac.p12").write_bytes(p12(*world.issue("Trần Thị Khác")))
    asked = yes(monkeypatch)
    dialog.path_edit.setText(str(tmp_path / "khac.p12"))
    dialog.secret_edit.setText(PASSWORD)
    dialog.sign_button.click()
    settle()
    assert "Trần Thị Khác" in asked[0]
    assert "Trần Thị Khác" in _lines(dialog)[0]
    page = open_page(qtbot, office)
    monkeypatch.setattr(dialogs, "choose_folder", lambda *_a, **_k: None)
    page.actions_._buttons["export_button"].click()
    settle()
    assert "chưa có chữ ký số của cơ quan" in asked[-1]
    page.hide()

    (tmp_path / "goc.cer").write_bytes(der(world.root))
    monkeypatch.setattr(dialogs, "choose_file", lambda *_a, **_k: tmp_path / "goc.cer")

    def believe(trust: Any) -> None:
        trust.add_button.click()
        settle()
        assert "Nơi cấp được tin cậy: Nơi cấp mẫu" in trust.trust_list.item(0).text()
        trust.reject()

    answering(monkeypatch, PdfTrustDialog, believe)
    dialog.trust_button.click()
    settle()
    assert "chưa kiểm tra được chứng thư có bị thu hồi" in _lines(dialog)[0]
    dialog.source_combo.setCurrentIndex(1)
    assert dialog.secret_title.text() == "&Mã PIN"
    dialog.path_edit.setText(str(tmp_path / "khong-co.so"))
    dialog.secret_edit.setText("12345678")
    dialog.sign_button.click()
    settle()
    assert "trình điều khiển" in dialog.error_label.text()
    assert report_sign._MAX_IMAGE == 4 * 2**20
