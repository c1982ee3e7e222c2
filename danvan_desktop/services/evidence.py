"""Files kept with a record as evidence: taken in once, opened from a private temporary copy."""

from __future__ import annotations

import mimetypes
import re
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..kernel import atomic
from ..kernel.canonical import sha256_hex
from ..kernel.errors import Refused
from ..kernel.reading import read_file, reason
from ..kernel.text import bad_character, nfc
from ..store.store import UnitOfWork
from .context import Context
from .evidence_check import is_marked_secret, is_program

MAX_EVIDENCE_BYTES = 20 * 2**20
MAX_RECORD_FILES = 40
MAX_RECORD_BYTES = 100 * 2**20
VIEWING_FOLDER = "dang-xem"
"""In the home: copies opened in the system's viewers; emptied when the program starts and when it ends."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kept file: ``sha256`` stands in records, ``name`` is shown."""

    sha256: str
    name: str
    media_type: str


class EvidenceService:
    def __init__(self, context: Context) -> None:
        self._context = context

    def add(self, path: Path, beside: Sequence[str] = ()) -> Evidence:
        """Take a file in, once by its content. ``beside``: the files the record has already.

        Raises Refused ``evidence_unreadable``, ``evidence_too_large``, ``evidence_too_many``, ``evidence_program``,
        ``evidence_secret``, ``evidence_empty``, ``no_right``.
        """
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
        return self.add_bytes(data, path.name, beside)

    def add_bytes(self, data: bytes, name: str, beside: Sequence[str] = ()) -> Evidence:
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
        if is_marked_secret(data, name):
            raise Refused(
                "evidence_secret",
                f"Tệp “{name}” có dấu chỉ độ mật nên không nhận: chương trình này không dùng cho tài liệu bí mật nhà "
                "nước. Chưa thêm gì; hãy xử lý tệp này theo quy định về bảo vệ bí mật nhà nước.",
            )
        media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        with self._context.store.unit() as uow:
            require_room(uow, beside, more=len(data), name=name)
            sha256 = uow.blobs.put(data, name, media_type)
            kept = uow.blobs.name(sha256)
        return Evidence(sha256, *(kept or (name, media_type)))

    def names(self, hashes: Iterable[str]) -> list[Evidence]:
        """The kept files among ``hashes``, in their order."""
        with self._context.store.read() as uow:
            return [Evidence(item, *found) for item in hashes if (found := uow.blobs.name(item)) is not None]

    def view_copy(self, sha256: str) -> Path:
        """A private copy for the system's viewer, gone when the program ends. Raises as :meth:`copy_to`."""
        return self.copy_to(sha256, self._viewing())

    def view_bytes(self, data: bytes, name: str) -> Path:
        """:meth:`view_copy` of a file that came in a package. Raises Refused ``evidence_program``, ``write_failed``."""
        return _private_copy(self._viewing(), data, name, sha256_hex(data))

    def _viewing(self) -> Path:
        folder = self._context.store.path / VIEWING_FOLDER
        atomic.make_folder(folder)
        folder.chmod(0o700)
        return folder

    def clear_viewing(self) -> None:
        """Take away the copies that were opened; one that a viewer still holds goes the next time."""
        shutil.rmtree(self._context.store.path / VIEWING_FOLDER, ignore_errors=True)

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
        return _private_copy(folder, data, name, sha256)


def _private_copy(folder: Path, data: bytes, name: str, sha256: str) -> Path:
    if is_program(data, name):
        raise Refused("evidence_program", f"Tệp “{name}” là chương trình nên không mở từ đây.")
    path = folder / f"{sha256[:8]}-{tidy_name(name)}"
    if not (path.is_file() and read_file(path, len(data)) == data):  # open in a viewer already: left alone
        atomic.write_bytes(path, data, private=True)
    return path


def require_room(uow: UnitOfWork, hashes: Sequence[str], *, more: int = 0, name: str = "") -> None:
    """Raises Refused ``evidence_too_many`` when a record would have too many files, or too much of them."""
    count = len(set(hashes)) + (1 if name else 0)
    if count > MAX_RECORD_FILES or sum(uow.blobs.sizes(hashes)) + more > MAX_RECORD_BYTES:
        what = f"Tệp “{name}” chưa được thêm" if name else "Chưa lưu gì"
        raise Refused(
            "evidence_too_many",
            f"{what}: mỗi bản ghi giữ nhiều nhất {MAX_RECORD_FILES} tệp, tổng cộng {MAX_RECORD_BYTES // 2**20} MB. "
            "Hãy thu nhỏ ảnh, bỏ bớt tệp, hoặc ghi thành bản ghi khác.",
        )


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
