"""The layout of NĐ 30/2020/NĐ-CP, Phụ lục I, measured on the finished paper."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from pdf_reading import MM, all_text, bare, find, lines, page_text, rules, tool
from sample_document import (
    AGENCY_HEAD,
    AGENCY_SIGNATURE,
    COMMUNE_HEAD,
    DEPARTMENT_HEAD,
    DEPARTMENT_SIGNATURE,
    body,
    documents_annex,
    models_annex,
    sample,
)

from danvan_desktop.render.fonts import BOLD, text_width
from danvan_desktop.render.layout import read_layout, shipped_layout
from danvan_desktop.render.pdf import DEMO_MARK, render_document, render_pdf
from danvan_desktop.render.preview import page_count
from danvan_desktop.reporting.model import Head, Issue, ReportDocument, ReportSection

ISSUE = Issue(5, "2026-06-04")
OFFICES = {
    "commune": sample(),
    "agency": sample(
        AGENCY_HEAD, AGENCY_SIGNATURE, office="Trung tâm Phục vụ hành chính công", annexes=(models_annex(12),)
    ),
    "department": sample(DEPARTMENT_HEAD, DEPARTMENT_SIGNATURE, office="Sở Nông nghiệp và Môi trường", annexes=()),
}


@pytest.fixture(scope="module")
def paper() -> bytes:
    return render_pdf(sample(), ISSUE)


def test_profile_lies_within_the_decree() -> None:
    layout = shipped_layout()
    assert (layout.page.width_mm, layout.page.height_mm) == (210, 297)
    assert 20 <= layout.page.top_mm <= 25 and 20 <= layout.page.bottom_mm <= 25
    assert 30 <= layout.page.left_mm <= 35 and 15 <= layout.page.right_mm <= 20
    assert 13 <= layout.text.size <= 14 and layout.text.indent_mm in (10, 12.7)
    assert layout.text.after >= 6 and 1.15 <= layout.text.leading <= 1.5
    head, end, annex = layout.head, layout.signature, layout.annex
    for small in (head.nation_size, head.superior_size, head.issuer_size):
        assert 12 <= small <= 13
    for size in (
        head.motto_size, head.number_size, head.date_size, head.type_size, head.abstract_size, head.addressee_size,
        head.basis_size, end.authority_size, end.name_size, annex.title_size, annex.reference_size,
        layout.page.number_size,
    ):  # fmt: skip
        assert 13 <= size <= 14
    assert (end.recipients_title_size, end.recipients_size, annex.label_size) == (12, 11, 14)
    assert 1 / 3 <= head.rule_share <= 1 / 2


def test_profile_errors_name_the_key(tmp_path_factory: pytest.TempPathFactory) -> None:
    from danvan_desktop.kernel import assets

    source = (assets.resources() / "templates" / "layout.toml").read_text(encoding="utf-8")
    path = tmp_path_factory.mktemp("layout") / "layout.toml"
    path.write_text(source.replace("left_mm = 30.0", "left_mm = -1"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"\[page\] left_mm"):
        read_layout(path)
    path.write_text(source.replace("left_mm", "lft_mm"), encoding="utf-8")
    with pytest.raises(ValueError, match=r"\[page\].*left_mm"):
        read_layout(path)


@pytest.mark.parametrize("office", OFFICES)
def test_margins_hold_on_every_page(office: str) -> None:
    document = OFFICES[office]
    pdf = render_pdf(document, ISSUE)
    landscape = {page for page in range(1, page_count(pdf) + 1) if _is_landscape(pdf, page)}
    for line in lines(pdf):
        width, height = (297, 210) if line.page in landscape else (210, 297)
        if line.top < 19:
            assert line.text.isdigit()  # the page number
            continue
        assert line.left >= 29.95, line
        assert line.right <= width - 14.95, line
        assert line.top >= 19.5 and line.bottom <= height - 19.95, line


def _is_landscape(pdf: bytes, page: int) -> bool:
    size = next(
        row
        for row in tool(pdf, "pdfinfo", "-f", str(page), "-l", str(page)).splitlines()
        if "size:" in row and "Page" in row
    )
    width, _, height = size.split(":")[1].split()[:3]
    return float(width) > float(height)


def test_body_fills_the_width_and_indents_the_first_line(paper: bytes) -> None:
    first = find(paper, "Ủy ban nhân dân xã Vĩnh Thủy báo cáo kết quả")
    assert first.left == pytest.approx(30 + 12.7, abs=0.05)
    assert first.right == pytest.approx(195, abs=0.05)
    second = find(paper, "chính quyền 6 tháng đầu năm 2026 (số liệu")
    assert second.left == pytest.approx(30, abs=0.05)
    assert second.right == pytest.approx(195, abs=0.05)
    assert (second.top - first.top) * MM == pytest.approx(16.8, abs=0.05)


@pytest.mark.parametrize("office", OFFICES)
def test_head_is_centred_and_ruled(office: str) -> None:
    pdf = render_pdf(OFFICES[office], ISSUE)
    nation = find(pdf, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = find(pdf, "Độc lập - Tự do - Hạnh phúc")
    dated = find(pdf, "ngày 04 tháng 6 năm 2026")
    assert motto.centre == pytest.approx(nation.centre, abs=0.1)
    assert dated.centre == pytest.approx(nation.centre, abs=0.1)
    issuer = OFFICES[office].head.issuer_lines[-1].split()[-1]
    last_issuer = next(line for line in lines(pdf) if line.text.endswith(issuer) and line.right < nation.left)
    numbered = find(pdf, "Số: 05/BC-")
    assert numbered.centre == pytest.approx(last_issuer.centre, abs=0.1)
    assert numbered.right < dated.left
    found = rules(pdf, 0)
    motto_rule = next(
        rule for rule in found if abs((rule[0] + rule[1]) / 2 - motto.centre) < 0.2 and rule[2] < dated.top
    )
    assert motto_rule[1] - motto_rule[0] == pytest.approx(
        text_width("Độc lập - Tự do - Hạnh phúc", BOLD, 13) / MM, abs=0.4
    )
    issuer_rule = next(
        rule for rule in found if abs((rule[0] + rule[1]) / 2 - numbered.centre) < 0.2 and rule[2] < numbered.top
    )
    share = (issuer_rule[1] - issuer_rule[0]) / (last_issuer.right - last_issuer.left)
    assert 1 / 3 <= share <= 0.51
    assert numbered.top > issuer_rule[2] > last_issuer.bottom - 1.5


def test_first_lines_of_the_head_start_level(paper: bytes) -> None:
    assert find(paper, "ỦY BAN NHÂN DÂN").top == pytest.approx(find(paper, "CỘNG HÒA").top, abs=0.1)
    numbered, dated = find(paper, "Số: 05/BC-UBND"), find(paper, "Vĩnh Thủy, ngày 04 tháng 6 năm 2026")
    assert numbered.bottom == pytest.approx(dated.bottom, abs=0.2)


def test_type_abstract_and_rule(paper: bytes) -> None:
    centre = 30 + 165 / 2
    kind = next(line for line in lines(paper) if line.text == "BÁO CÁO")
    last = find(paper, "và phương hướng, nhiệm vụ 6 tháng cuối năm 2026")
    assert kind.centre == pytest.approx(centre, abs=0.1)
    assert last.centre == pytest.approx(centre, abs=0.1)
    rule = next(rule for rule in rules(paper, 0) if rule[2] > last.top)
    assert (rule[0] + rule[1]) / 2 == pytest.approx(centre, abs=0.1)
    for line in (last, find(paper, "Kết quả thực hiện công tác dân vận chính quyền 6 tháng")):
        assert 1 / 3 - 0.01 <= (rule[1] - rule[0]) / (line.right - line.left) <= 0.51


def test_kinh_gui_on_one_line_or_below_the_colon() -> None:
    one = find(render_pdf(sample()), "Kính gửi:")
    assert one.text == "Kính gửi: Ủy ban nhân dân tỉnh Quảng Trị (qua Sở Nội vụ)"
    several = render_pdf(OFFICES["agency"])
    call, first, last = (
        find(several, "Kính gửi:"),
        find(several, "- Ủy ban nhân dân xã"),
        find(several, "- Phòng Văn hóa"),
    )
    assert call.text == "Kính gửi:" and first.text.endswith(";") and last.text.endswith(".")
    assert first.left == pytest.approx(last.left, abs=0.05)
    assert first.left == pytest.approx(call.right - text_width(":", "Tinos", 14) / MM, abs=0.1)
    assert "Kính gửi" not in all_text(render_pdf(sample(replace(COMMUNE_HEAD, addressees=()))), 1)


def test_blanks_for_the_hand_without_an_issue() -> None:
    pdf = render_pdf(sample())
    text = tool(pdf, "pdftotext", "-layout", "-l", "1")
    assert "/BC-UBND" in text and "Số: " in text and "Số: 0" not in text
    assert find(pdf, "/BC-UBND").left - find(pdf, "Số:").right > 10  # wide enough to write in, mm
    assert "năm 2026" in text and "ngày 04" not in text


def test_number_is_padded_below_ten_and_months_only_to_two() -> None:
    text = page_text(render_pdf(sample(), Issue(120, "2026-02-09")), 1)
    assert "Số: 120/BC-UBND" in text
    assert "ngày 09 tháng 02 năm 2026" in text


def test_page_numbers_are_in_the_top_margin_but_not_on_first_pages() -> None:
    done = render_document(sample(annexes=(documents_annex(30), models_annex(60))), ISSUE)
    numbers = {line.page: line for line in lines(done.pdf) if line.top < 19}
    first_pages = {1, done.key_pages["documents"] + 1, done.key_pages["models"] + 1}
    assert not first_pages & set(numbers)
    expected = 0
    for page in range(1, done.pages + 1):
        expected = 1 if page in first_pages else expected + 1
        if expected > 1:
            line = numbers[page]
            assert line.text == str(expected)
            width = 297 if _is_landscape(done.pdf, page) else 210
            assert line.centre == pytest.approx(30 + (width - 45) / 2, abs=0.1)
            assert (line.top + line.bottom) / 2 == pytest.approx(10, abs=1.5)


def test_end_of_the_paper(paper: bytes) -> None:
    recipients, authority = find(paper, "Nơi nhận:"), find(paper, "TM. ỦY BAN NHÂN DÂN")
    assert recipients.page == authority.page
    assert recipients.bottom == pytest.approx(authority.bottom, abs=0.6)
    assert recipients.left == pytest.approx(30, abs=0.05)
    listed = [
        line.text
        for line in lines(paper)
        if line.page == recipients.page and line.text.startswith("- ") and line.top > recipients.top
    ]
    assert listed[0] == "- Như trên;" and listed[-1] == "- Lưu: VT, VHXH."
    assert all(text.endswith(";") for text in listed[:-1])
    names = [find(paper, text) for text in ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Nguyễn Thị Minh Nguyệt")]
    for name in names:
        assert name.centre == pytest.approx(authority.centre, abs=0.1)
        assert name.left > 105
    assert names[-1].top - names[-2].bottom >= 25
    assert "Phụ lục II kèm theo)./." in page_text(paper, authority.page)


def test_nhu_tren_is_added_only_with_kinh_gui() -> None:
    with_it = sample(recipients=("Sở Nội vụ;", "- Lưu: VT, VHXH."))
    assert "- Như trên;\n- Sở Nội vụ;\n- Lưu: VT, VHXH." in _left_text(with_it)
    without = replace(with_it, head=replace(with_it.head, addressees=()))
    assert "Như trên" not in _left_text(without)


def _left_text(document: ReportDocument) -> str:
    done = render_document(document, ISSUE)
    assert done.signature is not None
    return page_text(done.pdf, done.signature.page + 1)


def test_signature_box_lies_between_position_and_name() -> None:
    done = render_document(sample(), ISSUE)
    assert done.signature is not None
    position, name = find(done.pdf, "PHÓ CHỦ TỊCH"), find(done.pdf, "Nguyễn Thị Minh Nguyệt")
    top = 297 - (done.signature.y + done.signature.height) / MM
    bottom = 297 - done.signature.y / MM
    assert position.page == done.signature.page + 1
    assert position.bottom - 1 <= top < bottom <= name.top + 1


def test_annexes_are_labelled_and_tied_to_the_paper() -> None:
    text = bare(tool(render_pdf(sample(), ISSUE), "pdftotext", "-raw"))
    tied = bare("(Kèm theo Báo cáo số 05/BC-UBND ngày 04 tháng 6 năm 2026 của Ủy ban nhân dân xã Vĩnh Thủy)")
    assert text.count(tied) == 2
    assert bare("Phụ lục I\nDANH MỤC VĂN BẢN ĐÃ BAN HÀNH") in text
    assert bare("Phụ lục II\nDANH MỤC MÔ HÌNH “DÂN VẬN KHÉO”") in text
    electronic = bare(tool(render_pdf(sample(), Issue(5, "2026-06-04", "electronic")), "pdftotext", "-raw"))
    assert electronic.count(bare("(Kèm theo Báo cáo số …/…-… ngày … tháng … năm … của …)")) == 2
    assert "Số:05/BC-UBND" in electronic
    alone = page_text(render_pdf(sample(annexes=(models_annex(3),)), ISSUE), 6)
    assert alone.startswith("Phụ lục\nDANH MỤC")


def test_fonts_are_only_tinos_and_embedded() -> None:
    for document in OFFICES.values():
        rows = tool(render_pdf(document, Issue(demo=True)), "pdffonts").splitlines()[2:]
        assert len(rows) == 4
        for row in rows:
            assert "Tinos" in row.split()[0]
            assert row.split()[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, with Unicode


def test_text_comes_back_whole_and_nfc() -> None:
    for document in OFFICES.values():
        done = render_document(document, ISSUE)
        text = all_text(done.pdf, done.pages)
        assert unicodedata.is_normalized("NFC", text)
        flat = bare(text)
        for section in document.sections:
            title = section.title.upper() if section.level == 1 else section.title
            assert bare(f"{section.mark} {title}") in flat
            for paragraph in section.paragraphs:
                assert bare(paragraph.text) in flat
        for basis in document.bases:
            assert bare(basis) in flat


def test_demo_mark_stands_in_the_foot_margin_of_every_page() -> None:
    pdf = render_pdf(sample(), Issue(demo=True))
    marks = [line for line in lines(pdf) if line.text == DEMO_MARK]
    assert [line.page for line in marks] == list(range(1, page_count(pdf) + 1))
    assert all(line.top > 190 if _is_landscape(pdf, line.page) else line.top > 277 for line in marks)
    assert DEMO_MARK not in tool(render_pdf(sample()), "pdftotext")


def test_metadata_names_paper_and_office_only() -> None:
    pdf = render_pdf(sample(), ISSUE)
    info = dict(row.split(":", 1) for row in tool(pdf, "pdfinfo").splitlines() if ":" in row)
    assert info["Title"].strip().startswith("BÁO CÁO Kết quả thực hiện công tác dân vận")
    assert info["Author"].strip() == "Ủy ban nhân dân xã Vĩnh Thủy"
    assert b"/Lang (vi-VN)" in pdf
    assert "A4" in info["Page size"]


def test_headings_follow_their_level_and_stay_with_their_text() -> None:
    for filler in range(0, 60, 3):
        opening = tuple(body(f"fill{index}", "Dòng đệm.") for index in range(filler))
        sections = (
            ReportSection("s", 1, "I.", "Tiêu đề", ()),
            ReportSection("t", 2, "1.", "Mục con", (body("p", "Nội dung. " * 40),)),
        )
        done = render_document(sample(sections=sections, opening=opening, annexes=()), ISSUE)
        assert done.key_pages["s"] == done.key_pages["t"] == done.key_pages["p"]


def test_untitled_sections_run_in_and_parts_are_centred() -> None:
    sections = (
        ReportSection("part", 1, "Phần I", "Đánh giá", ()),
        ReportSection("a", 2, "1.", "", (body("a.p", "Nội dung không có tiêu đề."),)),
    )
    pdf = render_pdf(sample(sections=sections, annexes=()), ISSUE)
    part = next(line for line in lines(pdf) if line.text == "Phần I")
    assert part.centre == pytest.approx(112.5, abs=0.1)
    assert find(pdf, "1. Nội dung không có tiêu đề.").left == pytest.approx(42.7, abs=0.05)


def test_long_place_names_and_agencies_wrap_inside_their_columns() -> None:
    head = Head(
        ("ỦY BAN NHÂN DÂN THÀNH PHỐ HỒ CHÍ MINH",), ("TRUNG TÂM " + "ỨNG DỤNG TIẾN BỘ KHOA HỌC " * 4,), "BC-TTUD",
        "Thành phố Hồ Chí Minh", "BÁO CÁO", "Kết quả " * 60, ("Ủy ban nhân dân " * 12,),
    )  # fmt: skip
    pdf = render_pdf(sample(head), ISSUE)
    for line in lines(pdf):
        if line.page == 1:
            assert line.left >= 29.9 and line.right <= 195.1
