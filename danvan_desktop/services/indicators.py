"""The indicators of a period: one source per figure, with the records behind each number (DESIGN §8.1–8.4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ..catalog.model import Form, IndicatorKind
from ..catalog.own_facts import SOURCES as OWN_FACTS
from ..catalog.periods import Period, Window, parse_period, window_of
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..reporting.figures import make_figures, source_form
from ..reporting.model import Figure, thaw
from ..store.exchange import ReceivedReport
from ..store.store import UnitOfWork
from .context import Context
from .declared import DeclaredFigures
from .indicator_count import Count


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
            if item.concerns(office.profile) and (only is None or item.key in only)
        ]
        reports = self._reports_of_units(uow, period.key)
        own = self.own_units(uow, period.key)
        confirmed = self._confirmed(uow, window)
        counted = Count(context, uow, indicators, period, window, own, reports, confirmed)
        told = self._reports_a_year_ago(uow, period) if reports else {}
        earlier = parse_period(year_before(period)) if period.kind != "range" else period
        before = Count(context, uow, indicators, earlier, window.back_one_year(), own, reports, frozenset(), past=told)
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
        return tuple(counting_reports(uow, period))

    def own_units(self, uow: UnitOfWork, period: str) -> tuple[str, ...]:
        """The units that are counted from our own records in the period: the active ones, and what went into them by a
        merge, so that the records of before stay counted."""
        reported = counting_reports(uow, period)
        own = [agency.id for agency in uow.agencies.list(active=True) if agency.id not in reported]
        older = [key for unit in own for key in uow.place_events.predecessors(unit) if key not in reported]
        return tuple(dict.fromkeys([*own, *older]))

    def missing_units(self, uow: UnitOfWork, period: str) -> tuple[str, ...]:
        """The active units that owe a report of the period which is not accepted yet."""
        links = uow.settings.get("office_units", {})
        expected = set(links.values()) if isinstance(links, dict) else set()
        reported = counting_reports(uow, period)
        active = (agency.id for agency in uow.agencies.list(active=True))
        return tuple(unit for unit in active if unit in expected and unit not in reported)

    def _reports_of_units(self, uow: UnitOfWork, period: str) -> dict[str, dict[str, Figure]]:
        """Unit → figures of its current accepted report: the first choice of source (DESIGN §8.2)."""
        rows = counting_reports(uow, period).items()
        return {unit: {figure.key: figure for figure in thaw(row.document).figures} for unit, row in rows}

    def _reports_a_year_ago(self, uow: UnitOfWork, period: Period) -> dict[str, list[tuple[str, Mapping[str, Figure]]]]:
        """Unit → (last day, figures) of last year's accepted reports of its predecessors, or of itself."""
        if period.kind == "range":
            return {}
        key = year_before(period)
        documents = {unit: thaw(row.document) for unit, row in counting_reports(uow, key).items()}
        found: dict[str, list[tuple[str, Mapping[str, Figure]]]] = {}
        for unit in counting_reports(uow, period.key):
            places = [place for place in uow.place_events.predecessors(unit) if place in documents] or [unit]
            found[unit] = [
                (documents[place].window_to, {item.key: item for item in documents[place].figures})
                for place in places
                if place in documents
            ]
        return found

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
        declared = DeclaredFigures(context.catalog, uow, window, own)
        for key in figure_keys:
            self._behind(uow, window, own, key, found, declared)
        return {key: found[key] for key in figure_keys}

    def _behind(
        self,
        uow: UnitOfWork,
        window: Window,
        own: tuple[str, ...],
        figure_key: str,
        found: dict[str, list[str]],
        declared: DeclaredFigures,
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
            ids = [record for part in parts for record in self._behind(uow, window, own, part, found, declared)]
            found[figure_key] = list(dict.fromkeys(ids))
        elif indicator.source in OWN_FACTS:  # no records stand behind these
            found[figure_key] = []
        else:
            form = source_form(catalog, indicator)
            found[figure_key] = uow.indicators.record_ids(
                indicator, form, window.first, window.last, units=own, split=split or None, catalog=catalog
            )
            if not split:
                found[figure_key] += [item.record_id for many in declared.of(indicator).values() for item in many]
        return found[figure_key]

    def confirm_nil(self, regime_key: str, period_key: str, *scopes: str) -> Changes:
        """A person says: nothing of these forms, or of these indicators, happened in the period (DESIGN §8.4).

        Raises Refused ``not_nil`` when a form has final records or an indicator has a value, ``unknown_indicator``.
        """
        context = self._context
        context.require("record")
        window = window_of(context.regime(regime_key), parse_period(period_key))
        values = self._values(regime_key, period_key, [key for key in scopes if key in context.catalog.indicators])
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

    def _values(self, regime_key: str, period_key: str, keys: list[str]) -> dict[str, int | None]:
        """Indicator → its value in the period; a ratio stands on others, and then all are counted."""
        if not keys:
            return {}
        ratio = any(self._context.catalog.indicators[key].kind is IndicatorKind.RATIO for key in keys)
        with self._context.store.read() as uow:
            found = self.compute_in(uow, regime_key, period_key, only=None if ratio else keys)
        return {item.key: item.value for item in found.figures}

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


def counting_reports(uow: UnitOfWork, period: str) -> dict[str, ReceivedReport]:
    """Unit → its current accepted report, the newest where an office took the place of another; not yet read.

    For a report on chosen areas a unit that sent none of its own has answered with its regular report of these days.
    """
    keys = dict.fromkeys((parse_period(period).base, period))
    rows = [row for key in keys for row in uow.received.list(period=key)]
    return {row.unit: row for row in rows if row.current and row.state == "accepted" and row.unit}


def year_before(period: Period) -> str:
    """The key of the same period a year earlier (of every kind but ``range``)."""
    return period.key.replace(str(period.year), str(period.year - 1), 1)


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
