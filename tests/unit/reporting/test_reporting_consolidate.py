"""One source per figure; units rolled up by rule."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reporting_samples import CATALOG, INDICATORS

from danvan_desktop.catalog.model import Indicator, Rollup
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.consolidate import (
    UnitFigure,
    choose_source,
    consolidate,
    consolidate_measured,
)
from danvan_desktop.reporting.figures import Measured, blank_figure, make_figures
from danvan_desktop.reporting.model import Figure

MEETINGS = INDICATORS["meetings"]


def part(unit: str, indicator: Indicator, value: int | None, state: str = "value", **changes: object) -> UnitFigure:
    figure = replace(blank_figure(CATALOG, indicator), value=value, state=state, source="report", **changes)  # type: ignore[arg-type]  # test builder
    return UnitFigure(unit, figure, "report")


def test_the_first_source_that_has_data_is_taken_and_nothing_added() -> None:
    blank = blank_figure(CATALOG, MEETINGS)
    report = replace(blank, value=3, state="value")
    records = replace(blank, value=5, state="value")
    assert choose_source({"records": records, "report": report}) == ("report", replace(report, source="report"))
    assert choose_source({"report": None, "records": records})[0] == "records"
    assert choose_source({"records": blank, "declared": report})[0] == "declared"
    assert choose_source({"report": blank, "records": records})[0] == "report"
    assert choose_source({"records": blank}) == ("records", replace(blank, source="missing"))
    assert choose_source({}) == ("missing", None)


def test_a_person_may_switch_to_a_source_that_has_something() -> None:
    figure = replace(blank_figure(CATALOG, MEETINGS), value=5, state="value")
    assert choose_source({"report": figure, "records": figure}, "records")[0] == "records"
    with pytest.raises(Refused, match="source_empty"):
        choose_source({"report": figure}, "records")
    with pytest.raises(Refused, match="source_unknown"):
        choose_source({"report": figure}, "rumour")


def test_sums_count_nil_as_zero_and_name_who_is_missing() -> None:
    total = consolidate(
        MEETINGS,
        [
            part("a", MEETINGS, 3, previous=2),
            part("b", MEETINGS, None, "nil", previous=1),
            part("c", MEETINGS, None, "no_data"),
            UnitFigure("d", None),
        ],
    )
    assert (total.value, total.state, total.previous, total.source) == (3, "value", 3, "report")
    assert total.missing_units == ("c", "d")
    assert total.figure(blank_figure(CATALOG, MEETINGS)).value == 3


def test_only_nil_is_nil_and_nothing_is_no_data() -> None:
    assert consolidate(MEETINGS, [part("a", MEETINGS, None, "nil")]).state == "nil"
    assert consolidate(MEETINGS, [UnitFigure("a", None)]).state == "no_data"
    assert consolidate(MEETINGS, []).source == "missing"


def test_another_definition_is_flagged_never_added() -> None:
    total = consolidate(MEETINGS, [part("a", MEETINGS, 3), part("b", MEETINGS, 100, definition_hash="other")])
    assert (total.value, total.flagged_hash_mismatch, total.missing_units) == (3, ("b",), ())


def test_ratios_are_weighted_never_averaged() -> None:
    rate = INDICATORS["rate"]
    parts = [
        part("a", rate, 1000, numerator=1, denominator=1),
        part("b", rate, 500, numerator=49, denominator=98),
        part("c", rate, None, "undefined", numerator=0, denominator=0),
    ]
    total = consolidate(rate, parts)
    assert (total.value, total.numerator, total.denominator, total.state) == (505, 50, 99, "value")
    assert consolidate(rate, parts[2:]).state == "undefined"


def test_latest_and_none() -> None:
    points = INDICATORS["points"]
    early, late = part("a", points, 80), part("b", points, 91)
    total = consolidate(points, [replace(late, as_of="2026-05-01"), replace(early, as_of="2026-04-01")])
    assert total.value == 91
    persons = INDICATORS["persons"]
    assert persons.rollup is Rollup.NONE
    assert consolidate(persons, [part("a", persons, 5), part("b", persons, 6)]).state == "undefined"
    alone = consolidate(persons, [part("a", persons, 5), part("b", persons, None, "nil"), part("c", persons, 0)])
    assert (alone.value, alone.state) == (5, "value")
    assert consolidate(persons, [part("a", persons, None, "nil")]).state == "nil"
    assert consolidate(persons, [part("a", persons, 5), part("b", persons, None, "undefined")]).state == "undefined"


def test_own_records_and_reports_become_one_measure_with_its_splits() -> None:
    papers = INDICATORS["papers"]
    sent: dict[str, Figure] = {
        item.key: item
        for item in make_figures(CATALOG, [papers], {"papers": Measured(4, {"plan": 1, "letter": 3}, rows=4)})
    }
    measured, total = consolidate_measured(
        papers,
        Measured(2, {"plan": 2}, rows=2),
        [UnitFigure.from_figures("a", papers, sent), UnitFigure.from_figures("b", papers, {})],
    )
    assert (measured.value, dict(measured.splits), measured.source) == (6, {"letter": 3, "plan": 3}, "mixed")
    assert total.missing_units == ("b",)
    made = {item.key: item.value for item in make_figures(CATALOG, [papers], {"papers": measured})}
    assert made == {"papers": 6, "papers/plan": 3, "papers/letter": 3}


def test_without_own_records_the_reports_stand_alone() -> None:
    sent = {item.key: item for item in make_figures(CATALOG, [MEETINGS], {"meetings": Measured(4, rows=4)})}
    measured, _ = consolidate_measured(MEETINGS, Measured(0), [UnitFigure.from_figures("a", MEETINGS, sent)])
    assert (measured.value, measured.source, measured.state) == (4, "report", "value")
    alone, _ = consolidate_measured(MEETINGS, Measured(0), [])
    assert alone.state == "no_data"
    nil, _ = consolidate_measured(MEETINGS, Measured(0, nil_confirmed=True), [])
    assert nil.state == "nil"
