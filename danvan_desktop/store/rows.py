"""Records as frozen values: what goes in, what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from ..catalog.model import Json


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to be stored. ``values`` without the protected ones; ``id`` empty: made by the store."""

    form: str
    form_version: int
    unit: str
    state: str  # draft | final
    event_date: date | None
    values: Mapping[str, Json]
    villages: tuple[str, ...] = ()
    secondary_areas: tuple[int, ...] = ()
    note: str = ""
    evidence: tuple[str, ...] = ()  # blob hashes
    id: str = ""


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record as stored; stamps are UTC texts (kernel.clock.stamp)."""

    id: str
    form: str
    form_version: int
    unit: str
    state: str
    event_date: date | None
    values: dict[str, Json]
    villages: tuple[str, ...]
    secondary_areas: tuple[int, ...]
    note: str
    evidence: tuple[str, ...]
    revision: int
    created_at: str
    created_by: str
    changed_at: str
    changed_by: str
    deleted: bool
    why: str = ""  # of the change that put it into the bin; only in lists of the bin


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One change. ``action``: insert, update, delete, undelete. ``snapshot``: the record after it, as JSON
    (unit, state, event_date, values, villages, secondary_areas, note, evidence, form, form_version, deleted)."""

    revision: int
    at: str
    by: str
    why: str
    action: str
    snapshot: dict[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A record found by :meth:`RecordRepository.search_all`; smaller ``rank`` is better."""

    record: RecordRow
    rank: float


def columns_of(new: NewRecord) -> dict[str, Any]:
    """The columns of the table ``record`` that the caller decides."""
    return {
        "form": new.form,
        "form_version": new.form_version,
        "unit": new.unit,
        "state": new.state,
        "event_date": new.event_date.isoformat() if new.event_date else None,
        "data": dict(new.values),
        "villages": list(new.villages),
        "secondary_areas": list(new.secondary_areas),
        "note": new.note,
        "evidence": list(new.evidence),
    }


def row_of(found: RowMapping) -> RecordRow:
    """A :class:`RecordRow` from the columns of the table ``record``."""
    return RecordRow(
        id=found["id"],
        form=found["form"],
        form_version=found["form_version"],
        unit=found["unit"],
        state=found["state"],
        event_date=date.fromisoformat(found["event_date"]) if found["event_date"] else None,
        values=found["data"],
        villages=tuple(found["villages"]),
        secondary_areas=tuple(found["secondary_areas"]),
        note=found["note"],
        evidence=tuple(found["evidence"]),
        revision=found["revision"],
        created_at=found["created_at"],
        created_by=found["created_by"],
        changed_at=found["changed_at"],
        changed_by=found["changed_by"],
        deleted=found["deleted"],
    )


def snapshot_of(columns: Mapping[str, Any], deleted: bool) -> dict[str, Any]:
    """What a revision keeps."""
    return {
        "form": columns["form"],
        "form_version": columns["form_version"],
        "unit": columns["unit"],
        "state": columns["state"],
        "event_date": columns["event_date"],
        "values": columns["data"],
        "villages": columns["villages"],
        "secondary_areas": columns["secondary_areas"],
        "note": columns["note"],
        "evidence": columns["evidence"],
        "deleted": deleted,
    }
