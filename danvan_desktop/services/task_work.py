"""The work on a task of the plan: who does it, until when, how often; done and done again; what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..catalog import values
from ..catalog.model import Privacy
from ..catalog.privacy import privacy_of
from ..kernel import vi
from ..kernel.changes import Changes
from ..kernel.clock import VIETNAM, parse_stamp, today
from ..kernel.errors import Refused
from ..kernel.text import nfc
from ..planning.recurrence import RECURRENCES, next_due
from ..store.plans import TaskRow
from ..store.rows import RecordRow
from ..store.store import UnitOfWork
from ..store.task_work import Occurrence
from .context import Context, unique
from .evidence import Evidence, EvidenceService, require_room

STATUSES = ("open", "doing", "done", "cancelled")
MAX_NOTE = 2000
MAX_REMARK = 500


@dataclass(frozen=True, slots=True)
class Done:
    """One time a task was done, in words. ``undone``: who took it back and when, empty while it stands."""

    due_on: date | None
    done_on: date
    late_days: int  # 0: in time, or without a last day
    by: str  # label of the account
    at: str  # dd/MM/yyyy HH:mm
    note: str
    undone: str


@dataclass(frozen=True, slots=True)
class ProvingRecord:
    """A record that proves a task. ``label``: its name; only its kind where the account may not read personal data."""

    id: str
    label: str
    form_title: str
    day: date | None
    state: str


@dataclass(frozen=True, slots=True)
class TaskProof:
    """Everything behind a task: done when by whom (newest first), records outside the bin, kept files."""

    history: tuple[Done, ...]
    records: tuple[ProvingRecord, ...]
    files: tuple[Evidence, ...]


class TaskService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def get(self, task_id: str) -> TaskRow:
        """A task by its id or the beginning of it. Raises Refused ``not_found``, ``ambiguous_id``."""
        with self._context.store.read() as uow:
            return _task(uow, task_id)

    def save(self, task: TaskRow, remark: str = "") -> Changes:
        """Keep who leads a task, who helps, when it is due, how often, how far it is, and the note on it.

        A status that becomes ``done`` is one occurrence done on ``task.done_on`` (today where it names none), written
        into the history with ``remark``. A task that comes again then waits for its next last day, from nothing; one
        that does not is finished. A status that is done no more takes the last occurrence back. The files of a task
        are set by :meth:`set_files` alone.
        Raises Refused ``not_found``, ``task_invalid``, ``task_due_missing``, ``day_invalid``, ``no_right``.
        """
        context = self._context
        context.require("plan")
        with context.store.unit() as uow:
            old = _task(uow, task.id)
            task = self._tidy(task, old)
            if task.status == "done" and old.status != "done":
                task = self._complete(uow, task, old, remark)
            elif task.status == "done":
                task = self._corrected(uow, task, old, remark)
            elif old.status == "done":
                task = self._reopened(uow, task)
            else:
                task = replace(task, done_on=None)
            uow.plans.set_task(task)
        return Changes.of("plan", ids=[task.plan_id])

    def complete(self, task_id: str, done_on: date | None = None, remark: str = "") -> Changes:
        """Mark the present occurrence of a task as done. Raises as :meth:`save`, and Refused ``task_done``."""
        row = self.get(task_id)
        if row.status == "done":
            raise Refused("task_done", "Nhiệm vụ này đã xong rồi. Chưa ghi gì; hãy hoàn tác nếu ghi nhầm.")
        return self.save(replace(row, status="done", done_on=done_on), remark)

    def undo_done(self, task_id: str) -> Changes:
        """Take the last "done" back: last day, status and progress are those before it. The history keeps the line.

        Raises Refused ``nothing_to_undo``, ``not_found``, ``no_right``.
        """
        context = self._context
        context.require("plan")
        with context.store.unit() as uow:
            row = _task(uow, task_id)
            last = uow.task_work.last(row.id)
            if last is not None:
                uow.task_work.undo(last.seq)
                row = replace(row, due_on=last.due_on, status=last.status, progress=last.progress, done_on=None)
            elif row.status == "done":  # finished before a history was kept: how far it was is not known
                row = replace(row, status="doing", progress=0, done_on=None)
            else:
                raise Refused("nothing_to_undo", "Nhiệm vụ này chưa lần nào được đánh dấu xong nên không có gì để bỏ.")
            uow.plans.set_task(row)
            uow.audit.append("task_undone", row.id, {})
        return Changes.of("plan", ids=[row.plan_id])

    # what proves it
    def link(self, task_id: str, record_id: str) -> Changes:
        """Say that a record proves a task. Raises Refused ``not_found``, ``record_deleted``, ``no_right``."""
        self._context.require("plan")
        with self._context.store.unit() as uow:
            row = _task(uow, task_id)
            record = uow.records.get(unique(record_id, uow.records.find_prefix, "bản ghi"))
            assert record is not None
            if record.deleted:
                raise Refused("record_deleted", "Bản ghi này đang ở thùng rác nên chưa gắn được. Hãy khôi phục trước.")
            if uow.task_work.link(row.id, record.id):
                uow.audit.append("task_record_linked", row.id, {"record": record.id})
        return Changes.of("plan", ids=[row.plan_id])

    def unlink(self, task_id: str, record_id: str) -> Changes:
        """Take such a link back; the record stays. Raises Refused ``not_found``, ``no_right``."""
        self._context.require("plan")
        with self._context.store.unit() as uow:
            row = _task(uow, task_id)
            found = unique(record_id, uow.records.find_prefix, "bản ghi")
            if not uow.task_work.unlink(row.id, found):
                raise Refused("not_found", "Bản ghi này không gắn với nhiệm vụ. Chưa thay đổi gì.")
            uow.audit.append("task_record_unlinked", row.id, {"record": found})
        return Changes.of("plan", ids=[row.plan_id])

    def set_files(self, task_id: str, hashes: Sequence[str]) -> Changes:
        """Set the files of a task, taken in before by services.evidence.

        Raises Refused ``not_found``, ``evidence_too_many``, ``no_right``.
        """
        self._context.require("plan")
        with self._context.store.unit() as uow:
            row = _task(uow, task_id)
            kept = tuple(dict.fromkeys(hashes))
            require_room(uow, kept)
            if any(uow.blobs.name(item) is None for item in kept):
                raise Refused("not_found", "Có tệp không còn trong dữ liệu. Chưa lưu gì; hãy thêm lại tệp từ bản gốc.")
            uow.plans.set_task(replace(row, evidence=kept))
            uow.audit.append("task_files_set", row.id, {"count": len(kept)})
        return Changes.of("plan", ids=[row.plan_id])

    def proof(self, task_id: str) -> TaskProof:
        """What stands behind a task. Raises Refused ``not_found``."""
        context = self._context
        with context.store.read() as uow:
            row = _task(uow, task_id)
            history = uow.task_work.history(row.id)
            records = uow.task_work.records(row.id)
        people = {account.name: account.label for account in context.store.accounts}
        return TaskProof(
            history=tuple(_done(item, people) for item in history),
            records=tuple(self._proving(item) for item in records),
            files=tuple(EvidenceService(context).names(row.evidence)),
        )

    def tasks_of(self, record_id: str) -> tuple[tuple[str, str], ...]:
        """The tasks that a record proves: (task id, mark and words), in the order of their plans."""
        with self._context.store.read() as uow:
            found = uow.task_work.tasks_of(record_id)
        return tuple((key, f"{mark}. {text}" if mark else text) for key, mark, text in found)

    def _proving(self, row: RecordRow) -> ProvingRecord:
        form = self._context.catalog.forms.get(row.form)
        label, title = row.id[:8], row.form
        if form is not None:
            title = form.short_title
            shown = self._context.may("record") or all(
                privacy_of(form, key, row.values) is Privacy.OPEN for key in form.label
            )
            label = values.label_of(form, row.values) if shown else title
        return ProvingRecord(row.id, label, title, row.event_date, row.state)

    # one task
    def _tidy(self, task: TaskRow, old: TaskRow) -> TaskRow:
        """``task`` as it may be kept: words in their limits, a last day where it comes again."""
        if task.status not in STATUSES or task.recurrence not in RECURRENCES or not 0 <= task.progress <= 100:
            raise Refused("task_invalid", "Trạng thái, chu kỳ hoặc tiến độ (từ 0 đến 100) không hợp lệ. Chưa ghi gì.")
        note = nfc(task.note).strip()
        if len(note) > MAX_NOTE:
            raise Refused("task_invalid", f"Ghi chú dài quá {MAX_NOTE} chữ. Chưa ghi gì; hãy viết gọn lại.")
        if task.recurrence != "none" and task.due_on is None:
            raise Refused(
                "task_due_missing",
                "Nhiệm vụ lặp lại phải có hạn của lần đầu. Chưa ghi gì; hãy ghi hạn.",
                field="due_on",
            )
        day = old.due_day if old.due_day and task.due_on == old.due_on else task.due_on.day if task.due_on else None
        helpers = tuple(dict.fromkeys(item for item in task.helpers if item != task.lead_unit))
        return replace(task, note=note, due_day=day, helpers=helpers, evidence=old.evidence, plan_id=old.plan_id)

    def _day_done(self, wanted: date | None) -> date:
        now = today(self._context.clock)
        if wanted is not None and wanted > now:
            raise Refused(
                "day_invalid",
                f"Ngày hoàn thành {vi.day(wanted)} ở sau hôm nay. Chưa ghi gì; hãy sửa ngày.",
                field="done_on",
            )
        return wanted or now

    def _complete(self, uow: UnitOfWork, task: TaskRow, old: TaskRow, remark: str) -> TaskRow:
        done_on = self._day_done(task.done_on)
        uow.task_work.add(
            task.id, task.due_on, done_on, _remark(remark), progress=min(old.progress, 99), status=old.status
        )
        uow.audit.append("task_done", task.id, {"on": done_on.isoformat()})
        plan = uow.plans.get(task.plan_id)
        following = None
        if task.due_on is not None:
            year = plan.year if plan is not None else None
            following = next_due(task.due_on, task.recurrence, day=task.due_day, year=year)
        if following is None:
            return replace(task, progress=100, done_on=done_on)
        return replace(task, due_on=following, progress=0, status="open", done_on=None)

    def _corrected(self, uow: UnitOfWork, task: TaskRow, old: TaskRow, remark: str) -> TaskRow:
        """Another day of a task that is done already: the earlier line is taken back, a new one stands."""
        done_on = self._day_done(task.done_on or old.done_on) if task.done_on or old.done_on else None
        last = uow.task_work.last(task.id)
        if done_on is not None and (done_on != old.done_on or _remark(remark)):
            if last is not None:
                uow.task_work.undo(last.seq)
            words = _remark(remark) or (last.note if last else "")
            before = (last.progress, last.status) if last else (0, "doing")
            uow.task_work.add(task.id, task.due_on, done_on, words, progress=before[0], status=before[1])
        return replace(task, progress=100, done_on=done_on)

    def _reopened(self, uow: UnitOfWork, task: TaskRow) -> TaskRow:
        last = uow.task_work.last(task.id)
        if last is not None:
            uow.task_work.undo(last.seq)
        uow.audit.append("task_undone", task.id, {})
        progress = task.progress if task.progress < 100 else last.progress if last else 0
        return replace(task, done_on=None, progress=progress)


def _task(uow: UnitOfWork, task_id: str) -> TaskRow:
    row = uow.plans.task(unique(task_id, uow.plans.find_task, "nhiệm vụ"))
    assert row is not None
    return row


def _remark(text: str) -> str:
    words = " ".join(nfc(text).split())
    if len(words) > MAX_REMARK:
        raise Refused("task_invalid", f"Lời ghi dài quá {MAX_REMARK} chữ. Chưa ghi gì; hãy viết gọn lại.")
    return words


def _done(item: Occurrence, people: dict[str, str]) -> Done:
    late = (item.done_on - item.due_on).days if item.due_on else 0
    undone = ""
    if item.undone_at:
        undone = f"{people.get(item.undone_by or '', item.undone_by or '')}, {_moment(item.undone_at)}"
    return Done(
        due_on=item.due_on,
        done_on=item.done_on,
        late_days=max(late, 0),
        by=people.get(item.by, item.by),
        at=_moment(item.at),
        note=item.note,
        undone=undone,
    )


def _moment(at: str) -> str:
    return f"{parse_stamp(at).astimezone(VIETNAM):%d/%m/%Y %H:%M}"
