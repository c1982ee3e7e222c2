"""Every indicator for every kind of office over one and the same half year: what the page and the command line show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from services_office import LIGHT

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.derive import with_derived
from danvan_desktop.catalog.formula_words import formula_words, rollup_words
from danvan_desktop.catalog.model import Indicator, IndicatorKind
from danvan_desktop.catalog.privacy import split_protected
from danvan_desktop.catalog.values import event_date, normalise
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.services.demo import year
from danvan_desktop.services.demo.offices import HUB_PROFILE
from danvan_desktop.services.figure_view import FigureView, figure_rows
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import create_office
from danvan_desktop.store import indicators
from danvan_desktop.store.indicator_statements import Prepared
from danvan_desktop.store.records import NewRecord

REGIMES = {
    "commune_agency": "agency-to-commune",
    "commune_hub": "commune-to-province",
    "department_unit": "unit-to-department",
    "department_hub": "department-to-province",
}
PERIOD = "2026-H1"


@cache
def entries() -> dict[str, list[NewRecord]]:
    """The year of the demonstration's commune, as rows of the store, by form."""
    made: dict[str, list[NewRecord]] = defaultdict(list)
    for entry in year.hub():
        if entry.final:
            form = catalog().forms[entry.form]
            known = with_derived(form, normalise(form, entry.data.values), lambda *_: None)
            kept, _ = split_protected(form, known)
            made[form.key].append(
                NewRecord(form.key, form.version, entry.data.unit, "final", event_date(form, known), kept,
                          entry.data.villages, (), entry.data.note)
            )  # fmt: skip
    return made


@pytest.fixture(scope="module", params=REGIMES)
def office(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock = FixedClock(parse_stamp("2026-05-28T01:00:00Z"))
    profile = replace(HUB_PROFILE, profile=request.param)
    passwords = {account.name: "x" for account in profile.accounts}
    home: Path = tmp_path_factory.mktemp(request.param) / "home"
    store, _ = create_office(home, profile, passwords, clock=clock, catalog=catalog(), kdf=LIGHT)
    made = wire(store, clock)
    with store.unit() as uow:
        for key, records in entries().items():
            uow.records.insert_many(records, catalog().forms[key], by="canbo")
        uow.targets.set("communication_sessions", 2026, 40, "Kế hoạch năm")
    yield made
    made.close()


@pytest.fixture(scope="module")
def view(office: Office) -> FigureView:
    with office.context.store.read() as uow:
        profile = office.context.office(uow).profile
    return office.figures.view(REGIMES[profile], PERIOD)


def test_every_indicator_of_the_office_is_shown_whole(office: Office, view: FigureView) -> None:
    with office.context.store.read() as uow:
        profile = office.context.office(uow).profile
    mine = {key for key, item in catalog().indicators.items() if item.concerns(profile)}
    totals = [line for line in view.lines if not line.split]
    assert {line.key for line in totals} == mine and len(totals) == len(mine)
    assert [(line.area, line.code) for line in totals] == sorted((line.area, line.code) for line in totals)
    for line in totals:
        indicator = catalog().indicators[line.key]
        assert line.unit and line.code and line.title and line.formula.endswith("."), line.key
        assert line.asked is not indicator.optional
        assert (line.now == "") == (line.state == "no_data"), line.key
        assert bool(line.source) == (line.state != "no_data"), line.key
        splits = [item for item in view.lines if item.indicator == line.key and item.split]
        assert bool(splits) == bool(indicator.split), line.key
        assert all(item.unit == line.unit and item.title for item in splits)
    counted = [line for line in totals if line.state == "value"]
    assert len(counted) > 0.6 * len(totals), "the demonstration fills most of them"
    compared = [line for line in counted if line.previous]
    assert len(compared) > 100
    assert all(line.change for line in compared), [line.key for line in compared if not line.change]


def test_the_target_of_the_plan_and_how_much_of_it_is_reached(view: FigureView) -> None:
    line = next(line for line in view.lines if line.key == "communication_sessions")
    assert line.target == "40"
    assert line.reached.endswith("%")


def test_the_command_line_shows_the_same(office: Office, view: FigureView) -> None:
    found = office.indicators.compute(view.offer.regime, PERIOD)
    rows = figure_rows(catalog(), found, {})
    assert sorted((row["key"], row["code"], row["change"], row["unit"]) for row in rows) == sorted(
        (line.key, line.code, line.change, line.unit) for line in view.lines
    )
    for row in rows:
        assert row["formula"]
        assert {"split_by", "rollup", "optional", "previous", "target", "target_reached", "source"} <= set(row)
    target = next(row for row in rows if row["key"] == "communication_sessions")
    assert (target["target"], target["split_by"]) == (40, "form")


def test_counting_again_builds_no_statement_anew(
    office: Office, view: FigureView, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page counts after every change: what an indicator asks of the database was built by the first count."""
    built: list[str] = []

    def prepare(indicator: Indicator, *_: object, **__: object) -> Prepared:
        built.append(indicator.key)
        raise AssertionError(indicator.key)

    monkeypatch.setattr(indicators, "prepare", prepare)
    assert office.indicators.compute(view.offer.regime, "2026").figures
    assert built == []


def test_the_words_of_a_formula_name_no_keys() -> None:
    for item in catalog().indicators.values():
        words = formula_words(catalog(), item)
        assert "_" not in words and "None" not in words and "{" not in words, words
        assert rollup_words(item)
        if item.kind is IndicatorKind.RATIO:
            assert "chia cho" in words
    assert formula_words(catalog(), catalog().indicators["plan_units_rate"]) == (
        "“Cơ quan, đơn vị đã ban hành kế hoạch dân vận” (1.03) chia cho số cơ quan, đơn vị đang hoạt động, nhân 100."
    )
    assert formula_words(catalog(), catalog().indicators["channel_feedback_answered"]) == (
        "Đếm bản ghi biểu “Phản ánh, kiến nghị, góp ý của người dân, tổ chức” có “Ngày nhận” trong kỳ; "
        "chỉ tính khi có ghi “Ngày trả lời”."
    )
