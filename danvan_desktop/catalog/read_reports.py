"""Outlines and report regimes from their TOML tables; every place in every text checked.

Places in texts (the officer's words are filled in by reporting):
  {figure}                the printed number of indicator ``figure``
  {figure/choice}         its part for one choice of the indicator's ``split``
  {change:figure}         the comparison with the same period last year ("tăng 12,5% so với cùng kỳ")
  {target:figure}         the comparison with the plan's target
  {word}                  one of WORDS below

An outline may be ``like`` one read before it: what it does not say is taken from there, ``without`` some sections.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from .annex_model import AnnexTable
from .model import (
    Cycle,
    DueRule,
    Example,
    Form,
    Outline,
    OutlineSection,
    Regime,
    Sentence,
)
from .read_annexes import may_stand
from .read_forms import PROFILES, read_conditions
from .read_texts import PLACE, Figures, check_figure, check_text, values_of
from .reader import REGIME_KEY, Table

_T = TypeVar("_T")
WHENS = ("any", "all", "nil", "no_data", "always")
PERIOD_KINDS = ("half_year", "year", "nine_months", "quarter", "month", "range", "thematic")


def read_section(table: Table, figures: Figures, forms: Mapping[str, Form]) -> OutlineSection:
    """One ``[[section]]``, shared by the outlines that list its key."""
    sentences = tuple(_read_sentence(item, figures) for item in table.tables("sentence"))
    if len({item.key for item in sentences}) != len(sentences):
        table.fail("sentence", "trùng khóa")
    section = OutlineSection(
        key=table.key(),
        title=check_text(table, "title", table.text("title"), None),
        level=table.integer("level", low=1, high=3),
        area=table.integer("area", None, low=1, high=8),
        optional=table.yes_no("optional"),
        manual=table.yes_no("manual"),
        profiles=_profiles(table, "profiles", ()),
        sentences=sentences,
        examples=tuple(_read_example(item, forms) for item in table.tables("example")),
        prompt=table.text("prompt", "", empty=True),
    )
    table.finish()
    return section


def _read_example(table: Table, forms: Mapping[str, Form]) -> Example:
    example = Example(
        key=table.key(),
        form=table.key("form"),
        lead=table.text("lead"),
        text=table.text("text"),
        order=table.texts("order"),
        filters=read_conditions(table, "filters"),
        most=table.integer("most", 3, low=1, high=10),
    )
    table.finish()
    if example.form not in forms:
        table.fail("form", f"không có biểu “{example.form[:60]}”")
    named = (*PLACE.findall(example.text), *example.order, *(item.field for item in example.filters))
    for name in named:
        if not may_stand(forms[example.form], name):
            table.fail("text", f"không có trường “{name[:60]}” hoặc trường không phải loại công khai")
    return example


def _profiles(table: Table, key: str, default: tuple[str, ...] | None) -> tuple[str, ...]:
    names = table.texts(key) if default is None else table.texts(key, default)
    for name in names:
        if name not in PROFILES:
            table.fail(key, f"không có loại cơ quan “{name[:60]}”")
    return names


def _read_sentence(table: Table, figures: Figures) -> Sentence:
    phrase = table.text("phrase", "")
    text = check_text(table, "text", table.text("text", "") if phrase else table.text("text"), figures)
    sentence = Sentence(
        key=table.key(),
        text=text,
        when=table.word("when", WHENS, "any"),
        requires=table.texts("requires", values_of(text)),
        phrase=phrase,
    )
    table.finish()
    if phrase and (text or sentence.when != "nil" or PLACE.search(phrase)):
        table.fail("phrase", "chỉ dùng cho câu “nil” không có text, và không có chỗ điền")
    for figure in sentence.requires:
        check_figure(table, "requires", figure, figures)
    if not sentence.requires and sentence.when != "always":
        table.fail("requires", "câu không có số liệu nào để xét điều kiện")
    return sentence


def read_outline(
    table: Table,
    sections: Mapping[str, OutlineSection],
    annexes: Mapping[str, AnnexTable],
    figures: Figures,
    before: Mapping[str, Outline] | None = None,
) -> Outline:
    """One ``[[outline]]``: its own frame, and the keys of the shared sections and annexes in printed order.

    ``before``: the outlines read already, for those that are ``like`` one of them.
    """
    like = _like(table, before or {})
    without = table.texts("without", ()) if like else ()
    model = {} if like is None else {
        "opening": like.opening,
        "closing": like.closing,
        "sections": tuple(item.key for item in like.sections if item.key not in without),
        "annexes": tuple(item.key for item in like.annexes),
    }  # fmt: skip
    for name in without:
        if like and all(item.key != name for item in like.sections):
            table.fail("without", f"đề cương “{like.key}” không có mục “{name[:60]}”")
    outline = Outline(
        key=table.key(),
        title=check_text(table, "title", table.text("title"), None),
        version=table.integer("version", 1, low=1, high=9999),
        opening=check_text(table, "opening", table.text("opening", *_default(model, "opening")), figures),
        sections=tuple(_pick(table, "sections", sections, *_default(model, "sections"))),
        annexes=tuple(_pick(table, "annexes", annexes, *_default(model, "annexes"))),
        closing=check_text(table, "closing", table.text("closing", *_default(model, "closing")), figures),
    )
    table.finish()
    level = 0
    for section in outline.sections:
        if section.level > level + 1:
            table.fail("sections", f"mục “{section.key}” sâu hơn mục trước nó quá một bậc")
        level = section.level
    return outline


def _like(table: Table, before: Mapping[str, Outline]) -> Outline | None:
    name = table.key("like", "")
    if name and name not in before:
        table.fail("like", f"không có đề cương “{name[:60]}” đứng trước")
    return before.get(name)


def _default(model: Mapping[str, Any], key: str) -> tuple[Any, ...]:
    return (model[key],) if key in model else ()


def _pick(table: Table, key: str, known: Mapping[str, _T], *default: tuple[str, ...]) -> list[_T]:
    found = []
    for name in table.texts(key, *default):
        if name not in known:
            table.fail(key, f"không có mục “{name[:70]}”")
        found.append(known[name])
    return found


def read_regime(table: Table, outlines: Mapping[str, Outline]) -> Regime:
    """One ``[[regime]]`` with its ``[[regime.cycle]]`` tables."""
    regime = Regime(
        key=table.key(pattern=REGIME_KEY),
        title=table.text("title"),
        version=table.integer("version", 1, low=1, high=9999),
        reporter_profiles=_profiles(table, "reporter_profiles", None),
        addressees=tuple(check_text(table, "addressees", item, None) for item in table.texts("addressees")),
        cycles=tuple(_read_cycle(item, outlines) for item in table.tables("cycle")),
        basis=table.text("basis", "", empty=True),
        recipients=tuple(check_text(table, "recipients", item, None) for item in table.texts("recipients", ())),
        receiver_profiles=_profiles(table, "receiver_profiles", ()),
    )
    table.finish()
    kinds = [item.period_kind for item in regime.cycles]
    if not kinds or len(set(kinds)) != len(kinds):
        table.fail("cycle", "cần có chu kỳ, mỗi loại kỳ một lần")
    return regime


def _read_cycle(table: Table, outlines: Mapping[str, Outline]) -> Cycle:
    due = table.table("due", None)
    rule = DueRule()
    if due is not None:
        rule = DueRule(
            due.word("rule", ("before", "by", "none")),
            due.integer("day", None, low=1, high=31),
            due.integer("month", None, low=1, high=12),
        )
        due.finish()
        if (rule.rule == "none") != (rule.day is None) or (rule.day is None) != (rule.month is None):
            table.fail("due", "cần đủ ngày và tháng (trừ rule = none)")
        if rule.day is not None and rule.month is not None:
            _calendar_day(table, "due", rule.month, rule.day)
    cycle = Cycle(
        period_kind=table.word("period_kind", PERIOD_KINDS),
        window_from=_window(table, "window_from"),
        window_to=_window(table, "window_to"),
        due=rule,
        abstract=check_text(table, "abstract", table.text("abstract"), None),
        outline=table.key("outline"),
    )
    table.finish()
    if (cycle.window_from is None) != (cycle.window_to is None):
        table.fail("window_from", "cần cả ngày đầu và ngày cuối")
    if cycle.window_from and cycle.window_to and cycle.window_from > cycle.window_to:
        table.fail("window_to", "trước ngày đầu")
    if cycle.outline not in outlines:
        table.fail("outline", f"không có đề cương “{cycle.outline[:60]}”")
    return cycle


def _window(table: Table, key: str) -> tuple[int, int, int] | None:
    value = table.raw(key, None)
    if value is None:
        return None
    if (
        not isinstance(value, list)
        or len(value) != 3
        or not all(isinstance(item, int) and not isinstance(item, bool) for item in value)
        or not -1 <= value[0] <= 1
    ):
        table.fail(key, "phải là [chênh năm, tháng, ngày], ví dụ [-1, 10, 16]")
    _calendar_day(table, key, value[1], value[2])
    return value[0], value[1], value[2]


def _calendar_day(table: Table, key: str, month: int, day: int) -> None:
    try:
        date(2025, month, day)  # a common year: 29/02 would be missing three years of four
    except ValueError:
        table.fail(key, f"không có ngày {day}/{month} ở mọi năm")
