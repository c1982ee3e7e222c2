"""Which class a value has, and what may leave a record (DESIGN §8.8). Whatever is not known counts as personal."""

from __future__ import annotations

from collections.abc import Mapping

from .conditions import is_empty
from .model import Field, Form, Json, Privacy, ValueType
from .rules import matches

OPEN_COMMON = ("unit", "villages", "state", "secondary_areas", "event_date", "id", "form", "revision")


def privacy_of(form: Form, field: str | Field, values: Mapping[str, Json]) -> Privacy:
    """The class of a field (key, ``rows_field.column``, or Field) of a record with these values.

    ``class_when`` raises it; ``note``, ``evidence`` and every unknown key are personal.
    """
    key = field.key if isinstance(field, Field) else field
    if key in OPEN_COMMON and not form.has_field(key):
        return Privacy.OPEN
    name, _, column = key.partition(".")
    if not form.has_field(name):
        return Privacy.PERSONAL
    found = form.field(name)
    if column:
        try:
            return found.column(column).privacy
        except KeyError:
            return Privacy.PERSONAL
    if found.type is ValueType.FILES:
        return Privacy.PERSONAL
    raised = found.class_when
    return raised.privacy if raised is not None and matches(raised, values) else found.privacy


def open_values(form: Form, values: Mapping[str, Json]) -> dict[str, Json]:
    """The values that may travel in a package's rows: open fields only, rows reduced to their open columns."""
    result: dict[str, Json] = {}
    for key, value in values.items():
        if not form.has_field(key) or privacy_of(form, key, values) is not Privacy.OPEN:
            continue
        field = form.field(key)
        if field.type is ValueType.ROWS and isinstance(value, list):
            allowed = {"row"} | {column.key for column in field.columns if column.privacy is Privacy.OPEN}
            value = [
                {name: cell for name, cell in row.items() if name in allowed} for row in value if isinstance(row, dict)
            ]
        if not is_empty(value):
            result[key] = value
    return result


def split_protected(form: Form, values: Mapping[str, Json]) -> tuple[dict[str, Json], dict[str, Json]]:
    """``values`` parted into what an ordinary record holds and what goes to the protected store."""
    kept: dict[str, Json] = {}
    protected: dict[str, Json] = {}
    for key, value in values.items():
        is_secret = form.has_field(key) and privacy_of(form, key, values) is Privacy.PROTECTED
        (protected if is_secret else kept)[key] = value
    return kept, protected


def masked(text: str) -> str:
    """A sensitive text as shown on screen: all but the last three letters covered; short ones wholly."""
    return "•" * len(text) if len(text) <= 6 else "•" * (len(text) - 3) + text[-3:]
