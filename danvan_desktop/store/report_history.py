"""What happened to a draft, with its words at that moment, and what colleagues remarked on it."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ..kernel.canonical import canonical_bytes, parse_json, sha256_hex
from ..kernel.clock import Clock, stamp
from ..kernel.ids import new_id
from .schema import report_comment, report_moment

_NEWEST_FIRST = report_moment.c.seq.desc()


@dataclass(frozen=True, slots=True)
class MomentRow:
    """``act``: made | saved | refreshed | submitted | looked | returned | approved; ``at`` a UTC stamp."""

    seq: int
    report_id: str
    revision: int
    act: str
    remarks: str
    sha256: str
    at: str
    by: str


@dataclass(frozen=True, slots=True)
class CommentRow:
    """``quote``: the words it is about, "" for the whole section; open while ``resolved_at`` is None."""

    id: str
    report_id: str
    revision: int
    section: str
    quote: str
    body: str
    at: str
    by: str
    resolved_at: str | None = None
    resolved_by: str | None = None


class DeskRepository:
    def __init__(self, connection: Connection, clock: Clock, account: str) -> None:
        self._connection = connection
        self._clock = clock
        self._account = account

    # -- moments --------------------------------------------------------------------------------

    def note(self, report_id: str, revision: int, act: str, draft: dict[str, Any], remarks: str = "", *,
             at: str = "", by: str = "") -> int:  # fmt: skip
        """Keep ``draft`` as it stands, and what was done; returns the moment's number. Equal words are kept once.

        ``at``, ``by``: when and by whom, where that is not now and not the account signed in.
        """
        data = canonical_bytes(draft)
        sha256 = sha256_hex(data)
        columns = report_moment.c
        known = self._connection.execute(
            select(columns.seq).where(
                columns.report_id == report_id, columns.sha256 == sha256, columns.draft.is_not(None)
            )
        ).first()
        row = self._connection.execute(
            insert(report_moment).values(
                report_id=report_id,
                revision=revision,
                act=act,
                remarks=remarks,
                draft=None if known else zlib.compress(data, 6),
                sha256=sha256,
                at=at or stamp(self._clock.now()),
                by=by or self._account,
            )
        )
        key = row.inserted_primary_key
        assert key is not None
        return int(key[0])

    def moments(self, report_id: str) -> list[MomentRow]:
        """Everything noted of a report, newest first."""
        columns = [item for item in report_moment.c if item.name != "draft"]
        query = select(*columns).where(report_moment.c.report_id == report_id).order_by(_NEWEST_FIRST)
        return [MomentRow(**row) for row in self._connection.execute(query).mappings()]

    def draft(self, moment: MomentRow) -> dict[str, Any]:
        """The draft as it stood at a moment. Raises LookupError when it is not kept."""
        columns = report_moment.c
        row = self._connection.execute(
            select(columns.draft).where(
                columns.report_id == moment.report_id, columns.sha256 == moment.sha256, columns.draft.is_not(None)
            )
        ).first()
        value = parse_json(zlib.decompress(row[0])) if row else None
        if not isinstance(value, dict):
            raise LookupError(moment.seq)
        return value

    # -- comments -------------------------------------------------------------------------------

    def add_comment(self, report_id: str, revision: int, section: str, quote: str, body: str) -> str:
        """Remark on a section, or on words of it; returns the comment's id."""
        row = CommentRow(
            new_id(self._clock), report_id, revision, section, quote, body, stamp(self._clock.now()), self._account
        )
        self._connection.execute(
            insert(report_comment).values({name: getattr(row, name) for name in CommentRow.__dataclass_fields__})
        )
        return row.id

    def comments(self, report_id: str, revision: int) -> list[CommentRow]:
        """The comments on a revision, in the order they were made."""
        columns = report_comment.c
        query = select(report_comment).where(columns.report_id == report_id, columns.revision == revision)
        return [CommentRow(**row) for row in self._connection.execute(query.order_by(columns.id)).mappings()]

    def comment(self, comment_id: str) -> CommentRow | None:
        query = select(report_comment).where(report_comment.c.id == comment_id)
        row = self._connection.execute(query).mappings().first()
        return CommentRow(**row) if row else None

    def resolve(self, comment_id: str, *, done: bool) -> None:
        """Mark a comment as settled, or open it again."""
        at, by = (stamp(self._clock.now()), self._account) if done else (None, None)
        self._connection.execute(
            update(report_comment).where(report_comment.c.id == comment_id).values(resolved_at=at, resolved_by=by)
        )
