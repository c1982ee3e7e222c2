"""Cross-checks over a real home: what they find, where they lead, what a reason does to them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from services_office import make

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.services import report_desk
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput

REGIME, PERIOD = "commune-to-province", "2026-H1"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home: Path = tmp_path_factory.mktemp("checks") / "home"
    made = make(home, FixedClock(datetime(2026, 5, 29, 1, 0, tzinfo=UTC)))
    unit = made.settings.load().agencies[0].id

    def add(form_key: str, **values: Any) -> str:
        return made.records.save(form_key, RecordInput(unit, values), final=True).id

    topic = made.context.catalog.forms["communication_activity"].field("topics").choices[0].key
    session: dict[str, Any] = {"form": "conference", "topics": [topic], "sessions": 1}
    add("communication_activity", held_on="2025-03-03", attendees=30, **session)
    add("communication_activity", held_on="2026-03-03", attendees=64, **session)
    kind = made.context.catalog.forms["dialogue_session"].field("kind").choices[0].key
    mode = made.context.catalog.forms["dialogue_session"].field("mode").choices[0].key
    add("dialogue_session", held_on="2026-03-03", kind=kind, chair="Chủ tịch", place="Nhà văn hóa", mode=mode,
        attendees=64)  # fmt: skip
    yield made
    made.close()


def test_findings_without_a_report(office: Office) -> None:
    findings = office.reports.checks.run(REGIME, PERIOD)
    swing = next(item for item in findings if item.figure == "communication_attendees")
    assert (swing.check, swing.severity) == ("swing_needs_reason", "warning")
    found = {item.check: item for item in findings}
    assert "tăng 113,3% so với cùng kỳ (64 lượt; cùng kỳ 30 lượt)" in swing.message
    twin = found["activity_in_one_area"]
    assert "cùng ngày 03/03/2026" in twin.message
    assert len(twin.records) == 2
    assert "01/01 bản ghi" in found["claims_have_evidence"].message
    assert "dialogue_each_year" not in found  # only asked of a year, and one was held


def test_a_finding_leads_to_its_figure_or_entry_and_a_reason_settles_it(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    problems = report_desk.open_report(office, report_id).problems
    swing = next(item for item in problems if item.figure == "communication_attendees")
    assert "tăng 113,3%" in swing.message
    assert swing.section  # the number stands in the text
    twin = next(item for item in problems if "ghi hai lần" in item.message)
    assert twin.record
    office.reports.explain(report_id, swing.figure, "Năm nay có đại hội Đảng bộ xã.")
    after = report_desk.open_report(office, report_id)
    noted = next(item for item in after.problems if item.figure == swing.figure)
    assert noted.severity == "note"
    assert "đã ghi lý do: Năm nay có đại hội Đảng bộ xã." in noted.message
    document = after.view.document
    figure = document.figure("communication_attendees")
    assert figure is not None
    assert figure.reason == "Năm nay có đại hội Đảng bộ xã."
    assert any("Lý do: Lượt người được tuyên truyền: Năm nay có đại hội" in annex.note for annex in document.annexes)


def test_facts_are_counted_anew_when_a_record_changes(office: Office) -> None:
    report_id = next(item.id for item in report_desk.heads(office))
    before = [item for item in office.reports.view(report_id).problems if "ghi hai lần" in item.message]
    office.records.delete(before[0].records[1], "nhập trùng")
    after = [item for item in office.reports.view(report_id).problems if "ghi hai lần" in item.message]
    assert after == []
