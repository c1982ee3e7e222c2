"""Tasks of the plan and reports of the units as indicators, by hand-computed numbers (DOMAIN 1.12, 1.13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from services_office import make, profile

from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.reporting.model import Figure
from danvan_desktop.services.office import Office
from danvan_desktop.store.exchange import ReceivedReport, TrustRow
from danvan_desktop.store.store import UnitOfWork

PERIOD = "2026-H1"  # data to 15/5/2026; agencies report before 01/6
# due, finished, status: of six tasks one is given up; three are done by 15/5 (one has no last day, one is late)
TASKS = (
    (date(2026, 3, 31), date(2026, 3, 31), "done"),
    (date(2026, 4, 30), date(2026, 5, 4), "done"),
    (None, date(2026, 5, 15), "done"),
    (date(2026, 6, 30), date(2026, 5, 16), "done"),  # after the window: not yet done in it
    (date(2026, 5, 1), None, "doing"),
    (date(2026, 5, 1), None, "cancelled"),
)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    opened = make(tmp_path_factory.mktemp("facts") / "home", FixedClock(parse_stamp("2026-06-10T01:00:00Z")))
    preview = opened.plans.empty()
    body = preview.to_json() | {
        "year": 2026,
        "title": "Kế hoạch",
        "tasks": [{**_task(number), "text": f"Nhiệm vụ {number}"} for number in range(1, len(TASKS) + 1)],
    }
    plan_id, _ = opened.plans.save(body)
    for task, (due, done, status) in zip(opened.plans.tasks(plan_id), TASKS, strict=True):
        opened.plans.set_task(replace(task, due_on=due, done_on=done, status=status))
    with opened.context.store.unit() as uow:
        for number in range(1, 5):
            pem = f"cert {number}"
            uow.trust.add(TrustRow(f"o{number}", f"Đơn vị {number}", pem, f"fp{number}", "age", "trusted", "child"))
        uow.trust.add(TrustRow("o9", "Cấp trên", "cert 9", "fp9", "age", "trusted", "parent"))
        # in time on the last day (17:30 UTC of 30/5 is 31/5 here), returned and sent again; late; taken back; none
        _receive(uow, "o1", "2026-05-30T17:30:00Z", 1, "returned", current=False)
        _receive(uow, "o1", "2026-06-04T01:00:00Z", 2, "accepted")
        _receive(uow, "o2", "2026-05-31T17:30:00Z", 1, "received")
        _receive(uow, "o3", "2026-05-20T01:00:00Z", 1, "recalled")
    yield opened
    opened.close()


def _task(number: int) -> dict[str, object]:
    return {"id": f"t{number}", "area": number, "mark": str(number)}


def _receive(uow: UnitOfWork, office: str, at: str, revision: int, state: str, *, current: bool = True) -> None:
    uow.received.put_report(
        ReceivedReport(
            package_id=f"{office}-{revision}", office_id=office, unit="", subject_id=office,
            regime="agency-to-commune", period=PERIOD, revision=revision, package_sha256=f"{office}{revision}",
            document=b"", state=state, current=current, received_at=at,
        )
    )  # fmt: skip


@pytest.fixture(scope="module")
def figures(office: Office) -> dict[str, Figure]:
    return {figure.key: figure for figure in office.indicators.compute("commune-to-province", PERIOD).figures}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("plan_tasks_assigned", 5), ("plan_tasks_done", 3), ("plan_tasks_done_rate", 600),
        ("plan_tasks_done_with_due", 2), ("plan_tasks_in_time", 1), ("plan_tasks_in_time_rate", 500),
        ("unit_reports_due", 4), ("unit_reports_sent", 2), ("unit_reports_in_time", 1),
        ("unit_reports_in_time_rate", 250),
    ],
)  # fmt: skip
def test_the_count_is_what_the_hand_counts(figures: dict[str, Figure], key: str, value: int) -> None:
    assert (figures[key].state, figures[key].value) == ("value", value)


def test_a_year_without_reports_is_not_a_year_of_reports_owed(figures: dict[str, Figure]) -> None:
    assert figures["unit_reports_due"].previous is None
    assert figures["plan_tasks_assigned"].previous is None


def test_they_have_no_records_behind_them_and_are_said_in_the_report(office: Office) -> None:
    assert office.indicators.records_behind("commune-to-province", PERIOD, "plan_tasks_done_rate") == []
    report, _ = office.reports.make("commune-to-province", PERIOD)
    draft = office.reports.view(report).draft
    assert draft is not None
    section = draft.section("results_area_1")
    assert section is not None
    text = " ".join(paragraph.text for paragraph in section.paragraphs)
    assert "Kế hoạch năm giao 05 nhiệm vụ; đã hoàn thành 03 nhiệm vụ, đạt 60%" in text
    assert "Có 04 đơn vị phải gửi báo cáo; 02 đơn vị đã gửi, trong đó đúng hạn 01 đơn vị, đạt 25%." in text


def test_a_task_that_is_done_keeps_the_day_it_became_so(office: Office) -> None:
    [plan] = office.plans.all()
    task = office.plans.tasks(plan.id)[4]
    office.plans.set_task(replace(task, status="done"))
    kept = office.plans.tasks(plan.id)[4]
    assert kept.done_on == date(2026, 6, 10)
    office.plans.set_task(replace(kept, status="doing"))
    assert office.plans.tasks(plan.id)[4].done_on is None


def test_an_agency_has_no_units_that_report_to_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    clock = FixedClock(parse_stamp("2026-06-10T01:00:00Z"))
    office = make(tmp_path_factory.mktemp("agency") / "home", clock, profile("commune_agency", "Trung tâm Mẫu"))
    found = {item.key: item for item in office.indicators.compute("agency-to-commune", PERIOD).figures}
    assert "unit_reports_due" not in found
    assert found["plan_tasks_assigned"].state == "no_data"  # no plan yet: nobody is asked about it
    assert "plan_tasks_assigned" not in office.indicators.undecided("agency-to-commune", PERIOD)
    office.close()


def test_a_task_that_comes_again_is_one_task_done_when_nothing_due_is_left(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    clock = FixedClock(parse_stamp("2026-06-10T01:00:00Z"))
    office = make(tmp_path_factory.mktemp("again") / "home", clock)
    texts = ("Đủ và đúng hạn", "Đủ, một lần muộn", "Còn sót một lần", "Chưa lần nào, chưa đến hạn")
    body = office.plans.empty().to_json() | {
        "year": 2026,
        "tasks": [{**_task(number), "text": text} for number, text in enumerate(texts, 1)],
    }
    plan_id, _ = office.plans.save(body)
    done: tuple[tuple[date, ...], ...] = (
        (date(2026, 1, 30), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 29), date(2026, 5, 30)),
        (date(2026, 1, 31), date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 30)),
        (date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 5, 20)),  # the fourth after 15/5
        (),
    )
    for task, days in zip(office.plans.tasks(plan_id), done, strict=True):
        first = date(2026, 1, 31) if days else date(2026, 6, 30)
        office.tasks.save(replace(task, due_on=first, recurrence="monthly"))
        for day in days:
            office.tasks.complete(task.id, day)
    found = {item.key: item.value for item in office.indicators.compute("commune-to-province", PERIOD).figures}
    keys = ("plan_tasks_assigned", "plan_tasks_done", "plan_tasks_done_with_due", "plan_tasks_in_time")
    assert [found[key] for key in keys] == [4, 2, 2, 1]
    office.close()
