"""The half-year reports of the four kinds of offices, drafted from the shipped catalogue, measured on the paper."""

from __future__ import annotations

from functools import cache
from itertools import groupby

import pytest
from golden_reports import OFFICES, VILLAGE, golden
from pdf_reading import MM, Print, bare, prints, rules, tool
from sample_document import body, sample

from danvan_desktop.kernel import vi
from danvan_desktop.render.pdf import Rendered, render_document
from danvan_desktop.render.table_head import depth
from danvan_desktop.reporting.model import Head, Issue, ReportSection, Signature
from danvan_desktop.services.first_start import hints, propose_head, propose_place
from danvan_desktop.services.signing_forms import form_of

ISSUE = Issue(5, "2026-06-04")
WITHIN = 0.25  # mm: poppler tells thirds of a point
KINDS = pytest.mark.parametrize("kind", OFFICES)


@cache
def paper(kind: str) -> tuple[Rendered, list[Print]]:
    done = render_document(golden(kind), ISSUE)
    return done, prints(done.pdf)


def one(printed: list[Print], text: str, *, page: int = 0) -> Print:
    return next(item for item in printed if item.text.startswith(text) and page in (0, item.page))


def first_pages(kind: str) -> list[int]:
    """The first page of the paper and of each annex, from 1."""
    done, _ = paper(kind)
    return [1, *(done.key_pages[annex.key] + 1 for annex in golden(kind).annexes)]


@KINDS
def test_nothing_stands_in_the_margins_but_the_page_number(kind: str) -> None:
    _, printed = paper(kind)
    landscape: set[int] = set()
    for annex, page in zip(golden(kind).annexes, first_pages(kind)[1:], strict=True):
        later = [first for first in first_pages(kind) if first > page]
        if annex.landscape:
            landscape.update(range(page, later[0] if later else 10_000))
    assert landscape, "a landscape annex belongs to a whole report"
    numbers: dict[int, Print] = {}
    for item in printed:
        width, height = (297, 210) if item.page in landscape else (210, 297)
        if item.top < 18:
            numbers[item.page] = item
            continue
        assert item.left >= 30 - WITHIN and item.right <= width - 15 + WITHIN, item
        assert item.top >= 20 - WITHIN and item.top + item.size / MM <= height - 20 + WITHIN, item
    count = 0
    for page in range(1, paper(kind)[0].pages + 1):
        count = 1 if page in first_pages(kind) else count + 1
        assert (page in numbers) == (count > 1)
        if count > 1:
            number = numbers[page]
            assert (number.text, number.size, number.face) == (str(count), 13, "Regular")
            assert number.centre == pytest.approx(30 + ((297 if page in landscape else 210) - 45) / 2, abs=WITHIN)
            assert 5 < number.top < 15


@KINDS
def test_the_head_of_the_first_page(kind: str) -> None:
    _, printed = paper(kind)
    document = golden(kind)
    nation, motto = one(printed, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), one(printed, "Độc lập - Tự do - Hạnh phúc")
    dated = one(printed, f"{document.head.place}, ngày 04 tháng 6 năm 2026")
    numbered = one(printed, f"Số: 05/{document.head.symbol}")
    assert [(item.size, item.face) for item in (nation, motto, dated, numbered)] == [
        (12, "Bold"), (13, "Bold"), (13, "Italic"), (13, "Regular")
    ]  # fmt: skip
    for item in (motto, dated):
        assert item.centre == pytest.approx(nation.centre, abs=WITHIN)
    assert numbered.top == pytest.approx(dated.top, abs=WITHIN)
    left = [item for item in printed if item.page == 1 and item.top < numbered.top and item.right < nation.left]
    words = bare("".join((*document.head.superior_lines, *document.head.issuer_lines)))
    assert bare("".join(item.text for item in left)) == words
    above = len("".join(document.head.superior_lines).replace(" ", ""))
    for item in left:
        assert item.centre == pytest.approx(numbered.centre, abs=WITHIN)
        assert item.size == 12 and item.text == item.text.upper()
        assert item.face == ("Regular" if above > 0 else "Bold")
        above -= len(bare(item.text))
    assert min(item.top for item in left) == pytest.approx(nation.top, abs=WITHIN)
    drawn = rules(paper(kind)[0].pdf, 0)[:3]
    under_motto = next(rule for rule in drawn if abs((rule[0] + rule[1]) / 2 - nation.centre) < WITHIN)
    under_issuer = next(rule for rule in drawn if abs((rule[0] + rule[1]) / 2 - numbered.centre) < WITHIN)
    assert under_motto[1] - under_motto[0] == pytest.approx(motto.right - motto.left, abs=0.4)
    for issuer in left[-len(document.head.issuer_lines) :]:
        assert 1 / 3 - 0.01 <= (under_issuer[1] - under_issuer[0]) / (issuer.right - issuer.left) <= 0.51


@KINDS
def test_type_abstract_and_addressee(kind: str) -> None:
    _, printed = paper(kind)
    head = golden(kind).head
    middle = 30 + 165 / 2
    title = one(printed, "BÁO CÁO")
    abstract = [one(printed, line[:40]) for line in head.abstract.splitlines()]
    for item in (title, *abstract):
        assert (item.size, item.face) == (14, "Bold")
        assert item.centre == pytest.approx(middle, abs=WITHIN)
    rule = next(item for item in rules(paper(kind)[0].pdf, 0) if item[2] > abstract[-1].top)
    assert (rule[0] + rule[1]) / 2 == pytest.approx(middle, abs=WITHIN)
    for item in abstract:
        assert 1 / 3 - 0.01 <= (rule[1] - rule[0]) / (item.right - item.left) <= 0.51
    call = one(printed, "Kính gửi:")
    assert (call.text, call.size, call.face) == (f"Kính gửi: {head.addressees[0]}", 14, "Regular")
    assert call.centre == pytest.approx(middle, abs=WITHIN)


@KINDS
def test_body_and_headings(kind: str) -> None:
    _, printed = paper(kind)
    document = golden(kind)
    for section in document.sections:
        title = section.title.upper() if section.level == 1 else section.title
        heading = one(printed, f"{section.mark} {title}"[:30])
        assert (heading.size, heading.face) == (14, "Bold")
        assert heading.left == pytest.approx(30 + 12.7, abs=WITHIN)
    opening = one(printed, document.opening[0].text[:40])
    after = next(item for item in printed if item.page == 1 and item.top > opening.top + 1)
    assert opening.left == pytest.approx(42.7, abs=WITHIN) and after.left == pytest.approx(30, abs=WITHIN)
    assert opening.right == pytest.approx(195, abs=WITHIN)
    assert (after.top - opening.top) * MM == pytest.approx(16.8, abs=0.4)
    text = [item for item in printed if item.page == 1 and item.top >= opening.top]
    assert {(item.size, item.face) for item in text} <= {(14, "Regular"), (14, "Bold")}


@KINDS
def test_the_end_of_the_paper(kind: str) -> None:
    done, printed = paper(kind)
    document = golden(kind)
    assert done.signature is not None
    last = [item for item in printed if item.page == done.signature.page + 1]
    title = one(last, "Nơi nhận:")
    assert (title.size, title.face) == (12, "BoldItalic") and title.left == pytest.approx(30, abs=WITHIN)
    listed = [item for item in last if item.text.startswith("- ") and item.top > title.top]
    assert [item.text for item in listed] == [
        f"- {name}{'.' if name is document.recipients[-1] else ';'}" for name in document.recipients
    ]
    assert {(item.size, item.face) for item in listed} == {(11, "Regular")}
    lines = [one(last, text) for text in document.signature.authority_lines]
    name = one(last, document.signature.name)
    for item in (*lines, name):
        assert (item.size, item.face) == (14, "Bold")
        assert item.centre == pytest.approx(name.centre, abs=WITHIN) and item.left > 105
    assert lines[0].text == lines[0].text.upper() and name.text != name.text.upper()
    assert title.top + title.size / MM == pytest.approx(lines[0].top + lines[0].size / MM, abs=0.6)
    above = {round(item.top) for item in last if 18 < item.top < title.top - 1}
    assert len(above) >= 2, "the signature never stands alone"


@KINDS
def test_annexes_are_numbered_tied_and_have_their_heads_on_every_page(kind: str) -> None:
    done, printed = paper(kind)
    document = golden(kind)
    tied = f"(Kèm theo Báo cáo số 05/{document.head.symbol} ngày 04 tháng 6 năm 2026 của {document.office_name})"
    firsts = [*first_pages(kind)[1:], done.pages + 1]
    small: set[int] = set()
    for index, annex in enumerate(document.annexes):
        page = firsts[index]
        top = [item for item in printed if item.page == page]
        label = one(top, f"Phụ lục {vi.roman(index + 1)}")
        assert (label.size, label.face) == (14, "Bold")
        middle = label.centre
        title = [item for item in top if item.face == "Bold" and item.size == 14 and item is not label]
        assert bare("".join(item.text for item in title)) == bare(annex.title.upper())
        reference = [item for item in top if item.face == "Italic" and item.size == 14]
        assert bare("".join(item.text for item in reference)) == bare(tied)
        for item in (*title, *reference):
            assert item.centre == pytest.approx(middle, abs=WITHIN)
        rule = next(rule for rule in rules(done.pdf, page - 1) if rule[2] > reference[-1].top)
        assert 1 / 3 - 0.01 <= (rule[1] - rule[0]) / (reference[-1].right - reference[-1].left) <= 0.51
        for number in range(page, firsts[index + 1]):
            bold = bare("".join(item.text for item in printed if item.page == number and item.face == "Bold"))
            assert all(bare(column.title.split()[0]) in bold for column in annex.columns), (annex.key, number)
        if depth(annex.columns) > 1:  # a wide statistical form has smaller letters
            small.update(range(page, firsts[index + 1]))
    assert {item.size for item in printed if item.page not in small} <= {11, 12, 13, 14}
    assert min(item.size for item in printed) >= 8
    assert {item.face for item in printed} == {"Regular", "Bold", "Italic", "BoldItalic"}


@KINDS
def test_every_word_and_number_of_the_report_is_on_the_paper(kind: str) -> None:
    document = golden(kind)
    done, printed = paper(kind)
    own = [item.text for item in printed if item.page < first_pages(kind)[1] and item.top >= 18]
    text = bare("".join(own))
    for paragraph in (*document.opening, *(p for s in document.sections for p in s.paragraphs), *document.closing):
        assert bare(paragraph.text) in text
    assert text.count("./.") == 1
    flat = bare(tool(done.pdf, "pdftotext", "-raw"))
    for annex in document.annexes:
        for row in annex.rows:
            for cell in row.cells:
                assert all(word in flat for word in cell.split()), (annex.key, row.key)
    # the numbers of a table stand in its columns, in the order of its rows
    annex = document.annexes[0]
    at = [column.key for column in annex.columns].index("value")
    wanted = [row.cells[at] for row in annex.rows if row.kind == "row"]
    first, end = first_pages(kind)[1], first_pages(kind)[2]
    column = [item for item in printed if first <= item.page < end and item.text in set(wanted) and item.size == 12]
    edges = {key: len(list(group)) for key, group in groupby(sorted(round(item.right * 2) for item in column))}
    edge = max(edges, key=lambda key: edges[key])
    mine = [item.text for item in column if abs(item.right * 2 - edge) <= 1]
    missing = [value for value in wanted if " " not in value and value not in mine]
    assert missing == [] and len(mine) >= len([value for value in wanted if " " not in value]) * 0.95


def test_names_of_villages_of_sixty_letters_stay_whole_in_their_column() -> None:
    done, printed = paper("commune")
    assert len(VILLAGE) >= 60
    page = done.key_pages["models"] + 1
    cell = [item for item in printed if item.page == page and item.text in VILLAGE]
    assert bare("".join(item.text for item in cell)).startswith(bare(VILLAGE))


HEADS = {
    "Ủy ban nhân dân xã Vĩnh Thủy": ("Ủy ban nhân dân tỉnh Quảng Trị", (), ("ỦY BAN NHÂN DÂN", "XÃ VĨNH THỦY"),
                                     "BC-UBND", "Vĩnh Thủy"),
    "Sở Nội vụ tỉnh Quảng Trị": ("Ủy ban nhân dân tỉnh Quảng Trị", ("UBND TỈNH QUẢNG TRỊ",), ("SỞ NỘI VỤ",), "BC-SNV",
                                 "Quảng Trị"),
    "Phòng Văn hóa - Xã hội": ("Ủy ban nhân dân xã Vĩnh Thủy", ("UBND XÃ VĨNH THỦY",), ("PHÒNG VĂN HÓA - XÃ HỘI",),
                               "BC-VHXH", "Vĩnh Thủy"),
    "Văn phòng HĐND và UBND xã Vĩnh Thủy": ("Ủy ban nhân dân xã Vĩnh Thủy", ("UBND XÃ VĨNH THỦY",),
                                            ("VĂN PHÒNG HĐND VÀ UBND",), "BC-VP", "Vĩnh Thủy"),
    "Trung tâm Phục vụ hành chính công": ("Ủy ban nhân dân xã Vĩnh Thủy", ("UBND XÃ VĨNH THỦY",),
                                          ("TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",), "BC-TTPVHCC", "Vĩnh Thủy"),
    "Trường Tiểu học Vĩnh Thủy": ("Ủy ban nhân dân xã Vĩnh Thủy", ("UBND XÃ VĨNH THỦY",),
                                  ("TRƯỜNG TIỂU HỌC VĨNH THỦY",), "BC-THVT", "Vĩnh Thủy"),
    "Trạm Y tế phường 1": ("Ủy ban nhân dân phường 1", ("UBND PHƯỜNG 1",), ("TRẠM Y TẾ",), "BC-TYT", "Phường 1"),
    "Chi cục Kiểm lâm": ("Sở Nông nghiệp và Môi trường tỉnh Quảng Trị",
                         ("SỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG TỈNH QUẢNG TRỊ",), ("CHI CỤC KIỂM LÂM",), "BC-CCKL",
                         "Quảng Trị"),
}  # fmt: skip
SHORT = (ReportSection("s", 1, "I.", "Kết quả", (body("p", "Đã thực hiện."),)),)


def sheet(head: Head, signature: Signature) -> list[Print]:
    document = sample(head, signature, sections=SHORT, annexes=(), bases=())
    return prints(render_document(document, ISSUE).pdf, 1)


@pytest.mark.parametrize("name", HEADS)
def test_heads_of_every_kind_of_office(name: str) -> None:
    above, superior, issuer, symbol, place = HEADS[name]
    assert propose_head(name, above) == (superior, issuer)
    assert propose_place(name, above) == place
    printed = sheet(Head(superior, issuer, symbol, place, "BÁO CÁO", "Kết quả"), Signature(("GIÁM ĐỐC",), "Tên"))
    number, nation = one(printed, f"Số: 05/{symbol}"), one(printed, "CỘNG HÒA")
    column = [item for item in printed if item.top < number.top and item.right < nation.left]
    assert bare("".join(item.text for item in column)) == bare("".join((*superior, *issuer)))
    assert [item.face for item in column] == sorted((item.face for item in column), reverse=True)  # Regular, then Bold
    assert {item.face for item in column} == ({"Regular", "Bold"} if superior else {"Bold"})
    assert all(item.centre == pytest.approx(number.centre, abs=WITHIN) for item in column)
    assert nation.left - max(item.right for item in column) >= 1.9  # the columns never touch, mm
    assert one(printed, f"{place}, ngày 04 tháng 6 năm 2026").centre == pytest.approx(nation.centre, abs=WITHIN)


FORMS = {form.key: lines for profile in hints().values() for lines in profile.signing if (form := form_of(lines))}


@pytest.mark.parametrize("lines", FORMS.values(), ids=FORMS.keys())
def test_every_signing_form_is_printed_as_the_decree_has_it(lines: tuple[str, ...]) -> None:
    printed = sheet(Head((), ("CƠ QUAN",), "BC-CQ", "Nơi", "BÁO CÁO", "Kết quả"), Signature(lines, "Nguyễn Văn Ví Dụ"))
    name = one(printed, "Nguyễn Văn Ví Dụ")
    level = one(printed, "Nơi nhận:")
    signed = [item for item in printed if level.top - 2 < item.top < name.top and item.left > 100]
    assert bare("".join(item.text for item in signed)) == bare("".join(lines))
    assert all((item.size, item.face) == (14, "Bold") for item in (*signed, name))
    assert all(item.centre == pytest.approx(name.centre, abs=WITHIN) for item in signed)
    assert name.top - signed[-1].top - signed[-1].size / MM >= 20  # room for the hand and the seal, mm
