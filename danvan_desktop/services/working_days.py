"""The working-day calendar of this office: the shipped table and the office's own rows (DOMAIN §0.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..catalog import derive as derivations
from ..catalog.conditions import is_empty
from ..catalog.model import DayMark, Form, Json
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.text import squeeze
from ..planning.terms import term_end
from ..store.rows import NewRecord, RecordRow
from ..store.store import UnitOfWork
from .context import Context

SETTING = "calendar"
_LONGEST = 31  # days of one entry
_OPEN_FOR = timedelta(days=550)  # terms that began earlier have ended: they are history
_USUAL = "usual"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The days of a year that differ from the usual week; ``confirmed``: all rest on published notices.

    ``own``: days that the office has entered or changed itself; ``cleared``: shipped days it has taken out.
    """

    year: int
    years: tuple[int, ...]  # years the table knows
    marks: tuple[DayMark, ...]
    confirmed: bool
    own: frozenset[date]
    cleared: tuple[DayMark, ...]


class WorkingDays:
    """Everyone may read; changing needs the right ``settings``."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._kept: Mapping[date, Mapping[str, Any]] = {}

    # -- reading --------------------------------------------------------------------------------

    def use_stored(self) -> None:
        """Let the calendar of the open home hold the office's own rows."""
        with self._context.store.read() as uow:
            self._use(self._rows(uow))

    def _use(self, rows: Mapping[date, Mapping[str, Any]]) -> None:
        self._kept = rows
        self._context.calendar.use(self._merged(rows))

    def year(self, year: int) -> CalendarYear:
        """The table of ``year``, in the order of days, with sources. Lies in memory: any thread may ask."""
        context, rows = self._context, self._kept
        marks = self._merged(rows)
        shipped = {mark.day: mark for mark in context.catalog.calendar}
        this_year = clock.today(context.clock).year
        years = {mark.day.year for mark in (*marks, *shipped.values())} | {this_year, this_year + 1}
        own = {day for day, row in rows.items() if row["kind"] != _USUAL and day.year == year}
        cleared = [shipped[day] for day, row in rows.items() if row["kind"] == _USUAL and day in shipped]
        return CalendarYear(
            year,
            tuple(sorted(years)),
            tuple(mark for mark in marks if mark.day.year == year),
            context.calendar.confirmed(year),
            frozenset(own),
            tuple(mark for mark in cleared if mark.day.year == year),
        )

    def _rows(self, uow: UnitOfWork) -> dict[date, Mapping[str, Any]]:
        found = uow.settings.get(SETTING, {})
        rows = found.items() if isinstance(found, dict) else ()
        return {date.fromisoformat(day): row for day, row in sorted(rows)}

    def _merged(self, rows: Mapping[date, Mapping[str, Any]]) -> list[DayMark]:
        marks = {mark.day: mark for mark in self._context.catalog.calendar}
        for day, row in rows.items():
            if row["kind"] == _USUAL:
                marks.pop(day, None)
            else:
                marks[day] = DayMark(day, row["kind"] == "working", row["title"], row["source"], row["confirmed"])
        return [marks[day] for day in sorted(marks)]

    # -- changing -------------------------------------------------------------------------------

    def set(
        self, first: date, last: date, *, working: bool, title: str, source: str, confirmed: bool
    ) -> tuple[int, Changes]:
        """The days ``first``..``last`` are off (or worked, ``working``): (records whose terms moved, changes).

        Raises Refused ``calendar_invalid``, ``no_right``.
        """
        title, source = squeeze(title).replace("\n", " "), squeeze(source).replace("\n", " ")
        length = (last - first).days + 1
        if not 1 <= length <= _LONGEST:
            raise Refused("calendar_invalid", f"Khoảng ngày phải từ 01 đến {_LONGEST} ngày. Chưa đổi gì.")
        if not title or not source:
            raise Refused("calendar_invalid", "Hãy ghi lý do và nguồn (số, ngày văn bản hoặc thông báo). Chưa đổi gì.")
        row: dict[str, Json] = {
            "kind": "working" if working else "off",
            "title": title,
            "source": source,
            "confirmed": confirmed,
        }
        return self._store({first + timedelta(n): row for n in range(length)})

    def confirm(self, day: date, source: str) -> tuple[int, Changes]:
        """An unconfirmed day rests on ``source`` now. Raises Refused ``calendar_invalid``, ``not_found``."""
        mark = self._context.calendar.mark(day)
        if mark is None:
            raise Refused("not_found", f"Bảng không có ngày {vi.day(day)}.")
        return self.set(day, day, working=mark.working, title=mark.title, source=source, confirmed=True)

    def clear(self, day: date) -> tuple[int, Changes]:
        """``day`` follows the usual week again. Raises Refused ``not_found``."""
        if self._context.calendar.mark(day) is None:
            raise Refused("not_found", f"Bảng không có ngày {vi.day(day)}.")
        return self._store({day: {"kind": _USUAL, "title": "", "source": "", "confirmed": True}})

    def reset(self, day: date) -> tuple[int, Changes]:
        """``day`` is again as the shipped catalogue has it."""
        return self._store({day: None})

    def _store(self, days: Mapping[date, dict[str, Json] | None]) -> tuple[int, Changes]:
        context = self._context
        context.require("settings")
        before = self._kept
        try:
            with context.store.unit() as uow:
                rows: dict[str, Json] = {day.isoformat(): dict(row) for day, row in self._rows(uow).items()}
                for day, row in days.items():
                    rows.pop(day.isoformat(), None)
                    if row is not None:
                        rows[day.isoformat()] = dict(row)
                uow.settings.set(SETTING, rows)
                uow.audit.append("calendar_changed", min(days).isoformat(), {"days": len(days)})
                self._use(self._rows(uow))
                moved = self._move_terms(uow)
        except BaseException:
            self._use(before)  # nothing was kept
            raise
        kinds = [f"record:{key}" for key in {row.form for row in moved}]
        return len(moved), Changes.of("settings", "calendar", *kinds, ids=[row.id for row in moved])

    def _move_terms(self, uow: UnitOfWork) -> list[RecordRow]:
        """Terms kept in records are counted anew; a record whose term moves gets a revision that says why."""
        context = self._context
        today = clock.today(context.clock)
        moved = []
        for form in context.catalog.forms.values():
            keys = [item.key for item in form.fields if item.derive is not None and item.derive.kind == "legal_term"]
            if not keys:
                continue
            window = (today - _OPEN_FOR, today + _OPEN_FOR)
            total = uow.records.count(form, window=window)
            for row in uow.records.page(
                form, offset=0, limit=max(total, 1), sort="event_date", descending=False, window=window
            ):
                values = self._recounted(form, row, keys)
                if values != row.values:
                    new = NewRecord(
                        form=row.form, form_version=row.form_version, unit=row.unit, state=row.state,
                        event_date=row.event_date, values=values, villages=row.villages,
                        secondary_areas=row.secondary_areas, note=row.note, evidence=row.evidence,
                    )  # fmt: skip
                    why = "Tính lại thời hạn theo lịch ngày làm việc"
                    moved.append(uow.records.update(row.id, None, new, form, by=context.by, why=why))
        return moved

    def _recounted(self, form: Form, row: RecordRow, keys: Sequence[str]) -> dict[str, Json]:
        context = self._context

        def end(
            key: str,
            start: date,
            conditions: Mapping[str, Json],
            suspensions: Sequence[tuple[date, date | None]],
            extensions: Sequence[int],
        ) -> date | None:
            return term_end(context.catalog.terms, context.calendar, key, start, conditions, suspensions, extensions)

        derived = derivations.derive(form, row.values, end)
        # what cannot be counted from the open values alone stays as it was
        known = [key for key in keys if not is_empty(derived.get(key)) and not is_empty(row.values.get(key))]
        fresh = {key: derived[key] for key in known}
        return {**row.values, **fresh}
