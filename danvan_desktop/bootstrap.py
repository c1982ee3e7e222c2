"""The only place where things are wired. No globals elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import MappingProxyType

from .catalog.loader import load_shipped
from .catalog.model import Catalog
from .kernel.clock import Clock, StoryClock, SystemClock
from .planning.calendar import WorkingCalendar
from .services.consolidation import ConsolidationService
from .services.context import Context
from .services.due import DueService
from .services.indicators import IndicatorService
from .services.lists import ListService
from .services.office import Office
from .services.outlines import OutlineService
from .services.packages import PackageService
from .services.pdf_trust import PdfTrustService
from .services.places import PlaceService
from .services.plans import PlanService
from .services.records import RecordService
from .services.reporting_dates import ReportingDates
from .services.reports import ReportService
from .services.settings import SettingsService
from .services.setup import SetupProfile, create_office
from .services.signing import SigningService
from .services.targets import TargetService
from .services.trust import TrustService
from .services.working_days import WorkingDays
from .store.home import open_home, open_home_with_recovery, story_days
from .store.store import Store


@cache
def catalog() -> Catalog:
    """The shipped catalogue, read once."""
    return load_shipped()


def wire(store: Store, clock: Clock) -> Office:
    """The services of an open store, its indexes brought in step with the catalogue."""
    shipped = catalog()
    with store.read() as uow:
        in_step = uow.index.follows(shipped.hash)
    if not in_step:
        with store.unit() as writing:
            writing.index.follow(shipped.hash, shipped.forms.values())
    regimes = dict(shipped.regimes)  # with the dates of this office
    used = replace(shipped, regimes=MappingProxyType(regimes))
    context = Context(store, used, WorkingCalendar(shipped.calendar), clock)
    dates = ReportingDates(context, regimes)
    dates.use_stored()
    working_days = WorkingDays(context)
    working_days.use_stored()
    indicators = IndicatorService(context)
    reports = ReportService(context, indicators)
    return Office(
        context=context,
        records=RecordService(context),
        lists=ListService(context),
        indicators=indicators,
        plans=PlanService(context),
        reports=reports,
        packages=PackageService(context, reports),
        signing=SigningService(context, reports),
        pdf_trust=PdfTrustService(context),
        trust=TrustService(context),
        due=DueService(context),
        consolidation=ConsolidationService(context),
        settings=SettingsService(context),
        working_days=working_days,
        dates=dates,
        outlines=OutlineService(context),
        places=PlaceService(context),
        targets=TargetService(context),
    )


def clock_of(home: Path, clock: Clock) -> Clock:
    """The clock that holds in a home: ``clock``; a demonstration lives in its story (docs/decisions/0010).

    Raises the codes of store.home.list_accounts.
    """
    days = story_days(home)
    return StoryClock(clock, days) if days else clock


def open_office(
    home: Path, *, account: str | None, password: str, clock: Clock | None = None, wait: float = 0
) -> Office:
    """Open a home and wire its services. Raises the codes of store.home.open_home."""
    used = clock_of(home, clock or SystemClock())
    return wire(open_home(home, clock=used, account=account, password=password, wait_seconds=wait), used)


class LocalGate:
    """services.office.Gate over homes on this machine."""

    def __init__(self, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()

    @property
    def catalog(self) -> Catalog:
        return catalog()

    def open(self, home: Path, account: str | None, password: str) -> Office:
        return open_office(home, account=account, password=password, clock=self._clock)

    def create(self, home: Path, profile: SetupProfile, passwords: Mapping[str, str]) -> tuple[Office, str]:
        store, recovery = create_office(home, profile, passwords, clock=self._clock, catalog=catalog())
        return wire(store, self._clock), recovery

    def recover(self, home: Path, recovery_code: str, account: str, password: str) -> None:
        clock = clock_of(home, self._clock)
        store = open_home_with_recovery(home, clock=clock, recovery_code=recovery_code)
        try:
            store.reset_password(account, password)
        finally:
            store.close()
