"""The real catalogue over many records, against raw SQLCipher in the same run.

``PYTHONPATH=. python tests/benchmarks/bench_catalogue.py [rows]``. The records of the demonstration are multiplied
until there are enough. Prints milliseconds of processor time (what else runs on the machine does not count) and the
ratio to one raw pass over the same values; nothing is asserted.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from danvan_desktop.bootstrap import catalog, wire
from danvan_desktop.catalog.derive import with_derived
from danvan_desktop.catalog.privacy import split_protected
from danvan_desktop.catalog.values import event_date, normalise
from danvan_desktop.kernel.clock import FixedClock, parse_stamp
from danvan_desktop.services.demo import year
from danvan_desktop.services.demo.offices import HUB_PROFILE
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery
from danvan_desktop.services.setup import create_office
from danvan_desktop.store.engine import connect
from danvan_desktop.store.home import KdfParameters
from danvan_desktop.store.records import NewRecord

REGIME, PERIOD, LIST = "commune-to-province", "2026-H1", "citizen_reception"


def timed(act: Callable[[], Any], times: int = 3) -> float:
    """Median milliseconds of processor time."""
    found = []
    for _ in range(times):
        start = time.process_time()
        act()
        found.append((time.process_time() - start) * 1000)
    return statistics.median(found)


def fill(office: Office, size: int) -> list[str]:
    """``size`` records like those of the demonstration; returns their values as JSON for the raw table."""
    entries = [entry for entry in year.hub() if entry.final]
    made: dict[str, list[NewRecord]] = defaultdict(list)
    raw: list[str] = []
    for number in range(size):
        entry = entries[number % len(entries)]
        form = catalog().forms[entry.form]
        known = with_derived(form, normalise(form, entry.data.values), lambda *_: None)
        kept, _protected = split_protected(form, known)
        made[form.key].append(
            NewRecord(form.key, form.version, entry.data.unit, "final", event_date(form, known), kept,
                      entry.data.villages, (), entry.data.note)
        )  # fmt: skip
        raw.append(json.dumps(kept))
    with office.context.store.unit() as uow:
        for key, records in made.items():
            uow.records.insert_many(records, catalog().forms[key], by="canbo")
    return raw


def measure(folder: Path, size: int) -> None:
    """One office of ``size`` records."""
    clock = FixedClock(parse_stamp("2026-05-28T01:00:00Z"))
    passwords = {account.name: "x" for account in HUB_PROFILE.accounts}
    light = KdfParameters(64, 1, 1)
    store, _ = create_office(folder / "home", HUB_PROFILE, passwords, clock=clock, catalog=catalog(), kdf=light)
    office = wire(store, clock)
    values = fill(office, size)
    plain = connect(folder / "raw.db", bytes(32))
    plain.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, data TEXT)")
    plain.executemany("INSERT INTO raw (data) VALUES (?)", [(item,) for item in values])
    plain.execute("COMMIT") if plain.in_transaction else None
    one_pass = timed(lambda: plain.execute("SELECT sum(json_extract(data, '$.people')) FROM raw").fetchone())
    print(f"\n== {size:,} records of {len(catalog().forms)} forms; one raw pass over them {one_pass:.1f} ms")
    count = sum(item.concerns(HUB_PROFILE.profile) for item in catalog().indicators.values())
    receptions = ListQuery()
    fields = ["people"]
    took = timed(lambda: office.indicators.compute(REGIME, PERIOD), 1)
    print(f"{'the same, the first time in a program':52} {took:9.1f} ms   x{took / one_pass:6.1f} of a raw pass")
    for name, ours in (
        (f"all {count} indicators of a half year, with last year", lambda: office.indicators.compute(REGIME, PERIOD)),
        ("first screen", office.due.home),
        ("open a list", lambda: office.records.page(LIST, receptions, 0, 100)),
        ("open a list sorted by a person's name", lambda: office.records.page(
            LIST, replace(receptions, sort="visitor"), 0, 100)),
        ("sums under a list", lambda: office.records.totals(LIST, receptions, fields)),
        ("search over everything, some words", lambda: office.search("boi thuong dat")),
    ):  # fmt: skip
        took = timed(ours)
        print(f"{name:52} {took:9.1f} ms   x{took / one_pass:6.1f} of a raw pass")

    def renew() -> None:
        with office.context.store.unit() as uow:
            uow.index.renew(catalog().forms.values())

    took = timed(renew, 1)
    name = "indexes checked after a change of the catalogue"
    print(f"{name:52} {took:9.1f} ms   x{took / one_pass:6.1f} of a raw pass")
    plain.close()
    office.close()


if __name__ == "__main__":
    for wanted in [int(sys.argv[1])] if len(sys.argv) > 1 else [1_000, 10_000, 100_000]:
        with tempfile.TemporaryDirectory() as place:
            measure(Path(place), wanted)
