"""Records: one table for all forms, every change a revision, found again without accents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, delete, func, insert, select, update

from ..catalog.model import Form, Json
from ..kernel.canonical import hash_of
from ..kernel.clock import Clock, stamp
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from . import search as fulltext
from .audit import AuditRepository
from .best_hits import best_hits
from .indexing import side_rows
from .protected import ProtectedRepository
from .record_queries import RecordFilter, conditions, few
from .record_queries import window as list_window
from .rows import NewRecord, RecordRow, RevisionRow, SearchHit, columns_of, row_of, snapshot_of
from .schema import purge_permit, record, record_revision, record_value, record_village

__all__ = ["NewRecord", "RecordFilter", "RecordRepository", "RecordRow", "RevisionRow", "SearchHit"]

PERSONAL_ROLES = frozenset({"entry", "consolidation", "leader"})
"""Roles whose searches also ask the personal index."""
_BATCH = 2000


class RecordRepository:
    def __init__(
        self,
        connection: Connection,
        clock: Clock,
        audit: AuditRepository,
        protected: ProtectedRepository,
        *,
        personal: bool,
    ) -> None:
        self._connection = connection
        self._clock = clock
        self._audit = audit
        self._protected = protected
        self._personal = personal

    # -- one record -----------------------------------------------------------------------------

    def get(self, record_id: str) -> RecordRow | None:
        """The record, also when it lies in the bin."""
        found = self._found(record_id)
        return row_of(found) if found else None

    def _found(self, record_id: str) -> RowMapping | None:
        return self._connection.execute(select(record).where(record.c.id == record_id)).mappings().first()

    def _existing(self, record_id: str) -> RowMapping:
        found = self._found(record_id)
        if found is None:
            raise Refused(
                "not_found", f"Không tìm thấy bản ghi có mã “{record_id}”. Có thể dữ liệu đã được khôi phục cũ hơn."
            )
        return found

    def insert(
        self, new: NewRecord, form: Form, *, by: str, why: str = "", protected: Mapping[str, Json] | None = None
    ) -> RecordRow:
        """Store a new record as revision 1. ``protected``: values kept apart under their own key.

        Raises Refused ``no_right`` when there are protected values and the account may not see such.
        """
        self._check_form(new, form)
        record_id = new.id or new_id(self._clock)
        now = stamp(self._clock.now())
        columns = columns_of(new)
        made = self._connection.execute(
            insert(record).values(
                id=record_id,
                **columns,
                revision=1,
                created_at=now,
                created_by=by,
                changed_at=now,
                changed_by=by,
                deleted=False,
            )
        ).inserted_primary_key
        assert made is not None
        seq = int(made[0])
        self._index(seq, form, columns, deleted=False)
        self._revision(record_id, 1, now, by, why, "insert", snapshot_of(columns, False))
        if protected:
            self._protected.put(record_id, protected)
        self._audit.append("record_insert", record_id, {"form": form.key, "revision": 1})
        return row_of(self._existing(record_id))

    def update(
        self,
        record_id: str,
        expected_revision: int | None,
        new: NewRecord,
        form: Form,
        *,
        by: str,
        why: str = "",
        protected: Mapping[str, Json] | None = None,
    ) -> RecordRow:
        """Replace the values of a record as its next revision.

        ``expected_revision`` None: whatever stands now. ``protected``: keys to set (None as a value takes one away);
        keys not given stay. Copies of those keys in earlier revisions are purged.
        Raises Refused ``record_changed``, ``record_deleted``, ``not_found``, ``no_right``.
        """
        self._check_form(new, form)
        before = self._existing(record_id)
        if before["form"] != form.key:
            raise ValueError("a record never changes its form")
        if before["deleted"]:
            raise Refused("record_deleted", "Bản ghi này đang ở thùng rác. Chưa ghi gì; hãy khôi phục trước khi sửa.")
        if expected_revision is not None and before["revision"] != expected_revision:
            raise Refused(
                "record_changed",
                f"Bản ghi đã được “{before['changed_by']}” sửa trong lúc anh/chị đang nhập. Chưa ghi đè; "
                "nội dung vừa nhập vẫn còn trên màn hình, hãy mở bản mới nhất để đối chiếu rồi ghi lại.",
                id=record_id,
                revision=before["revision"],
            )
        columns = columns_of(new)
        row = self._change(before, form, columns, deleted=False, by=by, why=why, action="update")
        if protected:
            self._protected.put(record_id, protected)
            self.purge_keys(record_id, protected)
        return row

    def delete(self, record_id: str, form: Form | None = None, *, by: str, why: str = "") -> RecordRow:
        """Move a record to the bin: it stops counting and can be brought back."""
        return self._move(record_id, form, True, by, why)

    def undelete(self, record_id: str, form: Form | None = None, *, by: str, why: str = "") -> RecordRow:
        """Bring a record back from the bin, with the state it had."""
        return self._move(record_id, form, False, by, why)

    def _move(self, record_id: str, form: Form | None, deleted: bool, by: str, why: str) -> RecordRow:
        before = self._existing(record_id)
        if before["deleted"] == deleted:
            return row_of(before)
        return self._change(
            before, form, {}, deleted=deleted, by=by, why=why, action="delete" if deleted else "undelete"
        )

    def _change(
        self,
        before: RowMapping,
        form: Form | None,
        columns: dict[str, Any],
        *,
        deleted: bool,
        by: str,
        why: str,
        action: str,
    ) -> RecordRow:
        now = stamp(self._clock.now())
        revision = before["revision"] + 1
        seq = before["seq"]
        self._connection.execute(
            update(record)
            .where(record.c.seq == seq)
            .values(**columns, revision=revision, changed_at=now, changed_by=by, deleted=deleted)
        )
        after = {**before, **columns}
        if columns and form is not None:
            self._index(seq, form, after, deleted=deleted)
        else:
            self._connection.execute(
                update(record_value).where(record_value.c.record_seq == seq).values(deleted=deleted)
            )
        self._revision(before["id"], revision, now, by, why, action, snapshot_of(after, deleted))
        self._audit.append(f"record_{action}", before["id"], {"form": before["form"], "revision": revision})
        return row_of(self._existing(before["id"]))

    def _check_form(self, new: NewRecord, form: Form) -> None:
        if new.form != form.key:
            raise ValueError("the record and its form differ")

    def _index(self, seq: int, form: Form, columns: Mapping[str, Any], *, deleted: bool) -> None:
        self._connection.execute(delete(record_value).where(record_value.c.record_seq == seq))
        self._connection.execute(delete(record_village).where(record_village.c.record_seq == seq))
        side = side_rows(seq, form, columns["data"], deleted)
        if side:
            self._connection.execute(insert(record_value), side)
        places = _village_rows(seq, columns["villages"])
        if places:
            self._connection.execute(insert(record_village), places)
        fulltext.put(self._connection, seq, fulltext.index_words(form, columns["data"], columns["note"]))

    def _revision(
        self, record_id: str, revision: int, at: str, by: str, why: str, action: str, snapshot: dict[str, Any]
    ) -> None:
        self._connection.execute(
            insert(record_revision).values(
                record_id=record_id, revision=revision, at=at, by=by, why=why, action=action, snapshot=snapshot
            )
        )

    # -- many -----------------------------------------------------------------------------------

    def insert_many(self, new: Iterable[NewRecord], form: Form, *, by: str, why: str = "") -> list[str]:
        """Store many new records of one form at once (imports); returns their ids. One audit entry for all."""
        now = stamp(self._clock.now())
        top = self._connection.execute(select(func.coalesce(func.max(record.c.seq), 0))).scalar_one()
        ids: list[str] = []
        batch: list[dict[str, Any]] = []
        for item in new:
            self._check_form(item, form)
            ids.append(item.id or new_id(self._clock))
            batch.append(
                {
                    "seq": top + len(ids),
                    "id": ids[-1],
                    **columns_of(item),
                    "revision": 1,
                    "created_at": now,
                    "created_by": by,
                    "changed_at": now,
                    "changed_by": by,
                    "deleted": False,
                }
            )
            if len(batch) == _BATCH:
                self._insert_batch(batch, form, why)
                batch = []
        if batch:
            self._insert_batch(batch, form, why)
        if ids:
            details = {"form": form.key, "count": len(ids), "ids_sha256": hash_of(ids)}
            self._audit.append("records_import", ids[0], details)
        return ids

    def _insert_batch(self, batch: list[dict[str, Any]], form: Form, why: str) -> None:
        self._connection.execute(insert(record), batch)
        side: list[dict[str, Any]] = []
        places: list[dict[str, Any]] = []
        revisions: list[dict[str, Any]] = []
        indexed: list[tuple[int, tuple[str, str]]] = []
        for row in batch:
            side += side_rows(row["seq"], form, row["data"], False)
            places += _village_rows(row["seq"], row["villages"])
            indexed.append((row["seq"], fulltext.index_words(form, row["data"], row["note"])))
            revisions.append(
                {
                    "record_id": row["id"],
                    "revision": 1,
                    "at": row["created_at"],
                    "by": row["created_by"],
                    "why": why,
                    "action": "insert",
                    "snapshot": snapshot_of(row, False),
                }
            )
        if side:
            self._connection.execute(insert(record_value), side)
        if places:
            self._connection.execute(insert(record_village), places)
        self._connection.execute(insert(record_revision), revisions)
        fulltext.put_many(self._connection, indexed)

    # -- history --------------------------------------------------------------------------------

    def revisions(self, record_id: str) -> list[RevisionRow]:
        """Every change of a record, oldest first."""
        columns = record_revision.c
        query = select(record_revision).where(columns.record_id == record_id).order_by(columns.revision)
        return [
            RevisionRow(row["revision"], row["at"], row["by"], row["why"], row["action"], row["snapshot"])
            for row in self._connection.execute(query).mappings()
        ]

    def purge_keys(self, record_id: str, keys: Iterable[str]) -> int:
        """Take values out of every earlier revision (their class was raised, DESIGN §8.8): how many revisions changed.

        The current record and its index must no longer hold them: :meth:`update` first.
        """
        gone = set(keys)
        changed = 0
        self._connection.execute(insert(purge_permit).values(record_id=record_id))
        for row in self.revisions(record_id):
            if not gone & set(row.snapshot["values"]):
                continue
            kept = {key: value for key, value in row.snapshot["values"].items() if key not in gone}
            self._connection.execute(
                update(record_revision)
                .where(record_revision.c.record_id == record_id, record_revision.c.revision == row.revision)
                .values(snapshot={**row.snapshot, "values": kept})
            )
            changed += 1
        self._connection.execute(delete(purge_permit).where(purge_permit.c.record_id == record_id))
        if changed:
            self._audit.append("revisions_purged", record_id, {"count": changed, "fields": sorted(gone)})
        return changed

    # -- lists ----------------------------------------------------------------------------------

    def page(
        self,
        form: Form,
        *,
        offset: int,
        limit: int,
        search: str = "",
        states: Sequence[str] = (),
        window: tuple[date, date] | None = None,
        unit: str | None = None,
        village: str | None = None,
        choices: Mapping[str, Json] | None = None,
        sort: str = "event_date",
        descending: bool = True,
        deleted: bool = False,
    ) -> list[RecordRow]:
        """One window of rows. ``sort``: event_date, changed_at, unit or an indexed field (else ValueError).

        Empty values sort before all others. A search with words finds records that hold every word as a beginning.
        """
        asked = RecordFilter(search, states, window, unit, village, choices or {}, deleted)
        order = list_window(
            self._connection, form, asked,
            sort=sort, descending=descending, personal=self._personal, offset=offset, limit=limit,
        )  # fmt: skip
        found: dict[int, RecordRow] = {}
        for start in range(0, len(order), _BATCH):
            query = select(record).where(record.c.seq.in_(order[start : start + _BATCH]))
            found.update((row["seq"], row_of(row)) for row in self._connection.execute(query).mappings())
        rows = [found[seq] for seq in order]
        return self._with_reasons(rows) if deleted else rows

    def _with_reasons(self, rows: Sequence[RecordRow]) -> list[RecordRow]:
        """Rows of the bin with why they were put there: their last revision says so."""
        columns = record_revision.c
        reasons: dict[str, str] = {}
        for start in range(0, len(rows), _BATCH):
            ids = [row.id for row in rows[start : start + _BATCH]]
            query = (
                select(columns.record_id, columns.why)
                .where(columns.record_id.in_(ids), columns.action == "delete")
                .order_by(columns.revision)
            )
            reasons.update((found.record_id, found.why) for found in self._connection.execute(query))
        return [replace(row, why=reasons.get(row.id, "")) for row in rows]

    def count(
        self,
        form: Form,
        *,
        search: str = "",
        states: Sequence[str] = (),
        window: tuple[date, date] | None = None,
        unit: str | None = None,
        village: str | None = None,
        choices: Mapping[str, Json] | None = None,
        deleted: bool = False,
    ) -> int:
        """How many records the same filters of :meth:`page` find."""
        asked = RecordFilter(search, states, window, unit, village, choices or {}, deleted)
        if (found := few(self._connection, form, asked, personal=self._personal)) is not None:
            return len(found)
        where = and_(*conditions(form, asked, personal=self._personal))
        return int(self._connection.execute(select(func.count()).select_from(record).where(where)).scalar_one())

    def totals(self, form: Form, fields: Sequence[str], **filters: Any) -> dict[str, int]:
        """The sums of number ``fields`` over the records that the filters of :meth:`count` find, at the scale of each
        field; a field that nobody filled in is not there."""
        if not fields:
            return {}
        where = and_(*conditions(form, RecordFilter(**filters), personal=self._personal))
        sums = [func.sum(record.c.data[key].as_integer()) for key in fields]
        found = self._connection.execute(select(*sums).select_from(record).where(where)).one()
        return {key: int(value) for key, value in zip(fields, found, strict=True) if value is not None}

    def search_all(self, text: str, limit: int = 50) -> list[SearchHit]:
        """Records of every form that hold every word of ``text`` as a beginning, best first (see best_hits)."""
        ranks = best_hits(self._connection, text, personal=self._personal, limit=limit)
        rows = self._connection.execute(select(record).where(record.c.seq.in_(list(ranks)))).mappings()
        found = {row["seq"]: row_of(row) for row in rows}
        return [SearchHit(found[seq], rank) for seq, rank in ranks.items()]

    def find_prefix(self, id_prefix: str) -> list[str]:
        """The ids that start with ``id_prefix`` (at most 20)."""
        low = id_prefix.lower()
        query = (
            select(record.c.id).where(record.c.id >= low, record.c.id < low + "\x7f").order_by(record.c.id).limit(20)
        )
        return list(self._connection.execute(query).scalars())

    def exists(self, ids: Iterable[str]) -> set[str]:
        """Those of ``ids`` that are records (also in the bin)."""
        wanted = list(ids)
        found: set[str] = set()
        for start in range(0, len(wanted), _BATCH):
            query = select(record.c.id).where(record.c.id.in_(wanted[start : start + _BATCH]))
            found.update(self._connection.execute(query).scalars())
        return found


def _village_rows(seq: int, villages: Iterable[str]) -> list[dict[str, Any]]:
    return [{"record_seq": seq, "village_id": item} for item in dict.fromkeys(villages)]
