"""The office's own data windows and last days (DESIGN §8.3)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from services_office import make, profile

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.periods import due_of, parse_period, window_of
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.reporting_dates import parse_day_of_year, parse_window
from danvan_desktop.services.setup import DatesSpec, read_profile

HALF, YEAR = parse_period("2026-H1"), parse_period("2026")
REGIME = "department-to-province"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock = FixedClock(parse_stamp("2026-05-20T01:00:00Z"))
    found = make(tmp_path_factory.mktemp("dates") / "home", clock, profile("department_hub", "Sở Mẫu"))
    yield found
    found.close()


def _due(office: Office, key: str = REGIME) -> tuple[date | None, date | None]:
    regime = office.context.regime(key)
    return due_of(regime, HALF), due_of(regime, YEAR)


def test_what_the_office_sets_holds_everywhere_and_after_opening_again(office: Office) -> None:
    assert _due(office) == (None, None)
    assert not [entry for entry in office.due.home().due if entry.kind == "report"]
    office.dates.save(REGIME, "half_year", last_day=(6, 10), window=((12, 15), (6, 14)))
    assert _due(office) == (date(2026, 6, 10), None)
    window = window_of(office.context.regime(REGIME), HALF)
    assert (window.first, window.last) == (date(2025, 12, 15), date(2026, 6, 14))
    assert [entry.due_on for entry in office.due.home().due if entry.kind == "report"] == [date(2026, 6, 10)]
    figures = office.indicators.compute(REGIME, "2026-H1")
    assert figures.window == window
    again = wire(office.context.store, office.context.clock)
    assert _due(again) == (date(2026, 6, 10), None)
    assert due_of(catalog().regimes[REGIME], HALF) is None  # the shipped catalogue stays what it is


def test_what_is_not_named_stays_and_the_shipped_dates_come_back(office: Office) -> None:
    office.dates.save(REGIME, "year", last_day=(11, 30))
    office.dates.save(REGIME, "year", window=((1, 1), (10, 31)))
    regime = office.context.regime(REGIME)
    assert due_of(regime, YEAR) == date(2026, 11, 30)
    assert window_of(regime, YEAR).first == date(2026, 1, 1)
    row = next(item for item in office.dates.all("department_hub") if item.period_kind == "year")
    assert (row.own, row.due_last_day, row.window) == (True, (11, 30), ((1, 1), (10, 31)))
    office.dates.save(REGIME, "year", no_last_day=True)
    assert _due(office)[1] is None
    office.dates.reset(REGIME, "year")
    assert window_of(office.context.regime(REGIME), YEAR).first == date(2025, 10, 16)
    assert not next(item for item in office.dates.all() if item.regime == REGIME and item.period_kind == "year").own


@pytest.mark.parametrize("text", ["31/6", "29/2", "5", "x/y", "0/1", "1/13", "٣/٥", "1/1/2026", ""])
def test_a_day_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="dates_invalid"):
        parse_day_of_year(text)
    with pytest.raises(Refused, match="dates_invalid"):
        parse_window(f"1/1..{text}")
    with pytest.raises(Refused, match="dates_invalid"):
        parse_window(text)


def test_wrong_cycles_and_regimes_are_refused(office: Office) -> None:
    for regime, cycle, code in ((REGIME, "month", "dates_invalid"), ("nothing", "year", "unknown_regime")):
        with pytest.raises(Refused, match=code):
            office.dates.save(regime, cycle, last_day=(6, 1))
    with pytest.raises(Refused, match="dates_invalid"):
        office.dates.save(REGIME, "year", last_day=(2, 30))


def test_before_the_first_of_june_is_shown_as_the_last_of_may(office: Office) -> None:
    shown = {(row.regime, row.period_kind): row.due_last_day for row in office.dates.all()}
    assert shown["agency-to-commune", "half_year"] == (5, 31)
    assert shown["unit-to-department", "year"] == (11, 24)


def test_the_dates_are_asked_at_set_up(tmp_path: Path, fixed_clock: FixedClock) -> None:
    asked = (DatesSpec(REGIME, "half_year", "5/6"), DatesSpec(REGIME, "year", "", "1/11..31/10"))
    office = make(tmp_path / "home", fixed_clock, profile("department_hub", "Sở Mẫu", dates=asked))
    try:
        assert _due(office) == (date(2026, 6, 5), None)
        assert window_of(office.context.regime(REGIME), YEAR).first == date(2025, 11, 1)
    finally:
        office.close()
    for wrong in (
        DatesSpec("agency-to-commune", "year", "1/6"),
        DatesSpec(REGIME, "year", "32/1"),
        DatesSpec(REGIME, "x"),
    ):
        with pytest.raises(Refused):
            make(tmp_path / "none", fixed_clock, profile("department_hub", "Sở Mẫu", dates=(wrong,)))
        assert not (tmp_path / "none").exists()


def test_a_profile_file_may_name_them() -> None:
    accounts = '[[accounts]]\nname = "a"\nroles = ["entry"]\n'
    texts = {"name": "Sở Mẫu", "short_name": "SM", "place": "Xã Mẫu", "symbol_suffix": "SM"}
    office = "".join(f"{key} = {json.dumps(value)}\n" for key, value in texts.items())
    text = (
        f'profile = "department_hub"\n[office]\nissuer_lines = ["SỞ MẪU"]\n{office}[parent]\nname = "Sở Nội vụ"\n'
        f'[[signers]]\nauthority_lines = ["GIÁM ĐỐC"]\nname = "Lê Ví Dụ"\n{accounts}'
        f'[[dates]]\nregime = "{REGIME}"\ncycle = "half_year"\nlast_day = "5/6"\n'
    )
    assert read_profile(text).dates == (DatesSpec(REGIME, "half_year", "5/6"),)
    with pytest.raises(Refused, match="profile_invalid"):
        read_profile(text + 'until = "x"\n')
