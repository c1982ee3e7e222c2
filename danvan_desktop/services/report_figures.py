"""The numbers of a report on the desk: where each comes from, what settles one without data, the number on paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ..catalog.model import Catalog, IndicatorKind
from ..catalog.periods import parse_period, window_of
from ..kernel import clock, vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..reporting.draft_values import ReportDraft
from ..reporting.estimates import may_be_estimated
from ..reporting.figures import change_words, printed, source_form, target_words
from ..reporting.model import Figure
from ..store.store import UnitOfWork
from .context import Context
from .office import Office

SHOWN_RECORDS = 300  # of those behind a figure; the others are counted
SOURCES = {
    "records": "hồ sơ ghi chép trong chương trình",
    "report": "báo cáo đã tiếp nhận của đơn vị",
    "spreadsheet": "bảng tính của đơn vị",
    "declared": "số do cán bộ khai báo",
    "mixed": "nhiều nguồn: hồ sơ ghi chép, báo cáo hoặc số khai báo của các đơn vị",
    "missing": "chưa có nguồn số liệu",
}


@dataclass(frozen=True, slots=True)
class BehindRecord:
    """A record behind a figure."""

    id: str
    form_title: str
    title: str
    day: date | None


@dataclass(frozen=True, slots=True)
class FigureDetail:
    """A figure with its origin, in words."""

    key: str
    title: str
    value: str
    unit: str
    source: str
    previous: str
    change: str
    target: str
    parts: str  # numerator and denominator of a ratio
    reason: str
    footnote: str
    no_data: bool
    may_estimate: bool  # a rest of the year can be added to it
    expected: str  # what was: "4"
    records: tuple[BehindRecord, ...]
    more_records: int
    regime: str
    period: str


@dataclass(frozen=True, slots=True)
class NumberOffer:
    """The number that comes next, and today."""

    number: int
    symbol: str
    today: date


def confirm_nil(office: Office, report_id: str, figure_key: str) -> tuple[str, Changes]:
    """A person says that nothing of what ``figure_key`` counts happened: (what was confirmed, changes).

    Where its form has no final record at all, the whole form is confirmed. Counts again afterwards.
    Raises Refused ``not_nil``.
    """
    context = office.context
    view = office.reports.view(report_id)
    with context.store.read() as uow:
        scope = _nil_scope(context, uow, view.regime, view.period, figure_key)
    changes = office.indicators.confirm_nil(view.regime, view.period, scope)
    _, more = office.reports.refresh(report_id)
    return nil_title(context.catalog, scope), changes | more


def nil_question(office: Office, report_id: str, figure_key: str) -> str:
    """The name of what :func:`confirm_nil` would confirm, for the question before it."""
    context = office.context
    view = office.reports.view(report_id)
    with context.store.read() as uow:
        return nil_title(context.catalog, _nil_scope(context, uow, view.regime, view.period, figure_key))


def nil_title(catalog: Catalog, scope: str) -> str:
    """``scope`` (a form or an indicator) in words."""
    form = catalog.forms.get(scope)
    return f"biểu “{form.title}”" if form else f"chỉ tiêu “{catalog.indicators[scope].title}”"


def _nil_scope(context: Context, uow: UnitOfWork, regime: str, period: str, figure_key: str) -> str:
    """The form without final records in the window, else the indicator; of a ratio: what it is parted by."""
    catalog = context.catalog
    indicator = catalog.indicators.get(figure_key.partition("/")[0])
    if indicator is None:
        raise Refused("unknown_indicator", f"Danh mục không có chỉ tiêu “{figure_key}”.")
    if indicator.kind is IndicatorKind.RATIO:
        part = indicator.denominator if indicator.denominator in catalog.indicators else indicator.numerator
        if part not in catalog.indicators:
            raise Refused("not_nil", f"“{indicator.title}” là tỷ lệ, không xác nhận không phát sinh được.")
        return _nil_scope(context, uow, regime, period, part)
    form = source_form(catalog, indicator)
    window = window_of(context.regime(regime), parse_period(period))
    if form is not None and not uow.records.count(form, states=("final",), window=(window.first, window.last)):
        return form.key
    return indicator.key


def figure_detail(office: Office, report_id: str, revision: int, figure_key: str) -> FigureDetail:
    """A figure of a report with the records that were behind it when it was counted. Raises Refused ``not_found``."""
    context = office.context
    view = office.reports.view(report_id, revision)
    report = view.document if view.draft is None else view.draft
    figure = report.figure(figure_key)
    if figure is None:
        raise Refused("not_found", "Báo cáo không có số liệu này.")
    with context.store.read() as uow:
        ids = uow.reports.figure_records(view.id, view.revision, figure_key)
        rows = [row for record_id in ids[:SHOWN_RECORDS] if (row := uow.records.get(record_id)) is not None]
    forms = context.catalog.forms
    records = tuple(
        BehindRecord(
            id=row.id,
            form_title=forms[row.form].short_title if row.form in forms else "",
            title=office.records.label(row),
            day=row.event_date,
        )
        for row in rows
    )
    return FigureDetail(
        key=figure.key,
        title=figure.title,
        value=printed(figure),
        unit="" if figure.unit == "%" or figure.state != "value" else figure.unit,
        source=SOURCES.get(figure.source, figure.source),
        previous=_number(figure, figure.previous),
        change=change_words(figure),
        target=" – ".join(part for part in (_number(figure, figure.target), target_words(figure)) if part),
        parts=_parts(figure),
        reason=figure.reason or "",
        footnote=figure.footnote or "",
        no_data=figure.state == "no_data",
        may_estimate=parse_period(view.period).kind == "year"
        and may_be_estimated(context.catalog.indicators.get(figure.indicator), figure),
        expected=_expected(view.draft, figure),
        records=records,
        more_records=max(0, len(ids) - SHOWN_RECORDS),
        regime=view.regime,
        period=view.period,
    )


def _number(figure: Figure, value: int | None) -> str:
    if value is None:
        return ""
    return vi.number(value, figure.scale) + ("%" if figure.unit == "%" else f" {figure.unit}" if figure.unit else "")


def _expected(draft: ReportDraft | None, figure: Figure) -> str:
    more = next((item.more for item in draft.estimates if item.figure == figure.key), 0) if draft else 0
    return vi.number(more, figure.scale) if more else ""


def _parts(figure: Figure) -> str:
    if figure.numerator is None or figure.denominator is None:
        return ""
    return f"{vi.number(figure.numerator)} trên {vi.number(figure.denominator)}"


def next_number(office: Office, report_id: str) -> NumberOffer:
    """What "Lấy số" proposes. Raises Refused ``report_not_frozen``."""
    context = office.context
    view = office.reports.view(report_id)
    if view.sha256 is None:
        raise Refused("report_not_frozen", "Báo cáo chưa được phê duyệt và chốt nên chưa lấy số được.")
    today = clock.today(context.clock)
    symbol = view.document.head.symbol
    with context.store.read() as uow:
        series = "common" if uow.settings.get("common_series", False) else symbol
        return NumberOffer(uow.reports.next_number(series, today.year), symbol, today)
