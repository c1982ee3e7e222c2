"""Evidence that goes along with a report: which files may be picked; those a person picked, as members of a package.

Nothing goes by itself: every file is picked one by one, with a reason, and the package is then sealed for the parent
(DESIGN §2.7). Files of a record that holds protected values (a denunciation, say) are never offered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ..catalog import values
from ..catalog.model import Form, Privacy, ValueType
from ..catalog.periods import parse_period
from ..catalog.privacy import privacy_of
from ..exchange.evidence import LIST_NAME, REASON_MAXIMUM, TITLE_MAXIMUM, EvidenceItem, evidence_bytes, member_name
from ..exchange.limits import LIMITS
from ..exchange.package import JSON_TYPE, Member
from ..exchange.strict import is_media_type
from ..kernel.canonical import sha256_hex
from ..kernel.errors import Refused
from ..kernel.text import bad_character, squeeze
from ..store.plans import TaskRow
from ..store.rows import RecordRow
from ..store.store import UnitOfWork
from .context import Context
from .evidence import tidy_name
from .evidence_check import is_marked_secret, is_program
from .places import dated_names
from .reports import ReportView

MAX_FILES = LIMITS.evidence
MAX_BYTES = LIMITS.evidence_bytes


@dataclass(frozen=True, slots=True)
class Candidate:
    """A kept file that may go along. ``title``: the record or task it is kept with, as this account may read it;
    ``open_title``: what travels of that, None when it is personal; ``size`` in bytes."""

    sha256: str
    name: str
    media_type: str
    size: int
    source: str  # record | task
    source_id: str
    title: str
    open_title: str | None
    day: date | None = None


@dataclass(frozen=True, slots=True)
class EvidenceOffer:
    """What may go along with a report that is about to be exported, and to whom; no files: nothing is asked."""

    receiver: str
    files: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Pick:
    """A file a person chose: the beginning of its SHA-256, and one line that says why it goes."""

    sha256: str
    reason: str


@dataclass(frozen=True, slots=True)
class Packed:
    """Picked files as they stand in a package."""

    items: tuple[EvidenceItem, ...]
    members: tuple[Member, ...]


def judge_file(data: bytes, name: str) -> str | None:
    """Why a file is no evidence: ``program``, ``secret``; None when it may be taken."""
    if is_program(data, name):
        return "program"
    return "secret" if is_marked_secret(data, name) else None


def may_pick(context: Context) -> bool:
    """Whether the account may send evidence along: it must be allowed to send, and to read what it sends."""
    return context.may("package") and context.may("record")


def candidates(context: Context, uow: UnitOfWork, view: ReportView) -> tuple[Candidate, ...]:
    """The files of the records behind the report's figures, of the tasks of its year's plan and of the records that
    prove those; each file once, newest first, those of tasks at the end."""
    context.require("package")
    context.require("record")
    found: dict[str, Candidate] = {}
    barred: set[str] = set()
    tasks = _tasks(uow, view)
    ids = uow.reports.records_behind(view.id, view.revision)
    rows = {row.id: row for row in uow.record_files.among(ids, _forms_with_files(context))}
    for task in tasks:
        rows |= {row.id: row for row in uow.task_work.records(task.id)}
    dated = dated_names(uow)
    for row in sorted(rows.values(), key=lambda row: (row.event_date or date.min, row.id), reverse=True):
        form = context.catalog.forms.get(row.form)
        files = _files(row, form)
        if row.deleted or not files:
            continue
        if form is None or _holds_protected(form, row):
            barred.update(files)
            continue
        for sha256 in files:
            _offer(uow, found, sha256, _of_record(form, row, dated.on(row.event_date)))
    for task in tasks:
        words = squeeze(f"{task.mark}. {task.text}" if task.mark else task.text).replace("\n", " ")
        for sha256 in task.evidence:
            _offer(uow, found, sha256, ("task", task.id, words, words, None))
    forms = {form.key: form for form in context.catalog.forms.values() if _may_hold_protected(form)}
    for row in uow.record_files.having(
        found, forms
    ):  # the same file may also lie with a denunciation of another period
        if _holds_protected(forms[row.form], row):
            barred.update(row.evidence)
    return tuple(item for item in found.values() if item.sha256 not in barred)


def _tasks(uow: UnitOfWork, view: ReportView) -> list[TaskRow]:
    year = parse_period(view.period).year
    plan = uow.plans.current(year)
    return uow.plans.tasks(plan.id) if plan is not None else []


def _forms_with_files(context: Context) -> tuple[str, ...]:
    return tuple(
        form.key
        for form in context.catalog.forms.values()
        if any(field.type is ValueType.FILES for field in form.fields)
    )


def _files(row: RecordRow, form: Form | None) -> list[str]:
    found = list(row.evidence)
    for field in form.fields if form is not None else ():
        kept = row.values.get(field.key)
        if field.type is ValueType.FILES and isinstance(kept, list):
            found += [item for item in kept if isinstance(item, str)]
    return found


def _may_hold_protected(form: Form) -> bool:
    return any(
        field.privacy is Privacy.PROTECTED
        or (field.class_when is not None and field.class_when.privacy is Privacy.PROTECTED)
        for field in form.fields
    )


def _holds_protected(form: Form, row: RecordRow) -> bool:
    return any(privacy_of(form, field, row.values) is Privacy.PROTECTED for field in form.fields)


def _of_record(form: Form, row: RecordRow, names: Mapping[str, str]) -> tuple[str, str, str, str | None, date | None]:
    title = values.label_of(form, row.values, names)
    is_open = all(privacy_of(form, key, row.values) is Privacy.OPEN for key in form.label)
    return "record", row.id, title, title if is_open else None, row.event_date


def _offer(
    uow: UnitOfWork,
    found: dict[str, Candidate],
    sha256: str,
    place: tuple[str, str, str, str | None, date | None],
) -> None:
    kept = uow.blobs.name(sha256) if sha256 not in found else None
    if kept is not None:
        size = sum(uow.blobs.sizes([sha256]))
        source, source_id, title, open_title, day = place
        name = tidy_name(kept[0]).strip(" .") or "tep"
        found[sha256] = Candidate(sha256, name, kept[1], size, source, source_id, title, open_title, day)


def pack(context: Context, uow: UnitOfWork, view: ReportView, picks: Sequence[Pick]) -> Packed:
    """The picked files as members, in the order they were picked, each looked into once more.

    Raises Refused ``evidence_unknown``, ``ambiguous_id``, ``reason_missing``, ``bad_text``, ``evidence_twice``,
    ``evidence_too_many``, ``evidence_program``, ``evidence_secret``, ``no_right``.
    """
    if not picks:
        return Packed((), ())
    offered = candidates(context, uow, view)
    chosen = [(_find(offered, pick.sha256), tidy_reason(pick.reason)) for pick in picks]
    if len({item.sha256 for item, _ in chosen}) != len(chosen):
        raise Refused("evidence_twice", "Có tệp được chọn hai lần. Chưa lập gói; hãy bỏ một lần chọn rồi làm lại.")
    require_room(sum(item.size for item, _ in chosen), len(chosen))
    items: list[EvidenceItem] = []
    members: list[Member] = []
    for position, (item, reason) in enumerate(chosen, 1):
        data = _content(uow, item)
        media_type = item.media_type if is_media_type(item.media_type) else "application/octet-stream"
        name = member_name(position, item.name)
        title = item.open_title[:TITLE_MAXIMUM].strip() if item.open_title else None
        items.append(
            EvidenceItem(name, item.name, media_type, item.sha256, item.source, item.source_id, title or None, reason)
        )
        members.append(Member(name, media_type, data))
    return Packed(tuple(items), (Member(LIST_NAME, JSON_TYPE, evidence_bytes(items)), *members))


def require_room(size: int, count: int) -> None:
    """Raises Refused ``evidence_too_many`` for more files, or more bytes, than a package takes along."""
    if count > MAX_FILES or size > MAX_BYTES:
        raise Refused(
            "evidence_too_many",
            f"Mỗi gói kèm nhiều nhất {MAX_FILES} tệp, tổng cộng {MAX_BYTES // 2**20} MB. Chưa lập gói; hãy bỏ bớt tệp.",
        )


def _content(uow: UnitOfWork, item: Candidate) -> bytes:
    kept = uow.blobs.get(item.sha256)
    assert kept is not None  # offered a moment ago, in the same unit of work
    why = judge_file(kept[0], item.name)
    if why == "program":
        raise Refused(
            "evidence_program",
            f"Tệp “{item.name}” là chương trình hoặc có lệnh chạy (macro) nên không gửi kèm. Chưa lập gói; "
            "hãy bỏ tệp này.",
        )
    if why:
        raise Refused(
            "evidence_secret",
            f"Tệp “{item.name}” có dấu chỉ độ mật nên không gửi kèm. Chưa lập gói; hãy xử lý tệp này theo quy định về "
            "bảo vệ bí mật nhà nước.",
        )
    return kept[0]


def _find(offered: Sequence[Candidate], prefix: str) -> Candidate:
    low = prefix.strip().lower()
    found = [item for item in offered if low and item.sha256.startswith(low)]
    if len(found) > 1:
        raise Refused("ambiguous_id", f"Mã tệp “{prefix}” ứng với {len(found)} tệp; hãy viết dài hơn. Chưa lập gói.")
    if not found:
        raise Refused(
            "evidence_unknown",
            f"Không có tệp minh chứng nào của báo cáo này có mã “{prefix}”. Chưa lập gói; hãy chọn lại tệp.",
        )
    return found[0]


def tidy_reason(text: str) -> str:
    """A reason as it travels: one line. Raises Refused ``reason_missing``, ``bad_text``."""
    said = squeeze(text).replace("\n", " ").strip()
    if not said:
        raise Refused("reason_missing", "Mỗi tệp gửi kèm cần một dòng lý do. Chưa lập gói; hãy ghi lý do rồi làm lại.")
    if len(said) > REASON_MAXIMUM or bad_character(said):
        raise Refused(
            "bad_text",
            f"Lý do gửi kèm dài quá {REASON_MAXIMUM} chữ hoặc có ký tự không dùng được. Chưa lập gói; hãy viết lại.",
        )
    return said


def reason_hash(reason: str) -> str:
    """What the audit keeps of a reason: it holds hashes, never words; the words are in the signed package."""
    return sha256_hex(reason.encode("utf-8"))
