"""A kept sample of every released data format opens in this program, with everything that was in it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from danvan_desktop.bootstrap import wire
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.store.home import open_home, restore_backup
from danvan_desktop.store.schema import DATA_FORMAT

SAMPLES = Path(__file__).parent


def test_format_5_keeps_its_plan_and_takes_the_work_on_its_tasks(tmp_path: Path, fixed_clock: FixedClock) -> None:
    home = tmp_path / "home"
    restore_backup(SAMPLES / "format-5.dvbak", home, clock=fixed_clock, password="x")
    store = open_home(home, clock=fixed_clock, account=None, password="x")
    assert [item.name.startswith("truoc-nang-cap-5-") for item in (home / "backup").iterdir()] == [True]
    office = wire(store, fixed_clock)
    assert store.check() == []
    [plan] = office.plans.all()
    first, second, third = office.plans.tasks(plan.id)
    agencies = [agency.id for agency in office.settings.load().agencies]
    assert (first.lead_unit, first.helpers, first.status, first.done_on) == (
        agencies[0], (agencies[1],), "done", date(2026, 3, 30)
    )  # fmt: skip
    assert (second.due_on, second.progress, second.status) == (date(2026, 6, 30), 40, "doing")
    assert {(task.recurrence, task.note, task.evidence, task.due_day) for task in (first, second, third)} == {
        ("none", "", (), None)
    }
    # what was done before a history was kept can be taken back all the same
    office.tasks.undo_done(first.id)
    assert office.tasks.get(first.id).status == "doing"
    [target] = office.targets.of_year(2026)
    assert target.text == "12"
    store.close()
    again = open_home(home, clock=fixed_clock, account=None, password="x")
    with again.read() as uow:
        assert uow.plans.task(second.id) == second
    assert len(list((home / "backup").iterdir())) == 1, f"it is of format {DATA_FORMAT} now"
    again.close()
