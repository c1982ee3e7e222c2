"""An open office: all its services in one hand; and the gate through which windows open or make one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ..catalog.model import Catalog
from .charts import ChartService
from .consolidation import ConsolidationService
from .context import Context
from .due import DueService
from .figure_view import FigureViewService
from .indicators import IndicatorService
from .list_views import ListViewService
from .lists import ListService
from .outlines import OutlineService
from .packages import PackageService
from .papers import PaperService
from .pdf_trust import PdfTrustService
from .places import PlaceService
from .plans import PlanService
from .records import RecordService
from .registers import RegisterService
from .reporting_dates import ReportingDates
from .reports import ReportService
from .scoring import ScoringService
from .search_view import Found, search
from .settings import SettingsService
from .setup import SetupProfile
from .sheets import SheetService
from .signing import SigningService
from .targets import TargetService
from .task_work import TaskService
from .trust import TrustService
from .working_days import WorkingDays


@dataclass(frozen=True)
class Office:
    """An open home with all its services."""

    context: Context
    records: RecordService
    lists: ListService
    indicators: IndicatorService
    plans: PlanService
    reports: ReportService
    packages: PackageService
    signing: SigningService
    pdf_trust: PdfTrustService
    trust: TrustService
    due: DueService
    consolidation: ConsolidationService
    settings: SettingsService
    working_days: WorkingDays
    dates: ReportingDates
    outlines: OutlineService
    places: PlaceService
    targets: TargetService

    @property
    def charts(self) -> ChartService:
        """Charts of the figures, for the screen and for the annex."""
        return ChartService(self.context, self.indicators)

    @property
    def figures(self) -> FigureViewService:
        """The figures as the page of indicators shows them."""
        return FigureViewService(self.context, self.indicators)

    def search(self, text: str, limit: int = 50) -> list[Found]:
        """Records of every form that hold every word of ``text`` (no accents needed), best first."""
        return search(self.context, self.records, text, limit)

    @property
    def tasks(self) -> TaskService:
        """The work on the tasks of plans."""
        return TaskService(self.context)

    @property
    def papers(self) -> PaperService:
        """Papers other than reports: plans, letters, notices, minutes, submissions."""
        return PaperService(self.context)

    @property
    def registers(self) -> RegisterService:
        """Registers and lists as they are printed."""
        return RegisterService(self.context)

    @property
    def list_views(self) -> ListViewService:
        """Columns and saved views of the lists, of the account that is signed in."""
        return ListViewService(self.context)

    @property
    def scoring(self) -> ScoringService:
        """The office's own scoring of its year."""
        return ScoringService(self.context)

    @property
    def sheets(self) -> SheetService:
        """Templates and imports of spreadsheets."""
        return SheetService(self.context, self.records)

    def close(self) -> None:
        """Close the database and give the lock back; copies opened in viewers go."""
        self.records.evidence.clear_viewing()
        self.context.store.close()


class Gate(Protocol):
    """What a window needs before an office is open; made by bootstrap, faked in tests. No Qt, may block: run it
    on the database worker."""

    @property
    def catalog(self) -> Catalog:
        """The shipped catalogue."""
        ...

    def open(self, home: Path, account: str | None, password: str) -> Office:
        """Open a home. Raises the codes of store.home.open_home."""
        ...

    def create(self, home: Path, profile: SetupProfile, passwords: Mapping[str, str]) -> tuple[Office, str]:
        """Make a home and open it: (office, recovery code to be printed once)."""
        ...

    def recover(self, home: Path, recovery_code: str, account: str, password: str) -> None:
        """Set a new password for an account with the recovery code."""
        ...
