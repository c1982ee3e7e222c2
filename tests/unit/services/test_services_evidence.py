"""Evidence: kept once, capped, never a program, never a paper marked secret; copies for viewers are private and go."""

from __future__ import annotations

import io
import stat
import sys
import zipfile
from collections.abc import Iterator

import pytest
from docx import Document
from services_office import make

from danvan_desktop.kernel.clock import FixedClock
from danvan_desktop.kernel.errors import Refused
from danvan_desktop.services import evidence as evidence_module
from danvan_desktop.services.evidence_check import is_marked_secret, is_program
from danvan_desktop.services.office import Office
from danvan_desktop.services.records import RecordInput


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    from datetime import UTC, datetime

    opened = make(tmp_path_factory.mktemp("evidence") / "home", FixedClock(datetime(2026, 5, 28, 1, tzinfo=UTC)))
    yield opened
    opened.close()


def archive(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return out.getvalue()


def paper(*lines: str) -> bytes:
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def drawn(*lines: str) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    for number, line in enumerate(lines):
        canvas.drawString(60, 780 - 20 * number, line)
    canvas.save()
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90", "anh.jpg"),
        (b"#!/bin/sh\n", "bien ban.txt"),
        (b"\n<HTML><script>", "bien ban.pdf"),
        (b"@echo off\r\n", "x.txt"),
        (b"[Desktop Entry]\n", "x"),
        (b"L\x00\x00\x00\x01\x14\x02\x00", "bien ban.pdf"),
        (b"x", "trang.HTML"),
        (b"x", "Ảnh.png.svg"),
        (b"x", "a.exe. "),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "anh.jpg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"), "bang.xls"),
        (archive("word/document.xml", "word/vbaProject.bin"), "bien ban.docx"),
        (archive("Ảnh/1.jpg", "cai dat/setup.exe"), "ảnh.zip"),
    ],
)
def test_programs_and_scripts_by_name_and_content(data: bytes, name: str) -> None:
    assert is_program(data, name)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7", "Biên bản.pdf"),
        (b"\xff\xd8\xff\xe0", "Ảnh.JPG"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "bang.xls"),
        (archive("word/document.xml", "xl/printerSettings/printerSettings1.bin"), "bien ban.docx"),
        (b"PK\x03\x04 broken", "ảnh.zip"),
        ("Nội dung".encode(), "ghi chép.txt"),
    ],
)
def test_papers_and_pictures_are_no_programs(data: bytes, name: str) -> None:
    assert not is_program(data, name)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"x", "Công văn 12 (MẬT).pdf"),
        (b"x", "KH-05-tối mật.docx"),
        (b"x", "12_MẬT_UBND xã.jpg"),
        (b"x", "Tài liệu mật.jpg"),
        (paper("ỦY BAN NHÂN DÂN", "MẬT", "Về việc"), "cv.docx"),
        (paper("TUYỆT MẬT"), "cv.docx"),
        ("Độ mật: Mật\nNội dung".encode(), "cv.txt"),
    ],
)
def test_papers_marked_secret(data: bytes, name: str) -> None:
    assert is_marked_secret(data, name)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"x", "Mật ong rừng.jpg"),
        (b"x", "MẬT ONG RỪNG.JPG"),
        (b"x", "Tập huấn bảo vệ bí mật nhà nước.pdf"),
        (paper("Công tác bảo mật", "Bầu cử theo nguyên tắc bỏ phiếu kín, giữ bí mật"), "cv.docx"),
        (drawn("BIEN BAN", "Noi dung"), "cv.pdf"),
        (b"%PDF-1.7 broken", "cv.pdf"),
    ],
)
def test_papers_not_marked_secret(data: bytes, name: str) -> None:
    assert not is_marked_secret(data, name)


def test_a_secret_pdf_is_found_by_its_stamp() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    from danvan_desktop.kernel.assets import resources

    pdfmetrics.registerFont(TTFont("Stamp", str(resources() / "fonts" / "Tinos_400Regular.ttf")))
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("Stamp", 13)
    canvas.drawString(60, 780, "ỦY BAN NHÂN DÂN")
    canvas.drawString(60, 750, "MẬT")
    canvas.save()
    assert is_marked_secret(out.getvalue(), "cv.pdf")


def test_refused_with_a_sentence(office: Office) -> None:
    with pytest.raises(Refused) as caught:
        office.records.evidence.add_bytes(paper("TỐI MẬT"), "cv.docx")
    assert caught.value.code == "evidence_secret" and "bí mật nhà nước" in caught.value.message


def test_kept_once_by_content(office: Office) -> None:
    first = office.records.evidence.add_bytes(b"\xff\xd8 one", "Ảnh hội nghị.jpg")
    assert office.records.evidence.add_bytes(b"\xff\xd8 one", "khac.jpg") == first
    assert first.name == "Ảnh hội nghị.jpg"


def test_a_record_holds_so_much(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    add = office.records.evidence.add_bytes
    kept = [add(b"\xff\xd8" + bytes([number]) * 100, f"{number}.jpg").sha256 for number in range(3)]
    monkeypatch.setattr(evidence_module, "MAX_RECORD_FILES", 3)
    with pytest.raises(Refused, match="evidence_too_many"):
        add(b"\xff\xd8 four", "4.jpg", kept)
    monkeypatch.setattr(evidence_module, "MAX_RECORD_FILES", 40)
    monkeypatch.setattr(evidence_module, "MAX_RECORD_BYTES", 350)
    add(b"\xff\xd8 four", "4.jpg", kept)
    with pytest.raises(Refused, match="evidence_too_many") as caught:
        add(b"\xff\xd8" + b"5" * 60, "5.jpg", kept)
    assert "5.jpg" in caught.value.message
    monkeypatch.setattr(evidence_module, "MAX_RECORD_BYTES", 300)
    with office.context.store.read() as uow:
        unit = uow.agencies.list()[0].id
    with pytest.raises(Refused, match="evidence_too_many"):
        office.records.save("petition", RecordInput(unit, {}, evidence=tuple(kept)), final=False)


def test_copies_for_viewers_are_private_and_go(office: Office) -> None:
    evidence = office.records.evidence
    kept = evidence.add_bytes(b"%PDF-1.7 view", "Biên bản họp.pdf")
    copy = evidence.view_copy(kept.sha256)
    assert copy.name.endswith("Biên bản họp.pdf") and copy.read_bytes() == b"%PDF-1.7 view"
    assert evidence.view_copy(kept.sha256) == copy, "opened twice: one copy"
    if sys.platform != "win32":
        assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700
    evidence.clear_viewing()
    assert not copy.parent.exists()
