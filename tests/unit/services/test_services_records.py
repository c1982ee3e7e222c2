"""Records through their service: drafts may be unfinished, final ones not; nothing protected stays readable."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from services_office import make

from danvan_desktop.catalog.model import Json
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery, RecordInput


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    found = make(tmp_path / "home", fixed_clock)
    yield found
    found.close()


def _unit(office: Office) -> str:
    return office.settings.load().agencies[0].id


def _survey(**changes: Json) -> dict[str, Json]:
    return {"held_on": "2026-03-25", "valid_answers": 10, "very_satisfied": 6, "satisfied": 4, **changes}


def test_a_draft_may_be_unfinished_a_final_record_not(office: Office) -> None:
    unit = _unit(office)
    unfinished = RecordInput(unit, {"held_on": "2026-03-25"})
    saved = office.records.save("satisfaction_survey", unfinished, final=False)
    assert saved.state == "draft"
    with pytest.raises(Refused) as refused:
        office.records.save("satisfaction_survey", unfinished, final=True)
    assert refused.value.code == "record_incomplete"
    assert refused.value.details["problems"][0]["field"] == "valid_answers"
    wrong = RecordInput(unit, _survey(satisfied=5))
    with pytest.raises(Refused, match="record_incomplete"):
        office.records.save("satisfaction_survey", wrong, final=True)
    assert office.records.count("satisfaction_survey", ListQuery()) == 1


def test_a_change_keeps_the_earlier_revision_and_a_stale_one_is_refused(office: Office) -> None:
    unit = _unit(office)
    first = office.records.save("satisfaction_survey", RecordInput(unit, _survey()), final=True)
    changed = RecordInput(unit, _survey(very_satisfied=5, satisfied=5))
    office.records.save(
        "satisfaction_survey", changed, final=True, record_id=first.id, expected_revision=1, why="nhập nhầm"
    )
    with pytest.raises(Refused, match="record_changed"):
        office.records.save("satisfaction_survey", changed, final=True, record_id=first.id, expected_revision=1)
    history = office.records.history(first.id)
    assert [(item.revision, item.why) for item in history] == [(1, ""), (2, "nhập nhầm")]
    office.records.restore(first.id, 1)
    assert office.records.get(first.id).values["very_satisfied"] == 6
    assert office.records.get(first.id).revision == 3


def test_the_month_before_is_looked_up_for_the_same_unit_and_field(office: Office) -> None:
    unit = _unit(office)
    month: dict[str, Json] = {
        "month": "2026-02", "field": "land", "carried_over": 0, "received_online": 5, "received_direct": 5,
        "resolved_early": 4, "resolved_on_time": 2, "resolved_late": 0, "pending_in_term": 3, "pending_overdue": 1,
    }  # fmt: skip
    office.records.save("procedure_month", RecordInput(unit, month), final=True)
    follows = {**month, "month": "2026-03", "carried_over": 3, "pending_in_term": 6}
    saved = office.records.save("procedure_month", RecordInput(unit, follows), final=True)
    assert any(item.code == "rule:carried_over_follows" for item in saved.problems)
    right = {**month, "month": "2026-03", "carried_over": 4, "pending_in_term": 7}
    checked = office.records.check(office.context.form("procedure_month"), right, unit=unit)
    assert not checked.problems


def test_legal_terms_are_derived_by_the_rule_of_the_day(office: Office) -> None:
    form = office.context.form("petition")
    base: dict[str, Json] = {
        "source": "direct",
        "kind": "complaint",
        "field": "land_housing",
        "sender": "Trần Thị Thử 09",
        "content": "Nội dung mẫu",
    }
    before = office.records.check(form, {**base, "received_on": "2026-06-30"}).values["acceptance_due"]
    after = office.records.check(form, {**base, "received_on": "2026-07-01"}).values["acceptance_due"]
    assert (before, after) == ("2026-07-14", "2026-07-10")  # 10 working days until 30/6, 07 from 01/7


def test_the_identity_of_a_denouncer_is_nowhere_but_in_its_own_store(office: Office, tmp_path: Path) -> None:
    unit = _unit(office)
    values: dict[str, Json] = {
        "received_on": "2026-04-01", "source": "post", "kind": "denunciation", "field": "civil_service",
        "file_no": "HS-01/2026", "sender": "Người Giấu Tên Mẫu", "address": "Thôn Giấu Kín",
        "content": "Xem hồ sơ giấy",
    }  # fmt: skip
    saved = office.records.save("petition", RecordInput(unit, values), final=True)
    row = office.records.get(saved.id)
    assert "sender" not in row.values
    assert "address" not in row.values
    assert "Giấu" not in str(office.records.history(saved.id))
    assert office.records.search_all("nguoi giau ten") == []
    assert office.records.protected(saved.id) == {"sender": "Người Giấu Tên Mẫu", "address": "Thôn Giấu Kín"}
    # an edit that does not bring the protected values leaves them where they are
    office.records.save("petition", RecordInput(unit, row.values), final=True, record_id=saved.id, expected_revision=1)
    assert office.records.protected(saved.id)["sender"] == "Người Giấu Tên Mẫu"
    office.close()
    everything = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    assert "Giấu".encode() not in everything


def test_a_foreign_unit_and_unknown_field_are_refused(office: Office) -> None:
    with pytest.raises(Refused, match="unit_missing"):
        office.records.save("satisfaction_survey", RecordInput("nowhere", _survey()), final=False)
    with pytest.raises(Refused, match="unknown_field"):
        office.records.typed(office.context.form("satisfaction_survey"), {"mật khẩu": "1"})
    with pytest.raises(Refused, match="unknown_form"):
        office.context.form("no_such_form")


def _typed(office: Office, form: str, raw: dict[str, object]) -> dict[str, Json]:
    return office.records.typed(office.context.form(form), raw)


@pytest.mark.parametrize(
    ("form", "key", "value"),
    [
        ("directive_document", "direction", 12),
        ("directive_document", "number_symbol", ["a"]),
        ("directive_document", "number_symbol", 12),
        ("directive_document", "number_symbol", []),
        ("directive_document", "abstract", {}),
        ("directive_document", "abstract", "x\x00y"),
        ("directive_document", "issued_on", {"a": 1}),
        ("directive_document", "issued_on", 20260305),
        ("directive_document", "areas", [1]),
        ("directive_document", "areas", ["area_1", {"x": {}}]),
        ("directive_document", "areas", ["area_9"]),
        ("satisfaction_survey", "valid_answers", True),
        ("satisfaction_survey", "valid_answers", [5]),
        ("mobilisation_model", "effective", 1),
        ("mobilisation_model", "stages", {"stage": "registered"}),
        ("mobilisation_model", "stages", ["registered"]),
        ("mobilisation_model", "stages", [{"stage": "registered", "on": 5}]),
        ("mobilisation_model", "stages", [{"stage": "flying", "on": "2026-03-05"}]),
        ("mobilisation_model", "stages", [{"when": "2026-03-05"}]),
    ],
)
def test_a_value_of_a_wrong_shape_out_of_a_file_is_refused_by_the_name_of_its_field(
    office: Office, form: str, key: str, value: object
) -> None:
    title = office.context.form(form).field(key).title
    with pytest.raises(Refused) as refused:
        _typed(office, form, {key: value})
    assert refused.value.code == "value_invalid"
    assert refused.value.details["field"] == key
    assert title in refused.value.message


def test_a_file_holds_canonical_values_or_texts_as_typed_also_in_rows(office: Office) -> None:
    assert _typed(office, "mobilisation_model", {"land_m2": 125, "funds_people": "1.500.000 đồng"}) == {
        "land_m2": 125,
        "funds_people": 1500000,
    }
    assert _typed(office, "mobilisation_model", {"land_m2": "12,5"}) == {"land_m2": 125}
    stages = [{"stage": "Đăng ký", "on": "5/3/2026"}, {"stage": "listed", "on": "2026-03-09", "document_no": ""}, {}]
    assert _typed(office, "mobilisation_model", {"stages": stages, "goal": None}) == {
        "stages": [{"stage": "registered", "on": "2026-03-05"}, {"stage": "listed", "on": "2026-03-09"}],
        "goal": None,
    }
    assert _typed(office, "directive_document", {"areas": ["2. Tuyên truyền", "area_1"]}) == {
        "areas": ["area_1", "area_2"]
    }


def test_a_link_to_nothing_is_refused_in_a_draft_too(office: Office) -> None:
    unit = _unit(office)
    survey = office.records.save("satisfaction_survey", RecordInput(unit, _survey()), final=True)
    for form, values in (
        ("directive_document", {"lead_unit": "nowhere"}),
        ("citizen_reception", {"petition": "0192a000-0000-7000-8000-000000000099"}),
        ("citizen_reception", {"petition": survey.id}),
        ("dialogue_session", {"opinions": [{"topic": "land", "content": "Ý kiến", "unit": "nowhere"}]}),
    ):
        with pytest.raises(Refused, match="value_invalid"):
            office.records.save(form, RecordInput(unit, values), final=False)
        assert office.records.count(form, ListQuery()) == 0
    assert office.records.save("directive_document", RecordInput(unit, {"lead_unit": unit}), final=False).revision == 1
