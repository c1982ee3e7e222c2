"""The settings as an administrator uses them, on a real office."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from gui_gate import PASSWORD, LightGate, make_home
from gui_keys import press, settle, show, write
from mnemonics import clashes
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.account_dialogs import AccountDialog
from danvan_desktop.gui.office_widgets import PlacesEditor
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.gui.settings_calendar import DayDialog
from danvan_desktop.gui.settings_page import SettingsPage
from danvan_desktop.gui.settings_places import MergeDialog, PlaceHistoryDialog, RenameDialog
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office

KEY = Qt.Key


class Desk:
    """A settings page on screen, and what it told the window."""

    def __init__(self, page: SettingsPage, office: Office) -> None:
        self.page = page
        self.office = office
        self.wrote: list[Changes] = []
        self.said: list[str] = []
        page.wrote.connect(self.wrote.append)
        page.said.connect(self.said.append)


@pytest.fixture
def sit(qtbot: QtBot, tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Callable[[str], Desk]]:
    make_home(tmp_path / "home", fixed_clock)
    offices: list[Office] = []

    def down(account: str) -> Desk:
        office = LightGate(fixed_clock).open(tmp_path / "home", account, PASSWORD)
        offices.append(office)
        page = SettingsPage(office, InlineRunner())
        qtbot.addWidget(page)
        page.resize(1066, 600)
        show(page)
        page.shown()
        settle()
        return Desk(page, office)

    yield down
    for widget in QApplication.topLevelWidgets():
        widget.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for office in offices:
        office.close()


Sit = Callable[[str], Desk]


def test_the_office_is_changed_and_kept(sit: Sit) -> None:
    desk = sit("quantri")
    page = desk.page
    assert page.name_edit.text() == "Ủy ban nhân dân xã Vĩnh Thủy"
    assert not page.office_save_button.isEnabled()
    page.via_edit.setFocus()
    page.via_edit.selectAll()
    write(page, "Phòng Tổng hợp")
    page.common_series_radio.setFocus()
    press(page, KEY.Key_Space)
    page.office_save_button.setFocus()
    press(page, KEY.Key_Space)
    loaded = desk.office.settings.load()
    assert loaded.office.via_name == "Phòng Tổng hợp" and loaded.common_series
    assert desk.said == ["Đã lưu thông tin cơ quan."] and desk.wrote[0].touches("settings")
    assert not page.changed and page.can_leave()


def test_what_cannot_be_saved_is_said(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = sit("quantri")
    page = desk.page
    page.name_edit.setFocus()
    page.name_edit.selectAll()
    press(page, KEY.Key_Delete)
    page.office_save_button.click()
    assert page.error_label.isVisible() and "không được để trống" in page.error_label.text()
    assert desk.office.settings.load().office.name == "Ủy ban nhân dân xã Vĩnh Thủy"
    asked: list[str] = []

    def stay(_parent: QWidget, question: str, **_more: object) -> bool:
        asked.append(question)
        return False

    monkeypatch.setattr(dialogs, "ask", stay)
    assert not page.can_leave() and asked and page.name_edit.text() == ""
    monkeypatch.setattr(dialogs, "ask", lambda *_a, **_k: True)
    assert page.can_leave() and page.name_edit.text() == "Ủy ban nhân dân xã Vĩnh Thủy"


def test_a_second_signer(sit: Sit) -> None:
    desk = sit("lanhdao")
    page = desk.page
    page.tabs.setCurrentIndex(1)
    page.signers_editor.add_signer_button.setFocus()
    press(page, KEY.Key_Space)
    assert page.signers_editor.signing_combo.hasFocus()
    page.signers_editor.signing_combo.setCurrentIndex(1)
    page.signers_editor.signing_combo.activated.emit(1)
    assert "cấp phó ký thay người đứng đầu" in page.signers_editor.signing_hint_label.text()
    page.signers_editor.signer_name_edit.setFocus()
    write(page, "Trần Thị Phó")
    page.signers_save_button.click()
    signers = desk.office.settings.load().signers
    assert [signer.name for signer in signers] == ["Nguyễn Văn Mẫu", "Trần Thị Phó"]
    assert signers[1].authority_lines == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    page.signers_editor.authority_edit.setPlainText("KT. CHỦ TỊCH\nTM. ỦY BAN NHÂN DÂN")
    assert "chưa đúng thứ tự" in page.signers_editor.signing_hint_label.text()


def test_agencies_are_added_renamed_and_put_out_of_use(sit: Sit) -> None:
    desk = sit("quantri")
    page = desk.page
    page.tabs.setCurrentIndex(2)
    before = desk.office.settings.load().agencies
    editor = page.agencies_editor
    editor.places_add_button.setFocus()
    press(page, KEY.Key_Space)
    write(page, "Trạm Y tế")
    press(page, KEY.Key_Return)
    editor.places_table.setCurrentCell(4, 2)
    editor.places_table.setFocus()
    press(page, KEY.Key_Space)
    editor.places_table.setCurrentCell(0, 0)
    editor.places_down_button.click()
    editor.places_save_button.click()
    after = desk.office.settings.load().agencies
    assert [item.name for item in after][:2] == [before[1].name, before[0].name]
    assert after[-1].name == "Trạm Y tế" and after[-1].kind == "agency" and after[-1].id
    assert [item.active for item in after] == [True, True, True, True, False, True]
    assert {item.id for item in before} < {item.id for item in after}
    assert desk.said == ["Đã lưu danh sách đơn vị."] and not editor.changed


def test_two_villages_of_one_name_are_refused(sit: Sit) -> None:
    desk = sit("quantri")
    page = desk.page
    page.tabs.setCurrentIndex(3)
    editor = page.villages_editor
    editor.places_add_button.click()
    write(page, "mẫu đông")
    press(page, KEY.Key_Return)
    editor.places_save_button.click()
    assert editor.places_error_label.isVisible() and "có hai lần" in editor.places_error_label.text()
    assert len(desk.office.settings.load().villages) == 12


def test_accounts_are_added_renewed_and_removed(
    sit: Sit, tmp_path: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    # only the leader's account may pass the right to protected values on
    desk = sit("quantri")
    page = desk.page
    page.tabs.setCurrentIndex(4)
    page.add_account_button.setFocus()
    press(page, KEY.Key_Space)
    dialog = page.findChild(AccountDialog)
    assert dialog is not None
    show(dialog)
    write(dialog, "Hoàng Thị Thử")
    assert dialog.name_edit.text() == "thu.ht"
    dialog.password_edit.setFocus()
    write(dialog, "ngắn")
    press(dialog, KEY.Key_Return)
    assert "ít nhất 8 ký tự" in dialog.error_label.text() and dialog.password_edit.hasFocus()
    dialog.password_edit.clear()
    write(dialog, "mật khẩu dài")
    press(dialog, KEY.Key_Tab)
    write(dialog, "mật khẩu dài")
    press(dialog, KEY.Key_Return)
    accounts = {account.name: account for account in desk.office.settings.load().accounts}
    assert accounts["thu.ht"].roles == ("entry",) and page.account_table.rowCount() == 5
    assert desk.said == ["Đã thêm tài khoản “Hoàng Thị Thử”."]

    page.account_table.setCurrentCell(4, 0)
    page.renew_account_button.click()
    dialog = page.findChild(AccountDialog)
    assert dialog is not None and dialog.name_edit.isReadOnly()
    show(dialog)
    dialog._boxes["records_office"].setFocus()
    press(dialog, KEY.Key_Space)
    dialog.password_edit.setFocus()
    write(dialog, "mật khẩu khác")
    press(dialog, KEY.Key_Tab)
    write(dialog, "mật khẩu khác")
    press(dialog, KEY.Key_Return)
    accounts = {account.name: account for account in desk.office.settings.load().accounts}
    assert accounts["thu.ht"].roles == ("entry", "records_office")
    desk.office.close()
    opened = LightGate(fixed_clock).open(tmp_path / "home", "thu.ht", "mật khẩu khác")
    opened.close()

    desk = sit("quantri")
    page = desk.page
    page.tabs.setCurrentIndex(4)
    page.account_table.setCurrentCell(3, 0)
    assert not page.remove_account_button.isEnabled()  # the own account
    page.account_table.setCurrentCell(4, 0)
    monkeypatch.setattr(dialogs, "ask", lambda *_a, **_k: True)
    page.remove_account_button.click()
    assert page.account_table.rowCount() == 4


def test_the_last_administrator_stays(sit: Sit) -> None:
    desk = sit("lanhdao")
    settings = desk.office.settings
    with pytest.raises(Refused, match="last_admin"):
        settings.remove_account("quantri")
    with pytest.raises(Refused, match="last_admin"):
        settings.renew_account("quantri", "Quản trị", "mật khẩu dài", ("entry",))
    with pytest.raises(Refused, match="own_account"):
        settings.remove_account("lanhdao")


def test_an_officer_without_the_right_only_looks(sit: Sit) -> None:
    desk = sit("canbo")
    page = desk.page
    assert page.right_label.isVisible() and page.name_edit.isReadOnly()
    assert not page.clock_button.isEnabled()
    assert not page.add_account_button.isEnabled() and not page.agencies_editor.places_add_button.isEnabled()
    page.name_edit.setFocus()
    write(page, "x")
    assert not page.changed and page.can_leave()


def test_working_days_of_a_year(sit: Sit) -> None:
    page = sit("canbo").page
    page.tabs.setCurrentIndex(5)
    assert page.year_combo.currentData() == 2026
    assert "chưa có văn bản xác nhận" in page.calendar_label.text()
    table = page.calendar_table
    rows = [[table.item(row, column).text() for column in range(5)] for row in range(table.rowCount())]  # type: ignore[union-attr]  # every cell is filled
    assert ["10/01/2026, thứ Bảy", "Làm bù"] in [row[:2] for row in rows]
    assert [row[4] for row in rows].count("CHƯA XÁC NHẬN") == 1
    page.year_combo.setFocus()
    press(page, KEY.Key_Up)
    assert table.item(0, 0).text() == "01/01/2025, thứ Tư"  # type: ignore[union-attr]  # filled
    assert "đều có văn bản" in page.calendar_label.text()


def test_backup_check_and_key(sit: Sit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = sit("canbo")
    page = desk.page
    page.tabs.setCurrentIndex(6)
    card = desk.office.trust.card()
    assert "".join(page.fingerprint_label.text().split()) == card.fingerprint
    backup = tmp_path / "b.dvbak"
    monkeypatch.setattr(dialogs, "save_file", lambda *_a, **_k: backup)
    page.backup_button.setFocus()
    press(page, KEY.Key_Space)
    assert backup.stat().st_size > 1000 and str(backup) in page.care_label.text()
    page.check_button.setFocus()
    press(page, KEY.Key_Space)
    assert page.care_label.text() == "Đã kiểm tra: dữ liệu nguyên vẹn." and page.check_button.isEnabled()
    monkeypatch.setattr(dialogs, "save_file", lambda *_a, **_k: tmp_path / "không có" / "k.dvkey")
    page.export_card_button.click()
    assert page.error_label.isVisible() and "Không ghi được" in page.error_label.text()
    monkeypatch.setattr(dialogs, "save_file", lambda *_a, **_k: tmp_path / "k.dvkey")
    page.export_card_button.click()
    assert (tmp_path / "k.dvkey").is_file() and page.card_label.isVisible()


def test_an_administrator_confirms_the_clock(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = sit("quantri")
    page = desk.page
    page.tabs.setCurrentIndex(6)
    questions: list[str] = []

    def agree(_page: object, question: str, **_more: object) -> bool:
        questions.append(question)
        return True

    monkeypatch.setattr(dialogs, "ask", agree)
    page.clock_button.click()
    assert questions == ["Hôm nay đúng là ngày 28/05/2026?"]
    assert page.care_label.text() == "Đã xác nhận đồng hồ máy đúng, hôm nay 28/05/2026."
    with desk.office.context.store.read() as uow:
        assert uow.settings.get("clock_confirmed", 0) > 0


def test_changes_from_elsewhere_do_not_overwrite_what_is_typed(sit: Sit) -> None:
    desk = sit("quantri")
    page = desk.page
    page.place_edit.setFocus()
    write(page, "X")
    typed = page.place_edit.text()
    page.refresh(Changes.of("settings", "agencies"))
    assert page.place_edit.text() == typed
    page.office_undo_button.click()
    assert page.place_edit.text() == "Vĩnh Thủy" and not page.changed


@pytest.mark.parametrize("number", range(7))
def test_mnemonics_of_a_tab_do_not_clash(sit: Sit, number: int) -> None:
    page = sit("quantri").page
    page.tabs.setCurrentIndex(number)
    letters = [
        text[text.index("&") + 1].lower()
        for widget in page.tabs.currentWidget().findChildren(QWidget)
        if isinstance(widget, QLabel | QAbstractButton) and "&" in (text := widget.text())
    ]
    assert len(letters) == len(set(letters)), letters
    assert page.minimumSizeHint().height() <= 590


def test_a_day_off_is_typed_with_its_source(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sit("quantri").page
    page.tabs.setCurrentIndex(5)
    seen: list[DayDialog] = []

    def answer(dialog: DayDialog) -> int:
        seen.append(dialog)
        dialog.first_field.set_value("2026-06-01")
        dialog.title_edit.setText("Nghỉ tránh bão")
        dialog.accept()
        assert "nguồn" in dialog.error_label.text() and not dialog.result()
        dialog.source_edit.setText("CĐ 12/CĐ-UBND")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(DayDialog, "exec", answer)
    page.add_day_button.click()
    settle()
    table = page.calendar_table
    rows = [[table.item(row, column).text() for column in range(5)] for row in range(table.rowCount())]  # type: ignore[union-attr]  # every cell is filled
    assert ["01/06/2026, thứ Hai", "Nghỉ", "Nghỉ tránh bão", "CĐ 12/CĐ-UBND", "Đã có văn bản; cơ quan nhập"] in rows
    assert seen


def test_who_may_not_change_settings_only_reads_the_days(sit: Sit) -> None:
    page = sit("canbo").page
    for button in (page.add_day_button, page.edit_day_button, page.confirm_day_button, page.clear_day_button):
        assert not button.isEnabled()


def test_villages_merge_and_the_merge_is_taken_back(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = sit("quantri")
    page = desk.page
    page.tabs.setCurrentIndex(3)
    editor = page.villages_editor
    before = [line.name for line in editor.lines() if line.active]
    assert len(before) >= 2

    def merge(dialog: MergeDialog) -> int:
        assert not clashes(dialog)
        dialog.accept()
        assert "đánh dấu" in dialog.error_label.text()
        for row in (0, 1):
            dialog.place_list.item(row).setCheckState(Qt.CheckState.Checked)
        dialog.accept()
        assert "tên của nơi mới" in dialog.error_label.text()
        dialog.name_edit.setText("Thôn Hợp Nhất")
        dialog.source_edit.setText("NQ 12/NQ-HĐND")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(MergeDialog, "exec", merge)
    editor.places_merge_button.click()
    settle()
    active = [line.name for line in editor.lines() if line.active]
    assert sorted(active) == sorted([*before[2:], "Thôn Hợp Nhất"])
    assert desk.said[-1].startswith("Đã sáp nhập")

    def look(dialog: PlaceHistoryDialog) -> int:
        assert "Thôn Hợp Nhất" in dialog.story_list.item(0).text() and "NQ 12" in dialog.story_list.item(0).text()
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(PlaceHistoryDialog, "exec", look)
    monkeypatch.setattr(dialogs, "ask", lambda *_a, **_k: True)
    editor.places_history_button.click()
    settle()
    assert [line.name for line in editor.lines() if line.active] == before


def test_an_agency_is_renamed_from_a_day_on(sit: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    page = sit("quantri").page
    page.tabs.setCurrentIndex(2)
    editor = page.agencies_editor
    editor.places_table.setCurrentCell(1, 0)

    def rename(dialog: RenameDialog) -> int:
        assert not clashes(dialog)
        dialog.name_edit.setText("Trung tâm Đổi tên")
        dialog.day_field.set_value("2026-05-01")
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(RenameDialog, "exec", rename)
    editor.places_rename_button.click()
    settle()
    assert "Trung tâm Đổi tên" in [line.name for line in editor.lines()]
    editor.places_table.item(1, 0).setText("Đang gõ dở")  # type: ignore[union-attr]  # filled
    editor.places_merge_button.click()
    assert "chưa lưu" in page.error_label.text()


def test_at_set_up_there_is_no_history_yet(qtbot: QtBot) -> None:
    editor = PlacesEditor()
    qtbot.addWidget(editor)
    show(editor)
    for button in (editor.places_merge_button, editor.places_rename_button, editor.places_history_button):
        assert not button.isVisible()
