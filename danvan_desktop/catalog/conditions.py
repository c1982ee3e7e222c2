"""Conditions on a record's values, as declared in the catalogue (rules, derivations; the store has its own in SQL)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .model import Filter, Json

OPS = ("eq", "in", "not_in", "contains", "is_set", "not_set", "gte", "lte", "gt", "lt", "true", "false")
VALUELESS_OPS = ("is_set", "not_set", "true", "false")
ORDER_OPS = ("gte", "lte", "gt", "lt")


def is_empty(value: Json) -> bool:
    """Whether a value counts as not given: absent, null, empty text or list. 0 and "no" are values."""
    return value is None or value == "" or value == []


def _compare(op: str, left: Any, right: Any) -> bool:
    if is_empty(left) or is_empty(right) or isinstance(left, bool) or isinstance(right, bool):
        return False
    if not (isinstance(left, int) and isinstance(right, int)) and not (
        isinstance(left, str) and isinstance(right, str)
    ):
        return False
    less, equal = left < right, left == right  # type: ignore[operator]  # both int or both ISO text, checked above
    return {"gte": not less, "gt": not less and not equal, "lte": less or equal, "lt": less}[op]


def _one(condition: Filter, values: Mapping[str, Json]) -> bool:
    value: Any = values.get(condition.field)
    wanted: Any = condition.value
    if isinstance(wanted, Mapping):
        wanted = values.get(str(wanted.get("field")))
    match condition.op:
        case "eq":
            return not is_empty(value) and bool(value == wanted)
        case "in":
            return value in wanted
        case "not_in":
            return not is_empty(value) and value not in wanted
        case "contains":
            return isinstance(value, list) and wanted in value
        case "is_set":
            return not is_empty(value)
        case "not_set":
            return is_empty(value)
        case "true":
            return value is True
        case "false":
            return value is not True
        case _:
            return _compare(condition.op, value, wanted)


def holds(conditions: Sequence[Filter], values: Mapping[str, Json]) -> bool:
    """Whether every condition holds for ``values`` (none given: holds)."""
    return all(_one(item, values) for item in conditions)
