"""The store against the same work done raw on SQLCipher, in one run: ``python tests/benchmarks/bench_store.py [rows]``.

Prints milliseconds and the ratio to the raw statement; nothing here is asserted, machines differ.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from danvan_desktop.catalog.model import Choice, Field, Filter, Form, Indicator, IndicatorKind, Json, ValueType
from danvan_desktop.kernel.clock import SystemClock
from danvan_desktop.store.engine import connect
from danvan_desktop.store.home import KdfParameters, create_home
from danvan_desktop.store.records import NewRecord
from danvan_desktop.store.store import Store

SYLLABLES = "đơn thư kiến nghị phản ánh đất đai bồi thường giải phóng mặt bằng thôn xã đường nước chợ trường"
WORDS = SYLLABLES.split()
KINDS = tuple(Choice(f"k{n}", f"Loại {n}") for n in range(6))
FORM = Form(
    "bench", "B", "B", 6, 1, "on",
    (Field("on", "Ngày", ValueType.DATE), Field("kind", "Loại", ValueType.CHOICE, choices=KINDS, indexed=True),
     Field("title", "Nội dung", ValueType.TEXT, indexed=True),
     Field("people", "Người", ValueType.INTEGER, indexed=True),
     Field("due", "Hạn", ValueType.DATE), Field("done", "Xong", ValueType.DATE),
     Field("text", "Chi tiết", ValueType.LONG_TEXT)), (),
)  # fmt: skip
FIRST, LAST = date(2026, 1, 1), date(2026, 6, 30)


def records(count: int) -> Iterator[NewRecord]:
    chance = random.Random(7)
    for number in range(count):
        day = date(2020, 1, 1) + timedelta(days=chance.randrange(2500))
        values: dict[str, Json] = {
            "on": day.isoformat(),
            "kind": f"k{chance.randrange(6)}",
            "title": f"{' '.join(chance.choices(WORDS, k=5))} {number}",
            "people": chance.randrange(50),
            "due": (day + timedelta(days=30)).isoformat(),
            "done": (day + timedelta(days=chance.randrange(60))).isoformat(),
            "text": " ".join(chance.choices(WORDS, k=25)),
        }
        yield NewRecord("bench", 1, f"u{number % 7}", "final", day, values, ("v1",))


def timed(act: Callable[[], Any], times: int) -> float:
    """Median milliseconds of ``act``."""
    found = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def show(name: str, ours: float, raw: float | None) -> None:
    print(f"{name:44} {ours:9.2f} ms" + (f"   raw {raw:8.2f} ms   x{ours / raw:5.1f}" if raw else ""))


def raw_save(plain: Any, number: list[int]) -> None:
    number[0] += 1
    plain.execute("BEGIN IMMEDIATE")
    plain.execute(
        "INSERT INTO raw (on_day, kind, data) VALUES (?, ?, ?)", ("2026-01-01", "k1", json.dumps({"a": number}))
    )
    plain.execute("COMMIT")


def read(store: Store, act: Callable[[Any], Any]) -> Callable[[], Any]:
    def run() -> Any:
        with store.read() as uow:
            return act(uow)

    return run


def paged(**words: Any) -> Callable[[Any], Any]:
    return lambda uow: uow.records.page(FORM, **{"offset": 0, "limit": 50, **words})


def evaluated(item: Indicator, first: date, uow: Any) -> Any:
    return uow.indicators.evaluate(item, FORM, first, LAST, units=None)


def fetch(plain: Any, statement: str, given: tuple[Any, ...]) -> Any:
    return plain.execute(statement, given).fetchall()


def indicators() -> dict[str, Indicator]:
    def one(kind: IndicatorKind, **words: Any) -> Indicator:
        return Indicator("i", "1", 6, "T", "vụ", kind, source="bench", **words)

    kinds = (Filter("kind", "in", ["k1", "k2", "k3"]),)
    return {
        "count, split": one(IndicatorKind.COUNT, split="kind"),
        "sum, filter": one(IndicatorKind.SUM, fields=("people",), filters=kinds),
        "open at the end": one(IndicatorKind.OPEN_AT, done_field="done"),
        "within term": one(IndicatorKind.WITHIN_TERM, done_field="done", due_field="due"),
    }


def main() -> None:
    sizes = [int(sys.argv[1])] if len(sys.argv) > 1 else [1_000, 10_000, 100_000]
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder), size)


def measure(folder: Path, size: int) -> None:
    print(f"\n== {size:,} records")
    light = KdfParameters(64, 1, 1)
    store, _ = create_home(
        folder / "home", clock=SystemClock(), account="a", label="a", password="a", roles=("entry",), kdf=light
    )
    start = time.perf_counter()
    with store.unit() as uow:
        uow.records.insert_many(records(size), FORM, by="a")
    bulk = (time.perf_counter() - start) * 1000
    plain = connect(folder / "raw.db", bytes(32))
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                      "CREATE TABLE raw (id INTEGER PRIMARY KEY, on_day TEXT, kind TEXT, data TEXT)",
                      "CREATE INDEX raw_day ON raw (on_day, id)"):  # fmt: skip
        plain.execute(statement)
    rows = [(new.values["on"], new.values["kind"], json.dumps(dict(new.values))) for new in records(size)]
    start = time.perf_counter()
    plain.execute("BEGIN IMMEDIATE")
    plain.executemany("INSERT INTO raw (on_day, kind, data) VALUES (?, ?, ?)", rows)
    plain.execute("COMMIT")
    show("insert all (revision, indexes, search)", bulk, (time.perf_counter() - start) * 1000)

    def save() -> None:
        with store.unit() as uow:
            uow.records.insert(next(records(1)), FORM, by="a")

    show("save one record", timed(save, 30), timed(lambda: raw_save(plain, [0]), 30))
    page = "SELECT * FROM raw ORDER BY on_day DESC, id DESC LIMIT 50 OFFSET ?"
    for offset in (0, size - 50):
        ours = timed(read(store, paged(offset=offset)), 15)
        show(f"page of 50 at {offset:,}", ours, timed(partial(fetch, plain, page, (offset,)), 15))
    for sort in ("title", "people", "kind"):
        show(f"page of 50 by {sort}", timed(read(store, paged(sort=sort)), 15), None)  # fmt: skip
    drafts = read(store, paged(sort="title", states=("draft", "final")))
    show("page of 50 by title, some states", timed(drafts, 10), None)
    show("page of 50, one unit, window, choice", timed(read(store, lambda uow: uow.records.page(
        FORM, offset=0, limit=50, unit="u3", window=(FIRST, LAST), choices={"kind": "k2"})), 15), None)  # fmt: skip
    raw_count = timed(lambda: plain.execute("SELECT count(*) FROM raw").fetchone(), 15)
    show("count", timed(read(store, lambda uow: uow.records.count(FORM)), 15), raw_count)
    like = timed(lambda: plain.execute("SELECT count(*) FROM raw WHERE data LIKE '%bồi thường%77%'").fetchone(), 5)
    show("page of 50, search 'boi thuong 77'", timed(read(store, lambda uow: uow.records.page(
        FORM, offset=0, limit=50, search="boi thuong 77")), 10), like)  # fmt: skip
    show("page of 50, search 'd' (nearly all)", timed(read(store, lambda uow: uow.records.page(
        FORM, offset=0, limit=50, search="đ")), 5), like)  # fmt: skip
    statement = "SELECT kind, count(*) FROM raw WHERE on_day BETWEEN ? AND ? GROUP BY kind"
    for first in (FIRST, date(2000, 1, 1)):
        days = (first.isoformat(), LAST.isoformat())
        raw = timed(partial(fetch, plain, statement, days), 5)
        for name, item in indicators().items():
            ours = timed(read(store, partial(evaluated, item, first)), 5)  # fmt: skip
            show(f"{name}, {'half a year' if first == FIRST else 'all years'}", ours, raw)
    plain.close()
    store.close()


if __name__ == "__main__":
    started = datetime.now(UTC)
    main()
    print(f"\n{(datetime.now(UTC) - started).total_seconds():.0f} s in all")
