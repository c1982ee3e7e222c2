"""What is expected of the rest of the year, beside what was counted: "ước thực hiện cả năm" (NĐ 09/2019 practice).

The annual report is sent before the year is over. A person types how much more is expected from the end of the data
window to 31/12; the figure then prints "ước ..." with both parts in its footnote. Nothing is ever extrapolated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from ..catalog.model import Indicator, IndicatorKind
from ..kernel import vi
from .figures import divide, number_text
from .model import Figure

_COUNTED = (IndicatorKind.COUNT, IndicatorKind.SUM)


@dataclass(frozen=True, slots=True)
class Estimate:
    """``more``: what is expected after the window's end until 31/12, an integer at the figure's scale, above 0."""

    figure: str
    more: int


def may_be_estimated(indicator: Indicator | None, figure: Figure) -> bool:
    """Whether a rest of the year can be added to the figure: a number or a sum of which something is known."""
    counted = indicator is not None and indicator.kind in _COUNTED
    return counted and figure.split is None and figure.state in ("value", "nil")


def with_estimates(
    figures: Iterable[Figure],
    estimates: Iterable[Estimate],
    indicators: Mapping[str, Indicator],
    window_to: date,
) -> tuple[Figure, ...]:
    """The counted ``figures`` with what is expected; a ratio of estimated numbers is worked out from them.

    The parts of a split stay as counted: nobody has said where the rest will fall.
    """
    expected = {item.figure: item.more for item in estimates}
    result = {item.key: item for item in figures}
    if not expected:
        return tuple(result.values())
    for key, more in expected.items():
        figure = result.get(key)
        if figure is not None and may_be_estimated(indicators.get(figure.indicator), figure):
            result[key] = _with_rest(figure, more, window_to)
    for key, figure in result.items():
        indicator = indicators.get(figure.indicator)
        if indicator is not None and indicator.kind is IndicatorKind.RATIO and figure.state == "value":
            result[key] = _ratio(figure, indicator, result)
    return tuple(result.values())


def _with_rest(figure: Figure, more: int, window_to: date) -> Figure:
    done = figure.value or 0
    said = (
        f"đã thực hiện {number_text(done, figure.scale)} tính đến ngày {vi.day(window_to)}, "
        f"ước thêm {number_text(more, figure.scale)} đến ngày {vi.day(date(window_to.year, 12, 31))}"
    )
    footnote = f"{figure.footnote.rstrip('.')}; {said}" if figure.footnote else said
    return replace(figure, value=done + more, state="value", estimate=True, footnote=footnote)


def _ratio(figure: Figure, indicator: Indicator, known: Mapping[str, Figure]) -> Figure:
    parts = [known.get(key) for key in (indicator.numerator, indicator.denominator)]
    if not any(item is not None and item.estimate for item in parts):
        return figure
    top, bottom = (
        item.value if item is not None and item.estimate else counted
        for item, counted in zip(parts, (figure.numerator, figure.denominator), strict=True)
    )
    if top is None or not bottom:
        return figure
    value = divide(top, bottom, figure.scale, percent=figure.unit == "%")
    return replace(figure, value=value, numerator=top, denominator=bottom, estimate=True)
