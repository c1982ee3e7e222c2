"""Commands about the days and places of an office."""

from __future__ import annotations

from ..catalog.model import DayMark
from ..kernel import clock, vi
from ..kernel.errors import UsageError
from ..services.places import KIND_WORDS, PlaceKind
from .named import day
from .session import Session


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
    first = day(options.day)
    last = day(options.until) if options.until else first
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


def villages(session: Session) -> int:
    """Villages: listed, merged, renamed."""
    return _places(session, "village")


def agencies(session: Session) -> int:
    """Agencies: listed, merged, renamed."""
    return _places(session, "agency")


def _places(session: Session, kind: PlaceKind) -> int:
    options = session.options
    office = session.office()
    if options.action == "list":
        settings = office.settings.load()
        found = settings.villages if kind == "village" else settings.agencies
        session.output.result(
            {"places": [{"id": item.id, "name": item.name, "active": item.active} for item in found]},
            [f"{item.id}  {item.name}{'' if item.active else ' (thôi hoạt động)'}" for item in found],
        )
        return 0
    if options.action == "history":
        stories = [item for item in office.places.history() if item.kind == kind]
        session.output.result(
            {
                "history": [
                    {"id": item.batch, "action": item.action, "on": item.on_day.isoformat(), "what": item.sentence,
                     "source": item.source, "entered": item.entered, "undone": item.undone}
                    for item in stories
                ]
            },
            [f"{item.batch}  {item.sentence}{f' ({item.undone})' if item.undone else ''}" for item in stories]
            or ["Chưa có lần sáp nhập, đổi tên nào."],
        )  # fmt: skip
        return 0
    if not options.names:
        raise UsageError("usage", f"Hãy nêu tên hoặc mã {KIND_WORDS[kind]}.")
    if options.action == "undo":
        office.places.undo(options.names[0])
        session.output.result({"id": options.names[0], "undone": True}, ["Đã hoàn tác; danh sách như trước."])
        return 0
    on = day(options.on) if options.on else clock.today(office.context.clock)
    ids = [office.places.find(kind, name).id for name in options.names]
    if options.action == "rename":
        if len(ids) != 1 or not options.name:
            raise UsageError("usage", "Đổi tên: nêu một tên (hoặc mã) cũ và --name tên mới.")
        batch, _ = office.places.rename(
            kind, ids[0], options.name, short_name=options.short, on=on, source=options.source
        )
    else:
        into = office.places.find(kind, options.into).id if options.into else ""
        batch, _ = office.places.merge(
            kind, ids, into=into, name=options.name, short_name=options.short, on=on, source=options.source
        )
    story = next(item for item in office.places.history() if item.batch == batch)
    session.output.result({"id": batch, "what": story.sentence}, [f"{story.sentence}.", f"Mã để hoàn tác: {batch}"])
    return 0
