"""Who has sent, who is late, what is missing: the parent's board (DESIGN §2.9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..catalog.periods import due_of, parse_period
from ..kernel.clock import civil_date, parse_stamp
from ..reporting.model import Figure, thaw
from .context import Context


@dataclass(frozen=True, slots=True)
class ChildState:
    """How one subordinate office stands for a period."""

    office_id: str
    name: str
    state: str  # missing | received | accepted | returned | recalled
    revision: int | None
    received_at: str | None
    late: bool
    package_id: str | None
    figures: tuple[Figure, ...]


class ConsolidationService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def board(self, regime_key: str, period_key: str) -> list[ChildState]:
        """Every trusted child with the state of its current report for the period."""
        context = self._context
        regime = context.regime(regime_key)
        period = parse_period(period_key)
        due = due_of(regime, period)
        with context.store.read() as uow:
            received = {
                row.office_id: row
                for row in uow.received.list(period=period.key)
                if row.current and row.regime == regime.key
            }
            result = []
            for child in uow.trust.list():
                if child.relation != "child":
                    continue
                row = received.get(child.office_id)
                if row is None:
                    result.append(ChildState(child.office_id, child.name, "missing", None, None, False, None, ()))
                    continue
                arrived = civil_date(parse_stamp(row.received_at))
                result.append(
                    ChildState(
                        office_id=child.office_id,
                        name=child.name,
                        state=row.state,
                        revision=row.revision,
                        received_at=row.received_at,
                        late=due is not None and arrived > due,
                        package_id=row.package_id,
                        figures=thaw(row.document).figures,
                    )
                )
        return result

    def to_json(self, regime_key: str, period_key: str) -> list[dict[str, Any]]:
        return [
            {
                "office": child.office_id,
                "name": child.name,
                "state": child.state,
                "revision": child.revision,
                "received_at": child.received_at,
                "late": child.late,
                "package": child.package_id,
            }
            for child in self.board(regime_key, period_key)
        ]
