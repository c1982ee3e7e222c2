"""The shipped catalogue: whole, consistent with the two seed plans and the law it encodes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Catalog, IndicatorKind, Privacy, ValueType
from danvan_desktop.catalog.periods import cycle_of, due_of, parse_period, period_key, window_of
from danvan_desktop.catalog.read_texts import figures_of
from danvan_desktop.catalog.terms import monthly_minimum, term_on
from danvan_desktop.kernel.errors import UsageError

AREAS_1_TO_4 = {
    "directive_document": 1, "communication_activity": 2, "mobilisation_model": 3, "procedure_month": 4,
    "declared_figure": 1,
    "satisfaction_survey": 4, "implementation_meeting": 1, "civic_work_inspection": 1, "responsibility_assignment": 1,
    "media_item": 2, "commendation": 3, "citizen_feedback": 4, "reform_task": 4, "organisation_change": 4,
    "context_figure": 4,
}  # fmt: skip
AREAS_5_TO_8 = {
    "public_disclosure": 5, "community_meeting": 5, "village_convention": 5, "internal_disclosure": 5,
    "public_service_inspection": 5, "discipline_case": 5, "supervision_board_activity": 5, "staff_conference": 5,
    "mediation_month": 5, "citizen_reception": 6, "petition": 6, "dialogue_session": 6, "reception_day": 6,
    "voter_meeting": 6, "situation_report": 7, "training_class": 7, "grassroots_visit": 7, "social_supervision": 8,
    "coordination_programme": 8, "site_clearance_project": 8, "fund_mobilisation": 8,
}  # fmt: skip
FORMS = AREAS_1_TO_4 | AREAS_5_TO_8


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_shipped()


def test_the_forms_and_eight_areas_are_there(catalog: Catalog) -> None:
    assert {key: form.area for key, form in catalog.forms.items()} == FORMS
    assert [area.number for area in catalog.areas] == list(range(1, 9))
    assert [form.area for form in catalog.forms.values()] == sorted(FORMS.values())


def test_the_same_files_give_the_same_hash(catalog: Catalog) -> None:
    assert load_shipped().hash == catalog.hash
    assert len(catalog.hash) == 64


def test_rows_travel_only_for_the_forms_of_the_design(catalog: Catalog) -> None:
    shared = {key for key, form in catalog.forms.items() if form.share_rows}
    assert shared == {
        "directive_document", "mobilisation_model", "commendation", "public_disclosure", "dialogue_session",
    }  # fmt: skip


def test_no_free_text_of_areas_6_and_7_is_open_when_long(catalog: Catalog) -> None:
    fields = [f for a in (6, 7) for form in catalog.forms_of(a) for f in form.fields]
    long_texts = [f for field in fields for f in (field, *field.columns) if f.type is ValueType.LONG_TEXT]
    assert len(long_texts) >= 5
    assert {f.privacy for f in long_texts} == {Privacy.PERSONAL}


def test_public_disclosure_has_the_14_items_and_10_forms_of_the_law(catalog: Catalog) -> None:
    form = catalog.forms["public_disclosure"]
    assert len(form.field("item").choices) == 14
    assert len(form.field("forms").choices) == 10


def test_enough_indicators_with_stable_distinct_hashes(catalog: Catalog) -> None:
    assert len(catalog.indicators) >= 40
    hashes = {item.definition_hash for item in catalog.indicators.values()}
    assert len(hashes) == len(catalog.indicators)
    assert {item.kind for item in catalog.indicators.values()} == set(IndicatorKind)
    assert all(item.code.startswith(f"{item.area or 'C'}.") for item in catalog.indicators.values())
    codes = [item.code for item in catalog.indicators.values()]
    assert len(codes) == len(set(codes))


def test_every_area_has_indicators_and_a_results_section(catalog: Catalog) -> None:
    assert {item.area for item in catalog.indicators.values()} == set(range(9))  # 0: the context block
    for outline in catalog.outlines.values():
        assert {s.area for s in outline.sections if s.key.startswith("results_area")} == set(range(1, 9))
        assert outline.closing.endswith("./.")
        assert len(outline.annexes) >= 2


def test_every_area_says_something_when_there_is_nothing(catalog: Catalog) -> None:
    sections = {s.key: s for outline in catalog.outlines.values() for s in outline.sections}
    silent = [s.key for s in sections.values() if s.area and not s.manual and all(t.when != "nil" for t in s.sentences)]
    assert silent == []


def test_sentences_require_what_they_print_or_less(catalog: Catalog) -> None:
    for outline in catalog.outlines.values():
        for section in outline.sections:
            for sentence in section.sentences:
                if sentence.when == "any":
                    printed = {figure.partition("/")[0] for figure in figures_of(sentence.text)}
                    assert {figure.partition("/")[0] for figure in sentence.requires} <= printed, sentence.key


@pytest.mark.parametrize(
    ("regime", "half", "year"),
    [
        ("agency-to-commune", date(2026, 5, 31), date(2026, 10, 31)),
        ("commune-to-province", date(2026, 6, 4), date(2026, 11, 4)),
        ("unit-to-department", date(2026, 5, 19), date(2026, 11, 24)),
        ("department-to-province", None, None),
    ],
)
def test_windows_and_due_dates_are_those_of_the_seeds(
    catalog: Catalog, regime: str, half: date | None, year: date | None
) -> None:
    rule = catalog.regimes[regime]
    first_half, whole = parse_period("2026-H1"), parse_period("2026")
    assert due_of(rule, first_half) == half
    assert due_of(rule, whole) == year
    window = window_of(rule, first_half)
    assert (window.first, window.last) == (date(2025, 10, 16), date(2026, 5, 15))
    assert window_of(rule, whole).last == date(2026, 10, 15)


def test_every_office_has_all_kinds_of_report(catalog: Catalog) -> None:
    kinds = {"half_year", "year", "nine_months", "quarter", "range", "thematic"}
    assert all({cycle.period_kind for cycle in item.cycles} == kinds for item in catalog.regimes.values())


def test_days_of_quarters_lie_three_months_apart(catalog: Catalog) -> None:
    rule = catalog.regimes["commune-to-province"]
    windows = [window_of(rule, parse_period(f"2026-Q{number}")) for number in (1, 2, 4)]
    assert [(item.first, item.last) for item in windows] == [
        (date(2025, 12, 15), date(2026, 3, 14)),
        (date(2026, 3, 15), date(2026, 6, 14)),
        (date(2026, 9, 15), date(2026, 12, 14)),
    ]
    assert due_of(rule, parse_period("2026-Q2")) is None


@pytest.mark.parametrize("key", ["2026-H1+3", "2026+1.3.8", "2026-05-01..2026-05-20~2", "2026-H1+3~3"])
def test_out_of_turn_reports_have_keys_of_their_own(catalog: Catalog, key: str) -> None:
    rule = catalog.regimes["commune-to-province"]
    period = parse_period(key)
    assert period.key == key == period_key(period.base, period.areas, period.turn)
    assert window_of(rule, period) == window_of(rule, parse_period(period.base))
    assert due_of(rule, period) is None
    assert period.title.startswith(f"{period.words} (")
    cycle = cycle_of(rule, period)
    assert cycle is not None
    assert cycle.period_kind == ("thematic" if period.areas else "range")


@pytest.mark.parametrize("key", ["2026-H1+9", "2026-H1+3.3", "2026-H1+6.3", "2026-H1~2", "2026-H1+", "2026~1", "+3"])
def test_keys_that_would_name_the_same_report_twice_are_refused(key: str) -> None:
    with pytest.raises(UsageError):
        parse_period(key)


def test_complaint_terms_follow_the_day(catalog: Catalog) -> None:
    assert term_on(catalog.terms, "complaint_acceptance", date(2026, 6, 30)).value == 10
    assert term_on(catalog.terms, "complaint_acceptance", date(2026, 7, 1)).value == 7


@pytest.mark.parametrize(
    ("conditions", "days"),
    [
        ({}, 30), ({"complex": True}, 45), ({"remote_area": True}, 45), ({"complex": True, "remote_area": True}, 60),
        ({"round": "first"}, 30), ({"round": "second"}, 45), ({"round": "second", "complex": True}, 60),
        ({"round": "second", "remote_area": True}, 60),
        ({"round": "second", "complex": True, "remote_area": True}, 70), ({"complex": None, "remote_area": False}, 30),
    ],
)  # fmt: skip
def test_complaint_resolution_by_law(catalog: Catalog, conditions: dict[str, object], days: int) -> None:
    assert term_on(catalog.terms, "complaint_resolution", date(2026, 3, 1), conditions).value == days


def test_a_term_before_its_time_is_not_known(catalog: Catalog) -> None:
    with pytest.raises(KeyError):
        term_on(catalog.terms, "complaint_acceptance", date(1999, 1, 1))


def test_reception_minimum_changes_in_july_2026(catalog: Catalog) -> None:
    assert monthly_minimum(catalog, "chair_reception", 2026, 6) == 4
    assert monthly_minimum(catalog, "chair_reception", 2026, 7) == 2


def test_calendar_against_an_independent_library(catalog: Catalog) -> None:
    holidays = pytest.importorskip("holidays")
    library = holidays.VN(years=[2025, 2026, 2027])
    marks = {mark.day: mark for mark in catalog.calendar}
    differences = set()
    day = date(2025, 1, 1)
    while day < date(2028, 1, 1):
        mark = marks.get(day)
        working = mark.working if mark else day.weekday() < 5
        if working != library.is_working_day(day):
            differences.add(day)
        day += timedelta(days=1)
    # 2 and 10 January 2026 are wrong in the library; the days after Tết 2027 are unconfirmed on both sides
    assert differences == {date(2026, 1, 2), date(2026, 1, 10), date(2027, 2, 4), date(2027, 2, 11)}
    assert not marks[date(2027, 2, 11)].confirmed


def test_the_definitions_of_indicators_stay_what_they_were(catalog: Catalog) -> None:
    """A changed definition is another number and needs another key: figures of earlier years are compared by hash."""
    pinned = json.loads((Path(__file__).parent / "data" / "definition_hashes.json").read_text(encoding="utf-8"))
    known = {key: item.definition_hash for key, item in catalog.indicators.items()}
    assert {key: known.get(key) for key in pinned} == pinned
