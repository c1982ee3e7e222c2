"""Derived values that count other records: worked out when a record is saved, and again when one it counts changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ..catalog import derive as derivations
from ..catalog import values
from ..catalog.conditions import holds
from ..catalog.model import Filter, Form, Json
from ..store.rows import NewRecord, RecordRow
from ..store.store import UnitOfWork
from .context import Context

_PAGE = 200


def count_records(
    context: Context, uow: UnitOfWork, unit: str, form_key: str, wanted: Mapping[str, Json], filters: Sequence[Filter]
) -> int | None:
    """How many final records of the unit (empty: of all units) hold ``wanted`` and meet ``filters``.

    None when ``wanted`` names no event day.
    """
    form = context.form(form_key)
    day = values.event_date(form, wanted)
    if day is None:
        return None
    return sum(
        1
        for row in _rows(uow, form, day, unit, ("final",))
        if all(row.values.get(key) == value for key, value in wanted.items()) and holds(filters, row.values)
    )


def recount(
    context: Context, uow: UnitOfWork, term_end: derivations.TermEnd, form_key: str, *places: tuple[str, date | None]
) -> list[RecordRow]:
    """Write anew the records that count records of ``form_key`` at these (unit, event day); returns those changed.

    Each gets a revision of its own, so that its history tells when the number moved.
    """
    changed: dict[str, RecordRow] = {}
    for form in context.catalog.forms.values():
        if not any(
            f.derive and f.derive.kind == "count_records" and f.derive.args["form"] == form_key for f in form.fields
        ):
            continue
        for unit, day in set(places):
            for row in _rows(uow, form, day, unit, ()) if day else ():
                again = refreshed(context, uow, term_end, form, row)
                if again is not None:
                    changed[row.id] = again
    return list(changed.values())


def refreshed(
    context: Context, uow: UnitOfWork, term_end: derivations.TermEnd, form: Form, row: RecordRow
) -> RecordRow | None:
    """``row`` with its derived values worked out anew and written; None when they stand already."""

    def counted(form_key: str, wanted: Mapping[str, Json], filters: Sequence[Filter]) -> int | None:
        return count_records(context, uow, row.unit, form_key, wanted, filters)

    found = derivations.with_derived(form, row.values, term_end, counted)
    if found == row.values:
        return None
    new = NewRecord(
        form=form.key,
        form_version=row.form_version,
        unit=row.unit,
        state=row.state,
        event_date=row.event_date,
        values=found,
        villages=row.villages,
        secondary_areas=row.secondary_areas,
        note=row.note,
        evidence=row.evidence,
    )
    return uow.records.update(row.id, None, new, form, by=context.by, why="Đếm lại từ các bản ghi liên quan")


def _rows(uow: UnitOfWork, form: Form, day: date, unit: str, states: tuple[str, ...]) -> list[RecordRow]:
    found: list[RecordRow] = []
    while True:
        page = uow.records.page(
            form, offset=len(found), limit=_PAGE, states=states, window=(day, day), unit=unit or None
        )
        found += page
        if len(page) < _PAGE:
            return found
