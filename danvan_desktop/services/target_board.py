"""The plan's targets beside what was reached: every indicator of the year, with the target set or proposed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .office import Office


@dataclass(frozen=True, slots=True)
class TargetLine:
    """An indicator and its target in words. ``proposed``: read in the plan, set by nobody yet; ``quote`` says where.
    ``actual`` is empty where there are no data, ``reached`` (per cent of the target) also where there is no target."""

    indicator: str
    code: str
    area: int
    title: str
    unit: str
    target: str
    actual: str
    reached: str
    source: str
    proposed: bool = False
    quote: str = ""


@dataclass(frozen=True, slots=True)
class TargetBoard:
    """The indicators of ``year`` in the order of the catalogue; counted from ``first`` to ``last``."""

    year: int
    first: date
    last: date
    lines: tuple[TargetLine, ...]


def target_board(office: Office, year: int) -> TargetBoard:
    """Targets against what was reached in a year, counted over the window of this office's annual report."""
    catalog = office.context.catalog
    with office.context.store.read() as uow:
        profile = office.context.office(uow).profile
    regimes = list(catalog.regimes.values())
    own = [item for item in regimes if profile in item.reporter_profiles] or regimes
    view = office.figures.view(own[0].key, str(year))
    known = {item.indicator: item for item in (*office.targets.proposals(year), *office.targets.of_year(year))}
    lines = []
    for figure in view.lines:
        if figure.split:
            continue
        target = known.get(figure.indicator)
        lines.append(
            TargetLine(
                indicator=figure.indicator,
                code=figure.code,
                area=figure.area,
                title=figure.title,
                unit=figure.unit,
                target=target.text if target else "",
                actual=figure.now,
                reached=figure.reached,
                source=target.source if target else "",
                proposed=target.proposed if target else False,
                quote=target.quote if target else "",
            )
        )
    return TargetBoard(year, view.offer.window.first, view.offer.window.last, tuple(lines))
