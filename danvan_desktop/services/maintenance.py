"""Getting data back from a backup."""

from __future__ import annotations

from pathlib import Path

from ..kernel.clock import Clock
from ..kernel.errors import Refused
from ..store.backup import restore_backup


def restore(file: Path, home: Path, clock: Clock) -> Path | None:
    """Put a backup at ``home``, checked before anything is touched; returns where the old home was moved.

    Raises Refused ``file_unreadable``, ``home_exists`` (a file stands there) and the codes of store.backup.
    """
    if not file.is_file():
        raise Refused("file_unreadable", f"Không thấy tệp sao lưu “{file}”. Hãy kiểm tra đường dẫn.")
    if home.exists() and not home.is_dir():
        raise Refused(
            "home_exists", f"“{home}” là một tệp, không phải thư mục dữ liệu. Chưa khôi phục gì; hãy chọn thư mục khác."
        )
    return restore_backup(file, home, clock=clock)
