"""Cross-checks from their TOML tables (DOMAIN §8.7), read strictly: a closed list of kinds, no expression language."""

from __future__ import annotations

import string
from collections.abc import Mapping

from .model import ActivityForm, Check, Form, Indicator, IndicatorKind, Severity
from .read_forms import NUMBERS, PROFILES
from .reader import Table

_PERIODS = ("half_year", "year", "nine_months", "quarter", "month", "range")
_COUNTED = (IndicatorKind.COUNT, IndicatorKind.SUM)

# kind → (words it needs, words it may have, places of its message, kinds of indicators it can look at; none: any)
_KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[IndicatorKind, ...]]] = {
    "sum_equals": (("left", "right"), (), ("left", "right", "left_value", "right_value"), ()),
    "at_most": (("left", "right"), (), ("left", "right", "left_value", "right_value"), ()),
    "opening_equals_closing": (("left", "right"), (), ("left", "right", "left_value", "right_value", "earlier"), ()),
    "splits_equal_total": (("indicators",), (), ("title", "value", "parts", "rest"), _COUNTED),
    "between": (("maximum",), ("indicators", "minimum"), ("title", "value", "minimum", "maximum"), ()),
    "cumulative": ((), ("indicators",), ("title", "value", "earlier", "earlier_value"), _COUNTED),
    "months_minimum": (
        ("indicators",), (), ("title", "value", "asked", "months"), (IndicatorKind.MONTHS_MEETING_MINIMUM,),
    ),
    "yearly_minimum": (("indicators", "minimum"), (), ("title", "value", "minimum"), ()),
    "in_term": ((), ("indicators",), ("title", "late", "value"), (IndicatorKind.WITHIN_TERM,)),
    "units_add_up": ((), ("indicators",), ("title", "value", "parts"), _COUNTED),
    "units_missing": ((), (), ("units", "count"), ()),
    "activity_once": (("activities",), (), ("one", "other", "day", "people"), ()),
    "swing": (("percent",), ("indicators", "minimum"), ("title", "value", "previous", "change", "percent"), ()),
    "evidence": (("indicators",), (), ("title", "count", "total"), ()),
    "narrative": ((), (), ("number", "section", "source"), ()),
}  # fmt: skip
KINDS = tuple(_KINDS)
_WORDS = ("left", "right", "indicators", "percent", "minimum", "maximum", "activities")


def read_check(
    table: Table, indicators: Mapping[str, Indicator], choices: Mapping[str, tuple[str, ...]], forms: Mapping[str, Form]
) -> Check:
    """One ``[[check]]``. ``choices``: indicator → keys of its split. Raises Refused ``catalog_invalid``."""
    kind = table.word("kind", KINDS)
    check = Check(
        key=table.key(),
        kind=kind,
        severity=Severity(table.word("severity", tuple(Severity))),
        title=table.text("title"),
        message=table.text("message"),
        left=table.texts("left", ()),
        right=table.texts("right", ()),
        indicators=table.texts("indicators", ()),
        percent=table.integer("percent", 0, low=1, high=1000),
        minimum=table.integer("minimum", 0, low=0, high=1_000_000),
        maximum=table.integer("maximum", 0, low=1, high=1_000_000),
        activities=_activities(table, forms),
        period_kinds=table.texts("period_kinds", ()),
        profiles=table.texts("profiles", ()),
        source=table.text("source"),
    )
    table.finish()
    needed, optional, places, kinds = _KINDS[kind]
    for word in _WORDS:
        given = bool(getattr(check, word))
        if given and word not in (*needed, *optional):
            table.fail(word, f"kiểu “{kind}” không dùng")
        if not given and word in needed:
            table.fail(word, f"kiểu “{kind}” cần từ khóa này")
    for key in (*check.left, *check.right):
        name, _, split = key.partition("/")
        if name not in indicators or (split and split not in choices.get(name, ())):
            table.fail("left", f"không có số liệu “{key[:80]}”")
    for key in check.indicators:
        if key not in indicators:
            table.fail("indicators", f"không có chỉ tiêu “{key[:70]}”")
        if kinds and indicators[key].kind not in kinds:
            table.fail("indicators", f"chỉ tiêu “{key}” không thuộc kiểu mà phép kiểm tra này xét")
        if kind == "splits_equal_total" and not indicators[key].split:
            table.fail("indicators", f"chỉ tiêu “{key}” không có phân tổ")
    for name, allowed, given_words in (("period_kinds", _PERIODS, check.period_kinds),
                                       ("profiles", PROFILES, check.profiles)):  # fmt: skip
        for word in given_words:
            if word not in allowed:
                table.fail(name, f"không có “{word[:60]}”")
    _check_places(table, check.message, places)
    return check


def _activities(table: Table, forms: Mapping[str, Form]) -> tuple[ActivityForm, ...]:
    found = []
    for item in table.tables("activities"):
        activity = ActivityForm(item.key("form"), item.key("people"))
        item.finish()
        form = forms.get(activity.form)
        if form is None or not form.has_field(activity.people) or form.field(activity.people).type not in NUMBERS:
            item.fail("people", f"không có trường số “{activity.people}” trong biểu “{activity.form}”")
        found.append(activity)
    return tuple(found)


def _check_places(table: Table, message: str, places: tuple[str, ...]) -> None:
    try:
        named = {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}
    except ValueError:
        table.fail("message", "dấu ngoặc nhọn không đúng cặp")
    for name in named:
        if name not in places:
            table.fail("message", f"không có chỗ điền “{{{name[:40]}}}”; chỉ có: {', '.join(places) or 'không có'}")
