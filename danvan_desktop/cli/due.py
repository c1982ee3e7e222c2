"""The command about deadlines: the list of the first screen."""

from __future__ import annotations

from typing import Any

from ..kernel import vi
from ..services.due import KINDS, DueEntry
from .named import day
from .session import Session

_KIND_WORDS = {"report": "báo cáo", "task": "nhiệm vụ", "term": "thời hạn"}


def due(session: Session) -> int:
    """What is not done and due, overdue first; what is put off stands apart."""
    options = session.options
    until = day(options.until) if options.until else None
    found = session.office().due.until(until, (options.kind,) if options.kind else KINDS)
    open_ = [entry for entry in found if entry.postponed_until is None]
    put_off = [entry for entry in found if entry.postponed_until is not None]
    lines = [_line(entry) for entry in open_] or ["Không có việc nào đến hạn."]
    if put_off:
        lines.append(f"Đang hoãn nhắc: {len(put_off)} việc.")
        lines += [f"{_line(entry)}; nhắc lại {vi.day(entry.postponed_until or entry.due_on)}" for entry in put_off]
    session.output.result(
        {
            "until": until.isoformat() if until else None,
            "overdue": sum(entry.overdue for entry in open_),
            "due": [_body(entry) for entry in open_],
            "postponed": [_body(entry) for entry in put_off],
        },
        lines,
    )
    return 0


def _line(entry: DueEntry) -> str:
    late = f"QUÁ HẠN {-entry.days_left} ngày" if entry.overdue else f"còn {entry.days_left} ngày"
    return f"{vi.day(entry.due_on)}  {late}  [{_KIND_WORDS[entry.kind]}] {entry.title} ({entry.state_title})"


def _body(entry: DueEntry) -> dict[str, Any]:
    return {
        "kind": entry.kind,
        "key": entry.key,
        "title": entry.title,
        "due_on": entry.due_on.isoformat(),
        "last_working_day": entry.last_working_day.isoformat(),
        "days_left": entry.days_left,
        "overdue": entry.overdue,
        "state": entry.state,
        "state_title": entry.state_title,
        "area": entry.area,
        "unit": entry.unit or None,
        "postponed_until": entry.postponed_until.isoformat() if entry.postponed_until else None,
    }
