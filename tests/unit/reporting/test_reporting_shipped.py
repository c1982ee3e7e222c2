"""The shipped catalogue: every regime and cycle gives a clean draft, whatever was measured."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from reporting_samples import OFFICE
from test_reporting_draft import check_clean

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Indicator
from danvan_desktop.catalog.periods import due_of, parse_period, window_of
from danvan_desktop.reporting import editing
from danvan_desktop.reporting.draft import DraftInputs, PlanReference, make_draft
from danvan_desktop.reporting.figures import Measured, make_figures, split_field
from danvan_desktop.reporting.freezing import to_document
from danvan_desktop.reporting.model import freeze, thaw
from danvan_desktop.reporting.office import Signer, head_lines

CATALOG = load_shipped()
OFFICES = {
    "commune_agency": ("Trung tâm Phục vụ hành chính công", "Ủy ban nhân dân xã Vĩnh Thủy", "phòng Văn hóa - Xã hội"),
    "commune_hub": ("Ủy ban nhân dân xã Vĩnh Thủy", "Ủy ban nhân dân tỉnh Quảng Trị", "Sở Nội vụ"),
    "department_unit": ("Chi cục Kiểm lâm", "Sở Nông nghiệp và Môi trường", "phòng Tổ chức cán bộ"),
    "department_hub": ("Sở Nông nghiệp và Môi trường", "Sở Nội vụ", ""),
}
PERIODS = {"half_year": "2026-H1", "year": "2026", "range": "2026-05-01..2026-05-20", "nine_months": "2026-9M",
           "quarter": "2026-Q1", "month": "2026-05", "thematic": "2026-H1+3"}  # fmt: skip
CYCLES = [(regime.key, cycle.period_kind) for regime in CATALOG.regimes.values() for cycle in regime.cycles]


def measures(profile: str, mood: str) -> tuple[list[Indicator], dict[str, Measured]]:
    chosen = [item for item in CATALOG.indicators.values() if not item.profiles or profile in item.profiles]
    chance = random.Random(mood)
    result: dict[str, Measured] = {}
    for item in chosen:
        if mood == "nothing" or (mood == "mixed" and chance.random() < 0.3):
            continue
        if mood == "nil" or (mood == "mixed" and chance.random() < 0.3):
            result[item.key] = Measured(0, nil_confirmed=True)
            continue
        value = chance.choice([0, 1, 2, 7, 48, 1234, 987_000_000])
        parted = split_field(CATALOG, item)
        splits = {choice.key: chance.randrange(0, 9) for choice in parted.choices} if parted else {}
        result[item.key] = Measured(value, splits, rows=3)
    return chosen, result


def drafted(regime_key: str, kind: str, mood: str) -> DraftInputs:
    regime = CATALOG.regimes[regime_key]
    cycle = regime.cycle(kind)
    assert cycle is not None
    period = parse_period(PERIODS[kind])
    profile = regime.reporter_profiles[0]
    name, parent, via = OFFICES[profile]
    superior, issuer = head_lines(name, parent)
    office = replace(OFFICE, name=name, profile=profile, superior_lines=superior, issuer_lines=issuer,
                     parent_name=parent, via_name=via, drafting_unit="VHXH")  # fmt: skip
    indicators, now = measures(profile, mood)
    before = measures(profile, "before")[1]
    return DraftInputs(
        catalog=CATALOG,
        regime=regime,
        cycle=cycle,
        outline=CATALOG.outlines[cycle.outline],
        period=period,
        window=window_of(regime, period),
        office=office,
        signers=(Signer(("GIÁM ĐỐC",), "Nguyễn Văn An"),),
        figures=make_figures(CATALOG, indicators, now, before, {indicators[0].key: 10}),
        plan=PlanReference("Thực hiện công tác dân vận năm 2026", "12/KH-UBND", "2026-02-10", "UBND xã Vĩnh Thủy"),
        due_on=due_of(regime, period),
    )


@pytest.mark.parametrize("mood", ["full", "nothing", "nil", "mixed"])
@pytest.mark.parametrize(("regime", "kind"), CYCLES)
def test_every_regime_gives_a_clean_draft(regime: str, kind: str, mood: str) -> None:
    draft = make_draft(drafted(regime, kind, mood))
    check_clean(draft)
    assert draft.head.addressees
    assert all("{" not in text and text == text.strip() for text in (*draft.head.addressees, *draft.recipients))
    assert all("{" not in annex.title for annex in draft.annexes)
    assert all("{" not in section.title for section in draft.sections)
    for section in draft.sections:
        if section.manual and not section.optional:
            draft = editing.edit_section(draft, section.key, "Đã thực hiện.")
    document = to_document(draft, report_id="0190", revision=1)
    assert thaw(freeze(document)) == document
    closing = document.closing[-1].text
    assert closing.endswith("./.")
    assert not closing.endswith("../.")
    errors = [item for item in editing.problems(draft) if item.severity == "error"]
    if mood in ("full", "nil"):
        assert errors == []
    if mood == "nothing":
        assert errors


def test_there_are_the_four_regimes_of_the_plans() -> None:
    assert {"agency-to-commune", "commune-to-province", "unit-to-department", "department-to-province"} <= set(
        CATALOG.regimes
    )
