"""Indicators counted in SQL, with the ids of the records behind each number (DESIGN §8.1)."""

from __future__ import annotations

import calendar
import functools
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, distinct, func, select

from ..catalog.model import Catalog, Form, Indicator, IndicatorKind
from ..catalog.terms import WEEKS_OF_A_MONTH, monthly_minimum
from .indicator_sql import Source, filled, term_parts
from .indicator_statements import (
    Prepared,
    StatementBook,
    adds,
    conditions,
    form_of,
    month_conditions,
    places,
    prepare,
    split_of,
)
from .place_events import PlaceEventRepository
from .places import AgencyRepository, VillageRepository
from .schema import record

MinimumFor = Callable[[date], tuple[int, str]]
"""For a day: (how many, "week" or "month") the duty asks for. Raises KeyError when no rule is in force."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What an indicator is in a window, at the indicator's scale (money in đồng).

    ``value`` None: there is nothing it could be (no row has the field; a ratio over 0). ``count_rows``: the records (or
    rows) behind it. ``splits``: choice key → value; rows without a choice are in the value only. ``latest_on``: ISO
    date of the newest value of a ``latest``.
    """

    value: int | None
    count_rows: int
    numerator: int | None = None
    denominator: int | None = None
    splits: dict[str, int] = field(default_factory=dict)
    latest_on: str | None = None


class IndicatorRepository:
    def __init__(
        self,
        connection: Connection,
        agencies: AgencyRepository,
        villages: VillageRepository,
        events: PlaceEventRepository,
        book: StatementBook | None = None,
    ) -> None:
        self._connection = connection
        self._book = book or StatementBook()
        self._agencies = agencies
        self._villages = villages
        self._events = events

    def forms_used(self, first: date, last: date, units: Collection[str]) -> dict[str, int]:
        """Form → its final records of ``first``..``last`` (both included) of ``units``; only forms that have some."""
        query = select(record.c.form, func.count()).where(
            record.c.deleted.is_(False),
            record.c.state == "final",
            record.c.unit.in_(sorted(units)),
            record.c.event_date.between(first.isoformat(), last.isoformat()),
        )
        return {form: int(rows) for form, rows in self._connection.execute(query.group_by(record.c.form))}

    # -- values ---------------------------------------------------------------------------------

    def evaluate(
        self,
        indicator: Indicator,
        form: Form | None,
        first: date,
        last: date,
        *,
        units: tuple[str, ...] | None,
        catalog: Catalog | None = None,
        minimum_for: MinimumFor | None = None,
    ) -> Evaluation:
        """``indicator`` over final records of ``first``..``last`` (both included) of ``units`` (None: all).

        ``form``: of the indicator's source (else looked up in ``catalog``). Ratios and legal minimums need ``catalog``;
        ``minimum_for`` takes the place of the catalogue's terms.
        """
        if indicator.kind is IndicatorKind.RATIO:
            return self._ratio(indicator, first, last, units, catalog)
        asked = self._prepared(indicator, form, units, catalog)
        filling = filled(first, last, units)
        match indicator.kind:
            case IndicatorKind.DISTINCT if indicator.also:
                members, rows = self._united(asked, filling)
                return Evaluation(len(members), rows)
            case IndicatorKind.WITHIN_TERM:
                return self._within_term(indicator, asked, filling)
            case IndicatorKind.MONTHS_MEETING_MINIMUM:
                return self._months(indicator, asked, first, last, units, catalog, minimum_for)
        found = self._execute(asked.main, filling).one()
        rows = found[0] if asked.rows is None else self._execute(asked.rows, filling).scalar_one()
        unknown = indicator.kind is IndicatorKind.LATEST or (adds(indicator) and rows)
        value = found[2] if found[1] else (None if unknown else 0)
        return Evaluation(
            value=None if value is None else int(value),
            count_rows=int(rows),
            splits=self._splits(asked, filling),
            latest_on=found[3] if indicator.kind is IndicatorKind.LATEST else None,
        )

    def _prepared(
        self, indicator: Indicator, form: Form | None, units: tuple[str, ...] | None, catalog: Catalog | None
    ) -> Prepared:
        known = form_of(indicator, form, catalog)
        build = functools.partial(prepare, indicator, known, catalog)
        return self._book.of(indicator, known, build, every_unit=units is None)

    def _execute(self, statement: Select[Any] | None, filling: dict[str, Any]) -> Any:
        """The result (as Any: the columns differ from kind to kind)."""
        assert statement is not None
        return self._connection.execute(statement, filling)

    def _splits(self, asked: Prepared, filling: dict[str, Any]) -> dict[str, int]:
        if asked.splits is None:
            return {}
        return {str(row[0]): int(row[1] or 0) for row in self._execute(asked.splits, filling)}

    def _within_term(self, indicator: Indicator, asked: Prepared, filling: dict[str, Any]) -> Evaluation:
        numerator, denominator = self._execute(asked.main, filling).one()
        value: int | None = int(numerator)
        if indicator.unit == "%":
            value = _divided(int(numerator), int(denominator), indicator)
        splits = self._splits(asked, filling)
        return Evaluation(value, int(denominator), int(numerator), int(denominator), splits)

    def _united(self, asked: Prepared, filling: dict[str, Any]) -> tuple[set[Any], int]:
        """(values wherever they stand, rows): a day of reception is one, in the register or on its own sheet."""
        members: set[Any] = set()
        rows = 0
        for place in asked.places:
            found = self._execute(place.values, filling).all()
            members.update(row[0] for row in found if row[0] is not None)
            rows += (
                sum(row[1] for row in found) if place.rows is None else self._execute(place.rows, filling).scalar_one()
            )
        return members, rows

    def _months(
        self,
        indicator: Indicator,
        asked: Prepared,
        first: date,
        last: date,
        units: tuple[str, ...] | None,
        catalog: Catalog | None,
        minimum_for: MinimumFor | None,
    ) -> Evaluation:
        days, rows = self._days_by_month(asked, first, last, units)
        met = owed = 0
        for year, month in _months(first, last):
            minimum = _minimum(indicator, catalog, minimum_for, year, month)
            if minimum is None:
                continue
            owed += 1
            met += days.get(f"{year:04d}-{month:02d}", 0) >= minimum
        return Evaluation(met if owed else None, rows, met, owed)

    def _days_by_month(
        self, asked: Prepared, first: date, last: date, units: tuple[str, ...] | None
    ) -> tuple[dict[str, int], int]:
        """(month → how many days, rows behind them), each day once, in whichever source it stands."""
        whole = _whole_months(first, last)
        if whole is None:
            return {}, 0
        days, rows = self._united(asked, filled(*whole, units))
        return dict(Counter(day[:7] for day in days)), rows

    def months_of(
        self,
        indicator: Indicator,
        form: Form | None,
        first: date,
        last: date,
        *,
        units: tuple[str, ...] | None,
        catalog: Catalog,
    ) -> list[tuple[int, int, int, int]]:
        """(year, month, days, minimum) of every month of the window in which the legal minimum was in force."""
        days, _ = self._days_by_month(self._prepared(indicator, form, units, catalog), first, last, units)
        asked = ((year, month, _minimum(indicator, catalog, None, year, month)) for year, month in _months(first, last))
        return [(y, m, days.get(f"{y:04d}-{m:02d}", 0), least) for y, m, least in asked if least is not None]

    def counted_records(
        self,
        indicator: Indicator,
        form: Form | None,
        first: date,
        last: date,
        condition: ColumnElement[bool],
        *,
        units: tuple[str, ...] | None,
    ) -> tuple[int, int]:
        """(records behind the number for which ``condition`` holds, all of them)."""
        held, of = 0, 0
        for part, source in places(indicator, Source(indicator, form), None):
            window = _window_of(part, first, last)
            if window is not None:
                good = func.count(distinct(case((condition, record.c.seq))))
                where = _where_of_ids(part, source, every_unit=units is None)
                query = source.start(good, func.count(distinct(record.c.seq))).where(*where)
                found = self._connection.execute(query, filled(*window, units)).one()
                held, of = held + int(found[0]), of + int(found[1])
        return held, of

    def _ratio(
        self, indicator: Indicator, first: date, last: date, units: tuple[str, ...] | None, catalog: Catalog | None
    ) -> Evaluation:
        if catalog is None:
            raise ValueError("a ratio needs the catalogue")
        top = self._part(indicator.numerator, first, last, units, catalog)
        bottom = self._part(indicator.denominator, first, last, units, catalog)
        rows = max(top.count_rows, bottom.count_rows)
        if top.value is None or not bottom.value:
            return Evaluation(None, rows, top.value, bottom.value)
        return Evaluation(_divided(top.value, bottom.value, indicator), rows, top.value, bottom.value)

    def _part(self, key: str, first: date, last: date, units: tuple[str, ...] | None, catalog: Catalog) -> Evaluation:
        if key == "villages":  # those there were when the window ended
            there = self._events.existing("village", [item.id for item in self._villages.list(active=True)], last)
            return Evaluation(len(there), 0)
        if key == "units":
            active = [item.id for item in self._agencies.list(active=True)]
            there = self._events.existing("agency", active, last)
            return Evaluation(len(there if units is None else there & set(units)), 0)
        found = catalog.indicators.get(key.removeprefix("context:"))
        if found is None:  # a context figure this catalogue does not keep
            return Evaluation(None, 0)
        return self.evaluate(found, None, first, last, units=units, catalog=catalog)

    # -- records --------------------------------------------------------------------------------

    def record_ids(
        self,
        indicator: Indicator,
        form: Form | None,
        first: date,
        last: date,
        *,
        units: tuple[str, ...] | None,
        split: str | None = None,
        catalog: Catalog | None = None,
    ) -> list[str]:
        """The ids of the records behind the number (or behind one of its splits), by event date.

        A percentage of terms: all that were judged; a number of those in term: these. A ratio: the records of both
        its parts (needs ``catalog``).
        """
        if indicator.kind is IndicatorKind.RATIO:
            parts = [catalog.indicators.get(key) for key in _parts(indicator)] if catalog else []
            ids = [
                item
                for part in parts
                if part is not None
                for item in self.record_ids(part, None, first, last, units=units, catalog=catalog)
            ]
            return list(dict.fromkeys(ids))
        if indicator.also:
            ids = [
                item
                for part, _ in places(indicator, Source(indicator, form_of(indicator, form, catalog)), catalog)
                for item in self.record_ids(part, None, first, last, units=units, catalog=catalog)
            ]
            return list(dict.fromkeys(ids))
        source = Source(indicator, form_of(indicator, form, catalog))
        window = _window_of(indicator, first, last)
        if window is None:
            return []
        query = source.start(record.c.id).where(*_where_of_ids(indicator, source, every_unit=units is None))
        if split is not None:
            key, parted = split_of(indicator, source)
            query = query.where(key == split)
            if parted is not None:
                query = query.select_from(parted)
        query = query.group_by(record.c.seq).order_by(record.c.event_date, record.c.seq)
        return [*self._connection.execute(query, filled(*window, units)).scalars()]


def _window_of(indicator: Indicator, first: date, last: date) -> tuple[date, date] | None:
    """The days an indicator looks at; None where there are none."""
    months = indicator.kind is IndicatorKind.MONTHS_MEETING_MINIMUM
    return _whole_months(first, last) if months else (first, last)


def _where_of_ids(indicator: Indicator, source: Source, *, every_unit: bool) -> list[ColumnElement[bool]]:
    if indicator.kind is IndicatorKind.MONTHS_MEETING_MINIMUM:
        return month_conditions(indicator, source, every_unit=every_unit)
    where = conditions(indicator, source, every_unit=every_unit)
    if indicator.kind is IndicatorKind.WITHIN_TERM:
        in_term, judged = term_parts(indicator, source)
        where.append(judged if indicator.unit == "%" else and_(judged, in_term))
    return where


def _parts(indicator: Indicator) -> tuple[str, ...]:
    return tuple(key.removeprefix("context:") for key in (indicator.numerator, indicator.denominator))


def _divided(numerator: int, denominator: int, indicator: Indicator) -> int | None:
    """numerator / denominator at the indicator's scale, halves away from zero; None over 0."""
    if denominator == 0:
        return None
    top = numerator * int(10**indicator.scale) * (100 if indicator.unit == "%" else 1)
    sign = -1 if (top < 0) != (denominator < 0) else 1
    return sign * ((2 * abs(top) + abs(denominator)) // (2 * abs(denominator)))


def _whole_months(first: date, last: date) -> tuple[date, date] | None:
    """A month belongs to the window by its last day (DESIGN §8.3), and then counts with all its days."""
    months = list(_months(first, last))
    return (date(*months[0], 1), _month_end(*months[-1])) if months else None


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _months(first: date, last: date) -> Iterator[tuple[int, int]]:
    """The months whose last day lies in the window."""
    year, month = first.year, first.month
    while (year, month) <= (last.year, last.month):
        if first <= _month_end(year, month) <= last:
            yield year, month
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _minimum(
    indicator: Indicator, catalog: Catalog | None, minimum_for: MinimumFor | None, year: int, month: int
) -> int | None:
    """How many days a month the duty asks for; None when no rule was in force then."""
    try:
        if minimum_for is not None:
            count, per = minimum_for(_month_end(year, month))
            return count * WEEKS_OF_A_MONTH if per == "week" else count
        if "term" in indicator.minimum:
            if catalog is None:
                raise ValueError("a legal minimum needs the catalogue")
            return monthly_minimum(catalog, str(indicator.minimum["term"]), year, month)
        count = int(indicator.minimum["count"])
        return count * WEEKS_OF_A_MONTH if indicator.minimum.get("per") == "week" else count
    except KeyError:
        return None
