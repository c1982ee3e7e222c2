"""Files kept with a record as evidence: taken in once, opened from a private temporary copy."""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ..kernel import atomic
from ..kernel.errors import Refused
from ..kernel.reading import read_file, reason
from ..kernel.text import bad_character, nfc
from .context import Context

MAX_EVIDENCE_BYTES = 20 * 2**20
# What a system may run when it is opened: refused by name, whatever is inside.
_PROGRAM_SUFFIXES = """
exe msi msp com scr pif bat cmd ps1 psm1 vbs vbe js jse wsf wsh hta cpl dll sys jar lnk url reg inf chm
sh bash run bin elf appimage deb rpm desktop py pyw pl rb apk dmg app docm xlsm pptm dotm xltm xlam
"""
_PROGRAMS = frozenset(_PROGRAM_SUFFIXES.split())
_PROGRAM_HEADS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kept file: ``sha256`` stands in records, ``name`` is shown."""

    sha256: str
    name: str
    media_type: str


class EvidenceService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def add(self, path: Path) -> Evidence:
        """Take a file in. Raises Refused ``evidence_unreadable``, ``evidence_too_large``, ``evidence_program``,
        ``evidence_empty``, ``no_right``."""
        self._context.require("record")
        try:
            data = read_file(path, MAX_EVIDENCE_BYTES)
        except OSError as error:
            raise Refused(
                "evidence_unreadable",
                f"Không đọc được tệp “{path.name}” ({reason(error)}). Chưa thêm tệp nào; "
                "hãy kiểm tra tên tệp và quyền đọc.",
            ) from error
        if data is None:
            raise _too_large(path.name)
        return self.add_bytes(data, path.name)

    def add_bytes(self, data: bytes, name: str) -> Evidence:
        """:meth:`add` for what was pasted (a screenshot): ``name`` with its suffix."""
        self._context.require("record")
        name = tidy_name(name)
        if len(data) > MAX_EVIDENCE_BYTES:
            raise _too_large(name)
        if not data:
            raise Refused("evidence_empty", f"Tệp “{name}” không có nội dung nên không thêm. Hãy chọn lại tệp.")
        if is_program(data, name):
            raise Refused(
                "evidence_program",
                f"Tệp “{name}” là chương trình hoặc có lệnh chạy (macro) nên không nhận làm minh chứng. "
                "Hãy chọn văn bản, ảnh hoặc tệp PDF.",
            )
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        with self._context.store.unit() as uow:
            sha256 = uow.blobs.put(data, name, media_type)
            kept = uow.blobs.name(sha256)
        return Evidence(sha256, *(kept or (name, media_type)))

    def names(self, hashes: Iterable[str]) -> list[Evidence]:
        """The kept files among ``hashes``, in their order."""
        with self._context.store.read() as uow:
            return [Evidence(item, *found) for item in hashes if (found := uow.blobs.name(item)) is not None]

    def copy_to(self, sha256: str, folder: Path) -> Path:
        """Write a private copy into ``folder`` for the system's viewer. Raises Refused ``not_found``,
        ``write_failed``."""
        with self._context.store.read() as uow:
            found = uow.blobs.get(sha256)
        if found is None:
            raise Refused(
                "not_found", "Không tìm thấy nội dung của tệp này trong dữ liệu. Hãy thêm lại tệp từ bản gốc."
            )
        data, name, _media_type = found
        if is_program(data, name):
            raise Refused("evidence_program", f"Tệp “{name}” là chương trình nên không mở từ đây.")
        path = folder / f"{sha256[:8]}-{tidy_name(name)}"
        atomic.write_bytes(path, data, private=True)
        return path


def is_program(data: bytes, name: str) -> bool:
    """Whether a system may run this file when it is opened: by its name, or by its first bytes."""
    suffixes = {suffix.lstrip(".").strip().lower() for suffix in Path(name).suffixes[-1:]}
    return bool(suffixes & _PROGRAMS) or data.startswith(_PROGRAM_HEADS)


def tidy_name(name: str) -> str:
    """A file name that any system takes: no folders, no forbidden signs, at most 120 letters with its suffix."""
    bare = re.sub(r'[<>:"/\\|?*]', "_", nfc(name).replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    clean = "".join("_" if bad_character(letter) else letter for letter in bare) or "tep"
    stem, suffix = Path(clean).stem, Path(clean).suffix[:12]
    return stem[: 120 - len(suffix)] + suffix


def _too_large(name: str) -> Refused:
    return Refused(
        "evidence_too_large",
        f"Tệp “{name}” lớn quá 20 MB nên chưa thêm. Hãy nén hoặc quét lại ở độ phân giải thấp hơn rồi thêm lại.",
    )
