"""Counting one window: own records of the units that sent no report, and the reports of the others (DESIGN §8.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from ..catalog.model import Form, Indicator, IndicatorKind, Rollup
from ..catalog.own_facts import SOURCES as OWN_FACTS
from ..catalog.periods import Period, Window
from ..reporting.consolidate import UnitFigure, consolidate_measured
from ..reporting.figures import Measured, source_form, state_of
from ..reporting.model import Figure
from ..reporting.restate import restate
from ..store.indicators import Evaluation
from ..store.store import UnitOfWork
from .context import Context
from .declared import DeclaredFigures
from .own_facts import OwnFacts


class Count:
    """All indicators over one window: own records of the units that sent no report, and the reports of the others.

    ``past``: the window a year earlier, where a report speaks through its figures' ``previous``, and where it does not,
    the reports of that year, by unit, speak for it.
    """

    def __init__(
        self,
        context: Context,
        uow: UnitOfWork,
        indicators: Sequence[Indicator],
        period: Period,
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
        self._declared = DeclaredFigures(context.catalog, uow, window, own)
        self._facts = OwnFacts(context, uow, period, window, past=past is not None)
        self.parts: dict[str, dict[str, int]] = {}

    def all(self) -> dict[str, Measured]:
        """Indicator key → what was measured; ratios last, out of their measured parts."""
        result: dict[str, Measured] = {}
        for indicator in self._indicators:
            if indicator.kind is not IndicatorKind.RATIO:
                if indicator.source in OWN_FACTS:  # of this office alone
                    result[indicator.key] = self._facts.measured(indicator)
                    continue
                mine = self._declared.added(indicator, self._mine(indicator))
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
        nothing = nothing_of(indicator) if form is not None and form.key not in self._ever else None
        if nothing is not None:  # most forms of a small office are empty
            return nothing
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
        return self._in_window.get(form.key, 0)

    @cached_property
    def _in_window(self) -> Mapping[str, int]:
        """Form → final records in the window, of the units counted and what went into them."""
        return self._uow.indicators.forms_used(self._window.first, self._window.last, self._places)

    @cached_property
    def _ever(self) -> Mapping[str, int]:
        """Form → final records of any time."""
        return self._uow.indicators.forms_used(date.min, date.max, self._places)

    @cached_property
    def _places(self) -> set[str]:
        return {*self._own, *(key for unit in self._own for key in self._uow.place_events.predecessors(unit))}

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
        if top is not None and indicator.denominator == "units" and self._reports and self._past is None:
            return self._of_units(indicator, top, found.denominator or 0)
        if top is not None and indicator.denominator == "units" and self._reports:
            units = (found.denominator or 0) + self._units_a_year_ago(indicator)
            return Measured.ratio(indicator, top, Measured(value=units, rows=1))
        if top is not None and indicator.denominator in ("villages", "units"):
            return Measured.ratio(indicator, top, Measured(value=found.denominator or 0, rows=1))
        return Measured(
            value=found.value, numerator=found.numerator, denominator=found.denominator, rows=found.count_rows
        )

    def _units_a_year_ago(self, indicator: Indicator) -> int:
        """The units of the offices that tell of the year before: as many as they have now, else one each."""
        count = 0
        for figures in self._reports.values():
            told, upper = figures.get(indicator.key), figures.get(indicator.numerator)
            if upper is not None and upper.previous is not None:
                count += (told.denominator if told is not None else None) or 1
        return count

    def _of_units(self, indicator: Indicator, top: Measured, own_units: int) -> Measured:
        """A share of units where some sent a report: each report brings its own numerator and its own number of units
        (an office above counts agencies, not offices); one that does not tell counts as one unit."""
        upper = self._context.catalog.indicators[indicator.numerator]
        if state_of(top, upper)[0] not in ("value", "nil"):
            return Measured.ratio(indicator, top, Measured(value=own_units + len(self._reports), rows=1))
        own = self._declared.added(upper, self._mine(upper))
        numerator, denominator = own.value or 0, own_units
        for figures in self._reports.values():
            told, part = figures.get(indicator.key), figures.get(upper.key)
            same = part is not None and part.definition_hash == upper.definition_hash
            whole = told.denominator if told is not None and told.definition_hash == indicator.definition_hash else None
            numerator += (part.value or 0) if part is not None and same else 0
            denominator += whole or 1
        bottom = Measured(value=denominator, rows=1, source=top.source)
        return Measured.ratio(indicator, replace(top, value=numerator), bottom)


def nothing_of(indicator: Indicator) -> Evaluation | None:
    """What ``indicator`` is where its form has no final record at all; None where other things than records decide."""
    match indicator.kind:
        case _ if indicator.also:
            return None
        case IndicatorKind.RATIO | IndicatorKind.MONTHS_MEETING_MINIMUM:
            return None
        case IndicatorKind.LATEST:
            return Evaluation(None, 0)
        case IndicatorKind.WITHIN_TERM:
            return Evaluation(None if indicator.unit == "%" else 0, 0, 0, 0)
        case _:
            return Evaluation(0, 0)
