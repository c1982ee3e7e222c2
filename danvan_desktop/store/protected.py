"""Protected values (identity of a denouncer): sealed under a key of their own; every look is recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..catalog.model import Json
from ..kernel.clock import Clock, stamp
from . import keys
from .audit import AuditRepository
from .engine import dump_json
from .schema import protected_value
from .slots import no_protected_right


class ProtectedRepository:
    def __init__(self, connection: Connection, clock: Clock, key: bytes | None, audit: AuditRepository) -> None:
        self._connection = connection
        self._clock = clock
        self._key = key
        self._audit = audit

    @property
    def unlocked(self) -> bool:
        """Whether the signed-in account has the right."""
        return self._key is not None

    def has(self, record_id: str) -> bool:
        """Whether the record has protected values (no look, so not recorded)."""
        query = select(protected_value.c.record_id).where(protected_value.c.record_id == record_id)
        return self._connection.execute(query).first() is not None

    def get(self, record_id: str, by: str) -> dict[str, Json]:
        """The protected values of a record, {} when it has none. The look is recorded: needs a writing unit of work.

        Raises Refused ``no_right``; a refused look is not recorded, for nothing was seen.
        """
        key = self._right()
        self._audit.append("protected_look", record_id, {"by": keys_digest(by)})
        return self._open(key, record_id)

    def put(self, record_id: str, values: Mapping[str, Json]) -> None:
        """Set the given keys (None takes one away), keep the others. Raises Refused ``no_right``."""
        key = self._right()
        merged = {**self._open(key, record_id), **values}
        merged = {name: value for name, value in merged.items() if value is not None}
        if not merged:
            self.purge(record_id)
            return
        nonce, sealed = keys.seal(key, dump_json(merged).encode("utf-8"), _bound(record_id))
        row = {"nonce": nonce, "sealed": sealed, "changed_at": stamp(self._clock.now())}
        statement = upsert(protected_value).values(record_id=record_id, **row)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["record_id"], set_=row))
        self._audit.append("protected_set", record_id, {"count": len(merged)})

    def purge(self, record_id: str) -> bool:
        """Destroy the protected values of a record; needs no key. False when there were none."""
        gone = self._connection.execute(delete(protected_value).where(protected_value.c.record_id == record_id))
        if gone.rowcount:
            self._audit.append("protected_purged", record_id)
        return gone.rowcount > 0

    def _right(self) -> bytes:
        if self._key is None:
            raise no_protected_right()
        return self._key

    def _open(self, key: bytes, record_id: str) -> dict[str, Json]:
        row = self._connection.execute(
            select(protected_value.c.nonce, protected_value.c.sealed).where(protected_value.c.record_id == record_id)
        ).first()
        if row is None:
            return {}
        plain = keys.unseal(key, row.nonce, row.sealed, _bound(record_id))
        if plain is None:
            raise RuntimeError("protected values do not open with the protected key")
        found: dict[str, Json] = json.loads(plain)
        return found


def _bound(record_id: str) -> dict[str, Any]:
    return {"purpose": "protected_value", "record": record_id}


def keys_digest(account: str) -> str:
    """An account's name as a code: letters and digits as they are, anything else as its UTF-8 bytes in hexadecimal."""
    return account if account.isascii() and account.isalnum() else account.encode("utf-8").hex()[:120]
