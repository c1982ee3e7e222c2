"""The half-year reports of the four kinds of offices as the shipped catalogue drafts them, with likely numbers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from functools import cache

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Catalog, Indicator, IndicatorKind
from danvan_desktop.catalog.periods import due_of, parse_period, window_of
from danvan_desktop.reporting import editing
from danvan_desktop.reporting.draft import DraftInputs, PlanReference, make_draft
from danvan_desktop.reporting.figures import Measured, make_figures, split_field
from danvan_desktop.reporting.freezing import to_document
from danvan_desktop.reporting.model import ReportDocument
from danvan_desktop.reporting.office import OfficeIdentity, Signer, head_lines

_MANUAL = (
    "Công tác dân vận chính quyền được cấp ủy, chính quyền quan tâm chỉ đạo; nhận thức, trách nhiệm của đội ngũ cán "
    "bộ, công chức, viên chức có chuyển biến rõ nét; quan hệ giữa chính quyền với Nhân dân ngày càng gắn bó.\n"
    "- Một số nội dung triển khai còn chậm so với kế hoạch;\n- việc nắm tình hình ở thôn, bản xa còn chưa kịp thời."
)
VILLAGE = "Thôn Thủy Ba Tây thuộc vùng đồng bào Vân Kiều phía tây bắc xã"  # 60 characters and more


def _office(
    profile: str, name: str, parent: str, via: str, suffix: str, place: str, unit: str, above: str = ""
) -> OfficeIdentity:
    superior, issuer = head_lines(name, above or parent)
    return OfficeIdentity(
        "0190aaaa-0000-7000-8000-000000000001",
        name,
        suffix,
        profile,
        superior,
        issuer,
        suffix,
        place,
        unit,
        parent,
        via,
    )


OFFICES: Mapping[str, tuple[str, OfficeIdentity, Signer]] = {
    "agency": (
        "agency-to-commune",
        _office("commune_agency", "Trung tâm Phục vụ hành chính công", "Ủy ban nhân dân xã Vĩnh Thủy",
                "phòng Văn hóa - Xã hội", "TTPVHCC", "Vĩnh Thủy", ""),
        Signer(("GIÁM ĐỐC",), "Trần Quốc Ví Dụ"),
    ),
    "commune": (
        "commune-to-province",
        _office("commune_hub", "Ủy ban nhân dân xã Vĩnh Thủy", "Ủy ban nhân dân tỉnh Quảng Trị", "Sở Nội vụ", "UBND",
                "Vĩnh Thủy", "VHXH"),
        Signer(("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Nguyễn Thị Minh Ví Dụ"),
    ),
    "unit": (
        "unit-to-department",
        _office("department_unit", "Chi cục Kiểm lâm", "Sở Nông nghiệp và Môi trường", "phòng Tổ chức cán bộ", "CCKL",
                "Quảng Trị", ""),
        Signer(("KT. CHI CỤC TRƯỞNG", "PHÓ CHI CỤC TRƯỞNG"), "Hoàng Văn Ví Dụ"),
    ),
    "department": (
        "department-to-province",
        _office("department_hub", "Sở Nông nghiệp và Môi trường", "Ủy ban nhân dân tỉnh Quảng Trị", "Sở Nội vụ",
                "SNNMT", "Quảng Trị", "TCCB"),
        Signer(("GIÁM ĐỐC",), "Lê Thị Ngọc Ví Dụ"),
    ),
}  # fmt: skip


@cache
def catalog() -> Catalog:
    return load_shipped()


def _measured(item: Indicator, chance: random.Random) -> Measured:
    """A number as large as such numbers are in a commune."""
    if item.kind is IndicatorKind.RATIO:
        whole = chance.randrange(20, 400)
        part = chance.randrange(whole * 8 // 10, whole + 1)
        return Measured(round(part * 100 * 10**item.scale / whole), numerator=part, denominator=whole, rows=3)
    many = any(word in item.unit for word in ("lượt", "người", "hộ", "nhân khẩu", "hồ sơ"))
    whole = 1_000_000 if item.unit.startswith("triệu đồng") and not item.scale else 10**item.scale
    value = (chance.randrange(40, 6000) if many else chance.randrange(1, 60)) * whole
    parted = split_field(catalog(), item)
    splits: dict[str, int] = {}
    if parted:
        splits = {choice.key: chance.randrange(0, 9) * whole for choice in parted.choices}
        value = sum(splits.values())
    return Measured(value, splits, rows=3)


def _rows(form: str) -> list[dict[str, str]]:
    if form == "directive_document":
        return [
            {"id": f"d{n}", "number_symbol": f"{n:02d}/KH-UBND", "issued_on": "03/02/2026", "document_type": "Kế hoạch",
             "abstract": "Thực hiện công tác dân vận chính quyền năm 2026 trên địa bàn xã", "issuer": "UBND xã"}
            for n in range(1, 25)
        ]  # fmt: skip
    if form == "mobilisation_model":
        return [
            {"id": f"m{n}", "name": f"Chính quyền thân thiện, vì Nhân dân phục vụ, mô hình số {n}",
             "field": "Xây dựng hệ thống chính trị", "subject": "Tập thể", "owner": "Trung tâm Phục vụ hành chính công",
             "villages": VILLAGE, "registered_on": "15/01/2026", "stage": "Triển khai hiệu quả",
             "recognised_level": "Cấp xã"}
            for n in range(1, 15)
        ]  # fmt: skip
    return []


@cache
def golden(kind: str) -> ReportDocument:
    """The document of the office ``kind`` (agency, commune, unit, department), as frozen."""
    regime_key, office, signer = OFFICES[kind]
    shipped = catalog()
    regime = shipped.regimes[regime_key]
    cycle = regime.cycle("half_year")
    assert cycle is not None
    period = parse_period("2026-H1")
    chance = random.Random(kind)
    chosen = [item for item in shipped.indicators.values() if not item.profiles or office.profile in item.profiles]
    now = {item.key: _measured(item, chance) for item in chosen if chance.random() < 0.9}
    before = {item.key: _measured(item, chance) for item in chosen}
    for item in chosen:
        now.setdefault(item.key, Measured(0, nil_confirmed=True))
    draft = make_draft(
        DraftInputs(
            catalog=shipped, regime=regime, cycle=cycle, outline=shipped.outlines[cycle.outline], period=period,
            window=window_of(regime, period), office=office, signers=(signer,),
            figures=make_figures(shipped, chosen, now, before, {}),
            plan=PlanReference("Thực hiện công tác dân vận chính quyền năm 2026", "12/KH-UBND", "2026-02-10",
                               "UBND xã Vĩnh Thủy"),
            rows=_rows, due_on=due_of(regime, period),
        )
    )  # fmt: skip
    for section in draft.sections:
        if section.manual:
            draft = editing.edit_section(draft, section.key, _MANUAL)
    return to_document(draft, report_id=f"0190cccc-0000-7000-8000-00000000000{len(kind)}", revision=1)
