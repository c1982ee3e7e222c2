"""A developer adds a form by one TOML block, and gets everything without a line of Python."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from danvan_desktop import bootstrap
from danvan_desktop.catalog.loader import load_shipped
from danvan_desktop.catalog.model import Catalog, Choice, Json
from danvan_desktop.catalog.schema import form_schema
from danvan_desktop.gui.form_builder import FormView
from danvan_desktop.gui.form_context import FormContext
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.reporting.office import Signer
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery, RecordInput
from danvan_desktop.services.setup import AccountSpec, SetupProfile, create_office
from danvan_desktop.store.home import KdfParameters

PAGE = Path(__file__).parents[2] / "docs" / "adding-a-form.md"
FORM = "youth_activity"
VALUES: dict[str, Json] = {
    "held_on": "2026-03-05",
    "name": "Ngày thứ Bảy tình nguyện =1+1",
    "kind": "own",
    "participants": 45,
}


@pytest.fixture
def catalog() -> Catalog:
    block = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.S)[0]
    return load_shipped({"forms/youth_activity.toml": block.replace("[[form]]\n", "[[form]]\nshare_rows = true\n", 1)})


@pytest.fixture
def office(
    catalog: Catalog, tmp_path: Path, fixed_clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    monkeypatch.setattr(bootstrap, "catalog", lambda: catalog)
    profile = SetupProfile(
        profile="commune_agency", name="Trường mẫu", short_name="TM", place="Xã Mẫu", superior_lines=("UBND XÃ MẪU",),
        issuer_lines=("TRƯỜNG MẪU",), symbol_suffix="TM", drafting_unit="", parent_name="Ủy ban nhân dân xã Mẫu",
        via_name="", signers=(Signer(("HIỆU TRƯỞNG",), "Lê Ví Dụ"),), agencies=(), villages=(),
        accounts=(AccountSpec("a", "A", ("entry", "leader")),),
    )  # fmt: skip
    light = KdfParameters(memory_kib=1024, time_cost=1)
    store, _ = create_office(tmp_path / "home", profile, {"a": "x"}, clock=fixed_clock, catalog=catalog, kdf=light)
    found = bootstrap.wire(store, fixed_clock)
    yield found
    found.close()


def test_form_list_search_workbook_schema_and_report(
    office: Office, catalog: Catalog, tmp_path: Path, qtbot: QtBot, fixed_clock: FixedClock
) -> None:
    form = catalog.forms[FORM]
    unit = office.settings.load().agencies[0]

    # the entry form, built from the definition
    view = FormView(form, FormContext(fixed_clock, [Choice(unit.id, unit.name)]))
    qtbot.addWidget(view)
    view.load(VALUES, {"unit": unit.id})
    assert view.values() == VALUES

    # record, list, search without accents
    saved = office.records.save(FORM, RecordInput(unit.id, view.values()), final=True)
    assert [row.id for row in office.records.page(FORM, ListQuery(search="ngay thu bay tinh nguyen"), 0, 10)] == [
        saved.id
    ]
    assert office.records.count(FORM, ListQuery(first=date(2026, 3, 1), last=date(2026, 3, 31))) == 1
    assert [hit.record.id for hit in office.records.search_all("thu bay")] == [saved.id]

    # headings of the workbook; a text that looks like a formula stays text
    path = tmp_path / "list.xlsx"
    assert office.lists.export(FORM, ListQuery(), path)[0] == 1
    sheet = openpyxl.load_workbook(path).worksheets[0]
    headings = [cell.value for cell in sheet[3]]
    assert headings == ["TT", *(form.field(key).title for key in form.report_columns)]
    cell = next(cell for cell in sheet[4] if cell.value == VALUES["name"])
    assert cell.data_type == "s"

    # package schema
    schema = form_schema(form, open_only=True)
    assert json.loads(json.dumps(schema))["properties"]["participants"]["type"] == "integer"

    # the report carries its rows; its table can stand as an annex
    report, _ = office.reports.make("agency-to-commune", "2026-H1")
    rows = office.reports.view(report).document.rows[FORM]
    assert [row["id"] for row in rows] == [saved.id]
    table = office.lists.table(FORM, ListQuery())
    assert replace(table, rows=()).title == form.title
