"""Rules across the fields of a record, and the check of a whole record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .conditions import holds, is_empty
from .model import ClassWhen, Form, Json, Rule, Severity
from .values import Problem, as_date, check_value

# form key, values the earlier record must have → its values, or None. The caller binds the unit.
Previous = Callable[[str, Mapping[str, Json]], Mapping[str, Json] | None]


def check_record(
    form: Form, values: Mapping[str, Json], *, previous: Previous | None = None, final: bool = True
) -> list[Problem]:
    """All problems of a record: its values, then its rules. Errors block "chính thức" (see values.blocks).

    ``final`` False checks a draft: what is missing becomes a note and a broken rule a warning; values of a wrong type
    stay errors. Unknown keys are no problem: they are kept. Rules about an earlier record run only with ``previous``.
    """
    problems: list[Problem] = []
    for field in form.fields:
        required = field.required and not matches(field.optional_when, values)
        problems += check_value(field, values.get(field.key), required=required)
    wrong = {item.field for item in problems if item.code != "required"}
    for rule in form.rules:
        problems += check_rule(form, rule, values, previous, wrong)
    return problems if final else [_as_draft(item) for item in problems]


def _as_draft(problem: Problem) -> Problem:
    if problem.code == "required":
        return replace(problem, severity=Severity.NOTE)
    if problem.code.startswith("rule:") and problem.severity is Severity.ERROR:
        return replace(problem, severity=Severity.WARNING)
    return problem


def matches(condition: ClassWhen | None, values: Mapping[str, Json]) -> bool:
    """Whether the choice named by ``condition`` holds one of its values."""
    return condition is not None and values.get(condition.field) in condition.values


def required_now(form: Form, values: Mapping[str, Json]) -> frozenset[str]:
    """The fields that a final record with these values must have: always required ones less those waived, and what
    a rule of severity error asks for."""
    always = {item.key for item in form.fields if item.required and not matches(item.optional_when, values)}
    asked = {
        str(rule.args["field"])
        for rule in form.rules
        if rule.kind == "required_when" and rule.severity is Severity.ERROR and _applies(rule, values)
    }
    return frozenset(always | asked)


def _applies(rule: Rule, values: Mapping[str, Json]) -> bool:
    unless = rule.args.get("unless")
    return holds(rule.args.get("when", ()), values) and not (unless and holds(unless, values))


def check_rule(
    form: Form,
    rule: Rule,
    values: Mapping[str, Json],
    previous: Previous | None = None,
    wrong: set[str] | frozenset[str] = frozenset(),
) -> list[Problem]:
    """The problems ``rule`` finds; none while fields it needs are empty or (``wrong``) have no proper value."""
    args = rule.args
    if not _applies(rule, values):
        return []
    if wrong & set(_fields_of(rule)):
        return []
    bad, row = _KINDS[rule.kind](form, args, values, previous)
    if not bad:
        return []
    shown = rule.fields or _fields_of(rule)[:1] or (form.event_date,)
    return [Problem(shown[0], f"rule:{rule.key}", rule.severity, rule_message(form, rule), row)]


def rule_message(form: Form, rule: Rule) -> str:
    """The sentence of ``rule`` with {field} places filled with titles."""

    def title(match: re.Match[str]) -> str:
        return f"“{form.field(match[1]).title}”"

    return re.sub(r"\{([a-z][a-z0-9_]*)\}", title, rule.message)


def _fields_of(rule: Rule) -> tuple[str, ...]:
    found: list[str] = []
    for name, kind in ARGUMENTS[rule.kind].items():
        value = rule.args.get(name)
        if value and kind.rstrip("?") in ("number", "date", "any", "choice", "rows", "multi"):
            found.append(value)
        elif value and kind.rstrip("?") in ("numbers", "anys"):
            found.extend(value)
    return tuple(found)


Found = tuple[bool, str | None]
_FINE: Found = (False, None)


def _total(form: Form, keys: Sequence[str], values: Mapping[str, Json]) -> int | None:
    total = 0
    for key in keys:
        value = values.get(key)
        if isinstance(value, int):
            total += value
        elif form.field(key).required:
            return None
    return total


def _all_empty(keys: Sequence[str], values: Mapping[str, Json]) -> bool:
    return all(is_empty(values.get(key)) for key in keys)


def _sum_equals(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    left, right = _total(form, args["left"], values), _total(form, args["right"], values)
    if left is None or right is None or _all_empty(args["left"], values):
        return _FINE
    return left != right, None


def _at_most(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    if _all_empty(args["left"], values) or _all_empty(args["right"], values):
        return _FINE
    left, right = _total(form, args["left"], values), _total(form, args["right"], values)
    return (left is not None and right is not None and left > right), None


def _value_at_least(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    value = values.get(args["field"])
    return (value if isinstance(value, int) else 0) < int(args["minimum"]), None


def _days(args: Mapping[str, Any], values: Mapping[str, Json]) -> int | None:
    first, last = as_date(values.get(args["from"])), as_date(values.get(args["to"]))
    return None if first is None or last is None else (last - first).days


def _not_before(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    days = _days({"from": args["other"], "to": args["field"]}, values)
    return days is not None and days < 0, None


def _days_at_least(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    days = _days(args, values)
    return days is not None and days < int(args["days"]), None


def _days_at_most(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    days = _days(args, values)
    return days is not None and days > int(args["days"]), None


def _required_when(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    return is_empty(values.get(args["field"])), None


def _required_absent(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    return not is_empty(values.get(args["field"])), None


def _one_of_required(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    return _all_empty(args["any_of"], values), None


def _value_in(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    value = values.get(args["field"])
    return not is_empty(value) and value not in args["values"], None


def _row_sequence(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], _: Previous | None) -> Found:
    rows = values.get(args["rows"])
    last_stage: str | None = None
    last_day = None
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        stage, day = row.get(args["stage"]), as_date(row.get(args["date"]))
        if not isinstance(stage, str) or day is None:
            continue
        allowed = args["start"] if last_stage is None else args["transitions"].get(last_stage, ())
        if stage not in allowed or (last_day is not None and day < last_day):
            return True, row.get("row") if isinstance(row.get("row"), str) else None
        last_stage, last_day = stage, day
    return _FINE


def _month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:7])
    return f"{year - 1:04d}-12" if number == 1 else f"{year:04d}-{number - 1:02d}"


def _previous_equals(form: Form, args: Mapping[str, Any], values: Mapping[str, Json], ask: Previous | None) -> Found:
    month = values.get(args["month"])
    if ask is None or as_date(month) is None or any(is_empty(values.get(key)) for key in args["match"]):
        return _FINE
    wanted: dict[str, Json] = {key: values.get(key) for key in args["match"]}
    wanted[args["month"]] = _month_before(str(month))
    before = ask(form.key, wanted)
    if before is None:
        return _FINE
    now, then = _total(form, args["current"], values), _total(form, args["earlier"], before)
    return (now is not None and then is not None and now != then), None


_KINDS: Mapping[str, Callable[[Form, Mapping[str, Any], Mapping[str, Json], Previous | None], Found]] = {
    "sum_equals": _sum_equals,
    "at_most": _at_most,
    "value_at_least": _value_at_least,
    "not_before": _not_before,
    "days_between_at_least": _days_at_least,
    "days_between_at_most": _days_at_most,
    "required_when": _required_when,
    "required_absent": _required_absent,
    "one_of_required": _one_of_required,
    "value_in": _value_in,
    "row_sequence": _row_sequence,
    "previous_record_equals": _previous_equals,
}
KINDS = tuple(_KINDS)

# The words each kind takes (types as in derive.ARGUMENTS); all kinds also take "when" and "unless" (conditions).
ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "sum_equals": {"left": "numbers", "right": "numbers"},
    "at_most": {"left": "numbers", "right": "numbers"},
    "value_at_least": {"field": "number", "minimum": "int"},
    "not_before": {"field": "date", "other": "date"},
    "days_between_at_least": {"from": "date", "to": "date", "days": "int"},
    "days_between_at_most": {"from": "date", "to": "date", "days": "int"},
    "required_when": {"field": "any"},
    "required_absent": {"field": "any"},
    "one_of_required": {"any_of": "anys"},
    "value_in": {"field": "choice", "values": "texts"},
    "row_sequence": {
        "rows": "rows", "stage": "column", "date": "column", "start": "texts", "transitions": "transitions",
    },
    "previous_record_equals": {"month": "date", "match": "anys", "current": "numbers", "earlier": "numbers"},
}  # fmt: skip
