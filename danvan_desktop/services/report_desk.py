"""What the desk at which a report is written shows: reports, sections, figures, and what may be done now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from ..catalog.model import Cycle, Regime
from ..catalog.periods import NAMES, Period, due_of, parse_period, window_of
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..reporting.model import Paragraph
from ..reporting.office import Signer
from ..reporting.texts import Look
from ..store.store import UnitOfWork
from .context import Context
from .desk_sheets import Sheet, Span, sheets
from .due import STATE_TITLES
from .office import Office
from .report_history import Comment, comments
from .reports import LIVE, ReportView

__all__ = ["Comment", "DeskProblem", "Look", "OpenReport", "ReportChoice", "ReportHead", "Sheet", "Span", "choices",
           "free_choice", "free_regimes", "heads", "open_report", "problem_counts", "save_section",
           "sheets"]  # fmt: skip

_LONG_AGO = timedelta(days=200)
_REGULAR = ("half_year", "year")  # due every year; the other kinds only when the superior asks, or a last day is set


@dataclass(frozen=True, slots=True)
class ReportHead:
    """One revision of a report, as a line of the list."""

    id: str
    revision: int
    regime: str
    regime_title: str
    period: str
    period_title: str
    state: str  # draft | submitted | frozen
    state_title: str
    latest: bool
    number: int | None = None
    date: date | None = None


@dataclass(frozen=True, slots=True)
class ReportChoice:
    """A report this office may be asked for. ``stands``: the state of the one already made ("" when there is none)."""

    regime: str
    regime_title: str
    period: str
    period_title: str
    first: date
    last: date
    due_on: date | None
    stands: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class DeskProblem:
    """``section``: where it shows ("" in an annex or the head); ``figure``: whose number it is about, if any."""

    severity: str  # error | warning | note
    message: str
    section: str = ""
    figure: str = ""
    no_data: bool = False
    place: str = ""  # head | signature | exchange
    record: str = ""  # id of the entry it is about, if any
    comment: str = ""  # id of the colleague's comment it tells of, if any


@dataclass(frozen=True, slots=True)
class OpenReport:
    """A report on the desk. ``acts``: what the signed-in person may do with it as it stands."""

    view: ReportView
    head: ReportHead
    sheets: tuple[Sheet, ...]
    problems: tuple[DeskProblem, ...]
    signers: tuple[Signer, ...]
    signer: int  # of signers; -1: another one
    acts: frozenset[str]
    frozen_at: str = ""
    comments: tuple[Comment, ...] = ()

    def sheet(self, key: str) -> Sheet | None:
        return next((item for item in self.sheets if item.key == key), None)

    @property
    def errors(self) -> int:
        return sum(1 for item in self.problems if item.severity == "error")


# -- lists --------------------------------------------------------------------------------------


def heads(office: Office) -> tuple[ReportHead, ...]:
    """All revisions of all reports, newest period first."""
    with office.context.store.read() as uow:
        return _heads(office.context, uow)


def _heads(context: Context, uow: UnitOfWork) -> tuple[ReportHead, ...]:
    rows = uow.reports.list()
    last = {(row.id): 0 for row in rows}
    for row in rows:
        last[row.id] = max(last[row.id], row.revision)
    sent = {(item.subject_id, item.revision): item.status for item in uow.packages.heads("out", "report")}
    result = []
    for row in rows:
        regime = context.catalog.regimes.get(row.regime)
        latest = row.revision == last[row.id]
        state = sent.get((row.id, row.revision), row.state) if row.state == "frozen" else row.state
        title = STATE_TITLES.get(state, state)
        if not latest and row.state == "frozen":
            title += "; đã có bản thay thế"
        issue = next((item for item in reversed(uow.reports.issues(row.id)) if item.revision == row.revision), None)
        result.append(
            ReportHead(
                id=row.id,
                revision=row.revision,
                regime=row.regime,
                regime_title=regime.title if regime else row.regime,
                period=row.period,
                period_title=parse_period(row.period).title,
                state=row.state,
                state_title=title,
                latest=latest,
                number=issue.number if issue else None,
                date=date.fromisoformat(issue.date) if issue else None,
            )
        )
    result.sort(key=lambda item: (parse_period(item.period).last, item.period, item.revision), reverse=True)
    return tuple(result)


def choices(office: Office) -> tuple[ReportChoice, ...]:
    """The reports this office may make around today: the ones overdue and still to make, the next due, the rest.

    The rest begins with the latest; what has no date comes before it.
    """
    context = office.context
    today = clock.today(context.clock)
    with context.store.read() as uow:
        profile = context.office(uow).profile
        made = {(item.regime, item.period): item for item in reversed(_heads(context, uow))}
    found = []
    for regime in context.catalog.regimes.values():
        if profile in regime.reporter_profiles:
            for cycle in regime.cycles:
                found += [_choice(regime, period, made) for period in _periods(cycle, today)]
    far = date.max

    def order(item: ReportChoice) -> tuple[int, date, str]:
        open_ = not item.stands or item.stands in LIVE
        due = item.due_on or far
        late = date.min + abs(today - due)  # how long ago: the latest first
        if open_ and today - _LONG_AGO / 2 <= due < today:  # overdue of late: it stands first
            return 0, late, item.period
        return (1 if open_ and due >= today else 2), (due if due >= today else late), item.period

    return tuple(sorted(found, key=order))


def _choice(regime: Regime, period: Period, made: dict[tuple[str, str], ReportHead]) -> ReportChoice:
    window = window_of(regime, period)
    known = made.get((regime.key, period.key))
    return ReportChoice(
        regime=regime.key,
        regime_title=regime.title,
        period=period.key,
        period_title=period.title,
        first=window.first,
        last=window.last,
        due_on=due_of(regime, period),
        stands=known.state if known else "",
        id=known.id if known else "",
    )


def _periods(cycle: Cycle, today: date) -> Iterable[Period]:
    """The periods of a cycle from last year to the next; a free range has none of its own."""
    around = 2 * _LONG_AGO if cycle.due.rule != "none" or cycle.period_kind in _REGULAR else _LONG_AGO / 2
    for year in (today.year - 1, today.year, today.year + 1):
        for name in NAMES.get(cycle.period_kind, ()):
            period = parse_period(f"{year}{name}")
            if today - around <= period.last and period.first <= today + around:
                yield period


def free_choice(office: Office, regime: str, first: date, last: date) -> str:
    """The key of a period asked for out of turn. Raises UsageError ``bad_period`` when it ends before it begins."""
    office.context.regime(regime)
    return parse_period(f"{first.isoformat()}..{last.isoformat()}").key


def free_regimes(office: Office) -> tuple[tuple[str, str], ...]:
    """``(key, title)`` of the regimes of this office under which a report may be asked for out of turn."""
    with office.context.store.read() as uow:
        profile = office.context.office(uow).profile
    regimes = office.context.catalog.regimes.values()
    return tuple((r.key, r.title) for r in regimes if profile in r.reporter_profiles and r.cycle("range"))


# -- the open report ----------------------------------------------------------------------------


def open_report(office: Office, report_id: str, revision: int | None = None) -> OpenReport:
    """A report with everything its page shows. Raises Refused ``not_found``."""
    view = office.reports.view(report_id, revision)
    context = office.context
    with context.store.read() as uow:
        head = next(item for item in _heads(context, uow) if (item.id, item.revision) == (view.id, view.revision))
        frozen = uow.reports.frozen(view.id, view.revision)
        signers = context.signers(uow)
        remarks = comments(office, uow, view.id, view.revision)
    document = view.document if view.draft is None else view.draft
    signature = document.signature
    chosen = [(tuple(item.authority_lines), item.name) for item in signers]
    mine = (tuple(signature.authority_lines), signature.name)
    return OpenReport(
        view=view,
        head=head,
        sheets=sheets(view),
        problems=(*_problems(view), *_remarks(view, remarks)),
        signers=signers,
        signer=chosen.index(mine) if mine in chosen else -1,
        acts=_acts(context, head),
        frozen_at=vi.day(clock.civil_date(clock.parse_stamp(frozen.at))) if frozen else "",
        comments=remarks,
    )


def _remarks(view: ReportView, remarks: tuple[Comment, ...]) -> Iterable[DeskProblem]:
    """Open comments stand among what is left to do, as notes: they block nothing."""
    for item in remarks if view.draft is not None else ():
        if item.open:
            about = f" về “{item.quote}”" if item.quote else ""
            text = f"Ý kiến của {item.by}{about}: {item.body}".replace("\n", " ")
            yield DeskProblem("note", text, item.section, comment=item.id)


def _acts(context: Context, head: ReportHead) -> frozenset[str]:
    acts = {"print", "open"}
    if head.state in LIVE:
        if context.may("report.write"):
            acts |= {"edit", "refresh"}
            acts |= {"submit", "discard"} if head.state == "draft" else set()
        if context.may("report.approve"):
            acts |= {"approve"}
            acts |= {"send_back"} if head.state == "submitted" else set()
    elif head.latest:
        acts |= {"render", "sign"}
        acts |= {"replace"} if context.may("report.write") else set()
        acts |= {"export"} if context.may("package") else set()
        acts |= {"number"} if context.may("report.number") and head.number is None else set()
    return frozenset(acts)


def _problems(view: ReportView) -> tuple[DeskProblem, ...]:
    if view.draft is None:
        return ()
    where: dict[str, str] = {}
    for sheet in sheets(view):
        for span in sheet.spans:
            where.setdefault(span.figure, sheet.key)
    result = []
    for item in view.problems:
        kind, _, key = item.key.partition(":")
        if kind == "figure":
            figure = view.draft.figure(key)
            no_data = figure is not None and figure.state == "no_data"
            result.append(DeskProblem(item.severity, item.message, where.get(key, ""), key, no_data))
        elif kind == "section":
            result.append(DeskProblem(item.severity, item.message, key))
        elif kind == "check":
            record = next(iter(item.records), "")
            place = "" if record else "exchange"
            result.append(DeskProblem(item.severity, item.message, place=place, record=record))
        else:
            place = "signature" if kind == "signature" else "head"
            result.append(DeskProblem(item.severity, item.message, place=place))
    return tuple(result)


def problem_counts(report: OpenReport) -> Counter[str]:
    """Section key → number of errors that show there."""
    return Counter(item.section for item in report.problems if item.severity == "error" and item.section)


# -- work ---------------------------------------------------------------------------------------


def save_section(
    office: Office,
    report_id: str,
    section: str,
    text: str,
    *,
    known: str,
    base: tuple[Paragraph, ...],
    version: int,
    looks: tuple[Look, ...] | None = None,
) -> tuple[OpenReport, Changes]:
    """Store the words of a section. ``known``: its words as last seen stored; ``version``: of the draft then;
    ``looks``: what of them is bold or italic (None: as it was).

    What others saved meanwhile in other sections stays. Raises Refused ``report_changed`` (nothing stored) when this
    very section has become another one, ``report_frozen``, ``bad_text``, ``unknown_section``.
    """
    try:
        changes = office.reports.edit(report_id, section, text, expected_version=version, base=base, looks=looks)
    except Refused as error:
        if error.code != "report_changed":
            raise
        latest = office.reports.view(report_id)
        found = next((item for item in sheets(latest) if item.key == section), None)
        if found is None or found.text != known:
            raise
        changes = office.reports.edit(
            report_id, section, text, expected_version=latest.version, base=found.base, looks=looks
        )
    return open_report(office, report_id), changes
