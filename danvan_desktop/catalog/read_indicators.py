"""Indicators from their TOML tables, checked against the forms they count over, with their definition hashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ..kernel.canonical import hash_of
from .model import Also, Field, Filter, Form, Indicator, IndicatorKind, LegalTerm, Rollup, ValueType
from .own_facts import SOURCES as OWN_FACTS
from .read_forms import CHOICES, DATES, NUMBERS, check_condition, read_conditions, read_profiles
from .reader import Table

_COUNTED_DENOMINATORS = ("villages", "units")
_CONTEXT = "context:"
_RECORD = "record."
# Common columns of every record that filters and splits may name beside the form's fields.
COMMON = {
    "unit": Field("unit", "Đơn vị", ValueType.UNIT),
    "villages": Field("villages", "Thôn, tổ dân phố", ValueType.VILLAGE),
}
_WORDS: Mapping[IndicatorKind, tuple[str, ...]] = {  # what each kind needs beside its source
    IndicatorKind.COUNT: (),
    IndicatorKind.SUM: ("fields",),
    IndicatorKind.DISTINCT: ("fields",),
    IndicatorKind.LATEST: ("fields",),
    IndicatorKind.OPEN_AT: ("done_field",),
    IndicatorKind.LATEST_ROW: ("fields",),
    IndicatorKind.WITHIN_TERM: ("done_field", "due_field"),
    IndicatorKind.MONTHS_MEETING_MINIMUM: ("fields", "minimum"),
    IndicatorKind.RATIO: ("numerator", "denominator"),
}
_OPTIONAL: Mapping[IndicatorKind, tuple[str, ...]] = {
    IndicatorKind.OPEN_AT: ("fields",), IndicatorKind.LATEST_ROW: ("done_field",),
}  # fmt: skip
_UNITED = (IndicatorKind.DISTINCT, IndicatorKind.MONTHS_MEETING_MINIMUM)  # may have further sources
_ADDING = (IndicatorKind.SUM, IndicatorKind.LATEST, IndicatorKind.LATEST_ROW, IndicatorKind.OPEN_AT)
_ROLLUPS = {IndicatorKind.RATIO: Rollup.WEIGHTED, IndicatorKind.DISTINCT: Rollup.NONE,
            IndicatorKind.LATEST: Rollup.LATEST, IndicatorKind.MONTHS_MEETING_MINIMUM: Rollup.NONE}  # fmt: skip


def read_indicator(table: Table, forms: Mapping[str, Form]) -> Indicator:
    """One ``[[indicator]]`` without its hash. Raises Refused ``catalog_invalid``."""
    kind = IndicatorKind(table.word("kind", tuple(IndicatorKind)))
    minimum = table.table("minimum", None)
    default_rollup = _ROLLUPS.get(kind, Rollup.SUM)
    indicator = Indicator(
        key=table.key(),
        code=table.text("code"),
        area=table.integer("area", low=0, high=8),
        title=table.text("title"),
        unit=table.text("unit"),
        kind=kind,
        source=table.text("source", ""),
        fields=table.texts("fields", ()),
        minus=table.texts("minus", ()),
        filters=read_conditions(table, "filters"),
        split=table.text("split", ""),
        date_field=table.text("date_field", ""),
        done_field=table.text("done_field", ""),
        due_field=table.text("due_field", ""),
        at=table.word("at", ("start", "end", "during", "until"), "end"),
        numerator=table.key("numerator", ""),
        denominator=table.text("denominator", ""),
        minimum=MappingProxyType({"term": minimum.key("term")} if minimum else {}),
        also=tuple(_read_also(item) for item in table.tables("also")),
        scale=table.integer("scale", 1 if kind is IndicatorKind.RATIO else 0, low=0, high=6),
        rollup=Rollup(table.word("rollup", tuple(Rollup), default_rollup)),
        optional=table.yes_no("optional"),
        profiles=read_profiles(table),
        retired=table.text("retired", ""),
        unprinted=table.text("unprinted", ""),
    )
    table.finish()
    if minimum:
        minimum.finish()
    _check_words(table, indicator)
    if kind is not IndicatorKind.RATIO:
        _check_source(table, indicator, forms)
    return indicator


def _read_also(table: Table) -> Also:
    also = Also(table.key("source"), table.key("field"), read_conditions(table, "filters"))
    table.finish()
    return also


def _check_words(table: Table, indicator: Indicator) -> None:
    needed = _WORDS[indicator.kind]
    for name in ("fields", "done_field", "due_field", "numerator", "denominator", "minimum"):
        given = bool(getattr(indicator, name))
        if name in _OPTIONAL.get(indicator.kind, ()):
            continue
        if given != (name in needed):
            table.fail(name, f"kiểu “{indicator.kind}” " + ("cần từ khóa này" if name in needed else "không dùng"))
    if indicator.minus and indicator.kind is not IndicatorKind.SUM:
        table.fail("minus", f"kiểu “{indicator.kind}” không dùng")
    allowed = {IndicatorKind.OPEN_AT: ("start", "end", "during"), IndicatorKind.LATEST: ("start", "end", "until")}
    if table.has("at") and indicator.at not in allowed.get(indicator.kind, ()):
        table.fail("at", f"kiểu “{indicator.kind}” không dùng")
    if len(indicator.fields) != 1 and indicator.kind in (
        IndicatorKind.DISTINCT, IndicatorKind.LATEST, IndicatorKind.MONTHS_MEETING_MINIMUM,
    ):  # fmt: skip
        table.fail("fields", "cần đúng một trường")
    if indicator.also and (indicator.kind not in _UNITED or indicator.split):
        table.fail("also", f"kiểu “{indicator.kind}” không dùng, và không đi cùng phân tổ")
    if indicator.kind is IndicatorKind.LATEST_ROW and not ("." in indicator.source and indicator.date_field):
        table.fail("source", "cần một bảng con và date_field là cột ngày của nó")
    is_ratio = indicator.kind is IndicatorKind.RATIO
    if bool(indicator.source) == is_ratio:
        table.fail("source", "không dùng cho tỷ lệ" if is_ratio else "thiếu")
    if is_ratio and (indicator.filters or indicator.split or indicator.date_field):
        table.fail("filters", "tỷ lệ không có bộ lọc, phân tổ hay ngày riêng")
    if indicator.rollup is Rollup.WEIGHTED and not is_ratio:
        table.fail("rollup", "chỉ tỷ lệ mới cộng theo tử số và mẫu số")
    if is_ratio and indicator.rollup not in (Rollup.WEIGHTED, Rollup.NONE):
        table.fail("rollup", "tỷ lệ chỉ dùng weighted hoặc none")
    units = indicator.fields == ("unit",) and indicator.rollup is Rollup.SUM  # those of two reports are never the same
    if indicator.kind is IndicatorKind.DISTINCT and indicator.rollup is not Rollup.NONE and not units:
        table.fail("rollup", "số đếm không trùng thì không cộng dồn được")


def source_fields(indicator: Indicator, forms: Mapping[str, Form]) -> Mapping[str, Field] | None:
    """The fields filters and dates of ``indicator`` may name (columns, and ``record.`` fields, for a rows source)."""
    if indicator.source in OWN_FACTS:
        return OWN_FACTS[indicator.source]
    form_key, _, rows_key = indicator.source.partition(".")
    form = forms.get(form_key)
    if form is None:
        return None
    own = {item.key: item for item in form.fields} | COMMON
    if not rows_key:
        return own
    if not form.has_field(rows_key) or form.field(rows_key).type is not ValueType.ROWS:
        return None
    columns = {item.key: item for item in form.field(rows_key).columns}
    return columns | {_RECORD + key: item for key, item in own.items()}


def _check_source(table: Table, indicator: Indicator, forms: Mapping[str, Form]) -> None:
    fields = source_fields(indicator, forms)
    if fields is None:
        table.fail("source", f"không có biểu hoặc bảng con “{indicator.source[:80]}”")
    plain = indicator.kind is IndicatorKind.COUNT and not indicator.split and not indicator.date_field
    if indicator.source in OWN_FACTS and not (plain and indicator.rollup is Rollup.NONE):
        table.fail(
            "source", f"“{indicator.source}” chỉ đếm được (count, rollup none), không phân tổ, không có ngày riêng"
        )

    def need(place: str, key: str, types: tuple[ValueType, ...] = ()) -> None:
        if key not in fields:
            table.fail(place, f"không có trường “{key[:70]}” trong “{indicator.source}”")
        if types and fields[key].type not in types:
            table.fail(place, f"trường “{key}” phải có kiểu {', '.join(types)}")

    numeric = indicator.kind in _ADDING and bool(indicator.fields)
    for key in (*indicator.fields, *indicator.minus):
        months = indicator.kind is IndicatorKind.MONTHS_MEETING_MINIMUM
        need("fields", key, NUMBERS if numeric else DATES if months else ())
    scales = {fields[key].scale for key in (*indicator.fields, *indicator.minus)} if numeric else {0}
    if scales != {indicator.scale} and numeric:
        table.fail("scale", "số chữ số thập phân phải bằng của các trường được cộng")
    for name in ("date_field", "done_field", "due_field"):
        if getattr(indicator, name):
            need(name, getattr(indicator, name), DATES)
    if indicator.split:
        need("split", indicator.split, CHOICES)
    for condition in indicator.filters:
        check_condition(table, "filters", condition, fields)
    for also in indicator.also:
        theirs = source_fields(replace(indicator, source=also.source), forms)
        own_type = fields[indicator.fields[0]].type
        if theirs is None or also.field not in theirs or theirs[also.field].type is not own_type:
            table.fail("also", f"không có trường “{also.field}” kiểu {own_type} trong “{also.source}”")
        for condition in also.filters:
            check_condition(table, "also", condition, theirs)


def seal(
    indicators: Mapping[str, Indicator], tables: Mapping[str, Table], terms: tuple[LegalTerm, ...]
) -> dict[str, Indicator]:
    """The indicators with references between them checked and their definition hashes set."""
    counted = {term.key for term in terms if term.unit in ("count_per_week", "count_per_month")}
    sealed: dict[str, Indicator] = {}
    plain = [item for item in indicators.values() if item.kind is not IndicatorKind.RATIO]
    for item in plain:
        if item.minimum and item.minimum["term"] not in counted:
            tables[item.key].fail("minimum", f"không có mức tối thiểu “{item.minimum['term'][:60]}”")
        sealed[item.key] = replace(item, definition_hash=hash_of(_definition(item, {})))
    for item in indicators.values():
        if item.kind is IndicatorKind.RATIO:
            table = tables[item.key]
            if item.numerator not in sealed or sealed[item.numerator].kind is IndicatorKind.RATIO:
                table.fail("numerator", f"không có chỉ tiêu đếm hoặc cộng “{item.numerator[:60]}”")
            counted_by = item.denominator in _COUNTED_DENOMINATORS or (
                item.denominator.startswith(_CONTEXT) and len(item.denominator) > len(_CONTEXT)
            )
            if not counted_by and (
                item.denominator not in sealed or sealed[item.denominator].kind is IndicatorKind.RATIO
            ):
                table.fail("denominator", f"không có chỉ tiêu đếm hoặc cộng “{item.denominator[:60]}”")
            sealed[item.key] = replace(item, definition_hash=hash_of(_definition(item, sealed)))
    return {key: sealed[key] for key in indicators}


def _definition(item: Indicator, sealed: Mapping[str, Indicator]) -> dict[str, Any]:
    """The parts that decide the number, without empty ones: a word added to the model later leaves old hashes alone.

    A ratio's hash takes in the definitions it divides.
    """

    def part(key: str) -> Any:
        return [key, sealed[key].definition_hash] if key in sealed else key

    parts: dict[str, Any] = {
        "key": item.key,
        "kind": item.kind.value,
        "source": item.source,
        "fields": list(item.fields),
        "minus": list(item.minus),
        "filters": [_condition(condition) for condition in item.filters],
        "split": item.split,
        "date_field": item.date_field,
        "done_field": item.done_field,
        "due_field": item.due_field,
        "at": item.at,
        "numerator": part(item.numerator),
        "denominator": part(item.denominator),
        "minimum": dict(item.minimum),
        "also": [[part.source, part.field, [_condition(each) for each in part.filters]] for part in item.also],
        "scale": item.scale,
        "rollup": item.rollup.value,
    }
    return {name: value for name, value in parts.items() if value not in ("", [], {})}


def _condition(condition: Filter) -> dict[str, Any]:
    return {"field": condition.field, "op": condition.op, "value": condition.value}
