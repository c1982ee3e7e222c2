"""The offices below and what they sent for a period, as rows of the forms of a report (DOMAIN §8.5, annex IX)."""

from __future__ import annotations

from datetime import date

from ..catalog.periods import due_of, parse_period
from ..kernel import vi
from ..kernel.clock import civil_date, parse_stamp
from ..kernel.text import sort_key
from ..reporting.form_tables import UnitRow
from ..reporting.model import thaw
from ..store.exchange import ReceivedReport
from ..store.store import UnitOfWork
from .context import Context
from .indicators import FigureSet

STATES = {
    "missing": "Chưa gửi",
    "received": "Đã gửi, chưa tiếp nhận",
    "accepted": "Đã tiếp nhận",
    "returned": "Đã trả lại",
    "recalled": "Đã thu hồi",
}


def unit_rows(context: Context, uow: UnitOfWork, figures: FigureSet) -> tuple[UnitRow, ...]:
    """Every trusted office below, by name; with its figures where its report is the source of its unit's numbers."""
    received: dict[str, ReceivedReport] = {}
    for report in uow.received.list(period=figures.period):
        if report.current:
            received[report.office_id] = report
    rows = []
    for child in sorted(uow.trust.list(), key=lambda item: sort_key(item.name)):
        if child.relation != "child":
            continue
        found = received.get(child.office_id)
        if found is None:
            rows.append(UnitRow(child.office_id, child.name, STATES["missing"]))
            continue
        arrived = civil_date(parse_stamp(found.received_at))
        state = STATES.get(found.state, found.state)
        if _late(context, found, arrived):
            state += ", chậm"
        counted = found.state == "accepted" and found.unit in figures.reported_units
        known = {item.key: item for item in thaw(found.document).figures} if counted else {}
        rows.append(UnitRow(child.office_id, child.name, state, vi.day(arrived), known))
    return tuple(rows)


def _late(context: Context, report: ReceivedReport, arrived: date) -> bool:
    regime = context.catalog.regimes.get(report.regime)
    due = due_of(regime, parse_period(report.period)) if regime else None
    return due is not None and arrived > due
