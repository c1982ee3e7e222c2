"""The work on the tasks of the plan, as an officer does it: again and again, proved, taken back; targets beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from gui_keys import compose, press, settle, show
from mnemonics import clashes
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from records_office import answer, close_windows, make_office, supervision
from records_office import open_page as open_records

from danvan_desktop.gui import dialogs, record_files
from danvan_desktop.gui.plan_board import BY_STATE
from danvan_desktop.gui.plan_page import PlanPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.gui.search_dialog import SearchDialog
from danvan_desktop.gui.target_dialog import TargetDialog
from danvan_desktop.kernel.changes import Changes
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.office import Office
from danvan_desktop.store.plans import TaskRow

CLOCK = FixedClock(datetime(2026, 5, 28, 1, tzinfo=UTC))
KEY = Qt.Key
COUNTED = "supervisions"  # the indicator that counts what supervision() enters


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = make_office(tmp_path_factory.mktemp("plan") / "home", CLOCK)
    yield made
    close_windows()
    made.close()


@pytest.fixture
def tasks(office: Office) -> list[TaskRow]:
    """The two tasks of a new plan, which is the one of the year."""
    texts = ("Tuyên truyền chủ trương của Đảng tới Nhân dân", "Đối thoại với Nhân dân ở các thôn")
    body = office.plans.empty().to_json() | {
        "year": 2026,
        "title": "Kế hoạch mẫu",
        "tasks": [{"id": "", "area": n, "mark": str(n), "text": text} for n, text in enumerate(texts, 1)],
    }
    plan_id, _changes = office.plans.save(body)
    return office.plans.tasks(plan_id)


def open_page(qtbot: QtBot, office: Office, task: TaskRow) -> tuple[PlanPage, list[str]]:
    """The page on a task, and what the status line is told."""
    page = PlanPage(office, InlineRunner())
    qtbot.addWidget(page)
    page.resize(1046, 642)
    show(page)
    page.shown()
    page.show_target(task.id)
    settle()
    said: list[str] = []
    page.said.connect(said.append)
    return page, said


def past(page: PlanPage) -> list[str]:
    items = page.panel.proof.past_list
    return [items.item(row).text() for row in range(items.count())]


def records_shown(page: PlanPage) -> list[str]:
    items = page.panel.proof.record_list
    return [items.item(row).text() for row in range(items.count())]


def test_done_again_and_again_by_keyboard(
    qtbot: QtBot, office: Office, tasks: list[TaskRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    page, said = open_page(qtbot, office, tasks[0])
    panel = page.panel
    page.task_tree.setFocus()
    press(page, KEY.Key_F2)
    assert panel.lead_combo.edit.hasFocus()
    panel.due_edit.setFocus()
    compose(page, "31/1")
    panel.recurrence_combo.setFocus()
    for _ in range(2):
        press(page, KEY.Key_Down)
    panel.recurrence_combo.activated.emit(2)
    panel.note_edit.setFocus()
    compose(page, "Mời trưởng thôn")
    assert not panel.remark_edit.isEnabled(), "nothing is asked about a task that is not done"
    panel.save_task_button.setFocus()
    press(page, KEY.Key_Space, text=" ")
    row = office.tasks.get(tasks[0].id)
    assert (row.due_on, row.recurrence, row.note) == (date(2026, 1, 31), "monthly", "Mời trưởng thôn")
    assert page.task_tree.hasFocus()
    # F8: done, on a day and with a word
    panel.mark_done()
    assert panel.done_edit.value() == "2026-05-28", "today, to be corrected"
    compose(page, "30/1")
    panel.remark_edit.setFocus()
    compose(page, "Họp đủ thành phần")
    panel.save_task_button.click()
    assert said[-1] == "Đã ghi xong lần này; hạn tiếp theo là 28/02/2026."
    assert panel.due_edit.value() == "2026-02-28"
    assert panel.status_combo.currentText() == "Chưa bắt đầu"
    assert past(page) == [
        "Xong ngày 30/01/2026 (hạn 31/01/2026)\nCán bộ (mẫu) ghi lúc 28/05/2026 08:00\n“Họp đủ thành phần”"
    ]
    assert panel.task_tabs.tabText(2) == "&Quá trình (1)"
    item = page.task_tree.currentItem()
    assert item is not None
    assert "QUÁ HẠN 89 ngày" in item.text(2)
    # a mistake is taken back after a question
    panel.task_tabs.setCurrentIndex(2)
    asked = answer(monkeypatch, yes=False)
    panel.proof.undo_button.click()
    assert office.tasks.get(row.id).due_on == date(2026, 2, 28)
    answer(monkeypatch)
    panel.proof.undo_button.click()
    assert "Hoàn tác lần xong gần nhất" in asked[0]
    assert office.tasks.get(row.id).due_on == date(2026, 1, 31)
    assert "Đã bỏ: Cán bộ (mẫu), 28/05/2026 08:00" in past(page)[0]
    assert not panel.proof.undo_button.isEnabled()


def test_what_is_wrong_is_said_at_its_field(qtbot: QtBot, office: Office, tasks: list[TaskRow]) -> None:
    page, _said = open_page(qtbot, office, tasks[0])
    panel = page.panel
    panel.recurrence_combo.setCurrentIndex(2)
    panel.save_task_button.click()
    assert "phải có hạn" in panel.due_edit.problem
    panel.due_edit.setFocus()
    compose(page, "30/6")
    panel.mark_done()
    compose(page, "29/5")
    panel.save_task_button.click()
    assert "ở sau hôm nay" in panel.done_edit.problem
    assert office.tasks.get(tasks[0].id) == tasks[0]


def test_records_prove_a_task(
    qtbot: QtBot, office: Office, tasks: list[TaskRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    record = supervision(office, "2026-05-04", "Giám sát thu quỹ ở thôn")
    page, said = open_page(qtbot, office, tasks[1])
    proof = page.panel.proof
    opened: list[SearchDialog] = []
    monkeypatch.setattr(SearchDialog, "open", lambda dialog: opened.append(dialog))
    page.panel.prove()
    [dialog] = opened
    assert dialog.open_button.text() == "&Gắn bản ghi"
    assert dialog.state_label.text().endswith("Enter gắn bản ghi.")
    dialog.search_edit.setText("thu quy")
    dialog._choose()
    settle()
    assert said[-1] == "Đã gắn bản ghi với nhiệm vụ."
    assert [words.split("\n")[1] for words in records_shown(page)] == ["Giám sát, phản biện · chính thức"]
    assert page.panel.task_tabs.tabText(1) == "&Minh chứng (1)"
    went: list[tuple[str, Any]] = []
    page.go_to.connect(lambda key, target: went.append((key, target)))
    proof.record_list.setFocus()
    proof.record_list.itemActivated.emit(proof.record_list.item(0))
    assert went == [("records", record)]
    # the record says so too
    records = open_records(qtbot, office, 8)
    records.show_target(record)
    settle()
    assert "Minh chứng cho nhiệm vụ: 2. Đối thoại với Nhân dân" in records.editor.revision_label.text()
    assert "nhiệm vụ 2. Đối thoại với Nhân dân" in records.editor.revision_label.toolTip()
    # in the bin it proves nothing; restored it does again
    office.records.delete(record, "nhầm")
    page.refresh(Changes.of("record:social_supervision"))
    assert records_shown(page) == []
    office.records.undelete(record)
    page.refresh(Changes.of("record:social_supervision"))
    assert len(records_shown(page)) == 1
    proof.record_list.setFocus()
    press(page, KEY.Key_Delete)
    assert said[-1] == "Đã bỏ gắn; bản ghi vẫn còn nguyên."
    assert records_shown(page) == []


def test_files_of_a_task_go_to_that_task(
    qtbot: QtBot, office: Office, tasks: list[TaskRow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Biên bản họp.txt"
    path.write_text("Biên bản", encoding="utf-8")
    page, _said = open_page(qtbot, office, tasks[0])
    drop = page.panel.proof.drop
    assert drop is not None
    page.show_target(tasks[1].id)  # the officer goes on while the file is on its way
    drop.paths_added.emit([path])
    settle()
    assert [len(office.tasks.get(task.id).evidence) for task in tasks] == [1, 0]
    page.show_target(tasks[0].id)
    shown = page.panel.proof.drop
    assert shown is not None
    assert [shown.list.item(row).text() for row in range(shown.list.count())] == ["Biên bản họp.txt"]
    seen: list[Path] = []
    monkeypatch.setattr(record_files, "open_in_system", seen.append)
    page.panel.task_tabs.setCurrentIndex(1)
    shown.list.setCurrentRow(0)
    shown.list.setFocus()
    press(page, KEY.Key_F2)
    assert [item.read_text(encoding="utf-8") for item in seen] == ["Biên bản"]
    press(page, KEY.Key_Delete)
    assert office.tasks.get(tasks[0].id).evidence == ()


def test_the_board_by_state_and_no_letter_twice(qtbot: QtBot, office: Office, tasks: list[TaskRow]) -> None:
    office.tasks.save(replace(tasks[0], status="done", due_on=date(2026, 5, 1)))
    office.tasks.save(replace(tasks[1], due_on=date(2026, 5, 1)))
    page, _said = open_page(qtbot, office, tasks[0])
    page.view_combo.setCurrentIndex(page.view_combo.findData(BY_STATE))
    page.view_combo.activated.emit(2)
    tree = page.task_tree
    groups = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    assert [group.text(0) for group in groups if group is not None] == ["Quá hạn (1)", "Đã xong"]
    for tab in range(page.panel.task_tabs.count()):
        page.panel.task_tabs.setCurrentIndex(tab)
        settle()
        assert clashes(page) == []
        assert page.sizeHint().height() <= 642
    assert not page.task_tree.isColumnHidden(1)
    page.resize(830, 560)  # as wide as 1366×768 is at 150 %
    settle()
    assert page.task_tree.isColumnHidden(1)
    assert page.task_tree.columnWidth(0) >= 100
    page.tabs.setCurrentIndex(1)
    settle()
    assert clashes(page) == []
    page.targets.tree.setFocus()
    press(page, KEY.Key_F2)
    assert page.tabs.currentIndex() == 0, "a key about a task shows the task"
    assert page.panel.lead_combo.edit.hasFocus()


def test_targets_stand_beside_what_was_reached(
    qtbot: QtBot, office: Office, tasks: list[TaskRow], monkeypatch: pytest.MonkeyPatch
) -> None:
    supervision(office, "2026-05-05", "Giám sát đất đai")
    page, said = open_page(qtbot, office, tasks[0])
    page.tabs.setCurrentIndex(1)
    targets = page.targets
    assert "Năm 2026 chưa có chỉ tiêu nào" in targets.banner_label.text()
    assert "16/10/2025 đến 15/10/2026" in targets.window_label.text()
    targets.all_check.setChecked(True)
    targets.filter_edit.setFocus()
    compose(page, office.context.catalog.indicators[COUNTED].title.lower())
    press(page, KEY.Key_Return)
    assert targets.tree.hasFocus()
    assert targets.chosen() == COUNTED

    def type_it(dialog: TargetDialog) -> None:
        dialog.value_edit.setText("8")
        dialog.source_edit.setText("Kế hoạch số 12")
        dialog.accept()

    monkeypatch.setattr(TargetDialog, "open", type_it)
    press(page, KEY.Key_Return)
    settle()
    assert said[-1].startswith("Đã ghi chỉ tiêu kế hoạch năm 2026")
    targets.all_check.setChecked(False)
    item = targets.tree.currentItem()
    assert item is not None
    now, reached = item.text(4), item.text(5)
    assert item.text(3) == "8"
    assert reached == {"1": "12,5%", "2": "25%"}[now]
    assert item.text(6) == "Kế hoạch số 12"
    assert office.targets.of_year(2026)[0].indicator == COUNTED


def test_a_plan_read_again_keeps_the_work(
    qtbot: QtBot, office: Office, tasks: list[TaskRow], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office.tasks.save(replace(tasks[1], progress=40, status="doing"))
    page, _said = open_page(qtbot, office, tasks[0])
    before = len(office.plans.all())
    path = tmp_path / "moi.txt"
    path.write_text(
        "UBND XÃ MẪU\nSố: 16/KH-UBND\nMẫu, ngày 10 tháng 02 năm 2026\nKẾ HOẠCH\n"
        "Thực hiện công tác dân vận chính quyền năm 2026\nI. NỘI DUNG NHIỆM VỤ\n"
        "1. Rà soát thủ tục hành chính, cắt giảm giấy tờ.\n2. Đối thoại với Nhân dân ở các thôn, tổ dân phố.\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(dialogs, "choose_file", lambda *_args: path)
    asked: list[tuple[str, str]] = []

    def choose(_parent: Any, question: str, _answers: Any, **more: Any) -> int:
        asked.append((question, more["detail"]))
        return 2 if len(asked) == 1 else 0

    monkeypatch.setattr(dialogs, "choose", choose)
    page.import_button.click()
    settle()
    assert page.stack.currentIndex() == 0, "given up: nothing has happened"
    page.import_button.click()
    settle()
    assert "Đã có kế hoạch năm 2026: “Kế hoạch mẫu”" in asked[1][0]
    assert "1/2 nhiệm vụ giống lời giữ nguyên" in asked[1][1]
    page.editor.saving.emit(page.editor.body())
    settle()
    assert len(office.plans.all()) == before
    assert [(row.id == tasks[1].id, row.progress) for row in office.plans.tasks(tasks[0].plan_id)] == [
        (False, 0), (True, 40)
    ]  # fmt: skip
