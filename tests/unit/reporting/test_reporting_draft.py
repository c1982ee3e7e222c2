"""Drafts: sentences chosen and tidied, sections kept and numbered, head and annexes."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reporting_samples import CATALOG, NOW, OFFICE, OUTLINE, figures, inputs

from danvan_desktop.catalog.annex_model import AnnexTable
from danvan_desktop.catalog.model import OutlineSection, Sentence
from danvan_desktop.catalog.periods import parse_period
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.kernel.text import nfc
from danvan_desktop.reporting import editing
from danvan_desktop.reporting.draft import PlanReference, ReportDraft, make_draft, next_period_title
from danvan_desktop.reporting.draft_values import marks
from danvan_desktop.reporting.editing import plain_text
from danvan_desktop.reporting.figures import Measured
from danvan_desktop.reporting.model import Paragraph, Run
from danvan_desktop.reporting.office import OfficeIdentity, head_lines
from danvan_desktop.reporting.sentences import FigureTable, expand, holds, prints, tidy


def words_of(draft: ReportDraft, key: str) -> str:
    section = draft.section(key)
    assert section is not None
    return plain_text(section.paragraphs)


def every_paragraph(draft: ReportDraft) -> list[Paragraph]:
    return [*draft.opening, *(item for section in draft.sections for item in section.paragraphs), *draft.closing]


def check_clean(draft: ReportDraft) -> None:
    by_key = {item.key: item for item in draft.figures}
    keys = [item.key for item in every_paragraph(draft)]
    assert len(keys) == len(set(keys))
    for item in every_paragraph(draft):
        text = item.text
        assert text == nfc(text)
        assert "{" not in text
        assert "}" not in text
        assert "  " not in text
        assert "()" not in text
        assert not re.search(r" [,.;:)]|\( |,,|,\.|%%", text), text
        assert text[-1] in ".!?:;…", text
        assert text[0] == text[0].upper()
        assert all(prints(run, by_key, draft.guarded) for run in item.runs if run.figure)


def test_sentences_with_their_numbers() -> None:
    draft = make_draft(inputs())
    check_clean(draft)
    assert words_of(draft, "direction") == (
        "Trong kỳ, Trung tâm Phục vụ hành chính công ban hành 12 văn bản (tăng 04 văn bản so với cùng kỳ), gồm "
        "05 kế hoạch, 07 công văn.\n- Tổ chức 04 cuộc quán triệt, giảm 01 cuộc so với cùng kỳ, với 1.234 lượt người; "
        "tỷ lệ đúng hạn 97,9%."
    )
    section = draft.section("direction")
    assert section is not None
    bound = [run.figure for run in section.paragraphs[0].runs if run.figure]
    assert bound == ["papers", "change:papers", "papers/plan", "papers/letter"]
    assert not section.edited
    assert words_of(draft, "reception") == (
        "Tiếp nhận 09 đơn (đất đai 07, chế độ chính sách dưới 03; tố cáo 01).\nHuy động 137,25 triệu đồng."
    )


def test_nil_and_missing_are_said_in_words() -> None:
    draft = make_draft(inputs(figures=figures({"papers": Measured(0, nil_confirmed=True), "cases": Measured(0)})))
    check_clean(draft)
    assert words_of(draft, "direction") == (
        "Trong kỳ không phát sinh văn bản chỉ đạo.\nHội nghị quán triệt: chưa có số liệu."
    )
    assert words_of(draft, "reception") == "Đơn tiếp nhận: chưa có số liệu; kinh phí huy động: chưa có số liệu."


def test_a_comparison_without_a_base_leaves_no_trace() -> None:
    now = {**NOW, "meetings": Measured(4, rows=4)}
    made = tuple(replace(item, previous=None) for item in figures(now))
    draft = make_draft(inputs(figures=made))
    check_clean(draft)
    assert "ban hành 12 văn bản, gồm 05" in words_of(draft, "direction")
    assert "04 cuộc quán triệt, với 1.234" in words_of(draft, "direction")


def test_targets_are_compared_once() -> None:
    draft = make_draft(inputs(figures=figures(targets={"meetings": 5})))
    assert words_of(draft, "direction").endswith("Hội nghị quán triệt đạt 80% chỉ tiêu kế hoạch (04/05 cuộc).")
    check_clean(draft)


def test_sections_of_others_are_left_out_and_marks_follow() -> None:
    draft = make_draft(inputs())
    assert [(item.mark, item.key) for item in draft.sections] == [
        ("I.", "context"), ("II.", "results"), ("1.", "direction"), ("2.", "reception"),
        ("III.", "assessment"), ("1.", "strengths"), ("IV.", "proposals"),
    ]  # fmt: skip
    hub = make_draft(inputs(office=replace(OFFICE, profile="commune_hub")))
    assert "villages" in [item.key for item in hub.sections]
    assert [item.mark for item in hub.sections][2:5] == ["1.", "2.", "3."]


def test_a_parent_outside_the_remit_takes_its_children_along() -> None:
    sections = tuple(
        replace(item, profiles=("parent",)) if item.key == "results" else item for item in OUTLINE.sections
    )
    draft = make_draft(inputs(outline=replace(OUTLINE, sections=sections)))
    assert [item.key for item in draft.sections] == ["context", "assessment", "strengths", "proposals"]


def test_an_optional_section_without_text_is_left_out() -> None:
    silent = OutlineSection("silent", "Lặng", 1, optional=True, sentences=(Sentence("s", "Có {meetings}.", "nil"),))
    draft = make_draft(inputs(outline=replace(OUTLINE, sections=(silent, *OUTLINE.sections)),
                              figures=figures({**NOW, "meetings": Measured(denominator=0)})))  # fmt: skip
    assert draft.section("silent") is None


def test_head_and_recipients() -> None:
    draft = make_draft(inputs())
    assert draft.head.superior_lines == ("UBND XÃ VĨNH THỦY",)
    assert draft.head.addressees == ("Ủy ban nhân dân xã Vĩnh Thủy (qua phòng Văn hóa - Xã hội)",)
    assert draft.head.abstract.endswith("2026\nvà phương hướng, nhiệm vụ 6 tháng cuối năm 2026")
    assert draft.head.symbol == "BC-TTPVHCC"
    assert draft.recipients == ("Như trên", "Lãnh đạo Trung tâm", "Lưu: VT")
    assert draft.bases == ("Căn cứ Chỉ thị số 33/CT-TTg ngày 26/11/2021",)
    assert draft.due_on == "2026-05-31"
    assert (draft.window_from, draft.window_to) == ("2025-10-16", "2026-05-15")
    direct = make_draft(inputs(office=replace(OFFICE, via_name="", drafting_unit="VHXH", report_symbol="BC-X")))
    assert direct.head.addressees == ("Ủy ban nhân dân xã Vĩnh Thủy",)
    assert direct.recipients[-1] == "Lưu: VT, VHXH"
    assert direct.head.symbol == "BC-X"


@pytest.mark.parametrize(
    ("name", "superior", "expected"),
    [
        ("Ủy ban nhân dân xã Vĩnh Thủy", "Ủy ban nhân dân tỉnh Quảng Trị", ((), ("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY"))),
        ("UBND xã Vĩnh Thủy", "", ((), ("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY"))),
        ("Sở Nội vụ", "Ủy ban nhân dân tỉnh Quảng Trị", (("UBND TỈNH QUẢNG TRỊ",), ("SỞ NỘI VỤ",))),
        ("Chi cục Kiểm lâm", "Sở Y tế", (("SỞ Y TẾ",), ("CHI CỤC KIỂM LÂM",))),
        ("Trường", "", ((), ("TRƯỜNG",))),
    ],
)  # fmt: skip
def test_head_lines(name: str, superior: str, expected: object) -> None:
    assert head_lines(name, superior) == expected


def test_office_and_draft_survive_storage() -> None:
    assert OfficeIdentity.from_json(OFFICE.to_json()) == OFFICE
    draft = make_draft(inputs())
    assert ReportDraft.from_json(draft.to_json()) == draft
    with pytest.raises(Refused, match="format_newer"):
        ReportDraft.from_json({**draft.to_json(), "format": 99})
    with pytest.raises(Refused, match="report_invalid"):
        ReportDraft.from_json({"format": 1})


@pytest.mark.parametrize(
    ("plan", "text"),
    [
        (PlanReference("KẾ HOẠCH Thực hiện công tác dân vận"), "Kế hoạch thực hiện công tác dân vận"),
        (PlanReference("về dân vận", "450/KH-UBND", "2026-02-03", "UBND tỉnh"),
         "Kế hoạch số 450/KH-UBND ngày 03/02/2026 của Ủy ban nhân dân tỉnh về dân vận"),
        (PlanReference("Dân vận", "/KH-UBND", None, "UBND xã"), "Kế hoạch dân vận của Ủy ban nhân dân xã"),
        (PlanReference("Dân vận", "9/KH", "nonsense"), "Kế hoạch số 9/KH về dân vận"),
    ],
)  # fmt: skip
def test_citation_of_the_plan(plan: PlanReference, text: str) -> None:
    assert plan.citation() == text
    assert PlanReference.from_body({"title": plan.title, "number_symbol": None, "bases": None}).title == plan.title


def test_missing_units_are_named_and_annexes_referred_to() -> None:
    draft = make_draft(inputs(missing_units=("Trạm Y tế", "Trường A"), late_units=("Trường B",)))
    assert plain_text(draft.closing) == (
        "Số liệu chi tiết tại các Phụ lục I, II kèm theo Báo cáo này.\n"
        "Đến thời điểm tổng hợp, có 02 đơn vị chưa gửi báo cáo: Trạm Y tế, Trường A.\n"
        "Đến thời điểm tổng hợp, có 01 đơn vị gửi báo cáo chậm so với thời hạn: Trường B.\n"
        "Trên đây là báo cáo 6 tháng đầu năm 2026 của Trung tâm Phục vụ hành chính công."
    )


def test_annexes_of_records_and_of_figures() -> None:
    draft = make_draft(inputs())
    records, numbers = draft.annexes
    assert records.rows[0].cells == ("1", "Kế hoạch <b>dân vận</b>")
    assert records.rows[0].key == "r1"
    cells = {row.key: row.cells for row in numbers.rows}
    assert cells["papers"] == ("1", "Văn bản đã ban hành", "văn bản", "12", "8", "+4")
    assert cells["cases/policy"][3] == "2"  # statutory columns stay whole
    assert cells["area_6"] == ("Tiếp công dân",)
    empty = make_draft(inputs(rows=lambda form: ()))
    assert empty.annexes[0].rows[0].kind == "group"
    named = AnnexTable("few", "Ít", "indicators", indicators=("rate", "papers/plan", "points"))
    few = make_draft(inputs(outline=replace(OUTLINE, annexes=(named,))))
    assert [row.key for row in few.annexes[0].rows] == ["area_1", "rate", "papers/plan", "points"]
    assert few.figure("points") is not None
    assert "Phụ lục kèm theo" in plain_text(few.closing)


def test_text_of_the_last_report_is_carried_over_for_review() -> None:
    draft = make_draft(inputs(previous_manual={"strengths": "Đã làm tốt.\n- Có 03 mô hình.", "direction": "không"}))
    section = draft.section("strengths")
    assert section is not None
    assert section.needs_review
    assert plain_text(section.paragraphs) == "Đã làm tốt.\n- Có 03 mô hình."


@pytest.mark.parametrize("text", ["Có {nothing} việc.", "Có {papers/none} việc.", "Có {papers việc.", "Có {x:papers}."])
def test_an_outline_that_names_what_is_not_there_is_refused(text: str) -> None:
    section = OutlineSection("a", "A", 1, sentences=(Sentence("s", text, "always"),))
    with pytest.raises(Refused, match="outline_invalid"):
        make_draft(inputs(outline=replace(OUTLINE, sections=(section,))))


def test_a_number_has_no_place_in_the_head() -> None:
    with pytest.raises(Refused, match="outline_invalid"):
        make_draft(inputs(cycle=replace(inputs().cycle, abstract="Có {papers}")))


@pytest.mark.parametrize(
    ("period", "title"),
    [("2026-H1", "6 tháng cuối năm 2026"), ("2026-H2", "năm 2027"), ("2026", "năm 2027"),
     ("2026-9M", "quý IV năm 2026"),
     ("2026-Q1", "quý II năm 2026"), ("2026-Q4", "quý I năm 2027"), ("2026-05", "tháng 6 năm 2026"),
     ("2026-12", "tháng 1 năm 2027"), ("2026-05-01..2026-05-20", "thời gian tới")],
)  # fmt: skip
def test_the_next_period(period: str, title: str) -> None:
    assert next_period_title(parse_period(period)) == title


def test_numbering() -> None:
    assert marks([1, 2, 3, 3, 2, 1, 2]) == ["I.", "1.", "a)", "b)", "2.", "II.", "1."]


def test_when_a_sentence_holds() -> None:
    table = FigureTable(CATALOG, figures({**NOW, "meetings": Measured(0, source_rows=3)}), "commune_agency")

    def said(when: str, *keys: str) -> bool:
        return holds(Sentence("s", "x", when, keys), table)

    assert said("any", "papers", "meetings")
    assert not said("all", "papers", "meetings")
    assert said("all", "papers", "people")
    assert said("nil", "meetings")
    assert not said("nil", "papers", "meetings")
    assert said("no_data", "points")
    assert not said("no_data", "points", "papers")
    assert said("always", "points")
    assert said("any")
    assert not said("nil")
    assert not said("always", "conventions")  # does not concern this office


PIECES = st.sampled_from(["(", ")", " ", ",", ";", ".", ":", "%", "từ", "Đơn", "{papers}", "{change:papers}",
                          "{rate}", "{change:rate}", "{cases/policy}", "{office}", "{target:papers}"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join), st.booleans())
def test_tidying_never_breaks_a_bound_number(text: str, measured: bool) -> None:
    table = FigureTable(CATALOG, figures(NOW if measured else {}), "commune_agency")
    guarded = ("cases/policy",)
    runs = expand(text, {"office": "Sở Nội vụ"}, table, guarded)
    shown = "".join(run.text for run in runs)
    assert "  " not in shown
    assert "{" not in shown
    assert not shown or shown[-1] in ".!?:;…"
    assert all(prints(run, table, guarded) for run in runs if run.figure)
    assert tidy(runs) == runs


def test_looks_survive_tidying() -> None:
    runs = tidy([Run("mô hình  ", bold=True), Run(" tốt", italic=True)])
    assert runs == (Run("Mô hình", bold=True), Run(" tốt", italic=True), Run("."))


def test_a_part_in_square_brackets_goes_when_it_speaks_only_of_zeros() -> None:
    now = {**NOW, "papers": Measured(15, {"plan": 15, "letter": 0}, rows=15)}
    table = FigureTable(CATALOG, figures(now))
    text = "Ban hành {papers} văn bản (kế hoạch {papers/plan}[, công văn {papers/letter}])"
    assert "".join(run.text for run in expand(text, {}, table)) == "Ban hành 15 văn bản (kế hoạch 15)."
    text = "Ban hành {papers} văn bản ([kế hoạch {papers/plan}])"
    assert "".join(run.text for run in expand(text, {}, table)) == "Ban hành 15 văn bản (kế hoạch 15)."


def expanded(text: str, now: dict[str, Measured] | None = None) -> str:
    return "".join(run.text for run in expand(text, {}, FigureTable(CATALOG, figures(now))))


def test_parts_may_hold_parts_and_lists_begin_cleanly() -> None:
    text = "Ban hành {papers} văn bản[ (gồm: [kế hoạch {papers/plan}][, công văn {papers/letter}])][, {change:papers}]."
    only_letters = {**NOW, "papers": Measured(6, {"plan": 0, "letter": 6}, rows=6)}
    assert expanded(text, only_letters) == ("Ban hành 06 văn bản (gồm: công văn 06), giảm 02 văn bản so với cùng kỳ.")
    others = {**NOW, "papers": Measured(8, {}, rows=8)}
    assert expanded(text, others) == "Ban hành 08 văn bản, bằng cùng kỳ."
    row = "Đã ban hành [{papers/plan} kế hoạch][, {papers/letter} công văn][; {people} lượt người]."
    assert expanded(row, only_letters) == "Đã ban hành 06 công văn; 1.234 lượt người."
    assert expanded(row, others) == "Đã ban hành 1.234 lượt người."


def test_a_comparison_that_says_nothing_takes_its_part_along() -> None:
    assert expanded("Có {people} lượt người[, {change:people}] (đủ thành phần).") == (
        "Có 1.234 lượt người (đủ thành phần)."
    )


def test_what_a_part_left_out_for_want_of_data_is_asked_for_by_name() -> None:
    assert expanded("Có văn bản[: {papers}]", {}) == "Có văn bản."
    sentence = Sentence("s", "Tổ chức {meetings} cuộc[ với {people} lượt người].", requires=("meetings",))
    section = OutlineSection("a", "A", 1, sentences=(sentence,))
    now = {"meetings": Measured(4, rows=4)}
    draft = make_draft(inputs(outline=replace(OUTLINE, sections=(section,)), figures=figures(now)))
    assert words_of(draft, "a") == "Tổ chức 04 cuộc.\nLượt người dự: chưa có số liệu."
    assert "figure:people" in {item.key for item in editing.problems(draft) if item.severity == "error"}


def test_one_sentence_stands_for_an_idle_area() -> None:
    sentences = (
        Sentence("a", "Không có văn bản.", "nil", ("papers",)),
        Sentence("b", "Không có hội nghị.", "nil", ("meetings",)),
        Sentence("c", "Không có văn bản, hội nghị.", "nil", ("papers", "meetings")),
    )
    section = OutlineSection("a", "A", 1, sentences=sentences)
    nil = Measured(0, nil_confirmed=True)
    outline = replace(OUTLINE, sections=(section,))
    idle = make_draft(inputs(outline=outline, figures=figures({"papers": nil, "meetings": nil})))
    assert words_of(idle, "a") == "Không có văn bản, hội nghị."
    half = make_draft(inputs(outline=outline, figures=figures({"papers": nil, "meetings": Measured(4, rows=4)})))
    assert words_of(half, "a") == "Không có văn bản.\nHội nghị quán triệt: 04."


def test_the_plan_is_cited_without_naming_ourselves_twice() -> None:
    plan = PlanReference("thực hiện công tác dân vận năm 2026", "", None, "UBND xã Vĩnh Thủy")
    assert plan.citation("Ủy ban nhân dân xã Vĩnh Thủy") == "Kế hoạch thực hiện công tác dân vận năm 2026"
    assert plan.citation("Trung tâm Mẫu").endswith(" của Ủy ban nhân dân xã Vĩnh Thủy")
    cited = replace(plan, bases=("Kế hoạch số 450/KH-UBND của UBND tỉnh về Thực hiện công tác dân vận.",))
    assert make_draft(inputs(plan=cited)).bases == (
        "Căn cứ Kế hoạch số 450/KH-UBND của UBND tỉnh về thực hiện công tác dân vận",
    )
