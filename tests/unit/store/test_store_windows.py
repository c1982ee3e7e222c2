"""Windows of rows come from indexes: no sort of the whole table, no scan of it, whatever the size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.dialects import sqlite
from store_samples import make_store, the_form

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store import best_hits, record_queries
from danvan_desktop.store.record_queries import RecordFilter, page_seqs
from danvan_desktop.store.records import NewRecord
from danvan_desktop.store.store import Store

FORM = the_form()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    clock = FixedClock(datetime(2026, 5, 1, tzinfo=UTC))
    opened, _ = make_store(tmp_path_factory.mktemp("w") / "home", clock)
    start = date(2026, 1, 1)
    rows = [
        NewRecord(
            "matter",
            1,
            f"u{n % 5}",
            "final",
            start + timedelta(days=n % 90),
            {"title": f"Việc {n}", "people": n},
            (f"v{n % 7}",),
        )
        for n in range(1200)
    ]
    with opened.unit() as uow:
        uow.records.insert_many(rows, FORM, by="x")
    yield opened
    opened.close()


def plan(store: Store, asked: RecordFilter, sort: str) -> str:
    query = page_seqs(FORM, asked, sort=sort, descending=True, personal=True, offset=0, limit=50)
    statement = str(query.compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    with store.read() as uow:
        connection: Any = vars(uow.settings)["_connection"]
        return "\n".join(row[3] for row in connection.execute(text(f"EXPLAIN QUERY PLAN {statement}")))


@pytest.mark.parametrize("sort", ["event_date", "changed_at", "title", "people", "kind", "received_on"])
@pytest.mark.parametrize("asked", [RecordFilter(), RecordFilter(states=("final",)), RecordFilter(deleted=True)])
def test_a_window_needs_no_sort(filled: Store, asked: RecordFilter, sort: str) -> None:
    steps = plan(filled, asked, sort)
    assert "TEMP B-TREE" not in steps and "SCAN" not in steps, steps
    assert "USING" in steps and "INDEX ix_record" in steps, steps


@pytest.mark.parametrize(
    "asked",
    [
        RecordFilter(unit="u1"),
        RecordFilter(window=(date(2026, 2, 1), date(2026, 2, 3))),
        RecordFilter(choices={"kind": "complaint"}),
        RecordFilter(village="v"),
        RecordFilter(states=("draft",), unit="u1"),
        RecordFilter(states=("draft", "final")),
        RecordFilter(states=("final",), choices={"kind": "complaint"}, village="v1", search="viec"),
        RecordFilter(deleted=True, unit="u1"),
    ],
)
def test_filters_use_indexes(filled: Store, asked: RecordFilter) -> None:
    steps = plan(filled, asked, "event_date")
    assert "SCAN record" not in steps and "TEMP B-TREE FOR ORDER" not in steps, steps


@pytest.mark.parametrize(
    "asked",
    [
        RecordFilter(states=("draft",)),
        RecordFilter(states=("final",), window=(date(2026, 2, 1), date(2026, 2, 3))),
        RecordFilter(states=("draft",), deleted=True),
    ],
)
def test_a_state_is_found_and_counted_by_its_index(filled: Store, asked: RecordFilter) -> None:
    assert "COVERING INDEX ix_record_state (form=? AND deleted=? AND state=?" in plan(filled, asked, "event_date")


@pytest.mark.parametrize("sort", ["changed_at", "unit", "title", "people"])
@pytest.mark.parametrize(
    "asked",
    [{"states": ("final",)}, {"choices": {"kind": "complaint"}, "unit": "u1"}, {"village": "v3", "search": "viec"}],
)
def test_the_end_of_a_list_looks_into_what_was_gathered(
    filled: Store, asked: dict[str, Any], sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_queries, "FEW", -1)
    with filled.read() as uow:
        shallow = [row.id for row in uow.records.page(FORM, offset=90, limit=40, sort=sort, **asked)]
        monkeypatch.setattr(record_queries, "DEEP", 0)
        assert [row.id for row in uow.records.page(FORM, offset=90, limit=40, sort=sort, **asked)] == shallow
    steps = plan(filled, RecordFilter(**asked), sort)
    assert "LIST SUBQUERY" in steps and "CORRELATED" not in steps and "TEMP B-TREE FOR ORDER" not in steps, steps


def test_counts_are_the_same_for_few_and_many(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: tuple[dict[str, Any], ...] = ({"village": "v2"}, {"search": "77"}, {"search": "viec 1", "unit": "u1"},
             {"choices": {"kind": "complaint"}}, {"states": ("draft",)}, {"search": "!"})  # fmt: skip
    with filled.read() as uow:
        few = [uow.records.count(FORM, **words) for words in asked]
        monkeypatch.setattr(record_queries, "FEW", -1)
        assert [uow.records.count(FORM, **words) for words in asked] == few


@pytest.mark.parametrize(
    ("text", "better", "newer"),
    [
        ("đất đai", "Tranh chấp đất đai", "Đất ruộng, không phải đai"),  # side by side before far apart
        ("dat dai thon", "Đất đai thôn Đông", "Thôn Tây: đất, đai"),
        ("hòa", "Hòa", "Hoan nghênh"),  # the very word before words that begin so
        ("xóm 1", "Xóm 12 sửa cầu", "1 cây cầu của xóm"),
    ],
)
def test_a_better_older_record_stands_before_newer_ones(
    tmp_path: Path, fixed_clock: FixedClock, text: str, better: str, newer: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(best_hits, "WEIGHED", 4)
    store, _ = make_store(tmp_path / "home", fixed_clock)
    rows = [
        NewRecord("matter", 1, "u1", "final", date(2026, 1, 1), {"title": title}) for title in [better, *[newer] * 9]
    ]
    with store.unit() as uow:
        ids = uow.records.insert_many(rows, FORM, by="x")
        found = [hit.record.id for hit in uow.records.search_all(text)]
        assert found == [ids[0], *reversed(ids[-4:])]
        assert [hit.record.id for hit in uow.records.search_all(text, 2)] == found[:2]
        uow.records.delete(ids[0], by="x")
        assert [hit.record.id for hit in uow.records.search_all(text)] == found[1:]
    store.close()


def test_windows_join_to_the_whole(filled: Store) -> None:
    with filled.read() as uow:
        whole = [row.id for row in uow.records.page(FORM, offset=0, limit=5000, sort="people")]
        parts = [
            row.id
            for start in range(0, 1250, 50)
            for row in uow.records.page(FORM, offset=start, limit=50, sort="people")
        ]
        assert parts == whole and len(set(whole)) == 1200 == uow.records.count(FORM)
        assert uow.records.page(FORM, offset=1200, limit=50) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"unit": "u1"},
        {"unit": "u1", "village": "v2"},
        {"unit": "nowhere"},
        {"search": "77"},
        {"search": "viec"},
        {"search": "?"},
        {"states": ("draft",)},
        {"choices": {"people": 7}},
        {"window": (date(2026, 2, 1), date(2026, 2, 3)), "search": "viec"},
    ],
)
def test_few_records_stand_in_the_order_of_many(
    filled: Store, asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled.read() as uow:
        for sort in ("event_date", "changed_at", "unit", "title", "people", "kind"):
            for descending in (True, False):

                def page(sort: str = sort, descending: bool = descending) -> list[str]:
                    rows = uow.records.page(
                        FORM, offset=3, limit=40, sort=sort, descending=descending, **asked
                    )  # fmt: skip
                    return [row.id for row in rows]

                few = page()
                with monkeypatch.context() as patch:
                    patch.setattr(record_queries, "FEW", -1)
                    assert page() == few
        with pytest.raises(ValueError, match="not indexed"):
            uow.records.page(FORM, offset=0, limit=5, sort="minus", **asked)
