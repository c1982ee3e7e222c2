"""Typed text → value → display, and the checks of single values."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Choice, Field, Severity, ValueType
from danvan_desktop.catalog.values import (
    ValueProblem,
    as_date,
    blocks,
    check_value,
    display,
    event_date,
    label_of,
    normalise,
    parse_value,
)

quick = settings(max_examples=60, deadline=None)
COLOURS = (Choice("red", "Đỏ"), Choice("deep_blue", "Xanh đậm"), Choice("yellow", "Vàng"))


def field(kind: ValueType, **more: Any) -> Field:
    return Field("f", "Trường", kind, **more)


INTEGER = field(ValueType.INTEGER, minimum=0)
PERCENT = field(ValueType.PERCENT, scale=1, minimum=0, maximum=1000)
CHOICE = field(ValueType.CHOICE, choices=COLOURS)
MULTI = field(ValueType.MULTI_CHOICE, choices=COLOURS)
TEXT = field(ValueType.TEXT)
LONG = field(ValueType.LONG_TEXT)
ROWS = Field("f", "Bảng", ValueType.ROWS, columns=(
    Field("name", "Tên", ValueType.TEXT, required=True), Field("on", "Ngày", ValueType.DATE),
))  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (INTEGER, "1.234", 1234), (INTEGER, " 7 ", 7), (INTEGER, 7.0, 7), (INTEGER, 0, 0), (INTEGER, "", None),
        (field(ValueType.DECIMAL, scale=1), "1.234,5", 12345), (field(ValueType.DECIMAL, scale=1), 2.5, 25),
        (field(ValueType.MONEY, unit_text="đồng"), "1.500.000 đồng", 1500000), (PERCENT, "97,5%", 975),
        (field(ValueType.DATE), "5/6/2026", "2026-06-05"), (field(ValueType.DATE), "05062026", "2026-06-05"),
        (field(ValueType.DATE), date(2026, 6, 5), "2026-06-05"),
        (field(ValueType.DATE), datetime(2026, 6, 5, 23, 59), "2026-06-05"),
        (field(ValueType.MONTH), "5/2026", "2026-05"), (field(ValueType.MONTH), "tháng 05/2026", "2026-05"),
        (field(ValueType.MONTH), date(2026, 5, 31), "2026-05"),
        (CHOICE, "đỏ", "red"), (CHOICE, "xanh dam", "deep_blue"), (CHOICE, "yellow", "yellow"),
        (MULTI, "Vàng; Đỏ", ["red", "yellow"]), (MULTI, ["yellow", "yellow"], ["yellow"]), (MULTI, " ; ", None),
        (field(ValueType.YES_NO), "Có", True), (field(ValueType.YES_NO), "khong", False),
        (field(ValueType.YES_NO), False, False),
        (TEXT, "  Trung  tâm\n xã ", "Trung tâm xã"), (TEXT, 12.0, "12"), (LONG, "một \r\n hai", "một\nhai"),
        (field(ValueType.VILLAGE), "a; b; a", ["a", "b"]), (field(ValueType.UNIT), "u1", "u1"),
        (ROWS, "Thôn 1 | 5/6/2026\nThôn 2", [{"name": "Thôn 1", "on": "2026-06-05"}, {"name": "Thôn 2"}]),
        (ROWS, [{"row": "r1", "name": "A", "on": ""}, {"row": "r2"}], [{"row": "r1", "name": "A"}]),
        (TEXT, None, None),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_canonical(kind: Field, raw: object, value: object) -> None:
    assert parse_value(kind, raw) == value


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (INTEGER, "1,5"), (INTEGER, "năm"), (INTEGER, True), (INTEGER, 1.5), (INTEGER, float("nan")),
        (INTEGER, float("inf")), (INTEGER, {"a": 1}),
        (field(ValueType.DATE), "31/02/2026"), (field(ValueType.DATE), 45000), (field(ValueType.MONTH), "13/2026"),
        (field(ValueType.MONTH), 5), (CHOICE, "Tím"), (MULTI, "Đỏ; Tím"), (field(ValueType.YES_NO), "có lẽ"),
        (TEXT, True), (field(ValueType.UNIT), 5), (field(ValueType.VILLAGE), 5), (ROWS, "a|5/6/2026|thừa"),
        (ROWS, 5), (PERCENT, "97,55"),
    ],
)  # fmt: skip
def test_nonsense_is_named_in_a_sentence(kind: Field, raw: object) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_value(kind, raw)
    assert caught.value.message.startswith("“") and caught.value.message.endswith(".")


def test_two_titles_that_fold_alike_are_told_apart_by_their_accents() -> None:
    twins = field(ValueType.CHOICE, choices=(Choice("a", "Bán"), Choice("b", "Bạn")))
    assert parse_value(twins, "Bạn") == "b"
    with pytest.raises(ValueProblem):
        parse_value(twins, "ban")


@quick
@given(st.integers(-(10**12), 10**12))
def test_numbers_survive_display_and_parse(value: int) -> None:
    for kind in (field(ValueType.INTEGER), field(ValueType.MONEY, unit_text="đồng"),
                 field(ValueType.DECIMAL, scale=3), field(ValueType.PERCENT, scale=2)):  # fmt: skip
        assert parse_value(kind, display(kind, value)) == value


@quick
@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_days_survive_display_and_parse(day: date) -> None:
    assert parse_value(field(ValueType.DATE), display(field(ValueType.DATE), day.isoformat())) == day.isoformat()
    month = day.isoformat()[:7]
    assert parse_value(field(ValueType.MONTH), display(field(ValueType.MONTH), month)) == month


@quick
@given(st.sets(st.sampled_from([c.key for c in COLOURS]), min_size=1), st.booleans())
def test_choices_survive_display_and_parse(chosen: set[str], flag: bool) -> None:
    ordered = [c.key for c in COLOURS if c.key in chosen]
    assert parse_value(MULTI, display(MULTI, ordered)) == ordered
    assert parse_value(CHOICE, display(CHOICE, ordered[0])) == ordered[0]
    yes_no = field(ValueType.YES_NO)
    assert parse_value(yes_no, display(yes_no, flag)) is flag


@quick
@given(st.sampled_from(list(ValueType)), st.one_of(
    st.text(), st.integers(), st.booleans(), st.none(), st.floats(), st.lists(st.text(max_size=3), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)))  # fmt: skip
def test_no_input_crashes_parse_check_or_display(kind: ValueType, raw: Any) -> None:
    columns = ROWS.columns if kind is ValueType.ROWS else ()
    subject = field(kind, choices=COLOURS, columns=columns)
    try:
        value = parse_value(subject, raw)
    except ValueProblem:
        value = None
    assert not [p for p in check_value(subject, value) if p.code == "wrong_type"]
    if not isinstance(raw, float):
        assert isinstance(check_value(subject, raw), list)
        assert isinstance(display(subject, raw), str)


@pytest.mark.parametrize(
    ("kind", "value", "code"),
    [
        (INTEGER, -1, "too_small"), (INTEGER, True, "wrong_type"), (INTEGER, "5", "wrong_type"),
        (PERCENT, 1001, "too_large"), (field(ValueType.INTEGER), 2**60, "too_large"),
        (field(ValueType.DATE), "2026-02-30", "not_a_date"), (field(ValueType.DATE), "2026-02", "not_a_date"),
        (field(ValueType.DATE), "0026-02-01", "not_a_date"), (field(ValueType.MONTH), "2026-13", "not_a_date"),
        (CHOICE, "purple", "unknown_choice"), (CHOICE, 5, "wrong_type"), (MULTI, ["red", "red"], "twice"),
        (MULTI, ["purple"], "unknown_choice"), (MULTI, "red", "wrong_type"), (field(ValueType.YES_NO), 1, "wrong_type"),
        (field(ValueType.TEXT, max_length=3), "bốn chữ", "too_long"), (TEXT, "a\u202eb", "bad_character"),
        (TEXT, "hai\ndòng", "bad_character"), (TEXT, unicodedata.normalize("NFD", "ế"), "not_nfc"),
        (ROWS, "x", "wrong_type"), (ROWS, [{"row": "r1"}], "required"), (ROWS, [{}] * 2001, "too_long"),
    ],
)  # fmt: skip
def test_wrong_values_are_found(kind: Field, value: Any, code: str) -> None:
    problems = check_value(kind, value)
    assert [p.code for p in problems] == [code]
    assert problems[0].severity is Severity.ERROR and blocks(problems)


def test_a_bad_character_is_named() -> None:
    assert "U+202E" in check_value(TEXT, "a\u202eb")[0].message


def test_rows_problems_name_row_and_column() -> None:
    (problem,) = check_value(ROWS, [{"row": "r1", "name": "A"}, {"row": "r2", "name": "B", "on": "mai"}])
    assert (problem.row, problem.column, problem.field) == ("r2", "on", "f")
    assert "dòng 2" in problem.message


def test_zero_and_no_are_values_and_empty_is_not() -> None:
    needed = field(ValueType.INTEGER, required=True)
    assert check_value(needed, 0) == []
    assert check_value(field(ValueType.YES_NO, required=True), False) == []
    assert [p.code for p in check_value(needed, None)] == ["required"]


def test_display_shows_names_and_units() -> None:
    assert display(PERCENT, 975) == "97,5%"
    assert display(field(ValueType.UNIT), "u1", {"u1": "Văn phòng"}) == "Văn phòng"
    assert display(field(ValueType.VILLAGE), ["v1", "v2"], {"v1": "Thôn 1"}) == "Thôn 1; v2"
    assert display(ROWS, [{"row": "r", "name": "A", "on": "2026-06-05"}]) == "A; 05/06/2026"
    assert display(INTEGER, None) == ""


def test_normalise_label_and_event_date() -> None:
    catalog = load_shipped()
    form = catalog.forms["procedure_month"]
    values = normalise(
        form, {"month": "2026-02", "field": "land", "returned": None, "carried_over": 0, "later": "kept"}
    )
    assert values == {"month": "2026-02", "field": "land", "carried_over": 0, "later": "kept"}
    assert event_date(form, values) == date(2026, 2, 28)
    assert label_of(form, values) == "02/2026 – Đất đai, môi trường"
    assert label_of(form, {}) == form.short_title
    model = catalog.forms["mobilisation_model"]
    tidy = normalise(model, {"name": unicodedata.normalize("NFD", "  Mô  hình "), "stages": [{"row": "1"}, {}],
                             "replications": [{"row": "2", "place": " A  B ", "on": ""}]})  # fmt: skip
    assert tidy == {"name": "Mô hình", "replications": [{"row": "2", "place": "A B"}]}
    document = catalog.forms["directive_document"]
    assert normalise(document, {"areas": ["area_3", "area_1", "area_3"]}) == {"areas": ["area_1", "area_3"]}


def test_months_end_on_their_last_day() -> None:
    assert as_date("2024-02") == date(2024, 2, 29)
    assert as_date(5) is None and as_date("2026-00") is None
