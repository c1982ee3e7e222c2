"""The forms of areas 5 to 8: thresholds of the law, identities, what is offered to whom."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from danvan_desktop.catalog.derive import derive
from danvan_desktop.catalog.desks import desk_of, forms_for
from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Catalog, Privacy, ValueType
from danvan_desktop.catalog.privacy import privacy_of
from danvan_desktop.catalog.rules import check_record
from danvan_desktop.kernel.errors import Refused

CATALOG = load_shipped()
VILLAGE_FORMS = {"public_disclosure", "community_meeting", "village_convention", "mediation_month"}


def derived(form: str, **values: Any) -> dict[str, Any]:
    return derive(CATALOG.forms[form], values, lambda *_: None)


def found(form: str, **values: Any) -> set[tuple[str, str]]:
    return {(item.code, str(item.severity)) for item in check_record(CATALOG.forms[form], values)}


def meeting(**changes: Any) -> dict[str, Any]:
    return {"held_on": "2026-03-10", "kind": "decide", "item": "decide_1", "village": ["v"],
            "eligible_households": 90, "attended_households": 80, "votes_for": 60, **changes}  # fmt: skip


@pytest.mark.parametrize(
    ("item", "votes", "of", "passed"),
    [
        ("decide_1", 60, 90, True), ("decide_1", 59, 90, False), ("decide_2", 2, 3, True), ("decide_2", 66, 100, False),
        ("decide_3", 46, 90, True), ("decide_3", 45, 90, False), ("decide_4", 51, 100, True),
        ("decide_5", 50, 100, False), ("decide_6", 1, 1, True), ("comment_1", 90, 90, None), ("year_end", 9, 9, None),
    ],
)  # fmt: skip
def test_what_the_people_decide_passes_by_two_thirds_or_by_more_than_half(
    item: str, votes: int, of: int, passed: bool | None
) -> None:
    assert (
        derived("community_meeting", **meeting(item=item, votes_for=votes, eligible_households=of)).get("passed")
        is passed
    )
    assert "passed" not in derived("community_meeting", **meeting(item=item, votes_for=None))
    assert "passed" not in derived("community_meeting", **meeting(item=item, eligible_households=0))


@given(whole=st.integers(1, 5000), part=st.integers(0, 5000))
def test_two_thirds_are_counted_without_rounding(whole: int, part: int) -> None:
    values = derived("community_meeting", **meeting(votes_for=part, eligible_households=whole))
    assert values["passed"] is (3 * part >= 2 * whole)


def test_the_matter_of_a_meeting_fits_its_kind() -> None:
    assert found("community_meeting", **meeting()) == set()
    assert found("community_meeting", **meeting(item="comment_3")) == {("rule:decide_item", "error")}
    assert found("community_meeting", **meeting(kind="consult")) == {("rule:consult_item", "error")}
    assert found("community_meeting", **meeting(kind="consult", item="comment_9")) == set()
    assert found("community_meeting", **meeting(kind="year_end", item="other")) == {("rule:year_end_item", "error")}
    assert found("community_meeting", **meeting(kind="other", item="other")) == set()


def test_households_and_votes_stay_within_each_other() -> None:
    assert found("community_meeting", **meeting(attended_households=91)) == {("rule:attended_at_most_all", "error")}
    assert ("rule:votes_at_most_attended", "error") in found("community_meeting", **meeting(votes_for=81))
    assert found("community_meeting", **meeting(votes_for=None)) == {("rule:decide_votes", "warning")}
    assert ("rule:accepted_at_most_given", "error") in found(
        "community_meeting", **meeting(opinions=3, opinions_accepted=4)
    )
    assert ("required", "error") in found("community_meeting", **meeting(village=[]))


@pytest.mark.parametrize(
    ("held_on", "in_time"), [("2025-12-30", True), ("2026-03-31", True), ("2026-04-01", False), ("2026-11-30", False)]
)
def test_the_staff_conference_is_in_time_until_the_end_of_march(held_on: str, in_time: bool) -> None:
    values = derived("staff_conference", held_on=held_on, staff_total=30, attended=20, resolution_for=10)
    assert values == {"in_time": in_time, "quorum": True, "adopted": False}
    assert derived("staff_conference", held_on=held_on, staff_total=30, attended=19, resolution_for=10) == {
        "in_time": in_time, "quorum": False, "adopted": True,
    }  # fmt: skip


def test_cases_in_mediation_are_what_came_less_what_ended() -> None:
    month: dict[str, Any] = {"month": "2026-03", "received": 3, "succeeded": 2, "failed": 1}
    assert derived("mediation_month", **month) == {"open": 0}
    assert derived("mediation_month", **month, carried_over=2) == {"open": 2}
    assert found("mediation_month", **month) == set()
    assert found("mediation_month", **{**month, "failed": 2, "carried_over": 0}) == {
        ("rule:done_at_most_received", "error")
    }

    def earlier(form: str, wanted: Any) -> dict[str, Any]:
        assert (form, wanted) == ("mediation_month", {"village": ["v"], "month": "2026-02"})
        return {"open": 1}

    form = CATALOG.forms["mediation_month"]
    now = {**month, "village": ["v"], "carried_over": 2}
    assert [item.code for item in check_record(form, now, previous=earlier)] == ["rule:carried_over_is_last_month"]
    assert check_record(form, {**now, "carried_over": 1}, previous=earlier) == []


def test_visits_of_a_reception_day_are_counted_by_the_kind_of_the_day() -> None:
    form = CATALOG.forms["reception_day"]
    asked: list[Any] = []

    def counted(key: str, wanted: Any, filters: Any) -> int:
        asked.append((key, dict(wanted), [(item.field, item.op, item.value) for item in filters]))
        return 0

    day = {"held_on": "2026-04-02", "host": "Chủ tịch UBND xã", "host_role": "chair", "kind": "periodic"}
    assert derive(form, day, lambda *_: None, counted) == {"visitors": 0}  # a day on which nobody came still counts
    derive(form, {**day, "kind": "extraordinary"}, lambda *_: None, counted)
    derive(form, {**day, "host_role": "deputy"}, lambda *_: None, counted)
    assert [item[2][0][2] for item in asked] == ["periodic", "extraordinary", "delegated"]
    assert {(item[0], item[1]["received_on"]) for item in asked} == {("citizen_reception", "2026-04-02")}
    assert derive(form, day, lambda *_: None) == {}  # nobody to ask: not known
    assert derive(form, {**day, "held_on": None}, lambda *_: None, counted) == {}


def test_households_agreed_are_those_of_the_newest_line() -> None:
    lines = [
        {"row": "a", "as_of": "2026-04-30", "households_agreed": 31},
        {"row": "b", "as_of": "2026-02-28", "households_agreed": 12},
        {"row": "c", "as_of": "2026-05-30"},
    ]
    assert derived("site_clearance_project", snapshots=lines) == {"agreed_now": 31}
    values = {"started_on": "2026-01-05", "name": "Đường liên xã", "households_affected": 30, "snapshots": lines}
    assert found("site_clearance_project", **values, **derived("site_clearance_project", **values)) == {
        ("rule:agreed_at_most_affected", "error")
    }


def test_money_or_houses_must_have_been_raised() -> None:
    assert found("fund_mobilisation", held_on="2026-01-05", fund="poor") == {("rule:something_raised", "error")}
    assert found("fund_mobilisation", held_on="2026-01-05", fund="housing", houses=1) == set()


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("discipline_case", "person"), ("discipline_case", "decision_no"), ("voter_meeting", "opinions.content"),
        ("grassroots_visit", "purpose"), ("grassroots_visit", "promises.content"), ("fund_mobilisation", "from_whom"),
        ("site_clearance_project", "snapshots.difficulties"),
    ],
)  # fmt: skip
def test_what_may_name_a_person_is_personal(form: str, field: str) -> None:
    assert privacy_of(CATALOG.forms[form], field, {}) is Privacy.PERSONAL


def test_discipline_cases_show_no_text_in_reports() -> None:
    form = CATALOG.forms["discipline_case"]
    texts = [item for item in form.fields if item.type in (ValueType.TEXT, ValueType.LONG_TEXT)]
    assert texts and all(item.privacy is Privacy.PERSONAL for item in texts)


def test_departments_are_not_offered_the_forms_of_villages() -> None:
    hub = {form.key for form in forms_for(CATALOG, "commune_hub", "Ủy ban nhân dân xã Mẫu")}
    department = {form.key for form in forms_for(CATALOG, "department_hub", "Sở Mẫu")}
    assert hub >= VILLAGE_FORMS
    assert not VILLAGE_FORMS & department
    assert department - hub == {"internal_disclosure"}


def test_indicators_concern_no_office_that_lacks_their_form() -> None:
    for item in CATALOG.indicators.values():
        form = CATALOG.forms.get(item.source.partition(".")[0])
        if form is not None and form.profiles:
            assert item.profiles and set(item.profiles) <= set(form.profiles), item.key


@pytest.mark.parametrize(
    ("profile", "name", "desk", "first"),
    [
        ("commune_agency", "Văn phòng HĐND và UBND", "council_office", "citizen_reception"),
        ("commune_agency", "Trung tâm Phục vụ hành chính công xã Mẫu", "service_centre", "procedure_month"),
        ("commune_agency", "TRUNG TÂM DỊCH VỤ TỔNG HỢP", "general_centre", "media_item"),
        ("commune_agency", "Trường Tiểu học Mẫu", "agency", "directive_document"),
        ("commune_hub", "Ủy ban nhân dân xã Mẫu", "commune_hub", "directive_document"),
        ("department_unit", "Chi cục Mẫu", "department", "staff_conference"),
        ("department_hub", "Sở Nông nghiệp và Môi trường", "department", "staff_conference"),
        ("parent", "Sở Nội vụ", "parent", "directive_document"),
    ],
)
def test_what_stands_first_on_the_desk_of_an_office(profile: str, name: str, desk: str, first: str) -> None:
    found_desk = desk_of(CATALOG, profile, name)
    assert found_desk is not None and found_desk.key == desk
    offered = forms_for(CATALOG, profile, name)
    assert offered[0].key == first
    assert len({form.key for form in offered}) == len(offered)


def extended(extra: str) -> Catalog:
    return load_shipped({"forms/zz.toml": extra})


FORM = """
[[form]]
key = "zz"
title = "Z"
area = 5
event_date = "on"
[[form.field]]
key = "on"
title = "Ngày"
type = "date"
required = true
[[form.field]]
key = "n"
title = "Số"
type = "integer"
[[form.field]]
key = "c"
title = "Chọn"
type = "choice"
enum = [{ key = "a", title = "A" }, { key = "b", title = "B" }]
"""


@pytest.mark.parametrize(
    "words",
    [
        'type = "yes_no"\nderive = { kind = "share_by_case", numerator = "n", denominator = "n", cases = [] }',
        'type = "yes_no"\nderive = { kind = "share_by_case", numerator = "n", denominator = "n", '
        "cases = [{ if = [] }] }",
        'type = "yes_no"\nderive = { kind = "share_by_case", numerator = "n", denominator = "n", '
        'cases = [{ if = [], at_least = "3/2" }] }',
        'type = "yes_no"\nderive = { kind = "share_by_case", numerator = "n", denominator = "n", '
        'cases = [{ if = [], at_least = "1/2", more_than = "1/2" }] }',
        'type = "yes_no"\nderive = { kind = "share_by_case", numerator = "n", denominator = "n", '
        'cases = [{ if = [{ field = "c", op = "eq", value = "x" }], at_least = "1/2" }] }',
        'type = "integer"\nderive = { kind = "month_in", field = "on", months = [1] }',
        'type = "yes_no"\nderive = { kind = "month_in", field = "on", months = [13] }',
        'type = "yes_no"\nderive = { kind = "month_in", field = "on", months = [] }',
        'type = "integer"\nderive = { kind = "count_records", form = "nowhere", match = { received_on = "on" }, '
        "cases = [{ if = [], filters = [] }] }",
        'type = "integer"\nderive = { kind = "count_records", form = "petition", match = { kind = "c" }, '
        "cases = [{ if = [], filters = [] }] }",
        'type = "integer"\nderive = { kind = "count_records", form = "petition", match = { received_on = "on" }, '
        'cases = [{ if = [], filters = [{ field = "kind", op = "eq", value = "x" }] }] }',
        'type = "integer"\nderive = { kind = "count_records", form = "petition", match = { received_on = "n" }, '
        "cases = [{ if = [], filters = [] }] }",
    ],
)
def test_derivations_that_mean_nothing_are_refused(words: str) -> None:
    with pytest.raises(Refused, match="catalog_invalid"):
        extended(f'{FORM}[[form.field]]\nkey = "d"\ntitle = "D"\n{words}\n')


@pytest.mark.parametrize("words", ['field = "c"\nvalues = ["x"]', 'field = "n"\nvalues = ["a"]', 'field = "c"'])
def test_a_rule_about_choices_names_choices(words: str) -> None:
    with pytest.raises(Refused, match="catalog_invalid"):
        extended(f'{FORM}[[form.rule]]\nkey = "r"\nkind = "value_in"\nmessage = "M"\n{words}\n')


@pytest.mark.parametrize(
    "desk", ['profiles = ["x"]', 'first = ["nowhere"]', 'first = ["area_9"]', 'names = ["a", "a"]', "more = 1"]
)
def test_a_desk_that_names_what_is_not_there_is_refused(desk: str) -> None:
    with pytest.raises(Refused, match="catalog_invalid"):
        extended(f'[[desk]]\nkey = "d"\ntitle = "D"\n{desk}\n')


def test_forms_of_unknown_profiles_are_refused() -> None:
    with pytest.raises(Refused, match="catalog_invalid"):
        extended(FORM.replace("area = 5", 'area = 5\nprofiles = ["commune"]'))
