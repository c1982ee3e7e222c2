"""Cross-checks (DOMAIN §8.7): every kind finds what it is for, stays silent otherwise, and accepts a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from reporting_samples import CATALOG, INDICATORS

from danvan_desktop.catalog.loader import load_catalog_texts, load_shipped
from danvan_desktop.catalog.model import ActivityForm, Check, IndicatorKind, Severity
from danvan_desktop.catalog.read_checks import KINDS
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.checks import EVALUATED, Facts, Finding, MonthCount, Twin, run_checks
from danvan_desktop.reporting.model import Figure


def check(kind: str, message: str = "{title}", **words: object) -> Check:
    severity = words.pop("severity", Severity.WARNING)
    assert isinstance(severity, Severity)
    base = Check(kind, kind, severity, message, kind)
    return replace(base, **words)  # type: ignore[arg-type]  # words of a check, by name


def figure(key: str, value: int | None, **more: object) -> Figure:
    name, _, split = key.partition("/")
    base = Figure(key, name, "h", name.capitalize(), INDICATORS[name].unit if name in INDICATORS else "cuộc",
                  split=split or None, value=value, state="no_data" if value is None else "value")  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]  # fields of a figure, by name


def run(one: Check, *figures: Figure, facts: Facts | None = None, **more: str) -> tuple[Finding, ...]:
    words = {"profile": "commune_hub", "period_kind": "half_year", **more}
    return run_checks(replace(CATALOG, checks=(one,)), figures, facts or Facts(), **words)  # type: ignore[arg-type]


SUMS: dict[str, Any] = {"left": ("papers",), "right": ("meetings", "people")}


def test_every_kind_of_the_catalogue_is_evaluated() -> None:
    assert set(EVALUATED) == set(KINDS)
    shipped = load_shipped()
    assert {item.kind for item in shipped.checks} == set(KINDS)
    assert {item.severity for item in shipped.checks} == set(Severity)


def test_sums_and_parts() -> None:
    message = "{left}={left_value} {right}={right_value}"
    (found,) = run(
        check("sum_equals", message, **SUMS), figure("papers", 5), figure("meetings", 2), figure("people", 4)
    )
    assert found.message == "“Papers”=5 văn bản “Meetings” + “People”=6 văn bản"
    assert (found.figure, found.severity, found.accepted) == ("papers", "warning", False)
    assert run(check("sum_equals", **SUMS), figure("papers", 6), figure("meetings", 2), figure("people", 4)) == ()
    assert run(check("at_most", "x", **SUMS), figure("papers", 6), figure("meetings", 2), figure("people", 4)) == ()
    assert run(check("at_most", "x", **SUMS), figure("papers", 7), figure("meetings", 2), figure("people", 4))


def test_a_number_that_is_missing_is_not_checked_and_nil_is_zero() -> None:
    one = check("at_most", "x", left=("papers",), right=("meetings",))
    assert run(one, figure("papers", 7), figure("meetings", None)) == ()
    assert run(one, figure("papers", 7), figure("meetings", None, state="nil"))


def test_one_line_of_reason_accepts_a_finding_and_is_told() -> None:
    one = check("sum_equals", "Lệch.", left=("papers",), right=("meetings",), severity=Severity.ERROR)
    (found,) = run(one, figure("papers", 5, reason="Sổ bàn giao."), figure("meetings", 2))
    assert (found.severity, found.accepted) == ("note", True)
    assert found.message == "Lệch; đã ghi lý do: Sổ bàn giao."


def test_the_opening_backlog_is_the_closing_one() -> None:
    one = check(
        "opening_equals_closing", "{earlier}: {left_value} {right_value}", left=("papers",), right=("meetings",)
    )
    facts = Facts(earlier={"meetings": figure("meetings", 3)}, earlier_title="năm 2025")
    assert run(one, figure("papers", 3), facts=facts) == ()
    (found,) = run(one, figure("papers", 4), facts=facts)
    assert found.message == "năm 2025: 4 văn bản 3 văn bản"
    assert run(one, figure("papers", 4)) == ()  # nothing known of the window before


def test_breakdowns_complete() -> None:
    one = check("splits_equal_total", "{value} {parts} {rest}", indicators=("papers",))
    parts = (figure("papers/plan", 2), figure("papers/letter", 1))
    (found,) = run(one, figure("papers", 5), *parts)
    assert found.message == "5 văn bản 3 văn bản 2 văn bản"
    assert run(one, figure("papers", 3), *parts) == ()


def test_percentages_stay_in_their_range() -> None:
    one = check("between", "{value} {maximum}", maximum=100)
    (found,) = run(one, figure("rate", 1013, scale=1), figure("papers", 900))
    assert found.message == "101,3% 100%"
    assert run(one, figure("rate", 1000, scale=1)) == ()


def test_the_year_holds_its_half() -> None:
    one = check("cumulative", "{earlier} {earlier_value}", period_kinds=("year",))
    facts = Facts(half_year={"papers": figure("papers", 6)}, half_year_title="6 tháng đầu năm 2026")
    (found,) = run(one, figure("papers", 5), facts=facts, period_kind="year")
    assert found.message == "6 tháng đầu năm 2026 6 văn bản"
    assert run(one, figure("papers", 6), facts=facts, period_kind="year") == ()
    assert run(one, figure("papers", 5), facts=facts) == ()  # not in a half year


def test_months_below_the_rule_of_the_month_are_named() -> None:
    one = check("months_minimum", "{value}/{asked}: {months}", indicators=("meetings",))
    months = (MonthCount(2026, 6, 3, 4), MonthCount(2026, 7, 2, 2))
    (found,) = run(one, figure("meetings", 1), facts=Facts(months={"meetings": months}))
    assert found.message == "01/02: 06/2026 (3/4 ngày)"


def test_once_a_year_terms_units_and_evidence() -> None:
    assert run(check("yearly_minimum", indicators=("meetings",), minimum=1), figure("meetings", 0))
    assert run(check("yearly_minimum", indicators=("meetings",), minimum=1), figure("meetings", 1)) == ()
    terms = replace(INDICATORS["meetings"], kind=IndicatorKind.WITHIN_TERM)
    catalog = replace(
        CATALOG, indicators={**INDICATORS, "meetings": terms}, checks=(check("in_term", "{late} {value}"),)
    )
    late = run_checks(catalog, [figure("meetings", 4, numerator=4, denominator=6)], Facts(), profile="parent",
                      period_kind="year")  # fmt: skip
    assert [item.message for item in late] == ["02 4/6"]
    parts = Facts(parts={"papers": {"": 2, "unit": 4}}, missing_units=("Trạm Y tế", "Trường Mẫu"))
    assert run(check("units_add_up", "{parts}"), figure("papers", 5), facts=parts)[0].message == "6 văn bản"
    assert run(check("units_add_up", "{parts}"), figure("papers", 6), facts=parts) == ()
    (missing,) = run(check("units_missing", "{count}: {units}"), facts=parts)
    assert missing.message == "02: Trạm Y tế, Trường Mẫu"
    bare = Facts(unproven={"papers": (3, 5)})
    assert run(check("evidence", "{count}/{total}", indicators=("papers",)), figure("papers", 5), facts=bare)


def test_one_activity_written_down_twice() -> None:
    one = check("activity_once", "{one} {other} {day} {people}", activities=(ActivityForm("paper", "x"),))
    twin = Twin("r1", "r2", "Tuyên truyền", "Đối thoại", date(2026, 5, 4), 60)
    (found,) = run(one, facts=Facts(twins=(twin,)))
    assert found.message == "Tuyên truyền Đối thoại 04/05/2026 60"
    assert found.records == ("r1", "r2")


@pytest.mark.parametrize(("now", "before", "found"), [(16, 10, True), (15, 10, False), (5, 10, False), (4, 10, True),
                                                      (9, 3, False), (5, 0, False)])  # fmt: skip
def test_swings_beyond_half(now: int, before: int, found: bool) -> None:
    one = check("swing", "{change}", percent=50, minimum=10)
    assert bool(run(one, figure("papers", now, previous=before))) is found


HEAD = 'version = "9"\nformat = 1\n'
ONE = '[[check]]\nkey = "c"\nkind = "units_missing"\nseverity = "note"\ntitle = "T"\nmessage = "M"\nsource = "S"\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (ONE.replace("units_missing", "script"), "không thuộc"),
        (ONE.replace('"note"', '"fatal"'), "không thuộc"),
        (ONE + "percent = 5\n", "không dùng"),
        (ONE.replace("units_missing", "swing"), "cần từ khóa"),
        (ONE.replace('"M"', '"{figure.__class__}"'), "không có chỗ điền"),
        (ONE.replace('"M"', '"{"'), "ngoặc nhọn"),
        (ONE + 'expression = "1 + 1"\n', "không có từ khóa"),
        (ONE.replace("units_missing", "evidence") + 'indicators = ["nobody"]\n', "không có chỉ tiêu"),
        (ONE.replace("units_missing", "sum_equals") + 'left = ["a"]\nright = ["b"]\n', "không có số liệu"),
        (ONE + 'profiles = ["village"]\n', "không có"),
        (ONE + ONE, "trùng khóa"),
    ],
)
def test_a_wrong_check_is_refused_with_its_place(text: str, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        load_catalog_texts({"checks.toml": HEAD + text})
    assert caught.value.details["file"] == "checks.toml"
    assert reason in str(caught.value.details["reason"])
