"""Sheets through the window, by keyboard: columns, faults, the choice, undo; pasting; long work that can be stopped."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from gui_keys import CONTROL, press, show
from mnemonics import clashes
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, open_page, rows, shown

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.import_dialog import ImportDialog
from danvan_desktop.gui.record_data import fetch_lists
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.runner import ThreadRunner
from danvan_desktop.kernel.canonical import sha256_hex
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office
from danvan_desktop.store.reports import ReportRow

sys.path.append(str(Path(__file__).parents[1] / "unit" / "services"))

from sheet_samples import FORM, ROWS, register

KEY = Qt.Key


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    opened = make_office(tmp_path / "home", fixed_clock)
    yield opened
    close_windows()
    opened.close()


def chosen(page: RecordsPage, monkeypatch: pytest.MonkeyPatch, path: Path) -> ImportDialog:
    """The dialog after Ctrl+I and a file."""
    monkeypatch.setattr(dialogs, "choose_file", lambda *_args, **_words: path)
    show(page)
    page.table.setFocus()
    press(page, KEY.Key_I, CONTROL)
    dialog = page.imports.dialog
    assert dialog is not None and dialog.isVisible()
    return dialog


def test_a_register_comes_in_by_keys_and_goes_out_again(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = [list(row) for row in ROWS]
    given[1][2], given[0][4] = "31/02/2026", "VÒ c«ng t¸c d©n vËn"
    path = tmp_path / "so.xlsx"
    path.write_bytes(register(given))
    page = open_page(qtbot, office, 1)
    assert clashes(page) == []
    dialog = chosen(page, monkeypatch, path)
    assert clashes(dialog) == []
    assert (dialog.form, dialog.sheet_combo.currentText(), dialog.head_spin.value()) == (FORM, "Sổ 2026", 5)
    assert dialog.head_spin.lineEdit().width() > 40, "the number can be seen"
    table = dialog.column_table
    titles = [table.item(row, 1).text() for row in range(table.rowCount())]  # type: ignore[union-attr]  # every cell is filled
    assert titles[:3] == ["STT (số thứ tự)", "Số, ký hiệu", "Ngày ban hành"]
    assert "“VÒ c«ng t¸c d©n vËn” → “Về công tác dân vận”" in dialog.note_label.text()
    press(dialog, KEY.Key_Return)
    assert dialog.heading_label.text() == "4 dòng: 3 dòng đúng, 1 chỗ phải sửa" and clashes(dialog) == []
    found = [dialog.problem_table.item(row, 0) for row in range(dialog.problem_table.rowCount())]
    assert "Sổ 2026!C8" in [item.text() for item in found if item is not None]
    assert not dialog.next_button.isEnabled(), "all or nothing, and something is wrong"
    back = tmp_path / "tra.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_args, **_words: back)
    dialog.annotate_button.click()
    assert back.is_file() and rows(office, FORM) == []
    press(dialog, KEY.Key_Right)
    assert dialog.good_radio.isChecked() and dialog.next_button.text() == "&Nhập 3 bản ghi"
    press(dialog, KEY.Key_Return)
    assert len(rows(office, FORM)) == 3 and len(shown(page)) == 3
    assert dialog.heading_label.text() == "Đã nhập 3 bản ghi dự thảo." and clashes(dialog) == []
    dialog.undo_button.click()
    assert rows(office, FORM) == [] and "3 bản ghi chuyển vào thùng rác" in dialog.heading_label.text()
    press(dialog, KEY.Key_Return)
    assert page.imports.dialog is None and shown(page) == []


def test_a_column_is_mapped_by_hand_and_the_same_file_asked_about(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "so.xlsx"
    path.write_bytes(register(ROWS))
    page = open_page(qtbot, office, 1)
    dialog = chosen(page, monkeypatch, path)
    combo = dialog._combos[4]
    combo.setCurrentIndex(combo.findData("@note"))
    assert "Trích yếu" in dialog.note_label.text(), "a needed field lost its column"
    dialog.go_on()
    dialog.go_on()
    kept = rows(office, FORM)
    assert {row.note for row in kept} == {"V/v công tác dân vận", "Nội dung", "=1+1", "+84 việc"}
    dialog.go_on()
    dialog = chosen(page, monkeypatch, path)
    dialog.go_on()
    asked = answer(monkeypatch, yes=False)
    dialog.go_on()
    assert "đã được nhập trước đó" in asked[0] and len(rows(office, FORM)) == 4
    answer(monkeypatch, yes=True)
    dialog.go_on()
    assert len(rows(office, FORM)) == 8
    dialog.go_on()


def test_every_import_is_listed_and_any_of_them_taken_back(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    unit = office.settings.load().agencies[0].id
    done = []
    for number in range(3):
        opened = office.sheets.open_bytes(register(ROWS[: number + 1]), f"so-{number}.xlsx")
        found = office.sheets.check(opened, office.sheets.layout(opened, FORM), unit=unit)
        done.append(office.sheets.bring_in(found))
    office.records.delete(done[1].record_ids[0], "Nhập trùng")
    page = open_page(qtbot, office, 1)
    show(page)
    page.imports.show_imports()
    dialog = page.imports.list_dialog
    assert dialog is not None and dialog.isVisible() and clashes(dialog) == []
    table = dialog.import_table

    def cells(column: int) -> list[str]:
        return [item.text() for row in range(table.rowCount()) if (item := table.item(row, column)) is not None]

    assert cells(3) == ["so-2.xlsx", "so-1.xlsx", "so-0.xlsx"] and cells(4) == ["3", "2", "1"]
    assert cells(0)[0].startswith("28/05/2026 ") and cells(1)[0] and cells(5)[0] == "Hoàn tác được"
    assert "1 bản ghi đã sửa hoặc xóa, giữ nguyên" in cells(5)[1]
    press(table, KEY.Key_Down)
    asked = answer(monkeypatch, yes=True)
    press(dialog, KEY.Key_Return)
    assert "so-1.xlsx" in asked[0] and "2 bản ghi" in asked[0]
    assert len(rows(office, FORM)) == 4 and cells(5)[1].startswith("Đã hoàn tác 28/05/2026")
    assert not dialog.undo_button.isEnabled() and "1 bản ghi chuyển vào thùng rác" in dialog.message_label.text()
    told: list[str] = []
    monkeypatch.setattr(dialogs, "show_error", lambda _parent, error: told.append(str(error)))
    made = "00000000-0000-7000-8000-000000000001"
    with office.context.store.unit() as uow:  # a report with one of the records, frozen while the list stands open
        uow.reports.insert_draft(ReportRow(made, "commune-to-province", "2026-H1", 1, "draft", {}, 1, "", "", "", ""))
        uow.reports.save_figure_records(made, 1, "f", [done[0].record_ids[0]])
        uow.reports.freeze(made, 1, b"{}", sha256_hex(b"{}"), "mai")
    press(table, KEY.Key_Down)
    press(dialog, KEY.Key_Return)
    assert "6 tháng đầu năm 2026" in told[0] and len(rows(office, FORM)) == 4
    press(dialog, KEY.Key_Escape)
    assert not page.imports.__dict__["list_dialog"], "closed and gone"
    page.imports.show_imports()
    dialog = page.imports.list_dialog
    assert dialog is not None
    state = dialog.import_table.item(2, 5)
    assert state is not None and state.text().startswith("Đã nằm trong báo cáo đã chốt:")
    dialog.import_table.setCurrentCell(2, 0)
    dialog.undo()
    assert len(told) == 2 and len(rows(office, FORM)) == 4


def test_a_block_from_excel_is_pasted_as_drafts(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office, 1)
    QGuiApplication.clipboard().setText("Số, ký hiệu\tNgày ban hành\tTrích yếu\r\n012\t5/6/2026\tMột\r\n013\t6/6\tHai")
    page.table.setFocus()
    press(page.table, KEY.Key_V, CONTROL)
    dialog = page.imports.dialog
    assert dialog is not None
    press(dialog, KEY.Key_Return)
    found = dialog.problem_table.item(0, 0)
    assert found is not None and "Vùng dán!B3" in [
        item.text() for row in range(dialog.problem_table.rowCount()) if (item := dialog.problem_table.item(row, 0))
    ]
    dialog.good_radio.setChecked(True)
    dialog.go_on()
    assert [row.values["number_symbol"] for row in rows(office, FORM)] == ["012"]
    dialog.undo_button.click()
    assert rows(office, FORM) == []


def test_a_template_is_written_and_a_bad_file_is_a_sentence(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = open_page(qtbot, office, 1)
    path = tmp_path / "mau.xlsx"
    monkeypatch.setattr(dialogs, "save_file", lambda *_args, **_words: path)
    press(page, KEY.Key_M, CONTROL)
    assert path.read_bytes()[:2] == b"PK"
    bad = tmp_path / "anh.xlsx"
    bad.write_bytes(b"\x89PNG")
    told: list[str] = []
    monkeypatch.setattr(dialogs, "tell", lambda _parent, message, **_words: told.append(message.message))
    monkeypatch.setattr(dialogs, "choose_file", lambda *_args, **_words: bad)
    press(page, KEY.Key_I, CONTROL)
    assert page.imports.dialog is None and "Không đọc được tệp “anh.xlsx”" in told[0]


def test_long_work_can_be_stopped(qtbot: QtBot, office: Office) -> None:
    many = [(n, f"{n}-KH", "5/6/2026", "Kế hoạch", f"Nội dung {n}", "Đến", "Đảng ủy") for n in range(1, 1500)]
    opened = office.sheets.open_bytes(register(many), "so.xlsx")
    unit = office.settings.load().agencies[0].id
    runner = ThreadRunner()
    dialog = ImportDialog(office, runner, opened, FORM, fetch_lists(office), unit)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.column_table.rowCount() == 7)
    dialog.go_on()
    assert dialog.stop_button.isVisible() and not dialog.next_button.isEnabled()
    dialog.stop_button.click()
    qtbot.waitUntil(lambda: not dialog.stop_button.isVisible())
    assert dialog.heading_label.text() == "Đã dừng; chưa nhập gì." and dialog.isVisible()
    runner.shutdown()
    assert rows(office, FORM) == []
