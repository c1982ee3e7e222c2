"""Every cross-check shipped (DOMAIN 8.7), on numbers that break it: severity, sentence, where it leads, a reason."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Catalog, Check
from danvan_desktop.reporting.checks import Facts, Finding, MonthCount, Twin, run_checks
from danvan_desktop.reporting.figures import blank_figure
from danvan_desktop.reporting.model import Figure

CATALOG = load_shipped()
CHECKS = {check.key: check for check in CATALOG.checks}
# the twelve rows of DOMAIN 8.7 → the kinds that watch them; of 12 also the binding of numbers, which cannot be put off
ROWS = {
    1: {"sum_equals", "splits_equal_total"},
    2: {"opening_equals_closing"},
    3: {"at_most", "between"},
    4: {"cumulative"},
    5: {"months_minimum"},
    6: {"yearly_minimum"},
    7: {"in_term"},
    8: {"units_add_up", "units_missing"},
    9: {"activity_once"},
    10: {"swing"},
    11: {"evidence"},
    12: {"narrative"},
}
LEADS_TO_NO_FIGURE = {"units_missing", "activity_once"}


def figure(key: str, value: int | None, **more: object) -> Figure:
    name, _, split = key.partition("/")
    blank = blank_figure(CATALOG, CATALOG.indicators[name], split or None)
    made = replace(blank, value=value, state="value", source="records")
    return replace(made, **more)  # type: ignore[arg-type]  # fields of a figure, by name


def only(check: Check) -> Catalog:
    """The catalogue with one check, of any office and period."""
    return replace(CATALOG, checks=(replace(check, profiles=(), period_kinds=()),))


def broken(check: Check, reason: str | None = None) -> tuple[list[Figure], Facts]:
    """Figures and facts that break a check; ``reason`` stands on the figure it points at."""

    def said(key: str, value: int | None, **more: object) -> Figure:
        return figure(key, value, reason=reason, **more)

    rest = [figure(key, 10) for key in check.left[1:]]
    right = [figure(key, 1) for key in check.right if key not in check.left]
    some = check.indicators[0] if check.indicators else ""
    match check.kind:
        case "sum_equals" | "at_most":
            return [said(check.left[0], 90), *rest, *right], Facts()
        case "opening_equals_closing":
            return [said(check.left[0], 90), *rest], Facts({item.key: item for item in right}, "năm 2025")
        case "splits_equal_total":
            split = next(iter(CATALOG.forms[CATALOG.indicators[some].source].field(
                CATALOG.indicators[some].split).choices)).key  # fmt: skip
            return [said(some, 9), figure(f"{some}/{split}", 4)], Facts()
        case "between":
            return [said("files_in_term_rate", 1010)], Facts()
        case "cumulative":
            earlier = {"receptions": figure("receptions", 12)}
            return [said("receptions", 9)], Facts(half_year=earlier, half_year_title="6 tháng đầu năm 2026")
        case "months_minimum":
            return [said(some, 1)], Facts(months={some: (MonthCount(2026, 3, 4, 4), MonthCount(2026, 4, 2, 4))})
        case "yearly_minimum":
            return [said(some, 0)], Facts()
        case "in_term":
            return [said("disclosures_on_time", 3, numerator=3, denominator=5)], Facts()
        case "units_add_up":
            return [said("receptions", 9)], Facts(parts={"receptions": {"": 4, "một": 4}})
        case "units_missing":
            return [], Facts(missing_units=("Trạm Y tế xã Mẫu",))
        case "activity_once":
            return [], Facts(twins=(Twin("a", "b", "Đối thoại", "Tập huấn", date(2026, 3, 3), 64),))
        case "swing":
            return [said("receptions", 90, previous=40)], Facts()
        case "evidence":
            return [said(some, 9)], Facts(unproven={some: (2, 9)})
    raise AssertionError(check.kind)


def found(check: Check, reason: str | None = None) -> Finding:
    figures, facts = broken(check, reason)
    (one,) = run_checks(only(check), figures, facts, profile="commune_hub", period_kind="half_year")
    return one


def test_every_row_of_the_domain_is_watched() -> None:
    kinds = {check.kind for check in CATALOG.checks}
    assert {row for row, wanted in ROWS.items() if not wanted <= kinds} == set()
    assert kinds == set().union(*ROWS.values())


@pytest.mark.parametrize("key", [key for key, check in CHECKS.items() if check.kind != "narrative"])
def test_a_broken_number_is_said_at_its_cell(key: str) -> None:
    check = CHECKS[key]
    one = found(check)
    assert (one.check, one.severity, one.accepted) == (key, check.severity.value, False)
    assert not re.search(r"[{}]|None", one.message), one.message
    assert one.message.endswith(".")
    assert one.message[0].isupper() or one.message[0] == "“"
    assert check.source and check.title
    if check.kind in LEADS_TO_NO_FIGURE:
        assert one.records == (("a", "b") if check.kind == "activity_once" else ())
    else:
        assert one.figure in (*check.left, *check.indicators, "files_in_term_rate", "receptions", "disclosures_on_time")
        assert one.problem().key == f"figure:{one.figure}"


@pytest.mark.parametrize(
    "key", [key for key, check in CHECKS.items() if check.kind not in {"narrative"} | LEADS_TO_NO_FIGURE]
)
def test_one_line_of_reason_accepts_it(key: str) -> None:
    one = found(CHECKS[key], "Đã đối chiếu sổ gốc.")
    assert (one.severity, one.accepted) == ("note", True)
    assert one.message.endswith("; đã ghi lý do: Đã đối chiếu sổ gốc.")
