"""The SQL words of indicators: where a value lies in a record (or in a row inside it), and the conditions on it.

The days of the window and the units are places to be filled (:func:`filled`), so that a statement is built once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, TableValuedAlias, and_, bindparam, func, not_, null, or_, select

from ..catalog.model import Field, Filter, Form, Indicator, ValueType
from .record_queries import json_path
from .schema import record

FIRST, LAST = bindparam("first", type_=String), bindparam("last", type_=String)  # ISO days
UNITS = bindparam("units", type_=String, expanding=True)
_RECORD = "record."
_LISTS = (ValueType.MULTI_CHOICE, ValueType.VILLAGE, ValueType.FILES)
_COMMON = {"unit": record.c.unit, "state": record.c.state, "event_date": record.c.event_date, "note": record.c.note}
_COMMON_LISTS = {
    "villages": record.c.villages,
    "secondary_areas": record.c.secondary_areas,
    "evidence": record.c.evidence,
}


def filled(first: date, last: date, units: tuple[str, ...] | None) -> dict[str, Any]:
    """The values for FIRST, LAST and UNITS."""
    days: dict[str, Any] = {"first": first.isoformat(), "last": last.isoformat()}
    return days if units is None else {**days, "units": list(units)}


class Source:
    """A form, or a ``rows`` field of a form: how its fields are read in SQL."""

    def __init__(self, indicator: Indicator, form: Form | None, alias: str = "item") -> None:
        self._indicator = indicator
        self.form_key, _, self._rows_key = indicator.source.partition(".")
        self._form = form
        self._item: TableValuedAlias | None = None
        if self._rows_key:
            each = func.json_each(record.c.data, json_path(self._rows_key))
            self._item = each.table_valued("value", "key", name=alias, joins_implicitly=True)

    def _field(self, key: str) -> tuple[Field | None, bool]:
        """The catalogue's field, and whether it lies in the row (not in the record)."""
        if self._rows_key and not key.startswith(_RECORD):
            rows = self._form.field(self._rows_key) if self._form and self._form.has_field(self._rows_key) else None
            return next((column for column in rows.columns if column.key == key), None) if rows else None, True
        name = key.removeprefix(_RECORD) if self._rows_key else key
        return self._form.field(name) if self._form and self._form.has_field(name) else None, False

    def value(self, key: str) -> ColumnElement[Any]:
        """The value of a field, a column of the row, ``record.<field>``, or a column that every record has."""
        field, inside = self._field(key)
        if inside:
            assert self._item is not None
            return func.json_extract(self._item.c.value, json_path(key))
        name = key.removeprefix(_RECORD) if self._rows_key else key
        if field is None and name in _COMMON:
            return _COMMON[name]
        if field is None and name in _COMMON_LISTS:
            return _COMMON_LISTS[name]
        return func.json_extract(record.c.data, json_path(name))

    def is_list(self, key: str) -> bool:
        """Whether the field holds several values."""
        field, inside = self._field(key)
        if field is not None:
            return field.type in _LISTS
        name = key.removeprefix(_RECORD) if self._rows_key else key
        return not inside and name in _COMMON_LISTS

    def day(self, key: str) -> ColumnElement[Any]:
        """A field as an ISO day: a month is its last day. An empty key: the record's event date."""
        if not key:
            return record.c.event_date
        field, _ = self._field(key)
        value = self.value(key)
        if field is not None and field.type is ValueType.MONTH:
            return func.date(value.concat("-01"), "+1 month", "-1 day")
        return value

    @property
    def item(self) -> TableValuedAlias:
        """The rows of a ``rows`` source: ``value``, and ``key``, their place."""
        assert self._item is not None
        return self._item

    def beside(self) -> Source:
        """The same rows of the same record once more, to compare one with another."""
        return Source(self._indicator, self._form, "other_item")

    def start(self, *columns: ColumnElement[Any]) -> Select[Any]:
        """A query of ``columns`` over the rows of this source."""
        query = select(*columns).select_from(record)
        return query.select_from(self._item) if self._item is not None else query

    def members(self, key: str) -> tuple[ColumnElement[Any], Any]:
        """(one value of a field, the extra FROM that takes a list apart or None)."""
        value = self.value(key)
        if not self.is_list(key):
            return value, None
        each = func.json_each(value).table_valued("value", name="part", joins_implicitly=True)
        return each.c.value, each

    def holds(self, condition: Filter) -> ColumnElement[bool]:
        """One condition; as catalog.conditions: a comparison with an empty value never holds."""
        value = self.value(condition.field)
        wanted: Any = condition.value
        if isinstance(wanted, Mapping):
            wanted = self.value(str(wanted["field"]))
        elif isinstance(wanted, bool):
            wanted = int(wanted)  # as SQLite reads it out of JSON
        match condition.op:
            case "is_set":
                return _is_set(value)
            case "not_set":
                return not_(_is_set(value))
            case "true":
                return func.coalesce(value, 0) == 1
            case "false":
                return func.coalesce(value, 0) != 1
            case "in":
                return value.in_(list(wanted))
            case "not_in":
                return and_(_is_set(value), value.not_in(list(wanted)))
            case "contains":
                each = func.json_each(value).table_valued("value", name="held", joins_implicitly=True)
                return select(each.c.value).where(each.c.value == wanted).exists()
        compared = {
            "eq": value == wanted,
            "gte": value >= wanted,
            "lte": value <= wanted,
            "gt": value > wanted,
            "lt": value < wanted,
        }[condition.op]
        return and_(_is_set(value), compared)


def _is_set(value: ColumnElement[Any]) -> ColumnElement[bool]:
    # an empty list reads as the text "[]"; NULL compares to NULL, so the first part decides for absent keys
    return and_(value.is_not(None), value.not_in(["", "[]"]))


def base(indicator: Indicator, source: Source, *, every_unit: bool) -> list[ColumnElement[bool]]:
    """What every indicator asks: its form, final, not in the bin, its units, its filters."""
    where = [record.c.form == source.form_key, record.c.deleted.is_(False), record.c.state == "final"]
    if not every_unit:
        where.append(record.c.unit.in_(UNITS))
    where += [source.holds(item) for item in indicator.filters]
    return where


def in_window(day: ColumnElement[Any]) -> ColumnElement[bool]:
    return day.between(FIRST, LAST)


def open_at(indicator: Indicator, source: Source) -> list[ColumnElement[bool]]:
    """Begun and not done at the boundary that ``at`` names."""
    begun, done = source.day(indicator.date_field), source.day(indicator.done_field)
    low, high = FIRST, LAST
    empty = not_(_is_set(done))
    if indicator.at == "start":
        return [_is_set(begun), begun < low, or_(empty, done >= low)]
    if indicator.at == "during":
        return [_is_set(begun), begun <= high, or_(empty, done >= low)]
    return [_is_set(begun), begun <= high, or_(empty, done > high)]


def newest_rows(indicator: Indicator, source: Source) -> list[ColumnElement[bool]]:
    """Each record's newest row with a value, of those dated up to LAST; not of records done before FIRST."""
    other = source.beside()
    low, high = FIRST, LAST

    def counts(place: Source) -> ColumnElement[bool]:
        given = func.coalesce(*(place.value(key) for key in indicator.fields), null())
        day = place.day(indicator.date_field)
        return and_(_is_set(day), day <= high, given.is_not(None))

    mine, theirs = source.day(indicator.date_field), other.day(indicator.date_field)
    newer = or_(theirs > mine, and_(theirs == mine, other.item.c.key > source.item.c.key))
    where = [counts(source), not_(select(other.item.c.key).where(counts(other), newer).exists())]
    if indicator.done_field:
        done = source.day(indicator.done_field)
        where.append(or_(not_(_is_set(done)), done >= low))
    return where


def term_parts(indicator: Indicator, source: Source) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """(done in term, all that can be judged at LAST: done by then, or its due date has passed)."""
    done, due = source.day(indicator.done_field), source.day(indicator.due_field)
    high = LAST
    finished = and_(_is_set(done), done <= high)
    in_term = and_(finished, _is_set(due), done <= due)
    return in_term, or_(finished, and_(_is_set(due), due <= high))


def total(indicator: Indicator, source: Source) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """(sum of the fields less the minus fields, how many rows have any of the fields)."""
    whole: ColumnElement[Any] = func.coalesce(source.value(indicator.fields[0]), 0)
    for key in indicator.fields[1:]:
        whole = whole + func.coalesce(source.value(key), 0)
    for key in indicator.minus:
        whole = whole - func.coalesce(source.value(key), 0)
    given = func.coalesce(*(source.value(key) for key in indicator.fields), null())
    return func.sum(whole), func.count(given)
