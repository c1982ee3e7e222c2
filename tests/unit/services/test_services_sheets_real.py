"""Sheets as communes really have them: registers, old fonts, typed dates, money, merged cells, all wrong at once."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from services_office import make, profile
from sheet_samples import saved, unit_of

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services.office import Office
from danvan_desktop.services.setup import Place
from danvan_desktop.services.sheets import CheckedSheet

HEAD = ("Số, ký hiệu", "Ngày ban hành", "Loại văn bản", "Trích yếu", "Đến hay ban hành", "Cơ quan ban hành")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    chosen = profile(agencies=(Place("Phòng Văn hóa - Xã hội"), Place("Trạm Mẫu")), villages=(Place("Thôn Đông"),))
    clock = FixedClock(datetime(2026, 5, 28, 1, tzinfo=UTC))
    opened = make(tmp_path_factory.mktemp("real") / "home", clock, chosen)
    yield opened
    opened.close()


def book_of(rows: Sequence[Sequence[Any]], title: str = "Sổ") -> Workbook:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value is not None:
                cell = sheet.cell(number, column)
                cell.value = value
                if isinstance(value, str):
                    cell.data_type = "s"
    return book


def read(office: Office, book: Workbook, form: str = "") -> CheckedSheet:
    opened = office.sheets.open_bytes(saved(book), "so.xlsx")
    layout = office.sheets.layout(opened, form or opened.form or "")
    return office.sheets.check(opened, layout, unit=unit_of(office))


def test_a_reception_register(office: Office) -> None:
    rows: list[list[Any]] = [
        ["UBND XÃ MẪU"], ["SỔ TIẾP CÔNG DÂN"], ["(Từ 01/01/2026 đến 30/6/2026)"], [],
        ["TT", "Ngày tiếp", "Họ tên, địa chỉ công dân", "Số CCCD", "Nội dung vụ việc", "Loại vụ việc",
         "Kết quả giải quyết", None, "Ghi chú"],
        [None, None, None, None, None, None, "Hướng dẫn", "Chuyển đơn", None],
        [1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, "ngày 05 tháng 6 năm 2026", "Nguyễn Văn Mẫu", 44203001234, "Xin cấp lại giấy", "Kiến nghị"],
        [2, "6/6/2026 8h30", "Trần Thị Thử", "044303005678", "Tranh chấp ranh giới", "KN", None, None, "đã hẹn"],
        ["Tháng 7"],
        [3, date(2026, 7, 1), "Lê Ví Dụ", None, "Hỏi chế độ", "phản ánh", None, None, None],
        ["Cộng: 3 lượt"], [], [None, None, None, None, "Mẫu, ngày 30/7/2026"],
    ]  # fmt: skip
    book = book_of(rows)
    for merged in ("A1:C1", "A2:I2", "G5:H5"):
        book.worksheets[0].merge_cells(merged)
    found = read(office, book)
    assert found.layout.form == "citizen_reception" and found.layout.first == 7
    assert 3 not in found.layout.columns, "the number of a card is no number of people"
    assert [row.values["received_on"] for row in found.rows] == ["2026-06-05", "2026-06-06", "2026-07-01"]
    assert [row.values.get("petition_kind") for row in found.rows] == ["feedback", "complaint", None]
    assert found.rows[1].note == "đã hẹn"
    [error] = found.errors
    assert error.where == "Sổ!F11" and "có phải “Kiến nghị, phản ánh”?" in error.message
    said = found.remarks({"kind": "Loại tiếp"})
    assert said[0].startswith("Tệp không có cột cho mục bắt buộc “Loại tiếp”"), "once, not for every row"
    assert any("“Kiến nghị” hiểu là “Kiến nghị, phản ánh”: 1 ô, từ Sổ!F8" in line for line in said)
    assert all("Chưa nhập" not in item.message for item in found.problems)


OLD = {
    "tcvn3": (("Sè, ký hiÖu", "Ngµy ban hµnh", "Lo¹i v¨n b¶n", "TrÝch yÕu", "§Õn hay ban hµnh", "C¬ quan ban hµnh"),
              ("12/KH-UBND", "05/06/2026", "KÕ ho¹ch", "TriÓn khai c«ng t¸c d©n vËn", "§Õn", "§¶ng ñy x·")),
    "vni": (("Soá, kyù hieäu", "Ngaøy ban haønh", "Loaïi vaên baûn", "Trích yeáu", "Ñeán hay ban haønh",
             "Cô quan ban haønh"),
            ("12/KH-UBND", "05/06/2026", "Keá hoaïch", "Trieån khai coâng taùc daân vaän", "Ñeán", "Ñaûng uûy xaõ")),
    "nfd": tuple(tuple(unicodedata.normalize("NFD", word) for word in row) for row in (
        HEAD, ("12/KH-UBND", "05/06/2026", "Kế hoạch", "Triển khai công tác dân vận", "Đến", "Đảng ủy xã"))),
}  # fmt: skip


@pytest.mark.parametrize("spelling", sorted(OLD))
def test_headings_and_texts_of_another_spelling(office: Office, spelling: str) -> None:
    found = read(office, book_of(OLD[spelling]))
    [row] = found.rows
    assert row.values["abstract"] == "Triển khai công tác dân vận" and row.values["issuer"] == "Đảng ủy xã"
    assert (row.values["document_type"], row.values["direction"]) == ("plan", "incoming") and not found.errors


def test_money_and_shortened_units(office: Office) -> None:
    found = read(office, book_of([
        ["Ngày", "Tên quỹ, cuộc vận động", "Số tiền vận động được (đồng)", "Đơn vị"],
        ["5/6/2026", "Quỹ đền ơn đáp nghĩa", "1.250.000 đ", "Phòng VH-XH"],
        ["6/6/2026", "Quỹ vì người nghèo", "2,500,000", "VHXH"],
        ["7/6/2026", "Quỹ vì người nghèo", 3500000.0, "Trạm Mẫu"],
        ["8/6/2026", "Quỹ vì người nghèo", "1.5 triệu", "Trạm Mẫu"],
        ["9/6", "Quỹ vì người nghèo", "5", "Trạm Mẫu"],
    ]))  # fmt: skip
    assert found.layout.form == "fund_mobilisation"
    assert [row.values.get("amount") for row in found.rows] == [1_250_000, 2_500_000, 3_500_000, None, 5]
    unit = office.places.find("agency", "Phòng Văn hóa - Xã hội").id
    assert [row.unit for row in found.rows[:2]] == [unit, unit]
    assert sum("hiểu là “Phòng Văn hóa - Xã hội”" in line for line in found.remarks()) == 2
    assert [item.where for item in found.errors] == ["Sổ!C5", "Sổ!A6"]
    assert "ngày “9/6” thiếu năm" in found.errors[1].message


def test_merged_down_behind_a_cover_with_another_calendar(office: Office) -> None:
    book = book_of([["BÁO CÁO"], ["Năm 2026"]], "Bìa")
    book.epoch = CALENDAR_MAC_1904
    sheet = book.create_sheet("Số liệu")
    sheet.append(HEAD)
    sheet.append(("1", date(2026, 6, 5), "Kế hoạch", "a", "Đến", "Đảng ủy"))
    sheet.append(("2", None, None, "b", None, None))
    for column in "BCEF":
        sheet.merge_cells(f"{column}2:{column}3")
    sheet.row_dimensions[3].hidden = True
    found = read(office, book)
    assert found.layout.sheet == "Số liệu" and not found.errors
    assert [(row.values["issued_on"], row.values["abstract"]) for row in found.rows] == [
        ("2026-06-05", "a"), ("2026-06-05", "b"),
    ]  # fmt: skip


def test_everything_wrong_is_told_at_once_and_the_copy_shows_it(office: Office) -> None:
    book = book_of([
        HEAD,
        ["x" * 300, "32/13/2026", "Giấy mời ăn", "", None, "a\u202eb"],
        ["1", "5/6/1026", "kế hoặch", "ok", "gửi", "Đảng ủy"],
        ["=1+1", "hôm qua", "KH", None, "Đến", "Đảng ủy"],
    ], "Sai ' hết")  # fmt: skip
    sheet = book.worksheets[0]
    sheet["D4"] = '=CONCATENATE("a","b")'
    found = read(office, book)
    wrong = {item.where.split("!")[1] for item in found.errors}
    assert wrong == {"A2", "B2", "C2", "F2", "B3", "E3", "B4", "D4"}
    assert found.rows[2].values["number_symbol"] == "=1+1", "a formula that was typed as text stays text"
    assert any("“hôm qua”" in item.message for item in found.errors), "as it stands in the cell"
    copy = load_workbook(io.BytesIO(office.sheets.annotated(found)))["Sai ' hết"]
    assert {cell.coordinate for row in copy for cell in row if cell.comment} >= wrong
    assert copy["A4"].value == "=1+1" and copy["A4"].data_type == "s"
    with pytest.raises(Refused):
        office.sheets.bring_in(found, good_rows=True)


def test_a_bomb_and_a_web_page_are_refused_before_they_are_opened(office: Office, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("[Content_Types].xml", "<Types/>")
        bomb.writestr("xl/workbook.xml", "<workbook/>")
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (70 * 2**20))
    for data, code in ((packed.getvalue(), "sheet_too_large"), (b"<html><table>", "sheet_damaged")):
        path = tmp_path / "so.xlsx"
        path.write_bytes(data)
        with pytest.raises(Refused) as caught:
            office.sheets.open(path)
        assert caught.value.code == code and "dữ liệu giữ nguyên" in caught.value.message
