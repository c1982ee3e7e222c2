"""The workbook holds the same numbers as the report, and texts stay texts."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from sample_document import models_annex, sample

from danvan_desktop.kernel.errors import Refused
from danvan_desktop.render.xlsx import render_xlsx
from danvan_desktop.reporting.model import Annex, TableColumn, TableRow


def test_figures_and_annexes_read_back_equal() -> None:
    document = sample()
    book = load_workbook(io.BytesIO(render_xlsx(document)))
    assert book.sheetnames == ["Số liệu", "Phụ lục I", "Phụ lục II"]
    rows = list(book["Số liệu"].iter_rows(min_row=4, values_only=True))
    assert [row[1] for row in rows] == [figure.title for figure in document.figures]
    assert [row[4] for row in rows] == [18, 99.44, "không phát sinh"]
    assert rows[0][5] == 16
    sheet = book["Phụ lục II"]
    assert [cell.value for cell in sheet[3]] == [column.title for column in document.annexes[1].columns]
    assert sheet["A4"].value == "I. Các mô hình đăng ký mới trong kỳ"
    assert sheet["E5"].value == 1001 and sheet["E5"].number_format == "#,##0"
    assert sheet["E45"].value == 12345 and sheet["B45"].value == "Cộng"
    assert sheet.freeze_panes == "A4" and sheet.print_title_rows == "$3:$3"


@pytest.mark.parametrize("text", ["=1+1", "+84", "-x", "@cmd", '=HYPERLINK("x")', "<b>", "&amp;"])
def test_names_never_become_formulas(text: str) -> None:
    annex = Annex(
        "a", text, (TableColumn("n", text, 1), TableColumn("v", "Số", 1, "right")), (TableRow("r", (text, text)),)
    )
    sheet = load_workbook(io.BytesIO(render_xlsx(sample(annexes=(annex,)))))["Phụ lục"]
    for cell in (sheet["A3"], sheet["A4"]):
        assert cell.value == text and cell.data_type == "s"
        assert bool(cell.quotePrefix) == text.startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("text", "value", "shape"),
    [
        ("1.234,5", 1234.5, "#,##0.0"),
        ("04", 4, "00"),
        ("0", 0, "#,##0"),
        ("99,44 %", "99,44 %", "General"),
        ("–", "–", "General"),
    ],
)
def test_numbers_keep_their_shape(text: str, value: object, shape: str) -> None:
    annex = Annex("a", "Bảng", (TableColumn("v", "Số", 1, "right"),), (TableRow("r", (text,)),))
    cell = load_workbook(io.BytesIO(render_xlsx(sample(annexes=(annex,)))))["Phụ lục"]["A4"]
    assert cell.value == value and cell.number_format == shape


def test_what_a_cell_cannot_hold_is_refused() -> None:
    annex = models_annex(1)
    for text, code in (("x\x01y", "glyph_missing"), ("y" * 40_000, "cell_too_long")):
        rows = (replace(annex.rows[1], cells=("1", text, "", "", "", "")),)
        with pytest.raises(Refused) as caught:
            render_xlsx(sample(annexes=(replace(annex, rows=rows),)))
        assert caught.value.code == code
        assert "B4" in caught.value.message


def _sums(*rows: tuple[str, str]) -> tuple[list[object], list[object]]:
    """What the second column holds, and what it shows, of a table of (kind, number)."""
    columns = (TableColumn("n", "Tên", 3), TableColumn("v", "Số", 1, "right"))
    lines = tuple(
        TableRow(f"r{index}", ("Nhóm",) if kind == "group" else ("x", text), kind)
        for index, (kind, text) in enumerate(rows)
    )
    data = io.BytesIO(render_xlsx(sample(annexes=(Annex("a", "Bảng", columns, lines),))))
    held: list[object] = [row[1].value for row in load_workbook(data)["Phụ lục"].iter_rows(min_row=4)]
    shown: list[object] = [row[1].value for row in load_workbook(data, data_only=True)["Phụ lục"].iter_rows(min_row=4)]
    return held[: len(rows)], shown[: len(rows)]


def test_totals_that_are_sums_are_formulas_with_their_value() -> None:
    held, shown = _sums(("row", "1.200,5"), ("row", "3"), ("total", "1.203,5"))
    assert held == [1200.5, 3, "=SUM(B4:B5)"]
    assert shown == [1200.5, 3, 1203.5]
    # parts with totals of their own; a total over totals stays a number, for its range would count twice
    first = (("group", ""), ("row", "1"), ("row", "2"), ("total", "3"))
    held, shown = _sums(*first, ("group", ""), ("row", "4"), ("row", "5"), ("total", "9"), ("total", "12"))
    assert held == [None, 1, 2, "=SUM(B5:B6)", None, 4, 5, "=SUM(B9:B10)", 12]
    assert shown[-1] == 12
    assert _sums(("row", "1"), ("row", "2"), ("total", "4"))[0][-1] == 4  # not a sum: said as the paper says it
    assert _sums(("row", "1"), ("row", "–"), ("total", "1"))[0][-1] == 1
