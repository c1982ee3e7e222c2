"""A copy of a spreadsheet with remarks: the cells in question coloured, each with a note, and a list of all remarks.

The copy holds values only: formulas of the sender give way to their stored results, and texts stay texts.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from ..kernel.cells import address
from ..kernel.text import bad_character
from .sheet_read import CellValue, SheetGrid, Workbook
from .sheet_template import LISTS_SHEET, landscape, put_text
from .xlsx import saved

if TYPE_CHECKING:
    from openpyxl import Workbook as Book
    from openpyxl.worksheet.worksheet import Worksheet

Mark = tuple[str, int, int, str, bool]
"""(sheet, row, column, remark, is an error); rows and columns from 0."""
_LIST = "Lỗi cần sửa"
_NOTE_LIMIT = 1_500
_RED, _YELLOW = "FFC7CE", "FFEB9C"


def annotate(workbook: Workbook, marks: Iterable[Mark]) -> bytes:
    """The copy as .xlsx. Never fails on what a sender's file may hold: what cannot be kept of its looks is left out."""
    found = list(marks)
    book = _opened(workbook) or _anew(workbook)
    names = {sheet.title for sheet in book.worksheets}
    by_cell: dict[tuple[str, int, int], list[tuple[str, bool]]] = {}
    for sheet, row, column, remark, wrong in found:
        by_cell.setdefault((sheet, row, column), []).append((remark, wrong))
    for (name, row, column), remarks in by_cell.items():
        if name in names:
            _mark(book[name], row, column, remarks)
    _listed(book, found)
    return saved(book, "", "Bản có ghi chú lỗi")


def _opened(workbook: Workbook) -> Book | None:
    if not workbook.parts.members:
        return None
    import warnings

    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about parts of a file that are left out: expected
            book = load_workbook(io.BytesIO(workbook.parts.packed()), data_only=True, keep_links=False)
    except Exception:  # whatever it stumbles over, the values are at hand
        return None
    grids = {sheet.name: sheet for sheet in workbook.sheets}
    if any(sheet.title not in grids for sheet in book.worksheets):
        return None
    for sheet in book.worksheets:
        sheet.protection.sheet = False  # the notes must be reachable; the head is locked again in the next template
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    cell.value = None
                if isinstance(cell.value, str):
                    shown = grids[sheet.title].at(cell.row - 1, cell.column - 1)
                    put_text(sheet, cell.row, cell.column, shown if isinstance(shown, str) else _clean(cell.value))
    return book


def _anew(workbook: Workbook) -> Book:
    from openpyxl import Workbook as NewBook

    book = NewBook()
    first = book.active
    assert first is not None
    book.remove(first)
    for grid in workbook.sheets:
        if not grid.hidden:
            _filled(book.create_sheet(grid.name[:31]), grid)
    return book


def _filled(sheet: Worksheet, grid: SheetGrid) -> None:
    for number, row in enumerate(grid.rows, 1):
        for column, value in enumerate(row, 1):
            if isinstance(value, str):
                put_text(sheet, number, column, _clean(value))
            elif value is not None:
                cell = sheet.cell(row=number, column=column)
                cell.value = _plain(value)
                if hasattr(value, "day"):
                    cell.number_format = "dd/mm/yyyy"


def _plain(value: CellValue) -> str | int | float | bool | date | None:
    return str(value) if isinstance(value, time | timedelta) else value


def _clean(text: str) -> str:
    return "".join(char for char in text if not bad_character(char, multiline=True))[:32_000]


def _mark(sheet: Worksheet, row: int, column: int, remarks: list[tuple[str, bool]]) -> None:
    from openpyxl.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    cell = sheet.cell(row=row + 1, column=column + 1)
    if isinstance(cell, MergedCell):
        merged = next((item for item in sheet.merged_cells.ranges if cell.coordinate in item), None)
        if merged is None:
            return
        cell = sheet.cell(row=merged.min_row, column=merged.min_col)
        if isinstance(cell, MergedCell):  # ranges that overlap: the remark stands in the list alone
            return
    colour = _RED if any(wrong for _remark, wrong in remarks) else _YELLOW
    cell.fill = PatternFill("solid", fgColor=colour)
    text = "\n".join(_clean(remark) for remark, _wrong in remarks)[:_NOTE_LIMIT]
    cell.comment = Comment(text, "danvan", height=120, width=300)


def _listed(book: Book, marks: list[Mark]) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    title, number = _LIST, 1
    while title in book.sheetnames or title == LISTS_SHEET:
        number += 1
        title = f"{_LIST} {number}"
    sheet = book.create_sheet(title)
    for column, (text, width) in enumerate((("Trang", 30), ("Ô", 10), ("Mức", 12), ("Nội dung", 100)), 1):
        put_text(sheet, 1, column, text)
        sheet.cell(row=1, column=column).font = Font(name="Times New Roman", size=12, bold=True)
        sheet.column_dimensions["ABCD"[column - 1]].width = width
    for row, (name, at_row, at_column, remark, wrong) in enumerate(marks, 2):
        cells = (name, address(at_row, at_column), "Lỗi" if wrong else "Lưu ý", _clean(remark))
        for column, text in enumerate(cells, 1):
            put_text(sheet, row, column, text)
            cell = sheet.cell(row=row, column=column)
            cell.font = Font(name="Times New Roman", size=12)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.cell(row=row, column=3).fill = PatternFill("solid", fgColor=_RED if wrong else _YELLOW)
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    landscape(sheet)
