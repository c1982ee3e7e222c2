"""Indicators in SQL against a plain recount in Python, and the rules of each kind by hand."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from store_samples import make_store, the_form

from danvan_desktop.catalog.conditions import holds
from danvan_desktop.catalog.model import Also, Catalog, Filter, Form, Indicator, IndicatorKind, LegalTerm
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store.places import Agency, Village
from danvan_desktop.store.records import NewRecord
from danvan_desktop.store.store import Store

FIRST, LAST = date(2025, 10, 16), date(2026, 5, 15)
FORM = the_form()
K = IndicatorKind


def indicator(kind: IndicatorKind, **words: Any) -> Indicator:
    words.setdefault("source", "matter")
    return Indicator(
        key=words.pop("key", "i"), code="1", area=6, title="T", unit=words.pop("unit", "vụ"), kind=kind, **words
    )


def catalog(*indicators: Indicator, terms: tuple[LegalTerm, ...] = ()) -> Catalog:
    return Catalog("1", 1, (), {"matter": FORM}, {item.key: item for item in indicators}, {}, {}, terms, (), "")


@pytest.fixture
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened, _ = make_store(tmp_path_factory.mktemp("i") / "home", FixedClock(datetime(2026, 5, 1, tzinfo=UTC)))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened, _ = make_store(tmp_path_factory.mktemp("s") / "home", FixedClock(datetime(2026, 5, 1, tzinfo=UTC)))
    yield opened
    opened.close()


def new(
    day: str, *, unit: str = "u1", state: str = "final", villages: tuple[str, ...] = (), **values: Any
) -> NewRecord:
    return NewRecord("matter", 1, unit, state, date.fromisoformat(day), {"received_on": day, **values}, villages)


def fill(store: Store, *records: NewRecord) -> list[str]:
    with store.unit() as uow:
        return uow.records.insert_many(records, FORM, by="x")


def measure(store: Store, item: Indicator, known: Catalog | None = None, **words: Any) -> Any:
    words.setdefault("units", None)
    first, last = words.pop("first", FIRST), words.pop("last", LAST)
    with store.read() as uow:
        return uow.indicators.evaluate(item, FORM, first, last, catalog=known or catalog(), **words)


def ids_of(store: Store, item: Indicator, **words: Any) -> list[str]:
    with store.read() as uow:
        return uow.indicators.record_ids(item, FORM, FIRST, LAST, units=None, **words)


def test_count_window_state_bin_units(store: Store) -> None:
    ids = fill(
        store,
        new("2025-10-15"),
        new("2025-10-16", kind="complaint"),
        new("2026-05-15", kind="proposal", unit="u2"),
        new("2026-05-16"),
        new("2026-01-01", state="draft"),
        new("2026-01-02", kind="complaint"),
    )
    with store.unit() as uow:
        uow.records.delete(ids[5], by="x")
    item = indicator(K.COUNT, split="kind")
    found = measure(store, item)
    assert (found.value, found.count_rows, found.splits) == (2, 2, {"complaint": 1, "proposal": 1})
    assert ids_of(store, item) == [ids[1], ids[2]]
    assert ids_of(store, item, split="proposal") == [ids[2]]
    assert measure(store, item, units=("u2",)).value == 1
    assert measure(store, item, units=()).value == 0


def test_sum_empty_is_not_zero(store: Store) -> None:
    item = indicator(K.SUM, fields=("people",), minus=("minus",), split="kind")
    assert measure(store, item).value == 0
    fill(store, new("2026-01-01", kind="complaint"))
    assert (measure(store, item).value, measure(store, item).count_rows) == (None, 1)
    fill(store, new("2026-01-02", people=7, minus=2, kind="proposal"), new("2026-01-02", people=1, kind="proposal"))
    found = measure(store, item)
    assert (found.value, found.count_rows, found.splits["proposal"]) == (6, 3, 6)


def test_distinct_lists_and_multi_choice_splits(store: Store) -> None:
    fill(
        store,
        new("2026-01-01", groups=["far", "poor"], villages=("a", "b"), title="x"),
        new("2026-01-02", groups=["far"], villages=("b",), title="x"),
        new("2026-01-03", groups=[], title="y"),
    )
    villages = measure(store, indicator(K.DISTINCT, fields=("villages",)))
    assert (villages.value, villages.count_rows) == (2, 3)
    assert measure(store, indicator(K.DISTINCT, fields=("title",))).value == 2
    assert measure(store, indicator(K.COUNT, split="groups")).splits == {"far": 2, "poor": 1}
    assert measure(store, indicator(K.DISTINCT, fields=("villages",), split="groups")).splits == {"far": 2, "poor": 2}
    assert measure(store, indicator(K.DISTINCT, fields=("unit",))).value == 1


def test_latest_is_each_unit_s(store: Store) -> None:
    ids = fill(
        store,
        new("2025-12-31", people=100, kind="complaint"),
        new("2026-03-31", people=5, kind="complaint"),
        new("2026-03-31", people=6, kind="proposal"),
        new("2026-02-28", people=40, unit="u2"),
        new("2026-04-30", unit="u2"),
        new("2026-06-30", people=999),
    )
    item = indicator(K.LATEST, fields=("people",), split="kind")
    found = measure(store, item)
    assert (found.value, found.count_rows, found.latest_on) == (51, 3, "2026-03-31")
    assert found.splits == {"complaint": 5, "proposal": 6}
    assert ids_of(store, item) == [ids[3], ids[1], ids[2]]
    assert measure(store, replace(item, at="start")).value == 140
    assert measure(store, item, units=("u9",)).value is None


def test_open_at(store: Store) -> None:
    fill(
        store,
        new("2025-01-01"),
        new("2025-09-01", done_on="2025-10-15"),
        new("2025-09-01", done_on="2025-10-16"),
        new("2026-01-01", done_on="2026-05-15"),
        new("2026-01-01", done_on="2026-05-16"),
        new("2026-05-16"),
    )
    item = indicator(K.OPEN_AT, done_field="done_on")
    assert measure(store, replace(item, at="start")).value == 2
    assert measure(store, item).value == 2
    assert measure(store, replace(item, at="during")).value == 4
    assert len(ids_of(store, replace(item, at="during"))) == 4


def test_within_term(store: Store) -> None:
    fill(
        store,
        new("2026-01-01", due_on="2026-02-01", done_on="2026-02-01", kind="complaint"),
        new("2026-01-01", due_on="2026-02-01", done_on="2026-02-02", kind="complaint"),
        new("2026-01-01", due_on="2026-05-15"),
        new("2026-01-01", due_on="2026-05-16"),
        new("2026-01-01", due_on="2026-05-20", done_on="2026-05-18"),
    )
    item = indicator(K.WITHIN_TERM, done_field="done_on", due_field="due_on", split="kind")
    found = measure(store, item)
    assert (found.value, found.numerator, found.denominator, found.splits) == (1, 1, 3, {"complaint": 1})
    assert len(ids_of(store, item)) == 1
    percent = replace(item, unit="%", scale=1)
    assert measure(store, percent).value == 333
    assert len(ids_of(store, percent)) == 3
    assert measure(store, percent, first=LAST).value is None


def test_months_meeting_minimum(store: Store) -> None:
    days = [f"2025-11-{day:02d}" for day in (1, 2, 3, 4)] + ["2025-12-01"] * 4 + ["2026-01-01", "2026-01-02"]
    days += ["2025-10-01", "2025-10-02", "2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04"]
    fill(store, *(new(day) for day in days))
    terms = (
        LegalTerm("reception", "", 1, "count_per_week", date(2020, 1, 1), date(2025, 12, 31), ""),
        LegalTerm("reception", "", 2, "count_per_month", date(2026, 1, 1), None, ""),
    )
    item = indicator(K.MONTHS_MEETING_MINIMUM, fields=("received_on",), minimum={"term": "reception"})
    found = measure(store, item, catalog(item, terms=terms))
    # October counts (its last day lies in the window) with all its days: 2 of 4; May does not
    assert (found.value, found.denominator) == (2, 7)
    assert measure(store, item, minimum_for=lambda day: (1, "month")).value == 4
    plain = replace(item, minimum={"per": "month", "count": 4})
    assert measure(store, plain).value == 1
    assert len(ids_of(store, item)) == 12


def test_ratio(store: Store) -> None:
    part = indicator(K.COUNT, key="part", filters=(Filter("kind", "eq", "complaint"),))
    whole = indicator(K.COUNT, key="whole")
    ratio = indicator(K.RATIO, key="r", source="", unit="%", scale=1, numerator="part", denominator="whole")
    known = catalog(part, whole, ratio)
    assert measure(store, ratio, known).value is None
    fill(store, new("2026-01-01", kind="complaint"), *(new("2026-01-01", kind="proposal") for _ in range(7)))
    found = measure(store, ratio, known)
    assert (found.value, found.numerator, found.denominator) == (125, 1, 8)
    assert measure(store, replace(ratio, scale=0), known).value == 13
    with store.unit() as uow:
        uow.villages.upsert(Village("v1", "Thôn 1"))
        uow.villages.upsert(Village("v2", "Thôn 2"))
        uow.villages.upsert(Village("v3", "Thôn 3", active=False))
        uow.agencies.upsert(Agency("u1", "Một"))
        assert len(uow.indicators.record_ids(ratio, None, FIRST, LAST, units=None, catalog=known)) == 8
    assert measure(store, replace(ratio, denominator="villages"), known).value == 500
    assert measure(store, replace(ratio, denominator="units"), known, units=("u1", "u2")).value == 1000
    assert measure(store, replace(ratio, denominator="context:whole"), known).value == 125
    assert measure(store, replace(ratio, denominator="context:unknown"), known).value is None


def test_rows_source(store: Store) -> None:
    rows = [
        {"row": "1", "topic": "complaint", "count": 2, "answered_on": "2026-02-01"},
        {"row": "2", "topic": "proposal", "count": 3},
        {"row": "3", "topic": "proposal"},
    ]
    ids = fill(
        store,
        new("2026-01-01", opinions=rows, kind="proposal"),
        new("2026-01-01", opinions=rows[:1]),
        new("2026-01-01"),
    )
    item = indicator(K.COUNT, source="matter.opinions", split="topic")
    assert (measure(store, item).value, measure(store, item).splits) == (4, {"complaint": 2, "proposal": 2})
    assert ids_of(store, item) == ids[:2]
    assert ids_of(store, item, split="proposal") == ids[:1]
    same = replace(item, filters=(Filter("topic", "eq", {"field": "record.kind"}),))
    assert measure(store, same).value == 2
    assert measure(store, replace(item, kind=K.SUM, fields=("count",))).value == 7
    assert measure(store, replace(item, date_field="answered_on", split="record.kind")).splits == {"proposal": 1}
    assert measure(store, replace(item, kind=K.DISTINCT, fields=("record.unit",), split="")).value == 1


def test_month_fields_are_their_last_day(store: Store) -> None:
    fill(
        store,
        new("2026-01-01", month="2025-10"),
        new("2026-01-01", month="2026-05"),
        new("2026-01-01", month="2026-02"),
    )
    item = indicator(K.COUNT, date_field="month")
    assert measure(store, item).value == 2
    assert measure(store, item, first=date(2026, 2, 28), last=date(2026, 2, 28)).value == 1


DAYS = st.dates(FIRST - timedelta(days=20), LAST + timedelta(days=20)).map(lambda day: day.isoformat())
VALUES = st.fixed_dictionaries(
    {"received_on": DAYS},
    optional={
        "kind": st.sampled_from(["complaint", "denunciation", "proposal", ""]),
        "title": st.sampled_from(["a", "b", ""]),
        "people": st.integers(-3, 9),
        "minus": st.integers(0, 3),
        "groups": st.lists(st.sampled_from(["far", "poor", "faith"]), unique=True, max_size=3),
        "urgent": st.booleans(),
        "due_on": DAYS,
        "done_on": DAYS,
        "opinions": st.lists(
            st.fixed_dictionaries(
                {"row": st.just("r")}, optional={"topic": st.sampled_from(["complaint", "proposal"])}
            ),
            max_size=2,
        ),
    },
)
FILTERS = st.one_of(
    st.builds(Filter, st.just("kind"), st.just("eq"), st.sampled_from(["complaint", {"field": "title"}])),
    st.builds(Filter, st.just("kind"), st.sampled_from(["in", "not_in"]), st.just(["complaint", "proposal"])),
    st.builds(Filter, st.just("groups"), st.just("contains"), st.sampled_from(["far", "poor"])),
    st.builds(
        Filter,
        st.sampled_from(["kind", "groups", "people", "opinions", "title"]),
        st.sampled_from(["is_set", "not_set"]),
    ),
    st.builds(Filter, st.just("urgent"), st.sampled_from(["true", "false"])),
    st.builds(
        Filter,
        st.just("people"),
        st.sampled_from(["gte", "lte", "gt", "lt"]),
        st.sampled_from([0, 4, {"field": "minus"}]),
    ),
    st.builds(Filter, st.just("done_on"), st.sampled_from(["gte", "lt"]), st.just({"field": "due_on"})),
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(VALUES, max_size=10),
    filters=st.lists(FILTERS, max_size=2),
    at=st.sampled_from(["start", "end", "during"]),
)
def test_random_indicators_equal_a_recount(
    shared: Store, rows: list[dict[str, Any]], filters: list[Filter], at: str
) -> None:
    with shared.unit() as uow:
        for old in uow.records.page(FORM, offset=0, limit=1000):
            uow.records.delete(old.id, by="x")
        made = [NewRecord("matter", 1, "u", "final", date.fromisoformat(row["received_on"]), row) for row in rows]
        ids = dict(zip(uow.records.insert_many(made, FORM, by="x"), rows, strict=True))
    low, high = FIRST.isoformat(), LAST.isoformat()
    kept = {key: row for key, row in ids.items() if holds(filters, row)}
    inside = {key: row for key, row in kept.items() if low <= row["received_on"] <= high}
    words: dict[str, Any] = {"filters": tuple(filters)}

    count = indicator(K.COUNT, split="groups", **words)
    found = measure(shared, count)
    assert found.value == len(inside)
    assert set(ids_of(shared, count)) == set(inside)
    recount: dict[str, int] = {}
    for row in inside.values():
        for group in row.get("groups", []):
            recount[group] = recount.get(group, 0) + 1
    assert found.splits == recount

    given_ = [row for row in inside.values() if row.get("people") is not None]
    expected = (
        sum(row.get("people", 0) - row.get("minus", 0) for row in inside.values()) if given_ or not inside else None
    )
    assert measure(shared, indicator(K.SUM, fields=("people",), minus=("minus",), **words)).value == expected
    titles = {row["kind"] for row in inside.values() if "kind" in row}
    assert measure(shared, indicator(K.DISTINCT, fields=("kind",), **words)).value == len(titles - {""})

    done = {key: row.get("done_on", "9999-12-31") for key, row in kept.items()}
    still = {
        "start": [k for k, row in kept.items() if row["received_on"] < low and done[k] >= low],
        "end": [k for k, row in kept.items() if row["received_on"] <= high and done[k] > high],
        "during": [k for k, row in kept.items() if row["received_on"] <= high and done[k] >= low],
    }[at]
    open_ = indicator(K.OPEN_AT, done_field="done_on", at=at, **words)
    assert measure(shared, open_).value == len(still)
    assert set(ids_of(shared, open_)) == set(still)

    good = [k for k, row in inside.items() if done[k] <= high and done[k] <= row.get("due_on", "")]
    judged = [k for k, row in inside.items() if done[k] <= high or row.get("due_on", "9999") <= high]
    term = measure(shared, indicator(K.WITHIN_TERM, done_field="done_on", due_field="due_on", **words))
    assert (term.numerator, term.denominator) == (len(good), len(judged))

    months: dict[str, set[str]] = {}
    for row in kept.values():
        months.setdefault(row["received_on"][:7], set()).add(row["received_on"])
    minimum = indicator(
        K.MONTHS_MEETING_MINIMUM, fields=("received_on",), minimum={"per": "month", "count": 2}, **words
    )
    wanted = [m for m in months if low <= f"{m}-{calendar.monthrange(int(m[:4]), int(m[5:]))[1]:02d}" <= high]
    assert measure(shared, minimum).value == sum(len(months[m]) >= 2 for m in wanted)


def test_keys_are_never_sql(store: Store) -> None:
    fill(store, new("2026-01-01"))
    with pytest.raises(ValueError, match="quotation"):
        measure(store, indicator(K.COUNT, filters=(Filter('a" OR 1', "is_set"),)))
    assert measure(store, indicator(K.COUNT, filters=(Filter("a') OR 1 --", "is_set"),))).value == 0
    assert measure(store, indicator(K.COUNT, source="other", filters=())).value == 0


def test_open_at_may_add_up_a_field(store: Store) -> None:
    ids = fill(
        store,
        new("2025-01-01", people=5),
        new("2025-02-01", people=7, done_on="2025-10-15"),
        new("2026-01-01", people=2, done_on="2026-02-01", kind="proposal"),
        new("2026-05-16", people=90),
        new("2026-01-01"),
    )
    item = indicator(K.OPEN_AT, done_field="done_on", at="during", fields=("people",), split="kind")
    found = measure(store, item)
    assert (found.value, found.count_rows, found.splits) == (7, 3, {"proposal": 2})
    assert ids_of(store, item) == [ids[0], ids[2], ids[4]]
    assert measure(store, replace(item, at="end")).value == 5
    only_empty = replace(item, filters=(Filter("people", "not_set"),))
    assert (measure(store, only_empty).value, measure(store, only_empty).count_rows) == (None, 1)
    assert measure(store, replace(item, filters=(Filter("title", "eq", "x"),))).value == 0


def test_the_latest_row_of_every_record_stands(store: Store) -> None:
    def row(number: str, day: str, count: int | None, topic: str = "complaint") -> dict[str, Any]:
        given = {} if count is None else {"count": count}
        return {"row": number, "answered_on": day, "topic": topic, **given}

    ids = fill(
        store,
        # the newest up to the end of the window with a value: 12; a later one and an empty one do not count
        new("2025-01-01", opinions=[row("1", "2026-03-01", 12), row("2", "2025-12-01", 9), row("3", "2026-05-01", None),
                                    row("4", "2026-06-01", 50)]),
        # nothing new in the window: what stood before it still stands
        new("2025-01-01", opinions=[row("1", "2025-03-01", 4, "proposal")]),
        # two on one day: the lower line
        new("2026-01-01", opinions=[row("1", "2026-02-01", 7), row("2", "2026-02-01", 8)]),
        new("2025-01-01", opinions=[row("1", "2025-06-01", 100)], done_on="2025-10-15"),
        new("2025-01-01", opinions=[row("1", "2025-06-01", 1)], done_on="2025-10-16"),
        new("2026-01-01", opinions=[]),
        new("2026-01-01"),
    )  # fmt: skip
    item = indicator(
        K.LATEST_ROW, source="matter.opinions", fields=("count",), date_field="answered_on", split="topic",
        done_field="record.done_on",
    )  # fmt: skip
    found = measure(store, item)
    assert (found.value, found.count_rows, found.splits) == (25, 4, {"complaint": 21, "proposal": 4})
    assert sorted(ids_of(store, item)) == sorted([ids[0], ids[1], ids[2], ids[4]])
    assert measure(store, replace(item, done_field="")).value == 125
    assert measure(store, item, last=date(2026, 6, 1)).value == 12 - 12 + 50 + 4 + 8 + 1
    assert measure(store, item, first=date(2025, 1, 1), last=date(2025, 3, 1)).value == 4
    assert measure(store, item, first=date(2024, 1, 1), last=date(2024, 3, 1)).value == 0


def test_a_value_in_two_sources_is_one(store: Store) -> None:
    other = Form(**{**{name: getattr(FORM, name) for name in FORM.__slots__}, "key": "sheet"})
    known = replace(catalog(), forms={"matter": FORM, "sheet": other})
    ids = fill(store, new("2026-03-05"), new("2026-03-05"), new("2026-03-12", kind="complaint"), new("2026-04-02"))
    with store.unit() as uow:
        sheets = [replace(new(day, kind=kind), form="sheet") for day, kind in (
            ("2026-03-05", "complaint"), ("2026-03-19", "complaint"), ("2026-03-20", "proposal"), ("2025-01-01", ""),
        )]  # fmt: skip
        ids += uow.records.insert_many(sheets, other, by="x")
    also = (Also("sheet", "received_on", (Filter("kind", "eq", "complaint"),)),)
    item = indicator(K.DISTINCT, fields=("received_on",), also=also)
    found = measure(store, item, known)
    assert (found.value, found.count_rows) == (4, 6)  # 5, 12, 19 March and 2 April
    assert ids_of(store, item, catalog=known) == [*ids[:4], *ids[4:6]]
    assert measure(store, replace(item, filters=(Filter("kind", "eq", "complaint"),)), known).value == 3
    months = indicator(
        K.MONTHS_MEETING_MINIMUM, fields=("received_on",), also=also, minimum={"per": "month", "count": 3}
    )
    assert (measure(store, months, known).value, measure(store, months, known).count_rows) == (1, 6)
    assert measure(store, replace(months, also=()), known).value == 0
