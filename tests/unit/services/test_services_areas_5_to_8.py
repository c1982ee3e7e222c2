"""Every indicator of areas 5 to 8 on real records, against numbers reckoned by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from services_office import make, profile

from danvan_desktop.bootstrap import catalog
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.reporting.model import Figure
from danvan_desktop.services.records import RecordInput
from danvan_desktop.services.setup import Place

UNITS = tuple(f"0192a000-0000-7000-8000-0000000000{n:02d}" for n in range(1, 5))
VILLAGES = tuple(f"0192a000-0000-7000-8000-0000000001{n:02d}" for n in range(1, 9))
V1, V2, V3 = ([item] for item in VILLAGES[:3])
DAY = "2026-03-10"  # a day of the window 16/10/2025 – 15/5/2026
LATE, LAST_YEAR = "2026-05-20", "2025-03-10"
Entry = tuple[str, dict[str, Any]]


def meeting(kind: str, item: str, village: list[str], on: str = DAY, **more: Any) -> Entry:
    return "community_meeting", {"held_on": on, "kind": kind, "item": item, "village": village, **more}


def clearance(name: str, on: str, households: int, *lines: dict[str, Any], **more: Any) -> Entry:
    return "site_clearance_project", {
        "name": name, "started_on": on, "households_affected": households, "snapshots": list(lines), **more,
    }  # fmt: skip


def visit(kind: str, on: str, **more: Any) -> Entry:
    return "citizen_reception", {
        "received_on": on, "kind": kind, "receiver": "Chủ tịch", "people": 1, "petition_kind": "feedback",
        "visitor": "Nguyễn Văn Mẫu 01", "content": "x", "first_time": "first", **more,
    }  # fmt: skip


def reception(on: str, role: str = "chair", kind: str = "periodic", **more: Any) -> Entry:
    return "reception_day", {"held_on": on, "host": "Chủ tịch UBND xã", "host_role": role, "kind": kind, **more}


def document(kind: str, areas: list[str], direction: str = "issued") -> Entry:
    return "directive_document", {
        "direction": direction, "document_type": kind, "number_symbol": "1/QC-UBND", "issued_on": DAY, "issuer": "UBND",
        "abstract": "x", "areas": areas,
    }  # fmt: skip


def feedback(channel: str, about: str, **more: Any) -> Entry:
    return "citizen_feedback", {
        "received_on": DAY, "channel": channel, "about": about, "content": "x", "sender": "Nguyễn Văn Mẫu 02", **more,
    }  # fmt: skip


def situation(**more: Any) -> Entry:
    return "situation_report", {"observed_on": DAY, "topic": "policy", "severity": "normal", "content": "x", **more}


RECORDS: tuple[Entry, ...] = (
    document("regulation", ["area_5", "area_1"]),
    document("regulation", ["area_1"]),
    document("regulation", ["area_5"], "incoming"),
    document("plan", ["area_5"]),
    ("public_disclosure", {"item": "item_14", "title": "Danh mục quý I", "decided_on": DAY, "published_on": DAY,
                           "forms": ["posting"], "quarter_list": True}),
    ("public_disclosure", {"item": "item_1", "title": "Kế hoạch", "decided_on": DAY}),
    meeting("decide", "decide_1", V1, eligible_households=90, attended_households=70, votes_for=60,
            contribution_money=2_500_000, contribution_days=12, contribution_land_m2=1505),
    meeting("decide", "decide_2", V2, eligible_households=90, attended_households=80, votes_for=59,
            contribution_money=1_500_000),
    meeting("decide", "decide_6", V3, attended_households=40, votes_for=30),
    meeting("consult", "comment_3", [*V1, *V2], opinions=20, opinions_accepted=15),
    meeting("consult", "comment_1", V3, opinions=5),
    meeting("year_end", "year_end", V1, "2025-12-20", eligible_households=90, attended_households=63),
    meeting("year_end", "year_end", [*V1, *V2], "2025-12-21"),
    meeting("other", "other", V1, LATE, attended_households=999),
    meeting("other", "other", V1, LAST_YEAR, attended_households=11),
    ("village_convention", {"decided_on": DAY, "village": V1, "action": "recognised"}),
    ("village_convention", {"decided_on": DAY, "village": V2, "action": "amended"}),
    ("village_convention", {"decided_on": DAY, "village": V3, "action": "amended"}),
    ("supervision_board_activity", {"held_on": DAY, "board": "peoples_inspection", "subject": "x", "recommendations": 4,
                                    "recommendations_done": 3}),
    ("supervision_board_activity", {"held_on": DAY, "board": "peoples_inspection", "subject": "y"}),
    ("supervision_board_activity", {"held_on": DAY, "board": "community_investment", "subject": "z",
                                    "recommendations": 9, "faults_found": 2}),
    ("staff_conference", {"held_on": "2026-01-15", "staff_total": 30, "attended": 28}),
    ("staff_conference", {"held_on": "2026-04-15", "staff_total": 12, "attended": 12}),
    ("staff_conference", {"held_on": "2026-03-31", "staff_total": 20, "attended": 20}),
    ("public_service_inspection", {"inspected_on": DAY, "unit_inspected": UNITS[0], "kind": "periodic",
                                   "violations": 3, "handled": 2}),
    ("public_service_inspection", {"inspected_on": DAY, "unit_inspected": UNITS[0], "kind": "extraordinary"}),
    ("public_service_inspection", {"inspected_on": DAY, "unit_inspected": UNITS[1], "kind": "periodic",
                                   "violations": 0}),
    ("discipline_case", {"decided_on": DAY, "category": "civil_servant", "form": "reprimand"}),
    ("discipline_case", {"decided_on": DAY, "category": "public_employee", "form": "reprimand"}),
    ("discipline_case", {"decided_on": DAY, "category": "civil_servant", "form": "warning"}),
    ("mediation_month", {"month": "2026-03", "village": V1, "received": 3, "succeeded": 2, "failed": 0}),
    ("mediation_month", {"month": "2026-04", "village": V1, "carried_over": 1, "received": 1, "succeeded": 1,
                         "failed": 0}),
    ("mediation_month", {"month": "2026-04", "village": V2, "received": 4, "succeeded": 2, "failed": 1}),
    ("mediation_month", {"month": "2026-05", "village": V1, "received": 50, "succeeded": 50, "failed": 0}),
    # April 2026: 2, 9 (in both), 16, 23 = four days, the minimum of a month before July; March: 5 and 12
    visit("periodic", "2026-04-02"), visit("periodic", "2026-04-09"), visit("regular", "2026-03-26"),
    reception("2026-04-09", conclusion_no="1/TB"), reception("2026-04-16"), reception("2026-04-23"),
    reception("2026-03-05"), reception("2026-03-12", "deputy", conclusion_no="2/TB"),
    reception("2026-03-13", kind="extraordinary"),
    visit("extraordinary", "2026-03-13", people=6, case="VV-1"), visit("extraordinary", "2026-03-14", people=9,
                                                                       case="VV-1"),
    ("dialogue_session", {"held_on": DAY, "kind": "business", "chair": "Chủ tịch", "attendees": 20}),
    feedback("hotline", "attitude", answered_on=DAY), feedback("portal", "harassment"),
    feedback("portal", "procedures"),
    ("civic_work_inspection", {"held_on": DAY, "kind": "regular", "joint_with_democracy": True}),
    ("civic_work_inspection", {"held_on": DAY, "kind": "regular"}),
    ("voter_meeting", {"held_on": DAY, "council_level": "commune", "attendees": 80, "opinions": [
        {"content": "a", "status": "answered"}, {"content": "b", "status": "in_progress"},
        {"content": "c", "status": "beyond_jurisdiction"}]}),
    ("voter_meeting", {"held_on": DAY, "council_level": "province", "attendees": 45, "opinions": [
        {"content": "d", "status": "answered"}]}),
    ("grassroots_visit", {"held_on": DAY, "leader": "Chủ tịch", "purpose": "x", "with": "village", "attendees": 40,
                          "promises": [{"content": "a", "done_on": DAY}, {"content": "b"}]}),
    ("grassroots_visit", {"held_on": DAY, "leader": "Chủ tịch", "purpose": "x"}),
    ("grassroots_visit", {"held_on": DAY, "leader": "Chủ tịch", "purpose": "x", "with": "elders", "attendees": 6}),
    ("grassroots_visit", {"held_on": DAY, "leader": "Chủ tịch", "purpose": "x", "with": "respected", "attendees": 5}),
    ("training_class", {"held_on": DAY, "name": "a", "kind": "own", "participants": 45}),
    ("training_class", {"held_on": DAY, "name": "b", "kind": "own", "participants": 30}),
    ("training_class", {"held_on": DAY, "name": "c", "kind": "sent", "participants": 4}),
    ("training_class", {"held_on": DAY, "name": "d", "kind": "need", "participants": 12}),
    situation(channel="chat_groups"), situation(channel="networks"), situation(channel="grassroots"), situation(),
    ("coordination_programme", {"signed_on": DAY, "partners": ["women"], "title": "a", "contents_planned": 6,
                                "contents_done": 2}),
    ("coordination_programme", {"signed_on": "2024-01-01", "partners": ["youth"], "title": "b", "contents_planned": 4,
                                "contents_done": 4, "until": "2025-10-16"}),
    ("coordination_programme", {"signed_on": "2024-01-01", "partners": ["youth"], "title": "c", "contents_planned": 90,
                                "contents_done": 9, "until": "2025-10-15"}),
    clearance("a", "2025-01-05", 60,
              {"as_of": "2025-09-30", "households_agreed": 20, "households_handed_over": 5, "campaigns": 7,
               "compensation_paid": 1_000_000_000},
              {"as_of": "2026-04-30", "households_agreed": 45, "households_handed_over": 30, "campaigns": 4,
               "households_coerced": 1, "compensation_paid": 3_250_000_000, "households_resettled": 8},
              {"as_of": "2026-05-30", "households_agreed": 60, "campaigns": 9}, area_m2=125005),
    clearance("b", "2026-02-01", 40, {"as_of": "2026-03-31", "households_agreed": 15, "campaigns": 2}, area_m2=9995),
    clearance("c", "2024-02-01", 500, {"as_of": "2025-03-31", "households_agreed": 500}, finished_on="2025-10-01"),
    ("fund_mobilisation", {"held_on": DAY, "fund": "poor", "amount": 45_500_000}),
    ("fund_mobilisation", {"held_on": DAY, "fund": "housing", "amount": 100_000_000, "houses": 2}),
    ("fund_mobilisation", {"held_on": DAY, "fund": "housing", "houses": 1}),
)  # fmt: skip

EXPECTED: dict[str, int] = {
    # 5: the people's meetings; ratios at one decimal
    "democracy_regulations_issued": 1, "democracy_plans_issued": 1, "disclosure_lists": 1,
    "community_meetings": 7, "community_meetings/decide": 3, "community_meetings/year_end": 2,
    "community_meetings/other": 0,
    "meeting_households": 70 + 80 + 40 + 63, "meeting_households_present": 70 + 80 + 63,
    "meeting_households_invited": 270, "meeting_households_rate": 789,  # 213 of 270
    "community_decisions": 3, "community_decisions/decide_1": 1, "community_decisions_passed": 1,
    "community_decisions_passed_rate": 333, "consultations": 2, "consultation_opinions": 25,
    "consultation_opinions_accepted": 15, "consultation_opinions_accepted_rate": 600,
    "year_end_villages": 2, "year_end_villages_rate": 250,  # of 8 villages
    "village_conventions": 3, "village_conventions/amended": 2, "village_conventions/abolished": 0,
    "people_money": 4_000_000, "people_days": 12, "people_land_m2": 1505,
    "inspection_board_activities": 2, "inspection_board_recommendations": 4, "inspection_board_recommendations_done": 3,
    "inspection_board_recommendations_rate": 750, "community_supervisions": 1, "community_supervision_faults": 2,
    "staff_conferences": 3, "staff_conference_units": 1, "staff_conference_units_rate": 250,  # of 4 units
    "staff_conferences_in_time": 2,
    "service_inspections": 3, "service_inspections/periodic": 2, "service_inspection_units": 2,
    "service_inspection_violations": 3, "service_inspection_handled": 2,
    "discipline_cases": 3, "discipline_cases_by_category": 3,
    "discipline_cases/reprimand": 2, "discipline_cases_by_category/civil_servant": 2,
    "mediation_received": 8, "mediation_succeeded": 5, "mediation_ended": 6, "mediation_rate": 833, "mediation_open": 2,
    # 6
    "leader_reception_days": 6,  # 2, 9, 16, 23 April; 5, 12 March
    "leader_reception_months": 1, "reception_days_by_host": 6, "reception_days_by_host/chair": 5,
    "visit_days_head": 7, "visit_days_delegated": 1,
    "reception_days_by_host/deputy": 1, "reception_conclusions": 2, "large_group_cases": 1, "business_dialogues": 1,
    "voter_opinions": 4, "voter_opinions_answered": 2, "voter_opinions_answered_rate": 500, "voter_opinions_beyond": 1,
    "attitude_feedback": 2, "attitude_feedback/attitude": 1, "attitude_feedback_answered": 1,
    "attitude_feedback_rate": 500, "feedback_by_channel": 3, "feedback_by_channel/portal": 2,
    "channel_feedback_answered": 1,
    "channel_feedback_rate": 333, "joint_inspections": 1,
    # 7
    "leader_visits": 4, "leader_visits/village": 1, "leader_visit_attendees": 51, "leader_promises": 2,
    "leader_promises_done": 1, "dignitary_meetings": 2, "dignitary_meeting_attendees": 11,
    "training_classes": 2, "training_participants": 75, "training_sent": 1, "training_sent_participants": 4,
    "training_needs": 12, "situation_channels": 3, "situations_from_networks": 2,
    "situations_from_networks_rate": 500, "situations_by_channel/grassroots": 1,
    # 8: a programme that ends on the first day of the window still runs in it, one that ended the day before does not
    "programmes_active": 2, "programmes_signed": 1, "programme_contents": 10, "programme_contents_done": 6,
    "programme_contents_done_rate": 600, "clearance_projects": 2, "clearance_households": 100,
    "clearance_households_agreed": 60, "clearance_households_agreed_rate": 600, "clearance_households_handed_over": 30,
    "clearance_households_handed_over_rate": 300, "clearance_households_resettled": 8, "clearance_area_m2": 135000,
    "clearance_compensation": 3_250_000_000, "clearance_campaigns": 6, "clearance_coerced": 1,
    "voter_meetings": 2, "voter_meetings/commune": 1, "voter_meeting_attendees": 125,
    "funds_raised": 145_500_000, "funds_raised/housing": 100_000_000, "houses_supported": 3,
}  # fmt: skip

DEPARTMENT_RECORDS: tuple[Entry, ...] = (
    ("internal_disclosure", {"topic": "finance", "title": "a", "decided_on": "2026-03-02", "published_on": "2026-03-09",
                             "forms": ["posting"], "posted_from": "2026-03-09", "posted_to": "2026-03-29"}),
    ("internal_disclosure", {"topic": "work_plan", "title": "b", "decided_on": "2026-03-02",
                             "published_on": "2026-03-10", "forms": ["letter"], "posted_from": "2026-03-10",
                             "posted_to": "2026-03-29"}),
    ("internal_disclosure", {"topic": "personnel", "title": "c", "decided_on": "2026-03-02"}),
    reception("2026-03-12", "agency_head"), reception("2026-04-16", "agency_head"), reception("2026-04-17", "deputy"),
)  # fmt: skip

DEPARTMENT_EXPECTED = {
    "internal_disclosures": 3, "internal_disclosures/finance": 1, "internal_disclosures_published": 2,
    "internal_disclosures_published_rate": 667, "internal_disclosures_on_time": 1,
    "internal_disclosures_on_time_rate": 500, "internal_disclosures_posted": 2,
    "internal_disclosures_posted_in_full": 1, "leader_reception_days": 3, "head_reception_months": 2,
}  # fmt: skip


def figures(home: Any, kind: str, regime: str, entries: tuple[Entry, ...]) -> dict[str, Figure]:
    agencies = tuple(Place(f"Đơn vị {n}", id=item) for n, item in enumerate(UNITS, 1))
    villages = tuple(Place(f"Thôn {n}", id=item) for n, item in enumerate(VILLAGES, 1))
    what = profile(kind, agencies=agencies, villages=villages if kind == "commune_hub" else ())
    office = make(home, FixedClock(parse_stamp("2026-05-28T01:00:00Z")), what)
    with office.context.store.unit() as uow:
        for form, values in entries:
            office.records.save_in(uow, form, RecordInput(UNITS[0], values), final=True)
    found = {item.key: item for item in office.indicators.compute(regime, "2026-H1").figures}
    office.close()
    return found


@pytest.fixture(scope="module")
def commune(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Figure]]:
    yield figures(tmp_path_factory.mktemp("c") / "home", "commune_hub", "commune-to-province", RECORDS)


@pytest.fixture(scope="module")
def department(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Figure]]:
    yield figures(tmp_path_factory.mktemp("d") / "home", "department_hub", "department-to-province", DEPARTMENT_RECORDS)


@pytest.mark.parametrize("key", EXPECTED)
def test_the_commune_s_figure(commune: dict[str, Figure], key: str) -> None:
    assert (commune[key].state, commune[key].value) == ("value", EXPECTED[key])


@pytest.mark.parametrize("key", DEPARTMENT_EXPECTED)
def test_the_department_s_figure(department: dict[str, Figure], key: str) -> None:
    assert (department[key].state, department[key].value) == ("value", DEPARTMENT_EXPECTED[key])


def test_every_new_indicator_is_reckoned_here(commune: dict[str, Figure], department: dict[str, Figure]) -> None:
    forms = {form for form, _ in RECORDS} - {"citizen_reception", "situation_report", "public_disclosure",
                                             "dialogue_session", "directive_document",
                                             "citizen_feedback", "civic_work_inspection"}  # fmt: skip
    known = {
        key for key, item in catalog().indicators.items() if item.source.partition(".")[0] in forms and item.area >= 5
    }
    assert known - set(EXPECTED) - set(DEPARTMENT_EXPECTED) == set()


def test_last_year_stands_beside_it(commune: dict[str, Figure]) -> None:
    assert (commune["community_meetings"].previous, commune["meeting_households"].previous) == (1, 11)
    # what stood then is counted as of then, not as of today
    assert commune["clearance_households_agreed"].previous == 500
    assert commune["clearance_households"].previous == 560


def test_a_department_has_no_figures_of_villages(department: dict[str, Figure], commune: dict[str, Figure]) -> None:
    assert not {"community_meetings", "village_conventions", "mediation_received", "disclosures_due"} & set(department)
    assert not {"internal_disclosures", "head_reception_months"} & set(commune)
