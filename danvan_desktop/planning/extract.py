"""The text of a plan file: txt, docx or pdf. Told by its bytes, not by its name; every trouble is a plain sentence."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from ..kernel.errors import Refused
from ..kernel.legacy_text import common_words, modernise
from ..kernel.text import nfc

MAX_FILE = 40_000_000  # bytes
MAX_UNPACKED = 200_000_000  # bytes of all members of a docx together
MAX_TEXT = 3_000_000  # characters
MAX_PAGES = 600
_SCAN_LETTERS = 15  # letters a page: fewer is a picture of text


def text_of(data: bytes, name: str) -> str:
    """The text of the plan file ``data`` called ``name``, NFC, lines parted by ``\\n``, pages by ``\\f``.

    Raises Refused: ``plan_empty``, ``plan_type`` (another kind of file), ``plan_damaged``, ``plan_too_large``,
    ``plan_scan`` (pictures without text).
    """
    if not data.strip(b"\x00 \t\r\n\f"):
        raise Refused("plan_empty", "Tệp kế hoạch trống, không có nội dung; hãy chọn tệp khác.", name=name)
    if len(data) > MAX_FILE:
        raise _too_large(name)
    kind = _kind(data, name)
    if kind == "pdf":
        text = _pdf_text(data, name)
    elif kind == "docx":
        text = _docx_text(data, name)
    else:
        text = _plain_text(data, name)
    text = nfc(text)
    if len(text) > MAX_TEXT:
        raise _too_large(name)
    if not any(char.isalnum() for char in text):
        raise Refused("plan_empty", "Tệp không có chữ nào đọc được; hãy chọn tệp khác hoặc gõ kế hoạch.", name=name)
    return modernise(text)


def _too_large(name: str) -> Refused:
    return Refused(
        "plan_too_large",
        "Tệp quá lớn đối với một kế hoạch nên không mở; hãy tách phần lời văn thành một tệp riêng rồi nhập lại.",
        name=name,
    )


def _damaged(name: str) -> Refused:
    return Refused(
        "plan_damaged", "Tệp bị hỏng hoặc không đọc được; chưa nhập gì, hãy xin lại tệp từ nơi gửi.", name=name
    )


def _other_type(name: str, sentence: str) -> Refused:
    return Refused("plan_type", sentence, name=name)


def _kind(data: bytes, name: str) -> str:
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return "docx"
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _other_type(
            name,
            "Tệp Word kiểu cũ (.doc) hoặc tệp Word có mật khẩu chưa đọc được; hãy mở bằng Word, bỏ mật khẩu nếu có, "
            "lưu thành .docx rồi nhập lại.",
        )
    if data[:5] == b"{\\rtf":
        raise _other_type(name, "Tệp .rtf chưa đọc được; hãy mở bằng Word, lưu thành .docx rồi nhập lại.")
    if data[:4] in (b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*") or data[:3] == b"\xff\xd8\xff":
        raise _scan(name)
    suffix = PurePath(name).suffix.lower()
    if suffix in (".pdf", ".docx"):
        raise _damaged(name)
    return "txt"


def _scan(name: str) -> Refused:
    return Refused(
        "plan_scan",
        "Tệp là ảnh chụp hoặc bản quét, không có chữ để đọc; hãy xin tệp Word hoặc PDF có chữ, hoặc gõ kế hoạch vào "
        "chương trình.",
        name=name,
    )


# --- plain text ------------------------------------------------------------------------------------------------------


def _plain_text(data: bytes, name: str) -> str:
    for mark, codec in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return data.decode(codec)
            except UnicodeDecodeError:
                return data.decode(codec, errors="replace").replace("\ufffd", "")
    if b"\x00" in data[:4096]:
        wide = _bare_utf16(data)
        if wide is not None:
            return wide
        raise _other_type(
            name, "Đây không phải tệp văn bản; chương trình đọc được kế hoạch dạng .docx, .pdf (có chữ) và .txt."
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _old_text(data, name)


def _bare_utf16(data: bytes) -> str | None:
    for codec, zeros in (("utf-16-le", data[1:400:2]), ("utf-16-be", data[0:400:2])):
        if zeros and zeros.count(0) > 0.3 * len(zeros):
            text = data[: len(data) // 2 * 2].decode(codec, errors="replace").replace("\ufffd", "")
            return text if "\x00" not in text else None
    return None


def _old_text(data: bytes, name: str) -> str:
    """Text of one byte a letter: Windows-1258, TCVN3 or VNI, whichever gives Vietnamese words."""
    controls = sum(byte < 9 or 13 < byte < 32 for byte in data[:4096])
    if controls > 0.02 * len(data[:4096]):
        raise _other_type(
            name, "Đây không phải tệp văn bản; chương trình đọc được kế hoạch dạng .docx, .pdf (có chữ) và .txt."
        )
    windows = nfc(data.decode("cp1258", errors="replace"))
    older = modernise(data.decode("cp1252", errors="replace"))
    broken = data.decode("utf-8", errors="replace")
    best = max((windows, older, broken), key=common_words)
    return best.replace("\ufffd", "")


# --- docx ------------------------------------------------------------------------------------------------------------


def _docx_text(data: bytes, name: str) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            if sum(member.file_size for member in members) > MAX_UNPACKED or len(members) > 5000:
                raise _too_large(name)
            names = {member.filename for member in members}
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise _damaged(name) from error
    if "word/document.xml" not in names and not any(re.fullmatch(r"word/document\d*\.xml", item) for item in names):
        raise _other_type(
            name, "Tệp này không phải văn bản Word; chương trình đọc được kế hoạch dạng .docx, .pdf (có chữ) và .txt."
        )
    from .docx_text import read_docx  # python-docx takes 100 ms to load: only when needed

    try:
        text, pictures = read_docx(data)
    except Refused:
        raise
    except Exception as error:  # whatever a mutilated package makes the libraries raise
        raise _damaged(name) from error
    if pictures and sum(char.isalpha() for char in text) < _SCAN_LETTERS:
        raise _scan(name)
    return text


# --- pdf -------------------------------------------------------------------------------------------------------------


def _pdf_text(data: bytes, name: str) -> str:
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "assword" in str(error):
            raise Refused(
                "plan_damaged",
                "Tệp PDF có mật khẩu nên không mở được; hãy xin tệp không đặt mật khẩu.",
                name=name,
                encrypted=True,
            ) from error
        raise _damaged(name) from error
    try:
        if len(document) > MAX_PAGES:
            raise _too_large(name)
        pages = []
        for index in range(len(document)):
            page = document[index]
            try:
                textpage = page.get_textpage()
                try:
                    pages.append(textpage.get_text_bounded(errors="ignore"))
                finally:
                    textpage.close()
            finally:
                page.close()
    except pdfium.PdfiumError as error:
        raise _damaged(name) from error
    finally:
        document.close()
    if not pages:
        raise _damaged(name)
    if sum(char.isalpha() for page in pages for char in page) < _SCAN_LETTERS * len(pages):
        raise _scan(name)
    return "\f".join(page.replace("\r\n", "\n") for page in pages)
