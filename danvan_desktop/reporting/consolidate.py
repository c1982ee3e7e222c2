"""Many into one: which source a figure has, and how the figures of units become one (DESIGN §8.1, §8.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..catalog.model import Indicator, Rollup
from ..kernel import vi
from ..kernel.errors import Refused
from .figures import Measured, divide, state_of
from .model import Figure

SOURCES = ("report", "spreadsheet", "records", "declared", "missing")


@dataclass(frozen=True, slots=True)
class UnitFigure:
    """One unit's figure from its one source; ``figure`` None: the unit has sent and entered nothing.

    ``as_of`` (ISO date) orders figures of roll-up ``latest``: the end of the window, or the date of the value.
    """

    unit: str
    figure: Figure | None
    source: str = "missing"
    as_of: str = ""
    splits: Mapping[str, Figure] = field(default_factory=dict)

    @classmethod
    def from_figures(
        cls, unit: str, indicator: Indicator, figures: Mapping[str, Figure], as_of: str = ""
    ) -> UnitFigure:
        """What the accepted report of ``unit`` (its figures by key) says of ``indicator``, splits included."""
        splits = {item.split: item for item in figures.values() if item.indicator == indicator.key and item.split}
        figure = figures.get(indicator.key)
        return cls(unit, figure, "report" if figure else "missing", as_of, splits)


@dataclass(frozen=True, slots=True)
class Consolidated:
    """The figure of many units. ``state`` as in Figure; units in ``missing_units`` and ``flagged`` are not counted.

    ``flagged_hash_mismatch``: units whose figure was computed under another definition (never added).
    """

    key: str
    value: int | None
    state: str
    numerator: int | None
    denominator: int | None
    previous: int | None
    parts: tuple[UnitFigure, ...]
    missing_units: tuple[str, ...]
    flagged_hash_mismatch: tuple[str, ...]
    source: str
    estimate: bool = False

    def figure(self, blank: Figure, *, target: int | None = None, footnote: str | None = None) -> Figure:
        """The figure for a report; ``blank`` gives key, title, unit and scale (figures.blank_figure)."""
        return replace(
            blank,
            value=self.value,
            state=self.state,
            numerator=self.numerator,
            denominator=self.denominator,
            previous=self.previous,
            source=self.source,
            estimate=self.estimate,
            target=target,
            footnote=footnote,
        )


def choose_source(available: Mapping[str, Figure | None], preferred: str | None = None) -> tuple[str, Figure | None]:
    """``(source, figure)`` of one indicator, unit and period: exactly one, never two added (DESIGN §8.2).

    ``available``: source → figure, or None. The order is report (accepted), spreadsheet, records, declared;
    a figure without data is passed over while another source has one. ``preferred`` is a person's recorded switch.
    Raises Refused ``source_unknown``, ``source_empty``.
    """
    if preferred is not None:
        if preferred not in SOURCES[:-1]:
            raise Refused("source_unknown", f"Không có nguồn số liệu “{preferred}”. Số liệu giữ nguyên như trước.")
        chosen = available.get(preferred)
        if chosen is None:
            raise Refused(
                "source_empty", "Nguồn đã chọn không có số liệu cho chỉ tiêu này. Hãy chọn nguồn khác; chưa đổi gì."
            )
        return preferred, replace(chosen, source=preferred)
    present = [(source, figure) for source in SOURCES[:-1] if (figure := available.get(source)) is not None]
    # an accepted report stands even where it says "no data": its unit has answered for the period
    for source, figure in present:
        if source == "report" or figure.state != "no_data":
            return source, replace(figure, source=source)
    if present:
        return present[0][0], replace(present[0][1], source="missing")
    return "missing", None


def consolidate(indicator: Indicator, parts: Iterable[UnitFigure], key: str | None = None) -> Consolidated:
    """One figure out of the units' figures by the indicator's roll-up rule.

    sum: values added (nil is 0); latest: the value with the greatest ``as_of``; weighted: numerators and
    denominators added, then divided; none: never added (state
    ``undefined`` where several units have some). ``key``: a split's figure key.
    """
    ordered = tuple(parts)
    missing: list[str] = []
    flagged: list[str] = []
    counted: list[tuple[UnitFigure, Figure]] = []
    for part in ordered:
        figure = part.figure
        if figure is None or figure.state == "no_data" or part.source == "missing":
            missing.append(part.unit)
        elif figure.definition_hash != indicator.definition_hash:
            flagged.append(part.unit)
        else:
            counted.append((part, figure))
    value, state, numerator, denominator = _rolled(indicator, counted)
    sources = {part.source for part, _ in counted}
    return Consolidated(
        key=key or indicator.key,
        value=value,
        state=state,
        numerator=numerator,
        denominator=denominator,
        previous=_previous(indicator, [figure for _, figure in counted]),
        parts=ordered,
        missing_units=tuple(missing),
        flagged_hash_mismatch=tuple(flagged),
        source=sources.pop() if len(sources) == 1 else "mixed" if sources else "missing",
        estimate=any(figure.estimate for _, figure in counted),
    )


_Rolled = tuple[int | None, str, int | None, int | None]


def _rolled(indicator: Indicator, counted: Sequence[tuple[UnitFigure, Figure]]) -> _Rolled:
    if not counted:
        return None, "no_data", None, None
    figures = [figure for _, figure in counted]
    if indicator.rollup is Rollup.NONE:
        speaking = [item for item in figures if item.value]
        if len(speaking) > 1 or any(item.state == "undefined" for item in figures):
            return None, "undefined", None, None
        # what only one unit has needs no adding: the other units' zeros change nothing
        only = speaking[0] if speaking else next((item for item in figures if item.state == "value"), figures[0])
        return only.value, only.state, only.numerator, only.denominator
    if indicator.rollup is Rollup.LATEST:
        figure = max(counted, key=lambda item: item[0].as_of)[1]
        return figure.value, figure.state, figure.numerator, figure.denominator
    if indicator.rollup is Rollup.WEIGHTED:
        with_parts = [item for item in figures if item.denominator is not None and item.numerator is not None]
        if not with_parts:
            return None, "nil" if all(item.state == "nil" for item in figures) else "undefined", None, None
        top = sum(item.numerator or 0 for item in with_parts)
        bottom = sum(item.denominator or 0 for item in with_parts)
        if bottom == 0:
            return None, "undefined", top, bottom
        return divide(top, bottom, indicator.scale, percent=indicator.unit == "%"), "value", top, bottom
    values = [item.value for item in figures if item.state == "value" and item.value is not None]
    if not values:
        return None, "nil" if any(item.state == "nil" for item in figures) else "undefined", None, None
    return sum(values), "value", None, None


def _previous(indicator: Indicator, figures: Sequence[Figure]) -> int | None:
    """The same period last year: only sums have one, and only when every counted unit has."""
    if indicator.rollup is not Rollup.SUM or not figures or any(item.previous is None for item in figures):
        return None
    return sum(item.previous or 0 for item in figures)


def consolidate_measured(
    indicator: Indicator, mine: Measured, parts: Iterable[UnitFigure], *, own_unit: str = ""
) -> tuple[Measured, Consolidated]:
    """Our own records (``mine``: the units that sent no report) and the reports of the others, as one measure.

    The measure carries its state, so figures.make_figures takes it as it is; splits are rolled up like totals.
    """
    others = tuple(parts)
    state, value = state_of(mine, indicator)
    whole: list[UnitFigure] = list(others)
    if state != "no_data" or not others:
        own = Figure(
            key=indicator.key,
            indicator=indicator.key,
            definition_hash=indicator.definition_hash,
            title=indicator.title,
            unit=indicator.unit,
            value=value,
            state=state,
            numerator=mine.numerator,
            denominator=mine.denominator,
            estimate=mine.estimate,
        )
        split_values = mine.splits if state == "value" else {}
        splits = {key: replace(own, split=key, value=item) for key, item in split_values.items()}
        whole.insert(0, UnitFigure(own_unit, own, mine.source, mine.latest_on or "", splits))
    total = consolidate(indicator, whole)
    rolled: dict[str, int] = {}
    for key in sorted({key for part in whole for key in part.splits}):
        of_split = [replace(part, figure=part.splits.get(key)) for part in whole]
        found = consolidate(indicator, of_split, f"{indicator.key}/{key}").value
        if found is not None:
            rolled[key] = found
    other = len(total.flagged_hash_mismatch)
    measured = Measured(
        value=total.value,
        splits=rolled,
        numerator=total.numerator,
        denominator=total.denominator,
        rows=mine.rows,
        source=total.source,
        estimate=total.estimate,
        state=total.state,
        reason=mine.reason,
        footnote=f"chưa cộng {vi.count(other)} đơn vị tính theo định nghĩa khác" if other else mine.footnote,
    )
    return measured, total
