"""Keeps what is typed into a report: one saving at a time, checked against what others saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from ..kernel.changes import Changes
from ..kernel.errors import DanvanError
from ..services import report_desk
from ..services.office import Office
from ..services.report_desk import OpenReport
from .report_editor import SectionText
from .runner import Progress, Runner


@dataclass(frozen=True, slots=True)
class Unsaved:
    """Words that could not be stored. ``conflict``: somebody else has rewritten this very section."""

    section: str
    message: str
    conflict: bool


class Saver(QObject):
    """Takes changed sections with :meth:`keep` and stores them one after the other."""

    saved = Signal(object, object)  # OpenReport, Changes
    failed = Signal(object)  # Unsaved
    state_changed = Signal()

    def __init__(self, office: Office, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._office = office
        self._runner = runner
        self._report: OpenReport | None = None
        self._waiting: dict[str, SectionText] = {}
        self._refused: dict[str, str] = {}  # section → the text that was refused: not tried again unchanged
        self._busy = False
        self._then: list[Callable[[], object]] = []

    def begin(self, report: OpenReport | None) -> None:
        """Work on ``report`` from now on, as it stands stored."""
        if self._report is None or report is None or report.view.id != self._report.view.id:
            self._refused.clear()
            self._waiting.clear()
        self._report = report

    @property
    def busy(self) -> bool:
        """Whether words are on their way to the store."""
        return self._busy or bool(self._waiting)

    def keep(self, section: SectionText) -> None:
        """Store the words of ``section`` if they differ from what is stored."""
        if section.changed and self._refused.get(section.key) != section.text:
            self._waiting[section.key] = section
            self._next()

    def retry(self, section: SectionText) -> None:
        """Try words again that were refused."""
        self._refused.pop(section.key, None)
        self.keep(section)

    def forget(self, section: str) -> None:
        """The words of ``section`` are given up."""
        self._refused.pop(section, None)
        self._waiting.pop(section, None)

    def when_saved(self, then: Callable[[], object]) -> None:
        """Call ``then`` once nothing is on its way; not at all when a saving fails."""
        if self.busy:
            self._then.append(then)
        else:
            then()

    def _next(self) -> None:
        self.state_changed.emit()
        if self._busy:
            return
        if not self._waiting or self._report is None:
            then, self._then = self._then, []
            for step in then:
                step()
            return
        section = self._waiting.pop(next(iter(self._waiting)))
        text, looks, known, base = section.text, section.looks, section.stored, section.base
        report, office = self._report, self._office
        if not section.changed:
            self._next()
            return
        self._busy = True

        def work(_progress: Progress) -> tuple[OpenReport, Changes]:
            return report_desk.save_section(
                office, report.view.id, section.key, text,
                known=known, base=base, version=report.view.version, looks=looks,
            )  # fmt: skip

        def done(result: tuple[OpenReport, Changes]) -> None:
            self._busy = False
            self._refused.pop(section.key, None)
            self._report = result[0]
            section.stored, section.stored_looks = text, looks
            self.saved.emit(*result)
            self._next()

        def failed(error: Exception) -> None:
            self._busy = False
            self._then.clear()
            self._refused[section.key] = text
            self.state_changed.emit()
            if not isinstance(error, DanvanError):
                raise error
            self.failed.emit(Unsaved(section.key, error.message, error.code == "report_changed"))

        self._runner.submit_db(work, done, failed, "Đang lưu báo cáo…", owner=self)
