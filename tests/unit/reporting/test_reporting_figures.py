"""Figures: states, printed forms, comparisons."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting_samples import CATALOG, INDICATORS, NOW, figures, indicator

from danvan_desktop.catalog.model import IndicatorKind
from danvan_desktop.kernel import vi
from danvan_desktop.reporting.figures import (
    Measured,
    change_cell,
    change_words,
    divide,
    guarded_keys,
    make_figures,
    printed,
    state_of,
    target_words,
)
from danvan_desktop.reporting.model import Figure

COUNT = INDICATORS["meetings"]
RATE = INDICATORS["rate"]


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        (Measured(4, rows=4), ("value", 4)),
        (Measured(0, nil_confirmed=True), ("nil", None)),
        (Measured(0), ("no_data", None)),
        (Measured(None), ("no_data", None)),
        (Measured(None, nil_confirmed=True), ("nil", None)),
        (Measured(0, source_rows=7), ("value", 0)),
        (Measured(0, source="declared"), ("nil", None)),
        (Measured(5, source="missing"), ("no_data", None)),
        (Measured(3, state="no_data"), ("no_data", None)),
    ],
)
def test_states_of_a_count(measured: Measured, expected: tuple[str, int | None]) -> None:
    assert state_of(measured, COUNT) == expected


def test_a_ratio_over_nothing_is_undefined_and_prints_a_dash() -> None:
    assert state_of(Measured(numerator=0, denominator=0), RATE) == ("undefined", None)
    assert state_of(Measured(numerator=0, denominator=7), RATE) == ("value", 0)
    assert state_of(Measured(), RATE) == ("no_data", None)
    figure = make_figures(CATALOG, [RATE], {"rate": Measured(numerator=0, denominator=0)})[0]
    assert printed(figure) == printed(figure, "table") == "–"


def test_ratio_of_two_measures() -> None:
    half = Measured.ratio(RATE, Measured(1, rows=1), Measured(2, rows=2))
    assert (half.value, half.numerator, half.denominator, half.state) == (500, 1, 2, "value")
    assert Measured.ratio(RATE, Measured(0), Measured(0)).state == "no_data"
    nothing = Measured.ratio(RATE, Measured(0, nil_confirmed=True), Measured(0, nil_confirmed=True))
    assert nothing.state == "undefined"
    assert state_of(nothing, RATE) == ("undefined", None)


def test_every_choice_of_a_split_has_its_figure() -> None:
    by_key = {item.key: item for item in figures()}
    assert (by_key["papers"].value, by_key["papers/plan"].value, by_key["papers/letter"].value) == (12, 5, 7)
    assert by_key["papers/plan"].title == "Văn bản đã ban hành: Kế hoạch"
    assert by_key["papers/letter"].previous == 3
    assert by_key["people"].previous is None
    assert by_key["rate"].definition_hash == "h-rate"
    nil = {item.key: item for item in figures({"papers": Measured(0, nil_confirmed=True)})}
    assert nil["papers/plan"].state == "nil"
    assert nil["meetings"].state == "no_data"
    assert nil["meetings"].source == "missing"


def test_splits_by_place_are_named_from_outside() -> None:
    made = make_figures(CATALOG, [indicator("papers", title="Văn bản", split="villages")],
                        {"papers": Measured(3, {"v1": 3}, rows=3)}, split_titles={"v1": "thôn Thủy Tú"})  # fmt: skip
    assert [item.title for item in made] == ["Văn bản", "Văn bản: thôn Thủy Tú"]


def figure(value: int | None, **changes: object) -> Figure:
    base: dict[str, object] = {"unit": "cuộc", "scale": 0, "state": "value"} | changes
    return Figure("x", "x", "h", "Cuộc họp", value=value, **base)  # type: ignore[arg-type]  # test builder


@pytest.mark.parametrize(
    ("item", "narrative", "table"),
    [
        (figure(4), "04", "4"),
        (figure(0), "0", "0"),
        (figure(1234), "1.234", "1.234"),
        (figure(4, estimate=True), "ước 04", "4"),
        (figure(979, unit="%", scale=1), "97,9%", "97,9"),
        (figure(1000, unit="%", scale=1), "100%", "100"),
        (figure(5, unit="%"), "5%", "5"),
        (figure(137_250_000, unit="triệu đồng", scale=6), "137,25", "137,25"),
        (figure(137_254_999, unit="triệu đồng", scale=6), "137,25", "137,25"),
        (figure(1_200, unit="triệu đồng", scale=6), "0,0012", "0,0012"),
        (figure(137_250_000, unit="đồng"), "137.250.000", "137.250.000"),
        (figure(None, state="nil"), "không phát sinh", "0"),
        (figure(None, state="no_data"), "chưa có số liệu", "chưa có số liệu"),
        (figure(None, state="undefined"), "–", "–"),
    ],
)
def test_printed_forms(item: Figure, narrative: str, table: str) -> None:
    assert (printed(item), printed(item, "table")) == (narrative, table)


def test_money_in_million_is_read_from_dong() -> None:
    fund = next(item for item in figures() if item.key == "fund")
    assert (fund.value, fund.scale, printed(fund)) == (137_250_000, 6, "137,25")


@pytest.mark.parametrize(
    ("item", "words", "cell"),
    [
        (figure(18, previous=16), "tăng 12,5% so với cùng kỳ", "+12,5%"),
        (figure(14, previous=16), "giảm 12,5% so với cùng kỳ", "-12,5%"),
        (figure(16, previous=16), "bằng cùng kỳ", "0%"),
        (figure(11, previous=10), "tăng 10% so với cùng kỳ", "+10%"),
        (figure(3, previous=1), "tăng 02 cuộc so với cùng kỳ", "+2"),
        (figure(27, previous=9), "tăng 18 cuộc so với cùng kỳ", "+18"),
        (figure(8, previous=8), "bằng cùng kỳ", "0"),
        (figure(8, previous=0), "tăng 08 cuộc so với cùng kỳ", "+8"),
        (figure(0, previous=0), "bằng cùng kỳ", "0"),
        (figure(5, previous=3, estimate=True), "", ""),
        (figure(50, previous=0, unit="%", scale=1), "tăng 5 điểm phần trăm so với cùng kỳ", "+5 điểm"),
        (figure(75, previous=45, unit="m²", scale=1), "tăng 3 m² so với cùng kỳ", "+3"),
        (figure(8), "", ""),
        (figure(None, state="no_data", previous=8), "", ""),
        (figure(None, state="nil", previous=8), "giảm 08 cuộc so với cùng kỳ", "-8"),
        (figure(100_001, previous=100_000), "tăng dưới 0,1% so với cùng kỳ", "0%"),
        (figure(979, previous=967, unit="%", scale=1), "tăng 1,2 điểm phần trăm so với cùng kỳ", "+1,2 điểm"),
    ],
)
def test_comparison_with_the_same_period(item: Figure, words: str, cell: str) -> None:
    assert (change_words(item), change_cell(item)) == (words, cell)


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (figure(8, target=10), "đạt 80% chỉ tiêu kế hoạch"),
        (figure(12, target=10), "đạt 120% chỉ tiêu kế hoạch"),
        (figure(None, state="nil", target=10), "đạt 0% chỉ tiêu kế hoạch"),
        (figure(8), ""),
        (figure(8, target=0), ""),
        (figure(979, unit="%", scale=1, target=950), "vượt chỉ tiêu kế hoạch 2,9 điểm phần trăm"),
        (figure(930, unit="%", scale=1, target=950), "thấp hơn chỉ tiêu kế hoạch 2 điểm phần trăm"),
        (figure(950, unit="%", scale=1, target=950), "đạt chỉ tiêu kế hoạch"),
    ],
)
def test_comparison_with_the_target(item: Figure, words: str) -> None:
    assert target_words(item) == words


def test_small_splits_of_cases_are_withheld_in_narrative_only() -> None:
    keys = guarded_keys(CATALOG, figures())
    assert "cases/policy" in keys
    assert "cases" not in keys
    assert "cases_kind/denunciation" not in keys  # a statutory total
    assert "papers/plan" not in keys
    policy = next(item for item in figures() if item.key == "cases/policy")
    assert printed(policy, withhold=True) == "dưới 03"
    assert printed(policy, "table", withhold=True) == "2"
    assert printed(figure(3), withhold=True) == "03"


@given(st.integers(-(10**9), 10**9), st.integers(1, 10**6), st.integers(0, 4))
def test_division_is_nearest(top: int, bottom: int, scale: int) -> None:
    assert abs(divide(top, bottom, scale) * bottom - top * 10**scale) * 2 <= bottom


@given(st.integers(0, 10**9), st.integers(0, 3), st.sampled_from(["cuộc", "%"]))
def test_printed_numbers_read_back(value: int, scale: int, unit: str) -> None:
    text = printed(figure(value, scale=scale, unit=unit))
    assert vi.parse_number(text.removesuffix("%"), scale) == value


def test_reasons_and_targets_reach_their_figure() -> None:
    made = {item.key: item for item in figures(NOW, targets={"meetings": 5}, reasons={"papers/plan": "do chậm"})}
    assert made["meetings"].target == 5
    assert made["papers/plan"].reason == "do chậm"
    assert INDICATORS["points"].kind is IndicatorKind.LATEST
