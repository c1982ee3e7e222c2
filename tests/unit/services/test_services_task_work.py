"""Tasks of the plan at work: done again, taken back, proved by records and files, kept when the plan is read anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from services_office import ALL_ROLES, make, profile

from danvan_desktop.bootstrap import wire
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.plan_view import open_plan
from danvan_desktop.services.records import RecordInput
from danvan_desktop.services.setup import AccountSpec
from danvan_desktop.services.task_work import TaskService
from danvan_desktop.store.home import open_home, restore_backup
from danvan_desktop.store.plans import TaskRow

CLOCK = FixedClock(parse_stamp("2026-06-10T01:00:00Z"))
ACCOUNTS = (AccountSpec("motnguoi", "Một Người", ALL_ROLES), AccountSpec("vanthu", "Văn thư", ("records_office",)))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tasks") / "home"
    make(path, CLOCK, profile(accounts=ACCOUNTS)).close()
    return path


@pytest.fixture(scope="module")
def office(home: Path) -> Iterator[Office]:
    opened = wire(open_home(home, clock=CLOCK, account="motnguoi", password="x"), CLOCK)
    yield opened
    opened.close()


def plan_of(office: Office, *texts: str, year: int = 2026) -> tuple[str, list[TaskRow]]:
    """A new plan with tasks of these words."""
    tasks = [{"id": f"t{number}", "area": 1, "mark": str(number), "text": text} for number, text in enumerate(texts, 1)]
    body = office.plans.empty().to_json() | {"year": year, "title": "Kế hoạch", "tasks": tasks}
    plan_id, _ = office.plans.save(body)
    return plan_id, office.plans.tasks(plan_id)


def again(office: Office, row: TaskRow) -> TaskRow:
    return office.tasks.get(row.id)


def refusal(work: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        work()
    return caught.value


def meeting(office: Office, day: str, chair: str) -> str:
    unit = office.settings.load().agencies[0].id
    values = {"held_on": day, "chair": chair}
    return office.records.save("dialogue_session", RecordInput(unit, values), final=False).id


def test_a_task_that_comes_again_waits_for_its_next_last_day(office: Office) -> None:
    _plan, [row] = plan_of(office, "Giao ban hằng tháng")
    office.tasks.save(replace(row, due_on=date(2026, 1, 31), recurrence="monthly", progress=40, status="doing"))
    office.tasks.complete(row.id, date(2026, 1, 30), "Đã họp  đủ")
    now = again(office, row)
    assert (now.due_on, now.status, now.progress, now.done_on) == (date(2026, 2, 28), "open", 0, None)
    office.tasks.complete(row.id, date(2026, 3, 2))
    assert again(office, row).due_on == date(2026, 3, 31), "a short month does not move the month ends"
    newest, oldest = office.tasks.proof(row.id).history
    assert (oldest.due_on, oldest.done_on, oldest.late_days, oldest.by, oldest.note) == (
        date(2026, 1, 31), date(2026, 1, 30), 0, "Một Người", "Đã họp đủ"
    )  # fmt: skip
    assert (newest.due_on, newest.late_days, newest.at) == (date(2026, 2, 28), 2, "10/06/2026 08:00")
    # a mistake: taken back, and still told
    office.tasks.undo_done(row.id)
    assert again(office, row).due_on == date(2026, 2, 28)
    assert office.tasks.proof(row.id).history[0].undone == "Một Người, 10/06/2026 08:00"
    office.tasks.undo_done(row.id)
    now = again(office, row)
    assert (now.due_on, now.status, now.progress) == (date(2026, 1, 31), "doing", 40)
    assert refusal(lambda: office.tasks.undo_done(row.id)).code == "nothing_to_undo"
    office.tasks.complete(row.id, date(2026, 1, 31))
    assert again(office, row).due_on == date(2026, 2, 28)


def test_the_last_time_in_the_year_finishes_it_and_a_yearly_one_goes_on(office: Office) -> None:
    plan_id, [quarter, year, once] = plan_of(office, "Hằng quý", "Hằng năm", "Một lần")
    office.tasks.save(replace(quarter, due_on=date(2026, 12, 31), recurrence="quarterly"))
    office.tasks.save(replace(year, due_on=date(2026, 12, 31), recurrence="yearly"))
    for row in (quarter, year, once):
        office.tasks.complete(row.id)
    found = {row.text: (row.status, row.progress, row.due_on, row.done_on) for row in office.plans.tasks(plan_id)}
    today = date(2026, 6, 10)
    assert found["Hằng quý"] == ("done", 100, date(2026, 12, 31), today)
    assert found["Hằng năm"] == ("open", 0, date(2027, 12, 31), None)
    assert found["Một lần"] == ("done", 100, None, today)
    assert refusal(lambda: office.tasks.complete(once.id)).code == "task_done"
    # the day corrected: the first line stays as taken back
    office.tasks.save(replace(again(office, once), done_on=date(2026, 6, 1)))
    assert again(office, once).done_on == date(2026, 6, 1)
    assert [(item.done_on.day, bool(item.undone)) for item in office.tasks.proof(once.id).history] == [
        (1, False), (10, True)
    ]  # fmt: skip
    office.tasks.undo_done(once.id)
    assert (again(office, once).status, again(office, once).done_on) == ("open", None)


def test_what_cannot_be_kept_is_refused_and_nothing_is(office: Office) -> None:
    _plan, [row] = plan_of(office, "Việc")
    assert refusal(lambda: office.tasks.save(replace(row, recurrence="monthly"))).code == "task_due_missing"
    assert refusal(lambda: office.tasks.complete(row.id, date(2026, 6, 11))).code == "day_invalid"
    for wrong in ({"status": "maybe"}, {"recurrence": "daily"}, {"progress": 101}, {"note": "x" * 2001}):
        changed = replace(row, **wrong)
        assert refusal(lambda changed=changed: office.tasks.save(changed)).code == "task_invalid"
    assert refusal(lambda: office.tasks.complete(row.id, remark="x" * 501)).code == "task_invalid"
    assert refusal(lambda: office.tasks.get("zz")).code == "not_found"
    assert again(office, row) == row
    first, second = (agency.id for agency in office.settings.load().agencies)
    office.tasks.save(replace(row, lead_unit=first, helpers=(first, second, second), note=" Ghi chú "))
    assert (again(office, row).helpers, again(office, row).note) == ((second,), "Ghi chú")


def test_an_agency_that_is_no_more_keeps_its_name_on_its_tasks(office: Office) -> None:
    plan_id, [row] = plan_of(office, "Việc của cơ quan cũ")
    first, second = office.settings.load().agencies
    office.tasks.save(replace(row, lead_unit=second.id))
    with office.context.store.unit() as uow:
        uow.agencies.upsert(replace(second, active=False))
    desk = open_plan(office, plan_id)
    assert [choice.title for choice in desk.agencies] == [first.name, f"{second.name} (không còn hoạt động)"]
    assert desk.tasks[0].lead == second.name
    office.tasks.save(replace(row, lead_unit=first.id))
    assert [choice.title for choice in open_plan(office, plan_id).agencies] == [first.name]
    with office.context.store.unit() as uow:
        uow.agencies.upsert(second)


def test_records_prove_a_task_while_they_are_not_in_the_bin(office: Office) -> None:
    plan_id, [row] = plan_of(office, "Đối thoại")
    older, newer = meeting(office, "2026-03-01", "Bà Mẫu"), meeting(office, "2026-05-01", "Ông Mẫu")
    for record in (older, newer, newer):
        office.tasks.link(row.id, record)
    assert [item.id for item in office.tasks.proof(row.id).records] == [newer, older]
    assert office.tasks.tasks_of(older) == ((row.id, "1. Đối thoại"),)
    office.records.delete(newer, "nhầm")
    [left] = office.tasks.proof(row.id).records
    assert (left.id, left.day, left.state) == (older, date(2026, 3, 1), "draft")
    assert open_plan(office, plan_id).tasks[0].records == 1
    assert refusal(lambda: office.tasks.link(row.id, newer)).code == "record_deleted"
    office.records.undelete(newer)
    assert [item.id for item in office.tasks.proof(row.id).records] == [newer, older]
    office.tasks.unlink(row.id, older)
    assert [item.id for item in office.tasks.proof(row.id).records] == [newer]
    assert refusal(lambda: office.tasks.unlink(row.id, older)).code == "not_found"
    assert office.tasks.tasks_of(older) == ()


def test_files_are_kept_once_and_in_their_order(office: Office, tmp_path: Path) -> None:
    _plan, [row, other] = plan_of(office, "Có tệp", "Cùng tệp")
    evidence = office.records.evidence
    first = evidence.add_bytes("Biên bản".encode(), "Biên bản.txt")
    second = evidence.add_bytes(b"%PDF-1.4 x", "anh.pdf")
    office.tasks.set_files(row.id, [second.sha256, first.sha256, first.sha256])
    office.tasks.set_files(other.id, [first.sha256])
    assert [item.name for item in office.tasks.proof(row.id).files] == ["anh.pdf", "Biên bản.txt"]
    office.tasks.save(replace(again(office, row), evidence=(), progress=10))
    assert len(again(office, row).evidence) == 2, "files are set by their own act alone"
    assert evidence.copy_to(first.sha256, tmp_path).read_text() == "Biên bản"
    assert refusal(lambda: office.tasks.set_files(row.id, ["0" * 64])).code == "not_found"
    assert refusal(lambda: office.tasks.set_files(row.id, [f"{n}" for n in range(41)])).code == "evidence_too_many"


def test_a_plan_read_again_keeps_the_work_on_its_tasks(office: Office) -> None:
    plan_id, [first, second] = plan_of(office, "Tuyên truyền chủ trương của Đảng tới Nhân dân", "Việc sẽ bỏ đi")
    record = meeting(office, "2026-04-01", "Bà Mẫu")
    kept = office.records.evidence.add_bytes("Ảnh".encode(), "anh.txt")
    office.tasks.save(replace(first, due_on=date(2026, 3, 31), recurrence="quarterly", note="Nhớ mời"))
    office.tasks.complete(first.id, date(2026, 3, 30))
    office.tasks.link(first.id, record)
    office.tasks.set_files(first.id, [kept.sha256])
    assert [line.noted for line in open_plan(office, plan_id).tasks] == [True, False]
    assert office.plans.same_year(2026) == office.plans.get(plan_id)
    body = office.plans.empty().to_json() | {
        "year": 2026,
        "title": "Kế hoạch (sửa đổi)",
        "tasks": [
            {"id": "task-1", "mark": "1", "area": 3, "text": "Một việc mới hẳn"},
            {"id": "task-2", "mark": "2", "area": 1, "text": "Tuyên truyền chủ trương của Đảng tới toàn thể Nhân dân"},
        ],
    }
    office.plans.save(office.plans.carried(body, plan_id), source_name="moi.txt", plan_id=plan_id)
    new, carried = office.plans.tasks(plan_id)
    assert carried.id == first.id
    assert (carried.mark, carried.due_on, carried.recurrence, carried.note) == (
        "2", date(2026, 6, 30), "quarterly", "Nhớ mời"
    )  # fmt: skip
    proof = office.tasks.proof(first.id)
    assert (len(proof.history), [item.id for item in proof.records], proof.files) == (1, [record], (kept,))
    assert office.tasks.proof(new.id).history == ()
    assert refusal(lambda: office.tasks.get(second.id)).code == "not_found"
    assert office.plans.get(plan_id).source_name == "moi.txt"


def test_backup_and_restore_keep_it_and_others_see_what_they_may(home: Path, office: Office, tmp_path: Path) -> None:
    _plan, [row] = plan_of(office, "Việc có hồ sơ")
    unit = office.settings.load().agencies[0].id
    person = office.records.save(
        "citizen_reception", RecordInput(unit, {"received_on": "2026-05-05", "visitor": "Nguyễn Văn Mẫu"}),
        final=False,
    ).id  # fmt: skip
    office.tasks.save(replace(row, due_on=date(2026, 3, 31), recurrence="monthly"))
    office.tasks.complete(row.id, date(2026, 3, 31), "xong")
    office.tasks.link(row.id, person)
    file = office.context.store.backup(tmp_path / "b.dvbak")
    restore_backup(file, tmp_path / "r", clock=CLOCK, password="x", account="motnguoi")
    other = wire(open_home(tmp_path / "r", clock=CLOCK, account="vanthu", password="x"), CLOCK)
    proof = other.tasks.proof(row.id)
    assert [(item.done_on, item.note) for item in proof.history] == [(date(2026, 3, 31), "xong")]
    assert [item.label for item in proof.records] == ["05/05/2026"]
    # a form of the office's own may name its records by a personal value: only for those who may read such
    forms = dict(office.context.catalog.forms)
    forms["citizen_reception"] = replace(forms["citizen_reception"], label=("visitor",))
    named = replace(office.context.catalog, forms=forms)
    for opened, label in ((office, "Nguyễn Văn Mẫu"), (other, "Tiếp công dân")):
        [shown] = TaskService(replace(opened.context, catalog=named)).proof(row.id).records
        assert shown.label == label
    for work in (
        lambda: other.tasks.complete(row.id),
        lambda: other.tasks.undo_done(row.id),
        lambda: other.tasks.link(row.id, person),
        lambda: other.tasks.unlink(row.id, person),
        lambda: other.tasks.set_files(row.id, []),
    ):
        assert refusal(work).code == "no_right"
    other.close()
