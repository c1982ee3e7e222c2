"""What the page of indicators shows: the periods on offer, the figures, and the records behind one of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ..catalog import values
from ..catalog.formula_words import formula_words
from ..catalog.model import Catalog
from ..catalog.periods import Period, Window, due_of, parse_period, window_of
from ..kernel import clock
from ..planning.deadlines import last_working_day
from ..reporting.figures import change_cell, number_text, printed, reached_cell
from ..reporting.model import Figure
from .context import Context
from .indicators import FigureSet, IndicatorService, nil_scopes
from .places import dated_names

_AFTER_WINDOW = timedelta(days=30)  # how long a period without a due date still counts as the running one
_SHOWN = 500
SOURCES = {
    "records": "Ghi chép",
    "report": "Báo cáo của đơn vị",
    "spreadsheet": "Bảng tính",
    "declared": "Khai báo",
    "mixed": "Nhiều nguồn",
    "missing": "",
}
STATES = {
    "value": "Có số liệu",
    "nil": "Không phát sinh",
    "no_data": "Chưa có số liệu",
    "undefined": "Không tính được",
}
NOT_ASKED = "Chưa ghi (tùy chọn)"  # no data, and nobody is asked about it


@dataclass(frozen=True, slots=True)
class PeriodOffer:
    """A period of a regime with its window and its last day (None: the regime names none)."""

    regime: str
    regime_title: str
    period: str
    title: str
    window: Window
    due_on: date | None
    last_working_day: date | None
    running: bool


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A figure in words, as the table shows it; ``split``: one choice of the figure above it."""

    key: str
    indicator: str
    code: str
    area: int
    title: str
    unit: str
    now: str
    previous: str
    change: str
    source_key: str  # records | report | spreadsheet | declared | mixed | missing
    source: str
    state: str  # value | nil | no_data | undefined
    state_words: str
    split: bool
    target: str = ""  # the plan's, for the year
    reached: str = ""  # how much of it
    asked: bool = True  # False: optional, its missing data is nobody's debt
    formula: str = ""  # how it is computed, in words


@dataclass(frozen=True, slots=True)
class FigureView:
    """The figures of a period, who stands behind them, and what may be confirmed as "không phát sinh".

    ``scopes``: indicator without data → the form or indicator to confirm ("": nothing, it follows from others);
    ``scope_titles`` names those; ``confirmed``: forms and indicators confirmed already.
    """

    offer: PeriodOffer
    lines: tuple[FigureLine, ...]  # every indicator by its code, each followed by its splits
    scopes: Mapping[str, str]
    scope_titles: Mapping[str, str]
    confirmed: frozenset[str]
    reported_units: tuple[str, ...]  # names
    missing_units: tuple[str, ...]  # names


@dataclass(frozen=True, slots=True)
class RecordLine:
    """A record behind a figure."""

    id: str
    form: str
    form_title: str
    area: int
    event_date: date | None
    label: str
    unit: str  # name


@dataclass(frozen=True, slots=True)
class Behind:
    total: int
    lines: tuple[RecordLine, ...]


class FigureViewService:
    def __init__(self, context: Context, indicators: IndicatorService) -> None:
        self._context = context
        self._indicators = indicators

    def offers(self) -> list[PeriodOffer]:
        """The half years and years of this office's regimes, last year's to this year's; one of each is running.

        An office that reports to nobody (the parent) is offered every regime.
        """
        context = self._context
        today = clock.today(context.clock)
        with context.store.read() as uow:
            profile = context.office(uow).profile
        every = list(context.catalog.regimes.values())
        regimes = [item for item in every if profile in item.reporter_profiles] or every
        result = []
        for regime in regimes:
            keys = [f"{year}{half}" for year in (today.year - 1, today.year) for half in ("-H1", "")]
            found = [self.offer(regime.key, key) for key in keys]
            open_still = [o for o in found if (o.due_on or o.window.last + _AFTER_WINDOW) >= today]
            running = min(open_still, key=lambda o: o.window.last, default=found[-1])
            result += [self.offer(o.regime, o.period, running=o is running) for o in found]
        return result

    def offer(self, regime_key: str, period_key: str, *, running: bool = False) -> PeriodOffer:
        """One period of a regime, also one that is not on offer (a range of days)."""
        regime = self._context.regime(regime_key)
        period = parse_period(period_key)
        due = due_of(regime, period)
        return PeriodOffer(
            regime=regime.key,
            regime_title=regime.title,
            period=period.key,
            title=_capital(period),
            window=window_of(regime, period),
            due_on=due,
            last_working_day=last_working_day(due, self._context.calendar) if due else None,
            running=running,
        )

    def view(self, regime_key: str, period_key: str) -> FigureView:
        """All figures of a period. Raises UsageError ``bad_period``, Refused ``unknown_regime``."""
        context = self._context
        figures = self._indicators.compute(regime_key, period_key)
        scopes = nil_scopes(context, figures)
        with context.store.read() as uow:
            names = {agency.id: agency.name for agency in uow.agencies.list()}
            nil = uow.nil.list(figures.window.first, figures.window.last)
        titles = {}
        for scope in dict.fromkeys(scope for scope in scopes.values() if scope):
            form = context.catalog.forms.get(scope)
            titles[scope] = f"Biểu “{form.title}”" if form else f"Chỉ tiêu “{context.catalog.indicators[scope].title}”"
        return FigureView(
            offer=self.offer(regime_key, period_key),
            lines=tuple(sorted(self._lines(figures), key=lambda line: (line.area, line.code))),
            scopes=scopes,
            scope_titles=titles,
            confirmed=frozenset(item.scope for item in nil),
            reported_units=tuple(names.get(unit, unit) for unit in figures.reported_units),
            missing_units=tuple(names.get(unit, unit) for unit in figures.missing_units),
        )

    def _lines(self, figures: FigureSet) -> Iterator[FigureLine]:
        catalog = self._context.catalog
        titles = {figure.indicator: figure.title for figure in figures.figures if figure.split is None}
        for figure in figures.figures:
            indicator = catalog.indicators[figure.indicator]
            title = figure.title
            if figure.split is not None:
                title = title.removeprefix(titles.get(figure.indicator, "")).removeprefix(": ") or title
            missing = figure.state == "no_data"
            before = "" if figure.previous is None else number_text(figure.previous, figure.scale)
            yield FigureLine(
                key=figure.key,
                indicator=figure.indicator,
                code=indicator.code,
                area=indicator.area,
                title=title,
                unit=figure.unit,
                now="" if missing else printed(figure, "table"),
                previous=before,
                change=change_cell(figure),
                source_key=figure.source,
                source="" if missing else SOURCES.get(figure.source, figure.source),
                state=figure.state,
                state_words=_state_words(figure, optional=indicator.optional),
                split=figure.split is not None,
                target="" if figure.target is None else number_text(figure.target, figure.scale),
                reached=reached_cell(figure),
                asked=not indicator.optional,
                formula=formula_words(catalog, indicator),
            )

    def behind(self, regime_key: str, period_key: str, figure_key: str) -> Behind:
        """The own records behind a figure, newest first (the first 500)."""
        context = self._context
        ids = self._indicators.records_behind(regime_key, period_key, figure_key)
        lines = []
        with context.store.read() as uow:
            dated = dated_names(uow)
            rows = [row for row in map(uow.records.get, ids) if row is not None]
        rows.sort(key=lambda row: (row.event_date or date.min, row.id), reverse=True)
        for row in rows[:_SHOWN]:
            form = context.catalog.forms.get(row.form)
            names = dated.on(row.event_date)
            lines.append(
                RecordLine(
                    id=row.id,
                    form=row.form,
                    form_title=form.short_title if form else row.form,
                    area=form.area if form else 0,
                    event_date=row.event_date,
                    label=values.label_of(form, row.values, names) if form else row.id[:8],
                    unit=names.get(row.unit, ""),
                )
            )
        return Behind(len(rows), tuple(lines))


def figure_rows(catalog: Catalog, figures: FigureSet, behind: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """The figures for a machine to read, with how each is computed; ``behind``: figure key → ids of records."""
    rows: list[dict[str, Any]] = []
    for figure in figures.figures:
        indicator = catalog.indicators[figure.indicator]
        rows.append(
            {
                "key": figure.key,
                "indicator": figure.indicator,
                "code": indicator.code,
                "title": figure.title,
                "formula": formula_words(catalog, indicator),
                "split_by": indicator.split or None,
                "rollup": indicator.rollup.value,
                "optional": indicator.optional,
                "unit": figure.unit,
                "scale": figure.scale,
                "split": figure.split,
                "value": figure.value,
                "state": figure.state,
                "previous": figure.previous,
                "change": change_cell(figure),
                "target": figure.target,
                "target_reached": reached_cell(figure),
                "numerator": figure.numerator,
                "denominator": figure.denominator,
                "source": figure.source,
                "records": behind.get(figure.key, []),
            }
        )
    return rows


def _state_words(figure: Figure, *, optional: bool) -> str:
    if optional and figure.state in ("no_data", "undefined"):
        return NOT_ASKED
    return STATES.get(figure.state, figure.state) + (" (ước)" if figure.estimate else "")


def _capital(period: Period) -> str:
    return period.title[:1].upper() + period.title[1:]
