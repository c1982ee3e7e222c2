"""An empty workbook to type records of one form into, made from the form's definition. Same input, same bytes.

Whatever is written is text where it is text: a title like ``=1+1`` is no formula. Columns of text have the text format,
so that what an officer types there stays as typed: leading zeros, and ``=`` too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..catalog.model import Field, ValueType
from ..kernel import vi
from .xlsx import saved

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles import Border
    from openpyxl.worksheet.worksheet import Worksheet

MARK = "danvan_template"
FORMAT = 1
VERSION_SHEET = "_danvan"
LISTS_SHEET = "_danh_muc"
NUMBER = "TT"
BODY_ROWS = 300
HEAD_ROW = 2
"""The row of the headings, from 1; the title stands above it."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_FONT = "Times New Roman"
_GUIDE_WIDTHS = (24, 30, 60, 50)
_OPTION_LINES = 22
_HIGHEST = 409
"""Points: no spreadsheet has a higher row. The page of guidance tells the first choices, the cell offers them all."""
_WIDTHS = {"short": 14, "normal": 20, "wide": 34}
_LISTED = (ValueType.CHOICE, ValueType.UNIT, ValueType.RECORD, ValueType.YES_NO)
_SEVERAL = (ValueType.MULTI_CHOICE, ValueType.VILLAGE)
_TEXTS = (ValueType.TEXT, ValueType.LONG_TEXT, ValueType.MONTH, *_LISTED, *_SEVERAL)


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A column: its field and, where it has a list, the titles to choose from."""

    field: Field
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateTable:
    """A sheet: the records themselves (``key`` empty), or the rows of one of their small tables."""

    key: str
    title: str
    columns: tuple[TemplateColumn, ...]


@dataclass(frozen=True, slots=True)
class Template:
    form: str
    form_version: int
    catalog_version: str
    title: str
    help: str
    tables: tuple[TemplateTable, ...]


def heading(field: Field) -> str:
    """What stands above the column of a field."""
    unit = f"\n({field.unit_text})" if field.unit_text else "\n(%)" if field.type is ValueType.PERCENT else ""
    return field.title + (" *" if field.required else "") + unit


def sheet_names(tables: Sequence[TemplateTable]) -> list[str]:
    """A sheet name of at most 31 letters for each table, none twice."""
    names: list[str] = []
    for table in tables:
        bare = "".join(" " if char in "[]:*?/\\'" else char for char in table.title)
        bare = " ".join(bare.split())[:31].strip() or "Trang"
        name, number = bare, 1
        while name.lower() in (taken.lower() for taken in names) or name.lower().startswith("_danh"):
            number += 1
            name = f"{bare[: 31 - len(str(number)) - 1].strip()} {number}"
        names.append(name)
    return names


def hint(field: Field) -> str:
    """How a cell of this field is filled in, for the note on its heading."""
    kinds = {
        ValueType.DATE: "Ngày, ví dụ 05/06/2026.",
        ValueType.MONTH: "Tháng, ví dụ 05/2026.",
        ValueType.INTEGER: "Số nguyên.",
        ValueType.MONEY: "Số tiền, đồng.",
        ValueType.DECIMAL: f"Số, tối đa {field.scale} chữ số lẻ." if field.scale else "Số nguyên.",
        ValueType.PERCENT: "Số phần trăm, ví dụ 12,5 (không gõ dấu %).",
        ValueType.YES_NO: "Có hoặc Không; bỏ trống nếu chưa biết.",
        ValueType.CHOICE: "Chọn trong danh sách.",
        ValueType.UNIT: "Chọn trong danh sách đơn vị.",
        ValueType.RECORD: "Chọn trong danh sách bản ghi.",
        ValueType.MULTI_CHOICE: "Một hoặc nhiều lựa chọn, cách nhau bằng dấu chấm phẩy.",
        ValueType.VILLAGE: "Một hoặc nhiều thôn, tổ dân phố, cách nhau bằng dấu chấm phẩy.",
    }
    parts = ["Bắt buộc." if field.required else "", field.help, kinds.get(field.type, "")]
    if field.minimum is not None:
        parts.append(f"Từ {vi.number(field.minimum, field.scale)} trở lên.")
    if field.maximum is not None:
        parts.append(f"Không quá {vi.number(field.maximum, field.scale)}.")
    if field.max_length:
        parts.append(f"Tối đa {vi.number(field.max_length)} ký tự.")
    return " ".join(part for part in parts if part)


def render_template(template: Template) -> bytes:
    """The .xlsx."""
    from openpyxl import Workbook

    book = Workbook()
    first = book.active
    assert first is not None
    book.remove(first)
    names = sheet_names(template.tables)
    lists = _Lists(book)
    for table, name in zip(template.tables, names, strict=True):
        sheet = book.create_sheet(name)
        _title(sheet, template, table, names[0])
        _head(sheet, table, names[0])
        _body(sheet, table, lists, own_numbers=table.key == "")
    _guide(book, template, names)
    lists.write()
    _version(book, template, names)
    book.active = 0
    return saved(book, "", f"Mẫu nhập: {template.title}")


def put_text(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """A text that stays text."""
    cell = sheet.cell(row=row, column=column)
    cell.value = text
    cell.data_type = "s"
    if text.startswith(_FORMULA_STARTS):
        cell.quotePrefix = True


def _title(sheet: Worksheet, template: Template, table: TemplateTable, main: str) -> None:
    from openpyxl.styles import Alignment, Font

    if table.key:
        words = f"{table.title} (của “{template.title}”): cột {NUMBER} ghi số {NUMBER} của dòng ở trang “{main}”"
    else:
        words = f"{template.title}: mỗi dòng một bản ghi; dấu * là bắt buộc; cách ghi xem ở trang “Hướng dẫn”"
    put_text(sheet, 1, 1, words)
    sheet.cell(row=1, column=1).font = Font(name=_FONT, size=12, bold=True)
    sheet.cell(row=1, column=1).alignment = Alignment(vertical="center")
    sheet.row_dimensions[1].height = 24


def _head(sheet: Worksheet, table: TemplateTable, main: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    numbers = "Số thứ tự; dòng chỉ có số này được bỏ qua khi nhập."
    if table.key:
        numbers = f"Bắt buộc. Số {NUMBER} của dòng ở trang “{main}” mà dòng này thuộc về."
    titles = [(NUMBER + (" *" if table.key else ""), numbers, 7)]
    titles += [
        (heading(item.field), hint(item.field), _WIDTHS.get(item.field.width, 20)) for item in table.columns
    ]  # fmt: skip
    for column, (title, note, width) in enumerate(titles, 1):
        put_text(sheet, HEAD_ROW, column, title)
        cell = sheet.cell(row=HEAD_ROW, column=column)
        cell.font = Font(name=_FONT, size=12, bold=True)
        cell.fill = PatternFill("solid", fgColor="D9E5F2")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        cell.border = _border()
        comment = Comment(note, "danvan", height=110, width=280)
        cell.comment = comment
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[HEAD_ROW].height = 50
    sheet.freeze_panes = f"B{HEAD_ROW + 1}"
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    landscape(sheet)
    # the head is locked; everything an officer does to a list of his own stays allowed
    sheet.protection.sheet = True
    for act in ("formatCells", "formatColumns", "formatRows", "insertRows", "deleteRows", "sort", "autoFilter"):
        setattr(sheet.protection, act, False)


def landscape(sheet: Worksheet) -> None:
    """A4 across, all columns on one page."""
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    if sheet.sheet_properties.pageSetUpPr is not None:
        sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column, letters of the font being a little narrower than its digits."""
    return sum(max(1, -(-len(line) // width)) for line in text.split("\n"))


def _border() -> Border:
    from openpyxl.styles import Border, Side

    side = Side(style="thin", color="999999")
    return Border(left=side, right=side, top=side, bottom=side)


def _shape(field: Field) -> str:
    if field.type is ValueType.DATE:
        return "dd/mm/yyyy"
    if field.type in _TEXTS:
        return "@"
    decimals = field.scale if field.type in (ValueType.DECIMAL, ValueType.PERCENT) else 0
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def _body(sheet: Worksheet, table: TemplateTable, lists: _Lists, *, own_numbers: bool) -> None:
    from openpyxl.styles import Alignment, Font, Protection

    font, free, border = Font(name=_FONT, size=12), Protection(locked=False), _border()
    shapes = ["0", *(_shape(item.field) for item in table.columns)]
    wraps = [False, *(item.field.type in _TEXTS for item in table.columns)]
    for column, (shape, wrap) in enumerate(zip(shapes, wraps, strict=True), 1):
        first: Any = sheet.cell(row=HEAD_ROW + 1, column=column)
        first.font, first.protection, first.border, first.number_format = font, free, border, shape
        first.alignment = Alignment(vertical="top", wrap_text=wrap)
        for row in range(HEAD_ROW + 2, HEAD_ROW + 1 + BODY_ROWS):
            cell: Any = sheet.cell(row=row, column=column)
            cell._style = first._style  # one style for all: many times faster
    if own_numbers:
        for row in range(HEAD_ROW + 1, HEAD_ROW + 1 + BODY_ROWS):
            sheet.cell(row=row, column=1).value = row - HEAD_ROW
    for column, item in enumerate(table.columns, 2):
        if item.options:
            lists.offer(sheet, column, item)


class _Lists:
    """The hidden sheet the drop-downs point at."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._columns: list[tuple[str, tuple[str, ...]]] = []

    def offer(self, sheet: Worksheet, column: int, item: TemplateColumn) -> None:
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        titles = [known for _name, known in self._columns]
        if item.options in titles:
            at = titles.index(item.options)
        else:
            at = len(self._columns)
            self._columns.append((item.field.title, item.options))
        letter = get_column_letter(at + 1)
        rule = DataValidation(
            type="list",
            formula1=f"'{LISTS_SHEET}'!${letter}$2:${letter}${len(item.options) + 1}",
            allow_blank=True,
            showErrorMessage=item.field.type in _LISTED,
            errorTitle="Không có trong danh sách",
            error="Hãy chọn một dòng trong danh sách của ô này.",
            errorStyle="stop" if item.field.type is not ValueType.RECORD else "warning",
        )
        target = get_column_letter(column)
        rule.add(f"{target}{HEAD_ROW + 1}:{target}{HEAD_ROW + BODY_ROWS}")
        sheet.add_data_validation(rule)

    def write(self) -> None:
        if not self._columns:
            return
        sheet = self._book.create_sheet(LISTS_SHEET)
        for column, (title, options) in enumerate(self._columns, 1):
            for row, text in enumerate((title, *options), 1):
                put_text(sheet, row, column, text)
        sheet.sheet_state = "hidden"
        sheet.protection.sheet = True


def _offered(options: Sequence[str]) -> str:
    shown: list[str] = []
    lines = 0
    for option in options:
        lines += _lines(option, _GUIDE_WIDTHS[-1])
        if lines > _OPTION_LINES:
            return "\n".join([*shown, f"… và {len(options) - len(shown)} lựa chọn nữa trong danh sách của ô"])
        shown.append(option)
    return "\n".join(shown)


def _guide(book: Workbook, template: Template, names: Sequence[str]) -> None:
    from openpyxl.styles import Alignment, Font

    sheet = book.create_sheet("Hướng dẫn" if "Hướng dẫn" not in names else "Hướng dẫn nhập")
    lines = [("Trang", "Cột", "Cách ghi", "Các lựa chọn")]
    for table, name in zip(template.tables, names, strict=True):
        if table.key:
            lines.append((name, NUMBER, f"Bắt buộc. Số {NUMBER} của dòng ở trang “{names[0]}”.", ""))
        for item in table.columns:
            lines.append((name, item.field.title, hint(item.field), _offered(item.options)))
    for row, cells in enumerate(lines, 1):
        for column, text in enumerate(cells, 1):
            put_text(sheet, row, column, text)
            cell = sheet.cell(row=row, column=column)
            cell.font = Font(name=_FONT, size=12, bold=row == 1)
            cell.alignment = Alignment(vertical="top", wrap_text=True)
        # no program makes rows of a new file as high as their text by itself
        lines_of = zip(cells, _GUIDE_WIDTHS, strict=True)
        sheet.row_dimensions[row].height = min(16.5 * max(_lines(text, width) for text, width in lines_of), _HIGHEST)
    for letter, width in zip("ABCD", _GUIDE_WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"
    sheet.print_title_rows = "1:1"
    landscape(sheet)
    sheet.protection.sheet = True


def _version(book: Workbook, template: Template, names: Sequence[str]) -> None:
    """The very hidden sheet by which an import knows its own template again."""
    sheet = book.create_sheet(VERSION_SHEET)
    head: list[tuple[str | int, ...]] = [
        (MARK, FORMAT),
        ("form", template.form),
        ("form_version", template.form_version),
        ("catalog_version", template.catalog_version),
    ]
    for table, name in zip(template.tables, names, strict=True):
        head.append(("table", table.key, name, HEAD_ROW))
        head += [
            ("column", table.key, item.field.key, column, heading(item.field))
            for column, item in enumerate(table.columns, 2)
        ]
    for row, cells in enumerate(head, 1):
        for column, value in enumerate(cells, 1):
            if isinstance(value, str):
                put_text(sheet, row, column, value)
            else:
                sheet.cell(row=row, column=column).value = value
    sheet.sheet_state = "veryHidden"
    sheet.protection.sheet = True
