"""Agencies and villages over time: merged, renamed, called by the name they had; a mistaken merge is taken back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, cast

from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.ids import new_id
from ..kernel.text import squeeze
from ..store.place_events import PlaceEvent
from ..store.places import Agency, Place, Village
from ..store.store import UnitOfWork
from .context import Context, unique

PlaceKind = Literal["agency", "village"]
KIND_WORDS: Mapping[str, str] = {"agency": "đơn vị", "village": "thôn, tổ dân phố"}
_CHANGED = {"agency": "agencies", "village": "villages"}
_LONGEST_NAME = 200


class DatedNames(Mapping[str, str]):
    """Place id → name as it is now; :meth:`on`: as it was on a day."""

    def __init__(self, names: Mapping[str, str], events: Sequence[PlaceEvent] = ()) -> None:
        self._names = dict(names)
        self._renames: dict[str, list[PlaceEvent]] = {}
        for item in sorted(events, key=lambda event: event.on_day):
            if item.action == "rename":
                self._renames.setdefault(item.place_id, []).append(item)

    def __getitem__(self, key: str) -> str:
        return self._names[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def on(self, day: date | None) -> Mapping[str, str]:
        """The names of ``day`` (None: of now): before a rename the old one."""
        if day is None or not self._renames:
            return self
        changed = {
            key: first.old_name
            for key, events in self._renames.items()
            if (first := next((item for item in events if item.on_day > day), None)) is not None
        }
        return {**self._names, **changed} if changed else self


def names_on(names: Mapping[str, str], day: date | None) -> Mapping[str, str]:
    """``names`` as of ``day`` where they are dated, else as they are."""
    return names.on(day) if isinstance(names, DatedNames) else names


def dated_names(uow: UnitOfWork) -> DatedNames:
    """The names of all agencies and villages, with their history."""
    places = (*uow.agencies.list(), *uow.villages.list())
    return DatedNames({place.id: place.name for place in places}, uow.place_events.list())


@dataclass(frozen=True, slots=True)
class PlaceStory:
    """One merge or rename in words. ``undone``: by whom and when it was taken back, "" while it stands."""

    batch: str
    action: str
    kind: str
    on_day: date
    sentence: str
    source: str
    entered: str
    undone: str


class PlaceService:
    """Reading is open to all; changing needs the right ``settings``."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(self, kind: PlaceKind, text: str) -> Place:
        """A place by id (or its beginning), name or short name. Raises Refused ``not_found``, ``ambiguous_id``."""
        with self._context.store.read() as uow:
            places = _list(uow, kind)
        wanted = squeeze(text).casefold()
        named = [item for item in places if wanted in (item.name.casefold(), item.short_name.casefold())]
        chosen = [item for item in named if item.active] or named
        if len(chosen) == 1:
            return chosen[0]
        by_id = {item.id: item for item in places}
        return by_id[unique(text, lambda low: [key for key in by_id if key.startswith(low)], KIND_WORDS[kind])]

    def history(self) -> tuple[PlaceStory, ...]:
        """Every merge and rename, newest first, also those taken back."""
        with self._context.store.read() as uow:
            events = uow.place_events.list(undone=True)
        batches: dict[str, list[PlaceEvent]] = {}
        for item in events:
            batches.setdefault(item.batch, []).append(item)
        return tuple(_story(rows) for rows in reversed(batches.values()))

    # -- changing -------------------------------------------------------------------------------

    def merge(
        self,
        kind: PlaceKind,
        old_ids: Sequence[str],
        *,
        into: str = "",
        name: str = "",
        short_name: str = "",
        on: date,
        source: str = "",
    ) -> tuple[str, Changes]:
        """Places go into another: one that is there (``into``), or a new one (``name``). Returns (batch, changes).

        Records keep their places; lists of the new place hold those of its predecessors.
        Raises Refused ``merge_invalid``, ``not_found``, ``no_right``.
        """
        context = self._context
        context.require("settings")
        olds = list(dict.fromkeys(key for key in old_ids if key != into))
        with context.store.unit() as uow:
            known = {item.id: item for item in _list(uow, kind)}
            self._check_day(uow, on, [*olds, *([into] if into else [])])
            if not olds or (not into and len(olds) < 2):
                raise Refused(
                    "merge_invalid",
                    f"Hãy chọn ít nhất hai {KIND_WORDS[kind]} để sáp nhập, hoặc một và nơi nhận. Chưa đổi gì.",
                )
            for key in [*olds, *([into] if into else [])]:
                if key not in known:
                    raise Refused("not_found", f"Không tìm thấy {KIND_WORDS[kind]} có mã “{key}”. Chưa đổi gì.")
                if not known[key].active:
                    raise Refused("merge_invalid", f"“{known[key].name}” đã thôi hoạt động. Chưa đổi gì.")
            if kind == "agency" and context.office(uow).id in olds:
                raise Refused(
                    "merge_invalid", "Không thể nhập chính cơ quan đang dùng chương trình vào đơn vị khác. Chưa đổi gì."
                )
            target = known[into] if into else self._new(uow, kind, known, name, short_name, olds)
            batch = new_id(context.clock)
            uow.place_events.add(
                PlaceEvent(
                    batch, "merge", kind, target.id, key, not into, known[key].name, target.name,
                    known[key].short_name, target.short_name, on, squeeze(source),
                )
                for key in olds
            )  # fmt: skip
            for key in olds:
                _put(uow, kind, replace(known[key], active=False))
            uow.audit.append("places_merged", target.id, {"kind": kind, "from": list(olds), "on": on.isoformat()})
        return batch, Changes.of("settings", _CHANGED[kind], "record", ids=[target.id, *olds])

    def _new(
        self, uow: UnitOfWork, kind: PlaceKind, known: Mapping[str, Place], name: str, short: str, olds: Sequence[str]
    ) -> Place:
        name, short = _clean(name), _clean(short) or _clean(name)
        self._check_name(known, name, spare=olds)
        first = known[olds[0]]
        made = replace(first, id=new_id(self._context.clock), name=name, short_name=short, active=True)
        _put(uow, kind, made)
        return made

    def rename(
        self, kind: PlaceKind, place_id: str, name: str, *, short_name: str = "", on: date, source: str = ""
    ) -> tuple[str, Changes]:
        """Another name from a day on; records of earlier days show the old one. Returns (batch, changes).

        Raises Refused ``rename_invalid``, ``merge_invalid`` (the day), ``not_found``, ``no_right``.
        """
        context = self._context
        context.require("settings")
        name = _clean(name)
        with context.store.unit() as uow:
            known = {item.id: item for item in _list(uow, kind)}
            place = known.get(place_id)
            if place is None:
                raise Refused("not_found", f"Không tìm thấy {KIND_WORDS[kind]} có mã “{place_id}”. Chưa đổi gì.")
            self._check_day(uow, on, [place_id])
            self._check_name(known, name, spare=())
            short = _clean(short_name) or (name if place.short_name == place.name else place.short_name)
            batch = new_id(context.clock)
            uow.place_events.add(
                [PlaceEvent(batch, "rename", kind, place.id, place.id, False, place.name, name, place.short_name, short,
                            on, squeeze(source))]
            )  # fmt: skip
            _put(uow, kind, replace(place, name=name, short_name=short))
            uow.audit.append("place_renamed", place.id, {"kind": kind, "on": on.isoformat()})
        return batch, Changes.of("settings", _CHANGED[kind], "record", ids=[place.id])

    def undo(self, batch: str) -> Changes:
        """Take a mistaken merge or rename back; it stays on record as undone.

        Raises Refused ``not_found``, ``undo_later`` (something came after it), ``place_in_use`` (the place it made has
        records), ``no_right``.
        """
        context = self._context
        context.require("settings")
        with context.store.unit() as uow:
            events = uow.place_events.list()
            rows = [item for item in events if item.batch == batch]
            if not rows:
                raise Refused("not_found", "Không tìm thấy lần sáp nhập, đổi tên này, hoặc đã hoàn tác rồi.")
            first = rows[0]
            kind = cast(PlaceKind, first.place_kind)
            later = events[events.index(rows[-1]) + 1 :]
            touched = {item.old_id for item in rows} | {first.place_id}
            if any({item.place_id, item.old_id} & touched for item in later):
                raise Refused(
                    "undo_later", "Sau lần này còn lần sáp nhập, đổi tên khác; hãy hoàn tác lần sau trước. Chưa đổi gì."
                )
            known = {item.id: item for item in _list(uow, kind)}
            if first.action == "rename":
                _put(uow, kind, replace(known[first.place_id], name=first.old_name, short_name=first.old_short))
            else:
                used = uow.facts.uses(kind, first.place_id) if first.created else 0
                if used:
                    raise Refused(
                        "place_in_use",
                        f"“{first.new_name}” đã có {vi.number(used)} bản ghi nên chưa hoàn tác được; "
                        "hãy sửa các bản ghi đó về đơn vị cũ trước. Chưa đổi gì.",
                    )
                if first.created:
                    _put(uow, kind, replace(known[first.place_id], active=False))
                for item in rows:
                    _put(uow, kind, replace(known[item.old_id], active=True))
            uow.place_events.undo(batch)
            uow.audit.append("places_undone", first.place_id, {"kind": kind, "action": first.action})
        return Changes.of("settings", _CHANGED[kind], "record", ids=touched)

    def _check_day(self, uow: UnitOfWork, on: date, places: Sequence[str]) -> None:
        if on > clock.today(self._context.clock):
            raise Refused("merge_invalid", f"Ngày {vi.day(on)} chưa tới; hãy ghi khi đã có hiệu lực. Chưa đổi gì.")
        for item in uow.place_events.list():
            if item.on_day > on and {item.place_id, item.old_id} & set(places):
                raise Refused(
                    "merge_invalid",
                    f"“{item.new_name}” đã có thay đổi từ ngày {vi.day(item.on_day)}, sau ngày này. Chưa đổi gì.",
                )

    def _check_name(self, known: Mapping[str, Place], name: str, *, spare: Sequence[str]) -> None:
        if not name or len(name) > _LONGEST_NAME:
            raise Refused("rename_invalid", "Hãy ghi tên mới (không quá 200 ký tự). Chưa đổi gì.")
        if any(
            item.active and item.id not in spare and item.name.casefold() == name.casefold() for item in known.values()
        ):
            raise Refused("rename_invalid", f"Đã có “{name}” trong danh sách. Chưa đổi gì.")


def _clean(name: str) -> str:
    return squeeze(name).replace("\n", " ")


def _list(uow: UnitOfWork, kind: PlaceKind) -> Sequence[Place]:
    return uow.agencies.list() if kind == "agency" else uow.villages.list()


def _put(uow: UnitOfWork, kind: PlaceKind, place: Place) -> None:
    words = (place.id, place.name, place.short_name, place.kind, place.active, place.position)
    if kind == "agency":
        uow.agencies.upsert(Agency(*words))
    else:
        uow.villages.upsert(Village(*words))


def _story(rows: Sequence[PlaceEvent]) -> PlaceStory:
    first = rows[0]
    day = vi.day(first.on_day)
    if first.action == "rename":
        sentence = f"“{first.old_name}” đổi tên thành “{first.new_name}” từ ngày {day}"
    else:
        olds = ", ".join(f"“{item.old_name}”" for item in rows)
        sentence = f"{olds} sáp nhập thành “{first.new_name}” từ ngày {day}"
        if not first.created:
            sentence = f"{olds} nhập vào “{first.new_name}” từ ngày {day}"
    undone = ""
    if first.undone_at:
        undone = f"{first.undone_by} hoàn tác {vi.day(clock.civil_date(clock.parse_stamp(first.undone_at)))}"
    entered = f"{first.by} ghi {vi.day(clock.civil_date(clock.parse_stamp(first.at)))}"
    return PlaceStory(
        first.batch, first.action, first.place_kind, first.on_day, sentence, first.source, entered, undone
    )
