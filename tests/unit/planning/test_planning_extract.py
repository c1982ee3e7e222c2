"""Files of plans: every kind gives its text or a plain refusal."""

from __future__ import annotations

import io
import random
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import docx
import pypdfium2 as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from danvan_desktop.kernel.assets import resources
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.kernel.legacy_text import from_tcvn3, from_vni
from danvan_desktop.planning import extract
from danvan_desktop.planning.extract import text_of
from danvan_desktop.planning.parse import parse_plan

DATA = Path(__file__).parent / "data"
CODES = {"plan_empty", "plan_type", "plan_damaged", "plan_too_large", "plan_scan"}
SENTENCE = "Kế hoạch thực hiện công tác dân vận chính quyền của các đơn vị năm 2026"


def refusal(data: bytes, name: str) -> str:
    with pytest.raises(Refused) as caught:
        text_of(data, name)
    assert caught.value.message.endswith(".")
    return caught.value.code


def docx_bytes(document: Any) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def word_plan() -> bytes:
    """A plan as Word holds it: layout table, automatic numbers, a task table, a page head and foot."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Xã Suối Rao"
    head = document.add_table(rows=2, cols=2)
    head.cell(0, 0).text = "ỦY BAN NHÂN DÂN\nXÃ SUỐI RAO"
    head.cell(0, 1).text = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc"
    head.cell(1, 0).text = "Số: 12/KH-UBND"
    head.cell(1, 1).text = "Suối Rao, ngày 02 tháng 02 năm 2026"
    document.add_paragraph("KẾ HOẠCH")
    document.add_paragraph("Thực hiện công tác dân vận chính quyền năm 2026")
    document.add_paragraph("Ủy ban nhân dân xã Suối Rao ban hành Kế hoạch như sau:")
    document.add_paragraph("I. MỤC ĐÍCH")
    document.add_paragraph("Gần dân hơn.")
    document.add_paragraph("II. NHIỆM VỤ")
    document.add_paragraph("Tuyên truyền, vận động Nhân dân.", style="List Number")
    document.add_paragraph("Tiếp công dân, đối thoại với Nhân dân.", style="List Number")
    document.add_paragraph("III. PHÂN CÔNG")
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ("Nội dung công việc", "Đơn vị thực hiện", "Thời gian"), strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, ("Mở hội nghị đối thoại", "Văn phòng", "Quý II/2026"), strict=True):
        cell.text = text
    foot = document.add_table(rows=1, cols=2)
    foot.cell(0, 0).text = "Nơi nhận:\n- UBND tỉnh;\n- Lưu: VT."
    foot.cell(0, 1).text = "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\n\nPhan Thế Sự"
    return docx_bytes(document)


def pdf_plan(pages: int = 3, encrypt: str | None = None) -> bytes:
    """A real PDF of ``pages`` pages with a running head and page numbers."""
    if "PlanTinos" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("PlanTinos", str(resources() / "fonts" / "Tinos_400Regular.ttf")))
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(encrypt, ownerPassword="chu") if encrypt else None)
    body = [["KẾ HOẠCH", "Thực hiện công tác dân vận chính quyền năm 2026", "I. NHIỆM VỤ"]]
    body += [[f"{page}. Tuyên truyền, vận động Nhân dân ở thôn số {page} làm đường."] for page in range(1, pages)]
    for number, lines in enumerate(body, 1):
        canvas.setFont("PlanTinos", 13)
        canvas.drawString(80, 800, "Văn bản nội bộ xã Gia Vân")
        for row, line in enumerate(lines):
            canvas.drawString(80, 760 - 20 * row, line)
        canvas.drawString(300, 30, str(number))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def test_word_plans_come_with_tables_numbers_and_heads() -> None:
    text = text_of(word_plan(), "ke hoach.docx")
    assert "1. Tuyên truyền, vận động Nhân dân." in text
    assert "| Mở hội nghị đối thoại | Văn phòng | Quý II/2026 |" in text
    plan = parse_plan(text)
    assert plan.title == "Thực hiện công tác dân vận chính quyền năm 2026"
    assert (plan.number_symbol, plan.issuer) == ("12/KH-UBND", "Ủy ban nhân dân xã Suối Rao")
    assert [(task.mark, task.area) for task in plan.tasks] == [("1", 2), ("2", 6)]
    assert [(item.body, item.duties) for item in plan.assignments] == [
        ("Văn phòng", ("Mở hội nghị đối thoại (Quý II/2026)",))
    ]
    assert (plan.signer.position, plan.signer.name) == ("CHỦ TỊCH", "Phan Thế Sự")
    assert "Đầu trang: Xã Suối Rao" in plan.unplaced


def test_word_scans_and_other_packages_are_refused() -> None:
    document = docx.Document()
    picture = io.BytesIO(_png())
    document.add_picture(picture)
    assert refusal(docx_bytes(document), "quet.docx") == "plan_scan"
    assert refusal(docx_bytes(docx.Document()), "trong.docx") == "plan_empty"
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("xl/workbook.xml", "<x/>")
    assert refusal(other.getvalue(), "bang.xlsx") == "plan_type"
    assert refusal(b"PK\x03\x04" + b"x" * 200, "hong.docx") == "plan_damaged"


def _png() -> bytes:
    bitmap = pdfium.PdfDocument(pdf_plan(1))[0].render(scale=0.2).to_pil() if _has_pil() else None
    if bitmap is not None:
        out = io.BytesIO()
        bitmap.save(out, "PNG")
        return out.getvalue()
    raise AssertionError("Pillow comes with reportlab")


def _has_pil() -> bool:
    import PIL

    return bool(PIL.__version__)


def test_a_zip_bomb_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "MAX_UNPACKED", 1_000_000)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 2_000_000)
    assert refusal(bomb.getvalue(), "bom.docx") == "plan_too_large"


def test_entities_of_a_word_file_are_not_expanded() -> None:
    source = io.BytesIO(word_plan())
    out = io.BytesIO()
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(out, "w") as changed:
        for member in package.infolist():
            data = package.read(member)
            if member.filename == "word/document.xml":
                data = data.replace(
                    b"<w:document", b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><w:document', 1
                ).replace("Gần dân hơn.".encode(), b"&f;")
            changed.writestr(member.filename, data)
    try:
        text = text_of(out.getvalue(), "xxe.docx")
    except Refused as error:
        assert error.code == "plan_damaged"
    else:
        assert Path("/etc/hostname").read_text().strip() not in text.replace("Suối Rao", "")


def test_pdf_plans_lose_page_heads_and_numbers_to_unplaced() -> None:
    text = text_of(pdf_plan(4), "ke hoach.pdf")
    plan = parse_plan(text)
    assert plan.title == "Thực hiện công tác dân vận chính quyền năm 2026"
    assert [task.mark for task in plan.tasks] == ["1", "2", "3"]
    assert plan.unplaced.count("Văn bản nội bộ xã Gia Vân") == 4
    assert "3" in plan.unplaced


def test_pdfs_that_cannot_be_read_are_refused() -> None:
    blank = io.BytesIO()
    canvas = Canvas(blank)
    canvas.rect(50, 50, 200, 200, fill=1)
    canvas.showPage()
    canvas.save()
    assert refusal(blank.getvalue(), "quet.pdf") == "plan_scan"
    assert refusal(pdf_plan(2, encrypt="mat khau"), "khoa.pdf") == "plan_damaged"
    assert refusal(b"%PDF-1.7\n" + b"x" * 300, "hong.pdf") == "plan_damaged"
    assert refusal(b"khong phai pdf", "ten.pdf") == "plan_damaged"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "plan_empty"),
        (b" \n\t\r\n", "plan_empty"),
        (b"---- ....", "plan_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "plan_type"),
        (b"{\\rtf1 Ke hoach}", "plan_type"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "plan_scan"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 50, "plan_scan"),
        (bytes(range(256)) * 8, "plan_type"),
    ],
)
def test_other_files_are_refused_with_a_sentence(data: bytes, code: str) -> None:
    assert refusal(data, "tep.txt") == code


def test_too_large_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "MAX_FILE", 100)
    assert refusal(b"x" * 101, "lon.txt") == "plan_too_large"
    monkeypatch.setattr(extract, "MAX_FILE", 1000)
    monkeypatch.setattr(extract, "MAX_TEXT", 100)
    assert refusal(b"x" * 101, "lon.txt") == "plan_too_large"
    monkeypatch.setattr(extract, "MAX_FILE", 10**6)
    monkeypatch.setattr(extract, "MAX_PAGES", 1)
    assert refusal(pdf_plan(2), "dai.pdf") == "plan_too_large"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_texts_come_as_nfc(codec: str) -> None:
    assert text_of(unicodedata.normalize("NFD", SENTENCE).encode(codec), "a.txt") == SENTENCE


def test_old_encodings_are_read() -> None:
    text = SENTENCE + "\n" + SENTENCE
    windows = unicodedata.normalize("NFC", text)
    pieces = []
    for char in windows:  # Windows-1258 writes tones behind the letter
        try:
            pieces.append(char.encode("cp1258"))
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            tone = next(part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323")
            letter = unicodedata.normalize("NFC", parts.replace(tone, ""))
            pieces.append((letter + tone).encode("cp1258"))
    assert "dân vận chính quyền" in text_of(b"".join(pieces), "cu.txt")
    tcvn3 = "KÕ ho¹ch thùc hiÖn c«ng t¸c d©n vËn chÝnh quyÒn cña c¸c ®¬n vÞ n¨m 2026"
    assert from_tcvn3(tcvn3) == SENTENCE
    assert text_of(tcvn3.encode("cp1252"), "tcvn.txt") == SENTENCE
    assert text_of(tcvn3.encode(), "tcvn-utf8.txt") == SENTENCE
    vni = "Keá hoaïch thöïc hieän coâng taùc daân vaän chính quyeàn cuûa caùc ñôn vò naêm 2026"
    assert from_vni(vni) == SENTENCE
    assert text_of(vni.encode("cp1252"), "vni.txt") == SENTENCE


def test_the_seeds_come_unchanged() -> None:
    for name in ("seed_commune.txt", "seed_department.txt"):
        data = (DATA / name).read_bytes()
        assert text_of(data, name) == unicodedata.normalize("NFC", data.decode("utf-8"))


def _never_crashes(data: bytes, name: str) -> None:
    try:
        parse_plan(text_of(data, name))
    except Refused as error:
        assert error.code in CODES


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600), st.sampled_from(["a.txt", "a.docx", "a.pdf", "a", "a.TXT"]))
def test_no_bytes_crash_it(data: bytes, name: str) -> None:
    _never_crashes(data, name)


@pytest.mark.parametrize("kind", ["docx", "pdf", "zip member"])
def test_mutilated_files_do_not_crash_it(kind: str) -> None:
    whole = pdf_plan(2) if kind == "pdf" else word_plan()
    dice = random.Random(20260528)
    for round_ in range(40):
        if kind == "zip member":
            data = _with_broken_member(whole, dice)
        else:
            mutable = bytearray(whole if round_ % 3 else whole[: dice.randrange(20, len(whole))])
            for _ in range(dice.randrange(1, 30)):
                mutable[dice.randrange(len(mutable))] = dice.randrange(256)
            data = bytes(mutable)
        _never_crashes(data, f"hong.{kind[:4]}")


def _with_broken_member(whole: bytes, dice: random.Random) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as package, zipfile.ZipFile(out, "w") as changed:
        names = package.namelist()
        victim = dice.choice(names)
        for name in names:
            data = bytearray(package.read(name))
            if name == victim and data:
                if dice.random() < 0.3:
                    continue  # the member is missing
                for _ in range(dice.randrange(1, 6)):
                    data[dice.randrange(len(data))] = dice.randrange(32, 127)
            changed.writestr(name, bytes(data))
    return out.getvalue()
