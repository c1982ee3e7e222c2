"""The draft journal: what an account is typing and has not saved yet, so that a crash or a power cut loses nothing.

One row per draft, replaced at every finished field. Protected values stand in it sealed only, under the protected key.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..catalog.model import Json
from ..kernel.clock import Clock, stamp
from . import keys
from .audit import AuditRepository
from .engine import dump_json
from .schema import record_draft
from .slots import no_protected_right


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft as stored, without what is sealed. Stamps are UTC texts."""

    id: str
    form: str
    record_id: str | None  # None: a new record
    base_revision: int | None
    started_at: str
    changed_at: str
    body: dict[str, Any]
    has_sealed: bool


class DraftRepository:
    """Drafts of the signed-in account; those of others are out of reach."""

    def __init__(
        self, connection: Connection, clock: Clock, account: str, key: bytes | None, audit: AuditRepository
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._account = account
        self._key = key
        self._audit = audit

    def put(
        self,
        draft_id: str,
        form: str,
        record_id: str | None,
        base_revision: int | None,
        body: Mapping[str, Any],
        protected: Mapping[str, Json],
    ) -> None:
        """Keep a draft, in place of what was kept of it before. Raises Refused ``no_right`` when ``protected`` holds
        anything and the account may not see such."""
        nonce: bytes | None = None
        sealed: bytes | None = None
        if protected:
            if self._key is None:
                raise no_protected_right()
            nonce, sealed = keys.seal(self._key, dump_json(dict(protected)).encode("utf-8"), _bound(draft_id))
        now = stamp(self._clock.now())
        row = {"body": dict(body), "nonce": nonce, "sealed": sealed, "changed_at": now}
        statement = upsert(record_draft).values(
            id=draft_id, account=self._account, form=form, record_id=record_id, base_revision=base_revision,
            started_at=now, **row,
        )  # fmt: skip
        self._connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=row))

    def list(self) -> list[DraftRow]:
        """The drafts of the account, the one typed last first."""
        query = select(record_draft).where(record_draft.c.account == self._account)
        query = query.order_by(record_draft.c.changed_at.desc(), record_draft.c.id.desc())
        return [_row(row) for row in self._connection.execute(query).mappings()]

    def get(self, draft_id: str) -> DraftRow | None:
        found = self._found(draft_id)
        return _row(found) if found else None

    def protected(self, draft_id: str) -> dict[str, Json]:
        """What is sealed in a draft, {} when nothing is. The look is recorded: needs a writing unit of work.

        Raises Refused ``no_right``.
        """
        found = self._found(draft_id)
        if found is None or found["sealed"] is None:
            return {}
        if self._key is None:
            raise no_protected_right()
        self._audit.append("protected_look", found["record_id"] or draft_id)
        plain = keys.unseal(self._key, found["nonce"], found["sealed"], _bound(draft_id))
        if plain is None:
            raise RuntimeError("the sealed part of a draft does not open with the protected key")
        values: dict[str, Json] = json.loads(plain)
        return values

    def discard(self, draft_id: str) -> bool:
        """Forget a draft (saved, or given up); False when there was none."""
        where = (record_draft.c.id == draft_id) & (record_draft.c.account == self._account)
        return self._connection.execute(delete(record_draft).where(where)).rowcount > 0

    def discard_all(self, account: str) -> None:
        """Forget the drafts of an account that is taken away."""
        self._connection.execute(delete(record_draft).where(record_draft.c.account == account))

    def _found(self, draft_id: str) -> RowMapping | None:
        where = (record_draft.c.id == draft_id) & (record_draft.c.account == self._account)
        return self._connection.execute(select(record_draft).where(where)).mappings().first()


def _row(row: RowMapping) -> DraftRow:
    return DraftRow(
        row["id"], row["form"], row["record_id"], row["base_revision"], row["started_at"], row["changed_at"],
        row["body"], row["sealed"] is not None,
    )  # fmt: skip


def _bound(draft_id: str) -> dict[str, Any]:
    return {"purpose": "record_draft", "draft": draft_id}
