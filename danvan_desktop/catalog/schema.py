"""A form as JSON Schema (draft 2020-12): the schema of its rows in packages, and documentation for others."""

from __future__ import annotations

from typing import Any

from .model import Field, Form, Privacy, ValueType
from .values import LONG_TEXT_LIMIT, ROWS_LIMIT, TEXT_LIMIT

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def form_schema(form: Form, *, open_only: bool = False, final: bool = True) -> dict[str, Any]:
    """The schema of a record's ``values``.

    ``open_only``: only the fields that may travel (as privacy.open_values leaves them; nothing else is allowed, and
    nothing is required that a class may hide). ``final`` False: a draft, nothing is required.
    """
    fields = [field for field in form.fields if not open_only or field.privacy is Privacy.OPEN]
    if open_only:
        fields = [field for field in fields if field.type is not ValueType.FILES]
    required = [
        field.key
        for field in fields
        if final and field.required and field.derive is None and field.optional_when is None
        and not (open_only and field.class_when)
    ]  # fmt: skip
    schema: dict[str, Any] = {
        "$schema": DIALECT,
        "title": form.title,
        "description": form.help,
        "type": "object",
        "properties": {field.key: field_schema(field, open_only=open_only) for field in fields},
        "required": required,
        "additionalProperties": not open_only,
        "x-form": form.key,
        "x-version": form.version,
    }
    return schema if form.help else {key: value for key, value in schema.items() if key != "description"}


def field_schema(field: Field, *, open_only: bool = False) -> dict[str, Any]:
    """The schema of one value. Scaled numbers are integers; ``x-scale`` tells the decimal digits."""
    schema: dict[str, Any] = {"title": field.title}
    if field.help:
        schema["description"] = field.help
    if field.derive is not None:
        schema["readOnly"] = True
    match field.type:
        case ValueType.TEXT | ValueType.LONG_TEXT:
            limit = TEXT_LIMIT if field.type is ValueType.TEXT else LONG_TEXT_LIMIT
            schema |= {"type": "string", "maxLength": field.max_length or limit}
        case ValueType.DATE:
            schema |= {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
        case ValueType.MONTH:
            schema |= {"type": "string", "pattern": r"^\d{4}-\d{2}$"}
        case ValueType.INTEGER | ValueType.DECIMAL | ValueType.MONEY | ValueType.PERCENT:
            schema |= {"type": "integer"}
            if field.minimum is not None:
                schema["minimum"] = field.minimum
            if field.maximum is not None:
                schema["maximum"] = field.maximum
            if field.scale:
                schema["x-scale"] = field.scale
        case ValueType.CHOICE:
            schema |= {"type": "string", "enum": [choice.key for choice in field.choices]}
        case ValueType.MULTI_CHOICE:
            items = {"type": "string", "enum": [choice.key for choice in field.choices]}
            schema |= {"type": "array", "items": items, "uniqueItems": True}
        case ValueType.YES_NO:
            schema |= {"type": "boolean"}
        case ValueType.VILLAGE | ValueType.FILES:
            schema |= {"type": "array", "items": {"type": "string"}, "uniqueItems": True}
        case ValueType.ROWS:
            columns = [column for column in field.columns if not open_only or column.privacy is Privacy.OPEN]
            schema |= {
                "type": "array",
                "maxItems": ROWS_LIMIT,
                "items": {
                    "type": "object",
                    "properties": {"row": {"type": "string"}} | {item.key: field_schema(item) for item in columns},
                    "required": [item.key for item in columns if item.required],
                    "additionalProperties": not open_only,
                },
            }
        case ValueType.UNIT | ValueType.RECORD:
            schema |= {"type": "string"}
    return schema
