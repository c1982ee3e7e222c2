"""Papers, campaigns, models, disclosures and supervision of the commune's agencies."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from .entries import LAST, Chance, Entry, early, entry, iso, later, months, quiet
from .offices import CULTURE_ID, ECONOMY_ID, OFFICE_ID, SERVICE_ID, VILLAGES

_COMMUNE = "Ủy ban nhân dân xã Vĩnh Thủy"
_SYMBOLS = {"plan": "KH-UBND", "official_letter": "UBND-VHXH", "decision": "QĐ-UBND", "notice": "TB-UBND",
            "report": "BC-UBND", "guidance": "HD-UBND"}  # fmt: skip
# what a commune issues in a year: day, type, subject, task area, days given for the work (0: no task in it)
_ISSUED = (
    (date(2025, 1, 8), "plan", "Thực hiện công tác dân vận chính quyền năm 2025", 1, 90),
    (date(2025, 1, 14), "official_letter", "Vận động Nhân dân đón Tết Nguyên đán an toàn, tiết kiệm", 2, 15),
    (date(2025, 1, 20), "notice", "Lịch tiếp công dân năm 2025 của Chủ tịch Ủy ban nhân dân xã", 6, 0),
    (date(2025, 2, 12), "decision", "Kiện toàn Tổ công tác dân vận của Ủy ban nhân dân xã", 1, 0),
    (date(2025, 2, 19), "official_letter", "Đăng ký mô hình “Dân vận khéo” năm 2025", 3, 20),
    (date(2025, 2, 27), "plan", "Đối thoại của người đứng đầu với Nhân dân năm 2025", 6, 60),
    (date(2025, 3, 6), "guidance", "Công khai nội dung theo Luật Thực hiện dân chủ ở cơ sở", 5, 30),
    (date(2025, 3, 13), "official_letter", "Phối hợp vận động Nhân dân bàn giao mặt bằng", 8, 45),
    (date(2025, 3, 25), "official_letter", "Tuyên truyền đại hội Đảng các cấp", 2, 60),
    (date(2025, 4, 8), "official_letter", "Nắm tình hình dư luận về sắp xếp tổ chức bộ máy", 7, 30),
    (date(2025, 4, 16), "plan", "Kiểm tra việc thực hiện dân chủ ở cơ sở năm 2025", 5, 45),
    (date(2025, 5, 6), "official_letter", "Đôn đốc báo cáo công tác dân vận 6 tháng đầu năm 2025", 1, 15),
    (date(2025, 5, 27), "report", "Kết quả công tác dân vận chính quyền 6 tháng đầu năm 2025", 1, 0),
    (date(2025, 7, 8), "decision", "Kiện toàn Tổ công tác dân vận sau sắp xếp tổ chức bộ máy", 1, 0),
    (date(2025, 7, 22), "official_letter", "Hướng dẫn Nhân dân sử dụng dịch vụ công trực tuyến", 4, 45),
    (date(2025, 8, 14), "official_letter", "Rà soát tiến độ xây dựng mô hình “Dân vận khéo”", 3, 20),
    (date(2025, 9, 9), "plan", "Đối thoại về bồi thường, giải phóng mặt bằng", 6, 15),
    (date(2025, 10, 21), "official_letter", "Đôn đốc báo cáo công tác dân vận năm 2025", 1, 10),
    (date(2025, 10, 30), "report", "Kết quả công tác dân vận chính quyền năm 2025", 1, 0),
    (date(2025, 11, 11), "official_letter", "Phối hợp vận động Nhân dân bàn giao mặt bằng", 8, 60),
    (date(2025, 12, 4), "decision", "Công nhận mô hình “Dân vận khéo” năm 2025", 3, 0),
    (date(2025, 12, 16), "notice", "Lịch tiếp công dân năm 2026 của Chủ tịch Ủy ban nhân dân xã", 6, 0),
    (date(2026, 1, 6), "plan", "Tuyên truyền Đại hội đại biểu toàn quốc lần thứ XIV của Đảng", 2, 60),
    (date(2026, 1, 27), "official_letter", "Vận động Nhân dân đón Tết Nguyên đán an toàn, tiết kiệm", 2, 20),
    (date(2026, 2, 11), "plan", "Thực hiện công tác dân vận chính quyền năm 2026", 1, 90),
    (date(2026, 2, 25), "official_letter", "Đăng ký mô hình “Dân vận khéo” năm 2026", 3, 20),
    (date(2026, 3, 5), "plan", "Đối thoại của người đứng đầu với Nhân dân năm 2026", 6, 60),
    (date(2026, 3, 12), "guidance", "Công khai nội dung theo Luật Thực hiện dân chủ ở cơ sở", 5, 30),
    (date(2026, 3, 24), "official_letter", "Học tập, tuyên truyền Nghị quyết Đại hội XIV của Đảng", 2, 45),
    (date(2026, 4, 7), "decision", "Kiện toàn Tổ công tác dân vận của Ủy ban nhân dân xã", 1, 0),
    (date(2026, 4, 16), "plan", "Kiểm tra việc thực hiện dân chủ ở cơ sở năm 2026", 5, 60),
    (date(2026, 5, 7), "official_letter", "Đôn đốc báo cáo công tác dân vận 6 tháng đầu năm 2026", 1, 13),
)
# papers of a type a commune of this size issues by the end of a month, on the average
_A_MONTH = {"plan": 9, "official_letter": 62, "decision": 41, "notice": 12, "report": 16, "guidance": 1}
_RECEIVED = (
    (date(2025, 2, 18), "214/SNV-CCHC", "Hướng dẫn thực hiện công tác dân vận chính quyền năm 2025"),
    (date(2025, 3, 20), "402/SNV-CCHC", "Rà soát, đăng ký mô hình “Dân vận khéo”"),
    (date(2025, 4, 24), "655/SNV-CCHC", "Đôn đốc báo cáo công tác dân vận 6 tháng đầu năm 2025"),
    (date(2025, 7, 15), "1120/SNV-CCHC", "Công tác dân vận khi tổ chức chính quyền địa phương 02 cấp"),
    (date(2025, 9, 16), "1588/SNV-CCHC", "Tăng cường thực hiện dân chủ ở cơ sở"),
    (date(2025, 10, 17), "1764/SNV-CCHC", "Đôn đốc báo cáo công tác dân vận năm 2025"),
    (date(2025, 12, 18), "2231/SNV-CCHC", "Nắm tình hình Nhân dân dịp Tết Nguyên đán Bính Ngọ"),
    (date(2026, 3, 17), "389/SNV-CCHC", "Hướng dẫn đăng ký mô hình “Dân vận khéo” năm 2026"),
    (date(2026, 5, 5), "702/SNV-CCHC", "Đôn đốc báo cáo công tác dân vận 6 tháng đầu năm 2026"),
)


def documents(chance: Chance) -> list[Entry]:
    """What the commune issued, numbered by type and year in the order of days, and what it received from above."""
    result = []
    for day, kind, subject, area, days in _ISSUED:
        number = max(1, _A_MONTH[kind] * (day.timetuple().tm_yday - 1) // 30 + chance.between(0, 1))
        due = later(day, days) if days else None
        result.append(
            entry(
                "directive_document",
                day,
                CULTURE_ID,
                direction="issued",
                document_type=kind,
                number_symbol=f"{number:02d}/{_SYMBOLS[kind]}",
                issued_on=iso(day),
                issuer=_COMMUNE,
                abstract=subject,
                areas=sorted({"area_1", f"area_{area}"}),
                due_on=due.isoformat() if due else None,
                completion="done" if due is None or due < LAST else "in_progress",
            )
        )
    for day, symbol, subject in _RECEIVED:
        result.append(_received(day, symbol, "official_letter", "Sở Nội vụ tỉnh Quảng Trị", subject))
    plan = "Thực hiện công tác dân vận trong các cơ quan hành chính nhà nước và chính quyền 02 cấp năm 2026"
    result.append(_received(date(2026, 2, 3), "450/KH-UBND", "plan", "Ủy ban nhân dân tỉnh Quảng Trị", plan))
    return result


def _received(day: date, symbol: str, kind: str, issuer: str, subject: str) -> Entry:
    return entry(
        "directive_document",
        later(day, 2),
        CULTURE_ID,
        direction="incoming",
        document_type=kind,
        number_symbol=symbol,
        issued_on=iso(day),
        received_on=iso(later(day, 2)),
        issuer=issuer,
        abstract=subject,
        areas=["area_1"],
        completion="done",
    )


def communication(chance: Chance) -> list[Entry]:
    """Meetings, broadcasts, banners; many more before the congress of 2026."""
    result = []
    topics_2025 = {"law": 5, "reform_digital": 4, "resolution_18": 3, "skilful_mobilisation": 2, "commune_congress": 3}
    topics_2026 = {"congress_14": 6, "province_congress": 2, "commune_congress": 3, "law": 4, "reform_digital": 3,
                   "resolution_18": 2, "site_clearance": 2, "skilful_mobilisation": 2}  # fmt: skip
    for year, month in months():
        usual = chance.between(2, 3) if quiet(year, month) else chance.between(4, 7)
        usual += 4 if early(year, month) else 0
        for _ in range(usual):
            day = chance.working_day(year, month)
            if day <= LAST:
                result.append(_activity(chance, day, topics_2025 if year == 2025 else topics_2026))
    return result


def _activity(chance: Chance, day: date, topics: dict[str, int]) -> Entry:
    form = chance.weighted({"village_meeting": 6, "conference": 3, "legal_education": 3, "loudspeaker": 4,
                            "social_network": 3, "visual": 2})  # fmt: skip
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
    ("Góp công, hiến đất làm đường nội đồng", "economy", "collective", 2026, "in_progress"),
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
                owner=_owner(name, subject, VILLAGES[index % len(VILLAGES)].name),
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


def _owner(name: str, subject: str, village: str) -> str:
    if subject == "collective":
        return f"Ban công tác Mặt trận thôn {village}"
    return f"Bí thư chi bộ thôn {village}" if name.startswith("Bí thư") else f"Hội viên người cao tuổi thôn {village}"


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
    """Three or four items a month; one in thirteen is published late."""
    result: list[Entry] = []
    for year, month in months():
        for _ in range(2 if quiet(year, month) else chance.between(3, 4) + early(year, month)):
            decided = chance.working_day(year, month)
            if decided > LAST:
                continue
            item, title = chance.one(_DISCLOSED)
            slow = len(result) % 13 == 8
            day = later(decided, chance.between(9, 13) if slow else chance.between(1, 5))
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


_SUPERVISED = ((2025, 2), (2025, 3), (2025, 4), (2025, 8), (2025, 9), (2025, 11), (2026, 1), (2026, 3), (2026, 4))


def supervision(chance: Chance) -> list[Entry]:
    """The Front and the organisations look over the shoulder of the committee."""
    result: list[Entry] = []
    subjects = (
        ("supervision", "Việc chi trả chính sách bảo trợ xã hội"),
        ("critique", "Dự thảo phương án bồi thường, giải phóng mặt bằng tuyến đường liên xã"),
        ("supervision", "Việc thu, chi các khoản đóng góp của Nhân dân"),
        ("comment", "Dự thảo kế hoạch phát triển kinh tế - xã hội"),
        ("supervision", "Việc tiếp nhận và giải quyết thủ tục hành chính"),
        ("comment", "Dự thảo quy chế thực hiện dân chủ ở xã"),
    )
    bodies = ("fatherland_front", "farmers", "women", "youth", "veterans")
    for index, (year, month) in enumerate(_SUPERVISED):
        day = chance.working_day(year, month)
        if day > LAST:
            continue
        kind, subject = subjects[index % len(subjects)]
        made = chance.between(1, 5)
        accepted = made - (1 if made > 3 else 0)
        result.append(
            entry(
                "social_supervision",
                day,
                CULTURE_ID,
                held_on=iso(day),
                body=bodies[index % len(bodies)],
                kind=kind,
                subject=subject,
                recommendations=made,
                accepted=accepted,
                done=max(0, accepted - (1 if day > date(2026, 4, 1) else 0)),
                answer_no=f"{chance.between(40, 400)}/UBND-VHXH",
            )
        )
    return result
