"""Between the form and the record service: what is fetched when a record opens, what is sent when it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtWidgets import QWidget

from ..catalog.model import Form, Json, Severity
from ..kernel.errors import DanvanError
from ..services.drafts import TypedDraft, WaitingDraft
from ..services.office import Office
from ..services.records import ListQuery, RecordInput, RecordRow, Saved
from .form_builder import FormView
from .form_context import FormProblem
from .widgets import RowsTable


@dataclass(frozen=True)
class Opened:
    """A record as fetched, with the record saved before it, and the unit a new one starts with."""

    row: RecordRow | None
    has_protected: bool
    previous: RecordRow | None
    unit: str
    draft: WaitingDraft | None = None  # of this record, never saved
    proves: tuple[str, ...] = ()  # tasks of the plan, in words


@dataclass(frozen=True)
class Start:
    """What a new record begins with: what stays from the one before, or (``copied``) the content of another one."""

    values: Mapping[str, Json] = field(default_factory=dict)
    common: Mapping[str, Any] = field(default_factory=dict)
    copied: bool = False
    draft: tuple[str, TypedDraft] | None = None  # its id and content


def begin(view: FormView, unit: str, start: Start) -> None:
    """Put the beginning of a new record into its form: nothing to save yet, unless it was copied."""
    common = {"unit": unit, **start.common}
    if start.copied:
        view.load({}, {"unit": unit})
        view.apply(start.values, common)
    else:
        view.load(start.values, common)


def fetch_opened(office: Office, form: Form, record_id: str | None) -> Opened:
    """Runs on the database thread. Raises Refused ``not_found``."""
    records = office.records
    recent = records.page(form.key, ListQuery(sort="changed_at"), 0, 2)
    return Opened(
        row=records.get(record_id) if record_id else None,
        has_protected=records.has_protected(record_id) if record_id else False,
        previous=next((row for row in recent if row.id != record_id), None),
        unit=records.default_unit(otherwise=recent[0].unit if recent else ""),
        draft=next(iter(records.drafts.waiting(record_id)), None) if record_id else None,
        proves=tuple(words for _task, words in office.tasks.tasks_of(record_id)) if record_id else (),
    )


def draft_words(draft: TypedDraft, row: RecordRow | None) -> str:
    """What the officer reads above a draft that goes on."""
    words = "Đây là bản nhập dở được giữ lại, chưa lưu. Hãy xem lại rồi bấm Ctrl+Enter để lưu chính thức."
    if row is not None and draft.base_revision is not None and row.revision != draft.base_revision:
        words += " Bản ghi đã được sửa thêm từ lúc nhập dở: lưu sẽ thay nội dung đó, hãy đối chiếu ở Lịch sử (Ctrl+H)."
    return words


def entered_of(entered: Mapping[str, Json], common: Mapping[str, Any], *, protected_shown: bool) -> RecordInput:
    """What the service saves, out of a form's values and common values."""
    return RecordInput(
        unit=str(common["unit"] or ""),
        values=entered,
        villages=tuple(common["villages"]),
        secondary_areas=tuple(common["secondary_areas"]),
        note=common["note"],
        evidence=tuple(common["evidence"]),
        protected_shown=protected_shown,
    )


def saved_words(saved: Saved, label: str) -> str:
    """The sentence for the status line."""
    warnings = sum(1 for item in saved.problems if item.severity is Severity.WARNING)
    words = "Đã lưu chính thức" if saved.state == "final" else "Đã lưu dự thảo"
    if warnings:
        words += f", còn {warnings} chỗ cảnh báo"
    return f"{words}: {label}."


def problems_of(error: DanvanError) -> list[FormProblem]:
    """The problems named by a refused save."""
    return [
        FormProblem(item["field"], item["message"], Severity(item["severity"]), row=item["row"], column=item["column"])
        for item in error.details["problems"]
    ]


def refusal_words(error: Exception) -> str:
    """The sentence of a refused save that leads to a place in the form; empty when the error is of another kind."""
    leads = isinstance(error, DanvanError) and error.code in ("record_incomplete", "unit_missing")
    return error.message if isinstance(error, DanvanError) and leads else ""


def show_refusal(view: FormView, error: Exception) -> None:
    """Lead to what a refused save names."""
    if not isinstance(error, DanvanError):
        return
    if error.code == "record_incomplete":
        view.show_problems(problems_of(error))
        view.next_problem()
    elif error.code == "unit_missing":
        view.focus_field("@unit")


def settle(widget: QWidget) -> None:
    """Give everything in ``widget`` its place now, so that scrolling to a field ends where the field will stand."""
    layout = widget.layout()
    if layout is not None:
        layout.activate()


def rows_table_at(inside: QWidget) -> RowsTable | None:
    """The rows table in which the cursor of ``inside`` stands."""
    at: Any = inside.focusWidget()
    while isinstance(at, QWidget) and at is not inside:
        if isinstance(at, RowsTable):
            return at
        at = at.parentWidget()
    return None
