"""What happened to a report, what changed between two moments of it, and what colleagues remarked on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.text import bad_character, squeeze
from ..reporting.compare import Difference, WordChange, differences, line_changes, word_changes
from ..reporting.draft_values import ReportDraft
from ..reporting.freezing import to_document
from ..reporting.model import ReportDocument
from ..store.report_history import CommentRow, MomentRow
from ..store.store import UnitOfWork
from .office import Office
from .reports import LIVE

ACT_TITLES = {
    "made": "lập dự thảo",
    "saved": "bản đang soạn",
    "refreshed": "tính lại số liệu",
    "submitted": "trình lãnh đạo",
    "looked": "lãnh đạo xem",
    "returned": "trả lại",
    "approved": "phê duyệt và chốt",
}
_LONGEST = 2000  # characters of a comment
_FIGURES = "figure"


@dataclass(frozen=True, slots=True)
class Moment:
    """Something done to a report. ``title``: when, by whom and what, as one line."""

    seq: int
    revision: int
    act: str
    title: str
    remarks: str


@dataclass(frozen=True, slots=True)
class Change:
    """One place that changed: a section, the head, an annex … with its words, or a figure with its two values."""

    key: str
    title: str
    kind: str  # see reporting.compare.Difference
    words: tuple[WordChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed from ``since`` to ``until`` (titles of moments), in the order of the paper."""

    since: str
    until: str
    texts: tuple[Change, ...]
    figures: tuple[Change, ...]

    @property
    def empty(self) -> bool:
        return not self.texts and not self.figures


@dataclass(frozen=True, slots=True)
class Comment:
    """A colleague's remark. ``quote``: the words it is about; ``when`` and ``settled``: as read by an officer."""

    id: str
    section: str
    quote: str
    body: str
    by: str
    when: str
    open: bool
    settled: str = ""


def when(stamp: str) -> str:
    """A UTC stamp as an officer reads it: "28/05/2026 14:05"."""
    moment = clock.parse_stamp(stamp)
    return f"{vi.day(clock.civil_date(moment))} {moment.astimezone(clock.VIETNAM):%H:%M}"


# -- history ------------------------------------------------------------------------------------


def moments(office: Office, report_id: str) -> tuple[Moment, ...]:
    """Everything that was done to a report, newest first, all revisions."""
    with office.context.store.read() as uow:
        people = _people(office)
        return tuple(_moment(item, people) for item in uow.desk.moments(report_id))


def _people(office: Office) -> Mapping[str, str]:
    """Account → the person, as colleagues know them; an account that is gone keeps its name."""
    return {account.name: account.label for account in office.context.store.accounts}


def _moment(row: MomentRow, people: Mapping[str, str]) -> Moment:
    revision = f", bản thay thế {row.revision - 1}" if row.revision > 1 else ""
    title = f"{when(row.at)} – {people.get(row.by, row.by)}: {ACT_TITLES.get(row.act, row.act)}{revision}"
    return Moment(row.seq, row.revision, row.act, title, row.remarks)


def compare(office: Office, report_id: str, since: int, until: int | None = None) -> Comparison:
    """What changed from one moment to another, or to what stands now. Raises Refused ``not_found``."""
    with office.context.store.read() as uow:
        return _compare(office, uow, report_id, since, until)


def _compare(office: Office, uow: UnitOfWork, report_id: str, since: int, until: int | None) -> Comparison:
    old_title, old = _at(office, uow, report_id, since)
    if until is None:
        row = office.reports.row(uow, report_id)
        new_title, new = "hiện nay", _document(row.draft, row.id, row.revision)
    else:
        new_title, new = _at(office, uow, report_id, until)
    found = differences(old, new)
    return Comparison(
        since=old_title,
        until=new_title,
        texts=tuple(_change(item) for item in found if item.kind != _FIGURES),
        figures=tuple(_change(item) for item in found if item.kind == _FIGURES),
    )


def _at(office: Office, uow: UnitOfWork, report_id: str, seq: int) -> tuple[str, ReportDocument]:
    row = next((item for item in uow.desk.moments(report_id) if item.seq == seq), None)
    if row is None:
        raise Refused("not_found", f"Báo cáo không có bản lưu số {seq}; hãy chọn lại trong lịch sử.")
    return _moment(row, _people(office)).title, _document(uow.desk.draft(row), row.report_id, row.revision)


def _document(draft: object, report_id: str, revision: int) -> ReportDocument:
    return to_document(ReportDraft.from_json(draft), report_id=report_id, revision=revision)


def _change(item: Difference) -> Change:
    if item.kind == _FIGURES:  # a value is one word
        pairs = (("removed", item.before), ("added", item.after))
        return Change(item.key, item.title, item.kind, tuple(WordChange(op, text) for op, text in pairs if text))
    compared = line_changes if item.kind == "annex" else word_changes
    return Change(item.key, item.title, item.kind, compared(item.before, item.after))


# -- the leader's look --------------------------------------------------------------------------


def look(office: Office, report_id: str) -> tuple[Comparison | None, Changes]:
    """A person who may approve opens a submitted report: what changed since they last had it before them.

    None when they have not seen it before, or when nothing changed. The look is noted, once for the same words.
    """
    context = office.context
    if not context.may("report.approve"):
        return None, Changes()
    with context.store.unit() as uow:
        row = office.reports.row(uow, report_id)
        if row.state != "submitted":
            return None, Changes()
        mine = [item for item in uow.desk.moments(row.id) if item.revision == row.revision and item.by == context.by]
        seen = next((item for item in mine if item.act in ("looked", "returned")), None)
        found = _compare(office, uow, row.id, seen.seq, None) if seen is not None else None
        if seen is None or seen.act != "looked" or (found is not None and not found.empty):
            uow.desk.note(row.id, row.revision, "looked", row.draft)
    return (None if found is None or found.empty else found), Changes()


# -- comments -----------------------------------------------------------------------------------


def comments(office: Office, uow: UnitOfWork, report_id: str, revision: int) -> tuple[Comment, ...]:
    """The comments on a revision, oldest first."""
    people = _people(office)
    return tuple(_comment(item, people) for item in uow.desk.comments(report_id, revision))


def _comment(row: CommentRow, people: Mapping[str, str]) -> Comment:
    solver = people.get(row.resolved_by or "", row.resolved_by)
    settled = f"{solver} giải quyết {when(row.resolved_at)}" if row.resolved_at else ""
    by = people.get(row.by, row.by)
    return Comment(row.id, row.section, row.quote, row.body, by, when(row.at), row.resolved_at is None, settled)


def add_comment(office: Office, report_id: str, section: str, body: str, quote: str = "") -> tuple[str, Changes]:
    """Remark on a section of a draft, or on words of it; a remark is never printed and never sent.

    Raises Refused ``report_frozen``, ``comment_invalid``, ``unknown_section``, ``no_right``.
    """
    context = office.context
    if not context.may("report.write"):
        context.require("report.approve")
    text, words = squeeze(body), squeeze(quote).replace("\n", " ")[:300]
    if not text or len(text) > _LONGEST or bad_character(text, multiline=True):
        raise Refused("comment_invalid", f"Ý kiến cần có chữ, dài nhất {_LONGEST} ký tự. Chưa ghi; hãy viết lại.")
    with context.store.unit() as uow:
        row = office.reports.row(uow, report_id)
        _require_live(row.state)
        keys = {"opening", "closing", *(item.key for item in ReportDraft.from_json(row.draft).sections)}
        if section not in keys:
            raise Refused("unknown_section", f"Báo cáo không có mục “{section}”; chưa ghi ý kiến.")
        made = uow.desk.add_comment(row.id, row.revision, section, words, text)
    return made, Changes.of("report", ids=[row.id])


def settle_comment(office: Office, comment_id: str, *, done: bool = True) -> Changes:
    """Mark a comment as settled, or open it again. Raises Refused ``not_found``, ``report_frozen``, ``no_right``."""
    context = office.context
    if not context.may("report.write"):
        context.require("report.approve")
    with context.store.unit() as uow:
        row = uow.desk.comment(comment_id)
        if row is None:
            raise Refused("not_found", "Không tìm thấy ý kiến này; hãy mở lại báo cáo.")
        _require_live(office.reports.row(uow, row.report_id, row.revision).state)
        uow.desk.resolve(comment_id, done=done)
    return Changes.of("report", ids=[row.report_id])


def _require_live(state: str) -> None:
    if state not in LIVE:
        raise Refused(
            "report_frozen", "Báo cáo đã chốt nên không ghi thêm ý kiến được nữa; các ý kiến cũ vẫn xem được."
        )
