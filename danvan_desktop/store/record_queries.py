"""Lists of records: filters, order and windows of rows, answered from indexes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, literal, literal_column, select, table

from ..catalog.model import Form, Json
from .indexing import DAYS, indexed_fields
from .schema import place_event, record, record_value, record_village
from .search import match_expression

COMMON_ORDER = {"event_date": record.c.event_date, "changed_at": record.c.changed_at, "unit": record.c.unit}
"""Orders beside indexed fields; each has its index."""


@dataclass(frozen=True, slots=True)
class RecordFilter:
    """Which records of a form. ``window``: event dates, both included; ``choices``: field → key."""

    search: str = ""
    states: Sequence[str] = ()
    window: tuple[date, date] | None = None
    unit: str | None = None
    village: str | None = None
    choices: Mapping[str, Json] = field(default_factory=dict)
    deleted: bool = False


def conditions(form: Form, asked: RecordFilter, *, personal: bool) -> list[ColumnElement[bool]]:
    """The WHERE of a list."""
    where: list[ColumnElement[bool]] = [record.c.form == form.key, record.c.deleted == asked.deleted]
    if asked.states:
        where.append(record.c.state.in_(list(asked.states)))
    if asked.window is not None:
        first, last = asked.window
        where.append(record.c.event_date.between(first.isoformat(), last.isoformat()))
    if asked.unit is not None:
        where.append(record.c.unit.in_(_with_predecessors(asked.unit)))
    if asked.village is not None:
        inside = record_village.c.village_id.in_(_with_predecessors(asked.village))
        where.append(record.c.seq.in_(select(record_village.c.record_seq).where(inside)))
    indexed = {item.key for item in indexed_fields(form) if item.type not in DAYS}
    for key, wanted in asked.choices.items():
        if key in indexed and isinstance(wanted, str):
            where.append(
                record.c.seq.in_(
                    select(record_value.c.record_seq).where(
                        record_value.c.form == form.key,
                        record_value.c.field == key,
                        record_value.c.text_value == wanted,
                    )
                )
            )
        else:
            where.append(_holds(key, wanted))
    if asked.search.strip():
        where.append(_search(asked.search, personal))
    return where


def _with_predecessors(place_id: str) -> Select[Any]:
    """The place itself, and every one that has gone into it by a merge that stands."""
    line = select(literal(place_id).label("id")).cte("place_line", recursive=True)
    older = select(place_event.c.old_id).where(
        place_event.c.place_id == line.c.id,
        place_event.c.action == "merge",
        place_event.c.undone_at.is_(None),
    )
    return select(line.union(older).c.id)


def _search(search: str, personal: bool) -> ColumnElement[bool]:
    expression = match_expression(search)
    if expression is None:  # only signs: nothing holds them
        return false()
    name = "search_personal" if personal else "search_open"
    # the table's own name is the hidden column that MATCH stands on
    hits: Select[Any] = (
        select(literal_column("rowid")).select_from(table(name)).where(literal_column(name).op("MATCH")(expression))
    )
    return record.c.seq.in_(hits)


def _holds(key: str, wanted: Json) -> ColumnElement[bool]:
    """A value, or a list that contains it, in the JSON of the record."""
    path = json_path(key)
    each = func.json_each(record.c.data, path).table_valued("value", joins_implicitly=True)
    return select(each.c.value).where(each.c.value == wanted).exists()


def json_path(key: str) -> str:
    """The JSON path of a key; quoted, so that no key can be a path expression."""
    if '"' in key:
        raise ValueError("a field key holds no quotation mark")
    return f'$."{key}"'


def page_seqs(
    form: Form, asked: RecordFilter, *, sort: str, descending: bool, personal: bool, offset: int, limit: int
) -> Select[Any]:
    """The seqs of one window of rows, in order; rows are fetched only for these.

    Raises ValueError when ``sort`` is neither a common order nor an indexed field of the form.
    """
    where = and_(*conditions(form, asked, personal=personal))
    if sort in COMMON_ORDER:
        column = COMMON_ORDER[sort]
        order = (column.desc(), record.c.seq.desc()) if descending else (column.asc(), record.c.seq.asc())
        return select(record.c.seq).where(where).order_by(*order).offset(offset).limit(limit)
    if sort not in {item.key for item in indexed_fields(form)}:
        raise ValueError(f"{form.key}.{sort} is not indexed")
    side = record_value
    mine = (side.c.form == form.key) & (side.c.field == sort) & (side.c.deleted == asked.deleted)
    order = (
        (side.c.order_key.desc(), side.c.record_seq.desc())
        if descending
        else (side.c.order_key.asc(), side.c.record_seq.asc())
    )
    query = select(side.c.record_seq.label("seq")).where(mine).order_by(*order).offset(offset).limit(limit)
    if asked == RecordFilter(deleted=asked.deleted):  # nothing else asked: the side table's index answers alone
        return query
    # probed row by row in the order of the side table: a screenful is found after a few probes
    return query.where(select(record.c.seq).where(record.c.seq == side.c.record_seq, where).exists())
