"""Evidence and other files, kept once per content."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from ..kernel.canonical import sha256_hex
from ..kernel.clock import Clock, stamp
from .schema import blob


class BlobRepository:
    def __init__(self, connection: Connection, clock: Clock) -> None:
        self._connection = connection
        self._clock = clock

    def put(self, data: bytes, name: str, media_type: str) -> str:
        """Keep a file and return its SHA-256; the same bytes are kept once, under their first name."""
        sha256 = sha256_hex(data)
        self._connection.execute(
            upsert(blob)
            .values(sha256=sha256, name=name, media_type=media_type, data=data, created_at=stamp(self._clock.now()))
            .on_conflict_do_nothing(index_elements=["sha256"])
        )
        return sha256

    def get(self, sha256: str) -> tuple[bytes, str, str] | None:
        """(bytes, name, media type), or None."""
        row = self._connection.execute(
            select(blob.c.data, blob.c.name, blob.c.media_type).where(blob.c.sha256 == sha256)
        ).first()
        return (row.data, row.name, row.media_type) if row else None

    def name(self, sha256: str) -> tuple[str, str] | None:
        """(name, media type) without reading the bytes, or None."""
        row = self._connection.execute(select(blob.c.name, blob.c.media_type).where(blob.c.sha256 == sha256)).first()
        return (row.name, row.media_type) if row else None

    def sizes(self, hashes: Iterable[str]) -> list[int]:
        """The lengths in bytes of the kept files among ``hashes``."""
        query = select(func.length(blob.c.data)).where(blob.c.sha256.in_(sorted(set(hashes))))
        return [int(size) for size in self._connection.execute(query).scalars()]
