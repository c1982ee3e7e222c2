"""One process at a time works in a home: an operating-system lock on HOME/lock, gone when the process is gone."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from types import TracebackType

from ..kernel.errors import Refused
from ..kernel.reading import reason

LOCK_FILE = "lock"
_STEP_SECONDS = 0.05

if sys.platform == "win32":
    import msvcrt

    def _try(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


class HomeLock:
    """Holds the lock of a home from construction to :meth:`release`. The file's bytes never change."""

    def __init__(self, home: Path, wait_seconds: float = 0) -> None:
        """Raises Refused ``home_in_use`` when another holder does not let go within ``wait_seconds``."""
        self._path = home / LOCK_FILE
        self._made = not self._path.exists()
        try:
            self._handle: int | None = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Refused(
                "home_unwritable",
                f"Không ghi được vào thư mục dữ liệu “{home}” ({reason(error)}). Chưa mở gì; "
                "hãy kiểm tra quyền ghi hoặc gỡ chế độ chỉ đọc rồi thử lại.",
                path=str(home),
            ) from error
        until = time.monotonic() + wait_seconds
        while not _try(self._handle):
            if time.monotonic() >= until:
                os.close(self._handle)
                self._handle = None
                raise Refused(
                    "home_in_use",
                    "Dữ liệu này đang được mở ở một cửa sổ hoặc lệnh khác. Hãy đóng nơi đó rồi thử lại; "
                    "chưa có gì thay đổi.",
                    path=str(home),
                )
            time.sleep(_STEP_SECONDS)

    def release(self, *, undo: bool = False) -> None:
        """Let go; with ``undo`` a lock file that did not exist before is taken away again."""
        if self._handle is None:
            return
        if undo and self._made and sys.platform != "win32":
            self._path.unlink(missing_ok=True)
        os.close(self._handle)
        self._handle = None
        if undo and self._made and sys.platform == "win32":
            self._path.unlink(missing_ok=True)

    def __enter__(self) -> HomeLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
