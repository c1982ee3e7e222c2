"""What was done of the tasks of a plan, occurrence by occurrence, and the records that prove it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from ..kernel.clock import Clock, stamp
from .rows import RecordRow, row_of
from .schema import record
from .schema_plans import task, task_occurrence, task_record


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time a task was done. ``progress`` and ``status``: what stood before; ``undone_at``: taken back since."""

    seq: int
    task_id: str
    due_on: date | None
    done_on: date
    note: str
    progress: int
    status: str
    at: str
    by: str
    undone_at: str | None = None
    undone_by: str | None = None


class TaskWorkRepository:
    def __init__(self, connection: Connection, clock: Clock, account: str) -> None:
        self._connection = connection
        self._clock = clock
        self._account = account

    # -- occurrences ----------------------------------------------------------------------------

    def add(self, task_id: str, due_on: date | None, done_on: date, note: str, *, progress: int, status: str) -> None:
        """Note that a task was done; ``progress`` and ``status`` are those before it."""
        self._connection.execute(
            insert(task_occurrence).values(
                task_id=task_id,
                due_on=due_on.isoformat() if due_on else None,
                done_on=done_on.isoformat(),
                note=note,
                progress=progress,
                status=status,
                at=stamp(self._clock.now()),
                by=self._account,
            )
        )

    def undo(self, seq: int) -> None:
        """Mark one occurrence as taken back; it stays in the history."""
        self._connection.execute(
            update(task_occurrence)
            .where(task_occurrence.c.seq == seq)
            .values(undone_at=stamp(self._clock.now()), undone_by=self._account)
        )

    def history(self, task_id: str) -> list[Occurrence]:
        """Everything that was marked as done, newest first, also what was taken back."""
        query = select(task_occurrence).where(task_occurrence.c.task_id == task_id)
        rows = self._connection.execute(query.order_by(task_occurrence.c.seq.desc())).mappings()
        return [_occurrence(row) for row in rows]

    def last(self, task_id: str) -> Occurrence | None:
        """The occurrence noted last that was not taken back."""
        return next((item for item in self.history(task_id) if item.undone_at is None), None)

    def of_plan(self, plan_id: str) -> dict[str, list[Occurrence]]:
        """The valid occurrences of every task of a plan, oldest first."""
        query = (
            select(task_occurrence)
            .join(task, task.c.id == task_occurrence.c.task_id)
            .where(task.c.plan_id == plan_id, task_occurrence.c.undone_at.is_(None))
            .order_by(task_occurrence.c.seq)
        )
        found: dict[str, list[Occurrence]] = {}
        for row in self._connection.execute(query).mappings():
            found.setdefault(row["task_id"], []).append(_occurrence(row))
        return found

    # -- records --------------------------------------------------------------------------------

    def link(self, task_id: str, record_id: str) -> bool:
        """Say that a record proves a task; False when that was said before."""
        made = self._connection.execute(
            upsert(task_record)
            .values(task_id=task_id, record_id=record_id, at=stamp(self._clock.now()), by=self._account)
            .on_conflict_do_nothing()
        )
        return made.rowcount > 0

    def unlink(self, task_id: str, record_id: str) -> bool:
        """Take such a link back; False when there was none."""
        gone = self._connection.execute(
            delete(task_record).where(task_record.c.task_id == task_id, task_record.c.record_id == record_id)
        )
        return gone.rowcount > 0

    def records(self, task_id: str) -> list[RecordRow]:
        """The records that prove a task, newest event first; those in the bin are left out."""
        query = (
            select(record)
            .join(task_record, task_record.c.record_id == record.c.id)
            .where(task_record.c.task_id == task_id, record.c.deleted.is_(False))
            .order_by(record.c.event_date.desc(), record.c.id.desc())
        )
        return [row_of(row) for row in self._connection.execute(query).mappings()]

    def counts(self, plan_id: str) -> Mapping[str, int]:
        """How many records outside the bin prove each task of a plan."""
        query = (
            select(task_record.c.task_id, func.count())
            .join(task, task.c.id == task_record.c.task_id)
            .join(record, record.c.id == task_record.c.record_id)
            .where(task.c.plan_id == plan_id, record.c.deleted.is_(False))
            .group_by(task_record.c.task_id)
        )
        return {str(key): int(count) for key, count in self._connection.execute(query)}

    def tasks_of(self, record_id: str) -> list[tuple[str, str, str]]:
        """The tasks a record proves: (id, mark, text), in the order of their plans."""
        query = (
            select(task.c.id, task.c.mark, task.c.text)
            .join(task_record, task_record.c.task_id == task.c.id)
            .where(task_record.c.record_id == record_id)
            .order_by(task.c.plan_id, task.c.position)
        )
        return [(row.id, row.mark, row.text) for row in self._connection.execute(query)]


def _occurrence(row: Any) -> Occurrence:
    body = dict(row)
    body["due_on"] = date.fromisoformat(body["due_on"]) if body["due_on"] else None
    return Occurrence(**{**body, "done_on": date.fromisoformat(body["done_on"])})
