"""Lists, filters and search at 1,000, 10,000 and 100,000 records of one form, against raw SQLCipher in the same run.

``PYTHONPATH=. python tests/benchmarks/bench_lists.py [rows ...]``. Prints a line for every order, filter and search an
officer can ask for: milliseconds of the processor at each size, the growth from the first to the last, and the ratio
to a raw page of the same size. Nothing is asserted, machines differ. What a screenful shows may not grow with the
total; what must look at every record (counts, sums, indexes made anew) may grow as the records do, not faster.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from bench_store import FIRST, FORM, LAST, fetch, read, records

from danvan_desktop.kernel.clock import SystemClock
from danvan_desktop.store.engine import connect
from danvan_desktop.store.home import KdfParameters, create_home
from danvan_desktop.store.store import Store

PAGE = 50
SORTS = ("event_date", "changed_at", "unit", "title", "people", "kind")
FILTERS: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a half year": {"window": (FIRST, LAST)},
    "a unit": {"unit": "u3"},
    "a unit without records": {"unit": "nowhere"},
    "a village": {"village": "v7"},
    "a village without records": {"village": "nowhere"},
    "a state": {"states": ("final",)},
    "a state without records": {"states": ("draft",)},
    "a choice, indexed": {"choices": {"kind": "k2"}},
    "a choice nobody made": {"choices": {"kind": "none"}},
    "a choice, not indexed": {"choices": {"way": "w3"}},
    "the bin": {"deleted": True},
    "unit, village, half year, choice": {"unit": "u3", "village": "v7", "window": (FIRST, LAST),
                                         "choices": {"kind": "k2"}},
}  # fmt: skip
WORDS = {
    "a common word": "dat",
    "two common words": "boi thuong",
    "one letter": "đ",
    "a rare word": "77",
    "a common and a rare word": "boi thuong 77",
    "a word nobody wrote": "khongcotu",
}
_RAW = "SELECT * FROM raw ORDER BY on_day DESC, id DESC LIMIT 50 OFFSET ?"


def timed(act: Callable[[], Any], times: int) -> float:
    """The least milliseconds of processor time: what the machine does besides counts little."""
    found = []
    for _ in range(times):
        start = time.process_time()
        act()
        found.append((time.process_time() - start) * 1000)
    return min(found)


def acts(size: int) -> dict[str, Callable[[Any], Any]]:
    """What an officer asks, by name: (unit of work) → answer."""

    def page(uow: Any, **words: Any) -> Any:
        return uow.records.page(FORM, **{"offset": 0, "limit": PAGE, **words})

    def count(uow: Any, **words: Any) -> Any:
        return uow.records.count(FORM, **words)

    def everything(uow: Any, text: str) -> Any:
        return uow.records.search_all(text)

    made: dict[str, Callable[[Any], Any]] = {}
    for sort in SORTS:
        for down in (True, False):
            made[f"list by {sort}, {'last' if down else 'first'} on top"] = partial(page, sort=sort, descending=down)
    made["list, the end of it"] = partial(page, offset=size - PAGE)
    made["list by title, the end of it"] = partial(page, offset=size - PAGE, sort="title")
    for name, words in FILTERS.items():
        made[f"list of {name}"] = partial(page, **words)
        made[f"list of {name}, by title"] = partial(page, sort="title", descending=False, **words)
    for name, text in WORDS.items():
        made[f"list, search {name}"] = partial(page, search=text)
        made[f"list by title, search {name}"] = partial(page, search=text, sort="title")
        made[f"search over everything, {name}"] = partial(everything, text=text)
    for name, words in FILTERS.items():
        made[f"count of {name}"] = partial(count, **words)
    for name, text in WORDS.items():
        made[f"count, search {name}"] = partial(count, search=text)
    made["sums under the list"] = lambda uow: uow.records.totals(FORM, ["people"])
    made["sums under a half year"] = lambda uow: uow.records.totals(FORM, ["people"], window=(FIRST, LAST))
    return made


def fill(folder: Path, size: int) -> Store:
    light = KdfParameters(64, 1, 1)
    store, _ = create_home(
        folder / "home", clock=SystemClock(), account="a", label="a", password="a", roles=("entry",), kdf=light
    )
    with store.unit() as uow:
        uow.records.insert_many(
            (replace(new, villages=(f"v{at % 40}",), values={**new.values, "way": f"w{at % 5}"})
             for at, new in enumerate(records(size))), FORM, by="a",
        )  # fmt: skip
    return store


def raw_times(folder: Path, size: int) -> dict[str, float]:
    """A page, its end, and one look at every record, in a bare table of the same values."""
    plain = connect(folder / "raw.db", bytes(32))
    for statement in ("PRAGMA journal_mode=WAL", "CREATE TABLE raw (id INTEGER PRIMARY KEY, on_day TEXT, data TEXT)",
                      "CREATE INDEX raw_day ON raw (on_day, id)"):  # fmt: skip
        plain.execute(statement)
    rows = [(new.values["on"], json.dumps(dict(new.values))) for new in records(size)]
    plain.execute("BEGIN IMMEDIATE")
    plain.executemany("INSERT INTO raw (on_day, data) VALUES (?, ?)", rows)
    plain.execute("COMMIT")
    found = {
        "page": timed(partial(fetch, plain, _RAW, (0,)), 9),
        "pass": timed(partial(fetch, plain, "SELECT sum(json_extract(data, '$.people')) FROM raw", ()), 3),
    }
    plain.close()
    return found


def main() -> None:
    sizes = [int(word) for word in sys.argv[1:]] or [1_000, 10_000, 100_000]
    took: dict[str, list[float]] = {}
    raw: dict[str, list[float]] = {"page": [], "pass": []}
    for size in sizes:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            store = fill(folder, size)
            for name, act in acts(size).items():
                took.setdefault(name, []).append(timed(read(store, act), 5))

            def renew(store: Store = store) -> None:
                with store.unit() as uow:
                    uow.index.renew([FORM])

            took.setdefault("indexes checked, all in step", []).append(timed(renew, 1))
            store.close()
            for name, milliseconds in raw_times(folder, size).items():
                raw[name].append(milliseconds)
    print(f"{'milliseconds':52}" + "".join(f"{size:>11,}" for size in sizes) + "     growth   to raw")
    for name, found in [*((f"raw {key}", value) for key, value in raw.items()), *took.items()]:
        whole = name.startswith(("count", "sums", "indexes", "raw pass"))
        base = raw["pass" if whole else "page"][-1]
        line = f"{name:52}" + "".join(f"{item:11.2f}" for item in found)
        print(f"{line}   x{found[-1] / found[0]:7.1f}  x{found[-1] / base:7.1f}")


if __name__ == "__main__":
    main()
