"""The plan: read from a paper, corrected by hand, kept, followed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..kernel.canonical import sha256_hex
from ..kernel.changes import Changes
from ..kernel.clock import stamp
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..planning.extract import text_of
from ..planning.model import Plan, plan_from_json, plan_to_json
from ..planning.parse import parse_plan
from ..store.plans import PlanRow, TaskRow
from .context import Context

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
        if path.stat().st_size > MAX_PLAN_BYTES:
            raise Refused(
                "plan_too_large", f"Tệp “{path.name}” lớn quá 20 MB nên không đọc. Hãy chọn đúng tệp kế hoạch."
            )
        data = path.read_bytes()
    except OSError as error:
        raise Refused(
            "plan_unreadable", f"Không mở được tệp “{path.name}” ({error.strerror}). Hãy kiểm tra tên tệp và quyền đọc."
        ) from error
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

        Raises Refused ``plan_invalid`` when ``body`` has not the shape of planning.model.
        """
        context = self._context
        context.require("plan")
        plan = plan_from_json(body)
        now = stamp(context.clock.now())
        with context.store.unit() as uow:
            old = uow.plans.get(plan_id) if plan_id else None
            row = PlanRow(
                id=old.id if old else new_id(context.clock),
                title=plan.title or "Kế hoạch",
                number_symbol=plan.number_symbol or "",
                issued_on=plan.issued_on,
                year=plan.year,
                issuer=plan.issuer or "",
                source_name=old.source_name if old else source_name,
                source_sha256=old.source_sha256 if old else source_sha256,
                body=plan_to_json(plan),
                created_at=old.created_at if old else now,
                created_by=old.created_by if old else context.by,
            )
            uow.plans.save(row)
            known = {task.mark: task for task in uow.plans.tasks(row.id)}
            for task in plan.tasks:
                before = known.get(task.mark or task.id)
                uow.plans.set_task(
                    TaskRow(
                        id=before.id if before else new_id(context.clock),
                        plan_id=row.id,
                        area=task.area,
                        mark=task.mark or task.id,
                        text=task.text,
                        lead_unit=before.lead_unit if before else None,
                        helpers=before.helpers if before else (),
                        due_on=before.due_on if before else None,
                        progress=before.progress if before else 0,
                        status=before.status if before else "open",
                    )
                )
            uow.audit.append("plan_saved", row.id, {"source": row.source_sha256})
        return row.id, Changes.of("plan", ids=[row.id])

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
        with self._context.store.read() as uow:
            return uow.plans.tasks(plan_id)

    def set_task(self, task: TaskRow) -> Changes:
        """Keep who leads a task, when it is due, how far it is."""
        self._context.require("plan")
        with self._context.store.unit() as uow:
            uow.plans.set_task(task)
        return Changes.of("plan", ids=[task.plan_id])
