"""A spreadsheet from outside, unpacked under our own eyes before any library opens it.

An .xlsx is a zip: 300 kB of it can become gigabytes, one cell in the last corner of a sheet makes a reader ask for
that much memory, and macros run. So the sizes in the zip's directory are added up first, each member is unpacked with
its own bound, cells are counted, and only what is needed is packed anew for the readers.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..kernel import vi
from ..kernel.errors import Refused

MAX_FILE = 20 * 2**20
MAX_UNPACKED = 64 * 2**20
MAX_MEMBERS = 2_000
MAX_CELLS = 500_000
MAX_AREA = 4_000_000
"""Rows times columns of the box around all cells: readers hold it whole."""
MAX_LETTERS = 200 * 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s/>])([^<>]*?)(/?)>(<(?:\w+:)?f[\s/>])?")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_STYLE = re.compile(rb"""\bs\s*=\s*["']([0-9]{1,6})["']""")
_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["']""")
_FORMULA_EMPTY = re.compile(
    rb"""<(?:\w+:)?c(?=\s)([^<>]*)><(?:\w+:)?f(?:\s[^<>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)(?:</|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></)"""
)


@dataclass(frozen=True)
class SheetParts:
    """The members of a workbook that passed, and what was seen of its cells on the way."""

    members: Mapping[str, bytes]
    formulas: Mapping[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    """Sheet member → (row, column), from 0, of cells that hold a formula."""
    empty_formulas: Mapping[str, frozenset[tuple[int, int]]] = field(default_factory=dict)
    """Those of them without a stored result, and cells that hold an error (#N/A)."""
    styles: Mapping[str, Mapping[tuple[int, int], int]] = field(default_factory=dict)
    """Sheet member → place → style number, where it has one."""

    def packed(self) -> bytes:
        """The checked members as a zip of our own."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
            for name, data in self.members.items():
                target.writestr(zipfile.ZipInfo(name), data)
        return out.getvalue()


def unpack(data: bytes, name: str) -> SheetParts:
    """The parts of the .xlsx ``data``; ``name`` is its file name, for the sentences.

    Raises Refused ``sheet_too_large``, ``sheet_encrypted``, ``sheet_macro``, ``sheet_old_format``, ``sheet_damaged``,
    always before a library has read anything.
    """
    if len(data) > MAX_FILE:
        raise _too_large(name)
    if data.startswith(_OLE):
        raise _old(data, name)
    if not data.startswith(b"PK"):
        raise _damaged(name, "không phải tệp Excel (.xlsx)")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as source:
            members = _members(source, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError) as error:
        raise _damaged(name, "tệp bị hỏng hoặc chép chưa hết") from error
    if not any(part.lower() == "xl/workbook.xml" for part in members):
        raise _damaged(name, "bên trong không có bảng tính Excel (.xlsx)")
    return _looked_through(members, name)


def _members(source: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    infos = source.infolist()
    if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise _too_large(name)
    lowered = [info.filename.lower() for info in infos]
    if any(info.flag_bits & 1 for info in infos):
        raise _encrypted(name)
    if name.lower().endswith((".xlsm", ".xltm", ".xlam")) or any("vbaproject" in part for part in lowered):
        raise _macro(name)
    if len(set(lowered)) != len(lowered):
        raise _damaged(name, "trong tệp có hai phần trùng tên")
    members: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for info in infos:
        part = info.filename.replace("\\", "/").lstrip("/")
        if info.is_dir() or not part.lower().endswith((".xml", ".rels")):
            continue
        with source.open(info) as member:
            content = member.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _too_large(name)
        head = content[:4096].upper()
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise _damaged(name, "trong tệp có khai báo lạ")
        members[part] = content
    types = members.get("[Content_Types].xml", b"")
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise _macro(name)
    return members


def _looked_through(members: dict[str, bytes], name: str) -> SheetParts:
    longest, lengths = _shared_lengths(members)
    cells = letters = 0
    formulas: dict[str, frozenset[tuple[int, int]]] = {}
    empty: dict[str, frozenset[tuple[int, int]]] = {}
    styles: dict[str, Mapping[tuple[int, int], int]] = {}
    for part, content in members.items():
        if not part.lower().startswith("xl/worksheets/") or not part.lower().endswith(".xml"):
            continue
        found: set[tuple[int, int]] = set()
        wrong: set[tuple[int, int]] = set()
        styled: dict[tuple[int, int], int] = {}
        rows = columns = shared = 0
        unplaced = 0
        for match in _CELL.finditer(content):
            if match[2]:
                continue  # styled, but empty
            cells += 1
            shared += bool(_SHARED.search(match[1]))
            place = _place(match[1])
            if place is None:
                unplaced += 1
                continue
            rows, columns = max(rows, place[0] + 1), max(columns, place[1] + 1)
            if match[3]:
                found.add(place)
            if _ERROR.search(match[1]):
                wrong.add(place)
            if style := _STYLE.search(match[1]):
                styled[place] = int(style[1])
        if cells > MAX_CELLS or (rows + unplaced) * (columns + unplaced) > MAX_AREA:
            raise _too_large(name)
        if shared * longest > MAX_LETTERS:
            letters += _letters(content, lengths)
        if letters > MAX_LETTERS:
            raise _too_large(name)
        formulas[part] = frozenset(found)
        for match in _FORMULA_EMPTY.finditer(content) if found else ():
            place = _place(match[1])
            if place is not None:
                wrong.add(place)
        empty[part] = frozenset(wrong)
        styles[part] = styled
    return SheetParts(members, formulas, empty, styles)


def _place(attributes: bytes) -> tuple[int, int] | None:
    found = _REFERENCE.search(attributes)
    if found is None:
        return None
    column = 0
    for letter in found[1].upper():
        column = column * 26 + letter - 64
    return max(int(found[2]) - 1, 0), column - 1


def _shared_lengths(members: Mapping[str, bytes]) -> tuple[int, list[int]]:
    content = next((data for part, data in members.items() if part.lower() == "xl/sharedstrings.xml"), b"")
    lengths = [len(item) for item in re.split(rb"<(?:\w+:)?si[\s/>]", content)[1:]]
    return max(lengths, default=0), lengths


def _letters(content: bytes, lengths: list[int]) -> int:
    total = 0
    for match in re.finditer(rb"<(?:\w+:)?v>([0-9]{1,7})</", content):
        at = int(match[1])
        total += lengths[at] if at < len(lengths) else 0
        if total > MAX_LETTERS:
            break
    return total


def _too_large(name: str) -> Refused:
    limit = f"{vi.number(MAX_UNPACKED >> 20)} MB sau khi mở nén, {vi.number(MAX_CELLS)} ô"
    return Refused(
        "sheet_too_large",
        f"Tệp “{name}” quá lớn hoặc nén bất thường (giới hạn {limit}) nên không mở; dữ liệu giữ nguyên. "
        "Hãy chép riêng vùng số liệu sang một tệp mới rồi nhập lại.",
    )


def _encrypted(name: str) -> Refused:
    return Refused(
        "sheet_encrypted",
        f"Tệp “{name}” có mật khẩu nên không đọc được; dữ liệu giữ nguyên. "
        "Hãy mở bằng Excel, bỏ mật khẩu, lưu lại rồi nhập.",
    )


def _macro(name: str) -> Refused:
    return Refused(
        "sheet_macro",
        f"Tệp “{name}” có macro nên không mở, để bảo vệ máy; dữ liệu giữ nguyên. "
        "Hãy lưu lại dạng “Excel Workbook (.xlsx)” rồi nhập.",
    )


def _old(data: bytes, name: str) -> Refused:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _encrypted(name)
    return Refused(
        "sheet_old_format",
        f"Tệp “{name}” là dạng Excel cũ (.xls) nên chưa đọc được; dữ liệu giữ nguyên. "
        "Hãy mở bằng Excel hoặc LibreOffice, lưu thành .xlsx rồi nhập.",
    )


def _damaged(name: str, why: str) -> Refused:
    return Refused(
        "sheet_damaged",
        f"Không đọc được tệp “{name}”: {why}; dữ liệu giữ nguyên. Hãy mở thử bằng Excel, lưu lại dạng .xlsx rồi nhập.",
    )
