"""The tasks of a plan on the command line: the board, and the work on one of them."""

from __future__ import annotations

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from danvan_desktop import bootstrap
from danvan_desktop.cli.main import run
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services.records import RecordInput
from danvan_desktop.store.home import open_home

sys.path.append(str(Path(__file__).parents[1] / "services"))

from services_office import make

PLAN = """UBND XÃ MẪU
Số: 15/KH-UBND
Mẫu, ngày 10 tháng 02 năm 2026
KẾ HOẠCH
Thực hiện công tác dân vận chính quyền năm 2026
I. NỘI DUNG NHIỆM VỤ
1. Tổ chức triển khai các chủ trương, đường lối của Đảng về công tác dân vận.
2. Đẩy mạnh các hoạt động tuyên truyền, giáo dục ở các thôn.
"""


CLOCK = FixedClock(datetime(2026, 5, 28, 1, tzinfo=UTC))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cli") / "home"
    make(path, CLOCK).close()
    return path


@pytest.fixture(scope="module")
def task(home: Path) -> str:
    """A task nothing has been done about."""
    office = bootstrap.wire(open_home(home, clock=CLOCK, account=None, password="x"), CLOCK)
    items = [{"id": "", "mark": "1", "area": 1, "text": "Một việc"}]
    plan_id, _ = office.plans.save(office.plans.empty().to_json() | {"year": 2025, "title": "K", "tasks": items})
    [row] = office.plans.tasks(plan_id)
    office.close()
    return row.id


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "SystemClock", lambda: CLOCK)


def danvan(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, Any]]:
    """Exit code and JSON of a command."""
    read, write = os.pipe()
    os.write(write, b"x\n")
    os.close(write)
    code = run([*words, "--json", "--home", str(home), "--password-fd", str(read)])
    os.close(read)
    return code, json.loads(capsys.readouterr().out)


def test_a_plan_followed_by_commands(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(PLAN, encoding="utf-8")
    plan = danvan(home, capsys, "plan", "import", str(file))[1]["id"]
    code, board = danvan(home, capsys, "plan", "tasks", "--plan", plan)
    assert (code, board["plan"], [item["area"] for item in board["tasks"]]) == (0, plan, [1, 2])
    first, second = (item["id"] for item in board["tasks"])

    code, said = danvan(
        home, capsys, "plan", "task", second, "--body", "van phong hdnd va ubnd", "--helper", "Phòng Văn hóa - Xã hội",
        "--due", "31/01/2026", "--recurrence", "monthly", "--progress", "40", "--note", "Mời trưởng thôn",
    )  # fmt: skip
    assert code == 0
    assert (said["body"], said["helpers"], said["due"], said["status"], said["progress"], said["note"]) == (
        "Văn phòng HĐND và UBND", ["Phòng Văn hóa - Xã hội"], "2026-01-31", "doing", 40, "Mời trưởng thôn"
    )  # fmt: skip
    assert said["overdue"]
    board = danvan(home, capsys, "plan", "tasks", "--plan", plan)[1]
    assert ([item["id"] for item in board["tasks"]], board["overdue"]) == ([second, first], 1), "overdue first"
    narrow = (("--area", "1"), ("--overdue",), ("--body", "Văn phòng HĐND và UBND"), ("--status", "open"))
    found = [danvan(home, capsys, "plan", "tasks", "--plan", plan, *words)[1]["tasks"] for words in narrow]
    assert [[item["id"] for item in items] for items in found] == [[first], [second], [second], [first]]

    said = danvan(home, capsys, "plan", "task", second, "--done", "30/01/2026", "--remark", "Đủ thành phần")[1]
    assert (said["due"], said["status"], said["times_done"]) == ("2026-02-28", "open", 1)
    assert said["history"] == [
        {"due": "2026-01-31", "done": "2026-01-30", "late_days": 0, "by": "Một người", "remark": "Đủ thành phần",
         "undone": ""}
    ]  # fmt: skip
    said = danvan(home, capsys, "plan", "task", second, "--undo-done")[1]
    assert (said["due"], said["progress"], bool(said["history"][0]["undone"])) == ("2026-01-31", 40, True)
    assert danvan(home, capsys, "plan", "task", second, "--undo-done")[1]["error"] == "nothing_to_undo"

    letter = tmp_path / "Biên bản.txt"
    letter.write_text("Biên bản", encoding="utf-8")
    said = danvan(home, capsys, "plan", "task", second, "--attach", str(letter))[1]
    assert [item["name"] for item in said["evidence"]] == ["Biên bản.txt"]
    assert danvan(home, capsys, "plan", "task", second, "--detach", "khác.txt")[1]["error"] == "not_found"
    record = _meeting(home)
    said = danvan(home, capsys, "plan", "task", second, "--link", record)[1]
    assert [item["id"] for item in said["records"]] == [record]

    # the plan read again
    file.write_text(PLAN.replace("ở các thôn", "ở các thôn, tổ dân phố"), encoding="utf-8")
    assert danvan(home, capsys, "plan", "import", str(file), "--replace", plan)[1]["id"] == plan
    said = danvan(home, capsys, "plan", "task", second)[1]
    assert said["text"].endswith("ở các thôn, tổ dân phố.")
    assert (len(said["records"]), len(said["evidence"]), len(said["history"])) == (1, 1, 1)
    said = danvan(home, capsys, "plan", "task", second, "--unlink", record)[1]
    said = danvan(home, capsys, "plan", "task", second, "--detach", "Biên bản.txt")[1]
    assert (said["records"], said["evidence"]) == ([], [])


def _meeting(home: Path) -> str:
    """A record on its own; its id."""
    office = bootstrap.wire(open_home(home, clock=CLOCK, account=None, password="x"), CLOCK)
    unit = office.settings.load().agencies[0].id
    saved = office.records.save("dialogue_session", RecordInput(unit, {"held_on": "2026-05-01"}), final=False)
    office.close()
    return saved.id


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("--link", "a", "--attach", "b"), 2, "usage"),
        (("--undo-done", "--note", "x"), 2, "usage"),
        (("--remark", "x"), 2, "usage"),
        (("--due", "hôm kia"), 2, "usage"),
        (("--done", "01/05/2026", "--status", "open"), 2, "usage"),
        (("--recurrence", "monthly"), 1, "task_due_missing"),
        (("--done", "01/01/2099"), 1, "day_invalid"),
        (("--progress", "140"), 1, "task_invalid"),
        (("--body", "Sở nào đó"), 1, "unit_missing"),
        (("--link", "zz"), 1, "not_found"),
        (("--attach", "/khong/co"), 1, "evidence_unreadable"),
    ],
)
def test_what_does_not_fit_is_refused_whole(
    home: Path, capsys: pytest.CaptureFixture[str], task: str, words: tuple[str, ...], code: int, error: str
) -> None:
    told = danvan(home, capsys, "plan", "task", task, *words)
    assert (told[0], told[1]["error"]) == (code, error)


def test_what_was_refused_changed_nothing(home: Path, capsys: pytest.CaptureFixture[str], task: str) -> None:
    said = danvan(home, capsys, "plan", "task", task)[1]
    assert (said["status"], said["progress"], said["due"], said["body"], said["note"]) == ("open", 0, None, None, "")
    assert (said["history"], said["records"], said["evidence"]) == ([], [], [])
    assert danvan(home, capsys, "plan", "task", "zz")[1]["error"] == "not_found"
