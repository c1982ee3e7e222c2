"""Charts of the figures: of one indicator for the screen, of a whole report for its annex."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..catalog.chart_model import ChartPlan
from ..catalog.periods import parse_period
from ..kernel import vi
from ..render.charts import chart_svg
from ..reporting.charts import Past, make_chart, make_charts, value_of
from ..reporting.model import Chart
from ..store.store import UnitOfWork
from .context import Context
from .indicators import FigureSet, IndicatorService, year_before

_WIDTH = 560.0  # points; the screen scales it


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart for the screen: the drawing, and the same in words for those who cannot see it."""

    title: str
    svg: bytes = field(repr=False)
    words: str = ""


class ChartService:
    def __init__(self, context: Context, indicators: IndicatorService) -> None:
        self._context = context
        self._indicators = indicators

    def of_indicator(self, regime: str, period: str, indicator: str) -> tuple[ShownChart, ...]:
        """The charts of an indicator in a period: over the years, beside last year, by its choices."""
        with self._context.store.read() as uow:
            figures = self._indicators.compute_in(uow, regime, period)
            past = self._past(uow, figures)
        title = self._context.catalog.indicators[indicator].title
        plans = [ChartPlan("trend", title, "trend", (indicator,)), ChartPlan("bar", title, "bar", (indicator,))]
        if self._context.catalog.indicators[indicator].split:
            plans.append(ChartPlan("split", f"{title}, theo phân tổ", "bar", split=indicator))
        made = make_charts(plans, figures.figures, parse_period(period).title, past)
        if any(chart.kind == "trend" for chart in made):  # it shows last year too
            made = tuple(chart for chart in made if chart.key != "bar")
        return tuple(ShownChart(chart.title, chart_svg(chart, _WIDTH), words_of(chart)) for chart in made)

    def of_report(self, uow: UnitOfWork, figures: FigureSet) -> tuple[Chart, ...]:
        """The charts of the catalogue that have something to show in a report of these figures."""
        profile = self._context.office(uow).profile
        plans = [plan for plan in self._context.catalog.charts if not plan.profiles or profile in plan.profiles]
        past = self._past(uow, figures) if any(plan.kind == "trend" for plan in plans) else ()
        made = (make_chart(plan, figures.figures, parse_period(figures.period).title, past) for plan in plans)
        return tuple(chart for chart in made if chart is not None)

    def _past(self, uow: UnitOfWork, figures: FigureSet) -> Past:
        """The same period of the three years before: last year's as the figures have it, the others counted now."""
        period = parse_period(figures.period)
        if period.kind == "range":
            return ()
        last = parse_period(year_before(period))
        before = parse_period(year_before(last))
        first = parse_period(year_before(before))
        counted = self._indicators.compute_in(uow, figures.regime, before.key)
        oldest: Mapping[str, int | None] = {item.key: item.previous for item in counted.figures}
        older = {item.key: value_of(item) for item in counted.figures}
        known = {item.key: item.previous for item in figures.figures}
        found = [(first.title, oldest), (before.title, older), (last.title, known)]
        while found and not any(found[0][1].values()):  # the years before anything was recorded
            found.pop(0)
        return tuple(found)


def words_of(chart: Chart) -> str:
    """ "Kỳ này: Hồ sơ tiếp nhận 1.234; ...", for a screen reader."""
    parts = []
    for line in chart.series:
        said = (
            f"{label} {'chưa có số liệu' if value is None else vi.number(value, chart.scale)}"
            for label, value in zip(chart.labels, line.values, strict=True)
        )
        parts.append(f"{line.title}: {'; '.join(said)}")
    return ". ".join(parts) + "."
