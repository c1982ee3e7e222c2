"""Every indicator is printed in the reports of the offices it concerns, or its absence is said in the data."""

from __future__ import annotations

import pytest

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Catalog, IndicatorKind, Outline
from danvan_desktop.catalog.read_texts import figures_of

PROFILES = ("commune_agency", "commune_hub", "department_unit", "department_hub")
# the rows of DOMAIN 8.4, the context block last; what one row names is in several indicators (1.01a, 1.01b …)
ROWS = {1: 13, 2: 12, 3: 13, 4: 17, 5: 18, 6: 18, 7: 8, 8: 10}


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_shipped()


def printed_by(outline: Outline, catalog: Catalog, profile: str) -> set[str]:
    """The indicators whose number some sentence or annex of an outline shows to an office of the profile."""
    found: set[str] = set()
    for section in outline.sections:
        for sentence in section.sentences:
            places = {key.partition("/")[0] for key in figures_of(sentence.text)}
            concerned = all(catalog.indicators[key].concerns(profile) for key in {*places, *sentence.requires} if key)
            if concerned and (not section.profiles or profile in section.profiles):
                found |= places
    for annex in outline.annexes:
        found |= {key.partition("/")[0] for key in annex.indicators}
    return found


@pytest.mark.parametrize("profile", PROFILES)
def test_every_indicator_is_printed_for_the_offices_it_concerns(catalog: Catalog, profile: str) -> None:
    for regime in catalog.regimes.values():
        if profile not in regime.reporter_profiles:
            continue
        for cycle in regime.cycles:
            printed = printed_by(catalog.outlines[cycle.outline], catalog, profile)
            mine = {key: item for key, item in catalog.indicators.items() if item.concerns(profile)}
            assert {key for key, item in mine.items() if not item.unprinted} - printed == set(), cycle.outline
            assert {key for key, item in mine.items() if item.unprinted} & printed == set(), cycle.outline


def test_what_is_not_printed_says_why(catalog: Catalog) -> None:
    left_out = [item for item in catalog.indicators.values() if item.unprinted]
    assert 8 <= len(left_out) <= 14
    assert all(len(item.unprinted) > 30 and item.unprinted.endswith(".") and not item.retired for item in left_out)


def test_every_row_of_the_domain_has_an_indicator(catalog: Catalog) -> None:
    codes = {item.code[:4] for item in catalog.indicators.values() if not item.retired}
    wanted = {f"{area}.{row:02d}" for area, rows in ROWS.items() for row in range(1, rows + 1)}
    assert wanted - codes == set()
    assert {f"C.{row:02d}" for row in range(1, 13)} <= codes


def test_retired_indicators_keep_their_keys_and_nothing_else(catalog: Catalog) -> None:
    retired = {key for key, item in catalog.indicators.items() if item.retired}
    assert {"units_with_plan", "feedback_received", "chair_reception_days"} <= retired
    for key in retired:
        successor = catalog.indicators[key].retired.rstrip(".").split()[-1]
        assert successor in catalog.indicators and successor not in retired, key
    for outline in catalog.outlines.values():
        for profile in PROFILES:
            assert not printed_by(outline, catalog, profile) & retired
    checked = {
        figure.partition("/")[0]
        for check in catalog.checks
        for figure in (*check.left, *check.right, *check.indicators)
    }
    parts = {
        part
        for item in catalog.indicators.values()
        if item.kind is IndicatorKind.RATIO and not item.retired
        for part in (item.numerator, item.denominator)
    }
    assert not (checked | parts) & retired


def test_feedback_about_the_service_and_by_channel_are_two_numbers(catalog: Catalog) -> None:
    service, every = catalog.indicators["service_feedback_received"], catalog.indicators["feedback_by_channel"]
    assert service.source == every.source
    assert service.filters != every.filters
    assert (service.split, every.split) == ("about", "channel")
    titles = [item.title for item in catalog.indicators.values() if not item.retired]
    # agreed programmes are asked for as guidance (1.11) and as coordination (8.01)
    assert {title for title in titles if titles.count(title) > 1} == {"Chương trình, quy chế phối hợp đang thực hiện"}
