"""Settings, the agencies of the office, villages, nil confirmations: small tables with plain rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from ..catalog.model import Json
from ..kernel.clock import Clock, stamp
from .schema import agency, nil_confirmation, setting, village


class SettingRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, key: str, default: Any = None) -> Any:
        """The JSON value kept under ``key``, or ``default``."""
        row = self._connection.execute(select(setting.c.value).where(setting.c.key == key)).first()
        return default if row is None else row[0]

    def set(self, key: str, value: Json) -> None:
        """Keep a JSON value (no floats)."""
        statement = upsert(setting).values(key=key, value=value)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
        )

    def remove(self, key: str) -> None:
        self._connection.execute(delete(setting).where(setting.c.key == key))


@dataclass(frozen=True, slots=True)
class Place:
    """What an agency and a village have alike; ``position`` is the order on screen and in tables."""

    id: str
    name: str
    short_name: str = ""
    kind: str = ""
    active: bool = True
    position: int = 0


@dataclass(frozen=True, slots=True)
class Agency(Place):
    """A unit of this office that records and reports."""


@dataclass(frozen=True, slots=True)
class Village(Place):
    """A village (thôn, tổ dân phố)."""


class _Places:
    def __init__(self, connection: Connection, table: Table) -> None:
        self._connection = connection
        self._table = table

    def _rows(self, active: bool | None) -> Iterable[Any]:
        query = select(self._table).order_by(self._table.c.position, self._table.c.name)
        if active is not None:
            query = query.where(self._table.c.active == active)
        return self._connection.execute(query).mappings()

    def _one(self, place_id: str) -> Any:
        return self._connection.execute(select(self._table).where(self._table.c.id == place_id)).mappings().first()

    def _put(self, place: Place) -> None:
        body = asdict(place)
        statement = upsert(self._table).values(**body)
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["id"], set_={key: value for key, value in body.items() if key != "id"}
            )
        )

    def count(self, active: bool | None = True) -> int:
        """How many there are (active ones by default)."""
        query = select(func.count()).select_from(self._table)
        if active is not None:
            query = query.where(self._table.c.active == active)
        return int(self._connection.execute(query).scalar_one())


class AgencyRepository(_Places):
    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, agency)

    def get(self, agency_id: str) -> Agency | None:
        row = self._one(agency_id)
        return Agency(**row) if row else None

    def upsert(self, place: Agency) -> None:
        self._put(place)

    def list(self, active: bool | None = None) -> list[Agency]:
        """In the order of their positions; only (in)active ones when asked."""
        return [Agency(**row) for row in self._rows(active)]


class VillageRepository(_Places):
    def __init__(self, connection: Connection) -> None:
        super().__init__(connection, village)

    def get(self, village_id: str) -> Village | None:
        row = self._one(village_id)
        return Village(**row) if row else None

    def upsert(self, place: Village) -> None:
        self._put(place)

    def list(self, active: bool | None = None) -> list[Village]:
        """In the order of their positions; only (in)active ones when asked."""
        return [Village(**row) for row in self._rows(active)]


@dataclass(frozen=True, slots=True)
class NilRow:
    """A person's word that nothing of ``scope`` (form or indicator key) happened in a window ("không phát sinh")."""

    unit: str
    scope: str
    first: date
    last: date
    at: str
    by: str


class NilRepository:
    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def _standing(self, unit: str, scope: str, first: date, last: date) -> Any:
        columns = nil_confirmation.c
        return (
            (columns.unit == unit)
            & (columns.scope == scope)
            & (columns.first == first.isoformat())
            & (columns.last == last.isoformat())
            & columns.revoked_at.is_(None)
        )

    def confirm(self, unit: str, scope: str, first: date, last: date, by: str) -> None:
        """Keep the confirmation; a second one for the same window changes nothing."""
        if self._connection.execute(
            select(nil_confirmation.c.seq).where(self._standing(unit, scope, first, last))
        ).first():
            return
        self._connection.execute(
            insert(nil_confirmation).values(
                unit=unit,
                scope=scope,
                first=first.isoformat(),
                last=last.isoformat(),
                at=stamp(self._clock.now()),
                by=by,
            )
        )

    def revoke(self, unit: str, scope: str, first: date, last: date, by: str) -> bool:
        """Take a confirmation back (it stays on record); False when there was none."""
        result = self._connection.execute(
            update(nil_confirmation)
            .where(self._standing(unit, scope, first, last))
            .values(revoked_at=stamp(self._clock.now()), revoked_by=by)
        )
        return result.rowcount > 0

    def list(self, first: date, last: date) -> list[NilRow]:
        """The confirmations that stand and cover the whole window ``first``..``last``."""
        columns = nil_confirmation.c
        query = (
            select(columns.unit, columns.scope, columns.first, columns.last, columns.at, columns.by)
            .where(columns.first <= first.isoformat(), columns.last >= last.isoformat(), columns.revoked_at.is_(None))
            .order_by(columns.seq)
        )
        return [
            NilRow(row.unit, row.scope, date.fromisoformat(row.first), date.fromisoformat(row.last), row.at, row.by)
            for row in self._connection.execute(query)
        ]
