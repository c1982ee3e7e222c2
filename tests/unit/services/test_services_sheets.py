"""Spreadsheets in and out, on a real home: what an officer gets told, what the store holds."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from services_office import ALL_ROLES, make, profile
from sheet_samples import FORM, ROWS, filled, register, saved, text, unit_of

from danvan_desktop.kernel.canonical import sha256_hex
from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Cancelled, Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import ListQuery, RecordRow
from danvan_desktop.services.setup import AccountSpec, Place
from danvan_desktop.services.sheets import CheckedSheet, column_name
from danvan_desktop.store.reports import ReportRow


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    chosen = profile(
        villages=(Place("Thôn Đông"), Place("Thôn Tây")),
        accounts=(AccountSpec("motnguoi", "Một người", ALL_ROLES),),
    )
    opened = make(tmp_path_factory.mktemp("sheets") / "home", FixedClock(datetime(2026, 5, 28, 1, tzinfo=UTC)), chosen)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def undone(office: Office) -> Iterator[None]:
    """Each test leaves the lists empty."""
    yield
    for row in office.sheets.imports(limit=1000):
        if row.undone_at is None:
            with suppress(Refused):  # one of them stands in a frozen report
                office.sheets.undo(row.id)


def checked(
    office: Office, data: bytes, *, form: str = FORM, final: bool = False, name: str = "so.xlsx"
) -> CheckedSheet:
    opened = office.sheets.open_bytes(data, name)
    return office.sheets.check(opened, office.sheets.layout(opened, form), final=final, unit=unit_of(office))


def kept(office: Office, form: str = FORM) -> list[RecordRow]:
    return office.records.page(form, ListQuery(descending=False), 0, 100)


def test_a_register_typed_off_is_understood(office: Office) -> None:
    opened = office.sheets.open_bytes(register(ROWS), "so.xlsx")
    assert opened.form == FORM and not opened.template, "guessed from the headings"
    found = checked(office, register(ROWS))
    assert not found.errors and found.good == 4
    assert found.layout.number == 0 and sorted(found.layout.columns) == [1, 2, 3, 4, 5, 6]
    values = [row.values for row in found.rows]
    assert [item["issued_on"] for item in values] == ["2026-06-05", "2026-06-05", "2026-06-05", "2026-05-06"]
    assert [item["document_type"] for item in values] == ["plan", "plan", "plan", "official_letter"]
    assert [item["number_symbol"] for item in values] == ["30-KH/ĐU", "31-KH/ĐU", "032", "33"]
    assert [item["abstract"] for item in values] == ["V/v công tác dân vận", "Nội dung", "=1+1", "+84 việc"]
    assert values[0]["issuer"] == "Đảng ủy xã" and values[2]["issuer"] == "@Đảng ủy"
    assert [item["direction"] for item in values] == ["incoming", "issued", "incoming", "incoming"]
    said = " ".join(found.remarks())
    assert "Bỏ qua dòng tổng: dòng 11" in said and "dòng 13, 14" in said and "Sổ 2026!C9" in said


def test_all_faults_are_named_by_cell_and_nothing_is_kept(office: Office, tmp_path: Path) -> None:
    rows = [list(row) for row in ROWS]
    rows[0][2], rows[1][3], rows[1][5], rows[3][2] = "31/02/2026", "Kế hoach chung", "đi", 2026
    found = checked(office, register(rows))
    told = [str(item) for item in found.errors]
    assert [line.split(":")[0] for line in told] == ["Sổ 2026!C7", "Sổ 2026!D8", "Sổ 2026!F8", "Sổ 2026!C10"]
    assert "không hiểu ngày “31/02/2026”" in told[0] and "có phải “Kế hoạch”?" in told[1]
    with pytest.raises(Refused) as caught:
        office.sheets.bring_in(found)
    assert caught.value.code == "sheet_errors" and len(caught.value.details["problems"]) == 4
    assert kept(office) == []
    path = tmp_path / "tra-lai.xlsx"
    office.sheets.write_annotated(found, path)
    book = load_workbook(path)
    page = book["Sổ 2026"]
    assert page["C7"].comment is not None and "31/02/2026" in page["C7"].comment.text
    assert page["C7"].fill.fgColor.rgb.endswith("FFC7CE") and page["D7"].comment is None
    assert page["E9"].value == "=1+1" and page["E9"].data_type == "s" and page["E9"].quotePrefix
    assert "A1:C1" in {str(item) for item in page.merged_cells.ranges}, "the sheet looks as it came"
    listed = [book["Lỗi cần sửa"].cell(row, 2).value for row in range(2, 7)]
    assert listed[:4] == ["C7", "D8", "F8", "C10"], "what must be put right stands first"
    assert "Văn bản đến nên ghi “Ngày nhận”: 3 dòng, từ dòng 7." in found.remarks(), "no column for it: told once"
    again = checked(office, path.read_bytes())
    assert [str(item) for item in again.errors] == told, "the copy that came back says the same"


def test_only_the_good_rows_and_back_in_one_step(office: Office) -> None:
    rows = [list(row) for row in ROWS]
    rows[1][2] = "hôm nọ"
    done = office.sheets.bring_in(checked(office, register(rows)), good_rows=True)
    assert len(done.record_ids) == 3 and done.left_out == 1 and done.changes.touches(f"record:{FORM}")
    found = kept(office)
    assert {row.state for row in found} == {"draft"} and {row.id for row in found} == set(done.record_ids)
    first = office.records.history(done.record_ids[0])
    assert [(item.action, item.why) for item in first] == [("insert", "Nhập từ tệp so.xlsx")]
    assert office.records.count(FORM, ListQuery(search="cong tac dan van")) == 1, "found by search at once"
    undone = office.sheets.undo(done.id[:13])
    assert (undone.moved, undone.kept) == (3, 0) and kept(office) == []
    assert office.records.count(FORM, ListQuery(deleted=True)) >= 3
    last = office.records.history(done.record_ids[0])[-1]
    assert (last.revision, last.action, last.why) == (2, "delete", "Hoàn tác lần nhập so.xlsx")
    assert office.context.store.check() == [], "the data and its audit are whole"
    with pytest.raises(Refused) as caught:
        office.sheets.undo(done.id)
    assert caught.value.code == "already_undone"


def test_what_people_changed_since_stays(office: Office) -> None:
    done = office.sheets.bring_in(checked(office, register(ROWS)))
    office.records.delete(done.record_ids[1], "Nhập trùng")
    office.records.restore(done.record_ids[0], 1)
    undone = office.sheets.undo(done.id)
    assert (undone.moved, undone.kept) == (2, 2)
    assert [row.id for row in kept(office)] == [done.record_ids[0]]
    office.records.delete(done.record_ids[0], "dọn")


def test_the_same_file_twice_is_noticed(office: Office) -> None:
    data = register(ROWS)
    done = office.sheets.bring_in(checked(office, data))
    twice = checked(office, data, name="ten-khac.xlsx")
    before = office.sheets.seen_before(twice)
    assert before is not None and before.id == done.id
    with pytest.raises(Refused) as caught:
        office.sheets.bring_in(twice)
    assert caught.value.code == "already_imported" and "4 bản ghi" in caught.value.message
    office.sheets.bring_in(twice, again=True)
    assert len(kept(office)) == 8
    office.sheets.undo(done.id)
    assert office.sheets.seen_before(twice) is not None, "the second one still stands"


def test_cancelling_keeps_nothing(office: Office) -> None:
    found = checked(office, register(ROWS))

    def stop(_done: int, _total: int) -> None:
        raise Cancelled()

    with pytest.raises(Cancelled):
        office.sheets.bring_in(found, tick=stop)
    assert kept(office) == [] and office.sheets.seen_before(found) is None


def test_old_encodings_are_converted_and_shown(office: Office) -> None:
    old = [[1, "30-KH/§U", "5/6/2026", "KÕ ho¹ch", "VÒ c«ng t¸c d©n vËn", "§Õn", "§¶ng ñy x· VÜnh Thñy"],
           [2, "31-KH/§U", "6/6/2026", "KÕ ho¹ch", "cã", "§Õn", "Héi ®ång nh©n d©n"]]  # fmt: skip
    found = checked(office, register(old))
    values = found.rows[0].values
    assert values["document_type"] == "plan" and values["abstract"] == "Về công tác dân vận"
    assert found.rows[1].values["abstract"] == "có", "the column decides"
    assert values["issuer"] == "Đảng ủy xã Vĩnh Thủy" and values["direction"] == "incoming"
    shown = next(line for line in found.remarks() if "TCVN3" in line)
    assert "“KÕ ho¹ch” → “Kế hoạch”" in shown or "→" in shown
    vni = [[1, "30", "5/6/2026", "Keá hoaïch", "Veà coâng taùc daân vaän", "Ñeán", "Ñaûng uûy xaõ"]]
    found = checked(office, register(vni))
    assert found.rows[0].values["abstract"] == "Về công tác dân vận"
    assert found.rows[0].values["document_type"] == "plan" and any("VNI" in line for line in found.remarks())


def test_a_mapping_can_be_corrected(office: Office) -> None:
    opened = office.sheets.open_bytes(register(ROWS), "so.xlsx")
    layout = office.sheets.layout(opened, FORM)
    moved = layout.with_column(4, "@note")
    assert "abstract" not in moved.columns.values()
    found = office.sheets.check(opened, moved, unit=unit_of(office))
    assert found.rows[0].note == "V/v công tác dân vận" and "abstract" not in found.rows[0].values
    above = office.sheets.layout(opened, FORM, sheet="Sổ 2026", head=4)
    assert above.columns == layout.columns
    nothing = office.sheets.layout(opened, FORM, sheet="Sổ 2026", head=-1)
    assert nothing.head == -1 and nothing.first == 0
    for wrong, code in ((replace(layout, columns={}), "nothing_mapped"), (replace(layout, sheet="x"), "sheet_missing")):
        with pytest.raises(Refused) as caught:
            office.sheets.check(opened, wrong, unit=unit_of(office))
        assert caught.value.code == code


def test_every_template_is_known_again(office: Office) -> None:
    for key, form in office.context.catalog.forms.items():
        data = office.sheets.template(key)
        opened = office.sheets.open_bytes(data, f"{key}.xlsx")
        layout = office.sheets.layout(opened, key)
        assert opened.template and opened.form == key and layout.template
        guide = opened.book.sheet("Hướng dẫn")
        assert guide is not None and all(str(row[3] or "").count("\n") < 24 for row in guide.rows), "no row is too high"
        fields = office.sheets.fields(key)
        assert sorted(layout.columns.values()) == sorted(item.key for item in fields if str(item.type) != "rows")
        assert [table.field for table in layout.tables] == [item.key for item in fields if str(item.type) == "rows"]
        with pytest.raises(Refused) as caught:
            office.sheets.check(opened, layout, unit=unit_of(office))
        assert caught.value.code == "sheet_empty", form.title
    assert office.sheets.template(FORM) == office.sheets.template(FORM), "the same bytes each time"


def test_a_template_has_lists_formats_notes_and_a_locked_head(office: Office) -> None:
    book = load_workbook(io.BytesIO(office.sheets.template(FORM)))
    page = book.worksheets[0]
    form = office.context.catalog.forms[FORM]
    titles = [str(cell.value) for cell in page[2]]
    assert titles[:3] == ["TT", "Đến hay ban hành *", "Loại văn bản *"] and "Đơn vị thực hiện" in titles
    assert page.freeze_panes == "B3" and page.protection.sheet
    assert page["B2"].protection.locked and not page["B3"].protection.locked
    assert book["_danvan"].sheet_state == "veryHidden" and book["_danh_muc"].sheet_state == "hidden"
    lists = {str(rule.sqref).split(":")[0]: rule.formula1 for rule in page.data_validations.dataValidation}
    column = {title.removesuffix(" *"): column_name(at) for at, title in enumerate(titles)}
    for title in ("Đến hay ban hành", "Loại văn bản", "Đơn vị thực hiện", "Thôn, tổ dân phố"):
        assert f"{column[title]}3" in lists, title
    where = lists[f"{column['Thôn, tổ dân phố']}3"].split("!")[1].replace("$", "")
    assert [cell[0].value for cell in book["_danh_muc"][where]] == ["Thôn Đông", "Thôn Tây"]
    day = column[form.field(form.event_date).title]
    assert page[f"{day}3"].number_format == "dd/mm/yyyy" and page[f"{column['Trích yếu']}3"].number_format == "@"
    assert "Bắt buộc" in page[f"{day}2"].comment.text and "05/06/2026" in page[f"{day}2"].comment.text
    assert [page.cell(row, 1).value for row in (3, 4)] == [1, 2] and page.max_row >= 300


def test_small_tables_of_a_template_belong_to_their_rows(office: Office) -> None:
    forms = office.context.catalog.forms
    key, item = next((k, f) for k, form in forms.items() for f in form.fields if str(f.type) == "rows" and not f.derive)
    fields = [column for column in item.columns if str(column.type) in ("date", "text", "choice")]
    opened = office.sheets.open_bytes(office.sheets.template(key), "m.xlsx")
    name = office.sheets.layout(opened, key).tables[0].sheet
    day = forms[key].field(forms[key].event_date).title
    cells = {c.title: {"date": date(2026, 3, 1), "text": "x", "choice": c.choices[0].title if c.choices else ""}[
        str(c.type)] for c in fields}  # fmt: skip
    data = filled(office.sheets.template(key), {3: {day: "1/3/2026"}, 5: {day: "2/3/2026"}})
    data = filled(data, {3: {"TT": 3, **cells}, 4: {"TT": 1, **cells}, 5: {"TT": 99, **cells}}, name)
    found = checked(office, data, form=key)
    assert [len(row.values[item.key]) for row in found.rows] == [1, 1]  # type: ignore[arg-type]  # a list of rows
    assert [str(problem).split(":")[0] for problem in found.errors] == [f"{name}!A5"]


def test_a_moved_column_of_a_template_is_found_by_its_heading(office: Office) -> None:
    book = load_workbook(io.BytesIO(office.sheets.template(FORM)))
    page = book.worksheets[0]
    page.protection.sheet = False
    page.insert_cols(2)
    page["B2"] = "Cột riêng của tôi"
    text(page, "B3", "riêng")
    opened = office.sheets.open_bytes(saved(book), "m.xlsx")
    layout = office.sheets.layout(opened, FORM)
    assert layout.columns[2] == "direction" and 1 not in layout.columns


def test_protected_values_go_where_they_belong(office: Office) -> None:
    forms = office.context.catalog.forms
    key, item = next((k, f) for k, form in forms.items() for f in form.fields if f.class_when and str(f.type) == "text")
    assert item.class_when is not None
    form = forms[key]
    kind = form.field(item.class_when.field)
    title = kind.choice_titles[item.class_when.values[0]]
    day = form.field(form.event_date).title
    data = filled(office.sheets.template(key), {3: {day: "1/3/2026", kind.title: title, item.title: "Trần Thị Ví Dụ"}})
    done = office.sheets.bring_in(checked(office, data, form=key))
    row = kept(office, key)[0]
    assert item.key not in row.values and office.records.protected(row.id) == {item.key: "Trần Thị Ví Dụ"}
    assert len(done.record_ids) == 1


def test_a_pasted_block_becomes_drafts(office: Office) -> None:
    block = 'Ngày ban hành\tTrích yếu\tSố, ký hiệu\r\n5/6/2026\tMột\t012\r\n6/6\tHai\t2\r\n7/6/2026\t"Ba\ndòng"\t=3\r\n'
    opened = office.sheets.pasted(block, FORM)
    found = office.sheets.check(opened, office.sheets.layout(opened, FORM), unit=unit_of(office))
    assert [str(item).split(": ")[0] for item in found.errors] == ["Vùng dán!A3"]
    done = office.sheets.bring_in(found, good_rows=True)
    assert [row.values["number_symbol"] for row in kept(office)] == ["012", "=3"]
    assert [row.values["abstract"] for row in kept(office)] == ["Một", "Ba\ndòng"]
    assert office.sheets.undo(done.id).moved == 2
    titleless = office.sheets.pasted("Đến\tKế hoạch\t30-KH/ĐU\t5/6/2026\tĐảng ủy\tNội dung", FORM)
    layout = office.sheets.layout(titleless, FORM)
    values = office.sheets.check(titleless, layout, unit=unit_of(office)).rows[0].values
    assert values["document_type"] == "plan" and values["issued_on"] == "2026-06-05", "in the order of the form"
    with pytest.raises(Refused):
        office.sheets.pasted(" \n\t", FORM)


def test_undo_is_refused_while_a_frozen_report_counts_the_records(office: Office) -> None:
    done = office.sheets.bring_in(checked(office, register(ROWS), final=True))
    made = "00000000-0000-7000-8000-000000000001"
    with office.context.store.unit() as uow:  # a frozen report with one of the records behind a figure
        uow.reports.insert_draft(ReportRow(made, "commune-to-province", "2026-H1", 1, "draft", {}, 1, "", "", "", ""))
        uow.reports.save_figure_records(made, 1, "f", [done.record_ids[1]])
        uow.reports.freeze(made, 1, b"{}", sha256_hex(b"{}"), "motnguoi")
    with pytest.raises(Refused) as caught:
        office.sheets.undo(done.id)
    assert caught.value.code == "import_reported" and "6 tháng đầu năm 2026" in caught.value.message
    assert len(kept(office)) == 4
    entry = office.sheets.import_list(FORM)[0]
    assert entry.row.id == done.id and not entry.undoable and "6 tháng đầu năm 2026" in entry.reports[0]


def test_five_thousand_rows_take_a_sane_time(office: Office) -> None:
    rows = [(n, f"{n}-KH/ĐU", "5/6/2026", "Kế hoạch", f"Nội dung số {n}", "Đến", "Đảng ủy") for n in range(1, 5001)]
    started = time.perf_counter()
    found = checked(office, register(rows, total=False))
    done = office.sheets.bring_in(found)
    office.sheets.undo(done.id)
    assert len(done.record_ids) == 5000 and time.perf_counter() - started < 60
