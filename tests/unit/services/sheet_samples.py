"""Spreadsheets as communes have them, made for tests."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook, load_workbook

from danvan_desktop.services.office import Office
from danvan_desktop.services.sheets import column_name

FORM = "directive_document"


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(sheet: Any, at: str, value: str) -> None:
    """A text, whatever it begins with."""
    sheet[at] = value
    sheet[at].data_type = "s"


def register(rows: Sequence[Sequence[Any]], *, title: str = "Sổ 2026", total: bool = True) -> bytes:
    """A paper register typed off: titles, two rows of headings with merged cells, column numbers, a total, a signature.

    Columns: TT, number, day, kind, abstract, direction, issuer.
    """
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet["A1"] = "ỦY BAN NHÂN DÂN XÃ MẪU"
    sheet.merge_cells("A1:C1")
    sheet["A2"] = "SỔ THEO DÕI VĂN BẢN NĂM 2026"
    sheet.merge_cells("A2:G2")
    for column, value in zip("ABEFG", ("STT", "Văn bản", "Trích yếu nội dung", "Đến/ban hành", "Cơ quan ban hành"),
                             strict=True):  # fmt: skip
        sheet[f"{column}4"] = value
    sheet.merge_cells("B4:D4")
    for column in "AEFG":
        sheet.merge_cells(f"{column}4:{column}5")
    for column, value in zip("BCD", ("Số, ký hiệu", "Ngày ban hành", "Loại văn bản"), strict=True):
        sheet[f"{column}5"] = value
    for number, column in enumerate("ABCDEFG", 1):
        sheet[f"{column}6"] = f"({number})"
    for number, row in enumerate(rows, 7):
        for column, value in zip("ABCDEFG", row, strict=False):
            if isinstance(value, str):
                text(sheet, f"{column}{number}", value)
            else:
                sheet[f"{column}{number}"] = value
    end = len(rows) + 7
    if total:
        sheet[f"A{end}"], sheet[f"B{end}"] = "Tổng cộng", len(rows)
        sheet[f"F{end + 2}"], sheet[f"F{end + 3}"] = "Xã Mẫu, ngày 5 tháng 6 năm 2026", "NGƯỜI LẬP BIỂU"
    return saved(book)


ROWS = (
    (1, "30-KH/ĐU", "5/6/2026", "kế hoạch", "V/v công tác dân vận", "đến", "Đảng ủy xã "),
    (2, "31-KH/ĐU", "05.06.26", "Ke hoach", "No\u0302\u0323i dung", "Ban hành", "Đảng ủy"),
    (3, "032", 46178, "KH", "=1+1", "Đến", "@Đảng ủy"),
    (4, 33, date(2026, 5, 6), "Công văn", "+84 việc", "Đến", "Đảng ủy"),
)


def filled(template: bytes, rows: Mapping[int, Mapping[str, Any]], sheet: str = "") -> bytes:
    """A template with cells typed in: row number → heading (without marks) → value."""
    book = load_workbook(io.BytesIO(template))
    page = book[sheet] if sheet else book.worksheets[0]
    columns = {str(cell.value).split("\n")[0].removesuffix(" *"): column_name(at) for at, cell in enumerate(page[2])}
    for number, cells in rows.items():
        for heading, value in cells.items():
            at = f"{columns[heading]}{number}"
            if isinstance(value, str):
                text(page, at, value)
            else:
                page[at] = value
    return saved(book)


def unit_of(office: Office) -> str:
    return office.settings.load().agencies[0].id
