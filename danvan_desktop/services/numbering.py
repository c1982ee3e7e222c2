"""Numbers of documents: one series per year and type (or one for all types), without gaps, in the order of dates."""

from __future__ import annotations

from datetime import date

from ..kernel import clock, vi
from ..kernel.errors import Refused
from ..reporting.model import thaw
from ..reporting.paper_model import thaw_paper
from ..store.reports import IssueRow, ReportRow
from ..store.store import UnitOfWork
from .clock_guard import require_clock
from .context import Context

LETTERS = "letters"
"""The series of letters, whichever unit drafted them."""


def give_number(
    context: Context, uow: UnitOfWork, row: ReportRow, *, number: int | None, on: date | None, mode: str = "paper"
) -> IssueRow:
    """Give a frozen report its number and date (NĐ 30/2020 Điều 15); ``on`` None: today. ``mode`` electronic: kept
    for a signature still to come, and given back when that is abandoned.

    Raises Refused ``report_not_frozen``, ``already_numbered``, ``number_wrong``, ``number_taken``, ``number_gap``,
    ``date_wrong`` (in the future, before the report was approved, or out of the order of the series),
    ``clock_behind``.
    """
    require_clock(context, uow)
    frozen = uow.reports.frozen(row.id, row.revision)
    if frozen is None:
        raise Refused("report_not_frozen", "Báo cáo chưa được phê duyệt và chốt nên chưa lấy số được.")
    taken = [item for item in uow.reports.issues(row.id) if item.revision == row.revision]
    if taken:
        raise Refused(
            "already_numbered",
            f"Báo cáo đã có số {vi.count(taken[-1].number)}, ngày {vi.day(date.fromisoformat(taken[-1].date))}; "
            "số đã cấp không thay đổi.",
        )
    day = on or clock.today(context.clock)
    series, chosen = _choose(context, uow, thaw(frozen.data).head.symbol, frozen.at, number, day)
    issue = uow.reports.issue(row.id, row.revision, chosen, day.isoformat(), series, mode, context.by)
    uow.audit.append("report_numbered", row.id, {"revision": row.revision, "number": issue.number})
    return issue


def give_paper_number(
    context: Context, uow: UnitOfWork, paper_id: str, *, number: int | None, on: date | None
) -> IssueRow:
    """Give a frozen paper other than a report its number and date. Letters, which have no type, share one series.

    Raises as :func:`give_number`, with ``paper_not_frozen``.
    """
    require_clock(context, uow)
    frozen = uow.office_papers.frozen(paper_id)
    if frozen is None:
        raise Refused("paper_not_frozen", "Văn bản chưa được phê duyệt nên chưa lấy số được. Hãy phê duyệt trước.")
    taken = uow.office_papers.issue_of(paper_id)
    if taken is not None:
        raise Refused(
            "already_numbered",
            f"Văn bản đã có số {vi.count(taken.number)}, ngày {vi.day(date.fromisoformat(taken.date))}; "
            "số đã cấp không thay đổi.",
        )
    day = on or clock.today(context.clock)
    series, chosen = _choose(context, uow, _paper_series(frozen.data), frozen.at, number, day)
    issue = uow.office_papers.issue(paper_id, chosen, day.isoformat(), series, by=context.by)
    uow.audit.append("paper_numbered", paper_id, {"number": issue.number})
    return issue


def next_paper_number(context: Context, uow: UnitOfWork, paper_id: str) -> int:
    """The number that follows in the series of a frozen paper. Raises Refused ``paper_not_frozen``."""
    frozen = uow.office_papers.frozen(paper_id)
    if frozen is None:
        raise Refused("paper_not_frozen", "Văn bản chưa được phê duyệt nên chưa lấy số được. Hãy phê duyệt trước.")
    common = uow.settings.get("common_series", False)
    series = "common" if common else _paper_series(frozen.data)
    return uow.reports.next_number(series, clock.today(context.clock).year)


def _paper_series(data: bytes) -> str:
    paper = thaw_paper(data)
    return LETTERS if paper.arrangement == "letter" else paper.head.symbol


def _choose(
    context: Context, uow: UnitOfWork, own_series: str, approved_at: str, number: int | None, day: date
) -> tuple[str, int]:
    """(series, number): the number asked for, or the next one, where it may be given on ``day``."""
    _check_day(context, approved_at, day)
    series = "common" if uow.settings.get("common_series", False) else own_series
    following = uow.reports.next_number(series, day.year)
    chosen = following if number is None else number
    if chosen < 1:
        raise Refused("number_wrong", f"Số văn bản bắt đầu từ 01; số kế tiếp là {vi.count(following)}. Chưa cấp số.")
    if chosen > following and uow.reports.standing(series, day.year):  # the first one may follow a paper register
        raise Refused(
            "number_gap", f"Số kế tiếp là {vi.count(following)}; không thể bỏ cách số. Chưa cấp số.", next=following
        )
    _check_order(uow, series, chosen, day)
    return series, chosen


def _check_day(context: Context, approved_at: str, day: date) -> None:
    if day > clock.today(context.clock):
        raise Refused("date_wrong", f"Ngày {vi.day(day)} chưa tới; ngày ký không thể ở tương lai. Chưa cấp số.")
    approved = clock.civil_date(clock.parse_stamp(approved_at))
    if day < approved:
        raise Refused(
            "date_wrong",
            f"Văn bản được phê duyệt ngày {vi.day(approved)} nên không thể ghi ngày {vi.day(day)}. Chưa cấp số.",
        )


def _check_order(uow: UnitOfWork, series: str, number: int, day: date) -> None:
    """A smaller number has no later date, a greater one no earlier (a number given back may be given again)."""
    for other in uow.reports.standing(series, day.year):
        theirs = date.fromisoformat(other.date)
        if (other.number < number and theirs > day) or (other.number > number and theirs < day):
            raise Refused(
                "date_wrong",
                f"Số {vi.count(other.number)} đã cấp ngày {vi.day(theirs)} nên số {vi.count(number)} không thể ghi "
                f"ngày {vi.day(day)}. Chưa cấp số; hãy chọn ngày theo đúng thứ tự số.",
            )
