"""Which records have files as evidence."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from .rows import RecordRow, row_of
from .schema import record

_BATCH = 2000


class RecordFileRepository:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def among(self, ids: Iterable[str], forms: Iterable[str] = ()) -> list[RecordRow]:
        """Those of the records ``ids`` that have evidence, or are of one of ``forms`` (whose fields may hold files)."""
        wanted = list(ids)
        rows: list[RecordRow] = []
        has_files = (func.json_array_length(record.c.evidence) > 0) | record.c.form.in_(list(forms))
        for start in range(0, len(wanted), _BATCH):
            query = select(record).where(record.c.id.in_(wanted[start : start + _BATCH]), has_files)
            rows += [row_of(row) for row in self._connection.execute(query).mappings()]
        return rows

    def having(self, hashes: Iterable[str], forms: Iterable[str]) -> list[RecordRow]:
        """The records of ``forms``, also in the bin, that have any of these files as evidence."""
        wanted, named = list(hashes), list(forms)
        rows: dict[str, RecordRow] = {}
        each = func.json_each(record.c.evidence).table_valued("value", joins_implicitly=True)
        for start in range(0, len(wanted), _BATCH):
            some = wanted[start : start + _BATCH]
            query = select(record).where(record.c.form.in_(named), each.c.value.in_(some))
            rows |= {row["id"]: row_of(row) for row in self._connection.execute(query).mappings()}
        return list(rows.values())
