"""What the report page asks of the services: choices, sections, savings beside others, numbers without data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from services_office import make

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services import preview, report_desk, report_figures
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput

REGIME, PERIOD = "commune-to-province", "2026-H1"
AREA = "results_area_8"


@pytest.fixture
def office(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Office]:
    made = make(tmp_path / "home", fixed_clock)
    yield made
    made.close()


def supervise(office: Office, subject: str) -> str:
    unit = office.settings.load().agencies[0].id
    form = office.context.catalog.forms["social_supervision"]
    values = {
        "held_on": "2026-04-01",
        "body": form.field("body").choices[0].key,
        "kind": form.field("kind").choices[0].key,
        "subject": subject,
    }
    return office.records.save(form.key, RecordInput(unit, values), final=True).id


def test_the_next_due_report_is_offered_first_and_what_stands_is_said(office: Office) -> None:
    first = report_desk.choices(office)[0]
    assert (first.period, first.due_on, first.stands) == (PERIOD, date(2026, 6, 4), "")
    assert (first.first, first.last) == (date(2025, 10, 16), date(2026, 5, 15))
    report_id, _ = office.reports.make(REGIME, PERIOD)
    found = next(item for item in report_desk.choices(office) if item.period == PERIOD)
    assert (found.stands, found.id) == ("draft", report_id)
    assert report_desk.free_regimes(office) == ((REGIME, office.context.catalog.regimes[REGIME].title),)


def test_an_overdue_report_comes_before_the_next_due(office: Office, fixed_clock: FixedClock) -> None:
    fixed_clock.set_local(date(2026, 11, 28))
    order = [item.period for item in report_desk.choices(office)]
    assert order[:3] == ["2026", "2027-H1", "2027"]
    assert order.index(PERIOD) < order.index("2025")  # what is long past: the latest first


def test_spans_are_the_numbers_of_the_text(office: Office) -> None:
    supervise(office, "Quy hoạch")
    report_id, _ = office.reports.make(REGIME, PERIOD)
    sheet = report_desk.open_report(office, report_id).sheet(AREA)
    assert sheet is not None
    assert sheet.spans
    figures = {item.key: item for item in office.reports.view(report_id).document.figures}
    for span in sheet.spans:
        assert sheet.text[span.start : span.end].strip() == sheet.text[span.start : span.end] != ""
        assert span.state == figures[span.figure].state
    first = sheet.spans[0]
    assert sheet.text[first.start : first.end] == "01"


def test_a_saving_beside_another_stays_and_one_over_another_is_refused(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    seen = report_desk.open_report(office, report_id)
    sheet = seen.sheet("assessment_strengths")
    assert sheet is not None
    office.reports.edit(report_id, "assessment_causes", "Của người khác.")
    after, _ = report_desk.save_section(
        office, report_id, sheet.key, "Của tôi.", known=sheet.text, base=sheet.base, version=seen.view.version
    )
    texts = {item.key: item.text for item in after.sheets}
    assert (texts["assessment_strengths"], texts["assessment_causes"]) == ("Của tôi.", "Của người khác.")
    with pytest.raises(Refused) as refused:
        report_desk.save_section(
            office, report_id, sheet.key, "Lần nữa.", known=sheet.text, base=sheet.base, version=seen.view.version
        )
    assert refused.value.code == "report_changed"


def test_nil_is_confirmed_for_the_form_without_records_else_for_the_indicator(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    figures = office.reports.view(report_id).document.figures
    mine = [item.key for item in figures if item.state == "no_data" and item.split is None]
    catalog = office.context.catalog
    count = next(key for key in mine if catalog.indicators[key].source == "social_supervision")
    title = catalog.forms["social_supervision"].title
    assert report_figures.nil_question(office, report_id, count) == f"biểu “{title}”"
    confirmed, changes = report_figures.confirm_nil(office, report_id, count)
    assert confirmed == f"biểu “{title}”"
    assert changes.touches("nil")
    assert changes.touches("report")
    figure = office.reports.view(report_id).document.figure(count)
    assert figure is not None
    assert figure.state == "nil"


def test_a_figure_tells_its_records_as_they_were_counted(office: Office) -> None:
    record = supervise(office, "Quy hoạch")
    report_id, _ = office.reports.make(REGIME, PERIOD)
    sheet = report_desk.open_report(office, report_id).sheet(AREA)
    assert sheet is not None
    detail = report_figures.figure_detail(office, report_id, 1, sheet.spans[0].figure)
    assert detail.value == "01"
    assert [item.id for item in detail.records] == [record]
    assert "Quy hoạch" in detail.records[0].title
    with pytest.raises(Refused):
        report_figures.figure_detail(office, report_id, 1, "no_such_figure")


def test_counting_again_redrafts_untouched_sections_only(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    office.reports.edit(report_id, "assessment_strengths", "Lời của tôi.")
    supervise(office, "Quy hoạch")
    changed, _ = office.reports.refresh(report_id)
    assert changed
    texts = {item.key: item.text for item in report_desk.open_report(office, report_id).sheets}
    assert texts["assessment_strengths"] == "Lời của tôi."
    assert "01 cuộc" in texts[AREA]
    assert office.reports.refresh(report_id)[0] == ()


def test_acts_follow_the_state(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    assert {"edit", "refresh", "submit", "approve"} <= report_desk.open_report(office, report_id).acts
    office.reports.submit(report_id)
    acts = report_desk.open_report(office, report_id).acts
    assert "send_back" in acts
    assert "submit" not in acts
    with pytest.raises(Refused) as refused:
        report_figures.next_number(office, report_id)
    assert refused.value.code == "report_not_frozen"


def test_pages_come_as_wide_as_asked(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    paper = preview.paper(office.reports.view(report_id))
    assert paper.pages >= 2
    assert paper.key_pages["results_area_1"] >= 0
    picture = preview.page_picture(paper.pdf, 0, 600)
    assert abs(picture.width - 600) < 30
    assert len(picture.pixels) == picture.width * picture.height * 3


def test_reports_out_of_turn_stand_beside_the_regular_one(office: Office) -> None:
    supervise(office, "Quy hoạch")
    regular, _ = office.reports.make(REGIME, PERIOD)
    thematic, _ = office.reports.make(REGIME, "2026-H1+8")
    assert thematic != regular
    view = office.reports.view(thematic)
    assert view.draft is not None
    areas = [item.key for item in view.draft.sections if item.key.startswith("results_area")]
    assert areas == [AREA]
    indicators = office.context.catalog.indicators
    assert {indicators[item.indicator].area for item in view.draft.figures} <= {8, None}
    assert {item.key for item in view.draft.annexes} <= {"summary"}
    assert view.document.head.abstract.startswith("Chuyên đề phối hợp với")
    assert "6 tháng đầu năm 2026" in view.document.head.abstract
    ad_hoc = [office.reports.make(REGIME, f"2026-05-01..2026-05-20{turn}")[0] for turn in ("", "~2")]
    assert len({regular, thematic, *ad_hoc}) == 4
    due = {item.key: item.state for item in office.due.home().due if item.kind == "report"}
    assert due[f"{REGIME}|{PERIOD}"] == "draft"
    assert not any("+" in key or ".." in key for key in due)  # their last day stands in the request
    titles = [item.period_title for item in report_desk.heads(office)]
    assert "6 tháng đầu năm 2026 (chuyên đề: nhóm nhiệm vụ 8)" in titles


def test_an_annual_report_may_say_what_is_expected_of_the_rest_of_the_year(
    office: Office, fixed_clock: FixedClock
) -> None:
    key = "supervisions"
    supervise(office, "Quy hoạch")
    half, _ = office.reports.make(REGIME, PERIOD)
    with pytest.raises(Refused) as refused:
        office.reports.estimate(half, key, "3")
    assert refused.value.code == "not_estimated"
    report_id, _ = office.reports.make(REGIME, "2026")
    office.reports.estimate(report_id, key, "3")
    draft = office.reports.view(report_id).draft
    assert draft is not None
    figure = draft.figure(key)
    assert figure is not None
    assert (figure.value, figure.estimate) == (4, True)
    assert "ước 04" in "\n".join(item.text for item in report_desk.sheets(office.reports.view(report_id)))
    assert figure.footnote == "đã thực hiện 1 tính đến ngày 15/10/2026, ước thêm 3 đến ngày 31/12/2026"
    supervise(office, "Đầu tư công")  # counted again, the rest stays as typed
    office.reports.refresh(report_id)
    detail = report_figures.figure_detail(office, report_id, 1, key)
    assert (detail.value, detail.may_estimate, detail.expected) == ("ước 05", True, "3")
    office.reports.estimate(report_id, key, "0")
    detail = report_figures.figure_detail(office, report_id, 1, key)
    assert (detail.value, detail.expected) == ("02", "")
    for wrong in ("-1", "nhiều", "1,5"):
        with pytest.raises(Refused):
            office.reports.estimate(report_id, key, wrong)


def test_the_best_models_and_dialogues_are_proposed_by_name(office: Office) -> None:
    unit = office.settings.load().agencies[0].id
    dialogue = office.context.catalog.forms["dialogue_session"]
    for day, people in (("2026-03-02", 40), ("2026-04-05", 120), ("2026-04-20", 80)):
        values: dict[str, Any] = {"held_on": day, "kind": "periodic", "chair": "Chủ tịch UBND xã", "attendees": people}
        office.records.save(dialogue.key, RecordInput(unit, values), final=True)
    report_id, _ = office.reports.make(REGIME, PERIOD)
    sheet = next(item for item in report_desk.sheets(office.reports.view(report_id)) if item.key == "results_area_6")
    line = next(line for line in sheet.text.split("\n") if line.startswith("Trong các cuộc đối thoại có:"))
    assert line == (
        "Trong các cuộc đối thoại có: cuộc ngày 05/04/2026 do Chủ tịch UBND xã chủ trì, 120 lượt người dự; "
        "cuộc ngày 20/04/2026 do Chủ tịch UBND xã chủ trì, 80 lượt người dự."
    )
    office.reports.edit(report_id, sheet.key, sheet.text.replace(line, "").replace("\n\n", "\n"))
    office.reports.refresh(report_id)  # what the officer took out stays out
    sheet = next(item for item in report_desk.sheets(office.reports.view(report_id)) if item.key == sheet.key)
    assert "Trong các cuộc đối thoại có" not in sheet.text
