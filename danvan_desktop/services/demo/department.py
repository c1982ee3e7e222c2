"""The other family of offices: a department of the province and one of its units, by the second plan."""

from __future__ import annotations

from datetime import date

from ...reporting.office import Signer
from ..setup import Place, SetupProfile
from .entries import Entry, entry, iso, later
from .offices import ACCOUNTS, PROVINCE, Led

UNIT_ID = "0192a000-0000-7000-8000-000000000004"
HUB_ID = "0192a000-0000-7000-8000-000000000005"
STAFF_ID = "0192a000-0000-7000-8000-000000000021"
_HUB = "Sở Nông nghiệp và Môi trường"
_UNIT = "Chi cục Thủy lợi (mẫu)"

UNIT_PROFILE = SetupProfile(
    profile="department_unit",
    name=_UNIT,
    short_name="CCTL",
    place="Quảng Trị",
    superior_lines=("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",),
    issuer_lines=("CHI CỤC THỦY LỢI (MẪU)",),
    symbol_suffix="CCTL",
    drafting_unit="",
    parent_name=_HUB,
    via_name="phòng Tổ chức cán bộ",
    signers=(Signer(("CHI CỤC TRƯỞNG",), "Hoàng Thị Ví Dụ"),),
    agencies=(Place(_UNIT, "CCTL", "agency", UNIT_ID),),
    villages=(),
    accounts=ACCOUNTS,
    office_id=UNIT_ID,
)

HUB_PROFILE = SetupProfile(
    profile="department_hub",
    name=_HUB,
    short_name="SNNMT",
    place="Quảng Trị",
    superior_lines=(PROVINCE.replace("Ủy ban nhân dân", "UBND").upper(),),
    issuer_lines=("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG",),
    symbol_suffix="SNNMT",
    drafting_unit="TCCB",
    parent_name="Sở Nội vụ",
    via_name="",
    signers=(Signer(("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), "Võ Văn Thí Dụ"),),
    agencies=(
        Place("Phòng Tổ chức cán bộ", "TCCB", "agency", STAFF_ID),
        Place(_UNIT, "CCTL", "agency", UNIT_ID),
    ),
    villages=(),
    accounts=ACCOUNTS,
    office_id=HUB_ID,
)

# area of a task of the plan → how it is led
TASKS = {
    1: Led(STAFF_ID, date(2026, 11, 20), 50),
    3: Led(STAFF_ID, date(2026, 10, 30), 35),
    4: Led(STAFF_ID, date(2026, 6, 30), 60, "quarterly", "Rà soát thủ tục hành chính của Sở"),
    7: Led(STAFF_ID, date(2026, 6, 5), 80, note="Tổng hợp nhu cầu tập huấn gửi Sở Nội vụ"),
}


def _conference(day: date, unit: str, staff: int, came: int) -> Entry:
    return entry("staff_conference", day, unit, held_on=iso(day), staff_total=staff, attended=came, resolution_for=came)


def _meeting(day: date, unit: str, kind: str, about: str, people: int, staff: int) -> Entry:
    return entry(
        "implementation_meeting", day, unit, held_on=iso(day), kind=kind, mode="in_person", content=about,
        chair="Lãnh đạo cơ quan", place="Hội trường cơ quan", attendees=people, staff_attendees=people,
        staff_total=staff,
    )  # fmt: skip


def _paper(day: date, unit: str, kind: str, number: str, issuer: str, about: str) -> Entry:
    return entry(
        "directive_document", day, unit, direction="issued", document_type=kind, number_symbol=number,
        issued_on=iso(day), issuer=issuer, abstract=about, areas=["area_1"], completion="done",
    )  # fmt: skip


def _disclosure(day: date, unit: str, topic: str, title: str) -> Entry:
    shown = later(day, 2)
    return entry(
        "internal_disclosure", shown, unit, topic=topic, title=title, decided_on=iso(day), published_on=iso(shown),
        forms=["posting"], posted_from=iso(shown), posted_to=iso(later(shown, 31)),
    )  # fmt: skip


def _class(day: date, unit: str, name: str, kind: str, people: int) -> Entry:
    return entry(
        "training_class", day, unit, held_on=iso(day), name=name, kind=kind, organiser="Sở Nội vụ", participants=people
    )


def unit() -> list[Entry]:
    """A year and a half of the unit."""
    u = UNIT_ID
    return [
        _paper(date(2025, 2, 25), u, "plan", "18/KH-CCTL", _UNIT, "Thực hiện công tác dân vận năm 2025"),
        _meeting(date(2025, 3, 6), u, "dissemination", "Quán triệt Kế hoạch công tác dân vận năm 2025", 29, 31),
        _conference(date(2025, 1, 16), u, 31, 30),
        _disclosure(date(2025, 1, 8), u, "finance", "Dự toán năm 2025"),
        _conference(date(2026, 1, 15), u, 30, 29),
        _disclosure(date(2026, 1, 6), u, "finance", "Dự toán năm 2026"),
        _disclosure(date(2026, 1, 7), u, "work_plan", "Kế hoạch công tác năm 2026"),
        _paper(date(2026, 3, 3), u, "plan", "21/KH-CCTL", _UNIT, "Thực hiện công tác dân vận năm 2026"),
        _meeting(date(2026, 3, 12), u, "dissemination", "Quán triệt Kế hoạch công tác dân vận năm 2026", 28, 30),
        _class(date(2026, 4, 14), u, "Nghiệp vụ công tác dân vận năm 2026", "sent", 2),
        entry(
            "dialogue_session", date(2026, 4, 16), u, note="Gặp gỡ doanh nghiệp, hợp tác xã thủy lợi",
            held_on="2026-04-16", kind="business", chair="Chi cục trưởng", place="Hội trường Chi cục", mode="in_person",
            attendees=34, notice_on="2026-04-07",
            conclusion_no="12/TB-CCTL", conclusion_on="2026-04-21", published_on="2026-04-22",
            published_forms=["posting"],
            opinions=[
                {"topic": "procedures", "content": "Đề nghị rút ngắn thời gian cấp phép", "answered_at_once": True,
                 "status": "resolved", "done_on": "2026-04-16", "due_on": "2026-05-08"},
                {"topic": "production", "content": "Đề nghị báo sớm lịch điều tiết nước", "answered_at_once": True,
                 "status": "resolved", "done_on": "2026-04-16", "due_on": "2026-05-08"},
            ],
        ),
    ]  # fmt: skip


def hub() -> list[Entry]:
    """A year and a half of the department's own rooms."""
    u = STAFF_ID
    return [
        _paper(date(2025, 2, 20), u, "plan", "41/KH-SNNMT", _HUB, "Thực hiện công tác dân vận năm 2025"),
        _conference(date(2025, 3, 19), u, 61, 57),
        _paper(date(2026, 2, 24), u, "plan", "46/KH-SNNMT", _HUB, "Thực hiện công tác dân vận năm 2026"),
        _paper(date(2026, 5, 6), u, "official_letter", "702/SNNMT-TCCB", _HUB,
               "Đôn đốc báo cáo công tác dân vận 6 tháng đầu năm 2026"),
        _meeting(date(2026, 3, 5), u, "dissemination", "Quán triệt Kế hoạch công tác dân vận năm 2026", 56, 60),
        _conference(date(2026, 3, 20), u, 60, 55),
        _class(date(2026, 3, 25), u, "Nhu cầu bồi dưỡng nghiệp vụ dân vận năm 2026", "need", 15),
        *(
            entry("reception_day", day, u, held_on=iso(day), host="Giám đốc Sở", host_role="agency_head",
                  kind="periodic")
            for day in (date(2026, 1, 15), date(2026, 2, 5), date(2026, 3, 12), date(2026, 4, 2), date(2026, 5, 7))
        ),
    ]  # fmt: skip
