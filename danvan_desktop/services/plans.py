"""The plan: read from a paper, corrected by hand, kept, followed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..kernel.canonical import sha256_hex
from ..kernel.changes import Changes
from ..kernel.clock import stamp
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..kernel.reading import read_file, reason
from ..planning.extract import text_of
from ..planning.matching import same_tasks
from ..planning.model import Plan, plan_from_json, plan_to_json
from ..planning.parse import parse_plan
from ..store.plans import PlanRow, TaskRow
from .context import Context
from .task_work import TaskService

__all__ = ["MAX_PLAN_BYTES", "PlanPreview", "PlanRow", "PlanService", "TaskRow", "read_plan"]

MAX_PLAN_BYTES = 20 * 2**20


@dataclass(frozen=True, slots=True)
class PlanPreview:
    """A plan as read, not yet kept."""

    plan: Plan
    source_name: str
    source_sha256: str

    def to_json(self) -> dict[str, Any]:
        return plan_to_json(self.plan)


def read_plan(path: Path, areas: Any) -> PlanPreview:
    """Read a plan file (txt, docx, pdf). Needs no home.

    Raises Refused ``plan_unreadable`` and the codes of planning.extract: nothing is ever half-read.
    """
    try:
        data = read_file(path, MAX_PLAN_BYTES)
    except OSError as error:
        raise Refused(
            "plan_unreadable", f"Không mở được tệp “{path.name}” ({reason(error)}). Hãy kiểm tra tên tệp và quyền đọc."
        ) from error
    if data is None:
        raise Refused("plan_too_large", f"Tệp “{path.name}” lớn quá 20 MB nên không đọc. Hãy chọn đúng tệp kế hoạch.")
    return PlanPreview(parse_plan(text_of(data, path.name), areas), path.name, sha256_hex(data))


class PlanService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def preview(self, path: Path) -> PlanPreview:
        return read_plan(path, self._context.catalog.areas)

    def empty(self) -> PlanPreview:
        """A plan to be typed from nothing."""
        return PlanPreview(parse_plan("", self._context.catalog.areas), "", "")

    def save(
        self, body: dict[str, Any], *, source_name: str = "", source_sha256: str = "", plan_id: str = ""
    ) -> tuple[str, Changes]:
        """Keep a plan (as imported, or as edited on screen). Tasks become rows that can be followed.

        A task that is in the plan already (same ``id``, see :meth:`carried`) keeps who leads it, how far it is, its
        history and what proves it; one no longer in ``body`` is taken away. Raises Refused ``plan_invalid`` when
        ``body`` has not the shape of planning.model.
        """
        context = self._context
        context.require("plan")
        plan = plan_from_json(body)
        now = stamp(context.clock.now())
        with context.store.unit() as uow:
            old = uow.plans.get(plan_id) if plan_id else None
            key = old.id if old else new_id(context.clock)
            before = {row.id: row for row in uow.plans.tasks(key)}
            tasks = [task if task.id in before else replace(task, id=new_id(context.clock)) for task in plan.tasks]
            plan = replace(plan, tasks=tuple(tasks))
            uow.plans.save(
                PlanRow(
                    id=key,
                    title=plan.title or "Kế hoạch",
                    number_symbol=plan.number_symbol or "",
                    issued_on=plan.issued_on,
                    year=plan.year,
                    issuer=plan.issuer or "",
                    source_name=source_name or (old.source_name if old else ""),
                    source_sha256=source_sha256 or (old.source_sha256 if old else ""),
                    body=plan_to_json(plan),
                    created_at=old.created_at if old else now,
                    created_by=old.created_by if old else context.by,
                )
            )
            for gone in before.keys() - {task.id for task in tasks}:
                uow.plans.remove_task(gone)
            for task in tasks:
                row = before.get(task.id) or TaskRow(task.id, key, task.area, "", task.text)
                uow.plans.set_task(replace(row, area=task.area, mark=task.mark or "", text=task.text))
            uow.audit.append("plan_saved", key, {"source": source_sha256 or (old.source_sha256 if old else "")})
        return key, Changes.of("plan", ids=[key])

    def carried(self, body: dict[str, Any], plan_id: str) -> dict[str, Any]:
        """``body``, a plan read again, with the ids of the kept plan on the tasks that are the same by their words:
        for :meth:`save` in the place of that plan. Raises Refused ``not_found``, ``plan_invalid``.
        """
        kept = plan_from_json(self.get(plan_id).body)
        plan = plan_from_json(body)
        found = same_tasks(kept.tasks, plan.tasks)
        tasks = tuple(replace(task, id=found.get(place, "")) for place, task in enumerate(plan.tasks))
        return plan_to_json(replace(plan, tasks=tasks))

    def same_year(self, year: int | None) -> PlanRow | None:
        """The plan of a year kept last: the one a plan read now may replace."""
        if year is None:
            return None
        with self._context.store.read() as uow:
            return uow.plans.current(year)

    def all(self) -> list[PlanRow]:
        with self._context.store.read() as uow:
            return uow.plans.list()

    def get(self, plan_id: str) -> PlanRow:
        with self._context.store.read() as uow:
            row = uow.plans.get(plan_id)
        if row is None:
            raise Refused("not_found", f"Không tìm thấy kế hoạch có mã “{plan_id}”.")
        return row

    def tasks(self, plan_id: str) -> list[TaskRow]:
        """The tasks of a plan, in the order of the plan."""
        with self._context.store.read() as uow:
            row = uow.plans.get(plan_id)
            found = uow.plans.tasks(plan_id)
        order = {item["id"]: place for place, item in enumerate(row.body.get("tasks", ()))} if row else {}
        return sorted(found, key=lambda task: order.get(task.id, len(order)))

    def set_task(self, task: TaskRow) -> Changes:
        """:meth:`.task_work.TaskService.save` without a remark."""
        return TaskService(self._context).save(task)
