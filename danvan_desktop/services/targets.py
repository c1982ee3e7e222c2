"""The plan's targets: typed by a person, or proposed from the text of the plan; one per indicator and year."""

from __future__ import annotations

from dataclasses import dataclass

from ..kernel import vi
from ..kernel.changes import Changes
from ..kernel.errors import Refused
from ..kernel.text import squeeze
from ..planning.targets import TargetProposal, propose
from ..reporting.figures import blank_figure, number_text
from ..store.store import UnitOfWork
from .context import Context

_LARGEST = 10**12


@dataclass(frozen=True, slots=True)
class Target:
    """A target in words. ``proposed``: found in the plan's text, not set by anyone yet (then ``quote`` says where)."""

    indicator: str
    title: str
    unit: str
    text: str  # the number as typed and printed
    source: str
    proposed: bool = False
    quote: str = ""


class TargetService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def of_year(self, year: int) -> tuple[Target, ...]:
        """The targets of a year, in catalogue order."""
        with self._context.store.read() as uow:
            rows = uow.targets.of_year(year)
        return tuple(
            self._target(key, rows[key].value, rows[key].source)
            for key in self._context.catalog.indicators
            if key in rows
        )

    def proposals(self, year: int) -> tuple[Target, ...]:
        """What the text of the year's plan seems to set, where nothing is set yet: for a person to take or leave."""
        context = self._context
        with context.store.read() as uow:
            found = self._proposals(uow, year)
            known = uow.targets.of_year(year)
            plan = uow.plans.current(year)
        source = f"Kế hoạch {plan.number_symbol}".strip() if plan else ""
        return tuple(
            self._target(item.indicator, item.value, source, item.quote)
            for item in found
            if item.indicator not in known
        )

    def _proposals(self, uow: UnitOfWork, year: int) -> tuple[TargetProposal, ...]:
        plan = uow.plans.current(year)
        if plan is None:
            return ()
        texts = [str(task.get("text") or "") for task in plan.body.get("tasks", ())]
        texts += [str(section.get("text") or "") for section in plan.body.get("sections", ())]
        profile = self._context.office(uow).profile
        asked = [
            (item, self._scale(item.key))
            for item in self._context.catalog.indicators.values()
            if item.concerns(profile)
        ]
        return propose(texts, asked)

    def one(self, indicator: str, year: int) -> Target:
        """The target of an indicator, else what the plan's text proposes, else an empty one.

        Raises Refused ``unknown_indicator``.
        """
        self._require_known(indicator)
        for item in (*self.of_year(year), *self.proposals(year)):
            if item.indicator == indicator:
                return item
        known = self._context.catalog.indicators[indicator]
        return Target(indicator, known.title, known.unit, "", "")

    def set(self, indicator: str, year: int, text: str, source: str = "") -> Changes:
        """Set the target of an indicator; an empty ``text`` takes it away.

        Raises Refused ``unknown_indicator``, ``target_invalid``, ``no_right``.
        """
        context = self._context
        context.require("plan")
        self._require_known(indicator)
        typed = squeeze(text).removesuffix("%").strip()
        if not 2000 <= year <= 2200:
            raise Refused("target_invalid", f"Năm {year} không hợp lệ. Chưa ghi gì.")
        with context.store.unit() as uow:
            if typed:
                try:
                    value = vi.parse_number(typed, self._scale(indicator))
                except ValueError as error:
                    raise Refused(
                        "target_invalid", f"“{text[:40]}” không phải số dùng được cho chỉ tiêu này. Chưa ghi gì."
                    ) from error
                if not 0 <= value <= _LARGEST:
                    raise Refused("target_invalid", "Chỉ tiêu phải từ 0 trở lên. Chưa ghi gì.")
                uow.targets.set(indicator, year, value, squeeze(source).replace("\n", " ")[:300])
            else:
                uow.targets.remove(indicator, year)
            uow.audit.append("target_set", indicator, {"year": year})
        return Changes.of("indicators:targets", "plan", ids=[indicator])

    def _require_known(self, indicator: str) -> None:
        if indicator not in self._context.catalog.indicators:
            raise Refused("unknown_indicator", f"Danh mục không có chỉ tiêu “{indicator}”.")

    def _scale(self, indicator: str) -> int:
        catalog = self._context.catalog
        return blank_figure(catalog, catalog.indicators[indicator]).scale

    def _target(self, key: str, value: int, source: str, quote: str = "") -> Target:
        known = self._context.catalog.indicators[key]
        return Target(key, known.title, known.unit, number_text(value, self._scale(key)), source, bool(quote), quote)
