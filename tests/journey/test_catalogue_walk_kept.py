"""Every form again, with no code per form: what is protected stays hidden, what a sheet brings in is really kept, lists
are filtered by every choice they offer, and the rows of a package fit their schema."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from catalogue_values import PLAIN, full, make_office, names_of, sign_in, typed_fields
from openpyxl import load_workbook

from danvan_desktop.bootstrap import catalog
from danvan_desktop.catalog import schema, values
from danvan_desktop.catalog.model import ClassWhen, Field, Form, Json, Privacy, ValueType
from danvan_desktop.catalog.privacy import open_values, privacy_of
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.demo.offices import CULTURE_ID
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery, RecordInput
from danvan_desktop.services.sheet_fields import UNIT

FORMS = sorted(catalog().forms)
SECRET = "Xyzquk"
"""Stands in no text of the program."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    opened = make_office(tmp_path_factory.mktemp("kept") / "home")
    yield opened
    opened.close()


def _raised(form: Form) -> dict[tuple[str, str], list[Field]]:
    """(choice field, choice) that makes fields protected → those fields."""
    found: dict[tuple[str, str], list[Field]] = {}
    for item in form.fields:
        raised = item.class_when
        if isinstance(raised, ClassWhen) and raised.privacy is Privacy.PROTECTED:
            for choice in raised.values:
                found.setdefault((raised.field, choice), []).append(item)
    return found


RAISED = [(key, *place) for key in FORMS for place in _raised(catalog().forms[key])]


def _with(office: Office, form: Form, field: str, choice: str) -> dict[str, Json]:
    """A full record in which ``field`` holds ``choice``: what the rules forbid then is left out."""
    entered: dict[str, Json] = {**full(office, form), field: choice}
    for _ in range(40):
        errors = [item for item in office.records.check(form, entered, unit=CULTURE_ID).errors if item.field != field]
        gone = next((item.field for item in errors if item.field in entered), None)
        if gone is None:
            break
        del entered[gone]
    return entered


def _secrets(office: Office, form: Form, field: str, choice: str, entered: Mapping[str, Json]) -> dict[str, Json]:
    """Texts for what the choice makes protected."""
    secret: dict[str, Json] = {
        item.key: f"{SECRET} {number}" for number, item in enumerate(_raised(form)[field, choice])
        if item.type in (ValueType.TEXT, ValueType.LONG_TEXT)
    }  # fmt: skip
    for name, value in list(secret.items()):  # a number of a paper has a form of its own
        problems = office.records.check(form, {**entered, name: value}, unit=CULTURE_ID).errors
        if any(item.field == name for item in problems):
            del secret[name]
    assert secret, "texts are what a search could give away"
    return secret


def test_the_catalogue_has_protected_fields() -> None:
    assert RAISED, "else the next test would prove nothing"


@pytest.mark.parametrize(("key", "field", "choice"), RAISED)
def test_what_becomes_protected_is_nowhere_but_in_its_own_store(
    office: Office, key: str, field: str, choice: str
) -> None:
    form = catalog().forms[key]
    entered = _with(office, form, field, choice)
    secret = _secrets(office, form, field, choice, entered)
    for name in secret:
        assert privacy_of(form, name, entered) is Privacy.PROTECTED
    # first under a choice that hides nothing: the names are found by those who may see personal matters
    hiding = {value for name, value in _raised(form) if name == field}
    other = next(item.key for item in form.field(field).choices if item.key not in hiding)
    seen = RecordInput(CULTURE_ID, {**_with(office, form, field, other), **secret})
    saved = office.records.save(key, seen, final=False)
    assert [hit.record.id for hit in office.records.search_all(SECRET)] == [saved.id]
    # then raised: gone from the record, its history, the search, the list and the report table
    told = RecordInput(CULTURE_ID, {**entered, **secret})
    office.records.save(key, told, final=True, record_id=saved.id, why="Xếp lại loại đơn")
    row = office.records.get(saved.id)
    assert not set(secret) & set(row.values)
    assert office.records.search_all(SECRET) == [] and not office.records.count(key, ListQuery(search=SECRET))
    assert SECRET not in str(office.records.history(saved.id))
    assert SECRET not in office.records.label(row) and SECRET not in str(office.lists.table(key, ListQuery()))
    assert SECRET not in str(open_values(form, row.values))
    assert office.records.has_protected(saved.id)
    kept = office.records.protected(saved.id)
    assert {name: kept.get(name) for name in secret} == secret


@pytest.mark.parametrize("key", FORMS)
def test_a_list_is_filtered_by_every_choice_it_offers(office: Office, key: str) -> None:
    form = catalog().forms[key]
    saved = office.records.save(key, RecordInput(CULTURE_ID, full(office, form)), final=True)
    stored = office.records.get(saved.id).values
    for item in form.fields:
        if item.type is not ValueType.CHOICE or not item.indexed or not isinstance(stored.get(item.key), str):
            continue
        for choice in item.choices:
            query = ListQuery(states=("final",), choices={item.key: choice.key})
            rows = office.records.page(key, query, 0, 200)
            assert (saved.id in {row.id for row in rows}) == (stored[item.key] == choice.key), (item.key, choice.key)
            assert {row.values.get(item.key) for row in rows} <= {choice.key}
            assert office.records.count(key, query) == len(rows)


@pytest.mark.parametrize("key", FORMS)
def test_open_rows_fit_the_schema_of_the_package(office: Office, key: str) -> None:
    form = catalog().forms[key]
    saved = office.records.save(key, RecordInput(CULTURE_ID, full(office, form)), final=True)
    shared = open_values(form, office.records.get(saved.id).values)
    assert not list(_misfits(schema.form_schema(form, open_only=True), shared, key))


def _misfits(rule: Mapping[str, Any], value: Any, where: str) -> Iterator[str]:
    """What of ``value`` breaks ``rule``: the words of JSON Schema that the catalogue uses."""
    kinds: dict[str, type] = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
    if not isinstance(value, kinds[rule["type"]]) or (rule["type"] == "integer" and isinstance(value, bool)):
        yield f"{where}: {value!r} is no {rule['type']}"
        return
    if isinstance(value, dict):
        yield from (f"{where}.{name} is missing" for name in rule.get("required", ()) if name not in value)
        for name, inner in value.items():
            if name in rule["properties"]:
                yield from _misfits(rule["properties"][name], inner, f"{where}.{name}")
            elif not rule.get("additionalProperties", True):
                yield f"{where}.{name} may not leave"
    elif isinstance(value, list):
        for inner in value:
            yield from _misfits(rule["items"], inner, f"{where}[]")
    elif isinstance(value, str):
        if "enum" in rule and value not in rule["enum"]:
            yield f"{where}: {value!r} is no choice"
        if not re.search(rule.get("pattern", ""), value) or len(value) > rule.get("maxLength", len(value)):
            yield f"{where}: {value!r} has another shape"
    elif not rule.get("minimum", value) <= value <= rule.get("maximum", value):
        yield f"{where}: {value!r} is out of bounds"


def sheet_of(office: Office, form: Form, whole: Mapping[str, Json]) -> bytes:
    """The template of a form with one record typed in, as it is shown."""
    data = office.sheets.template(form.key)
    layout = office.sheets.layout(office.sheets.open_bytes(data, "mau.xlsx"), form.key)
    book = load_workbook(io.BytesIO(data))
    names = names_of(office, whole)

    def put(sheet: str, row: int, column: int, value: str | int) -> None:
        book[sheet].cell(row=row + 1, column=column + 1, value=value)

    for at, name in layout.columns.items():
        if name in whole:
            put(layout.sheet, layout.first, at, values.display(form.field(name), whole[name], names))
        elif name == UNIT:
            put(layout.sheet, layout.first, at, names[CULTURE_ID])
    if layout.number is not None:
        put(layout.sheet, layout.first, layout.number, 1)
    for table in layout.tables:
        rows = whole.get(table.field)
        assert isinstance(rows, list | None), f"{form.key}.{table.field}"
        for below, line in enumerate(rows or []):
            assert isinstance(line, dict)
            put(table.sheet, table.first + below, table.number, 1)
            for at, name in table.columns.items():
                if name in line:
                    shown = values.display(form.field(table.field).column(name), line[name], names)
                    put(table.sheet, table.first + below, at, shown)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("key", FORMS)
def test_a_sheet_with_its_small_tables_is_kept_as_entered(office: Office, key: str) -> None:
    form = catalog().forms[key]
    whole = full(office, form)
    opened = office.sheets.open_bytes(sheet_of(office, form, whole), "mau.xlsx")
    layout = office.sheets.layout(opened, key)
    assert {table.field for table in layout.tables} == {i.key for i in typed_fields(form) if i.type is ValueType.ROWS}
    assert all(whole.get(table.field) for table in layout.tables), "every small table has a row to carry"
    checked = office.sheets.check(opened, layout, final=True)
    assert not checked.errors, [item.message for item in checked.errors][:3]
    done = office.sheets.bring_in(checked)
    [made] = done.record_ids
    row = office.records.get(made)
    by_hand = office.records.get(office.records.save(key, RecordInput(CULTURE_ID, whole), final=True).id)
    assert row.state == "final" and row.unit == CULTURE_ID
    assert _bare(row.values) == _bare(by_hand.values), "typed or imported, it is one record"
    office.sheets.undo(done.id)
    assert made not in {item.id for item in office.records.page(key, ListQuery(), 0, 200)}


def _bare(record: Mapping[str, Any]) -> dict[str, Any]:
    """The values without the ids that rows are given."""
    return {
        name: [{key: cell for key, cell in row.items() if key != "row"} for row in value]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else value
        for name, value in record.items()
    }


def _told(office: Office, form: Form, field: str, choice: str) -> tuple[bytes, dict[str, Json]]:
    entered = _with(office, form, field, choice)
    secret = _secrets(office, form, field, choice, entered)
    return sheet_of(office, form, {**entered, **secret}), secret


def test_protected_values_come_in_by_sheet_with_the_right_alone_and_never_go_out(tmp_path: Path) -> None:
    home = tmp_path / "home"
    office = make_office(home)
    sheets: list[tuple[str, bytes]] = []
    for key, field, choice in RAISED:
        form = catalog().forms[key]
        data, secret = _told(office, form, field, choice)
        sheets.append((key, data))
        opened = office.sheets.open_bytes(data, "mau.xlsx")
        checked = office.sheets.check(opened, office.sheets.layout(opened, key), final=True)
        assert not checked.errors, [item.message for item in checked.errors][:3]
        [made] = office.sheets.bring_in(checked).record_ids
        row, kept = office.records.get(made), office.records.protected(made)
        assert {name: kept.get(name) for name in secret} == secret and SECRET not in str(row)
        assert SECRET not in str(office.records.history(made)) and office.records.search_all(SECRET) == []
        office.lists.export(key, ListQuery(), tmp_path / "ra.xlsx")
        with zipfile.ZipFile(tmp_path / "ra.xlsx") as out:
            assert not any(SECRET.encode() in out.read(name) for name in out.namelist())
    office.close()
    office = sign_in(home, PLAIN)
    assert not office.records.may_see_protected
    for key, data in sheets:
        opened = office.sheets.open_bytes(data, "mau.xlsx")
        checked = office.sheets.check(opened, office.sheets.layout(opened, key))
        assert any("không có quyền nhập" in item.message for item in checked.errors)
        count = office.records.count(key, ListQuery())
        with pytest.raises(Refused) as caught:
            office.sheets.bring_in(checked, good_rows=True, again=True)
        assert caught.value.code == "nothing_good" and office.records.count(key, ListQuery()) == count
    office.close()


def test_records_stand_in_the_annexes_of_a_real_draft(office: Office) -> None:
    tables = {table.key: table for outline in catalog().outlines.values() for table in outline.annexes
              if table.kind == "records"}  # fmt: skip
    assert tables
    shown: dict[str, str] = {}
    for table in tables.values():
        form = catalog().forms[table.form]
        saved = office.records.save(table.form, RecordInput(CULTURE_ID, full(office, form)), final=True)
        row = office.records.get(saved.id)
        names = names_of(office, row.values)
        for column in table.columns:
            if form.has_field(column.key):
                assert privacy_of(form, column.key, row.values) is Privacy.OPEN, "only what may be read by anybody"
        first = next(column.key for column in table.columns if row.values.get(column.key))
        shown[table.key] = values.display(form.field(first), row.values[first], names)
    report, _changes = office.reports.make("commune-to-province", "2026-H1")
    annexes = {annex.key: annex for annex in office.reports.view(report).document.annexes}
    for key in shown.keys() & annexes.keys():
        cells = [cell.text if hasattr(cell, "text") else str(cell) for row in annexes[key].rows for cell in row.cells]
        assert any(shown[key] in cell for cell in cells), f"{key}: {shown[key]}"
        assert not any(CULTURE_ID in cell for cell in cells), "no id is printed"
    assert len(shown.keys() & annexes.keys()) >= 3
