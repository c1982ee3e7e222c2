"""The audit: append-only, each entry bound to the one before by its hash. Ids, hashes, codes and counts only."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select

from ..kernel.canonical import hash_of
from ..kernel.clock import Clock, stamp
from .schema import audit_entry

GENESIS = "0" * 64
_CODE = re.compile(r"[A-Za-z0-9._:/@+=,-]{0,200}")
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class AuditEntry:
    seq: int
    at: str
    account: str
    action: str
    subject: str
    details: Mapping[str, Any]
    previous: str
    hash: str


def _is_code(value: Any) -> bool:
    if isinstance(value, str):
        return _CODE.fullmatch(value) is not None
    if isinstance(value, list | tuple):
        return all(_is_code(item) for item in value)
    return value is None or isinstance(value, bool | int)


class AuditRepository:
    def __init__(self, connection: Connection, clock: Clock, account: str) -> None:
        self._connection = connection
        self._clock = clock
        self._account = account

    def append(self, action: str, subject: str, details: Mapping[str, Any] | None = None) -> str:
        """Add an entry and return its hash, the new head.

        ``details`` holds ids, hashes, codes and numbers: a sentence or a name raises ValueError (the audit outlives
        the destruction of what it speaks of).
        """
        given = dict(details or {})
        if not _CODE.fullmatch(action) or not all(_is_code(value) for value in given.values()):
            raise ValueError("the audit holds ids, hashes, codes and numbers only")
        last = self._last()
        body = {
            "seq": last[0] + 1 if last else 1,
            "at": stamp(self._clock.now()),
            "account": self._account,
            "action": action,
            "subject": subject,
            "details": given,
            "previous": last[1] if last else GENESIS,
        }
        head = hash_of(body)
        self._connection.execute(insert(audit_entry).values(**body, hash=head))
        return head

    def _last(self) -> tuple[int, str] | None:
        row = self._connection.execute(
            select(audit_entry.c.seq, audit_entry.c.hash).order_by(audit_entry.c.seq.desc()).limit(1)
        ).first()
        return (row[0], row[1]) if row else None

    def head(self) -> str:
        """The hash of the newest entry (64 zeros when there is none)."""
        last = self._last()
        return last[1] if last else GENESIS

    def length(self) -> int:
        """How many entries there are; also the number of the newest."""
        last = self._last()
        return last[0] if last else 0

    def latest_stamp(self, *, after: int = 0) -> str | None:
        """The latest stamp of the entries behind number ``after``, whatever their order; None when there are none."""
        query = select(func.max(audit_entry.c.at)).where(audit_entry.c.seq > after)
        found: str | None = self._connection.execute(query).scalar()
        return found

    def first_stamp(self) -> str | None:
        """The stamp of the first entry: when this home was made; None while there is none."""
        query = select(audit_entry.c.at).order_by(audit_entry.c.seq).limit(1)
        found: str | None = self._connection.execute(query).scalar()
        return found

    def verify(self) -> bool:
        """Whether every entry follows from the one before and no number is missing."""
        previous, expected = GENESIS, 1
        for entry in self._all():
            body = {
                "seq": entry.seq,
                "at": entry.at,
                "account": entry.account,
                "action": entry.action,
                "subject": entry.subject,
                "details": entry.details,
                "previous": entry.previous,
            }
            if entry.seq != expected or entry.previous != previous or hash_of(body) != entry.hash:
                return False
            previous, expected = entry.hash, expected + 1
        return True

    def _all(self) -> Any:
        result = self._connection.execution_options(yield_per=_BATCH).execute(
            select(audit_entry).order_by(audit_entry.c.seq)
        )
        for row in result.mappings():
            yield AuditEntry(**row)

    def list(self, *, subject: str | None = None, limit: int = 200, offset: int = 0) -> list[AuditEntry]:
        """Entries, newest first; of one subject when given."""
        query = select(audit_entry).order_by(audit_entry.c.seq.desc()).limit(limit).offset(offset)
        if subject is not None:
            query = query.where(audit_entry.c.subject == subject)
        return [AuditEntry(**row) for row in self._connection.execute(query).mappings()]
