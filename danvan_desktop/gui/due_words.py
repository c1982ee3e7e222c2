"""Words of the list of deadlines and of the calendar, and where an entry leads."""

from __future__ import annotations

from typing import Any

from ..kernel import vi
from ..services.due import DueEntry


def due_words(entry: DueEntry) -> str:
    """``31/05/2026 (trước ngày 01/6/2026)``, and the last working day where it is an earlier one."""
    text = vi.day(entry.due_on)
    if entry.rule_words:
        text += f" ({entry.rule_words})"
    if entry.last_working_day != entry.due_on:
        text += f"\nNgày làm việc cuối: {vi.day(entry.last_working_day)}"
    return text


def left_words(entry: DueEntry) -> str:
    """How long there still is, or how late it is."""
    if entry.done:
        return "Đã xong"
    if entry.postponed_until:
        return f"Nhắc lại {vi.day(entry.postponed_until)}"
    if entry.overdue:
        return f"QUÁ HẠN {-entry.days_left} ngày"
    return "Hạn hôm nay" if entry.days_left == 0 else f"Còn {entry.days_left} ngày"


def way_to(entry: DueEntry) -> tuple[str, Any]:
    """(page, what it should show)."""
    if entry.kind == "report":
        regime, _bar, period = entry.key.partition("|")
        return "report", (regime, period)
    return ("plan", entry.key) if entry.kind == "task" else ("records", entry.target)
