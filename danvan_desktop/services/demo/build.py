"""Building the demonstration: set up, record, count, report, send, receive, answer (DESIGN §2, steps 1 to 9)."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ...catalog.model import Catalog
from ...kernel import assets, atomic
from ...kernel.clock import Clock, FixedClock, parse_stamp, today
from ...kernel.errors import Refused
from ...reporting.draft_values import ReportDraft
from ...reporting.editing import edit_section
from ...store.home import KdfParameters, open_home, set_story
from ...store.store import Store
from ..office import Office
from ..reports import slug
from ..setup import create_office
from . import department, desk, offices, texts, year
from .entries import Entry
from .offices import ACCOUNTS, PASSWORD

START = "2025-01-01T01:00:00Z"
PERIOD = "2026-H1"
PLAN_DAY = date(2026, 2, 12)
UNIT_DAY, CENTRE_DAY, HUB_DAY, LAST_DAY = date(2026, 5, 18), date(2026, 5, 20), date(2026, 5, 26), date(2026, 5, 28)
_LIGHT = KdfParameters(memory_kib=8 * 1024, time_cost=1)  # the password is on the first screen: nothing to guard
STORY_DAY = date(2026, 5, 29)  # the day after the last act: all is past, and the reports of May are due
Say = Callable[[str], None]


Wire = Callable[[Store, Clock], Office]

# home folder → profile, in the order they are made
HOMES = {
    "ttpvhcc": offices.CENTRE_PROFILE,
    "vhxh": offices.HUB_PROFILE,
    "chicuc": department.UNIT_PROFILE,
    "so": department.HUB_PROFILE,
    "snv": offices.DEPARTMENT_PROFILE,
}
_ABOVE = (("ttpvhcc", "vhxh"), ("vhxh", "snv"), ("chicuc", "so"), ("so", "snv"))
_PLANS = {"ttpvhcc": "vinh-thuy", "vhxh": "vinh-thuy", "chicuc": "so", "so": "so", "snv": "tinh"}
_LED = {"ttpvhcc": offices.CENTRE_TASKS, "vhxh": offices.TASKS, "so": department.TASKS, "snv": offices.PARENT_TASKS}
ENTRIES: Mapping[str, Callable[[], list[Entry]]] = {
    "ttpvhcc": year.centre, "vhxh": year.hub, "chicuc": year.unit, "so": year.department,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoResult:
    homes: tuple[str, ...]
    accounts: tuple[str, ...]
    password: str
    out: Path
    files: tuple[Path, ...]


class _Builder:
    def __init__(self, folder: Path, wire: Wire, catalog: Catalog, say: Say) -> None:
        self.folder = folder
        self.out = folder / "out"
        self.wire = wire
        self.catalog = catalog
        self.say = say
        self.clock = FixedClock(parse_stamp(START))

    def open(self, home: str, account: str = "canbo") -> Office:
        store = open_home(self.folder / home, clock=self.clock, account=account, password=PASSWORD)
        return self.wire(store, self.clock)

    def make_homes(self) -> None:
        passwords = {account.name: PASSWORD for account in ACCOUNTS}
        for name, profile in HOMES.items():
            self.say(f"Thiết lập {profile.name}…")
            store, _ = create_office(
                self.folder / name, profile, passwords, clock=self.clock, catalog=self.catalog, demo=True, kdf=_LIGHT
            )
            store.close()

    def exchange_keys(self) -> None:
        """Each office believes the one above and those below it."""
        for below, above in _ABOVE:
            cards = {}
            for name in (below, above):
                office = self.open(name, "quantri")
                cards[name] = office.trust.export(self.out / f"the-khoa-{name}.dvkey")
                office.close()
            for name, card, relation in ((below, cards[above], "parent"), (above, cards[below], "child")):
                office = self.open(name, "quantri")
                office.trust.add(card, office_id=card.office_id, fingerprint=card.fingerprint, relation=relation)
                office.close()

    def import_plan(self) -> None:
        """Each office reads the plan over it, says who leads each task, by when, how often, how far; sets targets."""
        self.clock.set_local(PLAN_DAY)
        for name, plan in _PLANS.items():
            office = self.open(name)
            preview = office.plans.preview(assets.resources() / "templates" / "demo" / f"ke-hoach-{plan}.txt")
            plan_id, _ = office.plans.save(
                preview.to_json(), source_name=preview.source_name, source_sha256=preview.source_sha256
            )
            for task in office.plans.tasks(plan_id):
                if found := _LED.get(name, {}).get(task.area or 1):
                    office.tasks.save(
                        replace(task, lead_unit=found.lead, due_on=found.due, progress=found.progress,
                                recurrence=found.recurrence, note=found.note, status="doing")
                    )  # fmt: skip
            desk.set_targets(office, name)
            office.close()

    def record(self) -> None:
        for name, made in ENTRIES.items():
            entries = made()
            self.say(f"Ghi chép của {HOMES[name].name}: {len(entries)} bản ghi…")
            office = self.open(name)
            with office.context.store.unit() as uow:
                for entry in entries:
                    self.clock.set_local(entry.entered_on)
                    office.records.save_in(uow, entry.form, entry.data, final=entry.final, why="")
            office.close()

    def report(self, name: str, regime: str, day: date) -> None:
        """Draft, write, approve, number, print and pack the half-year report of one home."""
        self.say(f"Báo cáo 6 tháng của {HOMES[name].name}…")
        self.clock.set_local(day, 9)
        office = self.open(name)
        desk.correct(office, name)
        office.indicators.confirm_nil(regime, PERIOD, *office.indicators.undecided(regime, PERIOD))
        report_id, _ = office.reports.make(regime, PERIOD)
        office.reports.change(report_id, lambda draft: _written(draft, texts.MANUAL[name]))
        office.reports.submit(report_id)
        office.close()
        for account, act in (("lanhdao", "approve"), ("vanthu", "number"), ("vanthu", "send")):
            self.clock.set_local(day, 14)
            office = self.open(name, account)
            if act == "approve":
                office.reports.approve(report_id)
            elif act == "number":
                office.reports.number(report_id)
            else:
                office.reports.render(report_id, self.out)
                office.packages.export(report_id, self.out)
            office.close()

    def send(self, sender: str, receiver: str, day: date, *, accept: bool = True) -> None:
        """The receiver takes the report, answers, accepts; the sender takes the receipts."""
        self.clock.set_local(day, 15)
        short = slug(HOMES[sender].short_name)
        [path] = self.out.glob(f"bao-cao-{short}-*.dvpkg")
        office = self.open(receiver)
        outcome = office.packages.take(path, reply_to=self.out)
        if outcome.verdict != "verified":
            raise Refused("demo_failed", f"Dữ liệu mẫu không dựng được: {outcome.message}")
        answers = [outcome.reply]
        if accept:
            receipt, _ = office.packages.accept(str(outcome.details["id"]))
            answers.append(office.packages.export(receipt.id, self.out)[0])
        office.close()
        self.clock.set_local(day, 16)
        office = self.open(sender)
        for answer in answers:
            if answer is not None and office.packages.take(answer).verdict != "verified":
                raise Refused("demo_failed", "Dữ liệu mẫu không dựng được: biên nhận không được nhận.")
        office.close()

    def leave_desks(self) -> None:
        """The last hour of the last day."""
        self.clock.set_local(LAST_DAY, 17)
        for name in ("ttpvhcc", "vhxh"):
            office = self.open(name)
            desk.put_off(office, LAST_DAY)
            office.close()


def _written(draft: ReportDraft, words: Mapping[str, str]) -> ReportDraft:
    """The draft with what an officer would write below what the program drafted, whose numbers stay bound."""
    for section in draft.sections:
        written = words.get(section.key, "" if section.optional else words["*"])
        if section.manual and written:
            text = "\n".join([*(item.text for item in section.paragraphs), written])
            draft = edit_section(draft, section.key, text)
    return draft


def build(home: Path, wire: Wire, catalog: Catalog, real: Clock, say: Say | None = None) -> DemoResult:
    """Build the demonstration in ``home`` (new or empty): a home for each of HOMES, and ``out``.

    When ``real`` tells the present, it is STORY_DAY in the homes; from there their days run with the real ones.
    The folder appears whole or not at all. Raises Refused ``home_exists``, ``write_failed``.
    """
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise Refused(
            "home_exists", f"“{home}” đã có dữ liệu nên không dựng dữ liệu mẫu vào đó. Hãy chọn một thư mục mới."
        )
    working = home.with_name(f".{home.name}.dang-dung")
    shutil.rmtree(working, ignore_errors=True)
    atomic.make_folder(working)
    try:
        builder = _Builder(working, wire, catalog, say or (lambda _: None))
        builder.out.mkdir()
        builder.make_homes()
        builder.exchange_keys()
        builder.import_plan()
        builder.record()
        builder.report("chicuc", "unit-to-department", UNIT_DAY)
        builder.send("chicuc", "so", UNIT_DAY)
        builder.report("ttpvhcc", "agency-to-commune", CENTRE_DAY)
        builder.send("ttpvhcc", "vhxh", CENTRE_DAY)
        builder.report("vhxh", "commune-to-province", HUB_DAY)
        builder.report("so", "department-to-province", HUB_DAY)
        builder.send("vhxh", "snv", LAST_DAY)
        builder.send("so", "snv", LAST_DAY, accept=False)  # one report lies on the desk, to be looked at
        builder.leave_desks()
        days = (STORY_DAY - today(real)).days
        for name in HOMES:
            set_story(working / name, days)
        if home.exists():
            home.rmdir()
        working.rename(home)
    except BaseException:
        shutil.rmtree(working, ignore_errors=True)
        raise
    out = home / "out"
    return DemoResult(tuple(HOMES), tuple(a.name for a in ACCOUNTS), PASSWORD, out, tuple(sorted(out.iterdir())))
