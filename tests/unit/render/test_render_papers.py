"""A letter (Mẫu 1.5) and minutes (Mẫu 1.9) read back from the PDF, in millimetres; the Word copy has the same parts."""

from __future__ import annotations

import io
from dataclasses import replace

import docx
from pdf_reading import find, lines, rules

from danvan_desktop.render.docx_paper import render_docx
from danvan_desktop.render.pdf import render_document, render_pdf
from danvan_desktop.reporting.model import Head, Issue, Paragraph, ReportSection, Run, Signature
from danvan_desktop.reporting.paper_model import PaperDocument, freeze_paper, thaw_paper

LEFT, RIGHT = 30.0, 195.0
LETTER = PaperDocument(
    id="0192a000-0000-7000-8000-0000000000aa",
    template="letter",
    template_version=1,
    layout="letter",
    made_on="2026-06-02",
    subjects=("x",),
    office_id="0192a000-0000-7000-8000-000000000002",
    office_name="Ủy ban nhân dân xã Vĩnh Thủy",
    head=Head(
        superior_lines=(),
        issuer_lines=("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY"),
        symbol="UBND-VHXH",
        place="Vĩnh Thủy",
        type_name="",
        abstract="đôn đốc gửi báo cáo công tác dân vận chính quyền 6 tháng đầu năm 2026",
        addressees=("Trung tâm Phục vụ hành chính công", "Trung tâm Dịch vụ tổng hợp"),
    ),
    bases=(),
    opening=(Paragraph("opening.1", (Run("Đến nay hai đơn vị chưa gửi báo cáo."),)),),
    sections=(),
    closing=(Paragraph("closing.1", (Run("Đề nghị gửi trước ngày 05/06/2026./."),)),),
    annexes=(),
    signature=Signature(("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Nguyễn Văn Mẫu"),
    countersignature=None,
    recipients=("Lưu: VT, VHXH",),
    catalog_version="t",
    catalog_hash="0" * 64,
)
MINUTES = replace(
    LETTER,
    layout="minutes",
    head=replace(LETTER.head, symbol="BB-UBND", type_name="BIÊN BẢN", abstract="Hội nghị đối thoại", addressees=()),
    sections=(ReportSection("s", 1, "I.", "Thành phần", LETTER.opening),),
    signature=Signature(("CHỦ TỌA",), "Nguyễn Văn Mẫu"),
    countersignature=Signature(("THƯ KÝ",), "Trần Thị Thí Dụ"),
    recipients=("Lưu: VT, Hồ sơ",),
)


def test_a_letter_has_its_subject_under_the_number_and_no_title() -> None:
    pdf = render_pdf(LETTER, Issue(number=7, date="2026-06-02"))
    number, subject, call = find(pdf, "Số: 07/UBND-VHXH"), find(pdf, "V/v đôn đốc"), find(pdf, "Kính gửi:")
    dated = find(pdf, "Vĩnh Thủy, ngày 02 tháng 6 năm 2026")
    assert abs(number.top - dated.top) < 0.5
    assert abs(subject.centre - number.centre) < 0.5 and number.centre < 90
    assert 2.0 < subject.top - number.bottom + 1.0 < 6.5, "six points below the number"
    assert subject.bottom < call.top
    dashes = [line for line in lines(pdf) if line.text.startswith("- Trung tâm")]
    assert [line.text[-1] for line in dashes] == [";", "."]
    assert all(abs(line.left - dashes[0].left) < 0.3 and line.left > call.left for line in dashes)
    assert len(rules(pdf, 0)) == 2, "only those below the agency and the motto"
    assert find(pdf, "- Như trên;").page == find(pdf, "- Lưu: VT, VHXH.").page == 1
    assert "BÁO CÁO" not in "".join(line.text for line in lines(pdf))


def test_minutes_are_signed_side_by_side_and_tell_their_recipients_below() -> None:
    made = render_document(MINUTES, Issue())
    secretary, chair = find(made.pdf, "THƯ KÝ"), find(made.pdf, "CHỦ TỌA")
    assert abs(secretary.top - chair.top) < 0.3
    assert secretary.centre < (LEFT + RIGHT) / 2 < chair.centre
    left, right = find(made.pdf, "Trần Thị Thí Dụ"), find(made.pdf, "Nguyễn Văn Mẫu")
    assert abs(left.centre - secretary.centre) < 0.5 and abs(right.centre - chair.centre) < 0.5
    assert 25 < left.top - secretary.bottom < 40, "room for the hand"
    assert find(made.pdf, "Nơi nhận:").top > left.bottom
    assert made.signature is not None and made.signature.x > 100


def test_the_word_copies_have_the_same_parts() -> None:
    letter = docx.Document(io.BytesIO(render_docx(LETTER, Issue(number=7, date="2026-06-02"))))
    cells = [cell.text for table in letter.tables for row in table.rows for cell in row.cells]
    assert any("Số: 07/UBND-VHXH\nV/v đôn đốc" in text for text in cells)
    minutes = docx.Document(io.BytesIO(render_docx(MINUTES)))
    left, right = (cell.text for cell in minutes.tables[-1].rows[0].cells)
    assert left.startswith("THƯ KÝ") and right.startswith("CHỦ TỌA")
    assert minutes.paragraphs[-1].text == "- Lưu: VT, Hồ sơ."


def test_a_frozen_paper_reads_back_and_prints_the_same() -> None:
    data = freeze_paper(MINUTES)
    assert thaw_paper(data) == MINUTES
    assert freeze_paper(thaw_paper(data)) == data
    assert render_pdf(thaw_paper(data)) == render_pdf(MINUTES)
