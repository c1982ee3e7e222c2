"""Random reports, hostile texts among them: nothing overfull or lost, no signature alone, one number in all files."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from pdf_reading import TextLine, bare, lines
from sample_document import body, sample

from danvan_desktop.kernel.errors import Refused
from danvan_desktop.render.docx_paper import render_docx
from danvan_desktop.render.fonts import missing_glyphs
from danvan_desktop.render.pdf import Rendered, render_document
from danvan_desktop.render.xlsx import render_xlsx
from danvan_desktop.reporting.model import (
    Annex,
    Issue,
    Paragraph,
    ReportDocument,
    ReportSection,
    Run,
    TableColumn,
    TableRow,
)

ISSUE = Issue(5, "2026-06-04")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
HOSTILE = (
    "<b>Nguyễn</b>", '<img src="file:///etc/passwd">', "=1+1", "+84 905", "-x", "@SUM(A1)", "A & B &amp; C",
    "{{7*7}} %s",
    "x" * 10_000, "Thôn Thủy Ba Tây thuộc vùng đồng bào Vân Kiều phía tây bắc xã", "\\(không đóng", "nghiêng" * 30,
)  # fmt: skip
UNPRINTABLE = ("😀", "a\u0301", "\u200f", "\u202e", "漢", "\x07", "\u00ad")
PLAIN = st.text(st.sampled_from("aăâêôơưđ ếỗữỵẰ ĐẮK LỘC nghiêng.,;:-/%“”()<>&=0123456789 "), max_size=160)
TEXT = st.one_of(PLAIN, PLAIN, PLAIN, st.sampled_from(HOSTILE)).map(
    lambda text: unicodedata.normalize("NFC", text).strip()
)


def grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@st.composite
def reports(draw: st.DrawFn, models: int = 40, documents: int = 500) -> ReportDocument:
    """A report with up to ``models`` models and ``documents`` documents, sections empty, short and long."""
    words = draw(st.lists(TEXT, min_size=1, max_size=12))
    numbers = draw(st.lists(st.integers(0, 9_999_999), min_size=1, max_size=12))
    paragraphs = draw(st.lists(st.integers(0, 9), max_size=8))
    sections = [ReportSection("s", 1, "I.", "Kết quả")]
    for index, count in enumerate(paragraphs):
        texts = [words[(index + turn) % len(words)] for turn in range(count)]
        runs = [
            (Run(text, bold=turn % 3 == 1), Run(f" {grouped(numbers[turn % len(numbers)])} việc", italic=turn % 4 == 2))
            for turn, text in enumerate(texts)
        ]
        sections.append(
            ReportSection(f"s{index}", 2, f"{index + 1}.", f"Mục {words[index % len(words)][:60]}",
                          tuple(Paragraph(f"s{index}.p{at}", parts) for at, parts in enumerate(runs)))
        )  # fmt: skip
    annexes = (
        _annex("models", draw(st.integers(0, models)), words, numbers, landscape=True),
        _annex("documents", draw(st.integers(0, documents)), words, numbers, landscape=False),
    )
    closing = body("end", "Trên đây là báo cáo " + "kính đề nghị xem xét " * draw(st.integers(0, 60)) + "tổng hợp")
    recipients = tuple(f"Đơn vị {index}" for index in range(draw(st.integers(1, 25))))
    return sample(sections=tuple(sections), annexes=annexes, closing=(closing,), recipients=recipients)


def _annex(key: str, count: int, words: list[str], numbers: list[int], *, landscape: bool) -> Annex:
    columns = (
        TableColumn("no", "TT", 8, "center"), TableColumn("name", "Tên", 60), TableColumn("place", "Nơi", 30),
        TableColumn("people", "Số người", 22, "right"),
    )  # fmt: skip
    rows = []
    for index in range(count):
        name, place = words[index % len(words)], words[(index * 7 + 3) % len(words)]
        if index >= 3:  # a few endless words are enough: hundreds of them only make many pages
            name, place = name[:300], place[:60]
        people = numbers[index % len(numbers)] + index
        rows.append(TableRow(f"{key}{index}", (str(index + 1), name, place, grouped(people))))
    return Annex(key, f"Danh mục {key}", columns, tuple(rows), landscape)


def require_right(document: ReportDocument) -> None:
    """All that the decree and the officer may expect of the three files of one report."""
    done = render_document(document, ISSUE)
    printed = lines(done.pdf)
    _require_margins(done, document, printed)
    _require_signature(done, printed)
    _require_whole(done, document, printed)
    _require_equal(document, printed)


def _require_margins(done: Rendered, document: ReportDocument, printed: list[TextLine]) -> None:
    wide = range(done.key_pages["models"] + 1, done.key_pages["documents"] + 1)
    for line in printed:
        width, height = (297, 210) if line.page in wide else (210, 297)
        if line.top < 18:
            assert line.text.isdigit()
            continue
        assert line.left >= 29.9 and line.right <= width - 14.9, line
        assert line.top >= 19.4 and line.bottom <= height - 19.9, line


def _require_signature(done: Rendered, printed: list[TextLine]) -> None:
    assert done.signature is not None
    page = [line for line in printed if line.page == done.signature.page + 1 and line.top > 18]
    authority = next(line for line in page if line.text == "TM. ỦY BAN NHÂN DÂN" and line.left > 100)
    assert len({round(line.top) for line in page if line.bottom < authority.top + 1}) >= 2


def _require_whole(done: Rendered, document: ReportDocument, printed: list[TextLine]) -> None:
    own = Counter(bare("".join(line.text for line in printed if line.page <= done.key_pages["models"])))
    said = [paragraph.text for section in document.sections for paragraph in section.paragraphs]
    said += [section.title for section in document.sections if section.level > 1]
    assert not Counter(bare("".join(said))) - own
    everything = Counter(bare("".join(line.text for line in printed if line.page > done.key_pages["models"])))
    cells = [cell for annex in document.annexes for row in annex.rows for cell in row.cells]
    assert not Counter(bare("".join(cells))) - everything


def _require_equal(document: ReportDocument, printed: list[TextLine]) -> None:
    with zipfile.ZipFile(io.BytesIO(render_docx(document, ISSUE))) as word:
        tree = ElementTree.fromstring(word.read("word/document.xml"))
    tables = list(tree.iter(f"{WORD}tbl"))[2:]  # after the head and the end of the paper
    book = load_workbook(io.BytesIO(render_xlsx(document)), read_only=True)
    words = Counter(word for line in printed for word in line.text.split())
    numbers: Counter[str] = Counter()
    for annex, table, sheet in zip(document.annexes, tables, book.worksheets[1:], strict=True):
        copied = [_cells(row) for row in table.iter(f"{WORD}tr")][1:]
        values = list(sheet.iter_rows(min_row=4, max_col=4, values_only=True))[: len(annex.rows)]
        if not annex.rows:
            continue
        assert copied == [list(row.cells) for row in annex.rows]
        for row, (number, name, _place, people) in zip(annex.rows, values, strict=True):
            assert (str(number), name or "", grouped(int(str(people)))) == (row.cells[0], row.cells[1], row.cells[3])
            numbers[row.cells[3]] += 1
    assert not numbers - words
    book.close()


def _cells(row: ElementTree.Element) -> list[str]:
    return ["".join(text.text or "" for text in cell.iter(f"{WORD}t")) for cell in row.iter(f"{WORD}tc")]


QUICK = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(document=reports())
def test_random_reports_come_out_right(document: ReportDocument) -> None:
    require_right(document)


@pytest.mark.parametrize("bad", UNPRINTABLE)
@pytest.mark.parametrize("place", ["section", "cell"])
def test_what_cannot_be_shown_is_refused_by_name_in_all_papers(bad: str, place: str) -> None:
    document = sample()
    text = f"Ông {bad} An"
    if place == "section":
        sections = (*document.sections, ReportSection("x", 2, "9.", "Mục", (body("x.p", text),)))
        document = replace(document, sections=sections)
    else:
        row = TableRow("x", ("1", text, "", "", ""))
        document = replace(document, annexes=(replace(document.annexes[0], rows=(row,)),))
    for render in (render_document, render_docx):
        with pytest.raises(Refused) as caught:
            render(document, ISSUE)
        assert caught.value.code == "glyph_missing"
        assert missing_glyphs(text)[0] in caught.value.message


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(document=reports())
def test_torture_of_random_reports(document: ReportDocument) -> None:
    require_right(document)


@pytest.mark.slow
def test_torture_of_an_annex_of_three_hundred_pages() -> None:
    base = sample()
    words = [text for text in HOSTILE if len(text) < 200]
    numbers = [7, 1_234, 999_999]
    annexes = (_annex("models", 400, words, numbers, landscape=True),
               _annex("documents", 9_000, words, numbers, landscape=False))  # fmt: skip
    document = replace(base, annexes=annexes)
    done = render_document(document, ISSUE)
    assert done.pages > 300
    require_right(document)
