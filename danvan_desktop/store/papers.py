"""Signed and scanned papers of numbered reports: insert-only, their bytes kept once."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, insert, select

from ..kernel.clock import Clock, stamp
from .blobs import BlobRepository
from .schema import blob, report_issue, report_issue_release, report_paper


@dataclass(frozen=True, slots=True)
class PaperRow:
    """``kind``: person (signed by the person), agency (by the agency after the person), scan (of a paper signed by
    hand). ``signer``: as the certificate says, or the name on the paper; ``at`` a UTC stamp."""

    kind: str
    sha256: str
    signer: str
    at: str
    by: str


class PaperRepository:
    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock
        self._blobs = BlobRepository(connection, clock)

    def add(
        self, report_id: str, revision: int, kind: str, data: bytes, name: str, media_type: str, *, signer: str, by: str
    ) -> PaperRow:
        """Keep a paper of the revision's standing number. Raises LookupError where it has none."""
        issue = self._issue(report_id, revision)
        if issue is None:
            raise LookupError(report_id)
        sha256 = self._blobs.put(data, name, media_type)
        row = PaperRow(kind, sha256, signer, stamp(self._clock.now()), by)
        self._connection.execute(
            insert(report_paper).values(issue_seq=issue, kind=kind, sha256=sha256, signer=signer, at=row.at, by=by)
        )
        return row

    def of(self, report_id: str, revision: int) -> list[PaperRow]:
        """The papers of the number that stands, in the order made; those of a number given back are left out."""
        columns = report_paper.c
        query = (
            select(columns.kind, columns.sha256, columns.signer, columns.at, columns.by)
            .where(columns.issue_seq == self._issue(report_id, revision))
            .order_by(columns.seq)
        )
        return [PaperRow(**row) for row in self._connection.execute(query).mappings()]

    def data(self, paper: PaperRow) -> tuple[bytes, str]:
        """(bytes, media type) of a paper."""
        row = self._connection.execute(
            select(blob.c.data, blob.c.media_type).where(blob.c.sha256 == paper.sha256)
        ).one()
        return row.data, row.media_type

    def _issue(self, report_id: str, revision: int) -> int | None:
        released = select(report_issue_release.c.issue_seq)
        columns = report_issue.c
        query = select(columns.seq).where(
            columns.report_id == report_id, columns.revision == revision, columns.seq.not_in(released)
        )
        found: int | None = self._connection.execute(query).scalar()
        return found
