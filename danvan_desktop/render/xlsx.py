"""The figures and annexes of a report as a workbook, with the same numbers as the paper. Same report, same bytes.

Texts are written as texts: a name like ``=1+1`` stays a name in every spreadsheet program.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from copy import copy
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ..kernel import vi
from ..kernel.errors import Refused
from ..kernel.text import bad_character
from ..reporting.model import Annex, Chart, Figure, ReportDocument
from .blocks import check_document
from .chart_files import chart_rows
from .head import annex_label
from .steady import STAMP, steady
from .table_head import depth, head_cells, numbers_row

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.styles.cell_style import StyleArray
    from openpyxl.worksheet.worksheet import Worksheet

    _Styles = dict[tuple[object, ...], StyleArray]  # how cells of this workbook look → its style
    _Pen = tuple[Worksheet, _Styles]

_CELL_LIMIT = 32_767  # characters in a cell of a spreadsheet
_FORMULA_STARTS = ("=", "+", "-", "@", "\t")
_FONT = "Times New Roman"

FIGURE_HEADINGS = (
    "TT", "Chỉ tiêu", "Phân tổ", "Đơn vị tính", "Kỳ này", "Cùng kỳ năm trước", "Mục tiêu", "Nguồn số liệu", "Ghi chú",
)  # fmt: skip
STATES = {"nil": "không phát sinh", "no_data": "chưa có số liệu", "undefined": "–"}
SOURCES = {
    "records": "sổ theo dõi",
    "report": "báo cáo của đơn vị",
    "spreadsheet": "bảng tính của đơn vị",
    "declared": "số liệu khai báo",
    "mixed": "nhiều nguồn",
    "missing": "chưa có",
}


def render_xlsx(document: ReportDocument) -> bytes:
    """A workbook: sheet "Số liệu" with every figure, then one sheet an annex.

    Raises Refused ``report_invalid``, ``glyph_missing`` (a control character) or ``cell_too_long``, before anything
    is produced.
    """
    from openpyxl import Workbook

    check_document(document)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    book.remove(sheet)
    styles: _Styles = {}
    _figures(book, document, styles)
    values = {}
    for index, annex in enumerate(document.annexes, 1):
        label = annex_label(index, len(document.annexes))
        values[f"xl/worksheets/sheet{index + 1}.xml"] = _annex(book, annex, label, styles)
    title = " ".join(f"{document.head.type_name} {document.head.abstract}".split())
    return saved(book, document.office_name, title, values)


def render_table(table: Annex, office_name: str) -> bytes:
    """A workbook with one table, headings and all (a list of records). Raises Refused ``cell_too_long``."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    book.remove(sheet)
    values = {"xl/worksheets/sheet1.xml": _annex(book, table, "Danh sách", {})}
    return saved(book, office_name, table.title, values)


def saved(book: Workbook, creator: str, title: str, values: dict[str, dict[str, Decimal]] | None = None) -> bytes:
    """The bytes of ``book``; ``values``: what its formulas give, by sheet file and cell."""
    book.properties.creator = creator
    book.properties.title = title
    book.properties.created = STAMP
    raw = io.BytesIO()
    book.save(raw)
    return steady(_with_values(raw.getvalue(), values) if values else raw.getvalue())


def _put(pen: _Pen, row: int, column: int, value: str | Decimal | int | None, *, bold: bool = False,
         align: str = "left", shape: str = "General", border: bool = True) -> None:  # fmt: skip
    from openpyxl.styles import Alignment, Border, Font, Side

    sheet, styles = pen
    cell: Any = sheet.cell(row=row, column=column)  # the stubs do not tell of its style
    if isinstance(value, str):
        bad = bad_character(value, multiline=True)
        where = f"trang tính “{sheet.title}”, ô {cell.coordinate}"
        if bad:
            raise Refused(
                "glyph_missing",
                f"Ký tự {bad} tại {where} không ghi được vào bảng tính; chưa có tệp nào được tạo, "
                "nội dung giữ nguyên. Hãy xóa ký tự đó rồi làm lại.",
            )
        if len(value) > _CELL_LIMIT:
            raise Refused(
                "cell_too_long",
                f"Nội dung tại {where} dài {len(value)} ký tự, quá giới hạn {_CELL_LIMIT} của bảng tính; "
                "chưa có tệp nào được tạo. Hãy rút gọn nội dung hoặc chỉ xuất PDF.",
            )
        if value:
            cell.value = value
            cell.data_type = "s"
            if value.startswith(_FORMULA_STARTS):
                cell.quotePrefix = True
    else:
        cell.value = value
    look = (bold, align, border, "General" if isinstance(value, str) else shape, cell.quotePrefix)
    if look in styles:
        cell._style = copy(styles[look])  # finding the same style again costs more than the cell
        return
    cell.number_format = look[3]
    cell.font = Font(name=_FONT, size=12, bold=bold)
    cell.alignment = Alignment(
        horizontal={"right": "right", "center": "center"}.get(align, "left"), vertical="top", wrap_text=True
    )
    if border:
        side = Side(style="thin")
        cell.border = Border(left=side, right=side, top=side, bottom=side)
    styles[look] = copy(cell._style)


def number_shape(decimals: int, *, digits: int = 1) -> str:
    """The number format of a spreadsheet; the program itself shows ``1.234,5`` in a Vietnamese locale."""
    whole = "0" * digits if digits > 1 else "#,##0"
    return whole + ("." + "0" * decimals if decimals else "")


def _amount(value: int | None, scale: int) -> Decimal | None:
    return None if value is None else Decimal(value).scaleb(-scale)


def _figures(book: Workbook, document: ReportDocument, styles: _Styles) -> None:
    sheet = book.create_sheet("Số liệu")
    pen = (sheet, styles)
    _title(pen, " ".join(f"{document.head.type_name} {document.head.abstract}".split()), len(FIGURE_HEADINGS))
    for column, title in enumerate(FIGURE_HEADINGS, 1):
        _put(pen, 3, column, title, bold=True, align="center")
    for index, figure in enumerate(document.figures, 1):
        row = index + 3
        shape = number_shape(figure.scale)
        _put(pen, row, 1, index, align="center", shape="0")
        _put(pen, row, 2, figure.title)
        _put(pen, row, 3, figure.split or "")
        _put(pen, row, 4, figure.unit, align="center")
        if figure.state == "value":
            _put(pen, row, 5, _amount(figure.value, figure.scale), align="right", shape=shape)
        else:
            _put(pen, row, 5, STATES.get(figure.state, figure.state), align="right")
        _put(pen, row, 6, _amount(figure.previous, figure.scale), align="right", shape=shape)
        _put(pen, row, 7, _amount(figure.target, figure.scale), align="right", shape=shape)
        _put(pen, row, 8, SOURCES.get(figure.source, figure.source))
        _put(pen, row, 9, _notes(figure))
    _finish(sheet, [6, 56, 18, 14, 16, 18, 14, 22, 40], 3, landscape=True)


def _notes(figure: Figure) -> str:
    parts = ["ước thực hiện"] if figure.estimate else []
    return "; ".join(parts + [text for text in (figure.reason, figure.footnote) if text])


def _annex(book: Workbook, annex: Annex, label: str, styles: _Styles) -> dict[str, Decimal]:
    """A sheet with the table; the values of its formulas by cell."""
    sheet = book.create_sheet(label)
    values: dict[str, Decimal] = {}
    pen = (sheet, styles)
    width = max(len(annex.columns), 1)
    _title(pen, f"{label}. {annex.title}", width)
    head_row = _heads(pen, annex)
    row = head_row
    sums = _Sums(head_row + 1)
    places = {heading.key: column for column, heading in enumerate(annex.columns, 1)}
    for item in annex.rows:
        row += 1
        bold = item.kind != "row"
        sums.begin(item.kind, row)
        if item.kind == "group":
            _put(pen, row, 1, item.cells[0] if item.cells else "", bold=True)
            if width > 1:
                sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
            continue
        for column, heading in enumerate(annex.columns, 1):
            text = item.cells[column - 1] if column <= len(item.cells) else ""
            align = "center" if item.kind == "numbers" else heading.align
            number = _number(text) if align == "right" else None
            if number is None:
                _put(pen, row, column, text, bold=bold, align=align)
            else:
                _put(pen, row, column, number[0], bold=bold, align="right", shape=number[1])
                added = [places[key] for key in heading.sums if key in places]
                formula = sums.across(row, added, number[0], item.cells)
                if item.kind == "total":
                    formula = sums.formula(row, column, number[0]) or formula
                if formula:
                    cell: Any = sheet.cell(row=row, column=column)
                    cell.value = formula
                    values[cell.coordinate] = number[0]
            if item.kind == "row":
                sums.values.setdefault(column, {})[row] = number[0] if number else None
    for chart in annex.charts:
        row = _chart(pen, chart, row + 1)
    if annex.note.strip():
        _put(pen, row + 2, 1, annex.note.strip(), border=False)
        sheet.merge_cells(start_row=row + 2, start_column=1, end_row=row + 2, end_column=width)
    total = sum(max(column.width, 1) for column in annex.columns) or 1
    room = 130 if annex.landscape else 90
    _finish(
        sheet,
        [max(6.0, room * max(column.width, 1) / total) for column in annex.columns] or [60, 20, 20, 20],
        head_row + (1 if numbers_row(annex) else 0),
        landscape=annex.landscape,
        first=3,
    )
    return values


def _chart(pen: _Pen, chart: Chart, row: int) -> int:
    """The numbers of a chart below ``row``; the last row written."""
    unit = f" ({chart.unit})" if chart.unit else ""
    _put(pen, row + 1, 1, chart.title + unit, bold=True, border=False)
    row += 2
    for column, title in enumerate(("", *(line.title for line in chart.series)), 1):
        _put(pen, row, column, title, bold=True, align="center")
    for label, values in chart_rows(chart):
        row += 1
        _put(pen, row, 1, label)
        for column, value in enumerate(values, 2):
            _put(pen, row, column, value, align="right", shape=number_shape(chart.scale))
    return row


class _Sums:
    """Totals that are the sum of the rows above become formulas."""

    def __init__(self, first: int) -> None:
        self.values: dict[int, dict[int, Decimal | None]] = {}  # column → row → what it shows
        self._first = self._part = first  # where the rows of the running part begin
        self._totals: list[int] = []

    def begin(self, kind: str, row: int) -> None:
        """A group begins a part of its own."""
        if kind == "group":
            self._part = row + 1
        elif kind == "numbers":
            self._first = self._part = row + 1
        elif kind == "total":
            self._totals.append(row)

    def formula(self, row: int, column: int, value: Decimal) -> str:
        """The formula that gives ``value``; "" where none does."""
        from openpyxl.utils import get_column_letter

        letter = get_column_letter(column)
        for first in dict.fromkeys((self._part, self._first)):
            if any(first <= at < row for at in self._totals):
                continue
            shown = [item for at, item in self.values.get(column, {}).items() if at >= first]
            known = [item for item in shown if item is not None]
            if len(known) > 1 and len(known) == len(shown) and sum(known) == value:
                return f"=SUM({letter}{first}:{letter}{row - 1})"
        return ""

    @staticmethod
    def across(row: int, columns: Sequence[int], value: Decimal, cells: Sequence[str]) -> str:
        """The formula that adds ``columns`` of one row to ``value``; "" where they do not give it."""
        from openpyxl.utils import get_column_letter

        parts = [_number(cells[column - 1]) for column in columns]
        if not parts or sum((part[0] for part in parts if part is not None), Decimal(0)) != value or None in parts:
            return ""
        return "=" + "+".join(f"{get_column_letter(column)}{row}" for column in columns)


def _heads(pen: _Pen, annex: Annex) -> int:
    """The head from row 3 on, titles over several columns merged; the last of its rows."""
    sheet = pen[0]
    rows = depth(annex.columns)
    for cell in head_cells(annex.columns):
        top, left = 3 + cell.top, cell.first + 1
        for row in range(top, top + cell.height):
            for column in range(left, left + cell.width):
                _put(pen, row, column, cell.title if (row, column) == (top, left) else "", bold=True, align="center")
        if cell.width * cell.height > 1:
            sheet.merge_cells(
                start_row=top, start_column=left, end_row=top + cell.height - 1, end_column=left + cell.width - 1
            )
    return 2 + rows


def _with_values(raw: bytes, values: dict[str, dict[str, Decimal]]) -> bytes:
    """The workbook with the value beside each formula: a protected view does not reckon, and would show nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            text = source.read(name)
            for place, value in values.get(name, {}).items():
                cell = re.compile(rf'(<c r="{place}"[^>]*><f>[^<]*</f>)<v\s*(?:/>|></v>)'.encode())
                text = cell.sub(rb"\g<1><v>" + str(value).encode() + rb"</v>", text)
            target.writestr(name, text)
    return out.getvalue()


def _number(text: str) -> tuple[Decimal, str] | None:
    """The number a cell shows and its format; None for text. ``04`` keeps its zero."""
    bare = text.strip()
    decimals = len(bare.partition(",")[2])
    try:
        value = vi.parse_number(bare, decimals)
    except ValueError:
        return None
    digits = len(bare) if re.fullmatch(r"0\d+", bare) else 1
    return Decimal(value).scaleb(-decimals), number_shape(decimals, digits=digits)


def _title(pen: _Pen, text: str, width: int) -> None:
    sheet = pen[0]
    _put(pen, 1, 1, text, bold=True, align="center", border=False)
    if width > 1:
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    sheet.row_dimensions[1].height = 34


def _finish(sheet: Worksheet, widths: Sequence[float], head_row: int, *, landscape: bool, first: int = 0) -> None:
    """``head_row``: the last row of the head; ``first``: where the head begins."""
    from openpyxl.utils import get_column_letter

    for index, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = f"A{head_row + 1}"
    sheet.print_title_rows = f"{first or head_row}:{head_row}"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    properties = sheet.sheet_properties.pageSetUpPr
    if properties is not None:
        properties.fitToPage = True
