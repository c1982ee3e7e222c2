"""A year and a half at the public administration service centre: procedures month by month, surveys."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from .entries import LAST, Chance, Entry, early, entry, iso, months, open_day, quiet
from .offices import CENTRE_ID

# field → files received in an ordinary month
_FIELDS = {"civil_status": 92, "land": 44, "social": 27, "business": 12, "construction": 9, "agriculture": 6}


def procedures(chance: Chance) -> list[Entry]:
    """Every identity holds: carried + received = resolved + pending + returned, and months follow each other."""
    result = []
    waiting = {field: (chance.between(3, 5), 0) for field in _FIELDS}
    for year, month in months():
        last = date(year, month, monthrange(year, month)[1])
        if last > LAST:
            continue
        for field, usual in _FIELDS.items():
            result.append(_month(chance, field, usual, year, month, waiting))
    return result


def _month(chance: Chance, field: str, usual: int, year: int, month: int, waiting: dict[str, tuple[int, int]]) -> Entry:
    season = (70 if quiet(year, month) else 100) * (135 if early(year, month) else 100) // 100
    received = max(2, usual * season * chance.between(85, 115) // 10_000)
    online_share = min(90, (570 + 14 * ((year - 2025) * 12 + month)) // 10 + chance.between(-3, 3))
    online = received * online_share // 100
    carried = sum(waiting[field])
    total = carried + received
    pending = min(total // 8 + chance.between(0, 2), total)
    overdue = 1 if field == "land" and chance.yes(20) and pending else 0
    returned = 1 if chance.yes(15) and total - pending > 3 else 0
    resolved = total - pending - returned
    late = 1 if resolved > 10 and chance.yes(35 if field == "land" else 9) else 0
    in_advance = (resolved - late) * chance.between(55, 75) // 100
    waiting[field] = (pending - overdue, overdue)
    last = date(year, month, monthrange(year, month)[1])
    fee = received * chance.between(25, 40) // 100
    return entry(
        "procedure_month",
        last,
        CENTRE_ID,
        month=f"{year}-{month:02d}",
        field=field,
        carried_over=carried,
        received_online=online,
        received_direct=received - online,
        resolved_early=in_advance,
        resolved_on_time=resolved - late - in_advance,
        resolved_late=late,
        pending_in_term=pending - overdue,
        pending_overdue=overdue,
        returned=returned,
        files_with_fee=fee,
        paid_online=fee * min(95, online_share + chance.between(0, 8)) // 100,
        digitised=received * chance.between(88, 98) // 100,
        electronic_results=resolved * chance.between(80, 95) // 100,
        apology_letters=late,
    )


def surveys(chance: Chance) -> list[Entry]:
    """One survey a month; a handful are never satisfied."""
    result = []
    for year, month in months():
        day = date(year, month, 25)
        while not open_day(day):
            day = day.replace(day=day.day - 1)
        if day > LAST:
            continue
        valid = chance.between(22, 34) if quiet(year, month) else chance.between(38, 62)
        valid += 22 if early(year, month) else 0
        bad, neutral = (1 if chance.yes(30) else 0), chance.between(0, 2)
        very = (valid - bad - neutral) * chance.between(52, 66) // 100
        result.append(
            entry(
                "satisfaction_survey",
                day,
                CENTRE_ID,
                held_on=iso(day),
                scope="Tổ chức, công dân đến giao dịch tại Trung tâm",
                method=chance.weighted({"online": 5, "kiosk": 3, "paper": 2}),
                forms_sent=valid + chance.between(2, 9),
                valid_answers=valid,
                very_satisfied=very,
                satisfied=valid - bad - neutral - very,
                neutral=neutral,
                dissatisfied=bad,
            )
        )
    return result


def others(chance: Chance) -> list[Entry]:
    """What the centre does beside its counters: papers, campaigns, its own model."""
    result = []
    issued: dict[int, int] = {}
    for day, kind, abstract in (
        (date(2025, 1, 16), "plan", "Thực hiện công tác dân vận năm 2025 của Trung tâm"),
        (date(2025, 3, 11), "official_letter", "Hướng dẫn người dân nộp hồ sơ trên Cổng Dịch vụ công quốc gia"),
        (date(2025, 7, 14), "notice", "Phân công trực hướng dẫn nộp hồ sơ trực tuyến tại các thôn"),
        (date(2025, 11, 6), "official_letter", "Tăng cường hỗ trợ người dân nộp hồ sơ trực tuyến cuối năm"),
        (date(2026, 2, 26), "plan", "Thực hiện công tác dân vận năm 2026 của Trung tâm"),
        (date(2026, 4, 8), "official_letter", "Chấn chỉnh việc xin lỗi khi giải quyết hồ sơ quá hạn"),
    ):
        number = issued[day.year] = issued.get(day.year, 2) + chance.between(2, 5)
        result.append(
            entry(
                "directive_document",
                day,
                CENTRE_ID,
                direction="issued",
                document_type=kind,
                number_symbol=f"{number:02d}/{'KH-' if kind == 'plan' else 'TB-' if kind == 'notice' else ''}TTPVHCC",
                issued_on=iso(day),
                issuer="Trung tâm Phục vụ hành chính công xã Vĩnh Thủy",
                abstract=abstract,
                areas=["area_1", "area_4"],
                completion="done" if day.year == 2025 else "in_progress",
            )
        )
    for year, month in months():
        if chance.yes(85) and not quiet(year, month):
            day = chance.working_day(year, month)
            if day <= LAST:
                result.append(
                    entry(
                        "communication_activity",
                        day,
                        CENTRE_ID,
                        villages=[chance.village()],
                        held_on=iso(day),
                        form="mobile",
                        topics=["reform_digital"],
                        sessions=1,
                        attendees=chance.between(25, 70),
                    )
                )
    start = date(2026, 3, 3)
    result.append(
        entry(
            "mobilisation_model",
            start,
            CENTRE_ID,
            name="Ngày thứ Năm không hẹn: hướng dẫn dịch vụ công tận thôn",
            kind="model",
            subject="collective",
            field="political_system",
            registered_on=iso(start),
            continuing="new",
            owner="Tổ hướng dẫn của Trung tâm",
            goal="Mỗi thôn ít nhất một buổi hướng dẫn trong quý; hồ sơ trực tuyến đạt trên 85%.",
            method="Viên chức mang máy tính, máy quét về nhà văn hóa thôn, làm cùng người dân.",
            started_on="2026-03-12",
            stages=[
                {"stage": "registered", "on": iso(start)},
                {"stage": "listed", "on": "2026-03-09"},
                {"stage": "launched", "on": "2026-03-12"},
            ],
            effective=True,
            households=210,
            people=386,
            labour_days=46,
        )
    )
    return result
