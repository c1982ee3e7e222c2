"""Declared figures: what an indicator of a unit was where nothing else tells it (DESIGN §8.2)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from ..catalog.declared import DeclaredPart
from ..catalog.model import Catalog, Form, Indicator, IndicatorKind, Rollup
from ..catalog.periods import Window
from ..reporting.consolidate import UnitFigure, consolidate_measured
from ..reporting.figures import Measured, blank_figure, divide, source_form
from ..reporting.model import Figure
from ..store.rows import RecordRow
from ..store.store import UnitOfWork

_MANY = 10_000
_IN_PART = "trong đó có số liệu khai báo"


@dataclass(frozen=True, slots=True)
class Declared:
    """One declaration that lies in the window. ``value`` at the figure's scale; None: "không phát sinh"."""

    record_id: str
    unit: str
    first: date
    last: date
    value: int | None


class DeclaredFigures:
    """The declarations of a window by units that sent no report. Whether they may speak is asked per unit: not where
    the unit has a final record of the indicator's form in the window, or one that the indicator counts."""

    def __init__(self, catalog: Catalog, uow: UnitOfWork, window: Window, units: tuple[str, ...]) -> None:
        self._catalog = catalog
        self._uow = uow
        self._window = window
        self._units = units
        self._found = self._read()

    def _read(self) -> dict[str, list[Declared]]:
        found: dict[str, list[Declared]] = {}
        for part in self._catalog.declared:
            form = self._catalog.forms[part.form]
            for row in _rows(self._uow, form, self._window):
                said = self._said(part, form, row)
                if said is not None and row.unit in self._units:
                    found.setdefault(str(row.values[part.indicator]), []).append(said)
        return found

    def _said(self, part: DeclaredPart, form: Form, row: RecordRow) -> Declared | None:
        indicator = self._catalog.indicators.get(str(row.values.get(part.indicator)))
        try:
            first = date.fromisoformat(str(row.values.get(part.first)))
        except ValueError:
            return None
        if indicator is None or row.event_date is None or not self._window.first <= first <= row.event_date:
            return None
        value = row.values.get(part.value)
        if isinstance(value, int):
            scale = blank_figure(self._catalog, indicator).scale
            value = divide(value * 10**scale, 10 ** form.field(part.value).scale)
            return Declared(row.id, row.unit, first, row.event_date, value)
        if row.values.get(part.state) == part.nil:
            return Declared(row.id, row.unit, first, row.event_date, None)
        return None

    def of(self, indicator: Indicator) -> dict[str, list[Declared]]:
        """Unit → the declarations that make its figure (several only of sums, for spans that do not overlap)."""
        by_unit: dict[str, list[Declared]] = {}
        for said in self._found.get(indicator.key, ()):
            by_unit.setdefault(said.unit, []).append(said)
        return {unit: _kept(indicator, many) for unit, many in by_unit.items() if not self._recorded(indicator, unit)}

    def _recorded(self, indicator: Indicator, unit: str) -> bool:
        form = source_form(self._catalog, indicator)
        window = (self._window.first, self._window.last)
        if form is None or self._uow.records.count(form, states=("final",), window=window, unit=unit):
            return form is not None
        counted = self._uow.indicators.evaluate(
            indicator, form, *window, units=(unit,), catalog=self._catalog
        )  # records of before the window that still count, as with what is open at its end
        return counted.count_rows > 0

    def added(self, indicator: Indicator, mine: Measured) -> Measured:
        """``mine``, our own records, with what other units declared; the source says so."""
        spoken = self.of(indicator)
        if not spoken:
            return mine
        parts = [UnitFigure(unit, _figure(self._catalog, indicator, many), "declared", many[0].last.isoformat())
                 for unit, many in spoken.items()]  # fmt: skip
        measured, _ = consolidate_measured(indicator, mine, parts)
        shared = measured.source == "mixed"
        return Measured(
            value=measured.value,
            splits=measured.splits,
            rows=max(measured.rows, len(spoken)),
            source=measured.source,
            estimate=measured.estimate,
            state=measured.state,
            reason=measured.reason,
            footnote=_IN_PART if shared else measured.footnote,
            latest_on=max([mine.latest_on or "", *(part.as_of for part in parts)]) or None,
        )


def _rows(uow: UnitOfWork, form: Form, window: Window) -> Iterator[RecordRow]:
    days = (window.first, window.last)
    yield from uow.records.page(form, offset=0, limit=_MANY, states=("final",), window=days)


def _kept(indicator: Indicator, many: list[Declared]) -> list[Declared]:
    """A state is the newest one; a sum is made of spans that do not overlap, the longest first; of what cannot be
    added the longest span speaks. Of equals the one with the later day, then the one entered last."""
    if indicator.kind is IndicatorKind.LATEST:
        return [max(many, key=lambda item: (item.last, item.record_id))]
    order = sorted(many, key=lambda item: (item.last - item.first, item.last, item.record_id), reverse=True)
    kept = order[:1]
    for item in order[1:] if indicator.rollup is Rollup.SUM and indicator.kind is not IndicatorKind.OPEN_AT else ():
        if all(item.last < other.first or item.first > other.last for other in kept):
            kept.append(item)
    return kept


def _figure(catalog: Catalog, indicator: Indicator, many: list[Declared]) -> Figure:
    values = [item.value for item in many if item.value is not None]
    blank = blank_figure(catalog, indicator)
    if not any(values):  # a written 0 is itself the confirmation
        return replace(blank, state="nil", source="declared")
    return replace(blank, state="value", value=sum(values), source="declared")
