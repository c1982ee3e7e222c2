"""What the page of exchange shows: packages sent and received in words, remarks, who has sent for a period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from ..catalog.periods import Period, due_of, parse_period
from ..exchange.payloads import Remark
from ..exchange.reasons import NOTES
from ..kernel import clock
from ..kernel.changes import Changes
from ..kernel.errors import DanvanError, Refused
from ..reporting.model import ReportDocument, thaw
from ..store.exchange import PackageRow, ReceivedReport
from ..store.store import UnitOfWork
from .context import Context
from .exchange_reading import places
from .office import Office
from .packages import Outcome

__all__ = ["Outcome", "Remark"]

KIND_TITLES: Mapping[str, str] = {
    "enrol": "Giới thiệu khóa",
    "enrolled": "Xác nhận khóa",
    "plan": "Kế hoạch",
    "request": "Yêu cầu báo cáo",
    "catalog": "Danh mục",
    "report": "Báo cáo",
    "receipt": "Biên nhận",
    "return": "Phiếu trả lại",
    "recall": "Thông báo thu hồi",
}
SENT_STATES: Mapping[str, str] = {
    "built": "Đã xuất gói",
    "received": "Cấp trên đã nhận",
    "accepted": "Cấp trên đã chấp nhận",
    "returned": "Bị trả lại, có nhận xét",
    "recalled": "Đã thu hồi",
}
RECEIVED_STATES: Mapping[str, str] = {
    "missing": "Chưa gửi",
    "received": "Đã nhận, chờ xem xét",
    "accepted": "Đã chấp nhận",
    "returned": "Đã trả lại",
    "superseded": "Đã có bản mới thay thế",
    "recalled": "Đơn vị đã thu hồi",
    "undone": "Đã hủy việc nhận",
}
_CHILDREN: Mapping[str, tuple[str, ...]] = {
    "commune_hub": ("commune_agency",),
    "department_hub": ("department_unit",),
    "parent": ("commune_hub", "department_hub"),
}


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark of the receiver; ``place`` names the section or figure, "" the whole report."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class PackageLine:
    """One package, sent or received, in words."""

    id: str
    kind: str
    title: str  # kind in words
    subject: str  # "6 tháng đầu năm 2026, lần 1"
    office: str  # the other side
    at: datetime
    state: str
    state_title: str
    file_name: str
    sha256: str
    remarks: tuple[RemarkLine, ...] = ()
    due_on: date | None = None  # new date set by a return slip
    said_by: str = ""
    evidence: int = 0  # files a person picked; the package is then sealed for its receiver


@dataclass(frozen=True, slots=True)
class ReceivedLine:
    """A package received; a current report may be accepted or returned, also after it was decided otherwise."""

    package: PackageLine
    late: bool
    marks: tuple[str, ...]
    may_accept: bool
    may_return: bool


@dataclass(frozen=True, slots=True)
class BoardLine:
    """How one subordinate office stands for a period."""

    name: str
    state: str
    state_title: str
    revision: int | None
    received_on: date | None
    late: bool
    package_id: str | None


@dataclass(frozen=True, slots=True)
class BoardChoice:
    regime: str
    regime_title: str
    period: str
    period_title: str
    running: bool


# -- lists --------------------------------------------------------------------------------------


def sent(office: Office) -> tuple[PackageLine, ...]:
    """Packages built here, newest first, each with how the other side answered."""
    context = office.context
    with context.store.read() as uow:
        periods = _periods(uow)
        result = []
        for row in reversed(uow.packages.heads("out")):
            answers = uow.packages.answers(row.id) if row.kind == "report" else []
            slip = next((item for item in reversed(answers) if item.kind == "return"), None)
            result.append(_line(uow, row, periods, slip if row.status == "returned" else None))
    return tuple(result)


def received(office: Office) -> tuple[ReceivedLine, ...]:
    """Packages received, newest first."""
    context = office.context
    with context.store.read() as uow:
        periods = _periods(uow)
        reports = {row.package_id: row for row in uow.received.list()}
        result = []
        for row in reversed(uow.packages.heads("in")):
            report = reports.get(row.id)
            slip = None
            if report is not None and report.state == "returned":
                slip = next((item for item in reversed(uow.packages.answers(row.id)) if item.kind == "return"), None)
            line = _line(uow, row, periods, slip, report)
            marks = tuple(note_words(str(note)) for note in row.info.get("notes", ()) if note != "demo")
            if line.evidence:
                marks += (f"kèm {line.evidence} minh chứng",)
            state = report.state if report is not None and report.current else ""
            result.append(
                ReceivedLine(
                    package=line,
                    late=_late(context, report) if report else False,
                    marks=marks,
                    may_accept=state in ("received", "returned"),
                    may_return=state in ("received", "accepted"),
                )
            )
    return tuple(result)


def note_words(note: str) -> str:
    """A note of the verification in words."""
    return NOTES.get(note, note)


def _late(context: Context, report: ReceivedReport) -> bool:
    regime = context.catalog.regimes.get(report.regime)
    due = due_of(regime, parse_period(report.period)) if regime else None
    return due is not None and clock.civil_date(clock.parse_stamp(report.received_at)) > due


def _periods(uow: UnitOfWork) -> dict[str, str]:
    """Report id → its period in words, of our own reports and of those received."""
    found = {row.id: row.period for row in uow.reports.list()}
    found |= {row.subject_id: row.period for row in uow.received.list()}
    return {key: _capital(parse_period(period)) for key, period in found.items()}


def _line(
    uow: UnitOfWork,
    row: PackageRow,
    periods: Mapping[str, str],
    slip: PackageRow | None = None,
    report: ReceivedReport | None = None,
) -> PackageLine:
    info = row.info
    outgoing = row.direction == "out"
    title = KIND_TITLES.get(row.kind, row.kind)
    if row.kind == "receipt" and info.get("stage") == "accepted":
        title = "Thông báo chấp nhận"
    subject = periods.get(row.subject_id, "")
    if row.revision:
        subject = f"{subject}, lần {row.revision}" if subject else f"Lần {row.revision}"
    state, words = row.status, ""
    if outgoing:
        words = SENT_STATES.get(row.status, row.status) if row.kind == "report" else "Đã lập, gửi lại đơn vị"
        if row.kind == "recall":
            words = "Đã lập, gửi cấp trên"
    elif report is not None:
        state, words = report.state, RECEIVED_STATES.get(report.state, report.state)
    else:
        words = RECEIVED_STATES["undone"] if row.status == "undone" else "Đã nhận"
    source = slip.info if slip is not None else info
    document = _document(uow, row) if slip is not None or row.kind == "return" else None
    due = source.get("due_on")
    return PackageLine(
        id=row.id,
        kind=row.kind,
        title=title,
        subject=subject,
        office=str(info.get("receiver" if outgoing else "sender", "")),
        at=clock.parse_stamp(row.at),
        state=state,
        state_title=words,
        file_name=str(info.get("file_name", "")),
        sha256=row.sha256,
        remarks=_remarks(source, document),
        due_on=date.fromisoformat(str(due)) if due else None,
        said_by=str(source.get("by") or ""),
        evidence=len(info.get("evidence", ())),
    )


def _remarks(info: Mapping[str, Any], document: ReportDocument | None) -> tuple[RemarkLine, ...]:
    titles = dict(places(document)) if document is not None else {}
    lines = [RemarkLine(titles.get(str(key), str(key)), str(text)) for key, text in info.get("remarks", ())]
    return tuple(lines + ([RemarkLine("", str(info["said"]))] if info.get("said") else []))


def _document(uow: UnitOfWork, row: PackageRow) -> ReportDocument | None:
    """The report a package is about, ours or a received one."""
    frozen = uow.reports.frozen(row.subject_id, row.revision)
    if frozen is not None:
        return thaw(frozen.data)
    report = uow.received.get(row.subject_id, row.revision)
    return thaw(report.document) if report is not None else None


def _capital(period: Period) -> str:
    return period.title[:1].upper() + period.title[1:]


# -- who has sent -------------------------------------------------------------------------------


def board_choices(office: Office) -> tuple[BoardChoice, ...]:
    """The regimes and periods under which others report to this office; the one to be looked at now first."""
    context = office.context
    today = clock.today(context.clock)
    with context.store.read() as uow:
        children = _CHILDREN.get(context.office(uow).profile, ())
        known = {(row.regime, row.period) for row in uow.received.list()}
    regimes = [r for r in context.catalog.regimes.values() if set(r.reporter_profiles) & set(children)]
    result = []
    for regime in regimes:
        keys = {f"{year}{half}" for year in (today.year - 1, today.year) for half in ("-H1", "")}
        keys |= {period for key, period in known if key == regime.key}
        offered = sorted((parse_period(key) for key in keys), key=lambda item: (item.last, item.key), reverse=True)
        open_still = [item for item in offered if (due_of(regime, item) or item.last) >= today]
        running = min(open_still, key=lambda item: due_of(regime, item) or item.last, default=offered[0])
        result += [BoardChoice(regime.key, regime.title, item.key, _capital(item), item is running) for item in offered]
    return tuple(result)


def board(office: Office, regime: str, period: str) -> tuple[BoardLine, ...]:
    """Every subordinate office for a period: those that have not sent first."""
    lines = [
        BoardLine(
            name=child.name,
            state=child.state,
            state_title=RECEIVED_STATES.get(child.state, child.state),
            revision=child.revision,
            received_on=clock.civil_date(clock.parse_stamp(child.received_at)) if child.received_at else None,
            late=child.late,
            package_id=child.package_id,
        )
        for child in office.consolidation.board(regime, period)
    ]
    return tuple(sorted(lines, key=lambda line: (line.state != "missing", line.state != "received")))


def due_on(office: Office, regime: str, period: str) -> date | None:
    """The last day of a period of a regime."""
    return due_of(office.context.regime(regime), parse_period(period))


# -- files --------------------------------------------------------------------------------------


def look_at(office: Office, paths: tuple[Path, ...]) -> list[tuple[Path, Outcome]]:
    """Judge every package in ``paths`` (files, or folders of packages); nothing is stored.

    Raises Refused ``no_right``, and for folders ``nothing_found`` or ``file_unreadable``.
    """
    office.context.require("package")
    found: list[tuple[Path, Outcome]] = []
    for path in paths:
        if path.is_dir():
            found += [(path / item.file, item) for item in office.packages.take_all(path, dry_run=True)]
        else:
            found.append((path, _one(office, path, dry_run=True)))
    return found


def _one(office: Office, path: Path, *, dry_run: bool = False) -> Outcome:
    """One file; one that cannot be read keeps nobody from the next."""
    try:
        return office.packages.take(path, dry_run=dry_run)
    except Refused as error:
        return Outcome(path.name, "refused", error.code, error.message, {})


def take_in(
    office: Office, paths: tuple[Path, ...], *, receipts: bool
) -> tuple[list[tuple[Path, Outcome]], list[tuple[Path, Path | DanvanError]], Changes]:
    """Take every package in; with ``receipts`` write the signed receipt of each report beside its package.

    Returns the outcomes, what became of the receipts, and all changes. A receipt that cannot be written (a stick
    that is read-only) undoes nothing: it stays among the packages sent and may be written again.
    """
    outcomes: list[tuple[Path, Outcome]] = []
    written: list[tuple[Path, Path | DanvanError]] = []
    changes = Changes()
    office.context.require("package")
    for path in paths:
        outcome = _one(office, path)
        outcomes.append((path, outcome))
        changes |= outcome.changes
        replies = answers(office, str(outcome.details.get("id", ""))) if outcome.verdict != "refused" else ()
        if receipts and replies:
            try:
                written.append((path, office.packages.export(replies[-1], path.parent)[0]))
            except DanvanError as error:
                written.append((path, error))
    return outcomes, written, changes


def answers(office: Office, package_id: str) -> tuple[str, ...]:
    """The ids of our packages that answer a received one, oldest first."""
    with office.context.store.read() as uow:
        return tuple(row.id for row in uow.packages.answers(package_id) if row.direction == "out")
