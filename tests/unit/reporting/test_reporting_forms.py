"""Statistical forms of reports: columns, sums and identities; refused when they do not add up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from danvan_desktop.catalog.annex_model import AnnexTable
from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Filter, Indicator, IndicatorKind
from danvan_desktop.catalog.read_annexes import identity_checks, read_annex
from danvan_desktop.catalog.reader import Table, parse_toml
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.reporting.form_tables import OWN_TITLE, UnitRow, column_numbers, form_annex, refresh_form
from danvan_desktop.reporting.model import Annex, Figure, TableColumn, from_json, to_json

CATALOG = load_shipped()
FIRST, LAST = "2026-01-01", "2026-06-30"


def table(key: str) -> AnnexTable:
    return next(item for item in CATALOG.outlines["annual_commune"].annexes if item.key == key)


TCD, XLD, FILES, RETURNS = (table(key) for key in ("form_01_tcd", "form_01_xld", "service_files", "unit_returns"))


# -- counting by hand: a second, plain reading of the declared indicators, to hold the forms against -----------------


def holds(record: Mapping[str, Any], condition: Filter) -> bool:
    value = record.get(condition.field)
    match condition.op:
        case "eq":
            return bool(value == condition.value)
        case "in":
            return value in condition.value
        case "true":
            return value is True
        case "false":
            return value is not True
        case "is_set":
            return value is not None
        case "not_set":
            return value is None
    raise AssertionError(condition.op)


def count(key: str, records: Mapping[str, list[dict[str, Any]]]) -> int:
    name, _, split = key.partition("/")
    item: Indicator = CATALOG.indicators[name]
    found = [row for row in records.get(item.source, []) if all(holds(row, rule) for rule in item.filters)]
    if split:
        found = [row for row in found if row.get(item.split) == split]
    field = item.date_field or CATALOG.forms[item.source].event_date
    if item.kind is IndicatorKind.OPEN_AT:
        begun, done = "received_on", item.done_field
        if item.at == "start":
            return sum(1 for row in found if row[begun] < FIRST and not (row.get(done) and row[done] < FIRST))
        return sum(1 for row in found if row[begun] <= LAST and not (row.get(done) and row[done] <= LAST))
    found = [row for row in found if row.get(field) and FIRST <= row[field] <= LAST]
    if item.kind is IndicatorKind.SUM:
        return sum(row.get(item.fields[0]) or 0 for row in found)
    if item.kind is IndicatorKind.DISTINCT:
        values = {row[item.fields[0]] for row in found if row.get(item.fields[0])}
        for also in item.also:
            others = [row for row in records.get(also.source, []) if all(holds(row, rule) for rule in also.filters)]
            values |= {row[also.field] for row in others}
        return len(values)
    return len(found)


def columns_of(form: AnnexTable, records: Mapping[str, list[dict[str, Any]]]) -> dict[int, int]:
    numbers = column_numbers(form.columns, lambda key: (count(key, records), 0))
    return {int(key[1:]): value[0] for key, value in numbers.items() if value is not None}


def visit(
    kind: str, people: int, time: str = "first", case: str | None = None, day: str = "2026-03-04"
) -> dict[str, Any]:
    return {
        "received_on": day,
        "kind": kind,
        "people": people,
        "large_group": people >= 5,
        "first_time": time,
        "case": case,
    }


def test_receptions_of_every_kind_are_counted_once_and_groups_never_again() -> None:
    records = {
        "citizen_reception": [
            visit("regular", 1, case="A"),
            visit("regular", 1, "repeated", case="B"),
            visit("regular", 7, case="C"),  # a large group
            visit("regular", 2),  # no case code: a case of its own
            visit("periodic", 3, case="D", day="2026-03-10"),
            visit("extraordinary", 12, "repeated", case="E", day="2026-03-20"),  # a large group before the chair
            visit("delegated", 5, case="F", day="2026-04-10"),
            visit("regular", 9, day="2025-12-30"),  # another period
        ],
        "reception_day": [
            {"held_on": "2026-03-10", "host_role": "chair"},
            {"held_on": "2026-05-10", "host_role": "chair"},  # nobody came
            {"held_on": "2026-04-10", "host_role": "deputy"},
        ],
    }
    found = columns_of(TCD, records)
    assert len(found) == 29
    assert (found[1], found[2], found[3]) == (7, 31, 7)
    assert [found[at] for at in range(4, 12)] == [4, 11, 3, 1, 1, 7, 1, 0]
    assert [found[at] for at in range(13, 21)] == [2, 15, 1, 1, 1, 12, 0, 1]
    assert [found[at] for at in range(22, 30)] == [1, 5, 1, 0, 1, 5, 1, 0]
    assert found[21] == 1
    details = {8, 9, 10, 11, 17, 18, 19, 20, 26, 27, 28, 29}
    assert {int(item.key[1:]) for item in TCD.columns if item.detail} == details
    assert not any(int(part[1:]) in details for item in TCD.columns for part in item.sums)


DAYS = st.sampled_from(["2025-11-02", "2026-01-01", "2026-02-10", "2026-05-20", "2026-06-30", "2026-08-01"])
PETITIONS = st.lists(
    st.fixed_dictionaries(
        {
            "received_on": DAYS,
            "kind": st.sampled_from(["complaint", "denunciation", "feedback"]),
            "eligible": st.sampled_from([True, False, None]),
            "in_jurisdiction": st.sampled_from([True, False, None]),
            "handling": st.sampled_from([None, "accepted", "guided", "transferred", "urged", "returned", "filed"]),
            "handled_on": st.one_of(st.none(), DAYS),
            "round": st.sampled_from([None, "first", "second"]),
            "resolved_on": st.one_of(st.none(), DAYS),
            "case": st.sampled_from([None, "A", "B"]),
            "reply_received_on": st.one_of(st.none(), DAYS),
        }
    ),
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(PETITIONS)
def test_the_identities_of_01_xld_hold_for_any_petitions(petitions: list[dict[str, Any]]) -> None:
    for row in petitions:
        if row["handled_on"] and row["handled_on"] < row["received_on"]:  # refused by the form
            row["handled_on"] = row["received_on"]
    found = columns_of(XLD, {"petition": petitions})
    assert len(found) == 22
    assert found[1] == found[2] + found[3] == found[4] + found[5]
    assert found[6] == found[8] + found[9] + found[10] == found[11] + found[12] + found[13] == found[14] + found[18]
    assert found[14] == sum(found[at] for at in (15, 16, 17)) and found[18] == sum(found[at] for at in (19, 20, 21))
    assert found[6] <= found[4] and found[7] <= found[6]


def figure(key: str, value: int | None, unit: str = "đơn", scale: int = 0) -> Figure:
    return Figure(
        key, key.partition("/")[0], "h", key, unit, scale, value=value, state="no_data" if value is None else "value"
    )


def filled(form: AnnexTable, value: int) -> dict[str, Figure]:
    return {key: figure(key, value, CATALOG.indicators[key.partition("/")[0]].unit) for key in form.indicators}


def test_units_own_records_and_total_stand_under_each_other_and_add_up() -> None:
    whole, part = filled(FILES, 10), filled(FILES, 3)
    annex = form_annex(
        FILES, whole, "UBND xã", [UnitRow("a", "Trạm Y tế", figures=part), UnitRow("b", "Trường Mầm non")]
    )
    assert [row.kind for row in annex.rows] == ["numbers", "row", "row", "total"]
    assert [row.cells[0] for row in annex.rows] == ["A", "Trạm Y tế", OWN_TITLE, "Tổng cộng"]
    assert annex.rows[0].cells[1:4] == ("1", "2", "3")
    assert [row.cells[1] for row in annex.rows[1:]] == ["9", "21", "30"]
    assert [row.cells[12] for row in annex.rows[1:]] == ["3", "", "10"]  # shares are never added
    alone = form_annex(FILES, whole, "UBND xã", [])
    assert [row.cells[0] for row in alone.rows] == ["A", "UBND xã"]
    assert refresh_form(annex, filled(FILES, 11)).rows[-1].cells[1] == "33"


def test_the_board_of_returns_lists_those_that_sent_nothing() -> None:
    annex = form_annex(RETURNS, filled(RETURNS, 4), "UBND xã", [UnitRow("b", "Trường Mầm non", "Chưa gửi")])
    assert [row.cells[:3] for row in annex.rows] == [
        ("1", "Trường Mầm non", "Chưa gửi"), ("2", OWN_TITLE, ""), ("", "Tổng cộng", ""),
    ]  # fmt: skip
    assert annex.rows[0].cells[4:] == ("",) * 11 and annex.rows[2].cells[4:] == ("4",) * 11


def test_a_form_without_data_stays_empty_and_is_no_zero() -> None:
    annex = form_annex(XLD, {key: figure(key, None) for key in XLD.indicators}, "UBND xã", [])
    assert set(annex.rows[-1].cells[1:]) == {""}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("no = 3", "no = 4"), "liên tục"),
        (("sums = [2, 3]", "sums = [2, 2]"), "hai lần"),
        (("sums = [2, 3]", "sums = [2, 9]"), "không có cột 9"),
        (('figures = ["petitions_received"]', "sums = [1]"), "vòng tròn"),
        (('figures = ["petitions_received"]', 'figures = ["petitions_received"]\ndetail = true'), "trong đó"),
        (('figures = ["petitions_received"]', 'figures = ["nothing"]'), "không có chỉ tiêu"),
        (('figures = ["petitions_received"]', ""), "một trong hai"),
    ],
)
def test_a_form_that_does_not_add_up_is_refused_when_read(change: tuple[str, str], reason: str) -> None:
    text = """
[[annex]]
key = "sample"
title = "Biểu mẫu"
kind = "form"
[[annex.column]]
show = "unit"
title = "Đơn vị"
[[annex.column]]
no = 1
title = "Tổng"
sums = [2, 3]
[[annex.column]]
no = 2
title = "Kỳ trước"
figures = ["petitions_unprocessed_before"]
[[annex.column]]
no = 3
title = "Trong kỳ"
figures = ["petitions_received"]
[[annex.identity]]
total = 1
parts = [2, 3]
"""
    choices = dict.fromkeys(CATALOG.indicators, ())
    whole = read_annex(Table("t", "t", parse_toml("t", text)).tables("annex")[0], CATALOG.forms, choices)
    assert identity_checks({"sample": whole})["sample_identity_1"].left == (
        "petitions_unprocessed_before", "petitions_received",
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        read_annex(Table("t", "t", parse_toml("t", text.replace(*change))).tables("annex")[0], CATALOG.forms, choices)
    assert reason in str(refused.value.details["reason"])


def test_what_came_after_format_1_is_left_out_while_empty() -> None:
    plain = Annex("a", "A", (TableColumn("no", "TT", 5),), ())
    assert to_json(plain)["columns"] == [{"key": "no", "title": "TT", "width": 5, "align": "left"}]
    grouped = Annex("a", "A", (TableColumn("c1", "Số", 5, "right", ("Đơn",), ("x",)),), ())
    assert from_json(Annex, to_json(grouped)) == grouped and from_json(Annex, to_json(plain)) == plain
    twice = to_json(plain)
    twice["columns"][0]["groups"] = []
    with pytest.raises(Refused):  # one way only to write the same report
        from_json(Annex, twice)
