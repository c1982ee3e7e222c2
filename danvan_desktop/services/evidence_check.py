"""What is not taken in as evidence: programs and scripts by name and content, macros, papers marked secret."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

from ..kernel.errors import Refused
from ..kernel.text import nfc
from ..planning.extract import text_of
from ..render.preview import first_words

# What a system may run, or a browser may run scripts of, when it is opened: refused by name, whatever is inside.
_PROGRAM_SUFFIXES = """
exe msi msp msix appx com scr pif bat cmd ps1 psm1 psd1 ps1xml vbs vbe js jse mjs wsf wsh wsc sct hta cpl dll sys ocx
jar jnlp class lnk url reg inf chm scf gadget application settingcontent-ms appref-ms library-ms xll iso img vhd vhdx
sh bash zsh csh run bin elf appimage deb rpm flatpakref desktop py pyw pyc pl rb php lua apk dmg app pkg command
docm xlsm pptm dotm xltm xlam ppsm potm sldm htm html xhtml shtml mht mhtml svg svgz swf xbap one ade mde accde
"""
_PROGRAMS = frozenset(_PROGRAM_SUFFIXES.split())
_PROGRAM_HEADS = (
    b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\xfe\xed\xfa",
    b"L\x00\x00\x00\x01\x14\x02\x00", b"\xed\xab\xee\xdb", b"!<arch>", b"dex\n", b"\x00asm",
)  # fmt: skip
_SCRIPT_HEADS = (
    b"<script", b"<!doctype html", b"<html", b"<svg", b"<?php", b"<job", b"<package", b"<hta:", b"@echo", b"rem ",
    b"[desktop entry]", b"[internetshortcut]", b"windows registry editor", b"mime-version:",
)  # fmt: skip
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old office files, but installers too
_COMPOUND_SUFFIXES = frozenset(
    {"doc", "dot", "xls", "xlt", "ppt", "pps", "pot", "msg", "vsd", "mpp", "pub", "wps", "et"}
)
_VBA = "_VBA_PROJECT".encode("utf-16-le")
_MEMBERS = 5000

_MARK = re.compile(r"(?:độ\s+mật\s*:\s*)?(?:tuyệt\s+mật|tối\s+mật|mật)", re.IGNORECASE)
_STAMP = re.compile(r"TUYỆT\s+MẬT|TỐI\s+MẬT|MẬT")
_SECRET_NAME = re.compile(
    r"(?<!\w)(?:tuyệt|tối|độ|dấu|tài liệu|văn bản|công văn|hồ sơ)[\s_-]+mật(?!\w)|[(\[]\s*mật\s*[)\]]", re.IGNORECASE
)
_SECRET_WORD = re.compile(r"(?:^|[\s_.-])MẬT(?:$|[\s_.-])")
_FIRST_LINES = 60
_READ_AS_TEXT = 8 * 2**20  # larger documents of text are not searched for a mark


def is_program(data: bytes, name: str) -> bool:
    """Whether a system may run this file, or something in it, when it is opened: by its name, or by its content."""
    suffix = _suffix(name)
    if suffix in _PROGRAMS or data.startswith(_PROGRAM_HEADS):
        return True
    if data[:512].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").lower().startswith(_SCRIPT_HEADS) and suffix != "eml":
        return True
    if data.startswith(_COMPOUND):
        return suffix not in _COMPOUND_SUFFIXES or _VBA in data
    return data.startswith(b"PK") and _program_inside(data)


def _suffix(name: str) -> str:
    return Path(name.strip(" .")).suffix.lstrip(".").strip().lower()


def _program_inside(data: bytes) -> bool:
    """Whether an archive (or an office file, which is one) holds a program or macros; only names are read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()[:_MEMBERS]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False
    return any(
        name.lower().endswith("vbaproject.bin") or name == "AndroidManifest.xml" or _suffix(name) in _PROGRAMS - {"bin"}
        for name in names
    )


def is_marked_secret(data: bytes, name: str) -> bool:
    """Whether a file is marked as a state secret: by its name, or by the stamp among the first lines of its text.

    A paper that was scanned holds no text: only a person can see its stamp.
    """
    stem = nfc(Path(name).stem)
    if _SECRET_NAME.search(stem) or (_SECRET_WORD.search(stem) and stem != stem.upper()) or stem.strip() == "MẬT":
        return True
    lines = [line.strip(" .*[]()|\t") for line in _text(data, name).splitlines() if line.strip()][:_FIRST_LINES]
    return any(_STAMP.fullmatch(line) or (":" in line and _MARK.fullmatch(line)) for line in lines)


def _text(data: bytes, name: str) -> str:
    if b"%PDF-" in data[:1024]:
        return nfc(first_words(data, pages=2))
    if len(data) > _READ_AS_TEXT or _suffix(name) not in ("docx", "txt"):
        return ""
    try:
        return text_of(data, name)
    except Refused:  # damaged, or another kind of file: nothing to find
        return ""
