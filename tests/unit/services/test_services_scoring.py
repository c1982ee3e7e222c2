"""Self-scoring from the command line's side to the annual report: kept by year, printed, recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from services_office import make

from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.texts import plain_text
from danvan_desktop.services.office import Office

YEAR = 2026


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    made = make(tmp_path_factory.mktemp("scoring") / "home", FixedClock(parse_stamp("2026-10-28T01:00:00Z")))
    yield made
    made.close()


def test_points_are_kept_by_year_and_printed_in_the_annual_report(office: Office, tmp_path: Path) -> None:
    scoring = office.scoring
    assert scoring.view(YEAR).scored is None
    with pytest.raises(Refused) as refused:
        scoring.set(YEAR, "I", "9")
    assert refused.value.code == "no_scheme"
    report, _ = office.reports.make("commune-to-province", "2026")
    draft = office.reports.view(report).draft
    assert draft is not None and draft.section("assessment_scoring") is None
    assert "self_scoring" not in {item.key for item in draft.annexes}

    scoring.choose(YEAR, "can_tho_2025")
    scoring.set(YEAR, "I", "9,5", "Kế hoạch số 12/KH-UBND ngày 05/02/2026")
    scoring.set(YEAR, "II", "88", "Báo cáo số 30/BC-UBND")
    scoring.set(YEAR, "bonus", "2", "Quyết định số 5/QĐ-UBND")
    scoring.happened(YEAR, "reprimand")
    for place, text, code in (
        ("I", "10,01", "points_out_of_range"),
        ("I", "chín", "bad_number"),
        ("V", "1", "unknown_criterion"),
    ):
        with pytest.raises(Refused) as refused:
            scoring.set(YEAR, place, text)
        assert refused.value.code == code
    scoring.set(YEAR, "I", "9")  # the evidence stays
    scored = scoring.view(YEAR).scored
    assert scored is not None and scored.sheet.scores["I"].evidence.startswith("Kế hoạch số 12")
    assert (scored.verdict.total, scored.verdict.band.key, scored.verdict.warnings) == (9900, "good", ())
    assert scoring.view(YEAR - 1).schemes == ()

    office.reports.refresh(report)
    draft = office.reports.view(report).draft
    assert draft is not None
    section = draft.section("assessment_scoring")
    assert section is not None and section.title == "Tự chấm điểm, xếp loại"
    assert plain_text(section.paragraphs).startswith("Tự chấm 99/100 điểm theo Quyết định số 2579/QĐ-UBND")
    assert "không xếp “Hoàn thành xuất sắc nhiệm vụ” vì" in plain_text(section.paragraphs)
    annex = next(item for item in draft.annexes if item.key == "self_scoring")
    assert [row.cells[3] for row in annex.rows] == ["9", "88", "2", "", "99"]

    scoring.choose(YEAR, "none")
    assert scoring.view(YEAR).scored is None
    scoring.choose(YEAR, "can_tho_2025")  # what was typed under a scheme is still there
    again = scoring.view(YEAR).scored
    assert again is not None and again.verdict.total == 9900
