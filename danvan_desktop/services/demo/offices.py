"""The three offices of the demonstration: a centre, the hub of its commune, and the department above."""

from __future__ import annotations

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

# home folder → profile, in the order they are made
HOMES = {"ttpvhcc": CENTRE_PROFILE, "vhxh": HUB_PROFILE, "snv": DEPARTMENT_PROFILE}

# area of a task of the plan → who leads it, by when, how far it is (per cent)
TASKS = {
    1: (CULTURE_ID, date(2026, 10, 30), 60),
    2: (SERVICE_ID, date(2026, 10, 30), 55),
    3: (CULTURE_ID, date(2026, 9, 30), 50),
    4: (CENTRE_ID, date(2026, 10, 30), 45),
    5: (OFFICE_ID, date(2026, 10, 15), 50),
    6: (OFFICE_ID, date(2026, 10, 30), 55),
    7: (CULTURE_ID, date(2026, 10, 30), 40),
    8: (ECONOMY_ID, date(2026, 9, 15), 35),
}
