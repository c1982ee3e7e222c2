"""Cross-checks of a period's numbers: the facts gathered, the catalogue's checks run (DOMAIN §8.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from ..catalog.model import Check
from ..catalog.periods import Period, month_end, parse_period, window_of
from ..kernel import clock
from ..reporting.checks import Facts, Finding, MonthCount, Twin, applies, run_checks
from ..reporting.draft_values import ReportDraft
from ..reporting.figures import source_form
from ..reporting.model import Figure, thaw
from ..store.store import UnitOfWork
from .context import Context
from .indicators import FigureSet, IndicatorService

_SHORTER = ("", "-9M", "-H1", "-Q1", "-Q2", "-Q3", "-Q4", *(f"-{month:02d}" for month in range(1, 13)))
_MOST_TWINS = 50


class CheckService:
    """Facts are kept until a record, a report or a package changes: a section typed costs no counting."""

    def __init__(self, context: Context, indicators: IndicatorService) -> None:
        self._context = context
        self._indicators = indicators
        self._kept: dict[tuple[str, str], tuple[tuple[int, int], Facts]] = {}

    def run(self, regime_key: str, period_key: str) -> tuple[Finding, ...]:
        """What the checks find in the numbers of a period as they stand now, without a report."""
        with self._context.store.read() as uow:
            found = self._indicators.compute_in(uow, regime_key, period_key)
            facts = self._facts(uow, regime_key, period_key, found)
            return self._run(uow, found.figures, facts, period_key, None)

    def of_draft(self, uow: UnitOfWork, draft: ReportDraft) -> tuple[Finding, ...]:
        """What the checks find in a draft: its numbers, its words."""
        mark = uow.facts.mark()
        key = (draft.regime, draft.period)
        known = self._kept.get(key)
        if known is None or known[0] != mark:
            known = self._kept[key] = (mark, self._facts(uow, *key, None))
        return self._run(uow, draft.figures, known[1], draft.period, draft)

    def _run(
        self, uow: UnitOfWork, figures: tuple[Figure, ...], facts: Facts, period: str, draft: ReportDraft | None
    ) -> tuple[Finding, ...]:
        return run_checks(
            self._context.catalog,
            figures,
            facts,
            profile=self._context.office(uow).profile,
            period_kind=parse_period(period).kind,
            draft=draft,
        )

    # -- facts ----------------------------------------------------------------------------------

    def _facts(self, uow: UnitOfWork, regime_key: str, period_key: str, found: FigureSet | None) -> Facts:
        context = self._context
        period = parse_period(period_key)
        regime = context.regime(regime_key)
        window = window_of(regime, period)
        profile = context.office(uow).profile
        checks = [item for item in context.catalog.checks if applies(item, profile, period.kind)]
        reports = self._indicators.reported_units(uow, period.key)
        if found is None and reports:
            found = self._indicators.compute_in(uow, regime_key, period_key)
        own = self._indicators.own_units(uow, period.key)
        names = {agency.id: agency.name for agency in uow.agencies.list()}
        missing = found.missing_units if found else self._indicators.missing_units(uow, period.key)
        first, last = window.first, window.last
        facts = Facts(parts=found.parts if found else {}, missing_units=tuple(names.get(key, key) for key in missing))
        indicators, catalog = context.catalog.indicators, context.catalog
        today = clock.today(context.clock)
        months = {}
        for key in _named(checks, "months_minimum"):
            form = source_form(catalog, indicators[key])
            rows = uow.indicators.months_of(indicators[key], form, first, last, units=own, catalog=catalog)
            ended = [row for row in rows if month_end(row[0], row[1]) <= today]  # a month still running may be made up
            months[key] = tuple(MonthCount(*row) for row in ended)
        unproven = {}
        for key in _named(checks, "evidence"):
            form = source_form(catalog, indicators[key])
            unproven[key] = uow.facts.without_evidence(indicators[key], form, first, last, units=own)
        twins = [
            twin for item in checks if item.kind == "activity_once"
            for twin in self._twins(uow, item, own, first, last)
        ]  # fmt: skip
        facts = replace(facts, months=months, unproven=unproven, twins=tuple(twins))
        return self._with_earlier(uow, regime_key, period, checks, facts)

    def _with_earlier(
        self, uow: UnitOfWork, regime_key: str, period: Period, checks: list[Check], facts: Facts
    ) -> Facts:
        regime = self._context.regime(regime_key)
        window = window_of(regime, period)
        if any(item.kind == "cumulative" for item in checks):
            half = parse_period(f"{period.year}-H1")
            if window_of(regime, half).first == window.first:
                frozen = self._frozen(uow, regime_key, half)
                facts = replace(facts, half_year=frozen, half_year_title=half.title)
        opening = [item for item in checks if item.kind == "opening_equals_closing"]
        before = self._period_before(regime_key, period)
        if opening and before is not None:
            figures = self._frozen(uow, regime_key, before)
            if not figures:
                keys = {key.partition("/")[0] for item in opening for key in item.right}
                counted = self._indicators.compute_in(uow, regime_key, before.key, only=keys)
                figures = {item.key: item for item in counted.figures}
            facts = replace(facts, earlier=figures, earlier_title=before.title)
        return facts

    def _period_before(self, regime_key: str, period: Period) -> Period | None:
        """The longest period of the regime whose window ends on the day before this one begins."""
        regime = self._context.regime(regime_key)
        wanted = window_of(regime, period).first - timedelta(days=1)
        for year in (period.year, period.year - 1):
            for name in _SHORTER:
                candidate = parse_period(f"{year}{name}")
                if regime.cycle(candidate.kind) is not None and window_of(regime, candidate).last == wanted:
                    return candidate
        return None

    def _frozen(self, uow: UnitOfWork, regime_key: str, period: Period) -> Mapping[str, Figure]:
        rows = [row for row in uow.reports.list() if row.regime == regime_key and row.period == period.key]
        for row in sorted(rows, key=lambda item: item.revision, reverse=True):
            frozen = uow.reports.frozen(row.id, row.revision)
            if frozen is not None:
                return {item.key: item for item in thaw(frozen.data).figures}
        return {}

    def _twins(self, uow: UnitOfWork, check: Check, own: tuple[str, ...], first: date, last: date) -> list[Twin]:
        """Records of different areas, of one unit and day, with the same number of people."""
        forms = self._context.catalog.forms
        seen: dict[tuple[str, date, int], list[tuple[str, str]]] = {}
        found: list[Twin] = []
        for activity in check.activities:
            form = forms[activity.form]
            for record_id, unit, day, people in uow.facts.activities(form.key, activity.people, first, last, units=own):
                same = seen.setdefault((unit, day, people), [])
                for other_id, other in same:
                    if forms[other].area != form.area and len(found) < _MOST_TWINS:
                        found.append(Twin(other_id, record_id, forms[other].title, form.title, day, people))
                same.append((record_id, form.key))
        return found


def _named(checks: list[Check], kind: str) -> list[str]:
    """The indicators that the checks of a kind name."""
    return list(dict.fromkeys(key for item in checks if item.kind == kind for key in item.indicators))
