"""Reminders put off to a later day, reports sent without the program, and what an account is told at its start.

Putting off moves a reminder, never a term: it comes back on its day, and at once when its last day has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.text import squeeze
from ..store.store import UnitOfWork
from .context import Context
from .due_sources import SENT_OUTSIDE, DueEntry, kept_dict

POSTPONED = "postponed"  # setting: kind|key → until, due, by, at, reason
LAST_HERE = "last_here"  # setting: account → the day it was last told what is due
LONGEST_POSTPONEMENT = timedelta(days=366)
LONGEST_REASON = 300
AWAY = timedelta(days=3)  # longer than this: what came due meanwhile is told apart
SOON_DAYS = 7
MOST_URGENT = 3


@dataclass(frozen=True, slots=True)
class PutOff:
    """A reminder that was put off: until when, by whom, why."""

    entry: DueEntry
    until: date
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What an account is told at its first start of a day. ``away_since``: the day it was last here, when that is
    more than three days ago; ``meanwhile``: what is still open and came due since then."""

    today: date
    late: int
    soon: int
    urgent: tuple[DueEntry, ...]
    away_since: date | None
    meanwhile: tuple[DueEntry, ...]


def name_of(entry: DueEntry) -> str:
    """Under which name what people said of an entry is kept."""
    return f"{entry.kind}|{entry.key}"


def postponed(entries: Iterable[DueEntry], kept: Any, today: date) -> list[DueEntry]:
    """The entries, those marked that somebody put off to a later day. One comes back on that day, and at once when
    its last day has changed meanwhile: nothing is ever missed because it was put off."""
    result = []
    for entry in entries:
        put_off = kept_dict(kept).get(name_of(entry))
        if put_off and put_off["due"] == entry.due_on.isoformat():
            until = date.fromisoformat(put_off["until"])
            if until > today and not entry.done:
                entry = replace(entry, postponed_until=until)
        result.append(entry)
    return result


def put_off_list(entries: Iterable[DueEntry], kept: Any) -> tuple[PutOff, ...]:
    """Those of ``entries`` that are put off, the one that comes back first at the head."""
    said = kept_dict(kept)
    found = [
        PutOff(entry, entry.postponed_until, str(item.get("by", "")), str(item.get("reason", "")))
        for entry in entries
        if entry.postponed_until is not None and (item := said[name_of(entry)])
    ]
    return tuple(sorted(found, key=lambda item: (item.until, item.entry.due_on, item.entry.title)))


def put_off(context: Context, entry: DueEntry, until: date | None, reason: str = "") -> Changes:
    """Do not show ``entry`` before the day ``until`` (None: show it again). The term itself does not move; who put it
    off, when and why is kept. Raises Refused ``day_invalid``: tomorrow at the earliest, a year at the most;
    ``reason_invalid``.
    """
    today = clock.today(context.clock)
    if until is not None and not today < until <= today + LONGEST_POSTPONEMENT:
        raise Refused(
            "day_invalid",
            f"Ngày nhắc lại phải sau hôm nay ({vi.day(today)}) và không quá một năm. "
            "Chưa hoãn; việc này vẫn hiện trong danh sách.",
        )
    said = _reason(reason)
    name = name_of(entry)
    with context.store.unit() as uow:
        known = kept_dict(uow.settings.get(POSTPONED, {}))
        kept = {key: item for key, item in known.items() if item["until"] > today.isoformat()}
        kept.pop(name, None)
        if until is not None:
            kept[name] = {
                "until": until.isoformat(),
                "due": entry.due_on.isoformat(),
                "by": context.by,
                "at": clock.stamp(context.clock.now()),
                "reason": said,
            }
        uow.settings.set(POSTPONED, kept)
        uow.audit.append("reminder_postponed", entry.key[:150], {"until": until.isoformat() if until else ""})
    return Changes.of("due")


def sent_outside(context: Context, entry: DueEntry, sent: bool, reason: str = "") -> Changes:
    """A report went to the superior on paper or by mail, without the program (``sent`` False: it did not after all).

    It then counts as done. Raises Refused ``not_a_report``, ``reason_invalid``, ``no_right``.
    """
    context.require("report.write")
    if entry.kind != "report":
        raise Refused("not_a_report", "Chỉ báo cáo mới ghi là đã gửi ngoài chương trình. Chưa ghi gì.")
    said = _reason(reason)
    with context.store.unit() as uow:
        kept = dict(kept_dict(uow.settings.get(SENT_OUTSIDE, {})))
        kept.pop(entry.key, None)
        if sent:
            kept[entry.key] = {"at": clock.stamp(context.clock.now()), "by": context.by, "reason": said}
        uow.settings.set(SENT_OUTSIDE, kept)
        uow.audit.append("report_sent_outside" if sent else "report_not_sent_outside", entry.key)
    return Changes.of("due", "report")


def _reason(text: str) -> str:
    said = squeeze(text).replace("\n", " ")
    if len(said) > LONGEST_REASON:
        raise Refused("reason_invalid", f"Lý do dài quá {LONGEST_REASON} ký tự. Chưa ghi gì; hãy viết ngắn lại.")
    return said


def urgent_first(entry: DueEntry) -> tuple[bool, date, str]:
    """Overdue first, then by last day."""
    return not entry.overdue, entry.due_on, entry.title


def notice_of(entries: Iterable[DueEntry], today: date, last_here: date | None) -> Notice | None:
    """What is to be told of ``entries``; None when nothing is late, soon, or came due while the account was away."""
    open_ = sorted((item for item in entries if not item.done and not item.postponed_until), key=urgent_first)
    late = [item for item in open_ if item.overdue]
    soon = [item for item in open_ if 0 <= item.days_left <= SOON_DAYS]
    away = last_here if last_here is not None and today - last_here > AWAY else None
    meanwhile = tuple(item for item in open_ if away is not None and away < item.due_on <= today)
    if not late and not soon:
        return None
    return Notice(today, len(late), len(soon), tuple([*late, *soon][:MOST_URGENT]), away, meanwhile)


def been_here(uow: UnitOfWork, account: str, today: date) -> date | None:
    """Note that ``account`` is here ``today``; the day it was here before, None when that is not known."""
    kept = dict(kept_dict(uow.settings.get(LAST_HERE, {})))
    before = kept.get(account)
    if before != today.isoformat():
        kept[account] = today.isoformat()
        uow.settings.set(LAST_HERE, kept)
    return date.fromisoformat(str(before)) if before else None
