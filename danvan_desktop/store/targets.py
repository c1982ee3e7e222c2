"""The plan's targets: one number per indicator and year."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..kernel.clock import Clock, stamp
from .schema_plans import plan_target


@dataclass(frozen=True, slots=True)
class TargetRow:
    """``value``: an integer at the scale of the printed figure; ``source``: where it stands, in words."""

    indicator: str
    year: int
    value: int
    source: str = ""
    at: str = ""
    by: str = ""


class TargetRepository:
    def __init__(self, connection: Connection, clock: Clock, account: str) -> None:
        self._connection = connection
        self._clock = clock
        self._account = account

    def set(self, indicator: str, year: int, value: int, source: str) -> None:
        """Keep a target, or replace the one of this indicator and year."""
        body = {"value": value, "source": source, "at": stamp(self._clock.now()), "by": self._account}
        statement = upsert(plan_target).values(indicator=indicator, year=year, **body)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["indicator", "year"], set_=body))

    def remove(self, indicator: str, year: int) -> bool:
        """Take a target away; False when there was none."""
        columns = plan_target.c
        result = self._connection.execute(
            delete(plan_target).where(columns.indicator == indicator, columns.year == year)
        )
        return result.rowcount > 0

    def of_year(self, year: int) -> dict[str, TargetRow]:
        """Indicator → its target of ``year``."""
        query = select(plan_target).where(plan_target.c.year == year).order_by(plan_target.c.indicator)
        return {row["indicator"]: TargetRow(**row) for row in self._connection.execute(query).mappings()}
