"""Records as a whole: rules, derived fields, privacy, JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.catalog.conditions import holds
from danvan_desktop.catalog.derive import derive, with_derived
from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Filter, Form, Json, Privacy, Severity
from danvan_desktop.catalog.privacy import masked, open_values, privacy_of, split_protected
from danvan_desktop.catalog.rules import check_record
from danvan_desktop.catalog.schema import form_schema
from danvan_desktop.catalog.terms import term_on
from danvan_desktop.catalog.values import Problem, blocks

CATALOG = load_shipped()


def form(key: str) -> Form:
    return CATALOG.forms[key]


def codes(problems: Sequence[Problem], severity: Severity | None = None) -> set[str]:
    return {p.code for p in problems if severity in (None, p.severity)}


def term_end(
    key: str,
    start: date,
    conditions: Mapping[str, Json],
    suspensions: Sequence[tuple[date, date | None]],
    extensions: Sequence[int],
) -> date | None:
    """Calendar days only: the working-day arithmetic is tested where it lives."""
    try:
        term = term_on(CATALOG.terms, key, start, conditions)
    except KeyError:
        return None
    if any(last is None for _, last in suspensions):
        return None
    stood = sum((last - first).days + 1 for first, last in suspensions if last)
    return start + timedelta(days=term.value + stood + sum(extensions))


MONTH: dict[str, Json] = {
    "month": "2026-03", "field": "land", "carried_over": 5, "received_online": 40, "received_direct": 10,
    "resolved_early": 20, "resolved_on_time": 28, "resolved_late": 1, "pending_in_term": 5, "pending_overdue": 0,
    "returned": 1, "apology_letters": 1,
}  # fmt: skip


def test_a_balanced_month_passes_and_an_unbalanced_one_does_not() -> None:
    assert check_record(form("procedure_month"), MONTH) == []
    wrong = MONTH | {"resolved_early": 21}
    assert "rule:files_balance" in codes(check_record(form("procedure_month"), wrong), Severity.ERROR)


def test_an_empty_optional_part_counts_as_nothing() -> None:
    month = {key: value for key, value in MONTH.items() if key != "returned"} | {"pending_in_term": 6}
    assert check_record(form("procedure_month"), month) == []


def test_carried_over_is_compared_with_the_month_before() -> None:
    asked: list[tuple[str, Mapping[str, Json]]] = []

    def previous(key: str, match: Mapping[str, Json]) -> Mapping[str, Json] | None:
        asked.append((key, match))
        return {"pending_in_term": 3, "pending_overdue": 1}

    january = MONTH | {"month": "2026-01"}
    found = check_record(form("procedure_month"), january, previous=previous)
    assert codes(found) == {"rule:carried_over_follows"} and not blocks(found)
    assert asked == [("procedure_month", {"field": "land", "month": "2025-12"})]
    assert check_record(form("procedure_month"), january | {"carried_over": 4, "received_online": 41},
                        previous=previous) == []  # fmt: skip
    assert check_record(form("procedure_month"), MONTH, previous=lambda key, match: None) == []


def test_late_files_want_letters_of_apology() -> None:
    found = check_record(form("procedure_month"), MONTH | {"apology_letters": 0})
    assert codes(found, Severity.WARNING) == {"rule:apology_for_each_late"}
    assert found[0].field == "apology_letters"
    assert "“Thư xin lỗi”" in found[0].message


def test_survey_parts_must_sum() -> None:
    survey: dict[str, Json] = {"held_on": "2026-03-01", "valid_answers": 10, "very_satisfied": 4, "satisfied": 5}
    assert codes(check_record(form("satisfaction_survey"), survey)) == {"rule:parts_sum"}
    assert check_record(form("satisfaction_survey"), survey | {"neutral": 1}) == []


def test_a_draft_may_be_incomplete_but_not_of_a_wrong_type() -> None:
    document = form("directive_document")
    assert not blocks(check_record(document, {}, final=False))
    assert blocks(check_record(document, {}))
    assert blocks(check_record(document, {"issued_on": "mai"}, final=False))
    broken: dict[str, Json] = {"issued_on": "2026-02-01", "due_on": "2026-01-01"}
    assert codes(check_record(document, broken, final=False), Severity.WARNING) == {"rule:due_after_issue"}
    assert "rule:due_after_issue" in codes(check_record(document, broken), Severity.ERROR)


def test_unknown_keys_are_no_problem() -> None:
    assert check_record(form("procedure_month"), MONTH | {"from_next_year": {"a": 1}}) == []


MODEL: dict[str, Json] = {
    "name": "Tuyến đường hoa", "kind": "model", "subject": "collective", "field": "culture_society",
    "registered_on": "2026-01-10", "continuing": "new", "owner": "Thôn 1",
}  # fmt: skip


def stages(*steps: tuple[str, str]) -> Json:
    return [{"row": f"r{at}", "stage": stage, "on": day} for at, (stage, day) in enumerate(steps)]


def test_stages_move_forward_in_order_and_give_the_stage() -> None:
    good = MODEL | {
        "stages": stages(("registered", "2026-01-10"), ("listed", "2026-02-01"), ("launched", "2026-02-01"))
    }
    assert check_record(form("mobilisation_model"), good) == []
    assert derive(form("mobilisation_model"), good, term_end) == {"stage": "launched"}
    assert derive(form("mobilisation_model"), MODEL, term_end) == {"stage": "registered"}


@pytest.mark.parametrize(
    ("steps", "row"),
    [
        ([("listed", "2026-01-10")], "r0"),
        ([("registered", "2026-01-10"), ("recognised", "2026-02-01")], "r1"),
        ([("registered", "2026-02-10"), ("listed", "2026-02-01")], "r1"),
    ],
)
def test_skipped_or_backward_stages_are_refused_at_their_row(steps: list[tuple[str, str]], row: str) -> None:
    (problem,) = check_record(form("mobilisation_model"), MODEL | {"stages": stages(*steps)})
    assert (problem.code, problem.row, problem.severity) == ("rule:stage_order", row, Severity.ERROR)


def test_recognition_is_told_with_level_and_day() -> None:
    found = check_record(form("mobilisation_model"), MODEL | {"recognised_on": "2026-04-01"})
    assert codes(found, Severity.ERROR) == {"rule:recognised_has_level"}


DISCLOSURE: dict[str, Json] = {
    "item": "item_7", "title": "Danh sách hỗ trợ", "decided_on": "2026-03-02", "published_on": "2026-03-05",
    "forms": ["posting", "loudspeaker"], "posted_from": "2026-03-05", "posted_to": "2026-04-04", "broadcast_days": 3,
}  # fmt: skip


def test_disclosure_wants_30_days_and_three_days_of_loudspeaker() -> None:
    disclosure = form("public_disclosure")
    assert check_record(disclosure, DISCLOSURE) == []
    assert derive(disclosure, DISCLOSURE, term_end)["posted_in_full"] is True
    short = DISCLOSURE | {"posted_to": "2026-04-03", "broadcast_days": 2}
    assert codes(check_record(disclosure, short)) == {"rule:posted_30_days", "rule:broadcast_3_days"}
    assert derive(disclosure, short, term_end)["posted_in_full"] is False
    permanent = short | {"item": "item_13", "permanent": True}
    assert check_record(disclosure, permanent) == []
    assert derive(disclosure, permanent, term_end)["posted_in_full"] is True


def test_dialogue_notice_and_results() -> None:
    session: dict[str, Json] = {"held_on": "2026-03-20", "kind": "periodic", "chair": "Chủ tịch", "attendees": 50,
                                "notice_on": "2026-03-13", "published_on": "2026-03-30"}  # fmt: skip
    assert check_record(form("dialogue_session"), session) == []
    assert derive(form("dialogue_session"), session, term_end) == {
        "noticed_in_time": True, "publication_due": "2026-03-30",
    }  # fmt: skip
    late = session | {"notice_on": "2026-03-14", "published_on": "2026-03-31"}
    assert codes(check_record(form("dialogue_session"), late)) == {"rule:notice_7_days", "rule:results_10_days"}
    assert codes(check_record(form("dialogue_session"), session | {"notice_on": "2026-03-21"}), Severity.ERROR) == {
        "rule:notice_before"
    }


PETITION: dict[str, Json] = {
    "received_on": "2026-03-02", "source": "direct", "kind": "complaint", "field": "land_housing",
    "sender": "Nguyễn Văn A", "address": "Thôn 1", "identity_no": "044123456789", "content": "Về đất đai",
    "handling": "accepted", "accepted_on": "2026-03-05", "round": "first",
}  # fmt: skip


def test_petition_terms_follow_kind_round_and_rows() -> None:
    petition = form("petition")
    assert derive(petition, PETITION, term_end) == {"acceptance_due": "2026-03-12", "resolution_due": "2026-04-04"}
    remote = PETITION | {"complex": True, "remote_area": True}
    assert derive(petition, remote, term_end)["resolution_due"] == "2026-05-04"
    longer = PETITION | {
        "extensions": [{"row": "e", "on": "2026-03-20", "days": 10}],
        "suspensions": [{"row": "s", "from": "2026-03-10", "to": "2026-03-14"}],
    }
    assert derive(petition, longer, term_end)["resolution_due"] == "2026-04-19"
    standing = PETITION | {"suspensions": [{"row": "s", "from": "2026-03-10"}]}
    assert "resolution_due" not in derive(petition, standing, term_end)
    after_july = PETITION | {"received_on": "2026-07-01", "accepted_on": "2026-07-02"}
    assert derive(petition, after_july, term_end)["acceptance_due"] == "2026-07-08"
    feedback = {"received_on": "2026-03-02", "kind": "feedback"}
    assert derive(petition, feedback, term_end) == {"resolution_due": "2026-03-12"}


def test_stale_derived_values_are_replaced() -> None:
    stale = PETITION | {"resolution_due": "1999-01-01"}
    assert with_derived(form("petition"), stale, term_end)["resolution_due"] == "2026-04-04"
    del stale["accepted_on"]
    assert "resolution_due" not in with_derived(form("petition"), stale, term_end)


def test_a_denouncer_needs_no_name_but_a_file_number() -> None:
    petition = form("petition")
    anonymous = {k: v for k, v in PETITION.items() if k not in ("sender", "address", "identity_no")}
    assert codes(check_record(petition, anonymous)) == {"required"}
    denunciation = anonymous | {"kind": "denunciation"}
    assert codes(check_record(petition, denunciation)) == {"rule:denunciation_has_file_no"}
    assert check_record(petition, denunciation | {"file_no": "TC-01/2026"}) == []


@pytest.mark.parametrize(("key", "kind", "names"), [
    ("petition", "kind", ("sender", "address", "identity_no")),
    ("citizen_reception", "petition_kind", ("visitor", "address", "identity_no")),
])  # fmt: skip
def test_denunciation_protects_the_person(key: str, kind: str, names: tuple[str, ...]) -> None:
    subject = form(key)
    values: dict[str, Json] = {kind: "denunciation", "content": "nội dung"}
    for name in names:
        values[name] = "x"
    kept, protected = split_protected(subject, values)
    assert set(protected) == set(names) and set(kept) == {kind, "content"}
    ordinary = values | {kind: "complaint"}
    assert split_protected(subject, ordinary) == (ordinary, {})
    assert privacy_of(subject, names[0], ordinary) is Privacy.PERSONAL
    assert privacy_of(subject, "identity_no", ordinary) is Privacy.SENSITIVE
    assert not set(open_values(subject, ordinary)) & {*names, "content"}


def test_what_is_not_known_is_personal() -> None:
    dialogue = form("dialogue_session")
    for name in ("note", "evidence", "invented", "opinions.content", "opinions.invented"):
        assert privacy_of(dialogue, name, {}) is Privacy.PERSONAL
    assert privacy_of(dialogue, "opinions.topic", {}) is Privacy.OPEN
    assert privacy_of(dialogue, "unit", {}) is Privacy.OPEN
    assert privacy_of(dialogue, dialogue.field("chair"), {}) is Privacy.OPEN


def test_open_values_leave_the_text_of_opinions_at_home() -> None:
    values: dict[str, Json] = {
        "held_on": "2026-03-20", "invented": "x", "note": "riêng",
        "opinions": [{"row": "1", "topic": "land", "content": "chuyện riêng", "status": "resolved"}],
    }  # fmt: skip
    assert open_values(form("dialogue_session"), values) == {
        "held_on": "2026-03-20", "opinions": [{"row": "1", "topic": "land", "status": "resolved"}],
    }  # fmt: skip


def test_masking_covers_all_but_the_end() -> None:
    assert masked("044123456789") == "•••••••••789"
    assert masked("12345") == "•••••"


def test_large_groups_are_five_or_more() -> None:
    reception = form("citizen_reception")
    assert derive(reception, {"people": 5}, term_end) == {"large_group": True}
    assert derive(reception, {"people": 4}, term_end) == {"large_group": False}
    assert derive(reception, {}, term_end) == {}


@pytest.mark.parametrize(
    ("op", "value", "stored", "result"),
    [
        ("eq", "a", "a", True), ("eq", "a", None, False), ("in", ("a", "b"), "b", True), ("not_in", ("a",), "b", True),
        ("not_in", ("a",), None, False), ("contains", "a", ["a"], True), ("contains", "a", None, False),
        ("is_set", None, 0, True), ("is_set", None, [], False), ("not_set", None, "", True), ("true", None, True, True),
        ("true", None, 1, False), ("false", None, None, True), ("false", None, True, False), ("gte", 5, 5, True),
        ("gt", 5, 5, False), ("lte", 5, 4, True), ("lt", 5, 5, False), ("lt", 5, "4", False), ("gt", 0, True, False),
        ("lt", {"field": "other"}, 5, True), ("gt", "2026-01-01", "2026-02-01", True),
    ],
)  # fmt: skip
def test_conditions(op: str, value: Any, stored: Json, result: bool) -> None:
    assert holds([Filter("f", op, value)], {"f": stored, "other": 6}) is result


ITEMS = st.one_of(st.text(max_size=2), st.dictionaries(st.text(max_size=3), st.text(max_size=3)))
ROWS = st.lists(st.fixed_dictionaries({}, optional={
    "row": st.text(max_size=2), "stage": st.sampled_from(["registered", "listed", "?"]), "days": st.integers(),
    "on": st.sampled_from(["2026-01-01", "x"]), "from": st.just("2026-01-05"), "to": st.just("2026-01-01"),
}))  # fmt: skip
JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=4), st.lists(ITEMS), ROWS,
                 st.sampled_from(["2026-01-01", "2026-01", "complaint", "denunciation"]))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_no_record_crashes_checks_derivations_or_privacy(data: st.DataObject) -> None:
    subject = data.draw(st.sampled_from(list(CATALOG.forms.values())))
    keys = [f.key for f in subject.fields]
    values: dict[str, Json] = data.draw(st.dictionaries(st.sampled_from(keys), JUNK))
    previous = partial(lambda other, key, match: other, data.draw(st.dictionaries(st.sampled_from(keys), JUNK)))
    assert all(p.message for p in check_record(subject, values, previous=previous))
    assert set(derive(subject, values, term_end)) <= {f.key for f in subject.fields if f.derive}
    kept, protected = split_protected(subject, values)
    assert kept | protected == values
    assert not set(open_values(subject, values)) & set(protected)


@pytest.mark.parametrize("key", list(CATALOG.forms))
def test_schema_lists_every_field_and_hides_what_may_not_travel(key: str) -> None:
    subject = form(key)
    schema = form_schema(subject)
    assert set(schema["properties"]) == {f.key for f in subject.fields}
    shared = form_schema(subject, open_only=True)
    assert all(subject.field(name).privacy is Privacy.OPEN for name in shared["properties"])
    assert shared["additionalProperties"] is False
    assert set(shared["required"]) <= set(shared["properties"])


def test_schema_words() -> None:
    schema = form_schema(form("dialogue_session"), open_only=True)
    assert schema["$schema"].endswith("2020-12/schema")
    assert schema["properties"]["kind"]["enum"] == ["periodic", "extraordinary", "thematic", "complaint", "business"]
    assert "content" not in schema["properties"]["opinions"]["items"]["properties"]
    assert "content" not in schema["properties"]["opinions"]["items"]["required"]
    assert schema["properties"]["publication_due"]["readOnly"] is True
    model = form_schema(form("mobilisation_model"))
    assert model["properties"]["land_m2"]["x-scale"] == 1
    assert model["properties"]["name"]["maxLength"] == 300
    assert form_schema(form("mobilisation_model"), final=False)["required"] == []
