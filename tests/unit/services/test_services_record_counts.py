"""A day of reception counts the visits of its day, also those written down, moved or taken away later."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from services_office import make, profile

from danvan_desktop.catalog.model import Json
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput, Saved
from danvan_desktop.services.setup import Place

OFFICE, OTHER, VILLAGE = ("0192a000-0000-7000-8000-00000000000" + end for end in "123")
DAY, NEXT = "2026-04-02", "2026-04-09"


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    places = profile(
        agencies=(Place("Văn phòng", id=OFFICE), Place("Phòng khác", id=OTHER)), villages=(Place("Thôn", id=VILLAGE),)
    )
    found = make(tmp_path / "home", fixed_clock, places)
    yield found
    found.close()


def _day(office: Office, unit: str = OFFICE, **changes: Json) -> Saved:
    values: dict[str, Json] = {
        "held_on": DAY, "host": "Chủ tịch UBND xã", "host_role": "chair", "kind": "periodic", **changes
    }  # fmt: skip
    return office.records.save("reception_day", RecordInput(unit, values), final=True)


def _visit(office: Office, unit: str = OFFICE, *, final: bool = True, **changes: Json) -> Saved:
    values: dict[str, Json] = {
        "received_on": DAY, "kind": "periodic", "receiver": "Chủ tịch UBND xã", "people": 3,
        "petition_kind": "feedback", "visitor": "Nguyễn Thị Mẫu 01", "content": "Phản ánh",
        "first_time": "first", **changes,
    }  # fmt: skip
    return office.records.save("citizen_reception", RecordInput(unit, values), final=final)


def _visitors(office: Office, day: Saved) -> Json:
    return office.records.get(day.id).values.get("visitors")


def test_a_day_without_visitors_stands_with_0(office: Office) -> None:
    assert _visitors(office, _day(office)) == 0


def test_visits_of_the_unit_the_day_and_the_kind_are_counted(office: Office) -> None:
    _visit(office)
    _visit(office)
    _visit(office, kind="regular")
    _visit(office, kind="delegated")
    _visit(office, received_on=NEXT)
    _visit(office, unit=OTHER)
    _visit(office, final=False)
    assert _visitors(office, _day(office)) == 2
    assert _visitors(office, _day(office, host_role="deputy", host="Phó Chủ tịch")) == 1
    assert _visitors(office, _day(office, unit=OTHER)) == 1


def test_a_visit_written_down_later_is_counted_and_history_tells(office: Office) -> None:
    day = _day(office)
    saved = _visit(office)
    assert _visitors(office, day) == 1
    assert saved.changes.kinds == {"record:citizen_reception", "record:reception_day"}
    assert day.id in saved.changes.ids
    history = office.records.history(day.id)
    assert [(item.revision, item.why) for item in history] == [(1, ""), (2, "Đếm lại từ các bản ghi liên quan")]
    unrelated = _visit(office, kind="regular")
    assert unrelated.changes.kinds == {"record:citizen_reception"}
    assert len(office.records.history(day.id)) == 2


def test_a_visit_moved_deleted_brought_back_moves_the_count(office: Office) -> None:
    first, second = _day(office), _day(office, held_on=NEXT)
    visit = _visit(office)
    moved = office.records.get(visit.id)
    values = {**moved.values, "received_on": NEXT}
    office.records.save("citizen_reception", RecordInput(OFFICE, values), final=True, record_id=visit.id)
    assert (_visitors(office, first), _visitors(office, second)) == (0, 1)
    office.records.delete(visit.id, "nhập nhầm")
    assert _visitors(office, second) == 0
    office.records.undelete(visit.id)
    assert _visitors(office, second) == 1
    office.records.delete(second.id, "thử")
    office.records.delete(visit.id, "thử")
    office.records.undelete(second.id)
    assert _visitors(office, second) == 0


def test_a_form_with_its_own_villages_gives_them_to_the_record(office: Office) -> None:
    values: dict[str, Json] = {"decided_on": DAY, "village": [VILLAGE], "action": "recognised"}
    saved = office.records.save("village_convention", RecordInput(OFFICE, values), final=True)
    assert office.records.get(saved.id).villages == (VILLAGE,)
    with pytest.raises(Refused, match="value_invalid"):
        office.records.save("village_convention", RecordInput(OFFICE, {**values, "village": ["x"]}), final=True)
