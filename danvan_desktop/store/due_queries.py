"""What the list of deadlines asks: open tasks of every plan, and records with a term that still runs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, false, func, not_, or_, select

from ..catalog.model import Filter, Form, Indicator, IndicatorKind
from .indexing import indexed_fields
from .indicator_sql import Source
from .plans import TaskRow, task_of
from .rows import RecordRow, row_of
from .schema import record, record_value
from .schema_plans import plan, task

CLOSED_TASKS = ("done", "cancelled")


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """A task with the year of its plan."""

    row: TaskRow
    year: int | None


class DueRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def tasks(self, first: date | None, last: date, *, closed: bool) -> list[PlannedTask]:
        """Tasks of every plan with a last day in ``first``..``last`` (None: however old), by that day; ``closed``:
        also those done or given up. One query, however many plans there are."""
        query = (
            select(task, plan.c.year.label("plan_year"))
            .join(plan, plan.c.id == task.c.plan_id)
            .where(task.c.due_on <= last.isoformat())
            .order_by(task.c.due_on, task.c.position, task.c.id)
        )
        if first is not None:
            query = query.where(task.c.due_on >= first.isoformat())
        if not closed:
            query = query.where(task.c.status.not_in(CLOSED_TASKS))
        found = []
        for row in self._connection.execute(query).mappings():
            body = {key: value for key, value in row.items() if key != "plan_year"}
            found.append(PlannedTask(task_of(body), row["plan_year"]))
        return found

    def terms(
        self, form: Form, due_field: str, closed: Sequence[Filter], first: date | None, last: date, *, with_closed: bool
    ) -> list[RecordRow]:
        """Final records of ``form`` whose day ``due_field`` lies in ``first``..``last`` (None: however old).

        Without ``with_closed`` only those of which none of ``closed`` holds. One query; where the fields are indexed it
        reads the records that are asked for and no others.
        """
        source = Source(_whole(form), form)
        due = source.value(due_field)
        where = [
            record.c.form == form.key,
            record.c.deleted.is_(False),
            record.c.state == "final",
            due <= last.isoformat(),
        ]
        if first is not None:
            where.append(due >= first.isoformat())
        indexed = {item.key for item in indexed_fields(form)}
        if not with_closed:
            where.append(_none_holds(source, closed))
            ends = next((item.field for item in closed if item.op == "is_set" and item.field in indexed), None)
            if ends is not None:  # what is still open is few: those without an end stand together in the index
                where.append(_among(form, ends, record_value.c.order_key.is_(None)))
        elif due_field in indexed and first is not None:
            low, high = first.isoformat().encode(), last.isoformat().encode()
            where.append(_among(form, due_field, record_value.c.order_key.between(low, high)))
        query = select(record).where(*where).order_by(due, record.c.seq)
        return [row_of(row) for row in self._connection.execute(query).mappings()]


def _whole(form: Form) -> Indicator:
    return Indicator(
        key="due", code="", area=form.area, title="", unit="", kind=IndicatorKind.COUNT, source=form.key
    )  # fmt: skip


def _among(form: Form, key: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    side = record_value.c
    place = [side.form == form.key, side.field == key, side.deleted.is_(False)]
    return record.c.seq.in_(select(side.record_seq).where(*place, condition))


def _none_holds(source: Source, closed: Iterable[Filter]) -> ColumnElement[bool]:
    return not_(or_(false(), *(func.coalesce(source.holds(item), false()) for item in closed)))
