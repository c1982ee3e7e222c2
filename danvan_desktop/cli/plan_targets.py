"""Commands about the plan's targets."""

from __future__ import annotations

from ..kernel import clock
from .session import Session


def targets(session: Session) -> int:
    """The targets of a year, or (``--propose``) what the plan's text seems to set."""
    office = session.office()
    year = session.options.year or clock.today(office.context.clock).year
    found = office.targets.proposals(year) if session.options.propose else office.targets.of_year(year)
    session.output.result(
        {
            "year": year,
            "targets": [
                {"indicator": item.indicator, "title": item.title, "unit": item.unit, "target": item.text,
                 "source": item.source, "proposed": item.proposed, "quote": item.quote}
                for item in found
            ],
        },
        [f"{item.indicator}  {item.title}: {item.text} {item.unit}" + (f"  “{item.quote}”" if item.quote else "")
         for item in found] or [f"Năm {year} chưa có chỉ tiêu kế hoạch nào."],
    )  # fmt: skip
    return 0


def set_target(session: Session) -> int:
    """Set, change or (an empty value) take away a target."""
    options = session.options
    office = session.office()
    year = options.year or clock.today(office.context.clock).year
    office.targets.set(options.indicator, year, options.value, options.source)
    session.output.result(
        {"indicator": options.indicator, "year": year, "target": options.value}, ["Đã ghi chỉ tiêu kế hoạch."]
    )
    return 0
