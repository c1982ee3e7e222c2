"""Figures: what was measured, the state it stands in (DESIGN §8.4, §8.6) and the words it is printed with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..catalog.model import Catalog, Field, Form, Indicator, IndicatorKind, Privacy, ValueType
from ..kernel import vi
from .model import Figure

NIL = "không phát sinh"
NO_DATA = "chưa có số liệu"
UNDEFINED = "–"
WITHHELD = "dưới 03"  # DESIGN §8.12: in place of a split of 1 or 2 cases
SMALL = 3
_FAIR_BASE = 10  # below it a percentage says more than there is: "tăng 200%" from 1 to 3
_CASE_UNITS = frozenset(("đơn", "vụ", "vụ việc", "đơn, vụ việc"))
_MONEY_UNITS = {"triệu đồng": 6, "tỷ đồng": 9}  # decimal places of đồng in these units
_SAID_ZERO = frozenset({"declared", "spreadsheet"})  # there a written 0 is itself the confirmation


@dataclass(frozen=True, slots=True)
class Measured:
    """One indicator of one unit, as measured in one window.

    ``value`` and ``splits`` (choice key → value) are integers at the indicator's scale (money: đồng). ``rows``: the
    records behind the number; ``source_rows``: all final records of its source form in the window (None: unknown) –
    with any of them a count of 0 is a plain 0, without them it needs ``nil_confirmed``. ``state`` overrides the rule
    when the source already says it (an accepted report).
    """

    value: int | None = None
    splits: Mapping[str, int] = field(default_factory=dict)
    numerator: int | None = None
    denominator: int | None = None
    rows: int = 0
    source_rows: int | None = None
    nil_confirmed: bool = False
    source: str = "records"
    unit: str = ""
    estimate: bool = False
    reason: str | None = None
    footnote: str | None = None
    state: str | None = None
    latest_on: str | None = None  # LATEST: ISO date of the value

    @classmethod
    def ratio(cls, indicator: Indicator, top: Measured, bottom: Measured) -> Measured:
        """A ratio out of its two measured parts; state ``undefined`` over 0, ``no_data`` where a part has none."""
        parts = [state_of(item, indicator, whole=False) for item in (top, bottom)]
        if any(state == "no_data" for state, _ in parts):
            return cls(source="missing", state="no_data")
        if any(state == "undefined" for state, _ in parts):  # distinct persons of several units have no total
            return cls(state="undefined")
        numerator, denominator = (value or 0 for _, value in parts)
        value = None
        if denominator:
            value = divide(numerator, denominator, indicator.scale, percent=indicator.unit == "%")
        sources = {top.source, bottom.source}
        return cls(
            value=value,
            numerator=numerator,
            denominator=denominator,
            rows=bottom.rows,
            source=sources.pop() if len(sources) == 1 else "mixed",
            estimate=top.estimate or bottom.estimate,
            state="value" if value is not None else "undefined",
        )


def divide(numerator: int, denominator: int, scale: int = 0, *, percent: bool = False) -> int:
    """``numerator / denominator`` as an integer at ``scale``, halves away from zero; ``percent``: times 100."""
    if denominator == 0:
        raise ZeroDivisionError("a ratio over 0 has no value; its figure is undefined")
    top = numerator * int(10**scale) * (100 if percent else 1)
    sign = -1 if (top < 0) != (denominator < 0) else 1
    return sign * ((2 * abs(top) + abs(denominator)) // (2 * abs(denominator)))


def state_of(measured: Measured, indicator: Indicator, *, whole: bool = True) -> tuple[str, int | None]:
    """``(state, value)`` by the rules of DESIGN §8.4. ``whole`` false: ``measured`` is only a part of ``indicator``."""
    if measured.state is not None:
        return measured.state, measured.value if measured.state == "value" else None
    value = measured.value
    if whole and measured.denominator == 0:
        return "undefined", None
    if value is None and measured.denominator is not None and measured.numerator is not None:
        value = divide(measured.numerator, measured.denominator, indicator.scale, percent=indicator.unit == "%")
    if measured.source == "missing":
        return "no_data", None
    seen = measured.rows if measured.source_rows is None else max(measured.rows, measured.source_rows)
    if value is None:
        return ("nil" if measured.nil_confirmed and not seen else "no_data"), None
    counted = indicator.kind not in (IndicatorKind.RATIO, IndicatorKind.LATEST) or not whole
    if value == 0 and counted:
        if measured.nil_confirmed or measured.source in _SAID_ZERO:
            return "nil", None
        if seen == 0:
            return "no_data", None
    return "value", value


def source_form(catalog: Catalog, indicator: Indicator) -> Form | None:
    """The form whose records (or rows) the indicator counts."""
    return catalog.forms.get(indicator.source.partition(".")[0])


def split_field(catalog: Catalog, indicator: Indicator) -> Field | None:
    """The field by which the indicator is broken down; None when there is none."""
    form = source_form(catalog, indicator)
    if form is None or not indicator.split:
        return None
    _, _, rows_field = indicator.source.partition(".")
    name = indicator.split
    if name.startswith("record."):
        name, rows_field = name.removeprefix("record."), ""
    try:
        return form.field(rows_field).column(name) if rows_field else form.field(name)
    except KeyError:
        return None


def _money_scale(catalog: Catalog, indicator: Indicator) -> int:
    """Money is measured in đồng: in "triệu đồng" the same integer is a number with six decimals."""
    places = _MONEY_UNITS.get(indicator.unit)
    form = source_form(catalog, indicator)
    if places is None or form is None or indicator.scale or not indicator.fields:
        return indicator.scale
    _, _, rows_field = indicator.source.partition(".")
    try:
        fields = [form.field(rows_field).column(key) if rows_field else form.field(key) for key in indicator.fields]
    except KeyError:
        return indicator.scale
    return places if all(item.type is ValueType.MONEY for item in fields) else indicator.scale


def blank_figure(catalog: Catalog, indicator: Indicator, split: str | None = None, title: str = "") -> Figure:
    """The figure of ``indicator`` before anything is measured: state ``no_data``, source ``missing``."""
    parted = split_field(catalog, indicator) if split is not None else None
    name = title or (parted.choice_titles.get(split or "", split or "") if parted else (split or ""))
    return Figure(
        key=indicator.key if split is None else f"{indicator.key}/{split}",
        indicator=indicator.key,
        definition_hash=indicator.definition_hash,
        title=indicator.title if split is None else f"{indicator.title}: {name}",
        unit=indicator.unit,
        scale=_money_scale(catalog, indicator),
        split=split,
    )


def make_figures(
    catalog: Catalog,
    indicators: Iterable[Indicator],
    measured_now: Mapping[str, Measured],
    measured_previous: Mapping[str, Measured] | None = None,
    targets: Mapping[str, int] | None = None,
    *,
    split_titles: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> tuple[Figure, ...]:
    """The figures of a report: for every indicator its total, then one per choice it is split by.

    ``measured_*`` go by indicator key; ``targets`` and ``reasons`` (why a figure is missing, or swings) by figure
    key; ``split_titles`` name split keys that are no choices (villages). Every choice of the catalogue gets a figure.
    """
    figures: list[Figure] = []
    for indicator in indicators:
        now = measured_now.get(indicator.key, Measured(source="missing"))
        before = (measured_previous or {}).get(indicator.key)
        total_state, total = state_of(now, indicator)
        parted = split_field(catalog, indicator)
        keys: list[str] = [choice.key for choice in parted.choices] if parted else []
        keys += sorted(key for key in {*now.splits, *(before.splits if before else ())} if key not in keys)
        for split in [None, *keys]:
            title = (split_titles or {}).get(split, "") if split else ""
            blank = blank_figure(catalog, indicator, split, title)
            state, value = total_state, total
            if split is not None:
                value = now.splits.get(split, 0) if state == "value" else None
            figures.append(
                Figure(
                    key=blank.key,
                    indicator=blank.indicator,
                    definition_hash=blank.definition_hash,
                    title=blank.title,
                    unit=blank.unit,
                    scale=blank.scale,
                    split=split,
                    value=value,
                    state=state,
                    estimate=now.estimate,
                    previous=_previous(before, indicator, split),
                    target=(targets or {}).get(blank.key),
                    numerator=now.numerator if split is None else None,
                    denominator=now.denominator if split is None else None,
                    source=now.source if state != "no_data" else "missing",
                    reason=(reasons or {}).get(blank.key, now.reason),
                    footnote=now.footnote,
                )
            )
    return tuple(figures)


def _previous(before: Measured | None, indicator: Indicator, split: str | None) -> int | None:
    if before is None:
        return None
    state, value = state_of(before, indicator)
    if state == "nil":
        return 0
    if state != "value":
        return None
    return value if split is None else before.splits.get(split, 0)


def number_text(value: int, scale: int) -> str:
    """``1.234,5``; more than three decimals (đồng in triệu, tỷ) are rounded to two, unless that would leave 0."""
    if scale > 3:
        rounded = divide(value, int(10 ** (scale - 2)))
        if rounded or not value:
            return vi.number(rounded, 2)
    return vi.number(value, scale)


def printed(figure: Figure, style: str = "narrative", *, withhold: bool = False) -> str:
    """The figure as it stands in print.

    ``narrative``: "04", "1.234", "97,9%", "ước 45", "không phát sinh", "chưa có số liệu", "–". ``table``: the bare
    number ("4", "97,9", 0 when nil; the unit has its own column). ``withhold``: a value of 1 or 2 prints as
    "dưới 03" in narrative (DESIGN §8.12). Units other than % are never printed with it.
    """
    if figure.state == "no_data" or (figure.state == "value" and figure.value is None):
        return NO_DATA
    if figure.state == "undefined":
        return UNDEFINED
    if figure.state == "nil":
        return "0" if style == "table" else NIL
    value = figure.value or 0
    if style == "table":
        return number_text(value, figure.scale)
    if withhold and 0 < value < SMALL and not figure.scale:
        return WITHHELD
    whole, rest = divmod(value, 10**figure.scale)  # a count kept at a scale is still a count: "03 cơ sở"
    text = vi.count(whole) if not rest and figure.unit != "%" else number_text(value, figure.scale)
    return ("ước " if figure.estimate else "") + text + ("%" if figure.unit == "%" else "")


def _now(figure: Figure) -> int | None:
    return 0 if figure.state == "nil" else figure.value if figure.state == "value" else None


def _percent(part: int, whole: int) -> str:
    """``part / whole`` in percent with one decimal; "dưới 0,1%" when that would print as 0."""
    tenths = divide(abs(part), abs(whole), 1, percent=True)
    return f"{vi.number(tenths, 1)}%" if tenths else "dưới 0,1%"


def change_words(figure: Figure) -> str:
    """ "tăng 12,5% so với cùng kỳ", "giảm ...", "bằng cùng kỳ"; "" without a base, and of an estimate for the whole
    year: what is known of last year is that of the same window only.

    Percentages compare in points ("0,4 điểm phần trăm"); against a base below 10, and so against 0, the difference
    itself is named ("tăng 02 văn bản so với cùng kỳ"): last year's 0 is one that was counted or confirmed.
    """
    now, before = _now(figure), figure.previous
    if now is None or before is None or figure.estimate:
        return ""
    if now == before:
        return "bằng cùng kỳ"
    direction = "tăng" if now > before else "giảm"
    apart = abs(now - before)
    if figure.unit == "%":
        amount = f"{vi.number(apart, figure.scale)} điểm phần trăm"
    elif _small_base(figure):
        amount = f"{number_text(apart, figure.scale) if figure.scale else vi.count(apart)} {figure.unit}"
    else:
        amount = _percent(apart, before)
    return f"{direction} {amount} so với cùng kỳ"


def change_cell(figure: Figure) -> str:
    """The change for a table column: "+12,5%", "0%"; percentages: "+1,2 điểm"; base below 10: "+2"."""
    now, before = _now(figure), figure.previous
    if now is None or before is None or figure.estimate:
        return ""
    apart = abs(now - before)
    sign = "+" if now > before else "-" if now < before else ""
    if figure.unit == "%":
        return f"{sign}{vi.number(apart, figure.scale)} điểm" if apart else "0"
    if _small_base(figure):
        return sign + number_text(apart, figure.scale)
    tenths = divide(apart, abs(before), 1, percent=True)
    return f"{sign if tenths else ''}{vi.number(tenths, 1)}%"


def _small_base(figure: Figure) -> bool:
    return abs(figure.previous or 0) < _FAIR_BASE * int(10**figure.scale)


def target_words(figure: Figure) -> str:
    """ "đạt 80% chỉ tiêu kế hoạch"; percentages: "vượt chỉ tiêu 2,9 điểm phần trăm"; "" without a target or a value."""
    now, target = _now(figure), figure.target
    if now is None or target is None or (target <= 0 and figure.unit != "%"):
        return ""
    if figure.unit != "%":
        share = _percent(now, target) if now else "0%"
        return f"đạt {share} chỉ tiêu kế hoạch"
    if now == target:
        return "đạt chỉ tiêu kế hoạch"
    word = "vượt" if now > target else "thấp hơn"
    return f"{word} chỉ tiêu kế hoạch {vi.number(abs(now - target), figure.scale)} điểm phần trăm"


def reached_cell(figure: Figure) -> str:
    """How much of the plan's target is reached, for a table column: "82,5%"; "" without a target or a value."""
    now, target = _now(figure), figure.target
    if now is None or target is None or target <= 0:
        return ""
    return f"{vi.number(divide(now, target, 1, percent=True), 1)}%"


def guarded_keys(catalog: Catalog, figures: Iterable[Figure]) -> tuple[str, ...]:
    """The splits under the small-numbers rule (DESIGN §8.12): cases by place or matter, of forms that may hold a
    denunciation.

    A form may when the class of one of its fields can rise to ``protected`` by a choice. Of it: every split by
    village; and splits of what is counted in cases. The split by that very choice (how many complaints, how many
    denunciations) is a statutory total and stays whole, and so do visits by kind of reception.
    """
    keys: list[str] = []
    for figure in figures:
        indicator = catalog.indicators.get(figure.indicator)
        if figure.split is None or indicator is None:
            continue
        form = source_form(catalog, indicator)
        deciding = _deciding_fields(form) if form else frozenset()
        parted = split_field(catalog, indicator)
        by_place = parted is None or parted.type is ValueType.VILLAGE
        by_matter = indicator.unit in _CASE_UNITS and indicator.split.removeprefix("record.") not in deciding
        if deciding and (by_place or by_matter):
            keys.append(figure.key)
    return tuple(keys)


def _deciding_fields(form: Form) -> frozenset[str]:
    return frozenset(
        item.class_when.field
        for item in form.fields
        if item.class_when is not None and item.class_when.privacy is Privacy.PROTECTED
    )
