"""Forms, fields, sections and rules from their TOML tables, with every reference inside a form checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from . import derive, rules
from .conditions import OPS, VALUELESS_OPS
from .model import (
    Choice,
    ClassWhen,
    Derivation,
    Field,
    Filter,
    Form,
    Privacy,
    Rule,
    Section,
    Severity,
    ValueType,
)
from .reader import Table, freeze_json

PROFILES = ("commune_agency", "commune_hub", "department_unit", "department_hub", "parent")
COMMON_FIELDS = ("unit", "villages", "note", "evidence", "state", "secondary_areas", "event_date")
ROW_ID = "row"
NUMBERS = (ValueType.INTEGER, ValueType.DECIMAL, ValueType.MONEY, ValueType.PERCENT)
DATES = (ValueType.DATE, ValueType.MONTH)
CHOICES = (ValueType.CHOICE, ValueType.MULTI_CHOICE)
_PERSONAL_AREAS = (6, 7)  # their free text is personal unless the catalogue says otherwise (DESIGN §8.8)
_SHORT = (*DATES, ValueType.INTEGER, ValueType.PERCENT, ValueType.YES_NO)
_WIDE = (ValueType.LONG_TEXT, ValueType.ROWS, ValueType.FILES)
_INDEXED = (*DATES, ValueType.CHOICE, ValueType.UNIT, ValueType.RECORD)
_LISTED_BY_DEFAULT = 4


def read_form(table: Table) -> Form:
    """One ``[[form]]``. Raises Refused ``catalog_invalid``."""
    key = table.key()
    area = table.integer("area", low=1, high=8)
    fields = tuple(_read_field(item, area) for item in table.tables("field"))
    if not fields:
        table.fail("field", "biểu không có trường nào")
    by_key = _unique(table, "field", fields)
    if not any(item.in_list for item in fields):
        fields = tuple(_listed(item, at < _LISTED_BY_DEFAULT) for at, item in enumerate(fields))
        by_key = {item.key: item for item in fields}
    event = table.key("event_date")
    _need(table, "event_date", event, by_key, DATES)
    title = table.text("title")
    form = Form(
        key=key,
        title=title,
        short_title=table.text("short_title", title),
        area=area,
        version=table.integer("version", 1, low=1, high=9999),
        event_date=event,
        fields=fields,
        sections=_read_sections(table, fields),
        rules=tuple(_read_rule(item, by_key) for item in table.tables("rule")),
        share_rows=table.yes_no("share_rows"),
        label=table.texts("label", _default_label(fields, event)),
        report_columns=table.texts("report_columns", tuple(f.key for f in fields if f.in_list and _is_open(f))),
        profiles=read_profiles(table),
        help=table.text("help", "", empty=True),
        keep_next=table.texts("keep_next", ()),
    )
    table.finish()
    _unique(table, "rule", form.rules)
    for field in fields:
        _check_field(table, field, by_key)
    for name in form.label:
        _need(table, "label", name, by_key)
        if by_key[name].class_when or by_key[name].privacy in (Privacy.SENSITIVE, Privacy.PROTECTED):
            table.fail("label", f"trường “{name}” cần giữ kín, không dùng làm tên hồ sơ")
    for name in form.report_columns:
        _need(table, "report_columns", name, by_key)
        if not _is_open(by_key[name]):
            table.fail("report_columns", f"trường “{name}” không phải loại công khai (open)")
    for name in form.keep_next:
        _need(table, "keep_next", name, by_key)
        if not _is_open(by_key[name]) or by_key[name].derive is not None:
            table.fail("keep_next", f"trường “{name}” phải là loại công khai (open) và do cán bộ nhập")
    return form


def read_profiles(table: Table, default: Any = ()) -> tuple[str, ...]:
    """The kinds of office named under ``profiles``; refused when there is no such kind."""
    names = table.texts("profiles", default)
    for name in names:
        if name not in PROFILES:
            table.fail("profiles", f"không có loại cơ quan “{name[:60]}”")
    return names


def _is_open(field: Field) -> bool:
    return field.privacy is Privacy.OPEN and field.class_when is None


def _listed(field: Field, listed: bool) -> Field:
    return replace(field, in_list=listed and field.type not in _WIDE)


def _default_label(fields: Sequence[Field], event: str) -> tuple[str, ...]:
    texts = [item.key for item in fields if item.type is ValueType.TEXT and _is_open(item)]
    return (event, *texts[:1])


def _unique(table: Table, what: str, items: Sequence[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        if item.key in found:
            table.fail(f"{what} {item.key}", "trùng khóa")
        found[item.key] = item
    return found


def _need(table: Table, place: str, key: object, fields: Mapping[str, Field], types: Sequence[ValueType] = ()) -> Field:
    if not isinstance(key, str) or key not in fields:
        table.fail(place, f"không có trường “{str(key)[:70]}”")
    if types and fields[key].type not in types:
        table.fail(place, f"trường “{key}” phải có kiểu {', '.join(types)}")
    return fields[key]


def _read_field(table: Table, area: int, *, column: bool = False) -> Field:
    key = table.key()
    if key == ROW_ID or (key in COMMON_FIELDS and not column):
        table.fail("key", f"“{key}” là trường chung của mọi hồ sơ")
    kind = ValueType(table.word("type", tuple(ValueType)))
    if column and kind in (ValueType.ROWS, ValueType.FILES):
        table.fail("type", "cột của bảng không thể là bảng hay tệp")
    text = kind in (ValueType.TEXT, ValueType.LONG_TEXT)
    careful = (area in _PERSONAL_AREAS and text) or kind is ValueType.FILES
    width = "short" if kind in _SHORT else "wide" if kind in _WIDE else "normal"
    choices = tuple(_read_choice(item) for item in table.tables("enum"))
    choices_from = table.word("choices_from", ("indicators",), "")
    if bool(choices) != (kind in CHOICES and not choices_from) or (choices_from and (column or kind not in CHOICES)):
        table.fail("enum", "chỉ trường lựa chọn (và mọi trường lựa chọn) có danh mục enum hoặc choices_from")
    _unique(table, "enum", choices)
    columns = tuple(_read_field(item, area, column=True) for item in table.tables("column"))
    if bool(columns) != (kind is ValueType.ROWS):
        table.fail("column", "chỉ trường kiểu rows (và mọi trường kiểu rows) có cột")
    _unique(table, "column", columns)
    how = table.table("derive", None)
    order = table.word("order", ("words", "person"), "words")
    field = Field(
        key=key,
        title=table.text("title"),
        type=kind,
        required=table.yes_no("required"),
        help=table.text("help", "", empty=True),
        unit_text=table.text("unit_text", "đồng" if kind is ValueType.MONEY else "", empty=True),
        choices=choices,
        choices_from=choices_from,
        minimum=table.integer("minimum", 0 if kind in NUMBERS else None),
        maximum=table.integer("maximum", None),
        max_length=table.integer("maxLength", None, low=1, high=100_000),
        scale=table.integer("scale", 0, low=0, high=6),
        privacy=Privacy(table.word("privacy", tuple(Privacy), Privacy.PERSONAL if careful else Privacy.OPEN)),
        class_when=_read_class(table, "class_when", with_privacy=True),
        optional_when=_read_class(table, "optional_when", with_privacy=False),
        indexed=table.yes_no("indexed", (kind in _INDEXED or order == "person") and not column),
        order=order,
        in_list=table.yes_no("in_list"),
        width=table.word("width", ("short", "normal", "wide"), width),
        target_form=table.key("target_form", ""),
        columns=columns,
        derive=_read_derivation(how) if how else None,
    )
    table.finish()
    if field.order == "person" and (kind is not ValueType.TEXT or column):
        table.fail("order", "chỉ trường chữ một dòng của biểu mới xếp theo tên người")
    if field.max_length is not None and not text:
        table.fail("maxLength", "chỉ dùng cho trường chữ")
    if (table.has("minimum") or table.has("maximum")) and kind not in NUMBERS:
        table.fail("minimum", "chỉ dùng cho trường số")
    if field.scale and kind not in (ValueType.DECIMAL, ValueType.PERCENT):
        table.fail("scale", "chỉ dùng cho trường decimal, percent")
    if (field.target_form != "") != (kind is ValueType.RECORD):
        table.fail("target_form", "chỉ trường kiểu record (và mọi trường kiểu record) chỉ tới một biểu")
    if field.derive is not None and (field.required or column):
        table.fail("derive", "trường tính ra không thể bắt buộc nhập, và không nằm trong bảng con")
    if column and (field.class_when or field.optional_when or field.privacy is Privacy.PROTECTED):
        table.fail("privacy", "cột của bảng không mang lớp bảo vệ riêng theo điều kiện")
    return field


def _read_choice(table: Table) -> Choice:
    choice = Choice(table.key(), table.text("title"), table.text("note", "", empty=True))
    table.finish()
    return choice


def _read_class(table: Table, key: str, *, with_privacy: bool) -> ClassWhen | None:
    found = table.table(key, None)
    if found is None:
        return None
    privacy = Privacy(found.word("privacy", tuple(Privacy))) if with_privacy else Privacy.OPEN
    result = ClassWhen(found.key("field"), found.texts("values"), privacy)
    found.finish()
    return result


def _read_sections(table: Table, fields: Sequence[Field]) -> tuple[Section, ...]:
    sections = []
    for item in table.tables("section"):
        sections.append(Section(item.key(), item.text("title"), item.texts("fields")))
        item.finish()
    if not sections:
        return (Section("main", "Nội dung", tuple(field.key for field in fields)),)
    _unique(table, "section", sections)
    placed = [name for section in sections for name in section.fields]
    known = {field.key for field in fields}
    for name in placed:
        if name not in known:
            table.fail("section", f"không có trường “{name[:70]}”")
    if len(set(placed)) != len(placed):
        table.fail("section", "một trường nằm ở hai phần")
    if missing := known - set(placed):
        table.fail("section", f"các trường chưa thuộc phần nào: {', '.join(sorted(missing))}")
    return tuple(sections)


def read_conditions(table: Table, key: str) -> tuple[Filter, ...]:
    """A list of conditions ``{field, op, value}`` under ``key``; their fields are the caller's to check."""
    found = []
    for item in table.tables(key):
        op = item.word("op", OPS)
        value = freeze_json(item, "value", item.raw("value")) if op not in VALUELESS_OPS else None
        found.append(Filter(item.text("field"), op, value))
        item.finish()
        if op in ("in", "not_in") and not isinstance(value, tuple):
            item.fail("value", "phải là danh sách")
        if isinstance(value, dict) and set(value) != {"field"}:
            item.fail("value", "chỉ nhận {field = ...}")
    return tuple(found)


def check_condition(table: Table, place: str, condition: Filter, fields: Mapping[str, Field]) -> None:
    """Refuse a condition whose field, op or value does not fit the fields it speaks of."""
    field = _need(table, place, condition.field, fields)
    op, value = condition.op, condition.value
    if isinstance(value, dict):
        _need(table, place, value["field"], fields)
        return
    if op == "contains" and field.type not in (ValueType.MULTI_CHOICE, ValueType.VILLAGE):
        table.fail(place, f"“contains” không dùng được cho trường “{field.key}”")
    if op in ("true", "false") and field.type is not ValueType.YES_NO:
        table.fail(place, f"trường “{field.key}” không phải kiểu có/không")
    if op in ("gte", "lte", "gt", "lt") and field.type not in (*NUMBERS, *DATES):
        table.fail(place, f"trường “{field.key}” không so sánh lớn nhỏ được")
    wanted = value if isinstance(value, tuple) else () if value is None else (value,)
    for item in wanted:
        if field.type in CHOICES and item not in field.choice_titles:
            table.fail(place, f"trường “{field.key}” không có lựa chọn “{str(item)[:60]}”")
        if field.type in NUMBERS and (isinstance(item, bool) or not isinstance(item, int)):
            table.fail(place, f"giá trị so với trường “{field.key}” phải là số nguyên")


def _read_derivation(table: Table) -> Derivation:
    kind = table.word("kind", derive.KINDS)
    args: dict[str, Any] = {}
    for name, wanted in derive.ARGUMENTS[kind].items():
        args |= _read_argument(table, name, wanted)
    table.finish()
    args.setdefault("when", {})
    return Derivation(kind, MappingProxyType(args))


def _read_rule(table: Table, fields: Mapping[str, Field]) -> Rule:
    kind = table.word("kind", rules.KINDS)
    args: dict[str, Any] = {}
    for name, wanted in rules.ARGUMENTS[kind].items():
        args |= _read_argument(table, name, wanted)
    for name in ("when", "unless"):
        args[name] = read_conditions(table, name)
        for condition in args[name]:
            check_condition(table, name, condition, fields)
    rule = Rule(
        key=table.key(),
        kind=kind,
        args=MappingProxyType(args),
        severity=Severity(table.word("severity", tuple(Severity), Severity.ERROR)),
        message=table.text("message"),
        fields=table.texts("fields", ()),
    )
    table.finish()
    for name in rule.fields:
        _need(table, "fields", name, fields)
    for name in re.findall(r"\{([^{}]*)\}", rule.message):
        _need(table, "message", name, fields)
    check_arguments(table, rules.ARGUMENTS[kind], args, fields)
    return rule


def _read_argument(table: Table, name: str, wanted: str) -> dict[str, Any]:
    optional, kind = wanted.endswith("?"), wanted.rstrip("?")
    if optional and not table.has(name):
        return {}
    if kind == "int":
        return {name: table.integer(name, low=0)}
    if kind in ("numbers", "anys", "texts"):
        return {name: table.texts(name)}
    if kind == "term_cases":
        return {name: _read_cases(table, name, lambda item: {"term": item.key("term"), "from": item.key("from")})}
    if kind == "share_cases":
        return {name: _read_cases(table, name, _share)}
    if kind == "record_cases":
        return {name: _read_cases(table, name, lambda item: {"filters": read_conditions(item, "filters")})}
    if kind in ("conditions", "row_conditions"):
        return {name: read_conditions(table, name)}
    if kind == "months":
        return {name: table.months(name)}
    if kind == "transitions":
        found = table.table(name)
        assert found is not None
        return {name: MappingProxyType({key: found.texts(key) for key in found.names()})}
    if kind == "conditions_map":
        found = table.table(name)
        assert found is not None
        return {name: MappingProxyType({key: found.text(key) for key in found.names()})}
    return {name: table.text(name)}


def _read_cases(table: Table, name: str, more: Callable[[Table], dict[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """The cases of a derivation: the first whose ``if`` conditions hold decides."""
    cases = []
    for item in table.tables(name):
        case = {"if": read_conditions(item, "if")} | more(item)
        item.finish()
        cases.append(MappingProxyType(case))
    if not cases:
        table.fail(name, "thiếu")
    return tuple(cases)


def _share(item: Table) -> dict[str, Any]:
    """``at_least = "2/3"`` or ``more_than = "1/2"``: a fraction, because two thirds are no whole per cent."""
    given = [word for word in ("at_least", "more_than") if item.has(word)]
    if len(given) != 1:
        item.fail("at_least", "cần đúng một trong at_least, more_than")
    found = re.fullmatch(r"(\d{1,3})/(\d{1,3})", item.text(given[0]))
    if found is None or not 0 < int(found[1]) <= int(found[2]):
        item.fail(given[0], "phải là phân số không quá 1, ví dụ 2/3")
    return {"share": (int(found[1]), int(found[2])), "more": given[0] == "more_than"}


_TYPES: Mapping[str, Sequence[ValueType]] = {
    "number": NUMBERS, "numbers": NUMBERS, "date": DATES, "rows": (ValueType.ROWS,), "yes_no": (ValueType.YES_NO,),
    "choice": (ValueType.CHOICE,), "any": (), "anys": (),
}  # fmt: skip

_ROW_WORDS: Mapping[str, Sequence[str]] = {"extensions": ("days",), "suspensions": ("from", "to")}


def check_arguments(
    table: Table, wanted: Mapping[str, str], args: Mapping[str, Any], fields: Mapping[str, Field]
) -> None:
    """Refuse words of a rule or derivation that name fields which are not there or have another type."""
    for name, spec in wanted.items():
        kind = spec.rstrip("?")
        if name not in args:
            continue
        value = args[name]
        if kind in _TYPES:
            for key in value if isinstance(value, tuple) else (value,):
                found = _need(table, name, key, fields, _TYPES[kind])
                for item in args.get("values", ()) if kind == "choice" else ():
                    if item not in found.choice_titles:
                        table.fail("values", f"trường “{key}” không có lựa chọn “{item[:60]}”")
                for column in _ROW_WORDS.get(name, ()) if kind == "rows" else ():
                    if column not in {item.key for item in found.columns}:
                        table.fail(name, f"bảng “{found.key}” cần có cột “{column}”")
        elif kind == "conditions":
            for condition in value:
                check_condition(table, name, condition, fields)
        elif kind == "row_conditions":
            columns = {item.key: item for item in fields[args["rows"]].columns}
            for condition in value:
                check_condition(table, name, condition, columns)
        elif kind == "column":
            rows = fields[args["rows"]]
            if value not in {column.key for column in rows.columns}:
                table.fail(name, f"bảng “{rows.key}” không có cột “{value[:60]}”")
        elif kind == "term_cases":
            for case in value:
                _need(table, name, case["from"], fields, DATES)
        if kind.endswith("_cases"):
            for case in value:
                for condition in case["if"]:
                    check_condition(table, name, condition, fields)
        elif kind == "conditions_map":
            for key in value.values():
                _need(table, name, key, fields)
        elif kind == "transitions":
            known = fields[args["rows"]].column(args["stage"]).choice_titles
            for stage in [*value, *(to for many in value.values() for to in many), *args["start"]]:
                if stage not in known:
                    table.fail(name, f"không có bước “{stage[:60]}”")


def _check_field(table: Table, field: Field, fields: Mapping[str, Field]) -> None:
    place = f"field {field.key}"
    for condition in (field.class_when, field.optional_when):
        if condition is not None:
            chosen = _need(table, place, condition.field, fields, (ValueType.CHOICE,))
            for value in condition.values:
                if value not in chosen.choice_titles:
                    table.fail(place, f"trường “{chosen.key}” không có lựa chọn “{value[:60]}”")
    if field.derive is None:
        return
    check_arguments(table, derive.ARGUMENTS[field.derive.kind], field.derive.args, fields)
    made = {
        "at_least": (ValueType.YES_NO,), "ratio_at_least": (ValueType.YES_NO,),
        "days_between_at_least": (ValueType.YES_NO,), "difference": NUMBERS, "sum": NUMBERS,
        "legal_term": (ValueType.DATE,), "days_after": (ValueType.DATE,), "share_by_case": (ValueType.YES_NO,),
        "month_in": (ValueType.YES_NO,), "count_records": (ValueType.INTEGER,),
        "count_rows": (ValueType.INTEGER,),
    }.get(field.derive.kind)  # fmt: skip
    if made and field.type not in made:
        table.fail(place, f"phép tính “{field.derive.kind}” cho giá trị kiểu {made[0]}")


def check_counted(table: Table, form: Form, field: Field, how: Derivation, forms: Mapping[str, Form]) -> None:
    """Refuse a field that counts records of a form which is not there, or by fields and conditions it does not have.

    The event dates of both must match: by them the records to count, and those to count anew, are found.
    """
    place = f"field {field.key}"
    other = forms.get(how.args["form"])
    if other is None:
        table.fail(place, f"không có biểu “{how.args['form'][:60]}”")
    theirs = {item.key: item for item in other.fields}
    if how.args["match"].get(other.event_date) != form.event_date:
        table.fail(place, f"match cần có {other.event_date} = “{form.event_date}”, ngày của hai biểu")
    for key in how.args["match"]:
        _need(table, place, key, theirs)
    for case in how.args["cases"]:
        for condition in case["filters"]:
            check_condition(table, place, condition, theirs)
