"""Declared figures speak last, per unit, and say so: every number here is worked out by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from services_office import make

from danvan_desktop.catalog.model import Json
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.reporting.model import Figure
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput

REGIME, PERIOD = "commune-to-province", "2026-H1"
WINDOW = ("2025-10-16", "2026-05-15")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    office = make(tmp_path_factory.mktemp("declared") / "home", FixedClock(parse_stamp("2026-05-28T01:00:00Z")))
    yield office
    office.close()


@pytest.fixture
def office(shared: Office) -> Iterator[Office]:
    yield shared
    for form in ("declared_figure", "implementation_meeting", "fund_mobilisation"):
        for row in _all(shared, form):
            shared.records.delete(row, "")


def _all(office: Office, form: str) -> list[str]:
    with office.context.store.read() as uow:
        return [row.id for row in uow.records.page(office.context.catalog.forms[form], offset=0, limit=100)]


def declare(office: Office, indicator: str, value: int | None, unit: int = 0, span: tuple[str, str] = WINDOW) -> str:
    """``value`` in hundredths, as a decimal of two digits is kept."""
    values: dict[str, Json] = {"indicator": indicator, "from": span[0], "to": span[1], "source": "BC 12"}
    values |= {"value": value} if value is not None else {"figure_state": "nil"}
    return _save(office, "declared_figure", values, unit)


def _save(office: Office, form: str, values: dict[str, Json], unit: int = 0) -> str:
    agency = office.settings.load().agencies[unit].id
    return office.records.save(form, RecordInput(agency, values), final=True).id


def meeting(office: Office, attendees: int, unit: int, day: str = "2026-02-10") -> None:
    values: dict[str, Json] = {"held_on": day, "kind": "dissemination", "content": "Quán triệt", "attendees": attendees}
    _save(office, "implementation_meeting", values, unit)


def figure(office: Office, key: str) -> Figure:
    return next(item for item in office.indicators.compute(REGIME, PERIOD).figures if item.key == key)


def test_a_declared_figure_speaks_where_nothing_else_does_and_its_record_stands_behind_it(office: Office) -> None:
    record = declare(office, "dissemination_attendees", 12_000)
    found = figure(office, "dissemination_attendees")
    assert (found.state, found.value, found.source) == ("value", 120, "declared")
    assert office.indicators.records_behind(REGIME, PERIOD, found.key) == [record]
    assert figure(office, "dissemination_meetings").state == "no_data"


def test_the_unit_s_own_records_silence_it_and_another_unit_s_do_not(office: Office) -> None:
    declare(office, "dissemination_attendees", 12_000, unit=0)
    meeting(office, 30, unit=1)
    both = figure(office, "dissemination_attendees")
    assert (both.value, both.source, both.footnote) == (150, "mixed", "trong đó có số liệu khai báo")
    meeting(office, 7, unit=0)
    records = figure(office, "dissemination_attendees")
    assert (records.value, records.source, records.footnote) == (37, "records", None)


def test_it_stands_for_the_same_period_last_year(office: Office) -> None:
    meeting(office, 40, unit=0)
    declare(office, "dissemination_attendees", 2_500, span=("2024-10-16", "2025-05-15"))
    found = figure(office, "dissemination_attendees")
    assert (found.value, found.source, found.previous) == (40, "records", 25)


def test_a_span_that_is_not_the_period_s_does_not_count(office: Office) -> None:
    declare(office, "dissemination_attendees", 9_900, span=("2025-10-15", WINDOW[1]))
    declare(office, "dissemination_attendees", 8_800, span=(WINDOW[0], "2026-05-16"))
    assert figure(office, "dissemination_attendees").state == "no_data"


def test_spans_side_by_side_are_added_and_of_those_that_overlap_the_longest_speaks(office: Office) -> None:
    declare(office, "dissemination_attendees", 1_000, span=(WINDOW[0], "2025-12-31"))
    declare(office, "dissemination_attendees", 2_000, span=("2026-01-01", WINDOW[1]))
    assert figure(office, "dissemination_attendees").value == 30
    declare(office, "dissemination_attendees", 7_700)
    assert figure(office, "dissemination_attendees").value == 77


def test_money_is_declared_in_the_unit_it_is_printed_in(office: Office) -> None:
    declare(office, "funds_raised", 1_250)
    found = figure(office, "funds_raised")
    assert (found.unit, found.value, found.scale) == ("triệu đồng", 12_500_000, 6)


def test_nothing_happened_may_be_declared_and_a_ratio_may_not(office: Office) -> None:
    declare(office, "dissemination_attendees", None)
    found = figure(office, "dissemination_attendees")
    assert (found.state, found.source) == ("nil", "declared")
    choices = office.context.catalog.forms["declared_figure"].field("indicator").choice_titles
    assert choices["dissemination_attendees"] == "1.05 Lượt người dự quán triệt, triển khai (lượt)"
    assert "dissemination_staff_rate" not in choices


def test_a_report_marks_it(office: Office, tmp_path: Path) -> None:
    declare(office, "dissemination_attendees", 12_000)
    report, _ = office.reports.make(REGIME, PERIOD)
    draft = office.reports.view(report).draft
    assert draft is not None
    summary = next(item for item in draft.annexes if item.key == "summary")
    assert summary.note.startswith("Số liệu khai báo: Lượt người dự quán triệt, triển khai.")
