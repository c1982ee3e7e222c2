"""The indicators of a period: one source per figure, with the records behind each number (DESIGN §8.1–8.4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..catalog.model import Form, Indicator, IndicatorKind, Rollup
from ..catalog.periods import Period, Window, parse_period, window_of
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..reporting.consolidate import UnitFigure, consolidate_measured
from ..reporting.figures import Measured, make_figures, source_form
from ..reporting.model import Figure, thaw
from ..reporting.restate import restate
from ..store.exchange import ReceivedReport
from ..store.indicators import Evaluation
from ..store.store import UnitOfWork
from .context import Context


@dataclass(frozen=True, slots=True)
class FigureSet:
    """All figures of a regime and period for this office, and which units each comes from."""

    regime: str
    period: str
    window: Window
    figures: tuple[Figure, ...]
    reported_units: tuple[str, ...]  # agency ids whose report was used
    recorded_units: tuple[str, ...]  # agency ids counted from our own records
    missing_units: tuple[str, ...]  # agency ids that owe a report which is not here
    # where reports of units are in: key of a summed figure → unit → its part; "" for our own records
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


class IndicatorService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def compute(self, regime_key: str, period_key: str) -> FigureSet:
        """Every indicator of this office's profile for the period, with last year's value beside it."""
        with self._context.store.read() as uow:
            return self.compute_in(uow, regime_key, period_key)

    def compute_in(
        self, uow: UnitOfWork, regime_key: str, period_key: str, *, only: Collection[str] | None = None
    ) -> FigureSet:
        """The figures in a caller's unit of work; ``only``: of these indicators (not of ratios)."""
        context = self._context
        regime = context.regime(regime_key)
        period = parse_period(period_key)
        window = window_of(regime, period)
        office = context.office(uow)
        indicators = [
            item
            for item in context.catalog.indicators.values()
            if (not item.profiles or office.profile in item.profiles) and (only is None or item.key in only)
        ]
        reports = self._reports_of_units(uow, period.key)
        own = self.own_units(uow, period.key)
        confirmed = self._confirmed(uow, window)
        counted = _Count(self._context, uow, indicators, window, own, reports, confirmed)
        told = self._reports_a_year_ago(uow, period) if reports else {}
        before = _Count(self._context, uow, indicators, window.back_one_year(), own, reports, frozenset(), past=told)
        yearly = period.kind not in ("month", "range")
        targets = {key: row.value for key, row in uow.targets.of_year(period.year).items()} if yearly else {}
        figures = make_figures(context.catalog, indicators, counted.all(), before.all(), targets)
        return FigureSet(
            regime=regime.key,
            period=period.key,
            window=window,
            figures=figures,
            reported_units=tuple(reports),
            recorded_units=own,
            missing_units=self.missing_units(uow, period.key),
            parts=counted.parts if reports else {},
        )

    def reported_units(self, uow: UnitOfWork, period: str) -> tuple[str, ...]:
        """The units whose accepted report of the period is their source."""
        return tuple(self._counting(uow, period))

    def own_units(self, uow: UnitOfWork, period: str) -> tuple[str, ...]:
        """The units that are counted from our own records in the period: the active ones, and what went into them by a
        merge, so that the records of before stay counted."""
        reported = self._counting(uow, period)
        own = [agency.id for agency in uow.agencies.list(active=True) if agency.id not in reported]
        older = [key for unit in own for key in uow.place_events.predecessors(unit) if key not in reported]
        return tuple(dict.fromkeys([*own, *older]))

    def missing_units(self, uow: UnitOfWork, period: str) -> tuple[str, ...]:
        """The active units that owe a report of the period which is not accepted yet."""
        links = uow.settings.get("office_units", {})
        expected = set(links.values()) if isinstance(links, dict) else set()
        reported = self._counting(uow, period)
        active = (agency.id for agency in uow.agencies.list(active=True))
        return tuple(unit for unit in active if unit in expected and unit not in reported)

    def _reports_of_units(self, uow: UnitOfWork, period: str) -> dict[str, dict[str, Figure]]:
        """Unit → figures of its current accepted report: the first choice of source (DESIGN §8.2)."""
        rows = self._counting(uow, period).items()
        return {unit: {figure.key: figure for figure in thaw(row.document).figures} for unit, row in rows}

    def _reports_a_year_ago(self, uow: UnitOfWork, period: Period) -> dict[str, list[tuple[str, Mapping[str, Figure]]]]:
        """Unit → (last day, figures) of last year's accepted reports of its predecessors, or of itself."""
        if period.kind == "range":
            return {}
        key = period.key.replace(str(period.year), str(period.year - 1), 1)
        documents = {unit: thaw(row.document) for unit, row in self._counting(uow, key).items()}
        found: dict[str, list[tuple[str, Mapping[str, Figure]]]] = {}
        for unit in self._counting(uow, period.key):
            places = [place for place in uow.place_events.predecessors(unit) if place in documents] or [unit]
            found[unit] = [
                (documents[place].window_to, {item.key: item for item in documents[place].figures})
                for place in places
                if place in documents
            ]
        return found

    def _counting(self, uow: UnitOfWork, period: str) -> dict[str, ReceivedReport]:
        """Unit → its current accepted report, the newest where an office took the place of another; not yet read."""
        rows = uow.received.list(period=period)
        return {row.unit: row for row in rows if row.current and row.state == "accepted" and row.unit}

    def _confirmed(self, uow: UnitOfWork, window: Window) -> frozenset[str]:
        return frozenset(item.scope for item in uow.nil.list(window.first, window.last))

    def records_behind(self, regime_key: str, period_key: str, figure_key: str) -> list[str]:
        """Ids of the own records behind a figure (``indicator`` or ``indicator/split``)."""
        with self._context.store.read() as uow:
            return self.records_behind_in(uow, regime_key, period_key, figure_key)[figure_key]

    def records_behind_all(self, figures: FigureSet) -> dict[str, list[str]]:
        """Figure key → ids of the own records behind it, for every figure of a set."""
        with self._context.store.read() as uow:
            return self.records_behind_in(
                uow, figures.regime, figures.period, *(figure.key for figure in figures.figures)
            )

    def records_behind_in(
        self, uow: UnitOfWork, regime_key: str, period_key: str, *figure_keys: str
    ) -> dict[str, list[str]]:
        """Figure key → ids of the records behind it, in a caller's unit of work."""
        context = self._context
        period = parse_period(period_key)
        window = window_of(context.regime(regime_key), period)
        own = self.own_units(uow, period.key)
        found: dict[str, list[str]] = {}
        for key in figure_keys:
            self._behind(uow, window, own, key, found)
        return {key: found[key] for key in figure_keys}

    def _behind(
        self, uow: UnitOfWork, window: Window, own: tuple[str, ...], figure_key: str, found: dict[str, list[str]]
    ) -> list[str]:
        """The records of ``figure_key``, asked for once and kept in ``found``."""
        if figure_key in found:
            return found[figure_key]
        catalog = self._context.catalog
        key, _, split = figure_key.partition("/")
        indicator = catalog.indicators.get(key)
        if indicator is None:
            raise Refused("unknown_indicator", f"Danh mục không có chỉ tiêu “{key}”.")
        if indicator.kind is IndicatorKind.RATIO:
            parts = [part for part in (indicator.numerator, indicator.denominator) if part in catalog.indicators]
            ids = [record for part in parts for record in self._behind(uow, window, own, part, found)]
            found[figure_key] = list(dict.fromkeys(ids))
        else:
            form = source_form(catalog, indicator)
            found[figure_key] = uow.indicators.record_ids(
                indicator, form, window.first, window.last, units=own, split=split or None, catalog=catalog
            )
        return found[figure_key]

    def confirm_nil(self, regime_key: str, period_key: str, *scopes: str) -> Changes:
        """A person says: nothing of these forms, or of these indicators, happened in the period (DESIGN §8.4).

        Raises Refused ``not_nil`` when a form has final records or an indicator has a value, ``unknown_indicator``.
        """
        context = self._context
        context.require("record")
        window = window_of(context.regime(regime_key), parse_period(period_key))
        values = {item.key: item.value for item in self.compute(regime_key, period_key).figures}
        with context.store.unit() as uow:
            office = context.office(uow)
            for scope in scopes:
                form = context.catalog.forms.get(scope)
                indicator = context.catalog.indicators.get(scope)
                if form is None and indicator is None:
                    raise Refused("unknown_indicator", f"Danh mục không có biểu hay chỉ tiêu “{scope}”.")
                used = values.get(scope) if form is None else self._final(uow, form, window)
                if used:
                    title = form.title if form else indicator.title if indicator else scope
                    raise Refused(
                        "not_nil", f"“{title}” đã có số liệu trong kỳ nên không thể xác nhận không phát sinh."
                    )
                uow.nil.confirm(office.id, scope, window.first, window.last, context.by)
                uow.audit.append("nil_confirmed", scope, {})
        return Changes.of("nil", ids=scopes)

    def revoke_nil(self, regime_key: str, period_key: str, *scopes: str) -> Changes:
        """Take confirmations back; they stay on record. Raises Refused ``not_confirmed`` when none of them stands."""
        context = self._context
        context.require("record")
        window = window_of(context.regime(regime_key), parse_period(period_key))
        with context.store.unit() as uow:
            unit = context.office(uow).id
            gone = [s for s in scopes if uow.nil.revoke(unit, s, window.first, window.last, context.by)]
            if not gone:
                raise Refused("not_confirmed", "Không có xác nhận không phát sinh nào của kỳ này để bỏ.")
            for scope in gone:
                uow.audit.append("nil_revoked", scope, {})
        return Changes.of("nil", ids=gone)

    def _final(self, uow: UnitOfWork, form: Form, window: Window) -> int:
        return uow.records.count(form, states=("final",), window=(window.first, window.last))

    def undecided(self, regime_key: str, period_key: str) -> list[str]:
        """What stands as "chưa có số liệu": forms without any final record, else single indicators."""
        scopes = nil_scopes(self._context, self.compute(regime_key, period_key))
        return list(dict.fromkeys(scope for scope in scopes.values() if scope))


def nil_scopes(context: Context, figures: FigureSet) -> dict[str, str]:
    """Indicator key → what a person would confirm as "không phát sinh" for it: its form when that has no final record
    in the window, else the indicator itself; "" for a ratio, which follows from its parts. Only of what has no data.
    """
    catalog = context.catalog
    window = (figures.window.first, figures.window.last)
    waiting = [figure.indicator for figure in figures.figures if figure.state == "no_data" and figure.split is None]
    empty: dict[str, bool] = {}
    scopes: dict[str, str] = {}
    with context.store.read() as uow:
        for key in waiting:
            indicator = catalog.indicators[key]
            if indicator.optional:  # nobody is asked about it
                scopes[key] = ""
                continue
            form = source_form(catalog, indicator)
            if form is not None and form.key not in empty:
                empty[form.key] = not uow.records.count(form, states=("final",), window=window)
            if form is not None and empty[form.key]:
                scopes[key] = form.key
            else:
                scopes[key] = "" if indicator.kind is IndicatorKind.RATIO else key
    return scopes


class _Count:
    """All indicators over one window: own records of the units that sent no report, and the reports of the others.

    ``past``: the window a year earlier, where a report speaks through its figures' ``previous``, and where it does not,
    the reports of that year, by unit, speak for it.
    """

    def __init__(
        self,
        context: Context,
        uow: UnitOfWork,
        indicators: Sequence[Indicator],
        window: Window,
        own: tuple[str, ...],
        reports: Mapping[str, Mapping[str, Figure]],
        confirmed: frozenset[str],
        *,
        past: Mapping[str, list[tuple[str, Mapping[str, Figure]]]] | None = None,
    ) -> None:
        self._context = context
        self._uow = uow
        self._indicators = indicators
        self._window = window
        self._own = own
        self._reports = reports
        self._confirmed = confirmed
        self._past = past
        self._rows: dict[str, int] = {}
        self.parts: dict[str, dict[str, int]] = {}

    def all(self) -> dict[str, Measured]:
        """Indicator key → what was measured; ratios last, out of their measured parts."""
        result: dict[str, Measured] = {}
        for indicator in self._indicators:
            if indicator.kind is not IndicatorKind.RATIO:
                mine = self._mine(indicator)
                if self._reports:
                    mine = (
                        self._with_reports(indicator, mine)
                        if self._past is None
                        else self._earlier(indicator, mine, self._past)
                    )
                result[indicator.key] = mine
        for indicator in self._indicators:
            if indicator.kind is IndicatorKind.RATIO:
                result[indicator.key] = self._ratio(indicator, result)
        return result

    def _mine(self, indicator: Indicator) -> Measured:
        form = source_form(self._context.catalog, indicator)
        found = self._evaluate(indicator, form)
        if indicator.key in self._confirmed and not found.value:
            return Measured(rows=found.count_rows, nil_confirmed=True, state="nil")
        return Measured(
            value=found.value,
            splits=found.splits,
            numerator=found.numerator,
            denominator=found.denominator,
            rows=found.count_rows,
            source_rows=self._source_rows(form) if form else None,
            nil_confirmed=form is not None and form.key in self._confirmed,
            latest_on=found.latest_on,
        )

    def _evaluate(self, indicator: Indicator, form: Form | None) -> Evaluation:
        return self._over(indicator, form, self._units(indicator, form))

    def _over(self, indicator: Indicator, form: Form | None, units: tuple[str, ...]) -> Evaluation:
        first, last = self._window.first, self._window.last
        return self._uow.indicators.evaluate(indicator, form, first, last, units=units, catalog=self._context.catalog)

    def _units(self, indicator: Indicator, form: Form | None) -> tuple[str, ...]:
        """The units to count over. A state (``latest``) is that of the merged unit once it has one, else that of what
        went into it, by the roll-up rule: all of them, the newest, or none."""
        if indicator.kind is not IndicatorKind.LATEST:
            return self._own
        units = list(self._own)
        for unit in self._own:
            older = [key for key in self._uow.place_events.predecessors(unit) if key in units]
            if not older:
                continue
            kept: list[str] = []
            if not self._over(indicator, form, (unit,)).count_rows and indicator.rollup is not Rollup.NONE:
                kept = older
                if indicator.rollup is Rollup.LATEST:
                    days = {key: self._over(indicator, form, (key,)).latest_on or "" for key in older}
                    kept = [max(older, key=lambda key: days[key])]
            units = [key for key in units if key not in older or key in kept]
        return tuple(units)

    def _source_rows(self, form: Form) -> int:
        """Final records of the form in the window, of the units counted from records."""
        if form.key not in self._rows:
            window = (self._window.first, self._window.last)
            older = {key for unit in self._own for key in self._uow.place_events.predecessors(unit)}
            heads = [unit for unit in self._own if unit not in older]  # a unit is asked with its predecessors
            self._rows[form.key] = sum(
                self._uow.records.count(form, states=("final",), window=window, unit=unit) for unit in heads
            )
        return self._rows[form.key]

    def _with_reports(self, indicator: Indicator, mine: Measured) -> Measured:
        parts = [UnitFigure.from_figures(unit, indicator, figures) for unit, figures in self._reports.items()]
        measured, _ = consolidate_measured(indicator, mine, parts)
        if indicator.rollup is Rollup.SUM:
            told = {
                part.unit: part.figure.value or 0
                for part in parts
                if part.figure is not None
                and part.figure.state in ("value", "nil")
                and part.figure.definition_hash == indicator.definition_hash
            }
            self.parts[indicator.key] = {"": mine.value or 0, **told}
        return measured

    def _earlier(
        self, indicator: Indicator, mine: Measured, past: Mapping[str, list[tuple[str, Mapping[str, Figure]]]]
    ) -> Measured:
        """Last year's value: ours, and what the units' reports give as theirs (sums only); a unit that gives none, a
        merged one say, is restated from last year's reports."""
        if indicator.rollup is not Rollup.SUM:
            return mine
        told = []
        for unit, figures in self._reports.items():
            if indicator.key in figures:
                given = figures[indicator.key].previous
                parts = [(day, earlier.get(indicator.key)) for day, earlier in past.get(unit, ())]
                told.append(restate(indicator, parts) if given is None else given)
        known = [value for value in told if value is not None]
        if not known:
            return mine
        splits = dict(mine.splits)
        for figures in self._reports.values():
            for figure in figures.values():
                if figure.indicator == indicator.key and figure.split and figure.previous is not None:
                    splits[figure.split] = splits.get(figure.split, 0) + figure.previous
        return replace(mine, value=(mine.value or 0) + sum(known), splits=splits, rows=max(mine.rows, 1))

    def _ratio(self, indicator: Indicator, known: Mapping[str, Measured]) -> Measured:
        """A ratio is computed from the (consolidated) parts, never averaged over units."""
        top = known.get(indicator.numerator)
        bottom = known.get(indicator.denominator)
        if top is not None and bottom is not None:
            return Measured.ratio(indicator, top, bottom)
        found = self._evaluate(indicator, None)
        if top is not None and indicator.denominator in ("villages", "units"):
            # the units that sent a report count too: their part of the numerator does
            more = len(self._reports) if indicator.denominator == "units" else 0
            return Measured.ratio(indicator, top, Measured(value=(found.denominator or 0) + more, rows=1))
        return Measured(
            value=found.value, numerator=found.numerator, denominator=found.denominator, rows=found.count_rows
        )
