"""Reading files that people name: bounded, never a device or a pipe, with the system's reasons in Vietnamese."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_REASONS = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.EACCES: "không có quyền",
    errno.EPERM: "không có quyền",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.ENOTDIR: "đường dẫn đi qua một tệp, không phải thư mục",
    errno.EEXIST: "đã có tệp trùng tên",
    errno.ENOSPC: "ổ đĩa đã đầy",
    errno.EDQUOT: "đã hết dung lượng được cấp",
    errno.EFBIG: "tệp quá lớn cho ổ này",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
    errno.ENAMETOOLONG: "tên tệp quá dài",
    errno.ELOOP: "liên kết vòng",
    errno.EINVAL: "tên tệp không dùng được",
    errno.EBUSY: "tệp đang được chương trình khác dùng",
    errno.EIO: "lỗi thiết bị",
}


def reason(error: OSError) -> str:
    """Why the system refused, in Vietnamese words that stand inside a sentence."""
    if error.errno is None:
        return str(error.strerror or "lỗi thiết bị")  # raised by us, in Vietnamese already
    if error.errno == errno.EIO and error.strerror not in (None, os.strerror(errno.EIO)):
        return str(error.strerror)
    return _REASONS.get(error.errno, f"lỗi hệ thống số {error.errno}")


def read_file(path: Path, limit: int) -> bytes | None:
    """The bytes of a regular file; None when they are more than ``limit``.

    Raises OSError, also for what is no regular file (a folder, a device that never ends, a pipe that never begins).
    """
    if stat.S_ISDIR(path.stat().st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not path.is_file():
        raise OSError(None, "không phải tệp thường")
    with path.open("rb") as file:
        data = file.read(limit + 1)  # not by the size said: a file may grow while it is read
    return None if len(data) > limit else data
