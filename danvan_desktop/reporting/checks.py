"""Cross-checks of a report's numbers (DOMAIN §8.7): what the catalogue declares, looked at over figures and facts.

Pure: :class:`Facts` brings what the figures alone do not tell. A finding that a person has accepted, by writing the
reason of its figure, is a note; the reason travels with the figure (DESIGN §8.6).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from ..catalog.model import Catalog, Check, Indicator, IndicatorKind
from ..kernel import vi
from .draft_values import ReportDraft
from .figures import divide, number_text
from .model import Figure
from .problems import DraftProblem, as_printed, typed_numbers

_NAMED = 4  # units, months named in a sentence; the others are counted


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Days counted in a month against the legal minimum of that month."""

    year: int
    month: int
    days: int
    minimum: int


@dataclass(frozen=True, slots=True)
class Twin:
    """Two records of different areas that look like one activity."""

    one: str  # record id
    other: str
    one_form: str  # title
    other_form: str
    day: date
    people: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What checks ask beside the figures. ``earlier``: figures that closed the window before this one; ``half_year``:
    those of the report already frozen for the first part of the same window; ``parts``: figure key → unit → value;
    ``unproven``: indicator → (records without evidence, all)."""

    earlier: Mapping[str, Figure] = field(default_factory=dict)
    earlier_title: str = ""
    half_year: Mapping[str, Figure] = field(default_factory=dict)
    half_year_title: str = ""
    months: Mapping[str, tuple[MonthCount, ...]] = field(default_factory=dict)
    unproven: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    twins: tuple[Twin, ...] = ()
    parts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    missing_units: tuple[str, ...] = ()  # names


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. ``figure``, ``section``: where it points; ``records``: the entries it is about."""

    check: str
    severity: str  # error | warning | note
    message: str
    figure: str = ""
    section: str = ""
    records: tuple[str, ...] = ()
    accepted: bool = False

    def problem(self) -> DraftProblem:
        """The finding as a line between a draft and its approval."""
        key = f"figure:{self.figure}" if self.figure else f"section:{self.section}" if self.section else "check"
        return DraftProblem(key, self.severity, self.message, self.records)


def applies(check: Check, profile: str, period_kind: str) -> bool:
    """Whether a check concerns this kind of office and period."""
    return (not check.profiles or profile in check.profiles) and (
        not check.period_kinds or period_kind in check.period_kinds
    )


def run_checks(
    catalog: Catalog,
    figures: Iterable[Figure],
    facts: Facts,
    *,
    profile: str,
    period_kind: str,
    draft: ReportDraft | None = None,
) -> tuple[Finding, ...]:
    """Everything the catalogue's checks find, errors first, then in the order of the catalogue."""
    look = _Look(catalog, tuple(figures), facts, draft)
    found = [item for check in catalog.checks if applies(check, profile, period_kind) for item in look.at(check)]
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda item: order[item.severity]))


def _known(figure: Figure | None) -> int | None:
    if figure is None or figure.state not in ("value", "nil"):
        return None
    return figure.value or 0


def _shown(value: int, figure: Figure) -> str:
    text = number_text(value, figure.scale)
    return f"{text}%" if figure.unit == "%" else f"{text} {figure.unit}"


class _Look:
    def __init__(self, catalog: Catalog, figures: tuple[Figure, ...], facts: Facts, draft: ReportDraft | None) -> None:
        self.catalog = catalog
        self.figures = {item.key: item for item in figures}
        self.facts = facts
        self.draft = draft

    def at(self, check: Check) -> Iterator[Finding]:
        yield from _KINDS[check.kind](self, check)

    def find(
        self, check: Check, figure: Figure | None, words: Mapping[str, object], records: tuple[str, ...] = ()
    ) -> Finding:
        """A finding about ``figure``; with a reason given it is accepted, and only noted."""
        message = check.message.format(**words)
        reason = figure.reason if figure is not None else None
        if reason:
            message = f"{message.rstrip('.')}; đã ghi lý do: {reason.rstrip('.')}."
        severity = "note" if reason else check.severity.value
        return Finding(check.key, severity, message, figure.key if figure else "", "", records, bool(reason))

    def totals(self, check: Check, *kinds: IndicatorKind) -> Iterator[tuple[Figure, Indicator]]:
        """The totals a check looks at: of the indicators it names, else of all of the kinds given."""
        for figure in self.figures.values():
            indicator = self.catalog.indicators.get(figure.indicator)
            if figure.split is not None or indicator is None:
                continue
            if figure.key in check.indicators or (not check.indicators and (not kinds or indicator.kind in kinds)):
                yield figure, indicator

    def side(self, keys: Iterable[str], figures: Mapping[str, Figure]) -> tuple[int, str] | None:
        """(sum, "title + title") of the figures ``keys``; None while one of them has no number, or is an estimate."""
        total, titles = 0, []
        for key in keys:
            figure = figures.get(key)
            value = _known(figure)
            if figure is None or value is None or figure.estimate:
                return None
            total += value
            titles.append(figure.title)
        return total, " + ".join(f"“{title}”" for title in titles)

    def pair(self, check: Check, right_of: Mapping[str, Figure]) -> tuple[int, int, Figure, dict[str, object]] | None:
        left, right = self.side(check.left, self.figures), self.side(check.right, right_of)
        if left is None or right is None:
            return None
        figure = self.figures[check.left[0]]
        words: dict[str, object] = {
            "left": left[1],
            "right": right[1],
            "left_value": _shown(left[0], figure),
            "right_value": _shown(right[0], figure),
        }
        return left[0], right[0], figure, words


def _sum_equals(look: _Look, check: Check) -> Iterator[Finding]:
    found = look.pair(check, look.figures)
    if found is not None and found[0] != found[1]:
        yield look.find(check, found[2], found[3])


def _at_most(look: _Look, check: Check) -> Iterator[Finding]:
    found = look.pair(check, look.figures)
    if found is not None and found[0] > found[1]:
        yield look.find(check, found[2], found[3])


def _opening(look: _Look, check: Check) -> Iterator[Finding]:
    found = look.pair(check, look.facts.earlier)
    if found is not None and found[0] != found[1]:
        yield look.find(check, found[2], {**found[3], "earlier": look.facts.earlier_title})


def _splits(look: _Look, check: Check) -> Iterator[Finding]:
    for figure, _ in look.totals(check):
        value = _known(figure)
        parts = [item.value or 0 for item in look.figures.values() if item.indicator == figure.key and item.split]
        if value is not None and parts and sum(parts) != value and not figure.estimate:
            words = {
                "title": figure.title,
                "value": _shown(value, figure),
                "parts": _shown(sum(parts), figure),
                "rest": _shown(abs(value - sum(parts)), figure),
            }
            yield look.find(check, figure, words)


def _between(look: _Look, check: Check) -> Iterator[Finding]:
    for figure, indicator in look.totals(check):
        if figure.state != "value" or figure.value is None or (not check.indicators and indicator.unit != "%"):
            continue
        low, high = (limit * int(10**figure.scale) for limit in (check.minimum, check.maximum))
        if not low <= figure.value <= high:
            words = {
                "title": figure.title,
                "value": _shown(figure.value, figure),
                "minimum": _shown(low, figure),
                "maximum": _shown(high, figure),
            }
            yield look.find(check, figure, words)


def _cumulative(look: _Look, check: Check) -> Iterator[Finding]:
    for figure, _ in look.totals(check, IndicatorKind.COUNT, IndicatorKind.SUM):
        value, before = _known(figure), _known(look.facts.half_year.get(figure.key))
        if value is not None and before is not None and value < before:
            words = {
                "title": figure.title,
                "value": _shown(value, figure),
                "earlier": look.facts.half_year_title,
                "earlier_value": _shown(before, figure),
            }
            yield look.find(check, figure, words)


def _months(look: _Look, check: Check) -> Iterator[Finding]:
    for figure, _ in look.totals(check):
        short = [item for item in look.facts.months.get(figure.key, ()) if item.days < item.minimum]
        if short:
            named = [f"{item.month:02d}/{item.year} ({item.days}/{item.minimum} ngày)" for item in short]
            words = {
                "title": figure.title,
                "value": vi.count(len(look.facts.months[figure.key]) - len(short)),
                "asked": vi.count(len(look.facts.months[figure.key])),
                "months": _listed(named),
            }
            yield look.find(check, figure, words)


def _yearly(look: _Look, check: Check) -> Iterator[Finding]:
    for figure, _ in look.totals(check):
        value = _known(figure)
        if value is not None and value < check.minimum:
            words = {"title": figure.title, "value": _shown(value, figure), "minimum": _shown(check.minimum, figure)}
            yield look.find(check, figure, words)


def _in_term(look: _Look, check: Check) -> Iterator[Finding]:
    for figure, _ in look.totals(check, IndicatorKind.WITHIN_TERM):
        if figure.numerator is None or figure.denominator is None or figure.numerator >= figure.denominator:
            continue
        words = {
            "title": figure.title,
            "late": vi.count(figure.denominator - figure.numerator),
            "value": f"{vi.number(figure.numerator)}/{vi.number(figure.denominator)}",
        }
        yield look.find(check, figure, words)


def _units_add_up(look: _Look, check: Check) -> Iterator[Finding]:
    for figure, _ in look.totals(check, IndicatorKind.COUNT, IndicatorKind.SUM):
        value, parts = _known(figure), look.facts.parts.get(figure.key)
        if value is not None and parts is not None and sum(parts.values()) != value and not figure.estimate:
            words = {
                "title": figure.title,
                "value": _shown(value, figure),
                "parts": _shown(sum(parts.values()), figure),
            }
            yield look.find(check, figure, words)


def _units_missing(look: _Look, check: Check) -> Iterator[Finding]:
    names = look.facts.missing_units
    if names:
        yield look.find(check, None, {"units": _listed(list(names)), "count": vi.count(len(names))})


def _activity_once(look: _Look, check: Check) -> Iterator[Finding]:
    for twin in look.facts.twins:
        words = {
            "one": twin.one_form,
            "other": twin.other_form,
            "day": vi.day(twin.day),
            "people": vi.number(twin.people),
        }
        yield look.find(check, None, words, (twin.one, twin.other))


def _swing(look: _Look, check: Check) -> Iterator[Finding]:
    for figure, indicator in look.totals(check):
        now, before = _known(figure), figure.previous
        if now is None or not before or figure.estimate or (not check.indicators and indicator.unit == "%"):
            continue
        if max(abs(before), abs(now)) < check.minimum * int(10**figure.scale):
            continue
        if abs(now - before) * 100 > abs(before) * check.percent:
            tenths = divide(abs(now - before), abs(before), 1, percent=True)
            words = {
                "title": figure.title,
                "value": _shown(now, figure),
                "previous": _shown(before, figure),
                "change": f"{'tăng' if now > before else 'giảm'} {vi.number(tenths, 1)}%",
                "percent": f"{check.percent}%",
            }
            yield look.find(check, figure, words)


def _evidence(look: _Look, check: Check) -> Iterator[Finding]:
    for figure, _ in look.totals(check):
        bare, total = look.facts.unproven.get(figure.key, (0, 0))
        if bare:
            words = {"title": figure.title, "count": vi.count(bare), "total": vi.count(total)}
            yield look.find(check, figure, words)


def _narrative(look: _Look, check: Check) -> Iterator[Finding]:
    if look.draft is None:
        return
    for item in typed_numbers(as_printed(look.draft)):
        words = {"number": item.number, "section": item.title, "source": item.sources}
        yield Finding(check.key, check.severity.value, check.message.format(**words), section=item.section)


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:_NAMED])
    return f"{shown} và {len(names) - _NAMED} mục khác" if len(names) > _NAMED else shown


_KINDS: Mapping[str, Callable[[_Look, Check], Iterator[Finding]]] = {
    "sum_equals": _sum_equals,
    "at_most": _at_most,
    "opening_equals_closing": _opening,
    "splits_equal_total": _splits,
    "between": _between,
    "cumulative": _cumulative,
    "months_minimum": _months,
    "yearly_minimum": _yearly,
    "in_term": _in_term,
    "units_add_up": _units_add_up,
    "units_missing": _units_missing,
    "activity_once": _activity_once,
    "swing": _swing,
    "evidence": _evidence,
    "narrative": _narrative,
}
EVALUATED = tuple(_KINDS)
"""The kinds this module knows; a test holds them equal to catalog.read_checks.KINDS."""
