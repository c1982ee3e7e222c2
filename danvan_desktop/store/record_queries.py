"""Lists of records: filters, order and windows of rows, answered from indexes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, false, func, literal, literal_column, select, table

from ..catalog.model import Form, Json
from .indexing import DAYS, indexed_fields
from .schema import place_event, record, record_value, record_village
from .search import match_expression

COMMON_ORDER = {"event_date": record.c.event_date, "changed_at": record.c.changed_at, "unit": record.c.unit}
"""Orders beside indexed fields; each has its index."""
FEW = 1000
"""So many records are put in order one by one."""
DEEP = 2000
"""From this row of a list on, the records asked for are gathered first: probing each on the way would take longer."""


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
        where.append(record.c.unit.in_(_with_predecessors(asked.unit, "unit_line")))
    for apart in _apart(form, asked, personal=personal):
        where.append(false() if apart is None else record.c.seq.in_(apart))
    indexed = _indexed_choices(form)
    where += [_holds(key, wanted) for key, wanted in asked.choices.items() if not _stands(indexed, key, wanted)]
    return where


def _apart(form: Form, asked: RecordFilter, *, personal: bool) -> list[Select[Any] | None]:
    """The seqs of what stands in tables of its own: village, indexed choices, words (None: no record has them)."""
    found: list[Select[Any] | None] = []
    if asked.village is not None:
        inside = record_village.c.village_id.in_(_with_predecessors(asked.village, "village_line"))
        found.append(select(record_village.c.record_seq).where(inside))
    indexed = _indexed_choices(form)
    side = record_value.c
    for key, wanted in asked.choices.items():
        if _stands(indexed, key, wanted):
            mine = (side.form == form.key, side.field == key, side.text_value == wanted)
            found.append(select(side.record_seq).where(*mine))
    if asked.search.strip():
        found.append(_hits(asked.search, personal))
    return found


def _indexed_choices(form: Form) -> set[str]:
    return {item.key for item in indexed_fields(form) if item.type not in DAYS}


def _stands(indexed: set[str], key: str, wanted: Json) -> bool:
    return key in indexed and isinstance(wanted, str)


def _with_predecessors(place_id: str, name: str) -> Select[Any]:
    """The place itself, and every one that has gone into it by a merge that stands; ``name``: once in a statement."""
    line = select(literal(place_id).label("id")).cte(name, recursive=True)
    older = select(place_event.c.old_id).where(
        place_event.c.place_id == line.c.id,
        place_event.c.action == "merge",
        place_event.c.undone_at.is_(None),
    )
    return select(line.union(older).c.id)


def _hits(search: str, personal: bool) -> Select[Any] | None:
    """The seqs that hold every word, of any form; None for signs alone: nothing holds them."""
    expression = match_expression(search)
    if expression is None:
        return None
    name = "search_personal" if personal else "search_open"
    # the table's own name is the hidden column that MATCH stands on
    return select(literal_column("rowid")).select_from(table(name)).where(literal_column(name).op("MATCH")(expression))


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
    alone = asked == RecordFilter(deleted=asked.deleted)
    # "+ 0": an unordered set to look into, never the way to the rows; which must come in the order of the list
    gathered = None if alone or offset < DEEP else select(record.c.seq).where(where)
    if sort in COMMON_ORDER:
        column = COMMON_ORDER[sort]
        order = (column.desc(), record.c.seq.desc()) if descending else (column.asc(), record.c.seq.asc())
        if gathered is not None and sort != "event_date":
            whole = and_(record.c.form == form.key, record.c.deleted == asked.deleted)
            inside = (record.c.seq + 0).in_(gathered.correlate(None))
            return select(record.c.seq).where(whole, inside).order_by(*order).offset(offset).limit(limit)
        return select(record.c.seq).where(where).order_by(*order).offset(offset).limit(limit)
    _require_indexed(form, sort)
    side = record_value
    mine = (side.c.form == form.key) & (side.c.field == sort) & (side.c.deleted == asked.deleted)
    order = (
        (side.c.order_key.desc(), side.c.record_seq.desc())
        if descending
        else (side.c.order_key.asc(), side.c.record_seq.asc())
    )
    query = select(side.c.record_seq.label("seq")).where(mine).order_by(*order).offset(offset).limit(limit)
    if alone:  # nothing else asked: the side table's index answers alone
        return query
    if gathered is not None:
        return query.where((side.c.record_seq + 0).in_(gathered))
    # probed row by row in the order of the side table: a screenful is found after a few probes
    return query.where(select(record.c.seq).where(record.c.seq == side.c.record_seq, where).exists())


def window(
    connection: Connection,
    form: Form,
    asked: RecordFilter,
    *,
    sort: str,
    descending: bool,
    personal: bool,
    offset: int,
    limit: int,
) -> list[int]:
    """The seqs of one window of rows, in order, in a time that does not grow with the records of the form.

    Where few records are asked for they are found by their own index and put in order here: walking through the order
    of the whole form would pass nearly all of it. Where many are, the walk finds a screenful soon.
    Raises ValueError as :func:`page_seqs`.
    """
    found = few(connection, form, asked, personal=personal)
    if found is not None:
        keys = connection.execute(_sort_keys(form, sort, found)).all()
        ordered = sorted(keys, key=lambda row: (row[1] is not None, row[1], row[0]), reverse=descending)
        return [row[0] for row in ordered[offset : offset + limit]]
    query = page_seqs(
        form, asked, sort=sort, descending=descending, personal=personal, offset=offset, limit=limit
    )  # fmt: skip
    return list(connection.execute(query).scalars())


def few(connection: Connection, form: Form, asked: RecordFilter, *, personal: bool) -> list[int] | None:
    """The seqs of the records asked for, in any order; None: there are more than a few, or all are asked for."""
    if asked == RecordFilter(deleted=asked.deleted):
        return None
    told: list[list[int]] = []
    for apart in _apart(form, asked, personal=personal):
        if apart is None:
            return []
        told.append(list(connection.execute(apart.limit(FEW + 1)).scalars()))
    where = conditions(form, asked, personal=personal)
    if told and len(shortest := min(told, key=len)) <= FEW:
        # the form is joined to "" so that its indexes are left alone: these few are looked at one by one
        where = [record.c.seq.in_(shortest), record.c.form.concat("") == form.key, *where[1:]]
    elif asked.search.strip():
        return None  # gathering all that hold a common word is for the walk
    found = list(connection.execute(select(record.c.seq).where(and_(*where)).limit(FEW + 1)).scalars())
    return found if len(found) <= FEW else None


def _sort_keys(form: Form, sort: str, seqs: Sequence[int]) -> Select[Any]:
    """(seq, what orders it) of single records; asks for each by itself, whatever the size of the form."""
    if sort in COMMON_ORDER:
        return select(record.c.seq, COMMON_ORDER[sort]).where(record.c.seq.in_(seqs))
    _require_indexed(form, sort)
    side = record_value
    return select(side.c.record_seq, side.c.order_key).where(side.c.record_seq.in_(seqs), side.c.field == sort)


def _require_indexed(form: Form, sort: str) -> None:
    if sort not in {item.key for item in indexed_fields(form)}:
        raise ValueError(f"{form.key}.{sort} is not indexed")
