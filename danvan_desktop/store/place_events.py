"""What became of agencies and villages: merges and renames with their dates (DESIGN §8.10: mergers are dated links)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, insert, select, update

from ..kernel.clock import Clock, stamp
from .schema import place_event


@dataclass(frozen=True, slots=True)
class PlaceEvent:
    """``old_id`` went into ``place_id`` on ``on_day`` (merge), or got ``new_name`` then (rename: both ids alike).

    ``created``: the merge made ``place_id``. The rows of one merge share ``batch``.
    """

    batch: str
    action: str  # merge | rename
    place_kind: str  # agency | village
    place_id: str
    old_id: str
    created: bool
    old_name: str
    new_name: str
    old_short: str
    new_short: str
    on_day: date
    source: str
    at: str = ""
    by: str = ""
    undone_at: str | None = None
    undone_by: str | None = None


class PlaceEventRepository:
    def __init__(self, connection: Connection, clock: Clock, account: str) -> None:
        self._connection = connection
        self._clock = clock
        self._account = account
        self._standing: tuple[PlaceEvent, ...] | None = None

    def add(self, events: Iterable[PlaceEvent]) -> None:
        """Keep events; the stamps are those of now and of the signed-in account."""
        now = stamp(self._clock.now())
        for item in events:
            self._connection.execute(
                insert(place_event).values(
                    batch=item.batch, action=item.action, place_kind=item.place_kind, place_id=item.place_id,
                    old_id=item.old_id, created=item.created, old_name=item.old_name, new_name=item.new_name,
                    old_short=item.old_short, new_short=item.new_short, on_day=item.on_day.isoformat(),
                    source=item.source, at=now, by=self._account,
                )
            )  # fmt: skip
        self._standing = None

    def undo(self, batch: str) -> None:
        """Mark the rows of a batch as undone; they stay on record."""
        self._connection.execute(
            update(place_event)
            .where(place_event.c.batch == batch, place_event.c.undone_at.is_(None))
            .values(undone_at=stamp(self._clock.now()), undone_by=self._account)
        )
        self._standing = None

    def list(self, *, undone: bool = False) -> tuple[PlaceEvent, ...]:
        """In the order they were entered; with ``undone`` also those taken back."""
        if undone:
            return self._read(select(place_event).order_by(place_event.c.seq))
        if self._standing is None:
            query = select(place_event).where(place_event.c.undone_at.is_(None)).order_by(place_event.c.seq)
            self._standing = self._read(query)
        return self._standing

    def _read(self, query: Any) -> tuple[PlaceEvent, ...]:
        rows = self._connection.execute(query).mappings()
        return tuple(_event(row) for row in rows)

    def predecessors(self, place_id: str) -> tuple[str, ...]:
        """Every place that has gone into ``place_id``, directly or on the way; without itself."""
        found: list[str] = []
        waiting = [place_id]
        while waiting:
            now = waiting.pop()
            for item in self.list():
                if item.action == "merge" and item.place_id == now and item.old_id not in (*found, place_id):
                    found.append(item.old_id)
                    waiting.append(item.old_id)
        return tuple(found)

    def existing(self, place_kind: str, active: Sequence[str], day: date) -> set[str]:
        """The places there were on ``day``, out of those there are now: merges after it are taken apart."""
        there = set(active)
        merges = [item for item in self.list() if item.action == "merge" and item.place_kind == place_kind]
        for item in sorted(merges, key=lambda event: event.on_day, reverse=True):
            if item.on_day > day and item.place_id in there | _made_later(merges, day):
                there.add(item.old_id)
        return there - _made_later(merges, day)


def _made_later(merges: Collection[PlaceEvent], day: date) -> set[str]:
    return {item.place_id for item in merges if item.created and item.on_day > day}


def _event(row: Any) -> PlaceEvent:
    body = {key: value for key, value in row.items() if key != "seq"}
    return PlaceEvent(**{**body, "on_day": date.fromisoformat(body["on_day"])})
