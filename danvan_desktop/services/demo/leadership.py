"""Meetings, inspections, assignments, news, commendations, feedback, reform tasks, organisation, context figures."""

from __future__ import annotations

from datetime import date

from .entries import LAST, Chance, Entry, early, entry, iso, later, months, open_day, quiet
from .offices import CENTRE_ID, CULTURE_ID, OFFICE_ID, SERVICE_ID

# day, kind, what it was about, people, staff among them, staff who should have come
_MEETINGS = (
    (
        date(2025, 1, 16),
        "dissemination",
        "Quán triệt Chỉ thị số 33/CT-TTg và Kế hoạch công tác dân vận năm 2025",
        74,
        49,
        52,
    ),
    (date(2025, 4, 10), "briefing", "Giao ban công tác dân vận quý I năm 2025", 22, 18, 20),
    (date(2025, 6, 12), "interim", "Sơ kết công tác dân vận chính quyền 6 tháng đầu năm 2025", 38, 30, 32),
    (
        date(2025, 7, 10),
        "dissemination",
        "Triển khai công tác dân vận khi tổ chức chính quyền địa phương 02 cấp",
        81,
        57,
        60,
    ),
    (date(2025, 10, 9), "briefing", "Giao ban công tác dân vận quý III năm 2025", 24, 19, 21),
    (date(2025, 11, 27), "honouring", "Ra mắt mô hình “Tiếng loa dân vận buổi sớm”", 66, 12, None),
    (date(2025, 12, 11), "final", "Tổng kết công tác dân vận chính quyền năm 2025", 52, 41, 43),
    (date(2025, 12, 18), "honouring", "Biểu dương mô hình, điển hình “Dân vận khéo” năm 2025", 90, 34, None),
    (date(2026, 2, 26), "dissemination", "Quán triệt Kế hoạch công tác dân vận chính quyền năm 2026", 79, 55, 58),
    (date(2026, 3, 26), "dissemination", "Học tập Nghị quyết Đại hội XIV của Đảng về công tác dân vận", 96, 56, 58),
    (date(2026, 4, 9), "briefing", "Giao ban công tác dân vận quý I năm 2026", 25, 20, 21),
)
_INSPECTIONS = (
    (date(2025, 5, 21), "regular", False, ("Trường Tiểu học (mẫu)", "Trạm Y tế (mẫu)"), 5, 5, "14/TB-UBND"),
    (date(2025, 9, 25), "regular", True, ("Trường THCS (mẫu)", "Trung tâm Dịch vụ tổng hợp"), 6, 5, "31/TB-UBND"),
    (
        date(2026, 4, 22),
        "regular",
        True,
        ("Trung tâm Phục vụ hành chính công", "Trạm Y tế (mẫu)", "Trường Mầm non (mẫu)"),
        7,
        5,
        "22/TB-UBND",
    ),
)
_ASSIGNED = (
    (date(2025, 7, 8), "Chủ tịch Ủy ban nhân dân xã", "Phụ trách chung công tác dân vận chính quyền"),
    (date(2025, 7, 8), "Phó Chủ tịch Ủy ban nhân dân xã", "Văn hóa - xã hội, dân chủ ở cơ sở"),
    (date(2025, 7, 8), "Trưởng phòng Văn hóa - Xã hội", "Tham mưu, tổng hợp công tác dân vận"),
    (date(2026, 2, 11), "Công chức phòng Văn hóa - Xã hội", "Theo dõi, báo cáo công tác dân vận"),
)
_NEWS = (
    ("activity", "Hội nghị đối thoại với Nhân dân"),
    ("activity", "Ngày Chủ nhật xanh ở khu dân cư"),
    ("policy", "Hướng dẫn nộp hồ sơ trực tuyến"),
    ("policy", "Chính sách hỗ trợ hộ nghèo, cận nghèo"),
    ("good_example", "Gương “Dân vận khéo” trong hiến đất làm đường"),
    ("activity", "Ra quân tổng vệ sinh môi trường"),
    ("policy", "Quy định mới về cư trú"),
    ("good_example", "Bí thư chi bộ khéo vận động Nhân dân"),
    ("other", "Lịch tiếp công dân của lãnh đạo xã"),
)
_COMMENDED = (
    (date(2025, 3, 20), "merit_paper", "commune", "individual"),
    (date(2025, 12, 18), "merit_paper", "commune", "collective"),
    (date(2025, 12, 18), "merit_paper", "commune", "collective"),
    (date(2025, 12, 18), "merit_paper", "commune", "individual"),
    (date(2025, 12, 18), "praise", "commune", "individual"),
    (date(2026, 1, 22), "merit_certificate", "province", "collective"),
)
_GROUPS = ("Chi bộ thôn Mẫu Đông", "Chi hội Phụ nữ thôn Thử Hạ", "Tổ dân vận thôn Bến Mẫu")
_FEEDBACK = (
    ("procedures", "Hỏi vì sao hồ sơ đất đai phải bổ sung giấy tờ"),
    ("procedures", "Đề nghị niêm yết rõ phí chứng thực"),
    ("procedures", "Tài khoản dịch vụ công không đăng nhập được"),
    ("attitude", "Góp ý việc hướng dẫn tại quầy còn nhanh"),
    ("other", "Đề nghị bố trí thêm ghế chờ"),
    ("other", "Đề nghị mở cửa sớm vào mùa hè"),
)
_TASKS = (
    (
        date(2025, 2, 20),
        "procedures",
        "Rà soát, cắt giảm thời gian giải quyết 12 thủ tục",
        date(2025, 9, 30),
        date(2025, 9, 18),
        False,
    ),
    (
        date(2025, 2, 20),
        "digital_government",
        "Số hóa hồ sơ hộ tịch còn lại",
        date(2025, 12, 15),
        date(2025, 12, 9),
        False,
    ),
    (
        date(2025, 3, 4),
        "civil_service",
        "Mô hình “Nụ cười công sở” tại bộ phận một cửa",
        date(2025, 6, 30),
        date(2025, 6, 20),
        True,
    ),
    (
        date(2025, 7, 15),
        "apparatus",
        "Hoàn thiện quy chế làm việc sau sắp xếp",
        date(2025, 8, 31),
        date(2025, 8, 26),
        False,
    ),
    (
        date(2025, 10, 28),
        "digital_government",
        "Lắp màn hình tra cứu hồ sơ tại nhà văn hóa thôn",
        date(2026, 3, 31),
        date(2026, 3, 24),
        True,
    ),
    (
        date(2026, 1, 20),
        "procedures",
        "Tái cấu trúc quy trình liên thông khai sinh",
        date(2026, 4, 30),
        date(2026, 4, 28),
        False,
    ),
    (
        date(2026, 2, 24),
        "digital_government",
        "Thành lập, tập huấn tổ công nghệ số cộng đồng ở 12 thôn",
        date(2026, 5, 10),
        date(2026, 5, 6),
        False,
    ),
    (date(2026, 3, 10), "institutions", "Rà soát văn bản do xã ban hành", date(2026, 6, 30), None, False),
    (
        date(2026, 3, 10),
        "public_finance",
        "Công khai dự toán trên cổng thông tin",
        date(2026, 4, 15),
        date(2026, 4, 10),
        False,
    ),
)
# figure → values at the ends of 2024 and 2025, at one decimal digit
_FIGURES: dict[str, tuple[int, int]] = {
    "area_ha": (68420, 68420),
    "villages": (120, 120),
    "households": (31070, 31480),
    "population": (118650, 119240),
    "religious_places": (30, 30),
    "poor_households": (1120, 960),
    "near_poor_households": (1340, 1210),
    "income_per_head": (528, 571),
    "schools": (70, 70),
    "health_stations": (10, 10),
    "staff": (560, 600),
    "staff_assigned": (600, 620),
    "procedures_published": (3780, 4060),
    "procedures_in_jurisdiction": (3780, 4060),
    "reform_index": (846, 872),
    "signed_documents_rate": (981, 1000),
    "staff_with_certificate_rate": (893, 967),
    "digital_groups": (90, 120),
    "vneid_rate": (762, 845),
    "party_members_studied_rate": (964, 978),
    "civic_contents_planned": (300, 320),
    "civic_contents_done": (260, 290),
}


def meetings() -> list[Entry]:
    """Meetings of the commune; where staff were counted, how many should have come."""
    return [
        entry(
            "implementation_meeting", day, CULTURE_ID, held_on=iso(day), kind=kind, mode="in_person", content=about,
            chair="Lãnh đạo Ủy ban nhân dân xã", place="Hội trường Ủy ban nhân dân xã", attendees=people,
            staff_attendees=staff, staff_total=expected,
        )
        for day, kind, about, people, staff, expected in _MEETINGS
    ]  # fmt: skip


def inspections() -> list[Entry]:
    """Inspections of civic work, with the units visited."""
    return [
        entry(
            "civic_work_inspection", later(day, 3), CULTURE_ID, held_on=iso(day), kind=kind, joint_with_democracy=joint,
            units_inspected=[{"unit": unit, "finding": "Cơ bản thực hiện đúng kế hoạch"} for unit in units],
            recommendations=made, recommendations_done=done, conclusion_no=number,
        )
        for day, kind, joint, units, made, done, number in _INSPECTIONS
    ]  # fmt: skip


def assignments(chance: Chance) -> list[Entry]:
    return [
        entry(
            "responsibility_assignment", day, CULTURE_ID, assigned_on=iso(day), person=chance.person(),
            position=position, scope=scope, decision_no=f"{40 + at}/QĐ-UBND",
        )
        for at, (day, position, scope) in enumerate(_ASSIGNED)
    ]  # fmt: skip


def news(chance: Chance) -> list[Entry]:
    """News of the general service centre: most on the portal, fewer around Tết."""
    result = []
    for year, month in months():
        count = chance.between(3, 4) if quiet(year, month) else chance.between(5, 8) + (3 if early(year, month) else 0)
        for _ in range(count):
            topic, title = chance.one(_NEWS)
            channel = chance.weighted({"portal": 50, "zalo": 20, "facebook": 15, "loudspeaker": 12, "press": 3})
            day = chance.working_day(year, month)
            if day <= LAST:
                result.append(
                    entry(
                        "media_item", day, SERVICE_ID, published_on=iso(day), title=title, channel=channel,
                        genre=chance.weighted({"news": 70, "article": 20, "photo": 10}), topic=topic,
                        rebuts_false_information=True if topic == "policy" and chance.yes(12) else None,
                        reach=chance.between(80, 900) if channel in ("zalo", "facebook") else None,
                    )
                )  # fmt: skip
    return result


def commendations(chance: Chance) -> list[Entry]:
    groups = iter(_GROUPS)
    return [
        entry(
            "commendation", day, CULTURE_ID, decided_on=iso(day), decision_no=f"{210 + at}/QĐ-UBND", form=form,
            level=level, subject=subject, name=next(groups) if subject == "collective" else chance.person(),
            achievement="Có thành tích trong phong trào thi đua “Dân vận khéo”",
        )
        for at, (day, form, level, subject) in enumerate(_COMMENDED)
    ]  # fmt: skip


def feedback(chance: Chance, unit: str) -> list[Entry]:
    """What people said of procedures and of the desk: nearly all answered, nearly all in term."""
    result = []
    for year, month in months():
        for _ in range(chance.between(0, 1) if quiet(year, month) else chance.between(1, 2)):
            day = chance.working_day(year, month)
            if day > LAST:
                continue
            about, content = chance.one(_FEEDBACK)
            answered = later(day, chance.between(18, 22) if chance.yes(5) else chance.between(2, 11))
            known = answered <= LAST
            result.append(
                entry(
                    "citizen_feedback", answered if known else day, unit, received_on=iso(day),
                    channel=chance.weighted({"hotline": 30, "portal": 30, "letter_box": 20, "direct": 20}), about=about,
                    content=content, sender=chance.person(), handling_unit=unit,
                    answered_on=iso(answered) if known else None, status="answered" if known else "open",
                )
            )  # fmt: skip
    return result


def reform(chance: Chance) -> list[Entry]:
    """Reform tasks of the year, and the reorganisation of July 2025."""
    result = [
        entry(
            "reform_task", day, OFFICE_ID, assigned_on=iso(day), group=group, content=content, due_on=due.isoformat(),
            done_on=iso(done), initiative=True if initiative else None,
        )
        for day, group, content, due, done, initiative in _TASKS
    ]  # fmt: skip
    day = date(2025, 7, 2)
    result.append(
        entry(
            "organisation_change", day, OFFICE_ID, decided_on=iso(day), decision_no="02/QĐ-UBND", kind="merge",
            units_before=9, units_after=5, staff_before=64, staff_after=62,
            content="Sắp xếp cơ quan chuyên môn khi tổ chức chính quyền địa phương 02 cấp",
        )
    )  # fmt: skip
    day = date(2026, 4, 7)
    result.append(
        entry("organisation_change", day, OFFICE_ID, decided_on=iso(day), decision_no="58/QĐ-UBND", kind="personnel",
              content="Kiện toàn Tổ công tác dân vận của Ủy ban nhân dân xã")
    )  # fmt: skip
    return result


def figures() -> list[Entry]:
    """The background figures at the ends of two years, entered in January."""
    result = []
    for year, place in ((2024, 0), (2025, 1)):
        entered = later(date(year + 1, 1, 6), 0)
        assert open_day(entered)
        result += [
            entry("context_figure", entered, CULTURE_ID, as_of=f"{year}-12-31", figure=key, value=values[place],
                  source="Thống kê xã (số liệu mẫu)")
            for key, values in _FIGURES.items()
        ]  # fmt: skip
    return result


def hub(chance: Chance) -> list[Entry]:
    """Everything of these forms at the hub."""
    return [
        *meetings(), *inspections(), *assignments(chance), *news(chance), *commendations(chance),
        *feedback(chance, OFFICE_ID), *reform(chance), *figures(),
    ]  # fmt: skip


def centre(chance: Chance) -> list[Entry]:
    """What the service centre keeps of them: what people said."""
    return feedback(chance, CENTRE_ID)
