"""The columns a sheet of records can have: the fields of the form that are typed, and what every record has."""

from __future__ import annotations

from dataclasses import replace

from ..catalog.model import Catalog, Choice, Field, Form, ValueType

UNIT, VILLAGES, AREAS, NOTE = "@unit", "@villages", "@secondary_areas", "@note"
"""Keys no catalogue can use."""


def import_fields(catalog: Catalog, form: Form) -> tuple[Field, ...]:
    """The fields of a sheet, in the order of the form's sections; no derived ones and no files."""
    order = [key for section in form.sections for key in section.fields]
    typed = [item for item in form.fields if item.derive is None and item.type is not ValueType.FILES]
    typed.sort(key=lambda item: order.index(item.key) if item.key in order else len(order))
    areas = tuple(
        Choice(str(area.number), f"{area.number}. {area.short_title}")
        for area in catalog.areas
        if area.number != form.area
    )
    places = any(item.type is ValueType.VILLAGE for item in form.fields)
    return (
        *(replace(item, columns=typed_columns(item)) if item.type is ValueType.ROWS else item for item in typed),
        Field(UNIT, "Đơn vị thực hiện", ValueType.UNIT, help="Cơ quan, đơn vị đã làm việc này."),
        *(() if places else (Field(VILLAGES, "Thôn, tổ dân phố", ValueType.VILLAGE),)),
        Field(AREAS, "Mảng nhiệm vụ liên quan khác", ValueType.MULTI_CHOICE, choices=areas),
        Field(NOTE, "Ghi chú", ValueType.LONG_TEXT, help="Lưu trong cơ quan, không gửi đi.", width="wide"),
    )


def typed_columns(field: Field) -> tuple[Field, ...]:
    """The columns of a small table that a sheet can hold."""
    return tuple(item for item in field.columns if item.derive is None and item.type is not ValueType.FILES)
