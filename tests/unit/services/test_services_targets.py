"""Targets of the plan: set, shown with what is reached, in the report's figures and its annex; taken away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from services_office import make

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput

REGIME, PERIOD = "commune-to-province", "2026-H1"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = make(tmp_path / "home", FixedClock(datetime(2026, 5, 29, 1, 0, tzinfo=UTC)))
    form = made.context.catalog.forms["social_supervision"]
    values: dict[str, Any] = {
        "held_on": "2026-03-01",
        "body": form.field("body").choices[0].key,
        "kind": "supervision",
        "subject": "Quy hoạch",
    }
    made.records.save(form.key, RecordInput(made.settings.load().agencies[0].id, values), final=True)
    yield made
    made.close()


def test_a_target_is_shown_with_what_is_reached(office: Office) -> None:
    changes = office.targets.set("supervisions", 2026, "4", "Kế hoạch số 12/KH-UBND")
    assert changes.touches("indicators")
    line = next(item for item in office.figures.view(REGIME, PERIOD).lines if item.key == "supervisions")
    assert (line.target, line.reached) == ("4", "25%")
    report_id, _ = office.reports.make(REGIME, PERIOD)
    document = office.reports.view(report_id).document
    figure = document.figure("supervisions")
    assert figure is not None
    assert figure.target == 4
    annex = next(item for item in document.annexes if any(row.key == "supervisions" for row in item.rows))
    titles = [column.title for column in annex.columns]
    row = next(item for item in annex.rows if item.key == "supervisions")
    cells = dict(zip(titles, row.cells, strict=True))
    assert (cells["Kế hoạch năm"], cells["Đạt so với kế hoạch"]) == ("4", "25%")
    # another year has its own, and none is set
    other = next(item for item in office.figures.view(REGIME, "2025-H1").lines if item.key == "supervisions")
    assert other.target == ""


def test_without_targets_the_annex_stays_narrow(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    for annex in office.reports.view(report_id).document.annexes:
        assert "Kế hoạch năm" not in [column.title for column in annex.columns]


def test_targets_have_the_scale_of_their_figure_and_can_be_taken_away(office: Office) -> None:
    office.targets.set("satisfaction_rate", 2026, "95,5%")
    office.targets.set("model_funds_people", 2026, "1.200")
    assert [(item.indicator, item.text) for item in office.targets.of_year(2026)] == [
        ("model_funds_people", "1.200"),
        ("satisfaction_rate", "95,5"),
    ]
    office.targets.set("satisfaction_rate", 2026, "")
    assert [item.indicator for item in office.targets.of_year(2026)] == ["model_funds_people"]


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [("supervisions", "bốn", "target_invalid"), ("supervisions", "4,5", "target_invalid"),
     ("supervisions", "-4", "target_invalid"), ("nobody", "4", "unknown_indicator")],
)  # fmt: skip
def test_what_is_no_target(office: Office, key: str, text: str, code: str) -> None:
    with pytest.raises(Refused, match=code):
        office.targets.set(key, 2026, text)
    assert office.targets.of_year(2026) == ()


def test_the_plan_proposes_until_a_person_decides(office: Office) -> None:
    body = office.plans.empty().to_json()
    text = "Tổ chức 02 cuộc đối thoại với Nhân dân."
    body.update(title="Kế hoạch dân vận", year=2026, number_symbol="12/KH-UBND", tasks=[
        {"id": "t1", "mark": "1", "area": 6, "text": text},
    ])  # fmt: skip
    office.plans.save(body)
    (proposal,) = [item for item in office.targets.proposals(2026) if item.indicator == "dialogues"]
    assert (proposal.text, proposal.proposed) == ("2", True)
    assert "02 cuộc đối thoại" in proposal.quote
    assert office.targets.of_year(2026) == ()  # a proposal is no target
    assert office.targets.one("dialogues", 2026) == proposal
    office.targets.set("dialogues", 2026, "3", proposal.source)
    assert [item for item in office.targets.proposals(2026) if item.indicator == "dialogues"] == []
    assert office.targets.one("dialogues", 2026).text == "3"
