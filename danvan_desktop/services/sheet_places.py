"""Agencies and villages as sheets call them: the name of now, of before, shortened. Never a silent choice of two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ..catalog.model import Field
from ..catalog.values import ValueProblem
from ..kernel.text import fold
from ..store.place_events import PlaceEvent
from ..store.places import Place

_PLACE_WORDS = ("thon", "ban", "to dan pho", "tdp", "khu pho", "xom", "buon", "lang", "to")


@dataclass(frozen=True, slots=True)
class PlaceName:
    """What the active place ``key`` is or was called, from ``since`` until the day before ``until`` (None: open).

    ``current`` is its name of now, which is also the title unless the name is an old one: its own before a rename,
    or that of a place that went into it.
    """

    key: str
    title: str
    short: str
    current: str
    since: date | None = None
    until: date | None = None

    @property
    def old(self) -> bool:
        return self.until is not None

    def held_on(self, day: date) -> bool:
        """Whether this was the name on a day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def place_names(places: Iterable[Place], events: Iterable[PlaceEvent]) -> tuple[PlaceName, ...]:
    """All names of the active ones of ``places``; ``events`` are the merges and renames of their kind that stand."""
    active = {item.id: item for item in places if item.active}
    went: dict[str, str] = {}
    since: dict[str, date] = {}
    former: list[tuple[str, PlaceEvent, date | None]] = []
    for event in sorted(events, key=lambda item: item.on_day):
        former.append((event.old_id, event, since.get(event.old_id)))
        if event.action == "merge":
            went[event.old_id] = event.place_id
        if event.action == "rename" or event.created:
            since[event.place_id] = event.on_day

    def heir(key: str) -> str:
        for _ in range(len(went) + 1):
            if key in active or key not in went:
                break
            key = went[key]
        return key

    names = [PlaceName(item.id, item.name, item.short_name, item.name, since.get(item.id)) for item in active.values()]
    for old_id, event, begun in former:
        now = active.get(heir(old_id))
        if now is not None and fold(event.old_name) != fold(now.name):
            names.append(PlaceName(now.id, event.old_name, event.old_short, now.name, begun, event.on_day))
    return tuple(names)


def loose(text: str) -> str:
    """For comparing titles: no accents, marks, numbering."""
    bare = re.sub(r"[^a-z0-9]+", " ", fold(text)).strip()
    return re.sub(r"^\d{1,2} (?=\D)", "", bare)


def _bare(text: str) -> str:
    """Without the kind of the place in front: ``Thôn Đông`` is also ``Đông``."""
    plain = loose(text)
    for word in _PLACE_WORDS:
        if plain.startswith(word + " "):
            return plain[len(word) + 1 :]
    return plain


def shortens(short: str, title: str) -> bool:
    """Whether ``short`` is ``title`` with words given by their first letters: ``Phòng VH-XH``, ``VH-XH``."""
    parts, whole = loose(short).split(), loose(title).split()

    def fits(part: int, word: int, letters: int) -> bool:
        if part == len(parts):
            return word == len(whole) and letters >= 2
        if word < len(whole) and parts[part] == whole[word] and fits(part + 1, word + 1, letters):
            return True
        end = word + len(parts[part])
        first = "".join(item[0] for item in whole[word:end])
        return len(parts[part]) >= 2 and parts[part] == first and fits(part + 1, end, letters + len(first))

    return bool(parts) and (fits(0, 0, 0) or (whole[:1] == ["phong"] and fits(0, 1, 0)))


def find_place(item: Field, text: str, names: Sequence[PlaceName], day: date | None = None) -> tuple[str, str]:
    """(id, what to tell or "") of the place a cell names. ``day``: the event date of its row, where it is known.

    A name of two places is decided by the day alone. Raises ValueProblem ``ambiguous``, ``unknown_choice``.
    """
    wanted = text.strip()
    for name in names:
        if wanted == name.key:
            return name.key, ""
    for how in (str.strip, loose, _bare):
        hits = [name for name in names if any(how(own) == how(wanted) for own in (name.title, name.short) if own)]
        if hits:
            return _decided(item, wanted, hits, day)
    hits = [name for name in names if not name.old and shortens(wanted, name.title)]
    if hits:
        key, _note = _decided(item, wanted, hits, None)
        return key, f"“{wanted[:60]}” hiểu là “{hits[0].current}”"
    raise unknown(item, wanted, [name.title for name in names])


def _decided(item: Field, wanted: str, hits: Sequence[PlaceName], day: date | None) -> tuple[str, str]:
    keys = dict.fromkeys(name.key for name in hits)
    chosen = hits
    if len(keys) > 1:
        chosen = [name for name in hits if name.held_on(day)] if day is not None else []
        if len({name.key for name in chosen}) != 1:
            shown = "; ".join(dict.fromkeys(f"“{name.current}”" for name in hits))
            why = f"“{wanted[:60]}” ứng với nhiều mục trong danh sách ({shown}), hãy ghi đủ tên hiện nay"
            raise ValueProblem("ambiguous", f"“{item.title}”: {why}.")
    first = next((name for name in chosen if not name.old), chosen[0])
    if len(keys) > 1:
        return first.key, f"“{wanted[:60]}” là tên của hai nơi, đã hiểu theo ngày của bản ghi là “{first.current}”"
    return first.key, f"“{first.title}” là tên cũ của “{first.current}”" if first.old else ""


def split_places(text: str, names: Sequence[PlaceName]) -> list[str]:
    """The parts of a cell with several places; a comma parts them only where it is in no name."""
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    if len(parts) == 1 and "," in text and all(loose(text) != loose(name.title) for name in names):
        parts = [part.strip() for part in text.split(",") if part.strip()]
    return parts


def unknown(item: Field, text: str, titles: Sequence[str]) -> ValueProblem:
    """What to say of a text that is in no list, with the one title that is near it."""
    import difflib

    wanted = fold(text)
    near = difflib.get_close_matches(wanted, [fold(title) for title in titles], n=1, cutoff=0.6)
    within = [title for title in titles if len(wanted) > 3 and f" {loose(text)} " in f" {loose(title)} "]
    shown = next((title for title in titles if near and fold(title) == near[0]), "")
    shown = shown or (within[0] if len(within) == 1 else "")
    more = f"; có phải “{shown}”?" if shown else "."
    return ValueProblem("unknown_choice", f"“{item.title}”: “{text[:60]}” không có trong danh sách{more}")
