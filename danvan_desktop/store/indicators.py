"""Indicators counted in SQL, with the ids of the records behind each number (DESIGN §8.1)."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, distinct, func, tuple_

from ..catalog.model import Catalog, Form, Indicator, IndicatorKind
from ..catalog.terms import WEEKS_OF_A_MONTH, monthly_minimum
from .indicator_sql import Source, base, in_window, newest_rows, open_at, term_parts, total
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
    ) -> None:
        self._connection = connection
        self._agencies = agencies
        self._villages = villages
        self._events = events

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
        source = Source(indicator, _form_of(indicator, form, catalog))
        match indicator.kind:
            case IndicatorKind.DISTINCT if indicator.also:
                return self._united(indicator, first, last, units, catalog)
            case IndicatorKind.WITHIN_TERM:
                return self._within_term(indicator, source, first, last, units)
            case IndicatorKind.MONTHS_MEETING_MINIMUM:
                return self._months(indicator, source, first, last, units, catalog, minimum_for)
        where = self._where(indicator, source, first, last, units)
        measure, given, extra = self._measure(indicator, source)
        newest = func.max(source.day(indicator.date_field))
        query = source.start(func.count(), given, measure, newest).where(*where)
        if extra is not None:  # a list taken apart: rows are counted without it
            rows = self._connection.execute(source.start(func.count()).where(*where)).scalar_one()
            found = self._connection.execute(query.select_from(extra)).one()
        else:
            found = self._connection.execute(query).one()
            rows = found[0]
        unknown = indicator.kind is IndicatorKind.LATEST or (_adds(indicator) and rows)
        value = found[2] if found[1] else (None if unknown else 0)
        return Evaluation(
            value=None if value is None else int(value),
            count_rows=int(rows),
            splits=self._splits(indicator, source, where, measure, extra),
            latest_on=found[3] if indicator.kind is IndicatorKind.LATEST else None,
        )

    def _where(
        self, indicator: Indicator, source: Source, first: date, last: date, units: tuple[str, ...] | None
    ) -> list[ColumnElement[bool]]:
        where = base(indicator, source, units)
        if indicator.kind is IndicatorKind.OPEN_AT:
            return where + open_at(indicator, source, first, last)
        day = source.day(indicator.date_field)
        if indicator.kind is IndicatorKind.LATEST_ROW:
            return where + newest_rows(indicator, source, first, last)
        until = indicator.kind is IndicatorKind.LATEST and indicator.at == "until"
        where.append(day <= last.isoformat() if until else in_window(day, first, last))
        if indicator.kind is IndicatorKind.LATEST:
            where.append(source.value(indicator.fields[0]).is_not(None))
            pick = func.min(day) if indicator.at == "start" else func.max(day)
            dates = source.start(record.c.unit, pick).where(*where).group_by(record.c.unit)
            where = [*where, tuple_(record.c.unit, day).in_(dates)]
        return where

    def _measure(self, indicator: Indicator, source: Source) -> tuple[ColumnElement[Any], ColumnElement[Any], Any]:
        """(the aggregate, the count of rows that have something to aggregate, an extra FROM or None)."""
        match indicator.kind:
            case _ if _adds(indicator) or indicator.kind is IndicatorKind.LATEST:
                whole, given = total(indicator, source)
                return whole, given, None
            case IndicatorKind.DISTINCT:
                member, extra = source.members(indicator.fields[0])
                member = func.nullif(member, "")
                return func.count(distinct(member)), func.count(member), extra
            case _:
                return func.count(), func.count(), None

    def _splits(
        self,
        indicator: Indicator,
        source: Source,
        where: list[ColumnElement[bool]],
        measure: ColumnElement[Any],
        extra: Any,
    ) -> dict[str, int]:
        if not indicator.split:
            return {}
        key, parted = _split(indicator, source)
        query = source.start(key, measure).where(*where, key.is_not(None), key != "").group_by(key).order_by(key)
        for more in (extra, parted):
            if more is not None:
                query = query.select_from(more)
        return {str(row[0]): int(row[1] or 0) for row in self._connection.execute(query)}

    def _within_term(
        self, indicator: Indicator, source: Source, first: date, last: date, units: tuple[str, ...] | None
    ) -> Evaluation:
        in_term, judged = term_parts(indicator, source, last)
        where = [*base(indicator, source, units), in_window(source.day(indicator.date_field), first, last), judged]
        good = func.coalesce(func.sum(case((in_term, 1), else_=0)), 0)
        numerator, denominator = self._connection.execute(source.start(good, func.count()).where(*where)).one()
        value: int | None = int(numerator)
        if indicator.unit == "%":
            value = _divided(int(numerator), int(denominator), indicator)
        splits = self._splits(indicator, source, [*where, in_term], func.count(), None)
        return Evaluation(value, int(denominator), int(numerator), int(denominator), splits)

    def _united(
        self,
        indicator: Indicator,
        first: date,
        last: date,
        units: tuple[str, ...] | None,
        catalog: Catalog | None,
    ) -> Evaluation:
        """Distinct values wherever they stand: a day of reception is one, in the register or on its own sheet."""
        members: set[Any] = set()
        rows = 0
        for part, place in _places(indicator, Source(indicator, _form_of(indicator, None, catalog)), catalog):
            where = self._where(part, place, first, last, units)
            rows += self._connection.execute(place.start(func.count()).where(*where)).scalar_one()
            member, extra = place.members(part.fields[0])
            query = place.start(func.nullif(member, "")).distinct().where(*where)
            found = self._connection.execute(query if extra is None else query.select_from(extra)).scalars()
            members.update(item for item in found if item is not None)
        return Evaluation(len(members), rows)

    def _months(
        self,
        indicator: Indicator,
        source: Source,
        first: date,
        last: date,
        units: tuple[str, ...] | None,
        catalog: Catalog | None,
        minimum_for: MinimumFor | None,
    ) -> Evaluation:
        days, rows = self._days_by_month(indicator, source, first, last, units, catalog)
        met = asked = 0
        for year, month in _months(first, last):
            minimum = _minimum(indicator, catalog, minimum_for, year, month)
            if minimum is None:
                continue
            asked += 1
            met += days.get(f"{year:04d}-{month:02d}", 0) >= minimum
        return Evaluation(met if asked else None, rows, met, asked)

    def _days_by_month(
        self,
        indicator: Indicator,
        source: Source,
        first: date,
        last: date,
        units: tuple[str, ...] | None,
        catalog: Catalog | None,
    ) -> tuple[dict[str, int], int]:
        """(month → how many days, rows behind them), each day once, in whichever source it stands."""
        days: set[str] = set()
        rows = 0
        for part, place in _places(indicator, source, catalog):
            where = self._where_months(part, place, first, last, units)
            if where is not None:
                day = place.day(part.fields[0] if part.fields else "")
                found = self._connection.execute(place.start(day, func.count()).where(*where).group_by(day)).all()
                days.update(row[0] for row in found)
                rows += sum(row[1] for row in found)
        return dict(Counter(day[:7] for day in days)), rows

    def _where_months(
        self, indicator: Indicator, source: Source, first: date, last: date, units: tuple[str, ...] | None
    ) -> list[ColumnElement[bool]] | None:
        months = list(_months(first, last))
        if not months:
            return None
        # a month belongs to the window by its last day (DESIGN §8.3), and then counts with all its days
        start, end = date(*months[0], 1), _month_end(*months[-1])
        day = source.day(indicator.fields[0] if indicator.fields else "")
        return [*base(indicator, source, units), in_window(day, start, end)]

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
        days, _ = self._days_by_month(indicator, Source(indicator, form), first, last, units, catalog)
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
        for part, source in _places(indicator, Source(indicator, form), None):
            where = self._where_of_ids(part, source, first, last, units)
            if where is not None:
                good = func.count(distinct(case((condition, record.c.seq))))
                query = source.start(good, func.count(distinct(record.c.seq))).where(*where)
                found = self._connection.execute(query).one()
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
            places = _places(indicator, Source(indicator, _form_of(indicator, form, catalog)), catalog)
            ids = [
                item
                for part, _ in places
                for item in self.record_ids(part, None, first, last, units=units, catalog=catalog)
            ]
            return list(dict.fromkeys(ids))
        source = Source(indicator, _form_of(indicator, form, catalog))
        where = self._where_of_ids(indicator, source, first, last, units)
        if where is None:
            return []
        query = source.start(record.c.id).where(*where)
        if split is not None:
            key, parted = _split(indicator, source)
            query = query.where(key == split)
            if parted is not None:
                query = query.select_from(parted)
        query = query.group_by(record.c.seq).order_by(record.c.event_date, record.c.seq)
        return [*self._connection.execute(query).scalars()]

    def _where_of_ids(
        self, indicator: Indicator, source: Source, first: date, last: date, units: tuple[str, ...] | None
    ) -> list[ColumnElement[bool]] | None:
        if indicator.kind is IndicatorKind.MONTHS_MEETING_MINIMUM:
            return self._where_months(indicator, source, first, last, units)
        where = self._where(indicator, source, first, last, units)
        if indicator.kind is IndicatorKind.WITHIN_TERM:
            in_term, judged = term_parts(indicator, source, last)
            where.append(judged if indicator.unit == "%" else and_(judged, in_term))
        return where


def _adds(indicator: Indicator) -> bool:
    """Whether the number is a sum of fields (over records that may all have left them empty)."""
    return bool(indicator.fields) and indicator.kind in (
        IndicatorKind.SUM,
        IndicatorKind.LATEST_ROW,
        IndicatorKind.OPEN_AT,
    )


def _places(indicator: Indicator, source: Source, catalog: Catalog | None) -> list[tuple[Indicator, Source]]:
    """The indicator's own source and the further ones, each as an indicator of that source alone."""
    found = [(replace(indicator, also=()), source)]
    for item in indicator.also:
        part = replace(
            indicator, source=item.source, fields=(item.field,), filters=item.filters, also=(), date_field=""
        )
        found.append((part, Source(part, _form_of(part, None, catalog))))
    return found


def _form_of(indicator: Indicator, form: Form | None, catalog: Catalog | None) -> Form | None:
    key = indicator.source.partition(".")[0]
    if form is not None and form.key == key:
        return form
    return catalog.forms.get(key) if catalog else None


def _split(indicator: Indicator, source: Source) -> tuple[ColumnElement[Any], Any]:
    value = source.value(indicator.split)
    if not source.is_list(indicator.split):
        return value, None
    each = func.json_each(value).table_valued("value", name="split_part", joins_implicitly=True)
    return each.c.value, each


def _parts(indicator: Indicator) -> tuple[str, ...]:
    return tuple(key.removeprefix("context:") for key in (indicator.numerator, indicator.denominator))


def _divided(numerator: int, denominator: int, indicator: Indicator) -> int | None:
    """numerator / denominator at the indicator's scale, halves away from zero; None over 0."""
    if denominator == 0:
        return None
    top = numerator * int(10**indicator.scale) * (100 if indicator.unit == "%" else 1)
    sign = -1 if (top < 0) != (denominator < 0) else 1
    return sign * ((2 * abs(top) + abs(denominator)) // (2 * abs(denominator)))


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
