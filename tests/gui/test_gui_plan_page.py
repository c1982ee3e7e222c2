"""The page of the plan, used as an officer uses it: read from a file, corrected, kept, followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gui_keys import CONTROL, compose, press, settle, show
from mnemonics import clashes
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot
from records_office import close_windows, make_office, sign_in
from reportlab.pdfgen.canvas import Canvas

from danvan_desktop.gui import dialogs
from danvan_desktop.gui.office_window import OfficeWindow
from danvan_desktop.gui.plan_board import BY_BODY, TASK_ROLE
from danvan_desktop.gui.plan_page import PlanPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office

PLAN = """UBND XÃ MẪU
Số: 15/KH-UBND
Mẫu, ngày 10 tháng 02 năm 2026
KẾ HOẠCH
Thực hiện công tác dân vận chính quyền năm 2026
I. NỘI DUNG NHIỆM VỤ
1. Tổ chức triển khai các chủ trương, đường lối của Đảng về công tác dân vận.
2. Đẩy mạnh các hoạt động tuyên truyền, giáo dục.
3. Thực hiện phong trào thi đua “Dân vận khéo”.
II. TỔ CHỨC THỰC HIỆN
1. Các cơ quan, đơn vị
Báo cáo kết quả 6 tháng đầu năm trước ngày 01/6, báo cáo năm trước ngày 01/11 về UBND xã (qua phòng Văn hóa - Xã hội).
2. Văn phòng HĐND và UBND
Theo dõi, đôn đốc công tác tiếp công dân.
Nơi nhận:
- Các cơ quan;
- Lưu: VT.
"""


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make_office(tmp_path / "home", fixed_clock)
    yield made
    close_windows()
    made.close()


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "ke-hoach.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def reader(tmp_path: Path, fixed_clock: FixedClock, plan_file: Path) -> Iterator[Office]:
    """An office with a plan, signed in as one who may only read it."""
    writer = make_office(tmp_path / "home", fixed_clock)
    writer.plans.save(writer.plans.preview(plan_file).to_json(), source_name=plan_file.name)
    writer.close()
    opened = sign_in(tmp_path / "home", fixed_clock, "vanthu")
    yield opened
    close_windows()
    opened.close()


def open_page(qtbot: QtBot, office: Office) -> PlanPage:
    page = PlanPage(office, InlineRunner())
    qtbot.addWidget(page)
    page.resize(1064, 590)
    show(page)
    page.shown()
    settle()
    return page


def answer(monkeypatch: pytest.MonkeyPatch, yes: bool) -> list[str]:
    asked: list[str] = []

    def ask(_parent: Any, question: str, **_more: Any) -> bool:
        asked.append(question)
        return yes

    monkeypatch.setattr(dialogs, "ask", ask)
    return asked


def import_plan(page: PlanPage, monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    monkeypatch.setattr(dialogs, "choose_file", lambda *_args: path)
    page.import_button.click()
    settle()


def save_plan(page: PlanPage) -> None:
    press(page, Qt.Key.Key_S, CONTROL)


def kept(page: PlanPage, monkeypatch: pytest.MonkeyPatch, path: Path) -> str:
    """Import and keep the plan as it is; its id."""
    import_plan(page, monkeypatch, path)
    save_plan(page)
    return str(page.plan_combo.currentData())


def branches(page: PlanPage) -> list[tuple[QTreeWidgetItem, list[QTreeWidgetItem]]]:
    """The groups of the board with their tasks."""
    root = page.task_tree.invisibleRootItem()
    assert root is not None
    return [(group, children(group)) for group in children(root)]


def children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    return [child for child in map(item.child, range(item.childCount())) if child is not None]


def tree_words(page: PlanPage) -> list[str]:
    return [group.text(0) for group, _tasks in branches(page)]


def choose_task(page: PlanPage, task_id: str) -> None:
    found = [task for _group, tasks in branches(page) for task in tasks if task.data(0, TASK_ROLE) == task_id]
    page.task_tree.setCurrentItem(found[0])
    settle()


def test_without_a_plan_the_page_says_how_to_begin(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office)
    assert "Chưa có kế hoạch nào" in page.empty_label.text()
    assert page.empty_label.isVisible()
    assert not page.tabs.isVisible()
    assert page.import_button.hasFocus()
    assert not page.edit_button.isEnabled()


def test_a_plan_is_read_corrected_and_kept(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    page = open_page(qtbot, office)
    told: list[Changes] = []
    page.wrote.connect(told.append)
    import_plan(page, monkeypatch, plan_file)
    editor = page.editor
    assert editor.isVisible()
    assert "ke-hoach.txt" in editor.note_label.text()
    assert "Chưa lưu" in editor.note_label.text()
    assert not office.plans.all(), "a preview stores nothing"
    assert editor.title_edit.text() == "Thực hiện công tác dân vận chính quyền năm 2026"
    assert editor.number_edit.text() == "15/KH-UBND"
    assert [item["area"] for item in editor.tasks.items] == [1, 2, 3]
    # a task: other words, another area, another place
    editor.tabs.setCurrentIndex(1)
    editor.tasks.table.setCurrentCell(2, 0)
    editor.task_text.setFocus()
    press(page, Qt.Key.Key_A, CONTROL)
    compose(page, "Nhân rộng mô hình “Dân vận khéo”.")
    editor.task_area.setCurrentIndex(editor.task_area.findData(8))
    editor.task_area.activated.emit(editor.task_area.currentIndex())
    editor.tasks.up_button.click()
    # a new task
    editor.tasks.add_button.click()
    assert editor.task_text.hasFocus()
    compose(page, "Đối thoại với Nhân dân.")
    # a body with two duties
    editor.tabs.setCurrentIndex(2)
    editor.bodies.add_button.click()
    editor.body_name.setFocus()
    compose(page, "Trạm Y tế xã")
    editor.body_duties.setFocus()
    compose(page, "Việc một")
    press(page, Qt.Key.Key_Return, text="\r")
    compose(page, "Việc hai")
    # number of the plan
    editor.tabs.setCurrentIndex(0)
    editor.number_edit.setFocus()
    press(page, Qt.Key.Key_A, CONTROL)
    compose(page, "16/KH-UBND")
    save_plan(page)
    row = office.plans.all()[0]
    assert (row.number_symbol, row.year, row.source_name) == ("16/KH-UBND", 2026, "ke-hoach.txt")
    assert [(task["area"], task["text"][:9]) for task in row.body["tasks"]] == [
        (1, "Tổ chức t"), (8, "Nhân rộng"), (None, "Đối thoại"), (2, "Đẩy mạnh ")
    ]  # fmt: skip
    assert {"body": "Trạm Y tế xã", "duties": ["Việc một", "Việc hai"]} in row.body["assignments"]
    assert [task.text[:9] for task in office.plans.tasks(row.id)] == [
        "Tổ chức t",
        "Nhân rộng",
        "Đối thoại",
        "Đẩy mạnh ",
    ]
    assert page.tabs.isVisible()
    assert told
    assert told[-1].touches("plan")


def test_no_line_is_lost_and_each_can_be_placed(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    page = open_page(qtbot, office)
    import_plan(page, monkeypatch, plan_file)
    editor = page.editor
    before = list(editor.body()["unplaced"])
    assert before
    shown = [editor.unplaced_list.item(n).text() for n in range(editor.unplaced_list.count())]
    assert shown == before
    editor.tabs.setCurrentIndex(5)
    editor.target_combo.setCurrentIndex(editor.target_combo.findData("task:0"))
    editor.place_button.click()
    assert editor.body()["tasks"][0]["text"].endswith(before[0])
    assert editor.body()["unplaced"] == before[1:]
    editor.cancel_button.setFocus()
    assert answer(monkeypatch, yes=False) == []
    assert not page.can_leave(), "corrections are not thrown away without asking"
    answer(monkeypatch, yes=True)
    editor.cancel_button.click()
    assert not office.plans.all()


def test_reporting_duties_say_their_last_day_and_can_be_changed(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    page = open_page(qtbot, office)
    import_plan(page, monkeypatch, plan_file)
    editor = page.editor
    editor.tabs.setCurrentIndex(3)
    assert "31/05/2026 (ngày làm việc cuối 29/05/2026)" in editor.duty_last_label.text()
    editor.duty_day.setFocus()
    press(page, Qt.Key.Key_A, CONTROL)
    compose(page, "10")
    assert "09/06/2026" in editor.duty_last_label.text()
    save_plan(page)
    first = office.plans.all()[0].body["reporting"][0]
    assert (first["due"]["day"], first["last_day"]) == (10, "06-09")
    page.tabs.setCurrentIndex(3)
    table = page.reporting_table
    cells = [table.item(0, column) for column in range(table.columnCount())]
    texts = [cell.text() for cell in cells if cell is not None]
    assert texts == ["Các cơ quan, đơn vị", "UBND xã\n(qua phòng Văn hóa - Xã hội)", "6 tháng", "trước ngày 10/6",
                     "09/06/2026"]  # fmt: skip
    assert "Theo dõi, đôn đốc công tác tiếp công dân" in page.body_text.toPlainText()
    assert "Số, ký hiệu: 15/KH-UBND" in page.plan_text.toPlainText()


def test_a_task_is_given_out_by_keyboard_and_late_ones_come_first(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    page = open_page(qtbot, office)
    plan_id = kept(page, monkeypatch, plan_file)
    second = office.plans.tasks(plan_id)[1]
    choose_task(page, second.id)
    page.task_tree.setFocus()
    press(page, Qt.Key.Key_F2)
    compose(page, "van phong")
    press(page, Qt.Key.Key_Tab, text="\t")
    page.panel.due_edit.setFocus()
    compose(page, "15/5")
    page.panel.progress_edit.setFocus()
    press(page, Qt.Key.Key_A, CONTROL)
    compose(page, "40")
    page.panel.save_task_button.setFocus()
    press(page, Qt.Key.Key_Space, text=" ")
    task = next(item for item in office.plans.tasks(plan_id) if item.id == second.id)
    names = {agency.id: agency.name for agency in office.settings.load().agencies}
    assert names[str(task.lead_unit)] == "Văn phòng HĐND và UBND"
    assert (task.due_on, task.progress, task.status) == (date(2026, 5, 15), 40, "doing")
    assert tree_words(page)[0] == "Quá hạn (1)"
    assert "1 quá hạn" in page.summary_label.text()
    page.view_combo.setCurrentIndex(page.view_combo.findData(BY_BODY))
    page.view_combo.activated.emit(1)
    assert tree_words(page) == ["Quá hạn (1)", "Chưa giao cơ quan chủ trì"]
    # done: it is late no more
    page.panel.status_combo.setCurrentIndex(page.panel.status_combo.findData("done"))
    page.panel.save_task_button.click()
    assert office.plans.tasks(plan_id)[1].progress == 100
    assert "0 quá hạn, 1 đã xong" in page.summary_label.text()


def test_progress_is_between_nought_and_a_hundred(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    page = open_page(qtbot, office)
    plan_id = kept(page, monkeypatch, plan_file)
    page.panel.progress_edit.setFocus()
    press(page, Qt.Key.Key_A, CONTROL)
    compose(page, "140")
    page.panel.save_task_button.click()
    assert page.panel.progress_edit.problem == "Từ 0 đến 100."
    assert {task.progress for task in office.plans.tasks(plan_id)} == {0}
    asked = answer(monkeypatch, yes=False)
    assert not page.can_leave()
    assert asked == ["Thay đổi của nhiệm vụ chưa ghi. Bỏ thay đổi?"]


def test_editing_a_kept_plan_keeps_who_does_what(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    page = open_page(qtbot, office)
    plan_id = kept(page, monkeypatch, plan_file)
    first, second, third = office.plans.tasks(plan_id)
    office.plans.set_task(replace(first, progress=70, status="doing"))
    office.plans.set_task(replace(third, progress=30, status="doing"))
    page.refresh(Changes.of("plan"))
    page.edit_button.click()
    editor = page.editor
    editor.tabs.setCurrentIndex(1)
    editor.tasks.table.setCurrentCell(1, 0)
    editor.tasks.remove_button.click()  # nothing noted on it: goes without a question
    asked = answer(monkeypatch, yes=False)
    editor.tasks.table.setCurrentCell(0, 0)
    editor.tasks.remove_button.click()
    assert "đã được giao hoặc đã ghi tiến độ" in asked[0]
    editor.task_text.setFocus()
    press(page, Qt.Key.Key_A, CONTROL)
    compose(page, "Lời văn mới.")
    save_plan(page)
    after = office.plans.tasks(plan_id)
    assert [(task.id, task.text[:8], task.progress) for task in after] == [
        (first.id, "Lời văn ", 70), (third.id, third.text[:8], 30)
    ]  # fmt: skip
    assert len(office.plans.all()) == 1
    assert second.id not in {task.id for task in after}


def test_a_plan_typed_from_nothing_needs_a_name(qtbot: QtBot, office: Office) -> None:
    page = open_page(qtbot, office)
    page.new_button.click()
    editor = page.editor
    assert editor.title_edit.hasFocus()
    assert editor.year_edit.text() == "2026"
    save_plan(page)
    assert "Hãy ghi tên kế hoạch" in editor.note_label.text()
    assert not office.plans.all()
    compose(page, "Kế hoạch dân vận của Trung tâm")
    save_plan(page)
    assert [row.title for row in office.plans.all()] == ["Kế hoạch dân vận của Trung tâm"]


def test_a_scan_says_so(qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    scan = tmp_path / "ban-quet.pdf"
    canvas = Canvas(str(scan))
    canvas.rect(50, 50, 300, 300, fill=1)
    canvas.save()
    told: list[str] = []
    monkeypatch.setattr(dialogs, "tell", lambda _parent, message, **_more: told.append(message.message))
    page = open_page(qtbot, office)
    import_plan(page, monkeypatch, scan)
    assert len(told) == 1
    assert "quét" in told[0]
    assert page.empty_label.isVisible()


def test_another_page_leads_to_a_task(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    page = open_page(qtbot, office)
    plan_id = kept(page, monkeypatch, plan_file)
    third = office.plans.tasks(plan_id)[2]
    page.show_target(third.id)
    assert page.panel.task_words.toPlainText() == third.text
    assert page.panel.task_title.text() == "Nhiệm vụ 3"


def test_who_may_not_plan_only_reads(qtbot: QtBot, reader: Office) -> None:
    page = open_page(qtbot, reader)
    buttons = (page.edit_button, page.import_button, page.new_button, page.panel.save_task_button)
    assert [button.isEnabled() for button in buttons] == [False] * 4
    proof = page.panel.proof
    for button in (page.panel.done_button, proof.link_button, proof.unlink_button, proof.undo_button):
        assert not button.isEnabled()
    assert proof.drop is not None
    assert proof.drop.add_button.isHidden()
    page.tabs.setCurrentIndex(1)
    page.targets.all_check.setChecked(True)
    assert page.targets.chosen()
    assert not page.targets.set_button.isEnabled()
    assert page.panel.task_words.toPlainText()


def test_every_letter_leads_to_one_thing(
    qtbot: QtBot, office: Office, monkeypatch: pytest.MonkeyPatch, plan_file: Path
) -> None:
    page = open_page(qtbot, office)
    import_plan(page, monkeypatch, plan_file)
    for number in range(page.editor.tabs.count()):
        page.editor.tabs.setCurrentIndex(number)
        settle()
        assert clashes(page) == []
    save_plan(page)
    assert clashes(page) == []
    assert page.minimumSizeHint().height() <= 560
    assert page.minimumSizeHint().width() <= 1060


def test_a_plan_corrected_leaves_a_page_that_fits_the_screen(
    qtbot: QtBot, office: Office, plan_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.plans.save(office.plans.preview(plan_file).to_json(), source_name=plan_file.name)
    window = OfficeWindow(office, InlineRunner(), "Xã")
    window.resize(1366, 740)
    show(window)
    window.open_page("plan")
    settle()
    page = window.page("plan")
    assert isinstance(page, PlanPage)
    page.edit_button.click()
    settle()
    assert window.page_scroll.verticalScrollBar().maximum() == 0  # the editor's boxes scroll, not the page
    page.editor.bases_edit.setPlainText("Chỉ thị số 33/CT-TTg")
    save_plan(page)
    settle()
    assert page.stack.currentIndex() == 0 and page.height() <= window.page_scroll.viewport().height()
