from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from gui_keys import CONTROL, compose, press, show, write
from gui_samples import KINDS, RECORDS, TOPICS, VILLAGES, search_records
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from danvan_desktop.catalog.model import Json, Severity
from danvan_desktop.gui.widgets import (
    ChoiceCombo,
    FieldWidget,
    FileDrop,
    LongTextField,
    MoneyEdit,
    MonthEdit,
    MultiChoice,
    NullableDateEdit,
    NullableNumberEdit,
    RecordPicker,
    SecretEdit,
    TextField,
    VillagePicker,
    YesNo,
)

KEY = Qt.Key


def today() -> date:
    return date(2026, 5, 28)


@pytest.fixture
def stage(qtbot: QtBot) -> Callable[[FieldWidget], QLineEdit]:
    """Puts a field into a window, with a line after it, and the cursor into the field; returns the line."""

    kept: list[QWidget] = []  # qtbot holds its widgets weakly

    def put(field: FieldWidget) -> QLineEdit:
        window = QWidget()
        kept.append(window)
        qtbot.addWidget(window)
        layout = QVBoxLayout(window)
        after = QLineEdit(window)
        layout.addWidget(field)
        layout.addWidget(after)
        window.resize(700, 400)
        show(window)
        field.setFocus()
        return after

    return put


Stage = Callable[[FieldWidget], QLineEdit]


@pytest.mark.parametrize(
    ("typed", "value", "shown"),
    [
        ("5/6", "2026-06-05", "05/06/2026"),
        ("0506", "2026-06-05", "05/06/2026"),
        ("050625", "2025-06-05", "05/06/2025"),
        ("05062026", "2026-06-05", "05/06/2026"),
        ("5/6/2026", "2026-06-05", "05/06/2026"),
        ("hôm nay", "2026-05-28", "28/05/2026"),
        ("h", "2026-05-28", "28/05/2026"),
        ("", None, ""),
    ],
)
def test_a_date_is_typed_straight_through_and_left_with_one_tab(
    stage: Stage, typed: str, value: Json, shown: str
) -> None:
    field = NullableDateEdit(today=today)
    after = stage(field)
    write(field, typed)
    assert field.value() == value
    press(field, KEY.Key_Tab)
    assert after.hasFocus() and field.edit.text() == shown and field.value() == value and not field.problem


def test_a_date_that_is_none_stays_with_its_reason_and_comes_back_by_state(stage: Stage) -> None:
    field = NullableDateEdit(today=today)
    field.set_name("Ngày nhận")
    stage(field)
    write(field, "31/2")
    press(field, KEY.Key_Return)
    assert field.value() is None and field.edit.text() == "31/2"
    assert "Không có ngày này" in field.problem and "Lỗi" in field.edit.accessibleDescription()
    kept = field.state()
    field.set_value(None)
    field.set_state(kept)
    assert field.edit.text() == "31/2" and field.input_error()


def test_the_calendar_opens_by_key_and_takes_a_day(stage: Stage) -> None:
    field = NullableDateEdit(today=today)
    stage(field)
    press(field, KEY.Key_F4)
    popup = field._popup
    assert popup is not None and popup.isVisible()
    assert popup.calendar.selectedDate().toString("yyyy-MM-dd") == "2026-05-28"
    popup.calendar.activated.emit(popup.calendar.selectedDate())
    assert field.value() == "2026-05-28" and not popup.isVisible()


@pytest.mark.parametrize(
    ("typed", "value"), [("6", "2026-06"), ("6/2025", "2025-06"), ("062026", "2026-06"), ("13/2026", None), ("", None)]
)
def test_months(stage: Stage, typed: str, value: Json) -> None:
    field = MonthEdit(today=today)
    stage(field)
    write(field, typed)
    assert field.value() == value
    assert bool(field.input_error()) == (value is None and bool(typed))


@pytest.mark.parametrize(
    ("scale", "typed", "value", "shown"),
    [
        (0, "1234", 1234, "1.234"),
        (0, "0", 0, "0"),
        (0, "", None, ""),
        (2, "1.234,5", 123450, "1.234,5"),
        (1, "98,5", 985, "98,5"),
        (0, "-7", -7, "-7"),
    ],
)
def test_numbers_are_empty_or_a_number_and_empty_is_not_zero(
    stage: Stage, scale: int, typed: str, value: Json, shown: str
) -> None:
    field = NullableNumberEdit(scale=scale)
    after = stage(field)
    write(field, typed)
    press(field, KEY.Key_Return)
    assert field.value() == value and field.edit.text() == shown and after.hasFocus()


@pytest.mark.parametrize(("scale", "typed"), [(0, "1,5"), (1, "1,25"), (0, "12.5"), (0, "mười")])
def test_what_is_no_number_is_said_and_kept(stage: Stage, scale: int, typed: str) -> None:
    field = NullableNumberEdit(scale=scale)
    stage(field)
    write(field, typed)
    press(field, KEY.Key_Tab)
    assert field.value() is None and field.edit.text() == typed and field.problem


def test_money_is_grouped_while_it_is_typed(stage: Stage) -> None:
    field = MoneyEdit()
    stage(field)
    write(field, "12500000")
    assert field.edit.text() == "12.500.000" and field.value() == 12_500_000
    field.edit.setCursorPosition(2)
    write(field, "3")
    assert field.edit.text() == "123.500.000" and field.edit.cursorPosition() == 3


def test_a_choice_is_found_without_accents_and_emptied_with_delete(stage: Stage) -> None:
    field = ChoiceCombo(choices=KINDS)
    edits: list[Json] = []
    field.edited.connect(lambda: edits.append(field.value()))
    after = stage(field)
    write(field, "khieu")
    assert field.edit.suggestions() == ["Khiếu nại"]
    press(field, KEY.Key_Return)
    assert field.value() == "complaint" and after.hasFocus() and edits[-1] == "complaint"
    field.setFocus()
    press(field, KEY.Key_Delete)
    assert field.value() is None and field.edit.text() == ""


def test_a_choice_is_taken_with_arrows_and_tab(stage: Stage) -> None:
    field = ChoiceCombo(choices=KINDS)
    after = stage(field)
    press(field, KEY.Key_F4)
    assert len(field.edit.suggestions()) == 3
    press(field, KEY.Key_Down)
    press(field, KEY.Key_Tab)
    assert field.value() == "denunciation" and after.hasFocus()


def test_a_choice_that_is_not_in_the_list_is_not_taken(stage: Stage) -> None:
    field = ChoiceCombo(choices=KINDS)
    stage(field)
    write(field, "xyz")
    press(field, KEY.Key_Tab)
    assert field.value() is None and field.edit.text() == "xyz" and "không có trong danh sách" in field.problem


def test_a_key_of_an_older_list_is_kept(stage: Stage) -> None:
    field = ChoiceCombo(choices=KINDS)
    stage(field)
    field.set_value("retired")
    press(field, KEY.Key_Tab)
    assert field.value() == "retired" and "không còn trong danh sách" in field.edit.text()


def test_several_are_ticked_by_keyboard_in_the_order_of_the_list(stage: Stage) -> None:
    field = MultiChoice(choices=TOPICS)
    after = stage(field)
    press(field, KEY.Key_Right)
    press(field, KEY.Key_Space, text=" ")
    press(field, KEY.Key_Left)
    press(field, KEY.Key_Space, text=" ")
    assert field.value() == ["t0", "t1"]
    press(field, KEY.Key_Return)
    assert after.hasFocus()
    field.set_value(["t3", "gone"])
    assert field.value() == ["t3", "gone"]
    field.set_value(None)
    assert field.value() is None


def test_villages_are_filtered_without_accents(stage: Stage) -> None:
    field = VillagePicker(choices=VILLAGES)
    after = stage(field)
    assert field.filter.hasFocus()
    write(field, "duc")
    press(field, KEY.Key_Return)
    assert field.value() == ["v3"]
    field.filter.clear()
    press(field, KEY.Key_Tab)
    assert after.hasFocus()


def test_a_filter_typed_for_one_record_does_not_hide_the_ticks_of_the_next(stage: Stage) -> None:
    field = VillagePicker(choices=VILLAGES)
    stage(field)
    write(field, "duc")
    field.set_value(None)
    assert field.filter.text() == ""
    press(field, KEY.Key_Down)
    press(field, KEY.Key_Space, text=" ")
    assert field.value() == [VILLAGES[0].key]


def test_yes_and_no_and_not_entered_are_three_things(stage: Stage) -> None:
    field = YesNo()
    after = stage(field)
    assert field.value() is None
    write(field, "c")
    assert field.value() is True
    write(field, "k")
    assert field.value() is False
    press(field, KEY.Key_Delete)
    assert field.value() is None
    press(field, KEY.Key_Tab)
    assert after.hasFocus()


def test_a_record_is_searched_and_named(stage: Stage, qtbot: QtBot) -> None:
    field = RecordPicker(
        search=lambda text, deliver: search_records("f", text, deliver),
        title=lambda key, deliver: deliver(next(item.title for item in RECORDS if item.key == key)),
    )
    field.edit.set_search_delay(0)
    stage(field)
    write(field, "tran thi")
    qtbot.waitUntil(lambda: len(field.edit.suggestions()) == 1, timeout=2000)
    press(field, KEY.Key_Return)
    assert field.value() == "r-2"
    field.set_value("r-1")
    assert field.edit.text().startswith("Đơn của ông Lê")
    field.setFocus()
    write(field, "x")
    assert field.value() is None and field.input_error()


def test_text_keeps_vietnamese_typed_or_composed_as_nfc(stage: Stage) -> None:
    field = TextField(max_length=20)
    stage(field)
    write(field, "Ủy ban ")
    compose(field, "xa\u0303")
    assert field.value() == "Ủy ban xã"
    write(field, " quá dài quá dài")
    assert field.value() is None and "20" in field.input_error()


def test_a_masked_text_shows_only_under_the_cursor(stage: Stage) -> None:
    field = TextField(masked=True)
    after = stage(field)
    assert field.edit.echoMode() == QLineEdit.EchoMode.Normal
    write(field, "045099001234")
    press(field, KEY.Key_Tab)
    assert after.hasFocus() and field.edit.echoMode() == QLineEdit.EchoMode.Password
    assert field.value() == "045099001234"


def test_long_text_takes_enter_and_leaves_with_tab(stage: Stage) -> None:
    field = LongTextField()
    after = stage(field)
    write(field, "một")
    press(field, KEY.Key_Return, text="\r")
    write(field, "hai")
    press(field, KEY.Key_Tab)
    assert field.value() == "một\nhai" and after.hasFocus()


def test_files_go_out_as_paths_and_come_back_as_hashes(qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory) -> None:
    from PySide6.QtCore import QMimeData, QUrl
    from PySide6.QtGui import QGuiApplication

    path = tmp_path_factory.mktemp("x") / "Biên bản.pdf"
    path.write_bytes(b"x")
    field = FileDrop(choose=lambda: [path])
    qtbot.addWidget(field)
    show(field)
    sent: list[list[object]] = []
    field.paths_added.connect(sent.append)
    field.setFocus()
    press(field, KEY.Key_Insert)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    QGuiApplication.clipboard().setMimeData(data)
    press(field, KEY.Key_V, CONTROL)
    assert sent == [[path], [path]]
    field.add_file("b" * 64, "Biên bản.pdf")
    field.add_file("b" * 64, "Biên bản.pdf")
    assert field.value() == ["b" * 64]
    field.list.setCurrentRow(0)
    press(field, KEY.Key_Delete)
    assert field.value() is None


def test_problems_are_words_beneath_the_field_and_for_screen_readers(qtbot: QtBot) -> None:
    field = TextField()
    qtbot.addWidget(field)
    field.set_name("Họ và tên", "Ghi như trong đơn")
    field.set_problem("Chưa nhập.", Severity.WARNING)
    assert field.edit.accessibleName() == "Họ và tên"
    assert field.edit.accessibleDescription() == "Cảnh báo: Chưa nhập. Ghi như trong đơn"
    field.set_problem("")
    assert field.problem == "" and field.edit.accessibleDescription() == "Ghi như trong đơn"


def test_a_password_is_nfc_without_input_method_and_warns_of_caps_lock(qtbot: QtBot) -> None:
    line = SecretEdit()
    qtbot.addWidget(line)
    show(line)
    line.setFocus()
    told: list[bool] = []
    line.caps_lock.connect(told.append)
    write(line, "A")
    write(line, "a\u0323")
    assert line.secret() == "Aạ" and told == [True, False]
    assert not line.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    assert line.inputMethodHints() & Qt.InputMethodHint.ImhSensitiveData
