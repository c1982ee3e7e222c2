"""The one way files are written: temporary name in the same folder, fsync, rename, fsync folder."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from .canonical import sha256_hex
from .errors import Refused
from .reading import reason


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open folders; NTFS journals the rename itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:  # some drivers of sticks cannot sync folders at all; the file itself is on the device
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.ENOSYS):
            raise
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make ``folder`` and those above it where missing. Raises Refused ``write_failed``; nothing is written then."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            "write_failed",
            f"Không dùng được thư mục “{folder}” ({reason(error)}). Chưa ghi gì; hãy chọn thư mục khác rồi làm lại.",
            path=str(folder),
        ) from error


def write_bytes(path: Path, data: bytes, *, private: bool = False, verify: bool = False) -> None:
    """Write ``data`` so that ``path`` holds either the old bytes or all of the new ones.

    ``private`` makes the file readable by its owner only; ``verify`` reads the file back from the
    device (a USB stick may lie) and compares hashes.
    Raises Refused ``write_failed`` with what to do; the old file stays.
    """
    temporary = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.tmp")
    try:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        handle = os.open(temporary, flags, 0o600 if private else 0o644)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                temporary.unlink()
            raise
        _sync_folder(path.parent)
        if verify:
            _read_back(path, data)
    except OSError as error:
        raise Refused(
            "write_failed",
            f"Không ghi được tệp “{path.name}” vào “{path.parent}” ({reason(error)}). "
            "Tệp cũ (nếu có) vẫn nguyên; hãy kiểm tra dung lượng, quyền ghi hoặc chọn nơi khác rồi làm lại.",
            path=str(path),
        ) from error


def _read_back(path: Path, data: bytes) -> None:
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):  # else the page cache answers instead of the device
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        if sha256_hex(file.read()) != sha256_hex(data):
            raise OSError(5, "đọc lại không khớp")


def write_text(path: Path, text: str, *, private: bool = False) -> None:
    """:func:`write_bytes` for UTF-8 text with ``\\n`` line ends."""
    write_bytes(path, text.encode("utf-8"), private=private)


def publish(temporary: Path, path: Path, *, verify_with: Callable[[Path], bool] | None = None) -> None:
    """Make the finished file ``temporary`` (same folder) appear as ``path``: fsync, check, rename, fsync folder.

    For files too big for memory. ``verify_with`` reads the file back from the device and says whether it is whole.
    Raises OSError; the old ``path`` stays then.
    """
    with temporary.open("rb+") as file:
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):  # else the page cache answers instead of the device
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if verify_with is not None and not verify_with(temporary):
        raise OSError(5, "đọc lại không khớp")
    temporary.replace(path)
    _sync_folder(path.parent)
