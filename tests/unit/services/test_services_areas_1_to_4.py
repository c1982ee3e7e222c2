"""Indicators of areas 1 to 4 and of the context block, each against a number worked out by hand, on a real office."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from services_office import make

from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.reporting.model import Figure
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput

REGIME, PERIOD = "commune-to-province", "2026-H1"  # 16/10/2025 to 15/5/2026
BEFORE, AFTER = "2025-10-15", "2026-05-16"

# form, values; two agencies (0, 1) and one village stand behind "unit" and "villages"
RECORDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("directive_document", {"direction": "issued", "document_type": "plan", "number_symbol": "1/KH-UBND",
                            "issued_on": "2026-02-01", "issuer": "UBND xã Mẫu", "abstract": "Kế hoạch năm", "unit": 0}),
    ("directive_document", {"direction": "issued", "document_type": "plan", "number_symbol": "2/KH-UBND",
                            "issued_on": "2026-03-01", "issuer": "UBND xã Mẫu", "abstract": "Kế hoạch đợt", "unit": 0}),
    ("directive_document", {"direction": "incoming", "document_type": "plan", "number_symbol": "450/KH-UBND",
                            "issued_on": "2026-02-03", "issuer": "UBND tỉnh", "abstract": "Kế hoạch tỉnh", "unit": 1}),
    ("implementation_meeting", {"held_on": "2026-02-10", "kind": "dissemination", "content": "Quán triệt",
                                "attendees": 80, "staff_attendees": 45, "staff_total": 50}),
    ("implementation_meeting", {"held_on": "2026-03-10", "kind": "dissemination", "content": "Triển khai",
                                "attendees": 30, "staff_attendees": 7}),
    ("implementation_meeting", {"held_on": "2026-04-10", "kind": "briefing", "content": "Giao ban", "attendees": 12}),
    ("implementation_meeting", {"held_on": "2025-12-20", "kind": "final", "content": "Tổng kết", "attendees": 40}),
    ("implementation_meeting", {"held_on": "2025-12-21", "kind": "honouring", "content": "Ra mắt", "attendees": 70}),
    ("implementation_meeting", {"held_on": BEFORE, "kind": "dissemination", "content": "Kỳ trước", "attendees": 999}),
    ("civic_work_inspection", {"held_on": "2026-04-02", "kind": "regular", "recommendations": 5,
                               "recommendations_done": 3, "units_inspected": [{"unit": "A"}, {"unit": "B"}]}),
    ("civic_work_inspection", {"held_on": "2026-05-02", "kind": "unscheduled", "recommendations": 3,
                               "units_inspected": [{"unit": "A"}]}),
    ("responsibility_assignment", {"assigned_on": "2025-07-01", "person": "Lê Mẫu An", "position": "Chủ tịch"}),
    ("responsibility_assignment", {"assigned_on": "2025-07-01", "person": "Vũ Mẫu Ba", "position": "Công chức",
                                   "until": "2026-01-31"}),
    ("responsibility_assignment", {"assigned_on": AFTER, "person": "Hồ Mẫu Tư", "position": "Công chức"}),
    ("coordination_programme", {"signed_on": "2026-02-02", "partners": ["fatherland_front"], "title": "Quy chế"}),
    ("coordination_programme", {"signed_on": "2024-02-02", "partners": ["fatherland_front"], "title": "Chương trình"}),
    ("coordination_programme", {"signed_on": "2023-02-02", "partners": ["fatherland_front"], "title": "Đã hết hạn",
                                "until": "2025-09-30"}),
    ("media_item", {"published_on": "2026-01-05", "title": "Tin 1", "channel": "portal", "topic": "good_example"}),
    ("media_item", {"published_on": "2026-01-06", "title": "Tin 2", "channel": "portal",
                    "rebuts_false_information": True}),
    ("media_item", {"published_on": "2026-01-07", "title": "Tin 3", "channel": "zalo", "reach": 200}),
    ("media_item", {"published_on": "2026-01-08", "title": "Tin 4", "channel": "facebook"}),
    ("media_item", {"published_on": "2026-01-09", "title": "Tin 5", "channel": "loudspeaker", "reach": 900}),
    ("media_item", {"published_on": AFTER, "title": "Tin 6", "channel": "press"}),
    ("commendation", {"decided_on": "2025-12-18", "form": "merit_paper", "level": "commune", "subject": "collective",
                      "name": "Chi hội Mẫu"}),
    ("commendation", {"decided_on": "2025-12-18", "form": "praise", "level": "commune", "subject": "individual",
                      "name": "Bùi Mẫu Sáu"}),
    ("mobilisation_model", {"name": "Mô hình mẫu", "kind": "model", "subject": "collective", "field": "economy",
                            "registered_on": "2026-03-03", "continuing": "new", "owner": "Chi hội", "villages": True}),
    ("citizen_feedback", {"received_on": "2026-03-02", "channel": "hotline", "about": "procedures", "content": "Hỏi",
                          "answered_on": "2026-03-16", "status": "answered"}),  # the tenth working day
    ("citizen_feedback", {"received_on": "2026-03-02", "channel": "portal", "about": "attitude", "content": "Góp ý",
                          "answered_on": "2026-03-17", "status": "answered"}),  # a day late
    ("citizen_feedback", {"received_on": "2026-05-12", "channel": "direct", "about": "other", "content": "Đề nghị",
                          "status": "open"}),
    ("reform_task", {"assigned_on": "2026-01-10", "group": "procedures", "content": "Rà soát",
                     "done_on": "2026-04-01"}),
    ("reform_task", {"assigned_on": "2026-01-11", "group": "digital_government", "content": "Số hóa",
                     "initiative": True}),
    ("organisation_change", {"decided_on": "2026-01-15", "kind": "merge", "units_before": 9, "units_after": 5}),
    ("organisation_change", {"decided_on": "2026-02-15", "kind": "rename"}),
    ("context_figure", {"as_of": "2024-12-31", "figure": "households", "value": 30000}),
    ("context_figure", {"as_of": "2025-06-30", "figure": "households", "value": 32000}),  # before the window, newest
    ("context_figure", {"as_of": AFTER, "figure": "households", "value": 99990}),
    ("context_figure", {"as_of": "2026-01-01", "figure": "poor_households", "value": 800}),
    ("context_figure", {"as_of": "2026-01-01", "figure": "reform_index", "value": 872}),
    ("context_figure", {"as_of": "2026-01-01", "figure": "procedures_published", "value": 3900}),
    ("context_figure", {"as_of": "2026-01-01", "figure": "procedures_in_jurisdiction", "value": 4000}),
    ("context_figure", {"as_of": "2026-01-01", "figure": "civic_contents_planned", "value": 320}),
    ("context_figure", {"as_of": "2026-01-01", "figure": "civic_contents_done", "value": 280}),
    ("context_figure", {"as_of": "2026-01-01", "figure": "staff", "value": 410}),
    ("context_figure", {"as_of": "2026-01-01", "figure": "vneid_rate", "value": 815}),
    ("context_figure", {"as_of": "2025-10-01", "figure": "staff_trained", "value": 990}),
    ("context_figure", {"as_of": "2026-01-31", "figure": "staff_trained", "value": 30}),
    ("context_figure", {"as_of": "2026-03-31", "figure": "staff_trained", "value": 40}),
    ("directive_document", {"direction": "issued", "document_type": "report", "number_symbol": "9/BC-UBND",
                            "issued_on": "2026-04-01", "issuer": "UBND xã Mẫu", "abstract": "Tình hình dư luận",
                            "areas": ["area_7"]}),
)  # fmt: skip

# indicator → value at its scale (rates in tenths of a percent, context figures in tenths)
EXPECTED = {
    "plan_units": 1, "plan_units_rate": 500, "dissemination_meetings": 2, "dissemination_attendees": 110,
    "dissemination_staff_rate": 900, "review_meetings": 2, "review_meetings/briefing": 1, "review_meetings/final": 1,
    "honouring_meetings": 1, "civic_inspections": 2, "civic_inspections/regular": 1, "inspected_units": 3,
    "inspection_recommendations": 8, "inspection_recommendations_done": 3, "inspection_recommendations_rate": 375,
    "coordination_signed": 1, "coordination_in_force": 2, "responsible_persons": 1, "portal_items": 2,
    "social_media_items": 2, "social_media_reach": 200,
    "loudspeaker_items": 1, "press_items": 0, "rebuttal_items": 1, "good_example_items": 1,
    "commended_collectives": 1, "commended_individuals": 1, "commended_individuals/praise": 1,
    "villages_with_model": 1, "villages_with_model_rate": 1000, "civic_contents_rate": 875,
    "service_feedback_received": 2, "service_feedback_received/attitude": 1, "service_feedback_answered": 2,
    "service_feedback_answered_rate": 1000, "service_feedback_on_time": 1, "service_feedback_on_time_rate": 500,
    "feedback_by_channel": 3, "feedback_by_channel/direct": 1, "channel_feedback_answered": 2,
    "channel_feedback_rate": 667, "staff_total": 410, "staff_present": 410, "staff_trained": 70, "vneid_rate": 815,
    "opinion_reports": 1, "reform_tasks_assigned": 2, "reform_tasks_done": 1,
    "reform_tasks_rate": 500, "reform_initiatives": 1, "organisation_changes": 2, "organisation_units_before": 9,
    "organisation_units_after": 5, "households": 32000, "poor_households": 800, "poor_households_rate": 25,
    "reform_index": 872, "procedures_published_rate": 975,
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    clock = FixedClock(parse_stamp("2026-05-28T01:00:00Z"))
    opened = make(tmp_path_factory.mktemp("areas") / "home", clock)
    settings = opened.settings.load()
    units, village = [agency.id for agency in settings.agencies], settings.villages[0].id
    for form, given in RECORDS:
        values = {key: value for key, value in given.items() if key not in ("unit", "villages")}
        villages = (village,) if given.get("villages") else ()
        opened.records.save(form, RecordInput(units[given.get("unit", 0)], values, villages=villages), final=True)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def figures(office: Office) -> dict[str, Figure]:
    return {figure.key: figure for figure in office.indicators.compute(REGIME, PERIOD).figures}


@pytest.mark.parametrize("key", EXPECTED)
def test_an_indicator_is_what_the_hand_counts(figures: dict[str, Figure], key: str) -> None:
    assert figures[key].value == EXPECTED[key]


def test_a_background_figure_leads_to_the_record_that_says_it(office: Office) -> None:
    [record_id] = office.indicators.records_behind(REGIME, PERIOD, "households")
    assert office.records.get(record_id).values["as_of"] == "2025-06-30"


def test_nobody_is_asked_about_background_figures_that_are_not_kept(office: Office) -> None:
    asked = office.indicators.undecided(REGIME, PERIOD)
    catalogue = office.context.catalog
    assert "context_figure" not in asked
    assert not [key for key in asked if key in catalogue.indicators and catalogue.indicators[key].optional]


def test_the_report_speaks_of_them_in_good_words(office: Office) -> None:
    report_id, _ = office.reports.make(REGIME, PERIOD)
    draft = office.reports.view(report_id).draft
    assert draft is not None
    text = "\n".join(item.text for section in draft.sections for item in section.paragraphs)
    for words in (
        "Hộ nghèo: 80 hộ, chiếm 2,5%",
        "Tổ chức 02 hội nghị quán triệt, triển khai công tác dân vận với 110 lượt người dự; tỷ lệ cán bộ, công chức, "
        "viên chức được quán triệt đạt 90%.",
        "Đã thực hiện 02 cuộc kiểm tra, giám sát công tác dân vận đối với 03 lượt đơn vị; đưa ra 08 kiến nghị, "
        "đã khắc phục 03 kiến nghị, đạt 37,5%.",
        "Có 01 lãnh đạo, công chức được phân công phụ trách công tác dân vận.",
        "Đăng 02 tin, bài trên cổng, trang thông tin điện tử, 02 tin, bài trên Zalo, Facebook với 200 lượt tiếp cận, "
        "01 tin, bài truyền thanh.",
        "Biểu dương, khen thưởng 01 tập thể, 01 cá nhân.",
        "Đã hoàn thành 28 trên 32 nội dung dân vận đăng ký, đạt 87,5%.",
        "Đã công khai 390 trên 400 thủ tục hành chính thuộc thẩm quyền, đạt 97,5%.",
        "Tiếp nhận 02 phản ánh, kiến nghị của người dân, tổ chức về thủ tục hành chính, cán bộ, công chức, viên chức "
        "(thủ tục hành chính 01, thái độ phục vụ 01); đã trả lời 02 phản ánh, đạt 100%, đúng hạn 50%.",
        "Địa bàn có 3.200 hộ.",
        "Ủy ban nhân dân xã Mẫu có 41 cán bộ, công chức, viên chức.",
        "Tỷ lệ công dân đủ điều kiện đã kích hoạt định danh điện tử mức 2 (VNeID) đạt 81,5%.",
        "Cử 07 lượt cán bộ, công chức, viên chức đào tạo, bồi dưỡng.",
        "Đã ban hành 01 báo cáo nắm tình hình dư luận",
        "Chỉ số cải cách hành chính công bố gần nhất đạt 87,2 điểm.",
        "Ban hành 02 quyết định sắp xếp, kiện toàn tổ chức bộ máy, giảm từ 09 xuống 05 đầu mối.",
    ):
        assert words in text
    assert "xếp hạng" not in text and "thu nhập" not in text  # not kept, not said


def test_the_sender_of_a_denunciation_is_protected(office: Office) -> None:
    entered = RecordInput(
        office.settings.load().agencies[0].id,
        {"received_on": "2026-04-01", "channel": "hotline", "about": "corruption", "content": "Tố cáo", "file_no": "M1",
         "sender": "Người Phải Giữ Kín", "phone": "0900"},
    )  # fmt: skip
    saved = office.records.save("citizen_feedback", entered, final=False)
    values = office.records.get(saved.id).values
    assert "sender" not in values and "phone" not in values and office.records.has_protected(saved.id)
