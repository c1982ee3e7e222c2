"""Papers other than reports: drafts that change, frozen bytes and numbers that never do."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from ..kernel.canonical import sha256_hex
from ..kernel.clock import Clock, stamp
from ..kernel.errors import Refused
from .reports import IssueRow, ReportRepository
from .schema_papers import paper, paper_frozen, paper_issue


@dataclass(frozen=True, slots=True)
class OfficePaperRow:
    """A paper. ``version`` counts the savings of its draft; stamps are UTC texts."""

    id: str
    template: str
    title: str
    state: str  # draft | frozen
    draft: dict[str, Any] = field(repr=False)
    version: int
    created_at: str
    created_by: str
    changed_at: str
    changed_by: str


@dataclass(frozen=True, slots=True)
class FrozenPaperRow:
    """The canonical bytes of an approved paper; insert-only."""

    paper_id: str
    data: bytes = field(repr=False)
    sha256: str
    at: str
    by: str


class OfficePaperRepository:
    """``reports`` shares its series of numbers."""

    def __init__(self, connection: Connection, clock: Clock, reports: ReportRepository) -> None:
        self._connection = connection
        self._clock = clock
        self._reports = reports

    def add(self, row: OfficePaperRow) -> None:
        self._connection.execute(insert(paper).values(**asdict(row)))

    def get(self, paper_id: str) -> OfficePaperRow | None:
        row = self._connection.execute(select(paper).where(paper.c.id == paper_id)).mappings().first()
        return OfficePaperRow(**row) if row else None

    def find_prefix(self, prefix: str) -> list[str]:
        """The ids that start with ``prefix`` (at most 20)."""
        low = prefix.lower()
        query = select(paper.c.id).where(paper.c.id >= low, paper.c.id < low + "\x7f").order_by(paper.c.id).limit(20)
        return [*self._connection.execute(query).scalars()]

    def update(self, paper_id: str, draft: dict[str, Any], title: str, expected_version: int, *, by: str) -> int:
        """Replace a draft; returns its new version.

        Raises Refused ``paper_changed`` when somebody saved meanwhile, ``paper_frozen``, ``not_found``.
        """
        row = self._live(paper_id)
        if row.version != expected_version:
            raise Refused(
                "paper_changed",
                f"Văn bản đã được “{row.changed_by}” sửa trong lúc anh/chị đang soạn. Chưa ghi đè; "
                "hãy mở bản mới nhất để đối chiếu rồi ghi lại.",
                id=paper_id,
                version=row.version,
            )
        self._touch(paper_id, by, draft=draft, title=title, version=row.version + 1)
        return row.version + 1

    def remove(self, paper_id: str) -> OfficePaperRow:
        """Take a draft away. Raises Refused ``paper_frozen``, ``not_found``."""
        row = self._live(paper_id)
        self._connection.execute(delete(paper).where(paper.c.id == row.id))
        return row

    def freeze(self, paper_id: str, data: bytes, sha256: str, *, by: str) -> None:
        """Keep the approved bytes for ever. Raises Refused ``paper_frozen``, ``not_found``."""
        if sha256_hex(data) != sha256:
            raise ValueError("the hash is not that of the bytes")
        self._live(paper_id)
        self._touch(paper_id, by, state="frozen")
        at = stamp(self._clock.now())
        self._connection.execute(insert(paper_frozen).values(paper_id=paper_id, data=data, sha256=sha256, at=at, by=by))

    def frozen(self, paper_id: str) -> FrozenPaperRow | None:
        """The bytes of an approved paper, or None."""
        query = select(paper_frozen).where(paper_frozen.c.paper_id == paper_id)
        row = self._connection.execute(query).mappings().first()
        return FrozenPaperRow(**row) if row else None

    def issue(self, paper_id: str, number: int, day: str, series: str, *, by: str) -> IssueRow:
        """Give a frozen paper its number. Raises Refused ``number_taken``, ``already_numbered``."""
        year = int(day[:4])
        if self.issue_of(paper_id) is not None:
            raise Refused("already_numbered", "Văn bản này đã có số; số đã cấp không thay đổi.")
        self._reports.require_free(series, year, number)
        at = stamp(self._clock.now())
        self._connection.execute(
            insert(paper_issue).values(
                paper_id=paper_id, series=series, year=year, number=number, date=day, at=at, by=by
            )
        )
        return IssueRow(paper_id, 1, number, day, series, "paper", at, by)

    def issue_of(self, paper_id: str) -> IssueRow | None:
        """The number of a paper, or None."""
        query = select(paper_issue).where(paper_issue.c.paper_id == paper_id)
        row = self._connection.execute(query).mappings().first()
        if row is None:
            return None
        return IssueRow(paper_id, 1, row["number"], row["date"], row["series"], "paper", row["at"], row["by"])

    def _live(self, paper_id: str) -> OfficePaperRow:
        row = self.get(paper_id)
        if row is None:
            raise Refused("not_found", f"Không tìm thấy văn bản có mã “{paper_id}”.")
        if row.state != "draft":
            raise Refused(
                "paper_frozen", "Văn bản đã phê duyệt nên không sửa được nữa. Cần nội dung khác, hãy lập văn bản mới."
            )
        return row

    def _touch(self, paper_id: str, by: str, **columns: Any) -> None:
        at = stamp(self._clock.now())
        self._connection.execute(
            update(paper).where(paper.c.id == paper_id).values(**columns, changed_at=at, changed_by=by)
        )

    def list(self) -> list[OfficePaperRow]:
        """Every paper, newest first."""
        rows = self._connection.execute(select(paper).order_by(paper.c.id.desc())).mappings()
        return [OfficePaperRow(**row) for row in rows]
