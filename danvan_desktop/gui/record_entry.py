"""Between the form and the record service: what is fetched when a record opens, what is sent when it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..catalog.model import Form, Json, Severity
from ..kernel.errors import DanvanError
from ..services.office import Office
from ..services.records import ListQuery, RecordInput, RecordRow, Saved
from .form_context import FormProblem


@dataclass(frozen=True)
class Opened:
    """A record as fetched, with the record saved before it, and the unit a new one starts with."""

    row: RecordRow | None
    has_protected: bool
    previous: RecordRow | None
    unit: str


def fetch_opened(office: Office, form: Form, record_id: str | None) -> Opened:
    """Runs on the database thread. Raises Refused ``not_found``."""
    records = office.records
    recent = records.page(form.key, ListQuery(sort="changed_at"), 0, 2)
    return Opened(
        row=records.get(record_id) if record_id else None,
        has_protected=records.has_protected(record_id) if record_id else False,
        previous=next((row for row in recent if row.id != record_id), None),
        unit=records.default_unit(),
    )


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
