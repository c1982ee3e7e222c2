"""A figure from before a merger is said for the merged place by the roll-up rule of its indicator."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reporting_samples import indicator

from danvan_desktop.catalog.model import Rollup
from danvan_desktop.reporting.model import Figure
from danvan_desktop.reporting.restate import restate

ONE = indicator("papers")


def figure(value: int | None, **more: object) -> Figure:
    base = Figure("papers", "papers", ONE.definition_hash, "Văn bản", "văn bản", value=value,
                  state="no_data" if value is None else "value")  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]  # fields of a figure, by name


@pytest.mark.parametrize(("rule", "expected"), [(Rollup.SUM, 7), (Rollup.LATEST, 4), (Rollup.NONE, None)])
def test_the_rule_of_the_indicator(rule: Rollup, expected: int | None) -> None:
    parts = [("2025-05-15", figure(3)), ("2025-10-15", figure(4))]
    assert restate(replace(ONE, rollup=rule), parts) == expected


def test_a_missing_part_leaves_a_sum_unsaid_and_nil_is_zero() -> None:
    assert restate(ONE, [("a", figure(3)), ("b", None)]) is None
    assert restate(ONE, [("a", figure(3)), ("b", figure(None))]) is None
    assert restate(ONE, [("a", figure(3)), ("b", figure(None, state="nil"))]) == 3
    assert restate(ONE, [("a", figure(3, definition_hash="other"))]) is None
    assert restate(ONE, []) is None


def test_a_single_predecessor_speaks_even_without_a_rule() -> None:
    assert restate(replace(ONE, rollup=Rollup.NONE), [("a", figure(3))]) == 3


def test_ratios_are_made_of_their_parts() -> None:
    rate = replace(ONE, rollup=Rollup.WEIGHTED, unit="%", scale=1)
    parts = [("a", figure(500, numerator=1, denominator=2)), ("b", figure(1000, numerator=6, denominator=6))]
    assert restate(rate, parts) == 875
    assert restate(rate, [("a", figure(500, numerator=1, denominator=2)), ("b", figure(1000))]) is None


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_a_sum_is_never_less_than_a_part_and_ignores_order(values: list[int]) -> None:
    parts = [(f"2025-{month:02d}-01", figure(value)) for month, value in enumerate(values, 1)]
    whole = restate(ONE, parts)
    assert whole == restate(ONE, parts[::-1]) == sum(values)
