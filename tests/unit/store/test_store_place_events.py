"""Dated links of places: predecessors, who was there on a day; what is taken back counts no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import make_store

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store.place_events import PlaceEvent
from danvan_desktop.store.store import Store, UnitOfWork

FIRST = date(2025, 7, 1)


@pytest.fixture
def store(tmp_path: Path, fixed_clock: FixedClock) -> Iterator[Store]:
    opened, _ = make_store(tmp_path / "home", fixed_clock)
    yield opened
    opened.close()


def merge(uow: UnitOfWork, batch: str, olds: list[str], into: str, day: date, *, created: bool = True) -> None:
    uow.place_events.add(
        PlaceEvent(batch, "merge", "village", into, old, created, old, into, old, into, day, "") for old in olds
    )


class _Stop(Exception):
    """Ends a writing unit of work without keeping it."""


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(2, 4), st.booleans()), min_size=1, max_size=5), st.data())
def test_any_chain_of_merges_keeps_every_place_once(
    store: Store, steps: list[tuple[int, bool]], data: st.DataObject
) -> None:
    there = {f"v{number}" for number in range(8)}
    history = [(FIRST, set(there))]
    with pytest.raises(_Stop), store.unit() as uow:
        for number, (count, absorb) in enumerate(steps):
            if len(there) < 2:
                break
            day = FIRST + timedelta(days=30 * (number + 1))
            chosen = data.draw(st.permutations(sorted(there)))[: min(count, len(there))]
            into = chosen[0] if absorb else f"new{number}"
            merge(uow, f"b{number}", [key for key in chosen if key != into], into, day, created=not absorb)
            there = (there - set(chosen)) | {into}
            history.append((day, set(there)))
        for day, expected in history:
            assert uow.place_events.existing("village", sorted(there), day) == expected
            assert uow.place_events.existing("agency", sorted(there), day) == there  # another kind
        start = history[0][1]
        whole = [key for place in there for key in (place, *uow.place_events.predecessors(place)) if key in start]
        assert sorted(whole) == sorted(start)  # nothing lost, nothing twice
        raise _Stop


def test_a_merge_taken_back_links_nothing(store: Store) -> None:
    with store.unit() as uow:
        merge(uow, "b", ["a", "c"], "d", FIRST)
        assert set(uow.place_events.predecessors("d")) == {"a", "c"}
        uow.place_events.undo("b")
        assert uow.place_events.predecessors("d") == ()
        assert uow.place_events.list() == ()
        (first, _) = uow.place_events.list(undone=True)
        assert (first.undone_by, first.undone_at) != (None, None)


def test_a_ring_of_merges_ends(store: Store) -> None:
    with store.unit() as uow:
        merge(uow, "b1", ["a"], "b", FIRST, created=False)
        merge(uow, "b2", ["b"], "a", FIRST, created=False)
        assert uow.place_events.predecessors("a") == ("b",)
