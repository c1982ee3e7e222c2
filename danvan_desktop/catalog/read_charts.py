"""Reading ``[[chart]]`` tables."""

from __future__ import annotations

from collections.abc import Mapping

from .chart_model import KINDS, ChartPlan
from .model import Indicator
from .read_forms import PROFILES
from .reader import Table

_MOST_LINES = 3


def read_chart(table: Table, indicators: Mapping[str, Indicator]) -> ChartPlan:
    """One ``[[chart]]``: figures of one unit, or one indicator that is split."""
    chart = ChartPlan(
        key=table.key(),
        title=table.text("title"),
        kind=table.word("kind", KINDS),
        figures=table.texts("figures", ()),
        split=table.text("split", "", empty=True),
        profiles=table.texts("profiles", ()),
    )
    table.finish()
    if bool(chart.figures) == bool(chart.split):
        table.fail("figures", "cần nêu các chỉ tiêu, hoặc một chỉ tiêu có phân tổ")
    for key in (*chart.figures, *([chart.split] if chart.split else [])):
        if key not in indicators:
            table.fail("figures", f"không có chỉ tiêu “{key[:60]}”")
    if chart.split and not indicators[chart.split].split:
        table.fail("split", "chỉ tiêu này không có phân tổ")
    if chart.kind == "trend" and (chart.split or len(chart.figures) > _MOST_LINES):
        table.fail("kind", f"biểu đồ xu hướng cần từ 1 đến {_MOST_LINES} chỉ tiêu")
    if len({indicators[key].unit for key in chart.figures}) > 1:
        table.fail("figures", "các chỉ tiêu của một biểu đồ phải cùng đơn vị tính")
    if any(name not in PROFILES for name in chart.profiles):
        table.fail("profiles", "không có loại cơ quan này")
    return chart
