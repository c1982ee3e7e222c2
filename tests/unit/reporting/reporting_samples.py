"""A small catalogue made by hand, and the office that reports with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from danvan_desktop.catalog.annex_model import AnnexColumn, AnnexTable
from danvan_desktop.catalog.model import (
    Area,
    Catalog,
    Choice,
    ClassWhen,
    Cycle,
    DueRule,
    Field,
    Form,
    Indicator,
    IndicatorKind,
    Outline,
    OutlineSection,
    Privacy,
    Regime,
    Rollup,
    Section,
    Sentence,
    ValueType,
)
from danvan_desktop.catalog.periods import due_of, parse_period, window_of
from danvan_desktop.reporting.draft import DraftInputs, PlanReference
from danvan_desktop.reporting.figures import Measured, make_figures
from danvan_desktop.reporting.model import Figure
from danvan_desktop.reporting.office import OfficeIdentity, Signer, head_lines

# ruff: noqa: E501  # data: long Vietnamese lines read better unbroken
_KIND = Field("kind", "Loại", ValueType.CHOICE, choices=(Choice("plan", "Kế hoạch"), Choice("letter", "Công văn")))
_CASE = Field("case_kind", "Loại đơn", ValueType.CHOICE, choices=(Choice("complaint", "Khiếu nại"), Choice("denunciation", "Tố cáo")))  # fmt: skip
_SUBJECT = Field("subject", "Lĩnh vực", ValueType.CHOICE, choices=(Choice("land", "Đất đai"), Choice("policy", "Chế độ chính sách")))  # fmt: skip
_SENDER = Field("sender", "Người gửi", ValueType.TEXT, privacy=Privacy.PERSONAL,
                class_when=ClassWhen("case_kind", ("denunciation",), Privacy.PROTECTED))  # fmt: skip

DOCUMENTS = Form(
    "paper", "Văn bản", "Văn bản", 1, 1, "on",
    (Field("on", "Ngày", ValueType.DATE), _KIND, Field("title", "Trích yếu", ValueType.TEXT, in_list=True)),
    (Section("all", "Chung", ("on", "kind", "title")),),
)  # fmt: skip
CASES = Form(
    "matter", "Đơn", "Đơn", 6, 1, "on",
    (Field("on", "Ngày", ValueType.DATE), _CASE, _SUBJECT, _SENDER),
    (Section("all", "Chung", ("on", "case_kind", "subject", "sender")),),
)  # fmt: skip
MONEY = Form(
    "fund", "Quỹ", "Quỹ", 8, 1, "on",
    (Field("on", "Ngày", ValueType.DATE), Field("amount", "Số tiền", ValueType.MONEY)),
    (Section("all", "Chung", ("on", "amount")),),
)  # fmt: skip


def indicator(key: str, **changes: Any) -> Indicator:
    base = Indicator(key, "1.01", 1, key, "văn bản", IndicatorKind.COUNT, source="paper", definition_hash="h-" + key)
    return replace(base, **changes)


INDICATORS = {
    item.key: item
    for item in (
        indicator("papers", title="Văn bản đã ban hành", split="kind"),
        indicator("meetings", title="Hội nghị quán triệt", unit="cuộc"),
        indicator("people", title="Lượt người dự", unit="lượt", kind=IndicatorKind.SUM),
        indicator("rate", title="Tỷ lệ đúng hạn", unit="%", kind=IndicatorKind.RATIO, numerator="meetings",
                  denominator="papers", scale=1, rollup=Rollup.WEIGHTED),
        indicator("cases", title="Đơn tiếp nhận", unit="đơn", source="matter", split="subject", area=6),
        indicator("cases_kind", title="Đơn theo loại", unit="đơn", source="matter", split="case_kind", area=6),
        indicator("fund", title="Kinh phí huy động", unit="triệu đồng", source="fund", kind=IndicatorKind.SUM,
                  fields=("amount",), area=8),
        indicator("conventions", title="Hương ước", unit="bản", profiles=("commune_hub",)),
        indicator("points", title="Điểm", unit="điểm", kind=IndicatorKind.LATEST, rollup=Rollup.LATEST),
        indicator("persons", title="Người", unit="người", kind=IndicatorKind.DISTINCT, rollup=Rollup.NONE),
    )
}  # fmt: skip

SECTIONS = (
    OutlineSection("context", "Đặc điểm, tình hình", 1, optional=True, manual=True),
    OutlineSection("results", "Kết quả thực hiện", 1),
    OutlineSection(
        "direction", "Công tác lãnh đạo, chỉ đạo", 2, area=1,
        sentences=(
            Sentence("papers", "Trong kỳ, {office} ban hành {papers} văn bản ({change:papers}), gồm {papers/plan} kế hoạch, "
                     "{papers/letter} công văn.", requires=("papers",)),
            Sentence("none", "Trong kỳ không phát sinh văn bản chỉ đạo.", when="nil", requires=("papers",)),
            Sentence("meetings", "- tổ chức {meetings} cuộc quán triệt, {change:meetings}, với {people} lượt người; "
                     "tỷ lệ đúng hạn {rate}%", requires=("meetings",)),
        ),
    ),
    OutlineSection("villages", "Hương ước, quy ước", 2, profiles=("commune_hub",),
                   sentences=(Sentence("conventions", "Công nhận {conventions} bản hương ước."),)),
    OutlineSection(
        "reception", "Đơn thư", 2, area=6,
        sentences=(Sentence("cases", "Tiếp nhận {cases} đơn (đất đai {cases/land}, chế độ chính sách {cases/policy}; "
                            "tố cáo {cases_kind/denunciation}).", requires=("cases",)),
                   Sentence("fund", "Huy động {fund} triệu đồng.")),
    ),
    OutlineSection("assessment", "Đánh giá chung", 1),
    OutlineSection("strengths", "Ưu điểm", 2, manual=True, prompt="Nêu kết quả nổi bật."),
    OutlineSection("proposals", "Kiến nghị, đề xuất", 1, manual=True, optional=True),
)  # fmt: skip

OUTLINE = Outline(
    "half", "Đề cương", 3,
    "Thực hiện {plan}, {office} báo cáo kết quả {period} (số liệu từ {window_from} đến {window_to}) như sau:",
    SECTIONS,
    (
        AnnexTable("papers", "Danh mục văn bản", "records", form="paper",
                   columns=(AnnexColumn("no", "TT", 6), AnnexColumn("title", "Trích yếu", 60))),
        AnnexTable("figures", "Số liệu", "indicators"),
    ),
    "Trên đây là báo cáo {period} của {office}.",
)  # fmt: skip

REGIME = Regime(
    "agency-to-commune", "Cơ quan báo cáo xã", 1, ("commune_agency",), ("{parent} (qua {via})",),
    (Cycle("half_year", (-1, 10, 16), (0, 5, 15), DueRule("before", 1, 6),
           "Kết quả thực hiện công tác dân vận chính quyền {period}\nvà phương hướng, nhiệm vụ {next_period}", "half"),),
    recipients=("Lãnh đạo Trung tâm",),
)  # fmt: skip

CATALOG = Catalog(
    "2026.1", 1, (Area(1, "Lãnh đạo, chỉ đạo", "Chỉ đạo"), Area(6, "Tiếp công dân", "Tiếp dân"), Area(8, "Phối hợp", "Phối hợp")),
    {form.key: form for form in (DOCUMENTS, CASES, MONEY)}, INDICATORS, {OUTLINE.key: OUTLINE}, {REGIME.key: REGIME},
    (), (), "c" * 64,
)  # fmt: skip

_LINES = head_lines("Trung tâm Phục vụ hành chính công", "Ủy ban nhân dân xã Vĩnh Thủy")
OFFICE = OfficeIdentity(
    "0190aaaa-0000-7000-8000-000000000001", "Trung tâm Phục vụ hành chính công", "TTPVHCC", "commune_agency",
    *_LINES, "TTPVHCC", "Vĩnh Thủy", "", "Ủy ban nhân dân xã Vĩnh Thủy", "phòng Văn hóa - Xã hội",
)  # fmt: skip

NOW = {
    "papers": Measured(12, {"plan": 5, "letter": 7}, rows=12),
    "meetings": Measured(4, rows=4),
    "people": Measured(1234, rows=4),
    "rate": Measured(numerator=47, denominator=48),
    "cases": Measured(9, {"land": 7, "policy": 2}, rows=9),
    "cases_kind": Measured(9, {"complaint": 8, "denunciation": 1}, rows=9),
    "fund": Measured(137_250_000, rows=3),
}
BEFORE = {"papers": Measured(8, {"plan": 5, "letter": 3}, rows=8), "meetings": Measured(5, rows=5)}


def figures(now: dict[str, Measured] | None = None, **more: Any) -> tuple[Figure, ...]:
    wanted = [item for item in INDICATORS.values() if item.key not in ("conventions", "points", "persons")]
    return make_figures(CATALOG, wanted, NOW if now is None else now, BEFORE, **more)


def inputs(**changes: Any) -> DraftInputs:
    period = parse_period("2026-H1")
    base = DraftInputs(
        catalog=CATALOG,
        regime=REGIME,
        cycle=REGIME.cycles[0],
        outline=OUTLINE,
        period=period,
        window=window_of(REGIME, period),
        office=OFFICE,
        signers=(Signer(("GIÁM ĐỐC",), "Nguyễn Văn An"),),
        figures=figures(),
        plan=PlanReference("Thực hiện công tác dân vận chính quyền năm 2026", "12/KH-UBND", "2026-02-10",
                           "Ủy ban nhân dân xã Vĩnh Thủy", ("Chỉ thị số 33/CT-TTg ngày 26/11/2021;",)),
        rows={"paper": [{"id": "r1", "title": "Kế hoạch <b>dân vận</b>"}]},
        due_on=due_of(REGIME, period),
    )  # fmt: skip
    return replace(base, **changes)
