"""Kept states of a draft: when one is kept, and who had a hand in it."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..kernel.canonical import hash_of
from ..kernel.clock import parse_stamp
from ..kernel.errors import Refused
from ..store.reports import ReportRow
from ..store.store import UnitOfWork
from .context import Context

EVERY = timedelta(minutes=10)
SEPARATE = "separate_approver"
"""The setting: whoever wrote a report may not approve it (DESIGN §7)."""
_WRITING = frozenset({"made", "saved", "refreshed", "submitted"})


def keep(uow: UnitOfWork, row: ReportRow, now: datetime | None = None) -> None:
    """Keep the draft as it stands before it is changed; with ``now`` only after ten minutes of writing, or of rest."""
    last = next((item for item in uow.desk.moments(row.id) if item.revision == row.revision), None)
    changed = parse_stamp(row.changed_at)
    if last is not None and now is not None and now - changed < EVERY and changed - parse_stamp(last.at) < EVERY:
        return
    if last is None or last.sha256 != hash_of(row.draft):
        uow.desk.note(row.id, row.revision, "saved", row.draft, at=row.changed_at, by=row.changed_by)


def require_other(context: Context, uow: UnitOfWork, row: ReportRow) -> None:
    """Where the office wants two people: raises Refused ``own_draft`` for one who had a hand in the draft."""
    if not uow.settings.get(SEPARATE, False):
        return
    hands = {item.by for item in uow.desk.moments(row.id) if item.revision == row.revision and item.act in _WRITING}
    if context.by in hands | {row.created_by}:
        raise Refused(
            "own_draft",
            "Cơ quan quy định người soạn không tự phê duyệt báo cáo. Chưa phê duyệt, dự thảo vẫn nguyên; "
            "hãy nhờ lãnh đạo khác, hoặc đổi quy định này ở trang Thiết lập.",
        )
