"""The people's meetings, conventions, mediation, boards, conferences, inspections: democracy of the commune."""

from __future__ import annotations

from datetime import date
from typing import Any

from .entries import LAST, Chance, Entry, early, entry, iso, later, months, quiet
from .offices import CENTRE_ID, CULTURE_ID, ECONOMY_ID, OFFICE_ID, SERVICE_ID, VILLAGES

HOUSEHOLDS = {place.id: 118 + 13 * number for number, place in enumerate(VILLAGES)}
_DECISIONS = ("decide_1", "decide_2", "decide_6", "decide_1")
_CONSULTATIONS = ("comment_3", "comment_1", "comment_4", "comment_6")


def meetings(chance: Chance) -> list[Entry]:
    """One to three a month; every village holds its conference at the end of the year."""
    result = []
    for year, month in months():
        for _ in range(1 if quiet(year, month) else chance.between(1, 3) + 2 * early(year, month)):
            day = chance.working_day(year, month)
            if day <= LAST:
                result.append(_meeting(chance, day))
    for year, month, held in ((2025, 1, VILLAGES[:11]), (2025, 12, VILLAGES)):
        for number, place in enumerate(held):
            result.append(_year_end(chance, place.id, date(year, month, 6 + number % 5 + (number // 5) * 7)))
    return result


def _meeting(chance: Chance, day: date) -> Entry:
    village = chance.village()
    households = HOUSEHOLDS[village]
    attended = households * chance.between(74, 92) // 100
    common: dict[str, Any] = {"village": [village], "eligible_households": households, "attended_households": attended}
    if chance.yes(55):
        item = chance.one(_DECISIONS)
        money = chance.between(8, 34) * 1_000_000 if item == "decide_1" else None
        common |= {
            "kind": "decide",
            "item": item,
            "votes_for": attended * (chance.between(93, 99) if chance.yes(85) else 78) // 100,
            "contribution_money": money,
            "contribution_days": chance.between(20, 90) if money else None,
            "contribution_land_m2": chance.between(300, 2600) if money and chance.yes(40) else None,
        }
    else:
        opinions = chance.between(6, 24)
        common |= {
            "kind": "consult",
            "item": chance.one(_CONSULTATIONS),
            "opinions": opinions,
            "opinions_accepted": opinions - chance.between(0, 3),
        }
    return entry("community_meeting", day, CULTURE_ID, held_on=iso(day), **common)


def _year_end(chance: Chance, village: str, day: date) -> Entry:
    return entry(
        "community_meeting",
        day,
        CULTURE_ID,
        held_on=iso(day),
        kind="year_end",
        item="year_end",
        village=[village],
        eligible_households=HOUSEHOLDS[village],
        attended_households=HOUSEHOLDS[village] * chance.between(72, 88) // 100,
    )


def mediation(chance: Chance) -> list[Entry]:
    """Month by month for the whole commune; what is open goes over into the next month."""
    result = []
    open_cases = 1
    for year, month in months():
        last = later(date(year, month, 26), 0)
        if last > LAST:
            continue
        received = 1 if quiet(year, month) else chance.between(1, 4) + early(year, month)
        ended = max(0, open_cases + received - chance.between(0, 2))
        failed = 1 if ended > 2 and chance.yes(60) else 0
        result.append(
            entry(
                "mediation_month",
                last,
                OFFICE_ID,
                month=f"{year}-{month:02d}",
                carried_over=open_cases,
                received=received,
                succeeded=ended - failed,
                failed=failed,
            )
        )
        open_cases += received - ended
    return result


def papers(chance: Chance) -> list[Entry]:
    """Conventions of villages and the quarterly lists of what was made public."""
    result = [
        entry("village_convention", day, OFFICE_ID, decided_on=iso(day), village=[village], action=action,
              decision_no=f"{chance.between(100, 400)}/QĐ-UBND")
        for day, village, action in (
            (date(2025, 3, 20), VILLAGES[2].id, "recognised"), (date(2025, 10, 23), VILLAGES[5].id, "amended"),
            (date(2025, 11, 20), VILLAGES[8].id, "amended"), (date(2026, 4, 16), VILLAGES[0].id, "recognised"),
        )
    ]  # fmt: skip
    for quarter, day in enumerate((date(2025, 4, 3), date(2025, 7, 3), date(2025, 10, 2), date(2026, 1, 6),
                                   date(2026, 4, 2))):  # fmt: skip
        published = later(day, 2)
        number = ("I", "II", "III", "IV")[quarter % 4]
        result.append(
            entry("public_disclosure", day, OFFICE_ID, item="item_14",
                  title=f"Danh mục nội dung công khai quý {number} năm {2025 + quarter // 4}",
                  decided_on=iso(day), published_on=iso(published), forms=["posting", "portal"], on_portal=True,
                  posted_from=iso(published), posted_to=later(published, 31).isoformat(), quarter_list=True)
        )  # fmt: skip
    return result


def boards(chance: Chance) -> list[Entry]:
    """Ban Thanh tra nhân dân and Ban Giám sát đầu tư của cộng đồng."""
    works = (
        (date(2025, 2, 18), "peoples_inspection", "Việc thu, chi các khoản Nhân dân đóng góp", 2, 2, None),
        (date(2025, 3, 25), "community_investment", "Công trình bê tông hóa đường thôn Mẫu Nam", 2, 2, 1),
        (date(2025, 8, 12), "peoples_inspection", "Việc công khai chính sách hỗ trợ hộ nghèo", 1, 1, None),
        (date(2025, 11, 11), "community_investment", "Công trình nhà văn hóa thôn Thử Hạ", 1, 1, None),
        (date(2025, 12, 9), "peoples_inspection", "Việc bình xét hộ nghèo, hộ cận nghèo năm 2025", 2, 2, None),
        (date(2026, 3, 17), "community_investment", "Công trình kênh mương nội đồng thôn Bến Mẫu", 3, 2, 1),
        (date(2026, 4, 21), "peoples_inspection", "Việc thực hiện quy chế dân chủ ở thôn An Mẫu", 2, 1, None),
    )
    return [
        entry("supervision_board_activity", day, CULTURE_ID, held_on=iso(day), board=board, subject=subject,
              recommendations=made, recommendations_done=done, faults_found=faults)
        for day, board, subject, made, done, faults in works
    ]  # fmt: skip


def conferences(
    chance: Chance, units: tuple[str, ...] = (CULTURE_ID, OFFICE_ID, SERVICE_ID, ECONOMY_ID)
) -> list[Entry]:
    """Every agency once a year, within the first quarter."""
    result = []
    for year in (2025, 2026):
        for number, unit in enumerate(units):
            day = later(date(year, 3, 4 + 4 * number), 0)
            staff = 8 + 3 * number + (unit == CENTRE_ID) * 6
            attended = staff - chance.between(0, 1)
            result.append(
                entry("staff_conference", day, unit, held_on=iso(day), staff_total=staff, attended=attended,
                      resolution_for=attended)
            )  # fmt: skip
    return result


def duty(chance: Chance) -> list[Entry]:
    """Inspections of the civil service, and what followed."""
    result = []
    for number, day in enumerate((date(2025, 2, 20), date(2025, 4, 24), date(2025, 7, 17), date(2025, 10, 30),
                                  date(2026, 1, 22), date(2026, 3, 26), date(2026, 5, 7))):  # fmt: skip
        found = 1 if number in (1, 3, 5) else 0
        unit = (CENTRE_ID, SERVICE_ID, ECONOMY_ID, CULTURE_ID)[number % 4]
        result.append(
            entry("public_service_inspection", day, OFFICE_ID, inspected_on=iso(day), unit_inspected=unit,
                  kind="extraordinary" if number % 3 == 2 else "periodic",
                  content="Việc chấp hành giờ giấc, thái độ phục vụ Nhân dân", violations=found, handled=found,
                  conclusion_no=f"{chance.between(10, 90)}/TB-UBND")
        )  # fmt: skip
    for day, form in ((date(2025, 5, 6), "criticism"), (date(2026, 4, 7), "criticism")):
        result.append(
            entry("discipline_case", day, OFFICE_ID, decided_on=iso(day), category="civil_servant", form=form,
                  person=chance.person())
        )  # fmt: skip
    return result
