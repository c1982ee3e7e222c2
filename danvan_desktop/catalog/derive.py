"""Fields that are computed, never typed: the declared derivations (DESIGN §3.1: no expression language)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from .conditions import holds, is_empty
from .model import Derivation, Filter, Form, Json
from .values import as_date

Suspension = tuple[date, date | None]  # first and last day on which the term stands still; None: still standing
# term key, day the term starts from, conditions, suspensions, extensions (days) → last day, or None when not known
TermEnd = Callable[[str, date, Mapping[str, Json], Sequence[Suspension], Sequence[int]], date | None]

# form key, values its records must have (an event date among them), conditions → how many final records; None: unknown
CountRecords = Callable[[str, Mapping[str, Json], Sequence[Filter]], int | None]


@dataclass(frozen=True, slots=True)
class _Outside:
    """What lies outside the record: legal terms with working days, and other records."""

    term_end: TermEnd
    count_records: CountRecords | None


def derive(
    form: Form, values: Mapping[str, Json], term_end: TermEnd, count_records: CountRecords | None = None
) -> dict[str, Json]:
    """The derived values of a record, in the form's order (one may rest on an earlier one); unknown ones are left out.

    Pure: ``term_end`` brings the legal terms and the working days (see catalog.terms and planning), ``count_records``
    the other records of the record's unit; without it what counts them stays unknown.
    """
    outside = _Outside(term_end, count_records)
    known = {key: value for key, value in values.items() if not _is_derived(form, key)}
    derived: dict[str, Json] = {}
    for field in form.fields:
        if field.derive is not None:
            value = _KINDS[field.derive.kind](field.derive, known, outside)
            if not is_empty(value):
                derived[field.key] = known[field.key] = value
    return derived


def with_derived(
    form: Form, values: Mapping[str, Json], term_end: TermEnd, count_records: CountRecords | None = None
) -> dict[str, Json]:
    """``values`` with the derived ones computed anew (stale ones removed)."""
    kept = {key: value for key, value in values.items() if not _is_derived(form, key)}
    return kept | derive(form, kept, term_end, count_records)


def _is_derived(form: Form, key: str) -> bool:
    return form.has_field(key) and form.field(key).derive is not None


def _number(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _at_least(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    number = _number(values.get(how.args["field"]))
    return None if number is None else number >= int(how.args["minimum"])


def _difference(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    start = _number(values.get(how.args["field"]))
    return None if start is None else start - sum(_number(values.get(key)) or 0 for key in how.args["minus"])


def _sum(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    numbers = [_number(values.get(key)) for key in how.args["fields"]]
    given = [number for number in numbers if number is not None]
    less = sum(_number(values.get(key)) or 0 for key in how.args.get("minus", ()))
    return sum(given) - less if given else None


def _row_dicts(value: Json) -> list[dict[str, Any]]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _last_row(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    best: tuple[date, Json] | None = None
    for row in _row_dicts(values.get(how.args["rows"])):
        day = as_date(row.get(how.args["date"]))
        if day is not None and (best is None or day >= best[0]) and not is_empty(row.get(how.args["column"])):
            best = (day, row[how.args["column"]])
    return best[1] if best else how.args.get("default")


def _count_rows(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    rows = _row_dicts(values.get(how.args["rows"]))
    return sum(1 for row in rows if holds(how.args["filters"], row)) if rows else None


def _days_after(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    start = as_date(values.get(how.args["from"]))
    return None if start is None else (start + timedelta(days=int(how.args["days"]))).isoformat()


def _ratio_at_least(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    part, whole = _number(values.get(how.args["numerator"])), _number(values.get(how.args["denominator"]))
    if part is None or not whole:
        return None
    return part * 100 >= whole * int(how.args["percent"])


def _share_by_case(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    part, whole = _number(values.get(how.args["numerator"])), _number(values.get(how.args["denominator"]))
    if part is None or not whole:
        return None
    for case in how.args["cases"]:
        if holds(case["if"], values):
            top, bottom = case["share"]
            left, right = part * bottom, whole * top
            return bool(left > right if case["more"] else left >= right)
    return None


def _month_in(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    day = as_date(values.get(how.args["field"]))
    return None if day is None else day.month in how.args["months"]


def _count_records(how: Derivation, values: Mapping[str, Json], outside: _Outside) -> Json:
    wanted = {theirs: values.get(own) for theirs, own in how.args["match"].items()}
    if outside.count_records is None or any(is_empty(value) for value in wanted.values()):
        return None
    for case in how.args["cases"]:
        if holds(case["if"], values):
            return outside.count_records(how.args["form"], wanted, case["filters"])
    return None


def _days_between_at_least(how: Derivation, values: Mapping[str, Json], _: _Outside) -> Json:
    if how.args.get("or_true") and values.get(how.args["or_true"]) is True:
        return True
    first, last = as_date(values.get(how.args["from"])), as_date(values.get(how.args["to"]))
    return None if first is None or last is None else (last - first).days >= int(how.args["days"])


def _legal_term(how: Derivation, values: Mapping[str, Json], outside: _Outside) -> Json:
    for case in how.args["cases"]:
        if holds(case["if"], values):
            start = as_date(values.get(case["from"]))
            if start is None:
                return None
            conditions = {name: values.get(key) for name, key in how.args["when"].items()}
            suspensions = [
                (first, as_date(row.get("to")))
                for row in _row_dicts(values.get(how.args.get("suspensions", "")))
                if (first := as_date(row.get("from")))
            ]
            extensions = [
                days
                for row in _row_dicts(values.get(how.args.get("extensions", "")))
                if (days := _number(row.get("days"))) is not None
            ]
            end = outside.term_end(case["term"], start, conditions, suspensions, extensions)
            return end.isoformat() if end else None
    return None


_KINDS: Mapping[str, Callable[[Derivation, Mapping[str, Json], _Outside], Json]] = {
    "at_least": _at_least,
    "difference": _difference,
    "sum": _sum,
    "last_row": _last_row,
    "legal_term": _legal_term,
    "days_after": _days_after,
    "ratio_at_least": _ratio_at_least,
    "days_between_at_least": _days_between_at_least,
    "share_by_case": _share_by_case,
    "month_in": _month_in,
    "count_records": _count_records,
    "count_rows": _count_rows,
}
KINDS = tuple(_KINDS)

# The words each kind takes. field/number/date/rows/...: a key of the form of that type; columns belong to "rows".
# A "?" at the end: may be left out.
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "at_least": {"field": "number", "minimum": "int"},
    "difference": {"field": "number", "minus": "numbers"},
    "sum": {"fields": "numbers", "minus": "numbers?"},
    "last_row": {"rows": "rows", "date": "column", "column": "column", "default": "text?"},
    "legal_term": {
        "cases": "term_cases", "when": "conditions_map?", "extensions": "rows?", "suspensions": "rows?",
        "closed": "conditions?",  # any one that holds: the term no longer runs
    },
    "days_after": {"from": "date", "days": "int"},
    "ratio_at_least": {"numerator": "number", "denominator": "number", "percent": "int"},
    "days_between_at_least": {"from": "date", "to": "date", "days": "int", "or_true": "yes_no?"},
    "share_by_case": {"numerator": "number", "denominator": "number", "cases": "share_cases"},
    "month_in": {"field": "date", "months": "months"},
    "count_records": {"form": "text", "match": "conditions_map", "cases": "record_cases"},
    "count_rows": {"rows": "rows", "filters": "row_conditions"},
}  # fmt: skip
