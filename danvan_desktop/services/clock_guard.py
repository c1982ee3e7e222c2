"""A PC whose clock has fallen back must not date what leaves the office.

What the office has written so far says how late it is at least. Recording goes on; approving, numbering, signing and
receiving wait until the clock is put right, or an administrator says that it is right now (it was ahead before).
Homes of the demonstration live at their own time and are exempt.
"""

from __future__ import annotations

from datetime import timedelta

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..store.store import UnitOfWork
from .context import Context

TOLERANCE = timedelta(days=1)  # a wrong time zone, a clock set by hand
_CONFIRMED = "clock_confirmed"  # the audit entry up to which stamps are known to be ahead of time


def require_clock(context: Context, uow: UnitOfWork) -> None:
    """Raises Refused ``clock_behind`` when the clock stands more than a day before the newest stamp of this home."""
    if context.store.demo:
        return
    confirmed = uow.settings.get(_CONFIRMED, 0)
    latest = uow.audit.latest_stamp(after=confirmed if isinstance(confirmed, int) else 0)
    now = context.clock.now()
    if latest is None or now + TOLERANCE >= clock.parse_stamp(latest):
        return
    raise Refused(
        "clock_behind",
        f"Đồng hồ máy đang là ngày {vi.day(clock.civil_date(now))}, trước lần ghi gần nhất "
        f"({vi.day(clock.civil_date(clock.parse_stamp(latest)))}). Chưa làm gì; hãy chỉnh lại ngày giờ của máy rồi làm "
        "lại. Nếu nay đồng hồ đã đúng, người quản trị xác nhận ở trang Thiết lập, thẻ “Sao lưu, khóa”.",
        latest=latest,
    )


def confirm_clock(context: Context) -> Changes:
    """An administrator says that the clock is right now: what was stamped before no longer holds anything up."""
    context.require("settings")
    with context.store.unit() as uow:
        uow.settings.set(_CONFIRMED, uow.audit.length())
        uow.audit.append("clock_confirmed", context.by)
    return Changes.of("settings")
