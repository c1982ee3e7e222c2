"""From figures to charts as values (DESIGN §8): what is drawn on screen and in the annex "Biểu đồ"."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..catalog.chart_model import ChartPlan
from ..kernel.text import squeeze
from .model import Annex, Chart, ChartSeries, Figure, ReportDocument

ANNEX = "charts"
ANNEX_TITLE = "Biểu đồ"
NOW, BEFORE = "Kỳ này", "Cùng kỳ năm trước"
_NOTE = "Biểu đồ vẽ từ số liệu của Báo cáo này; kỳ không có số liệu được để trống."
_FEWEST = 2
_MOST = 16  # bars of one chart

Past = Sequence[tuple[str, Mapping[str, int | None]]]
"""(name of a period, figure key → its value at the figure's scale), oldest first, up to the period before."""


def value_of(figure: Figure) -> int | None:
    """The value a chart shows: 0 for a confirmed nil, None where nobody knows."""
    return 0 if figure.state == "nil" else figure.value if figure.state == "value" else None


def make_charts(plans: Iterable[ChartPlan], figures: Sequence[Figure], period: str, past: Past) -> tuple[Chart, ...]:
    """The charts that have something to show; ``period``: the name of the period the figures are of."""
    made = (make_chart(plan, figures, period, past) for plan in plans)
    return tuple(chart for chart in made if chart is not None)


def make_chart(plan: ChartPlan, figures: Sequence[Figure], period: str, past: Past) -> Chart | None:
    """One chart; None when there are not two values to compare, or all are 0."""
    if plan.split:
        whole = next((item for item in figures if item.key == plan.split), None)
        shown = [item for item in figures if item.indicator == plan.split and item.split is not None]
        head = f"{whole.title}: " if whole else ""
        names = [item.title.removeprefix(head) for item in shown]
    else:
        by_key = {item.key: item for item in figures}
        shown = [by_key[key] for key in plan.figures if key in by_key]
        names = [item.title for item in shown]
    if not shown or len({item.scale for item in shown}) > 1:
        return None
    labels: tuple[str, ...]
    if plan.kind == "trend":
        labels = (*(name for name, _ in past), period)
        lines = [
            ChartSeries(squeeze(name), (*(values.get(item.key) for _, values in past), value_of(item)))
            for name, item in zip(names, shown, strict=True)
        ]
        series = tuple(line for line in lines if sum(value is not None for value in line.values) >= _FEWEST)
    else:
        # a choice nobody used, then and now, takes no room; of too many the largest stay
        pairs = [(name, item) for name, item in zip(names, shown, strict=True) if value_of(item) or item.previous]
        if len(pairs) > _MOST:
            largest = sorted(pairs, key=lambda pair: value_of(pair[1]) or 0, reverse=True)[:_MOST]
            pairs = [pair for pair in pairs if pair in largest]
        if plan.kind == "share":
            pairs = [pair for pair in pairs if value_of(pair[1])]
        labels = tuple(squeeze(name) for name, _ in pairs)
        series = (ChartSeries(NOW, tuple(value_of(item) for _, item in pairs)),)
        if plan.kind == "bar" and any(item.previous is not None for _, item in pairs):
            series = (*series, ChartSeries(BEFORE, tuple(item.previous for _, item in pairs)))
    if not series or not any(value for line in series for value in line.values):
        return None
    if plan.kind != "trend" and len(labels) < _FEWEST and len(series) < _FEWEST:
        return None
    unit, scale = shown[0].unit, shown[0].scale
    return Chart(plan.key, squeeze(plan.title), plan.kind, unit, scale, labels, series)


def charts_annex(charts: Sequence[Chart]) -> Annex:
    """The annex that holds ``charts``; it has no table."""
    return Annex(ANNEX, ANNEX_TITLE, (), (), note=_NOTE, charts=tuple(charts))


def with_charts(document: ReportDocument, charts: Sequence[Chart]) -> ReportDocument:
    """The document with ``charts`` in a last annex of their own."""
    return replace(document, annexes=(*document.annexes, charts_annex(charts)))
