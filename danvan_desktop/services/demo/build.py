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
from ..setup import create_office
from . import texts, year
from .offices import ACCOUNTS, HOMES, PASSWORD, TASKS

START = "2025-01-01T01:00:00Z"
PERIOD = "2026-H1"
PLAN_DAY = date(2026, 2, 12)
CENTRE_DAY, HUB_DAY, LAST_DAY = date(2026, 5, 20), date(2026, 5, 26), date(2026, 5, 28)
_LIGHT = KdfParameters(memory_kib=8 * 1024, time_cost=1)  # the password is on the first screen: nothing to guard
STORY_DAY = date(2026, 5, 29)  # the day after the last act: all is past, and the reports of May are due
Say = Callable[[str], None]


Wire = Callable[[Store, Clock], Office]


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
        for below, above in (("ttpvhcc", "vhxh"), ("vhxh", "snv")):
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
        self.clock.set_local(PLAN_DAY)
        source = assets.resources() / "templates" / "demo" / "ke-hoach-vinh-thuy.txt"
        for name in ("ttpvhcc", "vhxh"):
            office = self.open(name)
            preview = office.plans.preview(source)
            plan_id, _ = office.plans.save(
                preview.to_json(), source_name=preview.source_name, source_sha256=preview.source_sha256
            )
            if name == "vhxh":
                self.assign(office, plan_id)
            office.close()

    def assign(self, office: Office, plan_id: str) -> None:
        """The hub says who leads each task, by when, and how far it is."""
        for task in office.plans.tasks(plan_id):
            lead, due, progress = TASKS[task.area or 1]
            office.plans.set_task(replace(task, lead_unit=lead, due_on=due, progress=progress, status="doing"))

    def record(self) -> None:
        for name, entries in (("ttpvhcc", year.centre()), ("vhxh", year.hub())):
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

    def send(self, sender: str, receiver: str, day: date) -> None:
        """The receiver takes the report, answers, accepts; the sender takes both receipts."""
        self.clock.set_local(day, 15)
        office = self.open(receiver)
        for path in sorted(self.out.glob(f"bao-cao-{sender}-*.dvpkg")):
            outcome = office.packages.take(path, reply_to=self.out)
            if outcome.verdict != "verified":
                raise Refused("demo_failed", f"Dữ liệu mẫu không dựng được: {outcome.message}")
            receipt, _ = office.packages.accept(str(outcome.details["id"]))
            accepted, _ = office.packages.export(receipt.id, self.out)
            office.close()
            self.clock.set_local(day, 16)
            office = self.open(sender)
            for answer in (outcome.reply, accepted):
                if answer is not None and office.packages.take(answer).verdict != "verified":
                    raise Refused("demo_failed", "Dữ liệu mẫu không dựng được: biên nhận không được nhận.")
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
    """Build the demonstration in ``home`` (new or empty): ``ttpvhcc``, ``vhxh``, ``snv`` and ``out``.

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
        builder.report("ttpvhcc", "agency-to-commune", CENTRE_DAY)
        builder.send("ttpvhcc", "vhxh", CENTRE_DAY)
        builder.report("vhxh", "commune-to-province", HUB_DAY)
        builder.send("vhxh", "snv", LAST_DAY)
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
