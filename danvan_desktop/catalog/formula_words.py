"""How an indicator is computed, in words an officer reads, made out of its definition: the two never differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ..kernel import vi
from .model import Also, Catalog, Field, Filter, Indicator, IndicatorKind, Rollup, ValueType
from .own_facts import PLAN_TASK, UNIT_REPORT
from .own_facts import SOURCES as OWN_FACTS
from .read_indicators import source_fields
from .terms import title_of_term

_OWN = {
    PLAN_TASK: "nhiệm vụ của kế hoạch năm, tính đến hết kỳ",
    UNIT_REPORT: "cơ quan, đơn vị phải gửi báo cáo của kỳ",
}
_OPEN = {
    "start": "đã có và chưa xong khi bắt đầu kỳ",
    "end": "đã có và chưa xong khi hết kỳ",
    "during": "có trong kỳ hoặc kỳ trước chuyển sang, chưa xong trước khi bắt đầu kỳ",
}
_NEWEST = {
    "start": "lần ghi đầu tiên trong kỳ",
    "end": "lần ghi mới nhất trong kỳ",
    "until": "lần ghi mới nhất tính đến hết kỳ",
}
_COMPARED = {"gte": "từ {} trở lên", "lte": "không quá {}", "gt": "lớn hơn {}", "lt": "nhỏ hơn {}"}
_ROLLUPS = {
    Rollup.SUM: "cộng số của các đơn vị",
    Rollup.LATEST: "lấy số mới nhất, không cộng",
    Rollup.WEIGHTED: "cộng tử số, cộng mẫu số rồi tính lại tỷ lệ",
    Rollup.NONE: "không cộng số của các đơn vị",
}
_WHOLES = {
    "villages": "số thôn, tổ dân phố đang hoạt động",
    "units": "số cơ quan, đơn vị đang hoạt động",
}


def formula_words(catalog: Catalog, indicator: Indicator) -> str:
    """One or two sentences: what is counted, added or divided, under which conditions, and how it is split."""
    if indicator.kind is IndicatorKind.RATIO:
        top, bottom = _part(catalog, indicator.numerator), _part(catalog, indicator.denominator)
        return f"{top} chia cho {bottom}{', nhân 100' if indicator.unit == '%' else ''}."
    words = _Words(catalog, indicator)
    text = words.core() + words.conditions(indicator.filters)
    text += "".join(words.also(item) for item in indicator.also)
    if indicator.split:
        text += f". Chia theo {words.field(indicator.split)}"
    return text + "."


def rollup_words(indicator: Indicator) -> str:
    """What an office above does with the figures of its units."""
    return _ROLLUPS[indicator.rollup]


def _part(catalog: Catalog, key: str) -> str:
    if key in _WHOLES:
        return _WHOLES[key]
    found = catalog.indicators.get(key.removeprefix("context:"))
    return f"“{found.title}” ({found.code})" if found else f"“{key}”"


class _Words:
    """The words of one indicator over its source."""

    def __init__(self, catalog: Catalog, indicator: Indicator) -> None:
        self._catalog = catalog
        self._indicator = indicator
        self._fields = source_fields(indicator, catalog.forms) or {}

    def core(self) -> str:
        item = self._indicator
        match item.kind:
            case IndicatorKind.COUNT if item.source in OWN_FACTS:
                return f"Đếm {_OWN[item.source]}"
            case IndicatorKind.COUNT:
                return f"Đếm {self.place()} có {self.day()} trong kỳ"
            case IndicatorKind.SUM:
                less = f" rồi trừ {_row(map(self.field, item.minus))}" if item.minus else ""
                return (
                    f"Cộng {_row(map(self.field, item.fields))}{less} của các {self.place()} có {self.day()} trong kỳ"
                )
            case IndicatorKind.DISTINCT:
                return f"Đếm {self.field(item.fields[0])} khác nhau của các {self.place()} có {self.day()} trong kỳ"
            case IndicatorKind.LATEST:
                return f"Lấy {self.field(item.fields[0])} ở {_NEWEST[item.at]} của các {self.place()}"
            case IndicatorKind.LATEST_ROW:
                done = f", trừ việc đã xong ({self.field(item.done_field)}) trước kỳ" if item.done_field else ""
                fields = _row(map(self.field, item.fields))
                return f"Cộng {fields} ở dòng mới nhất tính đến hết kỳ (theo {self.day()}) của các {self.place()}{done}"
            case IndicatorKind.OPEN_AT:
                done = f"{_OPEN[item.at]} (theo {self.field(item.done_field)})"
                if item.fields:
                    return f"Cộng {_row(map(self.field, item.fields))} của các {self.place()} {done}"
                return f"Đếm {self.place()} {done}"
            case IndicatorKind.WITHIN_TERM:
                done, due = self.field(item.done_field), self.field(item.due_field)
                return f"Đếm {self.place()} có {self.day()} trong kỳ và {done} không quá {due}"
            case _:
                least = title_of_term(self._catalog, str(item.minimum.get("term", "")))
                days = f"{self.field(item.fields[0])} khác nhau của các {self.place()}"
                return f"Đếm tháng có số {days} đạt mức tối thiểu theo luật ({least})"

    def place(self) -> str:
        form_key, _, rows_key = self._indicator.source.partition(".")
        form = self._catalog.forms[form_key]
        if rows_key:
            return f"dòng bảng “{form.field(rows_key).title}” của biểu “{form.title}”"
        return f"bản ghi biểu “{form.title}”"

    def day(self) -> str:
        if self._indicator.date_field:
            return self.field(self._indicator.date_field)
        form = self._catalog.forms[self._indicator.source.partition(".")[0]]
        return f"“{form.field(form.event_date).title}”"

    def field(self, key: str) -> str:
        found = self._fields.get(key)
        return f"“{found.title}”" if found else f"“{key}”"

    def conditions(self, filters: Iterable[Filter]) -> str:
        said = [_condition(item, self._fields) for item in filters]
        return f"; chỉ tính khi {', '.join(said)}" if said else ""

    def also(self, item: Also) -> str:
        form = self._catalog.forms[item.source]
        fields = {each.key: each for each in form.fields}
        said = ", ".join(_condition(each, fields) for each in item.filters)
        return f"; kể cả “{fields[item.field].title}” của biểu “{form.title}”" + (f" khi {said}" if said else "")


def _condition(item: Filter, fields: Mapping[str, Field]) -> str:
    field = fields.get(item.field)
    name = f"“{field.title}”" if field else f"“{item.field}”"
    value: Any = item.value
    if isinstance(value, Mapping):
        other = fields.get(str(value["field"]))
        told = f"“{other.title}”" if other else "trường khác"
    else:
        values = value if isinstance(value, (list, tuple)) else [value]
        told = _row((_value(field, each) for each in values), "hoặc")
    match item.op:
        case "is_set":
            return f"có ghi {name}"
        case "not_set":
            return f"chưa ghi {name}"
        case "true":
            return f"{name} là có"
        case "false":
            return f"{name} là không hoặc để trống"
        case "contains":
            return f"{name} gồm {told}"
        case "not_in":
            return f"{name} khác {told}"
        case "eq" | "in":
            return f"{name} là {told}"
    return f"{name} {_COMPARED[item.op].format(told)}"


def _value(field: Field | None, value: object) -> str:
    if field is not None and field.choices:
        return f"“{field.choice_titles.get(str(value), str(value))}”"
    if field is not None and field.type is ValueType.DATE and isinstance(value, str):
        return vi.day(date.fromisoformat(value))
    if isinstance(value, int) and not isinstance(value, bool):
        return vi.number(value, field.scale if field else 0)
    return f"“{value}”"


def _row(words: Iterable[str], last: str = "và") -> str:
    """``a, b và c``."""
    found = list(words)
    return found[0] if len(found) == 1 else f"{', '.join(found[:-1])} {last} {found[-1]}" if found else ""
