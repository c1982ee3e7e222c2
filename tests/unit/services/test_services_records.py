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
