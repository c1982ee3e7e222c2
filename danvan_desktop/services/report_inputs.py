"""What a report is made of: the figures, the rows of its annexes, the words of the one before, the rows that travel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from operator import itemgetter
from typing import Any

from ..catalog import privacy
from ..catalog.model import Form
from ..catalog.periods import Window, cycle_of, due_of, parse_period
from ..catalog.values import event_date
from ..reporting import editing
from ..reporting.draft import DraftInputs
from ..reporting.draft_values import PlanReference
from ..reporting.estimates import Estimate, with_estimates
from ..reporting.model import thaw
from ..store.rows import RecordRow
from ..store.store import UnitOfWork
from .charts import ChartService
from .context import Context
from .indicators import FigureSet, counting_reports
from .lists import open_texts
from .outlines import own_words
from .places import dated_names, names_on
from .report_examples import examples_of
from .scoring import scored
from .unit_returns import unit_rows


class ReportInputs:
    def __init__(self, context: Context, charts: ChartService) -> None:
        self._context = context
        self._charts = charts

    def of(
        self, uow: UnitOfWork, figures: FigureSet, estimates: tuple[Estimate, ...] = (), *, charts: bool = False
    ) -> DraftInputs:
        """Everything a draft is made of, out of the figures counted and of what is expected beside them.

        ``charts``: also what the annex "Biểu đồ" shows.
        """
        context = self._context
        regime = context.regime(figures.regime)
        period = parse_period(figures.period)
        cycle = cycle_of(regime, period) or regime.cycles[0]
        own = own_words(context, uow, cycle.outline, regime)
        plan = uow.plans.current(period.year)
        agencies = {agency.id: agency.name for agency in uow.agencies.list()}
        expected = with_estimates(figures.figures, estimates, context.catalog.indicators, figures.window.last)
        return DraftInputs(
            catalog=context.catalog,
            regime=own.regime,
            cycle=cycle,
            outline=own.outline,
            period=period,
            window=figures.window,
            due_on=due_of(regime, period),
            office=context.office(uow),
            signers=context.signers(uow),
            plan=PlanReference.from_body(plan.body) if plan else None,
            figures=expected,
            estimates=estimates,
            charts=self._charts.of_report(uow, replace(figures, figures=expected)) if charts else None,
            rows=self._annex_rows(uow, figures),
            examples=examples_of(context.catalog, uow, own.outline, figures),
            previous_manual=self._previous_manual(uow, figures),
            missing_units=tuple(agencies.get(unit, unit) for unit in figures.missing_units),
            units=unit_rows(context, uow, figures),
            scoring=scored(context, uow, period.year) if period.kind == "year" else None,
        )

    def _annex_rows(self, uow: UnitOfWork, figures: FigureSet) -> dict[str, list[dict[str, str]]]:
        """Form key → rows of display texts, oldest first, for the annexes of records."""
        context = self._context
        regime = context.regime(figures.regime)
        cycle = cycle_of(regime, parse_period(figures.period)) or regime.cycles[0]
        outline = context.catalog.outlines[cycle.outline]
        names = dated_names(uow)
        result: dict[str, list[dict[str, str]]] = {}
        for annex in outline.annexes:
            if annex.kind == "records":
                form = context.catalog.forms[annex.form]
                own = [
                    (str(record.event_date), _own_row(form, record, names))
                    for record in _final_records(uow, form, figures.window)
                    if record.unit not in figures.reported_units
                ]
                rows = sorted([*own, *self._reported_rows(uow, form, figures)], key=itemgetter(0))
                result[form.key] = [row for _, row in rows]
        return result

    def _reported_rows(self, uow: UnitOfWork, form: Form, figures: FigureSet) -> list[tuple[str, dict[str, str]]]:
        """(event day, display texts) of the open rows that came with the reports the figures were taken from."""
        result: list[tuple[str, dict[str, str]]] = []
        for unit, report in counting_reports(uow, figures.period).items():
            if unit in figures.reported_units:
                for row in thaw(report.document).rows.get(form.key, ()):
                    values = row["values"]
                    day = str(event_date(form, values) or "")
                    result.append((day, {"id": str(row["id"]), **open_texts(form, values, {})}))
        return result

    def _previous_manual(self, uow: UnitOfWork, figures: FigureSet) -> dict[str, str]:
        """What was written by hand in the newest frozen report of another period, to be reworked.

        A report on chosen task areas says nothing about the regular one, nor the other way round.
        """
        mine = parse_period(figures.period)
        rows = [
            row
            for row in uow.reports.list()
            if row.regime == figures.regime
            and row.period != figures.period
            and parse_period(row.period).areas == mine.areas
        ]
        for row in sorted(rows, key=lambda item: item.changed_at, reverse=True):
            frozen = uow.reports.frozen(row.id, row.revision)
            if frozen is not None:
                document = thaw(frozen.data)
                return {s.key: editing.plain_text(s.paragraphs) for s in document.sections if s.manual and s.paragraphs}
        return {}

    def open_rows(self, uow: UnitOfWork, window: Window) -> dict[str, list[dict[str, Any]]]:
        """Rows that travel: only forms with ``share_rows``, only their open values (DESIGN §8.8)."""
        result: dict[str, list[dict[str, Any]]] = {}
        for form in self._context.catalog.forms.values():
            if form.share_rows:
                rows = [
                    {"id": record.id, "unit": record.unit, "values": privacy.open_values(form, record.values)}
                    for record in _final_records(uow, form, window)
                ]
                if rows:
                    result[form.key] = rows
        return result


def _own_row(form: Form, record: RecordRow, names: Mapping[str, str]) -> dict[str, str]:
    """Open fields of a record, and what every record has: who did it and where, by the names of its day."""
    names = names_on(names, record.event_date)
    places = ", ".join(names.get(village, "") for village in record.villages)
    common = {"id": record.id, "unit": names.get(record.unit, ""), "villages": places}
    return {**common, **open_texts(form, record.values, names)}


def _final_records(uow: UnitOfWork, form: Form, window: Window) -> list[RecordRow]:
    filters: Mapping[str, Any] = {"states": ("final",), "window": (window.first, window.last)}
    total = uow.records.count(form, **filters)
    rows = uow.records.page(form, offset=0, limit=max(total, 1), sort="event_date", descending=False, **filters)
    return list(rows)
