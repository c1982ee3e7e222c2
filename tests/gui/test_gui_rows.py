from __future__ import annotations

from itertools import count

import pytest
from gui_keys import CONTROL, press, show, write
from gui_samples import COLUMNS, sample_context
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from danvan_desktop.catalog.model import Derivation, Field, Severity, ValueType
from danvan_desktop.gui.widgets import RowsTable
from danvan_desktop.kernel.cells import parse_block

KEY = Qt.Key


class Stage(QWidget):
    def __init__(self, columns: tuple[Field, ...] = COLUMNS) -> None:
        super().__init__()
        context = sample_context()
        numbers = count(1)
        self.table = RowsTable(
            columns, {column.key: context.codec(column) for column in columns}, lambda: f"new-{next(numbers)}", self
        )
        self.after = QLineEdit(self)
        layout = QVBoxLayout(self)
        layout.addWidget(self.table)
        layout.addWidget(self.after)
        self.resize(900, 400)


@pytest.fixture
def stage(qtbot: QtBot) -> Stage:
    made = Stage()
    qtbot.addWidget(made)
    show(made)
    made.table.setFocus()
    return made


def test_a_row_is_typed_cell_by_cell_and_the_blank_row_leads_on(stage: Stage) -> None:
    write(stage, "Đường thôn xuống cấp")
    press(stage, KEY.Key_Tab)
    write(stage, "to cao")
    press(stage, KEY.Key_Return)
    write(stage, "5/6")
    press(stage, KEY.Key_Return)
    write(stage, "1200")
    press(stage, KEY.Key_Tab)
    write(stage, "k")
    press(stage, KEY.Key_Return)
    assert stage.table.value() == [
        {
            "row": "new-1",
            "topic": "Đường thôn xuống cấp",
            "group": "denunciation",
            "due_on": "2026-06-05",
            "people": 1200,
            "at_once": False,
        }
    ]
    assert stage.table.table.currentIndex().row() == 1  # the blank row
    press(stage, KEY.Key_Return)
    assert stage.after.hasFocus()


def test_a_long_text_of_a_cell_takes_lines_with_alt_enter(stage: Stage) -> None:
    write(stage, "một")
    press(stage, KEY.Key_Return, Qt.KeyboardModifier.AltModifier)
    write(stage, "hai")
    press(stage, KEY.Key_Return)
    assert stage.table.value() == [{"row": "new-1", "topic": "một\nhai"}]
    assert stage.table.table.currentIndex().column() == 1
    press(stage, KEY.Key_Backtab)
    write(stage, "ba")
    press(stage, KEY.Key_Escape)
    assert stage.table.value() == [{"row": "new-1", "topic": "một\nhai"}]


def test_a_choice_of_a_cell_opens_by_key_and_is_taken_with_enter(stage: Stage) -> None:
    stage.table.set_value([{"row": "a", "topic": "một"}])
    stage.table.table.setCurrentIndex(stage.table.model.index(0, 1))
    press(stage, KEY.Key_F4)
    press(stage, KEY.Key_Down)
    press(stage, KEY.Key_Return)
    assert _rows(stage)[0]["group"] == "denunciation"
    assert stage.table.table.currentIndex().column() == 2


def test_what_is_no_value_stays_in_its_cell_outside_the_value(stage: Stage) -> None:
    model = stage.table.model
    model.setData(model.index(0, 0), "Nước sạch")
    model.setData(model.index(0, 2), "32/1")
    assert stage.table.value() == [{"row": "new-1", "topic": "Nước sạch"}]
    assert model.data(model.index(0, 2)) == "32/1"
    assert "Dòng 1, cột “Hạn trả lời”" in stage.table.input_error()
    kept = stage.table.state()
    model.setData(model.index(0, 2), "1/6")
    assert not stage.table.input_error()
    stage.table.set_state(kept)
    assert model.data(model.index(0, 2)) == "32/1"


def test_a_block_is_pasted_and_refused_cells_are_named_by_address(stage: Stage) -> None:
    edits: list[int] = []
    stage.table.edited.connect(lambda: edits.append(1))
    block = (
        "Đường thôn\tKhiếu nại\t1/6/2026\t12\tCó\r\n"
        '"Nước\nsinh hoạt"\tkhông rõ\t32/1/2026\t1.200\tx\r\n'
        "Điện\t\t\tmười\t\tthừa\r\n"
    )
    QGuiApplication.clipboard().setText(block)
    press(stage, KEY.Key_V, CONTROL)
    assert [(cell.row, cell.column) for cell in stage.table.refused] == [(2, 2), (2, 3), (3, 4), (3, 6)]
    assert stage.table.value() == [
        {"row": "new-1", "topic": "Đường thôn", "group": "complaint", "due_on": "2026-06-01", "people": 12,
         "at_once": True},
        {"row": "new-2", "topic": "Nước\nsinh hoạt", "people": 1200, "at_once": True},
        {"row": "new-3", "topic": "Điện"},
    ]  # fmt: skip
    assert edits == [1]
    said = stage.table.message.text()
    assert "ô C2 (Hạn trả lời) “32/1/2026”: Không có ngày này" in said and "ô F3 (cột thứ 6) “thừa”" in said
    assert "Ctrl+Z bỏ cả lần dán" in said and stage.table.message.isVisible()


def test_the_address_is_that_of_the_block_wherever_it_is_put(stage: Stage) -> None:
    stage.table.set_value([{"row": "a", "topic": "x", "people": 5}, {"row": "b", "topic": "y", "people": 6}])
    refused = stage.table.paste_text("\n1/6\tbảy", 0, 2)  # a block whose first row is empty
    assert [(cell.row, cell.place) for cell in refused] == [(2, "B2")]
    assert [row.get("due_on") for row in _rows(stage)] == [None, "2026-06-01"]


def test_a_block_pasted_while_typing_goes_into_the_sheet(stage: Stage) -> None:
    write(stage, "gõ dở")
    QGuiApplication.clipboard().setText("Điện\tTố cáo\nChợ\tKhiếu nại")
    press(stage, KEY.Key_V, CONTROL)
    assert [(row["topic"], row["group"]) for row in _rows(stage)] == [("Điện", "denunciation"), ("Chợ", "complaint")]


def test_refused_cells_keep_what_they_held(stage: Stage) -> None:
    stage.table.set_value([{"row": "a", "topic": "x", "people": 5}])
    refused = stage.table.paste_text("năm", 0, 3)
    assert len(refused) == 1 and stage.table.value() == [{"row": "a", "topic": "x", "people": 5}]


def test_rows_are_added_and_removed_by_key(stage: Stage) -> None:
    stage.table.set_value([{"row": "a", "topic": "một"}, {"row": "b", "topic": "hai"}])
    stage.table.table.setCurrentIndex(stage.table.model.index(0, 0))
    press(stage, KEY.Key_Return, CONTROL)
    write(stage, "giữa")
    press(stage, KEY.Key_Tab)
    assert [row["topic"] for row in _rows(stage)] == ["một", "giữa", "hai"]
    stage.table.table.setCurrentIndex(stage.table.model.index(0, 1))
    press(stage, KEY.Key_Delete, CONTROL)
    assert [row["topic"] for row in _rows(stage)] == ["giữa", "hai"]
    stage.table.table.setCurrentIndex(stage.table.model.index(0, 0))
    press(stage, KEY.Key_Delete)
    assert [row.get("topic") for row in _rows(stage)] == ["hai"]


def test_the_cell_above_is_repeated(stage: Stage) -> None:
    stage.table.set_value([{"row": "a", "topic": "một", "group": "proposal"}, {"row": "b", "topic": "hai"}])
    stage.table.table.setCurrentIndex(stage.table.model.index(1, 1))
    press(stage, KEY.Key_D, CONTROL)
    assert _rows(stage)[1]["group"] == "proposal"


def test_cells_are_copied_as_a_block(stage: Stage) -> None:
    stage.table.set_value([{"row": "a", "topic": "một", "group": "proposal", "people": 1200}])
    stage.table.table.selectRow(0)
    press(stage, KEY.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "một\tKiến nghị, phản ánh\t\t1.200\t"


def test_unknown_columns_are_kept_and_derived_ones_not_typed(qtbot: QtBot) -> None:
    derived = Field("left", "Còn lại", ValueType.INTEGER, derive=Derivation("sum", {}))
    stage = Stage((COLUMNS[3], derived))
    qtbot.addWidget(stage)
    stage.table.set_value([{"row": "a", "people": 3, "left": 1, "newer": "giữ"}])
    assert not stage.table.model.setData(stage.table.model.index(0, 1), "9")
    assert stage.table.value() == [{"row": "a", "people": 3, "left": 1, "newer": "giữ"}]
    refused = stage.table.paste_text("4\t7", 0, 0)
    assert [cell.title for cell in refused] == ["Còn lại"]
    assert _rows(stage)[0]["people"] == 4


def test_problems_mark_their_cells(stage: Stage) -> None:
    stage.table.set_value([{"row": "a", "topic": "một"}])
    stage.table.set_cell_problems({("a", "group"): ("Chưa chọn nhóm.", Severity.ERROR)})
    model = stage.table.model
    assert model.data(model.index(0, 1), Qt.ItemDataRole.ToolTipRole) == "Lỗi: Chưa chọn nhóm."
    assert model.data(model.index(0, 0), Qt.ItemDataRole.ToolTipRole) is None


def test_blocks_of_spreadsheets() -> None:
    assert parse_block("a\tb\r\nc\t\r\n") == [["a", "b"], ["c", ""]]
    assert parse_block('"x\ny"\tz') == [["x\ny", "z"]]
    assert parse_block('"x ""y""\nz"') == [['x "y"\nz']]
    assert parse_block('"Dân vận khéo"\t"Xóm" sạch\t"x') == [['"Dân vận khéo"', '"Xóm" sạch', '"x']], "its own"
    assert parse_block("\nb\n\nd") == [[""], ["b"], [""], ["d"]], "empty rows keep their place"
    assert parse_block("\n") == []


def _rows(stage: Stage) -> list[dict[str, object]]:
    value = stage.table.value()
    assert isinstance(value, list)
    return value
