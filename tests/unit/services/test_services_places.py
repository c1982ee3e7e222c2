"""Villages and agencies over time: merge, rename, names of their day, filters, figures, undo."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from services_office import make, profile

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.places import dated_names
from danvan_desktop.services.records import ListQuery, RecordInput
from danvan_desktop.services.setup import Place

CLOCK = FixedClock(datetime(2026, 5, 29, 1, 0, tzinfo=UTC))
REGIME, PERIOD = "commune-to-province", "2026-H1"
FORM = "social_supervision"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    what = profile(
        agencies=(Place("Trường Mẫu A"), Place("Trường Mẫu B"), Place("Trạm Mẫu")),
        villages=(Place("Thôn Đông"), Place("Thôn Tây"), Place("Thôn Nam")),
    )
    made = make(tmp_path / "home", CLOCK, what)
    yield made
    made.close()


def agency(office: Office, name: str) -> str:
    return office.places.find("agency", name).id


def village(office: Office, name: str) -> str:
    return office.places.find("village", name).id


def supervise(office: Office, unit: str, day: str, *villages: str) -> str:
    form = office.context.catalog.forms[FORM]
    values: dict[str, Any] = {
        "held_on": day,
        "body": form.field("body").choices[0].key,
        "kind": "supervision",
        "subject": "Quy hoạch",
    }
    return office.records.save(FORM, RecordInput(unit, values, villages=villages), final=True).id


def figures(office: Office) -> dict[str, tuple[int | None, int | None]]:
    found = office.indicators.compute(REGIME, PERIOD).figures
    return {item.key: (item.value, item.previous) for item in found}


def test_a_merged_village_holds_the_records_of_its_predecessors(office: Office) -> None:
    unit = agency(office, "Trạm Mẫu")
    east, west = village(office, "Thôn Đông"), village(office, "Thôn Tây")
    supervise(office, unit, "2026-02-01", east)
    supervise(office, unit, "2026-03-01", west)
    _, changes = office.places.merge("village", [east, west], name="Thôn Đông Tây", on=date(2026, 4, 1), source="NQ 12")
    assert changes.touches("villages", "record")
    new = village(office, "Thôn Đông Tây")
    supervise(office, unit, "2026-05-01", new)
    assert office.records.count(FORM, ListQuery(village=new)) == 3
    assert office.records.count(FORM, ListQuery(village=east)) == 1
    active = [item.name for item in office.settings.load().villages if item.active]
    assert sorted(active) == ["Thôn Nam", "Thôn Đông Tây"]
    (story,) = office.places.history()
    assert story.sentence == "“Thôn Đông”, “Thôn Tây” sáp nhập thành “Thôn Đông Tây” từ ngày 01/04/2026"
    assert (story.source, story.entered) == ("NQ 12", "motnguoi ghi 29/05/2026")


def test_figures_count_what_merged_units_did_before(office: Office) -> None:
    first, second = agency(office, "Trường Mẫu A"), agency(office, "Trường Mẫu B")
    supervise(office, first, "2025-03-01")
    supervise(office, second, "2025-04-01")
    supervise(office, first, "2026-03-01")
    before = figures(office)
    assert before["supervisions"] == (1, 2)
    office.places.merge("agency", [first], into=second, on=date(2026, 4, 1))
    assert figures(office)["supervisions"] == (1, 2)
    assert office.records.count(FORM, ListQuery(unit=second)) == 3
    with office.context.store.read() as uow:
        active = [item.id for item in uow.agencies.list(active=True)]
        assert len(uow.place_events.existing("agency", active, date(2026, 3, 31))) == 3
        assert len(uow.place_events.existing("agency", active, date(2026, 4, 1))) == 2


def test_names_are_those_of_the_day(office: Office) -> None:
    unit = agency(office, "Trạm Mẫu")
    office.places.rename("agency", unit, "Trạm Y tế Mẫu", on=date(2026, 1, 10), source="QĐ 5/QĐ-UBND")
    office.places.rename("agency", unit, "Trạm Y tế xã Mẫu", on=date(2026, 3, 10))
    with office.context.store.read() as uow:
        names = dated_names(uow)
    shown = [names.on(day)[unit] for day in (date(2026, 1, 9), date(2026, 1, 10), date(2026, 3, 10), None)]
    assert shown == ["Trạm Mẫu", "Trạm Y tế Mẫu", "Trạm Y tế xã Mẫu", "Trạm Y tế xã Mẫu"]
    old = supervise(office, unit, "2025-12-01")
    supervise(office, unit, "2026-04-01")
    behind = office.figures.behind(REGIME, PERIOD, "supervisions")
    assert {line.id: line.unit for line in behind.lines}[old] == "Trạm Mẫu"
    assert {line.unit for line in behind.lines} == {"Trạm Mẫu", "Trạm Y tế xã Mẫu"}


def test_a_mistaken_merge_is_taken_back(office: Office) -> None:
    east, west = village(office, "Thôn Đông"), village(office, "Thôn Tây")
    before = office.settings.load().villages
    batch, _ = office.places.merge("village", [east, west], name="Thôn Mới", on=date(2026, 4, 1))
    office.places.undo(batch)
    assert [item for item in office.settings.load().villages if item.active] == list(before)
    (story,) = office.places.history()
    assert story.undone == "motnguoi hoàn tác 29/05/2026"
    with pytest.raises(Refused, match="not_found"):
        office.places.undo(batch)
    batch, _ = office.places.rename("village", east, "Thôn Đông Hòa", on=date(2026, 4, 1))
    office.places.undo(batch)
    assert office.places.find("village", "Thôn Đông").id == east


def test_an_undo_that_would_lose_something_is_refused(office: Office) -> None:
    unit = agency(office, "Trạm Mẫu")
    east, west, south = (village(office, name) for name in ("Thôn Đông", "Thôn Tây", "Thôn Nam"))
    first, _ = office.places.merge("village", [east, west], name="Thôn Mới", on=date(2026, 4, 1))
    new = village(office, "Thôn Mới")
    second, _ = office.places.merge("village", [south], into=new, on=date(2026, 5, 1))
    with pytest.raises(Refused, match="undo_later"):
        office.places.undo(first)
    office.places.undo(second)
    supervise(office, unit, "2026-05-02", new)
    with pytest.raises(Refused, match="place_in_use"):
        office.places.undo(first)


def test_what_cannot_be_merged_or_renamed_changes_nothing(office: Office) -> None:
    east, west = village(office, "Thôn Đông"), village(office, "Thôn Tây")
    before = office.settings.load()
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("merge_invalid", {"old_ids": [east], "name": "Thôn Mới", "on": date(2026, 4, 1)}),
        ("merge_invalid", {"old_ids": [east, west], "name": "Thôn Mới", "on": date(2026, 7, 1)}),
        ("rename_invalid", {"old_ids": [east, west], "name": " ", "on": date(2026, 4, 1)}),
        ("rename_invalid", {"old_ids": [east, west], "name": "thôn nam", "on": date(2026, 4, 1)}),
        ("not_found", {"old_ids": [east, "nobody"], "name": "Thôn Mới", "on": date(2026, 4, 1)}),
    ]
    for code, words in wrong:
        with pytest.raises(Refused, match=code):
            office.places.merge("village", **words)
    with pytest.raises(Refused, match="rename_invalid"):
        office.places.rename("village", east, "Thôn Tây", on=date(2026, 4, 1))
    office.places.rename("village", east, "Thôn Đông Hòa", on=date(2026, 4, 1))
    with pytest.raises(Refused, match="merge_invalid"):
        office.places.rename("village", east, "Thôn Khác", on=date(2026, 3, 1))  # before what is known already
    assert [item.id for item in office.settings.load().villages] == [item.id for item in before.villages]
