"""A plan as read from its text, or typed: frozen values, and the one JSON shape they travel in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ..kernel.errors import Refused

CYCLES = ("month", "quarter", "half_year", "nine_months", "year", "once", "ad_hoc", "event", "unknown")
RULES = ("before", "by", "window", "within", "none")


@dataclass(frozen=True, slots=True)
class Due:
    """When a report must be there, as the plan words it.

    ``rule``: before (strictly before day/month), by (that day at the latest), window (from_day/from_month to
    day/month), within (inside a span: "trong tháng 3/2026", "Quý IV/2025" give the span; "trong vòng 05 ngày" gives
    only ``day`` = 5, a number of days), none. ``month`` None: the day of every month, or of the last one of the cycle.
    """

    rule: str = "none"
    day: int | None = None
    month: int | None = None
    year: int | None = None
    from_day: int | None = None
    from_month: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with the text below it up to the next heading; ``parent`` is the path of marks: ``III.1``."""

    mark: str | None
    title: str | None
    text: str | None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    mark: str | None
    area: int | None  # 1..8, None where the words do not tell
    text: str


@dataclass(frozen=True, slots=True)
class Assignment:
    body: str
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reporting:
    """A duty to report. ``last_day``: ``MM-DD``, or ``YYYY-MM-DD`` where the plan names the year."""

    sender: str | None = None  # JSON: from
    receiver: str | None = None  # JSON: to
    via: str | None = None
    cycle: str = "unknown"
    due: Due = Due()
    last_day: str | None = None
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class PlanSigner:
    authority: str | None = None
    position: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    title: str | None = None
    number_symbol: str | None = None
    issued_on: date | None = None
    year: int | None = None
    issuer: str | None = None
    preamble: str | None = None
    closing: str | None = None
    bases: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()
    tasks: tuple[Task, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    reporting: tuple[Reporting, ...] = ()
    recipients: tuple[str, ...] = ()
    signer: PlanSigner = field(default_factory=PlanSigner)
    unplaced: tuple[str, ...] = ()


def plan_to_json(plan: Plan) -> dict[str, Any]:
    """The plan in the shape of ``danvan plan import --json``: absent is null, lists are never null."""
    return {
        "title": plan.title,
        "number_symbol": plan.number_symbol,
        "issued_on": plan.issued_on.isoformat() if plan.issued_on else None,
        "year": plan.year,
        "issuer": plan.issuer,
        "preamble": plan.preamble,
        "closing": plan.closing,
        "bases": list(plan.bases),
        "sections": [
            {"mark": item.mark, "title": item.title, "text": item.text, "parent": item.parent} for item in plan.sections
        ],
        "tasks": [{"id": item.id, "mark": item.mark, "area": item.area, "text": item.text} for item in plan.tasks],
        "assignments": [{"body": item.body, "duties": list(item.duties)} for item in plan.assignments],
        "reporting": [_reporting_to_json(item) for item in plan.reporting],
        "recipients": list(plan.recipients),
        "signer": {"authority": plan.signer.authority, "position": plan.signer.position, "name": plan.signer.name},
        "unplaced": list(plan.unplaced),
    }


def _reporting_to_json(item: Reporting) -> dict[str, Any]:
    due = item.due
    return {
        "from": item.sender,
        "to": item.receiver,
        "via": item.via,
        "cycle": item.cycle,
        "due": {
            "rule": due.rule,
            "day": due.day,
            "month": due.month,
            "year": due.year,
            "from_day": due.from_day,
            "from_month": due.from_month,
        },
        "last_day": item.last_day,
        "quote": item.quote,
    }


def plan_from_json(value: Mapping[str, Any]) -> Plan:
    """The plan of :func:`plan_to_json`, also of one typed or edited by hand; absent keys are empty.

    Raises Refused ``plan_invalid`` naming the first field that does not fit.
    """
    reader = _Reader(value, "")
    issued = reader.text("issued_on")
    try:
        issued_on = date.fromisoformat(issued) if issued else None
    except ValueError as error:
        raise _invalid("issued_on") from error
    signer = reader.part("signer")
    return Plan(
        title=reader.text("title"),
        number_symbol=reader.text("number_symbol"),
        issued_on=issued_on,
        year=reader.whole("year"),
        issuer=reader.text("issuer"),
        preamble=reader.text("preamble"),
        closing=reader.text("closing"),
        bases=reader.texts("bases"),
        sections=tuple(
            Section(item.text("mark"), item.text("title"), item.text("text"), item.text("parent"))
            for item in reader.parts("sections")
        ),
        tasks=tuple(
            Task(item.text("id") or f"task-{index}", item.text("mark"), item.area("area"), item.needed("text"))
            for index, item in enumerate(reader.parts("tasks"), 1)
        ),
        assignments=tuple(
            Assignment(item.needed("body"), item.texts("duties")) for item in reader.parts("assignments")
        ),
        reporting=tuple(_reporting_from_json(item) for item in reader.parts("reporting")),
        recipients=reader.texts("recipients"),
        signer=PlanSigner(signer.text("authority"), signer.text("position"), signer.text("name")),
        unplaced=reader.texts("unplaced"),
    )


def _reporting_from_json(item: _Reader) -> Reporting:
    due = item.part("due")
    return Reporting(
        sender=item.text("from"),
        receiver=item.text("to"),
        via=item.text("via"),
        cycle=item.word("cycle", CYCLES, "unknown"),
        due=Due(
            rule=due.word("rule", RULES, "none"),
            day=due.whole("day"),
            month=due.whole("month"),
            year=due.whole("year"),
            from_day=due.whole("from_day"),
            from_month=due.whole("from_month"),
        ),
        last_day=item.text("last_day"),
        quote=item.text("quote"),
    )


def _invalid(path: str) -> Refused:
    return Refused(
        "plan_invalid", f"Nội dung kế hoạch không hợp lệ ở mục “{path}”; chưa lưu gì, hãy sửa lại mục này.", field=path
    )


class _Reader:
    """Typed reading of a JSON object; every wrong type is refused by its path."""

    def __init__(self, value: Any, path: str) -> None:
        if not isinstance(value, Mapping):
            raise _invalid(path or "kế hoạch")
        self._value = value
        self._path = path

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key

    def text(self, key: str) -> str | None:
        value = self._value.get(key)
        if value is not None and not isinstance(value, str):
            raise _invalid(self._at(key))
        return value or None

    def needed(self, key: str) -> str:
        value = self.text(key)
        if value is None:
            raise _invalid(self._at(key))
        return value

    def whole(self, key: str) -> int | None:
        value = self._value.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            raise _invalid(self._at(key))
        return value

    def area(self, key: str) -> int | None:
        value = self.whole(key)
        if value is not None and not 1 <= value <= 8:
            raise _invalid(self._at(key))
        return value

    def word(self, key: str, known: tuple[str, ...], default: str) -> str:
        value = self.text(key) or default
        if value not in known:
            raise _invalid(self._at(key))
        return value

    def _list(self, key: str) -> list[Any]:
        value = self._value.get(key) or []
        if not isinstance(value, list):
            raise _invalid(self._at(key))
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        items = self._list(key)
        if not all(isinstance(item, str) for item in items):
            raise _invalid(self._at(key))
        return tuple(items)

    def part(self, key: str) -> _Reader:
        return _Reader(self._value.get(key) or {}, self._at(key))

    def parts(self, key: str) -> list[_Reader]:
        return [_Reader(item, f"{self._at(key)}[{index}]") for index, item in enumerate(self._list(key))]
