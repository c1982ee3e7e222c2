"""Commands about the days and places of an office."""

from __future__ import annotations

from datetime import date

from ..catalog.model import DayMark
from ..kernel import clock, vi
from ..kernel.errors import UsageError
from .session import Session


def _day(text: str) -> date:
    """A date typed on the command line (``05/06/2026`` or ``2026-06-05``). Raises UsageError ``usage``."""
    try:
        return vi.parse_day(text)
    except ValueError as error:
        raise UsageError("usage", f"Không hiểu ngày “{text}”. Viết dạng 05/06/2026.") from error


def _mark_json(mark: DayMark) -> dict[str, object]:
    return {
        "day": mark.day.isoformat(),
        "working": mark.working,
        "title": mark.title,
        "source": mark.source,
        "confirmed": mark.confirmed,
    }


def calendar(session: Session) -> int:
    """The days of a year that differ from the usual week."""
    office = session.office()
    year = session.options.year or clock.today(office.context.clock).year
    found = office.working_days.year(year)
    session.output.result(
        {"year": year, "confirmed": found.confirmed, "days": [_mark_json(mark) for mark in found.marks]},
        [
            f"{vi.day(mark.day)}  {'làm bù' if mark.working else 'nghỉ'}  {mark.title} ({mark.source})"
            + ("" if mark.confirmed else "  CHƯA XÁC NHẬN")
            for mark in found.marks
        ]
        or [f"Chưa nhập lịch nghỉ năm {year}."],
    )
    return 0


def set_day(session: Session) -> int:
    """A day off, a make-up day, or a day like any other; running terms are counted anew."""
    options = session.options
    first = _day(options.day)
    last = _day(options.until) if options.until else first
    days = session.office().working_days
    if options.kind == "usual":
        moved, _ = days.clear(first)
    else:
        moved, _ = days.set(
            first,
            last,
            working=options.kind == "working",
            title=options.title,
            source=options.source,
            confirmed=not options.unconfirmed,
        )
    session.output.result(
        {"day": first.isoformat(), "until": last.isoformat(), "as": options.kind, "records_moved": moved},
        [f"Đã ghi ngày {vi.day(first)}; {moved} bản ghi có thời hạn được tính lại."],
    )
    return 0
