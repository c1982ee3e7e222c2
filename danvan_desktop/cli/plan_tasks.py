"""Commands about the tasks of a plan: the board, and the work on one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..kernel import clock, vi
from ..kernel.errors import Refused, UsageError
from ..services.office import Office
from ..services.plan_view import RECURRENCE_TITLES, STATUS_TITLES, TaskLine, open_plan
from ..services.plans import TaskRow
from .named import agency, day
from .session import Session

_FIELDS = ("progress", "status", "recurrence", "body", "helper", "due", "note")
_ACTS = ("undo_done", "link", "unlink", "attach", "detach")
_TEXT = 90


def tasks(session: Session) -> int:
    """The tasks of a plan, those overdue first, then by their last day; ``--area``, ``--body``, ``--status``,
    ``--overdue`` narrow the list."""
    options, office = session.options, session.office()
    desk = open_plan(office, _plan(office, options.plan))
    body = agency(office, options.body) if options.body else None
    lines = [
        line
        for line in desk.tasks
        if (options.area is None or line.row.area == options.area)
        and (body is None or line.row.lead_unit == body)
        and (options.status is None or line.row.status == options.status)
        and (line.overdue or not options.overdue)
    ]
    lines.sort(key=lambda line: (not line.overdue, line.days_left if line.overdue else 0))
    late = sum(line.overdue for line in lines)
    session.output.result(
        {"plan": desk.row.id, "title": desk.row.title, "year": desk.row.year, "overdue": late,
         "tasks": [_json(line) for line in lines]},
        [*(words for line in lines for words in _words(line)), f"{len(lines)} nhiệm vụ, {late} quá hạn"],
    )  # fmt: skip
    return 0


def _plan(office: Office, named: str) -> str:
    """The plan named, else the one of this year, else the newest."""
    rows = office.plans.all()
    if named:
        found = [row.id for row in rows if row.id.startswith(named.strip().lower())]
        if len(found) != 1:
            raise Refused("not_found", f"Không có, hoặc có nhiều kế hoạch với mã “{named}”. Xem mã bằng “plan list”.")
        return found[0]
    if not rows:
        raise Refused("not_found", "Chưa có kế hoạch nào. Hãy nhập kế hoạch trước.")
    current = office.plans.same_year(clock.today(office.context.clock).year)
    return (current or rows[0]).id


def task(session: Session) -> int:
    """Show one task; or change its fields; or do one thing with it. One call is one step: all of it, or nothing."""
    options, office = session.options, session.office()
    row = office.tasks.get(options.id)
    fields = [name for name in _FIELDS if getattr(options, name) is not None]
    acts = [name for name in _ACTS if getattr(options, name)]
    if len(acts) > 1 or (acts and (fields or options.done)):
        raise UsageError(
            "usage", "Mỗi lần chỉ làm một việc: --undo-done, --link, --unlink, --attach hoặc --detach đứng riêng."
        )
    if options.remark and not options.done:
        raise UsageError("usage", "--remark là nhận xét của lần xong, đi cùng --done.")
    if fields or options.done:
        changed = _changed(office, row, options)
        if options.done and row.status == "done" and not fields and day(options.done) == row.done_on:
            raise Refused("task_done", "Nhiệm vụ này đã xong rồi. Chưa ghi gì; hãy hoàn tác nếu ghi nhầm.")
        office.tasks.save(changed, options.remark)
    elif acts:
        _act(office, row, acts[0], options)
    line = next(line for line in open_plan(office, row.plan_id).tasks if line.row.id == row.id)
    proof = office.tasks.proof(row.id)
    session.output.result(
        {
            **_json(line),
            "history": [
                {"due": _iso(item.due_on), "done": _iso(item.done_on), "late_days": item.late_days, "by": item.by,
                 "remark": item.note, "undone": item.undone}
                for item in proof.history
            ],
            "records": [{"id": item.id, "label": item.label, "state": item.state} for item in proof.records],
            "evidence": [{"sha256": item.sha256, "name": item.name} for item in proof.files],
        },
        [
            *_words(line),
            *(
                f"  xong {vi.day(item.done_on)}, {item.by}"
                + (f", muộn {item.late_days} ngày" if item.late_days else "")
                + (f": {item.note}" if item.note else "")
                + (" (đã bỏ)" if item.undone else "")
                for item in proof.history
            ),
            *(f"  bản ghi {item.id}  {item.form_title}: {item.label}" for item in proof.records),
            *(f"  tệp {item.sha256[:8]}  {item.name}" for item in proof.files),
        ],
    )  # fmt: skip
    return 0


def _changed(office: Office, row: TaskRow, options: Any) -> TaskRow:
    """The task with what the options say."""
    status = options.status or row.status
    if options.progress is not None:
        if options.status is None and status in ("open", "doing"):
            status = "doing" if options.progress else "open"
        row = replace(row, progress=options.progress)
    if options.done:
        if options.status not in (None, "done"):
            raise UsageError("usage", "--done nghĩa là đã xong: không đi cùng --status khác done.")
        status = "done"
        row = replace(row, done_on=day(options.done))
    if options.body is not None:
        row = replace(row, lead_unit=agency(office, options.body) if options.body else None)
    if options.helper is not None:
        row = replace(row, helpers=tuple(agency(office, name) for name in options.helper if name))
    if options.due is not None:
        row = replace(row, due_on=day(options.due) if options.due else None)
    if options.note is not None:
        row = replace(row, note=options.note)
    return replace(row, status=status, recurrence=options.recurrence or row.recurrence)


def _act(office: Office, row: TaskRow, act: str, options: Any) -> None:
    if act == "undo_done":
        office.tasks.undo_done(row.id)
    elif act == "link":
        office.tasks.link(row.id, options.link)
    elif act == "unlink":
        office.tasks.unlink(row.id, options.unlink)
    elif act == "attach":
        kept = office.records.evidence.add(Path(options.attach), row.evidence)
        office.tasks.set_files(row.id, [*row.evidence, kept.sha256])
    else:
        left = _without(office, row.evidence, options.detach)
        office.tasks.set_files(row.id, left)


def _without(office: Office, hashes: Iterable[str], named: str) -> list[str]:
    """The files but the one named (its name, or the beginning of its SHA-256)."""
    kept = list(hashes)
    names = {item.sha256: item.name for item in office.records.evidence.names(kept)}
    gone = [item for item in kept if names.get(item) == named or item.startswith(named.lower())]
    if len(gone) != 1:
        raise Refused("not_found", f"Nhiệm vụ không có tệp “{named}” (hoặc có nhiều tệp như vậy). Chưa thay đổi gì.")
    return [item for item in kept if item != gone[0]]


def _iso(value: Any) -> str | None:
    return value.isoformat() if value is not None else None


def _json(line: TaskLine) -> dict[str, Any]:
    row = line.row
    return {
        "id": row.id,
        "plan": row.plan_id,
        "area": row.area,
        "mark": row.mark,
        "text": row.text,
        "body": line.lead or None,
        "helpers": list(line.helpers),
        "due": _iso(row.due_on),
        "last_working_day": _iso(line.last_working_day),
        "days_left": line.days_left,
        "overdue": line.overdue,
        "recurrence": row.recurrence,
        "progress": row.progress,
        "status": row.status,
        "done_on": _iso(row.done_on),
        "note": row.note,
        "times_done": line.times,
        "proving_records": line.records,
        "files": len(row.evidence),
    }


def _words(line: TaskLine) -> list[str]:
    row = line.row
    text = f"{row.mark}. {row.text}" if row.mark else row.text
    short = text.replace("\n", " ")
    due = vi.day(row.due_on) if row.due_on else "chưa có hạn"
    if line.overdue:
        due += f", QUÁ HẠN {-(line.days_left or 0)} ngày"
    said = [line.lead or "chưa giao", due, STATUS_TITLES[row.status].lower(), f"{row.progress}%"]
    if row.recurrence != "none":
        said.append(RECURRENCE_TITLES[row.recurrence].lower())
    return [
        f"{row.id}  {short if len(short) <= _TEXT else short[: _TEXT - 1] + '…'}",
        "  " + "; ".join(said) + (f"; {row.note}" if row.note else ""),
    ]
