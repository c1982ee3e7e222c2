"""The statements an indicator asks of the database: built once for each definition, filled with days and units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, case, distinct, func, tuple_

from ..catalog.model import Catalog, Form, Indicator, IndicatorKind
from .indicator_sql import LAST, Source, base, in_window, newest_rows, open_at, term_parts, total
from .schema import record


@dataclass(frozen=True, slots=True)
class Place:
    """One source of an indicator that unites several. ``values``: (value or NULL, its rows), each value once.

    ``rows``: how many rows there are, where ``values`` takes lists apart.
    """

    values: Select[Any]
    rows: Select[Any] | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """``main``: (rows, rows with something to add, value, newest day); of ``within_term``: (in term, judged).

    ``rows``: the rows where ``main`` takes lists apart. ``splits``: (choice, value). ``places``: of an indicator with
    values in several sources, and of months.
    """

    main: Select[Any] | None = None
    rows: Select[Any] | None = None
    splits: Select[Any] | None = None
    places: tuple[Place, ...] = ()


class StatementBook:
    """What was built, by definition. Held as long as the home is open: counting anew builds nothing anew."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], tuple[Indicator, Form | None, Prepared]] = {}

    def of(
        self, indicator: Indicator, form: Form | None, build: Callable[..., Prepared], *, every_unit: bool
    ) -> Prepared:
        """The statements of ``indicator`` over ``form``; another object under the same key is another definition."""
        known = self._known.get((indicator.key, every_unit))
        if known is not None and known[0] is indicator and known[1] is form:
            return known[2]
        made = build(every_unit=every_unit)
        self._known[indicator.key, every_unit] = (indicator, form, made)
        return made


def prepare(indicator: Indicator, form: Form | None, catalog: Catalog | None, *, every_unit: bool) -> Prepared:
    """The statements of an indicator that is no ratio."""
    source = Source(indicator, form)
    match indicator.kind:
        case IndicatorKind.DISTINCT if indicator.also:
            return Prepared(places=tuple(_members(*place, every_unit) for place in places(indicator, source, catalog)))
        case IndicatorKind.MONTHS_MEETING_MINIMUM:
            return Prepared(places=tuple(_days(*place, every_unit) for place in places(indicator, source, catalog)))
        case IndicatorKind.WITHIN_TERM:
            in_term, judged = term_parts(indicator, source)
            where = [
                *base(indicator, source, every_unit=every_unit),
                in_window(source.day(indicator.date_field)),
                judged,
            ]
            good = func.coalesce(func.sum(case((in_term, 1), else_=0)), 0)
            main = source.start(good, func.count()).where(*where)
            return Prepared(main, splits=_splits(indicator, source, [*where, in_term], func.count(), None))
    where = conditions(indicator, source, every_unit=every_unit)
    measure, given, extra = _measure(indicator, source)
    main = source.start(func.count(), given, measure, func.max(source.day(indicator.date_field))).where(*where)
    splits = _splits(indicator, source, where, measure, extra)
    if extra is None:
        return Prepared(main, splits=splits)
    rows = source.start(func.count()).where(*where)  # a list taken apart: rows are counted without it
    return Prepared(main.select_from(extra), rows, splits)


def conditions(indicator: Indicator, source: Source, *, every_unit: bool) -> list[ColumnElement[bool]]:
    """Which rows of the source count in the window."""
    where = base(indicator, source, every_unit=every_unit)
    if indicator.kind is IndicatorKind.OPEN_AT:
        return where + open_at(indicator, source)
    if indicator.kind is IndicatorKind.LATEST_ROW:
        return where + newest_rows(indicator, source)
    day = source.day(indicator.date_field)
    until = indicator.kind is IndicatorKind.LATEST and indicator.at == "until"
    where.append(day <= LAST if until else in_window(day))
    if indicator.kind is IndicatorKind.LATEST:
        where.append(source.value(indicator.fields[0]).is_not(None))
        pick = func.min(day) if indicator.at == "start" else func.max(day)
        dates = source.start(record.c.unit, pick).where(*where).group_by(record.c.unit)
        where = [*where, tuple_(record.c.unit, day).in_(dates)]
    return where


def month_conditions(indicator: Indicator, source: Source, *, every_unit: bool) -> list[ColumnElement[bool]]:
    """Which rows count for months that are met; the window is that of whole months."""
    day = source.day(indicator.fields[0] if indicator.fields else "")
    return [*base(indicator, source, every_unit=every_unit), in_window(day)]


def _members(indicator: Indicator, source: Source, every_unit: bool) -> Place:
    member, extra = source.members(indicator.fields[0])
    value = func.nullif(member, "")
    where = conditions(indicator, source, every_unit=every_unit)
    query = source.start(value, func.count()).where(*where).group_by(value)
    if extra is None:
        return Place(query)
    return Place(query.select_from(extra), source.start(func.count()).where(*where))


def _days(indicator: Indicator, source: Source, every_unit: bool) -> Place:
    day = source.day(indicator.fields[0] if indicator.fields else "")
    where = month_conditions(indicator, source, every_unit=every_unit)
    return Place(source.start(day, func.count()).where(*where).group_by(day))


def _measure(indicator: Indicator, source: Source) -> tuple[ColumnElement[Any], ColumnElement[Any], Any]:
    """(the aggregate, the count of rows that have something to aggregate, an extra FROM or None)."""
    match indicator.kind:
        case _ if adds(indicator) or indicator.kind is IndicatorKind.LATEST:
            whole, given = total(indicator, source)
            return whole, given, None
        case IndicatorKind.DISTINCT:
            member, extra = source.members(indicator.fields[0])
            member = func.nullif(member, "")
            return func.count(distinct(member)), func.count(member), extra
        case _:
            return func.count(), func.count(), None


def _splits(
    indicator: Indicator, source: Source, where: list[ColumnElement[bool]], measure: ColumnElement[Any], extra: Any
) -> Select[Any] | None:
    if not indicator.split:
        return None
    key, parted = split_of(indicator, source)
    query = source.start(key, measure).where(*where, key.is_not(None), key != "").group_by(key).order_by(key)
    for more in (extra, parted):
        if more is not None:
            query = query.select_from(more)
    return query


def split_of(indicator: Indicator, source: Source) -> tuple[ColumnElement[Any], Any]:
    """(the choice of a row, the extra FROM that takes several choices apart or None)."""
    value = source.value(indicator.split)
    if not source.is_list(indicator.split):
        return value, None
    each = func.json_each(value).table_valued("value", name="split_part", joins_implicitly=True)
    return each.c.value, each


def adds(indicator: Indicator) -> bool:
    """Whether the number is a sum of fields (over records that may all have left them empty)."""
    return bool(indicator.fields) and indicator.kind in (
        IndicatorKind.SUM,
        IndicatorKind.LATEST_ROW,
        IndicatorKind.OPEN_AT,
    )


def places(indicator: Indicator, source: Source, catalog: Catalog | None) -> list[tuple[Indicator, Source]]:
    """The indicator's own source and the further ones, each as an indicator of that source alone."""
    found = [(replace(indicator, also=()), source)]
    for item in indicator.also:
        part = replace(
            indicator, source=item.source, fields=(item.field,), filters=item.filters, also=(), date_field=""
        )
        found.append((part, Source(part, form_of(part, None, catalog))))
    return found


def form_of(indicator: Indicator, form: Form | None, catalog: Catalog | None) -> Form | None:
    """The form of the indicator's source: ``form`` where it is that, else the catalogue's."""
    key = indicator.source.partition(".")[0]
    if form is not None and form.key == key:
        return form
    return catalog.forms.get(key) if catalog else None
