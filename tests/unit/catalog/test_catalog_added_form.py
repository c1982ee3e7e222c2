"""A developer who knows nothing adds a form: one TOML block, and every catalogue function works on it.

The block is the example of docs/adding-a-form.md, read from there, so that the page cannot go stale.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from danvan_desktop.catalog.derive import derive
from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Catalog, Privacy
from danvan_desktop.catalog.privacy import open_values, privacy_of
from danvan_desktop.catalog.rules import check_record
from danvan_desktop.catalog.schema import form_schema
from danvan_desktop.catalog.values import display, label_of, normalise, parse_value

PAGE = Path(__file__).resolve().parents[3] / "docs" / "adding-a-form.md"


def block(number: int) -> str:
    found = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)
    return str(found[number])


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_shipped({"forms/youth_activity.toml": block(0)})


def test_it_is_one_form_more(catalog: Catalog) -> None:
    assert set(catalog.forms) - set(load_shipped().forms) == {"youth_activity"}
    assert catalog.forms["youth_activity"] in catalog.forms_of(7)


def test_it_is_typed_checked_and_shown(catalog: Catalog) -> None:
    form = catalog.forms["youth_activity"]
    typed = {"held_on": "5/3/2026", "ended_on": "04/03/2026", "name": " Ngày  thứ Bảy tình nguyện ",
             "kind": "tự tổ chức", "participants": "1.250"}  # fmt: skip
    values = normalise(form, {key: parse_value(form.field(key), text) for key, text in typed.items()})
    assert values["participants"] == 1250 and values["kind"] == "own"
    assert {p.code for p in check_record(form, values)} == {"rule:ends_after_start"}
    values["ended_on"] = "2026-03-06"
    assert check_record(form, values) == []
    assert derive(form, values, lambda *_: None) == {}
    assert display(form.field("participants"), values["participants"]) == "1.250"
    assert display(form.field("held_on"), values["held_on"]) == "05/03/2026"
    assert label_of(form, values) == "05/03/2026 – Ngày thứ Bảy tình nguyện"


def test_it_has_list_report_table_privacy_and_schema(catalog: Catalog) -> None:
    form = catalog.forms["youth_activity"]
    assert [f.key for f in form.list_fields] == ["held_on", "ended_on", "name", "kind"]
    assert form.report_columns == ("held_on", "ended_on", "name", "kind")
    assert privacy_of(form, "organiser", {}) is Privacy.PERSONAL  # free text of area 7, nothing said
    assert set(open_values(form, {"held_on": "2026-03-05", "organiser": "x"})) == {"held_on"}
    assert form_schema(form)["required"] == ["held_on", "name", "kind", "participants"]


def test_an_indicator_over_it_is_one_more_block() -> None:
    texts = {"forms/youth_activity.toml": block(0), "youth_indicators.toml": block(1)}
    indicator = load_shipped(texts).indicators["youth_participants"]
    assert indicator.source == "youth_activity" and indicator.definition_hash


def test_shipped_definitions_are_untouched_by_it(catalog: Catalog) -> None:
    shipped = load_shipped()
    assert shipped.hash != catalog.hash
    for key, indicator in shipped.indicators.items():
        assert catalog.indicators[key].definition_hash == indicator.definition_hash
