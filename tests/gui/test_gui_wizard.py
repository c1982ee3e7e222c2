"""The first start, by keyboard, on a real home."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_gate import LightGate
from gui_keys import SHIFT, press, settle, show, write
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.gui.wizard import FirstStartWizard
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services import home as homes

KEY = Qt.Key


@pytest.fixture
def wizard(qtbot: QtBot, tmp_path: Path, fixed_clock: FixedClock) -> Iterator[FirstStartWizard]:
    made = FirstStartWizard(tmp_path / "home", LightGate(fixed_clock), InlineRunner(), fixed_clock)
    show(made)
    yield made
    if made.office is not None:
        made.office.close()
    made.hide()  # closing asks questions
    made.deleteLater()
    settle()


def tab(widget: QWidget, times: int = 1) -> None:
    for _ in range(times):
        press(widget, KEY.Key_Tab)


def to_account(wizard: FirstStartWizard) -> None:
    """By keyboard up to the page of the account."""
    press(wizard, KEY.Key_Space)
    press(wizard, KEY.Key_Down)  # the second kind: the hub of the commune
    press(wizard, KEY.Key_Return)
    write(wizard, "Ủy ban nhân dân xã Vĩnh Thủy")
    tab(wizard)
    write(wizard, "Ủy ban nhân dân tỉnh Quảng Trị")
    press(wizard, KEY.Key_Return)
    press(wizard, KEY.Key_Tab)
    wizard.next_button.setFocus()
    press(wizard, KEY.Key_Return)
    write(wizard, "Nguyễn Văn Mẫu")
    press(wizard, KEY.Key_Return)
    tab(wizard)
    write(wizard, "Mẫu Đông")
    press(wizard, KEY.Key_Return)
    write(wizard, "Mẫu Tây")
    QTest.keyClick(wizard.villages_edit, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)


def to_summary(wizard: FirstStartWizard) -> None:
    to_account(wizard)
    write(wizard, "Nguyễn Thị Hường")
    tab(wizard, 2)
    write(wizard, "mật khẩu dài")
    tab(wizard)
    write(wizard, "mật khẩu dài")
    press(wizard, KEY.Key_Return)


def test_a_new_officer_sets_up_by_keyboard(
    wizard: FirstStartWizard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fixed_clock: FixedClock
) -> None:
    home = tmp_path / "home"
    to_summary(wizard)
    assert wizard.step_title.text() == "Xem lại và tạo dữ liệu"
    assert "Nguyễn Văn Mẫu (TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH)" in wizard.summary_label.text()
    assert str(home) in wizard.folder_label.text()
    assert not homes.home_exists(home)

    press(wizard, KEY.Key_Return)
    assert homes.home_exists(home)
    assert wizard.office is not None
    code = wizard.code_label.text().split()
    assert [len(group) for group in code] == [4] * 8
    assert not wizard.next_button.isEnabled()  # until the sheet is kept
    monkeypatch.setattr(dialogs, "save_file", lambda *_a, **_k: None)  # Enter stands on "save"; the officer gives up
    press(wizard, KEY.Key_Return)
    assert wizard.step_title.text() == "Phiếu khôi phục"

    sheet = tmp_path / "phieu.txt"
    monkeypatch.setattr(dialogs, "save_file", lambda *_a, **_k: sheet)
    wizard.save_sheet_button.setFocus()
    press(wizard, KEY.Key_Space)
    assert code[0] in sheet.read_text("utf-8-sig") and "Ủy ban nhân dân xã Vĩnh Thủy" in sheet.read_text("utf-8-sig")
    tab(wizard)
    press(wizard, KEY.Key_Space)  # the tick
    assert wizard.kept_check.isChecked()
    wizard.next_button.setFocus()
    press(wizard, KEY.Key_Return)
    assert wizard.code_label.text() == ""  # shown once

    card = tmp_path / "the-khoa.dvkey"
    monkeypatch.setattr(dialogs, "save_file", lambda *_a, **_k: card)
    wizard.export_card_button.setFocus()
    press(wizard, KEY.Key_Space)
    assert card.is_file()
    fingerprint = wizard.office.trust.card().fingerprint
    assert "".join(wizard.fingerprint_label.text().split()) == fingerprint.upper()

    settings = wizard.office.settings.load()
    assert settings.office.name == "Ủy ban nhân dân xã Vĩnh Thủy"
    assert settings.office.issuer_lines == ("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY")
    assert (settings.office.symbol_suffix, settings.office.place) == ("UBND", "Vĩnh Thủy")
    assert settings.office.via_name == "Sở Nội vụ"
    assert settings.signers[0].authority_lines == ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH")
    assert [village.name for village in settings.villages] == ["Mẫu Đông", "Mẫu Tây"]
    assert len(settings.agencies) == 5
    assert [(a.name, a.label, len(a.roles)) for a in settings.accounts] == [("huong.nt", "Nguyễn Thị Hường", 5)]

    wizard.next_button.setFocus()
    press(wizard, KEY.Key_Return)
    assert wizard.result() == 1 and not wizard.isVisible()
    wizard.office.close()
    LightGate(fixed_clock).recover(home, "".join(code).lower(), "huong.nt", "mật khẩu khác")
    wizard.office = LightGate(fixed_clock).open(home, "huong.nt", "mật khẩu khác")


def test_a_page_with_faults_is_not_left(wizard: FirstStartWizard) -> None:
    wizard.next_button.click()
    assert wizard.error_label.isVisible() and wizard.error_label.text() == "Hãy chọn loại cơ quan."
    to_account(wizard)
    write(wizard, "Nguyễn Thị Hường")
    tab(wizard, 2)
    write(wizard, "mật khẩu dài")
    tab(wizard)
    write(wizard, "mật khẩu dai")
    press(wizard, KEY.Key_Return)
    assert wizard.step_title.text() == "Tài khoản đầu tiên"
    assert "chưa giống nhau" in wizard.error_label.text()
    assert wizard.again_edit.hasFocus()
    press(wizard, KEY.Key_Tab, SHIFT)
    write(wizard, "x")
    assert not wizard.error_label.isVisible()


def test_what_the_officer_typed_is_not_overwritten(wizard: FirstStartWizard) -> None:
    wizard.choose_profile("commune_agency")
    wizard.next_button.click()
    wizard.suffix_edit.setFocus()
    write(wizard, "TTHCC")
    wizard.name_edit.setFocus()
    write(wizard, "Trung tâm Phục vụ hành chính công xã Vĩnh Thủy")
    assert wizard.suffix_edit.text() == "TTHCC"
    assert wizard.place_edit.text() == "Vĩnh Thủy"
    wizard.superior_edit.setFocus()
    write(wizard, "Ủy ban nhân dân xã Vĩnh Thủy")
    wizard.next_button.click()
    assert wizard.superior_lines_edit.toPlainText() == "UBND XÃ VĨNH THỦY"
    assert wizard.issuer_lines_edit.toPlainText() == "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"
    wizard.issuer_lines_edit.setPlainText("TRUNG TÂM\nPHỤC VỤ HÀNH CHÍNH CÔNG")
    wizard.back_button.click()
    wizard.next_button.click()
    assert wizard.issuer_lines_edit.toPlainText() == "TRUNG TÂM\nPHỤC VỤ HÀNH CHÍNH CÔNG"
    wizard.propose_head_button.click()
    assert wizard.issuer_lines_edit.toPlainText() == "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"


def test_a_folder_that_holds_data_is_not_touched(wizard: FirstStartWizard, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thu.txt").write_text("giữ lại", encoding="utf-8")
    to_summary(wizard)
    press(wizard, KEY.Key_Return)
    assert wizard.office is None and "không thiết lập đè lên" in wizard.error_label.text()
    assert [item.name for item in (tmp_path / "home").iterdir()] == ["thu.txt"]
    assert wizard.next_button.isEnabled() and wizard.back_button.isVisible()


def test_once_made_it_is_left_by_the_front_door_only(wizard: FirstStartWizard, monkeypatch: pytest.MonkeyPatch) -> None:
    to_summary(wizard)
    press(wizard, KEY.Key_Return)
    told: list[str] = []
    monkeypatch.setattr(dialogs, "tell", lambda _parent, text, **_k: told.append(str(text)))
    press(wizard, KEY.Key_Escape)
    wizard.close()
    assert wizard.isVisible() and len(told) == 2 and "phiếu khôi phục" in told[0]


def test_leaving_with_something_typed_asks(wizard: FirstStartWizard, monkeypatch: pytest.MonkeyPatch) -> None:
    wizard.choose_profile("parent")
    wizard.next_button.click()
    assert not wizard.via_edit.isVisible()
    write(wizard, "Sở Nội vụ")
    monkeypatch.setattr(dialogs, "ask", lambda *_a, **_k: False)
    press(wizard, KEY.Key_Escape)
    assert wizard.isVisible()
    monkeypatch.setattr(dialogs, "ask", lambda *_a, **_k: True)
    press(wizard, KEY.Key_Escape)
    assert not wizard.isVisible() and wizard.result() == 0


@pytest.mark.parametrize("number", range(9))
def test_mnemonics_of_a_page_do_not_clash(wizard: FirstStartWizard, number: int) -> None:
    wizard.choose_profile("commune_hub")
    page = wizard.stack.widget(number)
    assert page is not None
    letters = [
        text[text.index("&") + 1].lower()
        for widget in page.findChildren(QWidget)
        if isinstance(widget, QLabel | QAbstractButton) and "&" in (text := widget.text())
    ]
    assert len(letters) == len(set(letters)), letters
    assert page.minimumSizeHint().height() <= 480
