"""The side table of ``indexed`` fields: typed values, and bytes that sort as people expect."""

from __future__ import annotations

from typing import Any

from ..catalog.model import Field, Form, Json, ValueType
from ..kernel.text import name_key, sort_key

_WHOLE = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY, ValueType.PERCENT, ValueType.YES_NO)
DAYS = (ValueType.DATE, ValueType.MONTH)
_LISTS = (ValueType.ROWS, ValueType.FILES, ValueType.MULTI_CHOICE, ValueType.VILLAGE)
_OFFSET = 2**63


def indexed_fields(form: Form) -> tuple[Field, ...]:
    """The fields of a form that stand in the side table: single values marked ``indexed``."""
    return tuple(item for item in form.fields if item.indexed and item.type not in _LISTS)


def _whole_key(value: int) -> bytes:
    return (value + _OFFSET).to_bytes(8, "big")


def side_row(seq: int, form: Form, field: Field, value: Json, deleted: bool) -> dict[str, Any]:
    """The row of ``record_value`` for one field; an empty value has NULLs and sorts before all others."""
    row: dict[str, Any] = {
        "record_seq": seq,
        "field": field.key,
        "form": form.key,
        "deleted": deleted,
        "text_value": None,
        "integer_value": None,
        "date_value": None,
        "order_key": None,
    }
    if field.type in _WHOLE and isinstance(value, int):
        row["integer_value"] = int(value)
        row["order_key"] = _whole_key(int(value))
    elif field.type in DAYS and isinstance(value, str):
        row["date_value"] = value
        row["order_key"] = value.encode("utf-8")
    elif field.type is ValueType.CHOICE and isinstance(value, str):
        row["text_value"] = value
        keys = [choice.key for choice in field.choices]
        row["order_key"] = _whole_key(keys.index(value) if value in keys else len(keys))
    elif isinstance(value, str) and value:
        row["text_value"] = value
        row["order_key"] = name_key(value) if field.order == "person" else sort_key(value)
    return row


def side_rows(seq: int, form: Form, values: dict[str, Json], deleted: bool) -> list[dict[str, Any]]:
    """All rows of ``record_value`` of a record."""
    return [side_row(seq, form, field, values.get(field.key), deleted) for field in indexed_fields(form)]
