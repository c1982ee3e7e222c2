"""Every form of the catalogue, with no code per form: an empty, a minimal, a full and a wrong record through saving,
list, search, history, the entry form, Excel out and in, package schema and report table."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from catalogue_values import NUMBERS, full, good, make_office, names_of, typed_fields
from openpyxl import load_workbook
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from danvan_desktop.bootstrap import catalog
from danvan_desktop.catalog import schema, values
from danvan_desktop.catalog.model import Privacy, ValueType
from danvan_desktop.catalog.privacy import open_values, privacy_of
from danvan_desktop.gui.records_page import RecordsPage
from danvan_desktop.gui.runner import InlineRunner
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.demo.offices import CULTURE_ID
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery, RecordInput

FORMS = sorted(catalog().forms)
WRONG: Mapping[ValueType, Any] = {
    ValueType.TEXT: "hai\ndòng\u202e", ValueType.LONG_TEXT: "chữ \u0007", ValueType.DATE: "2026-02-31",
    ValueType.MONTH: "2026-13", ValueType.INTEGER: -5, ValueType.DECIMAL: -5, ValueType.MONEY: -5,
    ValueType.PERCENT: -5,
    ValueType.CHOICE: "no_such_choice", ValueType.MULTI_CHOICE: ["no_such_choice"], ValueType.YES_NO: "có",
    ValueType.ROWS: [{"no_such_column": 1}],
}  # fmt: skip


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    opened = make_office(tmp_path_factory.mktemp("walk") / "home")
    yield opened
    opened.close()


@pytest.mark.parametrize("key", FORMS)
def test_an_empty_record_is_kept_as_a_draft_only(office: Office, key: str) -> None:
    form = catalog().forms[key]
    with pytest.raises(Refused) as error:
        office.records.save(key, RecordInput(CULTURE_ID, {}), final=True)
    assert error.value.code == "record_incomplete" and "Chưa lưu gì" in error.value.message
    named = {item["field"] for item in error.value.details["problems"]}
    assert {item.key for item in form.fields if item.required and item.derive is None} <= named
    saved = office.records.save(key, RecordInput(CULTURE_ID, {}), final=False)
    assert office.records.get(saved.id).state == "draft"
    office.records.delete(saved.id, "thử")


@pytest.mark.parametrize("key", FORMS)
def test_a_minimal_and_a_full_record_go_the_whole_way(office: Office, key: str) -> None:
    form = catalog().forms[key]
    required = [item for item in typed_fields(form) if item.required]
    minimal = office.records.save(key, RecordInput(CULTURE_ID, good(office, form, required)), final=True)
    whole = full(office, form)
    assert len(whole) >= len(typed_fields(form)) // 2, "most fields stand in a full record"
    proof = office.records.evidence.add_bytes(b"%PDF-1.4 " + key.encode(), f"Biên bản {key}.pdf").sha256
    village = office.settings.load().villages[0].id
    entered = RecordInput(CULTURE_ID, whole, villages=(village,), note="ghi chú mẫu", evidence=(proof,))
    saved = office.records.save(key, entered, final=True)
    query = ListQuery(states=("final",))
    assert {row.id for row in office.records.page(key, query, 0, 50)} >= {minimal.id, saved.id}
    for item in form.fields:  # every order a list offers
        if item.indexed:
            rows = office.records.page(key, ListQuery(sort=item.key, descending=False), 0, 50)
            assert {row.id for row in rows} >= {minimal.id, saved.id}, item.key
    row = office.records.get(saved.id)
    assert row.evidence == (proof,) and office.records.evidence.names(row.evidence)[0].name.startswith("Biên bản ")
    assert office.records.label(row) and values.event_date(form, row.values) is not None
    assert office.records.count(key, ListQuery(search="ghi chu mau")) == 1
    for item in form.fields:  # found by what is open or personal, never by what is protected
        word = row.values.get(item.key)
        if item.type is ValueType.TEXT and isinstance(word, str):
            found = {hit.record.id for hit in office.records.search_all(word, 200)}
            assert (saved.id in found) == (privacy_of(form, item, row.values) is not Privacy.PROTECTED), item.key

    table = office.lists.table(key, query)  # the report table: open fields alone
    assert sum(1 for line in table.rows if line.kind == "row") >= 2 and table.columns
    ids = {value for name, value in whole.items() if form.field(name).type is ValueType.RECORD}
    assert not any(str(value) in str(table) for value in ids), "a link is shown by its name"
    shared = open_values(form, row.values)
    described = schema.form_schema(form, open_only=True)
    assert set(shared) <= set(described["properties"]) and described["additionalProperties"] is False
    assert set(described["required"]) <= set(shared)
    for name in shared:
        assert privacy_of(form, name, row.values) is Privacy.OPEN

    again = office.records.save(
        key, RecordInput(CULTURE_ID, whole, note="lần hai"), final=True, record_id=saved.id, why="Sửa"
    )
    assert again.revision == 2 and len(office.records.history(saved.id)) == 2
    office.records.restore(saved.id, 1)
    first = office.records.get(saved.id)
    assert first.note == "ghi chú mẫu" and first.evidence == (proof,)


@pytest.mark.parametrize("key", FORMS)
def test_a_wrong_value_is_refused_field_by_field(office: Office, key: str) -> None:
    form = catalog().forms[key]
    whole = full(office, form)
    for item in typed_fields(form):
        if item.type not in WRONG or (item.type in NUMBERS and item.minimum is not None and item.minimum < 0):
            continue
        checked = office.records.check(form, {**whole, item.key: WRONG[item.type]}, unit=CULTURE_ID)
        about = [problem for problem in checked.errors if problem.field == item.key]
        assert about, f"{key}.{item.key} takes {WRONG[item.type]!r}"
        assert item.title in about[0].message or "“" in about[0].message


@pytest.mark.parametrize("key", FORMS)
def test_excel_out_and_in_gives_the_same_record(office: Office, key: str) -> None:
    form = catalog().forms[key]
    whole = {
        name: value for name, value in full(office, form).items()
        if form.field(name).type is not ValueType.ROWS
        and privacy_of(form, name, {}) is not Privacy.PROTECTED
    }  # fmt: skip
    template = office.sheets.template(key)
    layout = office.sheets.layout(office.sheets.open_bytes(template, "mau.xlsx"), key)
    book = load_workbook(io.BytesIO(template))
    sheet = book[layout.sheet]
    names = names_of(office, whole)
    for at, name in layout.columns.items():
        if name in whole:
            text = values.display(form.field(name), whole[name], names)
            sheet.cell(row=layout.first + 1, column=at + 1, value=text)
    assert set(whole) <= set(layout.columns.values()), "every field has a column"
    out = io.BytesIO()
    book.save(out)
    opened = office.sheets.open_bytes(out.getvalue(), "mau.xlsx")
    assert opened.form == key and opened.template
    checked = office.sheets.check(opened, office.sheets.layout(opened, key), final=False, unit=CULTURE_ID)
    assert not checked.errors, [str(item) for item in checked.errors][:3]
    [row] = checked.rows
    assert {name: row.values.get(name) for name in whole} == whole


@pytest.mark.parametrize("key", FORMS)
def test_the_entry_form_takes_and_gives_every_value(office: Office, key: str, qapp: QApplication) -> None:
    form = catalog().forms[key]
    whole = full(office, form)
    page = RecordsPage(office, InlineRunner(), form.area)
    page.resize(1060, 590)
    page.show()
    page.stack.setCurrentWidget(page.editor)
    proof = office.records.evidence.add_bytes(b"%PDF-1.4 x", "Ảnh chụp.pdf").sha256
    page.editor.open_new(form, whole, {"unit": CULTURE_ID, "evidence": [proof]})
    qapp.processEvents()
    view = page.editor.view
    assert view is not None and view.form.key == key
    shown = {name: value for name, value in view.values().items() if name in whole}
    assert _bare(shown) == _bare(whole)
    assert not view.input_problems()
    for item in form.fields:  # nothing is without a name for those who do not see it
        assert view.widget(item.key).accessibleName().startswith(item.title), item.key
    assert view.minimumSizeHint().width() <= 1060, "fits the small screen"
    page.editor.save(final=True)  # what the widgets hold is what is kept
    assert page.editor.record_id is not None
    row = office.records.get(page.editor.record_id)
    by_hand = office.records.get(office.records.save(key, RecordInput(CULTURE_ID, whole), final=True).id)
    assert row.state == "final" and row.evidence == (proof,) and _bare(row.values) == _bare(by_hand.values)
    page.hide()
    page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _bare(record: Mapping[str, Any]) -> dict[str, Any]:
    """The values without the ids that rows are given."""
    return {
        name: [{key: cell for key, cell in row.items() if key != "row"} for row in value]
        if isinstance(value, list) and value and isinstance(value[0], dict)
        else value
        for name, value in record.items()
    }
