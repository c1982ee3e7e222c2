"""The offices of the demonstration in the commune, a centre and the hub above it, and the department above all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ...reporting.office import Signer
from ..setup import AccountSpec, Place, SetupProfile

PASSWORD = "demo"  # noqa: S105  (the demonstration's password is public; DESIGN §4)
ACCOUNTS = (
    AccountSpec("canbo", "Cán bộ (mẫu)", ("entry", "consolidation")),
    AccountSpec("lanhdao", "Lãnh đạo (mẫu)", ("leader",)),
    AccountSpec("vanthu", "Văn thư (mẫu)", ("records_office",)),
    AccountSpec("quantri", "Quản trị (mẫu)", ("admin",)),
)

CENTRE_ID = "0192a000-0000-7000-8000-000000000001"
HUB_ID = "0192a000-0000-7000-8000-000000000002"
DEPARTMENT_ID = "0192a000-0000-7000-8000-000000000003"
OFFICE_ID = "0192a000-0000-7000-8000-000000000011"
SERVICE_ID = "0192a000-0000-7000-8000-000000000012"
CULTURE_ID = "0192a000-0000-7000-8000-000000000013"
ECONOMY_ID = "0192a000-0000-7000-8000-000000000014"

COMMUNE = "Ủy ban nhân dân xã Vĩnh Thủy"
PROVINCE = "Ủy ban nhân dân tỉnh Quảng Trị"
CENTRE = "Trung tâm Phục vụ hành chính công xã Vĩnh Thủy"
DEPARTMENT = "Sở Nội vụ tỉnh Quảng Trị"

VILLAGES = tuple(
    Place(name, kind="thôn", id=f"0192a000-0000-7000-8000-0000000001{index:02d}")
    for index, name in enumerate(
        ("Mẫu Đông", "Mẫu Tây", "Mẫu Nam", "Mẫu Bắc", "Thử Hạ", "Thử Thượng", "Ví Dụ Một", "Ví Dụ Hai", "Bến Mẫu",
         "Đồi Mẫu", "Tân Mẫu", "An Mẫu")
    )
)  # fmt: skip

CENTRE_PROFILE = SetupProfile(
    profile="commune_agency",
    name=CENTRE,
    short_name="TTPVHCC",
    place="Vĩnh Thủy",
    superior_lines=("UBND XÃ VĨNH THỦY",),
    issuer_lines=("TRUNG TÂM", "PHỤC VỤ HÀNH CHÍNH CÔNG"),
    symbol_suffix="TTPVHCC",
    drafting_unit="",
    parent_name=COMMUNE,
    via_name="phòng Văn hóa - Xã hội",
    signers=(Signer(("GIÁM ĐỐC",), "Trần Thị Thí Dụ"),),
    agencies=(Place(CENTRE, "TTPVHCC", "agency", CENTRE_ID),),
    villages=VILLAGES,
    accounts=ACCOUNTS,
    office_id=CENTRE_ID,
)

HUB_PROFILE = SetupProfile(
    profile="commune_hub",
    name=COMMUNE,
    short_name="VHXH",
    place="Vĩnh Thủy",
    superior_lines=(),
    issuer_lines=("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY"),
    symbol_suffix="UBND",
    drafting_unit="VHXH",
    parent_name=PROVINCE,
    via_name="Sở Nội vụ",
    signers=(Signer(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn Mẫu"),),
    agencies=(
        Place("Phòng Văn hóa - Xã hội", "VHXH", "agency", CULTURE_ID),
        Place("Văn phòng HĐND và UBND", "VP", "agency", OFFICE_ID),
        Place(CENTRE, "TTPVHCC", "agency", CENTRE_ID),
        Place("Trung tâm Dịch vụ tổng hợp", "TTDVTH", "agency", SERVICE_ID),
        Place("Phòng Kinh tế", "KT", "agency", ECONOMY_ID),
    ),
    villages=VILLAGES,
    accounts=ACCOUNTS,
    office_id=HUB_ID,
)

DEPARTMENT_PROFILE = SetupProfile(
    profile="parent",
    name=DEPARTMENT,
    short_name="SNV",
    place="Quảng Trị",
    superior_lines=("UBND TỈNH QUẢNG TRỊ",),
    issuer_lines=("SỞ NỘI VỤ",),
    symbol_suffix="SNV",
    drafting_unit="CCHC",
    parent_name="",
    via_name="",
    signers=(Signer(("GIÁM ĐỐC",), "Lê Ví Dụ"),),
    agencies=(Place(DEPARTMENT, "SNV", "agency", DEPARTMENT_ID),),
    villages=(),
    accounts=ACCOUNTS,
    office_id=DEPARTMENT_ID,
)


@dataclass(frozen=True, slots=True)
class Led:
    """Who leads a task of the plan, by when, how far it is (per cent), how often it comes."""

    lead: str
    due: date
    progress: int
    recurrence: str = "none"
    note: str = ""


# area of a task of the plan → how it is led
TASKS = {
    1: Led(CULTURE_ID, date(2026, 10, 30), 60),
    2: Led(SERVICE_ID, date(2026, 10, 30), 55),
    3: Led(CULTURE_ID, date(2026, 9, 30), 50, note="Còn ba mô hình chờ công nhận"),
    4: Led(CENTRE_ID, date(2026, 10, 30), 45),
    5: Led(OFFICE_ID, date(2026, 6, 30), 70, "quarterly", "Công khai trong quý II"),
    6: Led(OFFICE_ID, date(2026, 6, 15), 80, "monthly", "Trả lời hết ý kiến của cuộc đối thoại ngày 14/5"),
    7: Led(CULTURE_ID, date(2026, 10, 30), 40),
    8: Led(ECONOMY_ID, date(2026, 5, 27), 90, note="Chờ số liệu bàn giao mặt bằng tháng 5"),
}
CENTRE_TASKS = {
    2: Led(CENTRE_ID, date(2026, 6, 4), 75, "monthly", "Buổi hướng dẫn tại thôn Bến Mẫu"),
    4: Led(CENTRE_ID, date(2026, 6, 30), 60, "quarterly", "Khảo sát mức độ hài lòng quý II"),
    6: Led(CENTRE_ID, date(2026, 5, 28), 95, note="Còn một phản ánh qua đường dây nóng"),
}
PARENT_TASKS = {
    1: Led(DEPARTMENT_ID, date(2026, 6, 5), 50, note="Chờ báo cáo của các xã, phường; đã nhận hai báo cáo"),
    3: Led(DEPARTMENT_ID, date(2026, 9, 30), 30),
    5: Led(DEPARTMENT_ID, date(2026, 5, 28), 85, "quarterly", "Còn thông báo kết luận kiểm tra tại một xã"),
    7: Led(DEPARTMENT_ID, date(2026, 6, 19), 40, note="Lớp tập huấn cho công chức cấp xã"),
}
