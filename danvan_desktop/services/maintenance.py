"""Getting data back: restore from a backup, open with the recovery sheet."""

from __future__ import annotations

from pathlib import Path

from ..kernel.errors import Refused
from ..store.backup import restore_backup


def restore(file: Path, home: Path) -> None:
    """Put a backup into an empty or new home folder; checks the backup before touching anything.

    Raises Refused ``home_exists`` when ``home`` already holds data, and the codes of store.backup.
    """
    if not file.is_file():
        raise Refused("file_unreadable", f"Không thấy tệp sao lưu “{file}”. Hãy kiểm tra đường dẫn.")
    restore_backup(file, home)
