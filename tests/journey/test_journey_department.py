"""The other family of offices: a Sở and its unit, by the second seed plan, from set-up to the receipt of Sở Nội vụ."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from journey_offices import PARENT, CommandLine

SEED = Path(__file__).parents[1] / "unit" / "planning" / "data" / "seed_department.txt"
PERIOD = ("--period", "2026-H1")
ROLES = '[[accounts]]\nname = "motnguoi"\nroles = ["entry", "consolidation", "leader", "records_office", "admin"]\n'

UNIT = f"""
profile = "department_unit"
[office]
name = "Chi cục Thủy lợi Mẫu"
short_name = "CCTL"
place = "Quảng Trị"
superior_lines = ["SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"]
issuer_lines = ["CHI CỤC THỦY LỢI MẪU"]
symbol_suffix = "CCTL"
[parent]
name = "Sở Nông nghiệp và Môi trường"
via = "phòng Tổ chức cán bộ"
[[signers]]
authority_lines = ["CHI CỤC TRƯỞNG"]
name = "Trần Thị Thí Dụ"
{ROLES}"""

HUB = f"""
profile = "department_hub"
[office]
name = "Sở Nông nghiệp và Môi trường"
short_name = "SNNMT"
place = "Quảng Trị"
superior_lines = ["UBND TỈNH QUẢNG TRỊ"]
issuer_lines = ["SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG"]
symbol_suffix = "SNNMT"
drafting_unit = "TCCB"
[parent]
name = "Sở Nội vụ"
[[signers]]
authority_lines = ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]
name = "Nguyễn Văn Mẫu"
[[agencies]]
name = "Phòng Tổ chức cán bộ"
[[agencies]]
name = "Chi cục Thủy lợi Mẫu"
{ROLES}"""

UNIT_RECORDS: dict[str, list[dict[str, Any]]] = {
    "staff_conference": [{"held_on": "15/01/2026", "staff_total": 24, "attended": 23, "resolution_for": 23}],
    "internal_disclosure": [
        {"topic": "finance", "title": "Dự toán năm 2026", "decided_on": "05/01/2026", "published_on": "08/01/2026",
         "forms": ["posting"], "posted_from": "08/01/2026", "posted_to": "30/01/2026"},
        {"topic": "work_plan", "title": "Kế hoạch công tác năm 2026", "decided_on": "06/01/2026"},
    ],
    "dialogue_session": [
        {"held_on": "2026-04-16", "kind": "business", "chair": "Chi cục trưởng", "place": "Hội trường Chi cục",
         "attendees": 34, "opinions": [{"topic": "procedures", "content": "Đề nghị rút ngắn thời gian",
                                        "answered_at_once": True, "status": "resolved"}]},
    ],
}  # fmt: skip
HUB_RECORDS: dict[str, list[dict[str, Any]]] = {
    "staff_conference": [{"held_on": "2026-03-20", "staff_total": 60, "attended": 55, "resolution_for": 50}],
    "training_class": [
        {"held_on": "2026-03-25", "name": "Nghiệp vụ công tác dân vận", "kind": "need", "participants": 15}
    ],
    "public_service_inspection": [],
    "reception_day": [
        {"held_on": "2026-04-02", "host": "Giám đốc Sở", "host_role": "agency_head", "kind": "periodic"}
    ],
}  # fmt: skip


@pytest.fixture
def danvan(capfdbinary: pytest.CaptureFixture[bytes]) -> CommandLine:
    return CommandLine(capfdbinary)


def _set_up(danvan: CommandLine, folder: Path, name: str, profile: str) -> Path:
    file = folder / f"{name}.toml"
    file.write_text(profile, encoding="utf-8")
    danvan(folder / name, "setup", "--profile", file)
    return folder / name


def _trust(danvan: CommandLine, below: Path, above: Path) -> None:
    for reader, other, relation in ((below, above, "parent"), (above, below, "child")):
        key = other.with_suffix(".dvkey")
        card = danvan(other, "office", "export-key", "--out", key)
        danvan(reader, "trust", "add", key, "--office", card["office"], "--relation", relation, "--fingerprint",
               card["fingerprint"])  # fmt: skip


def _record(danvan: CommandLine, home: Path, records: dict[str, list[dict[str, Any]]]) -> None:
    for form, entries in records.items():
        for entry in entries:
            file = home.parent / "record.json"
            file.write_text(json.dumps(entry), encoding="utf-8")
            assert danvan(home, "record", "add", form, file, "--final")["state"] == "final"


def _report(danvan: CommandLine, home: Path, regime: str, out: Path) -> str:
    danvan(home, "record", "nil", "all", "--regime", regime, *PERIOD)
    report = str(danvan(home, "report", "make", "--regime", regime, *PERIOD)["id"])
    words = home.parent / "words.txt"
    words.write_text("Công tác dân vận được quan tâm chỉ đạo.", encoding="utf-8")
    for problem in danvan(home, "report", "approve", report, code=1)["problems"]:
        kind, _, key = problem["key"].partition(":")
        assert kind == "section", problem
        danvan(home, "report", "edit", report, "--section", key, "--file", words)
    danvan(home, "report", "approve", report)
    danvan(home, "report", "number", report)
    danvan(home, "report", "render", report, "--out", out)
    return report


def _text(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode("utf-8").split())


def _send(danvan: CommandLine, sender: Path, receiver: Path, report: str, out: Path) -> dict[str, Any]:
    sent = danvan(sender, "package", "export", report, "--out", out)
    taken: dict[str, Any] = danvan(receiver, "package", "import", sent["file"], "--reply", out)
    assert taken["verdict"] == "verified"
    danvan(sender, "package", "import", taken["reply"])
    accepted = danvan(receiver, "package", "accept", taken["id"], "--out", out)
    danvan(sender, "package", "import", accepted["file"])
    rows = {row["id"]: row["status"] for row in danvan(sender, "package", "list")["packages"]}
    assert rows[sent["id"]] == "accepted"
    return taken


def test_a_department_and_its_unit_report_to_the_department_of_home_affairs(
    danvan: CommandLine, tmp_path: Path
) -> None:
    # 1 set up: no villages, the words of a Sở
    unit = _set_up(danvan, tmp_path, "unit", UNIT)
    hub = _set_up(danvan, tmp_path, "hub", HUB)
    parent = _set_up(danvan, tmp_path, "parent", PARENT)
    _trust(danvan, unit, hub)
    _trust(danvan, hub, parent)

    # 2 the plan of the second seed: its eight tasks and its own reporting days
    plan = danvan(hub, "plan", "import", SEED)
    assert [task["area"] for task in plan["tasks"]] == [1, 2, 3, 4, 5, 6, 7, 8]
    danvan(unit, "plan", "import", SEED)

    # 3 record: internal democracy, dialogue with enterprises
    _record(danvan, unit, UNIT_RECORDS)
    _record(danvan, hub, HUB_RECORDS)

    # 4 count: by the department's indicators, none of villages
    counted = danvan(unit, "indicators", "--regime", "unit-to-department", *PERIOD)
    keys = {item["key"]: item for item in counted["indicators"]}
    assert (keys["internal_disclosures"]["value"], keys["internal_disclosures_published_rate"]["value"]) == (2, 500)
    assert keys["staff_conference_units_rate"]["value"] == 1000
    assert keys["business_dialogues"]["value"] == 1
    assert not {"disclosures_due", "community_meetings", "village_conventions", "year_end_villages"} & set(keys)

    # 5, 6 the report of the unit
    out = tmp_path / "out"
    report = _report(danvan, unit, "unit-to-department", out)
    text = _text(out / "bao-cao-cctl-2026-H1.pdf")
    assert "SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG" in text
    assert "Kính gửi: Sở Nông nghiệp và Môi trường (qua phòng Tổ chức cán bộ)" in text
    assert "Số: 01/BC-CCTL" in text
    assert "CHI CỤC TRƯỞNG" in text
    assert "Thực hiện dân chủ trong cơ quan, đơn vị; đạo đức công vụ, kiểm tra công vụ" in text
    assert "Trong kỳ có 02 nội dung phải công khai trong cơ quan, đơn vị; đã công khai 01 nội dung, đạt 50%" in text
    assert "với doanh nghiệp, tổ chức 01" in text
    for word in ("hương ước", "thôn, tổ dân phố", "hòa giải ở cơ sở", "Luật Thực hiện dân chủ ở cơ sở"):
        assert word not in text, word

    # 7, 8 up to the Sở
    _send(danvan, unit, hub, report, out)

    # 9 the Sở adds up: the unit's figures through its report, its own from records
    board = danvan(hub, "consolidate", "--regime", "unit-to-department", *PERIOD)["offices"]
    assert [row["state"] for row in board] == ["accepted"]
    total = {
        f["key"]: f for f in danvan(hub, "indicators", "--regime", "department-to-province", *PERIOD)["indicators"]
    }
    assert (total["staff_conferences"]["value"], total["staff_conference_units_rate"]["value"]) == (2, 1000)
    assert total["internal_disclosures"]["value"] == 2
    assert total["training_needs"]["value"] == 15
    assert total["head_reception_months"]["value"] == 1
    above = _report(danvan, hub, "department-to-province", out)
    body = _text(out / "bao-cao-snnmt-2026-H1.pdf")
    assert "Kính gửi: Sở Nội vụ" in body
    assert "Có 02 cơ quan, đơn vị tổ chức hội nghị cán bộ, công chức, viên chức, đạt 100%" in body
    assert "Thủ trưởng tiếp công dân đủ số ngày theo quy định trong 01 tháng" in body
    assert "Đăng ký nhu cầu tập huấn, bồi dưỡng cho 15 người" in body
    assert "KT. GIÁM ĐỐC" in body
    assert "Lưu: VT, TCCB" in body
    assert "Chủ tịch Ủy ban nhân dân xã" not in body
    _send(danvan, hub, parent, above, out)
    assert (
        danvan(parent, "consolidate", "--regime", "department-to-province", *PERIOD)["offices"][0]["state"]
        == "accepted"
    )
