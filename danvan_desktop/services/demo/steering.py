"""Papers, campaigns, models, disclosures and supervision of the commune's agencies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from .entries import LAST, Chance, Entry, entry, iso, later, months, quiet
from .offices import CULTURE_ID, ECONOMY_ID, OFFICE_ID, SERVICE_ID, VILLAGES

_COMMUNE = "Ủy ban nhân dân xã Vĩnh Thủy"
_SYMBOLS = {"plan": "KH-UBND", "official_letter": "UBND-VHXH", "decision": "QĐ-UBND", "notice": "TB-UBND",
            "report": "BC-UBND", "guidance": "HD-UBND"}  # fmt: skip
_SUBJECTS = (
    ("plan", "Thực hiện công tác dân vận chính quyền", 1),
    ("plan", "Kiểm tra việc thực hiện dân chủ ở cơ sở", 5),
    ("official_letter", "Đôn đốc các cơ quan, đơn vị thực hiện công tác dân vận", 1),
    ("official_letter", "Đăng ký mô hình “Dân vận khéo”", 3),
    ("official_letter", "Tuyên truyền kết quả đại hội Đảng các cấp", 2),
    ("decision", "Kiện toàn Tổ công tác dân vận của Ủy ban nhân dân xã", 1),
    ("notice", "Lịch tiếp công dân của Chủ tịch Ủy ban nhân dân xã", 6),
    ("guidance", "Công khai nội dung theo Luật Thực hiện dân chủ ở cơ sở", 5),
    ("official_letter", "Phối hợp vận động Nhân dân bàn giao mặt bằng", 8),
    ("report", "Kết quả công tác dân vận chính quyền", 1),
    ("official_letter", "Nắm tình hình dư luận về sắp xếp tổ chức bộ máy", 7),
    ("plan", "Đối thoại của người đứng đầu với Nhân dân", 6),
)


def documents(chance: Chance) -> list[Entry]:
    """Two or three papers issued a month, one in two months received from above."""
    result = []
    number = {2025: 4, 2026: 4}
    for year, month in months():
        for _ in range(1 if quiet(year, month) else chance.between(2, 3)):
            day = chance.working_day(year, month)
            if day > LAST:
                continue
            kind, subject, area = chance.one(_SUBJECTS)
            number[year] += chance.between(2, 9)
            due = later(day, chance.between(15, 60))
            result.append(
                entry(
                    "directive_document",
                    day,
                    CULTURE_ID,
                    direction="issued",
                    document_type=kind,
                    number_symbol=f"{number[year]:02d}/{_SYMBOLS[kind]}",
                    issued_on=iso(day),
                    issuer=_COMMUNE,
                    abstract=f"{subject} năm {year}" if kind in ("plan", "report") else subject,
                    areas=sorted({"area_1", f"area_{area}"}),
                    due_on=due.isoformat() if kind != "notice" else None,
                    completion="done" if due < LAST else "in_progress",
                )
            )
        if chance.yes(45):
            day = chance.working_day(year, month)
            if day <= LAST:
                result.append(
                    entry(
                        "directive_document",
                        day,
                        CULTURE_ID,
                        direction="incoming",
                        document_type="official_letter",
                        number_symbol=f"{chance.between(100, 1900)}/SNV-TCBC",
                        issued_on=iso(day),
                        received_on=iso(later(day, 2)),
                        issuer="Sở Nội vụ tỉnh Quảng Trị",
                        abstract="Hướng dẫn, đôn đốc công tác dân vận chính quyền",
                        areas=["area_1"],
                        completion="done",
                    )
                )
    return result


def communication(chance: Chance) -> list[Entry]:
    """Meetings, broadcasts, banners; many more before the congress of 2026."""
    result = []
    topics_2025 = {"law": 5, "reform_digital": 4, "resolution_18": 3, "skilful_mobilisation": 2, "commune_congress": 3}
    topics_2026 = {"congress_14": 6, "province_congress": 2, "commune_congress": 3, "law": 4, "reform_digital": 3,
                   "resolution_18": 2, "site_clearance": 2, "skilful_mobilisation": 2}  # fmt: skip
    for year, month in months():
        usual = chance.between(2, 3) if quiet(year, month) else chance.between(4, 7)
        for _ in range(usual):
            day = chance.working_day(year, month)
            if day <= LAST:
                result.append(_activity(chance, day, topics_2025 if year == 2025 else topics_2026))
    return result


def _activity(chance: Chance, day: date, topics: dict[str, int]) -> Entry:
    form = chance.weighted({"village_meeting": 6, "conference": 3, "legal_education": 3, "loudspeaker": 4,
                            "social_network": 3, "visual": 1})  # fmt: skip
    values: dict[str, Any] = {"sessions": 1}
    unit = CULTURE_ID
    if form in ("village_meeting", "conference", "legal_education"):
        values["attendees"] = chance.between(35, 95) if form == "village_meeting" else chance.between(60, 160)
    if form == "loudspeaker":
        unit = SERVICE_ID
        values["sessions"] = chance.between(4, 12)
        values["broadcast_minutes"] = values["sessions"] * chance.between(10, 15)
    if form == "social_network":
        unit = SERVICE_ID
        values["reach"] = chance.between(400, 3200)
    if form == "visual":
        values["products"] = chance.between(6, 40)
    place = ["remote"] if chance.yes(20) else ["religious"] if chance.yes(8) else None
    return entry(
        "communication_activity",
        day,
        unit,
        villages=[chance.village()] if form == "village_meeting" else (),
        held_on=iso(day),
        form=form,
        topics=[chance.weighted(topics)],
        place_groups=place,
        **values,
    )


_MODELS = (
    ("Tuyến đường hoa do Nhân dân tự quản", "culture_society", "collective", 2025, "recognised"),
    ("Vận động hiến đất mở rộng đường liên thôn", "economy", "collective", 2025, "replicated"),
    ("Tổ hòa giải “ba cùng” ở thôn", "political_system", "collective", 2025, "recognised"),
    ("Camera an ninh thắp sáng đường quê", "defence_security", "collective", 2025, "honoured"),
    ("Giúp nhau giống, vốn phát triển chăn nuôi bò", "economy", "collective", 2025, "recognised"),
    ("Người cao tuổi gương mẫu trong xây dựng hương ước", "culture_society", "individual", 2025, "not_recognised"),
    ("Chợ phiên nông sản sạch cuối tuần", "economy", "collective", 2025, "discontinued"),
    ("Thôn không rác thải nhựa", "culture_society", "collective", 2026, "in_progress"),
    ("Tiếng loa dân vận buổi sớm", "political_system", "collective", 2026, "launched"),
    ("Liên kết trồng lúa hữu cơ theo cánh đồng lớn", "economy", "collective", 2026, "in_progress"),
    ("Tổ tự quản an ninh trật tự liên gia", "defence_security", "collective", 2026, "listed"),
    ("Bí thư chi bộ khéo vận động giải phóng mặt bằng", "political_system", "individual", 2026, "self_assessed"),
    ("Dòng họ hiếu học, khuyến học", "culture_society", "collective", 2026, "registered"),
)
_PATH = ("registered", "listed", "launched", "in_progress", "self_assessed", "appraised")


def models(chance: Chance) -> list[Entry]:
    """Models registered early in the year and carried along their stages."""
    result = []
    for index, (name, field, subject, year, reached) in enumerate(_MODELS):
        day = later(date(year, 2, 24), index % 7 * 3)
        stages = _stages(chance, day, reached)
        recognised = next((row["on"] for row in stages if row["stage"] == "recognised"), None)
        going = reached not in ("registered", "listed")
        money = going and field in ("economy", "culture_society", "defence_security")
        result.append(
            entry(
                "mobilisation_model",
                day,
                CULTURE_ID,
                villages=[str(VILLAGES[index % len(VILLAGES)].id)],
                name=name,
                kind="exemplar" if subject == "individual" else "model",
                subject=subject,
                field=field,
                registered_on=iso(day),
                continuing="continued" if index in (2, 8) else "new",
                owner=f"Ban công tác Mặt trận thôn {VILLAGES[index % len(VILLAGES)].name}",
                started_on=next((row["on"] for row in stages if row["stage"] in ("launched", "in_progress")), None),
                stages=stages,
                effective=reached in ("recognised", "replicated", "honoured", "in_progress", "self_assessed") or None,
                households=chance.between(18, 120) if going else None,
                people=chance.between(60, 420) if going else None,
                funds_people=chance.between(8, 90) * 1_000_000 if money else None,
                funds_budget=chance.between(5, 40) * 1_000_000 if money and chance.yes(50) else None,
                labour_days=chance.between(20, 260) if going else None,
                land_m2=chance.between(300, 1400) * 10 if "hiến đất" in name else None,
                recognised_level="commune" if recognised else None,
                recognised_on=recognised,
                decision_no=f"{chance.between(200, 900)}/QĐ-UBND" if recognised else None,
                replications=[{"place": f"Thôn {VILLAGES[5].name}", "on": "2026-03-20"}]
                if reached == "replicated"
                else None,
            )
        )
    return result


def _stages(chance: Chance, start: date, reached: str) -> list[dict[str, str]]:
    if reached in _PATH:
        path = list(_PATH[: _PATH.index(reached) + 1])
    elif reached == "discontinued":
        path = [*_PATH[:4], "discontinued"]
    elif reached == "not_recognised":
        path = [*_PATH, "not_recognised"]
    else:
        path = [*_PATH, "recognised", *([reached] if reached != "recognised" else [])]
    gap = 12 if start.year == 2026 else 38
    rows, day = [], start
    for stage in path:
        rows.append({"stage": stage, "on": min(day, LAST).isoformat()})
        day = later(day, gap + chance.between(0, 6))
    return rows


_DISCLOSED = (
    ("item_2", "Dự toán, kết quả thực hiện ngân sách xã"),
    ("item_3", "Phương án bồi thường, hỗ trợ khi Nhà nước thu hồi đất"),
    ("item_7", "Danh sách hộ được hỗ trợ, trợ cấp xã hội"),
    ("item_1", "Kế hoạch và kết quả phát triển kinh tế - xã hội"),
    ("item_12", "Mức thu phí, lệ phí do xã trực tiếp thu"),
    ("item_5", "Kết quả huy động, sử dụng quỹ do Nhân dân đóng góp"),
    ("item_10", "Kết quả thanh tra, kiểm tra, xử lý kỷ luật"),
    ("item_13", "Danh mục thủ tục hành chính thuộc thẩm quyền cấp xã"),
    ("item_6", "Kế hoạch đầu tư, mua sắm tài sản công"),
    ("item_11", "Kế hoạch lấy ý kiến và kết quả tiếp thu ý kiến Nhân dân"),
    ("item_9", "Danh sách thanh niên đủ điều kiện gọi nhập ngũ"),
)


def disclosures(chance: Chance) -> list[Entry]:
    """Three or four items a month; one in fifteen is published late."""
    result = []
    for year, month in months():
        for _ in range(2 if quiet(year, month) else chance.between(3, 4)):
            decided = chance.working_day(year, month)
            if decided > LAST:
                continue
            item, title = chance.one(_DISCLOSED)
            day = later(decided, chance.between(9, 13) if chance.yes(7) else chance.between(1, 5))
            published = day if day <= LAST else None
            spoken = item in ("item_7", "item_9", "item_10", "item_11", "item_12")
            permanent = item == "item_13"
            until = published + timedelta(days=chance.between(30, 36)) if published and not permanent else None
            forms = ["posting", "portal", *(["loudspeaker", "village_head"] if spoken else [])]
            result.append(
                entry(
                    "public_disclosure",
                    decided,
                    chance.one((OFFICE_ID, ECONOMY_ID, CULTURE_ID)),
                    item=item,
                    title=f"{title} ({month:02d}/{year})",
                    decided_on=iso(decided),
                    published_on=iso(published),
                    forms=forms if published else None,
                    on_portal=True if published else None,
                    broadcast_days=chance.between(3, 5) if spoken and published else None,
                    permanent=True if permanent else None,
                    posted_from=iso(published),
                    posted_to=until.isoformat() if until else None,
                )
            )
    return result


def supervision(chance: Chance) -> list[Entry]:
    """The Front and the organisations look over the shoulder of the committee."""
    result = []
    subjects = (
        ("supervision", "Việc chi trả chính sách bảo trợ xã hội"),
        ("critique", "Dự thảo phương án bồi thường, giải phóng mặt bằng tuyến đường liên xã"),
        ("supervision", "Việc thu, chi các khoản đóng góp của Nhân dân"),
        ("comment", "Dự thảo kế hoạch phát triển kinh tế - xã hội"),
        ("supervision", "Việc tiếp nhận và giải quyết thủ tục hành chính"),
        ("comment", "Dự thảo quy chế thực hiện dân chủ ở xã"),
    )
    bodies = ("fatherland_front", "farmers", "women", "youth", "veterans")
    for index, (year, month) in enumerate(months()):
        if index % 2 == 0 and not quiet(year, month):
            day = chance.working_day(year, month)
            if day > LAST:
                continue
            kind, subject = subjects[index // 2 % len(subjects)]
            made = chance.between(1, 5)
            accepted = made - (1 if made > 3 else 0)
            result.append(
                entry(
                    "social_supervision",
                    day,
                    CULTURE_ID,
                    held_on=iso(day),
                    body=bodies[index // 2 % len(bodies)],
                    kind=kind,
                    subject=subject,
                    recommendations=made,
                    accepted=accepted,
                    done=max(0, accepted - (1 if day > date(2026, 4, 1) else 0)),
                    answer_no=f"{chance.between(40, 400)}/UBND-VHXH",
                )
            )
    return result
