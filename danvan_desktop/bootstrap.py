"""The only place where things are wired. No globals elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from .catalog.loader import load_shipped
from .catalog.model import Catalog
from .kernel.clock import Clock, SystemClock
from .planning.calendar import WorkingCalendar
from .services.consolidation import ConsolidationService
from .services.context import Context
from .services.due import DueService
from .services.indicators import IndicatorService
from .services.packages import PackageService
from .services.plans import PlanService
from .services.records import RecordService
from .services.reports import ReportService
from .services.settings import SettingsService
from .services.trust import TrustService
from .store.home import open_home
from .store.store import Store


@cache
def catalog() -> Catalog:
    """The shipped catalogue, read once."""
    return load_shipped()


@dataclass(frozen=True)
class Office:
    """An open home with all its services."""

    context: Context
    records: RecordService
    indicators: IndicatorService
    plans: PlanService
    reports: ReportService
    packages: PackageService
    trust: TrustService
    due: DueService
    consolidation: ConsolidationService
    settings: SettingsService

    def close(self) -> None:
        """Close the database and give the lock back."""
        self.context.store.close()


def wire(store: Store, clock: Clock) -> Office:
    """The services of an open store."""
    shipped = catalog()
    context = Context(store, shipped, WorkingCalendar(shipped.calendar), clock)
    indicators = IndicatorService(context)
    reports = ReportService(context, indicators)
    return Office(
        context=context,
        records=RecordService(context),
        indicators=indicators,
        plans=PlanService(context),
        reports=reports,
        packages=PackageService(context, reports),
        trust=TrustService(context),
        due=DueService(context),
        consolidation=ConsolidationService(context),
        settings=SettingsService(context),
    )


def open_office(
    home: Path, *, account: str | None, password: str, clock: Clock | None = None, wait: float = 0
) -> Office:
    """Open a home and wire its services. Raises the codes of store.home.open_home."""
    used = clock or SystemClock()
    return wire(open_home(home, clock=used, account=account, password=password, wait_seconds=wait), used)
