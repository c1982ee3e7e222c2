"""When a task that comes again is due the next time.

Every occurrence is reckoned from the day a person set, so month ends do not creep: a monthly task of 31/01 is due
28/02, then 31/03. A task comes again only inside the year of its plan, because the plan ends with it; a yearly one
goes on into the next year. Where the plan names no year, the year of the present last day stands for it. Last days do
not roll over days off: like the dates of reports (DESIGN §8.3) they stay, and screens add the last working day.
"""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from datetime import date, timedelta

RECURRENCES: Mapping[str, str] = {
    "none": "Không lặp lại",
    "weekly": "Hằng tuần",
    "monthly": "Hằng tháng",
    "quarterly": "Hằng quý",
    "half_yearly": "6 tháng một lần",
    "yearly": "Hằng năm",
}
"""How often a task comes again, with the words for it."""
_MONTHS = {"monthly": 1, "quarterly": 3, "half_yearly": 6, "yearly": 12}


def next_due(due: date, recurrence: str, *, day: int | None = None, year: int | None = None) -> date | None:
    """The last day of the occurrence after the one of ``due``; None: the task does not come again.

    ``day``: the day of the month a person set (1-31), None: that of ``due``. ``year``: the plan's.
    Raises ValueError for a word that is not in :data:`RECURRENCES`.
    """
    if recurrence not in RECURRENCES:
        raise ValueError(f"unknown recurrence {recurrence!r}")
    if recurrence == "none":
        return None
    try:
        found = due + timedelta(days=7) if recurrence == "weekly" else _months_on(due, _MONTHS[recurrence], day)
    except (OverflowError, ValueError):  # the end of the calendar
        return None
    if recurrence != "yearly" and found.year > (year or due.year):
        return None
    return found


def _months_on(due: date, months: int, day: int | None) -> date:
    count = due.year * 12 + due.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day or due.day, calendar.monthrange(year, month + 1)[1]))
