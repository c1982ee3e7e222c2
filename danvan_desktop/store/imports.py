"""Imports from spreadsheets: which file became which records; and the bulk step that takes them back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ..kernel.canonical import hash_of
from ..kernel.clock import Clock, stamp
from ..kernel.ids import new_id
from .audit import AuditRepository
from .rows import snapshot_of
from .schema import record, record_revision, record_value, report_figure, report_frozen, sheet_import

_BATCH = 500


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One import; stamps are UTC texts. ``undone_at`` None: it stands."""

    id: str
    form: str
    source: str
    sha256: str
    at: str
    by: str
    record_ids: tuple[str, ...]
    undone_at: str | None
    undone_by: str | None


class ImportRepository:
    def __init__(self, connection: Connection, clock: Clock, audit: AuditRepository) -> None:
        self._connection = connection
        self._clock = clock
        self._audit = audit

    def add(self, form: str, source: str, sha256: str, record_ids: Sequence[str], by: str) -> str:
        """Remember an import; its id."""
        import_id = new_id(self._clock)
        self._connection.execute(
            insert(sheet_import).values(
                id=import_id, form=form, source=source, sha256=sha256, at=stamp(self._clock.now()), by=by,
                record_ids=list(record_ids),
            )
        )  # fmt: skip
        self._audit.append("sheet_import", import_id, {"form": form, "count": len(record_ids), "sha256": sha256})
        return import_id

    def get(self, import_id: str) -> ImportRow | None:
        found = self._rows(select(sheet_import).where(sheet_import.c.id == import_id))
        return found[0] if found else None

    def standing(self, sha256: str, form: str) -> ImportRow | None:
        """The newest import of the same bytes into the same form that was not undone."""
        columns = sheet_import.c
        query = (
            select(sheet_import)
            .where(columns.sha256 == sha256, columns.form == form, columns.undone_at.is_(None))
            .order_by(columns.id.desc())
            .limit(1)
        )
        found = self._rows(query)
        return found[0] if found else None

    def newest(self, form: str | None = None, limit: int = 50) -> list[ImportRow]:
        """Imports, newest first."""
        query = select(sheet_import).order_by(sheet_import.c.id.desc()).limit(limit)
        return self._rows(query.where(sheet_import.c.form == form) if form else query)

    def listed(self, since: str, form: str | None = None, limit: int = 500) -> list[ImportRow]:
        """Imports from the stamp ``since`` on, and every older one that still stands; newest first."""
        columns = sheet_import.c
        query = select(sheet_import).where((columns.at >= since) | columns.undone_at.is_(None))
        query = query.order_by(columns.id.desc()).limit(limit)
        return self._rows(query.where(columns.form == form) if form else query)

    def untouched(self, record_ids: Sequence[str]) -> int:
        """How many of the records nobody has changed or deleted since they came in."""
        columns, found = record.c, 0
        for start in range(0, len(record_ids), _BATCH):
            part = list(record_ids[start : start + _BATCH])
            rows = (columns.id.in_(part), columns.revision == 1, columns.deleted.is_(False))
            found += self._connection.execute(select(func.count()).select_from(record).where(*rows)).scalar_one()
        return found

    def find_prefix(self, prefix: str) -> list[str]:
        """The ids that start with ``prefix`` (at most 20)."""
        low = prefix.lower()
        columns = sheet_import.c
        query = select(columns.id).where(columns.id >= low, columns.id < low + "\x7f").order_by(columns.id).limit(20)
        return [row[0] for row in self._connection.execute(query)]

    def undone(self, import_id: str, by: str) -> None:
        self._connection.execute(
            update(sheet_import)
            .where(sheet_import.c.id == import_id)
            .values(undone_at=stamp(self._clock.now()), undone_by=by)
        )
        self._audit.append("sheet_import_undone", import_id)

    def frozen_using(self, record_ids: Iterable[str]) -> set[str]:
        """Ids of the frozen reports with one of these records behind a figure."""
        return self.frozen_using_each({"": record_ids})[""]

    def frozen_using_each(self, wanted: Mapping[str, Iterable[str]]) -> dict[str, set[str]]:
        """For each named set of records the frozen reports with one of them behind a figure; figures are read once."""
        sets = {key: set(ids) for key, ids in wanted.items()}
        found: dict[str, set[str]] = {key: set() for key in sets}
        if not any(sets.values()):
            return found
        query = select(report_figure.c.report_id, report_figure.c.record_ids).join(
            report_frozen,
            (report_frozen.c.report_id == report_figure.c.report_id)
            & (report_frozen.c.revision == report_figure.c.revision),
        )
        for report_id, ids in self._connection.execute(query):
            for key, own in sets.items():
                if report_id not in found[key] and not own.isdisjoint(ids):
                    found[key].add(report_id)
        return found

    def withdraw(self, record_ids: Sequence[str], *, by: str, why: str) -> list[str]:
        """Move the records nobody has touched since to the bin, as their second revision; the ids moved.

        Records changed since, or in the bin already, stay as they are.
        """
        now = stamp(self._clock.now())
        moved: list[str] = []
        for start in range(0, len(record_ids), _BATCH):
            part = list(record_ids[start : start + _BATCH])
            untouched = (record.c.id.in_(part), record.c.revision == 1, record.c.deleted.is_(False))
            rows = list(self._connection.execute(select(record).where(*untouched)).mappings())
            if not rows:
                continue
            seqs = [row["seq"] for row in rows]
            self._connection.execute(
                update(record)
                .where(record.c.seq.in_(seqs))
                .values(deleted=True, revision=2, changed_at=now, changed_by=by)
            )
            self._connection.execute(
                update(record_value).where(record_value.c.record_seq.in_(seqs)).values(deleted=True)
            )
            revisions: list[dict[str, Any]] = [
                {"record_id": row["id"], "revision": 2, "at": now, "by": by, "why": why, "action": "delete",
                 "snapshot": snapshot_of(dict(row), True)}
                for row in rows
            ]  # fmt: skip
            self._connection.execute(insert(record_revision), revisions)
            moved += [row["id"] for row in rows]
        if moved:
            self._audit.append("records_withdrawn", moved[0], {"count": len(moved), "ids_sha256": hash_of(moved)})
        return moved

    def _rows(self, query: Any) -> list[ImportRow]:
        return [
            ImportRow(**{**row, "record_ids": tuple(row["record_ids"])})
            for row in self._connection.execute(query).mappings()
        ]
