"""The chair's days, voters, visits, training; programmes of coordination, land clearance, social funds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from .entries import LAST, Chance, Entry, early, entry, iso, later, months, open_day, quiet
from .offices import CENTRE_ID, CULTURE_ID, ECONOMY_ID, OFFICE_ID


def reception_days(chance: Chance) -> list[Entry]:
    """Every Thursday the chair receives, also when nobody comes; what Tết takes is made up for on Tuesdays."""
    result = []
    for year, month in months():
        first = date(year, month, 1)
        days = [day for n in range(31) if (day := first + timedelta(days=n)).month == month and open_day(day)]
        due = [day for day in days if day.weekday() == 3]
        if quiet(year, month):
            due += [day for day in days if day.weekday() == 1][: max(0, 4 - len(due))]
        for day in due:
            if day <= LAST:
                concluded = f"{chance.between(10, 90)}/TB-UBND" if chance.yes(30) else None
                result.append(
                    entry("reception_day", day, OFFICE_ID, held_on=iso(day), host="Chủ tịch UBND xã", host_role="chair",
                          kind="periodic", conclusion_no=concluded)
                )  # fmt: skip
    return result


_VOTERS = (
    ("Đề nghị nâng cấp đường liên thôn", "answered"),
    ("Kiến nghị hỗ trợ giống, vật tư sau thiên tai", "answered"),
    ("Đề nghị bổ sung đèn chiếu sáng công cộng", "in_progress"),
    ("Kiến nghị điều chỉnh quy hoạch tuyến đường tỉnh", "beyond_jurisdiction"),
    ("Đề nghị sửa chữa trường mầm non", "answered"),
    ("Phản ánh nước sinh hoạt yếu giờ cao điểm", "answered"),
)


def voters(chance: Chance) -> list[Entry]:
    """Before and after each session of the council."""
    result = []
    for day, level, attendees in (
        (date(2025, 4, 22), "commune", 86), (date(2025, 7, 22), "commune", 94), (date(2025, 11, 25), "joint", 132),
        (date(2026, 3, 3), "national", 145), (date(2026, 4, 23), "commune", 101),
    ):  # fmt: skip
        opinions = []
        for content, status in chance.some(_VOTERS, 3, 5):
            answered = later(day, chance.between(10, 20))
            done = status == "answered" and answered <= LAST
            opinions.append(
                {"content": content, "unit": OFFICE_ID, "due_on": later(day, 25).isoformat(),
                 "status": "in_progress" if status == "answered" and not done else status,
                 **({"answered_on": answered.isoformat()} if done else {})}
            )  # fmt: skip
        result.append(
            entry("voter_meeting", day, OFFICE_ID, held_on=iso(day), council_level=level, attendees=attendees,
                  opinions=opinions)
        )  # fmt: skip
    return result


def _with(who: str) -> dict[str, Any]:
    """Whom they met; the field is called by a word of the language."""
    return {"with": who}


def visits(chance: Chance) -> list[Entry]:
    """Leaders in the villages month by month; dignitaries and respected people before Tết and at Easter or Vesak."""
    result = []
    for year, month in months():
        for _ in range(1 + early(year, month)):
            day = chance.working_day(year, month)
            if day <= LAST:
                done = later(day, chance.between(12, 25))
                promise = {"content": "Trả lời kiến nghị của thôn", "unit": OFFICE_ID,
                           "due_on": later(day, 30).isoformat()}  # fmt: skip
                if done <= LAST:
                    promise["done_on"] = done.isoformat()
                result.append(
                    entry("grassroots_visit", day, CULTURE_ID, villages=[chance.village()], held_on=iso(day),
                          leader=chance.one(("Chủ tịch UBND xã", "Phó Chủ tịch UBND xã")), purpose="Dự sinh hoạt thôn",
                          attendees=chance.between(35, 80), promises=[promise], **_with("village"))
                )  # fmt: skip
    for day, who, attendees in (
        (date(2025, 1, 15), "dignitaries", 9), (date(2025, 1, 16), "respected", 14),
        (date(2025, 12, 23), "dignitaries", 8),
        (date(2026, 2, 5), "respected", 16), (date(2026, 2, 6), "dignitaries", 10),
    ):  # fmt: skip
        result.append(
            entry("grassroots_visit", day, CULTURE_ID, held_on=iso(day), leader="Chủ tịch UBND xã",
                  purpose="Thăm, chúc mừng, nắm tâm tư, nguyện vọng", attendees=attendees, **_with(who))
        )  # fmt: skip
    return result


def training(chance: Chance) -> list[Entry]:
    """A class a year of its own; people sent to those of the province; needs told in spring."""
    return [
        entry("training_class", day, CULTURE_ID, held_on=iso(day), ended_on=iso(day), name=name, kind=kind,
              organiser=organiser, participants=people)
        for day, name, kind, organiser, people in (
            (date(2025, 4, 10), "Bồi dưỡng kỹ năng dân vận cho trưởng thôn, tổ hòa giải", "own", "UBND xã", 46),
            (date(2025, 9, 24), "Nghiệp vụ công tác dân vận chính quyền", "sent", "Sở Nội vụ", 4),
            (date(2026, 3, 31), "Bồi dưỡng kỹ năng dân vận, tiếp công dân, đối thoại", "own", "UBND xã", 58),
            (date(2026, 4, 14), "Nghiệp vụ công tác dân vận chính quyền năm 2026", "sent", "Sở Nội vụ", 5),
            (date(2026, 3, 5), "Nhu cầu bồi dưỡng nghiệp vụ dân vận năm 2026", "need", "Sở Nội vụ", 22),
        )
    ]  # fmt: skip


def programmes(chance: Chance) -> list[Entry]:
    """Programmes of coordination with the Front, the unions of women and of youth."""
    return [
        entry("coordination_programme", signed, CULTURE_ID, signed_on=iso(signed), partners=partners, title=title,
              contents_planned=planned, contents_done=done, until=until, status="active")
        for signed, partners, title, planned, done, until in (
            (date(2025, 2, 11), ["fatherland_front", "women", "youth"],
             "Chương trình phối hợp công tác dân vận nhiệm kỳ 2025-2030", 8, 5, "2030-12-31"),
            (date(2026, 2, 27), ["fatherland_front"], "Quy chế phối hợp giữa UBND xã và Ủy ban MTTQ Việt Nam xã", 6, 2,
             "2030-12-31"),
            (date(2026, 3, 19), ["youth"], "Chương trình phối hợp hướng dẫn dịch vụ công trực tuyến tại thôn", 4, 2,
             "2026-12-31"),
        )
    ]  # fmt: skip


def clearance(chance: Chance) -> list[Entry]:
    """Two projects with their progress, line by line."""

    def line(day: str, agreed: int, handed: int, paid: int, campaigns: int, resettled: int = 0) -> dict[str, object]:
        return {"as_of": day, "households_agreed": agreed, "households_handed_over": handed, "campaigns": campaigns,
                "compensation_paid": paid * 1_000_000, "households_resettled": resettled, "households_coerced": 0,
                "row": f"{day}"}  # fmt: skip

    return [
        entry("site_clearance_project", LAST, ECONOMY_ID, started_on="2024-11-04",
              name="Đường liên xã Vĩnh Thủy (đoạn qua thôn Bến Mẫu, dữ liệu mẫu)", households_affected=46,
              area_m2=318_450, snapshots=[line("2025-03-31", 21, 12, 2_150, 5), line("2025-09-30", 38, 30, 4_820, 4, 3),
                         line("2026-03-31", 45, 43, 6_340, 3, 5)]),
        entry("site_clearance_project", LAST, ECONOMY_ID, started_on="2026-01-12",
              name="Kè chống sạt lở thôn Đồi Mẫu (dữ liệu mẫu)", households_affected=18, area_m2=96_200,
              snapshots=[line("2026-04-30", 11, 6, 780, 4)]),
    ]  # fmt: skip


def funds(chance: Chance) -> list[Entry]:
    """The funds of the year's campaigns: for the poor at Tết, gratitude in spring, houses when they are handed over."""
    return [
        entry("fund_mobilisation", day, CULTURE_ID, held_on=iso(day), fund=fund, amount=amount and amount * 1_000_000,
              houses=houses)
        for day, fund, amount, houses in (
            (date(2025, 1, 10), "poor", 78, None), (date(2025, 4, 18), "gratitude", 36, None),
            (date(2025, 5, 9), "housing", 120, 2), (date(2025, 10, 17), "poor", 64, None),
            (date(2025, 11, 14), "relief", 52, None), (date(2026, 1, 28), "poor", 85, None),
            (date(2026, 4, 17), "gratitude", 41, None), (date(2026, 5, 12), "housing", 180, 3),
        )
    ]  # fmt: skip


def centre(chance: Chance) -> list[Entry]:
    """What the centre trained: its staff, once."""
    day = date(2026, 4, 14)
    return [
        entry("training_class", day, CENTRE_ID, held_on=iso(day), name="Kỹ năng giao tiếp, ứng xử với Nhân dân",
              kind="sent", organiser="Sở Nội vụ", participants=3)
    ]  # fmt: skip
