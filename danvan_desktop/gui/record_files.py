"""Files of a record form: taken into the office's data, opened from a private copy that goes when the program ends."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QObject, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QApplication

from ..catalog.model import Choice
from ..kernel.clock import VIETNAM
from ..services.evidence import Evidence, EvidenceService
from ..services.office import Office
from .form_builder import FormView
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
        self._folder: Path | None = None

    def serve(self, view: FormView) -> None:
        """Take care of every file list of a form."""
        for drop in view.findChildren(FileDrop):
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
        for path in paths:
            self._runner.submit_db(
                partial(_add, self._evidence, path),
                partial(_show, drop),
                self._on_error,
                "Đang thêm tệp",
                owner=drop,
            )

    def _add_image(self, drop: FileDrop, image: QImage) -> None:
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        image.save(buffer, b"PNG")
        data = bytes(buffer.data().data())
        name = f"anh-chup-{self._clock.now().astimezone(VIETNAM):%Y%m%d-%H%M%S}.png"
        self._runner.submit_db(
            lambda _p: self._evidence.add_bytes(data, name),
            partial(_show, drop),
            self._on_error,
            "Đang thêm ảnh",
            owner=drop,
        )

    def open(self, sha256: str) -> None:
        """Show a kept file."""
        folder = self._temporary()
        self._runner.submit_db(
            lambda _p: self._evidence.copy_to(sha256, folder),
            lambda path: open_in_system(path),
            self._on_error,
            "Đang mở tệp",
            owner=self,
        )

    def _temporary(self) -> Path:
        if self._folder is None:
            folder = self._folder = Path(tempfile.mkdtemp(prefix="danvan-xem-"))
            app = QApplication.instance()
            if app is not None:
                app.aboutToQuit.connect(lambda: shutil.rmtree(folder, ignore_errors=True))
            self.destroyed.connect(lambda: shutil.rmtree(folder, ignore_errors=True))
        return self._folder


def _add(evidence: EvidenceService, path: Path, _progress: Progress) -> Evidence:
    return evidence.add(path)


def _show(drop: FileDrop, kept: Evidence) -> None:
    drop.add_file(kept.sha256, kept.name)
