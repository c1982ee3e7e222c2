"""A frozen and numbered report drawn on another day, in another process, is the same file to the last byte."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import services_office

from danvan_desktop.kernel.clock import FixedClock

REGIME, PERIOD = "commune-to-province", "2026-H1"
THERE = """
import hashlib, sys
from datetime import UTC, datetime
from pathlib import Path
from danvan_desktop.bootstrap import wire
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store.home import open_home
home, report, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
clock = FixedClock(datetime(2027, 2, 1, 22, 15, tzinfo=UTC))
office = wire(open_home(home, clock=clock, account="motnguoi", password="x"), clock)
for path in office.reports.render(report, out):
    print(hashlib.sha256(path.read_bytes()).hexdigest())
office.close()
"""


def _hashes(paths: list[Path]) -> list[str]:
    return [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]


def test_another_day_another_process_the_same_bytes(tmp_path: Path, fixed_clock: FixedClock) -> None:
    office = services_office.make(tmp_path / "home", fixed_clock)
    office.indicators.confirm_nil(REGIME, PERIOD, *office.indicators.undecided(REGIME, PERIOD))
    report, _ = office.reports.make(REGIME, PERIOD)
    for problem in office.reports.view(report).problems:
        kind, _, key = problem.key.partition(":")
        if problem.severity == "error" and kind == "section":
            office.reports.edit(report, key, "Đã triển khai theo kế hoạch; không có vướng mắc.")
    office.reports.approve(report)
    issue, _ = office.reports.number(report)
    assert issue.number == 1
    here = _hashes(office.reports.render(report, tmp_path / "here"))
    assert len(here) == 3 and _hashes(office.reports.render(report, tmp_path / "again")) == here
    assert b"DEMO" not in office.reports.pdf(report)
    office.close()
    done = subprocess.run(
        [sys.executable, "-c", THERE, str(tmp_path / "home"), report, str(tmp_path / "there")],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[3],
        env={"PYTHONHASHSEED": "7", "TZ": "America/Lima", "LC_ALL": "C"},
    )  # fmt: skip
    assert done.stdout.split() == here
