"""Files of a record form, or of a task of the plan: taken into the office's data, opened from a private copy that goes
when the program ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QWidget

from ..catalog.model import Choice
from ..kernel import vi
from ..kernel.clock import VIETNAM
from ..services.evidence import Evidence
from ..services.office import Office
from . import dialogs
from .photo import encoded, is_large_photo, shrunk
from .runner import Failed, Progress, Runner
from .widgets import FileDrop


def open_in_system(path: Path) -> bool:
    """Show a file in the system's own viewer; replaced in tests."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


class RecordFiles(QObject):
    """Connects the file lists of record forms with the evidence of the office."""

    def __init__(self, office: Office, runner: Runner, on_error: Failed, parent: QObject) -> None:
        super().__init__(parent)
        self._evidence = office.records.evidence
        self._clock = office.context.clock
        self._runner = runner
        self._on_error = on_error

    def serve(self, view: QWidget) -> None:
        """Take care of every file list of a form, or of one list."""
        for drop in [view] if isinstance(view, FileDrop) else view.findChildren(FileDrop):
            drop.paths_added.connect(partial(self._add, drop))
            drop.image_pasted.connect(partial(self._add_image, drop))
            drop.open_requested.connect(self.open)

    def titles(self, hashes: Sequence[str], deliver: Callable[[Sequence[Choice]], None]) -> None:
        """Name kept files."""
        wanted = list(hashes)
        self._runner.submit_db(
            lambda _p: self._evidence.names(wanted),
            lambda found: deliver([Choice(item.sha256, item.name) for item in found]),
            self._on_error,
            "Đang đọc tên tệp",
            owner=self,
        )

    def _add(self, drop: FileDrop, paths: Sequence[Path]) -> None:
        large = [path for path in paths if is_large_photo(path)]
        smaller = large and dialogs.choose(
            drop, _large_words(large), ("Thu nhỏ rồi thêm", "Giữ nguyên"), detail=_LARGE_DETAIL, escape=1
        ) == 0  # fmt: skip
        for path in paths:
            if smaller and path in large:
                self._runner.submit_cpu(
                    partial(_shrink, path), partial(self._take, drop, path), self._on_error, "Đang thu nhỏ ảnh",
                    owner=drop,
                )  # fmt: skip
            else:
                self._take(drop, path, None)

    def _take(self, drop: FileDrop, path: Path, smaller: bytes | None) -> None:
        beside = drop.hashes()
        evidence = self._evidence

        def work(_progress: Progress) -> Evidence:
            if smaller is None:
                return evidence.add(path, beside)
            return evidence.add_bytes(smaller, path.stem + ".jpg", beside)

        self._runner.submit_db(work, partial(_show, drop), self._on_error, "Đang thêm tệp", owner=drop)

    def _add_image(self, drop: FileDrop, image: QImage) -> None:
        data = encoded(image, b"png")
        beside = drop.hashes()
        name = f"Ảnh chụp {self._clock.now().astimezone(VIETNAM):%Y-%m-%d %H%M%S}.png"
        self._runner.submit_db(
            lambda _p: self._evidence.add_bytes(data, name, beside),
            partial(_show, drop),
            self._on_error,
            "Đang thêm ảnh",
            owner=drop,
        )

    def open(self, sha256: str) -> None:
        """Show a kept file."""
        self._runner.submit_db(
            lambda _p: self._evidence.view_copy(sha256),
            lambda path: open_in_system(path),
            self._on_error,
            "Đang mở tệp",
            owner=self,
        )


_LARGE_DETAIL = "Ảnh thu nhỏ vẫn đọc rõ khi in, tiết kiệm chỗ và bỏ thông tin vị trí chụp. Ảnh gốc trên máy giữ nguyên."


def _large_words(paths: Sequence[Path]) -> str:
    size = vi.number(round(sum(path.stat().st_size for path in paths) / 100_000), 1)
    return f"Có {len(paths)} ảnh lớn (tổng {size} MB). Anh/chị có muốn thu nhỏ trước khi thêm không?"


def _shrink(path: Path, _progress: Progress) -> bytes | None:
    return shrunk(path)


def _show(drop: FileDrop, kept: Evidence) -> None:
    drop.add_file(kept.sha256, kept.name)
