"""Import of spreadsheet rows against raw inserts of them, in one run: ``python tests/benchmarks/bench_sheets.py``.

Prints milliseconds and ratios to raw ``executemany`` on SQLCipher (one row a record, its values as JSON) for 1,000 and
5,000 rows; nothing is asserted, machines differ. What matters: five times the rows cost about five times as much.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.append(str(Path(__file__).parents[1] / "unit" / "services"))

from services_office import make
from sheet_samples import FORM, register, unit_of

from danvan_desktop.kernel.clock import SystemClock
from danvan_desktop.services.sheets import CheckedSheet
from danvan_desktop.store.engine import connect


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """Milliseconds of ``act``, and what it gave."""
    start = time.perf_counter()
    result = act()
    return (time.perf_counter() - start) * 1000, result


def raw_insert(folder: Path, checked: CheckedSheet) -> None:
    """The same rows with one statement."""
    plain = connect(folder / "raw.db", bytes(32))
    plain.execute("CREATE TABLE raw (id INTEGER PRIMARY KEY, form TEXT, on_day TEXT, data TEXT)")
    rows = [(FORM, "2026-06-05", json.dumps(dict(row.values), ensure_ascii=False)) for row in checked.rows]
    plain.execute("BEGIN IMMEDIATE")
    plain.executemany("INSERT INTO raw (form, on_day, data) VALUES (?, ?, ?)", rows)
    plain.execute("COMMIT")
    plain.close()


def run(size: int) -> None:
    rows = [(n, f"{n}-KH/ĐU", "5/6/2026", "Kế hoạch", f"Nội dung số {n}", "Đến", "Đảng ủy") for n in range(1, size + 1)]
    data = register(rows, total=False)
    with tempfile.TemporaryDirectory() as folder:
        office = make(Path(folder) / "home", SystemClock())
        sheets = office.sheets
        read, opened = timed(lambda: sheets.open_bytes(data, "bench.xlsx"))
        layout = sheets.layout(opened, FORM)
        judge, checked = timed(lambda: sheets.check(opened, layout, unit=unit_of(office)))
        keep, done = timed(lambda: sheets.bring_in(checked))
        undo, _ = timed(lambda: sheets.undo(done.id))
        raw, _ = timed(lambda: raw_insert(Path(folder), checked))
        office.close()
    print(f"{size} rows, raw insert {raw:.0f} ms")
    steps = {"read the file": read, "judge every row": judge, "keep (records, revisions, search)": keep, "undo": undo}
    for name, milliseconds in {**steps, "all": sum(steps.values())}.items():
        print(f"  {name:36} {milliseconds:8.0f} ms  {milliseconds / size:6.2f} ms a row   x{milliseconds / raw:6.1f}")


def main() -> None:
    for size in (1_000, 5_000):
        run(size)


if __name__ == "__main__":
    main()
