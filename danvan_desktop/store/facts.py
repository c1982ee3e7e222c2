"""What cross-checks ask of the records beside their indicators: proof, twins, and whether anything has changed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Connection, Integer, func, literal_column, select

from ..catalog.model import Form, Indicator
from .indicators import IndicatorRepository
from .record_queries import json_path
from .schema import audit_entry, record, record_revision, record_village


class FactRepository:
    def __init__(self, connection: Connection, indicators: IndicatorRepository) -> None:
        self._connection = connection
        self._indicators = indicators

    def mark(self) -> tuple[int, int]:
        """A pair that grows with every change of a record, and every audited act."""
        newest = func.max(literal_column("rowid", Integer))
        revision = self._connection.execute(select(newest).select_from(record_revision)).scalar()
        entry = self._connection.execute(select(func.max(audit_entry.c.seq))).scalar()
        return int(revision or 0), int(entry or 0)

    def without_evidence(
        self, indicator: Indicator, form: Form | None, first: date, last: date, *, units: tuple[str, ...]
    ) -> tuple[int, int]:
        """(records behind the indicator that have no file, all of them)."""
        return self._indicators.counted_records(
            indicator, form, first, last, func.coalesce(func.json_array_length(record.c.evidence), 0) == 0, units=units
        )

    def activities(
        self, form_key: str, people: str, first: date, last: date, *, units: tuple[str, ...]
    ) -> list[tuple[str, str, date, int]]:
        """(record id, unit, day, people) of the final records whose number field ``people`` is above 0, by day."""
        number = func.json_extract(record.c.data, json_path(people))
        query = (
            select(record.c.id, record.c.unit, record.c.event_date, number)
            .where(
                record.c.form == form_key,
                record.c.deleted.is_(False),
                record.c.state == "final",
                record.c.unit.in_(units),
                record.c.event_date.between(first.isoformat(), last.isoformat()),
                number > 0,
            )
            .order_by(record.c.event_date, record.c.seq)
        )
        return [(row[0], row[1], date.fromisoformat(row[2]), int(row[3])) for row in self._connection.execute(query)]

    def uses(self, place_kind: str, place_id: str) -> int:
        """How many records, also binned ones, name a place: as the unit that did it, or the village where."""
        query = select(func.count()).select_from(record).where(record.c.unit == place_id)
        if place_kind == "village":
            query = select(func.count()).select_from(record_village).where(record_village.c.village_id == place_id)
        return int(self._connection.execute(query).scalar_one())
