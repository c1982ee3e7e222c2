"""The Word copy has the words, tables and measures of the paper, and the same bytes whenever it is made."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt
from openpyxl import load_workbook
from pdf_reading import tool
from sample_document import body, models_annex, sample

from danvan_desktop.kernel.errors import Refused
from danvan_desktop.render.docx_paper import render_docx
from danvan_desktop.render.pdf import render_pdf
from danvan_desktop.render.xlsx import render_xlsx
from danvan_desktop.reporting.model import Issue, ReportDocument, Run

ISSUE = Issue(5, "2026-06-04")


def _read(document: ReportDocument, issue: Issue = ISSUE) -> Any:
    return Document(io.BytesIO(render_docx(document, issue)))


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_word_of_the_body_in_its_place() -> None:
    document = sample()
    word = _read(document)
    texts = [paragraph.text for paragraph in word.paragraphs]
    whole = "\n".join(texts)
    for paragraph in (*document.opening, *(item for section in document.sections for item in section.paragraphs)):
        assert paragraph.text in whole
    assert "BÁO CÁO" in texts
    assert "Kính gửi: Ủy ban nhân dân tỉnh Quảng Trị (qua Sở Nội vụ)" in texts
    assert whole.count("./.") == 1
    heading = next(item for item in word.paragraphs if item.text == "II. KẾT QUẢ THỰC HIỆN")
    assert heading.runs[0].bold and heading.paragraph_format.keep_with_next
    plain = next(item for item in word.paragraphs if item.text == document.opening[0].text)
    assert plain.alignment == ALIGN.JUSTIFY
    assert plain.paragraph_format.first_line_indent == Mm(12.7)
    assert plain.paragraph_format.space_after == Pt(6)
    assert plain.runs[0].font.size == Pt(14)
    head, end = word.tables[0], word.tables[1]
    assert [item.text for item in head.cell(0, 1).paragraphs][:2] == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    assert head.cell(1, 0).text == "Số: 05/BC-UBND"
    assert head.cell(1, 1).text == "Vĩnh Thủy, ngày 04 tháng 6 năm 2026"
    assert end.cell(0, 0).text.startswith("Nơi nhận:\n- Như trên;")
    assert end.cell(0, 1).text.endswith(document.signature.name)


def test_pages_have_the_measures_of_the_decree() -> None:
    word = _read(sample())
    assert len(word.sections) == 3  # the paper and each annex, numbered anew
    for section in word.sections:
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        assert [round(item.mm, 1) for item in margins] == [20, 20, 30, 15]
        assert section.different_first_page_header_footer
        assert section.first_page_header.paragraphs[0].text == ""
        number = section._sectPr.find("{*}pgNumType")
        assert number is not None and list(number.attrib.values()) == ["1"]
        assert "PAGE" in section.header._element.xml
    assert [section.orientation for section in word.sections][1] == WD_ORIENT.LANDSCAPE
    assert word.styles["Normal"].font.name == "Times New Roman"


def test_tables_and_numbers_are_equal_in_pdf_word_and_excel() -> None:
    document = sample()
    word = _read(document)
    pdf = _plain(tool(render_pdf(document, ISSUE), "pdftotext", "-layout"))
    book = load_workbook(io.BytesIO(render_xlsx(document)), data_only=True)
    for index, (annex, table) in enumerate(zip(document.annexes, word.tables[2:], strict=True)):
        shown = [[cell.text for cell in row.cells] for row in table.rows]
        assert shown[0] == [column.title for column in annex.columns]
        sheet = book.worksheets[index + 1]
        for row, cells in enumerate(annex.rows, 1):
            if cells.kind == "group":
                assert set(shown[row]) == {cells.cells[0]}
                continue
            assert shown[row] == list(cells.cells)
            for column, text in enumerate(cells.cells, 1):
                assert all(part in pdf for part in text.split())
                value = sheet.cell(row=row + 3, column=column).value
                number = f"{value:,}".replace(",", ".") if isinstance(value, int) else (value or "")
                assert number in (text, text.lstrip("0"))
        properties = table.rows[0]._tr.trPr.xml
        assert "tblHeader" in properties and "cantSplit" in properties


@pytest.mark.parametrize("text", ["<b>x</b>", '<img src="file:///x">', "=1+1", "&amp;", "a\u200fb", "x" * 10_000])
def test_typed_markup_stays_text_or_is_refused_by_name(text: str) -> None:
    annex = models_annex(1)
    rows = (replace(annex.rows[1], cells=("1", text, "", "", "", "")),)
    document = sample(
        opening=(replace(body("opening", ""), runs=(Run(text, bold=True),)),), annexes=(replace(annex, rows=rows),)
    )
    try:
        word = _read(document)
    except Refused as refused:
        assert refused.code == "glyph_missing"
        assert "U+200F" in refused.message
        return
    assert text in [paragraph.text for paragraph in word.paragraphs]
    assert word.tables[2].cell(1, 1).text == text


def test_lines_and_tabs_in_cells_and_blanks_for_the_hand() -> None:
    annex = models_annex(1)
    rows = (replace(annex.rows[1], cells=("1", "một\nhai", "", "", "", "")),)
    word = _read(sample(annexes=(replace(annex, rows=rows),)), Issue())
    assert word.tables[2].cell(1, 1).text == "một\nhai"
    assert re.fullmatch(r"Số: +/BC-UBND", word.tables[0].cell(1, 0).text)
    assert "BẢN DEMO" not in word.sections[0].footer.paragraphs[0].text
    assert "BẢN DEMO" in _read(sample(), Issue(demo=True)).sections[0].footer.paragraphs[0].text


def test_same_values_give_the_same_bytes_in_another_process() -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]); from sample_document import sample;"
        "from danvan_desktop.render.docx_paper import render_docx; from danvan_desktop.reporting.model import Issue;"
        "print(hashlib.sha256(render_docx(sample(), Issue(5, '2026-06-04'))).hexdigest())"
    )
    run = [sys.executable, "-c", code, str(Path(__file__).parent)]
    there = subprocess.run(run, capture_output=True, text=True, timeout=120, check=True).stdout.strip()
    import hashlib

    assert there == hashlib.sha256(render_docx(sample(), ISSUE)).hexdigest()
