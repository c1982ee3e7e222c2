"""Odd texts, long tables, lone signatures: nothing breaks, leaks or vanishes."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_reading import all_text, bare, find, lines, page_text, tool
from sample_document import COMMUNE_HEAD, body, models_annex, sample

from danvan_desktop.kernel.errors import Refused
from danvan_desktop.render.fonts import missing_glyphs
from danvan_desktop.render.layout import shipped_layout
from danvan_desktop.render.lines import break_pieces
from danvan_desktop.render.pdf import render_document, render_pdf, unprintable
from danvan_desktop.render.preview import page_count, page_image
from danvan_desktop.reporting.model import (
    Annex,
    Issue,
    Paragraph,
    ReportDocument,
    ReportSection,
    Run,
    Signature,
    TableColumn,
    TableRow,
)

ODD = (
    "<b>Nguyễn</b>", '<img src="/etc/passwd">', "=1+1", "A & B &amp; C", "<para><a href='javascript:alert(1)'>x</a>",
    "</para>]]><!--", "{{7*7}} %s %(x)s \\n", "(ngoặc \\( không đóng", "<unichar code='0x41'/>", "½ № “ ” ’ – — … ₫",
)  # fmt: skip


def with_texts(*texts: str) -> ReportDocument:
    paragraphs = tuple(body(f"p{index}", text) for index, text in enumerate(texts))
    return sample(sections=(ReportSection("s", 1, "I.", "Mục", paragraphs),), annexes=())


@pytest.mark.parametrize("text", ODD)
def test_text_comes_out_as_typed_everywhere(text: str) -> None:
    annex = Annex(
        "a", f"Bảng {text}", (TableColumn("c", f"Cột {text}", 10), TableColumn("d", "Số", 10, "right")),
        (TableRow("g", (text,), "group"), TableRow("r", (text, text)), TableRow("t", (text, "1"), "total")), note=text,
    )  # fmt: skip
    document = replace(
        sample(
            replace(COMMUNE_HEAD, abstract=f"Trích yếu {text}", addressees=(f"Nơi {text}", text)),
            Signature(("CHỦ TỊCH",), f"Tên {text}"),
            sections=(
                ReportSection("s", 2, "1.", text, (Paragraph("p", (Run(text, bold=True), Run(text, italic=True))),)),
            ),
            annexes=(annex,),
            bases=(text,),
            recipients=("Như trên", f"Phòng {text}", "Lưu: VT"),
        ),
        office_name=f"Cơ quan {text}",
    )
    done = render_document(document)
    flat = bare(all_text(done.pdf, done.pages))
    kept = bare(unicodedata.normalize("NFC", text))
    assert flat.count(kept) >= 11
    assert bare(f"Phòng {text}") in flat
    assert bare(f"Trích yếu {text}") in flat
    assert b"/URI" not in done.pdf and b"/JavaScript" not in done.pdf
    assert tool(done.pdf, "pdfimages", "-list").count("\n") == 2  # a heading and nothing below


@pytest.mark.parametrize(
    ("char", "name"),
    [("😀", "U+1F600 GRINNING FACE"), ("漢", "U+6F22 CJK UNIFIED IDEOGRAPH-6F22"),
     ("\u200f", "U+200F RIGHT-TO-LEFT MARK"), ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
     ("א", "U+05D0 HEBREW LETTER ALEF"), ("\u200b", "U+200B ZERO WIDTH SPACE"),
     ("\u00ad", "U+00AD SOFT HYPHEN"), ("\x07", "U+0007 ký tự điều khiển"), ("✓", "U+2713 CHECK MARK"),
     ("e\u0301", "U+0301 COMBINING ACUTE ACCENT")],
)  # fmt: skip
def test_what_cannot_be_printed_is_refused_with_name_and_place(char: str, name: str) -> None:
    document = with_texts("Đoạn thường.", f"Ông {char} An")
    assert unprintable(document) == [("mục I, đoạn 2", name)]
    with pytest.raises(Refused) as caught:
        render_pdf(document)
    assert caught.value.code == "glyph_missing"
    assert name in caught.value.message and "mục I, đoạn 2" in caught.value.message


def test_the_place_of_a_bad_cell_is_named() -> None:
    annex = models_annex(3)
    rows = (*annex.rows[:2], replace(annex.rows[2], cells=("2", "Mô hình ☃", "", "", "", "")), *annex.rows[3:])
    document = sample(annexes=(replace(annex, rows=rows),))
    assert unprintable(document) == [("Phụ lục, dòng 3, cột “Tên mô hình”", "U+2603 SNOWMAN")]


def test_all_vietnamese_letters_can_be_printed() -> None:
    vowels = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
    letters = "".join(unicodedata.normalize("NFC", v + t) for v in vowels for t in tones) + "đ"
    text = letters + letters.upper() + "0123456789%‰°²³“”‘’–—…•₫§№×÷≤≥±"
    assert missing_glyphs(text) == []
    done = render_document(with_texts(text))
    assert bare(text) in bare(all_text(done.pdf, done.pages))


def test_a_word_of_ten_thousand_letters_is_cut_to_fit() -> None:
    word = "dânvậnkhéo" * 1000
    annex = Annex("a", "Bảng", (TableColumn("c", "Cột", 1), TableColumn("d", "Khác", 9)), (TableRow("r", (word, "x")),))
    document = replace(with_texts("Trước " + word + " sau."), annexes=(annex,))
    done = render_document(document)
    flat = bare(all_text(done.pdf, done.pages))
    assert bare("Trước " + word + " sau.") in flat
    assert flat.count("dânvậnkhéo") >= 2000 - done.pages * 2  # a cell's word is torn by pages read one by one
    for line in lines(done.pdf):
        assert line.right <= 195.1 and line.left >= 29.9 and line.bottom <= 277.1


def test_bytes_are_the_same_in_another_process() -> None:
    root = Path(__file__).resolve().parents[3]
    code = (
        f"import sys, hashlib; sys.path[:0] = [{str(root)!r}, {str(Path(__file__).parent)!r}]\n"
        "from sample_document import sample\n"
        "from danvan_desktop.render.pdf import render_pdf\n"
        "from danvan_desktop.render.xlsx import render_xlsx\n"
        "from danvan_desktop.reporting.model import Issue\n"
        "render_pdf(sample(annexes=()))\n"
        "print(hashlib.sha256(render_pdf(sample(), Issue(5, '2026-06-04'))).hexdigest())\n"
        "print(hashlib.sha256(render_xlsx(sample())).hexdigest())\n"
    )
    from danvan_desktop.render.xlsx import render_xlsx

    here = [
        hashlib.sha256(render_pdf(sample(), Issue(5, "2026-06-04"))).hexdigest(),
        hashlib.sha256(render_xlsx(sample())).hexdigest(),
    ]
    for seed in ("0", "77"):
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland", "LC_ALL": "C"},
        )  # fmt: skip
        assert done.stdout.split() == here


def test_papers_made_at_once_do_not_disturb_each_other() -> None:
    papers = [sample(), sample(annexes=()), with_texts("Một đoạn khác: ẰẲẴẮẶ.")]
    alone = [render_pdf(document) for document in papers]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(render_pdf, papers * 4))
    assert together == alone * 4


_WORDS = st.integers(1, 90)


@settings(max_examples=60, deadline=None)
@given(
    paragraphs=st.lists(_WORDS, min_size=1, max_size=14), last=_WORDS, lists=st.integers(0, 30), closing=st.booleans()
)
def test_signature_never_stands_alone(paragraphs: list[int], last: int, lists: int, closing: bool) -> None:
    texts = tuple(body(f"p{index}", "chính quyền " * count) for index, count in enumerate(paragraphs))
    ending = (body("end", "kính báo cáo " * last),) if closing else ()
    document = sample(
        sections=(ReportSection("s", 1, "I.", "Mục", texts),),
        annexes=(),
        closing=ending,
        recipients=tuple(f"Đơn vị {index}" for index in range(lists)),
    )
    done = render_document(document)
    assert done.signature is not None
    printed = [line for line in lines(done.pdf) if line.page == done.signature.page + 1 and line.top > 19]
    authority = next(line for line in printed if line.text == "TM. ỦY BAN NHÂN DÂN")
    above = {round(line.top) for line in printed if line.bottom < authority.top + 1 and line is not authority}
    assert len(above) >= 2
    for line in lines(done.pdf):
        assert line.bottom <= 277.1 and line.right <= 195.1
    flat = bare(all_text(done.pdf, done.pages))
    assert flat.count("chínhquyền") >= sum(paragraphs)
    assert done.pages == page_count(done.pdf)


def test_endless_recipients_run_on_without_losing_a_name() -> None:
    names = tuple(f"Ủy ban nhân dân đơn vị thứ {index}" for index in range(150))
    done = render_document(sample(annexes=(), recipients=names))
    flat = bare(all_text(done.pdf, done.pages))
    assert all(bare(name) in flat for name in names)
    assert all(line.bottom <= 277.1 for line in lines(done.pdf))


@settings(max_examples=40, deadline=None)
@given(
    texts=st.lists(
        st.text(st.sampled_from("aăâeghnốữỵĐ ỄẲ.,;:-/%“”()<>&0123456789\n\u00a0"), max_size=400), min_size=1, max_size=8
    ),
    rows=st.integers(0, 60),
)
def test_any_text_fits_and_stays_whole(texts: list[str], rows: int) -> None:
    texts = [unicodedata.normalize("NFC", text) for text in texts]
    cells = tuple(TableRow(f"r{index}", (str(index), texts[index % len(texts)])) for index in range(rows))
    annex = Annex("a", "Bảng", (TableColumn("n", "TT", 1, "center"), TableColumn("t", "Nội dung", 5)), cells)
    done = render_document(replace(with_texts(*texts), annexes=(annex,)))
    for line in lines(done.pdf):
        assert line.left >= 29.9 and line.right <= 195.1 and line.bottom <= 277.1
    flat = bare("".join(page_text(done.pdf, page) for page in range(1, done.key_pages["a"] + 1)))
    wanted = sorted(bare("".join(texts)))
    for char in set(wanted):
        assert flat.count(char) >= wanted.count(char)


def test_lines_keep_every_word_and_blank() -> None:
    text = "Số  hai   dấu cách, 99,44 % và 05/BC-UBND " * 5
    broken = break_pieces([("Tinos", text)], 14, 300, first=36)
    assert bare("".join(line.text for line in broken)) == bare(text)
    assert all(line.width + line.indent <= 300.01 for line in broken)
    assert not any(line.text.startswith("%") for line in broken)
    assert broken[0].indent == 36 and not broken[-1].stretch
    assert "hai   dấu" in broken[0].text


def test_long_annex_repeats_its_head_and_keeps_every_row() -> None:
    village = "Thôn Thủy Ba Tây thuộc vùng đồng bào Vân Kiều phía tây bắc xã"
    assert len(village) >= 60
    annex = models_annex(300)
    rows = [
        replace(row, cells=(*row.cells[:2], village, *row.cells[3:])) if row.kind == "row" else row
        for row in annex.rows
    ]
    annex = replace(annex, rows=tuple(rows))
    done = render_document(sample(annexes=(annex,)))
    first = done.key_pages["models"] + 1
    assert done.pages - first > 10
    for page in range(first, done.pages + 1):
        assert "Số người hưởng lợi" in page_text(done.pdf, page).replace("\n", " ")
    flat = bare("".join(page_text(done.pdf, page) for page in range(first, done.pages + 1)))
    assert flat.count(bare("Tuyến đường hoa kiểu mẫu số")) == 300
    assert flat.count(bare(village)) == 300
    last = page_text(done.pdf, done.pages)
    assert "Cộng" in last and "số 300" in last.replace("\n", " ")  # a total never stands alone


def test_group_title_is_never_the_last_row_of_a_page() -> None:
    columns = (TableColumn("n", "TT", 1), TableColumn("t", "Nội dung", 5))
    for filler in range(28, 50):
        rows = (*(TableRow(f"r{i}", (str(i), "dòng")) for i in range(filler)), TableRow("g", ("Nhóm hai",), "group"),
                *(TableRow(f"s{i}", (str(i), "sau nhóm")) for i in range(3)))  # fmt: skip
        done = render_document(sample(annexes=(Annex("a", "Bảng", columns, rows),)))
        page = find(done.pdf, "Nhóm hai").page
        assert "sau nhóm" in page_text(done.pdf, page)


def test_a_row_taller_than_a_page_is_split() -> None:
    text = "nội dung rất dài " * 900
    columns = (TableColumn("n", "TT", 1), TableColumn("t", "Nội dung", 5))
    done = render_document(
        sample(annexes=(Annex("a", "Bảng", columns, (TableRow("r", ("1", text)), TableRow("s", ("2", "hết")))),))
    )
    flat = bare("".join(page_text(done.pdf, page) for page in range(done.key_pages["a"] + 1, done.pages + 1)))
    flat = flat.replace(bare("TT Nội dung"), "")
    assert flat.count(bare("nội dung rất dài")) >= 900 - 10
    assert flat.endswith("2hết")
    assert all(line.bottom <= 277.1 for line in lines(done.pdf))


def test_endless_head_cells_and_empty_tables_come_out() -> None:
    columns = (TableColumn("n", "Tên cột rất dài " * 400, 1), TableColumn("t", "", 0))
    done = render_document(
        sample(annexes=(Annex("a", "Bảng", columns, ()), Annex("b", "Chỉ có ghi chú", (), (), note="Không có bảng.")))
    )
    flat = bare(all_text(done.pdf, done.pages))
    assert flat.count(bare("Tên cột rất dài")) >= 380
    assert bare("Không có bảng.") in flat
    assert all(line.bottom <= 277.1 for line in lines(done.pdf))


def test_rows_wider_than_their_table_are_refused() -> None:
    annex = Annex("a", "Bảng lệch", (TableColumn("n", "TT", 1),), (TableRow("r", ("1", "mất")),))
    with pytest.raises(Refused) as caught:
        render_pdf(sample(annexes=(annex,)))
    assert caught.value.code == "report_invalid" and "Bảng lệch" in caught.value.message


def test_a_paper_without_any_text_still_comes_out() -> None:
    document = sample(sections=(), opening=(), closing=(), bases=(), annexes=(), recipients=())
    done = render_document(replace(document, signature=Signature((), "")))
    assert done.pages == 1
    assert find(done.pdf, "BÁO CÁO").page == 1


def test_end_mark_is_set_once() -> None:
    for text in ("Trên đây là báo cáo.", "Trên đây là báo cáo./.", "Trên đây là báo cáo", "Trên đây là báo cáo; "):
        done = render_document(sample(closing=(body("c", text),), annexes=()))
        flat = bare(all_text(done.pdf, done.pages))
        assert flat.count("./.") == 1 and bare("Trên đây là báo cáo./.") in flat
    without = render_document(with_texts("Hết lời."), None)
    assert without.pages >= 1
    no_closing = render_document(replace(with_texts("Đoạn một.", "Hết lời."), closing=()))
    assert bare("Hết lời./.") in bare(all_text(no_closing.pdf, no_closing.pages))


def test_pages_become_pictures() -> None:
    pdf = render_pdf(sample())
    width, height, pixels = page_image(pdf, 0, 72)
    assert (width, height) == (596, 842) and len(pixels) == width * height * 3
    assert pixels[:3] == b"\xff\xff\xff" and min(pixels) < 60
    wide = page_image(pdf, 5, 36)
    assert wide[0] > wide[1]
    with pytest.raises(IndexError):
        page_image(pdf, 99, 72)
    with pytest.raises(ValueError, match="dpi"):
        page_image(pdf, 0, 5000)
    with pytest.raises(ValueError, match="readable"):
        page_count(b"%PDF-1.7 broken")


def test_frame_of_landscape_pages_keeps_the_margins() -> None:
    frame = shipped_layout().frame(landscape=True)
    assert frame.page_width > frame.page_height
    assert round((frame.page_width - frame.left - frame.width) * 25.4 / 72) == 15
