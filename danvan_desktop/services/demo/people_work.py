"""Receiving citizens, petitions, dialogues, the mood of the people: with invented names only."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from .entries import LAST, Chance, Entry, early, entry, iso, later, months, open_day, quiet
from .offices import CULTURE_ID, OFFICE_ID

_MATTERS = (
    ("feedback", "land_housing", "Đề nghị cấp đổi giấy chứng nhận quyền sử dụng đất do sai ranh giới"),
    ("feedback", "policy", "Hỏi về chế độ trợ cấp đối với người cao tuổi"),
    ("feedback", "other", "Phản ánh đường liên thôn hư hỏng, đọng nước"),
    ("feedback", "site_clearance", "Kiến nghị về đơn giá bồi thường cây trồng"),
    ("complaint", "land_housing", "Khiếu nại quyết định xử phạt lấn chiếm đất công"),
    ("complaint", "site_clearance", "Khiếu nại diện tích bị thu hồi trong phương án bồi thường"),
    ("feedback", "policy", "Đề nghị xem xét hộ cận nghèo"),
    ("feedback", "other", "Phản ánh trại chăn nuôi gây mùi hôi"),
)


def _open_days(year: int, month: int) -> list[date]:
    first = date(year, month, 1)
    days = [first + timedelta(days=offset) for offset in range(31)]
    return [day for day in days if day.month == month and open_day(day) and day <= LAST]


def receptions(chance: Chance) -> list[Entry]:
    """The chair receives once a week (Luật Tiếp công dân 2013, Đ15), the office every day."""
    result = []
    for year, month in months():
        days = _open_days(year, month)
        due = [day for day in days if day.weekday() == 3]
        if quiet(year, month):  # what Tết takes is made up for on other days
            due += [day for day in days if day.weekday() == 1][: max(0, 4 - len(due))]
        chosen = [(day, "periodic") for day in due if chance.yes(97)]
        chosen += [
            (chance.one(days), "regular")
            for _ in range(2 if quiet(year, month) else chance.between(3, 6) + 2 * early(year, month))
            if days
        ]
        if days and chance.yes(6):
            chosen.append((chance.one(days), "extraordinary"))
        result += [_reception(chance, day, kind) for day, kind in sorted(chosen)]
    return result


def _reception(chance: Chance, day: date, kind: str) -> Entry:
    petition_kind, _, content = chance.one(_MATTERS)
    group = kind == "extraordinary" or chance.yes(3)
    at_once = petition_kind == "feedback" and chance.yes(45)
    outcome = "answered_at_once" if at_once else chance.weighted({"accepted": 5, "guided": 3, "transferred": 2})
    replied = day if at_once else later(day, chance.between(16, 22) if chance.yes(6) else chance.between(4, 11))
    values: dict[str, Any] = {}
    if outcome == "guided":
        values = {"guided_to": "Văn phòng đăng ký đất đai khu vực", "guidance_no": f"{chance.between(10, 90)}/HD-VP"}
    if outcome == "transferred":
        values = {"transferred_to": "Phòng Kinh tế", "transfer_no": f"{chance.between(10, 90)}/PC-VP"}
    return entry(
        "citizen_reception",
        day,
        OFFICE_ID,
        villages=[chance.village()],
        received_on=iso(day),
        kind=kind,
        receiver="Chủ tịch UBND xã" if kind != "regular" else "Công chức tiếp công dân",
        people=chance.between(5, 11) if group else chance.weighted({1: 8, 2: 2, 3: 1}),
        petition_kind=petition_kind,
        visitor=chance.person(),
        address="Xã Vĩnh Thủy (địa chỉ mẫu)",
        content=content,
        case=f"VV-{day:%y%m}-{chance.between(1, 14):02d}",
        first_time="repeated" if chance.yes(18) else "first",
        in_jurisdiction=outcome not in ("guided", "transferred"),
        replied_on=iso(replied),
        reply_no=f"{chance.between(20, 300)}/UBND-VP" if not at_once and replied <= LAST else None,
        outcome=outcome,
        **values,
    )


def petitions(chance: Chance) -> list[Entry]:
    """Three or four a month, mostly feedback; a denunciation now and then, known by its file number only."""
    result = []
    for index, (year, month) in enumerate(months()):
        for _ in range(1 if quiet(year, month) else chance.between(2, 4) + early(year, month)):
            day = chance.working_day(year, month)
            if day <= LAST:
                result.append(_petition(chance, day))
        if index in (4, 13):
            result.append(_denunciation(chance, chance.working_day(year, month), index))
    return result


def _petition(chance: Chance, day: date) -> Entry:
    kind, field, content = chance.one(_MATTERS)
    ours = kind == "complaint" or chance.yes(80)
    values: dict[str, Any] = {"eligible": True, "in_jurisdiction": ours}
    if not ours:
        handled = later(day, chance.between(3, 7))
        values |= {"handling": chance.one(("guided", "transferred")), "handled_on": iso(handled)}
        if values["handled_on"]:
            values["document_no"] = f"{chance.between(20, 300)}/UBND-VP"
    else:
        accepted = later(day, chance.between(3, 8) if kind == "complaint" else chance.between(1, 2))
        values |= {"handling": "accepted", "accepted_on": accepted.isoformat()}
        if kind == "complaint":
            values["round"] = "first"
        # 30 days after acceptance for a complaint, 10 working days after receipt for the rest; now and then too late
        usual, slow = ((16, 26), (34, 44)) if kind == "complaint" else ((3, 8), (14, 20))
        span = chance.between(*(slow if chance.yes(9) else usual))
        resolved = later(accepted, span)
        if accepted > LAST:
            values = {"eligible": True, "in_jurisdiction": True}
        elif resolved <= LAST:
            right = {"right": 2, "partly_right": 3, "wrong": 4, "withdrawn": 1}
            values |= {
                "resolved_on": resolved.isoformat(),
                "outcome": chance.weighted(right) if kind == "complaint" else "answered",
                "decision_no": f"{chance.between(100, 900)}/{'QĐ' if kind == 'complaint' else 'CV'}-UBND",
            }
    return entry(
        "petition",
        day,
        OFFICE_ID,
        villages=[chance.village()],
        received_on=iso(day),
        source=chance.weighted({"direct": 5, "reception": 3, "post": 3, "superior": 1, "online": 1}),
        kind=kind,
        field=field,
        sender=chance.person(),
        address="Xã Vĩnh Thủy (địa chỉ mẫu)",
        people=chance.weighted({1: 9, 2: 2, 6: 1}),
        content=content,
        **values,
    )


def _denunciation(chance: Chance, day: date, number: int) -> Entry:
    accepted = later(day, 6)
    resolved = later(accepted, 24)
    return entry(
        "petition",
        day,
        OFFICE_ID,
        received_on=iso(day),
        source="post",
        kind="denunciation",
        field="civil_service",
        file_no=f"HS-{number:02d}/{day.year}",
        content="Nội dung tố cáo (mẫu) xem trong hồ sơ giấy",
        eligible=True,
        in_jurisdiction=True,
        handling="accepted",
        accepted_on=accepted.isoformat(),
        resolved_on=iso(resolved),
        outcome="wrong" if resolved <= LAST else None,
        decision_no=f"{chance.between(10, 60)}/KL-UBND" if resolved <= LAST else None,
    )


_DIALOGUES = (
    (date(2025, 3, 13), "thematic", "Đối thoại về sắp xếp đơn vị hành chính", 102),
    (date(2025, 5, 8), "periodic", "Đối thoại định kỳ 6 tháng đầu năm 2025", 118),
    (date(2025, 9, 18), "thematic", "Đối thoại về bồi thường, giải phóng mặt bằng", 74),
    (date(2025, 12, 11), "periodic", "Đối thoại định kỳ cuối năm 2025", 132),
    (date(2026, 3, 19), "thematic", "Đối thoại về sắp xếp thôn, tổ dân phố", 86),
    (date(2026, 5, 14), "periodic", "Đối thoại định kỳ 6 tháng đầu năm 2026", 141),
)
_OPINIONS = (
    ("land", "Đề nghị đẩy nhanh cấp giấy chứng nhận cho các hộ đã đo đạc"),
    ("infrastructure", "Kiến nghị sửa chữa kênh mương nội đồng trước vụ Hè Thu"),
    ("environment", "Đề nghị tăng số lần thu gom rác ở các thôn"),
    ("policy", "Hỏi về điều kiện hỗ trợ xóa nhà tạm"),
    ("procedures", "Kiến nghị bố trí thêm người hướng dẫn nộp hồ sơ trực tuyến"),
    ("security", "Phản ánh tình trạng trộm cắp vặt ban đêm"),
    ("production", "Đề nghị liên kết tiêu thụ nông sản"),
    ("land", "Kiến nghị về đơn giá bồi thường"),
)


def dialogues(chance: Chance) -> list[Entry]:
    """Two regular conferences a year and one on a theme, announced in time, answered within days."""
    result = []
    for day, kind, title, attendees in _DIALOGUES:
        opinions = []
        for topic, content in chance.some(_OPINIONS, 5, 8):
            at_once = chance.yes(60)
            due = later(day, 20)
            done = day if at_once else later(day, chance.between(8, 19))
            finished = done <= LAST
            opinions.append(
                {
                    "topic": topic,
                    "content": content,
                    "speaker_group": "Đại diện hộ dân",
                    "answered_at_once": at_once,
                    "due_on": due.isoformat(),
                    "status": "resolved" if finished else "in_progress",
                    **({"done_on": done.isoformat()} if finished else {}),
                    **({"unit": OFFICE_ID} if not at_once else {}),
                }
            )
        concluded = later(day, 5)
        result.append(
            entry(
                "dialogue_session",
                day,
                OFFICE_ID,
                note=title,
                held_on=iso(day),
                kind=kind,
                chair="Chủ tịch UBND xã",
                co_host="Ủy ban MTTQ Việt Nam xã",
                place="Hội trường Ủy ban nhân dân xã",
                mode="in_person",
                attendees=attendees,
                households=attendees - chance.between(6, 18),
                notice_on=(day - timedelta(days=chance.between(8, 12))).isoformat(),
                opinions=opinions,
                conclusion_no=f"{chance.between(30, 200)}/TB-UBND",
                conclusion_on=iso(concluded),
                published_on=iso(later(concluded, 2)),
                published_forms=["posting", "village_head", "portal"],
            )
        )
    return result


_SITUATIONS = (
    ("procedures", "normal", "Người dân quan tâm việc nộp hồ sơ trực tuyến và trả kết quả tại nhà"),
    ("organisation", "normal", "Dư luận đồng tình với việc sắp xếp tổ chức bộ máy theo Nghị quyết số 18-NQ/TW"),
    ("land_clearance", "attention", "Một số hộ chưa thống nhất đơn giá bồi thường tuyến đường liên xã"),
    ("livelihood", "normal", "Giá vật tư nông nghiệp tăng đầu vụ"),
    ("environment", "attention", "Phản ánh mùi hôi từ cơ sở chăn nuôi"),
    ("land_clearance", "complex", "Nhóm hộ tập trung kiến nghị về diện tích thu hồi"),
    ("infrastructure", "normal", "Đề nghị sớm sửa kênh mương"),
    ("policy", "normal", "Quan tâm tiến độ chi trả hỗ trợ"),
)


_CHANNELS = ("grassroots", "reception", "chat_groups", "grassroots", "organisations", "networks", "collaborators")


def situations(chance: Chance) -> list[Entry]:
    """One or two a month; most are settled, the newest are still being followed."""
    result = []
    for year, month in months():
        for _ in range(chance.between(1, 2) + early(year, month)):
            day = chance.working_day(year, month)
            if day > LAST:
                continue
            topic, severity, content = chance.one(_SITUATIONS)
            settled = later(day, chance.between(10, 45))
            result.append(
                entry(
                    "situation_report",
                    day,
                    CULTURE_ID,
                    villages=[chance.village()],
                    observed_on=iso(day),
                    channel=_CHANNELS[day.toordinal() % len(_CHANNELS)],
                    topic=topic,
                    severity=severity,
                    people_involved=chance.between(3, 60),
                    content=content,
                    measures="Gặp gỡ, giải thích; giao cơ quan chuyên môn trả lời bằng văn bản"
                    if severity != "normal"
                    else None,
                    status="resolved" if settled <= LAST else "in_progress",
                    resolved_on=iso(settled),
                )
            )
    return result
