"""Plans and their tasks."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from .schema_plans import plan, task


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan as kept; ``body`` is planning.model's JSON, ``created_at`` is a stamp."""

    id: str
    title: str
    number_symbol: str
    issued_on: date | None
    year: int | None
    issuer: str
    source_name: str
    source_sha256: str
    body: dict[str, Any] = field(repr=False)
    created_at: str
    created_by: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task of a plan. ``progress`` 0-100; ``status`` open, doing, done, cancelled."""

    id: str
    plan_id: str
    area: int | None
    mark: str
    text: str
    lead_unit: str | None = None
    helpers: tuple[str, ...] = ()
    due_on: date | None = None
    progress: int = 0
    status: str = "open"
    done_on: date | None = None  # with status done
    recurrence: str = "none"  # a word of planning.recurrence
    due_day: int | None = None  # the day of the month a person set; due_on may stand earlier in a short month
    note: str = ""
    evidence: tuple[str, ...] = ()  # blob hashes


class PlanRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def save(self, row: PlanRow) -> None:
        """Keep a plan, or replace the one with this id; stamps of the first saving stay."""
        body = {**asdict(row), "issued_on": row.issued_on.isoformat() if row.issued_on else None}
        kept = {key: value for key, value in body.items() if key not in ("id", "created_at", "created_by")}
        self._connection.execute(upsert(plan).values(**body).on_conflict_do_update(index_elements=["id"], set_=kept))

    def get(self, plan_id: str) -> PlanRow | None:
        row = self._connection.execute(select(plan).where(plan.c.id == plan_id)).mappings().first()
        return _plan(row) if row else None

    def current(self, year: int) -> PlanRow | None:
        """The plan of ``year`` saved last, or None."""
        query = select(plan).where(plan.c.year == year).order_by(plan.c.created_at.desc(), plan.c.id.desc()).limit(1)
        row = self._connection.execute(query).mappings().first()
        return _plan(row) if row else None

    def find_prefix(self, prefix: str) -> list[str]:
        """The ids that start with ``prefix`` (at most 20)."""
        low = prefix.lower()
        query = select(plan.c.id).where(plan.c.id >= low, plan.c.id < low + "\x7f").order_by(plan.c.id).limit(20)
        return [*self._connection.execute(query).scalars()]

    def tasks(self, plan_id: str) -> list[TaskRow]:
        """The tasks of a plan in the order they were first set."""
        query = select(task).where(task.c.plan_id == plan_id).order_by(task.c.position, task.c.id)
        return [task_of(row) for row in self._connection.execute(query).mappings()]

    def task(self, task_id: str) -> TaskRow | None:
        row = self._connection.execute(select(task).where(task.c.id == task_id)).mappings().first()
        return task_of(row) if row else None

    def set_task(self, row: TaskRow) -> None:
        """Add or change a task."""
        body = {
            **asdict(row),
            "helpers": list(row.helpers),
            "evidence": list(row.evidence),
            "due_on": row.due_on.isoformat() if row.due_on else None,
            "done_on": row.done_on.isoformat() if row.done_on else None,
        }
        last = select(func.coalesce(func.max(task.c.position), 0) + 1).where(task.c.plan_id == row.plan_id)
        kept = {key: value for key, value in body.items() if key != "id"}
        self._connection.execute(
            upsert(task)
            .values(**body, position=last.scalar_subquery())
            .on_conflict_do_update(index_elements=["id"], set_=kept)
        )

    def remove_task(self, task_id: str) -> None:
        self._connection.execute(delete(task).where(task.c.id == task_id))

    def find_task(self, prefix: str) -> list[str]:
        """The ids of tasks that start with ``prefix`` (at most 20)."""
        low = prefix.lower()
        query = select(task.c.id).where(task.c.id >= low, task.c.id < low + "\x7f").order_by(task.c.id).limit(20)
        return [*self._connection.execute(query).scalars()]

    def list(self) -> list[PlanRow]:
        """Newest year first, then newest saved."""
        query = select(plan).order_by(plan.c.year.desc(), plan.c.created_at.desc(), plan.c.id.desc())
        return [_plan(row) for row in self._connection.execute(query).mappings()]


def task_of(row: Any) -> TaskRow:
    """A :class:`TaskRow` from the columns of the table ``task``."""
    body = {key: value for key, value in row.items() if key != "position"}
    body["helpers"], body["evidence"] = tuple(body["helpers"]), tuple(body["evidence"])
    for name in ("due_on", "done_on"):
        body[name] = date.fromisoformat(body[name]) if body[name] else None
    return TaskRow(**body)


def _plan(row: Any) -> PlanRow:
    return PlanRow(**{**row, "issued_on": date.fromisoformat(row["issued_on"]) if row["issued_on"] else None})
