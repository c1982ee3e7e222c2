"""Values out of a JSON file: canonical (DESIGN §8.5), or texts as a person types them; nothing of a wrong shape."""

from __future__ import annotations

from typing import Any

from ..kernel.canonical import MAX_INTEGER
from ..kernel.text import bad_character
from . import values
from .conditions import is_empty
from .model import Field, Json, ValueType
from .values import ValueProblem

_TEXTS = (ValueType.TEXT, ValueType.LONG_TEXT)
_LISTS = (ValueType.MULTI_CHOICE, ValueType.VILLAGE, ValueType.FILES)
_SHAPE = ("wrong_type", "not_a_date", "unknown_choice", "twice", "bad_character")


def value_from_json(field: Field, raw: Any) -> Json:
    """The canonical value of one JSON value: a text is read as typed ("1.234,5"), all else must be canonical already
    (a decimal 12,5 at scale 1 is 125). None when empty.

    What a draft may still lack (a limit, a required value) is no matter here. Raises ValueProblem for a wrong type, a
    wrong date, a choice the field does not have, letters that cannot be stored; in ``rows`` also for a strange column.
    """
    if field.type is ValueType.ROWS and not isinstance(raw, str):
        return _rows(field, raw)
    if isinstance(raw, list) and field.type in _LISTS:
        if not all(isinstance(item, str) for item in raw):
            raise _problem(field, "wrong_type", "cần là danh sách chữ")
        raw = [item for item in raw if item.strip()]
        value = values.parse_value(field, raw)
    else:
        value = values.parse_value(field, raw) if isinstance(raw, str) else raw
    if value is None:
        return None
    if isinstance(value, list) and not value and field.type not in _LISTS:
        raise _problem(field, "wrong_type", "không đúng kiểu dữ liệu, hãy nhập lại")
    if type(value) is int and abs(value) > MAX_INTEGER:
        raise _problem(field, "too_large", "quá lớn")
    if field.type in _TEXTS and isinstance(value, str):
        if name := bad_character(value, multiline=field.type is ValueType.LONG_TEXT):
            raise _problem(field, "bad_character", f"có ký tự không dùng được ({name}), hãy xóa đi")
        return value
    for found in values.check_value(field, value):
        if found.code in _SHAPE:
            raise ValueProblem(found.code, found.message)
    return None if is_empty(value) else value


def _rows(field: Field, raw: Any) -> Json:
    if raw is None:
        return None
    if not isinstance(raw, list) or not all(isinstance(item, dict) for item in raw):
        raise _problem(field, "wrong_type", "cần là danh sách các dòng")
    columns = {column.key: column for column in field.columns}
    result: list[Json] = []
    for number, item in enumerate(raw, 1):
        row: dict[str, Json] = {}
        for key, cell in item.items():
            if key == "row" and isinstance(cell, str):
                row[key] = cell
                continue
            if key not in columns:
                raise _problem(field, "unknown_field", f"dòng {number} có cột lạ “{key}”")
            try:
                value = value_from_json(columns[key], cell)
            except ValueProblem as error:
                raise ValueProblem(error.code, f"{field.title}, dòng {number}: {error.message}") from error
            if value is not None:
                row[key] = value
        if any(key != "row" for key in row):
            result.append(row)
    return result or None


def _problem(field: Field, code: str, why: str) -> ValueProblem:
    return ValueProblem(code, f"“{field.title}” {why}.")
