"""Papers of the plan on screen: printed as it is kept, drafted to be approved and numbered, letters to who is late."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QPushButton

from ..kernel import atomic
from ..services.office import Office
from ..services.papers import PaperWish
from ..services.plan_view import PlanDesk
from . import dialogs
from .pages import Page
from .runner import Runner


class PlanPapers(QObject):
    """The menu of ``button``; ``desk`` gives the plan on screen."""

    def __init__(
        self, office: Office, runner: Runner, button: QPushButton, desk: Callable[[], PlanDesk | None], page: Page
    ) -> None:
        super().__init__(page)
        self._office, self._runner, self._desk, self._page = office, runner, desk, page
        menu = QMenu(button)
        menu.addAction("&In kế hoạch ra PDF, DOCX…").triggered.connect(lambda _on=False: self.print_plan())
        if office.context.may("report.write"):
            for source, words in (
                ("plan", "&Lập văn bản kế hoạch để phê duyệt, lấy số"),
                ("late_tasks", "&Công văn đôn đốc nhiệm vụ quá hạn"),
            ):
                menu.addAction(words).triggered.connect(lambda _on=False, source=source: self.make(source))
        button.setMenu(menu)

    def make(self, source: str) -> None:
        """Draft the paper made from ``source`` on the page of papers."""
        desk = self._desk()
        if desk is not None:
            (template,) = self._office.papers.of_source(source)[:1]
            self._page.go_to.emit("papers", PaperWish(template.key, plan=desk.row.id))

    def print_plan(self) -> None:
        """The plan as kept, in the layout of the decree, into a PDF and a DOCX beside it."""
        desk = self._desk()
        if desk is None:
            return
        name = f"ke-hoach-{desk.row.year}.pdf" if desk.row.year else "ke-hoach.pdf"
        path = dialogs.save_file(self._page.window(), "In kế hoạch", name, "PDF (*.pdf)")
        if path is None:
            return
        papers, key = self._office.papers, desk.row.id

        def work(_progress: object) -> Path:
            pdf, word = papers.print_plan(key)
            atomic.write_bytes(path, pdf)
            atomic.write_bytes(path.with_suffix(".docx"), word)
            return path

        def done(made: Path) -> None:
            self._page.said.emit(f"Đã ghi “{made.name}” và bản DOCX cạnh đó.")
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(made)))

        self._runner.submit_db(
            work, done, lambda error: dialogs.show_error(self._page, error), "Đang in kế hoạch", owner=self
        )
