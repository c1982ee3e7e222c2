"""Reading ``[[declared]]``, and the choices that are the catalogue's own indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .declared import DeclaredPart
from .model import Choice, Field, Form, Indicator, ValueType
from .reader import Table

INDICATORS = "indicators"


def read_declared(table: Table, forms: Mapping[str, Form]) -> DeclaredPart:
    """One ``[[declared]]``. Raises Refused ``catalog_invalid``."""
    part = DeclaredPart(
        key=table.key(),
        form=table.key("form"),
        indicator=table.key("indicator"),
        first=table.key("first"),
        last=table.key("last"),
        value=table.key("value"),
        state=table.key("state"),
        nil=table.key("nil"),
    )
    table.finish()
    form = forms.get(part.form)
    if form is None:
        table.fail("form", f"không có biểu “{part.form[:60]}”")

    def need(place: str, key: str, kind: ValueType) -> Field:
        if not form.has_field(key) or form.field(key).type is not kind:
            table.fail(place, f"không có trường “{key[:60]}” kiểu {kind}")
        return form.field(key)

    if need("indicator", part.indicator, ValueType.CHOICE).choices_from != INDICATORS:
        table.fail("indicator", "lựa chọn phải lấy từ các chỉ tiêu (choices_from)")
    need("first", part.first, ValueType.DATE)
    need("last", part.last, ValueType.DATE)
    need("value", part.value, ValueType.DECIMAL)
    if part.nil not in need("state", part.state, ValueType.CHOICE).choice_titles:
        table.fail("nil", f"trường “{part.state}” không có lựa chọn “{part.nil[:60]}”")
    if form.event_date != part.last:
        table.fail("last", "phải là ngày của biểu (event_date)")
    return part


def with_choices(forms: Mapping[str, Form], indicators: Mapping[str, Indicator]) -> dict[str, Form]:
    """The forms with choices filled in where they are the indicators: those counted over
    a form (ratios follow from their parts)."""
    choices = tuple(
        Choice(item.key, f"{item.code} {item.title} ({item.unit})")
        for item in indicators.values()
        if item.source.partition(".")[0] in forms and not item.retired
    )

    def filled(field: Field) -> Field:
        return replace(field, choices=choices) if field.choices_from == INDICATORS else field

    return {
        key: replace(form, fields=tuple(filled(item) for item in form.fields))
        if any(item.choices_from for item in form.fields)
        else form
        for key, form in forms.items()
    }
